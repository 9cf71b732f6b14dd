"""What people say to a chat is told from questions about a subject."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.talk.kinds import Kind, recognise
from assistant.talk.nearest import NONE, Nearest
from index import SentenceTransformerEmbeddings

PHRASINGS = json.loads((Path(__file__).parent / "data" / "talk_phrasings.json").read_text(encoding="utf-8"))
"""Group → kind → phrasings. `known` are those that the forms and examples were made from; `held back` is half of what was
written before them; `written after` was written when both were done."""

CASES = Path(__file__).parent.parent / "eval" / "cases"
LATER = (Kind.MORE, Kind.SOURCE, Kind.CERTAINTY, Kind.SHORTER, Kind.OBJECTION)


@pytest.fixture(scope="module")
def nearest(embedder: SentenceTransformerEmbeddings) -> Nearest:
    return Nearest(embedder)


def found(group: str, nearest: Nearest | None) -> float:
    """Return the share of phrasings of a group whose kind is found."""
    hits = [
        recognise(text, is_first=Kind(kind) not in LATER, nearest=nearest) is Kind(kind)
        for kind, texts in PHRASINGS[group].items()
        for text in texts
    ]
    return sum(hits) / len(hits)


def test_what_the_forms_were_made_from_is_found(nearest: Nearest) -> None:
    assert sum(len(texts) for texts in PHRASINGS["known"].values()) > 300
    assert found("known", nearest) >= 0.99
    assert set(PHRASINGS["known"]) == set(Kind)


def test_most_of_what_was_held_back_is_found(nearest: Nearest) -> None:
    assert sum(len(texts) for texts in PHRASINGS["held back"].values()) == 181
    assert found("held back", nearest) >= 0.98  # 180 of them; 174 when they were first looked at


def test_three_quarters_of_what_was_written_after_is_found_and_the_examples_help(nearest: Nearest) -> None:
    with_examples, alone = found("written after", nearest), found("written after", None)
    assert with_examples >= 0.78  # 71 of 91 when they were first looked at
    assert 0.65 <= alone < with_examples - 0.1  # 60 of 91


def test_no_question_of_the_own_cases_is_taken_for_talk(nearest: Nearest) -> None:
    cases = [json.loads(line) for path in CASES.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [case for case in cases if case["category"] != "small-talk"]
    taken = [case["question"] for case in asked if recognise(case["question"], is_first=not case["history"], nearest=nearest)]
    assert taken == []
    assert len(asked) > 350


@pytest.mark.parametrize(
    "text",
    [
        "Tell me more about vaccines",
        "What is the vaccine part about?",
        "Summarise the section on cells",
        "What are the main points of cell therapy?",
        "What else can cytokines do?",
        "Anything else about the late fees?",
        "Where does it say how long a loan is?",
        "Which page is the price list on?",
        "What is the source of stem cells?",
        "What is the evidence for vaccines?",
        "Is it true that BCG is a hormone?",
        "Are you sure the fee is 3 euros?",
        "How reliable is the therapy?",
        "Can I trust the vaccine?",
        "Can you help me with the floor sander?",
        "How do I use the sander?",
        "What are your opening hours?",
        "Do you lend ladders?",
        "Which documents do I need to join?",
        "List the methods of immunotherapy",
        "Name the kinds of membership",
        "Which items are covered by the insurance?",
        "Hello Kitty was made by whom?",
        "Good reasons to join",
        "Give me an example",
        "And the second one?",
        "What about the others?",
        "Why?",
        "No, I meant the hormones",
        "How many are there?",
        "Who can use it?",
        "What is it made of?",
        "yes",
    ],
)
def test_a_question_about_a_subject_is_none(text: str, nearest: Nearest) -> None:
    assert recognise(text, is_first=False, nearest=nearest) is None
    assert recognise(text, is_first=True, nearest=nearest) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What is it about?", Kind.SUMMARY),
        ("What is this?", Kind.SUMMARY),
        ("What does it cover?", Kind.TOPICS),
        ("How does this work?", Kind.CAPABILITIES),
    ],
)
def test_it_is_the_document_until_something_else_was_talked_about(text: str, kind: Kind) -> None:
    assert recognise(text, is_first=True) is kind
    assert recognise(text, is_first=False) is None


def test_an_answer_can_only_be_shortened_or_objected_to_once_there_is_one() -> None:
    assert recognise("in one sentence", is_first=True) is Kind.SUMMARY
    assert recognise("in one sentence", is_first=False) is Kind.SHORTER
    assert recognise("no", is_first=True) is None
    assert recognise("please just answer yes or no", is_first=False) is Kind.SHORTER
    assert recognise("I don't understand", is_first=False) is Kind.MORE
    assert recognise("Sorry, I don't quite get what that means", is_first=False) is Kind.MORE
    assert recognise("I don't understand", is_first=True) is None
    assert recognise("I don't understand cell therapy", is_first=False) is None
    assert recognise("What is the shorter way?", is_first=False) is None
    assert recognise("Which is the best answer to stress?", is_first=False) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hi! Who are you?", Kind.CAPABILITIES),
        ("ok thanks tell me more", Kind.MORE),
        ("Thanks, bye!", Kind.FAREWELL),
        ("Hello and thank you", Kind.THANKS),
        ("Really? Where does it say that?", Kind.SOURCE),
        ("Hmm. Are you sure?", Kind.CERTAINTY),
        ("Thanks. What is BCG?", None),
        ("Are you sure? I read that BCG is a vaccine.", None),
        ("hmm", None),
        ("No, that's wrong", Kind.CERTAINTY),
        ("No. Shorter please", Kind.SHORTER),
        ("no thanks", Kind.THANKS),
        ("no, not cats", None),
    ],
)
def test_of_several_clauses_the_request_counts_and_a_question_makes_it_one(text: str, kind: Kind | None) -> None:
    assert recognise(text, is_first=False) is kind
    assert recognise(f"  {text.upper()}  ", is_first=False) is kind


def test_typing_errors_are_mended_unless_the_documents_have_the_word() -> None:
    assert recognise("thnaks", is_first=True) is Kind.THANKS
    assert recognise("wher does it say thta?", is_first=False) is Kind.SOURCE
    assert recognise("What are the quotas?", is_first=False, vocabulary=lambda: {"quotas": 3}) is None
    assert recognise("Show me the qoute", is_first=False, vocabulary=lambda: {"qoute": 1}) is None
    assert recognise("Show me the qoute", is_first=False) is Kind.SOURCE


def test_a_name_after_a_greeting_is_no_subject_unless_the_documents_have_it() -> None:
    assert recognise("Hello Sara", is_first=True) is Kind.GREETING
    assert recognise("thank you Sara!", is_first=True) is Kind.THANKS
    assert recognise("hello Kitty", is_first=True, vocabulary=lambda: {"kitty": 40}) is None
    assert recognise("Sara", is_first=True) is None


def test_the_name_of_a_document_is_the_document() -> None:
    names = ["tool-library.md", "a (b).txt"]
    assert recognise("Summarise Tool-Library.md", is_first=False, names=names) is Kind.SUMMARY
    assert recognise("what is a (b).txt about?", is_first=False, names=names) is Kind.SUMMARY
    assert recognise("Summarise tool-library.md", is_first=False) is None


def test_what_is_long_is_a_question() -> None:
    assert recognise("thanks " * 30, is_first=True) is None
    assert recognise("Hello. " * 6, is_first=True) is None
    assert recognise("-" * 100_000 + "hello", is_first=True) is None


def test_words_of_a_subject_are_never_compared(embedder: SentenceTransformerEmbeddings, nearest: Nearest) -> None:
    assert nearest.kind(" tell me the rest") == Kind.MORE
    assert nearest.kind(" tell me the rest of the vaccines") == NONE
    assert nearest.kind(" what did they find") == NONE
    assert nearest.kind(" what is it") == NONE
