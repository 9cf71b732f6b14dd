"""Makes the PDF files of this folder, each by another program: Chromium, LibreOffice, Typst, ReportLab, qpdf.

pip install typst reportlab && python make.py      # needs chromium, soffice, pandoc and qpdf, and pdftotext besides
"""

import io
import json
import subprocess
from pathlib import Path

import pypdfium2
import typst
from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
LONG = " ".join(
    f"Sentence {number} of this paragraph says something about the care of patients who are given immunotherapy on the ward."
    for number in range(1, 17)
)
ROWS = [
    ("Mild (1)", "up to 4", "Continue, drink enough, and call again after two days if the complaints are still there"),
    ("Moderate (2)", "4 to 6", "Hold the next infusion and tell the doctor on the same day"),
    ("Severe (3)", "7 or more", "Admit the patient"),
    ("Life-threatening (4)", "", "Admit to intensive care; stop for good"),
]


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=HERE, capture_output=True)


def chromium(source: str, target: str) -> None:
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={target}", source)


def vaccines() -> None:
    """A web page: a box at the side, a mark across each page, a table over pages with its head on each, references."""
    ending = " and a booster after ten years if the antibodies are low"
    cells = [
        (str(one), f"Vaccine number {one}", f"{one % 4 + 1} doses, {one % 3 + 2} weeks apart{'' if one % 5 else ending}")
        for one in range(1, 31)
    ]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    references = "".join(
        f"<p class=ref>Author{number} A, Writer{number} B. A title of the paper number {number} about vaccines and their "
        f"effects. Journal of Examples 20{number};{number}:1–{number + 5}.</p>"
        for number in range(11, 17)
    )
    made = HERE / "made.html"
    made.write_text((HERE / "vaccines.html").read_text().replace("ROWS", rows).replace("REFS", references))
    chromium("made.html", "vaccines.pdf")
    made.unlink()


def form() -> None:
    """A form that is filled in."""
    canvas = Canvas(str(HERE / "form.pdf"), pagesize=A5, invariant=1)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(40, 540, "Consent to immunotherapy")
    for place, (label, value) in enumerate((("Name:", "Ada Example"), ("Allergies:", "penicillin, nuts"), ("Remarks:", ""))):
        canvas.drawString(40, 500 - 30 * place, label)
        canvas.acroForm.textfield(name=label, x=180, y=492 - 30 * place, width=180, height=20, value=value)
    canvas.drawString(40, 410, "Has diabetes")
    canvas.acroForm.checkbox(name="diabetes", x=180, y=405, checked=True)
    canvas.showPage()
    canvas.save()


def libreoffice() -> None:
    cells = '<table:table-cell table:style-name="B"><text:p text:style-name="Cell">{}</text:p></table:table-cell>'
    rows = "".join(f"<table:table-row>{''.join(cells.format(cell) for cell in row)}</table:table-row>" for row in ROWS)
    made = HERE / "made.fodt"
    made.write_text((HERE / "report.fodt").read_text().replace("ROWS", rows).replace("LONG", LONG))
    run("soffice", "--headless", "--convert-to", "pdf", made)
    made.unlink()
    (HERE / "made.pdf").rename(HERE / "report.pdf")
    run("pandoc", "guideline.md", "-o", "guideline.docx")
    run("soffice", "--headless", "--convert-to", "pdf", "guideline.docx")
    (HERE / "guideline.docx").unlink()


def manuscript() -> None:
    """Double-spaced lines, numbered in the margin; a page that is a picture, one that is empty, one that lies on its side."""
    canvas = Canvas(str(HERE / "manuscript.pdf"), pagesize=A5, invariant=1)
    words = LONG.split()
    lines = [" ".join(words[start : start + 8]) for start in range(0, 8 * 16, 8)]
    for number, line in enumerate(lines, 1):
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(60, 560 - 24 * number, line)
        canvas.setFont("Times-Roman", 8)
        canvas.drawRightString(45, 560 - 24 * number, str(number))
    canvas.saveState()
    canvas.rotate(90)
    canvas.drawString(200, -14, "medRxiv preprint, posted 3 May 2024")
    canvas.restoreState()
    canvas.showPage()
    page = pypdfium2.PdfDocument(HERE / "article.pdf")[0].render(scale=0.4).to_pil().convert("1")
    picture = io.BytesIO()
    page.save(picture, "PNG")
    canvas.drawImage(ImageReader(picture), 0, 0, *A5)
    canvas.showPage()
    canvas.showPage()
    canvas.setPageSize(A5)
    canvas.rotate(90)
    canvas.setFont("Helvetica", 10)
    for column, values in enumerate((("Drug", "BCG", "Interferon"), ("Dose", "81 mg", "3 MU"), ("Weeks", "6", "12"))):
        for row, value in enumerate(values):
            canvas.drawString(60 + 140 * column, -100 - 18 * row, value)
    canvas.showPage()
    canvas.save()


def columns() -> None:
    """Three columns drawn line by line across the page, a sidebar, and a stamp of another size."""
    width, height = landscape(A5)
    canvas = Canvas(str(HERE / "columns.pdf"), pagesize=(width, height), invariant=1)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(40, height - 45, "Three columns and their title")
    canvas.setFont("Helvetica", 8)
    texts = {"left": "alpha", "middle": "beta", "right": "gamma"}
    for line in range(20):
        for place, (side, word) in enumerate(texts.items()):
            ending = "." if line == 19 else ""
            words = f"the {side} column has {word} in line {line + 1}{ending}"
            canvas.drawString(40 + 180 * place, height - 80 - 11 * line, words)
    canvas.showPage()
    canvas.save()


def variants() -> None:
    run("qpdf", "--encrypt", "", "owner", "256", "--", "columns.pdf", "owner.pdf")
    run("qpdf", "--encrypt", "user", "owner", "256", "--", "columns.pdf", "locked.pdf")
    run("qpdf", "--rotate=+90", "columns.pdf", "rotated.pdf")
    run("qpdf", "--linearize", "columns.pdf", "linear.pdf")


def expected() -> None:
    """Store what pdftotext reads, page by page."""
    pages = {}
    for path in sorted(HERE.glob("*.pdf")):
        if path.stem != "locked":
            text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True).stdout.decode()
            pages[path.stem] = [" ".join(page.split()) for page in text.split("\f")[:-1]]
    (HERE / "pdftotext.json").write_text(json.dumps(pages, ensure_ascii=False, indent=0))


if __name__ == "__main__":
    chromium("article.html", "article.pdf")
    chromium("chapters.html", "chapters.pdf")
    vaccines()
    form()
    libreoffice()
    typst.compile(HERE / "review.typ", output=HERE / "review.pdf", timestamp=0)
    manuscript()
    columns()
    variants()
    expected()
