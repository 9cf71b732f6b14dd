"""Lists of HTML, and the paragraphs that Word writes for lists: which mark stands before an item."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.formats.list_marks import Numerals, write_number
from corpus.formats.markup_inline import Part
from corpus.formats.markup_tree import Element, local, style_of, tokens

_WORD_LEVEL = re.compile(r"mso-list:\s*\w+\s+level(\d)", re.IGNORECASE)
_WORD_BULLET = re.compile(r"\s*[·•§▪–o\uf0a7\uf0b7-]\s+(?=\S)")
_WORD_NUMBER = re.compile(r"\s*(\(?(?:\d{1,3}(?:\.\d{1,3}){0,5}|[A-Za-z]|[ivxIVX]{1,5})[.)]?)\s{2,}(?=\S)")
_GOOGLE_LEVEL = re.compile(r"\blst-kix_\w+-(\d)\b")  # Google Docs writes nested lists one after the other
_STYLES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_FARTHEST = 1_000_000


@dataclass
class PendingItem:
    """An item whose first words have not come yet.

    Attributes:
        mark: What stands before it.
        level: How deep its list stands in others, from 0.
        numbered: Whether the mark is a number.
        is_written: Whether the mark is among its words, as in the paragraphs of Word.
    """

    mark: str = "•"
    level: int = 0
    numbered: bool = False
    is_written: bool = False

    def check(self, checked: bool) -> None:
        """Give it the mark of a ticked or empty box."""
        if not self.numbered:
            self.mark = "☒" if checked else "☐"

    def take_mark(self, parts: list[Part]) -> list[Part]:
        """Return its words without the mark that is written among them, which becomes its own."""
        first = parts[0] if parts else ""
        if not isinstance(first, str):
            return parts
        if not self.is_written:
            return [self._without_repeat(first), *parts[1:]] if parts else parts
        if bullet := _WORD_BULLET.match(first):
            return [first[bullet.end() :], *parts[1:]]
        if number := _WORD_NUMBER.match(first):
            self.mark, self.numbered = number.group(1), True
            return [first[number.end() :], *parts[1:]]
        self.mark = ""
        return parts

    def _without_repeat(self, words: str) -> str:
        """Return words without the item's own mark at their beginning: LibreOffice writes marks into the items of XHTML.

        "1.5 mg" in the first item of a list is a dose and no mark.
        """
        mark, after = self.mark, words.lstrip()[len(self.mark) :]
        is_mark = bool(mark) and words.lstrip().startswith(mark) and after.strip() != ""
        if is_mark and (not self.numbered or (mark[:-1].isdecimal() and not after[0].isdigit())):
            return after.lstrip()
        return words


class ListState:
    """A list that is being read; it counts its items."""

    def __init__(self, node: Element) -> None:
        self._numbered = local(node) == "ol"
        level = _GOOGLE_LEVEL.search(node.get("class") or "")
        self._level = int(level.group(1)) if level else 0
        self._style = _STYLES.get(style_of(node).get("list-style-type", ""), node.get("type") or "1")
        is_reversed = node.get("reversed") is not None
        self._step = -1 if is_reversed else 1
        length = sum(isinstance(child.tag, str) and local(child) == "li" for child in node) if is_reversed else 1
        self._next = _integer(node.get("start"), length)

    def item(self, node: Element, level: int) -> PendingItem:
        """Return the item that begins with a `li`.

        :param level: How deep this list stands in others.
        """
        level += self._level
        if not self._numbered:
            return PendingItem(level=level)
        number = _integer(node.get("value"), self._next)
        self._next = number + self._step
        return PendingItem(f"{_written(number, self._style)}.", level, numbered=True)


def is_list(tag: str) -> bool:
    """Whether an element holds items."""
    return tag in ("ul", "ol", "menu", "dir")


def word_item(node: Element) -> PendingItem | None:
    """Return the item that a paragraph of Word is; None if it is none."""
    level = _WORD_LEVEL.search(node.get("style") or "")
    if level is None and not any(name.startswith("msolistparagraph") for name in tokens(node, "class")):
        return None
    return PendingItem(level=max(0, int(level.group(1)) - 1) if level else 0, is_written=True)


def _integer(value: str | None, default: int) -> int:
    found = re.match(r"\s*([+-]?\d{1,7})", value or "")
    return max(-_FARTHEST, min(_FARTHEST, int(found.group(1)))) if found else default


def _written(number: int, style: str) -> str:
    """Return the number of an item as its list writes it: 3, c, iii."""
    if style in ("i", "I") and 0 < number < 400:
        return write_number(number, Numerals(style))
    if style not in ("a", "A") or number <= 0:
        return str(number)
    letters = ""
    while number > 0:  # after z comes aa, then ab, unlike in word processors
        number, place = divmod(number - 1, 26)
        letters = chr(ord(style) + place) + letters
    return letters
