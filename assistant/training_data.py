"""The labelled questions of `../shared/training` as documents and questions, the way a person would meet them.

The sets come as single passages; here the passages of one title become one document, so that a question has to find its
answer among its neighbours. A question without an answer is one that its authors wrote to have none (SQuAD 2.0), one
whose section was left out of the document (MedQuAD), or one asked of documents that it does not belong to.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus import Document, Span, make_document
from corpus.errors import CaseError

MOST_TITLES = 12
"""Documents made of a set: embedding more takes minutes and adds few questions."""

SETS = ("squad2", "medquad", "covidqa", "selqa", "qed", "policyqa")


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
    """

    source: str
    group: str
    question: str
    documents: tuple[str, ...] | None
    answerable: bool
    evidence: tuple[tuple[str, int, int], ...] = ()


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


def labelled_sets(folder: Path, most: int, seed: int) -> Iterator[LabelledSet]:
    """Yield each set with at most `most` questions, half of them (where a set has both kinds) without an answer.

    Half the questions, by chance, are mistyped.
    """
    for name in SETS:
        rows = read_rows(folder, name)
        randomness = random.Random(f"{seed} {name}")
        if name == "medquad":
            made = _medquad(rows, most, randomness)
        elif name in ("selqa", "qed"):
            made = _collection(name, rows, most, randomness)
        else:
            made = _by_title(name, rows, most, randomness)
        # By chance and not in turn: some sets have the questions with and without an answer in turn.
        made.questions = [
            replace(question, question=mistyped(question.question, randomness)) if randomness.random() < 0.5 else question
            for question in made.questions
        ]
        yield made


def mistyped(question: str, randomness: random.Random) -> str:
    """Return a question as it is typed in a hurry: in lower case, two letters of its longest words swapped or one missing.

    The labelled questions were written with care and with the words of their passages; what is fitted to them alone trusts
    in words too much.
    """
    words = question.lower().rstrip(" ?.").split()
    longest = sorted(range(len(words)), key=lambda position: -len(words[position]))[:2]
    for position in longest:
        word = words[position]
        if len(word) < 5:
            continue
        cut = randomness.randrange(1, len(word) - 2)
        swapped = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
        words[position] = randomness.choice((swapped, word[:cut] + word[cut + 1 :]))
    return " ".join(words)


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
    return LabelledQuestion(name, row["title"], row["question"], (document,), row["answerable"], evidence)


def _collection(name: str, rows: list[dict[str, Any]], most: int, randomness: random.Random) -> LabelledSet:
    """Make a document of each passage, leave out those of half the questions, and ask all of them."""
    rows = [row for row in rows if row["answerable"] and row["evidence"]]
    randomness.shuffle(rows)
    rows = rows[:most]
    made = LabelledSet(name)
    held: dict[str, str] = {}
    for row in rows[: len(rows) // 2]:
        if row["passage"] not in held:
            held[row["passage"]] = f"{name}/{len(held)}"
            made.documents.append(make_document(held[row["passage"]], f"{row['title'].split(' / ')[0]}\n\n{row['passage']}"))
    for row in rows:
        document = held.get(row["passage"])
        evidence: tuple[tuple[str, int, int], ...] = ()
        if document is not None:
            offset = len(row["title"].split(" / ")[0]) + 2
            evidence = tuple((document, offset + start, offset + end) for start, end in row["evidence"])
        made.questions.append(LabelledQuestion(name, row["title"], row["question"], None, document is not None, evidence))
    return made


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
