"""Rows of tables: those a question names, and those beside them that are about something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.rows import Rows, about_rows, row_cells, shown_heading, sort_rows, table_cells
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


ROOMS = (
    "Kind of room: Single room, own bath; Kitchen: shared; Rent: 368 euros",
    "Kind of room: Studio; Kitchen: own; Rent: 455 euros",
    "Kind of room: Twin room; Kitchen: own; Rent: 340 euros",
)
NETWORKS = tuple(
    f"| {city} | {year} | {power} |"
    for city, year, power in (("London", 1853, "steam"), ("Paris", 1866, "electricity"), ("Vienna", 1875, "steam"))
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which networks were driven by steam?", [0, 2]),
        ("Which cities had electricity?", [1]),
        ("How many networks used steam?", [0, 2]),
        ("Which networks were not driven by steam?", []),
        ("What drove the networks by steam?", []),  # asks for what stands in the column
        ("When was the network in Paris opened?", [1]),
    ],
)
def test_where_it_is_asked_which_rows_have_something_those_that_have_it_are_named(question: str, named: list[int]) -> None:
    head = "| City | Opened | Driven by |\n|---|---|---|\n"
    document = make_document("networks.md", head + "\n".join(NETWORKS) + "\n", media_type="text/markdown")
    (passage,) = split_passages(document)
    (sorted_out,) = about_rows(question, [Retrieved(passage, "networks.md", 1.0, 1)], 4)
    left = [
        row for row, text in enumerate(NETWORKS) if any(text in passage.between(*span) for span in sorted_out.passage.sentences)
    ]
    assert left == (named or [0, 1, 2])


def test_the_noun_that_is_asked_for_names_no_row_by_its_own_column() -> None:
    assert sorted_rows("Which kinds of room are there?", ROOMS) == ([], [])
    assert sorted_rows("Which rooms cost 340 euros?", ROOMS) == ([], [])
    assert sorted_rows("What does the twin room cost?", ROOMS) == ([2], [0, 1])


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


TRIPTANS = """# Triptans

All are taken early.

| Drug | Form | Dose |
|:--|---|--:|
| Naratriptan | tablet | 2.5 mg |
| Sumatriptan | tablet | 50 mg |
| Zolmitriptan | nasal spray | 5 mg |

No more than two doses are taken a day.
"""
TRAVEL = """The limits per night are these:

