"""Evaluation cases: questions over documents, with what a right answer has to cite and to say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus.errors import CaseError

CASES_FOLDER = Path(__file__).with_name("cases")
"""The project's own cases."""


@dataclass(frozen=True)
class Case:
    """One question with its expectation, in the form of `benchmarks/README.md`.

    Attributes:
        id: Unique name.
        question: The question.
        history: Earlier turns, each with `role` and `content`.
        documents: Names of the documents it is limited to; None for all.
        answerable: Whether the documents answer it.
        evidence: Exact quotes of the sentences that hold the answer.
        expected: Key facts: each is one fact in its accepted spellings.
        relevant_documents: Names of documents that hold the answer, where no quotes are known.
        category: Kind of question, for the table; empty if there is none.
        split: `dev` if thresholds may be chosen on it, `test` if it is looked at for nothing; empty if it says neither.
        source: Name of the file it was read from, without its ending: the set that it belongs to.
    """

    id: str
    question: str
    history: tuple[Mapping[str, str], ...] = ()
    documents: tuple[str, ...] | None = None
    answerable: bool = True
    evidence: tuple[str, ...] = ()
    expected: tuple[tuple[str, ...], ...] = ()
    relevant_documents: tuple[str, ...] = field(default=())
    category: str = ""
    split: str = ""
    source: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """What the chain is asked: question, history and documents."""
        return {"question": self.question, "history": self.history, "documents": self.documents}

    def to_json(self) -> dict[str, Any]:
        """Return the case as the JSON object that `case_from_json` reads."""
        return asdict(self)


def load_cases(path: Path) -> list[Case]:
    """Read a file of cases, one JSON object a line, or every such file of a folder.

    :raises CaseError: missing, empty, malformed (with the line), or an id that occurs twice.
    """
    if path.is_dir():
        files = sorted(path.glob("*.jsonl"))
        cases = [case for file in files for case in _load_file(file)]
    else:
        cases = _load_file(path)
    if not cases:
        raise CaseError(f"{path} holds no cases. Expected one JSON object a line with id, question, answerable, evidence.")
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise CaseError(f"{path}: the id {case.id!r} occurs twice. Ids tell the results apart; change one of them.")
        seen.add(case.id)
    return cases


def _load_file(path: Path) -> list[Case]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise CaseError(f"The cases {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"The cases {path} are not UTF-8 text (byte {error.start}).") from error
    cases = [_parse(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    return [replace(case, source=path.stem) for case in cases]


def _parse(line: str, place: str) -> Case:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise CaseError(f"{place} is not JSON: {error}. Expected one object a line.") from error
    return case_from_json(row, place)


def case_from_json(row: Any, place: str) -> Case:
    """Make a case of its JSON object.

    :param place: Where it stands, for messages.
    :raises CaseError: with the place and what is wrong there.
    """
    if not isinstance(row, dict):
        raise CaseError(f"{place} holds {type(row).__name__}, and an object was expected.")
    for key, kind in (("id", str), ("question", str), ("answerable", bool)):
        if not isinstance(row.get(key), kind):
            raise CaseError(f"{place} has {key} = {row.get(key)!r:.60}, and {kind.__name__} was expected.")
    for key in ("evidence", "expected", "history"):
        if not isinstance(row.get(key, []), list):
            raise CaseError(f"{place} has {key} = {row[key]!r:.60}, and a list was expected.")
    documents = row.get("documents")
    lists = {key: row.get(key) or [] for key in ("evidence", "documents", "relevant_documents")}
    lists |= {f"expected fact {number}": fact for number, fact in enumerate(row.get("expected", []), 1)}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise CaseError(f"{place} has {key} = {value!r:.60}, and a list of texts was expected.")
    try:
        return Case(
            id=row["id"],
            question=row["question"],
            history=tuple({"role": str(turn["role"]), "content": str(turn["content"])} for turn in row.get("history", [])),
            documents=None if documents is None else tuple(documents),
            answerable=row["answerable"],
            evidence=tuple(row.get("evidence", [])),
            expected=tuple(tuple(fact) for fact in row.get("expected", [])),
            relevant_documents=tuple(row.get("relevant_documents") or ()),
            category=str(row.get("category") or row.get("turn_kind") or ""),
            split=str(row.get("split") or ""),
            source=str(row.get("source") or ""),
        )
    except (TypeError, KeyError) as error:
        raise CaseError(f"{place} is not of the form of a case: {error}. See eval/cases/ for examples.") from error
