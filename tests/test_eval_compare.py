"""Two runs compared: differences and p by hand, what got better and what got worse, and runs that cannot be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny import CASES, DOCUMENTS, row, scored

from corpus.errors import CaseError
from eval.__main__ import main
from eval.cases import Case, case_from_json
from eval.compare import Difference, difference, paired
from eval.runs import make_run, write_beside
from eval.summary import MEASURES
from index.commands import run

BY_NAME = {measure.name: measure for measure in MEASURES}
FOUR = tuple(case_from_json({"answerable": True, **one}, "tiny") for one in CASES)
#                                                           quality
BEFORE = (
    row("hive", "bees.txt", (0, 20)),  #                    1: its evidence and its fact
    row("queen", "bees.txt", (0, 20)),  #                   0: another sentence
    row("nest"),  #                                         0: declined
    row("age"),  #                                          1: declined rightly
)
AFTER = (
    row("hive", "bees.txt", (0, 42)),  #                    0.82: F1 is 2 · 20 / (42 + 20) = 0.645, and the fact is there
    row("queen", "bees.txt", (21, 42)),  #                  1
    row("nest", "ants.txt", (0, 20), confidence=0.7),  #    1
    row("age", "ants.txt", (21, 44), confidence=0.6),  #    0
)


def write(path: Path, rows: Sequence[Mapping[str, Any]], cases: Sequence[Case] = FOUR) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    write_beside(make_run(path.stem, {}, cases, rows, DOCUMENTS), path)
    return path


def change(name: str, first: Sequence[float | None], second: Sequence[float | None]) -> Difference:
    """Return the difference of a measure between cases that have these values."""
    pairs = [
        (scored(str(number), {name: one}), scored(str(number), {name: other}))
        for number, (one, other) in enumerate(zip(first, second, strict=True))
    ]
    return difference(BY_NAME[name], pairs)


# Differences


def test_the_difference_of_means_has_the_p_of_its_signs() -> None:
    found = change("key facts", [0.5, 0.5, 0.25, 0.0], [0.75, 0.75, 0.5, 0.25])
    assert (found.first, found.second, found.change) == (0.3125, 0.5625, 0.25)
    assert found.interval == (0.25, 0.25)  # whichever cases are drawn
    assert found.p == 2 / 16  # four differences of one size: only all plus and all minus are as far from 0


def test_differences_both_ways_are_weighed_against_each_other() -> None:
    found = change("citation F1", [1.0, 0.0, 0.0, 0.5], [0.5, 1.0, 1.0, 0.5])
    assert found.change == 0.375
    # |±0.5 ± 1 ± 1| is 1.5 or more in the four of eight cases in which both ones have the same sign.
    assert found.p == 0.5
    assert found.interval is not None and found.interval[0] < 0.0 < 0.375 < found.interval[1]


def test_runs_that_do_not_differ_have_a_p_of_1() -> None:
    found = change("recall@5", [1.0, 0.0], [1.0, 0.0])
    assert (found.change, found.interval, found.p) == (0.0, (0.0, 0.0), 1.0)
    assert found.name == "recall@5"


def test_cases_in_which_one_run_has_no_value_count_for_its_own_mean_alone() -> None:
    found = change("citation precision", [1.0, None, 0.5], [0.5, 1.0, 0.5])
    assert (found.first, found.second) == (0.75, pytest.approx(2 / 3))
    assert found.p == 1.0  # of the two pairs one differs
    undefined = change("citation precision", [None, None], [1.0, 1.0])
    assert (undefined.first, undefined.change, undefined.interval, undefined.p) == (None, None, None, None)


def test_what_is_no_mean_over_cases_has_an_interval_and_no_p() -> None:
    confidences = [(True, 0.9, 0.9), (True, 0.4, 0.8), (False, 0.6, 0.6), (False, 0.2, 0.2)] * 3
    pairs = [
        (scored(str(n), answerable=a, confidence=one), scored(str(n), answerable=a, confidence=other))
        for n, (a, one, other) in enumerate(confidences)
    ]
    found = difference(BY_NAME["AUROC"], pairs)
    assert (found.first, found.second, found.p) == (0.75, 1.0, None)
    assert found.interval is not None and 0.0 <= found.interval[0] < 0.25 < found.interval[1] < 1.0


# Pairs


def test_cases_are_paired_by_id_whatever_their_order() -> None:
    first = make_run("a", {}, FOUR, BEFORE, DOCUMENTS)
    second = make_run("b", {}, FOUR[::-1], AFTER[::-1], DOCUMENTS)
    pairs = paired(first, second)
    assert [(one.case.id, other.case.id) for one, other in pairs] == [(case.id, case.id) for case in FOUR]
    assert [one.quality for one, _ in pairs] == [1.0, 0.0, 0.0, 1.0]
    assert [other.quality for _, other in pairs] == [pytest.approx((40 / 62 + 1) / 2), 1.0, 1.0, 0.0]


def test_a_case_that_asks_something_else_in_the_other_run_is_refused() -> None:
    first = make_run("a", {}, FOUR, BEFORE, DOCUMENTS)
    for other in (
        replace(FOUR[1], question="How many workers?"),
        replace(FOUR[1], history=({"role": "user", "content": "What is a hive?"},)),
        replace(FOUR[1], documents=None),
    ):
        second = make_run("b", {}, (FOUR[0], other, *FOUR[2:]), AFTER, DOCUMENTS)
        with pytest.raises(CaseError, match="The case queen asks something else in the second run"):
            paired(first, second)
    relabelled = make_run("b", {}, (FOUR[0], replace(FOUR[1], category="factoid"), *FOUR[2:]), AFTER, DOCUMENTS)
    assert len(paired(first, relabelled)) == 4


def test_runs_without_a_common_case_are_refused() -> None:
    first = make_run("a", {}, FOUR[:2], BEFORE[:2], DOCUMENTS)
    with pytest.raises(CaseError, match="The two runs have no case in common, so there is nothing to compare"):
        paired(first, make_run("b", {}, FOUR[2:], AFTER[2:], DOCUMENTS))
    failed = tuple({"id": case.id, "outcome": "failed", "error": "Broken."} for case in FOUR[:2])
    with pytest.raises(CaseError, match="no case in common"):
        paired(first, make_run("b", {}, FOUR[:2], failed, DOCUMENTS))


# The command


def compare(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(lambda: main(["compare", *arguments]))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def cells(table: str, label: str) -> list[str]:
    rows = [[cell.strip() for cell in line.strip("│┃ ").replace("┃", "│").split("│")] for line in table.splitlines()]
    return next(found[1:] for found in rows if found[0] == label)


def test_better_and_worse_cases_are_listed_the_worst_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = write(tmp_path / "a.jsonl", BEFORE), write(tmp_path / "b.jsonl", AFTER)
    code, out, err = compare(capsys, str(a), str(b))
    assert (code, err) == (0, "")
    assert cells(out, "measure") == ["A", "B", "B − A", "interval", "p"]
    assert cells(out, "citation recall")[:3] == ["0.333", "1.000", "+0.667"]
    assert cells(out, "citation recall")[4] == "0.500"  # two differences of one size: 2 of 4 signs
    assert cells(out, "false answers") == ["0.000", "1.000", "+1.000", "+1.000 … +1.000", "1.000"]
    assert cells(out, "answered")[:3] == ["0.667", "1.000", "+0.333"]
    assert cells(out, "AUROC")[4] == "-"
    worse, better = out.split("Got worse: 2")[1].split("Got better: 2")
    assert worse.index("age How old do ants get?") < worse.index("hive Where do bees live?")
    assert "expected: (the documents do not say)" in worse
    assert "A 1.00:   (declined) (confidence 0.80)" in worse
    assert "B 0.00:   A nest has many queens. (confidence 0.60)" in worse
    assert "B 0.82:   Bees live in a hive. A hive has one queen. (confidence 0.80)" in worse
    assert better.index("nest Where do ants live?") < better.index("queen How many queens has a hive?")
    assert "A 0.00:   Bees live in a hive." in better and "B 1.00:   A hive has one queen." in better


def test_a_run_compared_with_itself_shows_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "a.jsonl", BEFORE)
    code, out, _ = compare(capsys, str(a), str(tmp_path / "a.run.json"))
    assert code == 0
    assert cells(out, "citation F1") == ["0.333", "0.333", "+0.000", "+0.000 … +0.000", "1.000"]
    assert "Got worse: 0" in out and "Got better: 0" in out
    assert "Left out" not in out


def test_a_change_of_less_than_a_twentieth_is_not_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # 21 characters of the 20: F1 is 2 · 20 / (21 + 20) = 0.976, and with the fact the quality 0.988.
    rows = (row("hive", "bees.txt", (0, 21)), *BEFORE[1:])
    code, out, _ = compare(capsys, str(write(tmp_path / "a.jsonl", BEFORE)), str(write(tmp_path / "b.jsonl", rows)))
    assert code == 0
    assert cells(out, "citation F1")[:3] == ["0.333", "0.325", "-0.008"]
    assert "Got worse: 0" in out


def test_cases_that_are_in_one_run_alone_or_failed_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failed = {"id": "queen", "outcome": "failed", "error": "Broken."}
    b = write(tmp_path / "b.jsonl", (AFTER[0], failed, AFTER[2]), FOUR[:3])
    code, out, _ = compare(capsys, str(write(tmp_path / "a.jsonl", BEFORE)), str(b))
    assert code == 0
    assert "Left out: 2 cases that one of the runs does not have, or could not ask." in out
    assert cells(out, "answered")[:2] == ["0.500", "1.000"]  # of hive and nest
    assert "Got worse: 1" in out and "Got better: 1" in out


def test_the_first_twenty_of_a_kind_are_shown_or_all_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [replace(FOUR[3], id=f"age {number:02}") for number in range(23)]
    a = write(tmp_path / "a.jsonl", [row(case.id) for case in cases], cases)
    b = write(tmp_path / "b.jsonl", [row(case.id, "ants.txt", (0, 20)) for case in cases], cases)
    _, some, _ = compare(capsys, str(a), str(b))
    _, every, _ = compare(capsys, str(a), str(b), "--all")
    assert "Got worse: 23, the first 20" in some
    assert [text.count("How old do ants get?") for text in (some, every)] == [20, 23]
    assert "Got worse: 23\n" in every


def test_runs_that_cannot_be_compared_are_an_error_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = write(tmp_path / "a.jsonl", BEFORE)
    other = write(tmp_path / "b.jsonl", AFTER, [replace(case, question="Who?") for case in FOUR])
    assert compare(capsys, str(a), str(other)) == (
        1,
        "",
        "error: The case hive asks something else in the second run. Make both runs with the same cases.\n",
    )
    code, out, err = compare(capsys, str(a), str(tmp_path / "gone.jsonl"))
    assert (code, out) == (1, "")
    assert err.startswith(f"error: The run {tmp_path / 'gone.run.json'} cannot be read")
