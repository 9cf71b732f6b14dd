"""Answers and citations: a citation that does not say what its document says cannot be made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import found

from assistant import Answer, Citation, Outcome, Statement
from assistant.answer import RETRIEVED_SHOWN
from corpus import make_document

TEXT = "Bees live in a hive. A hive has one queen. Bees live in a hive."
BEES = make_document("bees.txt", TEXT)
QUOTE = "A hive has one queen."
START = TEXT.index(QUOTE)


def cite(start: int = START, end: int = START + len(QUOTE), quote: str = QUOTE, number: int = 1) -> Citation:
    return Citation(number, BEES, start, end, quote, "Insects › Bees")


def answered(**changes: object) -> Answer:
    answer = Answer(
        question="What is in a hive?",
        searched_for="What is in a hive?",
        outcome=Outcome.ANSWERED,
        statements=(Statement(QUOTE, (cite(),)),),
        closest=(),
        confidence=0.75,
        engine="extractive",
        seconds=0.12345,
    )
    return replace(answer, **changes)  # type: ignore[arg-type]


def test_a_citation_quotes_what_stands_at_its_place() -> None:
    citation = cite()
    assert BEES.text[citation.start : citation.end] == citation.quote
    assert citation.page is None


@given(st.integers(-80, 80), st.integers(-80, 80))
def test_no_other_place_can_be_cited_for_a_quote_that_stands_once(start: int, end: int) -> None:
    if (start, end) == (START, START + len(QUOTE)):
        assert cite(start, end).quote == QUOTE
        return
    with pytest.raises(ValueError, match=r"a citation of bees\.txt at .* quotes 'A hive has one queen\.'"):
        cite(start, end)


@given(st.text(max_size=30))
def test_no_other_text_can_be_cited_for_a_place(quote: str) -> None:
    if quote == QUOTE:
        assert cite(quote=quote).quote == QUOTE
        return
    with pytest.raises(ValueError, match="the document says 'A hive has one queen.' there"):
        cite(quote=quote)


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [(5, 5, ""), (-5, -1, TEXT[-5:-1]), (len(TEXT), len(TEXT) + 4, ""), (10, 5, "")],
    ids=["empty", "counted from the end", "past the end", "backwards"],
)
def test_a_place_that_is_none_cannot_be_cited(start: int, end: int, quote: str) -> None:
    with pytest.raises(ValueError, match="bees.txt") as caught:
        cite(start, end, quote)
    assert f"{start}-{end}" in str(caught.value)


def test_the_same_words_may_be_cited_wherever_they_stand() -> None:
    first, last = "Bees live in a hive.", TEXT.rindex("Bees")
    assert cite(0, len(first), first) != cite(last, last + len(first), first)
    assert cite(last, last + len(first), first).quote == first


def test_a_citation_cannot_be_changed_afterwards() -> None:
    citation = cite()
    with pytest.raises(FrozenInstanceError):
        citation.quote = "A hive has two queens."  # type: ignore[misc]
    with pytest.raises(ValueError, match="bees.txt"):
        replace(citation, start=START + 1)


def test_the_page_of_a_citation_is_the_one_its_quote_begins_on() -> None:
    paged = replace(BEES, pages=((0, 21), (21, 43), (43, len(TEXT))))
    assert replace(cite(), document=paged).page == 2
    assert Citation(1, paged, 0, 20, TEXT[:20]).page == 1
    assert Citation(1, paged, 43, 47, "Bees").page == 3


def test_the_text_and_the_citations_of_an_answer_come_from_its_statements_in_order() -> None:
    second = cite(0, 20, "Bees live in a hive.", number=2)
    answer = answered(statements=(Statement(QUOTE, (cite(),)), Statement("Bees live in a hive.", (second,))))
    assert answer.text == "A hive has one queen. Bees live in a hive."
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_the_json_of_an_answer_has_the_fields_of_the_design() -> None:
    assert answered().to_json() == {
        "question": "What is in a hive?",
        "searched_for": "What is in a hive?",
        "outcome": "answered",
        "answer": QUOTE,
        "confidence": 0.75,
        "statements": [
            {
                "text": QUOTE,
                "citations": [
                    {
                        "number": 1,
                        "document": "bees.txt",
                        "start": START,
                        "end": START + len(QUOTE),
                        "quote": QUOTE,
                        "heading": "Insects › Bees",
                        "page": None,
                        "place": "bees.txt, Insects › Bees",
                    }
                ],
                "emphasis": None,
            }
        ],
        "closest": [],
        "retrieved": [],
        "engine": "extractive",
        "reply": "",
        "options": [],
        "notice": "",
        "scope": "",
        "unsupported": [],
        "raw": "",
        "model": "",
        "seconds": 0.1235,
    }


def test_the_json_lists_ten_of_the_retrieved_passages_best_first() -> None:
    items = tuple(found(f"{number}.txt", "Bees fly.", rank=number)[1] for number in range(1, 15))
    listed = answered(retrieved=items).to_json()["retrieved"]
    assert len(listed) == RETRIEVED_SHOWN == 10
    assert listed[0] == {"document": "1.txt", "start": 0, "end": 9, "score": 1.0}
    assert [row["document"] for row in listed] == [f"{number}.txt" for number in range(1, 11)]


def test_the_json_of_a_declined_question_has_the_closest_passages_and_no_statement() -> None:
    _, item = found("bees.txt", "Bees fly.", heading="Insects")
    row = answered(outcome=Outcome.NOT_FOUND, statements=(), closest=(item,), confidence=0.1).to_json()
    assert (row["outcome"], row["answer"], row["statements"]) == ("not_found", "", [])
    assert row["closest"] == [
        {
            "document": "bees.txt",
            "start": 0,
            "end": 9,
            "score": 1.0,
            "text": "Bees fly.",
            "heading": "Insects",
            "page": None,
            "place": "bees.txt, Insects",
        }
    ]


@pytest.mark.parametrize(
    ("text", "is_item"),
    [
        ("1. Press the button.", True),
        ("(12) Wait.", True),
        ("b) Call.", True),
        ("(iii) Leave.", True),
        ("• Slate", True),
        ("(2)Ototoxicity is rare.", True),
        ("③Slate", True),
        ("(s)he lends ladders.", False),
        ("2.5 litres are lost.", False),
        ("Dr. Öztürk wrote it.", False),
        ("Mr. Hale lends ladders.", False),
        ("No. 5 is the largest.", False),
        ("It is red.", False),
    ],
)
def test_an_item_is_told_by_its_number_letter_or_bullet(text: str, is_item: bool) -> None:
    assert Statement(text, (cite(),)).is_item is is_item
