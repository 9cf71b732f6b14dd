"""Pages and documents that a question names: what is recognised, what is looked up, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, AnswerChain, Outcome, Question, Turn, build_chain
from assistant.history import turns_of
from assistant.terminal import render
from assistant.where.names import find_names, unknown_names
from assistant.where.pages import find_pages, listed_pages
from assistant.where.wording import HOLE, looked_up, said_there, with_holes
from corpus import Document, make_document
from corpus.document import PageKind
from corpus.errors import ScopeError
from corpus.writer import TextWriter
from index import PassageIndex, SentenceTransformerEmbeddings

SUFFIXES = (".pdf", ".txt", ".md", ".pptx", ".xlsx")
SCANNED = "a picture without text (scanned?)"


def paged(name: str, *pages: list[str], kind: PageKind = PageKind.PAGE, names: tuple[str, ...] = ()) -> Document:
    """Return a document of pages: lines with a # are headings, with a - items, with a | rows; a page of none is a picture."""
    writer = TextWriter(kind)
    for number, lines in enumerate(pages):
        writer.page(names[number] if names else "")
        if not lines:
            writer.skip(SCANNED)
        for line in lines:
            if line.startswith("#"):
                writer.heading(line[1:], 1)
            elif line.startswith("-"):
                writer.item(line[1:])
            elif line.startswith("|"):
                cells = [cell.partition("=") for cell in line[1:].split(";")]
                writer.row([(column, value) for column, _, value in cells])
            else:
                writer.paragraph(line)
    return make_document(name, writer.extract(), media_type="application/pdf")


REPORT = paged(
    "report.pdf",
    ["#Annual report", "The clinic opened in 1998 in an old station.", "It treats about 4,000 patients a year."],
    ["#Staff", "The clinic employs 12 doctors and 31 nurses.", "The head nurse is Ingrid Vahl."],
    ["#Costs", "A consultation costs 45 euros for adults.", "Children are treated free of charge."],
    [],
    ["#Outlook", "A second building will open in 2027."],
)
DECK = paged(
    "deck.pptx",
    ["#Hand hygiene", "-Wash your hands for 20 seconds"],
    ["#When", "-Before touching a patient", "-After touching a patient", "-After removing gloves"],
    ["#Thank you"],
    kind=PageKind.SLIDE,
)
PRICES = paged(
    "prices.xlsx",
    ["|Item=Bandage;Price=3.20", "|Item=Syringe;Price=0.80"],
    ["|Supplier=Medico;City=Ulm"],
    kind=PageKind.SHEET,
    names=("Prices", "Suppliers"),
)
NOTES = make_document(
    "notes.md",
    "# Meeting\n\nThe clinic will buy two new ultrasound devices. The head nurse asked for a longer lunch break.\n",
    media_type="text/markdown",
)
LEAFLET = make_document(
    "reports/leaflet.txt",
    "Paracetol tablets\n\nAdults take one tablet of 500 mg every six hours. Do not take more than four tablets a day. "
    "Paracetol may cause drowsiness.",
)


