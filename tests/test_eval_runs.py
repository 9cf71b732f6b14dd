"""A run on disk: what is written comes back the same, and what is missing, damaged or cut off is refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tiny import ANTS, BEES, CASES, DOCUMENTS, HIVE, QUEEN, row, without_models, write_set

from corpus.errors import CaseError, ModelError, SettingsError
from eval.__main__ import main
from eval.cases import Case
from eval.runs import Run, beside, load_run, make_run, write_beside
from eval.summary import summarise
from index.commands import EXIT_INTERRUPTED
from index.commands import run as run_command

ABOUT = {"commit": "abc", "engine": "extractive"}
BEE_CASES = (
    Case(
        "hive",
        "And where do they live?",
        history=({"role": "user", "content": "What are bees?"}, {"role": "assistant", "content": "Insects, “bees”."}),
        documents=("bees.txt",),
        evidence=(HIVE,),
        expected=(("hive", "a hive"),),
        category="follow-up",
        split="test",
        source="bees",
    ),
    Case("queen", "How many queens?", evidence=(QUEEN,), relevant_documents=("bees.txt",), source="bees"),
    Case("age", "How old does a queen get?", answerable=False, source="bees"),
)
ROWS = (
    row("hive", "bees.txt", (0, 20)),
    {"id": "queen", "outcome": "failed", "error": "The vectors cannot be searched."},
    row("age"),
)


def written(folder: Path, rows: tuple[Any, ...] = ROWS) -> Path:
    """Write a run and return the file of its answers."""
    output = folder / "answers.jsonl"
    output.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")
    write_beside(make_run("answers", ABOUT, BEE_CASES, rows, DOCUMENTS), output)
    return output


def change(path: Path, **values: Any) -> None:
    """Change top-level values of the file beside the answers."""
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")


# Back and forth


def test_a_run_comes_back_as_it_was_from_either_of_its_files(tmp_path: Path) -> None:
    output = written(tmp_path)
    run = load_run(output)
    assert run == Run("answers", ABOUT, BEE_CASES, ROWS, {"bees.txt": BEES})
    assert load_run(beside(output)) == run
    assert run.cases[0].asked == BEE_CASES[0].asked
    assert summarise(run.scores) == summarise(make_run("x", {}, BEE_CASES, ROWS, DOCUMENTS).scores)


def test_a_failure_has_a_reason_and_no_score(tmp_path: Path) -> None:
    run = load_run(written(tmp_path))
    assert [(case.id, reason) for case, reason in run.failures] == [("queen", "The vectors cannot be searched.")]
    assert [item.case.id for item in run.scores] == ["hive", "age"]
    assert [item.answered for item in run.scores] == [True, False]
    assert run.row(BEE_CASES[1])["outcome"] == "failed"


def test_only_the_texts_that_are_cited_or_hold_evidence_are_kept() -> None:
    run = make_run("x", {}, BEE_CASES[2:], ROWS[2:], DOCUMENTS)
    assert run.texts == {}
    cited = make_run("x", {}, BEE_CASES[2:], (row("age", "ants.txt", (0, 20)),), DOCUMENTS)
    assert cited.texts == {"ants.txt": ANTS}
    assert make_run("x", {}, BEE_CASES[:1], (row("hive"),), DOCUMENTS).texts == {"bees.txt": BEES}


def test_the_answers_and_what_belongs_to_them_are_written_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_models(monkeypatch)
    cases = write_set(tmp_path)
    given = ["--cases", str(cases), "--documents", str(tmp_path / "documents"), "--output", str(tmp_path / "answers.jsonl")]
    assert run_command(lambda: main(given)) == 0
    assert capsys.readouterr().err == ""
    run = load_run(tmp_path / "answers.run.json")
    assert [case.id for case in run.cases] == ["hive", "queen", "nest", "age"]
    assert [item.answered for item in run.scores] == [True, True, False, False]
    # The first sentence is the evidence of the first case only: its 20 characters of 20, and of the next one's 21 none.
    assert [item.values.get("citation recall") for item in run.scores] == [1.0, 0.0, 0.0, None]
    assert run.texts == DOCUMENTS
    assert (run.about["engine"], run.about["reader"], run.about["embedder"]) == ("extractive", "footnote", "all-MiniLM-L6-v2")


# Missing


def test_a_run_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"The run .*gone\.run\.json cannot be read: No such file"):
        load_run(tmp_path / "gone.jsonl")
    output = written(tmp_path)
    output.unlink()
    with pytest.raises(CaseError, match=r"The run .*answers\.jsonl cannot be read: No such file"):
        load_run(output)
    with pytest.raises(CaseError, match=r"The run .*answers\.jsonl cannot be read: No such file"):
        load_run(beside(output))


def test_answers_alone_say_what_is_missing_beside_them(tmp_path: Path) -> None:
    output = written(tmp_path)
    beside(output).unlink()
    with pytest.raises(CaseError) as caught:
        load_run(output)
    assert str(caught.value).startswith(f"Beside {output} there is no answers.run.json")
    assert "`python -m eval --output` writes. Make the run again." in str(caught.value)


def test_a_run_that_was_interrupted_leaves_answers_that_say_so_when_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = without_models(monkeypatch)
    cases, output = write_set(tmp_path), tmp_path / "answers.jsonl"
    given = ["--cases", str(cases), "--documents", str(tmp_path / "documents"), "--output", str(output)]
    assert run_command(lambda: main(given)) == 0
    assert beside(output).is_file()
    asked.questions.clear()
    asked.stop_after = 2
    assert run_command(lambda: main(given)) == EXIT_INTERRUPTED
    assert [json.loads(line)["id"] for line in output.read_text(encoding="utf-8").splitlines()] == ["hive", "queen"]
    assert not beside(output).exists()  # not even that of the run before
    capsys.readouterr()
    assert run_command(lambda: main(["compare", str(output), str(output)])) == 1
    assert capsys.readouterr().err.startswith(f"error: Beside {output} there is no answers.run.json")


def test_what_stops_a_run_before_it_begins_leaves_the_answers_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_models(monkeypatch)
    cases, output = write_set(tmp_path), written(tmp_path)
    before = output.read_text(encoding="utf-8")
    given = ["--cases", str(cases), "--documents", str(tmp_path / "documents"), "--output", str(output)]
    assert run_command(lambda: main([*given, "--judge", ":"])) == 1
    assert run_command(lambda: main([*given, "--thresholds", str(tmp_path / "gone.toml")])) == 1
    assert [line[:6] for line in capsys.readouterr().err.splitlines()] == ["error:"] * 2
    assert output.read_text(encoding="utf-8") == before
    assert load_run(output).name == "answers"


# Damaged


def test_a_file_that_is_no_text_or_no_json_is_refused(tmp_path: Path) -> None:
    output = written(tmp_path)
    beside(output).write_bytes(b'{"form": 1, "about": "caf\xe9"}')
    with pytest.raises(CaseError, match=r"answers\.run\.json is not UTF-8 text \(byte 25\)"):
        load_run(output)
    beside(output).write_text('{"form": 1, "about"', encoding="utf-8")
    with pytest.raises(CaseError, match=r"answers\.run\.json is not JSON: .* Make the run again with --output\."):
        load_run(output)


@pytest.mark.parametrize("content", ["[]", "{}", '{"form": 2}', '"form"'])
def test_a_file_of_another_form_is_refused(content: str, tmp_path: Path) -> None:
    output = written(tmp_path)
    beside(output).write_text(content, encoding="utf-8")
    with pytest.raises(CaseError, match="is not a run of this version of Footnote") as caught:
        load_run(output)
    assert str(beside(output)) in str(caught.value)


@pytest.mark.parametrize(
    "values",
    [{"cases": None}, {"cases": [{"id": "hive"}]}, {"texts": None}, {"texts": {"bees.txt": None}}],
    ids=["no cases", "half a case", "no texts", "no text"],
)
def test_what_is_missing_beside_the_answers_is_refused(values: dict[str, Any], tmp_path: Path) -> None:
    output = written(tmp_path)
    change(beside(output), **values)
    with pytest.raises(CaseError) as caught:
        load_run(output)
    assert str(beside(output)) in str(caught.value)


@pytest.mark.parametrize(
    "damaged",
    [
        '{"id": "age"}',
        '{"id": "age", "outcome": "answered"}',
        '{"id": "age", "outcome": "failed"}',
        '"age"',
        "[1]",
        '{"id": "age", "outc',
    ],
    ids=["no outcome", "no answer", "no reason", "a text", "a list", "cut off"],
)
def test_an_answer_that_is_damaged_is_refused_when_the_run_is_read(damaged: str, tmp_path: Path) -> None:
    output = written(tmp_path)
    lines = output.read_text(encoding="utf-8").splitlines()
    output.write_text("\n".join([*lines[:2], damaged]) + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match="are not of the form of a run: .* Make it again") as caught:
        load_run(output)
    assert str(output) in str(caught.value)


def test_answers_to_other_cases_than_those_beside_them_are_refused(tmp_path: Path) -> None:
    output = written(tmp_path)
    lines = output.read_text(encoding="utf-8").splitlines(keepends=True)
    for others in (lines[:2], [*lines, lines[0]], [lines[1], lines[0], lines[2]]):
        output.write_text("".join(others), encoding="utf-8")
        with pytest.raises(CaseError, match=r"answers\.jsonl and .*answers\.run\.json hold different cases"):
            load_run(output)
    output.write_text("".join(lines), encoding="utf-8")
    assert len(load_run(output).rows) == 3


def test_evidence_that_is_not_in_the_kept_texts_is_refused(tmp_path: Path) -> None:
    output = written(tmp_path)
    change(beside(output), texts={"bees.txt": "Wasps."})
    with pytest.raises(CaseError, match="The evidence of hive is in none of its documents"):
        load_run(output)
    assert output.is_file()


def test_a_folder_that_is_not_there_cannot_be_written_to(tmp_path: Path) -> None:
    run = make_run("x", ABOUT, BEE_CASES, ROWS, DOCUMENTS)
    with pytest.raises(SettingsError, match=r"answers\.run\.json cannot be written: No such file.* Check --output\.") as caught:
        write_beside(run, tmp_path / "nowhere" / "answers.jsonl")
    assert str(tmp_path / "nowhere") in str(caught.value)


def test_a_chain_that_cannot_be_made_is_an_error_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_models(monkeypatch)

    def broken(*_: object, **__: object) -> None:
        raise ModelError("The calibration cannot be read.")

    monkeypatch.setattr("assistant.build_chain", broken)
    cases = write_set(tmp_path, CASES)
    assert run_command(lambda: main(["--cases", str(cases), "--documents", str(tmp_path / "documents")])) == 1
    assert capsys.readouterr().err == "error: The calibration cannot be read.\n"
