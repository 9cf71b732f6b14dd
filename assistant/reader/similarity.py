"""The first form of a reader: no weights of its own, only the embedder and the words.

A sentence's score is linear in how near it is to the question (cosine of embeddings, the sentence read under its heading
path), and in how many of the question's telling words it holds, itself and with its passage (see `words`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.reader.nearness import Nearness
from assistant.reader.protocol import MeasuringReader, PassageFeatures, SentenceWeights
from assistant.reader.spoken import Spoken
from assistant.reader.words import QuestionWords, WordCounts, sentence_texts
from index import Embedder, Retrieved
from index.chunks import under_heading
from index.lexical import stems

NAME = "similarity"
"""The name of this reader in settings and calibration."""

UNFITTED = SentenceWeights((6.0, 2.0, 1.0, 2.0, 1.0), -5.0)
"""Weights for the features below, rounded, for use without a calibration."""


class SimilarityReader(MeasuringReader):
    """Reads by similarity. May be shared between threads."""

    name = NAME

    def __init__(self, embedder: Embedder, counts: WordCounts, weights: SentenceWeights = UNFITTED) -> None:
        self._near = Nearness(embedder)
        self._counts = counts
        super().__init__(weights)

    def measure(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageFeatures]:
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
        texts = [under_heading(item.passage, text) for item in retrieved for text in sentence_texts(item.passage)]
        cosines = self._near.cosines(question, texts)
        words = QuestionWords(question, self._counts)
        rows, first = [], 0
        for item in retrieved:
            passage = item.passage
            heading = set(stems(passage.heading))
            sentences = [set(stems(text)) for text in sentence_texts(passage)]
            everything = heading.union(*sentences)
            near, first = cosines[first : first + len(sentences)], first + len(sentences)
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
