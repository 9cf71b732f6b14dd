"""Tables: lines in columns that do not run on by themselves, with or without ruled lines.

Columns are parted by the white between them; lines across a gutter span columns. Rows are parted by ruled lines where a grid
is drawn, else by where lines begin: a line goes on in the row above only where its first column is empty, or where it is set
tighter than rows are, under a cell that is full, and is no number. A number never moves to another row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.formats.pdf_lines import Line

_FIGURES = re.compile(r"[\s\d.,%()\[\]<>≤≥=~≈+\-–−±×/*†‡§p$€£·:^]+(?:mg|kg|ml|g|mm|cm|%|years?|days?|weeks?|months?)?$")
_LOOSE = 0.25  # em by which rows stand farther apart than the lines of a cell
_FULL = 0.6  # of its column's width: a shorter line was not wrapped
_ALIGNED = 1.5  # points
_MAX_NAME = 80  # characters of a column name
_CROSSING = 0.12  # of the rows may cross a gutter


@dataclass(slots=True)
class Rules:
    """The ruled lines of a page: level ones as (y, left, right), upright ones as (x, top, bottom)."""

    level: list[tuple[float, float, float]] = field(default_factory=list)
    upright: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table.

    Attributes:
        names: Name of each column; empty where the table has none.
        rows: Lines of each cell, by row and column; without the rows that name the columns.
        heads: The lines of the rows that name the columns.
        columns: Left end of each column, to recognise the table on the next page.
    """

    names: list[str]
    rows: list[list[list[Line]]]
    heads: list[Line]
    columns: list[float]


Gutter = tuple[float, float]


def line_columns(lines: list[Line], gutters: list[Gutter]) -> list[list[Line]]:
    """Sort lines into the columns that gutters part; each goes where its middle is."""
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in lines:
        columns[_column_of(line, gutters)].append(line)
    return columns


def _column_of(line: Line, gutters: list[Gutter]) -> int:
    middle = (line.left + line.right) / 2
    return sum(middle > (left + right) / 2 for left, right in gutters)


def find_table(lines: list[Line], gutters: list[Gutter], rules: Rules, *, is_sure: bool) -> Table | None:
    """Return the table that the lines of a band are, or None.

    :param lines: All lines of the band.
    :param gutters: White that runs through all of it.
    :param is_sure: Whether it is one even without ruled lines: its columns are no running text, and stand on common baselines.
    """
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    levels = _levels(rules, gutters, (left, top, right, bottom))
    inner = [y for y in levels if top < y < bottom]
    if not is_sure and not inner:
        return None
    gutters = _better_gutters(lines, gutters)
    is_grid = len(inner) >= 2 and _has_uprights(rules, gutters, top, bottom)
    rows = _rows(lines, gutters, inner, is_grid)
    if len(rows) < 2 or (len(rows) < 3 and not inner and not _is_regular(rows)):
        return None
    width = len(gutters) + 1
    several = sum(sum(bool(cell) for cell in row) >= 2 for row in rows)
    if several < 2 or several < 0.5 * len(rows):
        return None
    heads = _head_rows(rows, inner, is_grid)
    names: list[str] = []
    if heads:
        names = _names(rows[:heads], gutters, width)
        if len(rows) - heads < 1 or not _are_names(names):
            heads, names = 0, []
    head_lines = [line for row in rows[:heads] for cell in row for line in cell]
    columns = [min((line.left for row in rows for line in row[place]), default=left) for place in range(width)]
    return Table(names, rows[heads:], head_lines, columns)


def _levels(rules: Rules, gutters: list[Gutter], box: tuple[float, float, float, float]) -> list[float]:
    """Return the heights, from the top down, of ruled lines that cross a gutter of the band."""
    left, top, right, bottom = box
    pieces: dict[int, list[tuple[float, float]]] = {}
    for y, start, end in rules.level:
        if top - 30 < y < bottom + 30 and start < right and end > left:
            pieces.setdefault(round(y / 2), []).append((start, end))
    heights = []
    for key, spans in pieces.items():
        # A row of cells may be underlined cell by cell: what counts is how many columns are.
        under = [any(start <= (a + b) / 2 <= end for start, end in spans) for a, b in gutters]
        length = sum(min(end, right) - max(start, left) for start, end in spans)
        if (any(under) or len(spans) > 1) and length >= 0.5 * (right - left):
            heights.append(key * 2.0)
    heights.sort()
    return [y for place, y in enumerate(heights) if place == 0 or y - heights[place - 1] > 4]


