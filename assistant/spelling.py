"""Corrects a question's typing errors by the words that the documents use. What was corrected is shown as `searched_for`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from corpus.tokens import common_words, is_common_word
from index.lexical import STOP_WORDS, stems
from index.vocabulary import WORD, near, nearest

_SHORTEST_STEM = 3  # letters; a shorter one is what is left of an error ("maed")
_SUPERLATIVE = re.compile(r"(?<=\w{3})est$")  # which the stemmer leaves as it is


def corrected(question: str, vocabulary: Callable[[], Mapping[str, int]]) -> str:
    """Return the question with words that nobody knows replaced by what the documents have instead, in any form of the word:
    "surpress" is "suppress" where they say "suppressing".

    A word that is ordinary English is left alone, whether or not the documents use it: its absence says something. So is
    another form of one or of a word of the documents ("anneal", where they say "annealing").

    :param vocabulary: Gives the documents' words with how often they occur; asked only if a word is unknown.
    """
    parts: list[str] = []
    end = 0
    for match in WORD.finditer(question):
        word = match.group()
        if is_common_word(word.lower()):
            continue
        better = _meant(word.lower(), vocabulary())
        is_name = match.start() > 0 and word[0].isupper()
        if better is not None and not (is_name and better in STOP_WORDS):
            parts += [question[end : match.start()], _cased_like(word, better)]
            end = match.end()
    return "".join([*parts, question[end:]])


def _meant(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the word that was meant: the nearest of the documents' words and ordinary English, if the documents have it.

    One error away, a word that they have in another form will do, and a stop-word; None if another is the nearest.
    """
    if word in vocabulary:
        return None
    alike = [known for known in vocabulary if known[0] == word[0]]
    forms = {_stem(known) for known in alike}
    misspelt = [known for known in alike if (len(known), known[-2:], _stem(known)) == (len(word), word[-2:], _stem(word))]
    if one_error := {known: errors for known, errors in near(word, misspelt).items() if errors == 1}:
        return nearest(word, one_error, vocabulary)  # "prevalance": the stemmer does not see the error, the embedder does
    if any(_stem(base) in forms or _stem(base) in _common_stems() for base in (word, _SUPERLATIVE.sub("", word))):
        return None
    found = near(word, alike) | near(word, _common_words(word[0]))
    weights = {known: 2 * vocabulary.get(known, 0) + (_stem(known) in forms) for known in found}
    meant = nearest(word, found, weights)
    if meant is None or meant in vocabulary:
        return meant
    return meant if found[meant] == 1 and (weights[meant] or meant in STOP_WORDS) else None


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return "".join(stems(word))


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(stem for stem in stems(" ".join(common_words())) if len(stem) >= _SHORTEST_STEM)


@lru_cache(maxsize=26)
def _common_words(letter: str) -> tuple[str, ...]:
    return tuple(word for word in common_words() if word[0] == letter)


def _cased_like(word: str, better: str) -> str:
    if word.isupper():
        return better.upper()
    return better.capitalize() if word[0].isupper() else better