@pytest.fixture(scope="module")
def index(embedder: SentenceTransformerEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    index = PassageIndex(tmp_path_factory.mktemp("where") / "data", embedder, create=True)
    index.add([REPORT, DECK, PRICES, NOTES, LEAFLET])
    yield index
    index.close()


@pytest.fixture(scope="module")
def chain(index: PassageIndex, embedder: SentenceTransformerEmbeddings) -> AnswerChain:
    return build_chain(index, embedder)


def places(answer: Answer) -> set[tuple[str, str]]:
    return {(citation.document.name, citation.page_label) for citation in answer.citations}


# What is a page


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("What does page 3 say?", "page", (3,)),
        ("what is on pages 3-5", "page", (3, 4, 5)),
        ("pages 2, 4 and 7", "page", (2, 4, 7)),
        ("pages 3 to 5 and 9", "page", (3, 4, 5, 9)),
        ("see p. 12", "page", (12,)),
        ("see pp. 12–14 there", "page", (12, 13, 14)),
        ("between pages 3 and 5", "page", (3, 4, 5)),
        ("page three of it", "page", (3,)),
        ("page no. 8", "page", (8,)),
        ("What is on slide 2?", "slide", (2,)),
        ("the last page", "page", (-1,)),
        ("the first slide", "slide", (1,)),
        ("the last two slides", "slide", (-2, -1)),
        ("the 3rd page", "page", (3,)),
        ("the second to last page", "page", (-2,)),
        ("the first three pages", "page", (1, 2, 3)),
    ],
)
def test_pages_are_recognised(text: str, kind: str, numbers: tuple[int, ...]) -> None:
    (found,) = find_pages(text)
    assert (found.kind.value, found.numbers) == (kind, numbers)


@pytest.mark.parametrize(
    "text",
    [
        "What is p53?",
        "Is p < 0.05 enough?",
        "What is p.Val600Glu?",
        "How many pages are there?",
        "What is a landing page for 3 people?",
        "pages",
        "homepage 3d printing",
        "Is 5 mg per page 3.5 times too much?",
        "the last stage",
    ],
)
def test_what_only_looks_like_a_page_is_none(text: str) -> None:
    assert find_pages(text) == []


def test_sheets_are_recognised_by_the_names_that_there_are() -> None:
    for text in ("in the sheet Prices", "on the prices sheet", "the tab called “Prices”", "sheet 'Prices'"):
        (found,) = find_pages(text, ["Prices", "Costs 2023"])
        assert (found.name, found.kind) == ("Prices", PageKind.SHEET)
    assert find_pages("in the sheet Prizes", ["Prices"]) == []
    assert find_pages("What do prices depend on?", ["Prices"]) == []
    assert find_pages("the Costs 2023 sheet", ["Costs", "Costs 2023"])[0].name == "Costs 2023"


@given(st.lists(st.integers(1, 99999), min_size=1, max_size=6, unique=True))
def test_listed_pages_are_recognised_as_themselves(numbers: list[int]) -> None:
    said = ", ".join(map(str, numbers[:-1])) + (" and " if len(numbers) > 1 else "") + str(numbers[-1])
    (found,) = find_pages(f"What do pages {said} say about it?")
    assert found.numbers == tuple(numbers)


@given(st.sets(st.integers(1, 300), min_size=1, max_size=12))
def test_pages_in_words_are_read_back_as_the_same_pages(numbers: set[int]) -> None:
    (found,) = find_pages(f"pages {listed_pages(numbers)}")
    assert set(found.numbers) == numbers


@given(st.text(alphabet=st.sampled_from("page sheet slides 0123456789-–,.andtolast the first p"), max_size=200))
def test_any_text_is_read_and_mentions_are_in_order_and_apart(text: str) -> None:
    end = 0
    for one in find_pages(text, ["last", "p"]):
        assert end <= one.start < one.end <= len(text)
        end = one.end


# What is a document


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does notes.md say about X?", ("notes.md",)),
        ("According to REPORT.PDF, what is it?", ("report.pdf",)),
        ("What does leaflet.txt say?", ("reports/leaflet.txt",)),
        ("in reports/leaflet.txt", ("reports/leaflet.txt",)),
        ("In the leaflet, how much may be taken?", ("reports/leaflet.txt",)),
        ("according to the leaflet", ("reports/leaflet.txt",)),
        ("What does the leaflet say about alcohol?", ("reports/leaflet.txt",)),
        ("What does the annual report 2023 say about costs?", ("annual-report_2023.pdf",)),
        ("according to the file immunotherapy", ("immunotherapy.txt",)),
        ("in the immunotherapy document", ("immunotherapy.txt",)),
        ("What does reprot.pdf say?", ("report.pdf",)),
        ("Compare report.pdf and the leaflet", ("report.pdf", "reports/leaflet.txt")),
        ("leaflet: what is the dose?", ("reports/leaflet.txt",)),
        ("According to the report and the privacy policy, how long are data kept?", ("report.pdf", "privacy.txt")),
        ("What does the report include on costs?", ("report.pdf",)),
    ],
)
def test_documents_are_recognised(text: str, names: tuple[str, ...]) -> None:
    held = ["annual-report_2022.pdf", "annual-report_2023.pdf", "immunotherapy.txt", "notes.md", "report.pdf"]
    held += ["reports/leaflet.txt", "privacy.txt"]
    found = find_names(text, held, SUFFIXES)
    assert tuple(name for mention in found for name in mention.names) == names


