"""The names in Word's XML, by their usual prefixes, whichever of its two sets of namespaces a file uses."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

_OOXML = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_PREFIXES = {
    f"{_OOXML}wordprocessingml/2006/main": "w",
    f"{_STRICT}wordprocessingml/main": "w",
    f"{_OOXML}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_OOXML}markup-compatibility/2006": "mc",
    f"{_OOXML}drawingml/2006/picture": "pic",
    f"{_STRICT}drawingml/picture": "pic",
    f"{_OOXML}drawingml/2006/chart": "c",
    f"{_STRICT}drawingml/chart": "c",
    f"{_OOXML}drawingml/2006/diagram": "dgm",
    f"{_STRICT}drawingml/diagram": "dgm",
    "urn:schemas-microsoft-com:vml": "v",
}
_MAIN = tuple(f"{{{space}}}" for space, prefix in _PREFIXES.items() if prefix == "w")
_OFF = ("0", "false", "off", "none")


@lru_cache(maxsize=4096)
def _prefixed(tag: str) -> str:
    space, _, local = tag.lstrip("{").rpartition("}")
    return f"{_PREFIXES.get(space, '')}:{local}"


def name_of(element: etree._Element) -> str:
    """Return an element's name: "w:p"; ":name" in a namespace that does not matter here."""
    return _prefixed(element.tag) if isinstance(element.tag, str) else ":"


def attribute(element: etree._Element | None, name: str) -> str:
    """Return an attribute of Word's main namespace, empty if there is none (or no element)."""
    if element is None:
        return ""
    return next((str(value) for space in _MAIN if (value := element.get(space + name)) is not None), "")


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first element along a path of names in Word's main namespace: `child(p, "pPr", "numPr")`."""
    for name in path:
        if element is None:
            return None
        element = next((found for space in _MAIN if (found := element.find(space + name)) is not None), None)
    return element


def is_on(element: etree._Element | None) -> bool | None:
    """Whether a property such as `w:b` is set; None if it is not there."""
    return None if element is None else attribute(element, "val").lower() not in _OFF


def number(element: etree._Element | None, name: str = "val", default: int = 0) -> int:
    """Return an attribute that is a whole number; the default if it is missing or is none."""
    text = attribute(element, name)
    return int(text) if len(text) < 12 and text.removeprefix("-").isdecimal() else default
