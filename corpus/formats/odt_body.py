"""The body of an OpenDocument text in the order of its reading: paragraphs, lists, tables, notes, text boxes."""

from __future__ import annotations

import re
from collections import Counter as Counts
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.blocks import BlockKind
from corpus.formats.equations import write_equation
from corpus.formats.flow import HARD, Flow, Table, Text, make_cell, note, without_breaks
from corpus.formats.line import Line, note_mark, raise_marks
from corpus.formats.odt_names import attributes, name_of, whole_number
from corpus.formats.odt_styles import OUTLINE, PLAIN, Counter, Style, Styles
from corpus.formats.symbols import from_symbols
from corpus.formats.tables import MAX_COLUMNS, Cell
from corpus.formats.unread import CHART, COMMENT, CONTENTS, FORMULA, HIDDEN, OBJECT, PICTURE

_SPACE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 1_000
_MOST_ROWS = 1_000  # of one that is repeated: spreadsheets fill up with such, texts do not
_CONTENTS = ("text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index", "text:user-index")
_LEFT_OUT = frozenset(
    "text:tracked-changes office:forms text:sequence-decls text:variable-decls text:user-field-decls text:dde-connection-decls "
    "text:index-title-template svg:title svg:desc text:note-citation office:annotation-end text:ruby-text text:number "
    "text:alphabetical-index-source text:bibliography-source text:hidden-text office:event-listeners".split()
)
_SHAPES = frozenset(
    "draw:custom-shape draw:rect draw:ellipse draw:circle draw:line draw:polyline draw:polygon draw:path draw:connector "
    "draw:caption draw:measure draw:regular-polygon".split()
)
_PICTURED = {"draw:object", "draw:object-ole", "draw:text-box"}  # beside these in a frame stands a picture of them


@dataclass(frozen=True)
class _Place:
    """Where in its lists a paragraph stands: the list's style, its counter, its level, the number its item says it has."""

    style: str
    counter: Counter
    level: int
    start: int | None = None


