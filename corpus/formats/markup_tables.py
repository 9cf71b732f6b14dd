"""Tables of HTML: which of them hold data, and each row with the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from corpus.formats.markup_styles import Styles
from corpus.formats.markup_tree import Element, Elements, local, tokens, walk, words_in
from corpus.writer import clean

CellText = Callable[[Element], tuple[str, list[str]]]
"""Returns a cell's text as one line, and the names of the pages that begin in it."""

_NUMBER = re.compile(r"[<>≤≥=~≈±(\[]?\s*[-+−–]?\s*[$€£]?\d")
_BLOCK_INSIDE = frozenset("h1 h2 h3 h4 h5 h6 form article section main nav pre hr".split())
_MOST_COLUMNS, _MOST_COPIES = 200, 12
_LONG = 160  # characters; a cell of more in a table without header cells is laid-out text
_GROUP = 80  # characters of a line over the rows of one group


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        cells: Column name (may be empty) and value of each cell.
        pages: The names of the pages that begin in it.
    """

    cells: list[tuple[str, str]]
    pages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """A table that holds data.

    Attributes:
        titles: Its caption, and lines over all of its columns above the first row.
        rows: Its rows, in the order in which a browser shows them.
    """

    titles: list[str]
    rows: list[Row]


@dataclass
class _Cell:
    text: str
    is_header: bool
    is_bold: bool
    is_new: bool = True  # not repeated from the row above
    columns: int = 1


@dataclass
class _Line:
    """A row of the grid: one entry a column; cells that span several stand in each."""

    cells: list[_Cell | None]
    part: str  # thead, tbody or tfoot
    pages: list[str]

    @property
    def own(self) -> list[_Cell]:
        """Its different cells that hold text."""
        found: list[_Cell] = []
        for cell in self.cells:
            if cell is not None and cell.text and not any(cell is one for one in found[-1:]):
                found.append(cell)
        return found


def is_data_table(table: Element, dropped: Elements) -> bool:
    """Whether a table holds data in rows; else it lays out a page, and its cells are read one after the other.

    A layout table says so, or holds other tables or parts of a page, or has one column, one row, or long texts and no header
    cells.
    """
    if {"presentation", "none"} & set(tokens(table, "role")):
        return False
    named = False
    inside = walk(table, dropped)
    next(inside)
    for node, begins in inside:
        tag = local(node)
        if begins and (tag == "table" or (tag in _BLOCK_INSIDE and local_parent(node) != "caption")):
            return False
        named = named or (begins and (tag in ("th", "thead", "caption") or node.get("scope") is not None))
    rows = [cells for _, row in _table_rows(table, dropped) if any(map(words_in, cells := _cells(row, dropped)))]
    widths = [sum(_span(cell, "colspan", _MOST_COLUMNS) for cell in cells) for cells in rows]
    if not rows or max(widths) < 2:
        return False
    if named:
        return True
    texts = [words_in(cell) for cells in rows for cell in cells]
    filled = [text for text in texts if text]
    regular = sum(width == max(widths) for width in widths) >= 0.7 * len(widths)
    long = sum(len(text) > _LONG for text in filled)
    return len(rows) > 1 and regular and len(filled) > 0.5 * len(texts) and long <= 0.2 * len(filled)


def local_parent(node: Element) -> str:
    """Return the name of the element around another."""
    parent = node.getparent()
    return local(parent) if parent is not None else ""


def read_table(table: Element, dropped: Elements, text_of: CellText, styles: Styles) -> Table:
    """Return the rows of a table with the names of their columns, in the order in which a browser shows them.

    Names come from `thead`, else from first rows of `th` alone, else from a first row that is bold or, over numbers, has none.
    Of several header rows those of a column are joined. A line over all columns between the rows names the group of those
    after it, and stands first in each. What spans rows or columns is repeated in each.
    """
    lines = _grid(table, dropped, text_of, styles)
    titles = [text for node in table if isinstance(node.tag, str) and local(node) == "caption" and (text := text_of(node)[0])]
    width = max((len(line.cells) for line in lines), default=0)
    head = _head_length(lines, width)
    while head and lines and _is_banner(lines[0], width) and (head > 1 or len(lines) > 1):
        titles.append(lines.pop(0).own[0].text)
        head -= 1
    names = _names(lines[:head], width)
    _remove_repeated_names(lines[head:], names)
    body = lines[head:] if any(line.own for line in lines[head:]) else lines
    return Table(titles, list(_rows(body, names if body is not lines else [""] * width, width)))


def _rows(lines: list[_Line], names: list[str], width: int) -> list[Row]:
    rows: list[Row] = []
    group = ""
    pages: list[str] = []
    for position, line in enumerate(lines):
        own = line.own
        pages = [*pages, *line.pages]
        if not own:
            continue
        if _is_banner(line, width):
            is_over = position + 1 < len(lines) and not _is_banner(lines[position + 1], width)
            group = own[0].text if is_over and len(own[0].text) <= _GROUP and line.part != "tfoot" else ""
            rows.append(Row([("", own[0].text)], pages))
        elif len(own) > 1 and line.part == "tbody" and all(cell.is_header for cell in own) and any(names):
            names = _names([line], width)  # a head in the middle of the table
            continue
        else:
            over = [("", group)] if group and line.part != "tfoot" else []
            rows.append(Row([*over, *_named(line, names)], pages))
        pages = []
    return rows


def _named(line: _Line, names: list[str]) -> list[tuple[str, str]]:
    """Return the cells of a row with their names; without names, a header cell at its beginning names what follows it."""
    cells = [(names[column], cell) for column, cell in enumerate(line.cells) if cell is not None and cell.text]
    if not any(name for name, _ in cells):
        own = line.own
        first = own[0]
        is_name = first.is_header or first.text.endswith(":") or (first.is_bold and len(own) == 2)
        if len(own) > 1 and is_name and not own[1].is_header:
            return [(first.text, own[1].text), *(("", cell.text) for cell in own[2:])]
        return [("", cell.text) for cell in own]
    named: list[tuple[str, str]] = []
    before: _Cell | None = None
    copies = 0
    for name, cell in cells:
        copies = copies + 1 if cell is before else 0
        if not copies or (name and name != named[-1][0] and copies < _MOST_COPIES and len(cell.text) <= _GROUP):
            named.append((name, cell.text))
        before = cell
    return named


def _names(head: list[_Line], width: int) -> list[str]:
    """Return the name of each column: the header cells that stand over it, joined."""
    names = []
    for column in range(width):
        over: list[str] = []
        for line in head:
            cell = line.cells[column] if column < len(line.cells) else None
            if cell is not None and cell.text and cell.text not in over:
                over.append(cell.text)
        names.append(" ".join(over))
    return names


def _remove_repeated_names(lines: list[_Line], names: list[str]) -> None:
    """Remove the names of columns from cells, where each cell begins with it, as in tables made to be read on telephones."""
    columns: list[tuple[str, list[_Cell]]] = []
    for column, name in enumerate(names):
        cells = [cell for line in lines if column < len(line.cells) and (cell := line.cells[column]) is not None and cell.text]
        if name and cells and all(cell.text.startswith((f"{name} ", f"{name}: ")) for cell in cells):
            columns.append((name, cells))
    if len(columns) > 1 and len(columns) == sum(map(bool, names)):
        for name, cells in columns:
            for cell in {id(cell): cell for cell in cells}.values():
                cell.text = cell.text[len(name) :].lstrip(" :")


def _head_length(lines: list[_Line], width: int) -> int:
    """Return how many lines are the table's head."""
    marked = next((n for n, line in enumerate(lines) if line.part != "thead"), len(lines))
    if marked:
        return marked
    length = 0
    while length < len(lines) and (own := lines[length].own) and all(cell.is_header for cell in own):
        if length and not _is_banner(lines[length - 1], width) and _is_banner(lines[length], width):
            break  # the name of the first group
        length += 1
    if length:
        return length if length < len(lines) else 1
    first = next((n for n, line in enumerate(lines) if not _is_banner(line, width)), 0)
    if len(lines) - first < 2 or len(lines[first].own) < 2 or any(cell.is_header for cell in lines[first].own):
        return 0
    return first + 1 if _looks_like_head(lines[first], lines[first + 1 :]) else 0


