"""EPUB: chapters in reading order, titles from the table of contents, the pages of the printed edition."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from word_checks import reasons

from corpus import Document, DocumentError, load_document, split_passages
from corpus.document import Extract
from corpus.formats.epub import read
from corpus.limits import DEFAULT_LIMITS

DATA = Path(__file__).parent / "data" / "epub"
CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
HEAD = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>B</title></head>'


def packed(
    chapters: dict[str, str], *, extra: dict[str, str] | None = None, spine: str = "", title: str = "", items: str = ""
) -> bytes:
    """Return a book; `chapters` are bodies by file name, in reading order unless `spine` says another."""
    names = list(chapters)
    manifest = "".join(f'<item id="{name}" href="text/{name}" media-type="application/xhtml+xml"/>' for name in names)
    spine = spine or "".join(f'<itemref idref="{name}"/>' for name in names)
    opf = f"""<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <metadata><dc:title>{title}</dc:title></metadata><manifest>{manifest}{items}</manifest>
        <spine toc="ncx">{spine}</spine></package>"""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("OEBPS/content.opf", opf)
        for name, body in chapters.items():
            if body:
                book.writestr(f"OEBPS/text/{name}", f"{HEAD}<body>{body}</body></html>")
        for name, text in (extra or {}).items():
            book.writestr(name, text)
    return content.getvalue()


def extract(data: bytes) -> Extract:
    return read(data, "book.epub", DEFAULT_LIMITS)


def blocks(found: Extract | Document) -> list[tuple[str, str]]:
    return [(block.kind.value, found.text[block.start : block.end]) for block in found.blocks or ()]


NAV = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'


def nav(toc: str = "", pages: str = "") -> dict[str, str]:
    page_list = f'<nav epub:type="page-list"><ol>{pages}</ol></nav>'
    return {"OEBPS/nav.xhtml": f'{HEAD}<body><nav epub:type="toc"><ol>{toc}</ol></nav>{page_list}</body></html>'}


# Books that other programs made


@pytest.mark.parametrize("name", ["pandoc3.epub", "pandoc2.epub"])
def test_a_book_by_pandoc(name: str) -> None:
    document = load_document(DATA / name)
    found = blocks(document)
    assert found[:4] == [
        ("heading", "Immune checkpoint inhibitors: a short guide"),
        ("paragraph", "A. Writer"),
        ("paragraph", "2024"),
        ("heading", "Basics"),
    ]
    assert found[4][1].startswith("Checkpoint inhibitors release the brakes of T cells.¹ They act on PD-1")
    assert ("item", "• over 30 minutes,") in found
    assert ("row", "Drug: Pembrolizumab; Target: PD-1; Dose: 200 mg") in found
    assert ("item", "1. James Allison and Tasuku Honjo found them.") in found
    assert reasons(document) == ["a picture without text", "struck-out text"]
    quoted = next(p for p in split_passages(document) if "Pembrolizumab" in p.text)
    assert quoted.heading.endswith("a short guide › Basics › How they are given") and quoted.page is None


def test_a_book_by_libreoffice_has_headings_from_its_table_of_contents_and_raised_text_by_its_styles() -> None:
    found = blocks(load_document(DATA / "libreoffice.epub"))
    assert [text for kind, text in found if kind == "heading"] == [
        "Immune checkpoint inhibitors: a short guide",
        "Basics",
        "Side effects",
    ]
    assert any("T cells.¹ They act" in text and "A count of 10⁶ cells per ml, H2O and x²." in text for _, text in found)
    assert ("paragraph", "1 James Allison and Tasuku Honjo found them.") in found


@pytest.mark.parametrize("path", sorted(DATA.glob("*.epub")), ids=lambda path: path.name)
def test_every_sentence_of_every_passage_is_a_quote_of_the_text(path: Path) -> None:
    document = load_document(path)
    passages = split_passages(document)
    assert passages
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert all(document.text[a:b].strip() and passage.start <= a < b <= passage.end for a, b in passage.sentences)


# Order, titles


def test_chapters_come_in_reading_order_and_what_is_not_linear_last() -> None:
    chapters = {"a.xhtml": "<p>answers</p>", "b.xhtml": "<p>second</p>", "c.xhtml": "<p>first</p>"}
    spine = '<itemref idref="a.xhtml" linear="no"/><itemref idref="c.xhtml"/><itemref idref="b.xhtml"/>'
    assert extract(packed(chapters, spine=spine)).text == "first\n\nsecond\n\nanswers"


def test_a_chapter_without_a_heading_has_the_title_of_the_table_of_contents() -> None:
    chapters = {"a.xhtml": "<p>One.</p>", "b.xhtml": "<h2>Own</h2><p>Two.</p>", "c.xhtml": "<p>Three</p><p>Drei.</p>"}
    titles = {"a": "First", "b": "Second", "c": "Three"}
    toc = "".join(f'<li><a href="text/{name}.xhtml">{title}</a></li>' for name, title in titles.items())
    found = extract(packed(chapters, items=NAV, extra=nav(toc), title="The Book"))
    assert blocks(found) == [
        ("heading", "The Book"),
        ("heading", "First"),
        ("paragraph", "One."),
        ("heading", "Own"),
        ("paragraph", "Two."),
        ("heading", "Three"),
        ("paragraph", "Drei."),
    ]


def test_an_ncx_gives_titles_too() -> None:
    ncx = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Chapter I</text></navLabel>
        <content src="text/a%20b.xhtml#x"/></navPoint></navMap></ncx>"""
    items = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    found = extract(packed({"a b.xhtml": "<p>x</p>"}, items=items, extra={"OEBPS/toc.ncx": ncx}))
    assert blocks(found) == [("heading", "Chapter I"), ("paragraph", "x")]


