"""Makes the presentations here: python-pptx and pandoc write them, LibreOffice saves one anew and says what each page shows.

Run in this folder: `python make.py` (needs python-pptx, pandoc, soffice and pdftotext).
"""

import io
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches, Pt

HERE = Path(__file__).parent
TITLE, CONTENT, SECTION, TWO, COMPARISON, TITLE_ONLY, BLANK = range(7)
MARKDOWN = """---
title: Bladder instillation
author: A. Author
---

# Background

## What it is

- BCG is a live vaccine.
    - It is given into the bladder.
- It lowers the risk of recurrence.

::: notes
Say that the strain matters.
:::

## Steps

1. Empty the bladder.
2. Instil the drug.

## Doses

| Drug      | Dose  | Volume |
|-----------|-------|--------|
| BCG       | 81 mg | 50 ml  |
| Mitomycin | 40 mg | 40 ml  |

## Against each other

:::: columns
::: column
Left column.
:::
::: column
Right column.
:::
::::
"""


def picture() -> io.BytesIO:
    """A picture of two by two points."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    points = zlib.compress(b"\0" + b"\xff" * 6 + b"\0" + b"\0" * 6)
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", points) + chunk(b"IEND", b""))


def box(slide, left: float, top: float, width: float, height: float, text: str, size: int = 18):
    """A text box; measures in inches."""
    shape = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    shape.text_frame.word_wrap = True
    shape.text_frame.text = text
    shape.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    return shape


def deck(path: Path) -> None:
    """A talk with what talks have."""
    made = Presentation()
    layouts = made.slide_layouts

    def add(layout: int, title: str = ""):
        slide = made.slides.add_slide(layouts[layout])
        if title:
            slide.shapes.title.text = title
        return slide

    add(TITLE, "Intravesical therapy").placeholders[1].text = "A review\nA. Author, 2024"

    slide = add(CONTENT, "Indications")
    frame = slide.placeholders[1].text_frame
    frame.text = "High-risk disease"
    for text, level in (("Carcinoma in situ", 1), ("Intermediate-risk disease", 0)):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    slide.notes_slide.notes_text_frame.text = "Mention the guideline of 2024."

    slide = add(TWO, "Two columns")
    slide.placeholders[1].text = "Left one\nLeft two"
    slide.placeholders[2].text = "Right one"

    slide = add(COMPARISON, "BCG or mitomycin")
    for place, text in ((1, "BCG"), (2, "Six instillations"), (3, "Mitomycin"), (4, "Four instillations")):
        slide.placeholders[place].text = text

    slide = add(TITLE_ONLY, "Doses")
    table = slide.shapes.add_table(4, 3, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for row, texts in enumerate((("Drug", "Dose", "Volume"), ("BCG", "81 mg", "50 ml"), ("Mitomycin", "40 mg", "40 ml"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(3, 2).text = "20 ml"
    table.cell(2, 0).merge(table.cell(3, 0))
    table.cell(2, 1).merge(table.cell(3, 1))

    slide = add(TITLE_ONLY, "Use")
    numbers = CategoryChartData()
    numbers.categories = ["2019", "2020"]
    numbers.add_series("BCG", (3, 4.3))
    numbers.add_series("Mitomycin", (0.5, None))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(6), Inches(4), numbers).chart
    chart.has_title = chart.category_axis.has_title = chart.value_axis.has_title = True
    chart.chart_title.text_frame.text = "Instillations by year"
    chart.category_axis.axis_title.text_frame.text = "Year"
    chart.value_axis.axis_title.text_frame.text = "Thousands"

    slide = add(TITLE_ONLY, "Dose and response")
    points = XyChartData()
    series = points.add_series("Trial A")
    series.add_data_point(40, 0.5)
    series.add_data_point(81, 0.62)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, Inches(1), Inches(2), Inches(6), Inches(4), points)

    add(BLANK).shapes.add_picture(picture(), 0, 0, Inches(10), Inches(7))

    slide = add(BLANK)
    box(slide, 5, 2, 4, 3, "The right box is drawn first.")
    left = box(slide, 0.5, 2, 4, 3, "Leucocytes above 10")
    for text, raised in (("9", True), ("/L in the left box.", False)):
        run = left.text_frame.paragraphs[0].add_run()
        run.text = text
        run.font.size = Pt(18)
        if raised:
            run.font._element.set("baseline", "30000")
    box(slide, 0.5, 0.5, 9, 1, "A title in a box", 40)
    box(slide, 0.5, 6, 9, 1, "Below both boxes.")
    slide.shapes.add_picture(picture(), Inches(9), Inches(6), Inches(0.5), Inches(0.5))

    slide = add(BLANK)
    for number in range(4):
        group = slide.shapes.add_group_shape()
        left, top = 0.5 + 5 * (number % 2), 1 + 3 * (number // 2)
        for down, text in ((0, f"Card {number + 1}"), (0.7, f"Words of card {number + 1}.")):
            shape = group.shapes.add_textbox(Inches(left), Inches(top + down), Inches(4), Inches(0.6))
            shape.text_frame.text = text
    slide._element.set("show", "0")
    made.save(path)


def convert(source: Path, to: str, folder: Path) -> Path:
    """Let LibreOffice save a file in another way."""
    subprocess.run(["soffice", "--headless", "--convert-to", to, "--outdir", folder, source], check=True, timeout=120)
    return folder / f"{source.stem}.{to}"


if __name__ == "__main__":
    deck(HERE / "talk.pptx")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (HERE / "impress.pptx").write_bytes(convert(convert(HERE / "talk.pptx", "odp", folder), "pptx", folder).read_bytes())
        shown = convert(HERE / "talk.pptx", "pdf", folder)
        subprocess.run(["pdftotext", shown, HERE / "talk.txt"], check=True)
        (folder / "talk.md").write_text(MARKDOWN)
        subprocess.run(["pandoc", folder / "talk.md", "-o", HERE / "pandoc.pptx"], check=True)
