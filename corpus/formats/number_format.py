"""Numbers, dates and times as a spreadsheet shows them, by the number formats of ECMA-376 (part 1, 18.8.30 and 18.8.31).

Where what is shown depends on the country of the machine (the built-in short date), it is written as ISO 8601 has it:
2024-03-05 is read in one way only. Month and weekday names are English. Colours, fills and widths are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd"),  # short dates of East Asia
}
"""Formats that a file names by number alone."""

_TOKEN = re.compile(
    r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|General|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|[eE][+-]|[0#?.,%/@]|.',
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]\Z")
_CURRENCY = re.compile(r"\[\$([^-\]]*)(?:-[^\]]*)?\]\Z")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]\Z", re.IGNORECASE)
_MAX_CODE = 255
_DECIMALS = 30
_MAX_DAYS = 10_000_000  # the last date that there is, of the year 9999, is 2,958,465
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class _Section:
    """One of the up to four parts of a format, for positive, negative and zero numbers and for text."""

    tokens: tuple[str, ...]
    condition: tuple[str, float] | None
    is_date: bool


def is_date_format(code: str) -> bool:
    """Whether a format shows a date or a time."""
    return _sections(code)[0].is_date


def format_number(value: float, code: str, *, since_1904: bool = False) -> str:
    """Return a number as it is shown.

    :param value: It; for dates and times in days.
    :param code: The format, such as `0.0%`.
    :param since_1904: Whether days count from the first of January 1904, as on early Macintoshes, instead of 1900.
    """
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    section, is_own = _choose(_sections(code), value)
    if section.is_date:
        if abs(value) > _MAX_DAYS:
            return general(value)
        return _date(value, section.tokens, since_1904)
    shown = _number(abs(value) if is_own else value, section.tokens)
    return shown.strip()


def format_text(text: str, code: str) -> str:
    """Return a text as it is shown: a format may put something around it."""
    sections = _sections(code)
    tokens = sections[3].tokens if len(sections) > 3 else sections[0].tokens
    if "@" not in tokens:
        return text
    return "".join(text if token == "@" else _literal(token) for token in tokens)


def general(value: float) -> str:
    """Return a number as it is shown without a format: whole numbers in full, else ten digits at most."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    shown = format(value, ".10g")
    if "e" not in shown:
        return shown
    if 1e-9 <= abs(value) < 1e-4:
        return format(Decimal(shown), "f")
    mantissa, _, exponent = shown.partition("e")
    return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}"


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    tokens: list[str] = []
    for token in [*_TOKEN.findall(code[:_MAX_CODE]), ";"]:
        if token != ";":
            tokens.append(token)
            continue
        conditions = [found for one in tokens if (found := _CONDITION.match(one))]
        condition = (conditions[0].group(1), float(conditions[0].group(2))) if conditions else None
        is_general = any(one.lower() == "general" for one in tokens)
        is_date = not is_general and any(one[0] in "yYmMdDhHsS" or _ELAPSED.match(one) for one in tokens)
        sections.append(_Section(tuple(tokens), condition, is_date))
        tokens = []
    return tuple(sections[:4])


def _choose(sections: tuple[_Section, ...], value: float) -> tuple[_Section, bool]:
    """Return the section for a value, and whether it is for negative numbers alone, so that it says the sign itself."""
    if any(section.condition for section in sections):
        for section in sections[:3]:
            if section.condition is None or _COMPARE[section.condition[0]](value, section.condition[1]):
                is_below = section.condition is not None and section.condition[0] in ("<", "<=") and section.condition[1] <= 0
                return section, is_below and value < 0
        return sections[0], False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    return (sections[2], False) if value == 0 and len(sections) > 2 else (sections[0], False)


def _literal(token: str) -> str:
    """Return what a token shows by itself."""
    if token[0] == '"':
        return token.strip('"')
    if token[0] == "\\":
        return token[1:]
    if token[0] in "_*":
        return " " if token[0] == "_" else ""
    if token[0] == "[":
        currency = _CURRENCY.match(token)
        return currency.group(1) if currency else ""
    return token


# Numbers


