"""Paragraphs of a slide's shapes: their words, and whether they are list items, which a shape inherits from its layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from corpus.formats.equations import write_equation
from corpus.formats.list_marks import Numerals, write_number
from corpus.formats.ooxml import local, raised, whole_number
from corpus.formats.symbols import from_symbols, is_symbol_font

_LEVELS = 9
_NUMBERED = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc)\w*?(Period|ParenR|ParenBoth|Plain|Minus)\Z")
_NUMERALS = {
    "arabic": Numerals.DECIMAL,
    "alphaLc": Numerals.LOWER_LETTER,
    "alphaUc": Numerals.UPPER_LETTER,
    "romanLc": Numerals.LOWER_ROMAN,
    "romanUc": Numerals.UPPER_ROMAN,
}
_AROUND = {"Period": "{}.", "ParenR": "{})", "ParenBoth": "({})", "Plain": "{}", "Minus": "{} -"}
_BULLETS = ("buNone", "buChar", "buAutoNum", "buBlip")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that is not empty.

    Attributes:
        text: Its words.
        level: How deep it is indented, from 0.
        mark: The bullet or number before it; empty for one that is no list item.
        is_numbered: Whether the mark is a number.
        size: The largest font size that it states itself, in hundredths of a point; 0 if it states none.
    """

    text: str
    level: int = 0
    mark: str = ""
    is_numbered: bool = False
    size: int = 0


def read_paragraphs(body: etree._Element, styles: Sequence[etree._Element] = ()) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text body.

    :param styles: Where the properties of its levels are looked for, the nearest first.
    """
    counts: dict[int, tuple[str, int]] = {}  # level → kind of numbers, and the last one
    for element in body.iterfind("{*}p"):
        text = paragraph_text(element)
        if not text.strip():
            continue
        properties = element.find("{*}pPr")
        level = min(whole_number(properties.get("lvl") if properties is not None else None), _LEVELS - 1)
        bullet = _bullet(properties, level, styles)
        counts = {one: count for one, count in counts.items() if one <= level}
        kind = local(bullet) if bullet is not None else "buNone"
        size = max((whole_number(run.get("sz")) for run in element.iter("{*}rPr")), default=0)
        if kind == "buAutoNum" and bullet is not None:
            scheme = bullet.get("type", "arabicPeriod")
            before = counts.get(level, ("", 0))
            count = before[1] + 1 if before[0] == scheme else whole_number(bullet.get("startAt")) or 1
            counts[level] = (scheme, count)
            yield Paragraph(text, level, _write_mark(scheme, count), True, size)
        else:
            counts.pop(level, None)
            yield Paragraph(text, level, "" if kind == "buNone" else "•", size=size)


def paragraph_text(element: etree._Element) -> str:
    """Return a paragraph's words; line breaks stay, numbers of slides are left out."""
    parts = []
    for one in element:
        name = local(one)
        if name == "AlternateContent":
            one = next(one.iterfind("{*}Choice/*"), one)
            name = local(one)
        if name == "r" or (name == "fld" and one.get("type", "") != "slidenum"):
            parts.append(_run_text(one))
        elif name == "br":
            parts.append("\n")
        elif name in ("oMath", "oMathPara"):
            parts.append(write_equation(one))
        elif name == "m":  # what PowerPoint puts around them
            parts += map(write_equation, one)
    return "".join(parts)


def body_text(body: etree._Element) -> str:
    """Return all words of a text body on one line, as of a table's cell."""
    return " ".join(text for one in body.iterfind("{*}p") if (text := paragraph_text(one)).strip())


def is_bold(body: etree._Element) -> bool:
    """Whether all words of a text body are bold by their own account."""
    runs = [one for one in body.iter("{*}r") if _run_text(one).strip()]
    return bool(runs) and all((one.find("{*}rPr") is not None and one.find("{*}rPr").get("b") in ("1", "true")) for one in runs)


def _run_text(run: etree._Element) -> str:
    text = "".join(one.text or "" for one in run.iterfind("{*}t"))
    properties = run.find("{*}rPr")
    if properties is None:
        return text
    for one in (*properties.iterfind("{*}sym"), *properties.iterfind("{*}latin")):
        font = one.get("typeface", "")
        if is_symbol_font(font) and (local(one) == "latin" or any("\uf000" <= letter <= "\uf0ff" for letter in text)):
            text = from_symbols(text, font)
            break
    return raised(text) if whole_number(properties.get("baseline")) > 0 else text


def _bullet(properties: etree._Element | None, level: int, styles: Sequence[etree._Element]) -> etree._Element | None:
    """Return what says whether a paragraph has a bullet: itself, or the nearest style of its level that says anything."""
    levels = (style.find(f"{{*}}lvl{level + 1}pPr") for style in styles)
    for one in (properties, *levels):
        if one is None:
            continue
        for child in one:
            if local(child) in _BULLETS:
                return child
    return None


def _write_mark(scheme: str, count: int) -> str:
    found = _NUMBERED.match(scheme)
    if found is None:
        return f"{count}."
    return _AROUND[found.group(2)].format(write_number(count, _NUMERALS[found.group(1)]))
