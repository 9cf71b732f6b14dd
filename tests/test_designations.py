"""Numbered things are exact: what is said of ward 122 is not cited for ward 217, and quantities are left alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chat_server import ChatServer
from generating import blank_and_decision, client, engine_for, says
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedReader, found, scripted_engine

from assistant import AnswerChain, build_chain
from assistant.citing import Chosen, beside_named
from assistant.designated import designated, with_named
from assistant.designations import Relation, are_apart, asked_designations, find_designations
from assistant.extractive import READ, Decision, ExtractiveEngine
from assistant.generative.engine import ANOTHER
from assistant.reader import PassageReading
from assistant.rivals import find_rivals
from corpus import Document
from corpus.loaders import load_document
from index import PassageIndex, Retrieved, SentenceTransformerEmbeddings

DATA = Path(__file__).parent / "data"
CASES: list[dict[str, Any]] = [json.loads(line) for line in (DATA / "designations.jsonl").read_text("utf-8").splitlines()]
NOT_FOUND = {"25", "26", "39", "46", "59", "60", "64"}
"""What the reader does not find, or is not sure enough of: the rule keeps wrong sentences away, and makes no reader better."""


@pytest.fixture(scope="module")
def library(embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    made = PassageIndex(tmp_path_factory.mktemp("designations") / "data", embedder, create=True)
    made.add([load_document(path) for path in sorted((DATA / "designations").iterdir()) if path.suffix != ".py"])
    yield made
    made.close()


@pytest.fixture(scope="module")
def chain(library: PassageIndex, embedder: SentenceTransformerEmbeddings) -> AnswerChain:
    return build_chain(library, embedder)


def cases(*, fires: bool) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["fires"] is fires]


def keys(text: str) -> list[tuple[str, tuple[float, ...], tuple[float, ...], str]]:
    return [one.key for one in find_designations(text)]


def one(kind: str, *number: float, letter: str = "") -> tuple[str, tuple[float, ...], tuple[float, ...], str]:
    return kind, number, number, letter


def several(kind: str, low: float, high: float) -> tuple[str, tuple[float, ...], tuple[float, ...], str]:
    return kind, (low,), (high,), ""


# Cases, half of which were not looked at while the rules were made


@pytest.mark.parametrize("case", cases(fires=True))
def test_what_is_said_of_another_one_is_never_cited(case: dict[str, Any], chain: AnswerChain) -> None:
    answer = chain.invoke({"question": case["question"], "documents": case["documents"]})
    quotes = [" ".join(citation.quote.split()) for citation in answer.citations]
    assert [quote for quote in quotes if any(part in quote for part in case["never"])] == []
    if not case["answerable"]:
        assert quotes == []
    elif case["id"] not in NOT_FOUND:
        assert [evidence for evidence in case["evidence"] if not any(evidence in quote for quote in quotes)] == []


@pytest.mark.parametrize("case", cases(fires=False))
def test_quantities_years_and_doses_name_nothing(case: dict[str, Any], library: PassageIndex) -> None:
    retrieved = library.search(case["question"], 25, documents=case["documents"])
    held = designated(case["question"], retrieved, READ)
    assert (held.count, held.items) == (0, tuple(retrieved))


SENTENCES = ("Type 1 needs insulin.", "It cannot be cured.", "Most begin early.\n\n", "Hepatitis A is caught from food.")


@pytest.mark.parametrize(
    ("scores", "kept"),
    [
        ((2.0, 0.5, -9.0, 0.8), [0, 1]),  # of another paragraph, and less
        ((0.8, 0.5, -9.0, 2.0), [0, 1, 3]),  # what the reader puts first stays
        ((-9.0, 0.5, -9.0, 0.8), [1, 3]),  # nothing cited names it
    ],
)
def test_beside_sentences_that_name_what_is_asked_for_others_must_stand_in_their_paragraph(
    scores: tuple[float, ...], kept: list[int]
) -> None:
    _, item = found("a.txt", *SENTENCES)
    held = designated("What is known of type 1 and its course?", [item], READ)
    chosen = [Chosen(item, span) for span, score in zip(item.passage.sentences, scores, strict=True) if score > -5.0]
    (left,) = held.items
    cited = beside_named(chosen, held, [left], [PassageReading(1.0, scores)])
    assert [item.passage.sentences.index(one.span) for one in cited] == kept


def test_there_are_enough_cases_of_both_kinds() -> None:
    assert sum(case["fires"] for case in CASES) >= 60
    assert sum(not case["fires"] for case in CASES) >= 20
    assert len({case["id"] for case in CASES}) == len(CASES)


# In a text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ward 217", [one("ward", 217)]),
        ("Ward no. 217", [one("ward", 217)]),
        ("the wards numbered 217", [one("ward", 217)]),
        ("Ward: 217; Beds: 11", [one("ward", 217)]),
        ("vaccine number 17", [one("vaccine", 17)]),
        ("patient 002", [one("patient", 2)]),
        ("P-002", [one("p", 2)]),
        ("grade III", [one("grade", 3)]),
        ("phase three", [one("phase", 3)]),
        ("stage IIIB", [one("stage", 3, letter="b")]),
        ("phase 1b/2", [one("phase", 1, letter="b"), one("phase", 2)]),
        ("section 2.1", [one("section", 2, 1)]),
        ("hepatitis B and C", [one("hepatitis", -1, 2), one("hepatitis", -1, 3)]),
        ("grades 1, 2 and 4", [one("grade", 1), one("grade", 2), one("grade", 4)]),
        ("grades 1-3", [several("grade", 1, 3)]),
        ("days 1 to 7", [several("day", 1, 7)]),
        ("between days 10 and 14", [several("day", 10, 14)]),
        ("patients 001–010", [several("patient", 1, 10)]),
        ("P-001 to P-010", [several("p", 1, 10)]),
        ("IFITM1-3", [several("ifitm", 1, 3)]),
        ("K1-02", [one("k", 1, 2)]),
        ("grade 3 or higher", [several("grade", 3, float("inf"))]),
        ("grade ≥ 3", [several("grade", 3, float("inf"))]),
        ("grade <3", [several("grade", 0, 2)]),
        ("PD-1/PD-L1", [one("pd", 1), one("pdl", 1)]),
        ("anti-CD20, CD4+ and IL-2-based", [one("cd", 20), one("cd", 4), one("il", 2)]),
        ("interleukin-6", [one("il", 6)]),
        ("4-1BB and H1N1", [one("##bb", 4, 1), one("h#n#", 1, 1)]),
        ("In ward 3, 12 patients died.", [one("ward", 3)]),
    ],
)
def test_a_noun_and_its_number_name_one_of_several(text: str, expected: list[Any]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "4 types", "5 mg", "3 examples", "the top 10", "in 2019", "after 2 weeks", "a dose 5 mg higher", "from age 12 on",
        "within 24 hours", "the 12 sites treat 400 patients", "it contains 5 ml", "May 5", "summer 2019", "a 24-hour day",
        "mid-1990s", "kg/m2", "the 20th floor", "at what stage I should go", "about 30 people", "page 7", "Beds: 11",
        "stage 5 %",
    ],
)  # fmt: skip
def test_a_quantity_or_date_names_nothing(text: str) -> None:
    assert keys(text) == []


def test_what_is_excluded_is_not_asked_for() -> None:
    assert asked_designations("Which wards other than ward 217 keep serum?") == []
    assert [one.key for one in asked_designations("Which serum does ward 217 keep, ward no. 217?")] == [one("ward", 217)]


@pytest.mark.parametrize(
    ("asked", "said", "relation"),
    [
        ("grade 3", "grade III", Relation.NAMES),
        ("grade 3", "grade 2", Relation.OTHER),
        ("grade 4", "grade 3 or higher", Relation.NAMES),
        ("grade 2", "grade 3 or higher", Relation.OTHER),
        ("day 5", "days 1 to 7", Relation.NAMES),
        ("day 8", "days 1 to 7", Relation.OTHER),
        ("stage IIIB", "stage III", Relation.NAMES),
        ("stage IIIB", "stage IIIA", Relation.OTHER),
        ("section 2", "section 2.1", Relation.NAMES),
        ("section 2.1", "section 2", Relation.NEITHER),
        ("section 2.1", "section 2.2", Relation.OTHER),
        ("ward 217", "room 217", Relation.NEITHER),
        ("CD28", "CD80", Relation.OTHER),
        ("PD-L1", "PD-1", Relation.NEITHER),
    ],
)
def test_a_text_names_it_or_another_or_none_of_its_kind(asked: str, said: str, relation: Relation) -> None:
    assert find_designations(asked)[0].relation(find_designations(said)[0]) is relation


def test_words_that_spell_an_abbreviation_name_it() -> None:
    assert [one.key for one in find_designations("toll-like receptor 4", {"tlr"})] == [one("tlr", 4)]
    assert find_designations("toll-like receptor 4", {"tnr"}) == []


@given(st.text(alphabet="Iivx aAdys-./–,;:#()0123456789\n≥andor", max_size=200))
def test_no_text_is_too_odd_and_what_names_a_thing_names_it_again(text: str) -> None:
    for found_one in find_designations(text):
        assert found_one.low <= found_one.high or found_one.high == (-1,)
        assert found_one.relation(found_one) is Relation.NAMES or found_one.low > found_one.high


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "ward 1, " * 40_000, "1.1." * 90_000, "a-1-" * 90_000, "no. " * 90_000, "anti-" * 60_000 + "1"]
)
def test_the_time_goes_with_the_length_of_a_text(text: str) -> None:
    started = time.perf_counter()
    find_designations(text)
    assert time.perf_counter() - started < 2.0


# In passages


def left(question: str, *sentences: str, heading: str = "") -> list[str]:
    """Return the sentences of one passage, beside another that names what is asked for, that may be cited."""
    _, item = found("one.txt", *sentences, heading=heading)
    _, other = found("two.txt", question, rank=2)
    (narrowed,) = [one for one in designated(question, [item, other], READ).items if one.document == "one.txt"]
    return [narrowed.passage.text[slice(*span)] for span in narrowed.passage.sentences]


def test_sentences_about_another_one_are_left_out_and_those_that_lean_on_them() -> None:
    sentences = "Ward 5 is old.", "It has ten beds.", "Ward 217 is new.", "It is next to ward 218."
    assert left("Is ward 217 new?", *sentences) == ["Ward 217 is new.", "It is next to ward 218."]


def test_what_goes_on_after_another_one_is_about_that_one() -> None:
    assert left("Is ward 217 old?", "All are clean.", "Ward 5 is old.", "The beds are old too.") == ["All are clean."]


def test_a_heading_covers_its_section_unless_a_sentence_names_another() -> None:
    sentences = "The infusion is stopped.", "In grade 2 it is slowed.", "Steroids are given."
    assert left("What is done in grade 3?", *sentences, heading="Reactions › Grade 3") == [sentences[0], sentences[2]]
    assert left("What is done in grade 2?", *sentences, heading="Reactions › Grade 3") == [sentences[1]]
    assert left("What is done in grade 1?", *sentences, heading="Reactions › Grade 3") == []


def test_a_row_is_about_what_its_cell_names_under_the_name_of_the_column() -> None:
    rows = "| 216 | 7 |", "| 217 | 216 |"
    assert left("Which units has ward 217?", *rows, heading="Ward | Units") == ["| 217 | 216 |"]
    assert left("Which units has ward 216?", *rows, heading="Ward | Units") == ["| 216 | 7 |"]
    assert left("Which units has ward 217?", "| Ward | Units |", *rows) == ["| Ward | Units |", "| 217 | 216 |"]
    assert left("Which units has ward 217?", "216; 7 units", "217; 9 units", heading="Ward Units") == ["217; 9 units"]


def engine(scores: dict[str, float], *documents: Document) -> ExtractiveEngine:
    return scripted_engine(ScriptedReader(scores), *documents)


def cited(decision: Decision) -> list[str]:
    return [one.item.passage.text[slice(*one.span)] for one in decision.chosen]


def test_the_passage_that_names_it_is_read_however_late_it_was_found() -> None:
    pairs = [found(f"{ward}.txt", f"Ward {ward} keeps {ward} units.", rank=ward) for ward in range(1, 12)]
    decision = engine({"Ward": 2.0}, *(document for document, _ in pairs)).decide(
        "What does ward 11 keep?", [item for _, item in pairs]
    )
    assert cited(decision) == ["Ward 11 keeps 11 units."]
    assert decision.notice == ""
    assert all(item.passage.sentences for item in decision.retrieved)


def test_a_passage_about_others_alone_is_not_read() -> None:
    pairs = [found(f"{ward}.txt", f"Ward {ward} keeps {ward} units.", rank=ward) for ward in range(1, 4)]
    made = engine({"Ward": 2.0}, *(document for document, _ in pairs))
    reader = made._reader
    assert cited(made.decide("What does ward 2 keep?", [item for _, item in pairs])) == ["Ward 2 keeps 2 units."]
    assert isinstance(reader, ScriptedReader) and reader.passages_read == [1]


def test_where_only_others_are_named_there_is_no_answer_but_the_closest() -> None:
    document, item = found("wards.txt", "Ward 1 keeps 7 units.", "Ward 2 keeps 14 units.")
    decision = engine({"Ward": 5.0}, document).decide("What does ward 9 keep?", [item])
    assert (decision.answered, decision.chosen, decision.retrieved) == (False, (), (item,))
    assert decision.confidence < 0.01


def test_all_that_are_compared_are_cited_or_none() -> None:
    document, item = found("wards.txt", "Ward 1 keeps 7 units.", "Ward 2 keeps 14 units.", "Ward 3 keeps 21 units.")
    made = engine({"Ward 1": 5.0, "Ward 2": 4.9, "Ward 3": 1.0}, document)
    assert cited(made.decide("What do ward 1 and ward 3 keep?", [item])) == ["Ward 1 keeps 7 units.", "Ward 3 keeps 21 units."]
    assert not made.decide("What do ward 1 and ward 4 keep?", [item]).answered


def test_a_word_that_no_document_has_before_a_number_is_no_rule() -> None:
    document, item = found("bees.txt", "Bees live in a hive.")
    assert cited(engine({"Bees": 1.0}, document).decide("Where is hive 7?", [item])) == ["Bees live in a hive."]


def test_what_the_search_did_not_offer_is_looked_up_by_its_number() -> None:
    offered, missing = found("a.txt", "Ward 1 is old.")[1], found("b.txt", "Ward 2 is new.")[1]
    asked: list[str] = []

    def find(words: str) -> list[Retrieved]:
        asked.append(words)
        return [offered, missing]

    assert [item.document for item in with_named("Is ward 2 new?", [offered], find)] == ["a.txt", "b.txt"]
    assert with_named("Is ward 1 old?", [offered], find) == [offered]
    assert with_named("Is it old?", [offered], find) == [offered]
    assert len(asked) == 1 and {"ward", "2", "002"} <= set(asked[0].split())


# Elsewhere


def test_statements_about_two_wards_do_not_differ_from_each_other() -> None:
    def differ(ward: int, question: str = "How many units are kept?", headings: tuple[str, str] = ("", "")) -> bool:
        said = "Ward 4 keeps 28 units of serum.", f"Ward {ward} keeps 35 units of serum."
        items = [found(f"{at}.txt", text, heading=headings[at])[1] for at, text in enumerate(said)]
        return bool(find_rivals(question, items, [PassageReading(score, (score,)) for score in (2.0, 1.5)]))

    assert differ(4)
    assert not differ(5)
    assert not differ(4, headings=("Chapter 1", "Chapter 2"))
    assert differ(4, headings=("Chapter 1", "Chapter 1"))
    assert are_apart("It is in ward 4.", "It is in ward 5.")
    assert not are_apart("It is in ward 4.", "It is in ward 5.", "In which ward is it?")


def test_a_model_that_quotes_another_ward_is_not_believed() -> None:
    said, other = "Ward 4 keeps 28 units of serum.", "Ward 5 keeps 35 units of serum."
    pair = found("wards.txt", said, other)
    question = "How many units of serum does ward 4 keep?"
    others = designated(question, [pair[1]], READ).others
    statements = ("It keeps 28 units of serum.", (1, said)), ("It keeps 35 units of serum.", (1, other))
    with ChatServer([says(*statements)]) as server:
        blank, decision = blank_and_decision((pair,), question)
        *_, answer = engine_for(client(server), (pair,)).answer(blank, replace(decision, others=others))
    assert [citation.quote for citation in answer.citations] == [said]
    assert [(one.text, one.reason) for one in answer.unsupported] == [("It keeps 35 units of serum.", ANOTHER)]
