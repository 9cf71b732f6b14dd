"""What a document says, and where: the types of text that travel through the program."""

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.blocks import Block

Span = tuple[int, int]
"""A half-open range [start, end) of character offsets into `Document.text`."""


class PageKind(StrEnum):
    """What a format calls its pages."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"


@dataclass(frozen=True)
class Skipped:
    """Something of the file that is not in the text.

    Attributes:
        reason: Why, in words for a person: "a picture without text (scanned?)".
        page: Number of the page, counted from 1; None where the format has no pages or it is about the whole file.
        on_purpose: Whether it was left out since it says nothing of its own, as a running header does; no answer is lost.
    """

    reason: str
    page: int | None = None
    on_purpose: bool = False


@dataclass(frozen=True)
class Line:
    """Where a stretch of the text is seen on its page, to mark it on a picture of the page.

    Attributes:
        start: First character.
        end: One past the last character.
        page: Number of the page, counted from 1.
        box: Left, top, right, bottom, as fractions of the page's width and height from its upper left corner.
    """

    start: int
    end: int
    page: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Extract:
    """What a reader of a format gets out of a file; offsets count in `text`.

    Attributes:
        text: All of it.
        blocks: Its structure in reading order; None if it is to be found in the text itself, as in plain text.
        pages: Span of each page, first page first, an empty span for one without text; empty where there are none.
        page_kind: What these are.
        page_names: The name of each page, such as a sheet's, an empty string for one without; or empty.
        skipped: What of the file is not in the text.
        lines: Where the text is seen on its pages, in the order of the text; empty where that is not known.
    """

    text: str = field(repr=False)
    blocks: tuple[Block, ...] | None = field(default=None, repr=False)
    pages: tuple[Span, ...] = field(default=(), repr=False)
    page_kind: PageKind = PageKind.PAGE
    page_names: tuple[str, ...] = field(default=(), repr=False)
    skipped: tuple[Skipped, ...] = ()
    lines: tuple[Line, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Document:
    """A file after reading. Its text never changes, since every offset in the program counts in it.

    Attributes:
        id: Stable key, made from the name and the bytes of the file; a changed or renamed file gets another one.
        name: The file's name as people know it, with its folders when it was found inside an added folder.
        text: The decoded or extracted text; that of a plain text file with its line ends and slips as they are.
        media_type: IANA media type, such as `text/plain`.
        sha256: Hex digest of the file's bytes.
        pages, page_kind, page_names, blocks, skipped, lines: As in `Extract`.
    """

    id: str
    name: str
    text: str = field(repr=False)
    media_type: str
    sha256: str
    pages: tuple[Span, ...] = field(default=(), repr=False)
    # What follows comes from the file whose digest is above, and is left out of comparisons, which happen at every question.
    page_kind: PageKind = field(default=PageKind.PAGE, compare=False)
    page_names: tuple[str, ...] = field(default=(), repr=False, compare=False)
    blocks: tuple[Block, ...] | None = field(default=None, repr=False, compare=False)
    skipped: tuple[Skipped, ...] = field(default=(), compare=False)
    lines: tuple[Line, ...] = field(default=(), repr=False, compare=False)

    def page_at(self, offset: int) -> int | None:
        """Return the number, counted from 1, of the page that holds `offset`; None where there are no pages."""
        return max(1, bisect_right(self.pages, offset, key=lambda span: span[0])) if self.pages else None

    def page_label(self, page: int | None) -> str:
        """Return what a person calls a page: "page 3", "slide 3", "sheet Prices"; empty for None."""
        if page is None:
            return ""
        name = self.page_names[page - 1] if page <= len(self.page_names) else ""
        return f"{self.page_kind.value} {name or page}"


@dataclass(frozen=True)
class Passage:
    """A stretch of a document that is found as one: `document.text[start:end] == text`.

    Attributes:
        id: `<document id>:<start>-<end>`.
        document_id: The document it belongs to.
        start: First character, an offset into the document's text.
        end: One past the last character.
        heading: Path of the headings above it, such as "Immunotherapy preparation › Cell Therapy"; used for finding and
            for showing, never quoted as text.
        text: The characters themselves.
        page: Number of the page it starts on, counted from 1; None where the format has no pages.
        sentences: Offsets (into the document's text) of the sentences and list items that may be quoted from it, in
            reading order. Headings and bullet marks are not among them.
    """

    id: str
    document_id: str
    start: int
    end: int
    heading: str
    text: str
    page: int | None = None
    sentences: tuple[Span, ...] = ()

    def between(self, start: int, end: int) -> str:
        """Return its characters between two offsets into the document's text."""
        return self.text[start - self.start : end - self.start]


HEADING_SEPARATOR = " › "
"""Stands between the headings of a heading path."""


def innermost_heading(path: str) -> str:
    """Return the last heading of a heading path: the one right above what it belongs to."""
    return path.rsplit(HEADING_SEPARATOR, 1)[-1]
