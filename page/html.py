"""The one place where text becomes HTML. Whatever comes from a document, a name or a person goes through `escape`."""

from __future__ import annotations

import html
import re

_UNPRINTABLE = re.compile("[\0\ud800-\udfff]")  # HTML has no way to write these, and UTF-8 none for the latter


def escape(text: str) -> str:
    """Return text as HTML that shows these characters, in an element or in a quoted attribute.

    One character stays one character, so offsets hold: a carriage return, which HTML parsers turn into a line feed, is
    written as a reference, and what cannot be written at all becomes U+FFFD.
    """
    return html.escape(_UNPRINTABLE.sub("\ufffd", text), quote=True).replace("\r", "&#13;")


def attributes(**values: str | int | bool) -> str:
    """Return HTML attributes, each after a space; `data_start=3` is written `data-start="3"`, a true one bare."""
    written = []
    for name, value in values.items():
        key = name.rstrip("_").replace("_", "-")
        if value is True:
            written.append(f" {key}")
        elif value is not False:
            written.append(f' {key}="{escape(str(value))}"')
    return "".join(written)


def shorten(text: str, most: int) -> str:
    """Return text on one line, cut at a word if it has more than `most` characters."""
    line = " ".join(text[: 4 * most].split())
    if len(line) <= most and len(text) <= 4 * most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"
