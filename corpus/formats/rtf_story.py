"""A run of paragraphs and tables in RTF: the body of the document, a note, or a text box."""

from __future__ import annotations

from corpus.formats.flow import Flow, Text
from corpus.formats.line import Line
from corpus.formats.rtf_tables import OpenTable, RowShape

_MAX_NESTING = 50  # tables in tables


class Story:
    """Takes paragraphs, and the ends of cells and rows, and makes tables of them.

    Attributes:
        line: The paragraph at hand.
        mark: What stands before it, as a list item.
        has_own_mark: Whether it is a note that is numbered by the program; in other text, whether a note follows that is.
        is_endnote: Whether it is a note that comes at the end.
    """

    def __init__(self, *, has_own_mark: bool = False) -> None:
        self.line = Line()
        self.mark = ""
        self.has_own_mark = has_own_mark
        self.is_endnote = False
        self._flows: list[Flow] = []
        self._open: list[OpenTable] = []

    def begin_paragraph(self) -> None:
        """Begin the next paragraph."""
        self.line, self.mark = Line(), ""

    def add(self, flow: Text, depth: int) -> None:
        """Add a paragraph that stands in so many tables."""
        self._go_to(min(depth, _MAX_NESTING))
        self._place(flow)

    def end_cell(self, depth: int) -> None:
        """End a cell of the table of this depth, counted from 1."""
        self._go_to(min(depth, _MAX_NESTING))
        self._open[-1].end_cell()

    def end_row(self, depth: int, shape: RowShape) -> None:
        """End a row of the table of this depth, counted from 1."""
        self._go_to(min(depth, _MAX_NESTING))
        self._open[-1].end_row(shape)

    def finish(self) -> list[Flow]:
        """Return all of it."""
        self._go_to(0)
        return self._flows

    def _place(self, flow: Flow) -> None:
        (self._open[-1].content if self._open else self._flows).append(flow)

    def _go_to(self, depth: int) -> None:
        while len(self._open) > depth:
            table = self._open.pop().finish()
            if table.rows:
                self._place(table)
        while len(self._open) < depth:
            self._open.append(OpenTable())
