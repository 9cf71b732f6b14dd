"""HTML: the main text of pages, in blocks, as a browser would show it."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from word_checks import reasons

from corpus import Document, DocumentError, load_document, split_passages
from corpus.document import Extract
from corpus.formats.html import read
from corpus.limits import DEFAULT_LIMITS

DATA = Path(__file__).parent / "data" / "html"
PAGES = sorted((DATA / "pages").iterdir()) + sorted((DATA / "made").iterdir())
Blocks = list[tuple[str, str]]


def extract(markup: str | bytes) -> Extract:
    data = markup.encode() if isinstance(markup, str) else markup
    return read(data, "page.html", DEFAULT_LIMITS)


def blocks_of(found: Extract | Document) -> Blocks:
    return [(block.kind.value, found.text[block.start : block.end]) for block in found.blocks or ()]


def blocks(markup: str | bytes) -> Blocks:
    return blocks_of(extract(markup))


def page(name: str) -> Document:
    return load_document(DATA / name)


# Words and white space


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<b>a</b>b", "ab"),
        ("a <b> b</b>\n c", "a b c"),
        ("a<!-- x -->b", "ab"),
        ("one<br>two", "one two"),
        ("5&nbsp;mg &lt; 6&#160;mg &mdash; x", "5 mg < 6 mg — x"),
        ("fi\ufb01 so\xadft", "fifi soft"),
        ("<q>yes</q>", "“yes”"),
        ("10<sup>6</sup> and 10<sup>-3</sup> m<sup>2</sup>", "10⁶ and 10⁻³ m²"),
        ("H<sub>2</sub>O, CD8<sup>+</sup>, Ca<sup>2+</sup>", "H2O, CD8+, Ca2+"),
        ("<sup>18</sup>F-FDG and the 1<sup>st</sup>", "18F-FDG and the 1st"),
        ("aspirin<sup>a</sup> and cells<sup>12</sup>", "aspirin ᵃ and cells ¹²"),
        ('Done.<sup><a href="#n1">1</a>,<a href="#n2">2</a></sup> Next', "Done.¹,² Next"),
        ("a<script>x</script><style>y</style><template>z</template><noscript>n</noscript>b", "ab"),
        ('a<span style="display: none">x</span><span hidden>y</span><span class="sr-only">z</span>b', "ab"),
        ('a <i aria-hidden="true">seen</i> b', "a seen b"),
        ("<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>", "a/b"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
    ],
)
def test_the_words_of_a_paragraph_are_those_a_browser_shows(inside: str, words: str) -> None:
    assert blocks(f"<p>{inside}</p>") == [("paragraph", words)]


@pytest.mark.parametrize(
    "markup",
    [
        "<style>p { color: red }</style><section><h2>One</h2><p>Two.</p></section><p>Three.</p>",
        "<!doctype html><title>One</title><meta charset=utf-8><section><h2>One</h2><p>Two.</p></section> <p>Three.</p>",
        "<html><head><link rel=icon><article><h2>One</h2>Two.</article>Three.</html>",
    ],
)
def test_a_page_that_does_not_say_where_its_body_begins_is_read_whole(markup: str) -> None:
    assert blocks(markup) == [("heading", "One"), ("paragraph", "Two."), ("paragraph", "Three.")]


def test_superscript_by_a_class_or_style_is_superscript_too() -> None:
    css = "<style>.c3{color:red;vertical-align:super}</style>"
    assert blocks(f'{css}<p>10<span class="c3">6</span> 10<i style="vertical-align:super">9</i>') == [("paragraph", "10⁶ 10⁹")]


def test_struck_out_text_is_left_out_and_said_so() -> None:
    found = extract("<p>Give <del>50</del> 5 mg.</p>")
    assert found.text == "Give 5 mg."
    assert reasons(found) == ["struck-out text"]


def test_an_empty_line_of_brs_parts_paragraphs_and_lines_with_bullets_are_items() -> None:
    assert blocks("<div>one<br><br>two<br>still two</div>") == [("paragraph", "one"), ("paragraph", "two still two")]
    assert blocks("<p>• a<br>• b</p>") == [("item", "• a"), ("item", "• b")]


def test_text_around_blocks_is_kept_in_its_order() -> None:
    markup = "<div>before<p>inside</p>after<div><span>deep</span></div>end</div>"
    assert [text for _, text in blocks(markup)] == ["before", "inside", "after", "deep", "end"]


# Lists


def test_lists_keep_their_numbers_and_their_depth() -> None:
    markup = """<ol start="3" type="a"><li>x<ul><li>y<ol><li value="7">z</ol></ul><li>w</ol>
        <ol reversed><li>two<li>one</ol><ol type="I"><li>r</ol>"""
    found = extract(markup)
    assert blocks_of(found) == [
        ("item", "c. x"),
        ("item", "• y"),
        ("item", "7. z"),
        ("item", "d. w"),
        ("item", "2. two"),
        ("item", "1. one"),
        ("item", "I. r"),
    ]
    assert [block.level for block in found.blocks or ()] == [0, 2, 4, 0, 0, 0, 0]
    first, bullet = (found.blocks or ())[:2]
    assert found.text[first.content : first.end] == "c. x" and found.text[bullet.content : bullet.end] == "y"


def test_a_second_paragraph_of_an_item_is_a_paragraph() -> None:
    assert blocks("<ul><li><p>one</p><p>more</p><li>two</ul>") == [("item", "• one"), ("paragraph", "more"), ("item", "• two")]


def test_a_term_stands_with_its_description() -> None:
    markup = "<dl><dt>Half-life<dd>6 hours.<dt>A<dt>B<dd>Both.<dd>More.<dt>What is it?<dd>A drug.<dt>Alone</dl>"
    assert [text for _, text in blocks(markup)] == [
        "Half-life: 6 hours.",
        "A, B: Both.",
        "More.",
        "What is it? A drug.",
        "Alone",
    ]


# Tables


def test_each_row_has_the_names_of_its_columns() -> None:
    markup = """<table><caption>Doses</caption>
        <thead><tr><th rowspan=2>Drug<th colspan=2>Dose</tr><tr><th>Adult<th>Child</thead>
        <tfoot><tr><td colspan=3>Ask a doctor.</tfoot>
        <tr><td>A<td>1<td>2<tr><td rowspan=2>B<td colspan=2>5<tr><td>7<td></table>"""
    assert blocks(markup) == [
        ("paragraph", "Doses"),
        ("row", "Drug: A; Dose Adult: 1; Dose Child: 2"),
        ("row", "Drug: B; Dose Adult: 5; Dose Child: 5"),
        ("row", "Drug: B; Dose Adult: 7"),
        ("row", "Ask a doctor."),
    ]


def test_a_line_over_all_columns_names_the_group_of_the_rows_below_it() -> None:
    markup = """<table><tr><th>Drug<th>Dose<tr><th colspan=2>Adults<tr><td>A<td>5 mg<tr><td colspan=2>Children<tr><td>A<td>1 mg
        </table>"""
    texts = ["Adults", "Adults; Drug: A; Dose: 5 mg", "Children", "Children; Drug: A; Dose: 1 mg"]
    assert blocks(markup) == [("row", text) for text in texts]


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ("<tr><th>Name<td>Aspirin<tr><th>Dose<td>5 mg", ["Name: Aspirin", "Dose: 5 mg"]),
        ("<tr><td>Drug<td>Dose<tr><td>A<td>5<tr><td>B<td>7", ["Drug: A; Dose: 5", "Drug: B; Dose: 7"]),
        ("<tr><td><b>Drug</b><td><b>Use</b><tr><td>A<td>pain", ["Drug: A; Use: pain"]),
        ("<tr><td>A<td>pain<tr><td>B<td>fever", ["A; pain", "B; fever"]),
        ("<tr><th>Drug<th>Use<tr><td>A<td><ul><li>pain<li>fever</ul>", ["Drug: A; Use: pain, fever"]),
        ("<tr><th>A<th>B<tr><td>1<td>2<tr><th>C<th>D<tr><td>3<td>4", ["A: 1; B: 2", "C: 3; D: 4"]),
    ],
)
def test_names_come_from_header_cells_or_a_first_row_that_reads_like_one(rows: str, texts: list[str]) -> None:
    assert blocks(f"<table>{rows}</table>") == [("row", text) for text in texts]


@pytest.mark.parametrize(
    "markup",
    [
        "<table role=presentation><tr><td>one<td>two<tr><td>three<td>four</table>",
        "<table><tr><td>one<tr><td>two<tr><td>three<tr><td>four</table>",
        "<table><tr><td>one<td>two<td><table><tr><td>three</table><td>four</table>",
        "<table><tr><td>one<td>two<td>three<td>four</table>",
    ],
)
def test_a_table_that_lays_out_a_page_is_no_table(markup: str) -> None:
    assert blocks(markup) == [("paragraph", word) for word in ("one", "two", "three", "four")]


def test_the_caption_goes_with_every_passage_of_a_long_table(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>Drug number {n}<td>{n} mg a day, in two parts" for n in range(40))
    path = tmp_path / "long.html"
    path.write_text(f"<h1>Doses</h1><table><caption>Table 1. Daily doses</caption><tr><th>Drug<th>Dose{rows}</table>")
    first, *others = split_passages(load_document(path))
    assert first.heading == "Doses" and "Table 1. Daily doses" in first.text
    assert len(others) > 2 and {passage.heading for passage in others} == {"Doses › Table 1. Daily doses"}


# Headings, code, encodings


def test_the_title_is_the_heading_where_no_heading_says_it() -> None:
    assert blocks("<title>Asthma</title><p>x</p>") == [("heading", "Asthma"), ("paragraph", "x")]
    assert blocks("<title>Asthma | Site</title><h1>Asthma</h1><p>x</p>") == [("heading", "Asthma"), ("paragraph", "x")]
    assert blocks("<title>Asthma</title><p>Asthma</p><p>x</p>") == [("heading", "Asthma"), ("paragraph", "x")]
    assert blocks("<title>Site</title><h1>Asthma</h1>x") == [("heading", "Site"), ("heading", "Asthma"), ("paragraph", "x")]


def test_short_bold_paragraphs_are_headings_only_where_there_are_no_others() -> None:
    assert blocks("<p><b>Dose</b></p><p>5 mg.</p>") == [("heading", "Dose"), ("paragraph", "5 mg.")]
    assert blocks("<h1>Drug</h1><p><b>Dose</b></p><p>5 mg.</p>")[1] == ("paragraph", "Dose")


def test_code_keeps_its_lines_and_a_page_that_is_one_pre_is_plain_text() -> None:
    assert blocks("<p>x</p><pre>a\n  b<b>c</b><br>d</pre>")[1] == ("code", "a\n  bc\nd")
    found = extract("<html><head></head><body><pre>Basic Information\n\n- an item &amp; more\n</pre></body></html>")
    assert (found.text, found.blocks) == ("Basic Information\n\n- an item & more\n", None)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset=windows-1252><p>5 € — ok".encode("cp1252"), "5 € — ok"),
        ("<meta charset=iso-8859-1><p>5 € ok".encode("cp1252"), "5 € ok"),
        ("<meta charset=iso-8859-1><p>5 € ok".encode(), "5 € ok"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>免疫'.encode("shift_jis"), "免疫"),
        ('<?xml version="1.0" encoding="koi8-r"?><html><p>доза</p></html>'.encode("koi8-r"), "доза"),
        ("<p>免疫".encode("utf-16"), "免疫"),
        (b"\xef\xbb\xbf<meta charset=ascii><p>\xe2\x82\xac", "€"),
        (b"<meta charset=rot13><p>plain", "plain"),
        ("<p>Dosis für Ältere: täglich 5 mg, über Wochen.".encode("cp1252"), "Dosis für Ältere: täglich 5 mg, über Wochen."),
    ],
)
def test_the_encoding_is_the_marked_the_named_or_the_likeliest_one(data: bytes, text: str) -> None:
    assert extract(data).text == text


def test_xhtml_is_read_with_its_empty_elements_and_cdata() -> None:
    markup = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x"/></head>'
    assert blocks(markup + "<body><p>a<br/>b<a id='x'/> <![CDATA[c < d]]></p></body></html>") == [("paragraph", "a b c < d")]


# Pages: what stands around their text


def test_a_health_topic_page_is_its_article() -> None:
    found = page("pages/medline.html")
    assert blocks_of(found) == [
        ("heading", "Asthma"),
        ("heading", "Summary"),
        ("heading", "What is asthma?"),
        (
            "paragraph",
            "Asthma is a chronic (long-term) lung disease. It affects your airways, the tubes that carry air in and out of "
            "your lungs.",
        ),
        ("paragraph", "When you have asthma, your airways can become inflamed and narrowed. This can cause:"),
        ("item", "• Wheezing"),
        ("item", "• Coughing"),
        ("item", "• Tightness in your chest"),
        ("heading", "Social support"),
        (
            "paragraph",
            "People who talk with others about their asthma keep to their treatment more often, and feel less alone with it.",
        ),
        ("heading", "Treatments"),
        (
            "paragraph",
            "There are quick-relief medicines and long-term control medicines. If your symptoms get worse, call your doctor.",
        ),
        ("heading", "Who is at risk?"),  # what a click opens
        ("paragraph", "People with allergies, and children whose parents smoke, get asthma more often than others do."),
        ("paragraph", "Medicines for asthma"),
        ("row", "Medicine: Albuterol; Use: Quick relief"),
        ("row", "Medicine: Budesonide; Use: Every day"),
    ]
    assert re.fullmatch(r"menus, links and other text around the main text \(\d{3} characters\)", reasons(found)[-1])


@pytest.mark.parametrize(
    ("name", "kept", "left_out"),
    [
        ("wikipedia.html", ["immune system.[1] It is", "Not to be confused", "1. Fulton"], ["edit", "Deutsch", "^"]),
        ("pmc.html", ["Concurrent; Cohort: 2; Response n: 17; Response %: 53", "Hodi FS"], ["Log in", "Rockville"]),
        ("blog.html", ["1. Never stop", "— my grandmother", "I use the same cream"], ["Share", "email", "vitamins", "Press"]),
        ("news.html", ["4,800 children", "12 of 100", "Photograph"], ["842 partners", "Ten ways", "Subscribe", "Topics"]),
        ("docs.html", ["dose(weight, unit='kg'): Return the dose", "navigates by organ"], ["Quick search", "¶", "Sphinx"]),
        ("forum.html", ["500 mg in the evening.", "Thanks!", "by drjones » 4 May 2020"], ["Register", "Quick reply", "Page 1"]),
        ("newsletter.html", ["Trial: KEYNOTE-42; Patients: 1,274", "€3,000 a month — and"], ["Unsub", "browser", "should"]),
        ("shop.html", ["Volume: 175 ml", "Replace it", "Do not boil it."], ["Masks", "Quantity", "Imprint", "basket"]),
        ("faq.html", ["Questions about dialysis", "Anaemia and bone disease"], ["Contact", "©"]),
        ("fragment.html", ["• Second: it is unclosed", "The end — of it."], []),
    ],
)
def test_the_text_of_a_page_is_kept_and_what_stands_around_it_is_not(name: str, kept: list[str], left_out: list[str]) -> None:
    text = page(f"pages/{name}").text
    assert [words for words in kept if words not in text] == []
    assert [words for words in left_out if words in text] == []


def test_no_word_of_the_main_text_of_any_page_is_lost_but_marks_of_notes() -> None:
    for path in PAGES:
        source = path.read_bytes().decode("cp1252" if path.name in ("newsletter.html", "word.htm") else "utf-8")
        text = re.sub(r"\W", "", load_document(path).text)
        for inside in re.findall(r"<!--main-->(.*?)<!--/main-->", source, re.DOTALL):
            for paragraph in re.findall(r"<p\b[^>]*>([^<&]{20,})</p>", inside):
                assert re.sub(r"\W", "", paragraph) in text, (path.name, paragraph)


def test_a_page_of_links_alone_is_read() -> None:
    markup = "<ul>" + "".join(f"<li><a href=/{n}>Leaflet number {n}</a></li>" for n in range(9)) + "</ul>"
    assert blocks(markup)[8] == ("item", "• Leaflet number 8")


def test_pictures_and_players_are_noted() -> None:
    found = extract("<p>x</p><img src=a><img src=b><img width=1 height=1 src=t><video src=c></video>")
    assert reasons(found) == ["2 pictures without text", "a video, sound or embedded page"]


def test_a_document_of_word_keeps_its_lists_and_its_table() -> None:
    assert blocks_of(page("pages/word.htm")) == [
        ("heading", "Ward protocol"),
        ("heading", "Infusion"),
        ("paragraph", "Start the infusion at 25 ml/h. Watch the patient forty minutes.[1]"),
        ("item", "• Check the line."),
        ("item", "• Flush it first."),
        ("item", "1. Write down the time."),
        ("row", "Drug: Rituximab; Rate (ml/h): 25"),
        ("row", "Drug: Saline; Rate (ml/h): 100"),
        ("paragraph", "[1] Two nurses on night duty."),
    ]


GUIDE = [
    ("heading", "Basics"),
    (
        "paragraph",
        "Checkpoint inhibitors release the brakes of T cells.¹ They act on PD-1, PD-L1 and CTLA-4. A count of 10⁶ cells per "
        "ml, H2O and x².",
    ),
    ("heading", "How they are given"),
    ("item", "1. First, blood is taken."),
    ("item", "2. Then the infusion runs:"),
    ("item", "• over 30 minutes,"),
    ("item", "• or over 60 minutes for the first dose."),
    ("paragraph", "A nurse stays in the room."),
]


@pytest.mark.parametrize("name", ["pandoc.html", "libreoffice.html"])
def test_what_converters_write_is_read_alike(name: str) -> None:
    found = blocks_of(page(f"made/{name}"))
    assert found[0] == ("heading", "Immune checkpoint inhibitors: a short guide")
    assert found[3:11] == GUIDE
    assert ("row", "Drug: Ipilimumab; Target: CTLA-4; Dose: 3 mg/kg") in found
    assert ("code", "def dose(weight):\n    return 3 * weight") in found
    assert ("paragraph", "New advice: call the ward.") in found
    assert found[-1][1] in ("1. James Allison and Tasuku Honjo found them.", "1 James Allison and Tasuku Honjo found them.")


def test_broken_markup_is_read_as_chromium_mends_it() -> None:
    found = blocks_of(page("pages/broken.html"))
    assert found == blocks_of(page("made/chromium.html"))
    assert found[:3] == [("heading", "Broken markup"), ("paragraph", "One"), ("paragraph", "Two bold both italic end")]
    assert ("row", "Drug: B; Dose: 7 mg") in found and found[-1] == ("item", "T, U: D")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_sentence_of_every_passage_is_a_quote_of_the_text(path: Path) -> None:
    document = load_document(path)
    passages = split_passages(document)
    quotes = [document.text[start:end] for passage in passages for start, end in passage.sentences]
    assert quotes and all(quote == quote.strip() for quote in quotes)
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text and passage.page is None
        assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)


# Hostile input


@pytest.mark.parametrize("markup", ["<div>" * 100_000 + "x", "<p>" + "<b>" * 100_000 + "x"])
def test_nesting_beyond_all_use_is_refused(markup: str) -> None:
    with pytest.raises(DocumentError, match="nested more than 2,000 deep"):
        extract(markup)


def test_nesting_that_the_parser_follows_is_read() -> None:
    assert extract("<div>" * 1_900 + "x" + "</div>" * 1_900 + "<p>y").text == "x\n\ny"
    assert extract("<table><tr><th>a<th>b<tr><td>c<td>" * 200 + "x").text.endswith("x")


@pytest.mark.parametrize("data", [b"", b"  \n", b"<!-- x -->", b"<html></html>", b"<title></title>"])
def test_a_page_without_words_has_none(data: bytes) -> None:
    assert extract(data).text == ""


def test_damaged_pages_are_read_or_refused() -> None:
    chance = random.Random(5)
    for _ in range(150):
        data = bytearray(chance.choice(PAGES).read_bytes())
        if chance.random() < 0.4:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(20)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = extract(bytes(data))
        except DocumentError:
            continue
        assert all(found.text[b.start : b.end].strip() and b.start <= b.content <= b.end for b in found.blocks or ())


def test_spans_that_lie_do_not_fill_the_memory() -> None:
    rows = "<tr>" + "<td rowspan=65534 colspan=1000>x" * 50
    assert len(extract(f"<table>{rows}{'<tr><td>y' * 500}</table>").text) < 1_000_000


def test_the_mark_that_libreoffice_writes_into_an_item_is_not_said_twice() -> None:
    label = '<span style="display:block;float:left">{}</span>'
    markup = f"<ol><li><p>{label.format('1.')}Lift the leg.</p></li><li><p>2.5 mg at night</p></li></ol>"
    assert blocks(markup) == [("item", "1. Lift the leg."), ("item", "2. 2.5 mg at night")]
    assert blocks(f"<ul><li><p>{label.format('•')}Rest</p></li></ul>") == [("item", "• Rest")]
    assert blocks("<ol type=a><li>a.m. only</li></ol>") == [("item", "a. a.m. only")]
