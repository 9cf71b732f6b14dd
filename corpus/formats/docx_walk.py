"""Ways through Word's XML, which wraps what is looked for in content controls, alternatives and drawings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from corpus.formats.docx_names import attribute, child, is_on, name_of, number
from corpus.formats.symbols import from_symbols

_WRAPPERS = frozenset("w:sdt w:sdtContent w:ins w:moveTo w:customXml w:smartTag".split())


def choice(alternatives: etree._Element) -> Iterable[etree._Element]:
    """Return what stands in one of several versions of the same: the newest, or what old programs read if that is empty."""
    versions = [one for one in alternatives if name_of(one) in ("mc:Choice", "mc:Fallback")]
    return next((one for one in versions if len(one)), ())


def within(parent: Iterable[etree._Element], name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, those within content controls and insertions among them."""
    for one in parent:
        found = name_of(one)
        if found == name:
            yield one
        elif found in _WRAPPERS:
            yield from within(one, name)
        elif found == "mc:AlternateContent":
            yield from within(choice(one), name)


def shapes(drawing: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Yield all elements of a drawing, without going into its text boxes, and into one version of each alternative."""
    for one in drawing:
        yield one
        name = name_of(one)
        if name == "mc:AlternateContent":
            yield from shapes(choice(one))
        elif name != "w:txbxContent":
            yield from shapes(one)


def symbol(one: etree._Element) -> str:
    """Return the letter of a symbol font that `w:sym` names by its code."""
    code = attribute(one, "char")
    if not 0 < len(code) <= 4 or not all(digit in "0123456789abcdefABCDEF" for digit in code):
        return ""
    return from_symbols(chr(int(code, 16)), attribute(one, "font"))


def form_value(field: etree._Element | None) -> str:
    """Return the state of a form field that shows it without text: a box that is ticked or not, a choice from a list."""
    box, choices = child(field, "checkBox"), child(field, "ddList")
    if box is not None:
        is_ticked = is_on(child(box, "checked"))
        return "☒" if (is_on(child(box, "default")) if is_ticked is None else is_ticked) else "☐"
    if choices is not None:
        entries = [attribute(one, "val") for one in choices.iterfind("{*}listEntry")]
        taken = number(child(choices, "result"), default=number(child(choices, "default")))
        return entries[taken] if 0 <= taken < len(entries) else ""
    return ""
