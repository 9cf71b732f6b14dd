"""The interface of a reader: one method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus import Span
from index import Retrieved


@dataclass(frozen=True)
class PassageReading:
    """What a reader makes of one passage.

    Attributes:
        answers: Score that the passage answers the question; larger is better, comparable across passages and questions.
        sentences: The same for each of `passage.sentences`, in their order.
        span: Offsets into the document of the shortest stretch that answers; None where the reader is not sure.
    """

    answers: float
    sentences: tuple[float, ...]
    span: Span | None = None


class Reader(Protocol):
    """Judges passages. `name` is the key of its calibration."""

    name: str

    def read(self, question: str, retrieved: Sequence[Retrieved]) -> list[PassageReading]:
        """Return one reading a passage, in their order."""
        ...
