"""Makes the files here from sources/, each by another program, and stores what an independent tool reads in each.

Run in this folder: `python make.py` (needs pandoc, soffice, sqlite3, pdftotext, and pandas with openpyxl).
"""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import pandas

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
DATA = HERE.parent
LAB = {
    "Test": ["Sodium", "Potassium", "Troponin T", "Ferritin"],
    "Lower limit": [135, 3.5, 0, 30],
    "Upper limit": [145, 5.1, 14, 400],
    "Unit": ["mmol/l", "mmol/l", "ng/l", "µg/l"],
    "Tube": ["green", "green", "green", "brown"],
}
STAFF = {"Room": ["Endoscopy", "Catheter laboratory"], "Nurses": [3, 4], "Telephone": ["5120", "5188"]}
ALLERGENS = [
    ["Allergen", "Skin test after", "Season", "Cross-reaction"],
    ["Birch", "15 minutes", "March to May", "Apple, hazelnut"],
    ["Mugwort", "15 minutes", "July to September", "Celery; carrot"],
    ["House dust mite", "20 minutes", "all year", "Shrimp"],
]
DEVICES = [
    ("Infusion pump", "IP-77", 24, "Ward 3"),
    ("Defibrillator", "DF-12", 12, "Emergency room"),
    ("Syringe driver", "SD-40", 18, "Hospice"),
]


def run(*command: str | Path, **options) -> bytes:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=200, **options).stdout


def pandoc(name: str, target: str, *options: str) -> Path:
    path = HERE / target
    run("pandoc", "-s", SOURCES / f"{name}.md", "-o", path, *options)
    return path


def soffice(source: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice save a file in another way."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    run("soffice", "--headless", profile, "--convert-to", kind, "--outdir", folder, source)
    return folder / f"{source.stem}.{kind.partition(':')[0]}"


def resaved(name: str, target: str, kind: str, folder: Path, over: str = "odt") -> None:
    """Let LibreOffice open what pandoc made, save it as its own, and save that in the format wanted."""
    source = folder / f"{name}.first.{'pptx' if over == 'odp' else 'docx'}"
    run("pandoc", "-s", SOURCES / f"{name}.md", "-o", source)
    own = soffice(source, over, folder)
    made = own if kind == over else soffice(own, kind, folder)
    shutil.copy(made, HERE / target)


def sheets(folder: Path) -> None:
    with pandas.ExcelWriter(HERE / "laboratory.xlsx") as book:
        pandas.DataFrame(LAB).to_excel(book, sheet_name="Reference", index=False)
        pandas.DataFrame(STAFF).to_excel(book, sheet_name="Staff", index=False)
    first = folder / "allergens.xlsx"
    pandas.DataFrame(ALLERGENS[1:], columns=ALLERGENS[0]).to_excel(first, index=False)
    made = soffice(first, "csv:Text - txt - csv (StarCalc):59,34,ANSI,1", folder)  # semicolons, Windows' encoding
    shutil.copy(made, HERE / "allergens.csv")
    base = sqlite3.connect(folder / "devices.db")
    base.execute("create table device (Device text, Model text, [Service interval (months)] int, Place text)")
    base.executemany("insert into device values (?, ?, ?, ?)", DEVICES)
    base.commit()
    base.close()
    (HERE / "devices.tsv").write_bytes(run("sqlite3", "-header", "-tabs", folder / "devices.db", "select * from device"))


def words(path: Path, folder: Path) -> tuple[str, str]:
    """Return a tool that reads a file without any code of this project, and what it reads."""
    kind = path.suffix
    if kind == ".pdf":
        return "pdftotext", run("pdftotext", path, "-").decode()
    if kind in (".docx", ".odt", ".rtf"):
        return "LibreOffice", soffice(path, "txt:Text (encoded):UTF8", folder).read_text("utf-8-sig")
    if kind == ".pptx":
        return "LibreOffice and pdftotext", run("pdftotext", soffice(path, "pdf", folder), "-").decode()
    if kind == ".xlsx":
        soffice(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1", folder)
        made = sorted(folder.glob(f"{path.stem}-*.csv"))
        cells = [cell for one in made for row in csv.reader(io.StringIO(one.read_text())) for cell in row]
        return "LibreOffice", "\n".join(cells)
    if kind in (".html", ".htm", ".xhtml", ".epub"):
        reader = "epub" if kind == ".epub" else "html"
        return "pandoc", run("pandoc", "-f", reader, "-t", "plain", "--wrap=none", path).decode()
    return "", ""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pandoc("warfarin", "warfarin.docx")
        resaved("wounds", "wounds.docx", "docx:MS Word 2007 XML", folder)
        resaved("inhalers", "inhalers.odt", "odt", folder)
        resaved("puncture", "puncture.rtf", "rtf", folder)
        pandoc("pump", "pump.rtf")
        pandoc("sepsis", "sepsis.pptx")
        resaved("delirium", "delirium.pptx", "pptx", folder, "odp")
        pandoc("vaccination", "vaccination.html", "--toc")
        resaved("bloodbank", "bloodbank.htm", "html:HTML (StarWriter)", folder)
        resaved("physiotherapy", "physiotherapy.xhtml", "xhtml:XHTML Writer File", folder)
        pandoc("milk", "milk.epub")
        resaved("palliative", "palliative.epub", "epub", folder)
        word = pandoc("hearing", "hearing.docx")
        run("pandoc", word, "-t", "gfm", "-o", HERE / "hearing.md")
        word.unlink()
        page = pandoc("contrast", "contrast.html")
        run("pandoc", page, "-t", "markdown", "-o", HERE / "contrast.markdown")
        page.unlink()
        pandoc("nightshift", "nightshift.txt", "-t", "plain")
        run("pandoc", SOURCES / "thyroid.md", "-s", "-o", folder / "thyroid.docx")
        own = soffice(folder / "thyroid.docx", "pdf", folder)
        run("pdftotext", own, HERE / "thyroid.text")
        sheets(folder)
        listed = [json.loads(line)["file"] for line in (DATA.parent.parent / "eval" / "formats.jsonl").read_text().splitlines()]
        read = {file: words(DATA.parent.parent / file, folder) for file in listed}
    kept = {file: {"tool": tool, "words": " ".join(text.split())} for file, (tool, text) in read.items() if tool}
    (HERE / "truth.json").write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n")


if __name__ == "__main__":
    main()
