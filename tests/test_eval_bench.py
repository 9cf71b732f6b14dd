"""`python -m eval bench`: sets of cases measured and kept, a run that was cut off taken up where it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tiny import ANTS, BEES, CASES, DOCUMENTS, Asked, without_models, write_set

from corpus.errors import IndexStoreError
from eval import bench as module
from eval import summary
from eval.__main__ import main
from eval.bench import find_benches, own_sets
from eval.cases import CASES_FOLDER, load_cases
from eval.results import load_results
from index.commands import EXIT_INTERRUPTED, run

BEE_CASES = [row for row in CASES if row["documents"] == ["bees.txt"]]
ANT_CASES = [row for row in CASES if row["documents"] == ["ants.txt"]]
QUESTIONS = [str(row["question"]) for row in CASES]

Benched = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two benchmarks, each with its own documents, beside what is none."""
    write_set(tmp_path / "sets" / "bees", BEE_CASES, {"bees.txt": BEES})
    write_set(tmp_path / "sets" / "ants", ANT_CASES, {"ants.txt": ANTS})
    (tmp_path / "sets" / "notes").mkdir()
    (tmp_path / "sets" / "notes" / "cases.jsonl").write_text("no documents beside it", encoding="utf-8")
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """No model, few resamples, and code that stays the same whoever works on it meanwhile."""
    monkeypatch.setattr(module, "tree", lambda folder: "the same")
    monkeypatch.setattr(summary, "bootstrap", partial(summary.bootstrap, resamples=20))
    return without_models(monkeypatch)


@pytest.fixture
def bench(folder: Path, asked: Asked, capsys: pytest.CaptureFixture[str]) -> Benched:
    def benched(*arguments: str, sets: str = "sets") -> tuple[int, str, str]:
        code = run(lambda: main(["bench", str(folder / sets), "--results", str(folder / "results"), *arguments]))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return benched


def kept_answers(folder: Path) -> list[Path]:
    return sorted((folder / ".footnote" / "bench").glob("*/answers.jsonl"))


def interrupt(bench: Benched, asked: Asked, after: int, *arguments: str) -> None:
    """Let a run be cut off after some questions, and forget them."""
    asked.stop_after = after
    assert bench(*arguments)[0] == EXIT_INTERRUPTED
    assert len(asked.questions) == after
    asked.stop_after = None
    asked.questions.clear()


# A run


def test_every_benchmark_of_a_folder_is_measured_and_its_figures_kept(bench: Benched, asked: Asked, folder: Path) -> None:
    code, out, err = bench()
    assert (code, err) == (0, "")
    assert asked.questions == [str(row["question"]) for row in (*ANT_CASES, *BEE_CASES)]
    ants, bees = load_results(folder / "results")
    assert (ants.name, bees.name) == ("ants", "bees")
    # Both questions on bees are answered with the first sentence, which is right for one; both on ants are declined.
    assert (bees.figures["cases"], bees.figures["answered"], bees.figures["citation recall"]) == (2, 1.0, 0.5)
    assert (ants.figures["answered"], ants.figures["false answers"], ants.figures["abstention recall"]) == (0.0, 0.0, 1.0)
    assert bees.ranges["answered"] == [1.0, 1.0]
    assert (bees.about["engine"], bees.about["reader"]) == ("extractive", "footnote")
    assert out.count("All figures, with bootstrap 95 % intervals") == 2
    assert out.index(" ants ┃") < out.index(" bees ┃")


def test_a_run_that_ended_leaves_nothing_behind_and_the_next_one_measures_anew(
    bench: Benched, asked: Asked, folder: Path
) -> None:
    assert bench("--only", "bees")[0] == 0
    assert list((folder / ".footnote" / "bench").iterdir()) == []
    assert bench("--only", "bees")[0] == 0
    assert asked.questions == [str(row["question"]) for row in BEE_CASES] * 2


