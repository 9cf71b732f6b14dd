"""Documents that answer a question differently: both are cited, and that is said; documents that agree are not blamed."""

from __future__ import annotations

import pytest
from chat_server import ChatRequest, ChatServer, Reply
from generating import client, data_of, form_of
from hypothesis import given
from hypothesis import strategies as st
from scripted import found

from assistant import Answer, Outcome, build_chain
from assistant.generative.prompt import PROMPT
from assistant.reader import PassageReading
from assistant.rivals import find_rivals
from assistant.terminal import render
from assistant.verification.amounts import find_amounts
from assistant.verification.tokens import tokenised
from corpus import make_document
from corpus.writer import TextWriter
from eval.conflicts import Pair, ask, is_said_to_differ, load_pairs, mistake
from index import PassageIndex, SentenceTransformerEmbeddings

KNOWN_MISSES = {"metformin", "fasting", "half-life"}
"""What is said of one thing in too different words for the reader to see that both answer."""

ASKED = "What is the dose of Varidol?"


def rivals(question: str, one: str, other: str, scores: tuple[float, float] = (2.0, 1.5)) -> list[tuple[str, str]]:
    """Return what two documents of one sentence each say differently."""
    passages = [found("one.txt", one)[1], found("other.txt", other)[1]]
    readings = [PassageReading(score, (score,)) for score in scores]
    return [(rival.said, rival.other_said) for rival in find_rivals(question, passages, readings)]


def test_what_neither_sentence_names_is_not_what_they_differ_in() -> None:
    one, other = "The usual dose is 5 mg.", "The usual dose is 10 mg."
    assert rivals("What is the usual dose?", one, other) == [("5 mg", "10 mg")]
    assert rivals("What is the usual dose of diclofenac?", one, other) == []


def test_things_whose_number_stands_above_them_do_not_differ() -> None:
    headings, said = ("HydroFlow 220", "HydroFlow 340"), ("It delivers 35 litres.", "It delivers 60 litres.")
    passages = [
        found(f"{at}.txt", one, heading=heading)[1] for at, (heading, one) in enumerate(zip(headings, said, strict=True))
    ]
    readings = [PassageReading(score, (score,)) for score in (2.0, 1.5)]
    assert find_rivals("Does the HydroFlow 220 or the HydroFlow 340 deliver more litres?", passages, readings) == []
    assert len(find_rivals("How many litres does the HydroFlow deliver?", passages, readings)) == 1


def test_where_a_row_of_a_table_answers_best_prose_is_not_compared() -> None:
    row = found("table.txt", "| Varidol | 15 mg |")[1]
    rest = [found(f"{dose}.txt", f"The dose of Varidol is {dose} mg.", rank=rank)[1] for rank, dose in ((2, 5), (3, 10))]
    readings = [PassageReading(score, (score,)) for score in (3.0, 2.5, 2.4)]
    with_row = find_rivals(ASKED, [row, *rest], readings)
    without = find_rivals(ASKED, rest, readings[1:])
    assert with_row == [] and [(one.said, one.other_said) for one in without] == [("5 mg", "10 mg")]


