"""A small set of cases, and `python -m eval` without a model: words counted for vectors, a script for the reader."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import WordEmbedder
from scripted import scripted_chain

import assistant
import index
from assistant import Answer, AnswerChain
from assistant.question import Question
from eval.cases import Case
from eval.scoring import CaseScore
from index import PassageIndex

#        0         1         2         3
#        0123456789012345678901234567890123456
BEES = "Bees live in a hive. A hive has one queen."
ANTS = "Ants live in a nest. A nest has many queens."
DOCUMENTS = {"bees.txt": BEES, "ants.txt": ANTS}
HIVE, QUEEN = "Bees live in a hive.", "A hive has one queen."
NEST = "Ants live in a nest."

CASES: tuple[dict[str, Any], ...] = (
    {"id": "hive", "question": "Where do bees live?", "documents": ["bees.txt"], "evidence": [HIVE], "expected": [["hive"]]},
    {"id": "queen", "question": "How many queens has a hive?", "documents": ["bees.txt"], "evidence": [QUEEN]},
    {"id": "nest", "question": "Where do ants live?", "documents": ["ants.txt"], "evidence": [NEST]},
    {"id": "age", "question": "How old do ants get?", "documents": ["ants.txt"], "answerable": False},
)
"""Under `ANSWERS`, what is asked of the bees is answered with their first sentence, and what is asked of the ants declined."""

ANSWERS = {HIVE: 2.0}


def write_set(folder: Path, rows: Sequence[Mapping[str, Any]] = CASES, documents: Mapping[str, str] = DOCUMENTS) -> Path:
    """Write `cases.jsonl` and `documents/` into a folder; return the file of cases."""
    for name, text in documents.items():
        path = folder / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    cases = folder / "cases.jsonl"
    cases.write_text("".join(json.dumps({"answerable": True, **row}) + "\n" for row in rows), encoding="utf-8")
    return cases


class Asked:
    """A chain that keeps what it was asked, fails where it is told to, and is stopped after a number of questions."""

    def __init__(self, failing: Mapping[str, Exception] | None = None) -> None:
        self.questions: list[str] = []
        self.stop_after: int | None = None
        self.failing = dict(failing or {})
        self.chain: AnswerChain | None = None

    def invoke(self, asked: Mapping[str, Any]) -> Answer:
        if self.stop_after is not None and len(self.questions) >= self.stop_after:
            raise KeyboardInterrupt
        question = Question.of(asked).text
        self.questions.append(question)
        if question in self.failing:
            raise self.failing[question]
        assert self.chain is not None
        return self.chain.invoke(asked)


def without_models(monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, float] = ANSWERS) -> Asked:
    """Let the commands ask a scripted chain over an index of counted words; return what keeps the questions."""
    asked = Asked()

    def build_chain(made: PassageIndex, *_: object, **__: object) -> Asked:
        asked.chain, _reader = scripted_chain(made, answers)
        return asked

    monkeypatch.setattr(index, "SentenceTransformerEmbeddings", lambda name: WordEmbedder(name))
    monkeypatch.setattr(assistant, "build_chain", build_chain)
    return asked


def scored(
    name: str,
    values: Mapping[str, float | None] | None = None,
    *,
    answered: bool = True,
    answerable: bool = True,
    confidence: float = 0.5,
    source: str = "bees",
    split: str = "",
) -> CaseScore:
    """Return the score of a case, made by hand."""
    case = Case(name, f"What of {name}?", answerable=answerable, source=source, split=split)
    return CaseScore(case, answered, confidence, values or {}, 0.1)


def row(name: str, document: str = "", *spans: tuple[int, int], confidence: float = 0.8) -> dict[str, Any]:
    """Return the JSON of an answer that cites these places of a document; without one, of a declined question."""
    statements = [
        {
            "text": DOCUMENTS[document][start:end],
            "citations": [{"document": document, "start": start, "end": end, "quote": DOCUMENTS[document][start:end]}],
        }
        for start, end in spans
    ]
    return {
        "id": name,
        "outcome": "answered" if statements else "not_found",
        "answer": " ".join(str(statement["text"]) for statement in statements),
        "confidence": confidence,
        "statements": statements,
        "retrieved": [{"document": document, "start": 0, "end": len(DOCUMENTS[document]), "score": 1.0}] if document else [],
        "seconds": 0.5,
    }
