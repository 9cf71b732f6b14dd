"""Asks a chat model, and yields what it states while the reply comes; says what went wrong where it did."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, cast

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.runnables import Runnable

from assistant.generative.chat import ChatModel
from assistant.generative.models import is_refused_form, shortened
from assistant.generative.reply import ReplyReader
from assistant.generative.request import Request
from assistant.verification import Claim
from corpus.errors import ChatModelError, ChatReplyError

_ENDS = ("finish_reason", "stop_reason", "done_reason")
"""Where the providers say why a reply ended."""

_TOO_LONG = frozenset({"length", "max_tokens", "model_length", "model_context_window_exceeded"})
_REFUSED = frozenset({"content_filter", "refusal", "safety", "recitation", "blocklist", "prohibited_content", "spii"})
"""Their words for it, in lower case."""

_RAISED = {"LengthFinishReasonError": "length", "ContentFilterFinishReasonError": "content_filter"}
"""OpenAI's client raises these at the end of a reply that it was to hold to a form, where it otherwise says why it ended."""


class _FormRefusedError(ChatModelError):
    """The provider did not take the request in this form."""


class Asking:
    """One question to a chat model: two requests at most.

    Attributes:
        raw: The reply, as far as it has come.
        cut: Why it ended too early, in words for a person; empty if it did not.
    """

    def __init__(self, chat: ChatModel, request: Request) -> None:
        self.raw = ""
        self.cut = ""
        self._chat = chat
        self._request = request
        self._end = ""
        self._refusal = ""

    def claims(self) -> Generator[Claim]:
        """Yield each statement as soon as it is complete. To close the iterator ends the request.

        A request that the provider does not take in its form is made again in words alone, and so is one whose reply cannot
        be read, once.

        :raises ChatModelError: the model cannot be asked, or does not answer.
        :raises ChatReplyError: its reply was refused, or cut off before the first statement, or cannot be read.
        """
        forms = self._chat.forms()
        for number, form in enumerate(forms):
            reader = ReplyReader()
            try:
                yield from self._read(form, reader, is_reminder=number > 0)
            except _FormRefusedError as refused:
                if form is forms[-1]:
                    raise ChatModelError(str(refused)) from refused
            else:
                if self._settle(reader):
                    return
        raise ChatReplyError(
            "The chat model's reply is not the JSON that was asked for, twice. Ask again, or take another model. "
            f"The reply: {shortened(self.raw)!r}"
        )

    def _read(self, form: Runnable[Any, Any], reader: ReplyReader, *, is_reminder: bool) -> Iterator[Claim]:
        """Yield the statements of one request's reply.

        :raises ChatModelError: there was none.
        """
        try:
            with closing(self._pieces(form, is_reminder)) as pieces:
                for piece in pieces:
                    for claim in reader.feed(piece):
                        yield Claim(self._request.without_ids(claim.text), claim.quotes)
        except ChatModelError as failure:
            if not reader.text:
                raise
            self.cut = str(failure)
        finally:
            self.raw = self._chat.hide(reader.text)

    def _pieces(self, form: Runnable[Any, Any], is_reminder: bool) -> Generator[str]:
        """Yield the pieces of a reply.

        :raises ChatModelError: it did not come, or broke off.
        """
        self._end = self._refusal = self.cut = ""
        try:
            # The type of a runnable does not say so, but its stream is a generator: to close it closes the connection.
            with closing(cast(Generator[AIMessage], form.stream(self._request.messages(is_reminder=is_reminder)))) as messages:
                for message in messages:
                    yield self._piece(message)
        except Exception as error:  # each provider's client has errors of its own, below no common root
            if (name := type(error).__name__) in _RAISED:
                self._end = _RAISED[name]
                return
            kind = _FormRefusedError if is_refused_form(error) else ChatModelError
            raise kind(self._chat.explain(error)) from error

    def _piece(self, message: AIMessage) -> str:
        """Return what a message, or a piece of one, adds to the reply: to its text, or to the arguments of its one call."""
        told = message.response_metadata
        self._end = next((str(told[key]).lower() for key in _ENDS if told.get(key)), self._end)
        self._refusal += str(message.additional_kwargs.get("refusal") or "")
        if isinstance(message, AIMessageChunk):
            called = "".join(call["args"] or "" for call in message.tool_call_chunks)
        else:  # of a model that does not stream
            called = "".join(json.dumps(call["args"]) for call in message.tool_calls)
            called += "".join(call["args"] or "" for call in message.invalid_tool_calls)
        return str(message.text) + called

    def _settle(self, reader: ReplyReader) -> bool:
        """Note whether the reply was cut off, and return whether it can be used; False to ask again.

        :raises ChatReplyError: it was refused, or cut off before the first statement.
        """
        if reader.is_whole:
            self.cut = ""  # what is missing is the end of what surrounds the statements
            return reader.claims > 0 or reader.objects == 0
        early = self.cut or self._early_end()
        if early and not reader.claims:
            raise ChatReplyError(early)
        if reader.claims:
            self.cut = early or "The chat model's reply broke off. Ask again, or take another model."
        return reader.claims > 0

    def _early_end(self) -> str:
        """Return why the provider ended the reply, if that was too early."""
        if self._refusal or self._end in _REFUSED:
            said = f" It said: {shortened(self._chat.hide(self._refusal))!r}" if self._refusal else ""
            return f"The chat model refused to answer, or its provider's filter did. Ask in other words.{said}"
        if self._end in _TOO_LONG:
            return "The chat model's reply was cut off: it is longer than the model may write. Ask for less at a time."
        return ""
