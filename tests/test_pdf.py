import json
import random
from pathlib import Path

import pytest

from corpus.blocks import Block, BlockKind
from corpus.document import Document, Extract, Skipped
from corpus.errors import DocumentError
from corpus.formats.pdf import read
from corpus.formats.pdf_words import Hyphens
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.loaders import load_document
from corpus.passages import split_passages

DATA = Path(__file__).parent / "data" / "pdf"
READABLE = (
    *("article", "guideline", "review", "report", "manuscript"),
    *("columns", "rotated", "owner", "linear", "vaccines", "form"),
)


def load(name: str) -> Document:
    return load_document(DATA / f"{name}.pdf")


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks or () if block.kind is kind]


def block_of(document: Document, words: str) -> Block:
    [found] = [block for block in document.blocks or () if words in document.text[block.start : block.end]]
    return found


# Reading order


def test_two_columns_between_a_title_and_a_table_are_read_one_after_the_other() -> None:
    document = load("article")
    order = [
        "Checkpoint inhibitors in practice",
        "Authors: Ada Example",
        "1. Introduction",
        "treated with corticosteroids.",
        "2.1 Patients",
        "We included 312 patients",
        "know the treatment.",
        "3. Results",
        "Drug: Nivolumab",
        "because the populations were different.",
    ]
    places = [document.text.index(words) for words in order]
    assert places == sorted(places)


def test_columns_drawn_line_by_line_across_the_page_are_read_down() -> None:
    words = load("columns").text.split()
    assert words.index("beta") > words.index("alpha")
    assert [word for word in words if word in ("alpha", "beta", "gamma")] == ["alpha"] * 20 + ["beta"] * 20 + ["gamma"] * 20


@pytest.mark.parametrize("name", ["rotated", "owner", "linear"])
def test_a_turned_encrypted_or_linearised_copy_has_the_same_text(name: str) -> None:
    assert load(name).text == load("columns").text


def test_a_superscript_stays_in_its_line_and_a_subscript_too() -> None:
    text = load("article").text
    assert "exhausted T cells1,2, and long-lasting responses are seen in a minority of patients with H2O balance." in text


# Structure


def test_headings_have_levels_by_their_size_and_number() -> None:
    headings = [(block.level, block.title) for block in load("article").blocks or () if block.kind is BlockKind.HEADING]
    assert headings == [
        (1, "Checkpoint inhibitors in practice"),
        (2, "1. Introduction"),
        (2, "2. Methods"),
        (3, "2.1 Patients"),
        (2, "3. Results"),
    ]


def test_lists_keep_their_items_with_drawn_bullets_numbers_and_depth() -> None:
    assert texts(load("article"), BlockKind.ITEM) == [
        "• Stage III or IV disease, confirmed by biopsy.",
        "• At least one cycle of anti-PD-1 treatment.",
        "• Follow-up of more than six months after the last administration of the drug at any of the participating centres.",
        "1. First we screened the registry.",
        "2. Then we called the patients.",
    ]
    items = [block for block in load("guideline").blocks or () if block.kind is BlockKind.ITEM]
    assert [(block.level, block.numbered) for block in items] == [(0, True), (0, True), (2, False), (2, False), (0, True)]


def test_a_bullet_is_not_among_the_words_of_its_item() -> None:
    document = load("article")
    block = block_of(document, "Stage III")
    assert document.text[block.content : block.end] == "Stage III or IV disease, confirmed by biopsy."


def test_table_rows_carry_the_names_of_their_columns() -> None:
    assert texts(load("article"), BlockKind.ROW) == [
        "Drug: Nivolumab; Dose: 3 mg/kg; Response rate: 19%; Remarks: Every two weeks until progression or unacceptable "
        "toxicity occurs in the patient, whichever is first",
        "Drug: Pembrolizumab; Dose: 200 mg; Response rate: 45%; Remarks: First line",
        "Drug: Atezolizumab; Dose: 1200 mg; Remarks: Combined with chemotherapy",
    ]
    assert texts(load("guideline"), BlockKind.ROW)[1] == (
        "Grade: 2; Signs: Interruption indicated, responds promptly to symptomatic treatment; Action: Stop, give antihistamine"
    )


def test_a_table_in_a_column_with_three_lines_has_its_caption_as_title() -> None:
    document = load("review")
    assert texts(document, BlockKind.ROW) == [
        "Product: Tisagenlecleucel; N: 75; ORR (%): 52",
        "Product: Axicabtagene ciloleucel; N: 101; ORR (%): 82",
        "Product: Lisocabtagene maraleucel; N: 256; ORR (%): 73",
    ]
    assert block_of(document, "Tisagenlecleucel").title == "Table 1: Response rates of the three products."


