"""What word processors write: text that flows, before it is known where its pages begin.

A reader of such a format makes `Text` and `Table`, with the marks `HARD` and `SOFT` where a page may begin. Only when all is
read can it be seen whether these marks are all the pages there are; `write` then writes with or without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from corpus.blocks import BlockKind
from corpus.formats import tables
from corpus.formats.tables import Cell
from corpus.writer import TextWriter, clean

HARD = "\f"
"""In a text: its author began a page here."""

SOFT = "\v"
"""In a text: a page began here when a program laid it out last."""

_MARKS = re.compile("([\f\v])")
_CAPTION = re.compile(r"(?:table|tab\.|tabelle|tableau|tabla|tabella|tabela|tabel|таблица|表)\s*[\dIVXA-Z]", re.IGNORECASE)
_CAPTION_CHARACTERS = 300


class Breaks(Enum):
    """Which marks begin a page."""

    NONE = "the document has no pages"
    ALL = "each of both kinds, one page where they stand together"
    SOFT = "those of the program alone"


@dataclass(eq=False)
class Text:
    """A paragraph, heading, list item or code.

    Attributes:
        text: Its words, with `HARD` and `SOFT` where a page may begin.
        kind: What it is.
        level: Depth of a heading or item.
        mark: The number of a heading or item, or its bullet.
        is_numbered: Whether `mark` is a number.
        is_bold: Whether all of its words are bold.
        size: Of its letters, in half points; 0 if unknown.
        is_caption: Whether its style is that of what a table is called.
        asides: What stands outside the line but belongs to a place in it, as a note does: the place, and what.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    mark: str = ""
    is_numbered: bool = False
    is_bold: bool = False
    size: float = 0
    is_caption: bool = False
    asides: list[tuple[int, list[Flow]]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Its text on one line, without marks of pages."""
        return clean(_MARKS.sub(" ", self.text))


@dataclass(eq=False)
class Table:
    """A table; `headers` is how many rows the file marks as heading rows."""

    rows: list[tables.Row[Flow]]
    headers: int = 0


Flow = Text | Table


def make_cell(content: list[Flow], *, columns: int = 1, rows: int = 1) -> Cell[Flow]:
    """Return a cell, with its words taken from its content."""
    texts = [one for one in content if isinstance(one, Text) and one.words]
    return Cell(
        content=content,
        text=" ".join(f"{one.mark} {one.words}".strip() for one in texts),
        columns=min(max(columns, 1), tables.MAX_COLUMNS),
        rows=max(rows, 1),
        is_bold=bool(texts) and all(one.is_bold for one in texts),
        holds_structure=any(isinstance(one, Table) or one.kind is BlockKind.HEADING for one in content),
    )


def note(mark: str, content: list[Flow]) -> list[Flow]:
    """Return a footnote as what stands outside the line, its mark before its first words."""
    for one in content:
        if isinstance(one, Text) and one.words:
            if one.kind is BlockKind.PARAGRAPH:
                one.kind, one.mark = BlockKind.ITEM, mark
            break
    return content


def without_breaks(content: list[Flow]) -> list[Flow]:
    """Return what stands outside the line without marks of pages: it is on the page of its place in the text."""
    for one in content:
        if isinstance(one, Text):
            one.text = _MARKS.sub(" ", one.text)
        else:
            for row in one.rows:
                for cell in row:
                    without_breaks(cell.content)
    return content


def count_characters(flows: Sequence[Flow], *, asides: bool) -> int:
    """Return how many characters that are not white space there are, with or without notes and text boxes."""
    total = 0
    for one in flows:
        if isinstance(one, Table):
            total += sum(count_characters(cell.content, asides=asides) for row in one.rows for cell in row)
        else:
            total += len("".join(one.text.split()))
            total += sum(count_characters(content, asides=True) for _, content in one.asides) if asides else 0
    return total


def write(flows: Sequence[Flow], breaks: Breaks) -> TextWriter:
    """Write a document.

    :raises UnsurePages: with `breaks`, text stands side by side over several pages, so it cannot be in the order of these.
    """
    writer = _FlowWriter(breaks)
    writer.flows(flows)
    return writer.writer


class UnsurePages(Exception):
    """The text cannot be brought into the order of its pages."""


def _is_caption(one: Text) -> bool:
    words = one.words
    is_one = one.is_caption or _CAPTION.match(words) is not None
    return is_one and one.kind is BlockKind.PARAGRAPH and len(words) <= _CAPTION_CHARACTERS


def row_text(pairs: tables.Pairs) -> Text:
    """Return a row whose cells are only words, with the names of its columns."""
    named = [(clean(name).rstrip(":"), clean(value)) for name, value in pairs]
    return Text("; ".join(f"{name}: {value}" if name else value for name, value in named if value), BlockKind.ROW)


def _joined_code(flows: Sequence[Flow]) -> Iterator[Flow]:
    """Yield the blocks, those of code that follow each other as one: word processors make a paragraph of each line."""
    code: Text | None = None
    for one in flows:
        if isinstance(one, Text) and one.kind is BlockKind.CODE:
            if code is None:
                code = Text("", BlockKind.CODE)
            else:
                code.text += "\n"
            code.asides += [(len(code.text) + position, content) for position, content in one.asides]
            code.text += one.text
            continue
        if code is not None:
            yield code
            code = None
        yield one
    if code is not None:
        yield code


class _FlowWriter:
    def __init__(self, breaks: Breaks) -> None:
        self.writer = TextWriter()
        self._breaks = breaks
        self._after_hard = False  # no words have come since a break of the author's
        if breaks is not Breaks.NONE:
            self.writer.page()

    def flows(self, flows: Sequence[Flow]) -> None:
        caption = ""
        for one in _joined_code(flows):
            if isinstance(one, Table):
                self._table(one, caption)
                caption = ""
            else:
                self._text(one)
                caption = one.words if _is_caption(one) else "" if one.words else caption

    def _begins_page(self, mark: str) -> bool:
        if self._breaks is Breaks.NONE or (mark == HARD and self._breaks is Breaks.SOFT):
            return False
        is_echo = mark == SOFT and self._after_hard  # a program marks the author's breaks as well
        self._after_hard = mark == HARD
        return not is_echo

    def _parts(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the part of a text on each page, and where in the text it ends."""
        part, position = "", 0
        for piece in _MARKS.split(text):
            position += len(piece)
            if piece not in (HARD, SOFT):
                part += piece
                self._after_hard = self._after_hard and not piece.strip()
            elif self._begins_page(piece):
                yield position, part
                part = ""
            elif piece == HARD:
                part += " "
        yield position, part

    def _text(self, one: Text) -> None:
        parts = list(self._parts(one.text))
        words = [clean(part, keep_lines=one.kind is BlockKind.CODE) for _, part in parts]
        filled = [number for number, part in enumerate(words) if part]
        # A note of the page where the paragraph begins has to come before it, if the paragraph ends on a later page.
        turn = parts[filled[0]][0] if len(filled) > 1 else -1
        self._asides(one, -1, turn)
        for number, part in enumerate(words):
            if number:
                self.writer.page()
            if not filled or not filled[0] <= number <= filled[-1]:
                continue
            if number == filled[0]:
                self._open(one)
            if number < filled[-1] and part and (parts[number][1][-1:].isspace() or parts[number + 1][1][:1].isspace()):
                part += " "
            self.writer.add(part)
            if number == filled[-1]:
                self.writer.close()
        self._asides(one, turn, len(one.text) + 1)

    def _open(self, one: Text) -> None:
        title = one.words if one.kind is BlockKind.HEADING else ""
        level = 2 * one.level if one.kind is BlockKind.ITEM else one.level
        self.writer.open(one.kind, level=level, numbered=one.is_numbered and one.kind is BlockKind.ITEM, title=title)
        if one.mark:
            self.writer.add(f"{clean(one.mark)} ")
            if not one.is_numbered:
                self.writer.begin_content()

    def _asides(self, one: Text, after: int, until: int) -> None:
        for position, content in one.asides:
            if after <= position < until:
                self.flows(content)

    def _table(self, table: Table, caption: str = "") -> None:
        grid = tables.lay_out(table.rows)
        if tables.is_layout(grid):
            for row in table.rows:
                self._side_by_side(row)
            return
        top = 0
        while top < len(grid) - 2 and (words := tables.banner(grid[top])):
            self._row(table.rows[top], [("", words)], caption)
            caption = caption or words
            top += 1
        headers = tables.count_headers(grid[top:], table.headers - top)
        names = tables.column_names(grid[top : top + headers]) if headers else [""] * len(grid[0])
        body = grid[top + headers :]
        # The names stand in each row; in a row of their own only if they would be lost otherwise.
        is_lost = any(name and not any(line[place].text for line in body) for place, name in enumerate(names))
        for row in table.rows[top : top + headers]:
            self._row(row, [("", cell.text) for cell in row] if is_lost else [], caption)
        label = ""
        for row, line in zip(table.rows[top + headers :], body, strict=True):
            if words := tables.banner(line):
                label = words if tables.governs(words) else ""
                self._row(row, [("", words)], caption)
            else:
                self._row(row, tables.row_pairs(line, names, label), caption)

    def _row(self, row: tables.Row[Flow], pairs: tables.Pairs, title: str) -> None:
        """Write a row, then the notes and tables of its cells. A page that begins inside of it begins after it."""
        before, after = self._row_breaks(row)
        for mark in before:
            if self._begins_page(mark):
                self.writer.page()
        if any(value for _, value in pairs):
            self._after_hard = False
            self.writer.row(pairs, title=title)
        for cell in row:
            for one in cell.content:
                if isinstance(one, Table):
                    self._table(one)
                else:
                    self._asides(one, -1, len(one.text) + 1)
        for mark in after:
            if self._begins_page(mark):
                self.writer.page()

    def _row_breaks(self, row: tables.Row[Flow]) -> tuple[str, str]:
        """Return the marks before a row's first words, and the others: those of the cell that has most of them.

        In a row that goes on on the next page, each cell that does has a mark.
        """
        first, most = "", ""
        for cell in row:
            text = "".join(one.text for one in cell.content if isinstance(one, Text))
            marks = "".join(_MARKS.findall(text))
            if len(marks) > len(most):
                most = marks
            if not first and text.strip(" \t\n"):
                first = text
        opening = first[: len(first) - len(first.lstrip())]
        before = "".join(_MARKS.findall(opening))
        return before, most[len(before) :]

    def _side_by_side(self, row: tables.Row[Flow]) -> None:
        """Write the cells of a row that only arranges them, one after the other."""
        pages = self.writer.pages
        filled = [cell for cell in row if cell.content]
        for cell in filled:
            length = self.writer.length
            self.flows(cell.content)
            if len(filled) > 1 and self.writer.pages > pages and self.writer.length > length:
                raise UnsurePages
