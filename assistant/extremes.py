"""Rows of a table that a question picks by an amount: "which is the cheapest", "which cost less than 350 euros".

A reader compares a sentence with the question, not the rows with each other. Where the question says by what to pick, and one
column of the table holds that in each row, the rows are compared by it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.listing import DENYING
from assistant.verification.amounts import CLOCK, DATE, Amount, find_amounts
from assistant.verification.tokens import tokenised
from corpus import Span
from index.lexical import STOP_WORDS, content_stems, stems

_MONEY = "dollars euros sterling yen rupees francs crowns yuan roubles pesos wons"
_WHEN = f"{DATE} {CLOCK}"
_TABLE = f"""
longest shortest | length long distance duration time stay period | length,time
tallest - | height tall | length
highest lowest | height altitude elevation high | -
widest narrowest | width diameter wide breadth | length
deepest shallowest | depth deep | length
thickest thinnest | thickness thick | length
largest smallest | size area population capacity volume large | length 2,volume
biggest - | size area population capacity volume large | length 2,volume
heaviest lightest | weight mass heavy | mass
fastest slowest | speed velocity fast | -
hottest coldest | temperature | celsius,fahrenheit
warmest coolest | temperature | celsius,fahrenheit
dearest cheapest | price cost fee rent charge tariff fare | {_MONEY.replace(" ", ",")}
latest earliest | date year | {_WHEN.replace(" ", ",")}
newest oldest | founded built established | -
youngest eldest | born | -
last first | - | -
most least | - | -
maximum minimum | - | -
greatest fewest | - | -
"""
"""What has most of it, what has least | words for it in the head of a column | the kinds of its amounts (`Amount.kind`)."""

_BY_TIME = frozenset({"last", "first"})  # these pick by dates alone: "opened first"
_EXPENSIVE = {"most expensive": "dearest", "least expensive": "cheapest", "most recent": "newest"}
_PICKS = re.compile(r"^\W*(?:and |but )?(?:which|what|who|where|when|name|find|the)\b|\b(?:which|how many|are there)\b", re.I)
_ASKS_WHICH = re.compile(r"\b(?:which|who|whose|where)\b", re.I)
_INCLUSIVE = re.compile(
    r"\b(?:at least|at most|up to|no (?:more|less|fewer) than|or (?:more|less|fewer|over|under))\b|[≤≥]", re.I
)
_EARLIER = frozenset("before until till by".split())
_LATER = frozenset("after since from".split())
_INCLUDING = frozenset("until till by since from".split())
_COMPARATIVES = {
    "longer": "longest", "shorter": "shortest", "taller": "tallest", "higher": "highest", "lower": "lowest", "wider": "widest",
    "narrower": "narrowest", "deeper": "deepest", "shallower": "shallowest", "thicker": "thickest", "thinner": "thinnest",
    "larger": "largest", "smaller": "smallest", "bigger": "biggest", "heavier": "heaviest", "lighter": "lightest",
    "faster": "fastest", "slower": "slowest", "hotter": "hottest", "colder": "coldest", "warmer": "warmest",
    "cooler": "coolest", "dearer": "dearest", "cheaper": "cheapest", "later": "latest", "earlier": "earliest",
    "newer": "newest", "older": "oldest", "more": "most", "less": "least", "fewer": "fewest", "first": "first", "last": "last",
}  # fmt: skip
_COMPARED = re.compile(r"\b(?:than|or)\b", re.IGNORECASE)
_COMPARING = _COMPARATIVES.keys() | frozenset("expensive recent younger than over under above below one ones many".split())
_TOTALS = frozenset(content_stems("total sum overall average mean altogether"))


@dataclass(frozen=True)
class _Way:
    """What a question compares rows by.

    Attributes:
        word: That says so.
        sign: 1 where the greatest amount is meant, -1 where the smallest is.
        names: Stems of words in the head of a column that holds such amounts.
        kinds: Kinds of such amounts.
    """

    word: str
    sign: int
    names: frozenset[str]
    kinds: frozenset[str]


def _ways() -> dict[str, _Way]:
    found: dict[str, _Way] = {}
    for line in _TABLE.strip().splitlines():
        words, names, kinds = (part.strip() for part in line.split("|"))
        for word, sign in zip(words.split(), (1, -1), strict=True):
            found[word] = _Way(word, sign, frozenset(content_stems(names)), frozenset(kinds.split(",")) - {"-"})
    del found["-"]
    return found


_WAYS = _ways()
_NO_WAY = _Way("", 1, frozenset(), frozenset())
_DENIES = re.compile(DENYING, re.IGNORECASE)
_NOT_FIRST = re.compile(
    r"\b(?:second|third|fourth|fifth|next|top|two|three|four|five|ten|\d+(?:nd|rd|th)?)[ -](?:most |least )?"
    rf"(?:expensive|recent|{'|'.join(sorted(_WAYS))})\b",
    re.IGNORECASE,
)
"""Asks for others than the one: "the second cheapest", "the three largest"."""


@dataclass(frozen=True)
class _Limit:
    """An amount that a question bounds.

    Attributes:
        kind: As in `Amount`; empty for a bare number and for what is counted.
        low, high: Its ends, one of them infinite.
        is_inclusive: Whether the other one is within it.
        tokens: First and last token of it in the question.
        unit: As it is written there.
    """

    kind: str
    low: float
    high: float
    is_inclusive: bool
    tokens: Span
    unit: str

    def holds(self, low: float, high: float) -> bool:
        """Whether an amount from `low` to `high` is within it."""
        return self.low < low and high < self.high or self.is_inclusive and self.low <= low and high <= self.high


@dataclass(frozen=True)
class _Column:
    """The amounts of a column, by row: all of one kind."""

    kind: str
    low: Mapping[int, float]
    high: Mapping[int, float]


def picks_rows(question: str) -> bool:
    """Whether a question may pick rows of a table by an amount, or hold two against each other; not if it denies something."""
    if _DENIES.search(_INCLUSIVE.sub(" ", question)):
        return False
    is_picking = _PICKS.search(question) is not None and (_way(question) is not None or _limit(question) is not None)
    return is_picking or _comparison(question) is not None


def picked_rows(question: str, rows: Mapping[int, Mapping[str, str]], about: str) -> frozenset[int]:
    """Return the rows that a question picks by an amount; none where it picks none so, or asks for more than the table says.

    Every telling word of the question has to be in the names of the columns, in `about` or in the row, and each row that has
    them must have the amount: what is not known of one may be the greatest.

    :param rows: All rows of one table by number, as cells by the name of their column.
    :param about: What stands above the table: headings, the name of the document.
    """
    if not picks_rows(question):
        return frozenset()
    names = [*dict.fromkeys(name for cells in rows.values() for name in cells)]
    rows = {row: cells for row, cells in rows.items() if not _TOTALS & {*content_stems(cells.get(names[0], ""))}}
    if sides := _sides(question, rows, names, about):
        return sides
    way, limit = _way(question) or _NO_WAY, _limit(question)
    if _PICKS.search(question) is None or way is _NO_WAY and limit is None:
        return frozenset()
    asked = _asked(question, limit)
    way = _Way("", 1, _names_of(limit.kind), frozenset({limit.kind})) if limit else _with_names(way, asked)
    columns = {name: column for name in names[1:] if (column := _column(name, rows)) is not None}
    if limit:
        columns = {name: column for name, column in columns.items() if column.kind == limit.kind}
    by = _of(columns, asked, way) or (_in_unit(limit.unit, columns, rows) if limit else None)
    if by is None or not limit and not _is_asked_of_rows(question, way, names[0], by, asked):
        return frozenset()
    fits = _fitting(question, rows, names, by, asked, frozenset(content_stems(" ".join([about, *names]))) | way.names)
    if len(fits) < 2:
        return frozenset()
    column = columns[by]
    if limit:
        return frozenset(row for row in fits if limit.holds(column.low[row], column.high[row]))
    ends = {row: way.sign * (column.high if way.sign > 0 else column.low)[row] for row in fits}
    return frozenset(row for row, end in ends.items() if end == max(ends.values()))


def _is_asked_of_rows(question: str, way: _Way, first: str, by: str, asked: frozenset[str]) -> bool:
    """Whether a question for what has most of something asks which row that is.

    "What is the maximum dose?" may ask for a column of that name, or for each drug's; "Which drug has the highest dose?" does
    not.
    """
    if way.word in by.lower().split() and not _ASKS_WHICH.search(question):
        return False
    is_of_any = not _WAYS[way.word].kinds
    return not is_of_any or _ASKS_WHICH.search(question) is not None or not asked.isdisjoint(content_stems(first))


def _comparison(question: str) -> _Way | None:
    """Return the way in which a question holds two things against each other ("longer than"); None if it does not."""
    words = re.findall(r"[^\W\d_]+", question.lower())
    said = [_COMPARATIVES[word] for word in words if word in _COMPARATIVES]
    if not said or _COMPARED.search(question) is None or _limit(question) is not None:
        return None
    return _WAYS["dearest" if "expensive" in words else said[-1]]


def _sides(question: str, rows: Mapping[int, Mapping[str, str]], names: Sequence[str], about: str) -> frozenset[int]:
    """Return the rows that a question holds against each other: "Is Prague's longer than New York's?" Mostly none."""
    way = _comparison(question)
    if way is None:
        return frozenset()
    words = [*stems(question)]
    keys = {row: frozenset(content_stems(cells.get(names[0], ""))) for row, cells in rows.items()}
    found = {row: key for row, key in keys.items() if key and key <= frozenset(words)}
    # "A studio or an accessible studio" names both, "an accessible studio or …" no other studio.
    found = {
        row: key
        for row, key in found.items()
        if all(not key < other or min(map(words.count, key)) > 1 for other in found.values())
    }
    asked = _asked(question, None)
    way = _with_names(way, asked)
    columns = {name: column for name in names[1:] if (column := _column(name, {row: rows[row] for row in found})) is not None}
    said = frozenset(content_stems(" ".join([about, *names]))) | way.names
    if len(found) < 2 or _of(columns, asked, way) is None or asked - said - frozenset().union(*found.values()):
        return frozenset()
    return frozenset(found)


def _with_names(way: _Way, asked: frozenset[str]) -> _Way:
    """Return a way to compare; of one that says not what is compared ("most") that of a word beside it: "costs most"."""
    alike = [] if way.names else [one for one in _WAYS.values() if one.names & asked and one.kinds]
    return replace(way, names=alike[0].names & asked, kinds=alike[0].kinds) if alike else way


def _in_unit(unit: str, columns: Iterable[str], rows: Mapping[int, Mapping[str, str]]) -> str | None:
    """Return the one column whose cells have a unit: "more than 100 km", where the others are in millimetres."""
    found = [name for name in columns if all(unit in cells[name].split() for cells in rows.values())]
    return found[0] if len(found) == 1 else None


def _fitting(
    question: str,
    rows: Mapping[int, Mapping[str, str]],
    names: Sequence[str],
    by: str,
    asked: frozenset[str],
    said: frozenset[str],
) -> list[int]:
    """Return the rows that have what a question asks for besides what it compares: "the cheapest room with an own kitchen".

    :param names: Of the columns, that of what the rows are about first.
    :param by: The column by which they are compared.
    :param said: Stems of what the names of the columns and the headings say of all rows.
    """
    named = [name for name in names[1:] if name != by and asked & {*content_stems(name)}]
    where = [names[0], *(named or (name for name in names[1:] if name != by))]
    held = {row: _held(cells[name] for name in where if name in cells) for row, cells in rows.items()}
    # A small word counts where it is a whole cell: of kitchens some are "own" and some "shared by 10".
    small = frozenset(re.findall(r"[^\W_]+", question.lower())) & frozenset[str]().union(*held.values())
    wanted = (asked | small) - said
    if named and not wanted:  # what the other column should have is not understood
        return []
    return [row for row in rows if wanted <= held[row]]


def _held(cells: Iterable[str]) -> frozenset[str]:
    """Return the stems of some cells, and the cells themselves."""
    return frozenset(word for cell in cells for word in (*content_stems(cell), cell.lower()))


def _asked(question: str, limit: _Limit | None) -> frozenset[str]:
    """Return the telling stems of a question without those by which it picks."""
    if limit:
        (first, last), tokens = limit.tokens, tokenised((question,))
        question = " ".join(token.text for place, token in enumerate(tokens) if not first <= place <= last)
    words = frozenset(re.findall(r"[^\W_]+", question.lower())) - _WAYS.keys() - _COMPARING - STOP_WORDS
    return frozenset(stems(" ".join(words)))


def _way(question: str) -> _Way | None:
    text = question.lower()
    if re.search(r"\bat (?:most|least)\b", text) or _NOT_FIRST.search(text):
        return None
    said = [word for phrase, word in _EXPENSIVE.items() if phrase in text]
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word in _WAYS]
    return _WAYS[(said or words)[-1]] if said or words else None


def _names_of(kind: str) -> frozenset[str]:
    """Return the stems of words for what an amount of some kind may be: of euros what something costs."""
    return frozenset[str]().union(*(way.names for way in _WAYS.values() if kind in way.kinds))


def _of(columns: Mapping[str, _Column], asked: frozenset[str], way: _Way) -> str | None:
    """Return the one column that is meant: which the question names, or whose head or amounts fit what is compared."""
    worth: dict[str, int] = {}
    for name, column in columns.items():
        head = frozenset(content_stems(name))
        if way.word in _BY_TIME and column.kind not in (DATE, CLOCK):
            continue
        worth[name] = 4 * bool(head & asked) + 2 * bool(head & way.names) + (column.kind in way.kinds)
    best = max(worth.values(), default=0)
    found = [name for name, value in worth.items() if value == best]
    return found[0] if best and len(found) == 1 else None


def _column(name: str, rows: Mapping[int, Mapping[str, str]]) -> _Column | None:
    """Return the amounts of a column, of each row the first; None where a row has none, or they are of several kinds."""
    amounts: dict[int, Amount] = {}
    for row, cells in rows.items():
        found = find_amounts(tokenised((cells.get(name, ""),)))
        if not found:
            return None
        amounts[row] = found[0]
    kinds = {one.kind for one in amounts.values()}
    if kinds == {DATE}:
        when = {row: _when(one) for row, one in amounts.items()}
        return _Column(DATE, when, when)
    if DATE in kinds:  # of bare numbers some look like years
        kinds = {"" if kind == DATE else kind for kind in kinds}
    if len(kinds) != 1:
        return None
    ends = {row: _ends(one) for row, one in amounts.items()}
    return _Column(kinds.pop(), {row: low for row, (low, _) in ends.items()}, {row: high for row, (_, high) in ends.items()})


def _ends(amount: Amount) -> tuple[float, float]:
    """Return from where to where an amount goes; of one that is open ("up to 5") the end that is said is both."""
    if amount.kind == DATE:
        return float(amount.date[0]), float(amount.date[0])
    low = amount.high if math.isinf(amount.low) else amount.low
    return low, amount.low if math.isinf(amount.high) else amount.high


def _when(amount: Amount) -> float:
    year, month, day = amount.date
    return year + month / 13 + day / 500


def _limit(question: str) -> _Limit | None:
    """Return the amount that a question bounds on one side; None if it bounds none."""
    tokens = tokenised((question,))
    for amount in find_amounts(tokens):
        first, last = amount.tokens
        before = tokens[first - 1].word if first else ""
        if amount.kind == DATE and before in _EARLIER | _LATER:
            ends = (-math.inf, _when(amount)) if before in _EARLIER else (_when(amount), math.inf)
            return _Limit(DATE, *ends, before in _INCLUDING, (first - 1, last), "")
        if amount.kind != DATE and math.isinf(amount.low) != math.isinf(amount.high):
            kind = "" if tokens[last].kind == "number" else amount.kind  # of "more than 60 rooms" cells have the bare number
            is_inclusive = _INCLUSIVE.search(question) is not None
            return _Limit(kind, amount.low, amount.high, is_inclusive, (first, last), tokens[last].text)
    return None
