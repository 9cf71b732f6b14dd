"""A statement beside its quotes: which of its words are which of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.verification.numbers import Quantity, quantities
from assistant.verification.opposites import are_alike, negates
from assistant.verification.synonyms import mean_the_same
from assistant.verification.tiling import paired
from assistant.verification.tokens import Token, tokenised

_ENOUGH = 8
"""Telling words of a statement from which its closeness to the quotes says something."""


@dataclass(frozen=True)
class Comparison:
    """A statement and the text that is to support it.

    Attributes:
        statement: What is said.
        quotes: The texts that are quoted for it.
        background: What stands directly before the quotes, and the headings above them; may name what a pronoun means.
        elsewhere: What the quoted passages say besides the quotes.
    """

    statement: str
    quotes: tuple[str, ...]
    background: str = ""
    elsewhere: str = ""

    @cached_property
    def said(self) -> tuple[Token, ...]:
        """The tokens of the statement."""
        return tokenised((self.statement,))

    @cached_property
    def source(self) -> tuple[Token, ...]:
        """The tokens of the quotes."""
        return tokenised(self.quotes)

    @cached_property
    def said_numbers(self) -> tuple[Quantity, ...]:
        """The numbers of the statement."""
        return quantities(self.said)

    @cached_property
    def source_numbers(self) -> tuple[Quantity, ...]:
        """The numbers of the quotes."""
        return quantities(self.source)

    @cached_property
    def pairs(self) -> dict[int, int]:
        """Token of the statement → the same token of the quotes, each once."""
        return paired(self.said, self.source)

    @cached_property
    def paired_source(self) -> dict[int, int]:
        """The same the other way round."""
        return {there: here for here, there in self.pairs.items()}

    @cached_property
    def likenesses(self) -> dict[int, int]:
        """`pairs`, and the words left over that mean the same as one left over in the quotes."""
        found = dict(self.pairs)
        taken = set(self.paired_source)
        for here in self.unpaired(self.said, found):
            for there in sorted(self.unpaired(self.source, taken), key=lambda place: abs(place - self.expected(here))):
                one, two = self.said[here], self.source[there]
                if mean_the_same(one.stem, two.stem) or are_alike(one.word, two.word):
                    found[here] = there
                    taken.add(there)
                    break
        return found

    @cached_property
    def denials(self) -> dict[int, int]:
        """Words left over that deny one left over in the quotes by their form: "unsuitable" and "suitable"."""
        found: dict[int, int] = {}
        taken = set(self.paired_source)
        for here in self.unpaired(self.said, self.pairs):
            for there in self.unpaired(self.source, taken):
                one, two = self.said[here].word, self.source[there].word
                if negates(one, two) or negates(two, one):
                    found[here] = there
                    taken.add(there)
                    break
        return found

    @cached_property
    def said_alone(self) -> frozenset[int]:
        """Tokens of the statement that the quotes have nothing like."""
        held = {token.stem for token in self.source}
        return frozenset(
            at
            for at, token in enumerate(self.said)
            if token.stem not in held and at not in self.likenesses and token.says_something
        )

    @cached_property
    def source_alone(self) -> frozenset[int]:
        """Tokens of the quotes that the statement has nothing like."""
        held, liked = {token.stem for token in self.said}, set(self.likenesses.values())
        return frozenset(
            at for at, token in enumerate(self.source) if token.stem not in held and at not in liked and token.says_something
        )

    @cached_property
    def closeness(self) -> float:
        """Share, 0..1, of the statement's steps from word to word that the quotes make too, whatever either leaves out."""
        here = [at for at, token in enumerate(self.said) if token.says_something and at not in self.said_alone]
        there = [at for at, token in enumerate(self.source) if token.says_something and at not in self.source_alone]
        ranks = {at: rank for rank, at in enumerate(there)}
        places = [ranks.get(self.likenesses.get(at, -1)) for at in here]
        if len(here) < _ENOUGH:
            return 0.0
        steps = [two == one + 1 for one, two in zip(places, places[1:], strict=False) if one is not None and two is not None]
        return sum(steps) / (len(here) - 1)

    def unpaired(self, tokens: Sequence[Token], taken: dict[int, int] | set[int]) -> list[int]:
        """Return the places of the tokens that say something and are not in `taken`."""
        return [place for place, token in enumerate(tokens) if token.says_something and place not in taken]

    def expected(self, here: int) -> int:
        """Return about where a token of the statement should stand in the quotes, by the nearest one that is paired."""
        if not self.pairs:
            return here
        nearest = min(self.pairs, key=lambda place: (abs(place - here), place))
        return self.pairs[nearest] + here - nearest
