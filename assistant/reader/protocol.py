"""The interface of a reader, and what passes between it and the calibration.

A reader measures passages: some features of each sentence, and what it can say of the whole. `SentenceWeights`, fitted by
`python -m assistant.calibrate`, make scores of the features. The two steps are apart so that the weights can be fitted
without reading again.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.reader.pairs import Doubt
from assistant.reader.spoken import Spoken
from corpus import Span
from index import Retrieved


@dataclass(frozen=True)
class PassageFeatures:
    """What a reader measures of one passage.

    Attributes:
        sentences: One row for each of `passage.sentences`, in their order; the columns are the reader's own.
        answers: Log-odds that the passage answers the question, not calibrated; None where the reader scores sentences only.
        span: Offsets into the document of the shortest stretch that could be the answer; None if it finds none.
        span_margin: By how much that stretch beats "no answer here"; 0 without one.
        near: Cosine of the question and each sentence by itself, in their order; empty where the reader does not measure it.
        doubts: Why the passage may not answer, by the tokens of the question as it was asked; empty if that is not told.
    """

    sentences: np.ndarray
    answers: float | None = None
    span: Span | None = None
    span_margin: float = 0.0
    near: tuple[float, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class PassageReading:
    """What a reader makes of one passage.

    Attributes:
        answers: Score that the passage answers the question; larger is better, comparable across passages and questions.
        sentences: The same for each of `passage.sentences`, in their order.
        span: As in `PassageFeatures`.
        span_margin: As in `PassageFeatures`.
        near: As in `PassageFeatures`.
        doubts: As in `PassageFeatures`.
    """

    answers: float
    sentences: tuple[float, ...]
    span: Span | None = None
    span_margin: float = 0.0
    near: tuple[float, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class SentenceWeights:
    """A sentence's score is linear in its features.

    Attributes:
        sentence: One weight a feature.
        bias: Is added.
    """

    sentence: tuple[float, ...]
    bias: float = 0.0

    def reading(self, features: PassageFeatures) -> PassageReading:
        """Return the reading of a passage; one that has no score of its own is as good as its best sentence."""
        scores = features.sentences @ np.asarray(self.sentence) + self.bias
        best = float(scores.max()) if len(scores) else -math.inf
        answers = best if features.answers is None else features.answers
        sentences = tuple(float(score) for score in scores)
        return PassageReading(answers, sentences, features.span, features.span_margin, features.near, features.doubts)


class Reader(Protocol):
    """Judges passages. `name` is the key of its calibration. May be shared between threads."""

    name: str

    def read(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageReading]:
        """Return one reading a passage, in their order.

        :param question: What to look up.
        :param asked: The same as it was asked in a conversation, for readers that have learned to read that; None where
            `question` stands alone.
        :param least: The first so many are read in any case. Where one of them surely answers, a reader may leave out those
            after them, which then have no reading. None for all.
        """
        ...


class MeasuringReader(ABC):
    """A reader that measures, and whose weights make scores of that: every reader of ours."""

    name: str

    def __init__(self, weights: SentenceWeights) -> None:
        self._weights = weights

    def read(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageReading]:
        """Return one reading a passage, in their order. Parameters as in `Reader`.

        :raises ModelError: what the reader reads with is missing or damaged.
        """
        return [self._weights.reading(features) for features in self.measure(question, retrieved, asked, least)]

    @abstractmethod
    def measure(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageFeatures]:
        """Return the features of each passage, in their order. Parameters as in `Reader`."""