def test_a_grid_with_an_empty_cell_keeps_each_value_under_its_name() -> None:
    last = texts(load("report"), BlockKind.ROW)[-1]
    assert last == "Grade: Life-threatening (4); Action: Admit to intensive care; stop for good"


def test_a_table_over_pages_names_its_columns_on_each_and_loses_no_row() -> None:
    document = load("vaccines")
    rows = texts(document, BlockKind.ROW)
    assert [row.split(";")[0] for row in rows] == [f"No.: {number}" for number in range(1, 31)]
    assert rows[29] == (
        "No.: 30; Vaccine: Vaccine number 30; Schedule: 3 doses, 2 weeks apart and a booster after ten years if the antibodies "
        "are low"
    )
    pages = {document.page_at(document.text.index(row)) for row in rows}
    assert len(pages) > 1


def test_a_box_at_the_side_does_not_cut_the_sentences_beside_it() -> None:
    document = load("vaccines")
    assert "They are taken out just before they are given, since warmth destroys them within a few hours, and" in document.text
    assert texts(document, BlockKind.ITEM) == ["• Keep them cold", "• Check the date"]
    assert "DRAFT" not in document.text


def test_code_keeps_its_lines_and_indentation() -> None:
    assert texts(load("vaccines"), BlockKind.CODE) == ["if fever:\n    wait(days=14)"]


def test_each_reference_of_a_hanging_list_is_a_paragraph_and_kerned_letters_are_no_words() -> None:
    references = [text for text in texts(load("vaccines"), BlockKind.PARAGRAPH) if text.startswith("Author")]
    assert len(references) == 6
    assert references[0] == (
        "Author11 A, Writer11 B. A title of the paper number 11 about vaccines and their effects. Journal of Examples "
        "2011;11:1–16."
    )


def test_what_is_filled_into_a_form_stands_beside_its_label() -> None:
    document = load("form")
    assert texts(document, BlockKind.ROW) == ["Name: Ada Example", "Allergies: penicillin, nuts", "Remarks:", "Has diabetes; ☒"]


# Pages and margins


def test_a_paragraph_over_two_pages_is_one_block_and_each_sentence_is_on_its_page() -> None:
    document = load("report")
    block = block_of(document, "After the table the text goes on.")
    assert document.page_at(block.start) == 1 and document.page_at(block.end - 1) == 2
    assert "Sentence 4 of this paragraph says something about" in document.text[block.start : block.end]


def test_a_footnote_stays_on_its_page_before_the_paragraph_that_leaves_it() -> None:
    document = load("report")
    note = document.text.index("The telephone list hangs in the office of the ward.")
    assert document.page_at(note) == 1
    assert note < document.text.index("After the table the text goes on.")


def test_running_headers_and_page_numbers_are_left_out_and_noted() -> None:
    document = load("report")
    assert "Ward manual" not in document.text and "Page 1" not in document.text
    reason = "a line in the margin that repeats on pages: “Ward manual – immunotherapy”"
    assert document.skipped == (Skipped(reason, on_purpose=True),)
    assert "After the infusion" in texts(document, BlockKind.HEADING)


def test_numbered_headings_at_the_top_of_every_page_are_no_running_header() -> None:
    document = load("chapters")
    assert texts(document, BlockKind.HEADING) == [f"Chapter {number}" for number in range(1, 6)] and not document.skipped
    assert [document.page_at(document.text.index(f"Chapter {number}")) for number in range(1, 6)] == [1, 2, 3, 4, 5]


def test_line_numbers_and_a_stamp_in_the_margin_are_left_out() -> None:
    document = load("manuscript")
    first = document.text[slice(*document.pages[0])]
    assert first.startswith("Sentence 1 of this paragraph says something about the care of patients who are given")
    assert "medRxiv" not in document.text
    assert any("medRxiv preprint" in one.reason and one.page == 1 for one in document.skipped)


def test_a_scanned_page_is_noted_and_an_empty_one_is_only_empty() -> None:
    document = load("manuscript")
    assert [one.page for one in document.skipped if one.reason == "a picture without text (scanned?)"] == [2]
    assert [end > start for start, end in document.pages] == [True, False, False, True]


def test_a_page_whose_text_lies_on_its_side_is_read() -> None:
    document = load("manuscript")
    assert texts(document, BlockKind.ROW) == ["Drug: BCG; Dose: 81 mg; Weeks: 6", "Drug: Interferon; Dose: 3 MU; Weeks: 12"]
    assert document.page_at(document.text.index("Interferon")) == 4


# Every quote


