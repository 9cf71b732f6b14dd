"""An overview of a document: central sentences, spread over its sections.

A sentence is central if it has the words that many sentences of its section have (the centroid of Radev et al., "Centroid-
based summarization of multiple documents", 2004), and those of the heading above it and of the document's name. The first
sentence of a section, and one that says what something is, count for more. Words are used, and not our embedder: it chose
nearly the same sentences of the documents looked at, in fifty times the time, and 300 pages must not take longer than a second.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.talk.outline import find_sections
from assistant.talk.quoting import Quote, overlap
from corpus import Document, Passage, Span
from corpus.document import innermost_heading
from corpus.passages import leans
from index.lexical import STOP_WORDS

_MOST_PARTS = 96  # merging them two by two takes the square of their number
_LEAST_SENTENCES = 2  # of half a part
_LENGTHS = range(6, 61)  # words of a sentence that says something by itself
_LEAD = 4  # sentences at the beginning of a document, one of which says what it is about
_FIRST, _DEFINING, _HEADED, _NAMED = 0.4, 0.1, 0.2, 0.2  # beside the cosine with the section's words, 0..1
_DEFINES = re.compile(r".{0,80}?\b(?:is|are|means?|refers? to|consists? of)\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ALIKE = 6  # first letters by which words are taken for one
_TIED = frozenset(
    "however therefore thus moreover furthermore also otherwise but and or so then instead nor here there additionally "
    "similarly consequently hence because although while".split()
)
_POINTS_BACK = re.compile(r"(?:\S+\s+){0,7}(?:this|these|those|such a|such an|the (?:above|latter|former))\b", re.IGNORECASE)
_APPARATUS = re.compile(
    r"(?:table of )?contents?|references|bibliography|works cited|acknowledge?ments?|index|further reading|external links|"
    r"see also|(?:foot)?notes|licen[cs]e|copyright.*|about the authors?|funding|competing interests|"
    r"(?:author|supplementary) (?:information|contributions?|materials?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Part:
    """Sentences that stand together, under headings that they share.

    Attributes:
        path: The words of those headings.
        quotes: The sentences that may be chosen.
        is_opening: Whether a section or the document begins with it.
        is_lead: Whether the document does.
    """

    path: tuple[str, ...]
    quotes: tuple[Quote, ...]
    is_opening: bool = False
    is_lead: bool = False

    @cached_property
    def length(self) -> int:
        """Characters of its sentences."""
        return sum(quote.span[1] - quote.span[0] for quote in self.quotes)


def overview(document: Document, passages: Sequence[Passage], most: int, without: Collection[Span] = ()) -> list[Quote]:
    """Return at most `most` central sentences of a document, in reading order.

    :param passages: All passages of the document.
    :param without: Places that were quoted before.
    """
    parts = _split(_merged(_parts(document, passages, without), most), most)
    return [_central(part) for part in parts]


def _parts(document: Document, passages: Sequence[Passage], without: Collection[Span]) -> list[_Part]:
    """Return the parts that headings make, without references and the like; without headings, the passages."""
    sections = find_sections(document)
    starts = [section.start for section in sections]
    found: dict[int, list[Quote]] = {}
    said: set[str] = set()
    for place, passage in enumerate(passages):
        for span in passage.sentences:
            quote = Quote(document, span, passage.heading)
            if not overlap(span, without) and quote.text not in said and stands_alone(quote.text):
                found.setdefault(bisect_right(starts, span[0]) if starts else place, []).append(quote)
                said.add(quote.text)
    parts: list[_Part] = []
    for key, quotes in found.items():
        path = sections[key - 1].path if starts and key else ()
        if not any(_APPARATUS.fullmatch(title) for title in path):
            parts.append(_Part(path, tuple(quotes), bool(starts) or not parts, not parts and not without))
    together = math.ceil(len(parts) / _MOST_PARTS)
    return [_joined(parts[first : first + together]) for first in range(0, len(parts), together or 1)]


def _joined(parts: Sequence[_Part]) -> _Part:
    path = parts[0].path
    for part in parts[1:]:
        path = path[: _shared(path, part.path)]
    quotes = tuple(quote for part in parts for quote in part.quotes)
    return replace(parts[0], path=path, quotes=quotes)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Return how many headings two paths begin with together."""
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _merged(parts: Sequence[_Part], most: int) -> list[_Part]:
    """Merge neighbours until there are at most `most`: those under the same headings first, of these the shortest."""
    merged = list(parts)
    while len(merged) > most:
        near = [
            (-_shared(one.path, after.path), one.length + after.length, place)
            for place, (one, after) in enumerate(zip(merged, merged[1:], strict=False))
        ]
        *_, place = min(near)
        merged[place : place + 2] = [_joined(merged[place : place + 2])]
    return merged


def _split(parts: Sequence[_Part], most: int) -> list[_Part]:
    """Split the longest part in two, until there are `most` or none is long enough."""
    split = list(parts)
    while len(split) < most:
        long_ones = [place for place, part in enumerate(split) if len(part.quotes) >= 2 * _LEAST_SENTENCES]
        if not long_ones:
            break
        place = max(long_ones, key=lambda place: split[place].length)
        part = split[place]
        middle = len(part.quotes) // 2
        split[place : place + 1] = [replace(part, quotes=part.quotes[:middle]), _Part(part.path, part.quotes[middle:])]
    return split


def _central(part: _Part) -> Quote:
    """Return the most central sentence of a part; of the document's first part, one of those that it begins with."""
    words = [_words(quote.text) for quote in part.quotes]
    named = _words(part.quotes[0].document.name.rsplit(".", 1)[0])
    common = Counter(word for one in words for word in one)
    length = math.sqrt(sum(times * times for times in common.values()))

    def score(place: int) -> float:
        quote, own = part.quotes[place], words[place]
        central = sum(common[word] for word in own) / (length * math.sqrt(len(own))) if own else 0.0
        headed = _words(innermost_heading(quote.heading))
        bonus = _FIRST * (part.is_opening and place == 0) + _DEFINING * bool(_DEFINES.match(quote.text))
        return central + bonus + _HEADED * _share(headed, own) + _NAMED * _share(named, own)

    return part.quotes[max(range(len(part.quotes))[: _LEAD if part.is_lead else None], key=score)]


def _share(wanted: frozenset[str], words: frozenset[str]) -> float:
    """Return the share of the wanted words that there are."""
    return len(wanted & words) / len(wanted) if wanted else 0.0


def _words(text: str) -> frozenset[str]:
    """Return the words of a text that carry its subject, by their first letters."""
    return frozenset(word[:_ALIKE] for word in _WORD.findall(text.lower()) if word not in STOP_WORDS)


def stands_alone(sentence: str) -> bool:
    """Whether a sentence is whole and can be understood by itself: no heading, row of a table, or "It mainly includes …"."""
    words = sentence.split()
    return (
        len(words) in _LENGTHS
        and sentence.rstrip("\"'”’»)").endswith((".", "!", "。"))
        and "|" not in sentence
        and not sentence[0].islower()
        and words[0].strip(",").lower() not in _TIED
        and not leans(sentence, ((0, len(sentence)),))
        and not _POINTS_BACK.match(sentence)
        and sum(map(str.isalpha, sentence)) > len(sentence) * 0.6
    )
