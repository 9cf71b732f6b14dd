"""What the tests of the generative engine share: two small documents, the engine over them, and what a model says.

    with ChatServer([says((APPROVED, (1, APPROVED)))]) as server:
        answer = last(ask(server))

Passages are numbered in the order in which the model sees them; their ids, which are new in each request, are put in by the
server.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from chat_server import ChatRequest, ChatServer, Paced, Reply, ToolCall
from conftest import WordEmbedder
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from scripted import Shelf, found

from assistant.answer import Answer, Outcome
from assistant.extractive import Decision
from assistant.generative import ChatModel, GenerativeEngine
from assistant.reader.choice import calibrated_reader
from assistant.verification.verifier import Verifier
from corpus import Document
from index import Retrieved
from index.settings import ChatSettings

QUESTION = "When was the Harlow vaccine approved, and how is it stored?"
APPROVED = "The Harlow vaccine was approved on 3 May 1990 for adults over 60."
STORED = "It is stored at 5 degrees Celsius and must not be frozen."
TRIAL = "In the trial, 412 patients received two doses."
EFFECTS = "Side effects were rare: 9 patients reported a headache."

HARLOW = found("harlow.txt", APPROVED, STORED, heading="Harlow vaccine › Approval")
REPORT = found("trial.md", TRIAL, EFFECTS, rank=2)
PAIRS = (HARLOW, REPORT)

Given = tuple[str, *tuple[tuple[int | str, str], ...]]
"""A statement, and its quotes, each with the number of its passage, or with an id that the model makes up."""


def data_of(request: ChatRequest) -> dict[str, Any]:
    """Return the data of a request, which is all that the message of the user holds."""
    said = request.said("user")
    assert said.startswith("<data>\n") and said.endswith("\n</data>") and said.count("</data>") == 1
    return json.loads(said.removeprefix("<data>").removesuffix("</data>"))


def form_of(request: ChatRequest, *statements: Given) -> dict[str, Any]:
    """Return the reply that gives these statements, with the ids that the request has for the passages."""
    ids = [passage["id"] for passage in data_of(request)["passages"]]
    return {
        "statements": [
            {
                "quotes": [{"passage": one if isinstance(one, str) else ids[one - 1], "text": quote} for one, quote in quotes],
                "text": text,
            }
            for text, *quotes in statements
        ]
    }


def says(*statements: Given) -> Callable[[ChatRequest], Reply]:
    """Return a reply with these statements, in the form that the request asks for."""
    return lambda request: form_of(request, *statements)


def says_in_words(*statements: Given, before: str = "", after: str = "") -> Callable[[ChatRequest], Reply]:
    """Return a reply with these statements as a text, with other words around."""
    return lambda request: before + json.dumps(form_of(request, *statements)) + after


def slowly(*statements: Given, seconds: float = 0.02) -> Callable[[ChatRequest], Reply]:
    """Return a reply with these statements that comes word by word."""

    def reply(request: ChatRequest) -> Reply:
        form = form_of(request, *statements)
        return Paced(ToolCall(request.demanded_tool, form) if request.demanded_tool else form, seconds)

    return reply


class ToolCaller(ChatOpenAI):
    """The real client, for a model whose structured output is a call of a tool: most providers'."""

    def with_structured_output(self, schema: Any = None, **settings: Any) -> Any:
        return super().with_structured_output(schema, method="function_calling", **settings)


class Talker(ChatOpenAI):
    """The real client, for a model without structured output."""

    def with_structured_output(self, schema: Any = None, **settings: Any) -> Any:
        raise NotImplementedError


PATHS: dict[str, type[ChatOpenAI]] = {"json schema": ChatOpenAI, "tool call": ToolCaller, "words": Talker}
"""The ways in which a model may reply, each with a client that takes it."""


def client(server: ChatServer, kind: type[ChatOpenAI] = ChatOpenAI, **settings: Any) -> ChatOpenAI:
    """Return the real client for the server; it tries nothing twice unless `max_retries` says so."""
    return kind(**{"model": "scripted", "base_url": server.url, "api_key": "x", "max_retries": 0, "temperature": 0, **settings})


def blank_and_decision(
    pairs: Sequence[tuple[Document, Retrieved]] = PAIRS, question: str = QUESTION, confidence: float = 0.4
) -> tuple[Answer, Decision]:
    """Return what the chain hands to an engine: nothing is answered yet, and the reader would decline."""
    retrieved = tuple(item for _, item in pairs)
    blank = Answer(question, question, Outcome.NOT_FOUND, (), retrieved[:3], confidence, "generative", retrieved=retrieved)
    return blank, Decision(confidence, False, (), retrieved)


class Frequencies:
    """Says of every word that it stands in one passage of ten."""

    def word_frequency(self, stem: str) -> tuple[int, int]:
        return 1, 10


@cache
def verifier() -> Verifier:
    """Return the verifier with the shipped reader, as the chain makes it."""
    reader, _ = calibrated_reader("footnote", WordEmbedder(), Frequencies())
    return Verifier(reader)


def engine_for(
    model: BaseChatModel | str,
    pairs: Sequence[tuple[Document, Retrieved]] = PAIRS,
    settings: ChatSettings | None = None,
    **others: Any,
) -> GenerativeEngine:
    """Return the engine over these documents."""
    shelf = Shelf(*(document for document, _ in pairs))
    return GenerativeEngine(shelf, ChatModel(model, settings or ChatSettings()), verifier(), **others)  # type: ignore[arg-type]


def ask(
    server: ChatServer,
    pairs: Sequence[tuple[Document, Retrieved]] = PAIRS,
    question: str = QUESTION,
    *,
    kind: type[ChatOpenAI] = ChatOpenAI,
    context: int | None = None,
    fallback: Any = None,
    **settings: Any,
) -> Iterator[Answer]:
    """Yield the answer as it grows, through the real client for the server."""
    engine = engine_for(client(server, kind, **settings), pairs, ChatSettings(context=context), fallback=fallback)
    yield from engine.answer(*blank_and_decision(pairs, question))


def last(answers: Iterator[Answer]) -> Answer:
    """Return the whole answer, and check what holds for every one."""
    *_, answer = answers
    for citation in answer.citations:
        assert citation.document.text[citation.start : citation.end] == citation.quote
    assert [citation.number for citation in answer.citations] == list(range(1, len(list(answer.citations)) + 1))
    assert all(statement.citations for statement in answer.statements)
    assert (answer.outcome is Outcome.ANSWERED) == bool(answer.statements)
    assert 0.0 <= answer.confidence <= 1.0
    return answer


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Return whether a condition comes true in some seconds."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.01)):
        if condition():
            return True
        pause.wait(0.01)
    return False
