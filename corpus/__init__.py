"""What a document says, and where: loaders, structure, sentences, passages with exact offsets."""

from corpus.document import HEADING_SEPARATOR, Document, Extract, Passage, Span
from corpus.errors import DocumentError, FootnoteError
from corpus.files import find_files
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.loaders import load_document, make_document
from corpus.passages import SPLITTER_VERSION, split_passages

__all__ = [
    "DEFAULT_LIMITS",
    "HEADING_SEPARATOR",
    "SPLITTER_VERSION",
    "Document",
    "DocumentError",
    "Extract",
    "FootnoteError",
    "Limits",
    "Passage",
    "Span",
    "find_files",
    "load_document",
    "make_document",
    "split_passages",
]
