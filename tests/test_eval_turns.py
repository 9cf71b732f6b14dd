"""`python -m eval turns`: what a conversation is worth to the search, on a small set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.cases import Case
from eval.turns import alone, glued
from index.commands import run

SHARKS = "Tiger sharks eat turtles, seals and birds. They hunt at night near the surface."
OTTERS = "Otters eat crabs, mussels and sea urchins. They sleep on their backs."
HISTORY = [{"role": "user", "content": "Tell me about otters."}, {"role": "assistant", "content": "They sleep on their backs."}]


def written(folder: Path, *cases: dict[str, object]) -> Path:
    (folder / "documents").mkdir()
    for name, text in (("sharks.txt", SHARKS), ("otters.txt", OTTERS)):
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    lines = [json.dumps({"id": str(number), "answerable": True} | case) for number, case in enumerate(cases)]
    (folder / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_questions_alone_and_glued() -> None:
    case = Case("1", "What do they eat?", history=tuple(HISTORY))
    assert (alone(case).question, alone(case).history) == ("What do they eat?", ())
    assert (glued(case).question, glued(case).history) == ("Tell me about otters. What do they eat?", ())
    long = Case("1", "What do they eat?", history=({"role": "user", "content": "word " * 900},))
    assert len(glued(long).question.split()) == 400 and glued(long).question.endswith("word What do they eat?")


def test_the_command_shows_each_kind_of_turn_by_each_way_to_ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    eaten = ["Otters eat crabs, mussels and sea urchins."]
    folder = written(
        tmp_path,
        {"question": "What do they eat?", "history": HISTORY, "turn_kind": "Follow-up", "evidence": eaten},
        {"question": "What do otters eat?", "evidence": eaten},
        {"question": "Who feeds them?", "history": HISTORY, "turn_kind": "Follow-up", "answerable": False},
    )
    assert main(["turns", str(folder)]) == 0
    out = capsys.readouterr().out
    rows = {
        line.split("│")[1].strip(): [cell.strip() for cell in line.split("│")[2:-1]] for line in out.splitlines() if "│" in line
    }
    assert rows == {
        "all": ["2", "1.000", "1.000", "1.000"],
        "Follow-up": ["1", "1.000", "1.000", "1.000"],
        "without a conversation": ["1", "1.000", "1.000", "1.000"],
    }


def test_a_set_without_conversations_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, {"question": "What do otters eat?", "evidence": ["Otters eat crabs, mussels and sea urchins."]})
    assert run(lambda: main(["turns", str(folder)])) == 1
    assert "has no conversations: expected cases with a history" in capsys.readouterr().err
