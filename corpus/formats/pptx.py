"""PowerPoint presentations: one page for each slide, its title as a heading, its shapes in the order a person reads them.

The parts are read with lxml, since python-pptx knows neither SmartArt, nor formulas, nor the bullets a shape inherits, and
raises whatever comes on damaged files. A slide without a title is headed "Slide 3", so that it does not stand below the title
of the one before it. Speaker notes follow their slide. Hidden slides are read: PowerPoint shows and counts them, crossed out.
Footers, dates, slide numbers and what stands in the layout alone are not read.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from corpus.document import Extract, PageKind
from corpus.formats.charts import read_chart, write_chart
from corpus.formats.diagrams import read_diagram
from corpus.formats.grid import Cell, Row, looks_typed
from corpus.formats.ooxml import Relation, is_true, main_part, of_kind, reference, relations
from corpus.formats.packed import Packed, open_packed
from corpus.formats.pptx_shapes import Kind, Layout, Shape, find_shapes
from corpus.formats.pptx_text import Paragraph, body_text, is_bold, read_paragraphs
from corpus.formats.sheet_tables import TableWriter
from corpus.limits import Limits
from corpus.refusals import damaged, too_long, too_many_pages
from corpus.writer import TextWriter

_NAME = "PowerPoint"
_SECTIONS = ("title", "secHead")  # layouts of slides that stand above those after them
_COMPARISON = "twoTxTwoObj"  # a layout with a line above each of its two columns
_TITLE_LENGTH = 100
_PICTURE_ALONE = "a picture without text (scanned?)"
_NOT_READ = {
    Kind.PICTURE: ("a picture without text", "pictures without text"),
    Kind.MEDIA: ("a video or sound", "videos or sounds"),
    Kind.INK: ("a drawing by hand", "drawings by hand"),
    Kind.OBJECT: ("an embedded object", "embedded objects"),
}


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Read a presentation.

    :raises DocumentError: damaged, locked, or larger than the limits.
    """
    packed = open_packed(data, name, _NAME, limits)
    part = main_part(packed, "ppt/presentation.xml")
    root = packed.xml(part)
    found = relations(packed, part)
    slides = [found.get(reference(one)) for one in root.iterfind("{*}sldIdLst/{*}sldId")]
    if len(slides) > limits.pages:
        raise too_many_pages(name, len(slides), PageKind.SLIDE, limits)
    if not slides and any(one.kind == "slide" for one in found.values()):
        raise damaged(name, _NAME, "it does not say in which order its slides come")
    deck = _Deck(packed, root.find("{*}defaultTextStyle"), name, limits)
    for slide in slides:
        deck.writer.page()
        if slide is None or slide.is_outside:
            deck.writer.skip("a slide that is missing from the file")
        else:
            deck.read(slide.target)
        if deck.writer.length > limits.characters:
            raise too_long(name, deck.writer.length, limits)
    return deck.writer.extract()


