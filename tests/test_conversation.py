"""Follow-up questions: what is looked up for them."""

from __future__ import annotations

import pytest

from assistant import Question, Turn
from assistant.conversation import resolve

BEFORE = "What is stem cell transplantation?"
HISTORY = (Turn("user", BEFORE), Turn("assistant", "Stem cells have the ability of self-renewal."))


@pytest.mark.parametrize(
    "text",
    [
        "What are its risks?",
        "Can they become blood cells?",
        "Which of these is used for tumors?",
        "How about the bone marrow of donors?",
        "And the peripheral blood of donors?",
        "Why?",
        "Why is that?",
        "What else belongs to cell therapy methods?",
        "Examples?",
        "I meant the autologous lymphocytes of patients",
    ],
)
def test_a_question_that_leans_on_the_last_one_is_looked_up_with_it(text: str) -> None:
    assert resolve(Question(text, HISTORY)) == f"{BEFORE} {text}"
    assert resolve(Question(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "What is molecular therapy?",
        "Which microbial preparations suppress the immune system?",
        "What does tacrolimus inhibit?",
        "monoclonal antibodies",
    ],
)
def test_a_question_that_stands_alone_is_looked_up_alone(text: str) -> None:
    assert resolve(Question(text, HISTORY)) == text
    assert BEFORE not in resolve(Question(text, HISTORY))


def test_only_the_last_thing_the_person_asked_is_brought_along() -> None:
    history = (Turn("user", "What is cell therapy?"), *HISTORY, Turn("assistant", "More of it."))
    looked_up = resolve(Question("What are its risks?", history))
    assert looked_up == f"{BEFORE} What are its risks?"
    assert "self-renewal" not in looked_up


def test_what_the_assistant_said_is_never_looked_up() -> None:
    history = (Turn("assistant", "Ask me about immunotherapy."),)
    assert resolve(Question("What is it?", history)) == "What is it?"
    assert resolve(Question("Why?", ())) == "Why?"


def test_an_earlier_question_of_several_lines_is_put_on_one() -> None:
    history = (Turn("user", "What is\n\n  stem cell\ttransplantation?"),)
    assert resolve(Question("Why?", history)) == f"{BEFORE} Why?"
    assert "\n" not in resolve(Question("Is it safe?", history))


def test_words_that_only_contain_a_leaning_word_do_not_lean() -> None:
    for text in ("What do item theories describe?", "Android hardware orders", "Theirson benefits committee"):
        assert resolve(Question(text, HISTORY)) == text
    assert resolve(Question("WHAT DOES IT DESCRIBE EXACTLY?", HISTORY)).startswith(BEFORE)
