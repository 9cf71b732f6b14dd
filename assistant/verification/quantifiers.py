"""Quantifiers and necessities: all, most, some, few, only; always, often, rarely; may and must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.verification.comparison import Comparison
from assistant.verification.numbers import quantities
from assistant.verification.tokens import Token

ALL, BOTH, MOST, MANY, SOME, FEW, ONLY = "all", "both", "most", "many", "some", "few", "only"
NOT_ONLY = "not only"
MAY, MUST, WILL, ALMOST, EXACTLY, LEAST, UTMOST = "may", "must", "will", "almost", "exactly", "at least", "at most"

_WORDS: Mapping[str, str] = {
    ALL: "all every each everyone everybody everything everywhere always any anyone entirely entire whole wholly completely "
    "fully totally invariably constantly without_exception in_all_cases in_every_case",
    BOTH: "both",
    MOST: "most majority usually mostly mainly generally typically largely primarily predominantly normally commonly chiefly "
    "principally ordinarily widely in_general as_a_rule in_most_cases for_the_most_part",
    MANY: "many numerous often frequently commonly regularly plenty countless widely repeatedly a_lot_of lots_of "
    "a_large_number large_numbers a_great_deal a_great_many hundreds_of thousands_of millions_of multiple generally",
    SOME: "some several various sometimes occasionally certain partly partially multiple someone somebody something any anyone "
    "a_number_of a_few a_couple_of in_some_cases at_times to_some_extent to_some_degree",
    FEW: "few rarely seldom hardly scarcely barely infrequently minority a_handful a_small_number in_rare_cases in_few_cases",
    ONLY: "only solely exclusively sole purely nothing_but alone no_one_but not_until",
    NOT_ONLY: "not_only",
    MAY: "may might can could possibly perhaps potentially maybe able capable probably likely possible potential supposedly "
    "allegedly presumably optional permitted allowed",
    MUST: "must shall should ought have_to has_to had_to having_to need_to needs_to needed_to required obliged obligatory "
    "mandatory compulsory necessary certainly definitely inevitably undoubtedly necessarily",
    WILL: "will would",
    ALMOST: "almost nearly virtually practically",
    EXACTLY: "exactly precisely",
    LEAST: "at_least no_less_than not_less_than",
    UTMOST: "at_most no_more_than not_more_than",
}
_IMPLIED = {
    "require": MUST, "requires": MUST, "need": MUST, "needs": MUST, "needed": MUST, "essential": MUST,
    "unanimous": ALL, "rare": FEW,
}  # fmt: skip
"""Of the quotes' words alone: they support a quantifier and need none themselves."""

_FAMILIES = tuple(
    frozenset(family)
    for family in (
        (ALL, BOTH, MOST, MANY, SOME, FEW),
        (ONLY, NOT_ONLY),
        (MAY, MUST, WILL),
        (ALMOST, EXACTLY),
        (LEAST, UTMOST, EXACTLY),
    )
)
_NO_QUANTIFIER = {("at", "all"), ("above", "all"), ("after", "all")}
_MAY_BE_ADDED = frozenset(
    "some several various certain both any entire whole can may might could able possible will would".split()
) | {"not only"}
"""Said where the quotes say nothing of the kind, they claim no more than the quotes do."""

_MUST_STAY = frozenset(
    "most majority usually mostly mainly typically largely primarily predominantly normally commonly often frequently many "
    "some sometimes occasionally partly partially few rarely seldom hardly scarcely barely minority only solely exclusively "
    "may might almost nearly could possibly perhaps potentially probably likely".split()
)
"""Left out, more is claimed than the quotes say."""

_OPENING_ORDERS = frozenset("do not never always please".split())
_NEAR = 4  # words between a quantifier and what it belongs to, in either text


@dataclass(frozen=True)
class Mark:
    """A quantifier.

    Attributes:
        first: Its first token.
        last: Its last token.
        classes: What it may mean.
        text: As it is written.
    """

    first: int
    last: int
    classes: frozenset[str]
    text: str

    def is_kin(self, other: Mark) -> bool:
        """Whether both say something of the same kind."""
        return any(self.classes & family and other.classes & family for family in _FAMILIES)

    def agrees(self, other: Mark) -> bool:
        """Whether both may mean the same."""
        return bool(self.classes & other.classes)


def check_quantifiers(comparison: Comparison) -> str:
    """Return which quantifier the quotes do not have, or have and the statement leaves out; empty if none."""
    said, source = marks(comparison.said), marks(comparison.source)
    settled: set[Mark] = set()
    opened = []
    for mark in said:
        twin = _twin(comparison, mark, source)
        if twin is None:
            opened.append(mark)
        else:
            settled.add(twin)
    for mark in opened:
        reason = _settle(comparison, mark, source, settled)
        if reason:
            return reason
    return _left_out(comparison, said, [mark for mark in source if mark not in settled])


def _twin(comparison: Comparison, mark: Mark, source: Sequence[Mark]) -> Mark | None:
    """Return the quotes' quantifier that is the same word in the same place."""
    places = {comparison.pairs.get(at) for at in range(mark.first, mark.last + 1)}
    return next((other for other in source if {other.first, other.last} & places and mark.agrees(other)), None)