class _Deck:
    """Writes the slides of one presentation."""

    def __init__(self, packed: Packed, defaults: etree._Element | None, name: str, limits: Limits) -> None:
        self.writer = TextWriter(PageKind.SLIDE)
        self._tables = TableWriter(self.writer, level=3, name=name, limits=limits)
        self._packed = packed
        self._defaults = defaults
        self._layouts: dict[str, Layout] = {}

    def read(self, member: str) -> None:
        """Write the slide at hand."""
        root = self._packed.xml(member)
        found = relations(self._packed, member)
        layout = self._layout(found)
        shapes = find_shapes(root, layout)
        start = self.writer.length
        notes = self._notes(found)
        title = self._title(shapes)
        if title is not None:
            text = " ".join(one.text for one in _paragraphs(title))
            is_upper = layout.kind in _SECTIONS or title.placeholder == "ctrTitle"
            self.writer.heading(text, 1 if is_upper else 2)
        elif notes or any(shape.kind in (Kind.TABLE, Kind.CHART, Kind.DIAGRAM) or _paragraphs(shape) for shape in shapes):
            self.writer.heading(f"Slide {self.writer.pages}", 2)
        missing: Counter[Kind] = Counter()
        for shape in shapes:
            if shape is not title:
                self._shape(shape, found, layout, missing)
        if notes:
            self.writer.heading("Notes", 3)
            self._write(notes)
        if root.find("{*}cSld/{*}bg//{*}blip") is not None and self.writer.length == start:
            missing[Kind.PICTURE] += 1
        self._skip(missing, is_empty=self.writer.length == start)
        comments = len(of_kind(found, "comments"))
        if comments:
            self.writer.skip("comments of reviewers")

    def _layout(self, found: dict[str, Relation]) -> Layout:
        member = next(iter(of_kind(found, "slideLayout")), "")
        if member not in self._layouts:
            layout = self._packed.xml(member) if member else None
            masters = of_kind(relations(self._packed, member), "slideMaster") if member else []
            master = self._packed.xml(masters[0]) if masters else None
            self._layouts[member] = Layout(layout, master, self._defaults)
        return self._layouts[member]

    @staticmethod
    def _title(shapes: list[Shape]) -> Shape | None:
        """Return a slide's title: its placeholder, or else the first line if it is in the largest letters of all."""
        for shape in shapes:
            if shape.is_title and _paragraphs(shape):
                return shape
        texts = [(shape, lines) for shape in shapes if (lines := _paragraphs(shape))]
        if len(texts) < 2:
            return None
        shape, lines = texts[0]
        others = max(line.size for _, rest in texts[1:] for line in rest)
        is_short = len(lines) == 1 and len(lines[0].text) <= _TITLE_LENGTH and not lines[0].mark
        return shape if is_short and lines[0].size > others > 0 and not shape.placeholder else None

    def _shape(self, shape: Shape, found: dict[str, Relation], layout: Layout, missing: Counter[Kind]) -> None:
        if shape.kind is Kind.TEXT:
            lines = _paragraphs(shape)
            is_line = len(lines) == 1 and len(lines[0].text) <= _TITLE_LENGTH
            if is_line and layout.kind == _COMPARISON and shape.placeholder == "body":
                self.writer.heading(lines[0].text, 3)
            else:
                self._write(lines)
        elif shape.kind is Kind.TABLE:
            self._table(shape.element)
        elif shape.kind is Kind.CHART:
            self._chart(shape.element, found)
        elif shape.kind is Kind.DIAGRAM:
            self._diagram(shape.element, found)
        else:
            missing[shape.kind] += 1

    def _write(self, lines: list[Paragraph]) -> None:
        for line in lines:
            if line.mark:
                self.writer.item(line.text, level=line.level, mark=line.mark, numbered=line.is_numbered)
            else:
                self.writer.paragraph(line.text)

    def _table(self, element: etree._Element) -> None:
        table = element.find("{*}graphic/{*}graphicData/{*}tbl")
        properties = table.find("{*}tblPr")
        rows = _table_rows(table)
        has_header = properties is not None and is_true(properties.get("firstRow"))
        headers = {rows[0].number: 1} if has_header and len(rows) > 1 else None
        self._tables.write(rows, split_columns=False, headers=headers)

    def _chart(self, element: etree._Element, found: dict[str, Relation]) -> None:
        frame = element.find("{*}graphic/{*}graphicData/{*}chart")
        part = found.get(reference(frame))
        if part is None or part.is_outside:
            self.writer.skip("a chart that is missing from the file")
            return
        if part.kind != "chart":
            self.writer.skip("a chart of a kind that is not read")
            return
        chart = read_chart(self._packed.xml(part.target))
        write_chart(chart, self.writer)
        if not chart.rows:
            self.writer.skip("a chart without its numbers")

    def _diagram(self, element: etree._Element, found: dict[str, Relation]) -> None:
        frame = element.find("{*}graphic/{*}graphicData/{*}relIds")
        part = found.get(reference(frame, "dm"))
        nodes = read_diagram(self._packed.xml(part.target)) if part is not None and not part.is_outside else []
        for level, text in nodes:
            self.writer.item(text, level=level)
        if not nodes:
            self.writer.skip("a diagram without words")

    def _notes(self, found: dict[str, Relation]) -> list[Paragraph]:
        """Return what the speaker is to say."""
        lines: list[Paragraph] = []
        for member in of_kind(found, "notesSlide"):
            for shape in find_shapes(self._packed.xml(member), Layout(None, None)):
                if shape.placeholder in ("body", ""):
                    lines += _paragraphs(shape)
        return lines

    def _skip(self, missing: Counter[Kind], *, is_empty: bool) -> None:
        if is_empty and set(missing) == {Kind.PICTURE}:
            self.writer.skip(_PICTURE_ALONE)
            return
        for kind, number in missing.items():
            one, several = _NOT_READ[kind]
            self.writer.skip(one if number == 1 else f"{number} {several}")


def _paragraphs(shape: Shape) -> list[Paragraph]:
    if shape.kind is not Kind.TEXT:
        return []
    body = shape.element.find("{*}txBody")
    return [] if body is None else list(read_paragraphs(body, (*body.iterfind("{*}lstStyle"), *shape.styles)))


def _table_rows(table: etree._Element) -> list[Row]:
    """Return the rows of a table, a merged cell in each place that it governs."""
    rows: list[Row] = []
    merged = 0
    above: dict[int, Cell] = {}
    for number, element in enumerate(table.iterfind("{*}tr"), 1):
        cells: dict[int, Cell] = {}
        for column, one in enumerate(element.iterfind("{*}tc")):
            cell: Cell | None = None
            if is_true(one.get("hMerge")):
                cell = cells.get(column - 1)
            elif is_true(one.get("vMerge")):
                cell = above.get(column)
            elif (body := one.find("{*}txBody")) is not None and (text := body_text(body).strip()):
                is_merged = one.get("gridSpan", "1") != "1" or one.get("rowSpan", "1") != "1"
                merged += is_merged
                cell = Cell(text, looks_typed(text), is_bold(body), merged if is_merged else 0)
            if cell is not None:
                cells[column] = cell
        above = cells
        if cells:
            rows.append(Row(number, cells))
    return rows