def _looks_like_head(line: _Line, below: list[_Line]) -> bool:
    """Whether a row of ordinary cells names the columns: bold over what is not, or words over numbers."""
    full = len(line.own) >= len(line.cells) - 1  # the corner may be empty
    if not full or any(_NUMBER.match(cell.text) for cell in line.own) or any(len(cell.text) > _GROUP for cell in line.own):
        return False
    if all(cell.is_bold for cell in line.own):
        return not all(cell.is_bold for other in below for cell in other.own)
    numeric = 0
    for column in range(1, len(line.cells)):
        values = [cell.text for other in below if column < len(other.cells) and (cell := other.cells[column]) and cell.text]
        numeric += bool(values) and all(_NUMBER.match(value) for value in values)
    return numeric >= 1 and numeric >= 0.5 * (len(line.cells) - 1)


def _is_banner(line: _Line, width: int) -> bool:
    """Whether a line is one cell over all columns."""
    own = line.own
    return len(own) == 1 and width > 1 and own[0].columns >= width and own[0].is_new


def _grid(table: Element, dropped: Elements, text_of: CellText, styles: Styles) -> list[_Line]:
    lines: list[_Line] = []
    reaching: dict[int, tuple[_Cell, int]] = {}  # column → cell from above, and how many rows it still covers
    part_before = ""
    for part, row in _table_rows(table, dropped):
        reaching = reaching if part == part_before else {}
        part_before = part
        cells: list[_Cell | None] = []
        pages: list[str] = []
        for node in _cells(row, dropped):
            _fill(cells, reaching)
            text, begun = text_of(node)
            pages += begun
            columns = min(_span(node, "colspan", _MOST_COLUMNS), _MOST_COLUMNS - len(cells))
            cell = _Cell(clean(text), local(node) == "th", _is_bold(node, styles), columns=columns)
            for column in range(len(cells), len(cells) + columns):
                reaching[column] = (cell, _span(node, "rowspan", 65_534))
                cells.append(cell)
        _fill(cells, reaching)
        lines.append(_Line(cells, part, pages))
        reaching = {
            column: (cell if not cell.is_new else _Cell(cell.text, cell.is_header, cell.is_bold, False, cell.columns), left - 1)
            for column, (cell, left) in reaching.items()
            if left > 1
        }
    return lines


