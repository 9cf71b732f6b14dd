"""When a chat model fails: each way says what happened and what to do, and none is ever a "not found"."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest
from chat_server import ChatRequest, ChatServer, CutOff, Ended, Raw, Refusal, Reply, Silence, Status, ToolCall
from generating import HARLOW, PATHS, ask, blank_and_decision, client, engine_for, form_of, last, says, says_in_words
from langchain_openai import ChatOpenAI
from test_generative_engine import GOOD, LIES, TRUE, WHEN, WHERE

from assistant.answer import Answer, Citation, Outcome, Statement
from assistant.extractive import Decision
from corpus.errors import ChatModelError, ChatReplyError, FootnoteError
from index.settings import ChatSettings


@pytest.fixture(params=PATHS.values(), ids=list(PATHS))
def kind(request: pytest.FixtureRequest) -> type[ChatOpenAI]:
    """Each way in which a model may reply."""
    return request.param


def failure(*script: Reply, kind: type[ChatOpenAI] = ChatOpenAI, **settings: object) -> str:
    """Return the message with which asking fails under a script."""
    with ChatServer(script) as server, pytest.raises(ChatModelError) as caught:
        last(ask(server, kind=kind, **settings))
    assert type(caught.value) in (ChatModelError, ChatReplyError)  # none of the engine's own
    return str(caught.value)


def half(request: ChatRequest, *, of_second: bool = True) -> str:
    """Return a reply that breaks off within its second statement, or within its first."""
    text = json.dumps(form_of(request, *GOOD))
    return text[: text.index(WHERE) + 5] if of_second else text[:60]


# It cannot be asked


@pytest.mark.parametrize(
    ("reply", "happened", "advice"),
    [
        (Status(401, "no such key"), "did not accept the key", "Set the provider's key, such as OPENAI_API_KEY"),
        (Status(403, "not for you"), "does not allow this key", "Take another model or another key"),
        (Status(404, "no such model"), "does not know the model", "Check the name given to FOOTNOTE_MODEL"),
        (Status(429, "slow down"), "takes no more requests for now", "Wait a little, and ask again"),
        (Status(400, "no temperature here"), "did not take the request", "Another model may take it"),
        (Status(400, "context_length_exceeded"), "takes no text as long", "Set FOOTNOTE_CONTEXT to the model's real window"),
        (Status(500, "oh no"), "failed on its own side", "Try again later"),
        (Status(503, "overloaded"), "failed on its own side", "Try again later"),
    ],
)  # fmt: skip
def test_a_refused_request_says_what_happened_and_what_to_do(
    kind: type[ChatOpenAI], reply: Status, happened: str, advice: str
) -> None:
    message = failure(reply, reply, kind=kind)  # a refused form is followed by a request in words
    assert message.startswith(f"The chat model's provider {happened}")
    assert advice in message and reply.message in message


def test_silence_before_and_within_a_reply_is_a_timeout(kind: type[ChatOpenAI]) -> None:
    assert "did not reply in time. Try again, or take a faster model" in failure(Silence(30), kind=kind, timeout=0.3)
    stalled = CutOff(json.dumps({"statements": [{"text": "Never finished " * 9}]}), seconds=30)
    assert "did not reply in time" in failure(stalled, kind=kind, timeout=0.3)


def test_a_server_that_is_not_there_or_hangs_up_is_unreachable(kind: type[ChatOpenAI]) -> None:
    assert "cannot be reached, or broke off. Check the network" in failure(Silence(0), kind=kind)
    with ChatServer() as gone:
        pass
    with pytest.raises(ChatModelError, match="cannot be reached, or broke off"):
        last(ask(gone, kind=kind))


def test_a_broken_protocol_says_so(kind: type[ChatOpenAI]) -> None:
    message = failure(Raw('{"choices": ['), Raw('{"choices": ['), kind=kind)
    assert message.startswith("The chat model cannot be used. Check its name, its key and its server.")
    assert "JSONDecodeError" in message or "APIError" in message


# It replies, and the reply is of no use


@pytest.mark.parametrize(
    "text",
    ["I'd rather talk about the weather.", "", "{", '{"statements": "none"}', '{"answer": "In 1990."}', '{"statements": [{}]}'],
)
def test_a_reply_that_cannot_be_read_is_asked_for_once_more_in_words(kind: type[ChatOpenAI], text: str) -> None:
    with ChatServer([text, says_in_words(*GOOD)]) as server:
        answer = last(ask(server, kind=kind))
    assert answer.text == f"{WHEN} {WHERE}"
    first, second = server.requests
    assert second.said("system").startswith(first.said("system")) and "the JSON object alone" in second.said("system")
    assert second.said("user") == first.said("user")
    assert "response_format" not in second.body and "tools" not in second.body


@pytest.mark.parametrize(
    "text", ["The passages don't say [1].", "", '{"statements": [{"quotes": []}]}', '{"statements": ["In 1990."]}']
)
def test_a_reply_that_cannot_be_read_twice_is_an_error_and_no_not_found(kind: type[ChatOpenAI], text: str) -> None:
    message = failure(text, text, kind=kind)
    assert message.startswith("The chat model's reply is not the JSON that was asked for, twice. Ask again, or take another")
    assert f"The reply: {text!r}" in message


def test_a_refusal_is_told_in_the_models_words() -> None:
    with ChatServer([Refusal("I must not speak of vaccines.")]) as server, pytest.raises(ChatReplyError) as caught:
        last(ask(server))
    assert str(caught.value).startswith("The chat model refused to answer, or its provider's filter did. Ask in other words.")
    assert "'I must not speak of vaccines.'" in str(caught.value)


def test_a_filter_that_stops_the_reply_is_a_refusal(kind: type[ChatOpenAI]) -> None:
    assert failure(Ended("", "content_filter"), kind=kind).startswith("The chat model refused to answer")
    with ChatServer([lambda request: Ended(half(request), "content_filter")]) as server:
        answer = last(ask(server, kind=kind))
    assert answer.text == WHEN
    assert "its provider's filter" in answer.notice


# Half a reply


def test_of_a_reply_that_grew_too_long_the_verified_part_is_kept_and_marked(kind: type[ChatOpenAI]) -> None:
    with ChatServer([lambda request: Ended(half(request), "length")]) as server:
        answer = last(ask(server, kind=kind))
    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, WHEN)
    assert answer.notice.startswith(
        "Not all of the answer came; what did was checked as usual. The chat model's reply was cut off"
    )
    assert len(server.requests) == 1


def test_of_a_connection_that_broke_the_verified_part_is_kept_and_marked(kind: type[ChatOpenAI]) -> None:
    text = says_in_words(GOOD[0], *[TRUE] * 6)  # half of its pieces hold the first statement, and break off in another
    with ChatServer([lambda request: CutOff(str(text(request)))]) as server:
        answer = last(ask(server, kind=kind))
    assert answer.statements[0].text == WHEN
    assert answer.notice.startswith("Not all of the answer came") and "cannot be reached, or broke off" in answer.notice


def test_a_list_that_breaks_off_for_no_reason_is_marked_too(kind: type[ChatOpenAI]) -> None:
    with ChatServer([lambda request: half(request)]) as server:
        answer = last(ask(server, kind=kind))
    assert answer.text == WHEN
    assert answer.notice.endswith("The chat model's reply broke off. Ask again, or take another model.")


def test_of_a_call_whose_arguments_break_off_the_verified_part_is_kept_streamed_or_not() -> None:
    with ChatServer([lambda request: ToolCall("cited_statements", half(request))] * 2) as server:
        answers = [last(ask(server, kind=PATHS["tool call"], disable_streaming=whole)) for whole in (True, False)]
    assert [answer.text for answer in answers] == [WHEN, WHEN]
    assert all("broke off" in answer.notice for answer in answers)


def test_what_is_missing_after_the_last_statement_is_not_missed(kind: type[ChatOpenAI]) -> None:
    def reply(request: ChatRequest) -> Reply:
        return Ended(json.dumps(form_of(request, *GOOD)).removesuffix("}") + ", and now", "length")

    with ChatServer([reply]) as server:
        answer = last(ask(server, kind=kind))
    assert (answer.text, answer.notice) == (f"{WHEN} {WHERE}", "")
    assert len(server.requests) == 1


def test_a_reply_that_was_cut_off_before_anything_stood_is_an_error(kind: type[ChatOpenAI]) -> None:
    with ChatServer([lambda request: Ended(half(request, of_second=False), "length")]) as server:
        with pytest.raises(ChatReplyError, match="was cut off: it is longer than the model may write. Ask for less at a time"):
            last(ask(server, kind=kind))
    assert len(server.requests) == 1  # it would grow too long again

    def lie(request: ChatRequest) -> Reply:
        text = json.dumps(form_of(request, LIES["no quotes"], TRUE))
        return text[: text.index(TRUE[0])]

    with ChatServer([lie]) as server, pytest.raises(ChatReplyError, match="The chat model's reply broke off. Ask again"):
        last(ask(server, kind=kind))


# Falling back


class Sentences:
    """An engine that answers with what it was told to, which may be nothing."""

    name = "extractive"

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def answer(self, blank: Answer, decision: Decision) -> object:
        for number, text in enumerate(self.texts, 1):
            cited = Citation(number, HARLOW[0], 0, len(HARLOW[0].text), HARLOW[0].text)
            yield replace(blank, outcome=Outcome.ANSWERED, statements=(Statement(text, (cited,)),), closest=())


@pytest.mark.parametrize("reply", [Status(401, "no such key"), Status(429, "slow"), "No JSON.", Refusal("No."), Silence(0)])
def test_another_engine_may_answer_instead_and_says_so(reply: Reply) -> None:
    with ChatServer([reply, reply]) as server:
        answer = last(ask(server, fallback=Sentences("The document's own sentence.")))
    assert (answer.text, answer.engine, answer.model) == ("The document's own sentence.", "extractive", "")
    assert answer.notice.startswith("The chat model gave no answer, so these are the document's own sentences. The chat model")


def test_where_the_other_engine_finds_nothing_either_it_is_that_engines_not_found_and_says_so() -> None:
    with ChatServer([Status(500), Status(500)]) as server:
        answer = last(ask(server, fallback=Sentences()))
    assert (answer.outcome, answer.engine) == (Outcome.NOT_FOUND, "extractive")
    assert "failed on its own side" in answer.notice and len(answer.closest) == 2


def test_a_model_that_finds_nothing_has_not_failed_and_nobody_answers_instead() -> None:
    with ChatServer([says()]) as server:
        answer = last(ask(server, fallback=Sentences("The document's own sentence.")))
    assert (answer.outcome, answer.engine, answer.notice) == (Outcome.NOT_FOUND, "generative", "")
    assert answer.statements == ()


def test_a_model_whose_package_is_missing_is_fallen_back_from_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    engine = engine_for("anthropic:claude", fallback=Sentences("The document's own sentence."))
    answer = last(engine.answer(*blank_and_decision()))
    assert "pip install 'footnote[anthropic]'" in answer.notice
    with pytest.raises(FootnoteError, match=r"footnote\[anthropic\]"):
        last(engine_for("anthropic:claude").answer(*blank_and_decision()))


def test_an_engine_asked_by_the_models_name_has_the_timeout_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatServer([Silence(30)] * 2) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "x")
        engine = engine_for("openai:scripted", settings=ChatSettings(timeout=0.3))
        with pytest.raises(ChatModelError, match="did not reply in time"):
            last(engine.answer(*blank_and_decision()))
    assert len(server.requests) == 2  # the client asks once more by itself
    assert client(server).max_retries == 0
