"""The words that documents use, to correct a question's typing errors by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from index.lexical import STOP_WORDS

WORD = re.compile(r"[^\W\d_¹²³⁰⁴-⁹₀-₉]+")  # without the marks of notes behind a name
_SHORTEST = 4  # letters; of shorter words too many are one error away from another
_TWO_ERRORS = 8  # letters from which two errors still leave the word plain


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word occurs, in lower case."""
    return Counter(word.lower() for text in texts for word in WORD.findall(text))


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, 0..100: 100 less the share of letters to put in or take out (rapidfuzz's ratio)."""
    return float(fuzz.ratio(one, other))


def correct(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the word of `vocabulary` that was meant, the nearest, or None if none is near or the word is one of them."""
    if word.lower() in vocabulary:
        return None
    return nearest(word, near(word, vocabulary), vocabulary)


def nearest(word: str, found: Mapping[str, int], weights: Mapping[str, int]) -> str | None:
    """Return which of the words that `near` found is the nearest; None if there is none.

    It is the one with the fewest errors; of several one with the same letters (they were swapped), then a stop-word, which
    every text has, then the one of the greatest weight.
    """
    letters = sorted(word.lower())

    def distance(known: str) -> tuple[int, bool, bool, int, str]:
        return found[known], sorted(known) != letters, known not in STOP_WORDS, -weights[known], known

    return min(found, key=distance, default=None)


def near(word: str, words: Collection[str]) -> dict[str, int]:
    """Return the lower-case words of `words` that a word may be a misspelling of, each with the number of errors.

    Near is one letter wrong, missing, too many, or two swapped (optimal string alignment distance, Boytsov 2011) in a word
    of four to seven letters, two of them in a longer one; the first letter is right.
    """
    wanted = word.lower()
    if len(wanted) < _SHORTEST:
        return {}
    errors = 2 if len(wanted) >= _TWO_ERRORS else 1
    candidates = [known for known in words if known[0] == wanted[0] and abs(len(known) - len(wanted)) <= errors]
    found = process.extract(wanted, candidates, scorer=OSA.distance, score_cutoff=errors, limit=None)
    return {known: int(distance) for known, distance, _ in found}
