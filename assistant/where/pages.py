"""The pages, slides and sheets that a question names: "page 3", "slides 2 to 4", "the last page", "the sheet Prices".

A small grammar, made of regular expressions without anything that could match in two ways. What is named here need not exist:
that is seen when the documents are known (see `locator`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus import Span
from corpus.document import PageKind

MOST_PAGES = 10_000
"""Of a range: more pages has no document."""

_COUNTS = {
    word: value for value, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1)
} | {"opening": 1}
_FROM_END = {"last": 1, "final": 1, "closing": 1, "penultimate": 2}

_KINDS = {
    "page": PageKind.PAGE, "p": PageKind.PAGE, "pp": PageKind.PAGE, "pg": PageKind.PAGE, "pgs": PageKind.PAGE,
    "slide": PageKind.SLIDE, "sheet": PageKind.SHEET, "worksheet": PageKind.SHEET, "tab": PageKind.SHEET,
}  # fmt: skip
_NOUN = r"(?P<noun>pages?|slides?|(?:work)?sheets?|tabs?)"
_SHORT = r"(?P<short>pp?\.|pgs?\.)"  # "p 53" may be a protein, "p < 0.05" a probability
_NUMBER = rf"(?:[1-9]\d{{0,4}}(?![\w%]|[.,]\d)|(?:{'|'.join(_COUNTS)})\b)"
_MARK = r"(?:(?:numbers?|no\.|nos\.|nr\.)\s?|#\s?)?"
_TO = r"(?:\s?[-–—]\s?|\s(?:to|through|until|till)\s)"
_AND = r"(?:\s?,\s?(?:and\s|or\s)?|\s(?:and|or|&)\s)"
_LIST = rf"(?P<list>{_MARK}{_NUMBER}(?:(?:{_TO}|{_AND}){_NUMBER})*)"
_NUMBERED = re.compile(rf"(?<![\w-])(?:{_NOUN}\s|{_SHORT}\s?){_LIST}", re.IGNORECASE)
_BETWEEN = re.compile(rf"(?<![\w-])between\s{_NOUN}\s(?P<one>{_NUMBER})\sand\s(?P<two>{_NUMBER})", re.IGNORECASE)
_COUNTED = re.compile(
    rf"(?<![\w-])(?:the\s|its\s)?"
    rf"(?:(?P<back>second|third|next)[\s-]to[\s-]last|(?P<end>{'|'.join(_FROM_END)})|(?P<ordinal>{'|'.join(_ORDINALS)})"
    rf"|(?P<figure>[1-9]\d{{0,3}})(?:st|nd|rd|th))\s(?:(?P<many>{_NUMBER})\s)?{_NOUN}(?![\w-])",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<to>{_TO})?(?P<number>{_NUMBER})", re.IGNORECASE)


@dataclass(frozen=True)
class PageMention:
    """Pages that a question names.

    Attributes:
        start: Its first character in the question.
        end: One past its last character.
        kind: What they are called.
        numbers: Their numbers; those from the end are negative, -1 being the last.
        name: The name of a sheet, as the document has it; then there are no numbers.
        is_counted: Whether it is a place in an order ("the last page"), and no number that might be printed on the page.
    """

    start: int
    end: int
    kind: PageKind
    numbers: tuple[int, ...]
    name: str = ""
    is_counted: bool = False


def find_pages(text: str, names: Iterable[str] = ()) -> list[PageMention]:
    """Return the pages that a question names, in its order, none within another.

    :param names: Names of sheets that there are, without which "the sheet Prices" is nothing.
    """
    found = [*_named(text, names), *_numbered(text), *_counted(text)]
    kept: list[PageMention] = []
    for one in sorted(found, key=lambda mention: (mention.start, mention.start - mention.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _numbered(text: str) -> Iterator[PageMention]:
    for match in _BETWEEN.finditer(text):
        yield PageMention(*match.span(), _kind(match["noun"]), _range(_value(match["one"]), _value(match["two"])))
    for match in _NUMBERED.finditer(text):
        yield PageMention(*match.span(), _kind(match["noun"] or match["short"]), _numbers(match["list"]))


def _counted(text: str) -> Iterator[PageMention]:
    for match in _COUNTED.finditer(text):
        many = _value(match["many"]) if match["many"] else 1
        kind = _kind(match["noun"])
        if match["back"]:
            back = {"second": 2, "next": 2, "third": 3}[match["back"].lower()]
            yield PageMention(*match.span(), kind, (-back,), is_counted=True)
        elif match["end"]:
            back = _FROM_END[match["end"].lower()]
            yield PageMention(*match.span(), kind, tuple(range(-back - many + 1, -back + 1)), is_counted=True)
        else:
            first = int(match["figure"]) if match["figure"] else _ORDINALS[match["ordinal"].lower()]
            yield PageMention(*match.span(), kind, tuple(range(first, first + many)), is_counted=True)


def _named(text: str, names: Iterable[str]) -> Iterator[PageMention]:
    """Yield the sheets that are named: "sheet Prices", "the Prices sheet", "the tab called “Prices”"."""
    for name in sorted({name for name in names if name.strip()}, key=len, reverse=True):
        said = rf"[\"'“‘]?{re.escape(name)}[\"'”’]?"
        called = r"(?:(?:called|named|titled)\s)?"
        for pattern in (rf"(?<!\w){_NOUN}\s{called}{said}(?!\w)", rf"(?<!\w){said}\s{_NOUN}(?!\w)"):
            for match in re.finditer(pattern, text, re.IGNORECASE):
                yield PageMention(*match.span(), _kind(match["noun"]), (), name)


def _kind(noun: str) -> PageKind:
    bare = noun.lower().rstrip(".")
    return _KINDS.get(bare) or _KINDS[bare.removesuffix("s")]


def _value(number: str) -> int:
    return int(number) if number.isdecimal() else _COUNTS[number.lower()]


def _numbers(listed: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in _PART.finditer(listed):
        value = _value(part["number"])
        numbers += _range(numbers[-1], value)[1:] if part["to"] and numbers else [value]
    return tuple(dict.fromkeys(numbers))


def _range(first: int, last: int) -> tuple[int, ...]:
    first, last = min(first, last), max(first, last)
    return tuple(range(first, min(last, first + MOST_PAGES) + 1))


def joined(parts: Sequence[str]) -> str:
    """Return parts as a person lists them: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1] if parts else "")))


def listed_pages(numbers: Iterable[int]) -> str:
    """Return numbers in words, those in a row joined: "3, 5-7 and 9"."""
    runs: list[Span] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    said: list[str] = []
    for first, last in runs:
        said += [str(first)] if first == last else [str(first), str(last)] if last == first + 1 else [f"{first}–{last}"]
    return joined(said)
