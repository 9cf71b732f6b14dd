"""Thresholds: which files are refused, when a figure is good enough, and what the command says when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import scored, without_models, write_set

from corpus.errors import SettingsError
from eval import run as run_module
from eval.__main__ import main
from eval.cases import CASES_FOLDER
from eval.thresholds import OWN_THRESHOLDS, Bound, load_thresholds, missed
from index.commands import run


def write(folder: Path, text: str) -> Path:
    path = folder / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    return path


# Reading


def test_thresholds_are_read_by_set_and_measure(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[bees]\n"valid quotes" = { least = 1 }\n"false answers" = { most = 0.15 }\n'
        "AUROC = { least = 0.5, most = 0.99 }\n[ants]\n",
    )
    assert load_thresholds(path) == {
        "bees": {"valid quotes": Bound(least=1.0), "false answers": Bound(most=0.15), "AUROC": Bound(0.5, 0.99)},
        "ants": {},
    }
    assert load_thresholds(write(tmp_path, "# nothing yet\n")) == {}


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"The thresholds .*gone\.toml cannot be read: No such file or directory\."):
        load_thresholds(tmp_path / "gone.toml")
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load_thresholds(tmp_path)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"thresholds\.toml are not TOML: .*line 1"):
        load_thresholds(write(tmp_path, "[bees\n"))
    (tmp_path / "thresholds.toml").write_bytes(b'[bees]\n"caf\xe9" = {}\n')
    with pytest.raises(SettingsError, match=r"thresholds\.toml are not TOML: 'utf-8' codec"):
        load_thresholds(tmp_path / "thresholds.toml")


def test_a_measure_outside_a_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_thresholds(write(tmp_path, "AUROC = 0.9\n"))
    assert str(caught.value).endswith("has AUROC = 0.9, and a section [AUROC] of measures was expected.")
    assert str(tmp_path) in str(caught.value)


def test_a_name_that_is_no_measure_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_thresholds(write(tmp_path, "[bees]\nAUROC = { least = 0.5 }\nrecal = { least = 0.5 }\n"))
    assert ", [bees], names 'recal', which is no measure. There are: recall@1, recall@5," in str(caught.value)
    assert "AUROC" in str(caught.value)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("0.9", "0.9"),
        ("{}", "{}"),
        ("[0.9]", "[0.9]"),
        ("{ last = 0.9 }", "{'last': 0.9}"),
        ("{ least = 0.9, lost = 1 }", "{'least': 0.9, 'lost': 1}"),
        ('{ least = "0.9" }', "{'least': '0.9'}"),
        ("{ most = true }", "{'most': True}"),
        ('"much"', "'much'"),
    ],
)
def test_a_bound_that_is_none_is_refused_with_its_place(given: str, shown: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_thresholds(write(tmp_path, f"[bees]\nAUROC = {given}\n"))
    assert f"[bees], 'AUROC' is {shown}, and {{ least = 0.9 }} or {{ most = 0.1 }} was expected." in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "thresholds.toml"))


# Bounds


@pytest.mark.parametrize(
    ("bound", "within", "outside"),
    [
        (Bound(least=0.5), (0.5, 0.51, 1.0), (0.4999, 0.0)),
        (Bound(most=0.5), (0.5, 0.0), (0.5001, 1.0)),
        (Bound(least=0.2, most=0.4), (0.2, 0.3, 0.4), (0.1999, 0.4001)),
    ],
)
def test_a_figure_may_be_as_low_or_high_as_the_bound_itself(
    bound: Bound, within: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    assert all(bound.holds(value) for value in within)
    assert not any(bound.holds(value) for value in outside)
    assert not bound.holds(None)


def test_a_bound_is_said_in_words() -> None:
    assert (str(Bound(least=0.9)), str(Bound(most=0.125))) == ("at least 0.9", "at most 0.125")
    assert str(Bound(0.0, 1.0)) == "at least 0 and at most 1"


# Holding figures against them


def test_each_threshold_that_is_missed_is_named_with_its_set_and_its_figure() -> None:
    scores = [
        scored("a", {"key facts": 1.0}),
        scored("b", {"key facts": 0.5}),
        scored("c", answerable=False),
        scored("d", {"key facts": 0.0}, source="ants"),
    ]
    thresholds = {
        "bees": {"key facts": Bound(least=0.8), "answered": Bound(least=1.0), "false answers": Bound(most=0.5)},
        "ants": {"key facts": Bound(least=0.1)},
    }
    assert missed(thresholds, scores) == [
        "bees: key facts is 0.750, and at least 0.8 was asked for.",  # (1 + 0.5) / 2
        "bees: false answers is 1.000, and at most 0.5 was asked for.",
        "ants: key facts is 0.000, and at least 0.1 was asked for.",
    ]
    assert missed({"bees": {"key facts": Bound(least=0.75)}}, scores) == []


def test_a_set_that_was_not_asked_has_nothing_to_reach() -> None:
    thresholds = {"ants": {"answered": Bound(least=1.0)}, "bees": {"answered": Bound(least=1.0)}}
    assert missed(thresholds, [scored("a")]) == []
    assert missed(thresholds, []) == []
    assert missed({}, [scored("a")]) == []


def test_a_figure_that_is_undefined_is_a_miss() -> None:
    thresholds = {"bees": {"recall@5": Bound(least=0.0), "false answers": Bound(most=1.0), "answered": Bound(least=1.0)}}
    assert missed(thresholds, [scored("a")]) == [
        "bees: recall@5 is undefined, and at least 0 was asked for.",
        "bees: false answers is undefined, and at most 1 was asked for.",
    ]


def test_a_quote_that_is_one_character_off_in_a_thousand_misses_a_bound_of_1() -> None:
    scores = [scored(str(number), {"valid quotes": float(number > 0)}) for number in range(1000)]
    assert missed({"bees": {"valid quotes": Bound(least=1.0)}}, scores) == [
        "bees: valid quotes is 0.999, and at least 1 was asked for."
    ]
    assert missed({"bees": {"valid quotes": Bound(least=1.0)}}, scores[1:]) == []


# The command


def evaluate(folder: Path, *arguments: str) -> int:
    given = ["--cases", str(folder / "cases.jsonl"), "--documents", str(folder / "documents"), *arguments]
    return run(lambda: main(given))


def test_the_command_says_what_was_missed_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_models(monkeypatch)
    write_set(tmp_path)
    path = write(tmp_path, '[cases]\nanswered = { least = 0.9 }\n"false answers" = { most = 0.0 }\n')
    code = evaluate(tmp_path, "--thresholds", str(path))
    printed = capsys.readouterr()
    assert code == 1
    # Of three answerable cases the two on bees are answered.
    assert printed.err == "threshold missed: cases: answered is 0.667, and at least 0.9 was asked for.\n"
    assert "All figures" in printed.out


def test_the_command_ends_with_0_when_all_is_reached_or_nothing_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_models(monkeypatch)
    write_set(tmp_path)
    path = write(tmp_path, '[cases]\nanswered = { least = 0.6 }\n"valid quotes" = { least = 1.0 }\n')
    assert (evaluate(tmp_path, "--thresholds", str(path)), evaluate(tmp_path)) == (0, 0)
    assert capsys.readouterr().err == ""


def test_the_thresholds_are_read_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = without_models(monkeypatch)
    write_set(tmp_path)
    assert evaluate(tmp_path, "--thresholds", str(tmp_path / "gone.toml")) == 1
    assert capsys.readouterr().err.startswith(f"error: The thresholds {tmp_path / 'gone.toml'} cannot be read")
    assert asked.questions == []


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        ((), True),
        (("--split", "test"), True),
        (("--cases", str(CASES_FOLDER / "immunotherapy.jsonl")), True),
        (("--limit", "5"), False),
        (("--documents", "mine"), False),
        (("--cases", "mine.jsonl"), False),
    ],
)
def test_the_own_thresholds_hold_for_whole_sets_of_the_own_cases_only(
    arguments: tuple[str, ...], holds: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "OWN_THRESHOLDS", write(tmp_path, "[immunotherapy]\nanswered = { least = 0.9 }\n"))
    options = run_module._parser().parse_args(arguments)
    found = run_module._thresholds(options, {"immunotherapy", "bees"})
    assert found == ({"immunotherapy": {"answered": Bound(least=0.9)}} if holds else {})
    named = run_module._parser().parse_args([*arguments, "--thresholds", str(write(tmp_path, "[bees]\n"))])
    assert run_module._thresholds(named, {"bees"}) == {"bees": {}}


def test_a_section_for_a_set_that_is_not_asked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = without_models(monkeypatch)
    write_set(tmp_path)
    path = write(tmp_path, "[csaes]\nanswered = { least = 0.9 }\n")
    assert evaluate(tmp_path, "--thresholds", str(path)) == 1
    assert f"{path} has a section [csaes], and no cases of that name are asked, only of: cases." in capsys.readouterr().err
    assert asked.questions == []


def test_the_own_thresholds_are_of_files_of_cases_that_there_are() -> None:
    thresholds = load_thresholds(OWN_THRESHOLDS)
    assert set(thresholds) <= {path.stem for path in CASES_FOLDER.glob("*.jsonl")}
    assert all(str(bound) for bounds in thresholds.values() for bound in bounds.values())
