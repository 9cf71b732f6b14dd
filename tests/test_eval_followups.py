"""`python -m eval followups`: the words that follow-ups take along, beside those of gluing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.terms import FollowUp
from eval.__main__ import main
from eval.followups import measured
from index.commands import run

SHARKS = "Tell me about tiger sharks."
ROWS = [
    {"history": [{"role": "user", "content": SHARKS}], "question": "What do they eat?", "rewrite": "What do tiger sharks eat?"},
    {"history": [], "question": "What is a mako?", "rewrite": "What is a mako?"},
]


def written(folder: Path) -> Path:
    path = folder / "sharks.jsonl"
    path.write_text("\n".join(json.dumps({"id": str(number), **row}) for number, row in enumerate(ROWS)), encoding="utf-8")
    return path


def test_words_taken_are_counted_against_those_needed() -> None:
    followup = FollowUp(((True, SHARKS),), "What do they eat?", "What do tiger sharks eat?")
    assert measured([followup], lambda one: one.rewrite).f1 == 1.0
    alone = measured([followup], lambda one: one.question)
    assert (alone.precision, alone.recall, alone.f1) == (0.0, 0.0, 0.0)
    glued = measured([followup], lambda one: f"{SHARKS} {one.question}")
    assert (glued.taken, glued.needed, glued.recall) == (2, 2, 1.0)


def test_the_command_shows_each_file_with_what_would_be_looked_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["followups", str(written(tmp_path).parent), "--show"]) == 0
    out = capsys.readouterr().out
    assert "What do they eat? → What do tiger sharks eat?" in out
    assert "sharks.jsonl" in out and "mako" not in out  # without a conversation there is nothing to take along
    assert out.count("1.000") >= 3


@pytest.mark.parametrize(("content", "found"), [("{}", "no follow-ups"), ("not json", "no follow-ups"), (None, "no files")])
def test_what_holds_no_follow_ups_is_refused_and_says_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, found: str
) -> None:
    if content is not None:
        (tmp_path / "a.jsonl").write_text(content, encoding="utf-8")
    assert run(lambda: main(["followups", str(tmp_path)])) == 1
    err = capsys.readouterr().err
    assert found in err and "history, question and rewrite" in err


def test_without_a_path_those_that_were_written_and_are_held_back_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["followups"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.strip() for line in lines if line.strip().startswith(("in whole", "after one"))] == [
        "in whole conversations",
        "after one or two questions",
    ]
    found = {row[0].strip(): float(row[3]) for line in lines if len(row := line.strip("│ ").split("│")) == 4}
    assert found["ours"] > found["with the question before"] + 0.1  # of the second table
