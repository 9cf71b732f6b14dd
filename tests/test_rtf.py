"""RTF: letters in all their spellings, order, headings, lists, tables, notes."""

import re

import pytest
from word_checks import BY_LIBREOFFICE, WORD, check_damaged, check_offsets, lines, reasons

from corpus.errors import DocumentError
from corpus.formats.rtf import read
from corpus.limits import Limits

FONTS = r"{\fonttbl{\f0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset204 Arial Cyr;}{\f3\fcharset128 MS Mincho;}}"
STYLES = r"{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2\outlinelevel1 Abschnitt;}{\s3 toc 1;}{\*\cs4 Title;}}"


def read_body(body):
    return read(rf"{{\rtf1\ansi\ansicpg1252{FONTS}{STYLES}{body}}}".encode("latin-1"), "a.rtf", Limits())


def test_what_libreoffice_writes_is_read_in_its_order():
    extract = read((WORD / "libreoffice.rtf").read_bytes(), "libreoffice.rtf", Limits())
    joined, rest = "A paragraph that was joined to this one.", "joined to this one."  # what stood before is marked as deleted
    assert lines(extract) == [line.replace(joined, rest) for line in BY_LIBREOFFICE]
    check_offsets(WORD / "libreoffice.rtf")


def test_the_words_are_those_of_libreoffices_own_text():
    """Its text has what is deleted and hidden besides; notes and boxes are left out of it."""
    text = read((WORD / "libreoffice.rtf").read_bytes(), "libreoffice.rtf", Limits()).text
    theirs = set(re.findall(r"[A-Za-z]{2,}", (WORD / "libreoffice.txt").read_text("utf-8-sig")))
    ours = set(re.findall(r"[A-Za-z]{2,}", text))
    assert theirs - ours == {"Not", "for", "print"}
    assert ours - theirs == {"live", "vaccine", "Keep", "vials", "cold"}


def test_what_pandoc_writes():
    extract = read((WORD / "pandoc.rtf").read_bytes(), "pandoc.rtf", Limits())
    assert lines(extract)[1:] == [
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
        "p def f(x): return x",
        "r Drug: BCG; Dose: 5 mg; Route: oral",
        "r Drug: IL-2; Dose: 10 mg; Route: iv",
        "p Doses of drugs",
        "p Line one line two, with “quotes”, café, Ω and 漢字.",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"caf\'e9 \u8364\'80 \u8364?5", "café € €5"),
        (r"\uc2\u946\'e2\'e2 x\uc0\u947 y", "β xγy"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"{\f1 a\'b1\u61538?} b", "α±β b"),
        (r"{\f2 \'c4\'e0}", "Да"),
        (r"{\f3 \'93\'fa\'96\'7b}", "日本"),
        (r"\ldblquote a\rdblquote\emdash b\~c\_d\-e", "“a”—b c-de"),
        (r"\{a\\b\}", r"{a\b}"),
        (r"10{\super 9} H{\sub 2}O", "10⁹ H2O"),
        (r"a{\v hidden}b{\deleted gone}c{\*\unknown x}d{\field{\*\fldinst HYPERLINK x}{\fldrslt e}}", "abcde"),
        (r"a{\pict\pngblip 89504e47}b\bin3 }}}c", "abc"),
        ("a\nb\r\nc\\line d\\tab e", "abc d e"),
    ],
)
def test_letters_are_read_as_they_are_meant(written, meant):
    assert read_body(written + r"\par").text == meant


def test_headings_by_style_outline_level_and_name():
    body = r"\pard\s3 Aims 1\par\pard\s1 Aims\par\pard\s2 Part\par\pard\outlinelevel2 Deep\par\pard Text.\par"
    extract = read_body(body)
    assert lines(extract) == ["h1 Aims", "h2 Part", "h3 Deep", "p Text."]
    assert reasons(extract) == ["the table of contents, which repeats the headings"]


