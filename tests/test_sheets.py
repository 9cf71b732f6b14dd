"""Excel workbooks: sheets as pages, rows with their column names, values as they are shown, and what is not read."""

from __future__ import annotations

import csv
import datetime
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from assistant import Outcome, build_chain
from corpus import Document, load_document, split_passages
from corpus.blocks import BlockKind
from corpus.document import Skipped
from corpus.errors import DocumentError
from corpus.formats.xlsx import read
from corpus.limits import DEFAULT_LIMITS
from index import PassageIndex, SentenceTransformerEmbeddings

DATA = Path(__file__).parent / "data" / "sheets"
Make = Callable[..., Document]


@pytest.fixture(scope="module")
def trial() -> Document:
    """Written by openpyxl, calculated and saved by LibreOffice."""
    return load_document(DATA / "trial.xlsx")


@pytest.fixture
def sheet(tmp_path: Path) -> Make:
    """Reads a workbook of one sheet, made of rows and of what is done to it."""

    def make(rows: list[list[object]], change: Callable[[object], None] = lambda sheet: None) -> Document:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        change(book.active)
        book.save(tmp_path / "made.xlsx")
        return load_document(tmp_path / "made.xlsx")

    return make


def lines(document: Document, page: int | None = None) -> list[str]:
    """Return the text of each block (of one page) after its kind's first letter; headings with their level."""
    return [
        f"{block.kind[0]}{block.level or ''} {document.text[block.start : block.end]}"
        for block in document.blocks or ()
        if page in (None, document.page_at(block.start))
    ]


# A workbook as an office keeps it


def test_rows_have_the_joined_names_of_merged_headers_and_the_title_is_above_them(trial: Document) -> None:
    assert lines(trial, 1)[:6] == [
        "h1 Doses",
        "h3 Table 1. Doses by year",
        "r Drug: BCG; 2023 Dose (mg): 81; 2023 Patients: 1,200; 2024 Dose (mg): 50; 2024 Patients: 1,310",
        "r Drug: Mitomycin; 2023 Dose (mg): 40; 2023 Patients: 800; 2024 Dose (mg): 40; 2024 Patients: 905",
        "r Drug: Total; 2023 Patients: 2,000; 2024 Patients: 2,215",
        "p * Patients with at least one instillation.",
    ]


def test_a_table_beside_another_is_not_below_its_title(trial: Document) -> None:
    assert lines(trial, 1)[6:8] == ["h1 Doses", "r Site: Bladder; Response: 25.6%"]
    passage = next(one for one in split_passages(trial) if "Bladder" in one.text)
    assert passage.heading == "Doses"


def test_notes_on_cells_are_read_with_their_place(trial: Document) -> None:
    assert lines(trial, 1)[8:] == ["h2 Notes", "p A4 (BCG): TICE strain only."]


def test_dates_truth_values_errors_and_merged_labels_are_as_shown_and_hidden_rows_and_columns_left_out(trial: Document) -> None:
    assert lines(trial, 2) == [
        "h1 Visits",
        "r Patient: P-001; Visit: First; Date: 2024-03-05; Done: TRUE; Share: 33.3%",
        "r Patient: P-001; Visit: Second; Date: 2024-04-02; Done: FALSE; Share: #DIV/0!",
        "r Patient: P-002; Visit: First; Date: 2024-03-07; Done: TRUE; Share: 50.0%",
    ]


def test_lines_over_all_columns_head_the_rows_below_them_which_keep_their_column_names(trial: Document) -> None:
    assert lines(trial, 3) == [
        "h1 Effects",
        "h4 Local effects",
        "r Effect: Dysuria; Grade 1: 40%; Grade 3: 2%",
        "r Effect: Haematuria; Grade 1: 20%; Grade 3: 1%",
        "h4 General effects",
        "r Effect: Fever; Grade 1: 15%; Grade 3: 3%",
    ]


def test_a_form_is_read_as_labels_and_values(trial: Document) -> None:
    assert lines(trial, 4) == ["h1 Contact", "r Hospital: St Mary", "r Beds: 32", "r Opened: 1999-05-01"]


