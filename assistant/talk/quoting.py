"""Sentences of documents, and the statements that quote them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answer import Statement, cite, quoted
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
        return " ".join(self.document.text[self.span[0] : self.span[1]].split())


def statements(quotes: Iterable[Quote]) -> tuple[Statement, ...]:
    """Return one statement a quote, in their order, each with its citation; numbers count from 1."""
    cited = ((quote, cite(number, quote.document, quote.span, quote.heading)) for number, quote in enumerate(quotes, 1))
    return tuple(quoted(citation, quote.emphasis) for quote, citation in cited)


def overlap(span: Span, others: Iterable[Span]) -> bool:
    """Whether a stretch has a character in common with one of others."""
    return any(span[0] < end and start < span[1] for start, end in others)
