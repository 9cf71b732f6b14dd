"""A question for a list that names a section is answered by the section's items."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted import BY_HAND, ScriptedReader, Shelf, found

from assistant.extractive import MOST_SENTENCES, ExtractiveEngine
from assistant.listing import asks_for_list, asks_for_one, listed_items
from corpus import Document, make_document
from corpus.passages import split_passages
from index import Retrieved

ROOFS = ("A roof keeps the rain out.", "(1) Thatch is light.", "(2) Slate lasts long.")
MORE = ("(3) Tiles are cheap.", "They come in red.")


@pytest.fixture
def roofs() -> tuple[Document, Retrieved]:
    return found("houses.txt", *ROOFS, *MORE, heading="Houses › Kinds of roof")


def texts(places: list[tuple[Retrieved, tuple[int, int]]]) -> list[str]:
    return [item.passage.text[start - item.passage.start : end - item.passage.start] for item, (start, end) in places]


@pytest.mark.parametrize(
    ("question", "is_list"),
    [
        ("What kinds of roof are there?", True),
        ("List the roofs", True),
        ("Which are the steps?", True),
        ("How is a roof classified?", True),
        ("What belongs to the roof?", True),
        ("Who built the roof?", False),
        ("How long does slate last?", False),
        ("When was it listed as a monument?", False),
    ],
)
def test_a_question_for_several_things_is_told_by_its_words(question: str, is_list: bool) -> None:
    assert asks_for_list(question) is is_list


def test_the_items_of_the_section_that_is_named_are_found_in_order(roofs: tuple[Document, Retrieved]) -> None:
    _, item = roofs
    assert texts(listed_items("Which kinds of roofs are there?", [item])) == [*ROOFS[1:], MORE[0]]
    assert listed_items("Who makes the kinds of roof?", [item]) != []
    assert listed_items("Which kinds of doors are there?", [item]) == []
    assert listed_items("How heavy is a roof?", [item]) == []


def test_of_two_numberings_the_more_frequent_is_the_list() -> None:
    _, item = found("a.txt", "1. Roofs are old.", "(1) Thatch.", "(2) Slate.", heading="Roofs")
    assert texts(listed_items("List the roofs", [item])) == ["(1) Thatch.", "(2) Slate."]
    _, single = found("b.txt", "1. Roofs are old.", "They leak.", heading="Roofs")
    assert listed_items("List the roofs", [single]) == []


def test_items_of_other_sections_and_documents_stay_out(roofs: tuple[Document, Retrieved]) -> None:
    _, item = roofs
    _, doors = found("houses.txt", "(1) Oak.", "(2) Pine.", heading="Houses › Doors", rank=2)
    _, other = found("barns.txt", "(1) Tin.", "(2) Felt.", heading="Houses › Kinds of roof", rank=3)
    assert len(listed_items("List the kinds of roof", [doors, item, other])) == 3


def test_the_engine_cites_all_items_with_the_best_sentence(roofs: tuple[Document, Retrieved]) -> None:
    document, item = roofs
    engine = ExtractiveEngine(Shelf(document), ScriptedReader({"(2) Slate": 2.0}), BY_HAND)  # type: ignore[arg-type]
    decision = engine.decide("What kinds of roof are there?", [item])
    assert [statement.text for statement in engine.write(decision)] == [*ROOFS[1:], MORE[0]]
    assert len(engine.decide("How long does a roof of slate last?", [item]).chosen) == 1


def test_a_declined_question_gets_no_items_and_an_answer_stays_an_answer(roofs: tuple[Document, Retrieved]) -> None:
    document, item = roofs
    engine = ExtractiveEngine(Shelf(document), ScriptedReader({"(2) Slate": -2.0}), BY_HAND)  # type: ignore[arg-type]
    assert engine.decide("What kinds of roof are there?", [item]).chosen == ()
    long, many = found("long.txt", *(f"({number}) Item." for number in range(1, 21)), heading="Parts")
    engine = ExtractiveEngine(Shelf(long), ScriptedReader({"(9)": 2.0}), BY_HAND)  # type: ignore[arg-type]
    made = engine.decide("List all parts", [many])
    assert len(made.chosen) == MOST_SENTENCES
    assert made.notice == "The list has 20 items, of which 8 are cited."


@pytest.mark.parametrize("mark", ["-", "*", "•"])
def test_items_may_have_bullets(mark: str) -> None:
    document = make_document("pumps.txt", f"All draw water.\n\n{mark} Piston pumps.\n  {mark} Rotary pumps.\n")
    (passage,) = split_passages(document)
    item = Retrieved(replace(passage, heading="Kinds of pumps"), document.name, 1.0, 1, {})
    assert texts(listed_items("What kinds of pumps are there?", [item])) == ["Piston pumps.", "Rotary pumps."]
    assert listed_items("What do pumps draw?", [item]) == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who built the first hive?", True),
        ("How long does the course last?", True),
        ("Which item cannot be renewed?", True),
        ("What is the late fee?", True),
        ("Which items cannot be renewed?", False),
        ("What kinds of hives are there, and where?", False),
        ("What is the difference between wax and honey?", False),
        ("Explain pollination.", False),
        ("By how much is it late?", True),
        ("I lost mine, how much is a new one?", True),
        ("What should a nurse do when the alarm sounds?", False),
        ("Why do patients who bleed get platelets?", False),
    ],
)
def test_a_question_for_one_thing_is_told_from_one_for_several(question: str, expected: bool) -> None:
    assert asks_for_one(question) is expected
    assert asks_for_one(question.lower().rstrip("?")) is expected