def _fill(cells: list[_Cell | None], reaching: dict[int, tuple[_Cell, int]]) -> None:
    """Add the cells that reach down from the row above into the next columns."""
    while len(cells) in reaching and not (cell := reaching[len(cells)][0]).is_new:
        cells.append(cell)


def _table_rows(table: Element, dropped: Elements) -> list[tuple[str, Element]]:
    """Return the rows of a table with the part they stand in, head first, foot last."""
    found: list[tuple[str, Element]] = []
    part = "tbody"
    for node, begins in walk(table, dropped):
        tag = local(node)
        if tag in ("thead", "tfoot"):
            part = tag if begins else "tbody"
        elif tag == "tr" and begins:
            found.append((part, node))
    order = {"thead": 0, "tbody": 1, "tfoot": 2}
    return sorted(found, key=lambda one: order[one[0]])


def _cells(row: Element, dropped: Elements) -> list[Element]:
    cells = (node for node in row if isinstance(node.tag, str) and local(node) in ("td", "th") and node not in dropped)
    return list(islice(cells, _MOST_COLUMNS))


def _span(cell: Element, attribute: str, most: int) -> int:
    found = re.match(r"\s*(\d{1,6})", cell.get(attribute) or "")
    number = int(found.group(1)) if found else 1
    return min(number, most) if number else (most if attribute == "rowspan" else 1)  # rowspan=0: all rows that follow


def _is_bold(cell: Element, styles: Styles) -> bool:
    """Whether all words of a cell are bold."""
    if styles.is_bold(cell, local(cell)):
        return True
    if len(cell) == 0:
        return False
    text = "".join(words_in(cell).split())
    bold = 0
    for node in cell.iterdescendants(etree.Element):
        parent = node.getparent()
        if styles.is_bold(node, local(node)) and not (parent is not None and styles.is_bold(parent, local(parent))):
            bold += len("".join(words_in(node).split()))
    return 0 < len(text) <= bold
