"""The questions written for the reader: as they are stored, and as records to train on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.reader.data import SETS, Passages
from assistant.reader.sampling import epoch_examples
from assistant.reader.wording import OtherWords
from assistant.reader.written import (
    ANSWERED,
    FOLLOW_UPS,
    KINDS,
    QUESTIONS_FOLDER,
    WRITTEN,
    digest,
    read_follow_ups,
    read_written,
)
from corpus.errors import CaseError

OTTER = "Otters swim well. They eat fish and crabs. Their pups are born in spring."
HERON = "Herons wait in shallow water. They catch frogs."


def _question(kind: str, text: str, *evidence: list[int]) -> dict[str, Any]:
    return {"kind": kind, "question": text, "evidence": [*evidence]}


def _written(folder: Path, *rows: dict[str, Any]) -> Path:
    """Write training sets of which one has the otter and one the heron, and these questions."""
    for name in SETS:
        passage = {"squad2": OTTER, "medquad": HERON}.get(name, f"Nothing of {name}.")
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as stream:
            stream.write(json.dumps({"passage": passage}) + "\n")
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


def test_parts_of_training_passages_become_one_passage_and_evidence_stands_in_it(tmp_path: Path) -> None:
    parts = [[digest(HERON), 30, len(HERON)], [digest(OTTER), 18, len(OTTER)]]
    text = "They catch frogs.\nThey eat fish and crabs. Their pups are born in spring."
    questions = [_question("w", "When do young ones come?", [43, len(text)]), _question("n", "How many pups has an otter?")]
    folder = _written(tmp_path, {"group": "river", "heading": "River", "parts": parts, "questions": questions})
    right, wrong = read_written(folder, "train", folder)
    assert right.passage == wrong.passage == text
    assert (right.source, right.group, right.heading, right.kind, wrong.kind) == (WRITTEN, "river", "River", "w", "n")
    assert [text[start:end] for start, end in right.evidence or ()] == ["Their pups are born in spring."]
    assert right.answerable and not wrong.answerable and wrong.evidence == ()


def test_our_own_passages_need_no_training_set(tmp_path: Path) -> None:
    row = {
        "group": "lamp",
        "heading": "Lamp",
        "text": "Red means empty.",
        "questions": [_question("d", "What is red?", [0, 16])],
    }
    (tmp_path / "held.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    (record,) = read_written(tmp_path, "held", tmp_path)
    assert record.passage == "Red means empty." and record.evidence == ((0, 16),)


def test_a_passage_that_no_training_set_has_is_named(tmp_path: Path) -> None:
    row = {"group": "g", "heading": "", "parts": [["0123456789abcdef", 0, 5]], "questions": [_question("n", "Who?")]}
    folder = _written(tmp_path, row)
    with pytest.raises(CaseError, match=r"digest 0123456789abcdef, which none of the training sets has \(squad2, .*--data"):
        read_written(folder, "train", folder)
    with pytest.raises(CaseError, match=r"There is no .*held\.jsonl\. The questions .* come with a checkout"):
        read_written(folder, "held", folder)


def _talk(question: str, full: str, *evidence: list[int]) -> dict[str, Any]:
    before = [["Who swims?", [[0, 17]]], ["What do otters eat?", [[18, 42]]]]
    return {"question": question, "full": full, "before": before, "evidence": [*evidence]}


def test_a_follow_up_is_read_as_it_was_asked_and_written_out(tmp_path: Path) -> None:
    talks = [
        _talk("And their pups?", "When are otters' pups born?", [43, len(OTTER)]),
        _talk("Why?", "Why do otters eat fish?"),
        _talk("Oh, I see.", ""),
    ]
    row = {"group": "otter", "heading": "Otter", "text": OTTER, "follow_ups": talks}
    (tmp_path / "follow-ups-held.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    records = read_follow_ups("held", tmp_path)
    assert [one.question for one in records[::2]] == ["And their pups?", "Why?", "Oh, I see."]
    assert [one.question for one in records[1::2]] == ["When are otters' pups born?", "Why do otters eat fish?", "Oh, I see."]
    said = (("Who swims?", "Otters swim well."), ("What do otters eat?", "They eat fish and crabs."))
    assert [one.before for one in records] == [said, ()] * 3
    assert [one.answerable for one in records] == [True, True, False, False, False, False]
    assert {one.source for one in records} == {FOLLOW_UPS}
    made = epoch_examples({FOLLOW_UPS: records}, Passages(), OtherWords({}), 1, 0)
    assert {one.before for one in made if one.tag == "right"} == {said, ()}
    assert {one.before for one in made if one.tag == "own"} == {said, ()}
    with pytest.raises(CaseError, match=r"There is no .*follow-ups-train\.jsonl"):
        read_follow_ups("train", tmp_path)


def test_every_written_question_is_drawn_with_its_evidence_or_without_any(tmp_path: Path) -> None:
    answered = [_question("d", f"What do otters number {number} eat?", [18, 42]) for number in range(8)]
    without = [_question("o", f"What do seals number {number} eat?") for number in range(8)]
    row = {"group": "river", "heading": "River", "parts": [[digest(OTTER), 0, len(OTTER)]], "questions": answered + without}
    folder = _written(tmp_path, row)
    made = epoch_examples({WRITTEN: read_written(folder, "train", folder)}, Passages(), OtherWords({}), 1, 0)
    right = [one for one in made if one.tag == "right"]
    own = [one for one in made if one.tag == "own"]
    assert len(right) == len(own) == 8
    assert {one.text[start:end] for one in right for start, end in one.evidence or ()} == {"They eat fish and crabs."}
    assert not any(one.answerable or one.evidence for one in own)


@pytest.fixture(scope="module", params=["train", "held"])
def stored(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return _rows(request.param)


def test_stored_questions_have_a_known_kind_and_evidence_where_their_kind_is_answered(stored: list[dict[str, Any]]) -> None:
    for row in stored:
        asked = [question["question"] for question in row["questions"]]
        assert len(set(asked)) == len(asked) > 0
        for question in row["questions"]:
            assert question["kind"] in KINDS and question["question"].strip() == question["question"] != ""
            assert bool(question["evidence"]) is (question["kind"] in ANSWERED)


def test_nothing_of_what_is_evaluated_on_is_in_the_stored_questions(stored: list[dict[str, Any]]) -> None:
    cases = (Path(__file__).parent.parent / "eval" / "cases").glob("*.jsonl")
    evaluated = {json.loads(line)["question"] for path in cases for line in path.read_text(encoding="utf-8").splitlines()}
    asked = {question["question"] for row in stored for question in row["questions"]}
    assert len(evaluated) > 300 and not asked & evaluated
    assert not [row for row in stored if "immunotherap" in row.get("text", "").lower() + row["heading"].lower()]


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (QUESTIONS_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_no_subject_is_both_trained_on_and_held_back() -> None:
    trained, held = (
        {row["group"] for kind in ("", f"{FOLLOW_UPS}-") for row in _rows(f"{kind}{name}")} for name in ("train", "held")
    )
    assert len(held) > 40 and not trained & held


@pytest.mark.parametrize("name", ["train", "held"])
def test_stored_follow_ups_stand_on_passages_whose_questions_are_stored_and_after_answers_of_whole_sentences(name: str) -> None:
    passages = {(row["heading"], row["text"]) for row in _rows(name) if "text" in row}
    rows = _rows(f"{FOLLOW_UPS}-{name}")
    assert {(row["heading"], row["text"]) for row in rows} <= passages
    records = read_follow_ups(name)
    asked = [record for record in records if record.before]
    assert len(asked) == len(records) / 2 > 500
    for record in asked:
        for question, answer in record.before:
            assert question and answer and answer[:60] in record.passage
    assert {len(record.before) for record in asked} == {1, 2}
    assert 0.6 < sum(record.answerable for record in asked) / len(asked) < 0.8


def test_the_stored_questions_passages_are_in_the_training_sets_with_evidence_of_whole_sentences(
    training_sets: Path,
) -> None:
    records, passages = read_written(training_sets, "held"), Passages()
    for record in records:
        assert set(record.evidence or ()) <= set(passages.sentences(record.passage))
    assert len(records) > 700
