"""Writing what a reader of a format finds: the text, its blocks, pages and places stay together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, make_document, split_passages
from corpus.blocks import BlockKind
from corpus.document import Line, PageKind, Skipped
from corpus.serial import document_from_json, document_to_json
from corpus.structure import block_sentences, document_blocks
from corpus.writer import TextWriter, clean


def quotes(document: Document) -> list[str]:
    return [document.text[s:e] for block in document_blocks(document) for s, e in block_sentences(document.text, block)]


def test_what_is_stored_has_no_odd_characters() -> None:
    assert clean(" The\u00a0con\u00adtrol\u200b of  the\r\nﬁrst\x07 e\ufb00ect ") == "The control of the first effect"
    assert clean("if a:\n\tb\r\n\n", keep_lines=True) == "if a:\n    b"
    assert clean("a\ud800b") == "ab"


def test_blocks_of_each_kind_are_written_and_quoted_as_they_are() -> None:
    writer = TextWriter()
    writer.heading("  Doses ", 2)
    writer.paragraph("BCG is given weekly. It is\nwell tolerated.")
    writer.paragraph(" \u200b ")  # nothing
    writer.item("Fever", level=1)
    writer.item("Rest.", mark="2.", numbered=True)
    writer.row([("Drug:", "BCG"), ("", "weekly"), ("Dose", " "), ("Route", "bladder")])
    writer.code("a\n  b")
    document = make_document("a.docx", writer.extract())
    prose = "Doses\n\nBCG is given weekly. It is well tolerated.\n\n• Fever\n2. Rest."
    assert document.text == f"{prose}\n\nDrug: BCG; weekly; Route: bladder\n\na\n  b"
    kinds = [(block.kind, block.level) for block in document_blocks(document)]
    assert kinds == [
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.ITEM, 2),
        (BlockKind.ITEM, 0),
        (BlockKind.ROW, 0),
        (BlockKind.CODE, 0),
    ]
    assert quotes(document) == [
        "BCG is given weekly.",
        "It is well tolerated.",
        "Fever",
        "2. Rest.",
        "Drug: BCG; weekly; Route: bladder",
        "a\n  b",
    ]
    assert [passage.heading for passage in split_passages(document)] == ["Doses"]


def test_a_block_may_go_over_pages_and_each_part_has_its_place() -> None:
    writer = TextWriter()
    writer.page("i")
    writer.open(BlockKind.PARAGRAPH)
    first = writer.add("Cells that", box=(0.1, 0.9, 0.5, 0.92))
    writer.page()
    writer.skip("a picture without text")
    writer.page("iii")
    second = writer.add(" attack tumors.", box=(0.1, 0.1, 0.4, 0.12))
    writer.close()
    writer.skip("a note", page=1)
    extract = writer.extract()
    assert extract.text == "Cells that attack tumors."
    assert extract.pages == ((0, 10), (10, 10), (10, 25)) and extract.page_names == ("i", "", "iii")
    assert extract.lines == (Line(*first, 1, (0.1, 0.9, 0.5, 0.92)), Line(*second, 3, (0.1, 0.1, 0.4, 0.12)))
    assert extract.skipped == (Skipped("a picture without text", 2), Skipped("a note", 1))
    document = make_document("a.pdf", extract)
    assert [document.page_label(document.page_at(offset)) for offset in (0, 9, 12)] == ["page i", "page i", "page iii"]
    assert quotes(document) == ["Cells that attack tumors."]


def test_pages_without_words_are_empty_wherever_they_stand() -> None:
    writer = TextWriter(PageKind.SLIDE)
    for text in ("", "One.", "", "", "Two.", ""):
        writer.page()
        writer.paragraph(text)
    extract = writer.extract()
    assert [extract.text[start:end].strip() for start, end in extract.pages] == ["", "One.", "", "", "Two.", ""]


def test_a_heading_in_parts_is_titled_by_its_words() -> None:
    writer = TextWriter()
    writer.open(BlockKind.HEADING, level=1)
    writer.add("What is ")
    writer.add("immunotherapy?")
    writer.close()
    writer.open(BlockKind.PARAGRAPH)
    writer.close()  # nothing was written
    (block,) = writer.extract().blocks or ()
    assert (block.title, block.start, block.end) == ("What is immunotherapy?", 0, 22)


WORDS = st.text(max_size=30)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["page", "paragraph", "code"]), WORDS),
        st.tuples(st.just("heading"), WORDS, st.integers(1, 6)),
        st.tuples(st.just("item"), WORDS),
        st.tuples(st.just("row"), st.lists(st.tuples(WORDS, WORDS), max_size=3)),
        st.tuples(st.just("skip"), WORDS),
    ),
    max_size=12,
)


@given(STEPS)
def test_whatever_is_written_blocks_and_pages_hold_all_of_it_and_survive_storing(steps: list[tuple[object, ...]]) -> None:
    writer = TextWriter(PageKind.SHEET)
    for name, *arguments in steps:
        getattr(writer, name)(*arguments)
    extract = writer.extract()
    document = make_document("any.xlsx", extract, media_type="application/x-any")
    text, blocks = extract.text, extract.blocks or ()
    assert all(a.end < b.start for a, b in zip(blocks, blocks[1:], strict=False))
    assert all(text[block.start : block.end].strip() for block in blocks)
    covered = "".join(text[block.start : block.end] for block in blocks)
    assert "".join(covered.split()) == "".join(text.split())
    assert len(extract.pages) == sum(name == "page" for name, *_ in steps)
    assert all(a[1] == b[0] for a, b in zip(extract.pages, extract.pages[1:], strict=False))
    assert document_from_json(document_to_json(document)) == document
    assert document_from_json(document_to_json(document)).skipped == document.skipped
    for passage in split_passages(document):
        assert text[passage.start : passage.end] == passage.text
        assert passage.page == document.page_at(passage.start)


def test_a_plain_text_keeps_its_own_structure() -> None:
    document = make_document("a.md", "# Doses\n\nBCG is given.\n", media_type="text/markdown")
    assert document.blocks is None and [block.kind for block in document_blocks(document)] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]
    again = document_from_json(document_to_json(document))
    assert again == document and again.blocks is None