@pytest.mark.parametrize(
    "text",
    [
        "What is immunotherapy?",
        "according to immunotherapy",
        "What is used in immunotherapy?",
        "How is the liver treated in the liver?",
        "What happens in the liver?",
        "Who should report side effects?",
        "What is the report for?",
        "How does a leaflet grow?",
        "What does annual-report_2024.pdf say?",
        "What does the yearly report include?",
        "Which privacy policy is the strictest?",
    ],
)
def test_a_word_of_the_subject_is_no_document(text: str) -> None:
    held = ["annual-report_2023.pdf", "immunotherapy.txt", "leaflet.txt", "liver.txt", "privacy.txt", "report.pdf"]
    assert find_names(text, held, SUFFIXES) == []


def test_a_file_that_is_the_subject_is_not_taken_for_a_place() -> None:
    assert unknown_names("What is robots.txt for?", SUFFIXES) == ""
    assert unknown_names("What does missing.pdf say about costs?", SUFFIXES) == "missing.pdf"
    assert unknown_names("According to missing.pdf, what is it?", SUFFIXES) == "missing.pdf"


# What is left of the question


@pytest.mark.parametrize(
    ("asked", "said", "lookup"),
    [
        ("According to #, what is the dose?", "What is the dose?", "What is the dose?"),
        ("What is the dose in #?", "What is the dose in the document?", "What is the dose?"),
        ("What is the dose, according to #?", "What is the dose?", "What is the dose?"),
        ("What is the dose on # of #?", "What is the dose in the document?", "What is the dose?"),
        ("What does # of # say?", "What does the document say?", "What does the document say?"),
        ("What does the # say about the dose?", "What does the document say about the dose?", "Tell me about the dose."),
        ("What is on the #?", "What is in the document?", "What is?"),
        ("Summarise # and #", "Summarise the document", "Summarise the document"),
        ("Who is named on # of # and on #?", "Who is named in the document?", "Who is named?"),
        ("In # (#), who is it?", "In the document, who is it?", "Who is it?"),
    ],
)
def test_the_place_is_taken_out_of_the_question(asked: str, said: str, lookup: str) -> None:
    spans = [(place, place + 1) for place, character in enumerate(asked) if character == "#"]
    rest = with_holes(asked, spans)
    assert (said_there(rest), looked_up(rest)) == (said, lookup)


@given(st.text(max_size=120), st.integers(0, 120), st.integers(0, 120))
def test_no_hole_is_left_in_what_is_looked_up(text: str, one: int, two: int) -> None:
    text = text.replace(HOLE, "")
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    rest = with_holes(text, [(start, end)])
    assert HOLE not in said_there(rest) + looked_up(rest)


# Pages in the real chain


def test_a_page_is_told_with_every_sentence_cited(chain: AnswerChain) -> None:
    answer = chain.invoke("What does page 3 of report.pdf say?")
    assert answer.text == "A consultation costs 45 euros for adults. Children are treated free of charge."
    assert places(answer) == {("report.pdf", "page 3")}
    assert (answer.scope, answer.question) == ("report.pdf, page 3", "What does page 3 of report.pdf say?")