def _has_uprights(rules: Rules, gutters: list[Gutter], top: float, bottom: float) -> bool:
    """Whether ruled lines run down most gutters."""
    drawn = 0
    for left, right in gutters:
        length = sum(
            min(low, bottom) - max(high, top)
            for x, high, low in rules.upright
            if left - 3 <= x <= right + 3 and low > top and high < bottom
        )
        drawn += length >= 0.5 * (bottom - top)
    return drawn >= 0.5 * len(gutters)


def _better_gutters(lines: list[Line], gutters: list[Gutter]) -> list[Gutter]:
    """Return the gutters of a table when the few lines that span columns are left aside."""
    if len(lines) <= 6:
        return gutters
    rows = len({round(line.base / 3) for line in lines})
    spare = max(1, int(_CROSSING * rows))
    events = sorted([(line.left, 1) for line in lines] + [(line.right, -1) for line in lines])
    found: list[Gutter] = []
    depth, start = 0, None
    first, last = min(line.left for line in lines), max(line.right for line in lines)
    least = 0.6 * min(line.size for line in lines)
    for x, step in events:
        depth += step
        if depth <= spare and start is None and x > first:
            start = x
        elif depth > spare and start is not None:
            if x - start >= least and x < last:
                found.append((start, x))
            start = None
    whole = [gutter for gutter in found if any(line.right <= gutter[0] + 1 for line in lines)]
    return _kept(whole, lines, gutters)


def _kept(found: list[Gutter], lines: list[Line], gutters: list[Gutter]) -> list[Gutter]:
    """Keep the finer gutters only if each column that they make has at least two lines, and none of the old ones is lost."""
    if len(found) <= len(gutters):
        return gutters
    inside = [line for line in lines if not any(line.left < a and line.right > b for a, b in found)]
    return found if all(len(column) >= 2 for column in line_columns(inside, found)) else gutters


Row = list[list[Line]]


def _rows(lines: list[Line], gutters: list[Gutter], inner: list[float], is_grid: bool) -> list[Row]:
    """Cut a band into rows of cells."""
    intervals: list[list[Line]] = [[] for _ in range(len(inner) + 1)]
    for line in lines:
        intervals[sum((line.top + line.bottom) / 2 > y for y in inner)].append(line)
    intervals = [interval for interval in intervals if interval]
    rows: list[Row] = []
    for interval in intervals:
        if is_grid:
            rows.append(_cells(interval, gutters))
        else:
            rows.extend(_rows_by_place(interval, gutters, len(intervals)))
    return rows


def _cells(lines: list[Line], gutters: list[Gutter]) -> Row:
    columns = line_columns(lines, gutters)
    return [sorted(column, key=lambda line: (round(line.base), line.left)) for column in columns]


def _rows_by_place(lines: list[Line], gutters: list[Gutter], intervals: int) -> list[Row]:
    """Cut lines between two ruled lines into rows, by where they begin."""
    strips: list[list[Line]] = []
    bottom = 0.0
    for line in sorted(lines, key=lambda one: one.top):
        if strips and line.top < bottom - 0.1 * line.size:
            strips[-1].append(line)
            bottom = max(bottom, line.bottom)
        else:
            strips.append([line])
            bottom = line.bottom
    gaps = [
        min(line.top for line in after) - max(line.bottom for line in before)
        for before, after in zip(strips, strips[1:], strict=False)
    ]
    rows: list[Row] = []
    tightest = min(gaps, default=0.0)
    is_spread = bool(gaps) and max(gaps) - tightest > _LOOSE * lines[0].size
    widths = _widths(lines, gutters)
    for place, strip in enumerate(strips):
        cells = _cells(strip, gutters)
        is_tight = place > 0 and gaps[place - 1] <= tightest + _LOOSE * strip[0].size
        if rows and is_tight and _goes_on(rows[-1], cells, widths, is_spread or (intervals > 2 and len(strips) > 1)):
            for cell, more in zip(rows[-1], cells, strict=True):
                cell.extend(more)
        else:
            rows.append(cells)
    return rows


