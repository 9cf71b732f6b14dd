"""Finds a quote in a text, exactly: never by similarity.

Ways of writing the same characters are looked over: white space, kinds of quotation marks and dashes, ligatures, hyphens at a
line's end, and Unicode forms. Nothing else is: case, accents, and every letter and digit count. A compatibility form that
says something else than its plain letters stays as it is: "10²" is not "102", "2½" not "21/2", "CO₂" not "CO2".

The text is cut into units that are never cut themselves (a run of white space, a letter with its accents, a ligature), and
every character of the normal form knows its unit, so that the way back to the original is exact by construction.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from corpus import Span
from index.lexical import STOP_WORDS

LEAST_CHARACTERS = 4
"""Letters and digits of a quote that proves anything."""

LEAST_SIGNS = 2
"""The same in scripts without spaces, where one sign is a syllable or a word."""

LINE_ENDS = ("- ", "", "-")
"""What a hyphen between letters at a line's end may be: itself with white space, hyphenation, the hyphen of a compound."""

_MARKS = str.maketrans({**dict.fromkeys("‘’‚‛′‹›`´ʼ", "'"), **dict.fromkeys("“”„‟″«»", '"')})
_PAIRS = ("''", "``")  # as typewriters and tokenised corpora write the double ones
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff\ufffe\x02")
"""Soft hyphen, zero-width space, word joiner, byte order mark, and the hyphenation marks of PDF readers."""

_KEPT_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>")
_WRAPPED = re.compile(r"(?<=[^\W\d_])[-‐][ \t]*\r?\n[ \t]*(?=[^\W\d_])")
_SOFT_END = re.compile(r"[\u00ad\ufffe\x02][ \t]*\r?\n[ \t]*")
_AROUND = re.compile(r"^(?:[\"']|\.{3}|[\[(]\.{3}[\])]|\s)+|(?:[\"']|\.{3}|[\[(]\.{3}[\])]|\s)+$")
_LAST_MARK = re.compile(r"\s*[.,;:]$")


class Normalised(NamedTuple):
    """A text in normal form.

    Attributes:
        text: The normal form.
        units: For each of its characters, the span of the original text that it was made of.
    """

    text: str
    units: tuple[Span, ...]


@lru_cache(maxsize=512)
def normalised(text: str, line_end: str = LINE_ENDS[0]) -> Normalised:
    """Return the normal form of a text, with the way back.

    :param line_end: What a hyphen at a line's end is taken for, one of `LINE_ENDS`.
    """
    characters: list[str] = []
    units: list[Span] = []
    for start, end, normal in _units(text, line_end):
        if normal == " " and characters and characters[-1] == " ":  # something invisible stood between
            units[-1] = (units[-1][0], end)
            continue
        characters.extend(normal)
        units.extend([(start, end)] * len(normal))
    return Normalised("".join(characters), tuple(units))


def locate(quote: str, text: str) -> list[Span]:
    """Return every span of `text` that is the quote, in their order; none if it is too short to prove anything.

    What a model puts round a quote (quotation marks, an ellipsis, a full stop) is left out where the text does not have it.
    """
    for wanted in _wordings(quote):
        for line_end in LINE_ENDS if _WRAPPED.search(text) else LINE_ENDS[:1]:
            found = _occurrences(wanted, normalised(text, line_end), text)
            if found:
                return found
    return []


def proves_something(quote: str) -> bool:
    """Whether a quote has enough letters and digits, and a word that is no stop word."""
    letters = [character for character in normalised(quote).text if character.isalnum()]
    least = LEAST_SIGNS if any(_needs_no_space(letter) for letter in letters) else LEAST_CHARACTERS
    words = re.findall(r"\w+", quote.lower())
    return len(letters) >= least and any(word not in STOP_WORDS for word in words)


def _wordings(quote: str) -> Iterator[str]:
    """Yield the quote's normal form, and then without what a model may have put round it."""
    wanted = normalised(quote).text.strip()
    for pattern in (None, _AROUND, _LAST_MARK, _AROUND):
        shorter = wanted if pattern is None else pattern.sub("", wanted).strip()
        if (pattern is None or shorter != wanted) and proves_something(shorter):
            yield shorter
        wanted = shorter


