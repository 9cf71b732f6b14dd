"""Conversations written for the reader: how they are read, and what is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.reader.conversations import CONVERSATIONS, follow_up_records, read_conversations
from assistant.reader.windows import sentence_spans
from assistant.reader.written import FOLLOW_UPS, QUESTIONS_FOLDER
from assistant.terms.data import asked_in
from corpus.errors import CaseError

OTTER = "Otters swim well. They eat fish and crabs."
DEN = "A den is called a holt. It has two doors."
TURNS = [
    ["What do otters eat?", "What do otters eat?", [[0, 18, 42]]],
    ["and badgers?", "What do badgers eat?", []],
    ["Where do they sleep?", "Where do otters sleep, and how?", [[1, 0, 23], [0, 0, 17]]],
    ["How many doors?", "How many doors does a holt have?", [[1, 24, 41]]],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    row = {"group": "otter", "sections": [["Otter", OTTER], ["Otter › Den", DEN]], "conversations": [TURNS, TURNS[:1]]}
    (tmp_path / f"{CONVERSATIONS}-held.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return tmp_path


def test_each_turn_knows_what_was_asked_and_answered_before(folder: Path) -> None:
    first, second = read_conversations("held", folder)
    assert [turn.question for turn in first.turns] == [question for question, _, _ in TURNS]
    assert first.turns[0].before == () == second.turns[0].before
    assert first.turns[2].before == (("What do otters eat?", "They eat fish and crabs."), ("and badgers?", ""))
    assert first.turns[3].before[-1] == ("Where do they sleep?", "A den is called a holt. Otters swim well.")


def test_what_might_have_been_asked_instead_is_read_after_its_turn_and_goes_on_nowhere(tmp_path: Path) -> None:
    row = {"group": "otter", "sections": [["Otter", OTTER], ["Otter › Den", DEN]], "conversations": [TURNS[:1], TURNS]}
    row["unanswered"] = [[1, 2, "and how many windows?", "How many windows does a holt have?", ["windows"]]]
    (tmp_path / f"{CONVERSATIONS}-held.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    first, second = read_conversations("held", tmp_path)
    assert not first.unanswered
    assert [turn.question for turn in second.turns] == [question for question, _, _ in TURNS]
    asked, full = [one for one in follow_up_records([second]) if "windows" in one.question]
    assert (asked.heading, asked.answerable, asked.evidence, asked.doubtful) == ("Otter", False, (), ("windows",))
    assert [question for question, _ in asked.before] == ["and badgers?", "Where do they sleep?"]
    assert (full.question, full.before, full.doubtful) == ("How many windows does a holt have?", (), ("windows",))
    assert sum(one.question == "and how many windows?" for one in asked_in([second])) == 1


def test_a_follow_up_is_read_on_each_section_that_answers_or_else_on_the_last_one(folder: Path) -> None:
    records = [*follow_up_records(read_conversations("held", folder))]
    assert {one.source for one in records} == {FOLLOW_UPS}
    asked = records[::2]
    assert [(one.question, one.heading, one.answerable) for one in asked] == [
        ("and badgers?", "Otter", False),
        ("Where do they sleep?", "Otter", True),
        ("Where do they sleep?", "Otter › Den", True),
        ("How many doors?", "Otter › Den", True),
    ]
    assert [[one.passage[start:end] for start, end in one.evidence or ()] for one in asked[1:3]] == [
        ["Otters swim well."],
        ["A den is called a holt."],
    ]
    assert [len(one.before) for one in asked] == [1, 2, 2, 2]
    assert [(one.question, one.before) for one in records[1::2]][-1] == ("How many doors does a holt have?", ())


def test_the_words_that_a_follow_up_needs_are_learned_of_all_that_was_said(folder: Path) -> None:
    badgers, sleep, doors = asked_in(read_conversations("held", folder))
    assert badgers.history == ((True, "What do otters eat?"), (False, "They eat fish and crabs."))
    assert badgers.terms == {"eat"} and sleep.terms == {"otter"}
    assert doors.terms == {"holt"} and len(doors.history) == 5  # what is not answered says nothing


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"There is no .*conversations-train\.jsonl"):
        read_conversations("train", tmp_path)


@pytest.mark.parametrize("name", ["train", "held"])
def test_stored_conversations_are_answered_by_whole_sentences_and_follow_a_question_that_stands_alone(name: str) -> None:
    stored = read_conversations(name)
    spans = {text: {*sentence_spans(text)} for one in stored for _, text in one.sections}
    for one in stored:
        assert one.turns[0].question == one.turns[0].full and len(one.turns) > 1
        for turn in one.turns:
            assert turn.question.strip() == turn.question != "" and turn.full.strip() == turn.full != ""
            assert all((start, end) in spans[one.sections[at][1]] for at, start, end in turn.evidence)
    asked = [turn for one in stored for turn in one.turns if turn.before]
    assert 0.05 < sum(not turn.evidence for turn in asked) / len(asked) < 0.3
    assert 0.1 < sum(turn.question == turn.full for turn in asked) / len(asked) < 0.3


def test_stored_conversations_are_on_documents_whose_questions_are_on_the_same_side() -> None:
    def groups(name: str) -> set[str]:
        lines = (QUESTIONS_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return {json.loads(line)["group"] for line in lines}

    for name, other in (("train", "held"), ("held", "train")):
        talked = {one.group for one in read_conversations(name)}
        assert talked <= groups(name) and not talked & groups(other)
