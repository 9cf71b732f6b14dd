"""What speaks for and against an answer: the few numbers of which the calibration makes a probability."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from assistant.reader.protocol import PassageReading
from corpus.tokens import is_common_word
from index import Retrieved
from index.lexical import STOP_WORDS, stems

SIGNALS = ("first reading", "best sentence", "best cosine", "unknown words", "nearest sentence")
"""What `confidence_signals` returns, in order. More were tried; see docs/log.md."""

_LOWEST, _HIGHEST = -10.0, 10.0  # of log-odds: what was not read must not weigh more than what was read and refused
_MOST_UNKNOWN = 3
_TERM = re.compile(r"[^\W_]+(?:[-.’'][^\W_]+)*")
_CONTRACTION = re.compile(r"(?:n[’']t|[’'](?:s|re|ve|ll|d|m))$")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers")


def confidence_signals(question: str, ranked: Sequence[Retrieved], readings: Sequence[PassageReading]) -> tuple[float, ...]:
    """Return the values of `SIGNALS` for what was found and read.

    "first reading" is that of the passage which search and reading together put first: the best of all readings would be the
    luckiest one. "unknown words" are the question's names, numbers and terms that none of the passages has (at most 3 count).
    "nearest sentence" is the best cosine of a sentence by itself: in a passage it can be lost among others.

    :param ranked: The passages that were read, reranked, each with its reading among its signals (see `extractive.rerank`).
    :param readings: Their readings, in any order.
    """
    if not readings:
        return (_LOWEST, _LOWEST, 0.0, 0.0, 0.0)
    return (
        _clipped(ranked[0].signals["reader"]),
        _clipped(max((score for reading in readings for score in reading.sentences), default=_LOWEST)),
        max((item.signals.get("dense", 0.0) for item in ranked), default=0.0),
        float(min(_MOST_UNKNOWN, unknown_terms(question, ranked))),
        max((cosine for reading in readings for cosine in reading.near), default=0.0),
    )


def _clipped(log_odds: float) -> float:
    return min(max(log_odds, _LOWEST), _HIGHEST)


def unknown_terms(question: str, retrieved: Sequence[Retrieved]) -> int:
    """Return how many telling terms of a question are in none of the passages."""
    terms = telling_terms(question)
    return len(terms - held_terms(terms, retrieved))


def telling_terms(question: str) -> frozenset[str]:
    """Return the telling terms of a question, case folded: names, technical terms, numbers of several digits.

    A name may be an ordinary word ("Cedar Ward"): it is told by its capital, unless most words have one.
    """
    found = list(_TERM.finditer(question))
    names = {match.group() for match in found if _is_capital(match)}
    names = names if len(names) <= len(found) / 2 else set()
    return frozenset(term.casefold() for term in (match.group() for match in found) if term in names or _is_telling(term))


def held_terms(terms: Collection[str], retrieved: Iterable[Retrieved]) -> set[str]:
    """Return which of the terms are in one of the passages or their headings as words, in any form or to the letter."""
    return held_in(terms, "\n".join(f"{item.passage.heading}\n{item.passage.text}" for item in retrieved))


def held_in(terms: Collection[str], text: str) -> set[str]:
    """Return which of the terms are in a text, as `held_terms` has it."""
    if not terms:
        return set()
    folded, held = text.casefold(), set(stems(text))
    return {term for term in terms if held.intersection(stems(term)) or re.search(rf"\b{re.escape(term)}\b", folded)}


def _is_capital(match: re.Match[str]) -> bool:
    """Whether a term has a capital that does not just begin a sentence, and is no small word ("I", "NOT")."""
    is_first = match.string[: match.start()].rstrip(" \"'“‘(")[-1:] in ("", ".", "?", "!", ":", "\n")
    word = _CONTRACTION.sub("", match.group())
    return word[:1].isupper() and len(word) > 1 and word.lower() not in STOP_WORDS and not is_first


def _is_telling(term: str) -> bool:
    """Whether a term is rare enough to be told from ordinary English: a name, a technical term, a number of digits."""
    if term.isdigit():
        return len(term) > 1
    word = _CONTRACTION.sub("", term.lower())
    forms = [
        word,
        *(word.removesuffix(ending) for ending in _ENDINGS),
        *(f"{word.removesuffix(ending)}e" for ending in _ENDINGS),
    ]
    return len(word) > 2 and not any(is_common_word(form) for form in forms)
