"""The cells of one Excel sheet, as a person sees them."""

from __future__ import annotations

import io
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache

from lxml import etree

from corpus.formats.grid import Cell, Row, looks_typed
from corpus.formats.number_format import format_number, format_text, general, is_date_format
from corpus.formats.ooxml import is_true, local, whole_number
from corpus.formats.xlsx_styles import Style, run_text
from corpus.refusals import damaged

_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")
_MAX_COLUMN, _MAX_ROW = 16_384, 1_048_576
_MAX_REPEATED = 2_000_000  # places that merged cells may fill; real ones fill a few thousand
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass
class Sheet:
    """What is seen on a sheet, and what is not.

    Attributes:
        rows: Rows that are seen and not empty.
        filtered: The range of its filter, such as "A3:F90"; empty without one.
        hidden_rows: How many rows with something in them are hidden.
        hidden_row_numbers: Which rows are hidden.
        hidden_columns: Which columns with something in them are hidden.
        without_value: How many formulas have no stored value.
    """

    rows: list[Row] = field(default_factory=list)
    filtered: str = ""
    hidden_rows: int = 0
    hidden_row_numbers: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    without_value: int = 0


Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, all counted from 1 and included."""


def position(place: str) -> tuple[int, int] | None:
    """Return row and column, counted from 1, of a place such as "B3"; None if it is none."""
    found = _PLACE.match(place)
    if found is None:
        return None
    row, column = int(found.group(2)), column_number(found.group(1))
    return (row, column) if 0 < row <= _MAX_ROW and column else None


@lru_cache(maxsize=_MAX_COLUMN)
def column_number(letters: str) -> int:
    """Return a column's number, counted from 1: A is 1, AB is 28; 0 for what is no column."""
    if not 0 < len(letters) < 4 or not letters.isascii() or not letters.isalpha():
        return 0
    column = 0
    for letter in letters.upper():
        column = 26 * column + ord(letter) - 64
    return column if column <= _MAX_COLUMN else 0


