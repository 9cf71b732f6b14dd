"""More than was said: sentences around those that an answer cited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

from assistant.talk.quoting import Quote, overlap
from corpus import Document, Passage, Span
from corpus.passages import leans
from index import Embedder

MOST = 6
"""How many sentences more are said at a time."""

_NEAR = 2  # passages before and after, whatever section they stand in
_COMPARED = 24  # sentences: each costs some milliseconds to embed


def around(
    document: Document,
    passages: Sequence[Passage],
    cited: Collection[Span],
    said: Collection[Span],
    embedder: Embedder,
    asked: str,
) -> list[Quote]:
    """Return sentences near those that were cited, in reading order, and none that was said.

    They come from the same passages and the rest of their section, and when nothing is left there, from the passages before
    and after. Where there are more than `MOST`, those nearest in meaning to what was asked are taken.

    :param passages: All passages of the document.
    :param said: What was cited, then and since.
    """
    near = [place for place, passage in enumerate(passages) if overlap((passage.start, passage.end), cited)]
    section = {place for one in near for place in _section(passages, one)}
    beside = {place for one in near for place in range(max(one - _NEAR, 0), min(one + _NEAR + 1, len(passages)))}
    for places in (section, beside):
        nearest_first = sorted(places, key=lambda place: (min(abs(place - one) for one in near), place))
        unsaid = (quotes for place in nearest_first for quotes in _unsaid(document, passages[place], said))
        if found := list(islice(unsaid, _COMPARED)):
            return _closest(found, embedder, asked)
    return []


def _section(passages: Sequence[Passage], place: int) -> range:
    """Return the places of the passages that stand with one under its heading; of itself alone where there is none."""
    heading = passages[place].heading
    first, last = place, place
    while heading and first and passages[first - 1].heading == heading:
        first -= 1
    while heading and last + 1 < len(passages) and passages[last + 1].heading == heading:
        last += 1
    return range(first, last + 1)


def _unsaid(document: Document, passage: Passage, said: Collection[Span]) -> list[list[Quote]]:
    """Return the sentences of a passage that were not said, each after those that it cannot be understood without."""
    found: list[list[Quote]] = []
    for place, span in enumerate(passage.sentences):
        if overlap(span, said) or not _says_something(document.text, span):
            continue
        first = place
        while (
            first and _needs_before(document.text, passage.sentences, first) and not overlap(passage.sentences[first - 1], said)
        ):
            first -= 1
        found.append([Quote(document, one, passage.heading) for one in passage.sentences[first : place + 1]])
    return found


def _needs_before(text: str, sentences: Sequence[Span], place: int) -> bool:
    """Whether a sentence goes with the one before: "It mainly includes …", or an item after "These are:"."""
    start, end = sentences[place - 1]
    return leans(text, (sentences[place],)) or text[start:end].endswith(":")


def _says_something(text: str, span: Span) -> bool:
    """Whether a sentence is more than a rule, a row of a table, or the announcement of a list."""
    words = text[span[0] : span[1]]
    return "|" not in words and not words.endswith(":") and any(character.isalpha() for character in words)


def _closest(found: list[list[Quote]], embedder: Embedder, asked: str) -> list[Quote]:
    """Return at most `MOST` sentences, those nearest in meaning to what was asked and what they need, in reading order."""
    if len({quote.span for quotes in found for quote in quotes}) > MOST:
        vectors = embedder.encode([quotes[-1].text for quotes in found])
        closeness = vectors @ embedder.encode([asked], query=True)[0]
        found = [found[place] for place in sorted(range(len(found)), key=lambda place: -float(closeness[place]))]
    chosen: dict[Span, Quote] = {}
    for quotes in found:
        new = {quote.span: quote for quote in quotes}
        if len(chosen | new) <= MOST:
            chosen |= new
    return [chosen[span] for span in sorted(chosen)]
