"""A page without models: a chain that plays what a test gives it, documents in memory, answers to render, and HTML read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import app
from assistant import Answer, Citation, Outcome, Statement
from assistant.complaints import ComplaintFile
from assistant.kept.store import ConversationStore
from corpus import DEFAULT_LIMITS, Document, split_passages
from index import Retrieved
from index.manifest import DocumentRecord, make_record
from page.events import PageEvents
from page.people import People
from page.pictures import Pictures
from page.preparation import Preparation
from page.uploads import Uploads

Play = Callable[[Mapping[str, Any]], Iterator[Answer]]


class PlayedChain:
    """Streams what `play` yields, and records each question, and each that was closed before its end."""

    def __init__(self, play: Play, engines: Sequence[str] = ("extractive",)) -> None:
        self.engines = tuple(engines)
        self.asked: list[Mapping[str, Any]] = []
        self.closed: list[str] = []
        self._play = play

    def stream(self, asked: Mapping[str, Any]) -> Iterator[Answer]:
        self.asked.append(asked)
        try:
            yield from self._play(asked)
        except GeneratorExit:
            self.closed.append(asked["question"])
            raise


class FakeIndex:
    """Holds documents, and counts nothing."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {document.name: document for document in documents}

    def records(self) -> list[DocumentRecord]:
        return [make_record(document, 1, "") for document in self.documents.values()]

    def document(self, name: str) -> Document:
        return self.documents[name]

    def passages(self, name: str) -> list[object]:
        return list(split_passages(self.documents[name]))

    def add(self, documents: list[Document], sources: dict[str, str]) -> None:
        self.documents |= {document.name: document for document in documents}


class FakeEmbedder:
    """Loads when it is let, or fails."""

    name = fingerprint = "fake"

    def __init__(self, failure: Exception | None = None) -> None:
        self.may_load, self.failure = threading.Event(), failure

    def load(self) -> None:
        self.may_load.wait(10)
        if self.failure is not None:
            raise self.failure


def played_events(index: FakeIndex, chain: PlayedChain, folder: Path, embedder: FakeEmbedder | None = None) -> PageEvents:
    """Return the events of a page over these, ready as soon as the embedder is; what it keeps goes into `folder`."""
    if embedder is None:
        embedder = FakeEmbedder()
        embedder.may_load.set()
    preparation = Preparation(index, embedder, app.SHIPPED)  # type: ignore[arg-type]
    preparation.start()
    return PageEvents(
        People(index, lambda library: chain),  # type: ignore[arg-type,return-value]
        preparation,
        Uploads(folder / "uploads", DEFAULT_LIMITS),
        Pictures(folder / "pictures"),
        ConversationStore(folder),
        ComplaintFile(folder),
        folder / "received",
    )


def cite(document: Document, quote: str, number: int = 1, heading: str = "Basics") -> Statement:
    start = document.text.index(quote)
    return Statement(" ".join(quote.split()), (Citation(number, document, start, start + len(quote), quote, heading),))


def answered(*statements: Statement, question: str = "What is it?", searched_for: str = "", confidence: float = 0.9) -> Answer:
    return Answer(question, searched_for or question, Outcome.ANSWERED, statements, (), confidence, "extractive", 0.21)


def declined(document: Document, question: str = "Why?", confidence: float = 0.1) -> Answer:
    closest = tuple(Retrieved(passage, document.name, 1.0, 1) for passage in split_passages(document)[:2])
    return Answer(question, question, Outcome.NOT_FOUND, (), closest, confidence, "extractive")


def replied(document: Document, reply: str, *options: str, question: str = "Hello") -> Answer:
    """Return a reply of Footnote's own; one that asks back has the passages that the search has brought all the same."""
    near = declined(document, question, confidence=0.97)
    return replace(near, closest=near.closest if options else (), reply=reply, options=options)


class Reading(HTMLParser):
    """Reads HTML as a browser does: text below the element of a class, and every element with its attributes."""

    def __init__(self, html: str, within: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.within, self.depth, self.text = within, 0 if within else 1, ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if self.depth or dict(attrs).get("class") == self.within:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1 if self.depth else 0

    def handle_data(self, data: str) -> None:
        self.text += data if self.depth else ""

    def all(self, kind: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.elements if kind in (attrs.get("class") or "").split()]
