"""The names in OpenDocument's XML, by their usual prefixes."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

_SPACE = re.compile(r"urn:oasis:names:tc:opendocument:xmlns:([\w-]+):\d")
_PREFIXES = {
    "drawing": "draw",
    "xsl-fo-compatible": "fo",
    "svg-compatible": "svg",
    "datastyle": "number",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/1998/Math/MathML": "math",
}


@lru_cache(maxsize=4096)
def _prefixed(tag: str) -> str:
    space, _, local = tag.lstrip("{").rpartition("}")
    found = _SPACE.match(space)
    space = found.group(1) if found else space
    return f"{_PREFIXES.get(space, space)}:{local}"


def name_of(element: etree._Element) -> str:
    """Return an element's name: "text:p"; ":" for what is no element."""
    return _prefixed(element.tag) if isinstance(element.tag, str) else ":"


def attributes(element: etree._Element) -> dict[str, str]:
    """Return an element's attributes by their names: "text:style-name"."""
    return {_prefixed(str(key)): str(value) for key, value in element.attrib.items()}


def whole_number(text: str | None, default: int) -> int:
    """Return text as a number that is not negative; the default if it is none."""
    return int(text) if text and text.isdecimal() and len(text) < 12 else default
