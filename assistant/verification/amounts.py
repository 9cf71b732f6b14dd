"""What a sentence says in figures, as amounts that can be held against those of another: "2 to 8 °C", "at most 4 g"."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.verification.fixed_words import fixed_words
from assistant.verification.numbers import ABOUT, LOWER, UPPER, Quantity, quantities
from assistant.verification.tokens import Token
from corpus import Span
from corpus.calendar import MONTHS

_MONTH = 30.44 * 86400  # seconds
_LOOSELY = 0.1  # share by which months counted as weeks, and what is "about" so much, may be off
_ROUNDED = 0.00501  # of shares, of which one is said more exactly: 94 % and 94.3 %
_JOINED = frozenset("to - – until till through".split())
_HALVES = frozenset({"am", "pm"})
_TIME = 3  # tokens of "7:30"
_AGED = frozenset("age aged".split())
_UNTIL = frozenset("until till by before".split())
_NOT_COUNTED = frozenset("against among per each according across after before during within without toward towards".split())

CLOCK = "clock"
"""Kind of the times of day."""

DATE = "date"
"""Kind of the dates."""


@dataclass(frozen=True)
class Amount:
    """A number, a range or a date of a sentence.

    Attributes:
        kind: What it counts: "mass", "time", `CLOCK`, `DATE`, or what is counted ("patient"); empty for a bare number.
        low, high: From where to where, the same for one number; infinite where it is open. Not used of dates.
        is_loose: Whether it is "about" so much.
        is_calendric: Whether it is counted in months or years, which are exact among each other only.
        decimals: Digits after its point.
        date: Of a date: year, month and day, 0 for what is not said.
        tokens: Its first and last token.
    """

    kind: str
    low: float
    high: float
    is_loose: bool
    decimals: int
    date: tuple[int, int, int]
    tokens: Span
    is_calendric: bool = False

    def may_be(self, other: Amount) -> bool:
        """Whether both can be true of one thing: 45 minutes is within 30 to 60, and 4 g is no more than 4000 mg."""
        if self.kind == DATE:
            return all(not one or not two or one == two for one, two in zip(self.date, other.date, strict=True))
        for one, two in ((self, other), (other, self)):
            if one.low == one.high and two.low <= one.low <= two.high:
                return True
        if self.low == self.high and other.low == other.high:
            return self._is_about(self.low, other.low, other)
        if math.isinf(self.low) != math.isinf(other.low) and math.isinf(self.high) != math.isinf(other.high):
            return self.low <= other.high and other.low <= self.high  # at least so much, and at most so much
        ends = [(self.low, other.low), (self.high, other.high)]
        said = [(one, two) for one, two in ends if not math.isinf(one) and not math.isinf(two)]
        if all(self._is_about(one, two, other) for one, two in said) and said:
            return True
        # Of ranges one may be said more exactly, but what is open from two to six is not open from ten to eight.
        is_range = self.kind != CLOCK and not any(map(math.isinf, (self.low, self.high, other.low, other.high)))
        return is_range and any(one.low <= two.low and two.high <= one.high for one, two in ((self, other), (other, self)))

    def _is_about(self, one: float, two: float, other: Amount) -> bool:
        if self.is_loose or other.is_loose or self.is_calendric != other.is_calendric:
            return abs(one - two) <= _LOOSELY * max(abs(one), abs(two))
        if self.decimals != other.decimals and self.kind == "part":
            return abs(one - two) <= _ROUNDED
        return abs(one - two) <= 1e-6 * max(abs(one), abs(two))


def find_amounts(tokens: tuple[Token, ...]) -> list[Amount]:
    """Return the amounts of a sentence, in its order; ordinals and decades are none."""
    found: list[Amount] = [*_dates(tokens), *_times(tokens)]
    taken = {place for one in found for place in range(one.tokens[0], one.tokens[1] + 1)}
    numbers = [one for one in quantities(tokens) if one.kind not in ("ordinal", "decade") and one.first not in taken]
    skip = False
    for place, number in enumerate(numbers):
        after = numbers[place + 1] if place + 1 < len(numbers) else None
        if skip:
            skip = False
            continue
        if after is not None and _is_range(tokens, number, after):
            found.append(_amount(tokens, number, after))
            skip = True
        else:
            found.append(_amount(tokens, number, number))
    return sorted(found, key=lambda amount: amount.tokens)


def _is_range(tokens: Sequence[Token], one: Quantity, two: Quantity) -> bool:
    places = range(one.last + 1, two.phrase[0])
    between = [tokens[at].word for at in places if not half_of_day(tokens, at) and tokens[at].word != "."]
    if between == ["and"]:
        return bool(one.first) and tokens[one.first - 1].word == "between"
    return len(between) == 1 and between[0] in _JOINED


def _amount(tokens: Sequence[Token], first: Quantity, last: Quantity) -> Amount:
    kind, low, is_calendric = _value(tokens, first)
    its_kind, high, _ = _value(tokens, last)
    if kind != its_kind:
        kind, low = its_kind, first.figure * (high / last.figure if last.figure else 1.0)
    if first is last:
        before = tokens[first.first - 1].word if first.first else ""
        bound = first.bound or (UPPER if before in _UNTIL else "")
        low, high = (low, math.inf) if bound == LOWER else (-math.inf, high) if bound == UPPER else (low, high)
    point = tokens[last.first].text.partition(".")
    decimals = len(point[2]) if tokens[last.first].kind == "number" else 0
    loose = ABOUT in (first.bound, last.bound)
    return Amount(kind, min(low, high), max(low, high), loose, decimals, (0, 0, 0), (first.first, last.last), is_calendric)


def _value(tokens: Sequence[Token], number: Quantity) -> tuple[str, float, bool]:
    """Return what a number counts, how much of it, and whether in months or years."""
    kind, value = number.values[0]
    if kind == "months":
        return "time", value * _MONTH, True
    if kind:
        return kind, value, False
    if any(token.word in _AGED for token in tokens[max(0, number.first - 2) : number.first]):
        return "time", value * 12 * _MONTH, True  # "at the age of 50"
    after = number.last + 1
    half = half_of_day(tokens, after)
    if half:
        hours, minutes = divmod(value, 1)  # "7.30 am"
        return CLOCK, _hour(hours, half) + minutes / 0.6, False
    counted = next((token for token in tokens[after : after + 2] if token.says_something and token.kind == "word"), None)
    return (counted.stem if counted is not None and counted.word not in _NOT_COUNTED else ""), value, False


def half_of_day(tokens: Sequence[Token], at: int) -> str:
    """Return "am" or "pm" if that is what a token says, in any spelling; else nothing."""
    half = tokens[at].word.replace(".", "") if at < len(tokens) else ""
    return half if half in _HALVES else ""


def _hour(hours: float, half: str) -> float:
    return hours % 12 + 12 * (half == "pm") if half else hours


def _times(tokens: Sequence[Token]) -> Iterator[Amount]:
    """Yield the times of day that are written with a colon, and the stretches between two of them."""
    at = 0
    while at < len(tokens):
        start = _time(tokens, at)
        if start is None:
            at += 1
            continue
        end, last = start, at + _TIME - 1
        joint = last + 1 + bool(half_of_day(tokens, last + 1))
        until = _time(tokens, joint + 1) if joint < len(tokens) and tokens[joint].word in _JOINED else None
        if until is not None:
            end, last = until, joint + _TIME
        yield Amount(CLOCK, min(start, end), max(start, end), False, 0, (0, 0, 0), (at, last))
        at = last + 1


def _time(tokens: Sequence[Token], at: int) -> float | None:
    """Return the hours of a time, "7:30", that begins at a token; None if none does."""
    parts = [token.text for token in tokens[at : at + _TIME]]
    if len(parts) < _TIME or parts[1] != ":" or not (parts[0].isdecimal() and parts[2].isdecimal() and len(parts[2]) == 2):
        return None
    hours, minutes = int(parts[0]), int(parts[2])
    return _hour(hours, half_of_day(tokens, at + _TIME)) + minutes / 60 if hours <= 24 and minutes < 60 else None


def _dates(tokens: tuple[Token, ...]) -> Iterator[Amount]:
    """Yield the dates: days of months, months of years, and years."""
    months = {at: MONTHS.index(value) + 1 for at, (kind, value) in fixed_words(tokens).items() if kind == "month"}
    years = {one.first: int(one.figure) for one in quantities(tokens) if one.kind == "year" and one.first == one.last}
    used: set[int] = set()
    for at, month in months.items():
        day, year, last = 0, 0, at
        first = at
        if (number := _day(tokens, at - 1)) or (number := _day(tokens, at - 2) if _is_of(tokens, at - 1) else 0):
            day, first = number, at - 1 if _day(tokens, at - 1) else at - 2
        elif number := _day(tokens, at + 1):
            day, last = number, at + 1
        for place in (last + 1, last + 2):
            if place < len(tokens) and _year(tokens[place]) and not (place == last + 2 and tokens[last + 1].text != ","):
                year, last = _year(tokens[place]), place
                break
        used.update(range(first, last + 1))
        yield Amount(DATE, 0.0, 0.0, False, 0, (year, month, day), (first, last))
    for at, value in years.items():
        if at not in used:
            yield Amount(DATE, 0.0, 0.0, False, 0, (value, 0, 0), (at, at))


def _day(tokens: Sequence[Token], at: int) -> int:
    if not 0 <= at < len(tokens) or tokens[at].kind not in ("number", "code"):
        return 0
    digits = tokens[at].text.rstrip("stndrh")
    return int(digits) if digits.isdecimal() and 1 <= int(digits) <= 31 else 0


def _is_of(tokens: Sequence[Token], at: int) -> bool:
    return 0 <= at < len(tokens) and tokens[at].word == "of"


def _year(token: Token) -> int:
    return int(token.text) if token.kind == "number" and token.text.isdecimal() and len(token.text) == 4 else 0
