"""Pairs the words of two texts by greedy string tiling (Wise 1993).

The longest stretch that both have is paired first, wherever it stands, then the longest of what is left, and so on. Unlike a
common subsequence, this follows clauses that changed places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verification.tokens import Token

_SMALL_WORD = 0.3
"""Weight of a stop word in a stretch, beside 1 for a word that says something."""

_GOES_ON = 0.1
"""Added to a stretch that follows shortly on what is paired with the words before it."""

_SHORTLY = 6
_BRIDGE = 3  # words over which small ones are paired

Tile = tuple[float, int, int, int]
"""Weight, minus the first word here, minus the first word there (so that of equal tiles the first is the largest), length."""


def paired(here: Sequence[Token], there: Sequence[Token]) -> dict[int, int]:
    """Return for tokens of one text the same token of the other, each once. Marks are left out."""
    return _Tiling(here, there).pairs


class _Tiling:
    """Two texts without their marks, and which of their words are paired."""

    def __init__(self, here: Sequence[Token], there: Sequence[Token]) -> None:
        self._here = [(place, token) for place, token in enumerate(here) if token.kind != "mark"]
        self._there = [(place, token) for place, token in enumerate(there) if token.kind != "mark"]
        self._starts: dict[str, list[int]] = {}
        for rank, (_, token) in enumerate(self._there):
            self._starts.setdefault(token.stem, []).append(rank)
        self._ranks: dict[int, int] = {}
        self._taken: set[int] = set()
        while tile := max(self._tiles(), default=None):
            for step in range(tile[3]):
                self._pair(-tile[1] + step, -tile[2] + step)
        self._bridge()

    @property
    def pairs(self) -> dict[int, int]:
        """Token here → token there."""
        return {self._here[one][0]: self._there[two][0] for one, two in self._ranks.items()}

    def _pair(self, one: int, two: int) -> None:
        self._ranks[one] = two
        self._taken.add(two)

    def _are_free_and_same(self, one: int, two: int) -> bool:
        if one >= len(self._here) or two >= len(self._there) or one in self._ranks or two in self._taken:
            return False
        return self._here[one][1].stem == self._there[two][1].stem

    def _tiles(self) -> Iterator[Tile]:
        """Yield the stretches that can still be paired and have a word that says something."""
        for one, (_, token) in enumerate(self._here):
            for two in self._starts.get(token.stem, ()):
                length = 0
                while self._are_free_and_same(one + length, two + length):
                    length += 1
                telling = sum(self._here[one + step][1].says_something for step in range(length))
                if telling:
                    before = self._ranks.get(one - 1)
                    follows = before is not None and 0 < two - before < _SHORTLY
                    yield telling + _SMALL_WORD * (length - telling) + _GOES_ON * follows, -one, -two, length

    def _bridge(self) -> None:
        """Pair the small words that follow a pair on both sides, after a word or two that are not the same."""
        for one, two in sorted(self._ranks.items()):
            steps = [(first, second) for first in range(1, _BRIDGE + 1) for second in range(1, _BRIDGE + 1)]
            found = next((step for step in steps if self._are_free_and_same(one + step[0], two + step[1])), None)
            if found is not None:
                self._pair(one + found[0], two + found[1])
