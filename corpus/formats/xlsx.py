"""Excel workbooks: one page for each sheet that is seen, its tables row by row, each row with its column names.

The parts are read with lxml, and not by openpyxl, which holds a whole sheet in memory at fifty times its size or else knows
neither merged cells nor hidden rows, and which gives up on styles it does not know. Values are written as they are shown (see
`number_format`); a formula by the value that was stored with it. What a person who opens the file does not see (hidden
sheets, rows and columns) is not read, since nobody could check its citation; it is noted instead.
"""

from __future__ import annotations

from lxml import etree

from corpus.display import counted
from corpus.document import Extract, PageKind
from corpus.formats.ooxml import Relation, is_true, main_part, of_kind, reference, relations
from corpus.formats.packed import Packed, open_packed
from corpus.formats.sheet_tables import TableWriter
from corpus.formats.xlsx_cells import Reader, Sheet, column_letters, position
from corpus.formats.xlsx_styles import read_shared_texts, read_styles, run_text
from corpus.limits import Limits
from corpus.refusals import damaged, too_many_pages
from corpus.writer import TextWriter

_TITLE = "Excel"
_HIDDEN = ("hidden", "veryHidden")


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Read a workbook.

    :raises DocumentError: damaged, locked, or larger than the limits.
    """
    packed = open_packed(data, name, _TITLE, limits)
    book_part = main_part(packed, "xl/workbook.xml")
    book = packed.xml(book_part)
    found = relations(packed, book_part)
    sheets = [(one, found.get(reference(one))) for one in book.iterfind("{*}sheets/{*}sheet")]
    if not sheets:
        raise damaged(name, _TITLE, "it names no sheets")
    writer = TextWriter(PageKind.SHEET)
    seen = [(one, part) for one, part in sheets if one.get("state") not in _HIDDEN]
    for one, _ in sheets:
        if one.get("state") in _HIDDEN:
            writer.skip(f"the hidden sheet {one.get('name', '')}: unhide it in Excel to have it read")
    if len(seen) > limits.pages:
        raise too_many_pages(name, len(seen), PageKind.SHEET, limits)
    reader = _reader(packed, book, found, name)
    tables = TableWriter(writer, level=2, name=name, limits=limits)
    for one, part in seen:
        title = one.get("name", "")
        writer.page(title)
        if part is None or part.is_outside:
            writer.skip("a sheet that is missing from the file")
        elif part.kind == "chartsheet":
            writer.skip("a sheet that is a chart")
        else:
            _read_sheet(writer, tables, packed, reader, title, part.target)
    return writer.extract()


def _reader(packed: Packed, book: etree._Element, found: dict[str, Relation], name: str) -> Reader:
    texts = next((read_shared_texts(packed.xml(part)) for part in of_kind(found, "sharedStrings")), [])
    styles = next((read_styles(packed.xml(part)) for part in of_kind(found, "styles")), [])
    properties, calculation = book.find("{*}workbookPr"), book.find("{*}calcPr")
    return Reader(
        name,
        texts,
        styles,
        since_1904=properties is not None and is_true(properties.get("date1904")),
        is_stale=calculation is not None and is_true(calculation.get("fullCalcOnLoad")),
    )


def _read_sheet(writer: TextWriter, tables: TableWriter, packed: Packed, reader: Reader, title: str, member: str) -> None:
    sheet = reader.read(packed.read(member), member)
    found = relations(packed, member)
    boxes, seen_only = _drawings(packed, found)
    remarks = _remarks(packed, found, sheet)
    if sheet.rows or boxes or remarks:
        writer.heading(title, 1)
    tables.write(sheet.rows, title=title, headers=_known_headers(packed, found, sheet))
    for text in boxes:
        writer.paragraph(text)
    if remarks:
        writer.heading("Notes", 2)
        for place, text in remarks:
            writer.paragraph(f"{place}: {text}")
    for reason in [*_left_out(sheet), *seen_only]:
        writer.skip(reason)


def _left_out(sheet: Sheet) -> list[str]:
    """Return in words what cells of a sheet are not in the text."""
    reasons = []
    if sheet.without_value:
        reasons.append(
            f"{counted(sheet.without_value, 'formula')} without a stored value: open the file in a spreadsheet program, "
            "save it, and add it again"
        )
    if sheet.hidden_rows:
        reasons.append(counted(sheet.hidden_rows, "hidden row"))
    if sheet.hidden_columns:
        letters = [column_letters(column) for column in sorted(sheet.hidden_columns)]
        shown = ", ".join(letters[:5]) + (", …" if len(letters) > 5 else "")
        reasons.append(f"{counted(len(letters), 'hidden column')} ({shown})")
    return reasons


def _known_headers(packed: Packed, found: dict[str, Relation], sheet: Sheet) -> dict[int, int]:
    """Return where the file itself says that rows are headers: in what Excel calls tables, and above filters."""
    headers = {}
    ranges = [(root.get("ref", ""), root.get("headerRowCount", "1")) for root in map(packed.xml, of_kind(found, "table"))]
    for cells, count in [*ranges, (sheet.filtered, "1")]:
        place = position(cells.partition(":")[0])
        if place is not None and count.isdigit():
            headers[place[0]] = min(int(count), 10)
    return headers


def _drawings(packed: Packed, found: dict[str, Relation]) -> tuple[list[str], list[str]]:
    """Return the texts of boxes that lie over the cells, and in words what else lies there."""
    boxes: list[str] = []
    pictures = charts = others = 0
    for part in of_kind(found, "drawing"):
        root = packed.xml(part)
        for shape in root.iter("{*}sp"):
            text = " ".join(run_text(one) for one in shape.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"))
            if text.strip():
                boxes.append(text)
        pictures += sum(1 for _ in root.iter("{*}pic"))
        for frame in root.iter("{*}graphicFrame"):
            is_chart = next(frame.iter("{*}chart"), None) is not None
            charts += is_chart
            others += not is_chart
    reasons = [
        counted(number, noun) + rest
        for number, noun, rest in (
            (pictures, "picture", " without text"),
            (charts, "chart", ", whose numbers are read where they stand in cells"),
            (others + len(of_kind(found, "oleObject")) + len(of_kind(found, "package")), "embedded object", ""),
        )
        if number
    ]
    return boxes, reasons


def _remarks(packed: Packed, found: dict[str, Relation], sheet: Sheet) -> list[tuple[str, str]]:
    """Return the notes on cells that are seen, and where they are: "B3 (BCG)", its place and what stands in it."""
    remarks = []
    cells = {row.number: row.cells for row in sheet.rows} if of_kind(found, "comments") else {}
    for part in of_kind(found, "comments"):
        for one in packed.xml(part).iter("{*}comment"):
            place = position(one.get("ref", ""))
            if place is None or place[0] in sheet.hidden_row_numbers or place[1] in sheet.hidden_columns:
                continue
            text = " ".join(run_text(body) for body in one.iterfind("{*}text"))
            if text.startswith("[Threaded comment]"):  # Excel's words for programs that do not know these
                text = text.partition("Comment:")[2]
            cell = cells.get(place[0], {}).get(place[1])
            if text.strip():
                remarks.append((one.get("ref", "") + (f" ({cell.text[:80]})" if cell else ""), text))
    return remarks
