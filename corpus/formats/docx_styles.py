"""What Word's styles say of a paragraph or of letters: a heading and its level, bold, a list, hidden."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from corpus.formats.docx_names import attribute, child, is_on, number
from corpus.formats.headings import heading_of_style, is_caption_style, is_code_style, is_contents_style
from corpus.formats.ooxml import is_true

_BODY_LEVEL = 9  # the outline level of what is no heading


@dataclass(frozen=True)
class Style:
    """What a style says, with what it takes from those it is based on.

    Attributes:
        heading: Depth of the heading, 0 for a title; None if it is none.
        list_id: Number of the list, empty without one.
        list_level: Level in that list.
        is_bold, is_hidden, breaks_page: As they say; None if nothing is said.
        size: Of letters, in half points; 0 if nothing is said.
        is_code: Whether lines and indentation matter.
        is_contents: Whether it is of a table of contents, which repeats the headings.
        is_caption: Whether it is of what a table is called.
    """

    heading: int | None = None
    list_id: str = ""
    list_level: int = 0
    is_bold: bool | None = None
    is_hidden: bool | None = None
    breaks_page: bool | None = None
    size: int = 0
    is_code: bool = False
    is_contents: bool = False
    is_caption: bool = False


PLAIN = Style()


class Styles:
    """The styles of a document.

    :param root: Of the part that holds them, if there is one.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._known: dict[str, Style] = {}
        self._default = ""
        for one in root.iterfind("{*}style") if root is not None else ():
            key = attribute(one, "styleId")
            self._elements[key] = one
            if attribute(one, "type") == "paragraph" and is_true(attribute(one, "default")):
                self._default = key

    def paragraph(self, key: str) -> Style:
        """Return the style of a paragraph that names it; the document's usual one if it names none that there is."""
        return self.letters(key if key in self._elements else self._default)

    def letters(self, key: str) -> Style:
        """Return a style by its id; a plain one if there is none."""
        if key not in self._known:
            self._known[key] = self._resolve(self._chain(key))
        return self._known[key]

    def _chain(self, key: str) -> list[etree._Element]:
        """Return a style and those it is based on, nearest first."""
        chain: list[etree._Element] = []
        while key in self._elements and self._elements[key] not in chain and len(chain) < 50:
            chain.append(self._elements[key])
            key = attribute(child(chain[-1], "basedOn"), "val")
        return chain

    def _resolve(self, chain: list[etree._Element]) -> Style:
        if not chain:
            return PLAIN
        names = [attribute(child(one, "name"), "val").lower() for one in chain]
        numbered = next((one for one in chain if child(one, "pPr", "numPr", "numId") is not None), None)
        leveled = next((one for one in chain if child(one, "pPr", "numPr", "ilvl") is not None), None)
        sizes = (number(child(one, "rPr", "sz")) for one in chain)
        return Style(
            heading=_heading(names, chain),
            list_id=attribute(child(numbered, "pPr", "numPr", "numId"), "val"),
            list_level=number(child(leveled, "pPr", "numPr", "ilvl")),
            is_bold=_first(chain, "rPr", "b"),
            is_hidden=_first(chain, "rPr", "vanish"),
            breaks_page=_first(chain, "pPr", "pageBreakBefore"),
            size=next((size for size in sizes if size), 0),
            is_code=any(map(is_code_style, names)),
            is_contents=any(map(is_contents_style, names)),
            is_caption=any(map(is_caption_style, names)),
        )


def _heading(names: list[str], chain: list[etree._Element]) -> int | None:
    for name, one in zip(names, chain, strict=True):
        level = child(one, "pPr", "outlineLvl")
        by_name = heading_of_style(name)
        if level is not None and by_name != 0:
            return outline_depth(number(level))
        if by_name is not None:
            return by_name
    return None


def outline_depth(level: int) -> int | None:
    """Return the depth of a heading of an outline level, which counts from 0; None for body text."""
    return level + 1 if 0 <= level < _BODY_LEVEL else None


def _first(chain: list[etree._Element], *path: str) -> bool | None:
    return next((said for one in chain if (said := is_on(child(one, *path))) is not None), None)
