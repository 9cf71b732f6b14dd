"""What holds for every format, on every committed file: places of quotes, pages, blocks, and files that are damaged."""

from __future__ import annotations

import json
import random
import re
import time
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx import Presentation

from corpus import Document, load_document, split_passages
from corpus.document import PageKind
from corpus.errors import DocumentError
from corpus.formats import FORMATS
from corpus.serial import document_from_json, document_to_json
from corpus.structure import document_blocks

DATA = Path(__file__).parent / "data"
REFUSED = {"pdf/locked.pdf"}
FILES = sorted(
    str(path.relative_to(DATA))
    for path in DATA.rglob("*")
    if path.suffix in FORMATS and str(path.relative_to(DATA)) not in REFUSED
)
PDFS = [name for name in FILES if name.endswith(".pdf") and name.startswith("pdf/")]  # those that pdftotext has read
SLIDES = [name for name in FILES if name.endswith(".pptx")]
SHEETS = [name for name in FILES if name.endswith(".xlsx")]
SECONDS = 10.0  # no file here takes a second


@cache
def load(name: str) -> Document:
    return load_document(DATA / name)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def on_page(document: Document, page: int) -> str:
    start, end = document.pages[page - 1]
    return document.text[start:end]


def test_there_is_a_file_of_every_format() -> None:
    assert {Path(name).suffix for name in FILES} == set(FORMATS)


@pytest.mark.parametrize("name", FILES)
def test_a_quote_is_what_stands_at_its_place(name: str) -> None:
    document = load(name)
    passages = split_passages(document)
    assert passages
    for passage in passages:
        assert passage.text == document.text[passage.start : passage.end] and passage.text.strip()
        end = passage.start
        for first, last in passage.sentences:
            assert end <= first < last <= passage.end
            assert document.text[first:last].strip()
            end = last


@pytest.mark.parametrize("name", FILES)
def test_passages_hold_every_word_once_and_in_order(name: str) -> None:
    document = load(name)
    end = 0
    for passage in split_passages(document):
        assert end <= passage.start and not document.text[end : passage.start].strip()
        end = passage.end
    assert not document.text[end:].strip()


@pytest.mark.parametrize("name", FILES)
def test_blocks_hold_every_word_once_and_in_order(name: str) -> None:
    document = load(name)
    end = 0
    for block in document_blocks(document):
        assert end <= block.start <= block.content <= block.end
        assert block.start < block.end
        assert not document.text[end : block.start].strip()
        assert document.text[block.start : block.end] == document.text[block.start : block.end].strip()
        end = block.end
    assert not document.text[end:].strip()


@pytest.mark.parametrize("name", FILES)
def test_pages_follow_each_other_and_a_passage_is_on_the_page_it_begins_on(name: str) -> None:
    document = load(name)
    for passage in split_passages(document):
        assert passage.page == document.page_at(passage.start)
    if not document.pages:
        assert document.page_at(0) is None and document.page_label(None) == ""
        return
    assert document.pages[0][0] == 0 and document.pages[-1][1] == len(document.text)
    for before, after in zip(document.pages, document.pages[1:], strict=False):
        assert before[1] == after[0]
    for number, (start, end) in enumerate(document.pages, 1):
        if start < end:
            assert document.page_at(start) == document.page_at(end - 1) == number
    for line in document.lines:
        assert document.page_at(line.start) == line.page


@pytest.mark.parametrize("name", FILES)
def test_a_document_comes_back_from_json_and_a_second_reading_is_the_same(name: str) -> None:
    document = load(name)
    made = document_to_json(document)
    back = document_from_json(json.loads(json.dumps(made)))
    assert back == document
    assert (back.blocks, back.page_kind, back.page_names, back.skipped, back.lines) == (
        *(document.blocks, document.page_kind, document.page_names, document.skipped, document.lines),
    )
    assert document_to_json(load_document(DATA / name)) == made


# The page is the one where a person finds it


@pytest.mark.parametrize("name", PDFS)
def test_a_sentence_of_a_pdf_is_on_the_page_where_pdftotext_finds_its_words(name: str) -> None:
    document = load(name)
    seen = [set(words(page)) for page in json.loads((DATA / "pdf" / "pdftotext.json").read_text())[Path(name).stem]]
    assert len(document.pages) == len(seen)
    checked = 0
    for passage in split_passages(document):
        for start, end in passage.sentences:
            page = document.page_at(start)
            assert page is not None
            there = seen[page - 1]
            quote = document.text[start : min(end, document.pages[page - 1][1])]
            assert not [word for word in words(quote) if not is_among(word, there)], f"{quote} is not on page {page}"
            checked += 1
    assert checked


def is_among(word: str, there: set[str]) -> bool:
    """Whether a word is among others, in one or in two parts, as at the end of a line."""
    return word in there or any(word[:cut] in there and word[cut:] in there for cut in range(1, len(word)))


@pytest.mark.parametrize("name", SLIDES)
def test_what_python_pptx_finds_on_a_slide_is_on_that_slide(name: str) -> None:
    document = load(name)
    slides = list(Presentation(str(DATA / name)).slides)
    assert document.page_kind is PageKind.SLIDE and len(document.pages) == len(slides)
    for number, slide in enumerate(slides, 1):
        there = " ".join(words(on_page(document, number)))
        notes = [slide.notes_slide.notes_text_frame.text] if slide.has_notes_slide else []
        for text in [*shape_texts(slide.shapes), *notes]:
            for line in text.splitlines():
                assert " ".join(words(line)) in there


def shape_texts(shapes) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from shape_texts(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


@pytest.mark.parametrize("name", SHEETS)
def test_what_openpyxl_finds_in_a_sheet_is_in_that_sheet(name: str) -> None:
    document = load(name)
    book = openpyxl.load_workbook(DATA / name, data_only=True)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    assert all(any(title in one.reason for one in document.skipped) for title in hidden)
    for sheet in shown:
        page = document.page_names.index(sheet.title) + 1
        assert document.page_label(page) == f"sheet {sheet.title}"
        there = on_page(document, page)
        found = 0
        for row in sheet.iter_rows():
            for cell in row:
                if not isinstance(cell.value, str):
                    continue
                if sheet.row_dimensions[cell.row].hidden or sheet.column_dimensions[cell.column_letter].hidden:
                    continue
                assert cell.value.rstrip(":") in there
                found += 1
        assert found


# Damaged files


def refused_or_read(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    started = time.monotonic()
    try:
        document = load_document(path)
    except DocumentError as error:
        assert path.name in str(error)
    else:
        assert all(document.text[one.start : one.end] == one.text for one in split_passages(document))
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1), seed=st.integers(0, 2**32))
def test_a_file_that_breaks_off_or_has_wrong_bytes_is_read_or_refused(
    tmp_path: Path, name: str, share: float, seed: int
) -> None:
    data = (DATA / name).read_bytes()
    path = tmp_path / Path(name).name
    refused_or_read(path, data[: int(share * len(data))])
    flipped = bytearray(data)
    chance = random.Random(seed)
    for _ in range(1 + len(data) // 2000):
        flipped[chance.randrange(len(data))] = chance.randrange(256)
    refused_or_read(path, bytes(flipped))
