"""The words of one block of HTML as they come, with the white space of a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.formats.markup_tree import Element, local

_WHITE = re.compile(r"[ \t\n\r\f]+")
_EXPONENT = re.compile(r"[-−–+]?\d+(?:[,–-]\d+)*")
_RAISED_DIGITS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_RAISED_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_WORD_BEFORE = re.compile(r"[^\W\d_]{4}$")  # a unit is shorter
_LABEL_WORDS, _LABEL_CHARACTERS = 12, 80


@dataclass(frozen=True)
class PageMark:
    """The beginning of a page among the words.

    Attributes:
        name: What the page is called.
    """

    name: str


Part = str | PageMark
"""Words, a line end (`"\\n"`, which comes from <br> alone), or the beginning of a page."""


class Inline:
    """Collects the words of a block.

    Attributes:
        bold: How many bold elements are open.
    """

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._letters = 0
        self._bold_letters = 0
        self.bold = 0

    @property
    def position(self) -> int:
        """Where the next words will come, for `replace_from`."""
        return len(self._parts)

    @property
    def is_bold(self) -> bool:
        """Whether all words so far are bold."""
        return 0 < self._letters == self._bold_letters

    def add(self, text: str | None) -> None:
        """Add text of the source, whose line ends are spaces."""
        if text:
            self._parts.append(_WHITE.sub(" ", text))
            letters = len(text) - text.count(" ") if text.strip() else 0
            self._letters += letters
            self._bold_letters += letters if self.bold > 0 else 0

    def mark(self, page: PageMark) -> None:
        """Begin a page here."""
        self._parts.append(page)

    def break_line(self) -> bool:
        """Add a line end; or return True if there is one already, since an empty line parts paragraphs."""
        last = next((part for part in reversed(self._parts) if isinstance(part, PageMark) or part.strip(" \xa0")), "")
        if last == "\n":
            return True
        self._parts.append("\n")
        return False

    def replace_from(self, position: int, change: Callable[[str, str], str]) -> None:
        """Replace what was added since `position` by what `change` makes of it and of the words before it."""
        inner = self._parts[position:]
        if inner and all(isinstance(part, str) for part in inner):
            before = "".join(part for part in self._parts[max(0, position - 4) : position] if isinstance(part, str))
            self._parts[position:] = [change("".join(part for part in inner if isinstance(part, str)), before)]

    def formula(self, node: Element, tag: str) -> None:
        """Write the signs that MathML leaves to the layout, before an element of it is entered."""
        if not tag.startswith("m"):
            return
        parent = node.getparent()
        around = local(parent) if parent is not None else ""
        if around in ("mfrac", "msup") and node.getprevious() is not None:
            self.add("/" if around == "mfrac" else "^")
        elif tag == "msqrt":
            self.add("√")

    def take(self) -> list[Part]:
        """Return all that was added, with neighbouring words joined, and begin anew."""
        taken: list[Part] = []
        words: list[str] = []
        for part in self._parts:
            if isinstance(part, PageMark):
                taken += ["".join(words), part]
                words = []
            else:
                words.append(part)
        taken.append("".join(words))
        self._parts, self._letters, self._bold_letters = [], 0, 0
        return taken


def raised(text: str, before: str, after: str | None) -> str:
    """Return superscript text so that it is not read as part of what stands before it: 10⁶, cm²; else unchanged.

    The mark of a note after a word gets a space ("aspirin ᵃ", "cells ¹²"), so that the word is found.

    :param before: The text before it; its last characters are enough.
    :param after: The text after it; a number before a letter names an isotope ("18F") and stays as it is. None for a link,
        which is the mark of a note: at the beginning of a block, the note's own.
    """
    words = text.strip()
    if after is None and not before.strip():
        return f"{text} "
    after = after or ""
    last = before[-1:]
    in_word = _WORD_BEFORE.search(before) is not None
    if _EXPONENT.fullmatch(words) and not (after[:1].isalpha() and not (last.isalnum() or last in tuple(".,;:)]"))):
        return " " * in_word + text.translate(_RAISED_DIGITS)
    if len(words) == 1 and words.isalpha() and last.isalnum():
        return " " * (in_word or (last.isdigit() and words not in "knx")) + text.translate(_RAISED_LETTERS)
    return text


def bare_label(text: str) -> bool:
    """Whether a line reads like a title: short, and not closed like a sentence."""
    return (
        len(text) <= _LABEL_CHARACTERS
        and len(text.split()) <= _LABEL_WORDS
        and not text.endswith((".", ";", ":", ",", "!"))
        and any(one.isalpha() for one in text)
    )
