"""What may be asked, and how it is cleaned."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Question, Turn
from assistant.question import MAX_CHARACTERS, MAX_WORDS
from corpus.errors import QuestionError


def test_a_text_is_a_question_without_history_about_all_documents() -> None:
    assert Question.of("What is a hive?") == Question("What is a hive?", (), None)
    assert Question.of({"question": "What is a hive?"}) == Question.of("What is a hive?")


def test_a_mapping_may_bring_history_and_documents() -> None:
    question = Question.of(
        {
            "question": "And a nest?",
            "history": [{"role": "user", "content": "What is a hive?"}, Turn("assistant", "A home.")],
            "documents": ["bees.txt", "ants.txt"],
        }
    )
    assert question.history == (Turn("user", "What is a hive?"), Turn("assistant", "A home."))
    assert question.documents == ("bees.txt", "ants.txt")


def test_a_single_document_may_be_named_without_a_list() -> None:
    assert Question.of({"question": "Who?", "documents": "bees.txt"}).documents == ("bees.txt",)
    assert Question.of({"question": "Who?", "documents": []}).documents == ()


def test_no_history_may_be_said_in_several_ways() -> None:
    assert Question.of({"question": "Who?", "history": None, "documents": None}) == Question("Who?")
    assert Question.of({"question": "Who?", "history": []}) == Question("Who?")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  What\tis \n a hive?  ", "What is a hive?"),
        ("What\x00is\x1b[31m a hive?", "What is [31m a hive?"),
        ("What is\u2028a hive?\u2029", "What is a hive?"),
        ("What is a hive\ud800?", "What is a hive ?"),
        ("Was ist „Bienenwachs“? 蜂蜡", "Was ist „Bienenwachs“? 蜂蜡"),
    ],
    ids=["white space", "control characters", "line separators", "half a surrogate pair", "other scripts"],
)
def test_a_question_is_put_on_one_line_without_control_characters(text: str, clean: str) -> None:
    assert Question.of(text).text == clean
    assert Question.of(Question(text)).text == clean


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x1b", "?", "… — !"])
def test_a_question_without_a_letter_or_digit_is_empty(text: str) -> None:
    with pytest.raises(QuestionError, match=r"^The question is empty\. Write what you want to know"):
        Question.of(text)
    with pytest.raises(QuestionError, match="empty"):
        Question.of({"question": text})


def test_a_question_of_the_most_words_is_asked_and_one_word_more_is_too_long() -> None:
    assert len(Question.of("word " * MAX_WORDS).text.split()) == MAX_WORDS == 400
    with pytest.raises(QuestionError, match=r"too long: 401 words, 2,004 characters; at most 400 words and 8,000 characters"):
        Question.of("word " * (MAX_WORDS + 1))


def test_a_question_in_a_script_without_spaces_is_measured_in_characters() -> None:
    assert len(Question.of("蜂" * MAX_CHARACTERS).text) == MAX_CHARACTERS
    with pytest.raises(QuestionError, match="too long: 1 words, 8,001 characters"):
        Question.of("蜂" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize("value", [None, 7, ["What?"], {}, {"question": None}, {"text": "What?"}])
def test_what_is_no_question_is_refused_with_an_example(value: Any) -> None:
    with pytest.raises(QuestionError) as caught:
        Question.of(value)
    assert f"got {type(value).__name__}" in str(caught.value)
    assert '{"question": "What is immunotherapy?"' in str(caught.value)


@pytest.mark.parametrize("turn", [{"role": "user"}, {"content": "Hello"}, "Hello", 7, None])
def test_a_turn_needs_a_role_and_a_content(turn: Any) -> None:
    with pytest.raises(QuestionError, match="A turn of the history has a 'role' and a 'content'; got ") as caught:
        Question.of({"question": "Who?", "history": [turn]})
    assert repr(turn) in str(caught.value)


def test_a_history_or_a_scope_of_another_kind_is_refused() -> None:
    with pytest.raises(QuestionError, match="The history of a question is a list of turns; got int"):
        Question.of({"question": "Who?", "history": 7})
    for documents in (7, [7], {"bees.txt": True}):
        with pytest.raises(QuestionError, match="The documents of a question are a list of names, or null for all; got "):
            Question.of({"question": "Who?", "documents": documents})


@given(st.text(max_size=300))
def test_any_text_is_cleaned_once_and_for_all_or_refused(text: str) -> None:
    try:
        clean = Question.of(text).text
    except QuestionError:
        assert not any(character.isalnum() for character in text)
        return
    assert Question.of(clean).text == clean
    assert len(clean.splitlines()) == 1
    assert [c for c in clean if c.isalnum()] == [c for c in text if c.isalnum()]
