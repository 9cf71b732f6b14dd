"""CSV and TSV: what parts the values, which row names the columns, and what stands above it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, load_document, split_passages
from corpus.errors import DocumentError
from corpus.formats.csv import find_delimiter, read
from corpus.limits import DEFAULT_LIMITS

Load = Callable[..., Document]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(content: str | bytes, name: str = "doses.csv") -> Document:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_document(path)

    return load


def lines(document: Document) -> list[str]:
    """Return the text of each block after its kind's first letter."""
    return [f"{block.kind[0]} {document.text[block.start : block.end]}" for block in document.blocks or ()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_values_are_parted_by_what_parts_them(load: Load, delimiter: str) -> None:
    document = load("Drug,Dose,Route\nBCG,81,bladder\nMitomycin,40,bladder\n".replace(",", delimiter))
    assert lines(document) == ["r Drug: BCG; Dose: 81; Route: bladder", "r Drug: Mitomycin; Dose: 40; Route: bladder"]
    assert document.pages == ()


def test_a_comma_within_numbers_parts_nothing(load: Load) -> None:
    assert lines(load("BCG;1,5;2,5\nMitomycin;2,5;3,5\n")) == ["r BCG; 1,5; 2,5", "r Mitomycin; 2,5; 3,5"]


def test_excels_own_line_says_what_parts_the_values(load: Load) -> None:
    assert lines(load("sep=;\r\nDrug;Dose\r\nBCG;81\r\n")) == ["r Drug: BCG; Dose: 81"]


def test_a_quoted_value_may_hold_lines_quotes_and_commas(load: Load) -> None:
    document = load('Drug,Dose,Remark\nBCG,81,"live,\n""TICE"" strain"\n')
    assert lines(document) == ['r Drug: BCG; Dose: 81; Remark: live, "TICE" strain']


def test_a_quotation_mark_that_nothing_closes_does_not_swallow_the_rest(load: Load) -> None:
    assert lines(load('Drug,Dose\n"BCG,81\nMitomycin,40\n')) == ['r Drug: "BCG; Dose: 81', "r Drug: Mitomycin; Dose: 40"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_recognised(load: Load, encoding: str) -> None:
    document = load("Médicament;Dose en µg\nÉpirubicine;50\nBléomycine;30\n".encode(encoding))
    assert lines(document)[0] == "r Médicament: Épirubicine; Dose en µg: 50"


def test_lines_above_the_names_are_a_title_and_what_goes_with_it(load: Load) -> None:
    document = load("Doses of the trial\nExported,2024-03-05\n\nDrug,Dose,Unit\nBCG,81,mg\nMitomycin,40,mg\n* provisional\n")
    assert lines(document) == [
        "h Doses of the trial",
        "r Exported: 2024-03-05",
        "r Drug: BCG; Dose: 81; Unit: mg",
        "r Drug: Mitomycin; Dose: 40; Unit: mg",
        "p * provisional",
    ]
    assert split_passages(document)[-1].heading == "Doses of the trial"


def test_without_names_values_stand_alone(load: Load) -> None:
    assert lines(load("BCG,81,mg\nMitomycin,40,mg\n")) == ["r BCG; 81; mg", "r Mitomycin; 40; mg"]


def test_rows_of_other_lengths_keep_all_their_values(load: Load) -> None:
    document = load("Drug,Dose,Unit\nBCG,81\nMitomycin,40,mg,twice,weekly\n")
    assert lines(document) == ["r Drug: BCG; Dose: 81", "r Drug: Mitomycin; Dose: 40; Unit: mg; twice; weekly"]


def test_an_empty_column_does_not_part_a_table(load: Load) -> None:
    assert lines(load("Drug,,Dose\nBCG,,81\nMitomycin,,40\n")) == ["r Drug: BCG; Dose: 81", "r Drug: Mitomycin; Dose: 40"]


def test_labels_and_values_are_a_form(load: Load) -> None:
    assert lines(load("Name,John\nAge,32\nCity,Paris\n")) == ["r Name: John", "r Age: 32", "r City: Paris"]


def test_a_single_column_of_numbers_has_a_name_and_one_of_text_is_paragraphs(load: Load) -> None:
    assert lines(load("Dose\n81\n40\n")) == ["r Dose: 81", "r Dose: 40"]
    assert lines(load("It was emptied.\nThe drug was given.\n")) == ["p It was emptied.", "p The drug was given."]


def test_numbers_stay_as_they_are_written(load: Load) -> None:
    document = load("Code,Share,Sum\n00123,12.50%,1.000\n00124,3.10%,2.000\n")
    assert lines(document)[0] == "r Code: 00123; Share: 12.50%; Sum: 1.000"


def test_names_that_come_again_within_the_rows_are_left_out(load: Load) -> None:
    document = load("Drug,Dose\nBCG,81\nDrug,Dose\nMitomycin,40\n")
    assert lines(document) == ["r Drug: BCG; Dose: 81", "r Drug: Mitomycin; Dose: 40"]


def test_a_huge_value_is_read(load: Load) -> None:
    document = load("Drug,Dose,Remark\nBCG,81," + "a word " * 50_000 + "\n")
    assert lines(document)[0] == "r Drug: BCG; Dose: 81"
    assert document.text.count("a word") == 50_000


def test_a_text_beyond_the_limit_is_refused_while_it_grows() -> None:
    data = b"Drug,Dose\n" + b"BCG,81\n" * 1000
    with pytest.raises(DocumentError, match="at most 500 are read"):
        read(data, "doses.csv", replace(DEFAULT_LIMITS, characters=500))


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(DocumentError, match="not a text file"):
        read(bytes(range(256)) * 20, "doses.csv", DEFAULT_LIMITS)


WORDS = st.text(alphabet="abcdefghij ,;\n\"'|", min_size=1, max_size=12).map(lambda text: f"x{text}x")


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=6))
def test_no_value_is_lost_whatever_is_in_it(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["1", "2", "3"], *rows])
    text = " ".join(read(file.getvalue().encode(), "made.csv", DEFAULT_LIMITS).text.split())
    for row in rows:
        for value in row:
            assert " ".join(value.split()) in text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        extract = read(data, "made.csv", DEFAULT_LIMITS)
    except DocumentError:
        return
    for block in extract.blocks or ():
        assert extract.text[block.start : block.end].strip()


def test_what_parts_values_is_looked_for_in_the_beginning_alone() -> None:
    assert find_delimiter("") == ","
    assert find_delimiter("one\ntwo\n") == ","
    assert find_delimiter("a|b|c\nd|e|f\n") == "|"
