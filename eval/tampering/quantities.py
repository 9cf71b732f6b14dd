"""False numbers, units and dates: each function changes one of them in a sentence, or returns None where it has none."""

from __future__ import annotations

import random
import re

from eval.tampering.facts import Fact

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty".split()
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_FRACTIONS = ("half", "one third", "two thirds", "a quarter", "three quarters", "one fifth")

_DIGITS = re.compile(r"(?<![\w.,/–-])\d{1,3}(?:,\d{3})+(?![\w,]|\.\d)|(?<![\w.,/–-])\d+(?:\.\d+)?(?![\w/]|[.,]\d)")
_YEAR = re.compile(r"(?<![\w.,$£€–-])(?:1[0-9]\d\d|20[0-2]\d)(?![\w%]|[.,]\d|-\w)")
_DECADE = re.compile(r"\b(1[5-9]|20)(\d)0s\b")
_MONTH = re.compile(rf"\b(?:{'|'.join(month for month in MONTHS if month not in ('March', 'May'))})\b|\b(?:March|May)(?= \d)")
_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)(?=[ -]centur)")

# Units that are measured in the same places: one is put in place of another of its row.
_UNITS = (
    ("milligrams", "grams", "kilograms", "tonnes", "pounds", "ounces"),
    ("mg", "g", "kg", "µg"),
    ("millimetres", "centimetres", "metres", "kilometres", "miles", "feet", "inches", "yards"),
    ("millimeters", "centimeters", "meters", "kilometers", "miles", "feet", "inches", "yards"),
    ("mm", "cm", "km", "µm", "nm"),
    ("millilitres", "litres", "gallons", "pints"),
    ("ml", "mL", "µL", "L"),
    ("seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades"),
    ("second", "minute", "hour", "day", "week", "month", "year", "decade", "century"),
    ("hourly", "daily", "weekly", "monthly", "yearly"),
    ("thousand", "million", "billion", "trillion"),
    ("dollars", "euros", "pounds", "yen", "francs"),
    ("°C", "°F", "K"),
    ("Celsius", "Fahrenheit"),
    ("volts", "watts", "amperes", "ohms"),
    ("kW", "MW", "GW"),
    ("Hz", "kHz", "MHz", "GHz"),
    ("KB", "MB", "GB", "TB"),
    ("acres", "hectares", "square miles", "square kilometers"),
)
_UNIT_ROWS = {unit: row for row in reversed(_UNITS) for unit in row}
_UNIT = re.compile(
    rf"(?<=\d)(?: |-)?(?:{'|'.join(re.escape(u) for u in sorted(_UNIT_ROWS, key=len, reverse=True))})\b"
    rf"|\b(?:(?:{'|'.join(['one', 'a', 'an', 'few', 'several', 'per', 'each', 'every', *NUMBER_WORDS])}) )"
    rf"(?:{'|'.join(row_unit for row in _UNITS[7:11] for row_unit in row)})\b"
    rf"|\b(?:{'|'.join(_UNITS[9])})\b"
)


