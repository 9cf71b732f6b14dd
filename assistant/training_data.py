"""The labelled questions of `../shared/training` as documents and questions, the way a person would meet them.

The sets come as single passages; here the passages of one title become one document, so that a question has to find its
answer among its neighbours. A question without an answer is one that its authors wrote to have none (SQuAD 2.0), one
whose section or sentences were left out of the document, or one asked of documents that it does not belong to. Only titles
on which the reader was not trained are used (see `reader.data.split_records`).
"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.question import Question
from assistant.reader.augment import as_typed
from assistant.reader.data import SETS, Record, group_of, split_records
from assistant.reader.windows import overlaps, sentence_spans
from assistant.reader.written import QUESTIONS_FOLDER, WRITTEN, read_written
from corpus import Document, Span, find_files, load_document, make_document
from corpus.errors import CaseError

MOST_TITLES = 12
"""Documents made of a set: embedding more takes minutes and adds few questions."""

_LEAST_REST = 150  # characters of a passage whose answer was cut out

_NEAR_MISSES_ONLY = ("squad2", "medquad")  # every question of theirs without an answer is about its document's subject
_SEARCHED = "qed"  # the set of questions that people searched for, on anything

SPLIT_SEED = 7
"""The seed of the shipped reader's training."""


@dataclass(frozen=True)
class LabelledQuestion:
    """A question of which it is known whether its documents answer it, and where.

    Attributes:
        source: Name of the set.
        group: What questions must share a side of a split by: the subject.
        question: As it was asked.
        documents: Names of the documents to look in; None for all of the set's.
        answerable: Whether they answer it.
        evidence: (document name, start, end) of what answers it; empty where that is not known to the sentence.
        answers: Short answers, as the set gives them.
    """

    source: str
    group: str
    question: str
    documents: tuple[str, ...] | None
    answerable: bool
    evidence: tuple[tuple[str, int, int], ...] = ()
    answers: tuple[str, ...] = ()


@dataclass
class LabelledSet:
    """Documents with their questions."""

    name: str
    documents: list[Document] = field(default_factory=list)
    questions: list[LabelledQuestion] = field(default_factory=list)


