"""Sentences of documents, and the statements that quote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answer import Citation, Statement
from corpus import Document, Span


@dataclass(frozen=True)
class Quote:
    """A stretch of a document to be said.

    Attributes:
        document: Where it stands.
        span: Its place.
        heading: Path of the headings above it.
        emphasis: A stretch of it to be shown in bold; None for none.
    """

    document: Document
    span: Span
    heading: str = ""
    emphasis: Span | None = None

    @property
    def text(self) -> str:
        """Its words on one line."""
        return one_line(self.document.text, self.span)


def one_line(text: str, span: Span) -> str:
    """Return a stretch of a text with its white space joined."""
    return " ".join(text[span[0] : span[1]].split())


def statements(quotes: Iterable[Quote]) -> tuple[Statement, ...]:
    """Return one statement a quote, in their order, each with its citation; numbers count from 1."""
    return tuple(_statement(number, quote) for number, quote in enumerate(quotes, 1))


def _statement(number: int, quote: Quote) -> Statement:
    start, end = quote.span
    text = quote.document.text
    citation = Citation(number, quote.document, start, end, text[start:end], quote.heading)
    if quote.emphasis is None:
        return Statement(quote.text, (citation,))
    first = len(one_line(text[start : quote.emphasis[0]] + "|", (0, end))) - 1
    return Statement(quote.text, (citation,), (first, first + len(one_line(text, quote.emphasis))))


def overlap(span: Span, others: Iterable[Span]) -> bool:
    """Whether a stretch has a character in common with one of others."""
    return any(span[0] < end and start < span[1] for start, end in others)
