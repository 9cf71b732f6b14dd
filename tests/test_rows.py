"""Rows of tables: those a question names, and those beside them that are about something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.rows import Rows, about_rows, row_cells, sort_rows
from corpus import make_document, split_passages
from corpus.writer import TextWriter
from index import Retrieved

DOSES = ("Drug: BCG; Dose: 81 mg; Route: bladder", "Drug: Mitomycin; Dose: 40 mg; Route: bladder", "Drug: Total; Dose: 121 mg")
GRADES = (
    "Grade: 1; Signs: Mild transient reaction; Action: Observe the patient closely and slow the infusion",
    "Grade: 2; Signs: Interruption indicated, responds promptly to treatment; Action: Stop, give antihistamine",
    "Grade: 3; Signs: Prolonged; Action: Stop, admit",
)
PRODUCTS = (
    "Product: Tisagenlecleucel; N: 75; ORR (%): 52",
    "Product: Axicabtagene ciloleucel; N: 101; ORR (%): 82",
    "Product: Lisocabtagene maraleucel; N: 256; ORR (%): 73",
)


ERRORS = ("Error: E1; Meaning: no water", "Error: E2; Meaning: blocked", "Error: E3; Meaning: hot", "Error: E4; Meaning: open")


def sorted_rows(question: str, rows: tuple[str, ...]) -> tuple[list[int], list[int]]:
    found = sort_rows(question, [("table", row) for row in rows])
    return sorted(found.named), sorted(found.others)


@pytest.mark.parametrize(
    ("question", "rows", "named"),
    [
        ("What is the dose of mitomycin?", DOSES, [1]),
        ("How much BCG is given?", DOSES, [0]),
        ("Which dose have BCG and mitomycin?", DOSES, [0, 1]),
        ("What is done for grade 2 reactions?", GRADES, [1]),
        ("What is the response rate of axicabtagene?", PRODUCTS, [1]),
    ],
)
def test_where_a_row_is_named_the_others_of_its_table_are_not_about_it(
    question: str, rows: tuple[str, ...], named: list[int]
) -> None:
    assert sorted_rows(question, rows) == (named, [place for place in range(3) if place not in named])


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which drug has the highest dose?", DOSES),
        ("What is the dose of rituximab?", DOSES),
        ("When is the infusion stopped?", GRADES),  # what is done is said in many words: they name no row
        ("What happened to 2 patients?", GRADES),  # a number alone may be anything
        ("Which product was given to 75 patients?", PRODUCTS),
        ("How is it given into the bladder?", DOSES[:2]),  # all have it
    ],
)
def test_where_none_is_named_all_stay(question: str, rows: tuple[str, ...]) -> None:
    assert sorted_rows(question, rows) == ([], [])


def test_another_table_is_left_alone_and_so_is_prose() -> None:
    sentences = [("doses", DOSES[0]), ("doses", DOSES[1]), ("grades", GRADES[0]), ("doses", "BCG is given weekly: it is safe.")]
    assert sort_rows("What is the dose of BCG?", sentences) == Rows(frozenset({0}), frozenset({1}))


def test_cells_are_read_as_they_are_written() -> None:
    assert row_cells("Drug: BCG; Dose: 5 mg") == {"Drug": "BCG", "Dose": "5 mg"}
    assert row_cells("Note: take it with food.") == {} and row_cells("Two things; one: this.") == {}


def test_a_passage_keeps_the_rows_that_a_question_names() -> None:
    writer = TextWriter()
    for row in DOSES:
        writer.row(list(row_cells(row).items()))
    document = make_document("doses.csv", writer.extract())
    (whole,) = split_passages(document)
    first = replace(whole, id="a:0-1", sentences=whole.sentences[:1])
    rest = replace(whole, id="a:1-2", sentences=whole.sentences[1:])
    found = [Retrieved(passage, "doses.csv", 1.0, rank) for rank, passage in enumerate((first, rest), 1)]
    kept = [item.passage.sentences for item in about_rows("What is the dose of mitomycin?", found, 4)]
    assert kept == [(), (whole.sentences[1],)]
    assert about_rows("Which drug has the highest dose?", found, 4) == tuple(found)


def test_a_range_names_the_rows_between_its_ends() -> None:
    assert sorted_rows("What do errors E1 to E3 mean?", ERRORS) == ([0, 1, 2], [3])
    assert sorted_rows("What is done for grades 1 to 2?", GRADES) == ([0, 1], [2])
    assert sorted_rows("What is done from grade 2 upwards?", GRADES) == ([1, 2], [0])
