"""The names of numbered things: "ward 217", "grade III", "stage IIIB", "patients 001-010", "section 2.1", "CD28", "P-002".

A number names one of several where it follows their noun ("ward 217", "ward no. 217"), a quantity where it stands before what
is counted ("4 types") or has a unit ("dose 5 mg"). So it is told by form and order. Roman figures and Arabic ones, and numbers
in words, are the same; a range names what lies within it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import islice

from assistant.numbered import (
    ABOVE,
    AFTER_ROMAN_ONE,
    ALIASES,
    ALONE,
    BEFORE_DOWN,
    BEFORE_UP,
    BELOW,
    COMPARED,
    DOTTED_NOUNS,
    DOWNWARD,
    ITEM_MARKED,
    JOINING,
    LETTERS,
    MARKERS,
    NO_NOUNS,
    NUMBER_WORDS,
    NUMBERED,
    ORDERED_NOUNS,
    ORDINALS,
    RANGING,
    ROMAN_NOUNS,
    SIGNS,
    TIMES,
    UNIT_LETTERS,
    UNITS,
    UPWARD,
)
from assistant.verification.numbers import ROMAN

_CHUNK = re.compile(r"[^\W_]+(?:[-‑.][^\W_]+)*|[<>]=|[^\w\s]")
_NUMBER = re.compile(r"(\d{1,9})([a-fA-F]?)")
_NUMBERS = re.compile(r"\d{1,9}(?:\.\d{1,9}){1,5}")
_SPAN = re.compile(r"(\d{1,9})[-‑](\d{1,9})")
_ROMAN = re.compile(r"(?=[ivx])(x{0,3}(?:ix|iv|v?i{0,3}))([a-c]?)", re.IGNORECASE)
_CODE = re.compile(r"([^\W\d_]{1,12})(\d{1,9}(?:\.\d{1,9}){0,5})([^\W\d_]?)")
_CODES = re.compile(r"([^\W\d_]{1,12}(?:[-‑][^\W\d_]{1,12}){0,3}[-‑]?\d{1,9})[-‑](\d{1,9})")
_DIGITS = re.compile(r"\d{1,9}")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_PREFIXES = frozenset("anti non pre post pro like dual mid sub under over".split())
_OTHERWISE = re.compile(
    r"\b(?:other than|besides|except|apart from|unlike|instead of|rather than|excluding|without)\b", re.IGNORECASE
)
_ASKED_FOR = re.compile(r"\b(?:which|what|whichever)\s{1,5}([^\W\d_]{1,30})(?:\s{1,5}([^\W\d_]{1,30}))?", re.IGNORECASE)
_ORDINAL = re.compile(
    rf"\bthe\s{{1,5}}(?P<ordinal>{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))\s{{1,5}}"
    rf"(?P<noun>{'|'.join(sorted({*ITEM_MARKED, 'clause'}))})\b",
    re.IGNORECASE,
)
_MOST_CHUNKS = 4_000  # of a text that is looked through
_LONGEST_CHUNK = 60  # characters


class Relation(Enum):
    """What a text has to do with a designation."""

    NAMES = "names it"
    OTHER = "names another of its kind"
    NEITHER = "names none of its kind"


@dataclass(frozen=True)
class Designation:
    """The name of one of several things, or of a range of them.

    Attributes:
        kind: Their noun in the singular ("ward"), or the letters of a code ("cd"), in small letters.
        low: The number, or the first of a range: (217,); (2, 1) for "2.1"; (-1, 2) for the letter B.
        high: The last of a range; as `low` for one thing.
        letter: A letter after the number, in small letters: "b" of "IIIB".
        is_sure: Whether the form alone tells that it is no quantity: a code, a noun of `NUMBERED`, or "number" between.
        written: How it is written.
        is_counted: Whether it was told by its place, "the third step", which need not be its number.
    """

    kind: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    letter: str = ""
    is_sure: bool = True
    written: str = ""
    is_counted: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it names several things."""
        return self.low != self.high

    @property
    def key(self) -> tuple[str, tuple[float, ...], tuple[float, ...], str]:
        """What is the same for all its spellings and places."""
        return self.kind, self.low, self.high, self.letter

    def relation(self, other: Designation) -> Relation:
        """Return what another designation, of a text that may answer, says of this one, which was asked for.

        "Stage III" is said of stage IIIB too, and section 2.1 is part of section 2. What is said of section 2 may be said of
        another part of it than 2.1.
        """
        if self.kind != other.kind:
            return Relation.NEITHER
        if self.is_range or other.is_range:
            return Relation.NAMES if self.low <= other.high and other.low <= self.high else Relation.OTHER
        if self.low == other.low:
            return Relation.NAMES if self.letter == other.letter or not (self.letter and other.letter) else Relation.OTHER
        if self.low[0] < 0 or other.low[0] < 0:
            return Relation.OTHER
        if other.low[: len(self.low)] == self.low:
            return Relation.NAMES
        return Relation.NEITHER if self.low[: len(other.low)] == other.low else Relation.OTHER