def _widths(lines: list[Line], gutters: list[Gutter]) -> list[float]:
    columns = line_columns(lines, gutters)
    return [max((line.right - line.left for line in column), default=0.0) for column in columns]


def _goes_on(row: Row, cells: Row, widths: list[float], may_be_wrapped: bool) -> bool:
    """Whether the cells of a strip are further lines of a row's cells."""
    under = [place for place, cell in enumerate(cells) if cell]
    if not all(row[place] for place in under):
        return False  # something under nothing
    if not cells[0] and row[0] and len(under) < len(cells):
        return all(not is_figure(cells[place][0].text) for place in under)
    if not may_be_wrapped or len(under) == sum(bool(cell) for cell in row) and len(under) > 1 and len(under) == len(cells):
        return False
    return all(
        not is_figure(cells[place][0].text) and row[place][-1].right - row[place][-1].left >= _FULL * widths[place]
        for place in under
    )


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, with its unit, signs and brackets."""
    return any(one.isdigit() for one in text) and _FIGURES.match(text) is not None


def _is_regular(rows: list[Row]) -> bool:
    """Whether every cell is filled, and each column begins or ends at one place."""
    if not all(all(cell for cell in row) for row in rows):
        return False
    for column in zip(*rows, strict=True):
        lefts, rights = [cell[0].left for cell in column], [cell[0].right for cell in column]
        if min(max(lefts) - min(lefts), max(rights) - min(rights)) > _ALIGNED:
            return False
    return True


def _head_rows(rows: list[Row], inner: list[float], is_grid: bool) -> int:
    """Return how many rows at the top name the columns: 0 where that is not sure."""
    first = [line for cell in rows[0] for line in cell]
    bold = 0
    for row in rows[:3]:
        lines = [line for cell in row for line in cell]
        if not all(line.bold for line in lines):
            break
        bold += 1
    body_is_bold = all(line.bold for row in rows[1:] for cell in row for line in cell)
    if bold and not body_is_bold and bold < len(rows):
        return bold
    if inner and not is_grid:
        above = sum(all(line.base < inner[0] for cell in row for line in cell) for row in rows[:4])
        if 0 < above <= 3 and above < len(rows) and len(rows) - above >= 1:
            return above
    columns = range(len(rows[0]))
    below = [[" ".join(line.text for line in row[place]) for row in rows[1:] if row[place]] for place in columns]
    counted = [place for place in columns if below[place] and sum(map(is_figure, below[place])) >= 0.6 * len(below[place])]
    if any(is_figure(line.text) for line in first):
        return 0
    if len(rows) >= 3 and any(rows[0][place] for place in counted):
        return 1
    # A grid of words: three columns and more are named by their first row; two may be labels and what they stand for.
    return 1 if is_grid and len(rows) >= 3 and len(rows[0]) >= 3 and all(rows[0][1:]) else 0


def _names(heads: list[Row], gutters: list[Gutter], width: int) -> list[str]:
    """Return the names of the columns, from the top down; a line over several columns names each."""
    edges = [-1e9, *((left + right) / 2 for left, right in gutters), 1e9]
    names: list[list[str]] = [[] for _ in range(width)]
    for row in heads:
        for line in sorted((line for cell in row for line in cell), key=lambda one: one.base):
            for place in range(width):
                start, end = max(line.left, edges[place]), min(line.right, edges[place + 1])
                if end - start > min(0.3 * (line.right - line.left), 2 * line.size) and end > start:
                    names[place].append(line.text)
    return [" ".join(parts) for parts in names]


def _are_names(names: list[str]) -> bool:
    filled = [name for name in names if name]
    return len(filled) >= max(1, len(names) - 1) and all(len(name) <= _MAX_NAME for name in filled)
