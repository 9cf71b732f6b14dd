"""What OpenDocument's styles say of a paragraph, of letters and of lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from corpus.formats.headings import heading_of_style, is_caption_style, is_code_style, is_contents_style
from corpus.formats.list_marks import Numerals, write_number
from corpus.formats.odt_names import attributes, name_of, whole_number

_PAGE = ("page", "even-page", "odd-page")
_NUMERALS = {one.value: one for one in Numerals}
_HEIGHTS = {"pt": 2, "in": 144, "cm": 144 / 2.54, "mm": 14.4 / 2.54, "px": 1.5}  # half points
_BOLD = ("bold", "600", "700", "800", "900")
BULLET = "•"


@dataclass(frozen=True)
class Style:
    """What a style says, with what it takes from those above it.

    Attributes:
        is_title, is_code, is_caption: What it is made for.
        is_contents: Whether it is of a table of contents, which repeats the headings.
        list_style: Name of the list style; None if nothing is said.
        is_bold, is_raised, is_hidden: Of letters; None if nothing is said.
        size: Of letters, in half points; 0 if nothing is said.
        font: Name of the font; empty if nothing is said.
        breaks_before, breaks_after: Whether a page begins before or after.
    """

    is_title: bool = False
    is_code: bool = False
    is_caption: bool = False
    is_contents: bool = False
    list_style: str | None = None
    is_bold: bool | None = None
    is_raised: bool | None = None
    is_hidden: bool | None = None
    size: float = 0
    font: str = ""
    breaks_before: bool = False
    breaks_after: bool = False


PLAIN = Style()


@dataclass(frozen=True)
class ListLevel:
    """How one level of a list is marked; `numerals` is None for a bullet, or, with `is_bare`, for nothing at all."""

    numerals: Numerals | None = None
    is_bare: bool = False
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1


NO_LEVEL = ListLevel(is_bare=True)
OUTLINE = "\0outline"
"""The name here of the list that numbers the headings."""


class Styles:
    """The styles of a document, out of all the parts that hold some; of two with one name the last is meant."""

    def __init__(self, parts: Iterable[etree._Element]) -> None:
        self._elements: dict[tuple[str, str], etree._Element] = {}
        self._known: dict[tuple[str, str], Style] = {}
        self._fonts: dict[str, str] = {}
        self._lists: dict[str, dict[int, ListLevel]] = {}
        for part in parts:
            for one in part.iter("{*}style", "{*}list-style", "{*}outline-style", "{*}font-face"):
                name, said = name_of(one), attributes(one)
                if name == "style:style":
                    self._elements[said.get("style:family", ""), said.get("style:name", "")] = one
                elif name == "style:font-face":
                    self._fonts[said.get("style:name", "")] = said.get("svg:font-family", "").strip("'\"")
                else:
                    key = OUTLINE if name == "text:outline-style" else said.get("style:name", "")
                    self._lists[key] = dict(_read_level(level) for level in one)

    def find(self, family: str, name: str) -> Style:
        """Return a style; a plain one if there is none of this family ("paragraph", "text", "table") and name."""
        key = (family, name)
        if key not in self._known:
            self._known[key] = self._resolve(family, name)
        return self._known[key]

    def list_level(self, name: str, level: int) -> ListLevel | None:
        """Return how a level, counted from 0, of a list style is marked; None if there is no such style.

        A level that the style leaves out is like the one above it: pandoc describes the first one alone.
        """
        levels = self._lists.get(name)
        if levels is None:
            return None
        known = (levels[place] for place in range(min(level, len(levels)) + 1, 0, -1) if place in levels)
        return levels.get(level + 1) or (NO_LEVEL if name == OUTLINE else next(known, NO_LEVEL))

    def _resolve(self, family: str, name: str) -> Style:
        chain: list[etree._Element] = []
        names: list[str] = []
        while (one := self._elements.get((family, name))) is not None and one not in chain and len(chain) < 50:
            chain.append(one)
            names.append(name)
            name = attributes(one).get("style:parent-style-name", "")
        names.append(name)  # one that a program knows without finding it in the file
        known_as = [one.replace("_20_", " ").lower() for one in names]
        own = [attributes(one) for one in chain]
        letters = [attributes(one) for style in chain for one in style if name_of(one) == "style:text-properties"]
        layout = [
            attributes(one)
            for style in chain
            for one in style
            if name_of(one) in ("style:paragraph-properties", "style:table-properties")
        ]
        weight = _first(letters, "fo:font-weight")
        position = _first(letters, "style:text-position")
        display = _first(letters, "text:display")
        font = _first(letters, "style:font-name") or ""
        return Style(
            is_title=any(heading_of_style(one) == 0 for one in known_as),
            is_code=any(map(is_code_style, known_as)),
            is_caption=any(map(is_caption_style, known_as)),
            is_contents=any(map(is_contents_style, known_as)),
            list_style=_first(own, "style:list-style-name"),
            is_bold=None if weight is None else weight in _BOLD,
            is_raised=None if position is None else position.startswith(("super", *"123456789")),  # a word, or percents
            is_hidden=None if display is None else display == "none",
            size=_half_points(_first(letters, "fo:font-size") or ""),
            font=self._fonts.get(font, font),
            breaks_before=_first(layout, "fo:break-before") in _PAGE or bool(_first(own, "style:master-page-name")),
            breaks_after=_first(layout, "fo:break-after") in _PAGE,
        )


def _first(said: list[dict[str, str]], name: str) -> str | None:
    return next((one[name] for one in said if name in one), None)


def _half_points(size: str) -> float:
    """Return a length such as "12pt" or "0.5cm" in half points; 0 for one in percent, or none."""
    digits = size[:-2]
    if size[-2:] not in _HEIGHTS or len(digits) > 8 or not digits.replace(".", "", 1).isdecimal():
        return 0
    return round(float(digits) * _HEIGHTS[size[-2:]], 1)


def _read_level(one: etree._Element) -> tuple[int, ListLevel]:
    name, said = name_of(one), attributes(one)
    level = whole_number(said.get("text:level"), 0)
    before, after = said.get("style:num-prefix", ""), said.get("style:num-suffix", "")
    if name in ("text:list-level-style-bullet", "text:list-level-style-image"):
        return level, ListLevel(is_bare=name.endswith("bullet") and not said.get("text:bullet-char", "").strip())
    form = said.get("style:num-format", "")
    if not form:
        return level, ListLevel(is_bare=True)
    return level, ListLevel(
        numerals=_NUMERALS.get(form, Numerals.DECIMAL),
        before=before,
        after=after,
        start=whole_number(said.get("text:start-value"), 1),
        shown=max(whole_number(said.get("text:display-levels"), 1), 1),
    )


class Counter:
    """Counts the items of one list, level by level."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def next_mark(self, styles: Styles, name: str, level: int, start: int | None = None) -> tuple[str, bool]:
        """Count one item and return what stands before it, and whether that is a number.

        :param start: The number it has, if it says so itself.
        """
        one = styles.list_level(name, level)
        if one is None:
            return BULLET, False
        if one.numerals is None:
            return "" if one.is_bare else BULLET, False
        self._counts[level] = start if start is not None else self._counts.get(level, one.start - 1) + 1
        for below in [place for place in self._counts if place > level]:
            del self._counts[below]
        numbers = []
        for place in range(max(level + 1 - one.shown, 0), level + 1):
            shown = styles.list_level(name, place) or one
            if shown.numerals is not None:
                numbers.append(write_number(self._counts.get(place, shown.start), shown.numerals))
        return f"{one.before}{'.'.join(numbers)}{one.after}".strip(), True
