"""A chat model on the loopback that says what it was told to: the protocol of OpenAI's chat completions, without a model.

    with ChatServer(["Four.", Status(429, "slow down")]) as server:
        model = connect(server)
        model.invoke("What is two and two?")

The client is the real one, so what is tested is what a user's provider would see and do. Each request takes the next reply
of the script; a function, instead of the list or within, makes the reply from the request. All requests are kept, for
assertions.

| reply | what the client gets |
|---|---|
| a `str` | this text |
| a mapping | this JSON object: as the arguments of the tool that the request demands, otherwise as the text |
| `ToolCall` | a call of this tool |
| `Status` | an HTTP error, in OpenAI's form |
| `Silence` | nothing for some time; then another reply, or a closed connection |
| `CutOff` | half of a reply, then a closed connection, at once or after some time |
| `Ended` | a text that ends for another reason than its end: it grew too long, or a filter stopped it |
| `Refusal` | the model declines, in the field that the protocol has for it |
| `Paced` | another reply, streamed with a pause before each piece |
| `Raw` | these very characters, with status 200: broken JSON |

A request with `stream: true` gets texts and calls in pieces, as server-sent events. The server is the standard library's
alone; only `connect` imports LangChain.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

PATH = "/v1/chat/completions"
KINDS = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
"""Status → what OpenAI calls it; others are server errors."""


@dataclass(frozen=True)
class ToolCall:
    """The model calls a tool; arguments that are a string are sent as they are, so they can be malformed."""

    name: str
    arguments: Mapping[str, Any] | str = field(default_factory=dict)


@dataclass(frozen=True)
class Status:
    """The server refuses: 401, 404, 429 with `{"Retry-After": "1"}`, 500."""

    code: int
    message: str = "refused by the script"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """Nothing for some seconds, or until the server stops; then a reply, or a closed connection if there is none."""

    seconds: float
    then: Reply | None = None


@dataclass(frozen=True)
class CutOff:
    """Half of the bytes that a text takes; streamed, half of its pieces. Then some seconds of silence, and the end."""

    text: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Ended:
    """A text, and why it ends: `length`, `content_filter`."""

    text: str
    reason: str


@dataclass(frozen=True)
class Refusal:
    """The model declines, in these words."""

    text: str


@dataclass(frozen=True)
class Paced:
    """A reply whose pieces come with a pause of some seconds before each."""

    reply: str | Mapping[str, Any] | ToolCall
    seconds: float


@dataclass(frozen=True)
class Raw:
    """A body that is sent as it is; streamed, as the data of the only event."""

    body: str


Reply = str | Mapping[str, Any] | ToolCall | Status | Silence | CutOff | Ended | Refusal | Paced | Raw


@dataclass(frozen=True)
class ChatRequest:
    """What a client sent.

    Attributes:
        path: The path asked for.
        headers: The headers, by their names in lower case.
        body: The JSON body; empty if there was none.
    """

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def is_stream(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def demanded_tool(self) -> str | None:
        """Name of the tool that the request insists on; None if the model may answer in words."""
        choice = self.body.get("tool_choice")
        if isinstance(choice, Mapping):
            return str(choice["function"]["name"])
        return str(self.body["tools"][0]["function"]["name"]) if choice == "required" else None

    def said(self, role: str) -> str:
        """Return the text of all messages of a role, such as `system` or `user`."""
        texts = [message.get("content") for message in self.body.get("messages", ()) if message["role"] == role]
        return "\n".join(text if isinstance(text, str) else json.dumps(text) for text in texts)


MadeReply = Callable[[ChatRequest], Reply]
Script = Sequence[Reply | MadeReply] | MadeReply


class ChatServer:
    """Serves a script from `with` to its end; it stops even while a reply is silent.

    Attributes:
        requests: All requests so far, in the order in which they came.
        pieces: How many pieces of streams were sent so far.
        hang_ups: How many requests the client ended before the reply was sent.
        url: What a client takes as its `base_url`.
    """

    def __init__(self, script: Script = ()) -> None:
        self.requests: list[ChatRequest] = []
        self.pieces = self.hang_ups = 0
        self.stopping = threading.Event()
        self._script = script
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply_to(self, request: ChatRequest) -> Reply:
        """Record a request and return the reply to it; past the end of the script, a 400, which no client tries again."""
        with self._lock:
            number = sum(earlier.path == PATH for earlier in self.requests)
            self.requests.append(request)
        if request.path != PATH:
            return Status(404, f"there is nothing at {request.path}")
        if callable(self._script):
            return self._script(request)
        if number >= len(self._script):
            return Status(400, f"the script ends after {number} replies")
        reply = self._script[number]
        return reply(request) if callable(reply) else reply


def connect(server: ChatServer, **settings: Any) -> Any:
    """Return the real client for the server, by LangChain's name; it tries nothing twice unless `max_retries` says so."""
    from langchain.chat_models import init_chat_model

    return init_chat_model("openai:scripted", **{"base_url": server.url, "api_key": "x", "max_retries": 0, **settings})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, chat: ChatServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.chat = chat

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what went wrong, unless a client hung up, which is what some tests are about."""
        if isinstance(sys.exc_info()[1], ConnectionError):
            self.chat.hang_ups += 1
        else:
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"  # an older one has no chunks, and a stream that is cut off would look complete

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the requests are recorded."""

    def _answer(self, body: Mapping[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = ChatRequest(self.path, headers, body)
        self._send(request, self.server.chat.reply_to(request))

    def _send(self, request: ChatRequest, reply: Reply) -> None:
        if isinstance(reply, Silence):
            self._keep_silent(request, reply)
        elif isinstance(reply, Status):
            error = {"message": reply.message, "type": KINDS.get(reply.code, "server_error"), "param": None, "code": None}
            self._send_body(json.dumps({"error": error}), reply.code, reply.headers)
        elif request.is_stream:
            self._send_events(request, reply)
        elif isinstance(reply, Raw):
            self._send_body(reply.body)
        else:
            self._send_body(json.dumps(_completion(request, reply)), share=0.5 if isinstance(reply, CutOff) else 1.0)
            self._wait(reply)

    def _wait(self, reply: Reply) -> None:
        """Let the time of a reply go by that has one."""
        if isinstance(reply, CutOff | Paced):
            self.server.chat.stopping.wait(reply.seconds)

    def _keep_silent(self, request: ChatRequest, reply: Silence) -> None:
        is_over = self.server.chat.stopping.wait(reply.seconds)
        if is_over or reply.then is None:
            self.close_connection = True
        else:
            self._send(request, reply.then)

    def _send_body(self, body: str, code: int = 200, headers: Mapping[str, str] | None = None, share: float = 1.0) -> None:
        """Send a body, or the first `share` of it under the length of all."""
        sent = body.encode()
        self._send_head(code, {"Content-Type": "application/json", "Content-Length": str(len(sent)), **(headers or {})})
        self.wfile.write(sent[: int(len(sent) * share)])

    def _send_events(self, request: ChatRequest, reply: Reply) -> None:
        events = [reply.body] if isinstance(reply, Raw) else [json.dumps(chunk) for chunk in _chunks(request, reply)]
        events.append("[DONE]")
        self._send_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        for event in events[: len(events) // 2] if isinstance(reply, CutOff) else events:
            if isinstance(reply, Paced):
                self._wait(reply)
            self._send_chunk(f"data: {event}\n\n")
            self.server.chat.pieces += 1
        if isinstance(reply, CutOff):
            self._wait(reply)
        else:
            self._send_chunk("")  # the end of the stream, without which the client knows that something is missing

    def _send_chunk(self, text: str) -> None:
        sent = text.encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(sent), sent))
        self.wfile.flush()

    def _send_head(self, code: int, headers: Mapping[str, str]) -> None:
        self.send_response(code)
        for name, value in {**headers, "Connection": "close"}.items():  # one request each: no thread waits for a second
            self.send_header(name, value)
        self.end_headers()


def _completion(request: ChatRequest, reply: Reply) -> dict[str, Any]:
    content, call = _content_and_call(request, reply)
    refusal = reply.text if isinstance(reply, Refusal) else None
    message = {"role": "assistant", "content": content, "tool_calls": [call] if call else None, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": _end(reply, call), "logprobs": None}
    return {**_envelope(request, "chat.completion"), "choices": [choice], "usage": _usage(request, content, call)}


def _chunks(request: ChatRequest, reply: Reply) -> Iterator[dict[str, Any]]:
    """Yield the pieces of a stream: the role, the text or the call word by word, why it ended, the usage if asked for."""
    envelope = _envelope(request, "chat.completion.chunk")

    def chunk(delta: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
        return {**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}]}

    content, call = _content_and_call(request, reply)
    yield chunk({"role": "assistant", "content": None if call else ""})
    if call:
        yield chunk({"tool_calls": [{**call, "index": 0, "function": {**call["function"], "arguments": ""}}]})
        for piece in _pieces(call["function"]["arguments"]):
            yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    for piece in _pieces(content or ""):
        yield chunk({"content": piece})
    if isinstance(reply, Refusal):
        yield chunk({"refusal": reply.text})
    yield chunk({}, _end(reply, call))
    if (request.body.get("stream_options") or {}).get("include_usage"):
        yield {**envelope, "choices": [], "usage": _usage(request, content, call)}


def _content_and_call(request: ChatRequest, reply: Reply) -> tuple[str | None, dict[str, Any] | None]:
    """Return the text and the tool call of a reply: one of the two, the other None."""
    if isinstance(reply, Paced):
        reply = reply.reply
    if isinstance(reply, Mapping):
        reply = ToolCall(request.demanded_tool, reply) if request.demanded_tool else json.dumps(reply)
    if isinstance(reply, ToolCall):
        arguments = reply.arguments if isinstance(reply.arguments, str) else json.dumps(reply.arguments)
        return None, {"id": "call_1", "type": "function", "function": {"name": reply.name, "arguments": arguments}}
    if isinstance(reply, Refusal):
        return None, None
    if isinstance(reply, CutOff | Ended):
        return reply.text, None
    assert isinstance(reply, str), f"{reply!r} is no reply"
    return reply, None


def _end(reply: Reply, call: Mapping[str, Any] | None) -> str:
    """Return the reason for which a reply ends."""
    return reply.reason if isinstance(reply, Ended) else "tool_calls" if call else "stop"


def _envelope(request: ChatRequest, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": request.body.get("model", "")}


def _usage(request: ChatRequest, content: str | None, call: Mapping[str, Any] | None) -> dict[str, int]:
    """Count words as tokens, so that a test can count them too."""
    asked = sum(len(request.said(role).split()) for role in {message["role"] for message in request.body["messages"]})
    replied = len((call["function"]["arguments"] if call else content or "").split())
    return {"prompt_tokens": asked, "completion_tokens": replied, "total_tokens": asked + replied}


def _pieces(text: str) -> list[str]:
    """Split a text into words with the white space after each, which together are the text."""
    return re.findall(r"\s*\S+\s*", text) or ([text] if text else [])
