"""A question in a conversation, as the reader reads it."""

from __future__ import annotations

import pytest

from assistant.history import NOT_FOUND
from assistant.question import Turn
from assistant.reader.pairs import LONGEST_QUESTION, PairEncoder
from assistant.reader.spoken import spoken
from assistant.resolver import exchanges
from corpus.tokens import packaged_model_folder

PUMPS = "Pumps are divided into piston pumps, which draw the water by a rod, and rotary pumps. " * 3
TALK = [("What is a pump?", "A machine that moves water."), ("What are the classes of pumps?", PUMPS + "So says the handbook.")]


def test_a_question_without_a_conversation_is_read_as_it_is() -> None:
    assert spoken("Which is older?", ()) == "Which is older?"


def test_what_was_said_before_stands_before_a_question() -> None:
    assert spoken("And water?", TALK[:1]) == "What is a pump? | A machine that moves water. | And water?"


def test_of_a_long_answer_its_beginning_and_its_end_are_read() -> None:
    text = spoken("And the other?", TALK)
    earlier, last, said, question = text.split(" | ")
    assert (earlier, last, question) == ("What is a pump?", "What are the classes of pumps?", "And the other?")
    assert said.startswith("Pumps are divided into piston pumps") and said.endswith("So says the handbook.") and " … " in said


@pytest.mark.parametrize("length", [3, 150, 250, 280, 290, 297, 300, 1000])
def test_the_question_itself_is_read_whatever_was_said_before(length: int) -> None:
    question = "x" * (length - 1) + "?"
    text = spoken(question, [("y" * 500, "z" * 500), ("Who? " * 100, PUMPS * 3)])
    assert text.endswith(question) and len(text) <= max(LONGEST_QUESTION, length)
    encoder = PairEncoder(packaged_model_folder(), 256)
    assert encoder.encode(text, "", "It rains.").inside.count(True) == 3


@pytest.mark.parametrize("question", ["免" * 400, "1,2,3," * 60, "한국어" * 100])
def test_a_question_of_more_word_pieces_than_letters_leaves_room_for_the_passage(question: str) -> None:
    pair = PairEncoder(packaged_model_folder(), 256).encode(question, "Rain", "It rains. " * 200)
    assert len(pair.ids) == 256 and pair.inside.count(True) > 100
    assert PairEncoder(packaged_model_folder(), 256).encode(question, "", "It rains.").inside.count(True) == 3


def test_a_declined_question_counts_as_asked_and_not_as_answered() -> None:
    said = [Turn("user", "What does it cost?"), Turn("assistant", NOT_FOUND), Turn("user", "Who made it?")]
    assert exchanges(said) == (("What does it cost?", ""),)
    assert spoken("And when?", exchanges(said)) == "What does it cost? | And when?"