class BodyReader:
    """Reads paragraphs and tables.

    Attributes:
        unread: How many there are of what is not read, by what it is.
        endnotes: What is to come at the end.
        has_soft_breaks: Whether a program noted where pages began when it laid the text out.

    :param read_object: Returns an embedded object by its address, if it is one that can be read.
    """

    def __init__(self, styles: Styles, read_object: Callable[[str], etree._Element | None]) -> None:
        self.unread: Counts[str] = Counts()
        self.endnotes: list[Flow] = []
        self.has_soft_breaks = False
        self._styles = styles
        self._read_object = read_object
        self._outline = Counter()
        self._by_id: dict[str, Counter] = {}
        self._by_style: dict[str, Counter] = {}
        self._is_first = True

    def read(self, body: etree._Element) -> list[Flow]:
        """Return what stands in the body of a document."""
        return list(self._blocks(body, None))

    def _blocks(self, parent: etree._Element, place: _Place | None) -> Iterator[Flow]:
        for one in parent:
            name = name_of(one)
            if name in ("text:p", "text:h"):
                yield from self._paragraph(one, place)
                place = None  # only the first paragraph of an item has its mark
            elif name == "text:list":
                yield from self._list(one, place)
            elif name == "text:numbered-paragraph":
                yield from self._numbered(one)
            elif name == "table:table":
                yield from self._table(one)
            elif name == "text:soft-page-break":
                self.has_soft_breaks = True
            elif name in _CONTENTS:
                self.unread[CONTENTS] = 1
            elif name.startswith("draw:"):  # anchored to a page or frame, not to a paragraph
                line = Line()
                self._shape(one, line)
                yield line.finish()
            elif name not in _LEFT_OUT:
                yield from self._blocks(one, place)

    # Paragraphs

    def _paragraph(self, one: etree._Element, place: _Place | None) -> Iterator[Flow]:
        said = attributes(one)
        style = self._styles.find("paragraph", said.get("text:style-name", ""))
        line = Line()
        if style.breaks_before and not self._is_first:
            line.add_break(is_hard=True)
        self._is_first = False
        self._letters(one, style, line, PLAIN)
        text = line.finish()
        if style.is_contents:
            self.unread[CONTENTS] = 1
            text = Text(HARD * text.text.count(HARD))
        elif name_of(one) == "text:h":
            text.kind, text.level = BlockKind.HEADING, whole_number(said.get("text:outline-level"), 1)
        elif style.is_title:
            text.kind, text.level = BlockKind.HEADING, 0
        elif style.is_code:
            text.kind = BlockKind.CODE
        text.is_caption = style.is_caption
        self._number(text, style, place, is_list_header=said.get("text:is-list-header") == "true")
        yield text
        if style.breaks_after:
            yield Text(HARD)

    def _number(self, text: Text, style: Style, place: _Place | None, *, is_list_header: bool) -> None:
        is_heading = text.kind is BlockKind.HEADING
        if is_heading and place is None and text.level and style.list_style is None and not is_list_header:
            place = _Place(OUTLINE, self._outline, text.level - 1)
        if place is None:
            return
        mark, is_numbered = place.counter.next_mark(self._styles, place.style, place.level, place.start)
        if is_heading:
            text.mark = mark if is_numbered else ""
        elif mark:
            text.kind, text.level, text.mark, text.is_numbered = BlockKind.ITEM, place.level, mark, is_numbered

    def _letters(self, parent: etree._Element, style: Style, line: Line, letters: Style) -> None:
        """Add what stands in a paragraph, or in something within it."""
        self._add(parent.text, style, letters, line)
        for one in parent:
            name = name_of(one)
            if name == "text:span":
                inner = self._styles.find("text", attributes(one).get("text:style-name", ""))
                self._letters(one, style, line, _over(inner, letters))
            elif name == "text:s":
                line.add(" " * min(whole_number(attributes(one).get("text:c"), 1), _MOST_SPACES))
            elif name in ("text:tab", "text:line-break"):
                line.add("\t" if name == "text:tab" else "\n")
            elif name == "text:soft-page-break":
                self.has_soft_breaks = True
            elif name == "text:note":
                self._note(one, line)
            elif name == "office:annotation":
                self.unread[COMMENT] += 1
            elif name.startswith("draw:") and name != "draw:a":
                self._shape(one, line)
            elif name not in _LEFT_OUT:
                self._letters(one, style, line, letters)
            self._add(one.tail, style, letters, line)

    def _add(self, text: str | None, style: Style, letters: Style, line: Line) -> None:
        if not text:
            return
        if letters.is_hidden or (letters.is_hidden is None and style.is_hidden):
            self.unread[HIDDEN] += bool(text.strip())
            return
        text = from_symbols(_SPACE.sub(" ", text), letters.font or style.font)
        is_bold = style.is_bold if letters.is_bold is None else letters.is_bold
        line.add(raise_marks(text) if letters.is_raised else text, is_bold=bool(is_bold), size=letters.size or style.size)

    def _note(self, one: etree._Element, line: Line) -> None:
        mark = next((" ".join("".join(map(str, part.itertext())).split()) for part in one.iterfind("{*}note-citation")), "")
        mark = note_mark(mark) if mark else ""
        line.add(mark)
        content = [flow for body in one.iterfind("{*}note-body") for flow in self._blocks(body, None)]
        content = note(mark, without_breaks(content))
        if attributes(one).get("text:note-class") == "endnote":
            self.endnotes.extend(content)
        else:
            line.add_aside(content)

    def _shape(self, one: etree._Element, line: Line) -> None:
        """Read the text of a text box or shape, a formula, and count what cannot be read."""
        name = name_of(one)
        if name in ("draw:frame", "draw:g", "draw:a"):
            kinds = [name_of(part) for part in one]
            for part, kind in zip(one, kinds, strict=True):
                if kind == "draw:object":
                    self._object(self._read_object(attributes(part).get("xlink:href", "")), line)
                elif kind == "draw:object-ole":
                    self.unread[OBJECT] += 1
                elif kind == "draw:image":
                    self.unread[PICTURE] += name == "draw:frame" and not _PICTURED & {*kinds}
                elif kind == "table:table":
                    line.add_aside(without_breaks(list(self._table(part))))
                elif kind not in _LEFT_OUT:
                    self._shape(part, line)
        elif name == "draw:text-box" or name in _SHAPES:
            line.add_aside(without_breaks(list(self._blocks(one, None))))

    def _object(self, root: etree._Element | None, line: Line) -> None:
        """Read a formula, or the title and table of a chart."""
        chart = root.find("{*}body/{*}chart/{*}chart") if root is not None else None
        if root is not None and name_of(root) == "math:math":
            formula = write_equation(root)
            line.add(f" {formula} ")
            self.unread[FORMULA] += not formula
        elif chart is not None and chart.find("{*}table") is not None:
            titles = [flow for title in chart.iterfind("{*}title") for flow in self._blocks(title, None)]
            rows = [flow for table in chart.iterfind("{*}table") for flow in self._table(table)]
            line.add_aside(without_breaks([*titles, *rows]))
        else:
            self.unread[OBJECT if chart is None else CHART] += 1

    # Lists

    def _list(self, one: etree._Element, outer: _Place | None, level: int = 0) -> Iterator[Flow]:
        said = attributes(one)
        style = said.get("text:style-name") or (outer.style if outer else "")
        counter = outer.counter if outer else self._counter(said, style)
        if key := said.get("xml:id"):
            self._by_id[key] = counter
        self._by_style[style] = counter
        for item in one:
            name = name_of(item)
            if name not in ("text:list-item", "text:list-header"):
                continue
            start = attributes(item).get("text:start-value")
            number = whole_number(start, 1) if start else None
            place = _Place(style, counter, level, number)
            yield from self._item(item, place, is_header=name == "text:list-header")

    def _item(self, item: etree._Element, place: _Place, *, is_header: bool) -> Iterator[Flow]:
        is_marked = is_header
        for part in item:
            name = name_of(part)
            if name == "text:list":
                yield from self._list(part, place, place.level + 1)
            elif name in ("text:p", "text:h"):
                yield from self._paragraph(part, None if is_marked else self._with_own_style(part, place))
                is_marked = True
            elif name == "text:soft-page-break":
                self.has_soft_breaks = True
            elif name == "table:table":
                yield from self._table(part)

    def _with_own_style(self, paragraph: etree._Element, place: _Place) -> _Place:
        """Return the place of a paragraph whose list names no style, as its own style has it."""
        if place.style:
            return place
        style = self._styles.find("paragraph", attributes(paragraph).get("text:style-name", ""))
        return _Place(style.list_style or "", place.counter, place.level, place.start)

    def _counter(self, said: dict[str, str], style: str) -> Counter:
        """Return what counts a list: that of the list it goes on with, or a new one."""
        if (key := said.get("text:continue-list", "")) in self._by_id:
            return self._by_id[key]
        return self._by_style.get(style, Counter()) if said.get("text:continue-numbering") == "true" else Counter()

    def _numbered(self, one: etree._Element) -> Iterator[Flow]:
        said = attributes(one)
        style = said.get("text:style-name", "")
        counter = self._by_id.setdefault(said.get("text:list-id", style), Counter())
        start = said.get("text:start-value")
        level = max(whole_number(said.get("text:level"), 1) - 1, 0)
        yield from self._blocks(one, _Place(style, counter, level, whole_number(start, 1) if start else None))

    # Tables

    def _table(self, table: etree._Element) -> Iterator[Flow]:
        style = self._styles.find("table", attributes(table).get("table:style-name", ""))
        if style.breaks_before and not self._is_first:
            yield Text(HARD)
        self._is_first = False
        rows: list[list[Cell[Flow]]] = []
        headers = 0
        for row, is_header in self._rows(table, False):
            cells = list(self._cells(row))
            headers += is_header and headers == len(rows)
            count = min(whole_number(attributes(row).get("table:number-rows-repeated"), 1), _MOST_ROWS)
            rows.extend(cells for _ in range(count if any(cell.text for cell in cells) else 1))
        yield Table(rows, headers)
        if style.breaks_after:
            yield Text(HARD)

    def _rows(self, parent: etree._Element, is_header: bool) -> Iterator[tuple[etree._Element, bool]]:
        for one in parent:
            name = name_of(one)
            if name == "table:table-row":
                yield one, is_header
            elif name == "text:soft-page-break":
                self.has_soft_breaks = True
            elif name in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
                yield from self._rows(one, is_header or name == "table:table-header-rows")

    def _cells(self, row: etree._Element) -> Iterator[Cell[Flow]]:
        for one in row:
            if name_of(one) != "table:table-cell":  # a covered one belongs to the cell that covers it
                continue
            said = attributes(one)
            cell = make_cell(
                list(self._blocks(one, None)),
                columns=whole_number(said.get("table:number-columns-spanned"), 1),
                rows=whole_number(said.get("table:number-rows-spanned"), 1),
            )
            for _ in range(min(max(whole_number(said.get("table:number-columns-repeated"), 1), 1), MAX_COLUMNS)):
                yield cell


def _over(inner: Style, outer: Style) -> Style:
    """Return what letters look like in one style within another."""
    return Style(
        is_bold=outer.is_bold if inner.is_bold is None else inner.is_bold,
        is_raised=outer.is_raised if inner.is_raised is None else inner.is_raised,
        is_hidden=outer.is_hidden if inner.is_hidden is None else inner.is_hidden,
        size=inner.size or outer.size,
        font=inner.font or outer.font,
    )
