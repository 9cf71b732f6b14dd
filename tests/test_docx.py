"""Word files: order, headings, lists, tables, notes, changes, and pages only where they are sure."""

import re

import pytest
from word_checks import BY_LIBREOFFICE, FEATURES, WORD, check_damaged, check_offsets, lines, pages_of, reasons
from wordfiles import BODY, PAGE, SPAN, cell, item, pack, paragraph, part, relations, row, run, style, styled, table, word_file

from corpus.errors import DocumentError
from corpus.formats.docx import read
from corpus.formats.packed import open_packed
from corpus.limits import Limits


def read_body(body, **more):
    return read(word_file(body, **more), "a.docx", Limits())


def test_a_file_as_word_writes_it_is_read_in_its_order():
    extract = read((WORD / "features.docx").read_bytes(), "features.docx", Limits())
    assert lines(extract) == FEATURES
    assert reasons(extract) == ["the table of contents, which repeats the headings", "one hidden word or passage"]


def test_what_libreoffice_writes_reads_alike():
    extract = read((WORD / "libreoffice.docx").read_bytes(), "libreoffice.docx", Limits())
    assert lines(extract) == BY_LIBREOFFICE
    assert extract.pages == ()


def test_pages_are_where_word_says_they_are():
    document = check_offsets(WORD / "features.docx")
    assert len(document.pages) == 3
    assert pages_of(document, "A bullet below") == 1
    assert pages_of(document, "A live vaccine.") == 1
    assert pages_of(document, "Doses\n") == 2
    assert pages_of(document, "This sentence begins") == 2
    assert pages_of(document, "ends on page three.") == 3
    assert pages_of(document, "The last page says") == 3


@pytest.mark.parametrize(
    "changed",
    [{"pages": 4}, {"pages": 2}, {"characters": 900}, {"characters": 0}, {"application": "LibreOffice/7.4"}],
    ids=str,
)
def test_counts_that_do_not_agree_mean_no_pages(changed):
    said = {"pages": 3, "characters": 549, **changed}
    assert read_body(BODY, **said).pages == ()


def test_a_note_is_on_the_page_of_its_mark():
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = paragraph(run("Marked early") + mark + run(" and it goes on ") + PAGE + run("over the page."))
    extract = read_body(body, pages=2, characters=40)
    assert [extract.text[start:end] for start, end in extract.pages] == [
        "¹ A live vaccine.\n\nMarked early¹ and it goes on ",
        "over the page.",
    ]


def test_a_row_that_goes_on_on_the_next_page_is_on_the_page_where_it_begins():
    rows = [row(cell("Drug"), cell("Use")), row(cell("BCG"), cell("bladder"))]
    split = row(cell("IL-2"), cell(paragraph(run("kidney ") + PAGE + run("and skin"))))
    after = row(cell(paragraph(PAGE + run("Interferon"))), cell("liver"))
    extract = read_body(table(2, *rows, split, after), pages=3, characters=52)
    assert [extract.text[start:end].strip() for start, end in extract.pages] == [
        "Drug: BCG; Use: bladder\nDrug: IL-2; Use: kidney and skin",
        "",
        "Drug: Interferon; Use: liver",
    ]


def test_a_section_begins_a_page_as_its_own_kind_says():
    section = '<w:sectPr><w:type w:val="{}"/></w:sectPr>'
    first = paragraph("One.", section.format("nextPage"))
    second = paragraph("Two.", section.format("continuous"))
    extract = read_body(first + second + paragraph("Three."), pages=2, characters=14)
    assert [extract.text[start:end].strip() for start, end in extract.pages] == ["One.\n\nTwo.", "Three."]


def test_pandoc_and_python_docx():
    assert lines(read((WORD / "pandoc.docx").read_bytes(), "pandoc.docx", Limits()))[2:10] == [
        "p BCG is used.¹ It works in bladder cancer, at 10⁶ cells. The second sentence.",
        "i0 ¹ A note about BCG.",
        "h2 Dosing",
        "i0 1. First",
        "i0 2. Second",
        "i2 a. Sub a",
        "i2 b. Sub b",
        "p A continued paragraph.",
    ]
    assert lines(read((WORD / "python-docx.docx").read_bytes(), "python-docx.docx", Limits())) == [
        "h0 Trial report",
        "h1 Methods",
        "p Patients were treated for 12 weeks.",
        "i0 1. Step one",
        "i0 2. Step two",
        "i0 • A remark",
        "r Arm: A; n: 10; Response: 50%",
        "r Arm: B; n: 12; Response: 25%",
        "h1 Results",
        "p Half of the patients responded.",
    ]


