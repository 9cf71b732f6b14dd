"""OpenDocument texts (ODT): text in reading order, with headings, lists, tables and notes.

odfpy, the usual library, is under the GPL, and gives no more than the XML.

Where pages begin depends on the program that lays out the text. LibreOffice notes it in the file (`text:soft-page-break`), but
what it writes without a window is an unfinished layout: on a document of seven pages it noted five. So these marks are not
used. There are pages where the author's own breaks are all there are: as many as the program counted, none of the program's,
and each page with so little on it that it surely fits.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections import Counter
from dataclasses import replace

from lxml import etree

from corpus.document import Extract, PageKind
from corpus.errors import DocumentError
from corpus.formats.flow import Breaks, Flow, UnsurePages, write
from corpus.formats.headings import find_bold_headings
from corpus.formats.odt_body import BodyReader
from corpus.formats.odt_names import attributes, whole_number
from corpus.formats.odt_styles import Styles
from corpus.formats.packed import Packed, open_packed
from corpus.formats.unread import PICTURE, skipped
from corpus.limits import Limits
from corpus.refusals import damaged, locked, too_many_pages
from corpus.writer import TextWriter

TITLE = "OpenDocument text"

_FITS_CHARACTERS, _FITS_BLOCKS = 1_500, 15  # on a page, in any usual type


def read(data: bytes, name: str, limits: Limits) -> Extract:
    """Read an OpenDocument text.

    :raises DocumentError: it is damaged, locked, unpacks to too much, or has too many pages.
    """
    packed = open_packed(data, name, TITLE, limits)
    if "META-INF/manifest.xml" in packed and b"encryption-data" in packed.read("META-INF/manifest.xml"):
        raise locked(name)
    content = packed.xml("content.xml")
    body = content.find("{*}body/{*}text")
    if body is None:
        raise damaged(name, TITLE, "content.xml in it has no text")
    styles = Styles([*([packed.xml("styles.xml")] if "styles.xml" in packed else []), content])
    reader = BodyReader(styles, lambda address: _read_object(packed, address))
    flows = reader.read(body)
    find_bold_headings(flows)
    pages = 0 if reader.has_soft_breaks or reader.unread[PICTURE] else _count_pages(packed)
    if pages > limits.pages:
        raise too_many_pages(name, pages, PageKind.PAGE, limits)
    writer = _write_pages([*flows, *reader.endnotes], pages)
    return replace(writer.extract(), skipped=skipped(reader.unread))


def _count_pages(packed: Packed) -> int:
    """Return how many pages the program counted that wrote the file; 0 if it says nothing."""
    if "meta.xml" not in packed:
        return 0
    counts = (attributes(one).get("meta:page-count") for one in packed.xml("meta.xml").iter("{*}document-statistic"))
    return next((whole_number(count, 0) for count in counts), 0)


def _write_pages(flows: list[Flow], pages: int) -> TextWriter:
    """Write a document with its author's pages, if they are sure to be all there are; else without."""
    if pages:
        try:
            writer = write(flows, Breaks.ALL)
        except UnsurePages:
            return write(flows, Breaks.NONE)
        if writer.pages == pages and _all_fit(writer.extract()):
            return writer
    return write(flows, Breaks.NONE)


def _all_fit(extract: Extract) -> bool:
    starts = [start for start, _ in extract.pages]
    blocks = Counter(bisect_right(starts, block.start) for block in extract.blocks or ())
    longest = max((end - start for start, end in extract.pages), default=0)
    return longest <= _FITS_CHARACTERS and max(blocks.values(), default=0) <= _FITS_BLOCKS


def _read_object(packed: Packed, address: str) -> etree._Element | None:
    """Return an embedded object; one that is damaged does not keep the text from being read."""
    member = posixpath.normpath(posixpath.join(address, "content.xml"))
    try:
        return packed.xml(member) if member in packed else None
    except DocumentError:
        return None