def asked_designations(question: str) -> list[Designation]:
    """Return what a question names, each once; nothing where it asks for all but them ("other than ward 217")."""
    if _OTHERWISE.search(question):
        return []
    found = [*_counted(question), *find_designations(question)]
    return list({one.key: one for one in found}.values())


def _counted(question: str) -> Iterator[Designation]:
    """Yield what a question counts to: "the third step"."""
    for match in _ORDINAL.finditer(question):
        ordinal = match["ordinal"].lower()
        number = ORDINALS.get(ordinal) or int(ordinal[:-2])
        yield replace(_one(match["noun"].lower(), (number,)), is_sure=False, written=match[0], is_counted=True)


def spellings(one: Designation) -> str:
    """Return the words that a designation may be written with, to look it up by."""
    numbers = [int(part) for part in one.low if part >= 0 and math.isfinite(part)]
    figure = ".".join(map(str, numbers))
    letter = chr(ord("a") + int(one.low[1]) - 1) if one.low[0] < 0 else one.letter
    ways = [one.kind, one.written, figure, f"{figure}{letter}", letter]
    if not one.kind.isalpha() or one.kind not in NUMBERED:
        ways.append(f"{one.kind}{figure}")
    if len(numbers) == 1 and numbers[0] < 100:
        ways += [f"{numbers[0]:02}", f"{numbers[0]:03}"]
    if one.kind in ROMAN_NOUNS and len(numbers) == 1:
        ways += [f"{roman}{letter}" for roman, value in ROMAN.items() if value == numbers[0]]
    return " ".join(filter(None, ways))


def are_apart(one: str, two: str, question: str = "") -> bool:
    """Whether two texts name different things of a kind, of which a question does not ask which ("which ward …")."""
    firsts = [found for found in find_designations(one) if _tells(found)]
    if not firsts:
        return False
    open_kinds = {singular(word) for match in _ASKED_FOR.finditer(question) for word in match.groups() if word}
    seconds = [found for found in find_designations(two, {found.kind for found in firsts}) if _tells(found)]
    for kind in {found.kind for found in seconds} - open_kinds:
        relations = {mine.relation(theirs) for mine in firsts for theirs in seconds if mine.kind == theirs.kind == kind}
        if relations == {Relation.OTHER}:
            return True
    return False


