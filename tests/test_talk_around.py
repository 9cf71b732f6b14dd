"""More of what an answer cited: which sentences stand around it."""

from __future__ import annotations

from conftest import WordEmbedder

from assistant.question import Turn
from assistant.talk.around import MOST, around
from assistant.talk.exchanges import find_exchanges
from corpus import Document, make_document, split_passages

HIVES = "Bees live in hives. Hives are made of wood. They stand in gardens.\n\n| Hive | Price |\n|---|---|\n| Big | 10 |\n\n"
HONEY = "Honey is sweet. The colours of honey are these:\n\n- Yellow\n- Brown\n\n"
BOOK = make_document(
    "bees.md",
    f"# Hives\n\n{HIVES}# Honey\n\n{HONEY}# Bears\n\nBears eat honey. Bears sleep in winter.\n\n# Cats\n\nCats eat mice.\n\n"
    "# Dogs\n\nDogs eat bones.\n\n# Hives\n\nHives are also a rash.\n",
    media_type="text/markdown",
)


def span(document: Document, words: str) -> tuple[int, int]:
    start = document.text.index(words)
    return start, start + len(words)


def more(document: Document, *cited: str, said: tuple[str, ...] = (), asked: str = "bees") -> list[str]:
    places = [span(document, words) for words in cited]
    all_said = [*places, *(span(document, words) for words in said)]
    return [quote.text for quote in around(document, split_passages(document), places, all_said, WordEmbedder(), asked)]


def test_the_rest_of_the_section_comes_first_and_no_row_of_a_table() -> None:
    assert more(BOOK, "Bees live in hives.") == ["Hives are made of wood.", "They stand in gardens."]
    assert more(BOOK, "Hives are made of wood.") == ["Bees live in hives.", "They stand in gardens."]


def test_then_the_passages_beside_it_come_but_not_all_that_follow_nor_another_section_of_the_same_name() -> None:
    texts = more(BOOK, "Bees live in hives.", said=("Hives are made of wood.", "They stand in gardens."))
    assert texts == [
        "Honey is sweet.",
        "The colours of honey are these:",
        "Yellow - Brown",
        "Bears eat honey.",
        "Bears sleep in winter.",
    ]
    assert more(BOOK, "Bees live in hives.", said=(BOOK.text[: BOOK.text.index("Cats")],)) == []


def test_an_item_comes_with_what_announces_it_and_a_leaning_sentence_with_the_one_before() -> None:
    assert more(BOOK, "Honey is sweet.") == ["The colours of honey are these:", "Yellow - Brown"]
    assert more(BOOK, "Bees live in hives.", said=("Hives are made of wood.",)) == ["They stand in gardens."]


def test_of_many_those_nearest_to_the_question_are_said_in_reading_order() -> None:
    sentences = [f"Wood number {n} burns well." for n in range(10)] + [f"Stone number {n} never burns." for n in range(7)]
    document = make_document("a.txt", " ".join(sentences))
    texts = more(document, "Wood number 0 burns well.", asked="stone never burns")
    assert texts == [f"Stone number {n} never burns." for n in range(MOST)]
    assert more(document, "Wood number 0 burns well.", asked="wood burns well") == [
        f"Wood number {n} burns well." for n in range(1, 7)
    ]


def test_a_place_in_no_passage_has_nothing_around_it() -> None:
    assert around(BOOK, split_passages(BOOK), [], [], WordEmbedder(), "bees") == []
    assert around(make_document("empty.txt", " "), [], [(0, 1)], [], WordEmbedder(), "bees") == []


def test_a_history_is_read_as_what_was_asked_and_what_was_cited() -> None:
    history = (
        Turn("assistant", "Ask me."),
        Turn("user", " What  is it?"),
        Turn("assistant", "Honey.", "What is honey?", (("bees.md", 1, 2),)),
        Turn("user", "  "),
        Turn("user", "And?"),
        Turn("user", "Why?"),
        Turn("assistant", "So."),
    )
    exchanges = find_exchanges(history)
    assert [one.asked for one in exchanges] == ["What is it?", "And?", "Why?"]
    assert (exchanges[0].searched_for, exchanges[0].citations) == ("What is honey?", (("bees.md", 1, 2),))
    assert exchanges[1].citations == () and len(exchanges[1].before) == 4
    assert find_exchanges(()) == find_exchanges(history[:1]) == []
