"""Negations: what a statement denies must be denied by its quotes, and what they deny must not be affirmed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from assistant.verification.comparison import Comparison
from assistant.verification.numbers import quantities
from assistant.verification.opposites import are_opposite
from assistant.verification.tokens import Token

_CUES = frozenset("not no never none nobody nothing nowhere neither nor without non hardly scarcely".split())
_CUE_STEMS = frozenset("lack unabl absenc absent incap untru".split())
_BEFORE_TO = frozenset("fail failur refus declin".split())
_PHRASES = (("rather", "than"), ("instead", "of"), ("free", "of"), ("free", "from"), ("in", "vain"), ("except", "for"))
_NO_DENIAL = (
    ("not", "only"), ("not", "just"), ("not", "merely"), ("not", "least"), ("no", "doubt"), ("no", "matter"),
    ("no", "sooner"), ("nothing", "but"), ("not", "until"),
)  # fmt: skip
_BOUNDS = frozenset("more less fewer later greater older lower".split())
_COORDINATING = frozenset("and or but , nor".split())
_REACH = 4
"""Words that say something after a negation, that are looked at to find out what it denies."""


def check_negation(comparison: Comparison) -> str:
    """Return what the statement or the quotes alone deny; empty if they agree."""
    said, source = _Denied(comparison.said), _Denied(comparison.source)
    for here, there in comparison.denials.items():  # "unsuitable" and "not suitable"
        if said.parity(here) == source.parity(there):
            return f"The quotes say “{source.tokens[there].text}”, the statement “{said.tokens[here].text}”."
        said.settle(here)
        source.settle(there)
    for cue in said.cues:
        twin = comparison.likenesses.get(cue)
        if twin in source.cues:
            said.settled.add(cue)
            source.settled.add(twin)
    return _unmatched_said(comparison, said, source) or _unmatched_source(comparison, said, source)


def is_denied(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a text denies what stands at a place."""
    return _Denied(tokens).parity(place) == 1


class _Denied:
    """The negations of a text.

    Attributes:
        tokens: The text.
        cues: The tokens that deny.
        settled: Those of them for which the other text has its like.
    """

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.cues = _cues(tokens)
        self.settled: set[int] = set()

    @property
    def open(self) -> list[int]:
        """The cues that have no like yet."""
        return [cue for cue in self.cues if cue not in self.settled]

    def parity(self, place: int) -> int:
        """Return 1 if what stands there is denied, 0 if it is not, or twice."""
        return sum(place in reach(self.tokens, cue) for cue in self.cues) % 2

    def settle(self, place: int) -> None:
        """Take the cues that deny what stands there for settled."""
        self.settled.update(cue for cue in self.cues if place in reach(self.tokens, cue))


def _unmatched_said(comparison: Comparison, said: _Denied, source: _Denied) -> str:
    for cue in said.open:
        heads = [place for place in scope(said.tokens, cue)[:_REACH] if place in comparison.likenesses]
        agreeing = [place for place in heads if source.parity(comparison.likenesses[place]) == said.parity(place)]
        if agreeing:
            source.settle(comparison.likenesses[agreeing[0]])
            continue
        if _is_said_positively(said, cue, comparison.pairs, comparison.source, comparison.paired_source):
            continue
        spare = [other for other in source.open if _is_covered(comparison, other)]
        if not spare:
            return f"The quotes do not deny what the statement denies (“{_phrase(said.tokens, cue)}”)."
        source.settled.add(spare[0])
    return ""


def _unmatched_source(comparison: Comparison, said: _Denied, source: _Denied) -> str:
    backwards = {there: here for here, there in comparison.likenesses.items()}
    for cue in source.open:
        heads = [place for place in scope(source.tokens, cue)[:_REACH] if place in backwards]
        if _is_said_positively(source, cue, comparison.paired_source, comparison.said, comparison.pairs):
            continue
        if _is_left_out(comparison, said, cue) or (not scope(source.tokens, cue) and _is_affirmed(comparison, said, cue)):
            return f"The quotes deny it (“{_phrase(source.tokens, cue - 1)}”), and the statement does not."
        if heads and not any(said.parity(backwards[place]) == source.parity(place) for place in heads):
            return f"The quotes deny it (“{_phrase(source.tokens, cue)}”), and the statement does not."
    return ""


