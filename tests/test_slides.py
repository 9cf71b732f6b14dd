"""PowerPoint: slides as pages, in the order a person reads them, with tables, charts, diagrams and notes."""

from __future__ import annotations

import io
import random
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from corpus import Document, load_document, split_passages
from corpus.blocks import BlockKind
from corpus.document import PageKind, Skipped
from corpus.errors import DocumentError
from corpus.formats.pptx import read
from corpus.formats.pptx_shapes import Box, Kind, Shape, in_order
from corpus.limits import DEFAULT_LIMITS

DATA = Path(__file__).parent / "data" / "slides"
FILES = ("talk.pptx", "impress.pptx", "pandoc.pptx")
REFERENCES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SMART_ART = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


@pytest.fixture(scope="module")
def talk() -> Document:
    return load_document(DATA / "talk.pptx")


def lines(document: Document, page: int) -> list[str]:
    """Return the text of each block of a page after its kind's first letter; headings and items with their level."""
    return [
        f"{block.kind[0]}{block.level or ''} {document.text[block.start : block.end]}"
        for block in document.blocks or ()
        if page == document.page_at(block.start)
    ]


def changed(path: Path, changes: dict[str, bytes | tuple[str, str]]) -> bytes:
    """Return a packed file with other members, or with a text replaced in them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w") as target:
        for name in [*source.namelist(), *(one for one in changes if one not in source.namelist())]:
            change = changes.get(name)
            if isinstance(change, tuple):
                content = source.read(name).decode()
                assert change[0] in content
                target.writestr(name, content.replace(*change, 1))
            else:
                target.writestr(name, change if change is not None else source.read(name))
    return packed.getvalue()


# What slides hold


def test_a_title_is_a_heading_and_the_title_slide_stands_above_the_others(talk: Document) -> None:
    assert lines(talk, 1) == ["h1 Intravesical therapy", "p A review", "p A. Author, 2024"]
    assert lines(talk, 2)[0] == "h2 Indications"
    assert talk.page_kind is PageKind.SLIDE
    assert talk.page_label(2) == "slide 2"


def test_bullets_that_the_layout_gives_make_items_and_notes_follow_their_slide(talk: Document) -> None:
    assert lines(talk, 2)[1:] == [
        "i • High-risk disease",
        "i2 • Carcinoma in situ",
        "i • Intermediate-risk disease",
        "h3 Notes",
        "p Mention the guideline of 2024.",
    ]


def test_columns_are_read_one_after_the_other(talk: Document) -> None:
    assert lines(talk, 3)[1:] == ["i • Left one", "i • Left two", "i • Right one"]


def test_in_a_comparison_each_side_has_its_heading(talk: Document) -> None:
    assert lines(talk, 4)[1:] == ["h3 BCG", "i • Six instillations", "h3 Mitomycin", "i • Four instillations"]


def test_rows_of_a_table_have_their_column_names_and_merged_cells_govern_theirs(talk: Document) -> None:
    assert lines(talk, 5)[1:] == [
        "r Drug: BCG; Dose: 81 mg; Volume: 50 ml",
        "r Drug: Mitomycin; Dose: 40 mg; Volume: 40 ml",
        "r Drug: Mitomycin; Dose: 40 mg; Volume: 20 ml",
    ]


def test_the_numbers_of_a_chart_are_rows(talk: Document) -> None:
    assert lines(talk, 6)[1:] == [
        "p Instillations by year",
        "r Year: 2019; BCG (Thousands): 3; Mitomycin (Thousands): 0.5",
        "r Year: 2020; BCG (Thousands): 4.3",
    ]
    assert lines(talk, 7)[1:] == ["r Trial A; x: 40; y: 0.5", "r Trial A; x: 81; y: 0.62"]


def test_boxes_are_read_by_their_place_and_an_exponent_stays_one(talk: Document) -> None:
    assert lines(talk, 9) == [
        "h2 A title in a box",
        "p Leucocytes above 10⁹/L in the left box.",
        "p The right box is drawn first.",
        "p Below both boxes.",
    ]


def test_groups_are_read_each_for_itself_on_a_hidden_slide_without_a_title(talk: Document) -> None:
    expected = [line for number in range(1, 5) for line in (f"p Card {number}", f"p Words of card {number}.")]
    assert lines(talk, 10) == ["h2 Slide 10", *expected]


def test_pictures_are_noted_on_their_slides(talk: Document) -> None:
    assert talk.skipped == (Skipped("a picture without text (scanned?)", 8), Skipped("a picture without text", 9))
    assert talk.pages[7][0] == talk.pages[7][1]


def test_what_libreoffice_saved_reads_the_same(talk: Document) -> None:
    saved = load_document(DATA / "impress.pptx")
    assert saved.text == talk.text
    assert saved.pages == talk.pages
    assert saved.skipped == talk.skipped


def test_each_page_has_the_words_that_libreoffice_prints_on_it(talk: Document) -> None:
    printed = (DATA / "talk.txt").read_text().split("\f")[:9]  # a hidden slide is not printed
    of_notes, of_the_legend = set("Notes Mention the guideline of".split()), {"BCG", "Mitomycin"}
    for number, page in enumerate(printed, 1):
        start, end = talk.pages[number - 1]
        words = set(re.findall(r"[A-Za-z]{2,}", talk.text[start:end]))
        shown = set(re.findall(r"[A-Za-z]{2,}", page))
        assert words - shown == (of_notes if number == 2 else of_the_legend if number == 6 else set()), number
        assert shown <= words, number


def test_what_pandoc_wrote_is_read() -> None:
    document = load_document(DATA / "pandoc.pptx")
    assert [line for page in range(1, 7) for line in lines(document, page)] == [
        "h1 Bladder instillation",
        "p A. Author",
        "h1 Background",
        "h2 What it is",
        "i • BCG is a live vaccine.",
        "i2 • It is given into the bladder.",
        "i • It lowers the risk of recurrence.",
        "h3 Notes",
        "p Say that the strain matters.",
        "h2 Steps",
        "i 1. Empty the bladder.",
        "i 2. Instil the drug.",
        "h2 Doses",
        "r Drug: BCG; Dose: 81 mg; Volume: 50 ml",
        "r Drug: Mitomycin; Dose: 40 mg; Volume: 40 ml",
        "h2 Against each other",
        "p Left column.",
        "p Right column.",
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_quote_is_in_the_text_and_on_its_slide(name: str) -> None:
    document = load_document(DATA / name)
    on_slide = [document.text[start:end] for start, end in document.pages]
    quoted = ""
    for passage in split_passages(document):
        for start, end in passage.sentences:
            quote = document.text[start:end]
            page = document.page_at(start)
            assert page is not None
            assert quote in passage.text
            assert quote in on_slide[page - 1]
            quoted += quote
    for block in document.blocks or ():
        if block.kind is not BlockKind.HEADING:
            assert document.text[block.content : block.end] in quoted


# What python-pptx cannot make


def test_smartart_is_read_node_by_node() -> None:
    frame = (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="90" name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>'
        f'<p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm><a:graphic><a:graphicData uri="{SMART_ART}">'
        f'<dgm:relIds xmlns:dgm="{SMART_ART}" r:dm="rId90"/></a:graphicData></a:graphic></p:graphicFrame></p:spTree>'
    )
    words = {"1": "Induction", "2": "Six weekly instillations", "3": "Maintenance"}
    points = "".join(
        f'<dgm:pt modelId="{key}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for key, text in words.items()
    )
    links = "".join(
        f'<dgm:cxn modelId="c{child}" srcId="{above}" destId="{child}" srcOrd="{place}"/>'
        for above, child, place in (("0", "3", 1), ("0", "1", 0), ("1", "2", 0))
    )
    diagram = (
        f'<dgm:dataModel xmlns:dgm="{SMART_ART}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<dgm:ptLst><dgm:pt modelId="0" type="doc"/>{points}</dgm:ptLst><dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>'
    )
    relation = '<Relationship Id="rId90" Type="http://x/diagramData" Target="../diagrams/data1.xml"/></Relationships>'
    data = changed(
        DATA / "talk.pptx",
        {
            "ppt/slides/slide1.xml": ("</p:spTree>", frame.replace("r:dm", 'xmlns:r="' + REFERENCES + '" r:dm')),
            "ppt/slides/_rels/slide1.xml.rels": ("</Relationships>", relation),
            "ppt/diagrams/data1.xml": diagram.encode(),
        },
    )
    text = read(data, "talk.pptx", DEFAULT_LIMITS).text
    assert "• Induction\n• Six weekly instillations\n• Maintenance\n" in text


def test_footers_dates_and_slide_numbers_are_not_read(talk: Document) -> None:
    footer = (
        '<p:sp><p:nvSpPr><p:cNvPr id="91" name="f"/><p:cNvSpPr/><p:nvPr><p:ph type="{}" idx="91"/></p:nvPr></p:nvSpPr><p:spPr/>'
        "<p:txBody><a:bodyPr/><a:p><a:r><a:t>said everywhere</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    added = "".join(footer.format(kind) for kind in ("ftr", "dt", "sldNum"))
    data = changed(DATA / "talk.pptx", {"ppt/slides/slide2.xml": ("</p:spTree>", added + "</p:spTree>")})
    assert read(data, "talk.pptx", DEFAULT_LIMITS).text == talk.text


def test_numbers_before_items_are_counted_by_level(tmp_path: Path) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    frame = slide.placeholders[1].text_frame
    for text, level in (("a", 0), ("b", 1), ("c", 1), ("d", 0)):
        kind = ("arabicPeriod", "alphaLcParenR")[level]
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
        properties = paragraph._p.get_or_add_pPr()
        properties.append(properties.makeelement(properties.tag.replace("pPr", "buAutoNum"), {"type": kind}))
    made.save(tmp_path / "steps.pptx")
    assert lines(load_document(tmp_path / "steps.pptx"), 1) == ["h2 Slide 1", "i 1. a", "i2 a) b", "i2 b) c", "i 2. d"]


def test_a_formula_is_read_on_one_line(tmp_path: Path) -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    formula = (
        f'<mc:AlternateContent xmlns:mc="urn:mc" xmlns:m="{math}"><mc:Choice Requires="a14"><x:m xmlns:x="urn:a14"><m:oMath>'
        "<m:r><m:t>A=</m:t></m:r><m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
        "</m:oMath></x:m></mc:Choice><mc:Fallback/></mc:AlternateContent>"
    )
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.placeholders[1].text = "Area: "
    slide.placeholders[1].text_frame.paragraphs[0]._p.append(etree.fromstring(formula))
    made.save(tmp_path / "area.pptx")
    assert lines(load_document(tmp_path / "area.pptx"), 1)[1:] == ["i • Area: A=r²"]


def test_categories_in_two_levels_are_joined_and_numbers_shown_by_their_format(tmp_path: Path) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Share"
    numbers = CategoryChartData(number_format="0.0%")
    for year in ("2023", "2024"):
        category = numbers.add_category(year)
        category.add_sub_category("men")
        category.add_sub_category("women")
    numbers.add_series("Response", (0.5, 0.25, 0.625, 0.3))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(6), Inches(4), numbers)
    made.save(tmp_path / "share.pptx")
    assert lines(load_document(tmp_path / "share.pptx"), 1)[1:] == [
        "r 2023 men; Response: 50.0%",
        "r 2023 women; Response: 25.0%",
        "r 2024 men; Response: 62.5%",
        "r 2024 women; Response: 30.0%",
    ]


def test_a_name_over_two_columns_is_joined_with_theirs(tmp_path: Path) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    table = slide.shapes.add_table(3, 3, 0, 0, Inches(6), Inches(2)).table
    for row, texts in enumerate((("Drug", "2023", ""), ("", "Dose", "Patients"), ("BCG", "81", "50"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    made.save(tmp_path / "merged.pptx")
    assert lines(load_document(tmp_path / "merged.pptx"), 1)[1:] == ["r Drug: BCG; 2023 Dose: 81; 2023 Patients: 50"]


def test_embedded_files_and_films_are_noted(tmp_path: Path) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    slide.shapes.add_movie(__file__, 0, 0, Inches(1), Inches(1))
    slide.shapes.add_ole_object(__file__, "Package", 0, 0)
    slide.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "See the film."
    made.save(tmp_path / "film.pptx")
    noted = load_document(tmp_path / "film.pptx").skipped
    assert {one.reason for one in noted} == {"a video or sound", "an embedded object"}
    assert all(one.page == 1 for one in noted)


# Reading order


def box(name: str, left: float, top: float, width: float, height: float) -> Shape:
    return Shape(Kind.TEXT, name, box=Box(left, top, left + width, top + height))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("boxes", "order"),
    [
        ([("B", 5, 0, 4, 9), ("A", 0, 0, 4, 9)], "AB"),  # columns
        ([("H", 0, 0, 9, 1), ("B", 5, 2, 4, 7), ("A", 0, 2, 4, 7)], "HAB"),  # a line above them
        ([("A", 0, 0, 4, 1), ("C", 5, 0, 4, 1), ("B", 0, 2, 4, 7), ("D", 5, 2, 4, 7)], "ABCD"),  # columns with headings
        ([("C", 0, 5, 4, 4), ("D", 5, 5, 4, 4), ("A", 0, 0, 4, 4), ("B", 5, 0, 4, 4)], "ABCD"),  # cards
        ([("A", 0, 0, 2, 1), ("C", 0, 2, 2, 1), ("B", 3, 0, 6, 1), ("D", 3, 2, 6, 1)], "ABCD"),  # labels and values
        ([("B", 0, 5, 4, 1), ("A", 5, 0, 4, 1)], "AB"),  # one above the other
        ([("A", 0, 0, 4, 3), ("B", 1, 2, 4, 3)], "AB"),  # one over the other
    ],
)
def test_boxes_are_read_in_order(boxes: list[tuple[str, float, float, float, float]], order: str) -> None:
    assert "".join(str(shape.element) for shape in in_order([box(*one) for one in boxes])) == order


def test_thousands_of_boxes_do_not_take_long() -> None:
    shapes = [box(str(number), number % 97, number % 89, 50, 50) for number in range(20_000)]
    assert len(list(in_order(shapes))) == len(shapes)


# Size and damage


def test_too_many_slides_are_refused() -> None:
    with pytest.raises(DocumentError, match="10 slides, and at most 9"):
        load_document(DATA / "talk.pptx", limits=replace(DEFAULT_LIMITS, pages=9))


def test_a_presentation_of_pictures_says_that_it_may_be_scanned(tmp_path: Path) -> None:
    made = Presentation()
    with zipfile.ZipFile(DATA / "talk.pptx") as archive:
        picture = next(archive.read(name) for name in archive.namelist() if name.endswith(".png"))
    for _ in range(2):
        made.slides.add_slide(made.slide_layouts[6]).shapes.add_picture(io.BytesIO(picture), 0, 0, Inches(1))
    made.save(tmp_path / "scan.pptx")
    with pytest.raises(DocumentError, match=r"no words.*a picture without text \(scanned\?\)"):
        load_document(tmp_path / "scan.pptx")


def test_a_damaged_presentation_is_read_or_refused() -> None:
    whole = (DATA / "talk.pptx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = [name for name in archive.namelist() if re.match(r"ppt/(slides|charts|notesSlides|_rels|presentation)", name)]
        parts = [name for name in parts if name.endswith((".xml", ".rels"))]
        contents = {name: archive.read(name) for name in parts}
    chance = random.Random(6)
    refused = 0
    for turn in range(150):
        name = chance.choice(parts)
        if turn % 3 == 0:
            data = whole[: chance.randrange(len(whole))]
        elif turn % 3 == 1:
            content = bytearray(contents[name])
            content[chance.randrange(len(content))] = chance.randrange(256)
            data = changed(DATA / "talk.pptx", {name: bytes(content)})
        else:  # well-formed still, with a value that makes no sense
            at = chance.choice(list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<]+(?=<)', contents[name])))
            odd = chance.choice([b"", b"-1", b"99999999999999999999", b"1e999", b"nan", b"x"])
            data = changed(DATA / "talk.pptx", {name: contents[name][: at.start()] + odd + contents[name][at.end() :]})
        try:
            read(data, "talk.pptx", DEFAULT_LIMITS)
        except DocumentError:
            refused += 1
    assert 50 <= refused < 150