def test_a_table_of_contents_in_the_reading_order_is_left_out_and_a_reference_list_is_not() -> None:
    links = "".join(f'<li><a href="{n}.xhtml">Chapter {n}</a></li>' for n in range(5))
    references = "".join(f'<li>Author {n}, The long title of a paper. <a href="http://x">Link</a></li>' for n in range(5))
    chapters = {"toc.xhtml": f"<h1>Contents</h1><ul>{links}</ul>", "a.xhtml": f"<h1>References</h1><ul>{references}</ul>"}
    assert blocks(extract(packed(chapters)))[0] == ("heading", "References")


def test_a_missing_part_is_noted_and_the_rest_is_read() -> None:
    found = extract(packed({"a.xhtml": "<p>here</p>", "gone.xhtml": ""}))
    assert found.text == "here"
    assert reasons(found) == ["a part of the book that is not in the file (OEBPS/text/gone.xhtml)"]


# Pages


def mark(number: str) -> str:
    return f'<span epub:type="pagebreak" id="p{number}" title="{number}"/>'


def test_pages_of_the_printed_edition_begin_where_they_are_marked(tmp_path: Path) -> None:
    chapters = {
        "a.xhtml": f"{mark('xi')}<h1>Preface</h1><p>Thanks to all.</p>",
        "b.xhtml": f"{mark('1')}<h1>One</h1>"
        f"<p>A sentence that begins on the first {mark('2')}page and ends on the second. It goes on.</p>"
        f"{mark('4')}<ul><li>an item of page four</li></ul>",
    }
    path = tmp_path / "book.epub"
    path.write_bytes(packed(chapters))
    document = load_document(path)
    assert document.page_names == ("xi", "1", "2", "4")
    pages = [document.text[start:end].split("\n")[0].strip() for start, end in document.pages]
    assert pages == ["Preface", "One", "page and ends on the second. It goes on.", "• an item of page four"]
    where = {
        document.text[a:b]: document.page_label(document.page_at(a)) for p in split_passages(document) for a, b in p.sentences
    }
    assert where == {
        "Thanks to all.": "page xi",
        "A sentence that begins on the first page and ends on the second.": "page 1",
        "It goes on.": "page 2",
        "an item of page four": "page 4",
    }


def test_words_before_the_first_page_are_on_none_of_the_numbered_pages() -> None:
    found = extract(packed({"a.xhtml": f"<h1>Title</h1>{mark('1')}<p>one</p>{mark('2')}<p>two</p>"}, title="Title"))
    assert found.page_names == ("before 1", "1", "2")
    assert [found.text[a:b].strip() for a, b in found.pages] == ["Title", "one", "two"]