def _is_said_positively(
    denied: _Denied, cue: int, paired: Collection[int], other: Sequence[Token], other_paired: Collection[int]
) -> bool:
    """Whether the other text says the contrary of what is denied: "prohibits" for "does not permit"."""
    heads = [place for place in scope(denied.tokens, cue)[:1] if place not in paired]
    rest = [token for at, token in enumerate(other) if at not in other_paired and token.says_something]
    return any(are_opposite(denied.tokens[place].word, token.word) for place in heads for token in rest)


def _is_left_out(comparison: Comparison, said: _Denied, cue: int) -> bool:
    """Whether the statement has the words before and after a negation of the quotes, close together and without it."""
    words = [at for at, token in enumerate(comparison.source) if token.kind != "mark"]
    place = words.index(cue)
    beside = [comparison.paired_source.get(at) for at in (*words[place - 1 : place], *words[place + 1 : place + 2])]
    if not place or len(beside) < 2 or beside[0] is None or beside[1] is None:
        return False
    return 0 < beside[1] - beside[0] < _REACH and not any(beside[0] <= other <= beside[1] for other in said.cues)


def _is_affirmed(comparison: Comparison, said: _Denied, cue: int) -> bool:
    """Whether the statement says what stands before a "not" that ends its clause, and denies nothing there."""
    clause = comparison.source[cue].clause
    before = [at for at in range(cue) if comparison.source[at].clause == clause and comparison.source[at].kind != "mark"]
    here = comparison.paired_source.get(before[-1]) if before else None
    return here is not None and not any(abs(other - here) <= _REACH for other in said.cues)


def _is_covered(comparison: Comparison, cue: int) -> bool:
    """Whether the statement says most of the clause in which a negation of the quotes stands."""
    clause = comparison.source[cue].clause
    words = [at for at, token in enumerate(comparison.source) if token.clause == clause and token.says_something]
    held = set(comparison.likenesses.values())
    return sum(at in held for at in words) >= 0.5 * len(words) and bool(words)


@lru_cache(maxsize=4096)
def reach(tokens: tuple[Token, ...], cue: int) -> tuple[int, ...]:
    """Return the tokens that a negation reaches: those after it in its clause, up to a negation that is joined to it.

    A comma directly after it does not end its reach ("not, however, in adults").
    """
    found: list[int] = []
    clause = tokens[cue].clause
    last = cue + 3 if tokens[cue].word == "non" else len(tokens)  # "non-smokers"
    telling = False
    for at in range(cue + 1, min(last, len(tokens))):
        token = tokens[at]
        is_another = token.word in _CUES and tokens[at - 1].word in _COORDINATING
        if token.sentence != tokens[cue].sentence or telling and (token.clause != clause or is_another):
            break
        clause = token.clause
        telling = telling or token.says_something
        found.append(at)
    return tuple(found)


def scope(tokens: tuple[Token, ...], cue: int) -> list[int]:
    """Return the tokens in the reach of a negation that say something."""
    return [at for at in reach(tokens, cue) if tokens[at].says_something and tokens[at].word not in (*_CUES, "longer")]


@lru_cache(maxsize=512)
def _cues(tokens: tuple[Token, ...]) -> tuple[int, ...]:
    bounds = {at for number in quantities(tokens) for at in range(number.phrase[0], number.phrase[1] + 1)}
    return tuple(at for at, token in enumerate(tokens) if at not in bounds and _denies(tokens, at, token))


def _denies(tokens: Sequence[Token], at: int, token: Token) -> bool:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and (token.word, after.word) in _PHRASES:
        return True
    if token.word not in _CUES:
        return token.stem in _CUE_STEMS or (token.stem in _BEFORE_TO and after is not None and after.word == "to")
    if after is None:
        return True
    if (token.word, after.word) in _NO_DENIAL or (token.word == "no" and after.kind == "number"):
        return False
    if token.word == "not" and at and tokens[at - 1].word == "or":  # whether or not
        return False
    is_bound = after.word in _BOUNDS and at + 2 < len(tokens) and tokens[at + 2].word == "than"
    return not is_bound and not (token.word == "no" and token.is_capital and after.text == ".")


def _phrase(tokens: Sequence[Token], cue: int) -> str:
    return " ".join(token.text for token in tokens[cue : cue + 4] if token.kind != "mark")
