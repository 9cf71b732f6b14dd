"""A follow-up with the words that it needs put in."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from assistant.terms.conversation import runs_of, words_of

_FOLLOWS_NO_NOUN = (  # so that "this" is no part of "this method", which says what it is
    r"(?=\s*(?:[?.!,]|$|\b(?:are|is|was|were|do|does|did|has|have|can|could|will|would|in|for|of|on|to|and|or|with|from|by|as|at)\b))"
)
_PRONOUN = re.compile(
    rf"\b(?:it|they|them|he|him|she|(?:this|that|these|those|(?:the )?ones?){_FOLLOWS_NO_NOUN})(?![\w’'])", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|hers?)\b(?![’'])", re.IGNORECASE)
# Words that were needed stay together where nothing but "of the" and the like separates them.
_BETWEEN = re.compile(r"[\s-]*(?:(?:of|the|for|in|and|to|on)\s+){0,2}")


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
        owner = first + ("'" if first.endswith("s") else "'s")
        question = question[: match.start()] + owner + question[match.end() :]
    else:
        rest = phrases
    return f"{', '.join(rest)}: {question}" if rest else question


def needed_phrases(history: Sequence[str], terms: Collection[str]) -> list[str]:
    """Return the stretches of the history that hold the words needed, each word once, the newest and longest first."""
    missing, found = set(terms), []
    for turn in reversed(history):
        words = [word for word in words_of(turn) if word[1] in terms]
        runs = [({stem for _, stem in run}, turn[run[0][0][0] : run[-1][0][1]]) for run in runs_of(turn, words, _BETWEEN)]
        for stems, phrase in sorted(runs, key=lambda run: -len(run[0])):
            if stems & missing:
                found.append(phrase)
                missing -= stems
    return found
