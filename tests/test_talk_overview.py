"""The overview of a document: which sentences, and from where."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assistant.talk.outline import find_sections
from assistant.talk.overview import overview, stands_alone
from corpus import Document, load_document, make_document, split_passages

LIBRARY = Path(__file__).parent.parent / "eval" / "documents" / "tool-library.md"


@pytest.fixture(scope="module")
def library() -> Document:
    return load_document(LIBRARY)


def said(document: Document, most: int = 7, without: tuple[tuple[int, int], ...] = ()) -> list[str]:
    return [quote.text for quote in overview(document, split_passages(document), most, without)]


def test_the_article_is_told_by_a_sentence_or_two_of_each_section(article: Document) -> None:
    quotes = overview(article, split_passages(article), 7)
    assert quotes[0].text.startswith("Immunotherapy (immunotherapy) is a treatment method")
    assert "Cell therapy refers to the introduction of cellular preparations" in " ".join(quote.text for quote in quotes)
    assert len({quote.heading for quote in quotes}) == 5
    assert [quote.span for quote in quotes] == sorted(quote.span for quote in quotes)
    assert all(article.text[slice(*quote.span)].split() == quote.text.split() for quote in quotes)


def test_the_library_is_told_by_its_lead_and_a_sentence_of_each_chapter(library: Document) -> None:
    texts = said(library)
    assert texts[0].startswith("The Saltmarsh Street Tool Library is a members’ association")
    assert any(text.startswith("The FS-3 is a drum sander") for text in texts)
    assert len(texts) == 7
    assert not any("|" in text for text in texts)


def test_more_of_it_never_says_the_same_and_comes_to_an_end(library: Document) -> None:
    spans: tuple[tuple[int, int], ...] = ()
    for _ in range(20):
        quotes = overview(library, split_passages(library), 8, spans)
        assert not {quote.span for quote in quotes} & set(spans)
        spans += tuple(quote.span for quote in quotes)
    assert quotes == []
    assert len(spans) > 60


def test_few_sentences_come_from_parts_of_about_one_length(library: Document) -> None:
    places = [quote.span[0] / len(library.text) for quote in overview(library, split_passages(library), 3)]
    assert places[0] < 0.1
    assert 0.3 < places[1] < 0.8 < places[2] + 0.3
    assert len(places) == 3


def test_a_text_without_headings_is_told_from_its_beginning_to_its_end() -> None:
    paragraphs = [
        f"The valley of number {n} has a river that turns the mills of valley {n}. Nobody counts the fish of river {n}."
        for n in range(12)
    ]
    texts = said(make_document("valleys.txt", "\n\n".join(paragraphs)), most=4)
    assert len(texts) == 4
    assert texts[0].startswith("The valley of number 0 has a river")
    assert any(f"of number {n}" in text or f"river {n}." in text for text in texts[1:] for n in (9, 10, 11))


def test_references_and_the_like_tell_nothing() -> None:
    text = (
        "# Bees\n\nBees are insects that make honey in their hives.\n\n"
        "## References\n\nSmith wrote about all the bees in a book of the year 1999.\n\n"
        "## Acknowledgements\n\nThe author thanks all the bees for the honey of the year.\n"
    )
    assert said(make_document("bees.md", text, media_type="text/markdown")) == [
        "Bees are insects that make honey in their hives."
    ]
    assert said(make_document("nothing.txt", "Bees.")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "| Hand tools | 14 days | €0.50 | none | and | more |",
        "It mainly includes microorganism preparations of many kinds.",
        "However, the bees of the valley make no honey at all.",
        "In the case of these bees, no honey is made.",
        "Opening hours",
        "What do the bees of the valley make of it all?",
        "and the bees make honey in the hive of the valley.",
        "The following tools are never lent to members or guests:",
        "12 34 56 78 90 12 34 56 78 90 of 3.",
    ],
)
def test_what_says_nothing_by_itself_is_not_chosen(sentence: str) -> None:
    assert not stands_alone(sentence)
    assert stands_alone("The bees of the valley make honey in their hives.")


def test_three_hundred_pages_take_about_a_second() -> None:
    chapter = "\n\n".join(
        f"The mill number {n} of this river grinds the corn of the farms beside it every day." for n in range(80)
    )
    text = "".join(f"# Chapter {n}\n\nChapter {n} is about the mills of the river {n}.\n\n{chapter}\n\n" for n in range(120))
    document = make_document("mills.md", text, media_type="text/markdown")
    passages = split_passages(document)
    started = time.process_time()
    quotes = overview(document, passages, 8)
    assert time.process_time() - started < 3  # 0.4 to 0.5 s on a quiet machine
    assert len(text.split()) > 150_000
    assert len(quotes) == 8


def test_sections_lie_within_one_another(library: Document) -> None:
    sections = find_sections(library)
    ends = {section.words: section.end for section in sections}
    assert ends["Saltmarsh Street Tool Library: Lending Rules and Sander Manual"] == len(library.text)
    assert ends["Opening hours"] < ends["Borrowing"] == ends["What we do not lend"]
    assert all(library.text[slice(*section.title)] == section.words for section in sections)
    assert sections[4].above.endswith("Manual › Membership") and sections[4].words == "Ending a membership"


def test_a_heading_whose_number_stands_in_its_middle_is_quoted_whole() -> None:
    document = make_document(
        "proof.txt", "It follows from (1) and (2) that\n\nAll bees are insects, as everybody knows by now."
    )
    (section,) = find_sections(document)
    assert document.text[slice(*section.title)] == "It follows from (1) and (2) that"
    assert section.start == 0