# By their words


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("The dose of Varidol is 5 mg.", "The dose of Varidol is 10 mg.", ("5 mg", "10 mg")),
        ("The dose of Varidol is 5 mg.", "The dose of Varidol is 5 g.", ("5 mg", "5 g")),
        ("The dose of Varidol is 5 to 10 mg.", "The dose of Varidol is 20 mg.", ("5 to 10 mg", "20 mg")),
        ("At most 4 g of Varidol are a dose.", "At most 3 g of Varidol are a dose.", ("4 g", "3 g")),
        ("The dose of Varidol is ten drops.", "The dose of Varidol is 12 drops.", ("ten drops", "12 drops")),
        ("The dose of Varidol is taken at 22:00.", "The dose of Varidol is taken at 17:45.", ("22:00", "17:45")),
        (
            "The dose of Varidol is taken at 22:00 daily.",
            "The dose of Varidol is taken at 8:00 pm daily.",
            ("22:00", "8:00 pm"),
        ),
        ("The dose of Varidol is taken at 8 a.m.", "The dose of Varidol is taken at 10:30.", ("8 a.m.", "10:30")),
        (
            "Give the dose of Varidol from 8 a.m. to 5 p.m. on weekdays.",
            "Give the dose of Varidol from 8 a.m. to 6 p.m. on weekdays.",
            ("8 a.m. to 5 p.m.", "8 a.m. to 6 p.m."),
        ),
        ("Give the dose of Varidol from 2:00 to 6:00 pm.", "Give the dose of Varidol from 10:00 to 20:00.", None),
        ("The dose of Varidol is right from 12 months.", "The dose of Varidol is right from 11 months.", None),
        ("The dose of Varidol is right from the age of 50.", "The dose of Varidol is right from the age of 52.", None),
    ],
)
def test_other_amounts_of_the_same_differ(one: str, other: str, said: tuple[str, str] | None) -> None:
    found = rivals(ASKED, one, other)
    assert found == [said] if said is not None else len(found) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dose of Varidol is 5 mg.", "The dose of Varidol is 5 mg."),
        ("The dose of Varidol is 1 g.", "The dose of Varidol is 1000 mg."),
        ("The dose of Varidol is 5 to 10 mg.", "The dose of Varidol is 8 mg."),
        ("The dose of Varidol is taken at 10:30 pm.", "The dose of Varidol is taken at 22:30."),
        ("The dose of Varidol is given from 8:00 to 10:00.", "The dose of Varidol is given at 9 am."),
        ("Give the dose of Varidol from 8 a.m. to 5 p.m.", "Give the dose of Varidol at 9:00."),
        ("The dose of Varidol is right from 12 months.", "The dose of Varidol is right from 52 weeks."),
        ("The dose of Varidol is five milligrams.", "The dose of Varidol is 5 mg."),
        ("The dose of Varidol is at most 4 g.", "The dose of Varidol is no more than 4000 mg."),
        ("The dose of Varidol for adults is 5 mg.", "The dose of Varidol for children is 2 mg."),
        ("The dose of Varidol is 5 mg.", "With kidney failure the dose of Varidol is 2 mg."),
        ("The first dose of Varidol is 5 mg.", "The second dose of Varidol is 10 mg."),
        ("The dose of Varidol is 5 mg.", "The dose of Merulan is 10 mg."),
        ("In 2020 the dose of Varidol was 5 mg.", "In 2023 the dose of Varidol was 10 mg."),
        ("The dose of Varidol is 5 mg.", "A pack of Varidol costs 10 euros."),
        ("The dose of Varidol is 5 mg.", "Varidol is stored at room temperature."),
    ],
)
def test_the_same_in_other_words_and_other_things_do_not_differ(one: str, other: str) -> None:
    assert rivals(ASKED, one, other) == rivals(ASKED, other, one) == []


def test_what_one_sentence_counts_is_no_other_number_of_the_other_sentence() -> None:
    asked = "How many patients responded to budesonide?"
    one = "A response was seen in 57 of 81 (70.4%) with 300 mg, and 55 of {} patients with budesonide."
    other = "A response was seen in 57 of {} patients with 300 mg and by 55 of 83 with budesonide."
    assert rivals(asked, one.format(83), other.format(81)) == rivals(asked, other.format(81), one.format(83)) == []
    assert rivals(asked, one.format(84), other.format(82)) == [("84 patients", "82 patients")]
    assert rivals(ASKED, "The doses of Varidol are 5 and 10 mg.", "The dose of Varidol is 5 mg.") == []
    assert rivals(ASKED, "The dose of Varidol is 5 to 10 mg.", "The dose of Varidol is 20 to 5 g.") != []


def test_a_sentence_that_the_reader_finds_much_worse_is_no_rival() -> None:
    assert rivals(ASKED, "The dose of Varidol is 5 mg.", "The dose of Varidol is 10 mg.", (2.0, -1.5)) == []


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Varidol may be crushed.", "Varidol must not be crushed.", True),
        ("Varidol is safe.", "Varidol is unsafe.", True),
        ("Varidol is allowed.", "Varidol is forbidden.", True),
        ("Varidol must not be crushed.", "Varidol may not be crushed.", False),
        ("Varidol is safe for children over six.", "Varidol is not safe for children under six.", False),
        ("Varidol may be crushed.", "Varidol may be crushed, but not chewed.", False),
    ],
)
def test_a_denial_differs_from_what_it_denies(one: str, other: str, differ: bool) -> None:
    for pair in ((one, other), (other, one)):
        assert bool(rivals("Can Varidol be used?", *pair)) is differ


@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from(["mg", "ml", "percent", "days", "euros", "patients"]))
def test_numbers_differ_if_and_only_if_they_are_two(one: int, two: int, unit: str) -> None:
    said = rivals("What is known of Varidol?", f"Varidol is known for {one} {unit}.", f"Varidol is known for {two} {unit}.")
    assert bool(said) is (one != two)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_sentences_can_be_compared(one: str, other: str) -> None:
    if one.strip() and other.strip():
        for question in ("Is it so?", ASKED):
            assert rivals(question, one, other) in ([], [(one, other)])