def read_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of one set.

    :raises CaseError: the file is missing.
    """
    path = folder / f"{name}.jsonl.gz"
    if not path.is_file():
        raise CaseError(f"There is no {path}. --data is the folder with the training sets ({', '.join(SETS)}).")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def labelled_sets(
    folder: Path, most: int, seed: int, split_seed: int = SPLIT_SEED, written: Path = QUESTIONS_FOLDER
) -> Iterator[LabelledSet]:
    """Yield each set with at most `most` questions, half of them (where a set has both kinds) without an answer.

    The last is of the questions written for the reader (see `reader.written`), on passages of all sets.

    The questions are as people type them (`reader.augment.as_typed`). Those without an answer are of two kinds, about half
    each: about what the documents are about, and about something else.

    :param split_seed: The seed with which the reader was trained: its held-back titles are used.
    :param written: Folder of the questions written for the reader.
    :raises CaseError: a file is missing, or passages of the written questions are.
    """
    rows_by_name = {name: read_rows(folder, name) for name in SETS}
    held = split_records(folder, split_seed, SETS).held
    elsewhere = sorted({record.question for record in held[_SEARCHED]})
    for name, rows in rows_by_name.items():
        groups = {record.group for record in held[name]}
        rows = [row for row in rows if group_of(row) in groups]
        randomness = random.Random(f"{seed} {name}")
        if name == "medquad":
            made = _medquad(rows, most, randomness)
        elif name in ("selqa", "qed"):
            made = _collection(name, rows, most, randomness)
        else:
            made = _by_title(name, rows, most, randomness)
        if name in _NEAR_MISSES_ONLY:
            made.questions = list(_some_of_other_subjects(made.questions, elsewhere, randomness))
        made.questions = [replace(one, question=as_typed(one.question, randomness)) for one in made.questions]
        yield made
    yield _written(read_written(folder, "held", written), most, random.Random(f"{seed} {WRITTEN}"))


def _some_of_other_subjects(
    questions: Iterable[LabelledQuestion], elsewhere: Sequence[str], randomness: random.Random
) -> Iterator[LabelledQuestion]:
    """Yield the questions with half of those without an answer replaced by questions about something else."""
    for question in questions:
        if not question.answerable and randomness.random() < 0.5:
            question = replace(question, question=randomness.choice(elsewhere))
        yield question


def dev_cases(cases: Path, documents: Sequence[Path]) -> LabelledSet:
    """Return the evaluation cases on which thresholds may be chosen, those of the split `dev`, with their documents.

    Without those that have a conversation before them: a follow-up is looked up in several ways, and here once.

    :param cases: A file of cases, or a folder of such files.
    :param documents: Folders of the documents that they are about.
    :raises CaseError: there is no such file, or none holds any.
    :raises DocumentError: a document cannot be read.
    """
    files = sorted(cases.glob("*.jsonl")) if cases.is_dir() else [cases]
    if not files or not files[0].is_file():
        raise CaseError(
            f"There is no {cases}. --cases is a file of evaluation cases, one JSON object a line, or a folder of such."
        )
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    made = LabelledSet("dev", [load_document(path, name=name) for path, name in find_files(documents)])
    for row in rows:
        if row.get("split") == "dev" and not row.get("history"):
            question = Question.of({key: row.get(key) for key in ("question", "documents")})
            made.questions.append(LabelledQuestion("dev", row["id"], question.text, question.documents, row["answerable"]))
    if not made.questions:
        raise CaseError(f"None of the cases in {cases} has the split 'dev'. Mark those that thresholds may be chosen on.")
    return made


class _Text:
    """A document in the making, which knows where each passage came to stand."""

    def __init__(self, heading: str) -> None:
        self.text = heading
        self.offsets: dict[str, int] = {}

    def add(self, passage: str, heading: str = "") -> None:
        if passage in self.offsets:
            return
        self.text += f"\n\n{heading}" if heading else ""
        self.text += "\n\n"
        self.offsets[passage] = len(self.text)
        self.text += passage

    def evidence(self, name: str, passage: str, spans: Iterable[Span]) -> tuple[tuple[str, int, int], ...]:
        offset = self.offsets[passage]
        return tuple((name, offset + start, offset + end) for start, end in spans)


def _halved(answered: list[LabelledQuestion], unanswered: list[LabelledQuestion], most: int, randomness: random.Random) -> Any:
    randomness.shuffle(answered)
    randomness.shuffle(unanswered)
    return answered[: most // 2] + unanswered[: most // 2]


def _by_title(name: str, rows: list[dict[str, Any]], most: int, randomness: random.Random) -> LabelledSet:
    """Make a document of each title; where a set has no questions without an answer, ask those of other titles."""
    texts: dict[str, _Text] = {}
    for row in rows:
        title = row["title"] or f"paper {len(row['passage'])}"
        row["title"] = title
        texts.setdefault(title, _Text(title.replace("_", " "))).add(row["passage"])
    kept = set(randomness.sample(sorted(texts), min(len(texts), MOST_TITLES)))
    rows = [row for row in rows if row["title"] in kept]
    answered = [_question(name, row, texts[row["title"]]) for row in rows if row["answerable"] and row["evidence"]]
    unanswered = [_question(name, row, texts[row["title"]]) for row in rows if not row["answerable"]]
    if not unanswered and name != "policyqa":  # one site's policy does answer what was asked about another's
        titles = sorted(kept)
        for row in rows:
            other = randomness.choice([title for title in titles if title != row["title"]])
            unanswered.append(LabelledQuestion(name, other, row["question"], (f"{name}/{other}",), False))
    made = LabelledSet(name, questions=_halved(answered, unanswered, most, randomness))
    made.documents = [make_document(f"{name}/{title}", texts[title].text) for title in sorted(kept)]
    return made


def _question(name: str, row: dict[str, Any], text: _Text) -> LabelledQuestion:
    document = f"{name}/{row['title']}"
    evidence = text.evidence(document, row["passage"], row["evidence"]) if row["answerable"] else ()
    answers = tuple(row["answers"])
    return LabelledQuestion(name, row["title"], row["question"], (document,), row["answerable"], evidence, answers)


def _collection(name: str, rows: list[dict[str, Any]], most: int, randomness: random.Random) -> LabelledSet:
    """Make a document of each passage and ask all questions.

    Of half the questions the document is left out, or, every other time, the sentences that answer are.
    """
    rows = [row for row in rows if row["answerable"] and row["evidence"]]
    randomness.shuffle(rows)
    rows = rows[:most]
    made = LabelledSet(name)
    held: dict[str, str] = {}

    def add(title: str, passage: str) -> str:
        document = f"{name}/{len(made.documents)}"
        made.documents.append(make_document(document, f"{title}\n\n{passage}"))
        return document

    passages = list(dict.fromkeys(row["passage"] for row in rows))
    kept = set(passages[: len(passages) // 2])
    for row in rows:
        if row["passage"] in kept and row["passage"] not in held:
            held[row["passage"]] = add(row["title"].split(" / ")[0], row["passage"])
    for row in rows:
        title = row["title"].split(" / ")[0]
        document = held.get(row["passage"])
        evidence: tuple[tuple[str, int, int], ...] = ()
        if document is not None:
            evidence = tuple((document, len(title) + 2 + start, len(title) + 2 + end) for start, end in row["evidence"])
        elif randomness.random() < 0.5 and len(rest := _without_evidence(row)) > _LEAST_REST:
            add(title, rest)
        made.questions.append(
            LabelledQuestion(name, row["title"], row["question"], None, document is not None, evidence, tuple(row["answers"]))
        )
    return made


def _written(records: Sequence[Record], most: int, randomness: random.Random) -> LabelledSet:
    """Make a document of each passage and ask all questions, which are as typed already.

    Those without an answer are left out where another passage has the same subject: it may well hold one.
    """
    made = LabelledSet(WRITTEN)
    names: dict[str, str] = {}
    for record in records:
        if record.passage not in names:
            names[record.passage] = f"{WRITTEN}/{len(names)}"
            made.documents.append(make_document(names[record.passage], f"{record.heading}\n\n{record.passage}"))
    subjects = Counter(group for _, group in {(record.passage, record.group) for record in records})
    answered, unanswered = [], []
    for record in records:
        name, shift = names[record.passage], len(record.heading) + 2
        evidence = tuple((name, shift + start, shift + end) for start, end in record.evidence or ())
        question = LabelledQuestion(WRITTEN, record.group, record.question, None, record.answerable, evidence)
        if record.answerable:
            answered.append(question)
        elif subjects[record.group] == 1:
            unanswered.append(question)
    made.questions = _halved(answered, unanswered, most, randomness)
    return made


def _without_evidence(row: dict[str, Any]) -> str:
    """Return a passage without the sentences that answer its question, or that hold the short answer."""
    passage: str = row["passage"]
    kept = [
        passage[start:end]
        for start, end in sentence_spans(passage)
        if not any(overlaps((start, end), (first, last)) for first, last in row["evidence"])
        and not any(answer in passage[start:end] for answer in row["answers"])
    ]
    return " ".join(kept)


def _medquad(rows: list[dict[str, Any]], most: int, randomness: random.Random) -> LabelledSet:
    """Make a document of each disease without one of its sections; ask for that one, and for one that stayed."""
    diseases: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        diseases.setdefault(row["doc"], []).append(row)
    rich = sorted(doc for doc, sections in diseases.items() if len({section["qtype"] for section in sections}) >= 4)
    made = LabelledSet("medquad")
    for doc in randomness.sample(rich, min(len(rich), most // 2)):
        sections = diseases[doc]
        absent, present = randomness.sample(sorted({section["qtype"] for section in sections}), 2)
        name = f"medquad/{doc}"
        text = _Text(doc)
        for section in sections:
            if section["qtype"] != absent:
                text.add(section["passage"][:1500])
        made.documents.append(make_document(name, text.text))
        for qtype, answerable in ((absent, False), (present, True)):
            question = next(section["question"] for section in sections if section["qtype"] == qtype)
            made.questions.append(LabelledQuestion("medquad", doc, question, (name,), answerable))
    return made
