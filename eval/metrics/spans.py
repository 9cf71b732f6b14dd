"""Spans of characters in documents: what is retrieved, what is cited, and the evidence that both are held against."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """The characters `start` up to, not including, `end` of the document of that name."""

    document: str
    start: int
    end: int


# What the answer stands on: a list of quotes, each given as all the places where that quote occurs.
Evidence = Sequence[Sequence[Span]]


def find_quote_spans(text: str, quote: str, document: str) -> list[Span]:
    """Find every occurrence of an evidence quote in a document's text, in order.

    Exact, character by character. Occurrences may overlap each other ("aa" is twice in "aaa"). A quote that
    is not there gives an empty list, so that the occurrences of several documents can be put together.

    :raises ValueError: if the quote is empty or only white space, which would be found everywhere.
    """
    if not quote.strip():
        raise ValueError(f"The evidence quote is {quote!r}; expected text that can be found in {document!r}.")
    spans = []
    start = text.find(quote)
    while start >= 0:
        spans.append(Span(document, start, start + len(quote)))
        start = text.find(quote, start + 1)
    return spans


def trim_span(span: Span, text: str) -> Span:
    """Leave out the white space at both ends of a span of `text`, so that it counts neither for nor against.

    A span of nothing but white space becomes an empty one at its start.

    :raises ValueError: if the span is backwards or ends after the text does.
    """
    _check_span(span)
    if span.end > len(text):
        raise ValueError(f"{span} ends after the text; expected an end of {len(text)} at most.")
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip()) if inside.strip() else span.start
    return Span(span.document, start, start + len(inside.strip()))


def _check_span(span: Span) -> None:
    """Refuse a span that no text can have."""
    if not 0 <= span.start <= span.end:
        raise ValueError(f"Found {span}; expected 0 <= start <= end.")


def _check_evidence(evidence: Evidence) -> None:
    """Refuse a quote that occurs nowhere: nothing could find or cite it, and every score would be too low."""
    for number, occurrences in enumerate(evidence, start=1):
        if not occurrences:
            raise ValueError(f"Evidence quote {number} of {len(evidence)} has no spans; expected some.")
        for occurrence in occurrences:
            _check_span(occurrence)


def _holds(span: Span, occurrences: Sequence[Span]) -> bool:
    """Say whether some occurrence lies wholly within the span."""
    return any(span.document == found.document and span.start <= found.start and found.end <= span.end for found in occurrences)


def _characters(spans: Iterable[Span]) -> set[tuple[str, int]]:
    """Spread spans into the set of their characters, which makes union and intersection plain to read."""
    characters: set[tuple[str, int]] = set()
    for span in spans:
        _check_span(span)
        characters.update((span.document, position) for position in range(span.start, span.end))
    return characters
