"""Rows of a table that a question picks by an amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from assistant.compared import compared
from assistant.extremes import picked_rows, picks_rows
from corpus import make_document, split_passages
from index import Retrieved

ROOMS = """
Kind of room | Rent per month | Size | Kitchen | Number
Single room, shared bath | €312 | 12 m² | shared by 10 | 120
Single room, own bath | €368 | 14 m² | shared by 6 | 64
Studio | €455 | 21 m² | own | 18
Accessible studio | €455 | 26 m² | own | 4
Twin apartment | €340 | 38 m² | own | 4
"""
NETWORKS = """
City | Opened | Closed | Greatest length | Tube diameter | Driven by
London | 1853 | 1962 | 92 km | 57 mm | steam
Berlin | 1865 | 1976 | 400 km | 65 mm | steam
Paris | 1866 | 1984 | 467 km | 65 mm | water
Vienna | 1875 | 1956 | 83 km | 65 mm | steam
New York | 1897 | 1953 | 43 km | 203 mm | electricity
"""
TESTS = """
Test | Fasting | Result after | Price
Iron | yes | 2 days | 12 euros
Gluten antibodies | no | 3 to 5 days | 31 euros
Genes | no | 6 weeks | on request
Total | - | - | 43 euros
"""


def rows_of(table: str) -> dict[int, dict[str, str]]:
    """Return the rows of a table in pipes, as cells by column."""
    names, *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return {place: dict(zip(names, cells, strict=True)) for place, cells in enumerate(rows)}


def picked(question: str, table: str, about: str = "") -> list[str]:
    """Return the first cells of the rows that a question picks."""
    rows: Mapping[int, Mapping[str, str]] = rows_of(table)
    found = picked_rows(question, dict(rows), about)
    return [next(iter(rows[place].values())) for place in rows if place in found]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which room is the cheapest?", ["Single room, shared bath"]),
        ("the most expensive one?", ["Studio", "Accessible studio"]),
        ("Which room costs most?", ["Studio", "Accessible studio"]),
        ("What is the largest room?", ["Twin apartment"]),
        ("What is the smallest studio?", ["Studio"]),
        ("Which single room is the cheapest?", ["Single room, shared bath"]),
        ("What is the cheapest room with an own kitchen?", ["Twin apartment"]),
        ("Which rooms cost less than 350 euros?", ["Single room, shared bath", "Twin apartment"]),
        ("Which rooms cost less than 340 euros?", ["Single room, shared bath"]),
        ("Which rooms cost at most 340 euros?", ["Single room, shared bath", "Twin apartment"]),
        ("How many rooms cost 455 euros or more?", ["Studio", "Accessible studio"]),
        ("which are under 20 m²", ["Single room, shared bath", "Single room, own bath"]),
    ],
)
def test_rows_are_picked_by_the_amounts_of_a_column(question: str, expected: list[str]) -> None:
    assert picked(question, ROOMS, "Rent and charges") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which city had the longest network?", ["Paris"]),
        ("Which steam network was the shortest?", ["Vienna"]),
        ("What was the longest network driven by steam?", ["Berlin"]),
        ("Which network closed last?", ["Paris"]),
        ("Which city opened its network first?", ["London"]),
        ("Which networks were opened before 1866?", ["London", "Berlin"]),
        ("Which networks opened since 1866?", ["Paris", "Vienna", "New York"]),
        ("Which cities had more than 100 km?", ["Berlin", "Paris"]),
        ("Which tubes were the widest?", ["New York"]),
    ],
)
def test_a_column_is_known_by_its_name_its_unit_or_its_dates(question: str, expected: list[str]) -> None:
    assert picked(question, NETWORKS, "The great networks") == expected


@pytest.mark.parametrize(
    "question",
    [
        "Which city is the oldest?",  # that a network opened there does not say so
        "Which city is the largest?",
        "Which network was built first?",  # no column says when one was built
        "Which network had the most passengers?",
        "Which city in France had the longest network?",
        "How long was the longest ride of a messenger?",
        "What was the first city with gas light?",
        "Which networks carried more than 100 letters?",
        "How long was the network in Paris?",
    ],
)
def test_nothing_is_picked_where_the_table_does_not_say_what_is_asked(question: str) -> None:
    assert picked(question, NETWORKS, "The great networks") == []


def test_an_amount_that_one_row_does_not_have_may_be_the_greatest() -> None:
    assert picked("Which test is the dearest?", TESTS) == []
    assert picked("Which test has a result after the longest time?", TESTS) == ["Genes"]


def test_a_total_is_no_row_of_its_own_and_ranges_count_by_their_ends() -> None:
    rows = TESTS.replace("on request", "95 euros").replace("Total | - | - | 43 euros", "Total | - | 9 weeks | 138 euros")
    assert picked("Which test is the dearest?", rows) == ["Genes"]
    assert picked("Which test has its result first?", rows) == []  # of times that something takes none is the first
    assert picked("Of which test is the result known after less than 5 days?", rows.replace("known", "")) == []
    assert picked("Which test has the result after more than 4 days?", rows) == ["Genes"]


@pytest.mark.parametrize(
    "question",
    [
        "Which room is not the cheapest?",
        "Which room is the second cheapest?",
        "What are the two largest rooms?",
        "Which rooms with no kitchen cost less than 400 euros?",
        "What is the highest rent?",  # of each kind, or of all?
    ],
)
def test_what_is_not_understood_picks_nothing(question: str) -> None:
    assert picked(question, ROOMS, "Rent and charges") == []


def test_a_column_of_that_name_is_not_compared_unless_it_is_asked_which_row_has_most() -> None:
    doses = "Drug | Dose | Maximum dose\nA | 5 mg | 10 mg\nB | 20 mg | 40 mg"
    assert picked("What is the maximum dose?", doses) == []
    assert picked("Which drug has the highest dose?", doses) == []  # the usual one, or the maximum?
    assert picked("Which drug has the highest dose?", doses.replace("Maximum dose", "Supply")) == ["B"]


def test_another_column_that_is_named_has_to_say_what_is_asked_of_it() -> None:
    assert picked("Which room has the highest rent and what is its size?", ROOMS) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which is cheaper, a studio or an accessible studio?", ["Studio", "Accessible studio"]),
        ("Is an accessible studio larger than a twin apartment?", ["Accessible studio", "Twin apartment"]),
        ("How much more does a studio cost than a single room with shared bath?", ["Single room, shared bath", "Studio"]),
        ("Is the studio quieter than the twin apartment?", []),
        ("Is a studio cheaper than a hotel?", []),
        ("Is a studio cheaper than 500 euros?", []),
    ],
)
def test_rows_are_held_against_each_other(question: str, expected: list[str]) -> None:
    assert picked(question, ROOMS, "Rent and charges") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which was longer, Paris or Berlin?", ["Berlin", "Paris"]),
        ("Which was opened first, Berlin or Vienna?", ["Berlin", "Vienna"]),
        ("Is the network of Vienna longer than that of New York?", ["Vienna", "New York"]),
        ("Did London close earlier than Paris?", ["London", "Paris"]),
        ("Which is more beautiful, Paris or Berlin?", []),
    ],
)
def test_what_they_are_compared_by_must_be_in_the_table(question: str, expected: list[str]) -> None:
    assert picked(question, NETWORKS, "The great networks") == expected


def test_only_questions_that_pick_are_looked_at() -> None:
    assert picks_rows("Which is the cheapest?") and picks_rows("Which cost less than 5 euros?")
    assert not picks_rows("How do I get at least a refund?") and not picks_rows("What is the dose of BCG?")


def found_in(text: str, names: Sequence[int], tokens: int = 40) -> tuple[list[str], str]:
    """Return what "Which city had the longest network?" picks, with only the passages at these places found."""
    document = make_document("networks.md", text)
    passages = split_passages(document, target_tokens=tokens, max_tokens=80)
    found = [Retrieved(passages[place], "networks.md", 1.0, rank) for rank, place in enumerate(names, 1)]
    places = compared("Which city had the longest network?", found, lambda name: passages)
    return [text[slice(*span)] for _, span in places], "".join(item.document for item, _ in places)


def piped(table: str) -> str:
    """Return a table in pipes as Markdown."""
    head, *rows = [f"| {line} |" for line in table.strip().splitlines()]
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


@pytest.mark.parametrize("names", [[2], [3], [0, 4]])
def test_the_whole_table_is_compared_whatever_was_found_of_it(names: list[int]) -> None:
    text = f"# The great networks\n\nThere were some.\n\n{piped(NETWORKS)}\n\nThey are gone.\n"
    assert len(split_passages(make_document("a.md", text), target_tokens=40, max_tokens=80)) > 2
    rows, document = found_in(text, names)
    assert rows == ["| Paris | 1866 | 1984 | 467 km | 65 mm | water |"] and document == "networks.md"


def test_tables_under_different_headings_are_not_compared_with_each_other() -> None:
    other = NETWORKS.replace("Paris", "Lyon").replace("467 km", "900 km")
    text = f"# Old networks\n\n{piped(NETWORKS)}\n\n# New networks\n\n{piped(other)}\n"
    assert found_in(text, [2])[0] == ["| Paris | 1866 | 1984 | 467 km | 65 mm | water |"]
