"""Pairs as the reader will meet them: training questions looked up in an index of the training documents.

    python -m assistant.reader.mined --data ../shared/training --output MINED.jsonl.gz

The passages are those that our own search finds, cut and headed as in any index, so that what is learned is to tell the one
that answers from those that come up beside it (mined hard negatives: Karpukhin et al., "Dense Passage Retrieval", EMNLP 2020).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.reader.data import Example, Record, rows_of, split_records
from assistant.reader.joint import context
from assistant.reader.medical import is_wrong, said_otherwise
from assistant.reader.sampling import answer_spans, holds_answer
from assistant.reader.windows import Span, overlaps
from corpus import Document, Passage, make_document
from index import Embedder, PassageIndex, SentenceTransformerEmbeddings, Settings
from index.commands import run

_FOUND = 5  # passages of a question that are looked at
_WRONG = 2  # of them, those that do not answer and are learned from
_MOST = {"medquad": 700, "policyqa": 600}  # questions of a set; of others all
_SECTION = 1500  # characters of a MedQuAD section, as in the documents that the calibration asks
_LEAST_SHARE = 0.8  # of a stretch of evidence, to call a passage right


@dataclass(frozen=True)
class _Place:
    """Where a record's passage stands."""

    document: str
    start: int


def mined_examples(records: Mapping[str, Sequence[Record]], embedder: Embedder, seed: int) -> list[Example]:
    """Return pairs of all sets: for each question the passage with its evidence, if it was found, and what was found beside it.

    Every set's documents are indexed in a temporary folder, which takes minutes.
    """
    made: list[Example] = []
    for source in sorted(source for source, rows in records.items() if rows):
        rng = random.Random(f"{seed}/mined/{source}")
        asked = rng.sample(list(records[source]), min(len(records[source]), _MOST.get(source, len(records[source]))))
        groups = {record.group for record in asked}
        rows = [record for record in records[source] if record.group in groups]
        documents, places = _documents(source, rows)
        with tempfile.TemporaryDirectory() as folder:
            index = PassageIndex(Path(folder, source), embedder, create=True)
            index.add(documents)
            for record in asked:
                made.extend(_pairs(record, rows, places, index, rng))
            index.close()
    return made


def _documents(source: str, records: Sequence[Record]) -> tuple[list[Document], dict[str, _Place]]:
    """Make a document of each group's passages; return them with the place of each passage."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record.group].append(record)
    documents, places = [], {}
    for number, rows in enumerate(groups.values()):
        name = f"{source}/{number}"
        text = rows[0].heading.split(" › ")[0]
        for record in rows:
            if record.passage not in places:
                text += "\n\n"
                places[record.passage] = _Place(name, len(text))
                text += record.passage[:_SECTION] if source == "medquad" else record.passage
        documents.append(make_document(name, text))
    return documents, places


def _pairs(
    record: Record, records: Sequence[Record], places: Mapping[str, _Place], index: PassageIndex, rng: random.Random
) -> Iterator[Example]:
    place = places[record.passage]
    # Where the documents are short, what is found elsewhere is the harder.
    within = None if record.source in ("selqa", "qed") and rng.random() < 0.5 else [place.document]
    question = said_otherwise(record, rng) if record.source == "medquad" else record.question
    found = index.search(question, _FOUND, documents=within)
    wrong: list[Example] = []
    for item in found:
        example = _pair(replace(record, question=question), item.passage, item.document, place, records, places)
        if example is None:
            continue
        if example.answerable:
            yield example
        else:
            wrong.append(example)
    # The better a passage was found, the more it can mislead.
    yield from wrong[: _WRONG if record.answerable else 1]


def _pair(
    record: Record,
    passage: Passage,
    document: str,
    place: _Place,
    records: Sequence[Record],
    places: Mapping[str, _Place],
) -> Example | None:
    """Return the pair of a question and a passage; None where it is not known whether that answers."""
    heading, text, sentences = context(passage)
    if not sentences:
        return None
    start = passage.sentences[0][0]
    nothing = Example(record.source, record.question, heading, text, False, (), (), "mined")
    if not record.answerable:
        return nothing
    if record.evidence is None:
        return _by_section(record, nothing, passage, document, place, records, places)
    inside: list[Span] = []
    for first, last in record.evidence if document == place.document else ():
        span = (max(first + place.start, start), min(last + place.start, start + len(text)))
        if span[0] >= span[1]:
            continue
        if span[1] - span[0] < _LEAST_SHARE * (last - first):
            return None
        inside.append((span[0] - start, span[1] - start))
    if not inside:
        return None if holds_answer(record, text) else nothing
    asked = replace(record, passage=text)  # where the answers are looked for
    return replace(
        nothing, answerable=True, evidence=tuple(inside), answers=tuple(answer_spans(asked, inside)), tag="mined, right"
    )


def _by_section(
    record: Record,
    nothing: Example,
    passage: Passage,
    document: str,
    place: _Place,
    records: Sequence[Record],
    places: Mapping[str, _Place],
) -> Example | None:
    """MedQuAD's evidence is unmarked: the beginning of a section answers its question, sections of other types do not."""
    span = (passage.start, passage.end)
    own = (place.start, place.start + len(record.passage[:_SECTION]))
    if document != place.document:
        return None
    if overlaps(span, own):
        is_first = passage.sentences[0][0] <= own[0] + 5 and span[1] <= own[1] + 5
        return replace(nothing, answerable=True, evidence=None, tag="mined, right") if is_first else None
    beside = [
        other
        for other in records
        if other.group == record.group
        and places[other.passage].document == document
        and overlaps(span, (places[other.passage].start, places[other.passage].start + len(other.passage[:_SECTION])))
    ]
    return nothing if beside and all(is_wrong(record, other) for other in beside) else None


def read_mined(path: Path) -> list[Example]:
    """Return the pairs of a file that the command wrote.

    :raises FileNotFoundError: there is none.
    """
    return [_example(row) for row in rows_of(path)]


def _example(row: dict[str, Any]) -> Example:
    evidence, answers = (
        None if row[name] is None else tuple((start, end) for start, end in row[name]) for name in ("evidence", "answers")
    )
    return Example(**(row | {"evidence": evidence, "answers": answers or ()}))


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m assistant.reader.mined", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with the *.jsonl.gz training sets")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="for assistant.reader.train --mined")
    parser.add_argument("--seed", type=int, default=7, help="that of the training: titles held back there are left out")
    options = parser.parse_args(arguments)
    embedder = SentenceTransformerEmbeddings(Settings().embedder)
    made = mined_examples(split_records(options.data, options.seed).train, embedder, options.seed)
    with gzip.open(options.output, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(example)) + "\n" for example in made)
    sys.stdout.write(f"{options.output}: {len(made)} pairs, {sum(example.answerable for example in made)} with an answer\n")
    return 0


if __name__ == "__main__":
    sys.exit(run(main))