def test_a_list_of_pages_names_places_that_are_not_marked_in_the_text() -> None:
    pages = '<li><a href="text/a.xhtml">Page 7</a></li><li><a href="text/a.xhtml#q">8</a></li>'
    found = extract(packed({"a.xhtml": '<p>seven</p><p id="q">eight</p>'}, items=NAV, extra=nav(pages=pages)))
    assert found.page_names == ("7", "8")
    assert [found.text[a:b].strip() for a, b in found.pages] == ["seven", "eight"]


@pytest.mark.parametrize(
    ("body", "pages", "reason"),
    [
        (f"{mark('1')}<p>a</p>{mark('3')}<p>b</p>{mark('2')}<p>c</p>", "", "do not follow each other"),
        (f"{mark('1')}<p>a</p>{mark('1')}<p>b</p>", "", "do not follow each other"),
        (f"{mark('1')}<p>a</p>{mark('9')}<p>b</p>", "", "do not follow each other"),
        (f"{mark('1')}<p>a</p><div hidden='hidden'>{mark('2')}</div><p>b</p>", "", "some of which are hidden"),
        ("<p>a</p>", '<li><a href="text/a.xhtml#p1">1</a></li><li><a href="text/a.xhtml#p2">2</a></li>', "2 of 2 are not"),
    ],
)
def test_pages_that_are_not_sure_are_left_out(body: str, pages: str, reason: str) -> None:
    extra = nav(pages=pages) if pages else None
    found = extract(packed({"a.xhtml": body}, items=NAV if pages else "", extra=extra))
    assert found.pages == () and found.text.startswith("a")
    assert len(reasons(found)) == 1 and reason in reasons(found)[0]


def test_more_pages_than_are_allowed_are_refused() -> None:
    body = "".join(f"{mark(str(n))}<p>x</p>" for n in range(1, 20))
    with pytest.raises(DocumentError, match="19 pages, and at most 18"):
        read(packed({"a.xhtml": body}), "book.epub", replace(DEFAULT_LIMITS, pages=18))


# Protected, damaged


def encryption(algorithm: str, place: str) -> dict[str, str]:
    return {
        "META-INF/encryption.xml": f"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
        xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/>
        <enc:CipherData><enc:CipherReference URI="{place}"/></enc:CipherData></enc:EncryptedData></encryption>"""
    }


def test_a_protected_book_is_refused_and_one_with_hidden_fonts_is_read() -> None:
    aes = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    with pytest.raises(DocumentError, match="protected against copying"):
        extract(packed({"a.xhtml": "<p>x</p>"}, extra=encryption(aes, "OEBPS/text/a.xhtml")))
    fonts = encryption("http://www.idpf.org/2008/embedding", "OEBPS/fonts/a.otf")
    assert extract(packed({"a.xhtml": "<p>x</p>"}, extra=fonts)).text == "x"


def test_a_book_without_its_contents_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
    with pytest.raises(DocumentError, match="no package document"):
        extract(content.getvalue())
    with pytest.raises(DocumentError, match="none of the documents"):
        extract(packed({"a.xhtml": ""}))


def test_a_book_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(DocumentError, match="unpacks to more than"):
        read(packed({"a.xhtml": "<p>x</p>" * 5_000}), "book.epub", replace(DEFAULT_LIMITS, unpacked=20_000))


def test_a_part_that_is_damaged_is_noted_and_the_rest_is_read() -> None:
    data = packed({"a.xhtml": "<p>here</p>", "b.xhtml": "<div>" * 3_000 + "x"})
    found = extract(data)
    assert found.text == "here" and reasons(found) == ["a part of the book that cannot be read (OEBPS/text/b.xhtml)"]


def test_damaged_books_are_read_or_refused() -> None:
    chance = random.Random(6)
    whole = [path.read_bytes() for path in sorted(DATA.glob("*.epub"))]
    read_at_all = 0
    for _ in range(120):
        data = bytearray(chance.choice(whole))
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(6)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = extract(bytes(data))
        except DocumentError:
            continue
        read_at_all += 1
        assert all(found.text[b.start : b.end].strip() for b in found.blocks or ())
    assert read_at_all > 20
