"""Words of which each has one value and no other means it: months, days of the week, seasons, eras, directions."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.verification.tokens import Token
from corpus.calendar import DAYS, MONTHS

_SHORT_MONTHS = {month[:3]: month for month in MONTHS if len(month) > 4} | {"sept": "september"}
_SEASONS = {"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter"}
_HOURS = {word: word for word in "morning afternoon evening noon midnight night".split()} | {
    "nighttime": "night",
    "nights": "night",
}
_RELATIVE = frozenset("today yesterday tomorrow tonight".split())
_COLOURS = frozenset("red blue green yellow black white brown grey purple pink violet".split())
_ERAS = {"bc": "before", "bce": "before", "ad": "after", "ce": "after"}
_SIDES = {
    f"{point}{ending}": point
    for point in ("north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest")
    for ending in ("", "ern", "ward", "wards", "erly", "ernmost")
}


def fixed_words(tokens: Sequence[Token]) -> dict[int, tuple[str, str]]:
    """Return (class, value) of each such word, by its token."""
    found: dict[int, tuple[str, str]] = {}
    for at, token in enumerate(tokens):
        value = _value(tokens, at, token)
        if value is not None:
            found[at] = value
    return found


def _value(tokens: Sequence[Token], at: int, token: Token) -> tuple[str, str] | None:
    word = token.word.replace(".", "")
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    by_number = any(beside is not None and beside.kind in ("number", "code") for beside in (before, after))
    if token.is_capital:
        if word in MONTHS and (word not in ("may", "march", "august") or by_number or not token.is_first):
            return "month", word
        if word in _SHORT_MONTHS and by_number:
            return "month", _SHORT_MONTHS[word]
        if word.rstrip("s") in DAYS:
            return "day", word.rstrip("s")
        if word in _ERAS and by_number:
            return "era", _ERAS[word]
    if word in ("am", "pm") and before is not None and before.kind == "number":
        return "half of the day", word
    if word in _SEASONS and (word != "fall" or _is_a_season(before)) and (word != "spring" or _is_a_season(before)):
        return "season", _SEASONS[word]
    if word in _HOURS or word.removesuffix("s") in _HOURS:
        return "hour", _HOURS[word.removesuffix("s")]
    if word in _RELATIVE:
        return "day", word
    if word in _COLOURS and not token.is_capital:
        return "colour", word
    if word in _SIDES:
        return "direction", _SIDES[word]
    return None


def _is_a_season(before: Token | None) -> bool:
    return before is not None and before.word in (
        "in",
        "the",
        "of",
        "this",
        "last",
        "next",
        "early",
        "late",
        "during",
        "every",
        "each",
        "since",
    )
