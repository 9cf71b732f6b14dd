"""All training sets in small: six subjects, with questions that the passages answer and others."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from assistant.reader.data import SETS
from assistant.reader.written import digest

SUBJECTS = ("bees", "ants", "wasps", "moths", "flies", "gnats")


def passage(subject: str, number: int) -> str:
    return (
        f"The {subject} of place {number} have {number + 2} legs. They eat leaf number {number}. In winter all {subject} sleep."
    )


def evidence(subject: str, number: int) -> list[list[int]]:
    return [[0, passage(subject, number).index(".") + 1]]


def row(subject: str, number: int, answerable: bool, **changes: Any) -> dict[str, Any]:
    question = f"How many legs have the {subject} of place {number}?" if answerable else f"Who was first to paint {subject}?"
    return {
        "title": subject,
        "passage": passage(subject, number),
        "question": question,
        "answerable": answerable,
        "evidence": evidence(subject, number) if answerable else [],
        "answers": [f"{number + 2} legs"] if answerable else [],
    } | changes


def write_sets(folder: Path) -> Path:
    """Write all six sets in small: six subjects, with questions that the passages answer and others."""
    both = [row(subject, number, answerable) for subject in SUBJECTS for number in range(2) for answerable in (True, False)]
    answered = [made for made in both if made["answerable"]]
    medquad = [
        {"doc": subject, "qtype": kind, "question": f"What is the {kind} of {subject}?", "passage": f"The {kind} of {subject}."}
        for subject in SUBJECTS
        for kind in ("cause", "cure", "course", "outlook")
    ]
    for name in SETS:
        rows = {"squad2": both, "medquad": medquad}.get(name, answered)
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as stream:
            stream.writelines(json.dumps(made) + "\n" for made in rows)
    with (folder / "held.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(written_on(made)) + "\n" for made in answered)
    with (folder / "follow-ups-held.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(followed(made)) + "\n" for made in answered)
    with (folder / "conversations-held.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(talked(subject)) + "\n" for subject in SUBJECTS)
    return folder


def talked(subject: str) -> dict[str, Any]:
    """Return a row of the written conversations: a follow-up with an answer and one without."""
    first, second = passage(subject, 0), passage(subject, 1)
    asked = [
        [f"How many legs have {subject}?", f"How many legs have {subject}?", [[0, *evidence(subject, 0)[0]]]],
        ["and of place 1", f"How many legs have {subject} of place 1?", [[1, *evidence(subject, 1)[0]]]],
        ["What do they cost?", f"What do {subject} cost?", []],
    ]
    return {"group": subject, "sections": [[f"{subject} › One", first], [f"{subject} › Two", second]], "conversations": [asked]}


def followed(made: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the written follow-ups: one with an answer and one without, on the passage of a training row."""
    text, subject = made["passage"], made["title"]
    first = [[0, text.index(".") + 1]]
    before = [[f"How many legs have {subject}?", first]]
    return {
        "group": text,
        "heading": subject,
        "text": text,
        "follow_ups": [
            {"question": "And what carries them?", "full": f"What carries {subject}?", "before": before, "evidence": first},
            {"question": "What do they cost?", "full": f"What do {subject} cost?", "before": before, "evidence": []},
        ],
    }


def written_on(made: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the written questions: one with an answer and one without, on the passage of a training row."""
    text, subject = made["passage"], made["title"]
    return {
        "group": text,
        "heading": subject,
        "parts": [[digest(text), 0, len(text)]],
        "questions": [
            {"kind": "w", "evidence": [[0, text.index(".") + 1]], "question": f"What carries the {subject}"},
            {"kind": "n", "evidence": [], "question": f"What does the {subject} cost?"},
        ],
    }
