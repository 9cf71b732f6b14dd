"""Kept results: written, read, and shown in the README, which is held to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tiny import scored

from corpus.errors import SettingsError
from eval.__main__ import main
from eval.results import Result, load_results, make_result, markdown_table, save_result, with_table
from eval.summary import NAMES
from eval.table import README
from index.commands import run

ABOUT: dict[str, Any] = {
    "commit": "0123456789abcdef",
    "changed": False,
    "footnote": "0.1.0",
    "machine": {"cores": 2, "processor": "AMD EPYC"},
}
BEGIN, END = "<!-- results: begin (python -m eval table) -->", "<!-- results: end -->"
SCORES = [scored("a", {"key facts": 1.0}), scored("b", {"key facts": 0.5}), scored("c", {"key facts": 0.5})]


def result(name: str, **figures: float | int | None) -> Result:
    """Return a result of these figures, each with the interval 0.25–0.75 where it has a fraction."""
    ranges = {key: (0.25, 0.75) if isinstance(value, float) else None for key, value in figures.items()}
    return Result(name, ABOUT, figures, ranges)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder of results with a README."""
    save_result(make_result("bees, test", ABOUT, SCORES), tmp_path / "results")
    (tmp_path / "README.md").write_text(f"# Bees\n\n{BEGIN}\nold\n{END}\n\nMore.\n", encoding="utf-8")
    return tmp_path


def table(folder: Path, *arguments: str) -> int:
    given = ["table", "--readme", str(folder / "README.md"), "--results", str(folder / "results"), *arguments]
    return run(lambda: main(given))


# Keeping


def test_a_result_has_every_figure_with_its_interval_to_four_digits() -> None:
    made = make_result("bees", ABOUT, SCORES)
    assert tuple(made.figures) == ("cases", *NAMES)
    assert tuple(made.ranges) == NAMES
    assert (made.figures["cases"], made.figures["key facts"], made.figures["recall@1"]) == (3, 0.6667, None)
    spread = made.ranges["key facts"]
    assert spread is not None and all(bound == round(bound, 4) for bound in spread)
    assert spread[0] <= 0.6667 <= spread[1]
    assert (made.name, made.about, made.ranges["recall@1"]) == ("bees", ABOUT, None)


def test_what_was_saved_is_read_back(tmp_path: Path) -> None:
    made = make_result("bees, test", ABOUT, SCORES)
    path = save_result(made, tmp_path / "new" / "results")
    assert path == tmp_path / "new" / "results" / "bees-test.json"
    assert load_results(path.parent) == [made]
    assert save_result(made, path.parent) == path  # in its own place
    assert save_result(make_result("a/b", ABOUT, SCORES), path.parent).name == "a-b.json"


def test_the_own_sets_come_before_the_benchmarks(tmp_path: Path) -> None:
    for name in ("quac", "clapnq", "tools, test", "bees, test"):
        save_result(make_result(name, ABOUT, SCORES), tmp_path)
    assert [one.name for one in load_results(tmp_path)] == ["bees, test", "tools, test", "clapnq", "quac"]
    assert (tmp_path / "tools-test.json").is_file()


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"holds no results\. Make them with `python -m eval bench`"):
        load_results(tmp_path)
    with pytest.raises(SettingsError, match="nowhere holds no results"):
        load_results(tmp_path / "nowhere")


def test_a_file_that_is_no_result_is_refused_with_its_path(tmp_path: Path) -> None:
    path = save_result(make_result("bees", ABOUT, SCORES), tmp_path)
    good = json.loads(path.read_text(encoding="utf-8"))
    damaged: list[object] = ["{", [], {**good, "more": 1}, {"name": "bees"}, {**good, "about": {}}, {**good, "about": None}]
    for content in damaged:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        with pytest.raises(SettingsError, match=r"bees\.json is not a kept result: .*Make it again with"):
            load_results(tmp_path)
    path.write_bytes(b'{"name": "caf\xe9"}')
    with pytest.raises(SettingsError, match="is not a kept result: UnicodeDecodeError"):
        load_results(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"The result cannot be written to .*bees\.json: File exists") as caught:
        save_result(make_result("bees", ABOUT, SCORES), tmp_path / "results")
    assert str(tmp_path / "results" / "bees.json") in str(caught.value)


# The table


