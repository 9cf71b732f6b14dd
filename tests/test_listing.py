"""A question for a list that names a section is answered by the section's items."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted import ScriptedReader, found, scripted_engine

from assistant.citing import MOST_SENTENCES
from assistant.listing import asked_lists, asks_for_list, asks_for_one, find_lists
from corpus import Document, make_document
from corpus.passages import split_passages
from index import Retrieved

ROOFS = ("A roof keeps the rain out.", "(1) Thatch is light.", "(2) Slate lasts long.")
MORE = ("(3) Tiles are cheap.", "They come in red.")


@pytest.fixture
def roofs() -> tuple[Document, Retrieved]:
    return found("houses.txt", *ROOFS, *MORE, heading="Houses › Kinds of roof")


def texts(places: list[tuple[Retrieved, tuple[int, int]]]) -> list[str]:
    return [item.passage.between(*span) for item, span in places]


def listed_items(question: str, retrieved: list[Retrieved]) -> list[tuple[Retrieved, tuple[int, int]]]:
    """Return the items of the list of the section that a question names, where nothing is cited yet; else nothing."""
    return [place for one in asked_lists(question, retrieved, ()).wanted for place in one.items]


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
    engine = scripted_engine(ScriptedReader({"(2) Slate": 2.0}), document)
    decision = engine.decide("What kinds of roof are there?", [item])
    assert [statement.text for statement in engine.write(decision)] == [*ROOFS[1:], MORE[0]]
    assert len(engine.decide("How long does a roof of slate last?", [item]).chosen) == 1


def test_a_declined_question_gets_no_items_and_an_answer_stays_an_answer(roofs: tuple[Document, Retrieved]) -> None:
    document, item = roofs
    engine = scripted_engine(ScriptedReader({"(2) Slate": -2.0}), document)
    assert engine.decide("What kinds of roof are there?", [item]).chosen == ()
    long, many = found("long.txt", *(f"({number}) Item." for number in range(1, 21)), heading="Parts")
    engine = scripted_engine(ScriptedReader({"(9)": 2.0}), long)
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
    ("text", "count"),
    [
        ("(1)  Water is lost.\n(2)Ototoxicity: deafness.\n(3) Gout is seen.", 3),
        ("(1) Water is lost.\n\n(2)Ototoxicity: deafness.\n\n(3) Gout is seen.", 3),
        ("(1)Water\n(2)Salt\n(3)Gout", 3),
        ("① Water is lost.\n②Ototoxicity: deafness.\n③ Gout is seen.", 3),
        ("1. Water is lost.\n\n①Salt is lost.\n\n②Gout is seen.\n\n2. Ears ring.", 4),
        ("(s)he drinks.\n\n(t)hey drink.", 0),
    ],
)
def test_an_item_needs_no_space_behind_its_bracket_or_circle(text: str, count: int) -> None:
    _, item = whole(f"They have these effects:\n\n{text}")
    assert sum(len(one) for one in find_lists([item])) == count


def test_the_heading_with_most_words_of_the_question_names_the_section() -> None:
    text = "# What is Diuretics?\n\n(1) Loops.\n\n(2) Thiazides.\n\n# Adverse reactions\n\n(1) Gout.\n\n(2) Thirst.\n"
    document = make_document("leaflet.md", text)
    first, item = (Retrieved(one, document.name, 1.0, rank) for rank, one in enumerate(split_passages(document), 1))
    question = "Name all the adverse reactions of diuretics."
    assert texts(listed_items(question, [first, item])) == ["(1) Gout.", "(2) Thirst."]
    assert texts(listed_items("Name all diuretics.", [first, item])) == ["(1) Loops.", "(2) Thiazides."]
    assert listed_items("Name all the adverse reactions of statins.", [first, item]) == []
    _, other = found("statins.txt", "(1) Pain.", "(2) Fever.", heading="Adverse reactions")
    assert texts(listed_items(question, [other, first, item])) == ["(1) Gout.", "(2) Thirst."]


def test_beside_the_list_that_is_named_others_come_only_if_nothing_more_is_asked() -> None:
    _, item = found("diuretics.txt", "(1) Gout.", "(2) Thirst.", heading="Adverse reactions")
    _, other = found("statins.txt", "Reactions are:", "(1) Pain.", "(2) Fever.", heading="Statins", rank=2)
    cited = [(item, item.passage.sentences[0]), *((other, span) for span in other.passage.sentences)]
    asked = asked_lists("Name all the adverse reactions of diuretics.", [item, other], cited)
    assert [texts(one.items) for one in asked.wanted] == [["(1) Gout.", "(2) Thirst."]]


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


# Whole lists


SODA = """Clean the machine once a week. The following parts are dishwasher-safe:

