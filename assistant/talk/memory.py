"""What the last answer rested on: as the client passes it on, or found again from what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.extractive import Decision
from assistant.question import Question, Turn
from assistant.talk.contents import Scope
from assistant.talk.exchanges import Exchange, find_exchanges
from assistant.talk.kinds import Kind
from assistant.talk.quoting import Quote
from corpus import Span
from index import Embedder

Place = tuple[str, Span]
"""A document's name, and a stretch of it."""

_SAID_FIRST = (None, Kind.SUMMARY, Kind.TOPICS)  # what an answer is given to


class Decides(Protocol):
    """Decides what a question asks for, and what answers it: the resolver."""

    def decide(self, question: Question) -> tuple[str, Decision]:
        """Return what was looked up, and the decision on it."""
        ...


@dataclass(frozen=True)
class Past:
    """What was asked last, and what was said to it.

    Attributes:
        exchange: The question, or the request for an overview or the topics.
        is_question: Whether it is the former.
        asked: What was looked up for it.
        places: What the answer cited; empty if it was declined.
        since: What was cited by those who said more since then, in their order.
        decision: What the reader made of the question, if that was found again.
    """

    exchange: Exchange
    is_question: bool
    asked: str
    places: tuple[Place, ...]
    since: tuple[tuple[Place, ...], ...] = ()
    decision: Decision | None = None

    @property
    def last(self) -> tuple[Place, ...]:
        """What was cited last."""
        return next((places for places in reversed(self.since) if places), self.places)

    @property
    def said(self) -> dict[str, list[Span]]:
        """All that was cited, by document."""
        return by_document(place for places in (self.places, *self.since) for place in places)


class Memory:
    """Remembers nothing: it reads the history."""

    def __init__(self, resolver: Decides, embedder: Embedder, kind_of: Callable[[str, Sequence[Turn]], Kind | None]) -> None:
        """
        :param kind_of: Returns the kind of what a person said after a conversation.
        """
        self._resolver = resolver
        self._embedder = embedder
        self._kind_of = kind_of

    def recall(self, question: Question, scope: Scope) -> Past | None:
        """Return what was asked before a request that is about an answer; None if nothing was.

        :raises IndexStoreError: the index cannot be read.
        """
        later: list[Exchange] = []
        for exchange in reversed(find_exchanges(question.history)):
            kind = self._kind_of(exchange.asked, exchange.before)
            if kind is Kind.MORE:
                later.insert(0, exchange)
            elif kind in _SAID_FIRST:
                past = self._answered(exchange, kind, question.documents, scope)
                for more in later:
                    places = _known(more, scope) or _places(self.more(past, scope))
                    past = replace(past, since=(*past.since, places))
                return past
        return None

    def more(self, past: Past, scope: Scope) -> list[Quote]:
        """Return what was not said yet: around what was cited, or of what else is central in the documents."""
        if not past.is_question:
            return scope.overview(past.said)
        return scope.around(by_document(past.places), past.said, self._embedder, past.asked)

    def decide(self, exchange: Exchange, documents: tuple[str, ...] | None) -> tuple[str, Decision]:
        """Return what is looked up for an earlier question, and the decision on it, as at that time."""
        return self._resolver.decide(
            Question(exchange.question, exchange.before, documents, searched_for=exchange.searched_for or None)
        )

    def _answered(self, exchange: Exchange, kind: Kind | None, documents: tuple[str, ...] | None, scope: Scope) -> Past:
        asked, places = exchange.searched_for or exchange.question, _known(exchange, scope)
        if places or kind is not None:
            return Past(exchange, kind is None, asked, places or _places(_said_to(kind, scope)))
        asked, decision = self.decide(exchange, documents)
        chosen = tuple((one.item.document, one.span) for one in decision.chosen)
        return Past(exchange, True, asked, chosen, decision=decision)


def _said_to(kind: Kind | None, scope: Scope) -> list[Quote]:
    """Return what was said to a request for an overview or the topics."""
    headings = [quote for quotes in scope.topics().quotes for quote in quotes] if kind is Kind.TOPICS else []
    return headings or scope.overview({})


def _known(exchange: Exchange, scope: Scope) -> tuple[Place, ...]:
    """Return the places that the client says were cited, those that there are in the documents asked."""
    return tuple(
        (name, (start, end))
        for name, start, end in exchange.citations
        if name in scope.names and 0 <= start < end <= len(scope.document(name).text)
    )


def _places(quotes: Iterable[Quote]) -> tuple[Place, ...]:
    return tuple((quote.document.name, quote.span) for quote in quotes)


def by_document(places: Iterable[Place]) -> dict[str, list[Span]]:
    """Return places by their document, in their order."""
    found: dict[str, list[Span]] = {}
    for name, span in places:
        found.setdefault(name, []).append(span)
    return found
