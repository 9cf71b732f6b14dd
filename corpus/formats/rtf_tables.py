"""The tables of RTF, which are rows alone: each says where its cells end, and columns follow from that."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from corpus.formats.flow import Flow, Table, make_cell
from corpus.formats.tables import Cell

_NEAR = 30  # twips, half a millimetre: edges that are meant to be one
_MOST_CELLS = 1_000


@dataclass
class Edge:
    """The right edge of a cell, and how the cell is merged."""

    place: int = 0
    begins_down: bool = False
    goes_on_down: bool = False
    goes_on_right: bool = False


@dataclass
class RowShape:
    """What a row says of its cells before they come."""

    edges: list[Edge] = field(default_factory=list)
    next_edge: Edge = field(default_factory=Edge)
    left: int = 0
    is_header: bool = False

    def take(self, word: str, number: int) -> bool:
        """Take a control word, and return whether it is about a row or its cells."""
        if word == "cellx":
            self._end_cell(number)
        elif word == "trleft":
            self.left = number
        elif word == "trhdr":
            self.is_header = True
        elif word == "clvmgf":
            self.next_edge.begins_down = True
        elif word == "clvmrg":
            self.next_edge.goes_on_down = True
        elif word == "clmrg":
            self.next_edge.goes_on_right = True
        else:
            return False
        return True

    def _end_cell(self, place: int) -> None:
        if len(self.edges) < _MOST_CELLS:
            self.next_edge.place = place
            self.edges.append(self.next_edge)
        self.next_edge = Edge()


@dataclass
class OpenTable:
    """A table whose rows are coming."""

    content: list[Flow] = field(default_factory=list)
    cells: list[list[Flow]] = field(default_factory=list)
    rows: list[tuple[list[list[Flow]], RowShape]] = field(default_factory=list)

    def end_cell(self) -> None:
        """End the cell at hand."""
        self.cells.append(self.content)
        self.content = []

    def end_row(self, shape: RowShape) -> None:
        """End the row at hand."""
        if self.content:
            self.end_cell()
        if self.cells:
            self.rows.append((self.cells, shape))
        self.cells = []

    def finish(self) -> Table:
        """Return the table, with the columns that its rows' edges make."""
        self.end_row(RowShape())
        columns = _columns([edge.place for _, shape in self.rows for edge in shape.edges])
        rows: list[list[Cell[Flow]]] = []
        above: dict[int, Cell[Flow]] = {}  # column → the cell that may go on below
        headers = 0
        for contents, shape in self.rows:
            cells: list[Cell[Flow]] = []
            going_on: dict[int, Cell[Flow]] = {}
            column = bisect_left(columns, shape.left + _NEAR) if shape.edges else 0
            if column and shape.left > 0:
                cells.append(Cell(columns=column))
            else:
                column = 0
            for content, edge in _matched(contents, shape.edges):
                width = max(bisect_left(columns, edge.place - _NEAR) + 1 - column, 1) if edge else 1
                if edge and edge.goes_on_right and cells:
                    cells[-1].columns += width
                elif edge and edge.goes_on_down and column in above:
                    going_on[column] = above[column]
                    above[column].rows += 1
                else:
                    cells.append(make_cell(content, columns=width))
                    if edge and edge.begins_down:
                        going_on[column] = cells[-1]
                column += width
            above = going_on
            headers += shape.is_header and headers == len(rows)
            rows.append(cells)
        return Table(rows, headers)


def _matched(contents: list[list[Flow]], edges: list[Edge]) -> list[tuple[list[Flow], Edge | None]]:
    """Pair cells with their edges; cells beyond the last edge have none."""
    known: list[Edge | None] = [*edges[: len(contents)], *[None] * (len(contents) - len(edges))]
    return list(zip(contents, known, strict=True))


def _columns(places: list[int]) -> list[int]:
    """Return the edges that are apart from each other, from left to right."""
    columns: list[int] = []
    for place in sorted(set(places)):
        if not columns or place - columns[-1] > _NEAR:
            columns.append(place)
    return columns
