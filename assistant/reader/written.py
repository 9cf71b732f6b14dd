"""Questions written for this reader: in other words than the passage's, or sounding like it without being answered.

People who label a passage ask with its words. These were written, passage by passage, to be unlike that; each has a kind (see
`KINDS`). The passages are stretches of the training sets, named by a digest, since those sets are not ours to keep, or our own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.reader.data import SETS, Record, rows_of
from assistant.reader.twins import changed_words
from corpus.errors import CaseError

WRITTEN = "written"
"""The name of the set, as `data.SETS` has the others'."""

FOLLOW_UPS = "follow-ups"
"""The name of the set of questions in conversations."""

QUESTIONS_FOLDER = Path(__file__).parent / "questions"
"""Holds `train.jsonl`, `held.jsonl`: one passage a line, with its questions; and `follow-ups-train.jsonl` and so on, with its
conversations."""

KINDS = {
    "d": "direct",
    "w": "other words",
    "s": "several sentences, yes or no, a comparison",
    "p": "false premise",
    "n": "near miss, or an answered question with one thing changed",
    "o": "another thing of the same kind, or another property",
}
"""What the letters mean; the first three have an answer."""

ANSWERED = frozenset("dws")


def read_written(data: Path, name: str, questions: Path = QUESTIONS_FOLDER) -> list[Record]:
    """Return the questions of `name` ("train" or "held") as records of the source `WRITTEN`, in file order.

    :param data: Folder with the training sets, for the passages.
    :raises FileNotFoundError: a training set is missing.
    :raises CaseError: the file of questions is missing, or a passage is not in the training sets.
    """
    rows = read_rows(questions / f"{name}.jsonl")
    passages = _passages(data) if any("parts" in row for row in rows) else {}
    return [record for row in rows for record in _records(row, passages)]


def read_follow_ups(name: str, questions: Path = QUESTIONS_FOLDER) -> list[Record]:
    """Return the follow-ups of `name` ("train" or "held") as records of the source `FOLLOW_UPS`, in file order.

    Each comes as it was asked, after what was said before, and where it asks something, written out as well. What asks nothing
    ("thanks") has no answer.

    :raises CaseError: the file is missing.
    """
    rows = read_rows(questions / f"{FOLLOW_UPS}-{name}.jsonl")
    return [record for row in rows for one in row["follow_ups"] for record in _follow_up(row, one)]


def _follow_up(row: dict[str, Any], one: dict[str, Any]) -> Iterator[Record]:
    text, evidence = row["text"], tuple((start, end) for start, end in one["evidence"])
    before = tuple((asked, " ".join(text[start:end] for start, end in spans)) for asked, spans in one["before"])
    record = Record(FOLLOW_UPS, row["group"], row["heading"], one["question"], text, bool(evidence), evidence, before=before)
    yield record
    yield replace(record, question=one["full"] or one["question"], before=())


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of questions.

    :raises CaseError: it is missing.
    """
    if not path.is_file():
        raise CaseError(f"There is no {path}. The questions written for the reader come with a checkout, not with the package.")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def digest(passage: str) -> str:
    """Return what a training set's passage is named by: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(passage.encode()).hexdigest()[:16]


def _passages(data: Path) -> dict[str, str]:
    texts = (row["passage"] for name in SETS for row in rows_of(data / f"{name}.jsonl.gz"))
    return {digest(text): text for text in texts}


def _records(row: dict[str, Any], passages: Mapping[str, str]) -> Iterator[Record]:
    text = row["text"] if "text" in row else "\n".join(_part(passages, *part) for part in row["parts"])
    answered = [one["question"] for one in row["questions"] if one["evidence"]]
    for one in row["questions"]:
        evidence = tuple((start, end) for start, end in one["evidence"])
        record = Record(WRITTEN, row["group"], row["heading"], one["question"], text, bool(evidence), evidence, (), one["kind"])
        yield record if evidence else replace(record, doubtful=changed_words(record.question, answered))


def _part(passages: Mapping[str, str], key: str, start: int, end: int) -> str:
    if key not in passages:
        raise CaseError(
            f"A question was written on a passage with the digest {key}, which none of the training sets has "
            f"({', '.join(SETS)}). Give --data the folder that the questions were written on."
        )
    return passages[key][start:end]
