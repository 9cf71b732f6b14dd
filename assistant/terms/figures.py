"""How well the words that follow-ups take along are those that they need."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class TermFigures:
    """Words by stem, counted over all follow-ups together.

    Attributes:
        right: Those that were taken and are needed.
        taken: Those that were taken.
        needed: Those that are needed.
    """

    right: int
    taken: int
    needed: int

    @property
    def precision(self) -> float:
        """Share of the words taken that are needed, 0..1."""
        return self.right / max(1, self.taken)

    @property
    def recall(self) -> float:
        """Share of the words needed that were taken, 0..1."""
        return self.right / max(1, self.needed)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.right / max(1, self.taken + self.needed)


def term_figures(words: Iterable[tuple[Set[str], Set[str]]]) -> TermFigures:
    """Return the figures of follow-ups.

    :param words: Of each follow-up the words that were taken, and those that are needed.
    """
    right = taken = needed = 0
    for found, wanted in words:
        right, taken, needed = right + len(found & wanted), taken + len(found), needed + len(wanted)
    return TermFigures(right, taken, needed)
