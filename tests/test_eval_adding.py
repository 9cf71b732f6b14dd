"""`python -m eval adding`: the files it makes, and that it tells two indexes apart when they differ."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import WordEmbedder

from corpus import make_document
from corpus.contained import load_contained
from corpus.errors import SettingsError
from eval.adding import Measured, compare, make_files, table
from index import PassageIndex

TEXTS = {"a.txt": "The iron bridge is old.", "b.txt": "Roses grow in the garden.", "c.txt": "Bees live in a hive."}


def make_index(folder: Path, texts: dict[str, str]) -> PassageIndex:
    index = PassageIndex(folder, WordEmbedder(), create=True)
    for name, text in texts.items():
        index.add([make_document(name, text)])
    return index


def test_the_copies_have_bytes_of_their_own_and_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "a.txt").write_text("Words.")
    book = openpyxl.Workbook()
    book.active.append(("Drug", "Dose"))
    book.active.append(("BCG", "5 mg"))
    book.save(tmp_path / "from" / "b.xlsx")
    make_files([tmp_path / "from", tmp_path / "nowhere"], tmp_path / "docs", 9)
    made = sorted(path for path in (tmp_path / "docs").rglob("*") if path.is_file())
    assert len(made) == 9 == len({hashlib.sha256(path.read_bytes()).digest() for path in made})
    for path in made:
        text = load_contained(path).text
        assert ("BCG" in text) if path.suffix == ".xlsx" else text.startswith("Words.\n\nThis is copy number ")
        assert path.suffix != ".xlsx" or zipfile.ZipFile(path).testzip() is None


def test_nothing_to_copy_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nothing to copy"):
        make_files([tmp_path / "nowhere"], tmp_path / "docs", 3)


def test_two_indexes_of_the_same_are_alike_in_any_order_and_others_are_told_apart(tmp_path: Path) -> None:
    one = make_index(tmp_path / "one", TEXTS)
    assert compare(one, make_index(tmp_path / "turned", dict(reversed(TEXTS.items())))) == []
    assert compare(one, make_index(tmp_path / "less", {"a.txt": TEXTS["a.txt"], "b.txt": TEXTS["b.txt"]})) == [
        "only one of them holds c.txt"
    ]
    broken = make_index(tmp_path / "broken", TEXTS)
    broken._vectors.remove([broken.records()[0].id])
    assert compare(one, broken)[0].startswith("the dense search for ")


def test_the_table_says_what_was_measured() -> None:
    text = table(200, 3, 197, 4_000, Measured(61.25, 500.4, 300.0), Measured(120.0), [])
    assert "| seconds at once | 61.2 |" in text and "| documents, passages | 197, 4,000 |" in text
    assert text.endswith("| the two indexes | hold and find the same |\n")
    assert "| memory of the program, MB | not known |" in table(1, 0, 1, 1, Measured(1), Measured(1), ["x"])
