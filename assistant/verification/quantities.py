"""Numbers, units and dates of a statement: each must stand in the quotes, as the same amount, in the same place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.verification.comparison import Comparison
from assistant.verification.context import Surroundings
from assistant.verification.fixed_words import fixed_words
from assistant.verification.names import folded_code
from assistant.verification.numbers import ABOUT, EXACT, ROMAN, Quantity, bare_units
from assistant.verification.tokens import Token
from assistant.verification.units import TIMES_OF, Dimension
from corpus import Span

_INSTEAD_OF_ONE = frozenset("a an one single sole another each every only".split())
_INSTEAD_OF_TWO = frozenset("both pair couple two twin either".split())
_AGES = frozenset("age aged ages old at".split())


def check_numbers(comparison: Comparison) -> str:
    """Return why a number of the statement is not that of the quotes; empty if all are."""
    for number in comparison.said_numbers:
        reason = _check_number(comparison, number)
        if reason:
            return reason
    return ""


def _check_number(comparison: Comparison, number: Quantity) -> str:
    same = [other for other in comparison.source_numbers if _is_same(comparison, number, other)]
    if not same:
        if _is_said_otherwise(comparison, number):
            return ""
        return f"The number {number.text} is not in the quotes."
    bounded = [other for other in same if _bounds_agree(comparison.said, number, comparison.source, other)]
    if not bounded:
        said = " ".join(token.text for token in comparison.said[number.phrase[0] : number.phrase[1] + 1])
        return f"The quotes do not say “{said}”: what they say of {number.text} is bounded otherwise."
    if _stands_elsewhere(comparison, number, [(other.first, other.last) for other in bounded]):
        return f"The number {number.text} stands elsewhere in the quotes."
    if all(_is_the_whole(comparison, number, other) for other in bounded):
        return f"The quotes say it of a part of {number.text}."
    return ""


def _is_the_whole(comparison: Comparison, number: Quantity, other: Quantity) -> bool:
    """Whether the quotes say something of a part of a number ("8 of the 20 samples were dated"), the statement of all."""
    said, source = comparison.said, comparison.source
    if not _follows_of(source, other) or _follows_of(said, number):
        return False
    parts = [
        one
        for one in comparison.source_numbers
        if one is not other and source[one.first].clause == source[other.first].clause or one.first == other.last + 3
    ]
    said_parts = [one for one in comparison.said_numbers if any(one.same_as(part) for part in parts)]
    counted = next((at for at in range(other.last + 1, len(source)) if source[at].says_something), len(source))
    after = [at for at in comparison.likenesses.values() if at > max([counted, *(part.last for part in parts)])]
    return bool(parts) and not said_parts and bool(after)


def _follows_of(tokens: Sequence[Token], number: Quantity) -> bool:
    before = [token.word for token in tokens[max(0, number.phrase[0] - 3) : number.phrase[0]] if token.kind != "mark"]
    return "of" in before or "among" in before


def _is_same(comparison: Comparison, number: Quantity, other: Quantity) -> bool:
    """Whether two numbers are the same amount; one whose unit is left out may be, if nothing else is put in its place."""
    if number.same_as(other):
        return number.kind == other.kind or {number.kind, other.kind} <= {"count", "year"} or _are_of_a_date(comparison, number)
    if number.has_unit == other.has_unit or not _same_figure(number, other):
        return False
    if other.has_unit:
        is_part = any(kind == "part" for kind, _ in other.values)
        return not is_part and not _is_followed_by_another_word(comparison, number)
    unit = comparison.said[number.last]
    return any(token.stem == unit.stem for token in comparison.source)


def _same_figure(number: Quantity, other: Quantity) -> bool:
    return abs(number.figure - other.figure) <= 1e-9 * abs(number.figure)


def _are_of_a_date(comparison: Comparison, number: Quantity) -> bool:
    """Whether a number is the day of a date, which may be written "14" and "14th"."""
    around = comparison.said[max(0, number.first - 3) : number.last + 4]
    return any(kind == "month" for kind, _ in fixed_words(around).values())


def _is_followed_by_another_word(comparison: Comparison, number: Quantity) -> bool:
    after = number.last + 1
    while after < len(comparison.said) and comparison.said[after].kind == "mark":
        after += 1
    if after >= len(comparison.said) or comparison.said[max(0, number.first - 1)].word in _AGES:
        return False
    token = comparison.said[after]
    return token.says_something and after not in comparison.likenesses


def _is_said_otherwise(comparison: Comparison, number: Quantity) -> bool:
    """Whether the quotes say a small number without a number word, in Roman figures, or as part of a code."""
    source = comparison.source
    roman = any(ROMAN.get(two.text) == number.figure and one.is_capital for one, two in zip(source, source[1:], strict=False))
    if roman and not number.has_unit:
        return True
    words = {1.0: _INSTEAD_OF_ONE, 2.0: _INSTEAD_OF_TWO}.get(number.figure)
    if words is not None and not number.has_unit and number.kind == "count":
        places = [(at, at) for at, token in enumerate(comparison.source) if token.word in words]
        return bool(places) and not _stands_elsewhere(comparison, number, places)
    if number.first and number.first == number.last:
        joined = folded_code(comparison.said[number.first - 1].text + number.text)
        return any(token.kind == "code" and folded_code(token.text) == joined for token in comparison.source)
    return False


def _bounds_agree(said: Sequence[Token], number: Quantity, source: Sequence[Token], other: Quantity) -> bool:
    one, two = _bounds(said, number), _bounds(source, other)
    return bool(one & two) or "" in one | two and bool((one | two) & {ABOUT, EXACT})


def _bounds(tokens: Sequence[Token], number: Quantity) -> frozenset[str]:
    """Return what may bound a number; "over five years" may say how long something took, or that it took longer."""
    opening = tokens[number.phrase[0]].word
    if _is_time(number.values) and opening in ("over", "under", "around"):
        return frozenset({"", number.bound})
    return frozenset({number.bound})


def _stands_elsewhere(comparison: Comparison, number: Quantity, places: Sequence[Span]) -> bool:
    """Whether the words around a number fit another number of its kind better."""
    others = [
        (other.first, other.last)
        for other in comparison.source_numbers
        if not _same_figure(number, other) and (other.kind == "year") == (number.kind == "year") and _comparable(number, other)
    ]

    month = _month_beside(comparison.said, number)
    if month:  # of a date, whose parts change places: its month tells which is which, if no other date has it
        with_month = [
            _month_beside(comparison.source, other) == month for other in _at(comparison.source_numbers, [*places, *others])
        ]
        if sum(with_month) == 1:
            return not any(_month_beside(comparison.source, other) == month for other in _at(comparison.source_numbers, places))

    def said(place: Span) -> list[Span]:
        rival = _at(comparison.source_numbers, [place])[0]
        return [(one.first, one.last) for one in comparison.said_numbers if _same_figure(one, rival)]

    surroundings = Surroundings(comparison, _inside(comparison.said_numbers), _inside(comparison.source_numbers))
    return surroundings.stands_elsewhere((number.first, number.last), places, others, said)


def _at(numbers: Iterable[Quantity], places: Sequence[Span]) -> list[Quantity]:
    return [number for number in numbers if (number.first, number.last) in places]


def _inside(numbers: Iterable[Quantity]) -> set[int]:
    return {at for number in numbers for at in range(number.first, number.last + 1)}


def _month_beside(tokens: Sequence[Token], number: Quantity) -> str:
    """Return the month that stands directly beside a number; empty if none does."""
    first = max(0, number.first - 1)
    found = fixed_words(tokens)
    return next((found[at][1] for at in range(first, number.last + 2) if at in found and found[at][0] == "month"), "")


def _comparable(number: Quantity, other: Quantity) -> bool:
    kinds = {kind for kind, _ in number.values}
    return any(kind in kinds for kind, _ in other.values) and (number.kind == "ordinal") == (other.kind == "ordinal")


def check_units(comparison: Comparison) -> str:
    """Return which unit without a number is another one than that of the quotes; empty if none is."""
    said = bare_units(comparison.said, comparison.said_numbers)
    held = bare_units(comparison.source, comparison.source_numbers)
    held |= {number.last: number.units for number in comparison.source_numbers if number.has_unit}
    surroundings = Surroundings(comparison, said, held)
    for at, unit in said.items():
        if at in comparison.pairs:
            continue
        same = [(there, there) for there, other in held.items() if set(unit) & set(other)]
        others = [(there, there) for there, other in held.items() if not set(unit) & set(other) and _are_kin(unit, other)]
        is_bare = not same and (others or _is_time(unit))
        if is_bare or surroundings.stands_elsewhere((at, at), same, others, lambda _: ()):
            return f"The quotes do not say “{comparison.said[at].text}”: their unit is another."
    return ""


def _are_kin(one: Sequence[Dimension], two: Sequence[Dimension]) -> bool:
    return bool({kind for kind, _ in one} & {kind for kind, _ in two}) or (_is_time(one) and _is_time(two))


def _is_time(unit: Iterable[tuple[str, float]]) -> bool:
    return any(kind in TIMES_OF for kind, _ in unit)


def check_dates(comparison: Comparison) -> str:
    """Return which month, weekday, season, era, time of day or direction is not in the quotes; empty if all are."""
    said, held = fixed_words(comparison.said), fixed_words(comparison.source)
    values = set(held.values())
    for at, value in said.items():
        word = comparison.said[at].text
        if value not in values:
            return f"“{word}” is not in the quotes."
        same = [(place, place) for place, other in held.items() if other == value]
        others = [(place, place) for place, other in held.items() if other[0] == value[0] and other != value]
        rivals = {place: [(one, one) for one, mine in said.items() if mine == held[place[0]]] for place in others}
        if Surroundings(comparison, said, held).stands_elsewhere((at, at), same, others, rivals.__getitem__):
            return f"“{word}” stands elsewhere in the quotes."
    return ""
