"""Training pairs of what our own search finds."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.reader.data import SETS, Record
from assistant.reader.mined import main, mined_examples, read_mined
from index import Embedder

RIVER = "The river Orla rises in the Tarn hills. It was dammed in 1931 by Ada Brandt. Its water is cold all year."
TOWN = "The town of Orla has a mill. It burnt down in 1931 and was built again. A market is held there on Mondays."
FOREST = "The forest of Orla is old. Its oaks were planted for ships. Wolves came back to it in 1998."


def _record(passage: str, question: str, answer: str | None) -> Record:
    start = passage.index(answer) if answer else 0
    sentence = (passage.rfind(".", 0, start) + 1, passage.index(".", start) + 1) if answer else None
    evidence, answers = ((sentence,), (answer,)) if answer and sentence else ((), ())
    return Record("squad2", "orla", "Orla", question, passage, answer is not None, evidence, answers)


RECORDS = [
    _record(RIVER, "Who dammed the river?", "Ada Brandt"),
    _record(TOWN, "What burnt down in the town?", "mill"),
    _record(FOREST, "Which animals came back to the forest?", "Wolves"),
    _record(FOREST, "Who planted the oaks of the forest?", None),
]


def _long(records: list[Record]) -> list[Record]:
    """Passages of a document are put together as far as they fit: these are long enough to stand alone."""
    filler = " ".join(f"Nothing more is told of number {number} here." for number in range(14))
    return [replace(record, passage=f"{record.passage} {filler}") for record in records]


def test_what_is_found_for_a_question_is_right_with_its_evidence_and_wrong_without(word_embedder: Embedder) -> None:
    made = mined_examples({"squad2": _long(RECORDS)}, word_embedder, 3)
    right = {one.question: one for one in made if one.answerable}
    assert set(right) == {record.question for record in RECORDS if record.answerable}
    for record in RECORDS[:3]:
        example = right[record.question]
        assert [example.text[start:end] for start, end in example.answers] == [record.answers[0]]
        ((start, end),) = example.evidence or ()
        assert record.answers[0] in example.text[start:end] and example.text[start:end].strip() in record.passage
    wrong = [one for one in made if not one.answerable]
    assert {one.question for one in wrong} == {record.question for record in RECORDS}
    assert all(one.evidence == () and one.answers == () for one in wrong)
    for record in RECORDS[:3]:
        assert not any(record.answers[0] in one.text for one in wrong if one.question == record.question)
    assert made == mined_examples({"squad2": _long(RECORDS)}, word_embedder, 3)


def test_a_section_answers_its_own_question_and_sections_of_other_types_do_not(word_embedder: Embedder) -> None:
    sections = [
        _record(TOWN, "What are the symptoms of Orla fever?", None),
        _record(RIVER, "How is Orla fever treated?", None),
        _record(FOREST, "What is Orla fever?", None),
    ]
    sections = [
        replace(record, source="medquad", kind=kind, evidence=None, answerable=True)
        for record, kind in zip(_long(sections), ("symptoms", "treatment", "information"), strict=True)
    ]
    made = mined_examples({"medquad": sections}, word_embedder, 3)
    assert any(one.answerable for one in made) and all(one.evidence is None for one in made if one.answerable)
    wrong = {(one.question.split(" Orla")[0], one.text[:8]) for one in made if not one.answerable}
    assert wrong and {text for _, text in wrong} <= {TOWN[:8], RIVER[:8], FOREST[:8]}
    # What a disease is may stand among its symptoms: not a pair at all.
    assert not any("symptoms" in question and text == FOREST[:8] for question, text in wrong)


def test_the_command_writes_what_a_training_run_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for source in SETS:
        rows = []
        for number in range(4):
            row = {
                "id": str(number),
                "title": f"Orla {number}",
                "doc": f"Orla {number}",
                "question": f"Who dammed river {number}?",
            }
            row |= {"passage": RIVER.replace("river", f"river {number}"), "answerable": True, "answers": ["Ada Brandt"]}
            row |= {"evidence": [[42, 78]], "qtype": "information"}
            rows.append({key: row[key] for key in row if source == "medquad" or key != "doc"})
        with gzip.open(tmp_path / f"{source}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    assert main(["--data", str(tmp_path), "--output", str(tmp_path / "mined.gz")]) == 0
    made = read_mined(tmp_path / "mined.gz")
    assert f"{len(made)} pairs" in capsys.readouterr().out and len(made) > len(SETS)
    known = next(one for one in made if one.source == "qed" and one.answerable)
    assert [known.text[start:end] for start, end in known.answers] == ["Ada Brandt"]
    assert all(one.evidence is None for one in made if one.source == "medquad" and one.answerable)
    with pytest.raises(FileNotFoundError):
        read_mined(tmp_path / "elsewhere.gz")
