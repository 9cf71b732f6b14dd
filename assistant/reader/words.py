"""How many of a question's words a text holds, each word counted by its inverse document frequency (Spärck Jones 1972)."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Protocol

from corpus import Passage
from index.lexical import content_stems


class WordCounts(Protocol):
    """Where the inverse document frequencies come from."""

    def word_frequency(self, stem: str) -> tuple[int, int]:
        """Return in how many passages a stem stands, and how many passages there are."""
        ...


class QuestionWords:
    """The telling words of one question."""

    def __init__(self, question: str, counts: WordCounts) -> None:
        self._weights = {word: _idf(*counts.word_frequency(word)) for word in content_stems(question)}
        self._total = max(sum(self._weights.values()), 1e-9)

    def share(self, held: Collection[str]) -> float:
        """Return the share, 0..1, of the question's words that are among the stems `held`."""
        return sum(weight for word, weight in self._weights.items() if word in held) / self._total


def _idf(holding: int, total: int) -> float:
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def sentence_texts(passage: Passage) -> list[str]:
    """Return the text of each of a passage's sentences."""
    return [passage.between(*span) for span in passage.sentences]
