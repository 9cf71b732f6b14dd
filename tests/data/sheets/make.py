"""Makes the workbooks here: openpyxl writes them, LibreOffice calculates and saves them, and says what it shows as CSV.

Run in this folder: `python make.py` (needs openpyxl, xlsxwriter and soffice).
"""

import datetime
import subprocess
import tempfile
from pathlib import Path

import xlsxwriter
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

HERE = Path(__file__).parent
FORMATS = [
    (1234567.891, "#,##0.00"),
    (1234567.891, "#,##0"),
    (0.2555, "0.0%"),
    (0.07, "0%"),
    (-1234, "#,##0;(#,##0)"),
    (-1234.5, "#,##0.00_);[Red](#,##0.00)"),
    (0, '0;-0;"none"'),
    (50, '0" mg"'),
    (2.5, '0.0 "mg/kg"'),
    (45356, "dd/mm/yyyy"),
    (45356, "yyyy-mm-dd"),
    (45356, "d mmm yyyy"),
    (45356, "mmmm d, yyyy"),
    (45356, "mm-dd-yy"),
    (45356.5625, "yyyy-mm-dd hh:mm"),
    (45356.5625, "h:mm AM/PM"),
    (1.5, "[h]:mm:ss"),
    (0.0007, "mm:ss"),
    (12345.678, "0.00E+00"),
    (1.5, "# ?/?"),
    (0.75, "# ?/?"),
    (1234.5, "[$€-407] #,##0.00"),
    (7, "000"),
    (5551234, "000-0000"),
    (1234567, '0.0,,"M"'),
    (0.1 + 0.2, "General"),
    (1 / 3, "0.000"),
    (2.675, "0.00"),
    (-0.004, "0.0"),
    (3.10, "0.0#"),
    (45, "[<50]0.0;[>=50]0"),
    (-5, "0.00"),
]


def trial(path: Path) -> None:
    """A workbook as a trial's office keeps it: merged heads, dates, percentages, formulas, what is hidden, notes."""
    book = Workbook()
    doses = book.active
    doses.title = "Doses"
    doses["A1"] = "Table 1. Doses by year"
    doses.merge_cells("A1:E1")
    for row in (
        ["Drug", 2023, None, 2024, None],
        [None, "Dose (mg)", "Patients", "Dose (mg)", "Patients"],
        ["BCG", 81, 1200, 50, 1310],
        ["Mitomycin", 40, 800, 40, 905],
        ["Total", None, "=SUM(C4:C5)", None, "=SUM(E4:E5)"],
    ):
        doses.append(row)
    for cells in ("A2:A3", "B2:C2", "D2:E2"):
        doses.merge_cells(cells)
    for row in doses["C4:E6"]:
        row[0].number_format = row[2].number_format = "#,##0"
    doses["A7"] = "* Patients with at least one instillation."
    doses["A4"].comment = Comment("TICE strain only.", "office")
    doses["G2"], doses["H2"], doses["G3"], doses["H3"] = "Site", "Response", "Bladder", 0.256
    doses["H3"].number_format = "0.0%"

    visits = book.create_sheet("Visits")
    visits.append(["Patient", "Visit", "Date", "Done", "Share", "Remark"])
    visits.append(["P-001", "First", datetime.date(2024, 3, 5), True, "=1/3", "well"])
    visits.append([None, "Second", datetime.date(2024, 4, 2), False, "=1/0", None])
    visits.append(["P-002", "First", datetime.date(2024, 3, 7), True, 0.5, "moved away"])
    visits.append(["P-003", "First", datetime.date(2024, 3, 9), True, 0.5, "withdrawn"])
    visits.merge_cells("A2:A3")
    for row in visits["E2:E5"]:
        row[0].number_format = "0.0%"
    visits.row_dimensions[5].hidden = True
    visits.column_dimensions["F"].hidden = True

    secret = book.create_sheet("Key")
    secret["A1"] = "P-001 is Jane Doe"
    secret.sheet_state = "hidden"

    groups = book.create_sheet("Effects")
    groups.append(["Effect", "Grade 1", "Grade 3"])
    groups.append(["Local effects"])
    groups.merge_cells("A2:C2")
    groups.append(["Dysuria", 0.4, 0.02])
    groups.append(["Haematuria", 0.2, 0.01])
    groups.append(["General effects"])
    groups.merge_cells("A5:C5")
    groups.append(["Fever", 0.15, 0.03])
    for row in groups["B3:C6"]:
        for cell in row:
            cell.number_format = "0%"
    for cell in groups[1]:
        cell.font = Font(bold=True)

    form = book.create_sheet("Contact")
    for row in (["Hospital:", "St Mary"], ["Beds:", 32], ["Opened:", datetime.date(1999, 5, 1)]):
        form.append(row)

    formats = book.create_sheet("Formats")
    formats.append(["Case", "Shown"])
    for number, (value, code) in enumerate(FORMATS, 1):
        formats.append([f"case {number}", value])
        formats.cell(number + 1, 2).number_format = code
    book.save(path)


def by_xlsxwriter(path: Path) -> None:
    """A workbook whose formulas have a stored zero that nobody calculated."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Costs")
        sheet.write_row(0, 0, ["Item", "Cost"])
        sheet.write_row(1, 0, ["Vial", 120])
        sheet.write(2, 0, "Sum")
        sheet.write_formula(2, 1, "=SUM(B2:B2)")


def convert(source: Path, to: str, folder: Path) -> None:
    """Let LibreOffice save a file in another way."""
    subprocess.run(["soffice", "--headless", "--convert-to", to, "--outdir", folder, source], check=True, timeout=120)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "trial.xlsx"
        trial(made)
        (HERE / "uncalculated.xlsx").write_bytes(made.read_bytes())
        convert(made, "xlsx", HERE)
        convert(HERE / "trial.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1", HERE)
    for shown in HERE.glob("trial-*.csv"):
        if shown.name != "trial-Formats.csv":
            shown.unlink()
    by_xlsxwriter(HERE / "xlsxwriter.xlsx")
