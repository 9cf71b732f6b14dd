"""Questions to begin with, made of headings; only such as the documents answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest

from assistant.talk.quoting import Quote

MOST = 3
"""How many are offered."""

_TRIED = 4  # each costs a lookup
_LONGEST = 60  # characters of a heading that makes a question
_SHORT = 3  # words of one that names a thing
_SEVERAL = re.compile(r"(?:s|ing)\b|\b(?:and|or|of)\b", re.IGNORECASE)


def suggestions(topics: Sequence[Sequence[Quote]], is_answered: Callable[[str], bool]) -> tuple[str, ...]:
    """Return questions about the first topics of each document, those that are answered.

    :param topics: The headings of each document.
    """
    in_turns = (quote for place in zip_longest(*topics) for quote in place if quote is not None)
    asked = (question for quote in in_turns if (question := _question(quote)))
    tried = dict.fromkeys(question for question, _ in zip(asked, range(_TRIED), strict=False))
    answered = (question for question in tried if is_answered(question))
    return tuple(question for question, _ in zip(answered, range(MOST), strict=False))


def _question(topic: Quote) -> str:
    """Return a question about what a heading names; empty if it is too long for one, or not of plain words."""
    words = topic.text
    if len(words) > _LONGEST or not words.isprintable() or not words[0].isalpha():
        return ""
    if words.endswith("?"):
        return words
    words = _as_inside(words.rstrip(".:"), topic.document.text)
    return (
        f"What is {words}?" if len(words.split()) <= _SHORT and not _SEVERAL.search(words) else f"What is said about {words}?"
    )


def _as_inside(words: str, text: str) -> str:
    """Return a heading as it stands within a sentence: its first letter is small, unless its first word is a name.

    A name has a capital within a sentence of the document too; where all words have one, the heading is left as it is.
    """
    first, *others = words.split(" ")
    is_name = first[1:] != first[1:].lower() or re.search(rf"[a-z,] {re.escape(first)}\b", text)
    if is_name or (others and not any(word[0].islower() for word in others)):
        return words
    return words[0].lower() + words[1:]