def test_amounts_are_read_with_their_ranges_dates_and_times_of_day() -> None:
    said = "On 3 May 1961, from 2 pm until 8 pm, at least 30 to 60 minutes, and by 2 to 8 °C, 40 nurses of the age of 50."
    kinds = [(one.kind, one.low, one.high, one.date) for one in find_amounts(tokenised((said,)))]
    assert kinds[0] == ("date", 0.0, 0.0, (1961, 5, 3))
    assert kinds[1][:3] == ("clock", 14, 20)
    assert kinds[2][:3] == ("time", 1800, 3600)
    assert kinds[3][:3] == ("celsius", 2, 8)
    assert kinds[4][:3] == ("nurs", 40, 40)
    assert kinds[5][0] == "time"


# In the real chain


def dosed(name: str, page: int, dose: str) -> object:
    writer = TextWriter()
    for number in range(1, page + 1):
        writer.page()
        writer.paragraph(f"The daily dose of Varidol is {dose}." if number == page else f"Varidol was made in town {number}.")
    return make_document(name, writer.extract(), media_type="application/pdf")


@pytest.fixture(scope="module")
def differing(embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    index = PassageIndex(tmp_path_factory.mktemp("rivals") / "data", embedder, create=True)
    plain = make_document("guideline.txt", "Varidol is a drug. The daily dose of Varidol is 10 mg.")
    index.add([dosed("leaflet.pdf", 2, "5 mg"), plain, dosed("copy.pdf", 1, "5 mg")])  # type: ignore[list-item]
    return index


def test_both_are_cited_with_document_and_page_and_the_difference_is_said(
    differing: PassageIndex, embedder: SentenceTransformerEmbeddings
) -> None:
    chain = build_chain(differing, embedder)
    answer = chain.invoke({"question": "What is the daily dose of Varidol?", "documents": ["leaflet.pdf", "guideline.txt"]})
    assert answer.outcome is Outcome.ANSWERED
    cited = {(citation.document.name, citation.page, citation.quote) for citation in answer.citations}
    assert ("leaflet.pdf", 2, "The daily dose of Varidol is 5 mg.") in cited
    assert ("guideline.txt", None, "The daily dose of Varidol is 10 mg.") in cited
    assert answer.notice in (
        "The documents differ: 5 mg (leaflet.pdf, page 2) and 10 mg (guideline.txt).",
        "The documents differ: 10 mg (guideline.txt) and 5 mg (leaflet.pdf, page 2).",
    )
    assert f"Note: {answer.notice}" in render(answer, colour=False, width=200)
    agreeing = chain.invoke({"question": "What is the daily dose of Varidol?", "documents": ["leaflet.pdf", "copy.pdf"]})
    assert (agreeing.outcome, agreeing.notice) == (Outcome.ANSWERED, "")


def test_a_chat_model_is_told_to_give_both_and_the_difference_is_said_beside_them(
    differing: PassageIndex, embedder: SentenceTransformerEmbeddings
) -> None:
    def both(request: ChatRequest) -> Reply:
        texts = [passage["text"] for passage in data_of(request)["passages"]]
        quotes = ["The daily dose of Varidol is 5 mg.", "The daily dose of Varidol is 10 mg."]
        places = [next(number for number, text in enumerate(texts, 1) if quote in text) for quote in quotes]
        return form_of(request, *((quote, (place, quote)) for quote, place in zip(quotes, places, strict=True)))

    with ChatServer(both) as server:
        chain = build_chain(differing, embedder, model=client(server))
        answer = chain.invoke({"question": "What is the daily dose of Varidol?", "documents": ["leaflet.pdf", "guideline.txt"]})
        assert PROMPT in server.requests[0].said("system")
    assert "Where passages answer differently" in PROMPT
    assert [(statement.text, statement.citations[0].document.name) for statement in answer.statements] == [
        ("The daily dose of Varidol is 5 mg.", "leaflet.pdf"),
        ("The daily dose of Varidol is 10 mg.", "guideline.txt"),
    ]
    assert answer.notice.startswith("The documents differ: ")


# The measured pairs


def test_there_are_as_many_pairs_that_differ_as_pairs_that_do_not() -> None:
    pairs = load_pairs()
    assert len(pairs) >= 40
    assert len({pair.id for pair in pairs}) == len(pairs)
    for half in ("tune", "held", "hard", "fresh"):
        kinds = [bool(pair.differ) for pair in pairs if pair.half == half]
        assert kinds.count(True) == kinds.count(False) >= 10


@pytest.mark.parametrize("pair", [pair for pair in load_pairs() if pair.half == "hard"], ids=lambda pair: pair.id)
def test_pairs_are_told_right(pair: Pair, embedder: SentenceTransformerEmbeddings) -> None:
    answer: Answer = ask(pair, embedder)
    wanted = "not noticed" if pair.id in KNOWN_MISSES else ""
    assert mistake(pair, answer) == wanted
    assert is_said_to_differ(answer) is (bool(pair.differ) and not wanted)
