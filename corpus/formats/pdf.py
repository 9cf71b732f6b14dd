"""PDF, by PDFium (pypdfium2): its characters with their places, put in reading order, with pages and boxes.

pdf_sheets   a page as lines, by way of
  pdf_page         words and their places
  pdf_characters   characters → words
  pdf_fields       what is filled in
  pdf_drawings     ruled lines, bullets, pictures
  pdf_lines        words → lines
pdf_margins  what repeats in the margins is left out
pdf_layout   lines → columns and tables in reading order
pdf_tables   lines in columns → rows of cells
pdf_style    what is usual in the document, what is a heading
pdf_parts    the parts of a document, what line ends say
pdf_blocks   lines → headings, paragraphs, items
pdf_joining  paragraphs over columns and pages
pdf_words    hyphens at line ends
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from corpus.blocks import BlockKind
from corpus.document import Extract, PageKind
from corpus.formats.pdf_blocks import find_parts
from corpus.formats.pdf_layout import Region, read_layout
from corpus.formats.pdf_lines import Line
from corpus.formats.pdf_margins import Sheet, strip_margins
from corpus.formats.pdf_parts import Part
from corpus.formats.pdf_sheets import read_sheet
from corpus.formats.pdf_style import find_style, squeezed
from corpus.formats.pdf_tables import Rules
from corpus.formats.pdf_words import Hyphens
from corpus.limits import Limits
from corpus.refusals import damaged, locked, too_many_pages
from corpus.writer import TextWriter, clean

_LEADERS = re.compile(r"(?:\s?\.){5,}")
"""Dots that lead to a page number."""
_MAX_TITLES = 5_000  # of the outline


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Return the text of a PDF in reading order, with its pages and the place of each line.

    :raises DocumentError: it is damaged, asks for a password, or has too many pages.
    """
    with _opened(data, name) as document, _form(document) as form:
        count = pdfium.FPDF_GetPageCount(document)
        if count <= 0:
            raise damaged(name, "PDF", "it has no pages")
        if count > limits.pages:
            raise too_many_pages(name, count, PageKind.PAGE, limits)
        writer = TextWriter()
        notes: list[list[str]] = []
        sheets: list[Sheet] = []
        rules: list[Rules] = []
        for number in range(count):
            sheet, ruled, skipped = read_sheet(document, form, number)
            sheets.append(sheet)
            rules.append(ruled)
            notes.append(skipped)
        titles = frozenset(squeezed(title) for title in _outline(document)) - {""}
    for reason in strip_margins(sheets):
        writer.skip(reason, on_purpose=True)  # before the first page, as it is about all of them
    pages = [read_layout(sheet.lines, ruled) for sheet, ruled in zip(sheets, rules, strict=True)]
    _write(writer, pages, notes, titles)
    return writer.extract()


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Any]:
    """Open a PDF, and close it after use."""
    buffer = ctypes.create_string_buffer(data, len(data))  # PDFium reads from it until the document is closed
    document = pdfium.FPDF_LoadMemDocument64(buffer, len(data), None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        if error in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise locked(name)
        raise damaged(name, "PDF", f"its {len(data):,} bytes hold no readable list of pages")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


@contextmanager
def _form(document: Any) -> Iterator[Any]:
    """Give access to the form fields of a document; None if it has none."""
    if pdfium.FPDF_GetFormType(document) == pdfium.FORMTYPE_NONE:
        yield None
        return
    callbacks = pdfium.FPDF_FORMFILLINFO(version=2)  # no callback is set, so no script of the file runs
    form = pdfium.FPDFDOC_InitFormFillEnvironment(document, callbacks)
    try:
        yield form
    finally:
        if form:
            pdfium.FPDFDOC_ExitFormFillEnvironment(form)


def _outline(document: Any) -> Iterator[str]:
    """Yield the titles of the outline (bookmarks); a malformed one may run in circles."""
    seen: set[int] = set()
    stack = [pdfium.FPDFBookmark_GetFirstChild(document, None)]
    while stack and len(seen) < _MAX_TITLES:
        mark = stack.pop()
        if not mark or (key := ctypes.addressof(mark.contents)) in seen:
            continue
        seen.add(key)
        length = pdfium.FPDFBookmark_GetTitle(mark, None, 0)
        buffer = ctypes.create_string_buffer(max(length, 2))
        pdfium.FPDFBookmark_GetTitle(mark, buffer, length)
        yield buffer.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")
        stack.append(pdfium.FPDFBookmark_GetNextSibling(document, mark))
        stack.append(pdfium.FPDFBookmark_GetFirstChild(document, mark))


# Writing


def _write(writer: TextWriter, pages: list[list[Region]], notes: list[list[str]], titles: frozenset[str]) -> None:
    style = find_style(pages, titles)
    parts = find_parts(pages, style)
    hyphens = Hyphens(line.text for part in parts for line in part.lines)

    def turn_to(page: int) -> None:
        while writer.pages < page:
            writer.page()
            for reason in notes[writer.pages - 1]:
                writer.skip(reason)

    for part in parts:
        turn_to(part.first_page)
        if part.kind is BlockKind.ROW:
            _write_row(writer, part, hyphens)
            continue
        if part.kind is BlockKind.CODE:
            _write_code(writer, part)
            continue
        pieces = list(_pieces(part.lines, hyphens))
        if not pieces:
            continue
        title = "".join(text for _, text in pieces) if part.kind is BlockKind.HEADING else ""
        level = 2 * part.level if part.kind is BlockKind.ITEM else part.level
        writer.open(part.kind, level=level, numbered=part.numbered, title=title)
        if part.mark:
            writer.add(f"{part.mark} ")
            if not part.numbered:
                writer.begin_content()
        for line, text in pieces:
            turn_to(line.page)
            _add(writer, line, text)
        writer.close()
    turn_to(len(pages))


def _pieces(lines: list[Line], hyphens: Hyphens) -> Iterator[tuple[Line, str]]:
    """Yield each line with its text as it is written, and what stands before the next one."""
    written = [(line, text) for line in lines if (text := clean(_LEADERS.sub(" … ", line.text)))]
    for place, (line, text) in enumerate(written):
        if place + 1 == len(written):
            yield line, text
            return
        soft = "\xad" if line.text.endswith("\xad") else ""  # which cleaning takes away
        kept, between = hyphens.glue(text + soft, written[place + 1][1])
        yield line, kept + between


def _add(writer: TextWriter, line: Line, text: str) -> None:
    """Write a line with its place, which the space after it does not share."""
    words = text.rstrip(" ")
    writer.add(words, box=line.box)
    writer.add(text[len(words) :])


def _write_code(writer: TextWriter, part: Part) -> None:
    """Write lines as they are, indented as they stand; the first one begins the block, without white space."""
    written = [(line, text) for line in part.lines if (text := clean(line.text))]
    left = min((line.left for line, _ in written), default=0.0)
    writer.open(BlockKind.CODE)
    for place, (line, text) in enumerate(written):
        letter = max((line.right - line.left) / len(text), 1.0)
        writer.add("\n" + " " * round((line.left - left) / letter) if place else "")
        writer.add(text, box=line.box)
    writer.close()


def _write_row(writer: TextWriter, part: Part, hyphens: Hyphens) -> None:
    """Write a row in the way of `TextWriter.row`, with the places of its cells."""
    caption = "".join(text for _, text in _pieces(part.caption.lines, hyphens)) if part.caption is not None else ""
    writer.open(BlockKind.ROW, title=caption)
    opening = ""
    for name, lines in part.cells:
        pieces = list(_pieces(lines, hyphens))
        if not pieces:
            continue
        name = clean(name).rstrip(":")
        writer.add(opening + (f"{name}: " if name else ""))
        for line, text in pieces:
            _add(writer, line, text)
        opening = " " if pieces[-1][1].endswith(":") else "; "
    writer.close()
