"""Records of the training sets, and the split that keeps whole titles, papers and diseases apart.

The files are those of `shared/training` (see its README). Rows are never split at random: a question on a title that was
trained on would measure memory.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.reader.spoken import Exchange
from assistant.reader.windows import Span, sentence_spans

SETS = ("squad2", "selqa", "qed", "covidqa", "policyqa", "medquad")
_HELD_SHARE = {"squad2": 0.15, "selqa": 0.12, "qed": 0.15, "covidqa": 0.15, "policyqa": 0.15, "medquad": 0.10}


@dataclass(frozen=True)
class Record:
    """One row of a training file: a question and a passage that does or does not answer it.

    `evidence` are character spans of `passage`; None where the set does not mark them (MedQuAD). `group` is what the
    split keeps together; `kind` is MedQuAD's question type, else empty. `before` is what a follow-up was asked after;
    `doubtful` are the words of the question for which it has no answer, in lower case, where they are known (see `twins`).
    """

    source: str
    group: str
    heading: str
    question: str
    passage: str
    answerable: bool
    evidence: tuple[Span, ...] | None
    answers: tuple[str, ...] = ()
    kind: str = ""
    before: tuple[Exchange, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """One training pair. Spans are characters of `text`; the model reads `heading + ": " + text`.

    `evidence` None means unmarked (its loss is left out); `answers` empty means no short answer is known.
    `tag` names how the pair was made, for figures by kind. `before` is read with the question (see `spoken`); `doubtful` as in
    `Record`.
    """

    source: str
    question: str
    heading: str
    text: str
    answerable: bool
    evidence: tuple[Span, ...] | None
    answers: tuple[Span, ...] = ()
    tag: str = ""
    before: tuple[Exchange, ...] = ()
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True)
class Split:
    """Records by set name, to train on and held back."""

    train: dict[str, list[Record]]
    held: dict[str, list[Record]]


@dataclass
class Passages:
    """Sentence spans by passage, computed once: splitting a paper for every question on it would take minutes."""

    _spans: dict[str, list[Span]] = field(default_factory=dict)

    def sentences(self, passage: str) -> list[Span]:
        """Sentence spans of `passage` (see `windows.sentence_spans`), from memory where it was asked before."""
        if passage not in self._spans:
            self._spans[passage] = sentence_spans(passage)
        return self._spans[passage]


def read_records(folder: Path, source: str) -> list[Record]:
    """The records of one set, in file order.

    Raises FileNotFoundError if the file is not there, KeyError or ValueError if a row is not of the documented form.
    """
    return [_record(source, row) for row in rows_of(folder / f"{source}.jsonl.gz")]


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a training file. Raises FileNotFoundError if it is not there."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def group_of(row: dict[str, Any]) -> str:
    """What the split keeps together: a disease, a title, or, without one, the paper by its beginning."""
    if "doc" in row:
        return str(row["doc"]).lower()
    title = row["title"].split(" / ")[0] or row["passage"][:120]
    return str(title).replace("_", " ").lower()


def _record(source: str, row: dict[str, Any]) -> Record:
    group = group_of(row)
    if source == "medquad":
        return Record(source, group, row["doc"], row["question"], row["passage"], True, None, (), row["qtype"])
    title = row["title"]
    return Record(
        source=source,
        group=group,
        heading=title.replace("_", " ").replace(" / ", " › "),
        question=row["question"],
        passage=row["passage"],
        answerable=row["answerable"],
        evidence=tuple((start, end) for start, end in row["evidence"]),
        answers=tuple(row["answers"]),
    )


def split_records(folder: Path, seed: int, sources: Sequence[str] = SETS) -> Split:
    """Read the sets and hold some titles back: about 12 % of each set, whole groups, the same for the same seed.

    SQuAD2 has 13 titles only, so two of middling size are drawn; elsewhere a hash of group and seed decides. A title held
    back in one set is held back in every set.
    """
    records = {source: read_records(folder, source) for source in sources}
    held_groups: set[str] = set()
    if "squad2" in records:
        held_groups.update(_middling_groups(records["squad2"], seed))
    for source, rows in records.items():
        if source != "squad2":
            held_groups.update(row.group for row in rows if _fraction(row.group, seed) < _HELD_SHARE[source])
    train: dict[str, list[Record]] = {}
    held: dict[str, list[Record]] = {}
    for source, rows in records.items():
        in_held = held_groups if source != "squad2" else set(_middling_groups(rows, seed))
        train[source] = [row for row in rows if row.group not in in_held]
        held[source] = [row for row in rows if row.group in in_held]
    return Split(train, held)


def _middling_groups(rows: Sequence[Record], seed: int) -> list[str]:
    sizes: dict[str, int] = {}
    for row in rows:
        sizes[row.group] = sizes.get(row.group, 0) + 1
    middling = [group for group, size in sorted(sizes.items()) if 0.05 <= size / len(rows) <= 0.10]
    return random.Random(seed).sample(middling or sorted(sizes), 2)


def _fraction(text: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed}:{text}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32