def other_number(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Put another number of about the size in the place of one written in figures."""
    found = [match for match in _DIGITS.finditer(text) if not _YEAR.fullmatch(match.group()) and not _is_code(text, match)]
    if not found:
        return None
    match = rng.choice(found)
    other = _near(match.group(), rng)
    return None if other is None or _holds(fact.quote, other) else _put(text, match, other)


def _near(number: str, rng: random.Random) -> str | None:
    """Return a number like `number`: a digit more or less, two digits exchanged, ten times as much, or a point moved."""
    bare = number.replace(",", "")
    digits = [place for place, character in enumerate(bare) if character.isdigit()]
    ways = [_with_another_digit, _ten_times]
    if len(digits) > 1:
        ways.append(_digits_exchanged)
    other = rng.choice(ways)(bare, digits, rng)
    if float(other) == float(bare) or other.startswith("0") and not other.startswith("0."):
        return None
    return f"{int(other):,}" if "," in number else other


def _with_another_digit(number: str, digits: list[int], rng: random.Random) -> str:
    at = rng.choice(digits)
    return number[:at] + rng.choice([digit for digit in "123456789" if digit != number[at]]) + number[at + 1 :]


def _digits_exchanged(number: str, digits: list[int], rng: random.Random) -> str:
    one = rng.randrange(len(digits) - 1)
    first, second = digits[one], digits[one + 1]
    characters = list(number)
    characters[first], characters[second] = characters[second], characters[first]
    return "".join(characters)


def _ten_times(number: str, digits: list[int], rng: random.Random) -> str:
    if "." in number:
        return f"{float(number) * 10:g}"
    return number + "0"


def other_number_word(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Put another number in the place of one written as a word: a count, an ordinal or a part."""
    for row in rng.sample((NUMBER_WORDS, _ORDINALS, list(_FRACTIONS)), 3):
        found = list(re.finditer(rf"(?<![\w-])(?:{'|'.join(row)})(?![\w-])", text))
        if found:
            match = rng.choice(found)
            other = rng.choice([one for one in row if not _holds(fact.quote, one)])
            return _put(text, match, other)
    return None


def exchanged_numbers(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Exchange two numbers of the sentence, both years or both not, unless they only stand in a list."""
    numbers = [match for match in _DIGITS.finditer(text) if not _is_code(text, match)]
    pairs = [
        (one, two)
        for one, two in zip(numbers, numbers[1:], strict=False)
        if one.group() != two.group()
        and bool(_YEAR.fullmatch(one.group())) == bool(_YEAR.fullmatch(two.group()))
        and re.search(r"[a-z]{3}", text[one.end() : two.start()].replace("and", ""))
    ]
    if not pairs:
        return None
    one, two = rng.choice(pairs)
    return text[: one.start()] + two.group() + text[one.end() : two.start()] + one.group() + text[two.end() :]


def other_unit(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Put another unit of the kind in the place of one."""
    found = list(_UNIT.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    unit = next(unit for unit in sorted(_UNIT_ROWS, key=len, reverse=True) if match.group().endswith(unit))
    others = [one for one in _UNIT_ROWS[unit] if one != unit and not _holds(fact.quote, one)]
    return text[: match.end() - len(unit)] + rng.choice(others) + text[match.end() :] if others else None


def other_percentage(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Take the percent sign from a number, or say it of one that has another unit."""
    match = re.search(r"(?<=\d)(?: ?%| per ?cent\b)", text)
    return None if match is None else _put(text, match, rng.choice((" times", "-fold", " thousand", " kilograms")))


def other_date(fact: Fact, text: str, rng: random.Random) -> str | None:
    """Change the year, decade, century, month or day of the week of a date."""
    ways = [_other_year, _other_month, _other_day, _other_century]
    for way in rng.sample(ways, len(ways)):
        changed = way(fact, text, rng)
        if changed is not None:
            return changed
    return None


def _other_year(fact: Fact, text: str, rng: random.Random) -> str | None:
    found = [*_YEAR.finditer(text), *_DECADE.finditer(text)]
    if not found:
        return None
    match = rng.choice(found)
    year, mark = int(match.group()[:4]), match.group()[4:]
    steps = (-30, -20, -10, 10, 20) if mark else (-100, -11, -10, -3, -2, -1, 1, 2, 5, 9, 10, 27)
    others = [f"{year + step}{mark}" for step in steps if not _holds(fact.quote, f"{year + step}")]
    return _put(text, match, rng.choice(others))


def _other_month(fact: Fact, text: str, rng: random.Random) -> str | None:
    return _of_row(fact, text, _MONTH, MONTHS, rng)


def _other_day(fact: Fact, text: str, rng: random.Random) -> str | None:
    return _of_row(fact, text, re.compile(rf"\b(?:{'|'.join(DAYS)})\b"), DAYS, rng)


def _of_row(fact: Fact, text: str, pattern: re.Pattern[str], row: list[str], rng: random.Random) -> str | None:
    found = list(pattern.finditer(text))
    return _put(text, rng.choice(found), rng.choice([one for one in row if not _holds(fact.quote, one)])) if found else None


def _other_century(fact: Fact, text: str, rng: random.Random) -> str | None:
    match = _CENTURY.search(text)
    if match is None:
        return None
    number = int(match.group(1))
    other = rng.choice([one for one in range(3, 21) if one != number and not _holds(fact.quote, f"{one}th")])
    return _put(text, match, f"{other}th")


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Whether a number is the mark of a reference, of a figure or of a section, and says nothing."""
    before, after = text[max(0, match.start() - 9) : match.start()], text[match.end() : match.end() + 2]
    in_brackets = before.rstrip(" ,;0123456789–-").endswith("[") or after.strip().startswith("]")
    return in_brackets or bool(re.search(r"(?:Figs?|Figure|Tables?|Section|Ref)\.? $", before))


def _holds(quote: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", quote, re.IGNORECASE) is not None


def _put(text: str, match: re.Match[str], other: str) -> str:
    return text[: match.start()] + other + text[match.end() :]
