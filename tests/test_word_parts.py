"""The parts that the readers of Word, OpenDocument and RTF share: tables, formulas, symbols, numbers, pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from corpus.blocks import BlockKind
from corpus.formats.equations import write_equation
from corpus.formats.flow import HARD, SOFT, Breaks, Text, write
from corpus.formats.list_marks import Numerals, write_number
from corpus.formats.symbols import from_symbols
from corpus.formats.tables import MAX_COLUMNS, Cell, count_headers, is_layout, lay_out, row_pairs

OMML = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MATHML = "http://www.w3.org/1998/Math/MathML"


def grid(*rows, bold=()):
    return lay_out([[Cell(text=text, is_bold=text in bold) for text in row] for row in rows])


@pytest.mark.parametrize(
    ("number", "numerals", "written"),
    [
        (3, Numerals.DECIMAL, "3"),
        (26, Numerals.LOWER_LETTER, "z"),
        (28, Numerals.UPPER_LETTER, "BB"),
        (1994, Numerals.LOWER_ROMAN, "mcmxciv"),
        (9, Numerals.UPPER_ROMAN, "IX"),
        (0, Numerals.LOWER_ROMAN, "0"),
        (7, Numerals.TWO_DIGITS, "07"),
    ],
)
def test_numbers_are_written_as_lists_have_them(number, numerals, written):
    assert write_number(number, numerals) == written


def test_letters_of_symbol_fonts():
    assert from_symbols("abm \uf0b1\uf0a3", "Symbol") == "αβμ ±≤"
    assert from_symbols("\uf0fc\uf0fb", "Wingdings") == "✓✗"
    assert from_symbols("\uf041", "Wingdings") == "\N{REPLACEMENT CHARACTER}"
    assert from_symbols("abc", "Arial") == "abc"


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("<f><num><r><t>a+b</t></r></num><den><r><t>2</t></r></den></f>", "(a+b)/2"),
        ("<sSup><e><r><t>x</t></r></e><sup><r><t>2</t></r></sup></sSup>", "x²"),
        ("<sSup><e><r><t>e</t></r></e><sup><r><t>kt</t></r></sup></sSup>", "e^kt"),
        ("<sSub><e><r><t>C</t></r></e><sub><r><t>max</t></r></sub></sSub>", "C_max"),
        ("<rad><deg/><e><r><t>n-1</t></r></e></rad>", "√(n-1)"),
        ('<d><dPr><begChr xmlns:m="{0}" m:val="["/></dPr><e><r><t>0</t></r></e><e><r><t>1</t></r></e></d>', "[0, 1)"),
        ("<unknown><r><t>kept</t></r></unknown>", "kept"),
    ],
)
def test_words_formulas_on_one_line(formula, written):
    assert write_equation(etree.fromstring(f'<oMath xmlns="{OMML}">{formula.format(OMML)}</oMath>')) == written


def test_mathml_on_one_line():
    formula = (
        "<mi>y</mi><mo>=</mo><msqrt><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></msqrt>"
        "<annotation>no</annotation>"
    )
    assert write_equation(etree.fromstring(f'<math xmlns="{MATHML}">{formula}</math>')) == "y = √(a/(b + 1))"


@given(st.lists(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=6), max_size=6))
def test_every_cell_has_its_place_in_a_grid(shape):
    rows = [[Cell(text="x", columns=columns, rows=high) for columns, high in row] for row in shape]
    laid = lay_out(rows)
    assert len(laid) == len(rows) and len({len(line) for line in laid}) <= 1
    for row, line in zip(rows, laid, strict=True):
        assert [id(cell) for cell in row] == [key for key in dict.fromkeys(map(id, line)) if key in set(map(id, row))]


def test_a_cell_of_endless_width_is_cut():
    assert len(lay_out([[Cell(text="a", columns=10**9)]])[0]) == MAX_COLUMNS


def test_which_rows_name_the_columns():
    assert count_headers(grid(("Drug", "Dose"), ("BCG", "5 mg"), ("IL-2", "9 mg")), 0) == 1
    assert count_headers(grid(("Drug", "Dose"), ("BCG", "5 mg"), ("IL-2", "9 mg")), 2) == 2  # as the file says
    assert count_headers(grid(("Name:", "Anna"), ("Age:", "34")), 0) == 0
    assert count_headers(grid(("Name", "Anna"), ("Age", "34"), ("Sex", "f")), 0) == 0
    assert count_headers(grid(("Name", "Anna"), ("Town", "Bonn"), bold=("Name", "Town")), 0) == 0
    assert count_headers(grid(("12", "13", "14"), ("15", "16", "17")), 0) == 0
    assert count_headers(grid(("Site", "2019", "2020"), ("A", "16", "17")), 0) == 1


def test_what_only_arranges_text_is_no_table():
    assert is_layout(grid(("alone",)))
    assert is_layout(grid(("a", ""), ("b", "")))
    assert is_layout(grid(("a " * 400, "b " * 400), ("c", "d")))
    assert not is_layout(grid(("a", "b"), ("c", "d")))


def test_a_form_names_each_row_by_its_label():
    assert row_pairs(grid(("Dose", "5 mg"))[0], ["", ""], "") == [("Dose", "5 mg")]
    assert row_pairs(grid(("Dose", ""))[0], ["", ""], "Arm A") == [("", "Arm A"), ("", "Dose")]


def test_a_word_cut_by_a_page_stays_whole_and_a_space_stays_on_its_page():
    cut = Text(f"immuno{SOFT}therapy works {SOFT}well", BlockKind.ITEM, mark="•")
    extract = write([cut], Breaks.ALL).extract()
    assert extract.text == "• immunotherapy works well"
    assert [extract.text[start:end] for start, end in extract.pages] == ["• immuno", "therapy works ", "well"]
    assert extract.blocks[0].content == 2
    assert write([cut], Breaks.NONE).extract().pages == ()


def test_a_page_that_author_and_program_both_mark_is_one():
    flows = [Text("One."), Text(HARD), Text(f"{SOFT}Two."), Text(f"{SOFT}Three.")]
    assert write(flows, Breaks.ALL).pages == 3
    assert write(flows, Breaks.SOFT).pages == 3
    assert write([Text(f"One.{HARD}{HARD}Three.")], Breaks.ALL).pages == 3
