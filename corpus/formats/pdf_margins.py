"""What repeats in the margins of pages: running headers and footers, page numbers, line numbers of manuscripts.

A row of text at the upper or lower edge is left out if the same words, numbers aside, stand at the same height on other
pages, or if it holds a number that counts with the pages. A heading at the top of one page does neither, and stays; so do
numbered headings that happen to begin every page ("Chapter 1"), which are larger than the text, and the head of a table that is
repeated on each page, by the rows below that stand in its columns.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from corpus.formats.pdf_lines import Line
from corpus.writer import clean

_EDGE_ROWS = 4  # so many rows at each edge are looked at
_SHOWN = 60  # letters
_ZONE = 0.2  # of the page's height, likewise
_SAME_HEIGHT = 4.0  # points
_SEVERAL = 3  # pages that make a repetition; two, if there are not more than four
_LARGER = 1.15  # times the size of the text: a heading
_GAP = 0.6  # em between a running header and the text
_HEAD_GAP = 1.6  # em between the head of a table and its first row
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}$", re.IGNORECASE)
_PAGE = r"(?:page|seite|página|pagina|p\.|s\.)"
_NUMBER_ROW = re.compile(
    rf"{_PAGE}?\s*[-–—|(\[]?\s*(\d{{1,4}})\s*[-–—|)\]]?(?:\s*(?:of|/|von|de|sur)\s*\d{{1,4}})?$", re.IGNORECASE
)
_SAID_NUMBER = re.compile(
    rf"{_PAGE}\s*\d{{1,4}}(?:\s|$)|[-–—]\s*\d{{1,4}}\s*[-–—]$|\d{{1,4}}\s*(?:of|/)\s*\d{{1,4}}$", re.IGNORECASE
)
_LINE_NUMBERS = 5  # fewer numbers in the margin of a page count nothing
_PROSE = 25  # letters of a line that has a line number
_RUNNING = 0.3  # of the lines of running text begin with a small letter


@dataclass(slots=True)
class Sheet:
    """The lines of a page and its height in points."""

    lines: list[Line]
    width: float
    height: float


@dataclass(slots=True)
class _Row:
    """Lines at one height near an edge of a page."""

    page: int
    lines: list[Line]
    is_top: bool
    gap: float  # to the next row towards the middle of the page
    is_head: bool  # of a table

    @property
    def base(self) -> float:
        return self.lines[0].base

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def key(self) -> str:
        text = self.text.lower().strip()
        return "#" if _ROMAN.match(text) else " ".join(_DIGITS.sub("#", text).split())


def strip_margins(sheets: list[Sheet]) -> list[str]:
    """Take out of the pages, in place, what repeats in their margins; return what that is, in words, each once."""
    numbered = [_strip_line_numbers(sheet) for sheet in sheets]
    edges = [(_rows(number, sheet, True), _rows(number, sheet, False)) for number, sheet in enumerate(sheets)]
    running = _repeated([row for tops, bottoms in edges for row in (*tops, *bottoms)], len(sheets))
    running -= _headings([row for tops, _ in edges for row in tops], _text_size(sheets))
    said: dict[str, str] = {}
    for number, sides in enumerate(edges):
        gone: set[int] = set()
        for rows in sides:
            # From the edge inwards, up to the first row that does not repeat.
            taken = []
            for row in rows:
                if id(row) not in running:
                    break
                taken.append(row)
            while taken and (taken[-1].gap < _GAP * taken[-1].lines[0].size or taken[-1].is_head):
                taken.pop()
            for row in taken:
                gone.update(map(id, row.lines))
                if any(one.isalpha() for one in row.text) and not _NUMBER_ROW.match(row.text):
                    said.setdefault(row.key, row.text)
        sheets[number].lines = [line for line in sheets[number].lines if id(line) not in gone]
    notes = [f"a line in the margin that repeats on pages: “{shortened(text)}”" for text in said.values()]
    return ["the numbers of lines in the margin", *notes] if any(numbered) else notes


def shortened(text: str) -> str:
    """Return the beginning of a text, to show which one is meant."""
    text = clean(text)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"


def _rows(page: int, sheet: Sheet, is_top: bool) -> list[_Row]:
    """Return the rows of a page at one edge, from there inwards."""
    rows: list[list[Line]] = []
    for line in sorted(sheet.lines, key=lambda one: one.base, reverse=not is_top):
        if rows and abs(rows[-1][0].base - line.base) < 3:
            rows[-1].append(line)
        elif len(rows) > _EDGE_ROWS:
            break
        else:
            rows.append([line])
    made = []
    for place, row in enumerate(rows[:_EDGE_ROWS]):
        height = row[0].base / sheet.height
        if (height > _ZONE) if is_top else (height < 1 - _ZONE):
            break
        after = rows[place + 1] if place + 1 < len(rows) else None
        gap = 1e9
        if after is not None:
            upper, lower = (row, after) if is_top else (after, row)
            gap = min(line.top for line in lower) - max(line.bottom for line in upper)
        row.sort(key=lambda line: line.left)
        below = [line for near in rows[place + 1 : place + 4] for line in near]  # cells may be set at their middle
        made.append(_Row(page, row, is_top, gap, is_top and _stands_over(row, below, gap)))
    return made


def _stands_over(row: list[Line], after: list[Line], gap: float) -> bool:
    """Whether the next rows stand in the columns of a row, as below the head of a table."""
    if len(row) < 2:
        return False
    lefts = [line.left for line in after]
    if sum(any(abs(line.left - left) < 3 for left in lefts) for line in row) >= min(len(row), 3):
        return True
    over = all(any(line.left < other.right and other.left < line.right for other in after) for line in row)
    return over and len(row) >= 3 and len(row) <= len(after) and gap < _HEAD_GAP * row[0].size


def _repeated(rows: list[_Row], pages: int) -> set[int]:
    """Return the identities of rows that repeat, or that count the pages."""
    several = _SEVERAL if pages > 4 else 2
    found: set[int] = set()
    groups: defaultdict[tuple[bool, str], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row.is_top, row.key].append(row)
    for alike in groups.values():
        for row in alike:
            near = {other.page for other in alike if abs(other.base - row.base) <= _SAME_HEIGHT} if len(alike) < 400 else set()
            if (len(near) >= several or len(alike) >= 400) and row.key != "#":
                found.add(id(row))
    found |= _counting(rows, several)
    for row in rows:
        text = row.text.strip()
        match = _NUMBER_ROW.match(text)
        is_lone = match is not None and pages == 1 and not row.is_top and int(match.group(1)) == row.page + 1
        is_roman = pages > 1 and len(row.lines) == 1 and row.gap > row.lines[0].size and _ROMAN.match(text)
        if is_roman or is_lone or any(len(line.text) <= 20 and _SAID_NUMBER.match(line.text.strip()) for line in row.lines):
            found.add(id(row))
    return found


def _text_size(sheets: list[Sheet]) -> float:
    """Return the size in points that most letters have; 0 without letters."""
    letters: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            letters[round(2 * line.size) / 2] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _headings(rows: list[_Row], size: float) -> set[int]:
    """Return the identities of rows that are headings by their size, and whose words no other page repeats."""
    pages: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        pages[row.text].add(row.page)
    return {
        id(row)
        for row in rows
        if len(pages[row.text]) == 1
        and min(line.size for line in row.lines) >= _LARGER * size
        and sum(one.isalpha() for one in row.text) > 2
    }


def _counting(rows: list[_Row], several: int) -> set[int]:
    """Return the identities of rows that hold, first or last, a number which grows with the pages."""
    counted: Counter[tuple[bool, int, int]] = Counter()
    offers: list[tuple[_Row, tuple[bool, int, int]]] = []
    for row in rows:
        ends = {*_DIGITS.findall(row.text)[:1], *_DIGITS.findall(row.text)[-1:]}
        alone = _NUMBER_ROW.match(row.text.strip()) is not None
        edges = {row.text.split()[0], row.text.split()[-1]} if row.text.split() else set()
        for end in ends:
            if len(end) <= 4 and (alone or end in edges):
                key = (row.is_top, int(end) - row.page, round(row.base / (2 * _SAME_HEIGHT)))
                counted[key] += 1
                offers.append((row, key))
    return {
        id(row)
        for row, key in offers
        # The height may fall on the edge of two classes.
        if sum(counted[key[0], key[1], key[2] + step] for step in (-1, 0, 1)) >= several
    }


def _strip_line_numbers(sheet: Sheet) -> bool:
    """Take out numbers in the margin that count the lines of running text; return whether there are any."""
    numbers = [line for line in sheet.lines if line.text.isdecimal() and len(line.text) <= 4]
    others = [line for line in sheet.lines if len(line.text) >= _PROSE]
    running = sum(line.text[:1].islower() for line in others)
    if len(numbers) < _LINE_NUMBERS or len(others) < _LINE_NUMBERS or running < _RUNNING * len(others):
        return False
    known = set(map(id, numbers))
    rest = [line for line in sheet.lines if id(line) not in known]
    left, right = min(line.left for line in rest), max(line.right for line in rest)
    for side in ([one for one in numbers if one.right < left], [one for one in numbers if one.left > right]):
        side.sort(key=lambda line: line.base)
        values = [int(line.text) for line in side]
        steps = Counter(after - before for before, after in zip(values, values[1:], strict=False))
        if len(side) < _LINE_NUMBERS or not steps:
            continue
        step, times = steps.most_common(1)[0]
        beside = sum(any(abs(other.base - line.base) < 0.5 * line.size for other in others) for line in side)
        if step in (1, 5, 10) and times >= 0.8 * (len(values) - 1) and beside >= 0.4 * len(side):
            gone = set(map(id, side))
            sheet.lines = [line for line in sheet.lines if id(line) not in gone]
            return True
    return False
