"""A section that is asked for by its number or its heading is quoted, whole or as a summary."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import Answer, AnswerChain, Outcome, Question, build_chain
from assistant.citing import MOST_SENTENCES
from assistant.history import turns_of
from assistant.talk.sections import AskedSection, asked_section, evenly
from assistant.talk.talk import ENGINE
from corpus import make_document
from index import PassageIndex, SentenceTransformerEmbeddings

HOUSE = """# House book

The house stands on a hill.

## 1. Rooms

### 1.1 Kitchens

Each kitchen has two ovens. Pans are washed at once.

### 1.2 Pets

Cats are welcome. Dogs sleep in the yard.

## 2. Fire safety

If there is a fire:

1. Warn the others.
2. Leave by the stairs.
3. Wait at the oak.

Drills are held in May. Nobody may stay away. The alarm is in the hall. The horn is on the roof. Smoke rises. Doors stay shut.

## How it ended

The hill was sold.
"""
BOATS = "# Boat book\n\n## 2. Mooring\n\nMoor at the pier.\n\n## Pets on board\n\nNo pets sail.\n"


@pytest.fixture(scope="module")
def chain(embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerChain]:
    index = PassageIndex(tmp_path_factory.mktemp("sections") / "data", embedder, create=True)
    index.add(
        [make_document(f"{name}.md", text, media_type="text/markdown") for name, text in (("house", HOUSE), ("boat", BOATS))]
    )
    yield build_chain(index, embedder)
    index.close()


def said(answer: Answer) -> list[str]:
    assert answer.outcome is Outcome.ANSWERED and answer.engine == ENGINE and answer.confidence == 1.0
    return [" ".join(citation.quote.split()) for citation in answer.citations]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("What does section 5.3 say?", AskedSection("5.3")),
        ("what is in chapter 5 of the handbook", AskedSection("5")),
        ("What is part 2 about?", AskedSection("2")),
        ("Summarise the section on side effects, please.", AskedSection("", "side effects", True)),
        ('What is said in the section "Why it vanished"?', AskedSection("", "Why it vanished")),
        ('What does it say under "In pregnancy"?', AskedSection("", "In pregnancy")),
        ("section about keys", AskedSection("", "keys")),
        ("What does the kitchens section say?", AskedSection("", "kitchens")),
    ],
)
def test_a_section_is_asked_for_in_many_ways(text: str, asked: AskedSection) -> None:
    assert asked_section(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "What part of the body is affected?",
        "Which section of the population is at risk?",
        "What is the brass section?",
        'What is "heat death"?',
        "What is the most important part?",
        "What sections are there?",
        "How many chapters has the book?",
        "What does section 5.3 say about dogs?",
        "Why was section 4 removed?",
    ],
)
def test_a_question_about_something_else_asks_for_no_section(text: str) -> None:
    assert asked_section(text) is None


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("What does section 1.2 say?", ["Cats are welcome.", "Dogs sleep in the yard."]),
        ("chapter on kitchens", ["Each kitchen has two ovens.", "Pans are washed at once."]),
        ('What does it say in "How it ended"?', ["The hill was sold."]),
        ("What is in the section about pets on board?", ["No pets sail."]),
    ],
)
def test_its_sentences_are_cited_from_the_first_to_the_last(chain: AnswerChain, text: str, quoted: list[str]) -> None:
    answer = chain.invoke(text)
    assert said(answer) == quoted and not answer.notice


def test_of_a_long_one_the_first_are_cited_and_it_is_said_so(chain: AnswerChain) -> None:
    answer = chain.invoke("Read me the section on fire")
    assert said(answer)[:4] == ["If there is a fire:", "1. Warn the others.", "2. Leave by the stairs.", "3. Wait at the oak."]
    assert answer.notice == "The section has 10 sentences, of which the first 8 are cited."
    summed = chain.invoke("Summarise the section on fire")
    assert 0 < len(said(summed)) <= MOST_SENTENCES and not summed.notice


def test_the_parts_of_a_section_belong_to_it_and_of_two_documents_both_are_cited(chain: AnswerChain) -> None:
    assert said(chain.invoke("What does section 1 say?")) == [
        "Each kitchen has two ovens.",
        "Pans are washed at once.",
        "Cats are welcome.",
        "Dogs sleep in the yard.",
    ]
    both = chain.invoke("What does section 2 say?")
    assert [citation.document.name for citation in both.citations] == ["boat.md", *["house.md"] * 7]
    assert both.notice == "The 2 sections have 11 sentences, of which the first 8 are cited."
    one = chain.invoke(Question("What does section 2 say?", documents=("boat.md",)))
    assert said(one) == ["Moor at the pier."]


def test_the_heading_that_has_least_besides_is_meant(chain: AnswerChain) -> None:
    assert said(chain.invoke("What does the section on pets say?")) == ["Cats are welcome.", "Dogs sleep in the yard."]


def test_where_no_heading_has_the_words_it_is_looked_up_like_any_question(chain: AnswerChain) -> None:
    for text in ("What does section 7.4 say?", "What does the section on dragons say?"):
        answer = chain.invoke(text)
        assert answer.outcome is Outcome.NOT_FOUND and answer.engine != ENGINE


def test_parts_have_room_in_turn() -> None:
    assert evenly([10], 8) == [8]
    assert evenly([10, 1, 10], 8) == [4, 1, 3]
    assert evenly([2, 3], 8) == [2, 3]


def test_it_is_as_certain_as_any_quote(chain: AnswerChain) -> None:
    asked = chain.invoke("What does section 1.2 say?")
    sure = chain.invoke(Question("Are you sure?", turns_of(asked)))
    assert said(sure) == said(asked) and "word for word" in sure.notice
