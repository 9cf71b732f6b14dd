"""How near each sentence is to a question: the cosine of their embeddings, from memory where a sentence was met before."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from index import Embedder

_KEPT = 24_000  # sentences; at 1.5 kB each some 40 MB


class Nearness:
    """Measures sentences by their embeddings alone. May be shared between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def cosines(self, question: str, texts: Sequence[str]) -> np.ndarray:
        """Return the cosine of the question and each text, shape (len(texts),); what is new is embedded in one batch."""
        if not texts:
            return np.zeros(0)
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        known |= zip(new, self._embedder.encode(new), strict=True)
        with self._lock:
            for text in texts:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > _KEPT:
                self._vectors.popitem(last=False)
        vectors = np.array([known[text] for text in texts])
        cosines: np.ndarray = vectors @ self._embedder.encode([question], query=True)[0]
        return cosines