def test_what_a_person_does_not_see_is_noted_and_not_read(trial: Document) -> None:
    assert trial.skipped == (
        Skipped("the hidden sheet Key: unhide it in Excel to have it read"),
        Skipped("1 hidden row", 2),
        Skipped("1 hidden column (F)", 2),
    )
    for hidden in ("Jane Doe", "withdrawn", "moved away"):
        assert hidden not in trial.text


def test_every_value_is_what_libreoffice_shows(trial: Document) -> None:
    with (DATA / "trial-Formats.csv").open(newline="") as file:
        shown = [f"r Case: {case}; Shown: {value.strip()}" for case, value in list(csv.reader(file))[1:]]
    assert len(shown) == 32
    assert lines(trial, 5)[1:] == shown


def test_sheets_are_pages_by_their_names(trial: Document) -> None:
    assert [trial.page_label(page) for page in range(1, 6)] == [
        "sheet Doses",
        "sheet Visits",
        "sheet Effects",
        "sheet Contact",
        "sheet Formats",
    ]


@pytest.mark.parametrize("name", ["trial.xlsx", "uncalculated.xlsx", "xlsxwriter.xlsx"])
def test_every_quote_is_in_the_text_and_its_row_on_its_sheet(name: str) -> None:
    document = load_document(DATA / name)
    on_sheet = [document.text[start:end] for start, end in document.pages]
    quoted = 0
    for passage in split_passages(document):
        for start, end in passage.sentences:
            quote = document.text[start:end]
            page = document.page_at(start)
            assert page is not None
            assert quote in passage.text
            assert quote in on_sheet[page - 1]
            quoted += 1
    assert quoted == sum(block.kind is not BlockKind.HEADING for block in document.blocks or ())


def test_a_question_finds_the_row_and_its_sheet(
    trial: Document, embedder: SentenceTransformerEmbeddings, tmp_path: Path
) -> None:
    index = PassageIndex(tmp_path / "data", embedder, create=True)
    index.add([trial])
    answer = build_chain(index, embedder).invoke("What percentage had grade 3 fever?")
    index.close()
    citation = answer.statements[0].citations[0]
    assert answer.outcome is Outcome.ANSWERED
    assert citation.quote == "Effect: Fever; Grade 1: 15%; Grade 3: 3%"
    assert trial.page_label(citation.page) == "sheet Effects"


# Formulas


def test_a_formula_that_was_never_calculated_is_noted(tmp_path: Path) -> None:
    document = load_document(DATA / "uncalculated.xlsx")
    why = "without a stored value: open the file in a spreadsheet program, save it, and add it again"
    assert Skipped(f"2 formulas {why}", 1) in document.skipped
    assert "r Drug: Total" in lines(document, 1)


def test_a_zero_that_stands_for_a_value_that_nobody_calculated_is_not_read() -> None:
    document = load_document(DATA / "xlsxwriter.xlsx")
    assert lines(document) == ["h1 Costs", "r Item: Vial; Cost: 120", "r Item: Sum"]
    assert [one.reason.split(":")[0] for one in document.skipped] == ["1 formula without a stored value"]


# Which rows are headers


def test_an_empty_row_within_a_table_does_not_end_it(sheet: Make) -> None:
    document = sheet([["Drug", "Dose"], ["BCG", 81], [], ["Mitomycin", 40]])
    assert lines(document)[1:] == ["r Drug: BCG; Dose: 81", "r Drug: Mitomycin; Dose: 40"]


def test_tables_below_each_other_have_their_own_columns(sheet: Make) -> None:
    document = sheet([["Drug", "Dose"], ["BCG", 81], [], ["Visits"], ["Week", "Room"], [1, 12], [6, 14]])
    assert lines(document)[1:] == ["r Drug: BCG; Dose: 81", "h3 Visits", "r Week: 1; Room: 12", "r Week: 6; Room: 14"]


def test_years_over_numbers_are_names(sheet: Make) -> None:
    document = sheet([["Country", 2019, 2020, 2021], ["Kenya", 4, 5.5, 6]])
    assert lines(document)[1:] == ["r Country: Kenya; 2019: 4; 2020: 5.5; 2021: 6"]


