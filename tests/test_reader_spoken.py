"""A question in a conversation, as the reader reads it."""

from __future__ import annotations

import pytest

from assistant.reader.pairs import LONGEST_QUESTION, PairEncoder
from assistant.reader.spoken import spoken
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