@pytest.mark.parametrize(
    ("question", "text", "place"),
    [
        ("What is on slide 1?", "Wash your hands for 20 seconds", ("deck.pptx", "slide 1")),
        ("What is on page 3 of deck.pptx?", "Thank you", ("deck.pptx", "slide 3")),
        ("What is in the sheet Suppliers?", "Supplier: Medico; City: Ulm", ("prices.xlsx", "sheet Suppliers")),
        ("What does the last page say?", "A second building will open in 2027.", ("report.pdf", "page 5")),
        ("Show me page 5", "A second building will open in 2027.", ("report.pdf", "page 5")),
    ],
)
def test_slides_and_sheets_are_told(chain: AnswerChain, question: str, text: str, place: tuple[str, str]) -> None:
    answer = chain.invoke(question)
    assert (answer.text, places(answer)) == (text, {place})


def test_a_question_is_answered_from_the_page_that_it_names_and_from_no_other(chain: AnswerChain) -> None:
    answer = chain.invoke("How many nurses are there on page 2 of report.pdf?")
    assert answer.searched_for == "How many nurses are there?"
    assert places(answer) == {("report.pdf", "page 2")}
    elsewhere = chain.invoke("How many nurses are there on page 3 of report.pdf?")
    assert elsewhere.outcome is Outcome.NOT_FOUND
    assert elsewhere.notice == "Looked only in report.pdf, page 3."
    assert all(item.passage.page == 3 for item in elsewhere.closest)


def test_a_page_that_there_is_not_is_said_with_the_number_of_pages(chain: AnswerChain) -> None:
    answer = chain.invoke("What does page 9 of report.pdf say?")
    assert (answer.outcome, answer.notice) == (Outcome.NOT_FOUND, "There is no page 9: report.pdf has 5 pages.")
    assert chain.invoke("What is on slide 7?").notice == "There is no slide 7: deck.pptx has 3 slides."


def test_a_document_without_pages_says_so(chain: AnswerChain) -> None:
    answer = chain.invoke("What does page 2 of notes.md say?")
    assert (answer.outcome, answer.notice) == (Outcome.NOT_FOUND, "notes.md has no pages.")
    dose = chain.invoke("How many tablets a day may be taken according to page 2 of leaflet.txt?")
    assert dose.outcome is Outcome.ANSWERED
    assert dose.notice == "reports/leaflet.txt has no pages."


def test_pages_that_there_are_are_told_without_those_that_there_are_not(chain: AnswerChain) -> None:
    answer = chain.invoke("What do pages 5-6 of report.pdf say?")
    assert places(answer) == {("report.pdf", "page 5")}
    assert answer.notice == "There is no page 6: report.pdf has 5 pages."


# What could not be read


def test_a_page_that_was_not_read_is_said(chain: AnswerChain) -> None:
    for question in ("What does page 4 of report.pdf say?", "What does a consultation cost on page 4 of the report?"):
        answer = chain.invoke(question)
        assert answer.outcome is Outcome.NOT_FOUND
        assert answer.notice.startswith(f"Page 4 of report.pdf could not be read: {SCANNED}.")
    assert f"Note: Page 4 of report.pdf could not be read: {SCANNED}." in render(answer, colour=False, width=200)


def test_pages_of_which_one_was_not_read_are_told_with_that(chain: AnswerChain) -> None:
    answer = chain.invoke("Summarise pages 3 to 5 of report.pdf")
    assert places(answer) == {("report.pdf", "page 3"), ("report.pdf", "page 5")}
    assert answer.notice == f"Page 4 of report.pdf could not be read: {SCANNED}."


def test_a_decline_says_what_was_not_read_and_an_answer_does_not(chain: AnswerChain) -> None:
    declined = chain.invoke("What does a parking space cost?")
    assert declined.outcome is Outcome.NOT_FOUND
    assert declined.notice == f"Not read: of report.pdf page 4 ({SCANNED}). The answer may stand there."
    assert chain.invoke("Who is the head nurse?").notice == ""
    assert chain.invoke(Question("What does a parking space cost?", documents=("notes.md",))).notice == ""


