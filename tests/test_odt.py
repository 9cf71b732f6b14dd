"""OpenDocument texts: order, headings, lists, tables, notes, objects, and pages only where they are sure."""

import pytest
from word_checks import BY_LIBREOFFICE, WORD, check_damaged, check_offsets, lines, pages_of, reasons
from wordfiles import pack

from corpus.errors import DocumentError
from corpus.formats.odt import read
from corpus.limits import Limits

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for prefix, space in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "meta": "meta",
    }.items()
)
BULLETS = (
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>'
)
NUMBERS = (
    '<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="i" style:num-suffix=")" text:display-levels="2"/>'
    "</text:list-style>"
)
BREAK = (
    '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style>'
)


def odt_file(body, styles="", pages=None, **more):
    members = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        **more,
    }
    if pages is not None:
        counted = f'<meta:document-statistic meta:page-count="{pages}"/>'
        members["meta.xml"] = f"<office:document-meta {SPACES}>{counted}</office:document-meta>"
    return pack(members)


def read_body(body, styles="", pages=None):
    return read(odt_file(body, styles, pages), "a.odt", Limits())


def test_what_libreoffice_writes_is_read_in_its_order():
    extract = read((WORD / "libreoffice.odt").read_bytes(), "libreoffice.odt", Limits())
    assert lines(extract) == BY_LIBREOFFICE
    assert reasons(extract) == ["the table of contents, which repeats the headings", "one hidden word or passage"]
    check_offsets(WORD / "libreoffice.odt")


def test_what_pandoc_writes():
    extract = read((WORD / "pandoc.odt").read_bytes(), "pandoc.odt", Limits())
    assert lines(extract) == [
        "h0 Guide to BCG",
        "h1 Introduction",
        "p BCG is used.¹ It works in bladder cancer, at 10⁶ cells. The second sentence.",
        "i0 ¹ A note about BCG.",
        "h2 Dosing",
        "i0 1. First",
        "i0 2. Second",
        "i2 a. Sub a",
        "i2 b. Sub b",
        "p A continued paragraph.",
        "i0 3. Third",
        "i0 • bullet",
        "i2 • nested",
        "i0 • another",
        "p A quotation in a block.",
        "c def f(x):\n    return x",
        "p Doses of drugs",
        "r Drug: BCG; Dose: 5 mg; Route: oral",
        "r Drug: IL-2; Dose: 10 mg; Route: iv",
        "p Line one line two, with “quotes”, café, Ω and 漢字.",
    ]


def test_the_pages_of_short_pages_are_those_of_libreoffices_own_pdf():
    document = check_offsets(WORD / "pages.odt")
    printed = (WORD / "pages.txt").read_text().split("\f")[:-1]
    assert len(document.pages) == len(printed) == 3
    for number, page in enumerate(printed, 1):
        for line in page.split("\n"):
            if line:
                assert pages_of(document, line) == number


def test_pages_are_left_out_where_they_are_not_sure():
    two = "<text:p>One.</text:p>" + '<text:p text:style-name="P">Two.</text:p>'
    assert len(read_body(two, BREAK, pages=2).pages) == 2
    assert read_body(two, BREAK).pages == ()  # nobody counted
    assert read_body(two, BREAK, pages=3).pages == ()
    assert read_body(two + "<text:p>a<text:soft-page-break/>b</text:p>", BREAK, pages=2).pages == ()
    assert read_body(two + f"<text:p>{'long ' * 400}</text:p>", BREAK, pages=2).pages == ()  # it may not fit


def test_lists_go_on_and_begin_anew():
    one = "<text:list-item><text:p>{}</text:p>{}</text:list-item>"
    inner = f"<text:list>{one.format('Sub', '')}{one.format('Sub', '')}</text:list>"
    first = f'<text:list xml:id="l" text:style-name="N">{one.format("A", inner)}{one.format("B", "")}</text:list>'
    going_on = f'<text:list text:style-name="N" text:continue-list="l">{one.format("C", "")}</text:list>'
    anew = f'<text:list text:style-name="N">{one.format("D", "<text:p>More of D.</text:p>")}</text:list>'
    seventh = '<text:list-item text:start-value="7"><text:p>E</text:p></text:list-item>'
    set_to = f'<text:list text:style-name="N">{seventh}</text:list>'
    bullets = f'<text:list text:style-name="B">{one.format("F", "")}</text:list>'
    assert lines(read_body(first + "<text:p>Text.</text:p>" + going_on + anew + set_to + bullets, NUMBERS + BULLETS)) == [
        "i0 1. A",
        "i2 1.i) Sub",
        "i2 1.ii) Sub",
        "i0 2. B",
        "p Text.",
        "i0 3. C",
        "i0 1. D",
        "p More of D.",
        "i0 7. E",
        "i0 • F",
    ]


def test_spaces_deletions_comments_and_repeated_cells():
    deleted = "<text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region>"
    changes = f"<text:tracked-changes>{deleted}</text:tracked-changes>"
    comment = "<office:annotation><text:p>no</text:p></office:annotation>"
    words = f'<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d\n   e{comment}</text:p>'
    header = "<table:table-header-rows><table:table-row>{}</table:table-row></table:table-header-rows>"
    named = "".join(f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in ("Drug", "Day 1", "Day 2"))
    twice = '<table:table-cell table:number-columns-repeated="2"><text:p>5 mg</text:p></table:table-cell>'
    same = f"<table:table-cell><text:p>BCG</text:p></table:table-cell>{twice}"
    body = changes + words + f"<table:table>{header.format(named)}<table:table-row>{same}</table:table-row></table:table>"
    extract = read_body(body)
    assert lines(extract) == ["p a b c d e", "r Drug: BCG; Day 1: 5 mg; Day 2: 5 mg"]
    assert reasons(extract) == ["one comment"]


def test_formulas_and_charts_are_read_and_other_objects_said_to_be_missing():
    frame = '<draw:frame><draw:object xlink:href="./{}" xmlns:xlink="http://www.w3.org/1999/xlink"/><draw:image/></draw:frame>'
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mn>2</mn></mfrac></math>'
    body = f"<text:p>Half is {frame.format('Object 1')}. {frame.format('Object 2')}{frame.format('Object 3')}</text:p>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    numbers = "".join(
        f"<table:table-row>{''.join(map(cell.format, texts))}</table:table-row>" for texts in (("", "BCG"), ("Week 1", "12"))
    )
    title = "<chart:title><text:p>Cells</text:p></chart:title>"
    chart = f"<chart:chart xmlns:chart='c'>{title}<table:table>{numbers}</table:table>"
    content = f"<office:document-content {SPACES}><office:body><office:chart>{chart}</chart:chart></office:chart></office:body>"
    more = {
        "Object 1/content.xml": formula,
        "Object 2/content.xml": f"{content}</office:document-content>",
        "Object 3/content.xml": "<broken",
    }
    extract = read(odt_file(body, **more), "a.odt", Limits())
    assert lines(extract) == ["p Half is a/2 .", "p Cells", "r Week 1; BCG: 12"]
    assert reasons(extract) == ["one embedded object"]


def test_a_file_with_a_password_is_said_to_have_one():
    entry = "<m:file-entry><m:encryption-data/></m:file-entry>"
    manifest = f"<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>{entry}</m:manifest>"
    with pytest.raises(DocumentError, match="protected by a password"):
        read(odt_file("", **{"META-INF/manifest.xml": manifest}), "a.odt", Limits())


def test_a_damaged_file_is_read_or_refused():
    assert "refused" in check_damaged(read, (WORD / "libreoffice.odt").read_bytes(), Limits())
