"""Pieces of a document for showing: which characters were cited, which are evidence, which are both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.metrics import Evidence, Span

_CONTEXT = 160  # characters to either side of evidence that is in no retrieved passage


@dataclass(frozen=True)
class Piece:
    """Characters that are marked alike: `kind` is `hit` (cited and evidence), `cited`, `missed` (evidence alone) or empty."""

    text: str
    kind: str


@dataclass(frozen=True)
class Shown:
    """A part of a document with its marks.

    Attributes:
        document: The document's name.
        pieces: Its text, in order.
        begins: Whether it begins where the document does.
        ends: Whether it ends where the document does.
    """

    document: str
    pieces: tuple[Piece, ...]
    begins: bool
    ends: bool


def shown_passages(row: Mapping[str, Any], evidence: Evidence, texts: Mapping[str, str]) -> list[Shown]:
    """Return the passages that hold what was cited or should have been, in reading order, each character marked."""
    cited = [
        Span(citation["document"], citation["start"], citation["end"])
        for statement in row.get("statements", ())
        for citation in statement["citations"]
    ]
    expected = [_nearest(places, cited) for places in evidence]
    passages = [Span(place["document"], place["start"], place["end"]) for place in row.get("retrieved", ())]
    windows = [_window(span, passages, texts[span.document]) for span in (*cited, *expected) if span.document in texts]
    return [_shown(window, cited, expected, texts[window.document]) for window in _merged(windows) if window.start < window.end]


def _nearest(places: Sequence[Span], cited: Sequence[Span]) -> Span:
    """Return the place of a quote that is measured: the one that was cited most, the first of equals."""

    def characters(place: Span) -> int:
        inside = [range(max(place.start, span.start), min(place.end, span.end)) for span in cited if _overlap(place, span)]
        return len(set().union(*inside))

    return max(places, key=characters)


def _overlap(one: Span, other: Span) -> bool:
    return one.document == other.document and one.start < other.end and other.start < one.end


def _window(span: Span, passages: Iterable[Span], text: str) -> Span:
    """Return the best passage that holds a span, else the span with what is around it."""
    for passage in passages:
        if passage.document == span.document and passage.start <= span.start and span.end <= passage.end:
            return passage
    return Span(span.document, max(0, span.start - _CONTEXT), min(len(text), span.end + _CONTEXT))


def _merged(windows: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for window in sorted(windows):
        if merged and _overlap(merged[-1], window):
            merged[-1] = Span(window.document, merged[-1].start, max(merged[-1].end, window.end))
        else:
            merged.append(window)
    return merged


def _shown(window: Span, cited: Sequence[Span], expected: Sequence[Span], text: str) -> Shown:
    marks = [(span, "cited") for span in cited] + [(span, "missed") for span in expected]
    edges = {window.start, window.end}
    for span, _ in marks:
        if span.document == window.document:
            edges |= {min(max(span.start, window.start), window.end), min(max(span.end, window.start), window.end)}
    ordered = sorted(edges)
    pieces = []
    for start, end in zip(ordered, ordered[1:], strict=False):
        kinds = {kind for span, kind in marks if _overlap(span, Span(window.document, start, end))}
        pieces.append(Piece(text[start:end], "hit" if len(kinds) == 2 else next(iter(kinds), "")))
    return Shown(window.document, tuple(pieces), window.start == 0, window.end == len(text))
