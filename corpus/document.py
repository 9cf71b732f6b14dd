"""What a document says, and where: the two types of text that travel through the program."""

from dataclasses import dataclass, field

Span = tuple[int, int]
"""A half-open range [start, end) of character offsets into `Document.text`."""


@dataclass(frozen=True)
class Document:
    """A file after reading. Its text never changes, since every offset in the program counts in it.

    Attributes:
        id: Stable key, made from the name and the bytes of the file; a changed or renamed file gets another one.
        name: The file's name as people know it, with its folders when it was found inside an added folder.
        text: The decoded text, line ends and slips kept as they are.
        media_type: IANA media type, such as `text/plain`.
        sha256: Hex digest of the file's bytes.
        pages: The span of each page in `text`, first page first; empty where the format has no pages.
    """

    id: str
    name: str
    text: str = field(repr=False)
    media_type: str
    sha256: str
    pages: tuple[Span, ...] = ()


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


HEADING_SEPARATOR = " › "
"""Stands between the headings of a heading path."""
