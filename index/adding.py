"""Adds many files to an index: read in parallel, in processes of their own, and stored in batches while others are read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus import Document
from corpus.contained import Readers, Reading
from corpus.coverage import describe
from corpus.loaders import document_id, printable_name
from index.chunks import Embedder
from index.manifest import DocumentRecord
from index.store import PassageIndex

_BATCH_CHARACTERS = 400_000  # about a thousand passages: ten seconds of embedding on two cores
_BATCH_DOCUMENTS = 100
_EMBEDDED_AT_ONCE = 512  # passages, so that a long document shows its progress


class Listener(Protocol):
    """Is told of what happens; a command turns it into lines and bars."""

    def say(self, line: str) -> None:
        """A thing that was done, in words."""

    def fail(self, message: str) -> None:
        """A file that cannot be read, and why."""

    def read(self, done: int, total: int) -> None:
        """So many files are read, or need not be, of so many."""


@dataclass
class Added:
    """What came of adding.

    Attributes:
        unchanged: Files that the index holds as they are.
        failed: Files that could not be read.
        handled: The files that were dealt with, whatever came of it; the others were stopped before.
    """

    unchanged: int = 0
    failed: int = 0
    handled: set[Path] = field(default_factory=set)


class Progressing:
    """An embedder that tells how many texts it has embedded."""

    def __init__(self, embedder: Embedder, tell: Callable[[int], None]) -> None:
        """
        :param tell: Called with the number of texts that are newly done.
        """
        self._embedder = embedder
        self._tell = tell
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return unit vectors, shape (len(texts), dimension)."""
        parts = []
        for first in range(0, max(len(texts), 1), _EMBEDDED_AT_ONCE):
            part = texts[first : first + _EMBEDDED_AT_ONCE]
            parts.append(self._embedder.encode(part, query=query))
            self._tell(len(part))
        return np.concatenate(parts)


class Adder:
    """Adds files to an index, which is made when the first document is there to be stored."""

    def __init__(
        self,
        open_index: Callable[[], PassageIndex],
        readers: Readers,
        listener: Listener,
        *,
        index: PassageIndex | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """
        :param open_index: Makes the index.
        :param readers: What reads the files.
        :param listener: Is told what happens.
        :param index: The index, where there is one already.
        :param is_stopped: Asked between files; when it says yes, what was not stored yet is left.
        """
        self._open = open_index
        self._readers = readers
        self._listener = listener
        self._is_stopped = is_stopped
        self.index = index

    def add(self, files: Iterable[tuple[Path, str]]) -> Added:
        """Read files and store what they say, in the order of their names.

        What cannot be read is told, and what the index holds of it stays. A file that the index holds as it is is not read.

        :param files: (file, name), no name twice.
        :raises IndexBusyError: another process is writing.
        :raises IndexStoreError: the disk is full or read-only. Documents written before stay.
        """
        ordered = sorted(files, key=lambda file: file[1])
        added = Added()
        batch: list[tuple[Path, Document]] = []
        done = 0
        for reading in self._readings(ordered, added):
            if self._is_stopped():
                return added
            if reading.document is not None:
                batch.append((reading.path, reading.document))
            else:
                self._fail(reading, added)
            done += 1
            self._listener.read(done + added.unchanged, len(ordered))
            if len(batch) >= _BATCH_DOCUMENTS or sum(len(one.text) for _, one in batch) >= _BATCH_CHARACTERS:
                self._store(batch, added)
                batch = []
        self._store(batch, added)
        return added

    def _readings(self, files: Sequence[tuple[Path, str]], added: Added) -> Iterator[Reading]:
        """Yield what became of the files that must be read."""
        records = {record.name: record for record in self.index.records()} if self.index else {}
        moved: dict[str, str] = {}

        def to_read() -> Iterator[tuple[Path, str]]:
            for path, name in files:
                record = records.get(printable_name(name))
                if record is None or not _holds(record, path, self._readers.limits.bytes):
                    yield path, name
                    continue
                added.unchanged += 1
                added.handled.add(path)
                if not os.path.exists(record.source):
                    moved[record.id] = str(path.absolute())

        yield from self._readers.read_all(to_read())
        if moved and self.index:
            self.index.note_sources(moved)

    def _fail(self, reading: Reading, added: Added) -> None:
        added.handled.add(reading.path)
        added.failed += 1
        name = printable_name(reading.name)
        is_held = self.index is not None and any(record.name == name for record in self.index.records())
        stays = " What was read of it before stays in the index." if is_held else ""
        self._listener.fail(f"{reading.error}{stays}")

    def _store(self, batch: Sequence[tuple[Path, Document]], added: Added) -> None:
        """Store documents and tell of each."""
        if not batch:
            return
        if self.index is None:
            self.index = self._open()
        sources = {document.id: str(path.absolute()) for path, document in batch}
        report = self.index.add([document for _, document in batch], sources=sources)
        words = {document.name: describe(document) for _, document in batch}
        for name in report.added:
            self._listener.say(f"added {name}: {words[name]}")
        for name in report.changed:
            self._listener.say(f"changed {name}: {words[name]}")
        for old, new in report.renamed:
            self._listener.say(f"renamed {old} to {new}: {words[new]}")
        added.unchanged += len(report.unchanged)
        added.handled.update(path for path, _ in batch)


def _holds(record: DocumentRecord, path: Path, most: int) -> bool:
    """Whether the document of a record was read from just these bytes; what cannot be looked at is left to its reader."""
    try:
        if not path.is_file() or path.stat().st_size > most:
            return False
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return False
    return record.id == document_id(record.name, digest)
