"""Cells in rows and columns, and the tables among them: they stand apart by empty rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_NAMES_BELOW = 3  # rows of names that may stand below a name over several columns
_MAX_DEPTH = 8  # cuts within cuts: tables beside tables below tables
_NUMBER = r"[<>≤≥≈~±]?\s?[-+−(]?\s?[$€£¥₹]?\s?\d[\d.,'’ \xa0\u202f]*(?:[eE][-+]?\d+)?\s?[%‰)$€£¥]?"
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:?\d\d)?)?"
_DATE_IN_WORDS = r"\d{1,2}[- .]{1,2}[A-Za-z]{3,9}[- .,]{1,2}\d{2,4}"
_TIME = r"\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?"
_TYPED = re.compile(rf"(?:{_NUMBER}|{_DATE}|{_DATE_IN_WORDS}|{_TIME}|true|false)\Z", re.IGNORECASE)
_TYPED_LENGTH = 40


def looks_typed(text: str) -> bool:
    """Whether a text is a number, an amount of money, a date, a time or a truth value."""
    return len(text) <= _TYPED_LENGTH and _TYPED.match(text) is not None


class Cell(NamedTuple):
    """A cell that is not empty.

    Attributes:
        text: What is seen in it.
        typed: Whether it is a number, a date, a time or a truth value.
        bold: Whether all of it is bold.
        merged: Which merged range it belongs to, the same number for all of its cells; 0 for none.
    """

    text: str
    typed: bool = False
    bold: bool = False
    merged: int = 0


class Row(NamedTuple):
    """A row that is not empty: its number, and its cells by the numbers of their columns, from left to right."""

    number: int
    cells: dict[int, Cell]


@dataclass(frozen=True)
class Region:
    """Rows and columns that stand together.

    Attributes:
        rows: The rows, none of them empty, without gaps between their numbers.
        columns: Numbers of the columns that are not empty, from left to right.
    """

    rows: list[Row]
    columns: list[int]


def make_region(rows: list[Row]) -> Region:
    """Return rows as a region."""
    return Region(rows, sorted({column for row in rows for column in row.cells}))


def is_banner(row: Row) -> bool:
    """Whether a row is one merged cell over several columns."""
    merged = {cell.merged for cell in row.cells.values()}
    return len(row.cells) > 1 and len(merged) == 1 and 0 not in merged


def find_regions(rows: list[Row], *, split_columns: bool = True) -> Iterator[Region]:
    """Yield the regions of a sheet, from top to bottom, those beside each other from left to right.

    A row that is one merged cell over several columns is a region of its own: a title, or a line between parts of a table.

    :param rows: In order of their numbers.
    :param split_columns: Whether an empty column parts tables; in a CSV file it is one that nobody filled in.
    """
    yield from _cut(rows, split_columns, 0)


def _cut(rows: list[Row], split_columns: bool, depth: int) -> Iterator[Region]:
    for band in _bands(rows):
        region = make_region(band)
        groups = _groups(region.columns) if split_columns and depth < _MAX_DEPTH else [region.columns]
        if len(groups) > 1 and not _has_spacers(band, groups):
            for part in _parts(band, groups):
                yield from _cut(part, split_columns, depth + 1)
        else:
            yield region


def _bands(rows: list[Row]) -> Iterator[list[Row]]:
    band: list[Row] = []
    for position, row in enumerate(rows):
        banner = is_banner(row) and not _is_group_name(row, rows[position + 1 : position + 1 + _NAMES_BELOW])
        if band and (banner or row.number != band[-1].number + 1):
            yield band
            band = []
        band.append(row)
        if banner:
            yield band
            band = []
    if band:
        yield band


def _is_group_name(row: Row, after: list[Row]) -> bool:
    """Whether the one cell of a row names several columns of the table below it, which has others left of these."""
    return any(below.number == row.number + place and min(below.cells) < min(row.cells) for place, below in enumerate(after, 1))


def _groups(columns: list[int]) -> list[list[int]]:
    groups = [columns[:1]]
    for before, column in pairwise(columns):
        if column == before + 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _parts(rows: Iterable[Row], groups: list[list[int]]) -> list[list[Row]]:
    """Part rows by groups of columns."""
    group_of = {column: number for number, group in enumerate(groups) for column in group}
    parts: list[list[Row]] = [[] for _ in groups]
    for row in rows:
        cells: dict[int, dict[int, Cell]] = {}
        for column, cell in row.cells.items():
            cells.setdefault(group_of[column], {})[column] = cell
        for number, own in cells.items():
            parts[number].append(Row(row.number, own))
    return parts


def _has_spacers(rows: list[Row], groups: list[list[int]]) -> bool:
    """Whether the empty columns are only for the looks: what stands right of them are numbers without labels of their own."""
    for group in groups[1:]:
        below = [row.cells[group[0]] for row in rows[1:] if group[0] in row.cells]
        if not below or len(below) < 0.8 * (len(rows) - 1) or not all(cell.typed for cell in below):
            return False
    return True
