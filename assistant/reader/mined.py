"""Pairs as the reader will meet them: training questions looked up in an index of the training documents.

The passages are those that our own search finds, cut and headed as in any index, so that what is learned is to tell the one
that answers from those that come up beside it (mined hard negatives: Karpukhin et al., "Dense Passage Retrieval", EMNLP 2020).
"""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.reader.data import Example, Record
from assistant.reader.joint import context
from assistant.reader.medical import is_wrong, said_otherwise
from assistant.reader.sampling import answer_spans, holds_answer
from assistant.reader.windows import Span, overlaps
from corpus import Document, Passage, make_document
from index import Embedder, PassageIndex

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
