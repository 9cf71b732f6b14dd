"""A paragraph as it is put together out of runs of letters."""

from __future__ import annotations

import re

from corpus.formats.flow import HARD, SOFT, Flow, Text
from corpus.formats.ooxml import raised

_RAISED_LIST = re.compile(r"([,\s]+)")


class Line:
    """Collects text, whether all of it is bold, and what stands outside the line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._is_plain = False  # some word is not bold
        self._has_words = False
        self._size: float = 0
        self._asides: list[tuple[int, list[Flow]]] = []

    def add(self, text: str, *, is_bold: bool = False, size: float = 0) -> None:
        """Add text of a run."""
        if not text:
            return
        self._parts.append(text)
        self._length += len(text)
        if text.strip():
            self._has_words = True
            self._is_plain = self._is_plain or not is_bold
            self._size = max(self._size, size)

    def add_break(self, *, is_hard: bool) -> None:
        """Say that a page may begin here."""
        self.add(HARD if is_hard else SOFT)

    def add_aside(self, content: list[Flow]) -> None:
        """Say that this stands outside the line, at this place."""
        if content:
            self._asides.append((self._length, content))

    @property
    def has_content(self) -> bool:
        """Whether anything has been added."""
        return bool(self._parts or self._asides)

    def finish(self) -> Text:
        """Return it as a paragraph."""
        return Text(
            text="".join(self._parts),
            is_bold=self._has_words and not self._is_plain,
            size=self._size,
            asides=self._asides,
        )


def raise_marks(text: str) -> str:
    """Return superscript text in raised digits, where it is numbers: an exponent, or references to notes ("1, 2")."""
    return "".join(raised(part) for part in _RAISED_LIST.split(text))


def note_mark(number: str) -> str:
    """Return the mark of a note as it stands in the text: raised if it is a number, else in brackets."""
    return raised(number) if raised(number) != number else f"[{number}]"
