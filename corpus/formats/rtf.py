"""RTF: text in reading order, with headings, lists, tables and notes.

striprtf, the usual library, gives plain text: no headings, no lists but their marks, table cells with bars between them, and
the letters of notes, fields and symbol fonts as they come. So the file is read by its own grammar (Microsoft, "Rich Text Format
Specification", version 1.9.1).

Pages are only known where the author's own breaks are as many as the program counted, and it counted the characters read here.
"""

from __future__ import annotations

from dataclasses import replace

from corpus.document import Extract, PageKind, Skipped
from corpus.formats.flow import Breaks, UnsurePages, count_characters, write
from corpus.formats.headings import find_bold_headings
from corpus.formats.rtf_reader import RtfReader
from corpus.formats.unread import skipped
from corpus.limits import Limits
from corpus.refusals import damaged, too_many_pages
from corpus.writer import TextWriter

TITLE = "RTF"

_TOLERANCE = 0.03  # of the characters: programs count list numbers and fields differently
_MAX_NESTING = 5_000


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Read an RTF file. What breaks off is read as far as it goes, and said to be broken off.

    :raises DocumentError: it is nested beyond all use, or has too many pages.
    """
    reader = RtfReader()
    for depth in reader.read(data):
        if depth > _MAX_NESTING:
            raise damaged(name, TITLE, f"its groups are nested more than {_MAX_NESTING:,} deep")
    flows = reader.finish()
    find_bold_headings(flows)
    count = count_characters(flows, asides=False)
    pages = reader.info.get("nofpages", 0) if abs(reader.info.get("nofchars", 0) - count) <= _TOLERANCE * count else 0
    if pages > limits.pages:
        raise too_many_pages(name, pages, PageKind.PAGE, limits)
    writer: TextWriter | None = None
    try:
        writer = write([*flows, *reader.endnotes], Breaks.ALL) if pages else None
    except UnsurePages:
        pages = 0
    if writer is None or writer.pages != pages:
        writer = write([*flows, *reader.endnotes], Breaks.NONE)
    notes = skipped(reader.unread)
    if reader.breaks_off:
        notes = (*notes, Skipped("what came after the place where the file breaks off"))
    return replace(writer.extract(), skipped=notes)
