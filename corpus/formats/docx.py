"""Word files (DOCX): text in reading order, with headings, lists, tables and notes.

python-docx gives paragraphs and tables, and leaves out text boxes, content controls, notes, the numbers of lists and
everything inserted with tracked changes; so the XML is read as it is.

Such a file has no pages: a program makes them when it lays out the text. Word notes where they began when it did so last, how
many there were, and how many characters. Where these three agree with what is read, the pages are Word's; in any other case,
and with any other program (LibreOffice's counts are those of an unfinished layout), there are none.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from corpus.document import Extract, PageKind
from corpus.errors import DocumentError
from corpus.formats.docx_body import BodyReader, ReadPart
from corpus.formats.docx_names import attribute, child
from corpus.formats.docx_notes import Notes
from corpus.formats.docx_numbering import NUMERALS, Numbering
from corpus.formats.docx_styles import Styles
from corpus.formats.flow import Breaks, Flow, UnsurePages, count_characters, write
from corpus.formats.headings import find_bold_headings
from corpus.formats.list_marks import Numerals
from corpus.formats.ooxml import local, main_part, of_kind, relations
from corpus.formats.packed import Packed, open_packed
from corpus.formats.unread import COMMENT, skipped
from corpus.limits import Limits
from corpus.refusals import damaged, too_many_pages
from corpus.writer import TextWriter

TITLE = "Word"

_PARTS = ("styles", "numbering", "footnotes", "endnotes", "comments", "settings")

_TOLERANCE, _FEW = 0.03, 20  # of the characters, and characters: programs count fields and marks of notes differently


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Read a Word file.

    :raises DocumentError: it is damaged, locked, unpacks to too much, or has too many pages.
    """
    packed = open_packed(data, name, TITLE, limits)
    main = main_part(packed, "word/document.xml")
    body = child(packed.xml(main), "body")
    if body is None:
        raise damaged(name, TITLE, f"{main} in it has no body")
    parts = {kind: _part(packed, main, kind) for kind in _PARTS}
    reader = BodyReader(
        Styles(parts["styles"]),
        Numbering(parts["numbering"]),
        Notes(parts["footnotes"], _note_numerals(parts["settings"], "footnotePr", Numerals.DECIMAL)),
        Notes(parts["endnotes"], _note_numerals(parts["settings"], "endnotePr", Numerals.LOWER_ROMAN)),
        _part_reader(packed, main),
    )
    flows = reader.read(body)
    find_bold_headings(flows)
    pages = _count_pages(packed, flows, reader.contents_characters)
    if pages > limits.pages:
        raise too_many_pages(name, pages, PageKind.PAGE, limits)
    writer = _write_pages([*flows, *reader.endnotes], pages)
    comments = parts["comments"]
    if comments is not None and len(comments):
        reader.unread[COMMENT] = len(comments)
    return replace(writer.extract(), skipped=skipped(reader.unread))


def _part(packed: Packed, main: str, kind: str) -> etree._Element | None:
    members = of_kind(relations(packed, main), kind)
    return packed.xml(members[0]) if members else None


def _part_reader(packed: Packed, main: str) -> ReadPart:
    """Return what reads a chart or diagram by its id; one that is damaged does not keep the text from being read."""
    found = relations(packed, main)

    def read_part(key: str) -> etree._Element | None:
        if key not in found or found[key].is_outside:
            return None
        try:
            return packed.xml(found[key].target)
        except DocumentError:
            return None

    return read_part


def _note_numerals(settings: etree._Element | None, kind: str, default: Numerals) -> Numerals:
    form = attribute(child(settings, kind, "numFmt"), "val")
    return NUMERALS.get(form, Numerals.DECIMAL) if form else default


def _count_pages(packed: Packed, flows: list[Flow], left_out: int) -> int:
    """Return how many pages Word counted, if it was Word and counted what is read here; else 0.

    :param left_out: Characters that are not in the text and that Word counts.
    """
    members = of_kind(relations(packed, ""), "extended-properties")
    if not members:
        return 0
    said = {local(one): (one.text or "").strip() for one in packed.xml(members[0])}
    pages, characters = said.get("Pages", ""), said.get("Characters", "")
    if not said.get("Application", "").startswith("Microsoft") or not (_is_number(pages) and _is_number(characters)):
        return 0
    counts = (count_characters(flows, asides=asides) + left_out for asides in (False, True))
    agrees = any(abs(int(characters) - count) <= max(_TOLERANCE * count, _FEW) for count in counts)
    return int(pages) if agrees else 0


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


def _write_pages(flows: list[Flow], pages: int) -> TextWriter:
    """Write a document with the pages that Word counted, if that many are found; else without."""
    for breaks in (Breaks.ALL, Breaks.SOFT) if pages else ():
        try:
            writer = write(flows, breaks)
        except UnsurePages:
            continue
        if writer.pages == pages:
            return writer
    return write(flows, Breaks.NONE)