def test_the_table_has_a_row_a_measure_and_a_column_a_set() -> None:
    first = result("bees, test", **{"cases": 3, "hit@1": 0.5, "AUROC": None})
    second = result("clapnq", **{"cases": 200, "hit@1": 0.123456})
    assert markdown_table([first, second]).splitlines() == [
        "| measure | bees, test | clapnq |",
        "|---|---|---|",
        "| cases | 3 | 200 |",
        "| hit@1 | 0.500 <sub>0.25–0.75</sub> | 0.123 <sub>0.25–0.75</sub> |",
        "| AUROC | - | - |",
        "",
        "Measured with commit 012345678 on 2 cores (AMD EPYC).",
    ]


def test_some_measures_stand_in_the_files_alone() -> None:
    lines = markdown_table([make_result("bees", ABOUT, SCORES)]).splitlines()
    shown = [line.split("|")[1].strip() for line in lines if line.startswith("| ")]
    left_out = {"recall@1", "recall@5", "hit@5", "abstention precision", "abstention recall"}
    assert shown == ["measure", "cases", *(name for name in NAMES if name not in left_out)]
    assert left_out < set(NAMES)


def test_results_of_several_commits_or_of_changed_files_say_so() -> None:
    other = {**ABOUT, "commit": "fedcba9876543210", "changed": True, "machine": {"cores": 16, "processor": "Xeon"}}
    nowhere = {**ABOUT, "commit": None, "changed": None}
    results = [Result(str(number), about, {"cases": 1}, {}) for number, about in enumerate((ABOUT, other, ABOUT, nowhere))]
    assert markdown_table(results).splitlines()[-1] == (
        "Measured with commit 012345678 on 2 cores (AMD EPYC), commit fedcba987 and changes on 16 cores (Xeon), "
        "version 0.1.0 on 2 cores (AMD EPYC)."
    )
    assert markdown_table(results[:1]).endswith("\n\nMeasured with commit 012345678 on 2 cores (AMD EPYC).")


def test_the_table_replaces_what_stands_between_its_marks_and_nothing_else() -> None:
    readme = f"before\n{BEGIN}\nold\nlines\n{END}\nafter\n"
    assert with_table(readme, "| new |") == f"before\n{BEGIN}\n| new |\n{END}\nafter\n"
    assert with_table(with_table(readme, "a"), "a") == with_table(readme, "a")


@pytest.mark.parametrize("readme", ["", f"{BEGIN}\n", f"{END}\n", f"{END}\n{BEGIN}\n"])
def test_a_readme_without_a_place_for_the_table_is_refused_with_the_marks(readme: str) -> None:
    with pytest.raises(SettingsError) as caught:
        with_table(readme, "| new |")
    assert str(caught.value).startswith("The README has no place for the table.")
    assert BEGIN in str(caught.value) and END in str(caught.value)


# The command


def test_the_command_writes_the_table_and_then_finds_it_there(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert table(kept, "--check") == 1
    readme = kept / "README.md"
    assert capsys.readouterr().err == f"{readme} does not show the kept results. Write them with `python -m eval table`.\n"
    assert "old" in readme.read_text(encoding="utf-8")  # --check changes nothing
    assert (table(kept), table(kept, "--check"), table(kept)) == (0, 0, 0)
    written = readme.read_text(encoding="utf-8")
    assert written.startswith(f"# Bees\n\n{BEGIN}\n| measure | bees, test |\n|---|---|\n| cases | 3 |\n")
    assert written.endswith(f"on 2 cores (AMD EPYC).\n{END}\n\nMore.\n")
    assert capsys.readouterr().err == ""


def test_a_result_that_changes_or_a_figure_that_is_retouched_is_seen(kept: Path) -> None:
    assert table(kept) == 0
    readme = kept / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace("0.667", "0.767"), encoding="utf-8")
    assert table(kept, "--check") == 1
    assert (table(kept), table(kept, "--check")) == (0, 0)
    save_result(make_result("bees, test", ABOUT, SCORES[:2]), kept / "results")
    assert table(kept, "--check") == 1


def test_what_keeps_the_table_from_being_made_is_an_error(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (kept / "README.md").write_text("# Bees\n", encoding="utf-8")
    assert table(kept) == 1
    assert capsys.readouterr().err.startswith("error: The README has no place for the table.")
    (kept / "README.md").unlink()
    assert table(kept, "--check") == 1
    assert "README.md cannot be read: No such file or directory. Check --readme." in capsys.readouterr().err
    assert table(kept, "--results", str(kept / "nowhere")) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_the_readme_shows_the_kept_results() -> None:
    assert main(["table", "--check"]) == 0
    assert BEGIN in README.read_text(encoding="utf-8")
