"""The engine that needs no language model: the answer is the document's own sentences, verbatim, each cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, Statement
from assistant.calibration import Calibration, confidence_signals
from assistant.reader.protocol import PassageReading, Reader
from corpus import Document, Span
from corpus.passages import leans
from index import PassageIndex, Retrieved

READ = 5
"""How many of the retrieved passages are read."""

MOST_SENTENCES = 8
"""An answer of more is a passage, and better read in place."""


@dataclass(frozen=True)
class Decision:
    """What the engine makes of a question before it writes anything.

    Attributes:
        confidence: Probability, 0..1, that the passages answer the question.
        answered: Whether that is enough.
        chosen: The sentences to cite, in reading order: the passage, and the span in its document.
    """

    confidence: float
    answered: bool
    chosen: tuple[tuple[Retrieved, Span], ...]


class ExtractiveEngine:
    """Chooses the sentences that answer."""

    name = "extractive"

    def __init__(self, index: PassageIndex, reader: Reader, calibration: Calibration) -> None:
        self._index = index
        self._reader = reader
        self._calibration = calibration

    def decide(self, question: str, retrieved: Sequence[Retrieved]) -> Decision:
        """Judge whether the passages answer the question, and which of their sentences do."""
        read = list(retrieved[:READ])
        readings = self._reader.read(question, read)
        confidence = self._calibration.confidence(confidence_signals(read, readings))
        chosen = choose(read, readings, self._calibration) if confidence >= self._calibration.threshold else ()
        return Decision(confidence, bool(chosen), chosen)  # without a sentence to cite there is no answer

    def write(self, decision: Decision) -> Iterator[Statement]:
        """Yield the statements of an answer one by one."""
        for number, (item, (start, end)) in enumerate(decision.chosen, 1):
            document = self._document(item)
            quote = document.text[start:end]
            citation = Citation(number, document, start, end, quote, item.passage.heading)
            yield Statement(" ".join(quote.split()), (citation,))

    def _document(self, item: Retrieved) -> Document:
        return self._index.document(item.document)


def choose(
    retrieved: Sequence[Retrieved], readings: Sequence[PassageReading], calibration: Calibration
) -> tuple[tuple[Retrieved, Span], ...]:
    """Return the sentences to cite, in reading order, those of the best document first.

    The best sentence is always among them, others if they score nearly as well; a sentence that leans on the one before it
    ("It mainly includes …") brings that one along.
    """
    scored = [
        (score, item, position)
        for item, reading in zip(retrieved, readings, strict=True)
        for position, score in enumerate(reading.sentences)
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1].rank, entry[2]))
    if not scored:
        return ()
    enough = max(scored[0][0] - calibration.margin, calibration.floor)
    best = [entry for entry in scored[:MOST_SENTENCES] if entry is scored[0] or entry[0] >= enough]
    chosen: dict[tuple[str, Span], Retrieved] = {}
    documents = list(dict.fromkeys(item.document for _, item, _ in best))
    for _, item, position in best:
        passage = item.passage
        span = passage.sentences[position]
        needed = [span]
        if position and leans(passage.text, (_local(span, passage.start),)):
            needed.append(passage.sentences[position - 1])
        new = [one for one in needed if (item.document, one) not in chosen]
        if len(chosen) + len(new) > MOST_SENTENCES:
            break
        chosen.update({(item.document, one): item for one in new})
    ordered = sorted(chosen.items(), key=lambda entry: (documents.index(entry[0][0]), entry[0][1]))
    return tuple((item, span) for (_, span), item in ordered)


def _local(span: Span, start: int) -> Span:
    return span[0] - start, span[1] - start
