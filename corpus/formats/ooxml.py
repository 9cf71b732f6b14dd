"""What PowerPoint and Excel files have in common: parts that refer to others, and text in runs.

Elements are found by their local names ("{*}sheet"), since the same file saved as "Strict Open XML" has other namespaces.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from corpus.formats.packed import Packed

_REFERENCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


@dataclass(frozen=True)
class Relation:
    """What a part refers to.

    Attributes:
        kind: The last word of its type: "slide", "chart", "notesSlide".
        target: The member of the archive, or the address of something outside it.
        is_outside: Whether it is not in the archive.
    """

    kind: str
    target: str
    is_outside: bool


def relations(packed: Packed, member: str) -> dict[str, Relation]:
    """Return what a part refers to, by the ids it uses; what the archive does not hold is left out.

    :param member: The part; empty for the archive itself.
    """
    folder, file = posixpath.split(member)
    path = posixpath.join(folder, "_rels", f"{file}.rels")
    if path not in packed:
        return {}
    found = {}
    for one in packed.xml(path).iterfind("{*}Relationship"):
        target, is_outside = one.get("Target", ""), one.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if target not in packed:
                target = unquote(target)
        if is_outside or target in packed:
            found[one.get("Id", "")] = Relation(one.get("Type", "").rsplit("/", 1)[-1], target, is_outside)
    return found


def main_part(packed: Packed, usual: str) -> str:
    """Return the part that the archive names as its document, or else the `usual` one."""
    named = [one.target for one in relations(packed, "").values() if one.kind == "officeDocument" and not one.is_outside]
    return named[0] if named else usual


def of_kind(found: dict[str, Relation], kind: str) -> list[str]:
    """Return the members of one kind among what a part refers to."""
    return [one.target for one in found.values() if one.kind == kind and not one.is_outside]


def reference(element: etree._Element, name: str = "id") -> str:
    """Return an attribute that refers to another part, such as `r:id`; empty if there is none."""
    return next((value for space in _REFERENCES if (value := element.get(f"{{{space}}}{name}"))), "")


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_true(value: str | None) -> bool:
    """Whether an attribute of the kind xsd:boolean is set."""
    return value in ("1", "true", "on")


def whole_number(value: str | None) -> int:
    """Return an attribute that is a whole number; 0 if it is missing, none, or longer than any that is meant."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 9 else 0


def raised(text: str) -> str:
    """Return superscript text as it reads: an exponent in raised digits, so that 10⁹ does not become 109; else unchanged."""
    return text.translate(_RAISED) if text and all(one in "0123456789+-−–" for one in text) else text