def test_bold_lines_are_headings_where_there_are_no_others():
    bold = "<w:b/>"
    large = '<w:b/><w:sz w:val="32"/>'
    body = [
        paragraph(run("Report", large)),
        paragraph("It was cold."),
        paragraph(run("Methods", bold)),
        paragraph(run("Bold", bold) + run(" words begin this.")),
        paragraph("More text."),
        paragraph(run("Nothing follows", bold)),
    ]
    plain = ["p It was cold.", "p Bold words begin this.", "p More text.", "p Nothing follows"]
    found = lines(read_body("".join(body)))
    assert [line for line in found if line.startswith("p")] == plain
    assert [line for line in found if line.startswith("h")] == ["h1 Report", "h2 Methods"]
    with_style = lines(read_body(styled("berschrift1", "Real") + "".join(body)))
    assert [line for line in with_style if line.startswith("h")] == ["h1 Real"]


def test_symbols_forms_and_hyphens():
    box = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    greek = run("a\uf062", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>')
    hyphen = "<w:r><w:t>IL</w:t><w:noBreakHyphen/><w:t>2</w:t><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t></w:r>"
    assert lines(read_body(paragraph(box + end + run(" yes ") + greek + run(" ") + hyphen))) == ["p ☒ yes αβ IL-2 x y"]


def test_a_heading_shows_its_number_and_is_titled_without_it():
    numbered = '<w:pStyle w:val="berschrift1"/><w:numPr><w:numId w:val="1"/></w:numPr>'
    extract = read_body(paragraph("Aims", numbered) + paragraph("Text here."))
    assert lines(extract)[0] == "h1 1. Aims"
    assert extract.blocks[0].title == "Aims"


def test_a_row_over_all_columns_stands_over_the_rows_below():
    wide = row(cell("Grade 3", SPAN))
    note = row(cell("Numbers are patients.", SPAN))
    body = table(2, row(cell("Event"), cell("n")), wide, row(cell("Fever"), cell("4")), note, row(cell("Rash"), cell("2")))
    assert lines(read_body(body)) == [
        "r Grade 3",
        "r Grade 3; Event: Fever; n: 4",
        "r Numbers are patients.",
        "r Event: Rash; n: 2",
    ]


def test_a_table_in_a_cell_is_read_as_one():
    inner = table(2, row(cell("Drug"), cell("Dose")), row(cell("BCG"), cell("81 mg")))
    body = table(2, row(cell("Left"), cell(inner + paragraph("Right"))))
    assert lines(read_body(body)) == ["p Left", "r Drug: BCG; Dose: 81 mg", "p Right"]


def test_an_empty_form_keeps_the_names_of_its_columns():
    body = table(2, row(cell("Date"), cell("Signature")), row(cell("1 May"), cell("")))
    assert lines(read_body(body)) == ["r Date; Signature", "r Date: 1 May"]


def test_endnotes_come_last_and_comments_are_counted():
    claim = paragraph(run("A claim.") + '<w:r><w:endnoteReference w:id="5"/></w:r>')
    members = {
        "_rels/.rels": relations(("officeDocument", "word/document2.xml")),
        "word/document2.xml": part("document", f"<w:body>{claim}{paragraph('Next.')}</w:body>"),
        "word/_rels/document2.xml.rels": relations(("endnotes", "endnotes.xml"), ("comments", "comments.xml")),
        "word/endnotes.xml": part("endnotes", f'<w:endnote w:id="5">{paragraph("Its source.")}</w:endnote>'),
        "word/comments.xml": part("comments", f'<w:comment w:id="0">{paragraph("Really?")}</w:comment>' * 2),
    }
    extract = read(pack(members), "a.docx", Limits())
    assert lines(extract) == ["p A claim.[i]", "p Next.", "i0 [i] Its source."]
    assert reasons(extract) == ["2 comments"]


def test_a_strict_file_reads_like_any_other():
    packed = open_packed(word_file(item("One") + item("Two")), "a.docx", "Word", Limits())
    old = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    new = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    strict = pack({name: packed.read(name).replace(old, new) for name in packed.names()})
    assert lines(read(strict, "a.docx", Limits())) == ["i0 1. One", "i0 2. Two"]


def test_too_many_pages_are_refused():
    with pytest.raises(DocumentError, match="has 3 pages, and at most 2 are read"):
        read(word_file(BODY, pages=3, characters=549), "a.docx", Limits(pages=2))


def test_nesting_as_deep_as_xml_may_go():
    deep = paragraph("deep")
    for _ in range(60):
        deep = table(2, row(cell("a"), cell(deep)), row(cell("b"), cell("c")))
    assert sorted(re.findall(r"\w+", read_body(deep).text)) == ["a"] * 60 + ["b"] * 60 + ["c"] * 60 + ["deep"]


def test_a_damaged_file_is_read_or_refused():
    data = (WORD / "features.docx").read_bytes()
    assert "refused" in check_damaged(read, data, Limits())
    packed = open_packed(data, "a.docx", "Word", Limits())
    members = {name: packed.read(name) for name in packed.names()}
    document = members["word/document.xml"]
    for number in range(0, len(document), 150):
        end = document.find(b">", number) + 1
        start = document.rfind(b"<", 0, end)
        if document[end - 2 : end] == b"/>":  # some element that stands alone is lost
            assert read(pack({**members, "word/document.xml": document[:start] + document[end:]}), "a", Limits()).text


def test_headings_numbered_by_their_styles():
    bound = '<w:lvl w:ilvl="{}"><w:numFmt w:val="decimal"/><w:pStyle w:val="H{}"/><w:lvlText w:val="{}"/></w:lvl>'
    levels = bound.format(0, 1, "%1") + bound.format(1, 2, "%1.%2")
    numbering = f'<w:abstractNum w:abstractNumId="4">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="9"><w:abstractNumId w:val="4"/></w:num>'
    used = '<w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr>'
    styles = style("H1", "heading 1", "", used) + style("H2", "heading 2", "", used)
    texts = ("H1", "Aims"), ("H2", "First"), ("H2", "Second"), ("H1", "Methods"), ("H2", "Third")
    body = "".join(styled(*one) for one in texts)
    extract = read_body(body, numbering=numbering, styles=styles)
    assert lines(extract) == ["h1 1 Aims", "h2 1.1 First", "h2 1.2 Second", "h1 2 Methods", "h2 2.1 Third"]


def test_rows_and_cells_that_were_deleted_are_not_read():
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + cell("gone") + cell("gone") + "</w:tr>"
    moved = f"<w:p><w:moveFrom>{run('moved away')}</w:moveFrom><w:moveTo>{run('moved here')}</w:moveTo></w:p>"
    body = table(2, row(cell("Drug"), cell("Use")), gone, row(cell("BCG"), cell("bladder"))) + moved
    assert lines(read_body(body)) == ["r Drug: BCG; Use: bladder", "p moved here"]


def test_charts_and_diagrams_are_read_where_they_stand():
    chart_space, diagram_space = (f"http://schemas.openxmlformats.org/drawingml/2006/{kind}" for kind in ("chart", "diagram"))
    names = '<c:tx><c:v>BCG</c:v></c:tx><c:cat><c:strLit><c:pt idx="0"><c:v>Week 1</c:v></c:pt></c:strLit></c:cat>'
    values = '<c:val><c:numLit><c:pt idx="0"><c:v>12</c:v></c:pt></c:numLit></c:val>'
    plot = f"<c:plotArea><c:barChart><c:ser>{names}{values}</c:ser></c:barChart></c:plotArea>"
    shown = f'<w:r><w:drawing><c:chart xmlns:c="{chart_space}" r:id="rId1"/></w:drawing></w:r>'
    broken = f'<w:r><w:drawing><dgm:relIds xmlns:dgm="{diagram_space}" r:dm="rId2"/></w:drawing></w:r>'
    body = paragraph(run("Before.") + shown + broken) + paragraph("After.")
    members = {
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
        "word/_rels/document.xml.rels": relations(("chart", "charts/chart1.xml"), ("diagramData", "diagrams/data1.xml")),
        "word/charts/chart1.xml": f'<c:chartSpace xmlns:c="{chart_space}"><c:chart>{plot}</c:chart></c:chartSpace>',
        "word/diagrams/data1.xml": "<broken",
    }
    extract = read(pack(members), "a.docx", Limits())
    assert lines(extract) == ["p Before.", "r Week 1; BCG: 12", "p After."]
    assert reasons(extract) == ["one diagram"]


def test_rows_carry_the_caption_of_their_table():
    body = styled("Caption", "Doses by arm") + table(2, row(cell("Drug"), cell("Dose")), row(cell("BCG"), cell("81 mg")))
    extract = read_body(body + paragraph("Text.") + table(2, row(cell("A"), cell("B")), row(cell("c"), cell("d"))))
    assert [block.title for block in extract.blocks] == ["", "Doses by arm", "", ""]
