"""A question of a conversation, and how it would be asked without one."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.terms.conversation import needed_terms


@dataclass(frozen=True)
class FollowUp:
    """One question of a conversation.

    Attributes:
        history: The turns before it, oldest first: whether a person said it, and what.
        question: As it was asked.
        rewrite: As it would stand alone.
        group: What the split keeps together.
    """

    history: tuple[tuple[bool, str], ...]
    question: str
    rewrite: str
    group: str = ""

    @property
    def terms(self) -> set[str]:
        """Stems of the history's words that `rewrite` has and `question` has not."""
        return needed_terms(self.question, [text for _, text in self.history], self.rewrite)

    def without_answers(self) -> FollowUp:
        """Return the same with what people said alone, as many conversations are handed on."""
        return FollowUp(tuple(turn for turn in self.history if turn[0]), self.question, self.rewrite, self.group)


def read_followups(path: Path) -> list[FollowUp]:
    """Return the follow-ups of a file in the form of `shared/benchmarks/followups` or CANARD, gzip or not.

    :raises OSError: it cannot be read.
    :raises ValueError: a line is not of that form.
    """
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [_followup(json.loads(line)) for line in lines]


def _followup(row: dict[str, Any]) -> FollowUp:
    history = tuple((turn["role"] == "user", " ".join(turn["content"].split())) for turn in row["history"])
    group = "/".join(row.get("topic", ()))
    return FollowUp(history, " ".join(row["question"].split()), " ".join(row["rewrite"].split()), group)
