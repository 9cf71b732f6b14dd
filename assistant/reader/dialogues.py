"""Questions of conversations about one subject, as pairs to learn from: the set CANARD, written out and with its answers.

Each turn's answer stands in the history of the next one. The answers of a conversation, put together, are a passage on its
subject; one turn asks about it, with its own answer in it or left out. "I don't know." means that the article did not say.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.reader.data import Example, rows_of
from assistant.reader.spoken import Exchange
from assistant.reader.windows import Span, overlap

CANARD = "canard"
_UNKNOWN = "I don't know."
_FEWEST = 3  # answers that make a passage
_SAME = 0.5  # share of an answer's words that make another one answer as well
_AS_ASKED = 0.5  # share of the questions that are not written out
_ENDS = ".!?;:\"')"


@dataclass(frozen=True)
class Turn:
    """A question of a conversation.

    Attributes:
        question: As it would stand alone.
        answer: None if there was none.
        asked: The question as it was asked.
        before: What was asked and answered before it.
    """

    question: str
    answer: str | None
    asked: str = ""
    before: tuple[Exchange, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """What was asked of one section of an article."""

    heading: str
    turns: tuple[Turn, ...]


def read_dialogues(folder: Path) -> list[Dialogue]:
    """Return the conversations of `canard.jsonl.gz` in `folder`, without each one's last turn, whose answer is not given.

    :raises FileNotFoundError: the file is not there.
    """
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(folder / f"{CANARD}.jsonl.gz"):
        rows[row["id"].rpartition("#")[0]].append(row)
    return [_dialogue(sorted(turns, key=lambda row: len(row["history"]))) for turns in rows.values()]


def _dialogue(rows: Sequence[dict[str, Any]]) -> Dialogue:
    topic = rows[0]["topic"]
    turns = []
    for row, following in zip(rows, rows[1:], strict=False):
        history = following["history"]
        if len(history) < 2 or history[-2]["content"] != row["question"]:
            continue
        answer = history[-1]["content"].strip()
        turns.append(Turn(row["rewrite"], None if answer == _UNKNOWN else answer, row["question"], _exchanges(row["history"])))
    return Dialogue(" › ".join(topic), tuple(turns))


def _exchanges(history: Sequence[dict[str, str]]) -> tuple[Exchange, ...]:
    said = [turn["content"].strip() for turn in history]
    return tuple(zip(said[::2], said[1::2], strict=False))


def dialogue_examples(dialogues: Sequence[Dialogue], passages_of: int, rng: random.Random) -> list[Example]:
    """Return the pairs of one epoch: each answered question with its answer among others, and half of them again without it.

    Half of the questions stand as they were asked, after what was said before.

    :param passages_of: The most characters of a passage; it is drawn anew between a third of it and all of it.
    """
    made: list[Example | None] = []
    for dialogue in dialogues:
        for turn in dialogue.turns:
            made.append(_example(dialogue, turn, turn.answer is not None, passages_of, rng))
            if turn.answer is not None and rng.random() < 0.5:
                made.append(_example(dialogue, turn, False, passages_of, rng))
    return [example for example in made if example is not None]


def _example(dialogue: Dialogue, turn: Turn, answerable: bool, most: int, rng: random.Random) -> Example | None:
    own = turn.answer or ""
    others = list(dict.fromkeys(other.answer for other in dialogue.turns if other.answer and other is not turn))
    others = [other for other in others if max(overlap(own, other), overlap(other, own)) < _SAME]
    if len(others) < _FEWEST:
        return None
    rng.shuffle(others)
    limit = rng.randint(most // 3, most)
    chosen = [own] if answerable else []
    for other in others:
        if sum(map(len, chosen)) + len(other) <= limit or len(chosen) < 2:
            chosen.append(other)
    rng.shuffle(chosen)
    text, evidence = _joined(chosen, own)
    tag = "right" if answerable else "own" if turn.answer is None else "rest"
    example = Example(CANARD, turn.question, dialogue.heading, text, answerable, evidence if answerable else (), (), tag)
    if turn.before and rng.random() < _AS_ASKED:
        return replace(example, question=turn.asked, before=turn.before)
    return example


def _joined(answers: Sequence[str], own: str) -> tuple[str, tuple[Span, ...]]:
    text, evidence = "", []
    for answer in answers:
        sentence = answer[:1].upper() + answer[1:]
        sentence = sentence.rstrip(",; ")
        sentence += "" if sentence[-1:] in _ENDS else "."
        text += " " if text else ""
        if answer == own:
            evidence.append((len(text), len(text) + len(sentence)))
        text += sentence
    return text, tuple(evidence)
