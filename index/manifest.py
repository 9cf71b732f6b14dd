"""What the index holds and how it was made: one small file, replaced as a whole.

The manifest decides what is in the index. A passage in Chroma or tantivy whose document is not in the manifest is left
over from a run that was cut off; `PassageIndex` removes it when it opens.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from corpus.coverage import Coverage, Gap, coverage
from corpus.document import Document, PageKind, Span
from corpus.errors import IndexStoreError

FORMAT = 2
"""Raised when the layout of the data folder changes in a way that older programs cannot read. Those before are still read:

1: the records of documents said nothing of pages and of what was not read.
"""


@dataclass(frozen=True)
class DocumentRecord:
    """One indexed document.

    Attributes:
        id: `Document.id`.
        name: `Document.name`.
        sha256: Digest of the file's bytes.
        media_type: `Document.media_type`.
        characters: Length of its text.
        passages: Number of its passages.
        source: Absolute path of the file it was read from; empty for text that came from nowhere on disk.
        added: When, ISO 8601 in UTC, to the second.
        owner: Who alone sees it; empty for everybody.
        pages, pages_read, page_kind: As in `Coverage`.
        skipped: What was not read: reason, where in words, and ranges of pages, as in `Gap`.
        left_out: What was not read on purpose, as in `Coverage`.
    """

    id: str
    name: str
    sha256: str
    media_type: str
    characters: int
    passages: int
    source: str
    added: str
    owner: str = ""
    pages: int = 0
    pages_read: int = 0
    page_kind: str = PageKind.PAGE.value
    skipped: tuple[tuple[str, str, tuple[Span, ...]], ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def coverage(self) -> Coverage:
        """How much of its file was read."""
        gaps = tuple(Gap(reason, where, pages) for reason, where, pages in self.skipped)
        return Coverage(self.characters, self.pages, self.pages_read, PageKind(self.page_kind), gaps, self.left_out)


@dataclass(frozen=True)
class Manifest:
    """How the index was made, and its documents in the order of their names.

    Attributes:
        embedder: Name of the embedding model.
        fingerprint: What identifies its weights.
        splitter: Version of the splitter.
        build: Folder, below the data folder, of the stores that hold it; it names the collection on a Chroma server too.
        documents: The documents, by name.
        generation: Raised by every change, so that other processes see it.
        format: Version of the data folder's layout.
    """

    embedder: str
    fingerprint: str
    splitter: str
    build: str
    documents: tuple[DocumentRecord, ...] = field(default=())
    generation: int = 0
    format: int = FORMAT

    def with_documents(self, documents: tuple[DocumentRecord, ...]) -> Manifest:
        """Return the next generation, holding `documents`."""
        ordered = tuple(sorted(documents, key=lambda record: record.name))
        return replace(self, documents=ordered, generation=self.generation + 1)


def make_record(document: Document, passages: int, source: str, owner: str = "") -> DocumentRecord:
    """Return the record of a document that is added now."""
    read = coverage(document)
    return DocumentRecord(
        id=document.id,
        name=document.name,
        sha256=document.sha256,
        media_type=document.media_type,
        characters=len(document.text),
        passages=passages,
        source=source,
        added=datetime.now(UTC).isoformat(timespec="seconds"),
        owner=owner,
        pages=read.pages,
        pages_read=read.pages_read,
        page_kind=read.page_kind.value,
        skipped=tuple((gap.reason, gap.where, gap.pages) for gap in read.gaps),
        left_out=read.left_out,
    )


def new_build() -> str:
    """Return a name for new stores, unlike any other: two data folders may keep their vectors on one Chroma server."""
    return f"build-{secrets.token_hex(4)}"


def read_manifest(path: Path) -> Manifest | None:
    """Return the manifest, or None where there is none.

    :raises IndexStoreError: the file is damaged or was written by a newer version.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(version := stored["format"], int) and not 1 <= version <= FORMAT:
            raise _of_another_version(path, version)
        records = tuple(_record(record) for record in stored.pop("documents"))
        manifest = Manifest(**stored | {"format": FORMAT}, documents=records)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexStoreError(f"{path} cannot be read: {error.strerror}. Check its permissions.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexStoreError(
            f"{path} is damaged: it is not the manifest of a Footnote index ({type(error).__name__}). Nothing was changed. "
            "Move the data folder away or give another with --data, and add the documents again."
        ) from error
    return manifest


def _record(stored: dict[str, Any]) -> DocumentRecord:
    """Return a record as it was stored: JSON knows no tuples.

    :raises ValueError, TypeError: it is none.
    """
    skipped = tuple(
        (str(reason), str(where), tuple((int(first), int(last)) for first, last in pages))
        for reason, where, pages in stored.get("skipped", ())
    )
    record = DocumentRecord(**stored | {"skipped": skipped, "left_out": tuple(stored.get("left_out", ()))})
    PageKind(record.page_kind)
    return record


def _of_another_version(path: Path, version: int) -> IndexStoreError:
    return IndexStoreError(
        f"{path} has format {version}, and this version of Footnote reads formats up to {FORMAT}. "
        "Update Footnote, or give another folder with --data."
    )


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Yield a stream whose text takes the place of a file as a whole, once it is on the disk; nothing does after an error.

    :raises OSError: the disk is full or the folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_json(path: Path, value: object) -> None:
    """Write JSON so that a reader sees either the old file or the new one, never a half.

    :raises IndexStoreError: the disk is full or the folder cannot be written to.
    """
    try:
        with replacing(path) as stream:
            json.dump(value, stream, ensure_ascii=True)
    except OSError as error:
        raise IndexStoreError(
            f"{path} cannot be written: {error.strerror}. Nothing that was stored is lost. "
            "Check the disk's space and the folder's permissions, or give another folder with --data."
        ) from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Replace the manifest.

    :raises IndexStoreError: it cannot be written.
    """
    write_json(path, asdict(manifest))
