"""Words that are broken at the end of a line: whether the hyphen goes.

The rule, in this order, for "immuno-" at the end of a line and "therapy" at the beginning of the next:

1. A soft hyphen goes: it says that it does.
2. The hyphen stays before a capital or a digit, and after a digit, a capital or a single letter: "T-cell", "CAR-T", "IL-2".
3. What the document writes elsewhere decides: "immunotherapy", or "immuno-therapy".
4. Then what is common in English does: "treatment" (the hyphen goes), and not "random-effects".
5. It stays in a chain of hyphens ("non-small-cell"), and where both parts stand as words of their own in the document.
6. Otherwise it goes if the document breaks words at all: if some are known, by 3 and 4, to be broken, or more than three in a
   hundred of its lines end with a hyphen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from corpus.tokens import is_common_word

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST = re.compile(r"([^\W_]+)[-‐\xad]$")
_FIRST = re.compile(r"[^\W\d_]+")
_HYPHENS = "-‐\xad"
_BROKEN_LINES = 0.03
_MIN_LINES = 12  # of a document that is too short to tell by its share of lines


class Hyphens:
    """Joins lines, by the words of the whole document.

    :param lines: Its lines, in reading order.
    :param is_common: Whether a word in lower case is common in the language.
    """

    def __init__(self, lines: Iterable[str], is_common: Callable[[str], bool] = is_common_word) -> None:
        self._is_common = is_common
        self._words: set[str] = set()
        self._compounds: set[str] = set()
        ends: list[tuple[str, str]] = []
        count, before = 0, ""
        for line in lines:
            count += 1
            found = [match.group().lower() for match in _WORD.finditer(line)]
            if before and (last := _LAST.search(before)) and (first := _FIRST.match(line)):
                ends.append((last.group(1).lower(), first.group().lower()))
                found = found[1:]  # a part of a word
            if line[-1:] and line[-1] in _HYPHENS:
                found = found[:-1]
            for word in found:
                if "-" in word or "‐" in word:
                    self._compounds.add(word.replace("‐", "-"))
                self._words.update(re.split("[-‐]", word) if "-" in word or "‐" in word else [word])
            before = line
        broken = sum(last + first in self._words or is_common(last + first) for last, first in ends)
        self._breaks = broken > 0 or (count >= _MIN_LINES and len(ends) > _BROKEN_LINES * count)

    def glue(self, before: str, after: str) -> tuple[str, str]:
        """Return the first line as it is kept (perhaps without its hyphen), and what stands between it and the second."""
        if before.endswith("\xad"):
            return before.rstrip("\xad"), ""
        if not before or before[-1] not in _HYPHENS:
            return before, "" if _runs_on(before, after) else " "
        if len(before) < 2 or before[-2].isspace():
            return before, " "  # a dash
        return (before[:-1], "") if self._goes(before, after) else (before, "")

    def _goes(self, before: str, after: str) -> bool:
        last, first = _LAST.search(before), _FIRST.match(after)
        if last is None or first is None or not after[0].islower():
            return False
        left, right = last.group(1), first.group()
        if len(left) == 1 or not left.isalpha() or not left[1:].islower():
            return False
        left, right = left.lower(), right.lower()
        if left + right in self._words:
            return True
        if f"{left}-{right}" in self._compounds:
            return False
        if self._is_common(left + right):
            return True
        if min(len(left), len(right)) > 2 and self._is_common(left) and self._is_common(right):
            return False
        in_chain = before[last.start() - 1 : last.start()] in ("-", "‐") or after[first.end() : first.end() + 1] == "-"
        if in_chain or (left in self._words and right in self._words):
            return False
        return self._breaks


def _runs_on(before: str, after: str) -> bool:
    """Whether no space belongs between two lines: in a range of numbers, an address of the web, or Chinese."""
    if before[-1:] in ("–", "/") and len(before) > 1 and not before[-2].isspace() and after[:1].isalnum():
        return before[-1] == "/" or (before[-2].isdigit() and after[0].isdigit())
    if before[-1:] and after[:1] and _is_wide(before[-1]) and _is_wide(after[0]):
        return True  # Chinese and Japanese have no spaces
    word = before.rsplit(maxsplit=1)[-1] if before.strip() else ""
    return ("://" in word or word.startswith("www.")) and word[-1] in "_=&?%#"


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in ("W", "F")
