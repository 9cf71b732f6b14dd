"""Numbers as values: in figures or words, with their units, and with what bounds them ("at least", "up to")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.verification.tokens import Token
from assistant.verification.units import AMBIGUOUS, SCALES, UNITS, Dimension

_ONES = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {word: 10.0 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "hundredth": 100.0, "thousandth": 1000.0}
_PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    f"{word}{ending}": int(value) for word, value in _ORDINALS.items() if 4 <= value <= 10 for ending in ("", "s")
}
_TIMES = {
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "doubling": 2.0, "twofold": 2.0, "thrice": 3.0, "triple": 3.0,
    "tripled": 3.0, "triples": 3.0, "tripling": 3.0, "threefold": 3.0, "quadruple": 4.0, "quadrupled": 4.0, "fourfold": 4.0,
    "fivefold": 5.0, "tenfold": 10.0, "halved": 0.5, "halving": 0.5,
}  # fmt: skip
_GROUPS = {"dozen": 12.0, "dozens": 12.0}
_SIGNS = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅛": 1 / 8}
_TIME = frozenset({"time", "months"})
_MONEY = frozenset("$€£¥₹")
_MONTHS = frozenset("january february march april may june july august september october november december".split())
_BETWEEN = frozenset("to and or - , / through until versus vs × x by from".split())

ROMAN = {
    figure: float(value) for value, figure in enumerate("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI".split(), 1)
}
"""Roman figures as they number kings, wars and stages."""

LOWER, UPPER, ABOUT, EXACT = ">", "<", "~", "="
_BEFORE: tuple[tuple[str, str], ...] = (
    ("not less than", LOWER), ("not fewer than", LOWER), ("no less than", LOWER), ("no fewer than", LOWER),
    ("not more than", UPPER), ("no more than", UPPER), ("not exceeding", UPPER), ("no later than", UPPER),
    ("no greater than", UPPER), ("not over", UPPER), ("not above", UPPER), ("not under", LOWER), ("not below", LOWER),
    ("not at least", UPPER), ("no older than", UPPER), ("at least", LOWER), ("a minimum of", LOWER), ("more than", LOWER),
    ("greater than", LOWER), ("higher than", LOWER), ("larger than", LOWER), ("longer than", LOWER), ("older than", LOWER),
    ("upwards of", LOWER), ("in excess of", LOWER), ("exceeding", LOWER), ("exceeds", LOWER), ("exceeded", LOWER),
    ("over", LOWER), ("above", LOWER), (">", LOWER), ("≥", LOWER), ("≧", LOWER), ("at most", UPPER), ("up to", UPPER),
    ("a maximum of", UPPER), ("less than", UPPER), ("fewer than", UPPER), ("lower than", UPPER), ("smaller than", UPPER),
    ("shorter than", UPPER), ("younger than", UPPER), ("under", UPPER), ("below", UPPER), ("<", UPPER), ("≤", UPPER),
    ("about", ABOUT), ("around", ABOUT), ("approximately", ABOUT), ("roughly", ABOUT), ("circa", ABOUT), ("some", ABOUT),
    ("nearly", ABOUT), ("almost", ABOUT), ("close to", ABOUT), ("~", ABOUT), ("≈", ABOUT), ("estimated", ABOUT),
    ("exactly", EXACT), ("precisely", EXACT), ("minimum", LOWER), ("maximum", UPPER), ("least", LOWER), ("most", UPPER),
)  # fmt: skip
_POWERS = {"2": 2, "²": 2, "3": 3, "³": 3}
_MOVING = frozenset(
    "go goes going went gone rise rises rose risen rising climb climbed come came add adds added back grew".split()
)
"""Before "up to" these say where something went, not how far at most."""

_AFTER: tuple[tuple[str, str], ...] = tuple(
    (f"{joined} {word}", bound)
    for joined in ("or", "and")
    for bound, words in (
        (LOWER, "more older over above higher greater longer up"),
        (UPPER, "less fewer under below younger lower"),
    )
    for word in words.split()
)


@dataclass(frozen=True)
class Quantity:
    """A number with what belongs to it.

    Attributes:
        first: Its first token, without what bounds it.
        last: Its last token, unit included.
        values: What it may be: a kind of unit ("" for none) and how much of it.
        kind: "count", "year", "ordinal" or "decade".
        bound: One of `LOWER`, `UPPER`, `ABOUT`, `EXACT`, or "".
        phrase: First and last token with what bounds it.
        figure: The number alone, without its unit.
        units: What its unit may be; empty without one.
        text: As it is written.
    """

    first: int
    last: int
    values: tuple[Dimension, ...]
    kind: str
    bound: str
    phrase: tuple[int, int]
    figure: float
    units: tuple[Dimension, ...]
    text: str

    @property
    def has_unit(self) -> bool:
        """Whether a unit is known."""
        return bool(self.units)

    def same_as(self, other: Quantity) -> bool:
        """Whether both are the same amount of the same unit, however it is written."""
        return any(kind == its_kind and _equal(value, its) for kind, value in self.values for its_kind, its in other.values)


def _equal(one: float, two: float) -> bool:
    return abs(one - two) <= 1e-9 * max(abs(one), abs(two))


@lru_cache(maxsize=512)
def quantities(tokens: tuple[Token, ...]) -> tuple[Quantity, ...]:
    """Return the numbers among tokens, in their order."""
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        quantity = _quantity(tokens, at)
        if quantity is None:
            at += 1
        else:
            found.append(quantity)
            at = quantity.last + 1
    return tuple(_shared_units(tokens, found))


def _quantity(tokens: Sequence[Token], at: int) -> Quantity | None:
    number = _number(tokens, at)
    if number is None:
        return None
    value, last, kind = number
    dimensions, last = _unit(tokens, at, last, value)
    if kind == "count" and not dimensions and tokens[at].kind == "number" and re.fullmatch(r"1\d{3}|20\d\d", tokens[at].text):
        kind = "year" if last == at else kind
    bound, first = ("", at) if kind == "ordinal" else _bound_before(tokens, at)
    end = last
    if not bound:
        bound, end = _bound_after(tokens, last)
    values = tuple((name, size * value) for name, size in dimensions) or (("", value),)
    if not dimensions and 0 < value < 1 and kind == "count":
        values = (*values, ("part", value))  # "half" is 50 %
    text = " ".join(token.text for token in tokens[at : last + 1])
    return Quantity(at, last, values, kind, bound, (first, end), value, dimensions, text.replace(" %", "%"))


def _number(tokens: Sequence[Token], at: int) -> tuple[float, int, str] | None:
    """Return (value, last token, kind) of the number that begins at a token, if one does."""
    token = tokens[at]
    if token.kind == "number":
        value = _figure(token.text)
        if token.text in ("1", "2", "3") and _word(tokens, at + 1) == "/" and _figure_at(tokens, at + 2) in (2, 3, 4, 5, 8):
            return value / (_figure_at(tokens, at + 2) or 1), at + 2, "count"
        value, last = _scaled(tokens, value, at)
        return _with_part(tokens, value, last, "count") if value < 10 else (value, last, "count")
    if token.kind == "code":
        match = re.fullmatch(r"(\d+)(st|nd|rd|th|s)", token.word)
        return None if match is None else (float(match[1]), at, "decade" if match[2] == "s" else "ordinal")
    return _number_word(tokens, at)


def _figure(text: str) -> float:
    fraction = _SIGNS.get(text[-1], 0.0)
    bare = re.sub(r"[, ]", "", text.rstrip("".join(_SIGNS)))
    return (float(bare) if bare else 0.0) + fraction


def _figure_at(tokens: Sequence[Token], at: int) -> float | None:
    return _figure(tokens[at].text) if at < len(tokens) and tokens[at].kind == "number" else None


def _number_word(tokens: Sequence[Token], at: int) -> tuple[float, int, str] | None:
    word, after = tokens[at].word, _word(tokens, at + 1)
    if word in _TIMES:
        return _TIMES[word], at, "count"
    if word in ("a", "an", "half"):
        return _number_with_article(tokens, at)
    is_some = (
        word in SCALES
        and len(word) > 2
        and (word.endswith("s") or _word(tokens, at - 1) in ("several", "few", "many", "some", "per"))
    )
    if word in _GROUPS or is_some:
        return _GROUPS.get(word, SCALES.get(word, 1.0)), at, "count"
    if word in _ORDINALS and not (word == "second" and _is_a_unit(tokens, at)):
        if word == "third" and after == "of" and _word(tokens, at - 1) in ("one", "a"):
            return 1 / 3, at, "count"
        return _ORDINALS[word], at, "ordinal"
    return _spelled(tokens, at) if word in _ONES or word in _TENS else None


def _is_a_unit(tokens: Sequence[Token], at: int) -> bool:
    before = _word(tokens, at - 1)
    return before in ("per", "each", "every", "/") or (before == "a" and _word(tokens, at - 2) in ("times", "once"))


def _number_with_article(tokens: Sequence[Token], at: int) -> tuple[float, int, str] | None:
    """Read "a hundred", "a dozen", "a third of", "half", "half a million"."""
    word, after = tokens[at].word, _word(tokens, at + 1)
    if word == "half":
        if after in ("a", "an") and _word(tokens, at + 2) in ({*SCALES, *_GROUPS}):
            scale = _word(tokens, at + 2)
            return 0.5 * _GROUPS.get(scale, SCALES.get(scale, 1.0)), at + 2, "count"
        return 0.5, at, "count"
    if after in SCALES or after in _GROUPS:
        return _spelled(tokens, at + 1, 1.0)
    if after in _PARTS and after not in ("half", "halves") and (_word(tokens, at + 2) == "of" or after == "quarter"):
        return 1 / _PARTS[after], at + 1, "count"
    return None


def _spelled(tokens: Sequence[Token], at: int, part: float = 0.0) -> tuple[float, int, str]:
    """Read a number in words: "two hundred and five thousand", "twenty-five", "two thirds".

    :param at: Its first word, or the one after "a", which is a `part` of 1.
    """
    total, last = 0.0, at
    for place in range(at, len(tokens)):
        word = tokens[place].word
        if _fits(part, _ONES.get(word, _TENS.get(word))):
            part += _ONES.get(word, _TENS.get(word, 0.0))
        elif word == "hundred" and 0 < part < 100:
            part *= 100
        elif SCALES.get(word, 0.0) >= 1000 and part and not word.endswith("s"):
            total, part = total + part * SCALES[word], 0.0
        elif word in _GROUPS and part:
            return part * 12, place, "count"
        elif _fits(part, _ORDINALS.get(word)) and part >= 20:
            return total + part + _ORDINALS[word], place, "ordinal"
        elif _continues(tokens, place, part):
            continue
        else:
            break
        last = place
    return _with_part(tokens, total + part, last, "count")


def _fits(part: float, value: float | None) -> bool:
    """Whether the word for a number below a hundred may follow what was read: "twenty" + "five", "two hundred" + "twelve"."""
    if value is None:
        return False
    return part % 100 == 0 or (part % 100 >= 20 and part % 10 == 0 and value < 10)


def _continues(tokens: Sequence[Token], place: int, part: float) -> bool:
    """Whether a hyphen or an "and" joins the words of one number: "twenty-five", "one hundred and five"."""
    word, after = tokens[place].word, _word(tokens, place + 1)
    if word == "-":
        return 20 <= part % 100 and part % 10 == 0 and _fits(part, _ONES.get(after, _ORDINALS.get(after)))
    return word == "and" and part >= 100 and part % 100 == 0 and (after in _ONES or after in _TENS)


def _with_part(tokens: Sequence[Token], value: float, last: int, kind: str) -> tuple[float, int, str]:
    """Read the fraction after a number in words: "two thirds", "one-third", "two and a half"."""
    at = last + 2 if _word(tokens, last + 1) == "-" else last + 1
    word = _word(tokens, at)
    if word in _PARTS and (word.endswith("s") or value == 1) and not (word == "second"):
        return value / _PARTS[word], at, kind
    if [_word(tokens, at + step) for step in range(3)] == ["and", "a", "half"]:
        return value + 0.5, at + 2, kind
    return value, last, kind


def _scaled(tokens: Sequence[Token], value: float, last: int) -> tuple[float, int]:
    """Read the words that multiply a number: "3.2 million", "5bn", "12 dozen"."""
    if [_word(tokens, last + step) for step in range(1, 4)] == ["and", "a", "half"]:
        value, last = value + 0.5, last + 3
    at = last + 2 if _word(tokens, last + 1) == "-" else last + 1
    word = _word(tokens, at)
    scale = SCALES.get(word, _GROUPS.get(word))
    if scale is None or word.endswith("s") and word != "dozens":
        return value, last
    return _scaled(tokens, value * scale, at)


def _unit(tokens: Sequence[Token], first: int, last: int, value: float) -> tuple[tuple[Dimension, ...], int]:
    """Return what the unit of a number may be, and its last token."""
    symbol = tokens[first - 1].text if first else ""
    if symbol in _MONEY:
        if _word(tokens, last + 1) in ("m", "mn") and value < 1e5:
            return tuple((kind, size * 1e6) for kind, size in UNITS[symbol]), last + 1
        return UNITS[symbol], last
    if tokens[first].word in _TIMES:
        return UNITS["times"], last
    at = last + 2 if _word(tokens, last + 1) == "-" else last + 1
    if _word(tokens, at) == "of" and tokens[last].word.endswith("s") or _word(tokens, at) in ("metric", "nautical"):
        at += 1  # billions of dollars
    word, after = _word(tokens, at), _word(tokens, at + 1)
    if word in ("degree", "degrees", "°") and after in ("c", "f", "celsius", "fahrenheit"):
        return UNITS["celsius" if after[0] == "c" else "fahrenheit"], at + 1
    if word == "per" and after == "cent":
        return UNITS["%"], at + 1
    if tokens[first].word == "half" and word in ("a", "an") and after in UNITS:
        return UNITS[after], at + 1
    if word in ("percentage", "percent", "%") and after in ("point", "points"):
        return UNITS["pp"], at + 1
    if word in ("square", "cubic", "sq") and after in UNITS:
        return _powers(UNITS[after], 3 if word == "cubic" else 2), at + 1
    if word[:-1] in UNITS and word[-1:] in _POWERS:
        return _powers(UNITS[word[:-1]], _POWERS[word[-1]]), at
    if word in ("us", "american", "canadian", "australian") and after in ("dollars", "dollar", "$"):
        return UNITS["dollars"], at + 1
    if word in UNITS and not (word == "second" and tokens[last].kind == "code"):
        return UNITS[word], at
    return (), last


def _powers(dimensions: tuple[Dimension, ...], power: int) -> tuple[Dimension, ...]:
    return tuple((f"{kind} {power}", size**power) for kind, size in dimensions)


def _bound_before(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """Return what bounds the number at a token from before, and the first token of that."""
    end = at - 1 if at and tokens[at - 1].text in _MONEY else at
    if end and _word(tokens, end - 1) == "us":
        end -= 1
    if end and tokens[end - 1].is_capital and tokens[end - 1].word in _MONTHS:  # up to January 24
        end -= 1
    if end and _word(tokens, end - 1) in ("the", "a", "an") and _word(tokens, end - 2) not in ("for",):
        end -= 1
    for phrase, bound in _BEFORE:
        words = phrase.split()
        if phrase == "up to" and _word(tokens, end - 3) in _MOVING:
            continue
        if end >= len(words) and [token.word for token in tokens[end - len(words) : end]] == words:
            return bound, end - len(words)
    return "", at


def _bound_after(tokens: Sequence[Token], last: int) -> tuple[str, int]:
    for skipped in (0, 1, 2):
        words = f"{_word(tokens, last + 1 + skipped)} {_word(tokens, last + 2 + skipped)}"
        for phrase, bound in _AFTER:
            if words == phrase:
                return bound, last + 2 + skipped
    return (LOWER, last + 1) if _word(tokens, last + 1) == "+" else ("", last)


def _shared_units(tokens: Sequence[Token], found: list[Quantity]) -> list[Quantity]:
    """Give the numbers of a range or a list the unit that stands only at its end: "3 to 5 mg", or at its beginning: "$3-5"."""
    for place in range(len(found) - 2, -1, -1):
        one, two = found[place], found[place + 1]
        between = [token.word for token in tokens[one.last + 1 : two.first] if token.text not in _MONEY]
        if "ordinal" in (one.kind, two.kind) or not between or not set(between) <= _BETWEEN:
            continue
        has_symbol = one.first > 0 and tokens[one.first - 1].text in _MONEY
        units = two.units if two.has_unit and (not one.has_unit or one.units == two.units) else one.units if has_symbol else ()
        if units and not (one.has_unit and two.has_unit and not has_symbol):
            # "3 to 5 million" is from three or from three million.
            scale = two.figure / (_small(tokens, two) or two.figure or 1.0)
            values = tuple((kind, one.figure * size * by) for kind, size in units for by in sorted({1.0, scale}))
            found[place] = replace(one, values=values, units=units, kind="count")
            found[place + 1] = replace(two, values=tuple((kind, two.figure * size) for kind, size in units), units=units)
    return found


def _small(tokens: Sequence[Token], quantity: Quantity) -> float:
    """Return the number before it was multiplied by a word such as "million"."""
    token = tokens[quantity.first]
    return _figure(token.text) if token.kind == "number" else _ONES.get(token.word, _TENS.get(token.word, 0.0))


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def bare_units(tokens: Sequence[Token], found: Sequence[Quantity]) -> dict[int, tuple[Dimension, ...]]:
    """Return the units that belong to no number, by their token: "weekly", "a few days", "per kg"."""
    taken = {place for quantity in found for place in range(quantity.first, quantity.last + 1)}
    units: dict[int, tuple[Dimension, ...]] = {}
    for at, token in enumerate(tokens):
        if at in taken or token.word not in UNITS:
            continue
        before = _word(tokens, at - 1)
        is_counted = before in ("each", "every", "per", "/") or (before in ("a", "few", "several") and token.word != "second")
        if token.word in AMBIGUOUS and not (is_counted and _TIME & {kind for kind, _ in UNITS[token.word]}):
            continue
        if token.kind == "mark" and token.text in _MONEY:
            continue
        units[at] = UNITS[token.word]
    return units
