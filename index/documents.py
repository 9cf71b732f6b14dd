"""The texts of the indexed documents and their passages, one file a document.

Citations are offsets into these texts, so they are kept exactly; the original files may move or change.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document, Passage
from corpus.errors import IndexStoreError
from corpus.serial import document_from_json, document_to_json
from index.manifest import write_json

_CACHED = 256  # documents kept in memory


@dataclass(frozen=True)
class StoredDocument:
    """A document with its passages by id, in reading order."""

    document: Document
    passages: dict[str, Passage]


class DocumentStore:
    """Documents in a folder. May be shared between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache: OrderedDict[str, StoredDocument] = OrderedDict()
        self._lock = threading.Lock()

    def _path(self, document_id: str) -> Path:
        return self._folder / f"{document_id}.json"

    def put(self, document: Document, passages: Sequence[Passage]) -> None:
        """Store a document and its passages.

        :raises IndexStoreError: the file cannot be written.
        """
        rows = [[p.start, p.end, p.heading, p.page, [list(span) for span in p.sentences]] for p in passages]
        kept = document_to_json(document) | {"passages": rows}
        write_json(self._path(document.id), kept)

    def get(self, document_id: str) -> StoredDocument:
        """Return a stored document.

        :raises IndexStoreError: its file is missing or damaged.
        """
        with self._lock:
            if document_id in self._cache:
                self._cache.move_to_end(document_id)
                return self._cache[document_id]
        stored = self._read(document_id)
        with self._lock:
            self._cache[document_id] = stored
            while len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
        return stored

    def _read(self, document_id: str) -> StoredDocument:
        path = self._path(document_id)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            rows = kept.pop("passages")
            document = document_from_json(kept)
            passages = [
                Passage(
                    id=f"{document.id}:{start}-{end}",
                    document_id=document.id,
                    start=start,
                    end=end,
                    heading=heading,
                    text=document.text[start:end],
                    page=page,
                    sentences=tuple((first, last) for first, last in sentences),
                )
                for start, end, heading, page, sentences in rows
            ]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexStoreError(
                f"The stored text {path} is missing or damaged ({type(error).__name__}). "
                "Remove the document with `python -m index remove NAME` and add it again."
            ) from error
        return StoredDocument(document, {passage.id: passage for passage in passages})

    def passage(self, passage_id: str) -> Passage | None:
        """Return a passage by its id, or None if its document has no such passage."""
        return self.get(passage_id.split(":", 1)[0]).passages.get(passage_id)

    def remove(self, document_ids: Iterable[str]) -> None:
        """Remove documents; one that is not there is passed over."""
        for document_id in document_ids:
            with self._lock:
                self._cache.pop(document_id, None)
            self._path(document_id).unlink(missing_ok=True)

    def has(self, document_id: str) -> bool:
        """Whether a document is stored."""
        return self._path(document_id).is_file()

    def ids(self) -> set[str]:
        """Return the ids of all stored documents."""
        return {path.stem for path in self._folder.glob("*.json")} if self._folder.is_dir() else set()
