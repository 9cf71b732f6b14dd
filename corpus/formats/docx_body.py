"""The body of a Word document in the order of its reading: paragraphs, lists, tables, notes, text boxes.

Text is found wherever it stands, below elements that are not known as well; what is known not to be text, or not to hold any
more (deletions, the codes of fields), is left out by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from corpus.blocks import BlockKind
from corpus.formats.charts import read_chart
from corpus.formats.diagrams import read_diagram
from corpus.formats.docx_names import attribute, child, is_on, name_of, number
from corpus.formats.docx_notes import Notes
from corpus.formats.docx_numbering import BULLET, Numbering
from corpus.formats.docx_styles import Style, Styles, outline_depth
from corpus.formats.docx_walk import choice, form_value, shapes, symbol, within
from corpus.formats.equations import write_equation
from corpus.formats.flow import HARD, Flow, Table, Text, count_characters, make_cell, note, row_text, without_breaks
from corpus.formats.line import Line, raise_marks
from corpus.formats.ooxml import reference
from corpus.formats.symbols import from_symbols, is_symbol_font
from corpus.formats.tables import Cell
from corpus.formats.unread import CHART, CONTENTS, DIAGRAM, DOCUMENT, HIDDEN, OBJECT, PICTURE

ReadPart = Callable[[str], etree._Element | None]

_LEFT_OUT = frozenset(
    "w:pPr w:rPr w:tblPr w:tblGrid w:trPr w:tcPr w:sectPr w:sdtPr w:sdtEndPr w:del w:moveFrom w:delText w:instrText "
    "w:delInstrText w:footnoteRef w:endnoteRef w:annotationRef w:rt w:customXmlPr w:smartTagPr w:fldData".split()
)
_PIECES = {"w:tab": "\t", "w:ptab": "\t", "w:cr": "\n", "w:noBreakHyphen": "-", "w:softHyphen": ""}
_SAME_PAGE = ("continuous", "nextColumn")
_PICTURES = ("pic:pic", "v:imagedata")


class BodyReader:
    """Reads paragraphs and tables.

    Attributes:
        unread: How many there are of what is not read, by what it is.
        endnotes: What is to come at the end.
        contents_characters: How many characters, white space left out, the table of contents has.

    :param read_part: Returns the part of the file that an id in the document stands for, if there is one that can be read.
    """

    def __init__(self, styles: Styles, numbering: Numbering, footnotes: Notes, endnotes: Notes, read_part: ReadPart) -> None:
        self.unread: Counter[str] = Counter()
        self.endnotes: list[Flow] = []
        self.contents_characters = 0
        self._styles = styles
        self._numbering = numbering
        self._footnotes = footnotes
        self._endnotes = endnotes
        self._read_part = read_part
        self._sections: list[bool] = []  # whether each of the sections still to come begins on a new page
        self._fields: list[bool] = []  # of the fields that are open: whether their result has begun
        self._is_first = True

    def read(self, body: etree._Element) -> list[Flow]:
        """Return what stands in the body of a document."""
        sections = (one for one in body.iter("{*}sectPr") if name_of(one.getparent()) != "w:sectPrChange")
        kinds = [attribute(child(one, "type"), "val") for one in sections]
        self._sections = [kind not in _SAME_PAGE for kind in kinds[1:]]
        return list(self._blocks(body))

    def _blocks(self, parent: etree._Element) -> Iterator[Flow]:
        """Yield the blocks below an element. A paragraph whose end was deleted goes on in the next one."""
        line: Line | None = None
        for one in self._block_elements(parent):
            if name_of(one) == "w:tbl":
                if line is not None:
                    yield line.finish()
                    line = None
                yield self._table(one)
                continue
            line = line or Line()
            if not self._paragraph_continues(one):
                style = self._styles.paragraph(attribute(child(one, "pPr", "pStyle"), "val"))
                yield from self._paragraph(one, style, line)
                line = None
            else:
                self._runs(one, self._styles.paragraph(""), line)
        if line is not None:
            yield line.finish()

    def _block_elements(self, parent: etree._Element) -> Iterator[etree._Element]:
        """Yield paragraphs and tables, those within content controls and the like among them."""
        for one in parent:
            name = name_of(one)
            if name in ("w:p", "w:tbl"):
                yield one
            elif name == "w:altChunk":
                self.unread[DOCUMENT] += 1
            elif name == "mc:AlternateContent":
                yield from self._block_elements(choice(one))
            elif name not in _LEFT_OUT and len(one):
                yield from self._block_elements(one)

    @staticmethod
    def _paragraph_continues(one: etree._Element) -> bool:
        mark = child(one, "pPr", "rPr")
        return child(mark, "del") is not None or child(mark, "moveFrom") is not None

    def _paragraph(self, one: etree._Element, style: Style, line: Line) -> Iterator[Flow]:
        properties = child(one, "pPr")
        breaks = is_on(child(properties, "pageBreakBefore"))
        if (style.breaks_page if breaks is None else breaks) and not self._is_first:
            line.add_break(is_hard=True)
        self._is_first = False
        self._runs(one, style, line)
        self._fields = [open_field for open_field in self._fields if open_field]  # a code does not go on in the next paragraph
        text = line.finish()
        if style.is_contents:
            self.unread[CONTENTS] = 1
            self.contents_characters += count_characters([text], asides=False)
            text = Text("".join(mark for mark in text.text if mark in "\f\v"))
        else:
            self._classify(text, properties, style)
        yield text
        if child(properties, "sectPr") is not None and self._sections and self._sections.pop(0):
            yield Text(HARD)

    def _classify(self, text: Text, properties: etree._Element | None, style: Style) -> None:
        """Find out what a paragraph is, and count it in its list."""
        outline = child(properties, "outlineLvl")
        heading = style.heading if outline is None else outline_depth(number(outline))
        own = child(properties, "numPr")
        list_id = attribute(child(own, "numId"), "val") or style.list_id
        level = self._list_level(own, list_id, attribute(child(properties, "pStyle"), "val"), style)
        text.is_caption = style.is_caption
        mark = self._numbering.next_mark(list_id, level) if list_id not in ("", "0") else None
        if heading is not None:
            text.kind, text.level = BlockKind.HEADING, heading
            text.mark = mark.text if mark is not None and mark.is_numbered else ""
        elif mark is not None and mark.text:
            text.kind, text.level, text.mark, text.is_numbered = BlockKind.ITEM, level, mark.text, mark.is_numbered
        elif style.is_code:
            text.kind = BlockKind.CODE

    def _list_level(self, own: etree._Element | None, list_id: str, style_id: str, style: Style) -> int:
        level = child(own, "ilvl")
        if level is not None:
            return number(level)
        bound = self._numbering.level_of_style(list_id, style_id)
        return style.list_level if bound is None else bound

    # Runs

    def _runs(self, parent: etree._Element, style: Style, line: Line) -> None:
        """Add what stands in a paragraph, or in something within it."""
        for one in parent:
            name = name_of(one)
            if name == "w:r":
                self._run(one, style, line)
            elif name == "m:oMath":
                line.add(f" {write_equation(one)} ")
            elif name == "mc:AlternateContent":
                self._runs(choice(one), style, line)
            elif name not in _LEFT_OUT:
                self._runs(one, style, line)

    def _run(self, run: etree._Element, style: Style, line: Line) -> None:
        properties = child(run, "rPr")
        letters = self._styles.letters(attribute(child(properties, "rStyle"), "val"))
        if _own(is_on(child(properties, "vanish")), letters.is_hidden, style.is_hidden):
            self.unread[HIDDEN] += any(name_of(one) == "w:t" for one in run)
            return
        is_bold = _own(is_on(child(properties, "b")), letters.is_bold, style.is_bold)
        size = number(child(properties, "sz")) or letters.size or style.size
        lifted = number(child(properties, "position"))  # LibreOffice writes superscript like this
        is_raised = lifted > 0 or attribute(child(properties, "vertAlign"), "val") == "superscript"
        fonts = child(properties, "rFonts")
        font = next((one for key in ("ascii", "hAnsi", "cs") if is_symbol_font(one := attribute(fonts, key))), "")
        for one in run.iterchildren():
            self._piece(one, line, is_bold=is_bold, size=size, is_raised=is_raised, font=font)

    def _piece(self, one: etree._Element, line: Line, *, is_bold: bool, size: int, is_raised: bool, font: str) -> None:
        name = name_of(one)
        if name == "w:t":
            if all(self._fields):
                text = from_symbols(one.text or "", font)
                line.add(raise_marks(text) if is_raised else text, is_bold=is_bold, size=size)
        elif name in _PIECES:
            line.add(_PIECES[name])
        elif name == "w:sym":
            line.add(symbol(one), is_bold=is_bold)
        elif name == "w:br":
            if attribute(one, "type") == "page":
                line.add_break(is_hard=True)
            else:
                line.add("\n")
        elif name == "w:lastRenderedPageBreak":
            line.add_break(is_hard=False)
        elif name == "w:fldChar":
            self._field(one, line)
        elif name in ("w:footnoteReference", "w:endnoteReference"):
            self._note(one, line, is_end=name == "w:endnoteReference")
        elif name in ("w:drawing", "w:pict", "w:object"):
            self._drawing(one, line)
        elif name == "mc:AlternateContent":
            for inner in choice(one):
                self._piece(inner, line, is_bold=is_bold, size=size, is_raised=is_raised, font=font)
        elif name == "w:ruby":
            for base in one.iterfind("{*}rubyBase"):
                self._runs(base, self._styles.letters(""), line)
        elif name not in _LEFT_OUT and len(one):
            for inner in one:
                self._piece(inner, line, is_bold=is_bold, size=size, is_raised=is_raised, font=font)

    def _field(self, one: etree._Element, line: Line) -> None:
        """Follow a field: its code, then its result. A box to tick and a list to choose from have no result but a state."""
        kind = attribute(one, "fldCharType")
        if kind == "begin":
            self._fields.append(False)
            line.add(form_value(child(one, "ffData")))
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _note(self, reference: etree._Element, line: Line, *, is_end: bool) -> None:
        mark, element = (self._endnotes if is_end else self._footnotes).take(reference)
        line.add(mark)
        if element is not None:
            content = note(mark, without_breaks(list(self._blocks(element))))
            if is_end:
                self.endnotes.extend(content)
            else:
                line.add_aside(content)

    def _drawing(self, drawing: etree._Element, line: Line) -> None:
        """Read the text boxes of a drawing, and count what cannot be read."""
        if name_of(drawing) == "w:object":  # it holds a picture of itself
            self.unread[OBJECT] += 1
            return
        for one in shapes(drawing):
            if name_of(one) == "w:txbxContent":
                line.add_aside(without_breaks(list(self._blocks(one))))
            elif name_of(one) == "c:chart":
                self._chart(one, line)
            elif name_of(one) == "dgm:relIds":
                self._diagram(one, line)
            elif name_of(one) in _PICTURES:
                self.unread[PICTURE] += 1

    def _chart(self, one: etree._Element, line: Line) -> None:
        root = self._read_part(reference(one))
        chart = read_chart(root) if root is not None else None
        if chart is None or not chart.rows:
            self.unread[CHART] += 1
        else:
            words = [Text(text) for text in (chart.title, *chart.axes) if text]
            line.add_aside([*words, *map(row_text, chart.rows)])

    def _diagram(self, one: etree._Element, line: Line) -> None:
        root = self._read_part(reference(one, "dm"))
        nodes = read_diagram(root) if root is not None else []
        if not nodes:
            self.unread[DIAGRAM] += 1
        line.add_aside([Text(words, BlockKind.ITEM, level, BULLET) for level, words in nodes])

    # Tables

    def _table(self, table: etree._Element) -> Table:
        rows: list[list[Cell[Flow]]] = []
        above: dict[int, Cell[Flow]] = {}  # column → the cell that may go on below
        headers, is_top = 0, True
        for row in within(table, "w:tr"):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            is_top = is_top and bool(is_on(child(properties, "tblHeader")))
            headers += is_top
            cells: list[Cell[Flow]] = []
            going_on: dict[int, Cell[Flow]] = {}
            column = number(child(properties, "gridBefore"))
            if column > 0:
                cells.append(Cell(columns=column))
            for one in within(row, "w:tc"):
                settings = child(one, "tcPr")
                if child(settings, "cellDel") is not None:
                    continue
                width = max(number(child(settings, "gridSpan"), default=1), 1)
                merge = child(settings, "vMerge")
                content = list(self._blocks(one))
                if merge is not None and attribute(merge, "val") != "restart" and column in above:
                    cell = above[column]
                    cell.rows += 1
                else:
                    cell = make_cell(content, columns=width)
                    cells.append(cell)
                if merge is not None:
                    going_on[column] = cell
                column += width
            above = going_on
            rows.append(cells)
        return Table(rows, headers)


def _own(*said: bool | None) -> bool:
    """Return what the first says that says anything: the letters themselves, their style, that of the paragraph."""
    return next((one for one in said if one is not None), False)
