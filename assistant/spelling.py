"""Corrects a question's typing errors by the words that the documents use. What was corrected is shown as `searched_for`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from corpus.tokens import is_common_word
from index.vocabulary import WORD, correct


def corrected(question: str, vocabulary: Callable[[], Mapping[str, int]]) -> str:
    """Return the question with words that nobody knows replaced by what the documents have instead.

    A word that is ordinary English is left alone, whether or not the documents use it: its absence says something.

    :param vocabulary: Gives the documents' words with how often they occur; asked only if a word is unknown.
    """
    parts: list[str] = []
    end = 0
    for match in WORD.finditer(question):
        word = match.group()
        if is_common_word(word.lower()):
            continue
        better = correct(word, vocabulary())
        if better is not None:
            parts += [question[end : match.start()], _cased_like(word, better)]
            end = match.end()
    return "".join([*parts, question[end:]])


def _cased_like(word: str, better: str) -> str:
    if word.isupper():
        return better.upper()
    return better.capitalize() if word[0].isupper() else better
