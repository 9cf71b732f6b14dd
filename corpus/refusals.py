"""Refusals that several formats share."""

from corpus.document import PageKind
from corpus.errors import DocumentError
from corpus.limits import Limits


def too_many_pages(name: str, pages: int, kind: PageKind, limits: Limits) -> DocumentError:
    """Return the error for a file of too many pages; a format that can count them first raises it before reading any."""
    return DocumentError(
        f"{name} has {pages:,} {kind.value}s, and at most {limits.pages:,} are read. Split it, or raise the limit "
        "(FOOTNOTE_MAX_PAGES)."
    )


def too_long(name: str, characters: int, limits: Limits) -> DocumentError:
    """Return the error for a file of too much text; a format that may grow by far raises it while reading.

    :param characters: How many there are, or were when reading was given up.
    """
    return DocumentError(
        f"{name} is too long: {characters:,} characters or more, and at most {limits.characters:,} are read. Split it."
    )


def locked(name: str) -> DocumentError:
    """Return the error for a file that asks for a password."""
    return DocumentError(
        f"{name} is protected by a password, so nothing of it can be read. Save a copy without one (open it, and save or print "
        "it anew), and add that."
    )


def damaged(name: str, title: str, found: str) -> DocumentError:
    """Return the error for a file that is broken off or malformed.

    :param title: What it should have been: "PDF".
    :param found: What was found instead, as a part of a sentence: "it breaks off after 1,024 bytes".
    """
    return DocumentError(
        f"{name} cannot be read as {title}: {found}. It may be damaged or incomplete: open it in another program, save it "
        "again, and add that copy."
    )
