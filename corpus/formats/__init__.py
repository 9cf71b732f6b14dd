"""The formats that are read: one module each, behind `load_document`.

A new one is a module with a `read` and a line in `FORMATS`. Its libraries are imported with the module, when the first file
of that kind comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from corpus.document import Extract
from corpus.limits import Limits

Read = Callable[[bytes, str, Limits], Extract]
"""Takes a file's bytes, its name for messages, and the limits; raises `DocumentError` for what it cannot read."""


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Attributes:
        title: What people call it, for messages: "PDF".
        media_type: Its IANA media type.
        module: The module below this package that reads it.
        contained: Whether its parser runs in a process of its own.
    """

    title: str
    media_type: str
    module: str
    contained: bool = True

    @property
    def read(self) -> Read:
        """The function that reads it."""
        function: Read = import_module(f"corpus.formats.{self.module}").read
        return function


_TEXT = Format("text", "text/plain", "text", contained=False)
_MARKDOWN = Format("Markdown", "text/markdown", "text", contained=False)
_HTML = Format("HTML", "text/html", "html")
_OFFICE = "application/vnd.openxmlformats-officedocument."

FORMATS: dict[str, Format] = {
    ".txt": _TEXT,
    ".text": _TEXT,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".pdf": Format("PDF", "application/pdf", "pdf"),
    ".docx": Format("Word", f"{_OFFICE}wordprocessingml.document", "docx"),
    ".pptx": Format("PowerPoint", f"{_OFFICE}presentationml.presentation", "pptx"),
    ".xlsx": Format("Excel", f"{_OFFICE}spreadsheetml.sheet", "xlsx"),
    ".csv": Format("CSV", "text/csv", "csv"),
    ".tsv": Format("TSV", "text/tab-separated-values", "csv"),
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".epub": Format("EPUB", "application/epub+zip", "epub"),
    ".odt": Format("OpenDocument text", "application/vnd.oasis.opendocument.text", "odt"),
    ".rtf": Format("RTF", "application/rtf", "rtf"),
}
"""Suffix of the file's name, in lower case → how it is read."""
