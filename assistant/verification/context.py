"""Whether something stands in the quotes where the statement has it, judged by the words around it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from assistant.verification.comparison import Comparison
from assistant.verification.opposites import are_alike
from assistant.verification.synonyms import mean_the_same
from assistant.verification.tokens import Token
from corpus import Span

_WEIGHTS = (1.0, 0.8, 0.6, 0.45, 0.35, 0.25)
"""Of the nearest word that says something, the next, and so on."""

_OTHER_CLAUSE = 0.6
_OTHER_SIDE = 0.4
_SMALL_WORD = 0.5
"""Weight of the very next word, if it is one that says nothing: "from 3 to 5"."""

_BOUNDARY = 0.25
"""Weight of a sentence that begins or ends there in both."""

_NOTHING_PASSED = 0.5
"""Added for a word directly beside that is the same though nothing was passed over."""

_ARTICLES = frozenset("the a an its his her their".split())

# Chosen on the training sets' sentences with two names or numbers exchanged, and on their questions made statements.
MARGIN = 0.2
"""By how much the words around another place must fit better for something to be in the wrong one."""

_TIGHTER = 0.2
"""The same for the words directly beside it."""

_TIGHT = 1.75
"""How many of these must fit where nothing was exchanged, only replaced."""

_TIGHTEST = 2.0
"""The same where the words further away fit either place."""

_NEARLY_VERBATIM = 0.65
"""Closeness of a statement to its quotes from which every word that changed its place counts."""


@dataclass(frozen=True)
class Neighbour:
    """A word near a place.

    Attributes:
        token: The word.
        side: -1 before the place, 1 after it.
        weight: The nearer, the larger.
    """

    token: Token
    side: int
    weight: float

    def is_like(self, other: Neighbour) -> bool:
        """Whether both mean the same."""
        one, two = self.token, other.token
        return mean_the_same(one.stem, two.stem) or are_alike(one.word, two.word)


class Surroundings:
    """Compares places of a statement with places of its quotes by the words around them, the nearer the weightier.

    Words that the other text has nothing like are as if they were not there, so that it does not matter what was left out.
    """

    def __init__(
        self,
        comparison: Comparison,
        hidden: Collection[int],
        source_hidden: Collection[int],
        flipped: Callable[[Span, Span], bool] = lambda here, there: False,
    ) -> None:
        """
        :param hidden: Tokens of the statement of the kind that is looked for: they are a step on the way, and not compared.
        :param source_hidden: Those of the quotes.
        :param flipped: Whether before and after are exchanged between two places, as they are by the passive voice.
        """
        self._comparison = comparison
        self._hidden = hidden
        self._source_hidden = source_hidden
        self._flipped = flipped

    def likeness(self, here: Span, there: Span) -> float:
        """Return how much the same words stand around a place of the statement and one of the quotes, on the same sides."""
        return _likeness(self._around(here), self._around_source(there), self._flipped(here, there))

    def tightness(self, here: Span, there: Span) -> float:
        """Return how many of the words directly beside the two places are the same, passing over what one text leaves out."""
        turn = -1 if self._flipped(here, there) else 1
        mine, theirs = self._around(here), self._around_source(there)
        all_mine = neighbours(self._comparison.said, here, self._hidden, ())
        all_theirs = neighbours(self._comparison.source, there, self._source_hidden, ())
        total = 0.0
        for side in (-1, 1):
            total += _are_like(_nearest(mine, side), _nearest(theirs, side * turn))
            total += _NOTHING_PASSED * _are_like(_nearest(all_mine, side), _nearest(all_theirs, side * turn))
            total += _SMALL_WORD * _are_like(_small(mine, side), _small(theirs, side * turn))
            total += _BOUNDARY * (not _has(all_mine, side) and not _has(all_theirs, side * turn))
        return total

    def stands_elsewhere(
        self, here: Span, same: Sequence[Span], others: Sequence[Span], said: Callable[[Span], Sequence[Span]]
    ) -> bool:
        """Whether a place of the statement is like another of the quotes than the ones where it should stand.

        :param same: Where the quotes have what the statement has there.
        :param others: Where they have something else of its kind.
        :param said: Gives the places where the statement has what stands at one of the others: both are exchanged, or none.
        """
        if not same or not others:
            return False
        wrong, rival = max((self.likeness(here, there), there) for there in others)
        right, place = max((self.likeness(here, there), there) for there in same)
        if wrong < right:
            return False
        tight = self.tightness(here, rival)
        tighter = tight - self.tightness(here, place)
        rivals = said(rival)
        if not rivals:
            return tighter > _TIGHTER and tight >= (_TIGHT if wrong > right + MARGIN else _TIGHTEST)
        if wrong <= right + MARGIN:
            return False
        looser = self._comparison.closeness >= _NEARLY_VERBATIM
        return all(
            wrong - right + self.likeness(other, place) - self.likeness(other, rival) > MARGIN
            and (looser or tighter + self.tightness(other, place) - self.tightness(other, rival) > _TIGHTER)
            for other in rivals
        )

    def _around(self, here: Span) -> list[Neighbour]:
        return neighbours(self._comparison.said, here, self._hidden, self._comparison.said_alone)

    def _around_source(self, there: Span) -> list[Neighbour]:
        return neighbours(self._comparison.source, there, self._source_hidden, self._comparison.source_alone)


def neighbours(tokens: Sequence[Token], place: Span, hidden: Collection[int], alone: Collection[int]) -> list[Neighbour]:
    """Return the words around `tokens[place[0]..place[1]]` within the sentence, those of either side from the nearest on."""
    found: list[Neighbour] = []
    middle = tokens[place[0]]
    for side in (-1, 1):
        at = beside = place[0] - 1 if side < 0 else place[1] + 1
        rank = 0
        while 0 <= at < len(tokens) and rank < len(_WEIGHTS) and tokens[at].sentence == middle.sentence:
            token = tokens[at]
            if token.says_something and at not in alone:
                if at not in hidden:
                    weight = _WEIGHTS[rank] * (1.0 if token.clause == middle.clause else _OTHER_CLAUSE)
                    found.append(Neighbour(token, side, weight))
                rank += 1
            elif at == beside and token.word in _ARTICLES:
                beside += side
            elif at == beside and token.kind != "mark":
                found.append(Neighbour(token, side, _SMALL_WORD))
            at += side
    return found


def _nearest(around: Sequence[Neighbour], side: int) -> Neighbour | None:
    return next((one for one in around if one.side == side and one.token.says_something), None)


def _small(around: Sequence[Neighbour], side: int) -> Neighbour | None:
    return next((one for one in around if one.side == side and not one.token.says_something), None)


def _has(around: Sequence[Neighbour], side: int) -> bool:
    return any(one.side == side for one in around)


def _are_like(one: Neighbour | None, two: Neighbour | None) -> bool:
    return one is not None and two is not None and one.is_like(two)


def _likeness(here: Iterable[Neighbour], there: Sequence[Neighbour], flipped: bool) -> float:
    total = 0.0
    for one in here:
        best = 0.0
        for two in there:
            same_side = (one.side == two.side) != flipped
            worth = min(one.weight, two.weight) * (1.0 if same_side else _OTHER_SIDE)
            if worth > best and one.is_like(two):
                best = worth
        total += best
    return total
