"""The words that documents use, to correct a question's typing errors by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Levenshtein

from index.lexical import STOP_WORDS

WORD = re.compile(r"[^\W\d_¹²³⁰⁴-⁹₀-₉]+")  # without the marks of notes behind a name
_SHORTEST = 4  # letters; of shorter words too many are one error away from another
_TWO_ERRORS = 8  # letters from which two errors still leave the word plain
_ALIKE = ("aeiouy", "cksqz", "szx", "cg", "gj", "td", "bp", "fvw", "mn")
"""Letters that sound or look alike."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Of a keyboard; each row stands half a key further to the right than the one above."""


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

    It is the one with the fewest errors; of several one with the same letters (they were swapped), then one in which no letter
    is another that neither sounds like it nor is beside it on the keyboard, then a stop-word, which every text has, then the
    one of the greatest weight.
    """
    typed = word.lower()
    letters = sorted(typed)

    def distance(known: str) -> tuple[int, bool, bool, bool, int, str]:
        is_other = bool(_slips(typed, known)[0])
        return found[known], sorted(known) != letters, is_other, known not in STOP_WORDS, -weights[known], known

    return min(found, key=distance, default=None)


def near(word: str, words: Collection[str]) -> dict[str, int]:
    """Return the lower-case words of `words` that a word may be a misspelling of, each with the number of errors.

    Near is one letter wrong, missing, too many, or two swapped (optimal string alignment distance, Boytsov 2011) in a word
    of four to seven letters, two of them in a longer one; the first letter is right. Two errors are those of a person who knows
    the word: of "prednisone" and "prednisolone", or "nimodipine" and "nifedipine", neither is the other misspelt.
    """
    wanted = word.lower()
    if len(wanted) < _SHORTEST:
        return {}
    errors = 2 if len(wanted) >= _TWO_ERRORS else 1
    candidates = [known for known in words if known[0] == wanted[0] and abs(len(known) - len(wanted)) <= errors]
    found = process.extract(wanted, candidates, scorer=OSA.distance, score_cutoff=errors, limit=None)
    return {known: int(distance) for known, distance, _ in found if distance < 2 or _is_misspelt(wanted, known)}


def _is_misspelt(word: str, known: str) -> bool:
    """Whether two errors are slips: no letter is quite another one, and not two are missing or too many."""
    others, lost = _slips(word, known)
    return not others and lost < 2


def _slips(word: str, known: str) -> tuple[int, int]:
    """Return how many letters of a word are quite other ones, and how many are missing or too many without being a double.

    Letters that changed places are neither.
    """
    others = lost = 0
    edits = Levenshtein.editops(word, known)
    for edit in edits:
        at, there = edit.src_pos, edit.dest_pos
        if edit.tag == "replace":
            others += not _are_alike(word[at], known[there])
        elif edit.tag == "insert":
            lost += known[there] not in (known[there - 1 : there], known[there + 1 : there + 2])
        else:
            lost += word[at] not in (word[at - 1 : at], word[at + 1 : at + 2])
    swapped = len(edits) - OSA.distance(word, known)
    return max(0, others - 2 * swapped), max(0, lost - 2 * swapped)


def _are_alike(one: str, other: str) -> bool:
    """Whether a letter may be written for another one: they sound or look alike, or are neighbours on the keyboard."""
    if any(one in letters and other in letters for letters in _ALIKE):
        return True
    places = [(row, keys.index(letter)) for letter in (one, other) for row, keys in enumerate(_ROWS) if letter in keys]
    if len(places) < 2:
        return False
    (row, place), (its_row, its_place) = sorted(places)
    return abs(row - its_row) <= 1 and place - its_place in ((0, 1) if its_row > row else (-1, 1))
