"""What an Excel file keeps once for all sheets: number formats, bold fonts, and texts."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from corpus.formats.number_format import BUILT_IN
from corpus.formats.ooxml import is_true, local, raised


@dataclass(frozen=True)
class Style:
    """How cells of one kind are shown.

    Attributes:
        code: The number format.
        is_bold: Whether the font is bold.
    """

    code: str = "General"
    is_bold: bool = False


def read_styles(root: etree._Element) -> list[Style]:
    """Return the styles that cells name by number."""
    codes = dict(BUILT_IN)
    for one in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[_number(one.get("numFmtId"))] = one.get("formatCode", "General")
    bold = [any(is_true(mark.get("val", "1")) for mark in font.iterfind("{*}b")) for font in root.iterfind("{*}fonts/{*}font")]
    styles = []
    for one in root.iterfind("{*}cellXfs/{*}xf"):
        font = _number(one.get("fontId"))
        styles.append(Style(codes.get(_number(one.get("numFmtId")), "General"), font < len(bold) and bold[font]))
    return styles


def read_shared_texts(root: etree._Element) -> list[str]:
    """Return the texts that cells name by number."""
    return [run_text(one) for one in root.iterfind("{*}si")]


def run_text(element: etree._Element) -> str:
    """Return the text of an element in runs, without the reading aids of East Asian scripts."""
    parts = []
    for one in element:
        name = local(one)
        if name == "t":
            parts.append(one.text or "")
        elif name in ("r", "fld"):
            text = "".join(part.text or "" for part in one.iterfind("{*}t"))
            properties = one.find("{*}rPr")
            parts.append(raised(text) if properties is not None and _is_superscript(properties) else text)
        elif name == "br":
            parts.append("\n")
    return "".join(parts)


def _is_superscript(properties: etree._Element) -> bool:
    mark = properties.find("{*}vertAlign")
    return (mark is not None and mark.get("val") == "superscript") or _number(properties.get("baseline")) > 0


def _number(value: str | None) -> int:
    try:
        return max(int(value or 0), 0)
    except ValueError:
        return 0