def _number(value: float, tokens: tuple[str, ...]) -> str:
    if not tokens:
        return ""
    if any(token.lower() == "general" for token in tokens):
        sign = "-" if value < 0 else ""
        return sign + "".join(general(abs(value)) if one.lower() == "general" else _literal(one) for one in tokens)
    places = [position for position, token in enumerate(tokens) if token in ("0", "#", "?")]
    if not places:  # only words, or the sign for text
        return "".join(general(value) if token == "@" else _literal(token) for token in tokens)
    number = Decimal(repr(value)) * 100 ** min(tokens.count("%"), 3)
    sign = "-" if number < 0 else ""
    first, last = places[0], places[-1]
    exponent = next((position for position, token in enumerate(tokens) if len(token) == 2 and token[0] in "eE"), None)
    if exponent is not None:
        digits = _scientific(abs(number), tokens[first:exponent], tokens[exponent], tokens[exponent + 1 : last + 1])
    elif "/" in tokens[first:last]:
        digits = _fraction(abs(number), tokens[first : last + 1])
    else:
        while last + 1 < len(tokens) and tokens[last + 1] in ".,":
            number = number / 1000 if tokens[last + 1] == "," else number
            last += 1
        digits = _fixed(abs(number), tokens[first : last + 1])
    if sign and not any(one in "123456789" for one in digits):
        sign = ""  # what rounds to nothing has no sign
    before = "".join("." if token == "." else _literal(token) for token in tokens[:first])
    if tokens[first - 1 : first] == (".",):  # ".00"
        before, digits = before[:-1], digits if digits.startswith(".") else _fixed(abs(number), tokens[first - 1 : last + 1])
    return sign + before + digits + "".join(_literal(token) for token in tokens[last + 1 :])


def _fixed(number: Decimal, tokens: tuple[str, ...]) -> str:
    """Write a number by its digits before and after the point, with what stands between the digits in its place."""
    point = tokens.index(".") if "." in tokens else len(tokens)
    whole_part, decimal_part = tokens[:point], tokens[point + 1 :]
    kinds = [token for token in decimal_part if token in ("0", "#", "?")][:_DECIMALS]
    shown = format(number.quantize(Decimal(1).scaleb(-len(kinds)), context=_EXACT), "f")
    whole, _, decimals = shown.partition(".")
    while decimals and kinds[len(decimals) - 1] in "#?" and decimals[-1] == "0":
        decimals = decimals[:-1]
    required = sum(token == "0" for token in whole_part)
    whole = whole.lstrip("0").rjust(required, "0")
    between = [token for token in whole_part if token not in ("0", "#", "?", ",")]
    if between:
        whole = _spread(whole, whole_part)
    elif "," in whole_part:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+\Z)", ",", whole) if len(whole) < 400 else whole
    words = "".join(_literal(token) for token in decimal_part if token not in ("0", "#", "?", ","))
    return (whole + ("." + decimals if "." in tokens and (decimals or "0" in decimal_part) else "") or "0") + words


def _spread(whole: str, tokens: tuple[str, ...]) -> str:
    """Put the digits of a number into their places, from the right: 5551234 in 000-0000 is 555-1234."""
    digits = list(whole)
    shown: list[str] = []
    first = next(position for position, token in enumerate(tokens) if token in ("0", "#", "?"))
    for position in range(len(tokens) - 1, -1, -1):
        if tokens[position] in ("0", "#", "?"):
            shown.append(digits.pop() if digits else "")
            if position == first:
                shown.extend(reversed(digits))
        elif tokens[position] != ",":
            shown.append(_literal(tokens[position]))
    return "".join(reversed(shown))


def _scientific(number: Decimal, mantissa: tuple[str, ...], mark: str, exponent: tuple[str, ...]) -> str:
    point = mantissa.index(".") if "." in mantissa else len(mantissa)
    step = max(1, sum(token in ("0", "#", "?") for token in mantissa[:point]))
    power = number.adjusted() // step * step if number else 0
    scaled = number.scaleb(-power, context=_EXACT)
    decimals = sum(token in ("0", "#", "?") for token in mantissa[point:])
    if scaled.quantize(Decimal(1).scaleb(-decimals), context=_EXACT) >= Decimal(10) ** step:
        power += step
        scaled = number.scaleb(-power, context=_EXACT)
    sign = "-" if power < 0 else "+" if mark[1] == "+" else ""
    return f"{_fixed(scaled, mantissa)}E{sign}{str(abs(power)).zfill(sum(token == '0' for token in exponent))}"


