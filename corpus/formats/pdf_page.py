"""A page of a PDF: its words with their places, its ruled lines, its pictures.

Places are in points of the page as it is displayed: turned (/Rotate), cut to its crop box, from its upper left corner down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Font:
    """How a text object is set: size in points as displayed, weight, and the font's name."""

    size: float
    bold: bool
    name: str


@dataclass(slots=True)
class Word:
    """Characters without a space between them, of one font and one baseline.

    Attributes:
        text: The characters.
        left, top, right, bottom: Where they stand.
        base: Their baseline.
        font: How they are set.
        turn: Which way they run: 0 to the right, 1 down, 2 to the left, 3 up, -1 at a slant.
        spaced: Whether the file has a space before them.
        source: Number of the text object they come from, in the order of the file.
        tag: Number of the marked content they come from, -1 without one.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    font: Font
    turn: int
    spaced: bool
    source: int
    tag: int


@dataclass(slots=True)
class PageContent:
    """A page.

    Attributes:
        width, height: As displayed, in points.
        words: In the order of the file.
        level_rules: Horizontal lines and edges: (y, left, right).
        upright_rules: Vertical ones: (x, top, bottom).
        pictures: Boxes of its pictures.
        dots: Boxes of small round or square drawings, such as the bullets of a browser.
        notes: What of it could not be read.
    """

    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    level_rules: list[tuple[float, float, float]] = field(default_factory=list)
    upright_rules: list[tuple[float, float, float]] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    dots: list[Box] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """From the coordinates of the file to those of the displayed page."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @classmethod
    def of(cls, page: Any) -> Place:
        """Return how a page that PDFium has loaded is displayed."""
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        return cls(box.left, box.bottom, box.right, box.top, pdfium.FPDFPage_GetRotation(page) % 4)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box as displayed."""
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    def point(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Return a point, or arrays of them, as displayed."""
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def direction(self, x: float, y: float) -> int:
        """Return which way a text runs whose letters follow each other by (x, y)."""
        angle = math.degrees(math.atan2(-y, x)) + 90 * self.turns
        quarter = round(angle / 90)
        return quarter % 4 if abs(angle - 90 * quarter) < 8 else -1


def turned(words: list[Word], turn: int, width: float, height: float) -> list[Word]:
    """Return words that run in direction `turn` as they stand when the page is turned so that they run to the right.

    :param words: Words of one direction.
    :param turn: That direction, 1 to 3.
    :param width: The page's, as displayed; likewise `height`.
    """
    made = []
    for word in words:
        if turn == 1:
            left, top, right, bottom, base = word.top, width - word.right, word.bottom, width - word.left, width - word.base
        elif turn == 3:
            left, top, right, bottom, base = height - word.bottom, word.left, height - word.top, word.right, word.base
        else:
            left, top, right, bottom = width - word.right, height - word.bottom, width - word.left, height - word.top
            base = height - word.base
        made.append(replace(word, left=left, top=top, right=right, bottom=bottom, base=base, turn=0))
    return made


def turned_back(box: Box, turn: int, width: float, height: float) -> Box:
    """Undo `turned` for a box."""
    left, top, right, bottom = box
    if turn == 1:
        return width - bottom, left, width - top, right
    if turn == 3:
        return top, height - right, bottom, height - left
    if turn == 2:
        return width - right, height - bottom, width - left, height - top
    return box