def _tells(found: Designation) -> bool:
    """Whether a name is that of what a text is about; where a text of the law stands says nothing of that."""
    return found.is_sure and found.kind != "clause" and not found.written.startswith("§")


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """Return a noun in small letters and the singular, as far as its ending tells, and without its other names."""
    word = word.lower()
    if len(word) > 3:
        if word.endswith("ies"):
            word = f"{word[:-3]}y"
        elif word.endswith(("xes", "ches", "shes", "sses")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    return ALIASES.get(word, word)


def find_designations(text: str, kinds: Collection[str] | None = None) -> list[Designation]:
    """Return the designations in a text, in their order; the time goes with its length.

    :param kinds: Only these, the words written out for an abbreviation among them ("toll-like receptor 4" for "tlr").
    """
    chunks = [_Chunk(match.group(), match.start(), match.end()) for match in islice(_CHUNK.finditer(text), _MOST_CHUNKS)]
    found: list[Designation] = []
    at = 0
    while at < len(chunks):
        some, last = _at(chunks, at, kinds)
        found += [one for one in some if kinds is None or one.kind in kinds]
        at = max(at + 1, last)
    return found


@dataclass(frozen=True)
class _Chunk:
    """A word, number, code or mark of a text."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.lower()


def _at(chunks: Sequence[_Chunk], at: int, kinds: Collection[str] | None) -> tuple[list[Designation], int]:
    """Return the designations that begin with a chunk, and the place of the chunk after them."""
    text = chunks[at].text
    if not (text[0].isalnum() or text == "§") or len(text) > _LONGEST_CHUNK:
        return [], at + 1
    if any(map(str.isdigit, text)):
        return _codes(chunks, at)
    noun = re.split("[-‑.]", text)[-1].lower()
    if noun in NO_NOUNS:
        return [], at + 1
    place, is_marked, bound = _to_value(chunks, at + 1)
    kind = singular(noun)
    values, last = _values(chunks, place, kind, is_marked) if place < len(chunks) else ([], place)
    if not values or _has_unit(chunks, last):
        return [], at + 1
    is_plural = kind != ALIASES.get(noun, noun)
    is_list = len(values) > 1 or values[0].is_range
    if is_plural and not is_list and not is_marked:
        return [], at + 1
    values, last = _opened(chunks, at, values, last, bound)
    names = [kind, *_abbreviations(chunks, at, kinds)]
    is_sure = is_marked or kind in NUMBERED
    written = " ".join(chunk.text for chunk in chunks[at:last])
    return [replace(one, kind=name, is_sure=is_sure, written=written) for name in names for one in values], last


def _to_value(chunks: Sequence[_Chunk], at: int) -> tuple[int, bool, str]:
    """Return where the number after a noun stands, whether "no." or the like is before it, and a sign that bounds it."""
    is_marked, bound = False, ""
    stop = min(len(chunks), at + 4)
    while at < stop:
        chunk = chunks[at]
        if chunk.word in MARKERS:
            is_marked = True
            if at + 1 < len(chunks) and chunks[at + 1].text == "." and chunks[at + 1].start == chunk.end:
                at += 1
        elif chunk.text in ("#", "№"):
            is_marked = True
        elif chunk.text in ("<=", "≤", "<", ">=", "≥", ">", "⩾", "⩽"):
            bound = chunk.text
        elif chunk.text not in SIGNS:
            break
        at += 1
    return at, is_marked, bound


def _values(chunks: Sequence[_Chunk], at: int, kind: str, is_marked: bool) -> tuple[list[Designation], int]:
    """Return the numbers of a list or range ("1, 2 and 4", "1 to 3"), and the place after them."""
    first = _value(chunks, at, kind, is_marked)
    if first is None:
        return [], at
    values, last = [first], at + 1
    is_between = _before(chunks, at, 2) == "between" and _before(chunks, at, 3) not in COMPARED
    while last < len(chunks):
        sign = chunks[last].word
        place = last + 1
        if sign not in JOINING and sign not in RANGING:
            break
        while place < len(chunks) and (chunks[place].word in ("and", "or", "the") or singular(chunks[place].word) == kind):
            place += 1
        if place >= len(chunks) or (sign == "," and not _goes_on(chunks, place)):
            break
        value = _value(chunks, place, kind, is_marked)
        if value is None or (value.low[0] < 0) != (first.low[0] < 0):
            break
        before = values[-1]
        is_range = sign in RANGING or (is_between and sign == "and" and len(values) == 1)
        if is_range and not before.is_range and before.low <= value.high:
            values[-1] = replace(before, high=value.high, letter="")
        else:
            values.append(value)
        last = place + 1
    return values, last


def _goes_on(chunks: Sequence[_Chunk], at: int) -> bool:
    """Whether another comma or an "and" follows a number: "1, 2 and 3" is a list, "in ward 3, 12 patients" is none."""
    after = chunks[at + 1].word if at + 1 < len(chunks) else ""
    return after in ("and", "or", "&", ",") or _word_at(chunks, at - 1) in ("and", "or")


def _value(chunks: Sequence[_Chunk], at: int, kind: str, is_marked: bool) -> Designation | None:
    """Return the number or letter at a place, as the name of one of a kind; None if it is none."""
    text = chunks[at].text
    is_named = kind in NUMBERED or is_marked
    if (span := _SPAN.fullmatch(text)) is not None:
        low, high = int(span[1]), int(span[2])
        return Designation(kind, (low,), (high,)) if low < high else None
    if (number := _NUMBER.fullmatch(text)) is not None:
        if _YEAR.fullmatch(text) and not is_named:
            return None
        return _one(kind, (int(number[1]),), number[2].lower())
    if _NUMBERS.fullmatch(text):
        return _one(kind, tuple(map(int, text.split(".")))) if kind in DOTTED_NOUNS or text.count(".") > 1 else None
    if kind in ROMAN_NOUNS and (roman := _ROMAN.fullmatch(text)) is not None and roman[1]:
        is_plain = text != "I" or _word_at(chunks, at + 1) not in AFTER_ROMAN_ONE
        if (roman[1].isupper() or len(roman[1]) > 1) and is_plain:
            return _one(kind, (_figure(roman[1].lower()),), roman[2].lower())
    if not is_named:
        return None
    if text.lower() in NUMBER_WORDS:
        return _one(kind, (NUMBER_WORDS[text.lower()],))
    is_letter = len(text) == 1 and text != "I" and text.isascii() and (text.isupper() or text in LETTERS)
    return _one(kind, (-1, ord(text.lower()) - ord("a") + 1)) if is_letter else None


def _one(kind: str, number: tuple[float, ...], letter: str = "") -> Designation:
    return Designation(kind, number, number, letter)


def _figure(roman: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[sign] for sign in roman]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _opened(
    chunks: Sequence[_Chunk], at: int, values: list[Designation], last: int, bound: str
) -> tuple[list[Designation], int]:
    """Return the values with the last one as a range where it is open: "grade 3 or higher", "≥ 3", "after day 7"."""
    value = values[-1]
    if value.is_range or value.low[0] < 0:
        return values, last
    before = _before(chunks, at, 1)
    after = _word_at(chunks, last), _word_at(chunks, last + 1)
    is_joined = after[0] in ("or", "and") and after[1] in UPWARD | DOWNWARD
    is_alone = after[0] in ALONE
    opening = after[1] if is_joined else after[0] if is_alone else ""
    is_plus = after[0] == "+"
    times = value.kind in TIMES
    ordered = value.kind in ORDERED_NOUNS
    is_up = bound in (">=", *ABOVE) or is_plus or opening in UPWARD
    is_up = is_up or (times and before in ("after", "since")) or (ordered and before in BEFORE_UP)
    is_down = bound in ("<=", *BELOW) or opening in DOWNWARD
    is_down = is_down or (times and before in ("before", "until")) or (ordered and before in BEFORE_DOWN)
    if is_up:
        step = 1 if bound == ">" else 0
        value = replace(value, low=(value.low[0] + step,), high=(math.inf,), letter="")
    elif is_down:
        step = 1 if bound == "<" else 0
        value = replace(value, low=(0,), high=(value.low[0] - step,), letter="")
    return [*values[:-1], value], last + (2 if is_joined else is_plus or is_alone)


def _word_at(chunks: Sequence[_Chunk], at: int) -> str:
    return chunks[at].word if 0 <= at < len(chunks) else ""


def _before(chunks: Sequence[_Chunk], at: int, steps: int) -> str:
    """Return the word some steps before a place, articles not counted."""
    for _ in range(steps):
        at -= 1
        if _word_at(chunks, at) in ("the", "a"):
            at -= 1
    return _word_at(chunks, at)


def _has_unit(chunks: Sequence[_Chunk], at: int) -> bool:
    return _word_at(chunks, at) in UNITS


def _abbreviations(chunks: Sequence[_Chunk], at: int, kinds: Collection[str] | None) -> Iterator[str]:
    """Yield the wanted abbreviations that the words up to a noun spell: "tlr" for "toll-like receptor"."""
    for kind in kinds or ():
        if 2 <= len(kind) <= 6 and kind.isalpha():
            words = [part for chunk in chunks[max(0, at + 1 - len(kind)) : at + 1] for part in re.split("[-‑]", chunk.word)]
            if "".join(word[:1] for word in words[-len(kind) :]) == kind:
                yield kind


def _codes(chunks: Sequence[_Chunk], at: int) -> tuple[list[Designation], int]:
    """Return the code that a chunk is, or the range that begins with it ("P-001 to P-010"), and the place after it."""
    chunk = chunks[at]
    code = _code(chunk.text)
    if code is None:
        return [], at + 1
    code = replace(code, written=chunk.text)
    if _word_at(chunks, at + 1) in RANGING and at + 2 < len(chunks):
        other = _code(chunks[at + 2].text)
        if other is not None and other.kind == code.kind and code.low < other.low:
            written = " ".join(one.text for one in chunks[at : at + 3])
            return [replace(code, high=other.high, letter="", written=written)], at + 3
    return [code], at + 1


@lru_cache(maxsize=4096)
def _code(text: str) -> Designation | None:
    """Return what a word of letters and digits names: "PD-L1", "H1N1", "4-1BB", "Grade-3"; None for "5mg", "24-hour"."""
    if (span := _CODES.fullmatch(text)) is not None:
        first = _code(span[1])
        high = (int(span[2]),)
        if first is not None and span[2][0] == "0" and _DIGITS.findall(span[1])[-1][0] != "0":  # "K1-02", not "IFITM1-3"
            return replace(first, low=first.low + high, high=first.low + high)
        return replace(first, high=high, letter="") if first is not None and first.low < high else None
    parts = re.split("[-‑]", text)
    while len(parts) > 1 and parts[0].lower() in _PREFIXES:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1].isalpha() and parts[-1].islower() and len(parts[-1]) > 2:
        parts = parts[:-1]
    joined = "".join(parts)
    match = _CODE.fullmatch(joined)
    if match is not None:
        kind = singular(match[1]) if singular(match[1]) in NUMBERED else ALIASES.get(match[1].lower(), match[1].lower())
        if kind in UNIT_LETTERS or (kind in NO_NOUNS and len(kind) > 1):
            return None
        return _one(kind, tuple(map(int, match[2].split("."))), match[3].lower())
    digits = _DIGITS.findall("-".join(parts))
    if not digits or not any(map(str.isalpha, joined)):
        return None
    if joined[0].isdigit() and not (len(parts) > 1 and any(map(str.isdigit, parts[1])) and joined.upper() == joined):
        return None
    return _one(_DIGITS.sub("#", "-".join(parts)).lower().replace("-", ""), tuple(map(int, digits)))