Country    Hotel limit    Meals
Norway     180            60
Denmark    160            55
Poland     90             30
"""
HEAD = "| Drug | Form | Dose |"


def kept_of(question: str, text: str, name: str = "triptans.md", tokens: int = 120) -> list[str]:
    """Return the sentences that are left of a document whose passages have at most so many word pieces."""
    document = make_document(name, text)
    passages = split_passages(document, target_tokens=tokens)
    found = [Retrieved(passage, name, 1.0, rank) for rank, passage in enumerate(passages, 1)]
    return [text[slice(*span)] for item in about_rows(question, found, 9) for span in item.passage.sentences]


@pytest.mark.parametrize("tokens", [120, 40, 20], ids=["in one passage", "in two", "each row in its own"])
def test_rows_in_pipes_are_left_out_where_another_is_named_however_the_table_is_cut(tokens: int) -> None:
    kept = kept_of("What is the dose of sumatriptan?", TRIPTANS, tokens=tokens)
    assert [line for line in kept if line.startswith("|")] == ["| Sumatriptan | tablet | 50 mg |"]
    assert "All are taken early." in kept and "No more than two doses are taken a day." in kept


@pytest.mark.parametrize(
    "question", ["Which dose is given as tablets?", "Which drugs are not tablets?", "What is the dose of each drug?"]
)
def test_where_no_row_in_pipes_is_named_all_stay_but_the_head(question: str) -> None:
    kept = kept_of(question, TRIPTANS)
    assert len([line for line in kept if line.endswith("mg |")]) == 3 and HEAD not in kept


def test_a_kind_chooses_among_the_rows_that_are_named() -> None:
    text = TRIPTANS.replace("Naratriptan | tablet", "Zolmitriptan | tablet")
    rows = [line for line in kept_of("What is the dose of zolmitriptan as a tablet?", text) if line.startswith("|")]
    assert rows == ["| Zolmitriptan | tablet | 2.5 mg |"]


def test_an_amount_names_no_row() -> None:
    text = "| Group | Loan |\n|---|---|\n| Saws | 14 days |\n| Ladders | 1 week |\n"
    assert len(kept_of("For how many days is each lent?", text)) == 2


@pytest.mark.parametrize(
    "text", [TRAVEL, "Country\tHotel limit\nNorway\t180\nDenmark\t160\nPoland\t90\n"], ids=["gaps", "tabs"]
)
@pytest.mark.parametrize("tokens", [120, 20])
def test_aligned_rows_are_left_out_where_another_is_named(text: str, tokens: int) -> None:
    kept = kept_of("What is the hotel limit in Norway?", text, "travel.txt", tokens)
    assert [" ".join(line.split()[:2]) for line in kept if not line.startswith("The")] == ["Norway 180"]


GRID = """+---------+------+
| Country | Cap  |
+=========+======+
| Norway  | 180  |
+---------+------+
| Poland  | none |
+---------+------+
| Sweden  | 90   |
+---------+------+
"""


@pytest.mark.parametrize(
    "text", [GRID, "Country  Cap\n-------  ----\nNorway   180\nPoland   none\nSweden   90\n-------  ----\n"]
)
@pytest.mark.parametrize("tokens", [120, 20, 8])
def test_rules_between_and_below_rows_make_no_head_of_them(text: str, tokens: int) -> None:
    words = [line.replace("|", "").split() for line in kept_of("What is the cap in Poland?", text, "caps.txt", tokens)]
    assert words == [["Poland", "none"]]
    assert len(kept_of("What is the cap of each country?", text, "caps.txt", tokens)) == 3


def test_a_grid_without_a_head_is_left_alone() -> None:
    text = GRID[GRID.index("+=") :].replace("=", "-")
    assert len(kept_of("What is the cap in Poland?", text, "caps.txt")) == 3


def test_aligned_lines_without_names_of_columns_are_left_alone() -> None:
    text = "Norway     Oslo\nDenmark    Aarhus\nPoland     Gdynia\n"
    assert len(kept_of("Who lives in Norway?", text, "towns.txt")) == 3


def test_the_cells_of_a_row_are_named_by_the_columns_of_its_table() -> None:
    columns = ("Drug", "Dose")
    assert table_cells("| BCG | 81 mg |", columns) == table_cells("BCG | 81 mg", columns) == {"Drug": "BCG", "Dose": "81 mg"}
    assert table_cells("| 1 | **BCG** | 81 mg |", columns) == {"": "1", "Drug": "BCG", "Dose": "81 mg"}
    assert table_cells("| a \\| b | |", columns) == {"Drug": "a \\| b"}
    assert table_cells("BCG\t81 mg", columns) == table_cells("BCG   81 mg", columns) == {"Drug": "BCG", "Dose": "81 mg"}
    assert table_cells("BCG is given weekly.", columns) == table_cells("| a | b | c | d |", columns) == {}
    assert table_cells("| a |", ("A",)) == {}


def test_what_follows_a_semicolon_without_a_name_is_part_of_the_cell_before() -> None:
    cells = {"Plan": "Comfort", "Services": "Repair; advice; pick-up", "Price": "5"}
    assert row_cells("Plan: Comfort; Services: Repair; advice; pick-up; Price: 5") == cells
    assert row_cells("Note: take it with food; then rest.") == {}


def test_the_heading_of_a_row_has_the_columns_whether_the_head_is_near_or_not() -> None:
    document = make_document("triptans.md", TRIPTANS)
    for tokens in (120, 20):
        for passage in split_passages(document, target_tokens=tokens):
            for start, end in passage.sentences:
                heading = shown_heading(passage, (start, end))
                is_row = TRIPTANS[start:end].endswith("mg |")
                assert heading == ("Triptans › Drug | Form | Dose" if is_row else passage.heading)


def test_a_row_of_which_a_part_is_named_is_not_meant_where_another_is_named_with_more() -> None:
    tools = ("Group: Hand tools; Fee: 1", "Group: Power tools; Fee: 2", "Group: Ladders; Fee: 3", "Group: Tools; Fee: 4")
    assert sorted_rows("What is the fee for power tools?", tools[:3]) == ([1], [0, 2])
    assert sorted_rows("What is the fee for ladders and power tools?", tools[:3]) == ([1, 2], [0])
    assert sorted_rows("What is the fee for tools?", tools[:3]) == ([0, 1], [2])
    assert sorted_rows("What is the fee for tools and power tools?", tools) == ([1, 3], [0, 2])


def test_rows_below_the_head_are_known_though_the_first_of_them_has_been_left_out_before() -> None:
    passage = split_passages(make_document("triptans.md", TRIPTANS), target_tokens=40)[-2]
    assert passage.heading.endswith("Drug | Form | Dose") and len(passage.sentences) > 1
    later = replace(passage, sentences=passage.sentences[1:])
    assert shown_heading(later, later.sentences[0]) == passage.heading
    (item,) = about_rows("What is the dose of zolmitriptan?", [Retrieved(later, "triptans.md", 1.0, 1)], 4)
    assert [TRIPTANS[slice(*span)] for span in item.passage.sentences] == ["| Zolmitriptan | nasal spray | 5 mg |"]
