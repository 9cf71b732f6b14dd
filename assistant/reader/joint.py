"""The default reader: the project's own network (see `trained`), with the search's cosine and the question's words beside it.

The network was trained on some ninety thousand questions. Where a question or a document is unlike them, cosine and words still
hold, so a sentence's score blends them; the weights are fitted by `python -m assistant.calibrate`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence

import numpy as np

from assistant.reader.nearness import Nearness
from assistant.reader.pairs import Context
from assistant.reader.protocol import MeasuringReader, PassageFeatures, SentenceWeights
from assistant.reader.spoken import Spoken
from assistant.reader.trained import Reading, TrainedReader
from assistant.reader.words import QuestionWords, WordCounts, sentence_texts
from corpus import Passage
from index import Retrieved
from index.lexical import stems

NAME = "footnote"
"""The name of this reader in settings and calibration."""

UNFITTED = SentenceWeights((1.0, 0.3, 1.0, 1.0, 6.0, 0.5))
"""Weights for the features below, for use without a calibration."""

SURELY = 2.0
"""Log-odds, as the network gives them, from which a passage surely answers: those after it hardly ever answer better."""


_ROW = re.compile(r"[^:;\n]{1,80}: [^;\n]+(?:; [^:;\n]{1,80}: [^;\n]+)+")
"""A table row as `corpus.writer` writes it: two columns or more, each with its name."""


class JointReader(MeasuringReader):
    """Reads passages with the shipped weights, loaded by the first question. May be shared between threads."""

    name = NAME

    def __init__(
        self,
        counts: WordCounts,
        weights: SentenceWeights = UNFITTED,
        load: Callable[[], TrainedReader] = TrainedReader.load,
        near: Nearness | None = None,
    ) -> None:
        """
        :param counts: Of the index, for the share of the question's words.
        :param load: Loads the weights.
        :param near: Measures sentences by themselves; without it `PassageFeatures.near` stays empty.
        """
        self._counts = counts
        self._near = near
        super().__init__(weights)
        self._load = load
        self._loading = threading.Lock()
        self._trained: TrainedReader | None = None

    def measure(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageFeatures]:
        """Return the features of each passage that is read, in their order. Parameters as in `Reader`.

        Columns of a sentence: its evidence logit; the passage's answerable logit; cosine of question and passage; share of
        the question's words in the sentence and its heading path; by how much the passage's search score, and its answerable
        logit, are behind the best ones of `retrieved` (0 or less). Of a question that was asked in a conversation, its own
        words count: the others name what all of the talk is about.
        """
        if not retrieved:
            return []
        words = QuestionWords(asked.question if asked else question, self._counts)
        text = asked.text if asked else question
        readings = self._readings(text, retrieved, least)
        retrieved = retrieved[: len(readings)]
        near = self._nearness(question, retrieved)
        best = max(item.score for item in retrieved), max(reading.answerable_logit for reading in readings)
        own = len(text) - len(asked.question) if asked else 0  # what was said before stands before the question
        return [
            _features(item, reading, words, cosines, (item.score - best[0], reading.answerable_logit - best[1]), own)
            for item, reading, cosines in zip(retrieved, readings, near, strict=True)
        ]

    def _readings(self, question: str, retrieved: Sequence[Retrieved], least: int | None) -> list[Reading]:
        """Read the first passages, and the others where none of these surely answers."""
        reader = self._reader()
        readings = reader.read(question, [context(item.passage) for item in retrieved[:least]])
        if least is None or max(reading.answerable_logit for reading in readings) >= SURELY:
            return readings
        return readings + reader.read(question, [context(item.passage) for item in retrieved[least:]])

    def _nearness(self, question: str, retrieved: Sequence[Retrieved]) -> list[tuple[float, ...]]:
        if self._near is None:
            return [()] * len(retrieved)
        texts = [sentence_texts(item.passage) for item in retrieved]
        cosines = iter(self._near.cosines(question, [text for some in texts for text in some]))
        return [tuple(float(next(cosines)) for _ in some) for some in texts]

    def _reader(self) -> TrainedReader:
        with self._loading:
            if self._trained is None:
                self._trained = self._load()
        return self._trained


def context(passage: Passage) -> Context:
    """Return what is read of a passage: from its first sentence on, since a heading line above it is in the heading path.

    The network has learned from prose. A table row ("Grade: 2; Action: stop") is read as the list it would be there ("Grade  2,
    Action  stop"), sign for sign, so that offsets hold; see docs/log.md.
    """
    start = _start(passage)
    text = passage.text[start - passage.start :]
    spans = [(first - start, last - start) for first, last in passage.sentences]
    for first, last in spans:
        if _ROW.fullmatch(text, first, last):
            text = text[:first] + text[first:last].replace(": ", "  ").replace("; ", ", ") + text[last:]
    return passage.heading, text, spans


def _start(passage: Passage) -> int:
    return passage.sentences[0][0] if passage.sentences else passage.start


def _features(
    item: Retrieved,
    reading: Reading,
    words: QuestionWords,
    near: tuple[float, ...],
    behind: tuple[float, float],
    own: int,
) -> PassageFeatures:
    passage = item.passage
    heading = set(stems(passage.heading))
    held = [set(stems(text)) for text in sentence_texts(passage)]
    cosine = item.signals.get("dense", 0.0)
    rows = [
        (logit, reading.answerable_logit, cosine, words.share(heading | some), *behind)
        for logit, some in zip(reading.sentence_logits, held, strict=True)
    ]
    span, margin = None, 0.0
    if reading.answer_span is not None:
        first, last, margin = reading.answer_span
        span = (_start(passage) + first, _start(passage) + last)
    sentences = np.array(rows, dtype=float).reshape(-1, 6)
    doubts = tuple((start - own, end - own, logit) for start, end, logit in reading.doubts if start >= own)
    return PassageFeatures(sentences, reading.answerable_logit, span, margin, near, doubts)
