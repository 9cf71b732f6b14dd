"""A conversation as what was asked, and what was said to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.question import Turn
from assistant.talk.courtesies import without_courtesy


@dataclass(frozen=True)
class Exchange:
    """What a person said, and what is known of the answer.

    Attributes:
        asked: What was said, on one line.
        before: The conversation before it.
        searched_for: What was looked up for it; empty if that is not known.
        citations: The places that the answer cites; empty if they are not known or there are none.
    """

    asked: str
    before: tuple[Turn, ...]
    searched_for: str = ""
    citations: tuple[tuple[str, int, int], ...] = ()

    @property
    def question(self) -> str:
        """What was asked, without the courtesies around it."""
        return without_courtesy(self.asked)


def find_exchanges(history: Sequence[Turn]) -> list[Exchange]:
    """Return the exchanges of a conversation, oldest first; what the assistant said before any question is left out."""
    asked = [place for place, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
    found: list[Exchange] = []
    for place, following in zip(asked, [*asked, len(history)][1:], strict=True):
        replies = [turn for turn in history[place + 1 : following] if turn.role == "assistant"]
        citations = tuple(cited for reply in replies for cited in reply.citations)
        searched_for = next((reply.searched_for for reply in replies if reply.searched_for), "")
        found.append(Exchange(" ".join(history[place].content.split()), tuple(history[:place]), searched_for, citations))
    return found
