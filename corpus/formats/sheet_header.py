"""Which rows of a table are titles above it, which name its columns, and what the names are.

Nothing in a sheet says so for certain. A row names columns if it is text over numbers or dates, or bold over what is not, or
years in a row after a label; and in a table of text alone if nothing speaks against it. Where there is no such row, values
stand without names: a missing name is a smaller fault than a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.formats.grid import Cell, Region, Row

_PLACEHOLDERS = frozenset("- – — -- ? . n/a na n.a. nd n.d. none nil null nan unknown tbd".split())
_LONG_NAME = 120
_MOSTLY = 0.6
_LOOK = 200  # rows that are looked at to find out what a table holds
_MAX_HEADER = 4
_YEAR = re.compile(r"(?:18|19|20|21)\d\d(?:[/–-]\d{2,4})?\Z")
_AMOUNT = re.compile(r"[<>≤≥~±]?\s?[-+]?\d[\d.,–-]*\s?(?:[a-zA-Zµμ°%][\w°%/²³·^-]{0,14})\Z")  # "50 mg", "10 mg/kg"
_LABEL = re.compile(r".*:\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class Header:
    """What names the columns of a table.

    Attributes:
        rows: How many rows at its top.
        names: The name of each column; empty for one without.
        is_bold: Whether they are set off by bold type.
        is_certain: Whether more than the usual order of things speaks for it.
    """

    rows: int
    names: dict[int, str]
    is_bold: bool = False
    is_certain: bool = False


def count_titles(region: Region) -> int:
    """Return how many rows at the top stand above the table: fewer cells, from its left edge on, than the table has."""
    if len(region.columns) == 1:
        return 0
    fills = sorted(len(row.cells) for row in region.rows[:_LOOK])
    usual = fills[len(fills) // 2]
    most = max(1, usual // 2) if usual > 2 else 1
    count = 0
    for row in region.rows[:-1]:
        filled = list(row.cells)
        is_left = filled == region.columns[: len(filled)]
        if len(filled) > most or not is_left or any(cell.merged for cell in row.cells.values()):
            break
        if row.cells[filled[0]].typed:
            break
        count += 1
    rest = region.rows[count:]
    return count if any(len(row.cells) > most for row in rest[:_LOOK]) else 0


def is_label(cell: Cell) -> bool:
    """Whether a cell is written as the name of what stands right of it: "Date of birth:"."""
    return not cell.typed and len(cell.text) <= _LONG_NAME and _LABEL.match(cell.text) is not None


def is_form(region: Region) -> bool:
    """Whether a region is labels on the left and what they label on the right, without names of columns."""
    if len(region.columns) != 2 or len(region.rows) < 2:
        return False
    left, right = region.columns
    rows = [region.rows[0], *_without_repeats(region.rows[1:_LOOK], region.rows[0])]
    labels = [row.cells[left] for row in rows if left in row.cells]
    values = [row.cells[right] for row in rows[1:] if right in row.cells]
    if len(labels) < len(rows) or any(label.typed or len(label.text) > _LONG_NAME for label in labels):
        return False
    if sum(map(is_label, labels)) > len(labels) / 2:
        return True
    first = rows[0].cells.get(right)
    labels_bold = all(label.bold for label in labels)
    if first is not None and first.typed:
        return not (first.bold and labels[0].bold)
    if first is not None and first.bold and not labels_bold:
        return False
    if labels_bold and not any(value is not None and value.bold for value in (first, *values)):
        return True
    known = [value for value in values if not _is_placeholder(value)]
    typed = sum(value.typed or _is_amount(value) for value in known)
    return 0 < typed < len(known) and len(rows) > 2


def find_header(region: Region, rows_known: int | None = None) -> Header | None:
    """Return the header of a region without titles above it; None if it has none.

    :param rows_known: How many rows the file itself says name the columns, if it does.
    """
    if rows_known is not None:
        count = max(rows_known, _spanned_rows(region)) if rows_known else 0
        return _header(region, min(count, len(region.rows)), is_certain=True) if count else None
    if len(region.rows) < 2:
        return None
    first, second = region.rows[0], region.rows[1]
    count = _spanned_rows(region)
    body = _without_repeats(region.rows[count : count + _LOOK], first)
    if not body or not _can_name(region.rows[:count]):
        return None
    is_bold = all(cell.bold for cell in first.cells.values()) and not all(cell.bold for cell in body[0].cells.values())
    over_other = _stands_over_typed(region.rows[count - 1], body) or _counts_over_text(first, body)
    if not (is_bold or over_other or count > 1 or _can_be_names(first, body, region.columns)):
        return None
    if _names_first_column(region, count):
        count += 1
    elif count == 1 and len(region.rows) > 2 and _is_second_header(region, first, second, region.rows[2:][:_LOOK]):
        count = 2
    return _header(region, count, is_bold=is_bold, is_certain=is_bold or over_other or count > 1)


def _without_repeats(rows: list[Row], first: Row) -> list[Row]:
    """Return rows without those that say the first one again, as the names of columns do on every printed page."""
    texts = [cell.text for cell in first.cells.values()]
    return [row for row in rows if [cell.text for cell in row.cells.values()] != texts]


def _header(region: Region, count: int, *, is_bold: bool = False, is_certain: bool = False) -> Header:
    rows = region.rows[:count]
    names: dict[int, str] = {}
    above: list[dict[int, str]] = [_filled(row, region.columns, below) for row, below in zip(rows, rows[1:], strict=False)]
    texts = [*above, {column: cell.text for column, cell in rows[-1].cells.items()}] if rows else []
    for column in region.columns:
        parts: list[str] = []
        for row in texts:
            part = " ".join(row.get(column, "").split())
            if part and (not parts or parts[-1] != part):
                parts.append(part)
        names[column] = " ".join(parts)
    return Header(count, names, is_bold, is_certain)


def _filled(row: Row, columns: list[int], below: Row) -> dict[int, str]:
    """Return the names of an upper row, each also over the empty cells to its right that have a name below."""
    names = {column: cell.text for column, cell in row.cells.items()}
    last = ""
    for column in columns:
        cell = row.cells.get(column)
        if cell is not None:
            under = below.cells.get(column)
            last = cell.text if under is not None and under.merged != (cell.merged or -1) else ""
        elif column in below.cells and last:
            names[column] = last
    return names


def _spanned_rows(region: Region) -> int:
    """Return how many rows the header has by its merged cells: one over several columns has names below it."""
    count = 1
    while count < min(_MAX_HEADER, len(region.rows) - 1):
        row, after = region.rows[count - 1], region.rows[count]
        merged = [cell.merged for cell in row.cells.values() if cell.merged]
        is_wide = len(merged) > len(set(merged))
        above = {column: cell.merged for column, cell in row.cells.items() if cell.merged}
        reaches_down = any(cell.merged and cell.merged == above.get(column) for column, cell in after.cells.items())
        is_text = all(not cell.typed or _is_year(cell) for cell in after.cells.values())
        if not (is_wide or reaches_down) or not is_text:
            break
        count += 1
    return count


def _can_name(rows: list[Row]) -> bool:
    """Whether rows are all of short text, with years and dates in their order at most."""
    for row in rows:
        cells = list(row.cells.values())
        typed = [cell for cell in cells if cell.typed]
        if any(len(cell.text) > _LONG_NAME or _is_placeholder(cell) for cell in cells):
            return False
        is_set_off = all(cell.bold for cell in cells) and len(typed) < len(cells)
        if typed and not (is_set_off or _are_years(cells, typed) or _is_count(cells)):
            return False
    return True


def _are_years(cells: list[Cell], typed: list[Cell]) -> bool:
    """Whether typed cells are years in a row (2019, 2020, 2021) after at most two labels, or between names of columns."""
    texts = [cell.text for cell, before in zip(typed, [None, *typed], strict=False) if not cell.merged or cell != before]
    is_ordered = texts == sorted(set(texts)) or texts == sorted(set(texts), reverse=True)
    return all(map(_is_year, typed)) and is_ordered and len(typed) > 1 and len(cells) - len(typed) <= max(2, len(typed))


def _is_count(cells: list[Cell]) -> bool:
    """Whether cells are a label and numbers that count up: Visit, 1, 2, 3."""
    numbers = [cell.text for cell in cells[1:]]
    if len(numbers) < 3 or cells[0].typed or not numbers[0].isdecimal() or len(numbers[0]) > 4:
        return False
    return numbers == [str(int(numbers[0]) + place) for place in range(len(numbers))]


def _counts_over_text(row: Row, body: list[Row]) -> bool:
    """Whether numbers that count up stand over text: they number the columns."""
    below = [cell for one in body for column, cell in one.cells.items() if row.cells.get(column, Cell("")).typed]
    return _is_count(list(row.cells.values())) and sum(not cell.typed for cell in below) > len(below) / 2


def _names_first_column(region: Region, count: int) -> bool:
    """Whether the row below a header is the name of the first column alone, as pandas writes an index below its columns."""
    first = region.columns[0]
    row = region.rows[count]
    is_free = all(first not in one.cells for one in region.rows[:count])
    return is_free and list(row.cells) == [first] and not row.cells[first].typed and count + 1 < len(region.rows)


def _is_year(cell: Cell) -> bool:
    return _YEAR.match(cell.text) is not None


def _is_placeholder(cell: Cell) -> bool:
    return cell.text.strip().lower() in _PLACEHOLDERS


def _stands_over_typed(row: Row, body: list[Row]) -> bool:
    """Whether each column of numbers or dates has text (or a year) above it, and there is such a column."""
    found = False
    for column, cell in row.cells.items():
        below = [one.cells[column] for one in body if column in one.cells]
        below = [one for one in below if not _is_placeholder(one)]
        amounts = sum(not one.typed and _is_amount(one) for one in below)
        if below and sum(one.typed for one in below) + amounts >= _MOSTLY * len(below):
            if cell.typed and (not _is_year(cell) or sum(map(_is_year, below)) > len(below) / 2):
                return False
            if _is_amount(cell) and amounts > len(below) / 2:
                return False
            found = True
    return found


def _is_amount(cell: Cell) -> bool:
    return len(cell.text) <= 40 and _AMOUNT.match(cell.text) is not None


def _can_be_names(row: Row, body: list[Row], columns: list[int]) -> bool:
    """Whether nothing speaks against a row of text over rows of text as their names."""
    texts = [cell.text.strip().casefold() for cell in row.cells.values()]
    width = len(columns)
    is_whole = len(texts) == width or (len(texts) == width - 1 > 1 and columns[0] not in row.cells)
    if width < 2 or not is_whole or len(set(texts)) < len(texts):
        return False
    if any(cell.typed or cell.text.rstrip().endswith((".", "!", ";")) for cell in row.cells.values()):
        return False
    return not any(
        one.cells[column].text.strip().casefold() == cell.text.strip().casefold()
        for column, cell in row.cells.items()
        for one in body
        if column in one.cells and not one.cells[column].merged
    )


def _is_second_header(region: Region, first: Row, second: Row, body: list[Row]) -> bool:
    """Whether the second row goes on with the names: units, or the names below a name over several columns."""
    if not body or any(cell.typed or _is_placeholder(cell) or len(cell.text) > _LONG_NAME for cell in second.cells.values()):
        return False
    if not _stands_over_typed(second, body):
        return False
    has_gaps = any(column not in first.cells for column in second.cells)
    lacks_label = region.columns[0] not in second.cells
    both_bold = all(cell.bold for row in (first, second) for cell in row.cells.values())
    return (has_gaps or lacks_label or both_bold) and not all(cell.bold for cell in body[0].cells.values())
