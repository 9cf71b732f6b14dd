"""The numbers and bullets of Word's lists, which are nowhere in its text: they are counted anew."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from corpus.formats.docx_names import attribute, child, is_on, number
from corpus.formats.list_marks import Numerals, write_number

NUMERALS = {
    "lowerLetter": Numerals.LOWER_LETTER,
    "upperLetter": Numerals.UPPER_LETTER,
    "lowerRoman": Numerals.LOWER_ROMAN,
    "upperRoman": Numerals.UPPER_ROMAN,
    "decimalZero": Numerals.TWO_DIGITS,
}
"""Word's names of the ways to write a number; all others are read as digits."""

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
BULLET = "•"


@dataclass(frozen=True)
class Mark:
    """What stands before a list item; `text` is empty for an item that shows none."""

    text: str
    is_numbered: bool


@dataclass(frozen=True)
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    is_legal: bool = False
    style: str = ""


class Numbering:
    """The lists of a document, and how far each has counted.

    :param root: Of the part that holds them, if there is one.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._kinds: dict[str, etree._Element] = {}
        self._lists: dict[str, etree._Element] = {}
        self._levels: dict[str, list[_Level]] = {}
        self._counts: dict[str, list[int | None]] = {}  # kind of list → the number each level is at
        self._begun: set[tuple[str, int]] = set()
        for one in root if root is not None else ():
            if child(one, "lvl") is not None or attribute(one, "abstractNumId"):
                self._kinds[attribute(one, "abstractNumId")] = one
            elif attribute(one, "numId"):
                self._lists[attribute(one, "numId")] = one
        self._by_style = {attribute(child(one, "styleLink"), "val"): one for one in self._kinds.values()}

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """Return the level of a list that is bound to a paragraph style, if one is."""
        return next((place for place, one in enumerate(self._list(list_id)) if style and one.style == style), None)

    def next_mark(self, list_id: str, level: int) -> Mark | None:
        """Count one item, and return what stands before it; None if there is no such list."""
        levels = self._list(list_id)
        if not levels:
            return None
        level = min(max(level, 0), _LEVELS - 1)
        one = levels[level]
        counts = self._counts.setdefault(self._kind_id(list_id), [None] * _LEVELS)
        override = self._override(list_id, level)
        if override is not None and (list_id, level) not in self._begun:
            counts[level + 1 :] = [None] * (_LEVELS - level - 1)
            counts[level] = override
        else:
            before = counts[level]
            counts[level] = one.start if before is None else before + 1
        self._begun.add((list_id, level))
        for below in range(level + 1, _LEVELS):
            restart = levels[below].restart
            if restart is None or 0 < level + 1 <= restart:
                counts[below] = None
        if one.form == "bullet":
            return Mark(BULLET if one.text.strip() else "", False)
        if one.form == "none" and "%" not in one.text:
            return Mark(one.text.strip(), bool(one.text.strip()))
        text = _PLACE.sub(lambda found: self._write(levels, counts, int(found.group(1)) - 1, one.is_legal), one.text)
        return Mark(" ".join(text.split()), True)

    @staticmethod
    def _write(levels: list[_Level], counts: list[int | None], place: int, is_legal: bool) -> str:
        level = levels[place]
        if level.form == "none":
            return ""
        numerals = Numerals.DECIMAL if is_legal else NUMERALS.get(level.form, Numerals.DECIMAL)
        count = counts[place]
        return write_number(level.start if count is None else count, numerals)

    def _kind_id(self, list_id: str) -> str:
        return attribute(child(self._lists.get(list_id), "abstractNumId"), "val")

    def _override(self, list_id: str, level: int) -> int | None:
        for one in self._lists[list_id].iterfind("{*}lvlOverride"):
            start = child(one, "startOverride")
            if number(one, "ilvl") == level and start is not None:
                return number(start, default=1)
        return None

    def _list(self, list_id: str) -> list[_Level]:
        """Return the levels of a list, empty if there is none."""
        if list_id not in self._lists:
            return []
        if list_id not in self._levels:
            kind = self._kinds.get(self._kind_id(list_id))
            linked = attribute(child(kind, "numStyleLink"), "val")
            kind = self._by_style.get(linked, kind) if linked else kind
            levels = [_Level()] * _LEVELS
            owners = [kind] if kind is not None else []
            for owner in [*owners, *self._lists[list_id].iterfind("{*}lvlOverride")]:
                for one in owner.iterfind("{*}lvl"):
                    if 0 <= (place := number(one, "ilvl")) < _LEVELS:
                        levels[place] = _read_level(one)
            self._levels[list_id] = levels if kind is not None else []
        return self._levels[list_id]


def _read_level(one: etree._Element) -> _Level:
    restart = child(one, "lvlRestart")
    return _Level(
        form=attribute(child(one, "numFmt"), "val") or "decimal",
        text=attribute(child(one, "lvlText"), "val"),
        start=max(number(child(one, "start"), default=1), 0),
        restart=None if restart is None else number(restart),
        is_legal=bool(is_on(child(one, "isLgl"))),
        style=attribute(child(one, "pStyle"), "val"),
    )
