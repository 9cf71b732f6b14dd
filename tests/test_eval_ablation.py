"""`python -m eval ablation`: one row a variant, each with just one thing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripted import scripted_chain
from tiny import ANSWERS, Asked, without_models, write_set

from corpus import make_document, split_passages
from eval.__main__ import main
from eval.ablation import variants, without_headings
from index import PassageIndex, SearchMode
from index.chunks import embedding_text
from index.commands import run

SENTENCES = [f"Bees of hive number {number} bring nectar from the meadow to their queen every day." for number in range(40)]
DOCUMENTS = {
    "bees.md": "# Bees\n\n## Hives\n\nBees live in a hive. A hive has one queen.\n\n## Meadows\n\n" + "\n\n".join(SENTENCES),
    "ants.md": "# Ants\n\nAnts live in a nest. A nest has many queens.",
    "wasps.txt": "Paper wasps chew wood. They build a nest of paper.",
}
CASES: list[dict[str, Any]] = [
    {"id": "hive", "question": "Where do bees live?", "documents": ["bees.md"], "evidence": ["Bees live in a hive."]},
    {"id": "nest", "question": "Where do ants live?", "evidence": ["Ants live in a nest."], "expected": [["nest"]]},
    {"id": "wood", "question": "What do paper wasps chew?", "evidence": ["Paper wasps chew wood."]},
    {"id": "age", "question": "How old do ants get?", "documents": ["ants.md"], "answerable": False},
]
ROWS = [
    "vectors",
    "words",
    "search (both)",
    "search, no reader",
    "search and similarity, the reader's first form",
    "search and reader",
    "without heading paths, search",
    "without heading paths, search and reader",
    "passages of 60 to 100 word pieces",
    "passages of 90 to 150 word pieces",
    "passages of 120 to 200 word pieces",
    "passages of 160 to 200 word pieces",
]
SEARCHES = [*ROWS[:3], "without heading paths, search"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_set(tmp_path, CASES, DOCUMENTS)
    return tmp_path


def rows(table: str) -> dict[str, list[str]]:
    """Return the cells of each row by its first."""
    lines = [[cell.strip() for cell in line.strip("│┃ ").replace("┃", "│").split("│")] for line in table.splitlines()]
    return {cells[0]: cells[1:] for cells in lines if len(cells) > 1}


def ablation(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    given = ["ablation", "--cases", str(folder / "cases.jsonl"), "--documents", str(folder / "documents"), *arguments]
    code = run(lambda: main(given))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


# The variants


def test_each_variant_changes_one_thing_of_the_default() -> None:
    made = {variant.name: variant for variant in variants()}
    assert list(made) == ROWS
    default = made["search and reader"]
    assert (default.mode, default.split, default.reads) == (SearchMode.HYBRID, split_passages, True)
    assert (made["vectors"].mode, made["words"].mode) == (SearchMode.DENSE, SearchMode.LEXICAL)
    assert [name for name, variant in made.items() if not variant.reads] == SEARCHES
    assert all(made[name].mode is SearchMode.HYBRID for name in ROWS[2:])
    assert {name: variant.reader for name, variant in made.items() if variant.reader} == dict(
        zip(ROWS[3:5], ("none", "similarity"), strict=True)
    )


def test_passages_without_headings_are_the_same_but_for_their_headings() -> None:
    document = make_document("bees.md", DOCUMENTS["bees.md"], media_type="text/markdown")
    plain, headed = without_headings(document), split_passages(document)
    assert {passage.heading for passage in headed} == {"Bees › Hives", "Bees › Meadows"}
    assert {passage.heading for passage in plain} == {""}
    assert [(one.id, one.start, one.end, one.sentences) for one in plain] == [
        (one.id, one.start, one.end, one.sentences) for one in headed
    ]


def test_what_is_embedded_has_no_heading_path_in_an_index_without_them(tmp_path: Path, word_embedder: Any) -> None:
    document = make_document("bees.md", DOCUMENTS["bees.md"], media_type="text/markdown")
    index = PassageIndex(tmp_path / "data", word_embedder, create=True, split=without_headings)
    index.add([document])
    index.close()
    assert word_embedder.asked == [passage.text for passage in split_passages(document)]
    assert [embedding_text(passage) for passage in split_passages(document)] != word_embedder.asked
    assert embedding_text(split_passages(document)[0]).startswith("Bees › Hives: ")


def test_larger_passages_are_fewer_and_none_is_larger_than_asked_for() -> None:
    document = make_document("bees.md", DOCUMENTS["bees.md"], media_type="text/markdown")
    made = {variant.name: variant.split(document) for variant in variants()}
    counts = [len(made[name]) for name in (*ROWS[-4:], "search and reader")]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) >= 4
    for passages in made.values():
        kept = "".join("".join(passage.text.split()) for passage in passages)
        assert kept == "".join(document.text.split())  # none leaves anything out


# The command


def test_the_table_has_every_variant_on_the_same_cases(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = without_models(monkeypatch, {**ANSWERS, "Ants live": 2.0, "Paper wasps": 2.0})
    code, out, err = ablation(folder, capsys)
    assert (code, err) == (0, "")
    table = rows(out)
    assert list(table) == ["variant", *ROWS]
    assert table["variant"] == [
        "hit@1", "recall@5", "MRR@10", "nDCG@10", "citation F1", "key facts", "answered", "false answers", "AUROC",
    ]  # fmt: skip
    # Searches answer nothing, so there is no telling what they cite.
    for name in SEARCHES:
        assert table[name][1].rstrip("+-") == "1.000" and table[name][4:8] == ["-"] * 4
        assert 0.0 <= float(table[name][8].rstrip("+-")) <= 1.0
    for name in (name for name in ROWS if name not in SEARCHES):
        assert [cell.rstrip("+-") for cell in table[name][5:8]] == ["1.000", "1.000", "1.000"]
        assert 0.0 < float(table[name][4].rstrip("+-")) <= 1.0
    assert asked.questions == [case["question"] for case in CASES] * 8  # once for each variant that reads


def test_the_indexes_are_cut_as_their_rows_say(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = without_models(monkeypatch)
    seen: list[tuple[int, set[str]]] = []

    def build_chain(index: PassageIndex, *_: object) -> Asked:
        passages = index.passages("bees.md")
        seen.append((len(passages), {passage.heading for passage in passages}))
        asked.chain, _reader = scripted_chain(index, ANSWERS)
        return asked

    monkeypatch.setattr("assistant.build_chain", build_chain)
    assert ablation(folder, capsys)[0] == 0
    document = make_document("bees.md", DOCUMENTS["bees.md"], media_type="text/markdown")
    reading = [variant for variant in variants() if variant.reads]
    assert [count for count, _ in seen] == [len(variant.split(document)) for variant in reading]
    assert seen[3] == (seen[0][0], {""})
    assert all(headings == {"Bees › Hives", "Bees › Meadows"} for count, headings in (*seen[:3], *seen[4:]))


def test_fewer_cases_can_be_asked_and_the_index_cannot_be_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = without_models(monkeypatch)
    code, out, _ = ablation(folder, capsys, "--limit", "1")
    assert (code, asked.questions) == (0, ["Where do bees live?"] * 8)
    assert rows(out)["words"][0] == "1.000"
    with pytest.raises(SystemExit) as caught:  # each variant cuts the documents another way
        ablation(folder, capsys, "--data", str(folder / "kept"))
    assert caught.value.code == 2
    assert "unrecognized arguments: --data" in capsys.readouterr().err
