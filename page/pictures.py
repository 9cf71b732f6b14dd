"""Pages of a PDF as pictures, with the cited sentence marked on them: what a person would see on paper.

A file that somebody else made is drawn in a process of its own (see `draw`), which may hang or die without harm.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import Document, DocumentError

_PROGRAM = Path(__file__).with_name("draw.py")
_PATIENCE = 20  # seconds

PDF = "application/pdf"


@dataclass(frozen=True)
class Mark:
    """A part of a page to be marked, in fractions of its width and height from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


def marks(document: Document, start: int, end: int, page: int) -> Iterator[Mark]:
    """Yield where the characters start..end stand on a page, line by line.

    A document knows where its lines are, and not its letters: where a line has more than what is asked for, its width is
    shared out evenly among its characters.
    """
    for line in document.lines:
        first, last = max(start, line.start), min(end, line.end)
        if line.page != page or first >= last:
            continue
        left, top, right, bottom = line.box
        letter = (right - left) / (line.end - line.start)
        yield Mark(left + (first - line.start) * letter, top, (last - first) * letter, bottom - top)


class Pictures:
    """Draws pages, and keeps what was drawn in a folder. May be shared between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digests: dict[tuple[str, int, int], str] = {}

    def page(self, document: Document, original: Path, page: int) -> bytes:
        """Return a page of a PDF as WebP.

        :param original: The file that the document was read from.
        :param page: Number of the page, counted from 1.
        :raises DocumentError: it cannot be drawn.
        """
        kept = self._folder / f"{document.id}-{page}.webp"
        try:
            return kept.read_bytes()
        except OSError:
            drawn = _draw_apart(original, page, document.name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half = kept.with_suffix(f".{id(drawn)}")
            half.write_bytes(drawn)
            half.replace(kept)
        except OSError:
            pass  # a full disk is no reason not to show what was drawn
        return drawn

    def original(self, path: Path, sha256: str) -> Path | None:
        """Return the file at `path` if it has this digest, else None: what has changed since shows other pages."""
        try:
            state = path.stat()
            key = (str(path), state.st_mtime_ns, state.st_size)
            if key not in self._digests:
                with path.open("rb") as stream:
                    self._digests[key] = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None
        return path if self._digests[key] == sha256 else None

    def forget(self, document_id: str) -> None:
        """Remove the pictures of a document."""
        for kept in self._folder.glob(f"{document_id}-*"):
            kept.unlink(missing_ok=True)


def _draw_apart(original: Path, page: int, name: str) -> bytes:
    command = [sys.executable, "-I", str(_PROGRAM), str(original), str(page)]  # alone: our packages take a second to import
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=True)
    except subprocess.TimeoutExpired as error:
        raise DocumentError(f"Page {page} of {name} takes too long to draw. Its text can be read all the same.") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise DocumentError(f"Page {page} of {name} cannot be drawn. Its text can be read all the same.") from error
    return done.stdout
