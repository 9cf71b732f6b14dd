"""Corrects a question's typing errors by the words that the documents use. What was corrected is shown as `searched_for`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from corpus.tokens import common_words, is_common_word
from index.lexical import stems
from index.vocabulary import WORD, near, nearest

_STEADY = 3  # letters at a word's beginning that stemming leaves as they are


def corrected(question: str, vocabulary: Callable[[], Mapping[str, int]]) -> str:
    """Return the question with words that nobody knows replaced by what the documents have instead, in any form of the word:
    "surpress" is "suppress" where they say "suppressing".

    A word that is ordinary English is left alone, whether or not the documents use it: its absence says something.

    :param vocabulary: Gives the documents' words with how often they occur; asked only if a word is unknown.
    """
    parts: list[str] = []
    end = 0
    for match in WORD.finditer(question):
        word = match.group()
        if is_common_word(word.lower()):
            continue
        better = _meant(word.lower(), vocabulary())
        if better is not None:
            parts += [question[end : match.start()], _cased_like(word, better)]
            end = match.end()
    return "".join([*parts, question[end:]])


def _meant(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """Return the word of the documents, or another form of one, that was meant: the nearest, then the most frequent there.

    Another form is one error away, and of a word that is no form of ordinary English itself ("injections").
    """
    if word in vocabulary:
        return None
    found = near(word, vocabulary)
    if 1 not in found.values() and not _common_stems().intersection(stems(word)):
        forms = (known for known, errors in near(word, common_words()).items() if errors == 1)
        found.update((known, 1) for known in forms if _has_form(vocabulary, known))
    return nearest(found, vocabulary)


def _has_form(vocabulary: Mapping[str, int], word: str) -> bool:
    stem = _stem(word)
    return any(_stem(known) == stem for known in vocabulary if known.startswith(word[:_STEADY]))


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return "".join(stems(word))


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(stems(" ".join(common_words())))


def _cased_like(word: str, better: str) -> str:
    if word.isupper():
        return better.upper()
    return better.capitalize() if word[0].isupper() else better
