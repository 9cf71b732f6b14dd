"""The types of kept conversations: each exchange, the whole, and what a list shows of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant.answer import Answer
from corpus.display import one_line, printable

TITLE_LENGTH = 80
"""Characters of the longest title."""

UNTITLED = "(no question)"
"""The title of a conversation none of whose questions says anything."""


@dataclass(frozen=True)
class KeptExchange:
    """One question and what became of it.

    Attributes:
        question: As it was typed.
        answer: The answer, as far as it came; None if there was none.
        failure: Why there is none, in words for the person who asked.
        searched_for: What to look up, as the person put it; empty if that was left to Footnote.
        stopped: Whether the person stopped it before it was whole.
        documents: Names of the documents it was limited to; None for all.
    """

    question: str
    answer: Answer | None = None
    failure: str = ""
    searched_for: str = ""
    stopped: bool = False
    documents: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Summary:
    """What a list shows of a conversation.

    Attributes:
        id: Its key.
        title: From its first question, or as the person put it; empty if it is damaged.
        created, changed: When, ISO 8601 in UTC; of a damaged one, when its file was last written.
        questions: How many there are.
        damage: Why it cannot be opened, in words for a person; empty if it can.
    """

    id: str
    title: str
    created: str
    changed: str
    questions: int
    damage: str = ""


@dataclass(frozen=True)
class Conversation:
    """A whole conversation.

    Attributes:
        summary: What a list shows of it.
        exchanges: Its questions, the oldest first.
    """

    summary: Summary
    exchanges: tuple[KeptExchange, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the conversation as a JSON object, to be handed out: its answers are those of every interface."""
        return {
            "title": self.summary.title,
            "created": self.summary.created,
            "changed": self.summary.changed,
            "exchanges": [
                asdict(replace(exchange, answer=None)) | {"answer": exchange.answer.to_json() if exchange.answer else None}
                for exchange in self.exchanges
            ],
        }


def short_title(text: str) -> str:
    """Return a title of this text: one line without control characters, cut at a word if it is long; empty if there is none."""
    line = one_line(printable(" ".join(text.lstrip()[: 8 * TITLE_LENGTH].split())))
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[: TITLE_LENGTH - 2]
    head = cut.rpartition(" ")[0] if not line[len(cut)].isspace() else cut
    return f"{(head if len(head) > TITLE_LENGTH // 2 else cut).rstrip(' ,;:')} …"  # a word without end is cut where it is


def title_of(exchanges: Iterable[KeptExchange]) -> str:
    """Return the title of a conversation that the person gave none: from the first question that says something."""
    return next((title for exchange in exchanges if (title := short_title(exchange.question))), UNTITLED)
