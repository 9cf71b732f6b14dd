"""Vectors in Chroma: the one module that knows it. Its distances become cosines here, its errors ours.

Passages go in with their text and their place, so that the collection can be read with any Chroma tool. chromadb is used
directly and not through langchain-chroma: the vectors are made outside (once for several stores), and the wrapper adds a
second to the start of every command. The LangChain face of this room is `index.retriever`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from corpus.document import Passage
from corpus.errors import IndexStoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "footnote-passages"
_BATCH = 1000  # passages a call: Chroma refuses more than about 5,000
# A wide search: recall of the approximate index is worth more here than the tenths of a millisecond it costs.
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}}


class VectorStore:
    """A Chroma collection of passages, in a folder or on a Chroma server. Vectors are expected to have unit length."""

    def __init__(self, folder: Path, url: str | None = None, key: str = "default") -> None:
        """
        :param folder: Where the collection is kept, when there is no `url`.
        :param url: A Chroma server, such as `http://localhost:8000`.
        :param key: Ends the collection's name: vectors of another model are another collection.
        :raises IndexStoreError: the folder or server cannot be used.
        """
        self._folder = folder
        self._url = url
        self._name = f"{COLLECTION}-{key}"
        self._client, self._collection = self._open()

    def _open(self) -> tuple[ClientAPI, Collection]:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        with self._reporting("opened"):
            if self._url:
                address = urlsplit(self._url)
                client = chromadb.HttpClient(
                    host=address.hostname or "localhost",
                    port=address.port or (443 if address.scheme == "https" else 8000),
                    ssl=address.scheme == "https",
                    settings=settings,
                )
            else:
                client = chromadb.PersistentClient(str(self._folder), settings=settings)
            collection = client.get_or_create_collection(
                self._name,
                embedding_function=None,
                configuration=_CONFIGURATION,  # type: ignore[arg-type]  # a TypedDict of optional keys upstream
            )
        return client, collection

    @contextmanager
    def _reporting(self, what: str) -> Iterator[None]:
        """Turn whatever Chroma raises into our error; broad, since it raises its own, ValueErrors and HTTP errors alike."""
        try:
            yield
        except Exception as error:
            raise self._error(what, error) from error

    def _error(self, what: str, error: Exception) -> IndexStoreError:
        place = self._url or self._folder
        if self._url:
            hint = "Is the Chroma server running there?"
        elif what in ("written", "cleared"):
            hint = "Nothing that was stored is lost. Check the disk's space and the folder's permissions."
        else:
            hint = "Make it afresh with `python -m index rebuild` (the stored texts are kept)."
        reason = (str(error) or type(error).__name__).strip().splitlines()[0][:200]
        return IndexStoreError(f"The vectors in {place} cannot be {what}: {reason}. {hint}")

    def add(self, passages: Sequence[Passage], vectors: np.ndarray, name: str) -> None:
        """Store passages of the document `name` with their vectors, shape (len(passages), dimension)."""
        with self._reporting("written"):
            for first in range(0, len(passages), _BATCH):
                part = passages[first : first + _BATCH]
                self._collection.upsert(
                    ids=[passage.id for passage in part],
                    embeddings=vectors[first : first + _BATCH],
                    documents=[passage.text for passage in part],
                    metadatas=[_metadata(passage, name) for passage in part],
                )

    def remove(self, document_ids: Iterable[str]) -> None:
        """Remove every passage of these documents."""
        wanted = list(document_ids)
        if not wanted:
            return
        with self._reporting("written"):
            self._collection.delete(where={"document_id": {"$in": wanted}})  # type: ignore[dict-item]

    def search(self, vector: np.ndarray, count: int, document_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Return (passage id, cosine) of the nearest passages, best first, within `document_ids` if given."""
        if document_ids is not None and not document_ids:
            return []
        where: Any = None if document_ids is None else {"document_id": {"$in": list(document_ids)}}
        with self._reporting("searched"):
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=max(count, 1), where=where, include=["distances"]
            )
        distances = found["distances"][0] if found["distances"] else []
        return [(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances, strict=True)]

    def cosines(self, vector: np.ndarray, ids: Sequence[str]) -> dict[str, float]:
        """Return the cosine of `vector` with each of these passages; one that is not stored is left out."""
        if not ids:
            return {}
        with self._reporting("read"):
            found = self._collection.get(ids=list(ids), include=["embeddings"])
        vectors = np.asarray(found["embeddings"], dtype=np.float32)
        return {key: float(cosine) for key, cosine in zip(found["ids"], vectors @ vector, strict=True)}

    def count(self) -> int:
        """Return the number of passages stored."""
        with self._reporting("read"):
            return self._collection.count()

    def ids(self) -> list[str]:
        """Return the ids of all passages stored."""
        with self._reporting("read"):
            return list(self._collection.get(include=[])["ids"])

    def clear(self) -> None:
        """Remove everything."""
        with self._reporting("cleared"):
            self._client.delete_collection(self._name)
        self.reopen()

    def reopen(self) -> None:
        """Open the collection again: a client does not see the vectors that another process has added since."""
        self.close()
        self._client, self._collection = self._open()

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()  # type: ignore[attr-defined]  # on the client class, not on its interface


def _metadata(passage: Passage, name: str) -> dict[str, str | int]:
    metadata: dict[str, str | int] = {
        "document_id": passage.document_id,
        "document": name,
        "start": passage.start,
        "end": passage.end,
        "heading": passage.heading,
    }
    if passage.page is not None:
        metadata["page"] = passage.page
    return metadata