def _settle(comparison: Comparison, mark: Mark, source: Sequence[Mark], settled: set[Mark]) -> str:
    """Find what a quantifier of the statement rests on; return why it rests on nothing."""
    free = [other for other in source if other not in settled and mark.is_kin(other)]
    near = [other for other in free if _belong_together(comparison, mark, other)]
    agreeing = [other for other in near or free if mark.agrees(other)]
    if agreeing:
        settled.add(agreeing[0])
        return ""
    if near:
        return f"The quotes say “{near[0].text}”, the statement “{mark.text}”."
    if MUST in mark.classes and any(_is_an_order(comparison, at) for at in _hosts(comparison.said, mark)):
        return ""
    implied = {_IMPLIED[token.word] for token in comparison.source if token.word in _IMPLIED}
    if implied & mark.classes or mark.text.lower() in _MAY_BE_ADDED:
        return ""
    return f"The quotes do not say “{mark.text}”."


def _is_an_order(comparison: Comparison, at: int) -> bool:
    """Whether the quotes begin a sentence with a word of the statement: "wash it" is "it must be washed"."""
    there = comparison.likenesses.get(at)
    if there is None:
        return False
    before = [token for token in comparison.source[:there] if token.sentence == comparison.source[there].sentence]
    return all(token.word in _OPENING_ORDERS or token.kind == "mark" for token in before)


def _belong_together(comparison: Comparison, mark: Mark, other: Mark) -> bool:
    """Whether two quantifiers stand beside the same words."""
    for at in _hosts(comparison.said, mark):
        there = comparison.likenesses.get(at)
        if there is not None:
            return _is_near(other, there, 1 if at > mark.last else -1)
    return False


def _hosts(tokens: Sequence[Token], mark: Mark) -> list[int]:
    """Return the tokens that a quantifier may belong to: the two after it that say something, then the one before."""
    after = [at for at in range(mark.last + 1, min(mark.last + 6, len(tokens))) if tokens[at].says_something]
    before = [at for at in range(mark.first - 1, max(mark.first - 5, -1), -1) if tokens[at].says_something]
    same = tokens[mark.first].sentence
    return [at for at in (*after[:2], *before[:1]) if tokens[at].sentence == same]


def _is_near(mark: Mark, place: int, side: int) -> bool:
    distance = place - mark.last if side > 0 else mark.first - place
    return -2 <= distance <= _NEAR


def _left_out(comparison: Comparison, said: Sequence[Mark], rest: Sequence[Mark]) -> str:
    backwards = {there: here for here, there in comparison.likenesses.items()}
    for mark in rest:
        if mark.text.lower() not in _MUST_STAY:
            continue
        hosts = [at for at in _hosts(comparison.source, mark) if at > mark.last][:1]
        there = backwards.get(hosts[0]) if hosts and hosts[0] in backwards and _goes_on(comparison, mark, hosts[0]) else None
        if there is not None and not any(mark.is_kin(other) and _is_near(other, there, 1) for other in said):
            return f"The quotes say “{mark.text}”, and the statement leaves it out."
    return ""


def _goes_on(comparison: Comparison, mark: Mark, host: int) -> bool:
    """Whether the statement has what a quantifier belongs to together with a word beside it, as the quotes have it."""
    backwards = {there: here for here, there in comparison.likenesses.items()}
    words = [at for at in sorted(backwards) if at < mark.first or at >= host]
    place = words.index(host)
    beside = [backwards[at] for at in (*words[max(0, place - 1) : place], *words[place + 1 : place + 2])]
    here = backwards[host]
    return not beside or any(abs(other - here) <= _NEAR + 1 for other in beside)


@lru_cache(maxsize=512)
def marks(tokens: tuple[Token, ...]) -> tuple[Mark, ...]:
    """Return the quantifiers among tokens, in their order; not those that bound a number."""
    taken = {at for number in quantities(tokens) for at in range(number.phrase[0], number.phrase[1] + 1)}
    return tuple(_marks(tokens, taken))


def _marks(tokens: Sequence[Token], taken: set[int]) -> Iterator[Mark]:
    at = 0
    while at < len(tokens):
        length, classes = _longest(tokens, at)
        if classes and at not in taken and not _is_no_quantifier(tokens, at):
            yield Mark(at, at + length - 1, classes, " ".join(token.text for token in tokens[at : at + length]))
            at += length
        else:
            at += 1


def _longest(tokens: Sequence[Token], at: int) -> tuple[int, frozenset[str]]:
    for length in (4, 3, 2, 1):
        classes = _CLASSES.get("_".join(token.word for token in tokens[at : at + length]))
        if classes and at + length <= len(tokens):
            return length, classes
    return 1, frozenset()


def _is_no_quantifier(tokens: Sequence[Token], at: int) -> bool:
    word, token = tokens[at].word, tokens[at]
    if at and (tokens[at - 1].word, word) in _NO_QUANTIFIER:
        return True
    return word == "may" and token.is_capital and not token.is_first  # the month


def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in _WORDS.items():
        for word in words.split():
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


_CLASSES = _classes()
