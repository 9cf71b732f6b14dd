"""Ways to say a follow-up in full."""

from __future__ import annotations

import pytest
from scripted import scripted_chain

from assistant import Question, Turn
from assistant.followup import MOST, rewordings
from assistant.history import NOT_FOUND
from corpus import make_document
from index import PassageIndex


def after(*turns: str) -> tuple[Turn, ...]:
    """Return turns of a person and the assistant, in turn."""
    return tuple(Turn("assistant" if place % 2 else "user", text) for place, text in enumerate(turns))


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("What are drones?", "Which of them sting?", "Which of drones sting?"),
        ("What do worker bees build?", "How often is it renewed?", "How often is worker bees renewed?"),
        ("What does the queen lay?", "What are its enemies?", "What are queen's enemies?"),
        ("What do drones do?", "no, I mean the workers", "What do workers do?"),
        ("What do drones do?", "Sorry, I meant workers.", "What do workers do?"),
        ("How long may I keep a ladder?", "And a cordless drill?", "How long may I keep a cordless drill?"),
        ("What do drones eat?", "What about workers?", "What do workers eat?"),
        ("What do you get if you sort bees by size?", "And by colour?", "What do you get if you sort bees by colour?"),
        ("What do drones do?", "by the way they fly, I should have said", "by the way drones fly"),
    ],
)
def test_what_was_talked_about_takes_the_place_of_what_leans_on_it(before: str, text: str, expected: str) -> None:
    ways = rewordings(Question(text, after(before)))
    assert expected in ways
    assert text not in ways and len(ways) == len(set(ways)) < MOST


def test_what_was_answered_can_be_what_is_talked_about() -> None:
    history = after("Do you lend brush cutters?", "Only to members who have taken the safety course. It is on Mondays.")
    ways = rewordings(Question("How long does it last?", history))
    assert "How long does safety course last?" in ways
    assert not any("Mondays" in way for way in ways)


def test_that_the_documents_do_not_say_is_nothing_to_talk_about() -> None:
    history = after("What is wax?", "A fat.", "What does wax cost?", NOT_FOUND)
    ways = rewordings(Question("Who makes it?", history))
    assert "Who makes fat?" in ways
    assert not any("documents" in way for way in ways)


def test_the_turn_before_the_last_may_be_meant_and_those_long_ago_are_not() -> None:
    history = after("What is wax?", "A fat.", "Who makes it?", "Workers.", "When?", "In summer.")
    assert "Is wax sold?" in rewordings(Question("Is it sold?", history))
    long_ago = (*after("What is venom?", "An acid."), *history)
    assert not any("venom" in way for way in rewordings(Question("Is it sold?", long_ago)))


def test_there_is_nothing_to_put_in_without_a_conversation_or_a_subject() -> None:
    assert rewordings(Question("Is it sold?")) == []
    assert rewordings(Question("Is it sold?", after("Why?"))) == []
    assert rewordings(Question("And why is that so?", (Turn("assistant", "Ask me about bees."),))) == []


def test_a_follow_up_finds_what_any_way_to_read_it_finds(word_embedder: object, tmp_path: object) -> None:
    index = PassageIndex(tmp_path, word_embedder, create=True)  # type: ignore[arg-type]
    index.add([make_document("bees.txt", "Drones sleep late.\n\nWorkers build the comb.")])
    chain, reader = scripted_chain(index, {"Workers": 2.0})
    history = after("What do drones do?", "Drones sleep late.")
    answer = chain.invoke(Question("no, I mean the workers", history))
    assert (answer.text, answer.searched_for) == ("Workers build the comb.", "no, I mean the workers")
    assert reader.as_asked == ["What do drones do? | Drones sleep late. | no, I mean the workers"]
    index.close()


def test_a_question_that_stands_alone_is_looked_up_once(word_embedder: object, tmp_path: object) -> None:
    index = PassageIndex(tmp_path, word_embedder, create=True)  # type: ignore[arg-type]
    index.add([make_document("bees.txt", "Workers build the comb.")])
    chain, reader = scripted_chain(index, {"Workers": 2.0})
    chain.invoke(Question("What do worker bees build in the hive?", after("What do drones do?", "Drones sleep late.")))
    assert reader.asked == ["What do worker bees build in the hive?"]
    chain.invoke(Question("Is it true?"))
    assert reader.asked[1:] == ["Is it true?"]
    index.close()
