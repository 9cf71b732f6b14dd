"""What people add in the page: read apart, kept beside the index, found by them alone.

The file itself is kept too, so that its pages can be shown; it goes when the document is removed.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from corpus.contained import Readers, Reading
from corpus.coverage import coverage
from corpus.document import Document
from corpus.errors import FootnoteError
from corpus.limits import Limits
from corpus.loaders import printable_name
from index import IndexView

NOT_ARRIVED = "It did not arrive whole, so nothing was changed. Add it again."
NO_COOKIES = (
    "This browser keeps no cookies for this page, so nobody could tell whose documents they are. Allow cookies for it, and "
    "load it again."
)


class Stage(StrEnum):
    """How far a file has come."""

    READING = "reading"
    WAITING = "waiting"
    INDEXING = "indexing"
    ADDED = "added"
    REFUSED = "refused"


@dataclass(frozen=True)
class Adding:
    """A file that is being added, or was.

    Attributes:
        name: As its owner knows it.
        stage: How far it is.
        words: What is to be said: how much was read of it, or why it was refused.
    """

    name: str
    stage: Stage = Stage.READING
    words: str = ""

    @property
    def is_there(self) -> bool:
        """Whether its document can be asked now."""
        return self.stage is Stage.ADDED


class Uploads:
    """The files that people have added. May be shared between threads.

    Attributes:
        largest: Bytes of the largest file that is read.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        """
        :param folder: Where they are kept, in a folder for each owner.
        :param limits: How much of a file is read.
        """
        self._folder = folder
        self._limits = limits
        self.largest = limits.bytes
        self._turn = threading.Lock()  # to store: the index itself lets the others wait for some seconds only
        self._at_hand: Path | None = None  # the file that is being stored: no document names it yet

    def add(self, view: IndexView, owner: str, files: Sequence[tuple[Path, str]]) -> Iterator[tuple[Adding, ...]]:
        """Add files, one after the other, and yield how far all of them are whenever something changes.

        A file that cannot be read or stored is refused by itself, and the others go on. While somebody else's is stored, they
        wait for their turn.

        :param files: Where each lies for now, and its name.
        """
        state = [Adding(printable_name(name)) for _, name in files]
        yield tuple(state)
        with Readers(limits=self._limits) as readers:
            for number, reading in enumerate(readers.read_all(files)):
                for state[number] in self._steps(view, owner, reading):
                    yield tuple(state)

    def _steps(self, view: IndexView, owner: str, reading: Reading) -> Iterator[Adding]:
        name = printable_name(reading.name)
        if reading.document is None:
            why = str(reading.error).replace(str(reading.path), name)  # where it lay for a moment helps nobody
            yield Adding(name, Stage.REFUSED, why)
            return
        if self._turn.locked():
            yield Adding(name, Stage.WAITING)
            with self._turn:
                pass
        yield Adding(name, Stage.INDEXING)
        with self._turn:
            added = self._store(view, owner, reading.path, reading.document)
        yield added

    def _store(self, view: IndexView, owner: str, path: Path, document: Document) -> Adding:
        kept = self.original(owner, document)
        is_new = not kept.exists()
        self._at_hand = kept
        try:
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(path, kept)
            report = view.add([document], sources={document.id: str(kept)})
        except (FootnoteError, OSError) as error:
            if is_new:
                kept.unlink(missing_ok=True)
            why = str(error) if isinstance(error, FootnoteError) else _unkept(document.name, error)
            return Adding(document.name, Stage.REFUSED, why)
        finally:
            self._at_hand = None
        if report.unchanged:
            return Adding(document.name, Stage.ADDED, "It was here already.")
        self.tidy(view, owner)  # one of the same name may have been replaced
        return Adding(document.name, Stage.ADDED, coverage(document).size)

    def original(self, owner: str, document: Document) -> Path:
        """Return where the file that a document was read from is kept."""
        return self._folder / owner / f"{document.sha256}{Path(document.name).suffix.lower()}"

    def remove(self, view: IndexView, owner: str, names: Iterable[str]) -> None:
        """Remove documents with their files.

        :raises ScopeError: one is not theirs.
        """
        view.remove(names)
        self.tidy(view, owner)

    def tidy(self, view: IndexView, owner: str) -> None:
        """Remove the files of documents that are no longer there, those of an upload that was cut off too."""
        folder = self._folder / owner
        there = list(folder.iterdir()) if folder.is_dir() else []
        # In this order: what is being stored meanwhile is the file at hand, or else its document is there already.
        at_hand = self._at_hand
        held = {Path(record.source) for record in view.own()}
        for kept in there:
            if kept != at_hand and kept not in held:
                kept.unlink(missing_ok=True)


def _unkept(name: str, error: OSError) -> str:
    return f"{name} cannot be kept: {error.strerror}. Nothing that was stored is lost. Make room on the disk, and add it again."
