"""What is sent to a chat model: the question and the passages as data, as many as its window holds."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.generative.prompt import FORM, PROMPT, REMINDER, delimited
from corpus.errors import ChatModelError
from index import Retrieved

MOST_PASSAGES = 10
"""More are not sent, however large the window: what answers is among the first, and each costs time and money."""

_REPLY_SHARE, _LONGEST_REPLY = 4, 2000
"""Of the window, a fourth is kept for the reply, and no more tokens than this."""


@dataclass(frozen=True)
class Request:
    """What one question comes to.

    Attributes:
        data: The message with the question and the passages.
        passages: The passages sent, by the ids under which the model knows them.
    """

    data: str
    passages: Mapping[str, Retrieved]

    def messages(self, *, is_reminder: bool = False) -> list[BaseMessage]:
        """Return the messages to send.

        :param is_reminder: Whether to insist on the form.
        """
        rules = f"{PROMPT}\n\n{REMINDER}" if is_reminder else PROMPT
        return [SystemMessage(rules), HumanMessage(self.data)]

    def without_ids(self, text: str) -> str:
        """Return a statement without the ids that a model may have put into it: they mean nothing to a person."""
        ids = "|".join(map(re.escape, self.passages))
        return re.sub(rf"\s*[\[(]?\b(?:{ids})\b(?:,\s*(?:{ids})\b)*[\])]?", "", text).strip()


def make_request(
    question: str, asked_as: str, retrieved: Sequence[Retrieved], window: int, count: Callable[[str], int]
) -> Request:
    """Return the request with the best passages, as many as fit: what does not is left out from the end.

    :param question: What was looked up.
    :param asked_as: How it was asked, before the conversation was taken into account.
    :param window: Tokens that the model takes, with its reply.
    :param count: Returns the tokens of a text.
    :raises ChatModelError: not even one passage fits.
    """
    passages = _named(retrieved[:MOST_PASSAGES])
    rules = count(PROMPT + REMINDER + json.dumps(FORM))
    room = window - min(window // _REPLY_SHARE, _LONGEST_REPLY) - rules
    for number in range(len(passages), 0, -1):
        kept = dict(list(passages.items())[:number])
        data = delimited(_data(question, asked_as, kept))
        if count(data) <= room:
            return Request(data, kept)
    raise ChatModelError(
        f"The context is too small: {window:,} tokens do not hold the rules, the question, one passage and a reply. If the "
        "model's window is larger, set FOOTNOTE_CONTEXT to it; otherwise take a model with a larger one."
    )


def _data(question: str, asked_as: str, passages: Mapping[str, Retrieved]) -> dict[str, Any]:
    listed = [
        {"id": name, "document": item.document, "heading": item.passage.heading, "text": item.passage.text}
        for name, item in passages.items()
    ]
    return {"question": question} | ({"asked_as": asked_as} if asked_as != question else {}) | {"passages": listed}


def _named(retrieved: Sequence[Retrieved]) -> dict[str, Retrieved]:
    """Return the passages by ids that are new in each request and occur in no passage: none can pass for another."""
    text = "\n".join(f"{item.document}\n{item.passage.heading}\n{item.passage.text}" for item in retrieved)
    while (tag := secrets.token_hex(2)) in text:
        pass
    return {f"{tag}-{number}": item for number, item in enumerate(retrieved, 1)}