def _fraction(number: Decimal, tokens: tuple[str, ...]) -> str:
    """Write a number as a fraction; the number of places below the line limits what may stand there."""
    slash = tokens.index("/")
    below = [token for token in tokens[slash + 1 :] if token.strip()]
    above = [token for token in tokens[:slash] if token.strip()]
    fixed = "".join(below)
    has_whole = " " in tokens[:slash] or len(above) > len(below) + 1
    whole = int(number) if has_whole else 0
    rest = Fraction(number) - whole
    if fixed.isdigit() and int(fixed):
        part = Fraction(round(rest * int(fixed)), int(fixed))
        top, bottom = round(rest * int(fixed)), int(fixed)
    else:
        part = rest.limit_denominator(10 ** min(max(len(below), 1), 5) - 1)
        top, bottom = part.numerator, part.denominator
    if part == 1 and has_whole:
        whole, top = whole + 1, 0
    if not top and has_whole:
        return str(whole)
    return f"{whole} {top}/{bottom}" if whole else f"{top}/{bottom}"


# Dates and times


def _date(value: float, tokens: tuple[str, ...], since_1904: bool) -> str:
    has_elapsed = any(_ELAPSED.match(token) for token in tokens)
    decimals = next((len(token.partition(".")[2]) for token in tokens if token[0] in "sS" and "." in token), 0)
    unit = 10 ** min(decimals, 6)
    ticks = round(value * 86400 * unit)  # what is shown is rounded once, so that 0.9999 of a minute is not 60 seconds
    if has_elapsed:
        when = datetime(1900, 1, 1)
    else:
        try:
            when = _moment(ticks, unit, since_1904)
        except (OverflowError, ValueError):
            return general(value)
    is_half_day = any(token.upper() in ("AM/PM", "A/P") for token in tokens)
    seconds = abs(ticks) / unit
    shown = ["-" if has_elapsed and ticks < 0 else ""]
    for position, token in enumerate(tokens):
        kind = token[0].lower()
        if elapsed := _ELAPSED.match(token):
            size = {"h": 3600, "m": 60, "s": 1}[elapsed.group(1)[0].lower()]
            shown.append(str(int(seconds // size)).zfill(len(elapsed.group(1))))
        elif token.upper() in ("AM/PM", "A/P"):
            half = "AM" if when.hour < 12 else "PM"
            shown.append(half if len(token) > 3 else half[0])
        elif kind == "h":
            hour = (when.hour % 12 or 12) if is_half_day else when.hour
            shown.append(str(hour).zfill(min(len(token), 2)))
        elif kind == "m" and _is_minute(tokens, position):
            minute = int(seconds // 60) % 60 if has_elapsed else when.minute
            shown.append(str(minute).zfill(min(len(token), 2)))
        elif kind == "s":
            second = seconds % 60 if has_elapsed else when.second + when.microsecond / 1e6
            whole, _, places = token.partition(".")
            wide = min(len(whole), 2) + (len(places) + 1 if places else 0)
            shown.append(f"{second:0{wide}.{len(places)}f}")
        elif kind in "ymd":
            shown.append(_calendar(when, kind, len(token)))
        else:
            shown.append(_literal(token))
    return "".join(shown).strip()


def _moment(ticks: int, unit: int, since_1904: bool) -> datetime:
    day, rest = divmod(ticks, 86400 * unit)
    if not since_1904 and 0 < day < 60:
        day += 1  # 1900 has a 29th of February here, as in Lotus 1-2-3, so that days before it are one off
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
    return start + timedelta(days=day, microseconds=rest * (1_000_000 // unit))


def _calendar(when: datetime, kind: str, size: int) -> str:
    if kind == "y":
        return str(when.year).zfill(4) if size > 2 else f"{when.year % 100:02}"
    if kind == "m":
        name = _MONTHS[when.month - 1]
        return [str(when.month), f"{when.month:02}", name[:3], name, name[0]][min(size, 5) - 1]  # as J in "J F M A"
    name = _DAYS[when.weekday()]
    return [str(when.day), f"{when.day:02}", name[:3], name][min(size, 4) - 1]


def _is_minute(tokens: tuple[str, ...], position: int) -> bool:
    """Whether an m is for minutes: it follows hours, or seconds follow it."""
    if len(tokens[position]) > 2:
        return False
    codes = [token.strip("[]")[0].lower() for token in tokens[:position] if token[0] in "yYmMdDhHsS" or _ELAPSED.match(token)]
    after = next((token[0].lower() for token in tokens[position + 1 :] if token[0] in "yYmMdDhHsS"), "")
    return codes[-1:] == ["h"] or after == "s"
