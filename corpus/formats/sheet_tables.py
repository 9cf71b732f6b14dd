"""Writes the tables of a sheet: titles as headings, each row with its column names, forms as labels and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.formats.grid import Cell, Region, Row, find_regions, is_banner, make_region
from corpus.formats.sheet_header import Header, count_titles, find_header, is_form, is_label
from corpus.limits import Limits
from corpus.refusals import too_long
from corpus.writer import TextWriter

_ROW_LENGTH = 400  # characters; a longer row is written as several, each with its first cell: passages would cut it anywhere
_LONG_CELL = 300  # characters; a cell of more is prose, and is written as a paragraph, whose sentences can be quoted
_KEY_LENGTH = 80
_LOOK = 50  # rows that are looked at to see whether another table begins
_MAX_GAP = 2  # between the numbers of rows of one table: an empty row, or a line over all columns
_TITLE_ABOVE, _TITLE_LEFT = 5, 2  # rows and columns that a title may begin before its table
_TITLE_LENGTH, _TITLE_WORDS = 150, 20
_NOTE = re.compile(r"(?:[*†‡§¶#]|\(?[a-z\d]\)|notes?\b|source|legend|abbreviations?\b|footnotes?\b)", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", ";", ":", "。")


class TableWriter:
    """Writes cells in rows and columns with a `TextWriter`.

    :param level: The level as a heading of a title over titles; that of a table's title is one below.
    :param name: The file, for the message when it is too long.
    """

    def __init__(self, writer: TextWriter, *, level: int, name: str, limits: Limits) -> None:
        self._writer = writer
        self._level = level
        self._name = name
        self._limits = limits

    def write(
        self, rows: list[Row], *, title: str = "", split_columns: bool = True, headers: Mapping[int, int] | None = None
    ) -> None:
        """Write all tables among rows.

        :param rows: In order of their numbers.
        :param title: What stands above all of them; written once more where the title of one table would seem to go on for
            another one that stands beside it.
        :param split_columns: Whether an empty column parts tables.
        :param headers: Where the file itself says so: number of a table's first row → how many rows name its columns.
        :raises DocumentError: the text grows beyond the limit.
        """
        known = headers or {}
        found = find_regions(rows, split_columns=split_columns)
        regions = [part for region in _joined(found) for part in _parted(region)]
        header: Header | None = None
        before: Region | None = None
        titled: set[int] = set()  # columns below the last title
        is_new = False
        for position, region in enumerate(regions):
            after = regions[position + 1 : position + 3]
            if _is_title(region, after):
                is_inner = before is not None and region.rows[0].number == before.rows[-1].number + 1
                depth = 2 if is_inner and header else 0 if _is_title(after[0], after[1:]) else 1
                self._titles(region.rows, self._level + depth)
                titled, is_new = set(region.columns), is_new or not is_inner
                continue
            if _heads_what_follows(region, after):
                header, before, is_new = find_header(region, 1), region, False
                continue
            titles, table = _titled(region)
            self._titles(titles, self._level + (len(titles) == 1))
            if titles:
                titled = set(region.columns)
            elif is_new:
                titled |= set(region.columns)
            elif title and titled and titled.isdisjoint(region.columns):
                self._writer.heading(title, self._level - 1)
                titled = set()
            header = _header(table, known.get(table.rows[0].number), header, before, is_new=bool(titles) or is_new)
            self._table(table, header)
            before, is_new = table, False

    def _titles(self, rows: list[Row], level: int) -> None:
        """Write the lines above a table: the first one that reads like a title as a heading."""
        has_heading = False
        for row in rows:
            cell = next(iter(row.cells.values()))
            if len(row.cells) > 1 and not is_banner(row):
                self._writer.row(_pair(row) if len(row.cells) == 2 else _labelled(row))
            elif not has_heading and _reads_like_title(cell.text):
                self._writer.heading(cell.text, level)
                has_heading = True
            else:
                self._writer.paragraph(cell.text)

    def _table(self, region: Region, header: Header | None) -> None:
        is_list = header is None and (len(region.columns) == 1 or is_banner(region.rows[0]))
        names = header.names if header else {}
        repeated = [name for name in names.values() if name]
        for row in region.rows[header.rows if header else 0 :]:
            if len(row.cells) == len(repeated) and all(cell.text == names.get(column) for column, cell in row.cells.items()):
                continue  # the header again, as at the top of every printed page
            if is_list:
                self._writer.paragraph(next(iter(row.cells.values())).text)
            elif not self._line(row, region):
                if header:
                    self._row([(names.get(column, ""), cell.text) for column, cell in row.cells.items()])
                else:
                    self._row(_pair(row) if list(row.cells) == region.columns[:2] else _labelled(row))
            if self._writer.length > self._limits.characters:
                raise too_long(self._name, self._writer.length, self._limits)

    def _line(self, row: Row, region: Region) -> bool:
        """Write a row of one cell at the left edge as a note or a subheading, if it is one."""
        column, cell = next(iter(row.cells.items()))
        if len(row.cells) > 1 or len(region.columns) < 2 or column != region.columns[0] or cell.typed:
            return False
        if _is_remark(cell.text):
            self._writer.paragraph(cell.text)
            return True
        if cell.bold and row is not region.rows[-1] and not all(one.bold for one in region.rows[-1].cells.values()):
            self._writer.heading(cell.text, self._level + 2)
            return True
        return False

    def _row(self, cells: list[tuple[str, str]]) -> None:
        """Write a row; a long one as several that each begin with its first cell, prose in its cells as paragraphs."""
        short = [(name, text) for name, text in cells if len(text) <= _LONG_CELL]
        key = short[:1] if short and len(short[0][1]) <= _KEY_LENGTH else []
        key_length = sum(len(name) + len(text) + 4 for name, text in key)
        part: list[tuple[str, str]] = []
        length = 0
        for cell in short:
            size = len(cell[0]) + len(cell[1]) + 4
            if part and part != key and length + size > _ROW_LENGTH:
                self._writer.row(part)
                part, length = list(key), key_length
            part.append(cell)
            length += size
        self._writer.row(part)
        for name, text in cells:
            if len(text) > _LONG_CELL:
                self._writer.paragraph(f"{name}: {text}" if name else text)


def _is_title(region: Region, after: Sequence[Region]) -> bool:
    """Whether a region is a line of its own above something."""
    if not after or len(region.rows) != 1:
        return False
    row = region.rows[0]
    cell = next(iter(row.cells.values()))
    if (len(row.cells) > 1 and not is_banner(row)) or cell.typed or len(cell.text) > _LONG_CELL:
        return False
    below = after[0].rows[0].number - row.number
    beside = after[0].columns[0] - region.columns[0]
    return 0 < below <= _TITLE_ABOVE and beside <= _TITLE_LEFT and region.columns[0] <= after[0].columns[-1]


def _heads_what_follows(region: Region, after: Sequence[Region]) -> bool:
    """Whether a row names the columns of a table that begins with a line over all of them."""
    cells = region.rows[0].cells.values()
    if len(region.rows) > 1 or len(after) < 2 or len(cells) < 2 or any(cell.typed for cell in cells):
        return False
    line, table = after
    is_below = line.rows[0].number == region.rows[0].number + 1 and table.rows[0].number == line.rows[0].number + 1
    return is_below and is_banner(line.rows[0]) and set(table.columns) <= {*region.columns, line.columns[0]}


def _titled(region: Region) -> tuple[list[Row], Region]:
    """Part a region into the lines above its table and the table."""
    count = count_titles(region)
    return (region.rows[:count], make_region(region.rows[count:])) if count else ([], region)


def _header(region: Region, known: int | None, last: Header | None, before: Region | None, *, is_new: bool) -> Header | None:
    """Return what names the columns of a table: rows of its own, or those of the table that it goes on with."""
    if known is not None:
        return find_header(region, known)
    header = None if is_form(region) else find_header(region)
    if last is not None and before is not None and _goes_on(region, header, last, before, is_new=is_new):
        return Header(0, last.names, last.is_bold, last.is_certain)
    return header


def _joined(regions: Iterable[Region]) -> Iterator[Region]:
    """Put a row of names together with the table that an empty row parts it from."""
    waiting: Region | None = None
    for region in regions:
        if waiting is not None:
            is_below = region.rows[0].number == waiting.rows[0].number + 2
            is_alike = set(waiting.columns) <= set(region.columns) and len(region.columns) <= len(waiting.columns) + 1
            if is_below and is_alike and any(cell.typed for cell in region.rows[0].cells.values()):
                yield make_region([*waiting.rows, *region.rows])
                waiting = None
                continue
            yield waiting
            waiting = None
        cells = region.rows[0].cells.values()
        if len(region.rows) == 1 and len(cells) > 1 and not is_banner(region.rows[0]) and not any(cell.typed for cell in cells):
            waiting = region
        else:
            yield region
    if waiting is not None:
        yield waiting


def _parted(region: Region) -> Iterator[Region]:
    """Part a region where names of other columns follow a remark: another table, that no empty row sets off."""
    start = 0
    for position in range(1, len(region.rows) - 2 if len(region.columns) > 1 else 0):
        row = region.rows[position]
        if len(row.cells) == 1 and region.columns[0] in row.cells and _is_remark(row.cells[region.columns[0]].text):
            below = find_header(make_region(region.rows[position + 1 : position + _LOOK]))
            if below is not None and below.is_certain and position > start:
                yield make_region(region.rows[start : position + 1])
                start = position + 1
    yield make_region(region.rows[start:]) if start else region


def _goes_on(region: Region, header: Header | None, last: Header, before: Region, *, is_new: bool) -> bool:
    """Whether a region is more rows of the table before it, after an empty row or a line over all columns."""
    if len(set(region.columns) - set(last.names)) > max(len(last.names) > 2, 0.2 * len(last.names)):
        return False
    if header is None:
        return not is_new and 0 < region.rows[0].number - before.rows[-1].number <= _MAX_GAP
    if last.is_bold or header.is_bold:
        return not header.is_bold and not is_new
    return not header.is_certain and not is_new and set(region.columns) == set(last.names)


def _is_remark(text: str) -> bool:
    return len(text) > _KEY_LENGTH or _NOTE.match(text) is not None or text.endswith((".", "。"))


def _reads_like_title(text: str) -> bool:
    return len(text) <= _TITLE_LENGTH and len(text.split()) <= _TITLE_WORDS and not text.rstrip().endswith(_SENTENCE_END)


def _pair(row: Row) -> list[tuple[str, str]]:
    """Return a row of a form: its label as the name of its value."""
    cells = list(row.cells.values())
    if len(cells) == 2 and not cells[0].typed and not (cells[0].merged and cells[0].merged == cells[1].merged):
        return [(cells[0].text, cells[1].text)]
    return _labelled(row)


def _labelled(row: Row) -> list[tuple[str, str]]:
    """Return a row without column names; a cell that is written as a label ("Date:") names the next one.

    A cell that is merged over several columns stands there once.
    """
    cells: list[Cell] = []
    for cell in row.cells.values():
        if not (cells and cell.merged and cell.merged == cells[-1].merged):
            cells.append(cell)
    named: list[tuple[str, str]] = []
    label = ""
    for position, cell in enumerate(cells):
        after = cells[position + 1] if position + 1 < len(cells) else None
        if not label and is_label(cell) and after is not None and not is_label(after):
            label = cell.text
        else:
            named.append((label, cell.text))
            label = ""
    return named
