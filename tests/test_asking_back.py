"""A question that does not say what it is about is met with what it may be about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted import found

from assistant.answer import Answer, Outcome
from assistant.asking_back import MOST, asked_back, find_unclear, subjects
from assistant.extractive import Decision
from assistant.question import Question, Turn

HEADINGS = ["Hives › What is a drone?", "Hives › Honey", "Hives › Honey", "Wasps", "Ants", "Moths"]
DECLINED = Decision(
    0.2,
    False,
    (),
    tuple(
        found(f"{number}.md", "It is old.", rank=number + 1, heading=heading)[1]
        for number, heading in enumerate(
            ["Hives › What is a drone?", "Hives › Honey", "Hives › Honey", "Wasps", "Ants", "Moths"]
        )
    ),
)


def blank(text: str) -> Answer:
    return Answer(text, text, Outcome.NOT_FOUND, (), DECLINED.retrieved[:3], 0.2, "extractive")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("How much is it?", "it"),
        ("What is their origin?", "their"),
        ("Who sells those?", "those"),
        ("What made this breed so popular among the farmers of the north?", "this breed"),
        ("Can a bee lose its sting?", ""),
        ("When a bee dies, what happens to it?", ""),
        ("Is it true that bees dance to tell the others of a meadow?", ""),
        ("What is honey?", ""),
        ("It's late", ""),
    ],
)
def test_unclear_is_what_neither_the_question_nor_the_talk_before_explains(text: str, phrase: str) -> None:
    unclear = find_unclear(text, "")
    assert (unclear.phrase if unclear else "") == phrase
    assert unclear is None or text[unclear.start : unclear.end] == phrase


def test_what_was_named_before_is_clear() -> None:
    assert find_unclear("What made this breed so popular in the north?", "Which breeds are there?") is None
    assert find_unclear("What made this breed so popular in the north?", "Which colours are there?") is not None


def test_the_candidates_are_the_headings_found_without_the_question_in_them_each_once() -> None:
    assert subjects(DECLINED) == ["drone", "Honey", "Wasps", "Ants"]
    assert len(subjects(DECLINED)) == MOST
    assert subjects(Decision(0.0, False, (), (found("a.txt", "It is old.")[1],))) == []


def test_asking_back_names_the_candidates_and_offers_the_question_with_each() -> None:
    answer = asked_back(Question("How old is it?"), blank("How old is it?"), DECLINED)
    assert answer is not None
    assert answer.reply == "What do you mean by “it”? Nearest in the documents: “drone”, “Honey”, “Wasps”, “Ants”."
    assert answer.options[:2] == ("How old is drone?", "How old is Honey?")
    assert (answer.outcome, answer.statements) == (Outcome.NOT_FOUND, ())


def test_nothing_is_asked_back_where_there_is_an_answer_or_the_person_said_what_to_look_up() -> None:
    text = "How old is it?"
    assert asked_back(Question(text), blank(text), replace(DECLINED, answered=True)) is None
    assert asked_back(Question(text, searched_for=text), blank(text), DECLINED) is None
    assert asked_back(Question("How old is honey?"), blank("How old is honey?"), DECLINED) is None
    assert asked_back(Question(text), blank(text), replace(DECLINED, retrieved=())) is None


def test_a_follow_up_that_was_resolved_is_declined_and_not_asked_back() -> None:
    history = (Turn("user", "What is honey?"), Turn("assistant", "Honey is food."))
    resolved = replace(blank("How old is it?"), searched_for="How old is honey?")
    assert asked_back(Question("How old is it?", history), resolved, DECLINED) is None
    unresolved = asked_back(Question("How old is it?", history), blank("How old is it?"), DECLINED)
    assert unresolved is not None and unresolved.options