def test_a_folder_that_is_a_benchmark_itself_is_measured_alone(
    bench: Benched, asked: Asked, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bench(sets="sets/ants")[0] == 0
    assert [result.name for result in load_results(folder / "results")] == ["ants"]
    assert asked.questions == [str(row["question"]) for row in ANT_CASES]
    monkeypatch.chdir(folder / "sets" / "bees")
    assert [one.name for one in find_benches(Path("."))] == ["bees"]


def test_some_sets_can_be_chosen_by_name(bench: Benched, asked: Asked, folder: Path) -> None:
    assert bench("--only", "bees")[0] == 0
    assert [path.name for path in (folder / "results").iterdir()] == ["bees.json"]
    assert asked.questions == [str(row["question"]) for row in BEE_CASES]


@pytest.mark.parametrize("names", [("wasps",), ("bees", "wasps"), ("wasps", "flies")])
def test_a_name_that_is_of_no_set_is_refused_with_those_that_there_are(
    names: tuple[str, ...], bench: Benched, asked: Asked, folder: Path
) -> None:
    code, out, err = bench("--only", *names)
    assert (code, out) == (1, "")
    assert err == "error: There is no set of the name 'wasps'. There are: ants; bees.\n"
    assert asked.questions == [] and not (folder / "results").exists()


def test_a_folder_without_benchmarks_is_refused(bench: Benched, folder: Path) -> None:
    for name in ("sets/notes", "sets/bees/documents", "nowhere"):
        code, out, err = bench(sets=name)
        assert (code, out) == (1, "")
        assert err == f"error: {folder / name} holds no benchmark. Expected folders with cases.jsonl and documents/.\n"


def test_a_case_that_could_not_be_asked_is_told_and_ends_the_command_with_1(bench: Benched, asked: Asked, folder: Path) -> None:
    asked.failing[QUESTIONS[0]] = IndexStoreError("The vectors\x1b[31m cannot be searched.")
    code, out, err = bench()
    assert code == 1
    assert err.startswith("failed: hive: The vectors") and err.endswith("cannot be searched.\n")
    assert "\x1b" not in err
    assert asked.questions == [str(row["question"]) for row in (*ANT_CASES, *BEE_CASES)]  # the others all the same
    assert load_results(folder / "results")[1].figures["cases"] == 1


def test_of_many_failures_the_first_are_told_and_how_many_there_were(bench: Benched, asked: Asked, folder: Path) -> None:
    rows = [{**BEE_CASES[0], "id": str(number)} for number in range(5)]
    write_set(folder / "sets" / "bees", rows, {"bees.txt": BEES})
    asked.failing[QUESTIONS[0]] = IndexStoreError("Broken.")
    code, _, err = bench("--only", "bees")
    assert code == 1
    assert err.splitlines() == [
        "failed: 0: Broken.", "failed: 1: Broken.", "failed: 2: Broken.", "failed: 5 cases of bees in all",
    ]  # fmt: skip
    (result,) = load_results(folder / "results")
    assert (result.figures["cases"], result.figures["answered"]) == (0, None)


# A run that was cut off


def test_a_run_that_was_cut_off_asks_only_what_is_left(bench: Benched, asked: Asked, folder: Path) -> None:
    write_set(folder / "sets" / "all", CASES, DOCUMENTS)
    interrupt(bench, asked, 3, "--only", "all")
    (answers,) = kept_answers(folder)
    assert [json.loads(line)["id"] for line in answers.read_text(encoding="utf-8").splitlines()] == ["hive", "queen", "nest"]
    assert not (folder / "results").exists()
    assert bench("--only", "all")[0] == 0
    assert asked.questions == QUESTIONS[3:]
    (resumed,) = load_results(folder / "results")
    assert kept_answers(folder) == []
    assert bench("--only", "all")[0] == 0
    (whole,) = load_results(folder / "results")
    times = {"seconds (median)", "seconds (95 %)"}
    assert {name: value for name, value in resumed.figures.items() if name not in times} == {
        name: value for name, value in whole.figures.items() if name not in times
    }
    assert resumed.figures["cases"] == 4


def test_a_run_can_be_cut_off_more_than_once(bench: Benched, asked: Asked, folder: Path) -> None:
    write_set(folder / "sets" / "all", CASES, DOCUMENTS)
    for _ in range(3):
        interrupt(bench, asked, 1, "--only", "all")
    assert bench("--only", "all")[0] == 0
    assert asked.questions == QUESTIONS[3:]


def test_a_line_that_was_written_by_half_is_asked_again(bench: Benched, asked: Asked, folder: Path) -> None:
    write_set(folder / "sets" / "all", CASES, DOCUMENTS)
    interrupt(bench, asked, 3, "--only", "all")
    (answers,) = kept_answers(folder)
    lines = answers.read_bytes().splitlines(keepends=True)
    answers.write_bytes(b"".join(lines[:2]) + '{"id": "nest", "question": "“'.encode()[:-1])  # within a character
    assert bench("--only", "all")[0] == 0
    assert asked.questions == QUESTIONS[2:]
    assert load_results(folder / "results")[0].figures["cases"] == 4


def test_a_case_that_failed_before_the_run_was_cut_off_is_asked_again(bench: Benched, asked: Asked, folder: Path) -> None:
    write_set(folder / "sets" / "all", CASES, DOCUMENTS)
    asked.failing[QUESTIONS[1]] = IndexStoreError("Broken.")
    interrupt(bench, asked, 3, "--only", "all")
    asked.failing.clear()
    assert bench("--only", "all")[::2] == (0, "")
    assert asked.questions == [QUESTIONS[1], QUESTIONS[3]]


def test_sets_that_were_done_are_measured_again_and_the_one_that_was_cut_off_goes_on(
    bench: Benched, asked: Asked, folder: Path
) -> None:
    interrupt(bench, asked, 3)  # both questions on ants, and the first on bees
    assert [path.name for path in (folder / "results").iterdir()] == ["ants.json"]
    assert bench()[0] == 0
    assert asked.questions == [*(str(row["question"]) for row in ANT_CASES), QUESTIONS[1]]


@pytest.mark.parametrize("what", ["the reader", "the code", "a document", "a case"])
def test_where_anything_differs_that_answers_depend_on_a_run_starts_afresh(
    what: str, bench: Benched, asked: Asked, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(bench, asked, 1, "--only", "bees")
    if what == "the reader":
        monkeypatch.setenv("FOOTNOTE_READER", "similarity")
    elif what == "the code":
        monkeypatch.setattr(module, "tree", lambda folder: "another")
    elif what == "a document":
        (folder / "sets" / "bees" / "documents" / "bees.txt").write_text(f"Listen. {BEES}", encoding="utf-8")
    else:
        write_set(folder / "sets" / "bees", [BEE_CASES[0], {**BEE_CASES[1], "expected": [["one"]]}], {"bees.txt": BEES})
    assert bench("--only", "bees")[0] == 0
    assert asked.questions == [str(row["question"]) for row in BEE_CASES]
    (result,) = load_results(folder / "results")
    assert (result.figures["valid quotes"], result.figures["cases"]) == (1.0, 2)


def test_answers_that_cannot_be_kept_are_an_error(bench: Benched, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: (full if self.name == "answers.jsonl" else real)(self, *a, **k))
    code, out, err = bench("--only", "bees")
    assert (code, out) == (1, "")
    assert err.startswith("error: The answers cannot be kept in ")
    assert err.endswith(": No space left on device. Check FOOTNOTE_DATA.\n")


# The own sets


def test_the_own_sets_are_the_half_that_nothing_was_fitted_to() -> None:
    sets = own_sets()
    assert [one.name for one in sets] == [f"{path.stem}, test" for path in sorted(CASES_FOLDER.glob("*.jsonl"))]
    assert all(case.split == "test" for one in sets for case in one.cases)
    assert sum(len(one.cases) for one in sets) == sum(case.split == "test" for case in load_cases(CASES_FOLDER))


def test_without_a_folder_the_own_sets_are_measured(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "OWN_DOCUMENTS", (tmp_path / "documents",))
    monkeypatch.setattr(module, "CASES_FOLDER", tmp_path / "cases")
    (tmp_path / "cases").mkdir()
    rows = [{**row, "split": "test" if row["id"] in ("hive", "nest") else "dev"} for row in CASES]
    write_set(tmp_path, rows).rename(tmp_path / "cases" / "own.jsonl")
    assert run(lambda: main(["bench", "--results", str(tmp_path / "results")])) == 0
    assert asked.questions == [QUESTIONS[0], QUESTIONS[2]]
    (result,) = load_results(tmp_path / "results")
    assert (result.name, result.figures["cases"]) == ("own, test", 2)
    assert (tmp_path / "results" / "own-test.json").is_file()
