"""Finds what a person meant to quote: the exact characters nearest to a quote typed from memory.

White space, kinds of quotes and dashes and case are looked over first; what still differs is found by aligning the quote to
every stretch of the text that is as long. A span is always one of the original text, so that what is suggested is exact.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator

from rapidfuzz import fuzz

from corpus.document import Span
from corpus.sentences import find_sentences
from eval.metrics.text import DOUBLE_QUOTES, SINGLE_QUOTES

NEAR = 76.0
"""Similarity, 0..100, from which a stretch of text is a quote typed wrongly. One wrong letter of five has 80, of four 75."""

LONGEST = 1_000
"""Characters of a quote that is looked for with errors in it: the time goes with the square of them."""

_WINDOW = 60.0  # lower than NEAR: words left out of a quote count twice in a stretch of its own length
_HALF = 20  # characters that half a quote needs to be looked for alone
_MARK = re.compile(r"[-*+•‣▪◦·>#]+[ \t]+")
_SPACES = re.compile(" {2,}")
_SCRIPTS_WITHOUT_SPACES = 0x2E80  # Chinese and Japanese stand above: any character may begin a quote
_AROUND = 400  # characters beside a quote in which the bounds of its sentence are looked for
_WORD = 80  # characters that a word may have


def similarity(typed: str, quote: str) -> float:
    """Return how alike two quotes are, 0..100, however their white space, quotes, dashes and case are written."""
    return fuzz.ratio(_Folded(typed.strip()).text, _Folded(quote.strip()).text)


def nearest_quote(text: str, typed: str) -> Span | None:
    """Return the span of `text` that `typed` was meant to quote, of whole words or sentences; None if nothing is near.

    What stands there exactly is returned as it is. A quote longer than `LONGEST` is found only where no letter differs.
    """
    typed = typed.strip()
    if not typed:
        return None
    exact = text.find(typed)
    if exact >= 0:
        return exact, exact + len(typed)
    folded, wanted = _Folded(text), _Folded(typed).text
    found = _same(folded.text, wanted)
    if found is None or fuzz.ratio(wanted, folded.text[found[0] : found[1]]) < NEAR:  # "e" is in "bee", and not near it
        found = _alike(folded.text, wanted)
    return None if found is None else _to_sentence(text, *folded.original(*found))


def same_quote(text: str, typed: str) -> Span | None:
    """Return where `typed` stands in `text`, white space, kinds of quotes and dashes and case aside; None if nowhere."""
    folded, wanted = _Folded(text), _Folded(typed.strip()).text
    start = folded.text.find(wanted) if wanted else -1
    return None if start < 0 else folded.original(start, start + len(wanted))


class _Folded:
    """A text with its ways of writing made alike, each character one of the original save white space, which is one space.

    Attributes:
        text: The folded text.
    """

    def __init__(self, text: str) -> None:
        table = {ord(character): _fold(character) for character in set(text)}
        spaced = text.translate(table)
        self._gaps: list[int] = []  # places in the folded text after which characters are left out
        self._left_out = [0]  # how many, before the first gap, the second, ...
        for match in _SPACES.finditer(spaced):
            self._gaps.append(match.start() - self._left_out[-1])
            self._left_out.append(self._left_out[-1] + match.end() - match.start() - 1)
        self.text = _SPACES.sub(" ", spaced)

    def original(self, start: int, end: int) -> Span:
        """Return the span of the original text that a span of the folded one (not empty) was made of."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, position: int) -> int:
        return position + self._left_out[bisect_left(self._gaps, position)]


def _fold(character: str) -> str:
    """Return the one character that stands for all its ways of writing."""
    if character.isspace():
        return " "
    if character == "−" or unicodedata.category(character) == "Pd":
        return "-"
    if character in SINGLE_QUOTES:
        return "'"
    if character in DOUBLE_QUOTES:
        return '"'
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 else character  # "ß" is casefolded to two: offsets would shift


def _same(text: str, wanted: str) -> Span | None:
    """Return where `wanted` stands in `text`: as whole words if it does so anywhere, else widened to whole words."""
    first: Span | None = None
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if _is_cut(text, start) and _is_cut(text, end):
            return start, end
        first = first or (start, end)
        start = text.find(wanted, start + 1)
    return first and (
        next((place for place in range(first[0], max(first[0] - _WORD, -1), -1) if _is_cut(text, place)), first[0]),
        next((place for place in range(first[1], min(first[1] + _WORD, len(text) + 1)) if _is_cut(text, place)), first[1]),
    )


def _alike(text: str, wanted: str) -> Span | None:
    """Return the whole words of `text` that are most like `wanted`, if they are near enough.

    An alignment finds a stretch exactly as long as what is looked for; where letters are missing or too many its ends are
    off, so the words around both are tried. Where words are left out in the middle, another sentence may align better as a
    whole: the halves of a long quote are looked for too.
    """
    if len(wanted) > LONGEST or not any(character.isalnum() for character in wanted):
        return None
    middle = len(wanted) // 2
    parts = [(0, len(wanted))] + ([(0, middle), (middle, len(wanted))] if middle >= _HALF else [])
    found: tuple[float, Span] = 0.0, (0, 0)
    for first, last in parts:
        window = fuzz.partial_ratio_alignment(wanted[first:last], text, score_cutoff=_WINDOW)
        if window is not None:
            span = max(0, window.dest_start - first), min(len(text), window.dest_end + len(wanted) - last)
            found = max(found, _best_words(text, wanted, span), key=lambda scored: scored[0])
    return found[1] if found[0] >= NEAR else None


def _best_words(text: str, wanted: str, span: Span) -> tuple[float, Span]:
    """Return the stretch of whole words near `span` that is most like `wanted`, after how alike they are."""
    reach = min(max(12, len(wanted) // 4), _WORD)
    starts = list(_word_starts(text, span[0], reach)) or [span[0]]
    ends = list(_word_ends(text, span[1], reach)) or [span[1]]
    stretches = [(start, end) for start in starts for end in ends if start < end] or [span]
    return max(((fuzz.ratio(wanted, text[start:end]), (start, end)) for start, end in stretches), key=lambda scored: scored[0])


def _word_starts(text: str, place: int, reach: int) -> Iterator[int]:
    for start in range(max(0, place - reach), min(len(text), place + reach + 1)):
        if text[start] != " " and _is_cut(text, start):
            yield start


def _word_ends(text: str, place: int, reach: int) -> Iterator[int]:
    for end in range(max(1, place - reach), min(len(text), place + reach) + 1):
        if text[end - 1] != " " and _is_cut(text, end):
            yield end


def _is_cut(text: str, place: int) -> bool:
    """Whether no word goes on across `place`."""
    if not 0 < place < len(text):
        return True
    before, after = text[place - 1], text[place]
    if _SCRIPTS_WITHOUT_SPACES <= max(ord(before), ord(after)):
        return True
    return not (_is_letter(before) and _is_letter(after))


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"  # an accent may be a character of its own


def _to_sentence(text: str, start: int, end: int) -> Span:
    """Widen a span to the sentence on its lines that it nearly is: without its full stop, or its first word of many."""
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    last = text.find("\n", end)
    last = min(len(text) if last < 0 else last, end + _AROUND)
    most = min((end - start) // 10, _WORD // 2)
    widened = start, end
    for begin, stop in find_sentences(text, first, last):
        mark = _MARK.match(text, begin, start)  # of a list item, a heading or a quotation: no part of the sentence
        begin = mark.end() if mark else begin
        if begin < start < stop and start - begin <= most:
            widened = begin, widened[1]
        if begin < end < stop and stop - end <= most:
            widened = widened[0], stop
    return widened
