"""Word files, written part by part as Word writes them: for tests, and for `tests/data/word/make.py`."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": W,
        "r": OFFICE,
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content, properties=""):
    content = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def styled(style, content):
    return paragraph(content, f'<w:pStyle w:val="{style}"/>')


def item(content, level=0, number=1):
    return paragraph(content, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def cell(content, properties=""):
    content = content if content.startswith("<") else paragraph(content)
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def table(columns, *rows):
    grid = '<w:gridCol w:w="2000"/>' * columns
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'


def row(*cells, header=False):
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if header else ''}{''.join(cells)}</w:tr>"


SPAN, DOWN, ON = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
PAGE = "<w:r><w:lastRenderedPageBreak/></w:r>"
BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
FOOTNOTE = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
COLD = f"<w:txbxContent>{paragraph('Keep the vials cold.')}</w:txbxContent>"
BOX = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor simplePos="0" relativeHeight="2" '
    'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="paragraph"><wp:posOffset>0</wp:posOffset></wp:positionV>'
    '<wp:extent cx="2000000" cy="600000"/><wp:wrapTopAndBottom/><wp:docPr id="1" name="Box"/><a:graphic><a:graphicData '
    'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="2000000" cy="600000"/></a:xfrm><a:prstGeom prst="rect"/></wps:spPr>'
    f"<wps:txbx>{COLD}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><v:shape><v:textbox>{COLD}</v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
FRACTION = "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF dose </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("Table 1")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
CHANGE = 'w:id="9" w:author="A" w:date="2024-01-01T00:00:00Z"'
BODY = "".join(
    [
        styled("Title", "Guide to BCG"),
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>',
        styled("TOC1", "Introduction 1"),
        "</w:sdtContent></w:sdt>",
        styled("berschrift1", "Introduction"),
        paragraph(
            run("BCG is given into the bladder.")
            + FOOTNOTE
            + run(" It holds 10")
            + run("8", '<w:vertAlign w:val="superscript"/>')
            + run(" cells, ")
            + '<w:r><w:sym w:font="Symbol" w:char="F0B1"/></w:r>'
            + run(" 5%. See ")
            + FIELD
            + run(".")
        ),
        paragraph(
            run("The dose is ")
            + f"<w:del {CHANGE}><w:r><w:delText>50 mg</w:delText></w:r></w:del><w:ins {CHANGE}>{run('81 mg')}</w:ins>"
            + run(" a week.")
            + run(" Not for print.", "<w:vanish/>")
        ),
        f"<w:p><w:pPr><w:rPr><w:del {CHANGE}/></w:rPr></w:pPr>{run('A paragraph that was ')}</w:p>",
        paragraph("joined to this one."),
        f"<w:sdt><w:sdtContent>{paragraph('In a content control.')}</w:sdtContent></w:sdt>",
        paragraph(run("Storage comes first.") + BOX),
        styled("berschrift2", "Lists"),
        item("First step"),
        item("Warm the vial", 1),
        item("Shake the vial", 1),
        item("Second step"),
        paragraph("A pause."),
        item("Third step"),
        item("A new count", 0, 3),
        item("A bullet", 0, 2),
        item("A bullet below", 1, 2),
        BREAK,
        styled("berschrift1", PAGE + run("Doses")),
        styled("Caption", "Table 1. Doses by arm"),
        table(
            4,
            row(cell("Drug", DOWN), cell("Dose", SPAN), cell("Route", DOWN), header=True),
            row(cell("", ON), cell("Low"), cell("High"), cell("", ON), header=True),
            row(cell("BCG", DOWN), cell("40 mg"), cell("81 mg"), cell("bladder")),
            row(cell("", ON), cell("20 mg"), cell("30 mg"), cell("skin")),
            row(cell("IL-2"), cell("not given", SPAN), cell("vein")),
        ),
        paragraph("Between the tables."),
        table(1, row(cell(paragraph("A box made of a table of one cell.") + paragraph("Its second paragraph.")))),
        paragraph("And another."),
        table(2, row(cell("Sponsor:"), cell("Acme")), row(cell("Phase:"), cell("II"))),
        paragraph(run("The mean is ") + FRACTION + run(" in both arms.")),
        paragraph(
            run("This sentence begins on page two and ")
            + PAGE
            + run("ends on page three. The last page says that the trial was stopped.")
        ),
    ]
)
SECTION = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def level(place, form, text):
    return f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def style(key, name, based="", more=""):
    based = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{based}{more}</w:style>'


def part(tag, content):
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:{tag} {SPACES}>{content}</w:{tag}>'


def relations(*pairs):
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'


NOTE = (
    '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    f'<w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>" + run(" A live vaccine."))}</w:footnote>'
)
NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "%2)")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "•")}{level(1, "bullet", "o")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>'
    + style("Title", "Title")
    + style("berschrift1", "heading 1", "Standard", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr>')
    + style("berschrift2", "heading 2", "Standard", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/></w:rPr>')
    + style("TOC1", "toc 1", "Standard")
    + style("Caption", "caption", "Standard")
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in {
            "document": "document.main",
            "styles": "styles",
            "numbering": "numbering",
            "footnotes": "footnotes",
        }.items()
    )
    + "</Types>"
)


def app(pages, characters, application="Microsoft Office Word"):
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Pages>{pages}</Pages><Characters>{characters}</Characters><Application>{application}</Application></Properties>"
    )


def pack(members):
    """Return a ZIP archive of members, by their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def word_file(body, *, pages=1, characters=0, application="Microsoft Office Word", **parts):
    """Return a Word file; `characters` is what Word counted in it, `parts` are other contents of parts than the usual."""
    return pack(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relations(("officeDocument", "word/document.xml"), ("extended-properties", "docProps/app.xml")),
            "docProps/app.xml": app(pages, characters, application),
            "word/document.xml": part("document", f"<w:body>{body}{SECTION}</w:body>"),
            "word/_rels/document.xml.rels": relations(
                ("styles", "styles.xml"), ("numbering", "numbering.xml"), ("footnotes", "footnotes.xml")
            ),
            "word/styles.xml": part("styles", parts.get("styles", STYLES)),
            "word/numbering.xml": part("numbering", parts.get("numbering", NUMBERING)),
            "word/footnotes.xml": part("footnotes", parts.get("footnotes", NOTE)),
        }
    )
