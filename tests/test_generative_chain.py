"""The chain with a chat model over the real index: LangChain's ways of calling it, the choice of the engine, conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from chat_server import ChatRequest, ChatServer, Paced, Reply, Status
from generating import client, data_of, form_of, last, says, wait_for

from assistant import Answer, AnswerChain, Outcome, Question, Turn, build_chain
from corpus import Document
from corpus.errors import ChatModelError, QuestionError
from index import PassageIndex, SentenceTransformerEmbeddings
from index.settings import DEFAULT_CHAT, ChatSettings

QUESTION = "What is cell therapy?"
DEFINITION = "Cell therapy refers to the introduction of cellular preparations into the body to activate or enhance"
SAID = "Cell therapy is the introduction of cellular preparations into the body."

Built = Callable[..., AnswerChain]


@pytest.fixture
def build(article_index: PassageIndex, embedder: SentenceTransformerEmbeddings) -> Built:
    """Return the chain with the real client for a server."""

    def built(server: ChatServer, chat: ChatSettings = DEFAULT_CHAT, engine: str | None = None) -> AnswerChain:
        return build_chain(article_index, embedder, model=client(server), chat=chat, engine=engine)

    return built


def define(request: ChatRequest) -> Reply:
    """State the definition, quoting the passage that holds it."""
    texts = [passage["text"] for passage in data_of(request)["passages"]]
    number = next((number for number, text in enumerate(texts, 1) if DEFINITION in text), None)
    return form_of(request) if number is None else form_of(request, (SAID, (number, DEFINITION)))


def check(answer: Answer, article: Document) -> None:
    (citation,) = answer.citations
    assert (answer.outcome, answer.text, answer.engine) == (Outcome.ANSWERED, SAID, "generative")
    assert article.text[citation.start : citation.end] == citation.quote == DEFINITION
    assert citation.heading == "Immunotherapy preparation › Cell Therapy"


def test_every_way_of_calling_the_chain_gives_the_answer(build: Built, article: Document) -> None:
    async def both(chain: AnswerChain) -> list[Answer]:
        streamed = [part async for part in chain.astream(QUESTION)]
        return [await chain.ainvoke(QUESTION), *await chain.abatch([QUESTION] * 2), streamed[-1]]

    with ChatServer(define) as server:
        chain = build(server)
        answers = [
            chain.invoke(QUESTION),
            *chain.batch([QUESTION, Question(QUESTION)]),
            last(chain.stream({"question": QUESTION})),
        ]
        answers += asyncio.run(both(chain))
    assert len(answers) == 8 == len(server.requests)
    for answer in answers:
        check(answer, article)
        assert answer.seconds > 0


def test_to_close_the_stream_of_the_chain_ends_the_request_to_the_model(build: Built) -> None:
    def reply(request: ChatRequest) -> Reply:
        form = define(request)
        return Paced(
            {"statements": [*form["statements"], *[{"quotes": [], "text": f"{number}."} for number in range(99)]]}, 0.02
        )

    with ChatServer(reply) as server:
        stream = build(server).stream(QUESTION)
        assert next(stream).text == SAID
        stream.close()
        assert wait_for(lambda: server.hang_ups == 1)
    assert server.pieces < 300


def test_a_batch_returns_the_failure_of_one_in_its_place(build: Built, article: Document) -> None:
    def reply(request: ChatRequest) -> Reply:
        return define(request) if data_of(request)["question"] == QUESTION else Status(429, "slow down")

    with ChatServer(reply) as server:
        first, second = build(server).batch([QUESTION, "What is molecular therapy?"], return_exceptions=True)
    check(first, article)
    assert isinstance(second, ChatModelError) and "slow down" in str(second)


def test_the_model_is_asked_by_default_and_the_sentences_on_request(build: Built, article: Document) -> None:
    with ChatServer(define) as server:
        chain = build(server)
        assert chain.engines == ("generative", "extractive")
        check(chain.invoke(QUESTION), article)
        extractive = chain.invoke(Question(QUESTION, engine="extractive"))
        assert build(server, engine="extractive").engines == ("extractive", "generative")
    assert (extractive.engine, extractive.model, len(server.requests)) == ("extractive", "", 1)
    assert extractive.text.startswith(DEFINITION)


def test_without_a_model_the_generative_engine_is_refused_with_what_to_set(
    article_index: PassageIndex, embedder: SentenceTransformerEmbeddings
) -> None:
    with pytest.raises(
        QuestionError, match="There is no engine 'generative' here, only: extractive. For 'generative', set FOOT"
    ):
        build_chain(article_index, embedder, engine="generative")
    chain = build_chain(article_index, embedder)
    with pytest.raises(QuestionError, match="For 'generative', set FOOTNOTE_MODEL to a chat model"):
        chain.invoke({"question": QUESTION, "engine": "generative"})
    assert chain.engines == ("extractive",)


def test_the_model_is_asked_even_where_the_reader_would_decline(build: Built) -> None:
    question = "Who won the football cup in 1974?"
    with ChatServer([says(), says()]) as server:
        chain = build(server)
        answer = chain.invoke(question)
        assert chain.invoke(Question(question, engine="extractive")).outcome is Outcome.NOT_FOUND
    assert (answer.outcome, len(answer.closest), answer.engine) == (Outcome.NOT_FOUND, 3, "generative")
    assert answer.raw == '{"statements": []}'
    assert len(server.requests) == 1


def test_a_follow_up_reaches_the_model_as_it_was_looked_up_and_as_it_was_asked(build: Built) -> None:
    history = (Turn("user", "What is stem cell transplantation?"), Turn("assistant", "(2) Stem cell transplantation …"))
    with ChatServer([says()]) as server:
        answer = build(server).invoke(Question("What can they become?", history))
    data = data_of(server.requests[0])
    assert data["question"] == answer.searched_for != answer.question
    assert data["asked_as"] == "What can they become?"


def test_a_failure_is_raised_or_fallen_back_from_as_set(build: Built) -> None:
    with ChatServer([Status(500, "oh no")] * 2) as server:
        with pytest.raises(ChatModelError, match="failed on its own side. Try again later.*oh no"):
            build(server).invoke(QUESTION)
        answer = build(server, ChatSettings(fallback="extractive")).invoke(QUESTION)
    assert (answer.engine, answer.outcome, answer.model) == ("extractive", Outcome.ANSWERED, "")
    assert answer.text.startswith(DEFINITION) and "oh no" in answer.notice


def test_the_json_has_all_that_an_interface_shows(build: Built) -> None:
    with ChatServer([says(("It costs 40 euros.", (1, "It costs 40 euros."))), define]) as server:
        declined, answered = (build(server).invoke(QUESTION).to_json() for _ in range(2))
    assert (declined["outcome"], declined["answer"], declined["engine"]) == ("not_found", "", "generative")
    assert declined["unsupported"][0]["text"] == "It costs 40 euros." and declined["unsupported"][0]["reason"]
    assert json.loads(declined["raw"])["statements"][0]["text"] == "It costs 40 euros."
    assert (answered["answer"], answered["model"], answered["unsupported"]) == (SAID, "ChatOpenAI", [])
    assert 0.0 <= declined["confidence"] < answered["confidence"] <= 1.0
