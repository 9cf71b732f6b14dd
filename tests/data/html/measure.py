"""Measures the choice of main text on the pages beside this file, against trafilatura and readability-lxml where installed.

python tests/data/html/measure.py

What is between `<!--main-->` and `<!--/main-->` in a page is its main text. Recall: share of its words that are kept, each as
often as it stands there. Precision: share of the kept words that are of it. Words are compared as bags.
"""

from __future__ import annotations

import html
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from corpus import load_document
from corpus.formats.markup_tree import decode_markup

PAGES = Path(__file__).parent / "pages"


def words(text: str) -> Counter[str]:
    """Return the words of a text, without the digits that mark notes."""
    return Counter(re.findall(r"[^\W\d_]{2,}|\d{2,}", text.lower()))


def true_words(page: str) -> Counter[str]:
    """Return the words of a page's main text."""
    inside = " ".join(re.findall(r"<!--main-->(.*?)<!--/main-->", page, re.DOTALL))
    inside = re.sub(r"<!\[.*?\]>|<(script|style)\b.*?</\1>", " ", inside, flags=re.DOTALL)
    inside = re.sub(r"</?(?:b|i|em|span|sub|a|code|o:p|cite|q|strong|time)\b[^>]*>", "", inside)
    return words(html.unescape(re.sub(r"<[^>]*>", " ", inside)))


def ours(path: Path, page: str) -> str:
    """Return the text that is read here."""
    return load_document(path).text


def trafilatura_text(path: Path, page: str) -> str:
    """Return what trafilatura extracts, set for recall, with tables and comments."""
    import trafilatura

    return trafilatura.extract(page, favor_recall=True, include_tables=True, include_comments=True) or ""


def readability_text(path: Path, page: str) -> str:
    """Return what readability-lxml extracts."""
    from lxml.html import fromstring
    from readability import Document

    made = Document(page)
    return made.title() + " " + " ".join(fromstring(made.summary()).itertext())


def main() -> None:
    """Print a table of recall and precision."""
    tools: dict[str, Callable[[Path, str], str]] = {
        "ours": ours,
        "trafilatura": trafilatura_text,
        "readability": readability_text,
    }
    sums: dict[str, list[float]] = {}
    sys.stdout.write(f"{'page':16}" + "".join(f"{tool:>22}" for tool in tools) + "\n")
    for path in sorted(PAGES.iterdir()):
        page = decode_markup(path.read_bytes(), path.name)
        wanted = true_words(page)
        if not wanted:
            continue
        cells = []
        for tool, extract in tools.items():
            try:
                kept = words(extract(path, page))
            except ImportError:
                cells.append("not installed")
                continue
            common = sum((kept & wanted).values())
            recall, precision = common / wanted.total(), common / max(1, kept.total())
            sums.setdefault(tool, []).append(recall)
            sums.setdefault(tool + " precision", []).append(precision)
            cells.append(f"{recall:8.3f} {precision:8.3f}")
            if tool == "ours" and "-v" in sys.argv:
                sys.stderr.write(f"{path.name}: lost {dict(wanted - kept)} extra {dict(kept - wanted)}\n")
        sys.stdout.write(f"{path.name:16}" + "".join(f"{cell:>22}" for cell in cells) + "\n")
    means = {name: sum(values) / len(values) for name, values in sums.items()}
    row = (f"{means.get(tool, 0):8.3f} {means.get(tool + ' precision', 0):8.3f}" for tool in tools)
    sys.stdout.write(f"{'mean':16}" + "".join(f"{cell:>22}" for cell in row) + "\n")


if __name__ == "__main__":
    main()
