"""From a question and the conversation before it to the ways in which it is looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from scripted import BY_HAND, ScriptedReader

from assistant.extractive import ExtractiveEngine
from assistant.question import Question, Turn
from assistant.resolver import Resolver, said_before, without_talk
from assistant.terms import Rewriter
from corpus import make_document
from corpus.errors import ModelError
from index import PassageIndex

TEXT = "Bees live in a hive. Drones are male bees. Drones do not sting. Workers build the combs of wax."
TALK = (Turn("user", "Which bees are male?"), Turn("assistant", "Drones are male bees."))


class Writer(Rewriter):
    """Writes every follow-up out as it was told to, and keeps what it was given."""

    def __init__(self, written: str | None = None) -> None:
        super().__init__()
        self.written = written
        self.said: list[tuple[bool, str]] = []

    def rewrite(self, question: str, history: Sequence[tuple[bool, str]]) -> str:
        self.said = list(history)
        return self.written if self.written and history else question


@pytest.fixture
def index(word_embedder: object, tmp_path: Path) -> Iterator[PassageIndex]:
    made = PassageIndex(tmp_path / "data", word_embedder, create=True)
    made.add([make_document("bees.txt", TEXT)])
    yield made
    made.close()


def resolver(index: PassageIndex, scores: dict[str, float], written: str | None = None) -> tuple[Resolver, ScriptedReader]:
    reader = ScriptedReader(scores)
    return Resolver(index, ExtractiveEngine(index, reader, BY_HAND), Writer(written)), reader


def test_a_question_without_a_conversation_is_looked_up_as_it_is_and_needs_no_weights(
    index: PassageIndex, tmp_path: Path
) -> None:
    reader = ScriptedReader({"Drones do": 2.0})
    made = Resolver(index, ExtractiveEngine(index, reader, BY_HAND), Rewriter(tmp_path / "none"))
    searched_for, decision = made.decide(Question("Do drones sting?"))
    assert (searched_for, decision.answered) == ("Do drones sting?", True)
    assert reader.asked == ["Do drones sting?"]
    with pytest.raises(ModelError, match="none"):
        made.decide(Question("Do they sting?", TALK))


def test_a_follow_up_is_looked_up_as_it_was_written_out_first_and_as_it_was_asked_too(index: PassageIndex) -> None:
    made, reader = resolver(index, {"Drones do": 2.0}, written="Do male bees sting?")
    ways = made.ways(Question("Do they sting?", TALK))
    assert ways[:2] == ["Do male bees sting?", "Do they sting?"]
    searched_for, decision = made.decide(Question("Do they sting?", TALK))
    assert searched_for == "Do male bees sting?"
    assert decision.answered
    assert reader.asked == ["Do male bees sting?"]


def test_a_follow_up_is_read_after_what_was_said_before(index: PassageIndex) -> None:
    made, reader = resolver(index, {"Drones do": 2.0}, written="Do male bees sting?")
    made.decide(Question("Do they sting, please?", (Turn("user", "thanks"), Turn("assistant", "My pleasure."), *TALK)))
    assert reader.as_asked == ["Which bees are male? | Drones are male bees. | Do they sting, please?"]
    made.decide(Question("And they?", TALK, searched_for="Do workers sting?"))
    assert (reader.asked[-1], reader.as_asked[-1]) == ("Do workers sting?", "")


def test_a_follow_up_that_is_decided_on_again_is_read_as_at_the_first_time(index: PassageIndex) -> None:
    """As for "are you sure?", which knows what was looked up."""
    made, reader = resolver(index, {"Drones do": 2.0}, written="Do male bees sting?")
    searched_for, decision = made.decide(Question("Do they sting?", TALK))
    assert made.decide(Question("Do they sting?", TALK, searched_for=searched_for)) == (searched_for, decision)
    assert reader.as_asked == ["Which bees are male? | Drones are male bees. | Do they sting?"] * 2


def test_the_best_passages_of_each_way_are_read(word_embedder: object, tmp_path: Path) -> None:
    made = PassageIndex(tmp_path / "many", word_embedder, create=True)
    names = ["wax", "venom", "honey", "pollen"]
    made.add([make_document(f"{name}.txt", f"Much is known of {name} and who makes it.") for name in names])
    reader = ScriptedReader({})
    resolver = Resolver(made, ExtractiveEngine(made, reader, BY_HAND), Writer("honey: Who sells it?"))
    history = (Turn("user", "What is venom?"), Turn("assistant", "Much is known of venom and who makes it."))
    _, decision = resolver.decide(Question("Who sells it?", history))
    first = [item.document for item in decision.retrieved[:3]]
    assert {"honey.txt", "venom.txt"} <= set(first)  # by what was written out, and by what took the pronoun's place
    assert len({item.passage.id for item in decision.retrieved}) == len(decision.retrieved) == 4
    made.close()


def test_a_question_that_the_selector_and_its_words_let_stand_is_looked_up_once(index: PassageIndex) -> None:
    made, reader = resolver(index, {"Workers": 2.0})
    assert made.decide(Question("What do workers build?", TALK))[0] == "What do workers build?"
    assert reader.asked == ["What do workers build?"]


def test_courtesy_is_not_looked_up(index: PassageIndex) -> None:
    made, _ = resolver(index, {"Workers": 2.0})
    assert made.ways(Question("Hi there! What do workers build?")) == ["What do workers build?"]


def test_what_a_person_put_in_to_be_looked_up_is_taken_as_it_is(index: PassageIndex) -> None:
    made, reader = resolver(index, {"Workers": 2.0}, written="never")
    assert made.decide(Question("And they?", TALK, searched_for="What do wrokers build?"))[0] == "What do wrokers build?"
    assert reader.asked == ["What do wrokers build?"]


def test_earlier_questions_count_as_they_were_looked_up(index: PassageIndex) -> None:
    made, _ = resolver(index, {}, written="never")
    history = (*TALK, Turn("user", "Do they  sting?"), Turn("assistant", "Drones do not sting.", "Do drones sting?"))
    made.ways(Question("Why?", history))
    said = [(True, "Which bees are male?"), (False, "Drones are male bees."), (True, "Do drones sting?")]
    assert said_before(Question("Why?", history)) == [*said, (False, "Drones do not sting.")]
    assert isinstance(made._rewriter, Writer) and made._rewriter.said[:3] == said


def test_small_talk_and_requests_are_not_what_a_follow_up_is_about() -> None:
    talk = (
        Turn("user", "thanks!"),
        Turn("assistant", "Glad to help."),
        Turn("user", "tell me more"),
        Turn("assistant", "Wax."),
    )
    assert without_talk((*TALK, *talk)) == TALK
    assert without_talk(talk) == ()
