"""The scripted chat server, through the client that users have: each reply arrives as what it stands for."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request

import openai
import pytest
from chat_server import ChatRequest, ChatServer, CutOff, Raw, Silence, Status, ToolCall, connect
from pydantic import BaseModel


class Sum(BaseModel):
    """A sum."""

    terms: list[int]
    total: int


def add(first: int, second: int) -> int:
    """Add two numbers."""
    return first + second


@pytest.fixture(autouse=True)
def _straight_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's proxy away from the loopback."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_texts_come_in_order_and_requests_are_kept() -> None:
    with ChatServer(["Four.", "Grüße,  zwei Leerzeichen\n"]) as server:
        model = connect(server, temperature=0)
        first = model.invoke([("system", "Be short."), ("user", "Two and two?")])
        second = model.invoke("Hello")
    assert (first.text, second.text) == ("Four.", "Grüße,  zwei Leerzeichen\n")
    assert (first.usage_metadata["input_tokens"], first.usage_metadata["output_tokens"]) == (5, 1)
    asked = server.requests[0]
    assert asked.path == "/v1/chat/completions" and asked.headers["authorization"] == "Bearer x"
    assert (asked.said("system"), asked.said("user"), asked.body["temperature"]) == ("Be short.", "Two and two?", 0)
    assert len(server.requests) == 2


def test_a_function_makes_the_reply_from_the_request() -> None:
    with ChatServer(lambda request: request.said("user").upper()) as server:
        model = connect(server)
        assert [model.invoke(word).text for word in ("one", "two")] == ["ONE", "TWO"]


def test_a_stream_comes_in_pieces_that_make_the_text() -> None:
    with ChatServer(["The  first\nline, and more. "]) as server:
        chunks = list(connect(server, stream_usage=True).stream("Go"))
    texts = [chunk.text for chunk in chunks if chunk.text]
    assert len(texts) == 5 and "".join(texts) == "The  first\nline, and more. "
    assert [chunk.usage_metadata["output_tokens"] for chunk in chunks if chunk.usage_metadata] == [5]
    assert server.requests[0].is_stream


@pytest.mark.parametrize("is_streamed", [False, True], ids=["whole", "streamed"])
def test_a_tool_is_called_with_its_arguments(is_streamed: bool) -> None:
    with ChatServer([ToolCall("add", {"first": 2, "second": 3})]) as server:
        model = connect(server, streaming=is_streamed).bind_tools([add])
        reply = model.invoke("2 + 3?")
    assert [(call["name"], call["args"]) for call in reply.tool_calls] == [("add", {"first": 2, "second": 3})]
    assert server.requests[0].body["tools"][0]["function"]["name"] == "add"
    assert server.requests[0].is_stream == is_streamed


def test_arguments_of_a_tool_can_be_malformed() -> None:
    with ChatServer([ToolCall("add", '{"first": 2,')]) as server:
        reply = connect(server).bind_tools([add]).invoke("2 + 3?")
    assert not reply.tool_calls
    assert [call["args"] for call in reply.invalid_tool_calls] == ['{"first": 2,']


@pytest.mark.parametrize("is_streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("method", ["json_schema", "function_calling"])
def test_a_json_object_is_structured_output_by_either_method(method: str, is_streamed: bool) -> None:
    with ChatServer([{"terms": [2, 3], "total": 5}]) as server:
        model = connect(server, streaming=is_streamed).with_structured_output(Sum, method=method)
        assert model.invoke("2 + 3?") == Sum(terms=[2, 3], total=5)
    assert server.requests[0].demanded_tool == ("Sum" if method == "function_calling" else None)
    assert ("response_format" in server.requests[0].body) == (method == "json_schema")


@pytest.mark.parametrize(
    ("code", "kind"),
    [(401, openai.AuthenticationError), (404, openai.NotFoundError), (429, openai.RateLimitError), (500, openai.APIError)],
)
def test_a_status_is_the_providers_error(code: int, kind: type[Exception]) -> None:
    with ChatServer([Status(code, "because of the script"), Status(code)]) as server:
        with pytest.raises(kind, match="because of the script"):
            connect(server).invoke("Hello")
        with pytest.raises(kind, match="refused by the script"):
            list(connect(server).stream("Hello"))


def test_retry_after_is_waited_for() -> None:
    with ChatServer([Status(429, headers={"Retry-After": "0.2"}), "At last."]) as server:
        began = time.perf_counter()
        assert connect(server, max_retries=1).invoke("Hello").text == "At last."
    assert 0.2 <= time.perf_counter() - began < 5
    assert len(server.requests) == 2


def test_silence_is_longer_than_a_client_waits_and_shorter_than_another_does() -> None:
    with ChatServer([Silence(30), Silence(0.1, then="Sorry, I was thinking."), Silence(0)]) as server:
        with pytest.raises(openai.APITimeoutError):
            connect(server, timeout=0.2).invoke("Hello")
        assert connect(server, timeout=10).invoke("Hello").text == "Sorry, I was thinking."
        with pytest.raises(openai.APIConnectionError):
            connect(server).invoke("Hello")


def test_it_stops_at_once_though_a_reply_is_silent() -> None:
    with ChatServer([Silence(30)]) as server:
        asking = threading.Thread(target=_ask_in_vain, args=(server,))
        asking.start()
        while not server.requests:
            time.sleep(0.01)
        began = time.perf_counter()
    asking.join(timeout=10)
    assert time.perf_counter() - began < 5 and not asking.is_alive()


def _ask_in_vain(server: ChatServer) -> None:
    with pytest.raises(openai.APIConnectionError):
        connect(server).invoke("Hello")


def test_half_a_reply_is_no_reply() -> None:
    text = "One two three four five six seven eight."
    pieces = []
    with ChatServer([CutOff(text), CutOff(text)]) as server:
        with pytest.raises(openai.APIConnectionError):
            connect(server).invoke("Count")
        with pytest.raises(openai.APIConnectionError):
            for chunk in connect(server).stream("Count"):
                pieces.append(chunk.text)
    assert "".join(pieces) == "One two three four "


def test_broken_json_is_an_error_whole_and_streamed() -> None:
    with ChatServer([Raw('{"choices": ['), Raw('{"choices": [')]) as server:
        for ask in (connect(server).invoke, lambda text: list(connect(server).stream(text))):
            with pytest.raises((ValueError, openai.APIError)):
                ask("Hello")


def test_past_the_end_of_the_script_nothing_is_made_up() -> None:
    with ChatServer(["Only this."]) as server:
        model = connect(server, max_retries=2)
        model.invoke("One")
        with pytest.raises(openai.BadRequestError, match="the script ends after 1 replies"):
            model.invoke("Two")
    assert len(server.requests) == 2  # a 400 is not tried again


def test_other_paths_are_recorded_and_hold_nothing() -> None:
    with ChatServer(["Hello."]) as server:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with pytest.raises(urllib.error.HTTPError, match="404") as caught:
            opener.open(f"{server.url}/models", timeout=10)
        assert "/v1/models" in json.load(caught.value)["error"]["message"]
        assert connect(server).invoke("Hi").text == "Hello."  # they take no reply from the script
    assert server.requests[0] == ChatRequest("/v1/models", server.requests[0].headers, {})