def _occurrences(wanted: str, normal: Normalised, text: str) -> list[Span]:
    found = []
    start = normal.text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not any(_is_inside_a_unit(normal, at) or _goes_on(normal, at, text) for at in (start, end)):
            found.append((normal.units[start][0], normal.units[end - 1][1]))
        start = normal.text.find(wanted, start + 1)
    return found


def _units(text: str, line_end: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, normal form) of each unit of a text that can be seen."""
    start = 0
    while start < len(text):
        end, normal = _unit(text, start, line_end)
        if normal:
            yield start, end, normal
        start = end


def _unit(text: str, start: int, line_end: str) -> tuple[int, str]:
    """Return the end and the normal form of the unit that begins at `start`."""
    character = text[start]
    if character in _INVISIBLE:
        soft_end = _SOFT_END.match(text, start)
        return (soft_end.end() if soft_end else start + 1), ""
    if character.isspace():
        return _run(text, start, str.isspace), " "
    if _is_dash(character):
        wrapped = _WRAPPED.match(text, start)
        return (wrapped.end(), line_end) if wrapped else (_run(text, start, _is_dash), "-")
    if text[start : start + 2] in _PAIRS:
        return start + 2, '"'
    end = _run(text, start, _is_mark)
    return end, unicodedata.normalize("NFC", "".join(map(_plain, text[start:end]))).translate(_MARKS)


def _run(text: str, start: int, goes_on: Callable[[str], bool]) -> int:
    """Return the end of the run of characters after the one at `start` for which `goes_on` holds."""
    end = start + 1
    while end < len(text) and goes_on(text[end]):
        end += 1
    return end


def _is_dash(character: str) -> bool:
    return character == "−" or unicodedata.category(character) == "Pd"


def _is_mark(character: str) -> bool:
    """Whether a character belongs to the one before it: an accent, or a part of a Korean syllable."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Return a character as the ones it is a form of; variation selectors, which choose a form, are nothing."""
    if "\ufe00" <= character <= "\ufe0f":
        return ""
    form, *parts = unicodedata.decomposition(character).split() or [""]
    if form in _KEPT_FORMS or "0020" in (form, *parts) or not form:  # with a space: an accent that stands alone
        return character
    codes = parts if form.startswith("<") else [form, *parts]
    return "".join(_plain(chr(int(code, 16))) for code in codes)


def _is_inside_a_unit(normal: Normalised, at: int) -> bool:
    return 0 < at < len(normal.text) and normal.units[at - 1] == normal.units[at]


def _goes_on(normal: Normalised, at: int, text: str) -> bool:
    """Whether a word or a number goes on across `at`, so that a quote that ends there would cut it."""
    if not 0 < at < len(normal.text):
        return False
    before, after = normal.text[:at][-2:].rjust(2), normal.text[at : at + 2].ljust(2)
    left, right = before[1], after[0]
    if _is_letter(left) and _is_letter(right):
        return not (_needs_no_space(left) or _needs_no_space(right))
    if (left.isdigit() and right in "%‰°") or (left in "$€£¥" and right.isdigit()):
        return True
    if left == "-" and right.isdigit() and not _is_letter(before[0]):
        return True  # its sign
    if _joins(left, before[0], right, text[slice(*normal.units[at - 1])]):
        return True
    return _joins(right, left, after[1], text[slice(*normal.units[at])])


def _joins(mark: str, before: str, after: str, written: str) -> bool:
    """Whether a mark makes one word or number of what stands directly before and after it."""
    if not (_is_letter(before) and _is_letter(after)) or _needs_no_space(before) or _needs_no_space(after):
        return False
    if mark == ",":
        return before.isdigit() and after.isdigit()
    if mark == "-":  # a dash of the long kind stands between two thoughts, unless they are numbers
        return written in ("-", "‐", "‑", "–", "−") or (before.isdigit() and after.isdigit())
    return mark in "'./"


def _is_letter(character: str) -> bool:
    return character.isalnum() or _is_mark(character)


def _needs_no_space(character: str) -> bool:
    """Whether a character is of a script that puts no spaces between words: any of its characters may begin one."""
    code = ord(character)
    is_thai_or_khmer = 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF
    return is_thai_or_khmer or (0x2E80 <= code and not 0xAC00 <= code <= 0xD7A3)
