"""Whole conversations written for the reader, on documents of several sections: what is asked next may be answered in another.

Both networks learn from them: this one to read a follow-up after what was said before it, the term selector
(`assistant.terms`) which words of that it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from assistant.reader.data import Record
from assistant.reader.spoken import Exchange
from assistant.reader.written import FOLLOW_UPS, QUESTIONS_FOLDER, read_rows

CONVERSATIONS = "conversations"
"""Name of the files: `conversations-train.jsonl` and so on, a document a line."""

Place = tuple[int, int, int]
"""A sentence that answers: the number of its section from 0, its beginning and its end there."""


@dataclass(frozen=True)
class Turn:
    """A question of a conversation.

    Attributes:
        question: As it was asked.
        full: The same as it would be asked without a conversation before it.
        evidence: The sentences that answer it, none where the document does not say.
        before: What was asked and answered before, oldest first; the answer is empty where there was none.
        doubtful: The words, in lower case, for which it has no answer, where they are known (see `twins`).
    """

    question: str
    full: str
    evidence: tuple[Place, ...]
    before: tuple[Exchange, ...]
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """A conversation on one document.

    Attributes:
        group: The document's name.
        sections: Heading and text of each of its sections.
        turns: The questions, in their order.
        unanswered: What might have been asked instead after a turn, and has no answer, with the number of the turn from 0.
    """

    group: str
    sections: tuple[tuple[str, str], ...]
    turns: tuple[Turn, ...]
    unanswered: tuple[tuple[int, Turn], ...] = ()


def read_conversations(name: str, questions: Path = QUESTIONS_FOLDER) -> list[Conversation]:
    """Return the conversations of `name` ("train" or "held"), in file order.

    :raises CaseError: the file is missing.
    """
    found: list[Conversation] = []
    for row in read_rows(questions / f"{CONVERSATIONS}-{name}.jsonl"):
        sections = tuple((heading, text) for heading, text in row["sections"])
        for number, asked in enumerate(row["conversations"]):
            turns: list[Turn] = []
            before: tuple[Exchange, ...] = ()
            said_after: list[tuple[Exchange, ...]] = []
            for question, full, evidence in asked:
                turns.append(Turn(question, full, tuple((at, start, end) for at, start, end in evidence), before))
                said = " ".join(" ".join(sections[at][1][start:end].split()) for at, start, end in evidence)
                before = (*before, (question, said))
                said_after.append(before)
            unanswered = tuple(
                (at, Turn(question, full, (), said_after[at], tuple(doubtful)))
                for conversation, at, question, full, doubtful in row.get("unanswered", ())
                if conversation == number
            )
            found.append(Conversation(row["group"], sections, tuple(turns), unanswered))
    return found


def follow_up_records(conversations: list[Conversation]) -> Iterator[Record]:
    """Yield the follow-ups of conversations as records of the source `FOLLOW_UPS`, once for each section that answers.

    Each comes as it was asked, after what was said before, and written out; one without an answer on the section that answered
    last.
    """
    for conversation in conversations:
        last = 0
        for at, turn in enumerate(conversation.turns):
            if turn.before:
                yield from _records(conversation, turn, last)
            last = turn.evidence[-1][0] if turn.evidence else last
            for after, instead in conversation.unanswered:
                if after == at:
                    yield from _records(conversation, instead, last)


def _records(conversation: Conversation, turn: Turn, last: int) -> Iterator[Record]:
    sections = {at: [*places] for at, places in groupby(sorted(turn.evidence), key=lambda place: place[0])} or {last: []}
    for at, places in sections.items():
        heading, text = conversation.sections[at]
        evidence = tuple((start, end) for _, start, end in places)
        asked = Record(
            FOLLOW_UPS,
            conversation.group,
            heading,
            turn.question,
            text,
            bool(evidence),
            evidence,
            before=turn.before[-2:],
            doubtful=turn.doubtful,
        )
        yield asked
        yield replace(asked, question=turn.full, before=())
