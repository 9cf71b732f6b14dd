"""The first form of a reader: no weights of its own, only the embedder and the words.

A sentence's score is linear in how near it is to the question (cosine of embeddings, the sentence read under its heading
path), and in how many of the question's telling words it holds, itself and with its passage (see `words`).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from assistant.reader.protocol import MeasuringReader, PassageFeatures, SentenceWeights
from assistant.reader.words import QuestionWords, WordCounts
from corpus import Passage
from index import Embedder, Retrieved
from index.chunks import under_heading
from index.lexical import stems

NAME = "similarity"
"""The name of this reader in settings and calibration."""

UNFITTED = SentenceWeights((6.0, 2.0, 1.0, 2.0, 1.0), -5.0)
"""Weights for the features below, rounded, for use without a calibration."""

_CACHED = 4096  # passages whose sentence vectors are kept; 4096 · 6 sentences · 1.5 kB are some 40 MB


class SimilarityReader(MeasuringReader):
    """Reads by similarity. May be shared between threads."""

    name = NAME

    def __init__(self, embedder: Embedder, counts: WordCounts, weights: SentenceWeights = UNFITTED) -> None:
        self._embedder = embedder
        self._counts = counts
        super().__init__(weights)
        self._vectors: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def measure(self, question: str, retrieved: Sequence[Retrieved]) -> list[PassageFeatures]:
        """Return the features of each passage, in their order."""
        return [PassageFeatures(rows) for rows in self.features(question, retrieved)]

    def features(self, question: str, retrieved: Sequence[Retrieved]) -> list[np.ndarray]:
        """Return the features of each passage's sentences: arrays of shape (sentences, 5).

        Columns: cosine of question and sentence under its heading; share of the question's words in the sentence, weighted
        by idf; the same in sentence and heading path together; cosine of question and passage; share of words in the
        passage.
        """
        if not retrieved:
            return []
        vectors = self._sentence_vectors([item.passage for item in retrieved])
        vector = self._embedder.encode([question], query=True)[0]
        words = QuestionWords(question, self._counts)
        rows = []
        for item, near_to in zip(retrieved, vectors, strict=True):
            passage = item.passage
            heading = set(stems(passage.heading))
            sentences = [set(stems(text)) for text in _sentence_texts(passage)]
            everything = heading.union(*sentences)
            near = near_to @ vector
            whole = item.signals.get("dense", float(near.max()) if len(near) else 0.0)
            rows.append(
                np.array(
                    [
                        (float(cosine), words.share(held), words.share(held | heading), whole, words.share(everything))
                        for cosine, held in zip(near, sentences, strict=True)
                    ]
                ).reshape(-1, 5)
            )
        return rows

    def _sentence_vectors(self, passages: Sequence[Passage]) -> list[np.ndarray]:
        """Return the vectors of each passage's sentences, embedding those that are not known yet in one batch."""
        with self._lock:
            known = {passage.id: self._vectors[passage.id] for passage in passages if passage.id in self._vectors}
        new = list({passage.id: passage for passage in passages if passage.id not in known}.values())
        texts = [under_heading(passage, text) for passage in new for text in _sentence_texts(passage)]
        vectors = self._embedder.encode(texts)
        first = 0
        for passage in new:
            known[passage.id] = vectors[first : first + len(passage.sentences)]
            first += len(passage.sentences)
        with self._lock:
            for passage in passages:
                self._vectors[passage.id] = known[passage.id]
                self._vectors.move_to_end(passage.id)
            while len(self._vectors) > _CACHED:
                self._vectors.popitem(last=False)
        return [known[passage.id] for passage in passages]


def _sentence_texts(passage: Passage) -> list[str]:
    return [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]