@pytest.mark.parametrize("name", READABLE)
def test_every_quotable_sentence_is_in_the_text_on_the_page_where_pdftotext_finds_it(name: str) -> None:
    document = load(name)
    pages = json.loads((DATA / "pdftotext.json").read_text())[name]
    assert len(pages) == len(document.pages)
    words = ["".join(one for one in page if one.isalnum()) for page in pages]
    passages = split_passages(document)
    assert passages
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        for start, end in passage.sentences:
            opening = document.text[start:end].split()[0]
            page = document.page_at(start)
            assert page is not None
            assert "".join(one for one in opening if one.isalnum()) in words[page - 1]


@pytest.mark.parametrize("name", READABLE)
def test_no_word_is_lost(name: str) -> None:
    """What pdftotext finds on a page is in the text, or said to be left out; page and line numbers aside."""
    document = load(name)
    pages = json.loads((DATA / "pdftotext.json").read_text())[name]
    known = " ".join([document.text, *(one.reason for one in document.skipped)])
    for (start, end), page in zip(document.pages, pages, strict=True):
        words = [word.strip("-‐•–\xad") for word in page.split()]
        missing = [word for word in words if word not in known and not word.isdecimal() and word not in ("Page", "of")]
        assert missing == []
        assert (end > start) == bool([word for word in words if not word.isdecimal()])


@pytest.mark.parametrize("name", READABLE)
def test_each_line_has_a_box_on_its_page(name: str) -> None:
    document = load(name)
    assert document.lines
    for line in document.lines:
        left, top, right, bottom = line.box
        assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1
        assert document.page_at(line.start) == line.page
        assert document.text[line.start : line.end].strip() == document.text[line.start : line.end]


def test_a_box_is_where_the_words_are_on_the_page_as_displayed() -> None:
    upright, turned = load("columns").lines[0], load("rotated").lines[0]
    assert upright.box == pytest.approx((40 / 595.3, 0.07, 0.45, 0.12), abs=0.03)
    left, top, right, bottom = upright.box  # a quarter to the right
    assert turned.box == pytest.approx((1 - bottom, left, 1 - top, right), abs=0.002)


# What cannot be read


def test_a_password_is_asked_for_in_words() -> None:
    with pytest.raises(DocumentError, match="locked.pdf is protected by a password"):
        load("locked")


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    with pytest.raises(DocumentError, match="has 4 pages, and at most 3 are read"):
        load_document(DATA / "manuscript.pdf", limits=Limits(pages=3))


@pytest.mark.parametrize("length", [8, 200, 1000])
def test_a_file_that_breaks_off_is_refused(length: int) -> None:
    data = (DATA / "columns.pdf").read_bytes()[:length]
    with pytest.raises(DocumentError, match="cannot be read as PDF"):
        read(data, "broken.pdf", DEFAULT_LIMITS)


@pytest.mark.parametrize("name", ["columns", "manuscript", "article"])
def test_damaged_bytes_give_a_document_or_a_refusal(name: str) -> None:
    whole = (DATA / f"{name}.pdf").read_bytes()
    chance = random.Random(7)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 10, 200))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        data = data[: chance.choice((len(data), chance.randrange(1, len(data))))]
        try:
            extract = read(bytes(data), "damaged.pdf", DEFAULT_LIMITS)
        except DocumentError:
            continue
        assert isinstance(extract, Extract)


# Hyphens


def test_hyphens_at_line_ends_go_or_stay_by_the_words_around() -> None:
    lines = ["immunotherapy is given for hormone-sensitive disease", "and words are bro-", "ken and immuno-", "therapy is not"]
    hyphens = Hyphens(lines, is_common=lambda word: word in ("broken", "random", "effects"))
    assert hyphens.glue("immuno-", "therapy is") == ("immuno", "")
    assert hyphens.glue("hormone-", "sensitive disease") == ("hormone-", "")
    assert hyphens.glue("a random-", "effects model") == ("a random-", "")
    assert hyphens.glue("the T-", "cell") == ("the T-", "")
    assert hyphens.glue("CAR-", "positive") == ("CAR-", "")
    assert hyphens.glue("IL-", "2") == ("IL-", "")
    assert hyphens.glue("anti-", "PD-1") == ("anti-", "")
    assert hyphens.glue("non-small-", "cell lung cancer") == ("non-small-", "")
    assert hyphens.glue("soft\xad", "ened") == ("soft", "")
    assert hyphens.glue("lym-", "phoma") == ("lym", "")
    assert hyphens.glue("pages 12–", "15") == ("pages 12–", "")
    assert hyphens.glue("目の", "文も") == ("目の", "")
    assert hyphens.glue("a dash -", "and more") == ("a dash -", " ")


def test_a_document_that_breaks_no_words_keeps_its_hyphens() -> None:
    hyphens = Hyphens(["one line"] * 40 + ["a platin-", "naive patient"], is_common=lambda _: False)
    assert hyphens.glue("a platin-", "naive patient") == ("a platin-", "")
