"""Makes wards.csv and vaccines.pdf, which is printed by Chromium: numbered things that differ in their numbers alone."""

import csv
import random
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
NURSES = "Abel Berta Carla Dora Emil Frida Gustav Hanna Ivan Jana".split()
WORDS = "antibody receptor lymphocyte therapy infusion response cohort marker cell immune cytokine antigen remission".split()

random.seed(5)
with (HERE / "wards.csv").open("w", newline="") as stream:
    table = csv.writer(stream)
    table.writerow(["Ward", "Units of serum", "Beds", "Nurse"])
    table.writerows([ward, ward * 7, 10 + ward % 9, random.choice(NURSES)] for ward in range(201, 241))


def filler() -> str:
    return " ".join(random.choice(WORDS) for _ in range(random.randint(9, 20))).capitalize() + "."


pages = [
    f"<div><h2>Chapter {number}</h2><p>The vaccine numbered {number} is kept for exactly {number * 5} days in its cold store. "
    f"{' '.join(filler() for _ in range(5))}</p><p>{' '.join(filler() for _ in range(6))}</p></div>"
    for number in range(1, 31)
]
rows = "".join(f"<tr><td>P-{one:03}</td><td>{40 + one} kg</td><td>{one % 5 + 2} cycles</td></tr>" for one in range(1, 41))
table = f"<h2>Patients</h2><table border=1><tr><th>Patient</th><th>Weight</th><th>Treatment</th></tr>{rows}</table>"
style = "<style>@page{size:A5} body{font:9pt sans-serif} div{page-break-after:always}</style>"
page = HERE / "vaccines.html"
page.write_text(f"<html><head>{style}</head><body>{''.join(pages)}{table}</body></html>")
options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
subprocess.run(["chromium", *options, f"--print-to-pdf={HERE / 'vaccines.pdf'}", page.as_uri()], check=True, timeout=120)
page.unlink()
