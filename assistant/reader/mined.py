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
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.reader.data import Example, Record, rows_of, split_records
from assistant.reader.joint import context
from assistant.reader.medical import is_wrong, said_otherwise
from assistant.reader.sampling import answer_spans, holds_answer
from assistant.reader.windows import Span, overlaps
from corpus import Document, make_document
from index import Embedder, PassageIndex, Retrieved, SentenceTransformerEmbeddings, Settings
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
    span: Span


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
        documents, shelf = _documents(source, rows)
        with tempfile.TemporaryDirectory() as folder:
            index = PassageIndex(Path(folder, source), embedder, create=True)
            index.add(documents)
            for record in asked:
                made.extend(shelf.pairs(record, index, rng))
            index.close()
    return made


def _documents(source: str, records: Sequence[Record]) -> tuple[list[Document], _Shelf]:
    """Make a document of each group's passages; return them with what stands where."""
    shelf = _Shelf(defaultdict(list))
    for record in records:
        shelf.groups[record.group].append(record)
    documents = []
    for number, rows in enumerate(shelf.groups.values()):
        name = f"{source}/{number}"
        text = rows[0].heading.split(" › ")[0]
        for record in rows:
            if record.passage not in shelf.places:
                shown = record.passage[:_SECTION] if source == "medquad" else record.passage
                start = len(text) + 2
                shelf.places[record.passage] = _Place(name, (start, start + len(shown)))
                text += f"\n\n{shown}"
        documents.append(make_document(name, text))
    return documents, shelf


@dataclass
class _Shelf:
    """The records of one set by group, and the places of their passages."""

    groups: dict[str, list[Record]]
    places: dict[str, _Place] = field(default_factory=dict)

    def pairs(self, record: Record, index: PassageIndex, rng: random.Random) -> Iterator[Example]:
        """Yield the pairs of a record's question and what is found for it."""
        # Where the documents are short, what is found elsewhere is the harder.
        is_wide = record.source in ("selqa", "qed") and rng.random() < 0.5
        question = said_otherwise(record, rng) if record.source == "medquad" else record.question
        found = index.search(question, _FOUND, documents=None if is_wide else [self.places[record.passage].document])
        wrong: list[Example] = []
        for item in found:
            example = self._pair(replace(record, question=question), item)
            if example is not None and example.answerable:
                yield example
            elif example is not None:
                wrong.append(example)
        # The better a passage was found, the more it can mislead.
        yield from wrong[: _WRONG if record.answerable else 1]

    def _pair(self, record: Record, item: Retrieved) -> Example | None:
        """Return the pair of a question and a passage; None where it is not known whether that answers."""
        heading, text, sentences = context(item.passage)
        if not sentences:
            return None
        nothing = Example(record.source, record.question, heading, text, False, (), (), "mined")
        if not record.answerable:
            return nothing
        if record.evidence is None:
            return self._by_section(record, nothing, item)
        place, start = self.places[record.passage], item.passage.sentences[0][0]
        inside: list[Span] = []
        for first, last in record.evidence if item.document == place.document else ():
            span = (max(first + place.span[0], start), min(last + place.span[0], start + len(text)))
            if span[0] >= span[1]:
                continue
            if span[1] - span[0] < _LEAST_SHARE * (last - first):
                return None
            inside.append((span[0] - start, span[1] - start))
        if not inside:
            return None if holds_answer(record, text) else nothing
        answers = answer_spans(replace(record, passage=text), inside)  # they are looked for in this text
        return replace(nothing, answerable=True, evidence=tuple(inside), answers=tuple(answers), tag="mined, right")

    def _by_section(self, record: Record, nothing: Example, item: Retrieved) -> Example | None:
        """MedQuAD's evidence is unmarked: the beginning of a section answers its question, sections of other types do not."""
        place, span = self.places[record.passage], (item.passage.start, item.passage.end)
        if item.document != place.document:
            return None
        if overlaps(span, place.span):
            is_first = item.passage.sentences[0][0] <= place.span[0] + 5 and span[1] <= place.span[1] + 5
            return replace(nothing, answerable=True, evidence=None, tag="mined, right") if is_first else None
        beside = [other for other in self.groups[record.group] if overlaps(span, self.places[other.passage].span)]
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
