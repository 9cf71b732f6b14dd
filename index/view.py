"""What one person sees of the index: the documents that everybody sees, and their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from corpus import Document, Passage
from index.manifest import DocumentRecord
from index.reports import AddReport
from index.retrieved import Retrieved
from index.store import SHARED, PassageIndex, ProgressCallback, SearchMode


class Library(Protocol):
    """Documents to be searched and read: an index, or what one person sees of it. Methods as in `PassageIndex`."""

    def records(self) -> tuple[DocumentRecord, ...]:
        """Return the documents, in the order of their names."""
        ...

    def document(self, name: str) -> Document:
        """Return a document by its name."""
        ...

    def passages(self, name: str) -> list[Passage]:
        """Return the passages of a document in reading order."""
        ...

    def word_frequency(self, stem: str) -> tuple[int, int]:
        """Return in how many passages a stem stands, and how many passages there are."""
        ...

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words of all documents with how often each occurs."""
        ...

    def search(
        self,
        question: str,
        count: int = 10,
        *,
        documents: Sequence[str] | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        vector: np.ndarray | None = None,
    ) -> list[Retrieved]:
        """Return the passages that fit a question, best first."""
        ...


class IndexView:
    """An index as one owner sees it. What they add, nobody else finds, sees in a list, or can remove."""

    def __init__(self, index: PassageIndex, owner: str) -> None:
        """
        :param owner: A key that nobody else has, not empty.
        :raises ValueError: it is empty, which means everybody.
        """
        if owner == SHARED:
            raise ValueError("an owner's key is expected, and it is empty, which means everybody")
        self._index = index
        self._owner = owner

    def records(self) -> tuple[DocumentRecord, ...]:
        """Return the documents they see; one of their own stands in the place of a shared one of its name."""
        return self._index.records(owner=self._owner)

    def own(self) -> tuple[DocumentRecord, ...]:
        """Return the documents that are theirs alone."""
        return tuple(record for record in self.records() if record.owner == self._owner)

    def document(self, name: str) -> Document:
        """Return a document by its name.

        :raises ScopeError: they see none of that name.
        """
        return self._index.document(name, owner=self._owner)

    def passages(self, name: str) -> list[Passage]:
        """Return the passages of a document in reading order.

        :raises ScopeError: they see none of that name.
        """
        return self._index.passages(name, owner=self._owner)

    def word_frequency(self, stem: str) -> tuple[int, int]:
        """Return in how many passages a stem stands, and how many there are: of the whole index, whose statistic it is."""
        return self._index.word_frequency(stem)

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words of the documents they see, with how often each occurs."""
        return self._index.vocabulary(owner=self._owner)

    def search(
        self,
        question: str,
        count: int = 10,
        *,
        documents: Sequence[str] | None = None,
        mode: SearchMode = SearchMode.HYBRID,
        vector: np.ndarray | None = None,
    ) -> list[Retrieved]:
        """Return the passages that fit a question, best first, as `PassageIndex.search` does."""
        return self._index.search(question, count, documents=documents, mode=mode, vector=vector, owner=self._owner)

    def add(
        self, documents: Iterable[Document], *, sources: dict[str, str] | None = None, progress: ProgressCallback | None = None
    ) -> AddReport:
        """Add documents that are theirs alone. Raises as `PassageIndex.add` does."""
        owned = [replace(document, id=self._key(document.id)) for document in documents]
        paths = {self._key(key): path for key, path in (sources or {}).items()}
        return self._index.add(owned, sources=paths, progress=progress, owner=self._owner)

    def remove(self, names: Iterable[str]) -> None:
        """Remove documents of their own, all of them or none.

        :raises ScopeError: a name that none of their own has.
        """
        self._index.remove(names, owner=self._owner)

    def _key(self, document_id: str) -> str:
        """Return an id of their own: two people may add files of the same name and bytes."""
        return hashlib.sha256(f"{self._owner}\0{document_id}".encode()).hexdigest()[:16]
