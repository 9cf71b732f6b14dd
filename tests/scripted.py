"""A reader that gives the scores it was told to, and the numbers with which they become decisions by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.calibration import Calibration
from assistant.chain import AnswerChain, extractive_chain
from assistant.extractive import ExtractiveEngine
from assistant.reader import PassageReading
from assistant.reader.spoken import Spoken
from corpus import Document, Passage, make_document
from index import PassageIndex, Retrieved

BY_HAND = Calibration(weights=(0.0, 1.0, 0.0, 0.0, 0.0), bias=0.0, threshold=0.5, risk=0.0, margin=1.0, floor=-30.0)
"""The confidence is the logistic function of the best score, so a question is answered from a score of 0 on."""

UNREAD = -9.0
"""Score of a sentence that the script does not name."""


def logistic(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-odds))


class Shelf:
    """Holds documents by name: all that the engine asks of an index."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {document.name: document for document in documents}

    def document(self, name: str) -> Document:
        return self.documents[name]


def scripted_engine(reader: ScriptedReader, *documents: Document, calibration: Calibration | None = None) -> ExtractiveEngine:
    """Return the engine over documents: a shelf of them is all that it asks of a library."""
    return ExtractiveEngine(Shelf(*documents), reader, calibration or BY_HAND)  # type: ignore[arg-type]


class ScriptedReader:
    """Scores each sentence by the first beginning in `scores` that it has; records what it was asked."""

    name = "scripted"

    def __init__(self, scores: Mapping[str, float]) -> None:
        self.scores = scores
        self.asked: list[str] = []
        self.as_asked: list[str] = []
        self.passages_read: list[int] = []

    def read(
        self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None, least: int | None = None
    ) -> list[PassageReading]:
        self.asked.append(question)
        self.as_asked.append(asked.text if asked else "")
        self.passages_read.append(len(retrieved))
        return [self._reading(item.passage) for item in retrieved]

    def _reading(self, passage: Passage) -> PassageReading:
        texts = [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]
        scores = tuple(
            next((score for beginning, score in self.scores.items() if text.startswith(beginning)), UNREAD) for text in texts
        )
        return PassageReading(max(scores, default=-math.inf), scores)


def scripted_chain(
    index: PassageIndex, scores: Mapping[str, float], calibration: Calibration = BY_HAND
) -> tuple[AnswerChain, ScriptedReader]:
    reader = ScriptedReader(scores)
    return extractive_chain(index, reader, calibration), reader


def found(name: str, *sentences: str, rank: int = 1, heading: str = "", cosine: float = 0.5) -> tuple[Document, Retrieved]:
    """Return a document of one passage of these sentences, and the passage as a search would return it."""
    document = make_document(name, " ".join(sentences))
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    passage = Passage(
        id=f"{document.id}:0-{len(document.text)}",
        document_id=document.id,
        start=0,
        end=len(document.text),
        heading=heading,
        text=document.text,
        sentences=tuple(spans),
    )
    return document, Retrieved(passage, name, 1.0 / rank, rank, {"dense": cosine})
