"""Case files: what is refused, with its line, and whether the project's own cases are sound."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from corpus import Document, load_document
from corpus.errors import CaseError
from eval.cases import CASES_FOLDER, Case, load_cases
from eval.metrics import key_fact_recall, normalise_words

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
            source="cases",
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


# The project's own cases: of every file

ROOT = CASES_FOLDER.parents[1]
DOCUMENT_FOLDERS = (ROOT / "corpus" / "documents", ROOT / "eval" / "documents")


@pytest.fixture(scope="module")
def own() -> list[Case]:
    return load_cases(CASES_FOLDER)


@pytest.fixture(scope="module")
def sources(own: list[Case]) -> dict[str, str]:
    """The text of every document that a case is limited to, by its name."""
    paths = {path.name: path for folder in DOCUMENT_FOLDERS for path in folder.rglob("*") if path.is_file()}
    return {name: load_document(paths[name]).text for name in {name for case in own for name in case.documents or ()}}


def asked(case: Case) -> tuple[str, ...]:
    """A question as it stands in its conversation, however it is typed."""
    return tuple(normalise_words(text) for text in (case.question, *(turn["content"] for turn in case.history)))


def test_own_cases_have_ids_of_their_own_over_all_files() -> None:
    files = sorted(CASES_FOLDER.glob("*.jsonl"))
    ids = Counter(case.id for file in files for case in load_cases(file))
    assert [name for name, times in ids.items() if times > 1] == []


def test_no_two_own_cases_ask_the_same_in_the_same_conversation(own: list[Case]) -> None:
    times = Counter((case.documents, asked(case)) for case in own)
    assert [question for question, count in times.items() if count > 1] == []


def test_every_own_case_says_which_documents_it_asks(own: list[Case]) -> None:
    assert [case.id for case in own if not case.documents] == []


def test_every_own_quote_stands_in_a_document_of_its_case(own: list[Case], sources: dict[str, str]) -> None:
    absent = [
        (case.id, quote)
        for case in own
        for quote in case.evidence
        if not any(quote in sources[name] for name in case.documents or ())
    ]
    assert absent == []
    assert sum(len(case.evidence) for case in own) >= 150


def test_every_own_key_fact_stands_in_the_evidence_of_its_case(own: list[Case]) -> None:
    assert [case.id for case in own if case.answerable and not case.expected] == []
    astray = [case.id for case in own if case.expected and key_fact_recall(case.expected, " ".join(case.evidence)) != 1]
    assert astray == []


def test_own_cases_have_evidence_just_where_the_document_answers(own: list[Case]) -> None:
    assert [case.id for case in own if case.answerable and not case.evidence] == []
    assert [case.id for case in own if not case.answerable and (case.evidence or case.expected)] == []


# The project's own cases on the shipped article

ANSWERABLE = {
    "comparison",
    "correction",
    "definition",
    "factoid",
    "follow-up",
    "keywords",
    "list",
    "negation",
    "paraphrase",
    "several-passages",
    "typing-errors",
    "yes-no",
}
UNANSWERABLE = {"false-premise", "instruction", "near-miss", "other-medicine", "other-world", "small-talk"}


@pytest.fixture(scope="module")
def on_article() -> list[Case]:
    return load_cases(CASES_FOLDER / "immunotherapy.jsonl")


def test_there_are_two_hundred_cases_on_the_article_and_sixty_that_it_does_not_answer(on_article: list[Case]) -> None:
    assert len(on_article) >= 200
    assert sum(not case.answerable for case in on_article) >= 60


def test_cases_on_the_article_are_limited_to_it(on_article: list[Case], article: Document) -> None:
    assert {case.documents for case in on_article} == {(article.name,)}
    assert all(case.question.strip() for case in on_article)


def test_cases_on_the_article_ask_in_every_way_six_times_or_more_and_on_both_sides(on_article: list[Case]) -> None:
    assert {case.category for case in on_article if case.answerable} == ANSWERABLE
    assert {case.category for case in on_article if not case.answerable} == UNANSWERABLE
    for side in ("dev", "test"):
        assert {case.category for case in on_article if case.split == side} == ANSWERABLE | UNANSWERABLE
    counts = Counter(case.category for case in on_article)
    assert {name: count for name, count in counts.items() if count < 6} == {}
    assert counts["false-premise"] >= 12


def test_cases_on_the_article_are_split_in_half(on_article: list[Case]) -> None:
    assert {case.split for case in on_article} == {"dev", "test"}
    for answerable in (True, False):
        sizes = Counter(case.split for case in on_article if case.answerable is answerable)
        assert abs(sizes["dev"] - sizes["test"]) <= sum(sizes.values()) / 10


def test_every_spelling_of_a_key_fact_on_the_article_stands_in_the_evidence(on_article: list[Case]) -> None:
    astray = [
        (case.id, spelling)
        for case in on_article
        for fact in case.expected
        for spelling in fact
        if not key_fact_recall([[spelling]], " ".join(case.evidence))
    ]
    assert astray == []


def test_conversations_about_the_article_take_turns_and_quote_it(on_article: list[Case], article: Document) -> None:
    with_history = [case for case in on_article if case.history]
    for case in with_history:
        assert [turn["role"] for turn in case.history] == ["user", "assistant"] * (len(case.history) // 2), case.id
        assert all(turn["content"] in article.text for turn in case.history if turn["role"] == "assistant"), case.id
    for category in ("follow-up", "correction"):
        for side in ("dev", "test"):
            turns = {len(case.history) for case in with_history if (case.category, case.split) == (category, side)}
            assert turns == {2, 4}, f"{category}, {side}: asked in the second turn and in the third"
    assert [case.id for case in on_article if case.category in ("follow-up", "correction") and not case.history] == []
    assert any(not case.answerable for case in with_history)


def test_no_sentence_of_the_article_stands_on_both_sides_as_evidence_or_in_a_history(on_article: list[Case]) -> None:
    sides: dict[str, set[str]] = {}
    for case in on_article:
        for quote in case.evidence:
            sides.setdefault(quote, set()).add(case.split)
    assert [quote for quote, side in sides.items() if len(side) > 1] == []
    quoted = [
        (case.id, quote)
        for case in on_article
        for turn in case.history
        for quote, side in sides.items()
        if case.split not in side and (quote in turn["content"] or turn["content"] in quote)
    ]
    assert quoted == []