def test_rows_without_a_header_have_no_names(sheet: Make) -> None:
    assert lines(sheet([["BCG", 81, "mg"], ["Mitomycin", 40, "mg"]]))[1:] == ["r BCG; 81; mg", "r Mitomycin; 40; mg"]


def test_a_row_of_units_goes_with_the_names(sheet: Make) -> None:
    document = sheet([["Drug", "Dose", "Time"], [None, "mg", "weeks"], ["BCG", 81, 6], ["Mitomycin", 40, 8]])
    assert lines(document)[1:] == ["r Drug: BCG; Dose mg: 81; Time weeks: 6", "r Drug: Mitomycin; Dose mg: 40; Time weeks: 8"]


def test_a_remark_ends_a_table_and_another_one_may_follow_it_at_once(sheet: Make) -> None:
    above = [["Arm", "N"], ["A", 50], ["Note: as treated"]]
    document = sheet([*above, ["Site", "City", "Beds"], ["S1", "Rome", 20], ["S2", "Oslo", 30]])
    assert lines(document)[1:] == [
        "r Arm: A; N: 50",
        "p Note: as treated",
        "r Site: S1; City: Rome; Beds: 20",
        "r Site: S2; City: Oslo; Beds: 30",
    ]


def test_columns_that_are_numbered_keep_their_numbers(sheet: Make) -> None:
    document = sheet([["Visit", 1, 2, 3], ["ECG", "x", None, "x"], ["Labs", "x", "x", "x"]])
    assert lines(document)[1:] == ["r Visit: ECG; 1: x; 3: x", "r Visit: Labs; 1: x; 2: x; 3: x"]


def test_the_name_of_an_index_below_the_others_is_that_of_its_column(sheet: Make) -> None:
    def change(made: object) -> None:
        made.merge_cells("B1:C1")

    document = sheet([[None, "2023", None], [None, "Dose", "N"], ["Drug"], ["BCG", 81, 5], ["Mitomycin", 40, 6]], change)
    assert lines(document)[1:] == ["r Drug: BCG; 2023 Dose: 81; 2023 N: 5", "r Drug: Mitomycin; 2023 Dose: 40; 2023 N: 6"]


def test_lines_above_a_table_are_paragraphs_and_pairs(sheet: Make) -> None:
    document = sheet([["Trial report"], ["Sponsor:", "ACME", "Start:", 2024], ["State", "final"], [], ["Arm", "N"], ["A", 50]])
    assert lines(document)[1:] == ["h3 Trial report", "r Sponsor: ACME; Start: 2024", "r State: final", "r Arm: A; N: 50"]


def test_bold_names_over_text_are_names_and_a_bold_line_among_rows_heads_the_next_ones(sheet: Make) -> None:
    def change(made: object) -> None:
        for cell in (*made[1], made["A3"]):
            cell.font = Font(bold=True)

    rows = [["Drug", "Route"], ["BCG", "bladder"], ["Tablets"], ["Aspirin", "mouth"]]
    assert lines(sheet(rows, change))[1:] == ["r Drug: BCG; Route: bladder", "h4 Tablets", "r Drug: Aspirin; Route: mouth"]


def test_the_file_says_itself_where_a_table_begins(sheet: Make) -> None:
    def change(made: object) -> None:
        made.add_table(Table(displayName="Doses", ref="A1:B3"))

    document = sheet([["1st", "2nd."], ["BCG", "x"], ["BCG", "y"]], change)
    assert lines(document)[1:] == ["r 1st: BCG; 2nd.: x", "r 1st: BCG; 2nd.: y"]


def test_a_long_row_is_written_as_several_that_each_say_whose_they_are(sheet: Make) -> None:
    names = ["Patient", *(f"Measurement {number}" for number in range(60))]
    document = sheet([names, ["P-001", *range(60)]])
    rows = lines(document)[1:]
    assert len(rows) > 2
    assert all(row.startswith("r Patient: P-001; Measurement ") and len(row) < 450 for row in rows)
    assert re.findall(r"Measurement (\d+): \1\b", " ".join(rows)) == [str(number) for number in range(60)]


