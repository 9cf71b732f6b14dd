"""What a document says, and where: loaders, structure, sentences, passages with exact offsets."""

from corpus.document import HEADING_SEPARATOR, Document, Passage, Span
from corpus.errors import DocumentError, FootnoteError
from corpus.loaders import find_files, load_document, make_document
from corpus.passages import SPLITTER_VERSION, split_passages

__all__ = [
    "HEADING_SEPARATOR",
    "SPLITTER_VERSION",
    "Document",
    "DocumentError",
    "FootnoteError",
    "Passage",
    "Span",
    "find_files",
    "load_document",
    "make_document",
    "split_passages",
]
