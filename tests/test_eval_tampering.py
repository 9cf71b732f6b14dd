"""True statements made false, and counted: what is changed, what is only put otherwise, and what is kept of it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedReader

from assistant.verification import Verifier
from corpus import make_document
from corpus.errors import SettingsError
from eval.__main__ import main
from eval.results import TAMPERING, load_results
from eval.support import measure_support
from eval.table import README
from eval.tampering.changes import KINDS, changed
from eval.tampering.facts import Fact, facts_of, find_names, in_turns, is_saying
from eval.tampering.kept import Kept, load, markdown, save
from eval.tampering.measure import UNTOUCHED, Measurement, Row, make_statements, measure
from eval.tampering.peer import overlaps
from eval.tampering.rewording import reworded
from index.commands import run

TEXT = """The harbour of Ghent was opened by Anna Berg on 14 March 1921 with 412 guests from Riga.
Every ship that is longer than 30 metres must pay about 900 euros a month to the office of Anna Berg.
In the year 1950, the harbour of Riga had 25 ships and the harbour of Ghent had 31 ships.
The tower is not open to most visitors in winter, but the guides in Ghent usually allow small groups.
Many sailors from Riga believed that the water rose after the storm because the dam was weak.
"""

ABOUT: dict[str, Any] = {
    "commit": "0123456789abcdef",
    "changed": False,
    "footnote": "0.1.0",
    "machine": {"cores": 2, "processor": "AMD EPYC"},
}
MEASURED = Measurement((Row("number", 50, 1, 48), Row("name", 50, 0, 50), Row(UNTOUCHED, 100, 97, 100)), 25.4)
KEPT = Kept(ABOUT, {"harbours": 3}, MEASURED)


@pytest.fixture
def facts() -> list[Fact]:
    return list(facts_of(make_document("harbour.txt", TEXT), "harbours"))


# What is said


def test_whole_sentences_are_facts_and_names_are_found(facts: list[Fact]) -> None:
    assert [fact.quote for fact in facts] == TEXT.splitlines()
    assert find_names(TEXT) == ["Anna Berg", "Ghent", "Riga"]
    assert facts[4].names == ("Anna Berg", "Ghent") and facts[4].own_names == ("Riga",)
    assert not is_saying("See the table below for the names of all ships.") and not is_saying("Is it open?")


def test_every_document_comes_once_before_one_comes_again(facts: list[Fact]) -> None:
    others = list(facts_of(make_document("other.txt", TEXT.splitlines()[0]), "harbours"))
    order = [fact.document for fact in in_turns([*facts, *others], random.Random(1))]
    assert set(order[:2]) == {"harbour.txt", "other.txt"}
    assert sorted(order) == ["harbour.txt"] * 5 + ["other.txt"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_changes_something_and_no_more_than_a_little(kind: str, facts: list[Fact]) -> None:
    rng = random.Random(3)
    made = [(fact, text) for _ in range(10) for fact in facts if (text := changed(kind, fact, fact.quote, rng)) is not None]
    assert made
    for fact, text in made:
        assert text != fact.quote
        assert len(set(text.split()) ^ set(fact.quote.split())) <= 14


def test_changes_are_false(facts: list[Fact]) -> None:
    rng = random.Random(5)
    assert changed("negation dropped", facts[3], facts[3].quote, rng) == facts[3].quote.replace("is not", "is")
    assert changed("negation dropped", facts[0], facts[0].quote, rng) is None
    dates = {changed("date", facts[0], facts[0].quote, rng) for _ in range(20)}
    assert len(dates) > 3 and facts[0].quote not in dates
    exchanged = changed("numbers exchanged", facts[2], facts[2].quote, rng) or ""
    assert exchanged.index("31") < exchanged.index("25")


def test_what_is_put_otherwise_keeps_its_numbers_and_names(facts: list[Fact]) -> None:
    said = {reworded(fact.quote, random.Random(seed)) for seed in range(20) for fact in facts[:1]}
    assert len(said) > 8 and facts[0].quote not in said
    assert all(text is None or ("Berg" in text and "1921" in text and "412" in text) for text in said)
    rewordings = {reworded("He was paid $900 on March 5, 1990 (a Monday).", random.Random(seed)) for seed in range(40)}
    assert any(text and "900 dollars" in text for text in rewordings) and any(
        text and "5 March 1990" in text for text in rewordings
    )


def test_the_peers_rule_accepts_what_overlaps() -> None:
    passage = "The harbour was opened in 1921 by Anna Berg."
    assert overlaps("The harbour was opened in 1922 by Olof Lind.", passage)
    assert not overlaps("Zwölf Boxkämpfer jagen Viktor", passage)


# Measuring


def test_statements_are_made_alike_every_time_and_of_every_kind(facts: list[Fact]) -> None:
    made = make_statements(facts, 30, seed=1)
    assert made == make_statements(facts, 30, seed=1) != make_statements(facts, 30, seed=2)
    assert {one.kind for one in made} == {*KINDS, UNTOUCHED}
    assert all(one.text != one.fact.quote for one in made)


def test_what_stands_is_counted(facts: list[Fact]) -> None:
    reader = ScriptedReader({fact.quote[:10]: 3.0 for fact in facts})
    statements = make_statements(facts, 30, seed=1)
    seen: list[int] = []
    measured = measure(statements, Verifier(reader), lambda: seen.append(1))
    rows = {row.kind: row for row in measured.rows}
    assert sum(row.statements for row in measured.rows) == len(statements) == len(seen)
    assert sum(row.accepted for row in measured.rows if row.kind != UNTOUCHED) <= 2
    assert rows[UNTOUCHED].accepted == rows[UNTOUCHED].statements
    assert all(row.accepted_by_overlap == row.statements for row in measured.rows)


# Keeping


def test_a_measurement_is_read_back_and_is_no_result_of_cases(tmp_path: Path) -> None:
    assert load(tmp_path) is None
    assert save(KEPT, tmp_path / "results") == tmp_path / "results" / TAMPERING
    assert load(tmp_path / "results") == KEPT
    with pytest.raises(SettingsError, match="holds no results"):
        load_results(tmp_path / "results")


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    for content in ("{", "[]", json.dumps({"about": ABOUT, "documents": {}, "measured": {"rows": [{}], "milliseconds": 1}})):
        (tmp_path / TAMPERING).write_text(content, encoding="utf-8")
        with pytest.raises(SettingsError, match=r"is not a kept result: .*python -m eval tampering"):
            load(tmp_path)


def test_the_table_says_what_passed_and_what_fell() -> None:
    lines = markdown(KEPT).splitlines()
    assert lines[2:5] == [
        "| number | 50 | 2.0 % | 96.0 % |",
        "| name | 50 | 0.0 % | 100.0 % |",
        "| all of these | 100 | 1.0 % | 98.0 % |",
    ]
    assert "| nothing of what it says | 100 | 3.0 % | 0.0 % |" in lines
    assert "3 of harbours" in lines[-1] and "25 ms a statement" in lines[-1] and "commit 012345678 on 2 cores" in lines[-1]


def test_the_command_measures_a_folder_of_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "harbours" / "documents").mkdir(parents=True)
    (tmp_path / "harbours" / "documents" / "harbour.txt").write_text(TEXT, encoding="utf-8")
    given = ["tampering", str(tmp_path), "--statements", "10", "--results", str(tmp_path / "kept")]
    assert run(lambda: main(given)) == 0
    kept = load(tmp_path / "kept")
    assert kept is not None and kept.documents == {"harbours": 1}
    assert "all of these" in capsys.readouterr().out
    assert run(lambda: main(["tampering", str(tmp_path / "kept")])) == 1
    assert "holds no sets" in capsys.readouterr().err


def test_the_readme_shows_the_kept_measurement() -> None:
    kept = load(README.parent / "eval" / "results")
    assert kept is not None and markdown(kept) in README.read_text(encoding="utf-8")
    assert sum(row.statements for row in kept.measured.rows if row.kind != UNTOUCHED) >= 1000


# What the reader's support tells


def test_support_is_measured_with_the_right_quote_and_with_another_of_the_passage(facts: list[Fact]) -> None:
    reader = ScriptedReader({"The harbour": 2.0, "Every ship": 1.0, "In the year": 0.5})
    true, others = measure_support(facts[:3], 10, Verifier(reader))
    assert sorted(true) == [0.5, 1.0, 2.0] and len(others) == 3
    assert all(text not in {fact.quote for fact in facts} for text in reader.asked)  # put in other words


def test_the_command_shows_how_many_are_below_each_level(
    facts: list[Fact], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("eval.support._held_back_facts", lambda data: facts)
    monkeypatch.setattr("eval.support.make_verifier", lambda: Verifier(ScriptedReader({"The harbour": -3.5})))
    assert main(["support", "--statements", "9"]) == 0
    rows = [line.split("│")[1:4] for line in capsys.readouterr().out.splitlines() if line.strip().startswith("│")]
    shares = {cells[0].strip(): float(cells[1]) for cells in rows}
    assert shares["-4.00"] < shares["-3.00"] <= shares["1.00"] == 1.0