- drip tray
- tank lid
- glass holder

The following parts are not dishwasher-safe:

- water tank
- carbonator head
- filter housing

Never put the machine under running water.
"""
SAFE = ["The following parts are dishwasher-safe:", "drip tray\n- tank lid\n- glass holder"]
UNSAFE = ["The following parts are not dishwasher-safe:", "water tank\n- carbonator head\n- filter housing"]
SHARED = """We share your data with the following recipients:

- The insurer that pays for your treatment.
- Laboratories to which we send samples of blood.
- The accountant who checks our books every year.
- Authorities, where the law obliges us to report.

We never sell your data.
"""
GLASS = """- Float glass is cast on molten tin.
- Tempered glass breaks into small crumbs.
- Laminated glass holds together when it breaks.

Please keep these rules when you store glass:

- Stand the panes upright on wood.
- Put paper between the panes.
- Keep the room dry at all times.
- Lock the door of the store at night.
"""


def whole(text: str, heading: str = "") -> tuple[Document, Retrieved]:
    document = make_document("text.txt", text)
    (passage,) = split_passages(document, target_tokens=1000, max_tokens=1000)
    return document, Retrieved(replace(passage, heading=heading), document.name, 1.0, 1, {})


def answered(question: str, made: tuple[Document, Retrieved], scores: dict[str, float]) -> tuple[list[str], str]:
    document, item = made
    engine = scripted_engine(ScriptedReader(scores), document)
    decision = engine.decide(question, [item])
    return [one.item.passage.text[slice(*one.span)] for one in decision.chosen], decision.notice


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which parts are not dishwasher-safe?", UNSAFE),
        ("Which parts are dishwasher-safe?", SAFE),
        ("Which parts are dishwasher-safe, and which are not?", [*SAFE, *UNSAFE]),
    ],
)
def test_an_introduction_brings_its_items_and_not_those_of_the_contrary(question: str, expected: list[str]) -> None:
    scores = {SAFE[0]: 2.0, "drip": 2.0, UNSAFE[0]: 2.0}
    assert answered(question, whole(SODA, "Cleaning"), scores) == (expected, "")


def test_of_two_contrary_lists_the_one_that_is_asked_for_comes_though_the_other_was_read_as_better() -> None:
    assert answered("Which parts are not dishwasher-safe?", whole(SODA), {"drip": 2.0}) == (UNSAFE, "")


def test_in_other_words_than_the_list_nothing_is_taken_for_its_contrary() -> None:
    assert answered("Which parts are unsafe?", whole(SODA), {UNSAFE[0]: 2.0}) == (UNSAFE, "")


@pytest.mark.parametrize(
    ("question", "scores", "count"),
    [
        ("Which recipients are data shared with?", {"We share": 2.0, "The insurer": 1.5}, 5),
        ("Which recipients are data shared with?", {"The insurer": 2.0, "Laboratories": 1.5}, 5),
        ("Who gets my data?", {"We share": 2.0}, 5),
        ("Who gets my data?", {"The insurer": 2.0}, 1),
        ("Which recipients are data sold to?", {"We never": 2.0}, 1),
        ("Which recipients are told of samples?", {"Laboratories": 2.0}, 1),
    ],
    ids=["introduction", "items", "best", "one item answers one question", "beside the list", "one item is picked"],
)
def test_a_list_of_which_a_part_is_cited_comes_whole(question: str, scores: dict[str, float], count: int) -> None:
    sentences, notice = answered(question, whole(SHARED), scores)
    assert (len(sentences), notice) == (count, "")
    assert (sentences[0] == "We share your data with the following recipients:") is (count > 1)


def test_numbered_steps_come_whole_under_a_heading_that_says_more_than_the_question() -> None:
    steps = [f"{number}. {what}" for number, what in enumerate(("Press the button.", "Call.", "Warn.", "Leave.", "Wait."), 1)]
    made = found("fire.txt", "Keep calm.", *steps, "The caretaker tests it.", heading="What to do in case of fire")
    assert answered("What are the steps in case of fire?", made, {"1.": 2.0, "3.": 1.5}) == (steps, "")


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("What should I do in case of fire?", 6),
        ("what to do if there is a fire", 6),
        ("How do I behave in a fire?", 6),
        ("Is there anything to press in a fire?", 2),
    ],
)
def test_what_to_do_is_asked_for_all_steps(question: str, count: int) -> None:
    steps = [f"{number}. {what}" for number, what in enumerate(("Press the button.", "Call.", "Warn.", "Leave.", "Wait."), 1)]
    made = found("fire.txt", "If you discover a fire:", *steps, "The caretaker tests it.", heading="Fire")
    assert len(answered(question, made, {"If you": 1.0, "1.": 1.5})[0]) == count


def test_an_item_of_a_list_about_something_else_does_not_bring_that() -> None:
    _, steps = found("sander.txt", "1. Sweep.", "2. Tilt it.", "3. Slide the belt on.", heading="Sander › Preparing")
    signs = ("(1) The bag is missing.", "(2) The belt is loose.", "(3) The drum is worn.")
    document, item = found("signs.txt", *signs, heading="Sander › Messages")
    scores = {"2.": 1.5, "3.": 1.4, "(3)": 2.0}
    engine = scripted_engine(ScriptedReader(scores), document)
    made = engine.decide("What are the steps to get the sander ready?", [item, replace(steps, rank=2)])
    assert texts([(one.item, one.span) for one in made.chosen]) == [
        signs[2],
        "1. Sweep.",
        "2. Tilt it.",
        "3. Slide the belt on.",
    ]


def test_a_long_list_keeps_the_best_sentence_and_is_said_to_be_cut_short() -> None:
    items = [f"({number}) Part {number}." for number in range(1, 13)]
    made = found("parts.txt", "It has these parts:", *items, heading="Machine")
    sentences, notice = answered("Which parts does the machine have?", made, {"(12)": 2.0, "(2)": 1.5})
    assert sentences == ["It has these parts:", *items[:6], items[11]]
    assert notice == "The list has 12 items, of which 7 are cited."
    made = found("parts.txt", "Some are listed.", *items, "Twelve parts are enough.", heading="Parts")
    sentences, _ = answered("List all parts", made, {"Some": 1.5, "Twelve": 2.0})
    assert sentences == [*items[:7], "Twelve parts are enough."]


def test_a_list_ends_where_another_is_announced() -> None:
    made = whole(GLASS, "Kinds of glass")
    assert [len(one) for one in find_lists([made[1]])] == [3, 4]
    kinds = [line[2:] for line in GLASS.splitlines()[:3]]
    assert texts(listed_items("List the kinds of glass.", [made[1]])) == kinds
    scores = {"Float": 2.0, "Please": 1.5, "Stand": 1.5}
    assert answered("List the kinds of glass.", made, scores) == (kinds, "")
    stored, _ = answered("Which rules are there for storing glass?", made, {"Please": 2.0})
    assert len(stored) == 5


def test_numbers_go_on_behind_a_sentence_and_begin_anew() -> None:
    _, item = whole("1. Thatch is light.\n\nIt burns well.\n\n2. Slate is heavy.\n\nOther roofs:\n\n1. Tin.\n2. Felt is black.")
    assert [texts(one.items) for one in find_lists([item])] == [
        ["1. Thatch is light.", "2. Slate is heavy."],
        ["1. Tin.", "2. Felt is black."],
    ]


def test_where_the_question_asks_for_more_than_the_heading_says_there_is_no_list() -> None:
    tools = ("Spades cut.", "Rakes level.", "Shears trim.")
    made = whole(
        "Shears are the most dangerous ones.\n\n" + "\n".join(f"- {one}" for one in tools), heading="Garden › Types of tools"
    )
    assert answered("Which types of tools are most dangerous?", made, {"Shears are": 2.0}) == (
        ["Shears are the most dangerous ones."],
        "",
    )
    assert texts(listed_items("What types of garden tools are there?", [made[1]])) == list(tools)
