"""How much of a file is read: what goes beyond is refused, before it fills the memory or the evening."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most that one file may have.

    Attributes:
        bytes: Its size (FOOTNOTE_MAX_BYTES).
        pages: Its pages, slides or sheets (FOOTNOTE_MAX_PAGES).
        characters: Its text. Fifty million take two cores an hour to embed.
        unpacked: Bytes of all that a packed file (DOCX, EPUB, …) holds, unpacked.
        seconds: Time to read it (FOOTNOTE_MAX_SECONDS).
        memory: Bytes of memory that the process that reads it may take.
    """

    bytes: int = 200_000_000
    pages: int = 2_000
    characters: int = 50_000_000
    unpacked: int = 1_000_000_000
    seconds: float = 120
    memory: int = 3 * 2**30


DEFAULT_LIMITS = Limits()
"""Where nothing is set."""
