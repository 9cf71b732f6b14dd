"""Case files: what is refused, with its line, and whether the project's own cases are sound."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from corpus import Document
from corpus.errors import CaseError
from eval.cases import CASES_FOLDER, Case, load_cases

GOOD = {"id": "bees:1", "question": "How many queens?", "answerable": True, "evidence": ["A hive has one queen."]}


def write(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in GOOD.items() if name != key}


# Reading


def test_a_case_is_read_with_all_its_fields(tmp_path: Path) -> None:
    row = {
        **GOOD,
        "history": [{"role": "user", "content": "What is a hive?"}],
        "documents": ["bees.txt"],
        "expected": [["one", "1"], ["queen"]],
        "relevant_documents": ["bees.txt"],
        "category": "factoid",
        "note": "passed over",
    }
    assert load_cases(write(tmp_path / "cases.jsonl", row)) == [
        Case(
            id="bees:1",
            question="How many queens?",
            history=({"role": "user", "content": "What is a hive?"},),
            documents=("bees.txt",),
            answerable=True,
            evidence=("A hive has one queen.",),
            expected=(("one", "1"), ("queen",)),
            relevant_documents=("bees.txt",),
            category="factoid",
        )
    ]


def test_what_a_case_leaves_out_is_empty_and_its_scope_is_everything(tmp_path: Path) -> None:
    (case,) = load_cases(
        write(tmp_path / "cases.jsonl", {"id": "a", "question": "Who?", "answerable": False, "documents": None})
    )
    assert (case.history, case.evidence, case.expected, case.relevant_documents) == ((), (), (), ())
    assert case.documents is None
    assert case.category == ""


def test_empty_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n\r\n" + json.dumps({**GOOD, "id": "b"}).encode())
    assert [case.id for case in load_cases(path)] == ["bees:1", "b"]
    assert load_cases(path)[0].evidence == ("A hive has one queen.",)


def test_a_folder_is_read_file_by_file_in_the_order_of_names(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", {**GOOD, "id": "second"})
    write(tmp_path / "a.jsonl", {**GOOD, "id": "first"})
    write(tmp_path / "notes.txt", "not a case")
    assert [case.id for case in load_cases(tmp_path)] == ["first", "second"]
    assert [case.id for case in load_cases(tmp_path / "b.jsonl")] == ["second"]


def test_the_kind_of_turn_stands_for_a_missing_category(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", {**GOOD, "turn_kind": "Follow-up"}, {**GOOD, "id": "b", "category": "list"})
    assert [case.category for case in load_cases(path)] == ["Follow-up", "list"]
    assert load_cases(path)[0].id == "bees:1"


# Refusing

MALFORMED = {
    "not JSON": ('{"id": "a",', "is not JSON"),
    "a list": (["a"], "holds list, and an object was expected"),
    "no id": (without("id"), "has id = None, and str was expected"),
    "id a number": ({**GOOD, "id": 7}, "has id = 7, and str was expected"),
    "no question": (without("question"), "has question = None, and str was expected"),
    "answerable a text": ({**GOOD, "answerable": "yes"}, "has answerable = 'yes', and bool was expected"),
    "answerable missing": (without("answerable"), "has answerable = None, and bool was expected"),
    "evidence a text": ({**GOOD, "evidence": "A hive"}, "has evidence = 'A hive', and a list was expected"),
    "evidence of numbers": ({**GOOD, "evidence": [1]}, "has evidence = [1], and a list of texts was expected"),
    "expected a text": ({**GOOD, "expected": "one"}, "has expected = 'one', and a list was expected"),
    "a fact that is no list": ({**GOOD, "expected": ["one"]}, "has expected fact 1 = 'one', and a list of texts was expected"),
    "history a text": ({**GOOD, "history": "Hello"}, "has history = 'Hello', and a list was expected"),
    "a turn without content": ({**GOOD, "history": [{"role": "user"}]}, "is not of the form of a case: 'content'"),
    "documents a text": ({**GOOD, "documents": "bees.txt"}, "has documents = 'bees.txt', and a list of texts was expected"),
    "relevant a text": ({**GOOD, "relevant_documents": "bees.txt"}, "has relevant_documents = 'bees.txt', and a list of texts"),
}


@pytest.mark.parametrize(("row", "message"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_line_is_named_with_its_file_and_number(row: object, message: str, tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", GOOD, "", row)
    with pytest.raises(CaseError) as caught:
        load_cases(path)
    assert str(caught.value).startswith(f"{path}, line 3 ")
    assert message in str(caught.value)


def test_an_id_that_occurs_twice_is_refused_even_in_two_files(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", GOOD)
    write(tmp_path / "b.jsonl", {**GOOD, "question": "Another one?"})
    assert len(load_cases(tmp_path / "a.jsonl")) == 1
    with pytest.raises(CaseError, match="the id 'bees:1' occurs twice"):
        load_cases(tmp_path)


def test_no_cases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"empty\.jsonl holds no cases\. Expected one JSON object a line"):
        load_cases(write(tmp_path / "empty.jsonl"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(CaseError, match="folder holds no cases"):
        load_cases(tmp_path / "folder")


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"missing\.jsonl cannot be read: No such file"):
        load_cases(tmp_path / "missing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "caf\xe9"}')
    with pytest.raises(CaseError, match=r"latin\.jsonl are not UTF-8 text \(byte 11\)"):
        load_cases(tmp_path / "latin.jsonl")


# The project's own cases


@pytest.fixture(scope="module")
def own() -> list[Case]:
    return load_cases(CASES_FOLDER)


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def test_there_are_at_least_sixty_own_cases_with_ids_of_their_own(own: list[Case]) -> None:
    assert len(own) >= 60
    assert len({case.id for case in own}) == len(own)
    asked = Counter((case.question, case.history) if not case.history else case.id for case in own)
    assert [question for question, times in asked.items() if times > 1] == []


def test_every_own_quote_stands_in_the_article(own: list[Case], article: Document) -> None:
    absent = [(case.id, quote) for case in own for quote in case.evidence if quote not in article.text]
    assert absent == []
    assert sum(len(case.evidence) for case in own) >= 60


def test_every_own_key_fact_stands_in_the_evidence_of_its_case(own: list[Case]) -> None:
    astray = [
        (case.id, fact)
        for case in own
        for fact in case.expected
        if not any(plain(spelling) in plain(" ".join(case.evidence)) for spelling in fact)
    ]
    assert astray == []
    assert sum(len(case.expected) for case in own) >= 60


def test_own_cases_have_evidence_just_where_the_article_answers(own: list[Case]) -> None:
    assert [case.id for case in own if case.answerable and not case.evidence] == []
    assert [case.id for case in own if not case.answerable and (case.evidence or case.expected)] == []
    assert sum(not case.answerable for case in own) >= 10


def test_own_cases_ask_the_shipped_article_in_several_ways(own: list[Case], article: Document) -> None:
    assert {name for case in own for name in case.documents or ()} == {article.name}
    assert len({case.category for case in own}) >= 8
    assert all(case.category and case.question.strip() for case in own)


def test_own_cases_are_split_in_half_with_every_kind_on_both_sides(own: list[Case]) -> None:
    kinds = {split: {case.category for case in own if case.split == split} for split in ("dev", "test")}
    assert kinds["dev"] == kinds["test"] == {case.category for case in own}
    assert {case.split for case in own} == {"dev", "test"}
    sizes = Counter(case.split for case in own)
    assert abs(sizes["dev"] - sizes["test"]) <= 5


def test_the_first_fact_of_a_case_is_on_one_side_only(own: list[Case]) -> None:
    sides: dict[str, set[str]] = {}
    for case in own:
        if case.evidence:
            sides.setdefault(case.evidence[0], set()).add(case.split)
    assert all(len(side) == 1 for side in sides.values())
