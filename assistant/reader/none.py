"""No reader: the passage that was found first is the answer, whole. What every reader has to be better than."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.reader.protocol import MeasuringReader, PassageFeatures, SentenceWeights
from assistant.reader.spoken import Spoken
from index import Retrieved

NAME = "none"
"""The name of this reader in settings and calibration."""

UNFITTED = SentenceWeights((1.0,))
"""A sentence is as good as its passage."""


class NoReader(MeasuringReader):
    """Gives every sentence the score with which the search found its passage."""

    name = NAME

    def __init__(self, weights: SentenceWeights = UNFITTED) -> None:
        super().__init__(weights)

    def measure(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageFeatures]:
        """Return the features of each passage, in their order. The one column is the passage's score."""
        return [
            PassageFeatures(np.full((len(item.passage.sentences), 1), item.score), answers=item.score) for item in retrieved
        ]