def test_prose_in_a_cell_can_be_quoted_by_sentences(sheet: Make) -> None:
    prose = "The patient was seen. " * 20
    document = sheet([["Patient", "Age", "Course"], ["P-001", 70, prose], ["P-002", 71, "well"]])
    assert lines(document)[1] == "r Patient: P-001; Age: 70"
    assert lines(document)[2].startswith("p Course: The patient was seen. The")
    quotes = [document.text[slice(*span)] for passage in split_passages(document) for span in passage.sentences]
    assert "The patient was seen." in quotes


# Text and numbers


def test_an_exponent_stays_one(sheet: Make) -> None:
    text = CellRichText("above 10", TextBlock(InlineFont(vertAlign="superscript"), "9"), "/L")
    assert lines(sheet([["Leucocytes", "Value"], ["P-001", text]]))[-1].endswith("above 10⁹/L")


def test_a_workbook_that_counts_days_from_1904_has_the_same_dates(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = datetime.datetime(1904, 1, 1)
    book.active.append(["Visit", "Date"])
    book.active.append(["First", datetime.date(2024, 3, 5)])
    book.save(tmp_path / "mac.xlsx")
    assert lines(load_document(tmp_path / "mac.xlsx"))[1:] == ["r Visit: First; Date: 2024-03-05"]


def test_charts_and_pictures_are_noted(sheet: Make) -> None:
    def change(made: object) -> None:
        chart = BarChart()
        chart.add_data(Reference(made, min_col=2, min_row=1, max_row=2), titles_from_data=True)
        made.add_chart(chart, "E5")

    document = sheet([["Year", "N"], [2019, 5]], change)
    assert document.skipped == (Skipped("1 chart, whose numbers are read where they stand in cells", 1),)


def test_the_strict_form_of_the_format_reads_the_same(trial: Document) -> None:
    old, new = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    packed = io.BytesIO()
    with zipfile.ZipFile(DATA / "trial.xlsx") as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            for word in (b"spreadsheetml", b"officeDocument"):
                content = content.replace(old + word + b"/2006", new + word)
            target.writestr(name, content)
    assert read(packed.getvalue(), "trial.xlsx", DEFAULT_LIMITS).text == trial.text


# Size and damage


def test_a_row_far_below_does_not_take_long(sheet: Make) -> None:
    def change(made: object) -> None:
        made.cell(1_048_576, 16_384).value = "the last cell"

    assert lines(sheet([["the first cell"]], change))[1:] == ["p the first cell", "p the last cell"]


def test_a_text_beyond_the_limit_is_refused_while_it_grows(sheet: Make, tmp_path: Path) -> None:
    sheet([["Drug", "Dose"], *(["BCG", number] for number in range(1000))])
    with pytest.raises(DocumentError, match="at most 1,000 are read"):
        load_document(tmp_path / "made.xlsx", limits=replace(DEFAULT_LIMITS, characters=1000))


def test_too_many_sheets_are_refused() -> None:
    with pytest.raises(DocumentError, match="5 sheets, and at most 4"):
        load_document(DATA / "trial.xlsx", limits=replace(DEFAULT_LIMITS, pages=4))


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(DocumentError, match="no words"):
        load_document(tmp_path / "empty.xlsx")


def test_a_damaged_workbook_is_read_or_refused() -> None:
    whole = (DATA / "trial.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    chance = random.Random(5)
    refused = 0
    for turn in range(150):
        if turn % 3 == 0:
            data = whole[: chance.randrange(len(whole))]
        else:
            changed = dict(parts)
            name = chance.choice(list(parts))
            if turn % 3 == 1:
                content = bytearray(parts[name])
                content[chance.randrange(len(content))] = chance.randrange(256)
                changed[name] = bytes(content)
            else:  # well-formed still, with a value that makes no sense
                values = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<]+(?=<)', parts[name]))
                at = chance.choice(values)
                odd = chance.choice([b"", b"-1", b"99999999999999999999", b"1e999", b"nan", b"A1:XFD1048576", b"x"])
                changed[name] = parts[name][: at.start()] + odd + parts[name][at.end() :]
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                for one, content in changed.items():
                    archive.writestr(one, content)
            data = packed.getvalue()
        try:
            read(data, "trial.xlsx", DEFAULT_LIMITS)
        except DocumentError:
            refused += 1
    assert 50 <= refused < 150
