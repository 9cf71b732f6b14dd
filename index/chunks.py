"""What goes into the stores together: documents cut into passages, a group at a time, and what is embedded of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from corpus import Document, Passage, split_passages

Splitter = Callable[[Document], list[Passage]]
"""Cuts a document into passages."""

_CHUNK = 256  # passages written together: a run that is cut off loses at most these


class Embedder(Protocol):
    """What the index needs of an embedding model."""

    name: str
    fingerprint: str

    def encode(self, texts: Sequence[str], *, query: bool = False) -> np.ndarray:
        """Return unit vectors, shape (len(texts), dimension)."""
        ...


def embedding_text(passage: Passage) -> str:
    """Return what is embedded of a passage: its heading path helps finding it."""
    return under_heading(passage, passage.text)


def under_heading(passage: Passage, text: str) -> str:
    """Return a part of a passage as it is embedded: under the passage's heading path, if it has one."""
    return f"{passage.heading}: {text}" if passage.heading else text


def chunks(documents: Sequence[Document], split: Splitter = split_passages) -> Iterator[list[tuple[Document, list[Passage]]]]:
    """Split documents into passages and yield them in groups of about `_CHUNK` passages."""
    chunk: list[tuple[Document, list[Passage]]] = []
    size = 0
    for document in documents:
        passages = split(document)
        chunk.append((document, passages))
        size += len(passages)
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
