"""What speaks for and against an answer: the few numbers of which the calibration makes a probability."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.reader.protocol import PassageReading
from corpus.tokens import is_common_word
from index import Retrieved
from index.lexical import stems

SIGNALS = (
    "best reading",
    "second reading",
    "best sentence",
    "answer span",
    "best cosine",
    "words",
    "unknown words",
    "number missing",
)
"""What `confidence_signals` returns, in order."""

_LOWEST, _HIGHEST = -10.0, 10.0  # of log-odds: what was not read must not weigh more than what was read and refused
_MOST_UNKNOWN = 3
_TERM = re.compile(r"[^\W_]+(?:[-.’'][^\W_]+)*")
_CONTRACTION = re.compile(r"(?:n[’']t|[’'](?:s|re|ve|ll|d|m))$")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers")
_ASKS_FOR_NUMBER = re.compile(
    r"\b(?:how (?:many|much|long|often|old|tall|high|far|big|large|fast|deep|wide|heavy|soon|late|likely)|when|"
    r"(?:what|which) (?:\w+ )?(?:year|month|day|date|time|age|percentage|percent|number|amount|dose|dosage|price|rate|"
    r"temperature|proportion|share|size|length|height|weight|distance|speed|cost)s?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|"
    r"half|third|quarter|once|twice|percent|january|february|march|april|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|daily|weekly|monthly|yearly|annual(?:ly)?|century|decades?|years?|"
    r"months?|weeks?|days?|hours?|minutes?|today|now|before|after|during|until|since|always|never|many|few|most|all)\b",
    re.IGNORECASE,
)


def confidence_signals(question: str, retrieved: Sequence[Retrieved], readings: Sequence[PassageReading]) -> tuple[float, ...]:
    """Return the values of `SIGNALS` for what was found and read; passages and readings go in pairs.

    "unknown words" are the question's names, numbers and terms that none of the passages has (at most 3 are counted).
    "number missing" is 1 where the question asks for a number or a time and the best sentence names none.
    """
    if not readings:
        return (_LOWEST, _LOWEST, _LOWEST, 0.0, 0.0, 0.0, 0.0, 0.0)
    answers = sorted((_clipped(reading.answers) for reading in readings), reverse=True)
    return (
        answers[0],
        answers[1] if len(answers) > 1 else _LOWEST,
        max((_clipped(score) for reading in readings for score in reading.sentences), default=_LOWEST),
        max(_clipped(reading.span_margin) for reading in readings),
        max((item.signals.get("dense", 0.0) for item in retrieved), default=0.0),
        max(reading.words for reading in readings),
        float(min(_MOST_UNKNOWN, unknown_terms(question, retrieved))),
        float(_asks_for_number(question) and not _NUMBER.search(_best_sentence(retrieved, readings))),
    )


def unknown_terms(question: str, retrieved: Sequence[Retrieved]) -> int:
    """Return how many uncommon terms of a question are in none of the passages, by stem or to the letter."""
    terms = {term.casefold() for term in _TERM.findall(question) if _is_telling(term)}
    if not terms:
        return 0
    text = "\n".join(f"{item.passage.heading}\n{item.passage.text}" for item in retrieved)
    folded, held = text.casefold(), set(stems(text))
    return sum(term not in folded and not held.intersection(stems(term)) for term in terms)


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


def _asks_for_number(question: str) -> bool:
    return _ASKS_FOR_NUMBER.search(question) is not None


def _best_sentence(retrieved: Sequence[Retrieved], readings: Sequence[PassageReading]) -> str:
    scored = [
        (score, item, span)
        for item, reading in zip(retrieved, readings, strict=False)
        for score, span in zip(reading.sentences, item.passage.sentences, strict=True)
    ]
    if not scored:
        return ""
    _, item, (start, end) = max(scored, key=lambda entry: entry[0])
    return item.passage.text[start - item.passage.start : end - item.passage.start]


def _clipped(log_odds: float) -> float:
    return min(max(log_odds, _LOWEST), _HIGHEST)
