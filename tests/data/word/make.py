"""Makes the files beside it: `python make.py`, with LibreOffice 7.4, pandoc and python-docx on the machine.

`features.docx` is written part by part, as Word writes it; the others are made by the programs their names tell.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import docx

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent.parent))

from wordfiles import BODY, BREAK, paragraph, styled, word_file  # noqa: E402

GUIDE = """---
title: Guide to BCG
---

# Introduction

BCG is used.[^1] It works in bladder cancer, at 10^6^ cells. The *second* sentence.

[^1]: A note about BCG.

## Dosing

1. First
2. Second
   a. Sub a
   b. Sub b

      A continued paragraph.
3. Third

- bullet
  - nested
- another

> A quotation in a block.

```
def f(x):
    return x
```

| Drug | Dose | Route |
|------|-----:|-------|
| BCG | 5 mg | oral |
| IL-2 | 10 mg | iv |

: Doses of drugs

Line one\\
line two, with “quotes”, café, Ω and 漢字.
"""


def write_python_docx(path):
    document = docx.Document()
    document.add_heading("Trial report", 0)
    document.add_heading("Methods", 1)
    document.add_paragraph("Patients were treated for 12 weeks.")
    for text in ("one", "two"):
        document.add_paragraph(f"Step {text}", style="List Number")
    document.add_paragraph("A remark", style="List Bullet")
    grid = document.add_table(rows=3, cols=3)
    for line, texts in zip(grid.rows, (("Arm", "n", "Response"), ("A", "10", "50%"), ("B", "12", "25%")), strict=True):
        for place, text in zip(line.cells, texts, strict=True):
            place.text = text
    document.add_page_break()
    document.add_heading("Results", 1)
    document.add_paragraph("Half of the patients responded.")
    document.save(path)


def soffice(source, kind, folder):
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind]
    subprocess.run([*command, "--outdir", folder, source], check=True, capture_output=True, timeout=200)


PAGES = (
    styled("berschrift1", "One")
    + paragraph("The first page is short. It says so.")
    + BREAK
    + paragraph("The second page follows.")
    + paragraph("The third page comes by its paragraph.", "<w:pageBreakBefore/>")
)


def main():
    (HERE / "features.docx").write_bytes(word_file(BODY, pages=3, characters=549))
    write_python_docx(HERE / "python-docx.docx")
    for kind in ("docx", "odt", "rtf"):
        subprocess.run(["pandoc", "-s", "-", "-o", HERE / f"pandoc.{kind}"], input=GUIDE.encode(), check=True)
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("odt:writer8", "docx:MS Word 2007 XML", "rtf", "txt:Text (encoded):UTF8"):
            suffix = kind.partition(":")[0]
            soffice(HERE / "features.docx", kind, folder)
            (HERE / f"libreoffice.{suffix}").write_bytes((Path(folder) / f"features.{suffix}").read_bytes())
        source = Path(folder) / "pages.docx"
        source.write_bytes(word_file(PAGES))
        soffice(source, "odt:writer8", folder)
        (HERE / "pages.odt").write_bytes(source.with_suffix(".odt").read_bytes())
        soffice(HERE / "pages.odt", "pdf", folder)
        subprocess.run(["pdftotext", source.with_suffix(".pdf"), HERE / "pages.txt"], check=True)  # pages end with form feeds


if __name__ == "__main__":
    main()
