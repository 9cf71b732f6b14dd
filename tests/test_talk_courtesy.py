"""Courtesies around a question are taken off, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.talk.clauses import find_clauses, spelled_out
from assistant.talk.courtesies import without_courtesy

CASES = Path(__file__).parent.parent / "eval" / "cases"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hi! What is immunotherapy?", "What is immunotherapy?"),
        ("Thanks. And what about cost?", "And what about cost?"),
        ("Thanks, that's helpful. What is BCG?", "What is BCG?"),
        ("hello there can you tell me what BCG is", "can you tell me what BCG is"),
        ("Great answer! Now tell me about vaccines.", "Now tell me about vaccines."),
        ("OK, what is a deposit?", "what is a deposit?"),
        ("What is BCG? Thanks!", "What is BCG?"),
        ("Hello, who wrote it? Thank you", "who wrote it?"),
        ("Good morning! I have a quick question: who can join?", "who can join?"),
        ("Hey Footnote, which tools may I borrow?", "which tools may I borrow?"),
        ("Tell me about vaccines, thanks!", "Tell me about vaccines"),
    ],
)
def test_a_greeting_or_thanks_is_no_part_of_the_question(text: str, asked: str) -> None:
    assert without_courtesy(text) == asked
    assert without_courtesy(asked) == asked


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Thanks, bye!",
        "Sorry, I meant the vaccines",
        "no, I meant the vaccines",
        "Cool, dry storage: for which tools?",
        "Hello Kitty was made by whom?",
        "Good night's sleep: what helps?",
        "Oh, I misread the display, it says E4.",
        "What is immunotherapy, please?",
        "Who says thank you?",
        "-",
    ],
)
def test_what_belongs_to_a_question_stays(text: str) -> None:
    assert without_courtesy(text) == text
    assert without_courtesy(f"  {text}").strip() == text


def test_the_own_cases_are_left_as_they_are_but_for_one_that_opens_with_a_courtesy() -> None:
    cases = [json.loads(line) for path in CASES.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    changed = {case["question"]: without_courtesy(case["question"]) for case in cases if case["category"] != "small-talk"}
    changed = {text: asked for text, asked in changed.items() if text != asked}
    assert changed == {
        "Sounds good. How much time did I have for the appeal again?": "How much time did I have for the appeal again?"
    }
    assert len(cases) > 350


def test_clauses_know_their_place_and_their_plain_words() -> None:
    text = "TL;DR — what's UPPP?  Don’t you know…"
    clauses = find_clauses(text)
    assert [clause.words for clause in clauses] == [" tldr", " what is up", " do not you know"]
    assert [text[clause.start : clause.end].strip() for clause in clauses] == ["TL;DR", "what's UPPP", "Don’t you know"]
    assert clauses[1].mark == "?  "
    assert find_clauses("?! …") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I can't, I won't", " i can not i will not"),
        ("r u sure", " are you sure"),
        ("What's it? That's the document's point", " what is it that is the document is point"),
        ("Hellooooo", " hello"),
        ("gimme ﬁve", " give me five"),
    ],
)
def test_short_forms_are_written_out(text: str, words: str) -> None:
    assert spelled_out(text) == words
    assert spelled_out(words) == words
