"""A follow-up with the words that it needs put in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from assistant.terms.conversation import words_of
from corpus import Span

_FOLLOWS_NO_NOUN = (  # so that "this" is no part of "this method", which says what it is
    r"(?=\s*(?:[?.!,]|$|\b(?:are|is|was|were|do|does|did|has|have|can|could|will|would|in|for|of|on|to|and|or|with|from|by|as|at)\b))"
)
_PRONOUN = re.compile(
    rf"\b(?:it|they|them|he|him|she|(?:this|that|these|those|(?:the )?ones?){_FOLLOWS_NO_NOUN})(?![\w’'])", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|hers?)\b(?![’'])", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s-]*(?:(?:of|the|for|in|and|to|on)\s+){0,2}")
_QUOTE_PLURAL = "'"


def rewritten(question: str, history: Sequence[str], terms: Collection[str]) -> str:
    """Return the question with the words of the history whose stems it needs, in the place of its pronoun or before it.

    :param history: Oldest first.
    """
    phrases = needed_phrases(history, terms)
    if not phrases:
        return question
    first, *rest = phrases
    if match := _PRONOUN.search(question):
        question = question[: match.start()] + first + question[match.end() :]
    elif match := _POSSESSIVE.search(question):
        owner = first + (_QUOTE_PLURAL if first.endswith("s") else "'s")
        question = question[: match.start()] + owner + question[match.end() :]
    else:
        rest = phrases
    return f"{', '.join(rest)}: {question}" if rest else question


def needed_phrases(history: Sequence[str], terms: Collection[str]) -> list[str]:
    """Return the stretches of the history that hold the words needed, each word once, the newest and longest first."""
    missing, found = set(terms), []
    for turn in reversed(history):
        runs = [({stem for _, stem in run}, turn[run[0][0][0] : run[-1][0][1]]) for run in _runs(turn, terms)]
        for stems, phrase in sorted(runs, key=lambda run: -len(run[0])):
            if stems & missing:
                found.append(phrase)
                missing -= stems
    return found


def _runs(turn: str, terms: Collection[str]) -> Iterator[list[tuple[Span, str]]]:
    """Yield the words needed, those that nothing but "of the" and the like separates together."""
    run: list[tuple[Span, str]] = []
    for span, stem in words_of(turn):
        if stem not in terms:
            continue
        if run and not _BETWEEN.fullmatch(turn, run[-1][0][1], span[0]):
            yield run
            run = []
        run.append((span, stem))
    if run:
        yield run
