"""What comes out: an answer of statements, each with citations to the exact characters of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from assistant.kept.quotes import KeptCitation
from corpus import Document, Span
from index import Retrieved

RETRIEVED_SHOWN = 10
"""How many retrieved passages the JSON of an answer lists."""

CIRCLED = "①-⑳"
"""Numbers that mark an item by themselves, for a class of a regular expression."""

TOUCHING = r"(?<=\))(?=\w)(?!(?<=[a-zA-Z]\))[a-z])"
"""Between an item's mark and its text where no space is: "(2)Ototoxicity" is an item, and "(s)he" is none."""

_ITEM = re.compile(rf"(?:\(?(?:\d{{1,3}}|[a-zA-Z]|[ivxIVX]{{1,5}})[.)]|[-•*])(?:\s|{TOUCHING})|[{CIRCLED}]")


class Outcome(StrEnum):
    """Whether the documents answered. A failure is neither: it is an exception."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Citation:
    """A quote and its place: `document.text[start:end] == quote`, always, for every engine.

    Attributes:
        number: The footnote's number, counted from 1 within an answer.
        document: The document cited.
        start: First character, an offset into the document's text.
        end: One past the last character.
        quote: The characters themselves.
        heading: Path of the headings above them.

    :raises ValueError: on construction, if the quote is empty or not what stands there.
    """

    number: int
    document: Document
    start: int
    end: int
    quote: str
    heading: str = ""

    def __post_init__(self) -> None:
        found = self.document.text[self.start : self.end] if 0 <= self.start < self.end else ""
        if not found or found != self.quote:
            raise ValueError(
                f"a citation of {self.document.name} at {self.start}-{self.end} quotes {self.quote[:60]!r}, "
                f"and the document says {found[:60]!r} there"
            )

    @property
    def page(self) -> int | None:
        """Number of the page the quote begins on, counted from 1; None where there are no pages."""
        return self.document.page_at(self.start)

    @property
    def page_label(self) -> str:
        """What a person calls that page, such as "slide 3"; empty where there are no pages."""
        return self.document.page_label(self.page)


Cited = Citation | KeptCitation
"""What a statement cites: a place in a document, or, in an answer that was kept, what is left of one that is gone."""


def place(document: str, page_label: str, heading: str) -> str:
    """Return a place in words, without what is empty: "leaflet.pdf, page 2, Dosage › Adults"."""
    return ", ".join(part for part in (document, page_label, heading) if part)


@dataclass(frozen=True)
class Statement:
    """One sentence of an answer, with what supports it.

    Attributes:
        text: What is said, on one line.
        citations: Where it stands in the documents; at least one.
        emphasis: Characters of `text` that answer by themselves, to be shown in bold; None where no stretch surely does.
    """

    text: str
    citations: tuple[Cited, ...]
    emphasis: Span | None = None

    @property
    def is_item(self) -> bool:
        """Whether it was an item of a list, and stays on a line of its own."""
        return _ITEM.match(self.text) is not None


def cite(number: int, document: Document, span: Span, heading: str = "") -> Citation:
    """Return the citation of a place, with the characters that stand there."""
    start, end = span
    return Citation(number, document, start, end, document.text[start:end], heading)


def quoted(citation: Citation, emphasis: Span | None = None) -> Statement:
    """Return the statement that a citation makes by itself: its quote on one line.

    :param emphasis: A stretch of the document within it, to be shown in bold.
    """
    text, start = citation.document.text, citation.start
    said = " ".join(citation.quote.split())
    if emphasis is None:
        return Statement(said, (citation,))
    before = len(" ".join((text[start : emphasis[0]] + "|").split())) - 1  # its place where white space was joined
    return Statement(said, (citation,), (before, before + len(" ".join(text[emphasis[0] : emphasis[1]].split()))))


def together(*notices: str) -> str:
    """Return several notices as one, each once."""
    return " ".join(dict.fromkeys(filter(None, notices)))


CLOSEST_SHOWN = 3
"""How many of the closest passages are shown when the documents do not say."""


@dataclass(frozen=True)
class Unsupported:
    """A statement of a chat model that its quotes do not support, and that was left out therefore.

    Attributes:
        text: What the model said.
        reason: Why it does not stand, in words for a person.
    """

    text: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    Attributes:
        question: As it was asked.
        searched_for: What was looked up, after the conversation was taken into account.
        outcome: Answered, or not in the documents.
        statements: What is said; empty when `outcome` is `not_found`.
        closest: The passages that came closest, for looking further; never citations.
        confidence: Probability, 0..1, that the documents answer the question.
        engine: Which engine answered.
        seconds: How long it took, from question to answer.
        retrieved: The passages that were found, best first.
        reply: What Footnote says by itself, from no document: to a greeting, or to ask back. The outcome is `not_found` then.
        options: When it asks back: questions that it may have been, to be asked instead.
        notice: What else a person should know: that another engine than the one asked for answered, that documents differ, that
            pages could not be read; mostly empty.
        scope: The documents and pages that the question named, in words: "report.pdf, page 3"; empty if it named none.
        unsupported: What a chat model said and could not support. Never part of the answer.
        raw: The chat model's reply as it came, for inspection; empty without one.
        model: The chat model that was asked; empty without one.
    """

    question: str
    searched_for: str
    outcome: Outcome
    statements: tuple[Statement, ...]
    closest: tuple[Retrieved, ...]
    confidence: float
    engine: str
    seconds: float = 0.0
    retrieved: tuple[Retrieved, ...] = field(default=(), repr=False)
    reply: str = ""
    options: tuple[str, ...] = ()
    notice: str = ""
    unsupported: tuple[Unsupported, ...] = ()
    raw: str = field(default="", repr=False)
    model: str = ""
    scope: str = ""

    @property
    def text(self) -> str:
        """The statements as one text, or what was said instead of an answer."""
        return " ".join(statement.text for statement in self.statements) or self.reply

    @property
    def citations(self) -> Iterator[Cited]:
        """Every citation, in the order of the statements."""
        return (citation for statement in self.statements for citation in statement.citations)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as the JSON object of every interface: command, page API, evaluation."""
        return {
            "question": self.question,
            "searched_for": self.searched_for,
            "outcome": self.outcome.value,
            "answer": self.text,
            "confidence": round(self.confidence, 6),
            "statements": [
                {
                    "text": statement.text,
                    "citations": [_citation_json(citation) for citation in statement.citations],
                    "emphasis": statement.emphasis,
                }
                for statement in self.statements
            ],
            "closest": [_passage_json(retrieved) for retrieved in self.closest],
            "retrieved": [_place_json(retrieved) for retrieved in self.retrieved[:RETRIEVED_SHOWN]],
            "engine": self.engine,
            "model": self.model,
            "reply": self.reply,
            "options": list(self.options),
            "notice": self.notice,
            "scope": self.scope,
            "unsupported": [asdict(one) for one in self.unsupported],
            "raw": self.raw,
            "seconds": round(self.seconds, 4),
        }


def _citation_json(citation: Cited) -> dict[str, Any]:
    return {
        "number": citation.number,
        "document": citation.document.name,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "heading": citation.heading,
        "page": citation.page,
        "place": place(citation.document.name, citation.page_label, citation.heading),
    }


def _place_json(retrieved: Retrieved) -> dict[str, Any]:
    passage = retrieved.passage
    return {"document": retrieved.document, "start": passage.start, "end": passage.end, "score": round(retrieved.score, 6)}


def _passage_json(retrieved: Retrieved) -> dict[str, Any]:
    passage = retrieved.passage
    return _place_json(retrieved) | {
        "text": passage.text,
        "heading": passage.heading,
        "page": passage.page,
        "place": place(retrieved.document, retrieved.page_label, passage.heading),
    }
