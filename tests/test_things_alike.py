"""Documents that are alike but for the name above: what is asked of one, the others do not answer. In the real chain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import AnswerChain, Outcome, build_chain
from corpus import make_document
from eval.runner import indexed_documents
from index import SentenceTransformerEmbeddings

PUMP = "{name}\n\nOperation\n\nFill the tank with {tank} litres of water.\n\nCare\n\nDescale the pump every {weeks} weeks.\n"
WARD = "# {name} Ward\n\n## Visiting\n\nVisitors may come from {start} to {end}.\n\n## Staff\n\n{head} leads the ward.\n"


@pytest.fixture(scope="module")
def chain(embedder: SentenceTransformerEmbeddings) -> Iterator[AnswerChain]:
    pumps = [("HydroFlow 220", "two", "eight"), ("HydroFlow 340", "four", "twelve"), ("StillWater S1", "six", "ten")]
    wards = [
        ("Cedar", "10:00", "20:00", "Ms Frost"),
        ("Birch", "14:00", "18:00", "Mr Stone"),
        ("Ash", "9:00", "19:00", "Dr Lake"),
    ]
    documents = [make_document(f"{n}.txt", PUMP.format(name=n, tank=tank, weeks=weeks)) for n, tank, weeks in pumps]
    documents += [
        make_document(f"{n}.md", WARD.format(name=n, start=start, end=end, head=head), media_type="text/markdown")
        for n, start, end, head in wards
    ]
    with indexed_documents(documents, embedder) as index:
        yield build_chain(index, embedder)


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("How often must the HydroFlow 220 be descaled?", ["Descale the pump every eight weeks."]),
        ("How much water goes into the tank of the HydroFlow 340?", ["Fill the tank with four litres of water."]),
        ("When may visitors come to Birch Ward?", ["Visitors may come from 14:00 to 18:00."]),
        ("Who leads Ash Ward?", ["Dr Lake leads the ward."]),
        ("Who leads Cedar and Birch Ward?", ["Ms Frost leads the ward.", "Mr Stone leads the ward."]),
    ],
)
def test_what_is_cited_stands_under_the_name_that_is_asked_for(chain: AnswerChain, question: str, quotes: list[str]) -> None:
    answer = chain.invoke(question)
    assert sorted(citation.quote for citation in answer.citations) == sorted(quotes)
    assert answer.notice == ""


@pytest.mark.parametrize(
    "question",
    [
        "How often must the HydroFlow 500 be descaled?",
        "How much water goes into the tank of the AquaMax 7?",
        "When may visitors come to Maple Ward?",
        "Who leads Oak Ward?",
    ],
)
def test_what_is_asked_of_another_thing_is_not_in_the_documents(chain: AnswerChain, question: str) -> None:
    assert chain.invoke(question).outcome is Outcome.NOT_FOUND