def column_letters(column: int) -> str:
    """Return what a column is called: 1 is A, 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Reader:
    """Reads the sheets of one workbook.

    :param name: The file, for messages.
    :param texts: What cells name by number.
    :param styles: How cells are shown, which they name by number too.
    :param since_1904: Whether days count from 1904.
    :param is_stale: Whether the workbook asks to be calculated when it is opened: its writer did not calculate, and the
        zeros that it stored for formulas are no values.
    """

    def __init__(self, name: str, texts: list[str], styles: list[Style], *, since_1904: bool, is_stale: bool) -> None:
        self._name = name
        self._texts = texts
        self._styles = styles or [Style()]
        self._since_1904 = since_1904
        self._is_stale = is_stale
        self._shown = lru_cache(maxsize=100_000)(self._show)

    def read(self, content: bytes, member: str) -> Sheet:
        """Read a sheet, as its part of the archive.

        :raises DocumentError: it is not well-formed.
        """
        sheet = Sheet()
        columns_hidden: list[tuple[int, int]] = []
        merged: list[Range] = []
        number = 0
        try:
            for _, one in etree.iterparse(
                io.BytesIO(content),
                tag=("{*}row", "{*}col", "{*}mergeCell", "{*}autoFilter"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            ):
                kind = local(one)
                if kind == "row":
                    number = whole_number(one.get("r")) or number + 1
                    self._row(sheet, number, one)
                elif kind == "col" and is_true(one.get("hidden")):
                    columns_hidden.append((whole_number(one.get("min")), whole_number(one.get("max"))))
                elif kind == "mergeCell":
                    merged.extend(_range(one.get("ref", "")))
                elif kind == "autoFilter":
                    sheet.filtered = one.get("ref", "")
                one.clear()
                while one.getprevious() is not None:
                    del one.getparent()[0]
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise damaged(self._name, "Excel", f"{member} in it is not well-formed ({str(error)[:120]})") from error
        sheet.rows.sort(key=lambda row: row.number)
        _repeat_merged(sheet.rows, merged)
        _hide_columns(sheet, columns_hidden)
        return sheet

    def _row(self, sheet: Sheet, number: int, element: etree._Element) -> None:
        cells: dict[int, Cell] = {}
        column = 0
        missing = 0
        for one in element:
            column = column_number(one.get("r", "").rstrip("0123456789")) or column + 1
            cell, is_missing = self._cell(one)
            missing += is_missing
            if cell is not None:
                cells[column] = cell
        if is_true(element.get("hidden")):
            sheet.hidden_row_numbers.add(number)
            sheet.hidden_rows += bool(cells)
            return
        sheet.without_value += missing
        if cells:
            if list(cells) != sorted(cells):
                cells = dict(sorted(cells.items()))
            sheet.rows.append(Row(number, cells))

    def _cell(self, element: etree._Element) -> tuple[Cell | None, bool]:
        """Return a cell, None if it is empty, and whether it is a formula without a stored value."""
        if not len(element):  # one that only has a style, as in a million rows that somebody coloured
            return None, False
        kind, style = element.get("t", "n"), whole_number(element.get("s"))
        value: str | None = None
        is_formula = False
        for one in element:
            if one.tag.endswith("}v"):
                value = one.text
            elif one.tag.endswith("}f"):
                is_formula = True
            elif one.tag.endswith("}is"):
                value = run_text(one)
        if is_formula and kind != "str" and (not value or (self._is_stale and value == "0")):
            return None, True
        if not value:
            return None, False
        text, typed = self._shown(kind, value, style)
        is_bold = style < len(self._styles) and self._styles[style].is_bold
        return (Cell(text, typed, is_bold) if text else None), False

    def _show(self, kind: str, value: str, style: int) -> tuple[str, bool]:
        """Return what is shown for a stored value, and whether it is a number or the like."""
        code = self._styles[style].code if style < len(self._styles) else "General"
        if kind in ("s", "str", "inlineStr"):
            if kind == "s":
                value = self._texts[int(value)] if value.isdigit() and int(value) < len(self._texts) else ""
            text = format_text(_ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), value), code).strip()
            return text, looks_typed(text)
        if kind == "b":
            return ("FALSE" if value.strip() in ("0", "false") else "TRUE"), True
        if kind == "e":
            return value, True
        if kind == "d":
            return _iso(value, code), True
        try:
            number = float(value)
        except ValueError:
            return value.strip(), False
        if code == "General":
            return general(number) if abs(number) < float("inf") else value, True
        return format_number(number, code, since_1904=self._since_1904), True


def _iso(value: str, code: str) -> str:
    """Return a date that is stored as text (ISO 8601) as it is shown."""
    try:
        if _DAY.match(value):
            moment = datetime.fromisoformat(value)
        else:
            moment = datetime.combine(date(1899, 12, 30), time.fromisoformat(value))
    except ValueError:
        return value
    days = (moment.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / 86400
    return format_number(days, code) if is_date_format(code) else value


def _range(cells: str) -> list[Range]:
    first, _, last = cells.partition(":")
    start, end = position(first), position(last or first)
    return [(*start, *end)] if start and end and start <= end and start[1] <= end[1] else []


def _repeat_merged(rows: list[Row], merged: list[Range]) -> None:
    """Put the value of merged cells into all rows and columns that they govern and that hold anything."""
    numbers = [row.number for row in rows]
    columns = sorted({column for row in rows for column in row.cells})
    left = _MAX_REPEATED
    changed: set[int] = set()
    for mark, (top, first, bottom, last) in enumerate(merged, 1):
        below = range(bisect_left(numbers, top), bisect_right(numbers, bottom))
        across = columns[bisect_left(columns, first) : bisect_right(columns, last)]
        if not below or numbers[below[0]] != top or first not in rows[below[0]].cells:
            continue
        left -= len(below) * len(across)
        if left < 0:
            break
        cell = rows[below[0]].cells[first]._replace(merged=mark)
        for number in below:
            rows[number].cells.update(dict.fromkeys(across, cell))
        changed.update(below)
    for number in changed:
        cells = rows[number].cells
        ordered = sorted(cells.items())
        cells.clear()
        cells.update(ordered)


def _hide_columns(sheet: Sheet, hidden: list[tuple[int, int]]) -> None:
    """Take hidden columns out of the rows."""
    used = sorted({column for row in sheet.rows for column in row.cells})
    for first, last in hidden[:_MAX_COLUMN]:
        sheet.hidden_columns.update(used[bisect_left(used, first) : bisect_right(used, last)])
    if not sheet.hidden_columns:
        return
    for row in sheet.rows:
        for column in sheet.hidden_columns & row.cells.keys():
            del row.cells[column]
    sheet.rows = [row for row in sheet.rows if row.cells]
