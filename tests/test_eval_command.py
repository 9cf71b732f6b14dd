"""`python -m eval` from case file to table and answers, on three small documents."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import index
from assistant.calibration import load_calibration
from assistant.reader import choice
from corpus.errors import IndexStoreError
from eval.__main__ import main
from eval.cases import CASES_FOLDER, Case
from eval.options import add_case_options, chosen_cases, chosen_folders
from eval.retrieval import recipe_search
from index import SentenceTransformerEmbeddings
from index.commands import run

DOCUMENTS = {
    "bees.txt": "Honey bees live in a hive. A hive has exactly one queen. The workers build the comb of wax.",
    "ants.md": "# Ants\n\nAnts live in a nest below the ground. Leafcutter ants grow a fungus as their food.",
    "notes/wasps.txt": "Paper wasps chew wood into a pulp. They build a nest of paper from it.",
}
CASES: list[dict[str, Any]] = [
    {
        "id": "1",
        "question": "How many queens has a hive?",
        "evidence": ["A hive has exactly one queen."],
        "expected": [["one"]],
    },
    {"id": "2", "question": "What do leafcutter ants grow?", "evidence": ["Leafcutter ants grow a fungus as their food."]},
    {
        "id": "3",
        "question": "And what do they build from it?",
        "history": [{"role": "user", "content": "What do paper wasps chew?"}, {"role": "assistant", "content": "Wood."}],
        "documents": ["notes/wasps.txt"],
        "evidence": ["They build a nest of paper from it."],
        "expected": [["nest of paper"]],
        "category": "follow-up",
    },
    {"id": "4", "question": "Where do honey bees live?", "documents": ["bees.txt"], "evidence": ["Honey bees live in a hive."]},
    {"id": "5", "question": "Who won the football cup in 1998?", "answerable": False, "category": "absent"},
    {"id": "6", "question": "How old does a queen get?", "answerable": False, "category": "absent"},
]

Evaluated = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in DOCUMENTS.items():
        path = tmp_path / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    write_cases(tmp_path, CASES)
    return tmp_path


@pytest.fixture
def evaluate(
    folder: Path,
    embedder: SentenceTransformerEmbeddings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Evaluated:
    """Run the command on the small folder without loading the model again; every question is answered."""
    monkeypatch.setattr(index, "SentenceTransformerEmbeddings", lambda name: embedder)
    monkeypatch.setattr(choice, "load_calibration", lambda name: replace(load_calibration(name), threshold=0.0, margin=0.0))

    def evaluated(*arguments: str, command: str = "") -> tuple[int, str, str]:
        given = ["--cases", str(folder / "cases.jsonl"), "--documents", str(folder / "documents"), *arguments]
        code = run(lambda: main([command, *given] if command else given))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return evaluated


def write_cases(folder: Path, rows: list[dict[str, Any]]) -> None:
    lines = [json.dumps({"answerable": True, **row}) + "\n" for row in rows]
    (folder / "cases.jsonl").write_text("".join(lines), encoding="utf-8")


def cells(table: str, label: str) -> list[str]:
    """Return the cells of the row that begins with a label."""
    rows = [[cell.strip() for cell in line.strip("│┃ ").replace("┃", "│").split("│")] for line in table.splitlines()]
    return next(row[1:] for row in rows if row[0] == label)


def figures(table: str, label: str) -> list[str]:
    """Return the same without the intervals."""
    return [cell.split(" (")[0] for cell in cells(table, label)]


def test_every_case_is_asked_and_the_table_has_its_figures(evaluate: Evaluated) -> None:
    code, out, err = evaluate()
    assert (code, err) == (0, "")
    assert cells(out, "category") == [
        "cases", "recall@1", "recall@5", "citation precision", "citation recall", "key facts", "answered", "false answers",
    ]  # fmt: skip
    assert cells(out, "all")[:3] == ["6", "1.000", "1.000"]
    assert cells(out, "all")[-2:] == ["1.000", "1.000"]
    assert cells(out, "absent") == ["2", "-", "-", "-", "-", "-", "-", "1.000"]
    assert cells(out, "follow-up")[0] == "1"
    assert cells(out, "measure") == ["cases"]  # the name of the file of cases
    assert cells(out, "valid quotes") == cells(out, "uncut quotes") == ["1.000 (1.00–1.00)"]
    assert 0.0 <= float(figures(out, "AUROC")[0]) <= 1.0


def test_every_figure_of_a_set_has_its_interval_by_split(evaluate: Evaluated, folder: Path) -> None:
    write_cases(folder, [{**row, "split": "test" if row["id"] in "145" else "dev"} for row in CASES])
    code, out, err = evaluate()
    assert (code, err) == (0, "")
    assert cells(out, "measure") == ["cases, dev", "cases, test"]
    assert cells(out, "recall@5") == ["1.000 (1.00–1.00)"] * 2
    assert figures(out, "false answers") == ["1.000", "1.000"]
    assert cells(out, "abstention precision") == ["-", "-"]  # nothing was declined
    assert cells(out, "all")[0] == "6"


def test_a_split_asks_its_cases_alone(evaluate: Evaluated, folder: Path) -> None:
    write_cases(folder, [{**row, "split": "test" if row["id"] in "145" else "dev"} for row in CASES])
    code, out, _ = evaluate("--split", "test", "--output", str(folder / "answers.jsonl"))
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 0
    assert [row["id"] for row in rows] == ["1", "4", "5"]
    assert cells(out, "measure") == ["cases"]


def test_a_split_that_no_case_has_is_refused(evaluate: Evaluated, folder: Path) -> None:
    code, out, err = evaluate("--split", "dev")
    assert (code, out) == (1, "")
    assert err == f"error: None of the cases in {folder / 'cases.jsonl'} has the split 'dev'.\n"


def test_the_projects_own_cases_and_documents_are_the_default() -> None:
    parser = argparse.ArgumentParser()
    add_case_options(parser)
    options = parser.parse_args([])
    root = CASES_FOLDER.parents[1]
    assert list(chosen_folders(options)) == [root / "corpus" / "documents", root / "eval" / "documents"]
    assert {case.source for case in chosen_cases(options)} == {path.stem for path in CASES_FOLDER.glob("*.jsonl")}
    named = parser.parse_args(["--documents", "mine", "--split", "test", "--limit", "3"])
    assert list(chosen_folders(named)) == [Path("mine")]
    assert [case.split for case in chosen_cases(named)] == ["test"] * 3


def test_the_answers_are_written_one_object_a_case_with_the_fields_of_the_design(evaluate: Evaluated, folder: Path) -> None:
    code, _, _ = evaluate("--output", str(folder / "answers.jsonl"))
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 0
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    contract = {"id", "outcome", "answer", "confidence", "searched_for", "statements", "retrieved", "seconds"}
    for row in rows:
        assert contract <= set(row)
        assert row["outcome"] == "answered"
        assert 0.0 <= row["confidence"] <= 1.0
        for citation in (citation for statement in row["statements"] for citation in statement["citations"]):
            assert {"document", "start", "end", "quote", "page"} <= set(citation)
            assert DOCUMENTS[citation["document"]][citation["start"] : citation["end"]] == citation["quote"]
        assert all(set(place) == {"document", "start", "end", "score"} for place in row["retrieved"])
    assert rows[0]["answer"] == "A hive has exactly one queen."
    assert "paper wasps" in rows[2]["searched_for"]
    assert {place["document"] for place in rows[2]["retrieved"]} == {"notes/wasps.txt"}


def test_declined_cases_are_written_and_counted_as_such(evaluate: Evaluated, folder: Path, monkeypatch: Any) -> None:
    never = replace(load_calibration("footnote"), threshold=1.1)
    monkeypatch.setattr(choice, "load_calibration", lambda name: never)
    code, out, _ = evaluate("--output", str(folder / "answers.jsonl"))
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 0
    assert {(row["outcome"], row["answer"], len(row["statements"])) for row in rows} == {("not_found", "", 0)}
    assert cells(out, "all")[-2:] == ["0.000", "0.000"]
    assert "given:    (declined)" in out
    # Four of the six were answerable: two of six were declined rightly, and both that had to be were.
    assert (figures(out, "abstention precision"), figures(out, "abstention recall")) == (["0.333"], ["1.000"])


def test_a_limit_asks_the_first_cases_only(evaluate: Evaluated, folder: Path) -> None:
    code, out, _ = evaluate("--limit", "2", "--output", str(folder / "answers.jsonl"))
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 0
    assert [row["id"] for row in rows] == ["1", "2"]
    assert cells(out, "all")[0] == "2"


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_a_limit_that_is_none_is_refused(limit: str, evaluate: Evaluated, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        evaluate(f"--limit={limit}")
    assert caught.value.code == 2
    assert f"argument --limit: {limit!r} is not a whole number above zero" in capsys.readouterr().err


def test_four_searches_are_compared_without_answering(evaluate: Evaluated, folder: Path) -> None:
    code, out, _ = evaluate("--retrieval", "--output", str(folder / "answers.jsonl"))
    assert code == 0
    assert cells(out, "measure") == ["recipe", "dense", "lexical", "hybrid"]
    assert cells(out, "cases") == ["6"] * 4
    assert cells(out, "recall@5") == ["1.000"] * 4
    assert cells(out, "hit@1")[3] == "1.000"
    assert not (folder / "answers.jsonl").exists()


def test_a_second_recipe_in_one_process_knows_nothing_of_the_first(word_embedder: Any) -> None:
    asked = Case("1", "bees hive")
    first = recipe_search(word_embedder, {"bees.txt": "bees hive", "ants.txt": "ants nest"})
    second = recipe_search(word_embedder, {"wasps.txt": "wasps paper"})
    assert [span.document for span in first(asked)[0]] == ["bees.txt", "ants.txt"]
    assert [span.document for span in second(asked)[0]] == ["wasps.txt"]


def test_a_case_about_a_document_that_is_not_there_is_refused_before_any_is_asked(evaluate: Evaluated, folder: Path) -> None:
    write_cases(folder, [*CASES, {**CASES[0], "id": "7", "documents": ["flies.txt"]}])
    code, out, err = evaluate("--output", str(folder / "answers.jsonl"))
    assert (code, out) == (1, "")
    assert err == "error: The case 7 is about 'flies.txt', which is not among the documents. Check --documents.\n"
    assert not (folder / "answers.jsonl").exists()


def test_a_quote_that_is_not_in_its_document_is_refused_before_any_is_asked(evaluate: Evaluated, folder: Path) -> None:
    write_cases(folder, [*CASES, {**CASES[0], "id": "7", "evidence": ["A hive has two queens."]}])
    code, out, err = evaluate("--output", str(folder / "answers.jsonl"))
    assert (code, out) == (1, "")
    assert err.startswith("error: The evidence of 7 is in none of its documents: 'A hive has two queens.'.")
    assert not (folder / "answers.jsonl").exists()


def test_a_question_that_cannot_be_asked_is_told_and_the_others_are_asked(evaluate: Evaluated, folder: Path) -> None:
    write_cases(folder, [{**CASES[0], "id": "long", "question": "why " * 500}, CASES[1]])
    code, out, err = evaluate("--output", str(folder / "answers.jsonl"))
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 1
    assert [(row["id"], row["outcome"]) for row in rows] == [("long", "failed"), ("2", "answered")]
    assert rows[0]["error"].startswith("The question is too long: 500 words")
    assert err.startswith("failed: long: The question is too long: 500 words")
    assert cells(out, "all")[0] == "1"


def test_an_output_that_cannot_be_written_is_refused(evaluate: Evaluated, folder: Path) -> None:
    target = folder / "nowhere" / "answers.jsonl"
    code, out, err = evaluate("--output", str(target))
    assert (code, out) == (1, "")
    assert err == f"error: The answers cannot be written to {target}: No such file or directory. Check --output.\n"


def test_documents_or_cases_that_are_not_there_are_refused(evaluate: Evaluated, folder: Path) -> None:
    (folder / "empty").mkdir()
    code, _, err = evaluate("--documents", str(folder / "empty"))
    assert (code, err.startswith(f"error: The folder {folder / 'empty'} holds no document.")) == (1, True)
    code, _, err = evaluate("--cases", str(folder / "gone.jsonl"))
    assert (code, err) == (1, f"error: The cases {folder / 'gone.jsonl'} cannot be read: No such file or directory.\n")


def test_a_kept_index_is_used_again_and_follows_its_folder(evaluate: Evaluated, folder: Path) -> None:
    kept = folder / "kept"
    assert evaluate("--data", str(kept), "--limit", "1")[0] == 0
    (folder / "documents" / "ants.md").unlink()
    code, _, err = evaluate("--data", str(kept), "--limit", "1")
    assert (code, err) == (0, "")
    opened = index.PassageIndex(kept, None)
    assert [record.name for record in opened.records()] == ["bees.txt", "notes/wasps.txt"]
    opened.close()


def test_an_index_that_breaks_is_a_failure_and_never_a_not_found(evaluate: Evaluated, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IndexStoreError("The vectors cannot be searched.")

    monkeypatch.setattr(index.PassageIndex, "search", broken)
    code, out, err = evaluate("--limit", "2")
    assert code == 1
    assert err.splitlines() == ["failed: 1: The vectors cannot be searched.", "failed: 2: The vectors cannot be searched."]
    assert out == ""


def test_speed_is_measured_in_one_run_for_every_way_of_answering(evaluate: Evaluated) -> None:
    code, out, _ = evaluate("--limit", "3", command="speed")
    assert code == 0
    assert cells(out, "measure") == ["recipe", "recipe, our embedder", "search", "answer, similarity", "answer, footnote"]
    assert cells(out, "questions") == ["3"] * 5
    assert cells(out, "times the recipe")[0] == "1.000"
    assert all(float(value) > 0.0 for value in cells(out, "median, ms"))
    tokens = cells(out, "tokens read, median")
    assert tokens[:4] == ["-"] * 4 and float(tokens[4]) > 10
    assert cells(out, "weights on disk, MB")[:4] == ["-"] * 4 and 1.0 < float(cells(out, "weights on disk, MB")[4]) < 25.0
    added = cells(out, "memory added, MB")  # little or nothing, where tests before this one have loaded all
    assert all(value == "-" or 0.0 < float(value) < 4000.0 for value in added) and len(added) == 5


def test_the_recipe_is_the_tutorials_own(embedder: SentenceTransformerEmbeddings) -> None:
    search = recipe_search(embedder, {"bees.txt": "Bees live in a hive. " * 200}, 3)
    places, best = search(Case("1", "Where do bees live?"))
    assert len(places) == 3 and all(place.end - place.start <= 1000 for place in places)
    assert 0.3 < best <= 1.0
