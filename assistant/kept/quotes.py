"""What is left of a place in a document that is gone: the quote and where it stood, as they were when it was cited.

A `Citation` holds its document, and cannot be made unless the quote stands there. An answer that was kept outlives its
documents. What it cites of one that was removed or has changed since is shown as it was, is said to be so, and leads nowhere:
other characters may stand at its place now.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index import Retrieved


class Gone(StrEnum):
    """Why a place cannot be looked up any more."""

    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def words(self) -> str:
        """The reason for a person, after "this document"."""
        return _WORDS[self]


_WORDS = {Gone.REMOVED: "is no longer among the documents", Gone.CHANGED: "has changed since"}


@dataclass(frozen=True)
class KeptDocument:
    """Which document it was.

    Attributes:
        id: `Document.id`.
        name: `Document.name`.
        sha256: Hex digest of the file's bytes.
    """

    id: str
    name: str
    sha256: str


@dataclass(frozen=True)
class KeptCitation:
    """A quote of a document that is gone. It has what `Citation` has to be shown by, and no text to be found in.

    Attributes:
        number: The footnote's number, counted from 1 within an answer.
        document: Which document it was.
        start, end: Where the quote stood in its text at that time.
        quote: The characters that stood there.
        gone: Why it cannot be looked up.
        heading: Path of the headings above it.
        page: Number of the page it began on, counted from 1; None where there were no pages.
        page_label: What a person called that page, such as "slide 3"; empty where there were none.

    :raises ValueError: on construction, if the quote is empty or does not have the length of its place.
    """

    number: int
    document: KeptDocument
    start: int
    end: int
    quote: str
    gone: Gone
    heading: str = ""
    page: int | None = None
    page_label: str = ""

    def __post_init__(self) -> None:
        if self.start < 0 or not self.quote or len(self.quote) != self.end - self.start:
            raise ValueError(
                f"a kept citation of {self.document.name} at {self.start}-{self.end} quotes {len(self.quote)} characters"
            )


@dataclass(frozen=True)
class KeptPassage(Retrieved):
    """A passage that was found in a document that is gone. Its text is empty where only its place was kept.

    Attributes:
        gone: Why it cannot be looked up.
    """

    gone: Gone = Gone.REMOVED
