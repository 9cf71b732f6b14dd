"""What was read of a file and what was not, in words and in numbers, in documents and in the index."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, Extract, make_document
from corpus.coverage import Coverage, Gap, coverage, describe
from corpus.document import PageKind, Skipped
from corpus.writer import TextWriter
from index import PassageIndex
from index.manifest import FORMAT, Manifest, make_record, read_manifest, write_manifest

SCAN = "a picture without text (scanned?)"


def document(
    pages: list[str], skipped: list[tuple[str, int | None]], kind: PageKind = PageKind.PAGE, names: bool = False
) -> Document:
    writer = TextWriter(kind)
    for number, words in enumerate(pages, 1):
        writer.page(f"Name {number}" if names else "")
        if words:
            writer.paragraph(words)
        for reason, page in skipped:
            if page == number:
                writer.skip(reason)
    extract = writer.extract()
    whole = tuple(Skipped(reason) for reason, page in skipped if page is None)
    return make_document("report.pdf", Extract(**{**vars(extract), "skipped": extract.skipped + whole}))


def test_a_text_that_was_read_whole_is_its_characters() -> None:
    assert describe(make_document("a.txt", "Words.")) == "6 characters"
    assert describe(make_document("a.txt", "x" * 34_567)) == "34,567 characters"
    assert coverage(make_document("a.txt", "x")) == Coverage(characters=1)


def test_pages_that_were_not_read_come_first_in_ranges_and_the_whole_file_last() -> None:
    made = document(
        ["One.", "Two.", "", "Four.", "", "", "Seven."],
        [("an attached file", None), (SCAN, 3), ("a locked page", 5), ("a locked page", 6)],
    )
    assert describe(made) == (
        f"7 pages, {len(made.text)} characters; not read: page 3 ({SCAN}), pages 5–6 (a locked page), an attached file"
    )
    assert coverage(made) == Coverage(
        characters=len(made.text),
        pages=7,
        pages_read=4,
        gaps=(
            Gap(SCAN, "page 3", ((3, 3),)),
            Gap("a locked page", "pages 5–6", ((5, 6),)),
            Gap("an attached file"),
        ),
    )


def test_a_page_with_text_is_unread_only_in_part() -> None:
    made = document(["One.", "Two.", ""], [("a chart", 1), ("a chart", 2), ("a chart", 3)])
    assert describe(made).endswith("not read: parts of pages 1–2 (a chart), page 3 (a chart)")
    assert coverage(made).pages_read == 2


def test_what_is_left_out_on_purpose_is_no_gap() -> None:
    writer = TextWriter()
    writer.skip("a running header", on_purpose=True)
    writer.page()
    writer.paragraph("Words.")
    writer.skip("a chart")
    writer.skip("a running header", on_purpose=True)
    made = make_document("report.pdf", writer.extract())
    assert describe(made) == "1 page, 6 characters; not read: parts of page 1 (a chart); left out: a running header"
    assert coverage(made).left_out == ("a running header",) and coverage(made).pages_unread == 0
    assert make_record(made, 1, "").coverage == coverage(made)


def test_one_reason_for_scattered_pages_is_said_once_and_the_same_twice_on_a_page_too() -> None:
    made = document(["", "Two.", "", "Four.", ""], [("scanned", 1), ("scanned", 3), ("scanned", 5), ("scanned", 5)])
    assert describe(made).endswith("not read: pages 1, 3, 5 (scanned)")


def test_slides_and_sheets_are_called_what_they_are() -> None:
    slides = document(["One."], [("a chart", 1)], PageKind.SLIDE)
    assert describe(slides) == "1 slide, 4 characters; not read: parts of slide 1 (a chart)"
    named = document(["One.", ""], [("hidden", 1), ("empty", 2)], PageKind.SHEET, names=True)
    assert describe(named) == "2 sheets, 4 characters; not read: parts of sheet Name 1 (hidden), sheet Name 2 (empty)"


def test_very_many_gaps_are_counted_and_not_written_out() -> None:
    scattered = document(["", "Two."] * 100, [("scanned", number) for number in range(1, 200, 2)])
    assert describe(scattered).endswith("not read: pages 1, 3, 5, 7, 9, 11, 13, 15, … (scanned)")
    assert len(coverage(scattered).gaps[0].pages) == 100
    many = document(["One."], [(f"reason {number}", 1) for number in range(20)])
    assert describe(many).endswith("parts of page 1 (reason 15), and more, for 12 other reasons")  # by their words
    assert len(coverage(many).gaps) == 20


def test_a_reason_from_the_file_itself_can_neither_break_the_line_nor_fill_the_screen() -> None:
    made = document(["One."], [("an object\n\x1b[31m" + "x" * 5_000, 1)])
    assert "\n" not in describe(made) and "\x1b" not in describe(made) and len(describe(made)) < 300


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["", "a", "b"])), min_size=1, max_size=30))
def test_the_ranges_hold_exactly_the_pages_that_were_noted(pages: list[tuple[bool, str]]) -> None:
    noted = [(reason, number) for number, (_, reason) in enumerate(pages, 1) if reason]
    made = document(["Words." if has_text else "" for has_text, _ in pages], list(noted))
    found = coverage(made)
    listed = [(gap.reason, page) for gap in found.gaps for first, last in gap.pages for page in range(first, last + 1)]
    assert sorted(listed) == sorted(noted)
    assert found.pages == len(pages) and found.pages_read == sum(has_text for has_text, _ in pages)


# In the index


def test_the_index_remembers_what_was_not_read(tmp_path: Path) -> None:
    made = document(["One.", ""], [(SCAN, 2), ("an attached file", None)], PageKind.SLIDE)
    index = PassageIndex(tmp_path / "data", WordEmbedder(), create=True)
    index.add([made])
    index.close()
    (record,) = PassageIndex(tmp_path / "data", None).records()
    assert record.coverage == coverage(made)
    assert str(record.coverage) == f"2 slides, 4 characters; not read: slide 2 ({SCAN}), an attached file"


def test_an_index_of_the_format_before_opens_and_is_raised_by_the_next_change(tmp_path: Path) -> None:
    index = PassageIndex(tmp_path / "data", WordEmbedder(), create=True)
    index.add([make_document("a.txt", "The iron bridge.")])
    index.close()
    path = tmp_path / "data" / "manifest.json"
    stored = json.loads(path.read_text())
    assert stored["format"] == FORMAT == 2
    known = ("id", "name", "sha256", "media_type", "characters", "passages", "source", "added")
    stored |= {"format": 1, "documents": [{key: record[key] for key in known} for record in stored["documents"]]}
    path.write_text(json.dumps(stored))
    old = PassageIndex(tmp_path / "data", WordEmbedder())
    assert [str(record.coverage) for record in old.records()] == ["16 characters"]
    assert json.loads(path.read_text())["format"] == 1  # looking changes nothing
    old.add([make_document("b.txt", "Roses.")])
    assert json.loads(path.read_text())["format"] == 2
    old.close()


def test_a_manifest_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    made = document(["", "Two.", ""], [("scanned", 1), ("scanned", 3), ("a chart", 2)])
    manifest = Manifest("words", "fake", "1", "build-x", (make_record(made, 3, ""),))
    write_manifest(tmp_path / "manifest.json", manifest)
    assert read_manifest(tmp_path / "manifest.json") == manifest
