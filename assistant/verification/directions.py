"""Comparisons and directions: higher or lower, before or after, rising or falling, and which side of them is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.verification.comparison import Comparison
from assistant.verification.context import MARGIN, Surroundings
from assistant.verification.negation import is_denied
from assistant.verification.numbers import Quantity
from assistant.verification.opposites import are_alike, are_converse, are_opposite, poles
from assistant.verification.tokens import Token

_GRAMMATICAL = frozenset(
    "to from out off away into toward towards onto for against in on up down he she him her his hers himself herself because "
    "due since although though despite like unlike ago past".split()
)
_COMPARING = frozenset("more less fewer better worse greater other".split())
_SAME_PLACE = 0.6
"""How much of the words around a word must be the same for its contrary to stand in its place."""

_BEFORE_AFTER = frozenset("before after prior".split())


def check_directions(comparison: Comparison) -> str:
    """Return which word the quotes have the contrary of, or which comparison is turned round; empty if none is."""
    reason, converse = _check_sides(comparison)
    if reason:
        return reason
    bounds, its_bounds = _bounds(comparison.said_numbers), _bounds(comparison.source_numbers)
    for here, token in enumerate(comparison.said):
        if token.kind == "word" and here not in bounds and here not in converse:
            reason = _check_word(comparison, here, its_bounds)
            if reason:
                return reason
    return ""


def _takes_the_other_side(comparison: Comparison, here: int, there: int) -> bool:
    """Whether a word is the converse of one of the quotes, and its sides are not exchanged: "A borrows" for "A lends"."""
    if not are_converse(comparison.said[here].word, comparison.source[there].word):
        return False
    mine, theirs = (
        _hinge("verb", comparison.said, (here,), here, here),
        _hinge("verb", comparison.source, (there,), there, there),
    )
    return not _are_crossed(mine, theirs)


def _bounds(numbers: Sequence[Quantity]) -> set[int]:
    """Return the tokens that bound numbers: "more than" before one is no comparison."""
    phrases = {at for number in numbers for at in range(number.phrase[0], number.phrase[1] + 1)}
    return phrases - {at for number in numbers for at in range(number.first, number.last + 1)}


def _check_word(comparison: Comparison, here: int, bounds: set[int]) -> str:
    token = comparison.said[here]
    contrary = [
        at
        for at, other in enumerate(comparison.source)
        if other.kind == "word"
        and at not in bounds
        and (are_opposite(token.word, other.word) or _takes_the_other_side(comparison, here, at))
    ]
    denied = is_denied(comparison.said, here)
    contrary = [at for at in contrary if is_denied(comparison.source, at) == denied]  # "not rare" is not against "common"
    if not contrary:
        return ""
    surroundings = Surroundings(comparison, (), ())
    same = [at for at, other in enumerate(comparison.source) if other.stem == token.stem or are_alike(token.word, other.word)]
    right = max((surroundings.likeness((here, here), (at, at)) for at in same), default=0.0)
    if not same or token.word in _GRAMMATICAL:
        contrary = [at for at in contrary if at not in comparison.paired_source]
    if token.word in _GRAMMATICAL:  # "to" for "out" may be chance, unless it stands between the same words
        instead = [at for at in contrary if here not in comparison.pairs and _is_in_place_of(comparison, here, at)]
        return _contrary(comparison, here, instead[0]) if instead else ""
    if not contrary:
        return ""
    wrong, place = max((surroundings.likeness((here, here), (at, at)), at) for at in contrary)
    if wrong > right + MARGIN if same else wrong >= _SAME_PLACE or _is_in_place_of(comparison, here, place):
        return _contrary(comparison, here, place)
    return ""


def _contrary(comparison: Comparison, here: int, there: int) -> str:
    return f"The quotes say “{comparison.source[there].text}”, the statement “{comparison.said[here].text}”."


def _is_in_place_of(comparison: Comparison, here: int, there: int) -> bool:
    """Whether the words before and after two places are the same, one word more or less aside."""
    before, after = ((_beside(comparison.said, here, side), _beside(comparison.source, there, side)) for side in (-1, 1))
    return _meet(comparison, *before) and _meet(comparison, *after)


def _meet(comparison: Comparison, mine: Sequence[int], theirs: Sequence[int]) -> bool:
    if not mine or not theirs:
        return not mine and not theirs
    return any(comparison.likenesses.get(one) == two for one in mine for two in theirs)


def _beside(tokens: Sequence[Token], place: int, side: int) -> list[int]:
    """Return the next two words of the sentence on a side."""
    found: list[int] = []
    at = place + side
    while 0 <= at < len(tokens) and tokens[at].sentence == tokens[place].sentence and len(found) < 2:
        if tokens[at].kind != "mark":
            found.append(at)
        at += side
    return found


@dataclass(frozen=True)
class Hinge:
    """A word that says how two things compare, with what stands on its sides.

    Attributes:
        kind: "than" or "order".
        places: The tokens that say how.
        left: Stems of the first side.
        right: Stems of the second.
    """

    kind: str
    places: tuple[int, ...]
    left: frozenset[str]
    right: frozenset[str]


def _check_sides(comparison: Comparison) -> tuple[str, set[int]]:
    """Return which comparison is turned round, and the words that are turned round together with their sides."""
    converse: set[int] = set()
    theirs = hinges(comparison.source, comparison.source_numbers)
    for hinge in hinges(comparison.said, comparison.said_numbers):
        fits = [
            (_are_crossed(hinge, other), _are_turned(comparison, hinge, other)) for other in theirs if other.kind == hinge.kind
        ]
        known = [(crossed, turned) for crossed, turned in fits if crossed is not None]
        if any(crossed and turned for crossed, turned in known):
            clauses = {comparison.said[at].clause for at in hinge.places}
            converse.update(at for at, token in enumerate(comparison.said) if token.clause in clauses)
        elif known and all(crossed for crossed, _ in known):
            said = " ".join(comparison.said[at].text for at in hinge.places)
            return f"The quotes compare the other way round (“{said}”).", converse
    return "", converse


def _are_turned(comparison: Comparison, hinge: Hinge, other: Hinge) -> bool:
    """Whether the two compare by contrary words."""
    less = [
        any(tokens[at].word in ("less", "fewer") for at in one.places)
        for tokens, one in ((comparison.said, hinge), (comparison.source, other))
    ]
    if less[0] != less[1]:  # "less dense" and "denser"
        return True
    pairs = ((comparison.said[one].word, comparison.source[two].word) for one in hinge.places for two in other.places)
    return any(are_opposite(one, two) for one, two in pairs)


def _are_crossed(hinge: Hinge, other: Hinge) -> bool | None:
    """Whether the sides are exchanged; None if that cannot be told."""
    if hinge.left & other.right and hinge.right & other.left and not hinge.right & other.right:
        return True
    both = other.left & other.right
    straight = len((hinge.left & other.left) - both) + len((hinge.right & other.right) - both)
    crossed = len((hinge.left & other.right) - both) + len((hinge.right & other.left) - both)
    return None if straight == crossed else crossed > straight


def hinges(tokens: Sequence[Token], numbers: Sequence[Quantity]) -> list[Hinge]:
    """Return what compares two things: "… higher than …", "… before …"."""
    taken = _bounds(numbers)
    found = []
    for at, token in enumerate(tokens):
        if at in taken:
            continue
        if token.word == "than":
            how = [place for place in range(max(0, at - 6), at) if _compares(tokens[place], at - place)]
            if how:
                found.append(_hinge("than", tokens, tuple(how[-2:]), how[-1], at))
        elif token.word in _BEFORE_AFTER and (token.word != "prior" or _word(tokens, at + 1) == "to"):
            found.append(_hinge("order", tokens, (at,), at, at))
    return found


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if at < len(tokens) else ""


def _compares(token: Token, before: int) -> bool:
    """Whether a word so many tokens before "than" is one of those that compare."""
    return token.word in _COMPARING or (token.word.endswith("er") and (before <= 2 or bool(poles(token.word))))


def _hinge(kind: str, tokens: Sequence[Token], places: tuple[int, ...], first: int, last: int) -> Hinge:
    sentence = tokens[last].sentence
    clause = tokens[last].clause
    before = [token.stem for token in tokens[:first] if token.sentence == sentence and token.says_something]
    after = [token.stem for token in tokens[last + 1 :] if (token.clause == clause or kind == "verb") and token.says_something]
    if not before:  # "Before replacing it, wash it": the second side comes first
        before = [
            token.stem
            for token in tokens[last + 1 :]
            if token.sentence == sentence and token.clause > clause and token.says_something
        ]
    return Hinge(kind, places, frozenset(before), frozenset(after))