def test_an_overview_says_what_it_cannot_take_in(chain: AnswerChain) -> None:
    answer = chain.invoke("Summarise report.pdf")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.notice == f"Not read: of report.pdf page 4 ({SCANNED}). An overview cannot take it in."


# Documents


def test_the_document_that_a_question_names_is_its_scope(chain: AnswerChain) -> None:
    answer = chain.invoke("What does notes.md say about the head nurse?")
    assert places(answer) == {("notes.md", "")}
    assert "The head nurse asked for a longer lunch break." in answer.text
    assert (answer.scope, answer.searched_for) == ("notes.md", "Tell me about the head nurse.")
    assert "Searching in: notes.md\n" in render(answer, colour=False)
    other = chain.invoke("According to report.pdf, who is the head nurse?")
    assert other.text == "The head nurse is Ingrid Vahl."


def test_a_decline_in_a_scope_of_the_question_says_that_only_that_was_searched(chain: AnswerChain) -> None:
    answer = chain.invoke("What does a consultation cost according to notes.md?")
    assert (answer.outcome, answer.notice) == (
        Outcome.NOT_FOUND,
        "The nearest passage says nothing of “cost”. Looked only in notes.md.",
    )


def test_a_follow_up_stays_in_the_document_that_was_named(chain: AnswerChain) -> None:
    first = chain.invoke("According to the leaflet, what do adults take?")
    follow = chain.invoke(Question("And what may it cause?", turns_of(first)))
    assert follow.scope == "reports/leaflet.txt"
    assert chain.invoke(Question("What does a consultation cost?", turns_of(first))).scope == ""


def test_a_place_alone_asks_the_question_before_there(chain: AnswerChain) -> None:
    first = chain.invoke("Who is the head nurse according to notes.md?")
    again = chain.invoke(Question("And in report.pdf?", turns_of(first)))
    assert (again.text, again.scope) == ("The head nurse is Ingrid Vahl.", "report.pdf")
    page = (Turn("user", "What does page 3 of report.pdf say?"), Turn("assistant", "…"))
    assert chain.invoke(Question("And page 5 of report.pdf?", page)).text == "A second building will open in 2027."


def test_what_a_person_looks_up_instead_stays_in_the_place_of_their_question(chain: AnswerChain) -> None:
    question = Question("According to report.pdf, who is that?", searched_for="Who is the head nurse?")
    assert places(chain.invoke(question)) == {("report.pdf", "page 2")}


def test_a_document_that_is_not_there_is_said(chain: AnswerChain) -> None:
    answer = chain.invoke("What does missing.pdf say about costs?")
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.notice.startswith("There is no document called missing.pdf here. 5 documents can be asked: ")
    scoped = chain.invoke(Question("What does report.pdf say about costs?", documents=("notes.md",)))
    assert scoped.notice == "report.pdf is not among the documents that are searched: notes.md."


def test_a_scope_may_be_a_pattern(chain: AnswerChain) -> None:
    answer = chain.invoke(Question("How many tablets may be taken in a day?", documents=("reports/*",)))
    assert {citation.document.name for citation in answer.citations} == {"reports/leaflet.txt"}
    with pytest.raises(ScopeError, match=r"No document fits 'letters/\*'\. 5 documents can be asked"):
        chain.invoke(Question("What is it?", documents=("letters/*",)))


def test_the_json_of_an_answer_says_where(chain: AnswerChain) -> None:
    said = chain.invoke("What does a syringe cost in the sheet Prices?").to_json()
    citation = said["statements"][0]["citations"][0]
    assert (citation["document"], citation["page"], citation["place"]) == ("prices.xlsx", 1, "prices.xlsx, sheet Prices")
    assert said["scope"] == "prices.xlsx, sheet Prices"