def test_merged_cells_by_marks_and_by_edges():
    def one(shape, *cells):
        return rf"\trowd{shape}\pard\intbl " + "".join(rf"{words}\cell " for words in cells) + r"\row "

    plain = r"\cellx1000\cellx2000\cellx3000"
    body = one(plain, "Drug", "Low", "High") + one(r"\clvmgf\cellx1000\cellx2000\cellx3000", "BCG", "1", "2")
    body += one(r"\clvmrg\cellx1000\cellx2000\cellx3000", "", "3", "4") + one(r"\cellx1000\cellx3010", "IL-2", "none")
    body += one(r"\cellx1000\clmgf\cellx2000\clmrg\cellx3000", "IFN", "some", "")
    assert lines(read_body(body + r"\pard After.\par")) == [
        "r Drug: BCG; Low: 1; High: 2",
        "r Drug: BCG; Low: 3; High: 4",
        "r Drug: IL-2; Low: none; High: none",
        "r Drug: IFN; Low: some; High: some",
        "p After.",
    ]


def test_a_table_in_a_cell():
    shape = r"{{\*\nesttableprops\trowd\cellx500\cellx900\nestrow}}{{\nonesttables\par}}"
    inner = r"\pard\intbl\itap2 {}\nestcell {}\nestcell" + shape
    body = r"\trowd\cellx1000\cellx2000\pard\intbl Left\par" + inner.format("Drug", "Dose") + inner.format("BCG", "81 mg")
    assert lines(read_body(body + r"\pard\intbl\itap1 \cell Right\cell\row\pard End.\par")) == [
        "p Left",
        "r Drug: BCG; Dose: 81 mg",
        "p Right",
        "p End.",
    ]


def test_notes_boxes_and_what_is_not_read():
    body = (
        r"A claim.{\super\chftn}{\footnote\pard\plain{\super\chftn} Its source.\par} More{\super\chftn}{\footnote\ftnalt Last.}"
        r".{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard In a box.\par}}{\shprslt In a box.}}"
        r"\par{\header Page}Next.{\*\atnid A}{\*\annotation Really?}{\object{\*\objdata 00}{\result x}}{\*\moMath x}\par"
    )
    extract = read_body(body)
    assert lines(extract) == ["p A claim.¹ More¹.", "i0 ¹ Its source.", "p In a box.", "p Next.", "i0 ¹ Last."]
    assert reasons(extract) == ["one comment", "one embedded object", "one formula"]


def test_pages_where_the_breaks_are_all_there_are():
    info = r"{\info{\nofpages2}{\nofchars8}}"
    assert len(read_body(info + r"One.\par\page Two.\par").pages) == 2
    assert read_body(r"{\info{\nofpages3}{\nofchars8}}One.\par\page Two.\par").pages == ()
    assert read_body(r"{\info{\nofpages2}{\nofchars99}}One.\par\page Two.\par").pages == ()
    assert len(read_body(info + r"One.\par\sect\sectd Two.\par").pages) == 2
    assert read_body(info + r"One.\par\sect\sectd\sbknone Two.\par").pages == ()


def test_a_file_that_breaks_off_is_read_so_far_and_says_so():
    extract = read(rb"{\rtf1 One.\par Two {\b bro", "a.rtf", Limits())
    assert lines(extract) == ["p One.", "p Two bro"]
    assert reasons(extract) == ["what came after the place where the file breaks off"]


def test_hostile_files_are_read_or_refused_soon():
    with pytest.raises(DocumentError, match="nested more than 5,000 deep"):
        read(rb"{\rtf1 " + b"{" * 6000, "a.rtf", Limits())
    assert read(rb"{\rtf1 x" + b"\\" * 100_001, "a.rtf", Limits()).text.startswith("x\\")
    assert read(rb"{\rtf1 \bin99999999999 x", "a.rtf", Limits()).text == ""
    assert read(rb"{\rtf1 \trowd" + rb"\cellx1" * 5000 + rb"\intbl a\cell b\cell\row}", "a.rtf", Limits()).text


def test_a_damaged_file_is_read_or_refused():
    assert check_damaged(read, (WORD / "libreoffice.rtf").read_bytes(), Limits(), count=60) == {"read"}
