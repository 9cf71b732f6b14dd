"""A small language for the forms of what people say, one form a line, and what makes regular expressions of them.

    DOCUMENT = [the|this] (documents?|texts?)
    what (is|are) DOCUMENT [all|mainly] about

Words stand for themselves, `texts?` with or without its last letter. `(a|b)` is one of these, `[a|b]` one or none of them,
`[a|b]*` any number. A name in capitals is a slot: a form that a line defines. What is compared is plain words (see
`clauses`), each with a space before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_TOKEN = re.compile(r"(?P<slot>[A-Z_]+)|(?P<word>[a-z0-9]+\??)|(?P<mark>\]\*|[()\[\]|])")
_SLOT = re.compile(r"([A-Z_]+) = (.+)")
_MARKS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "]*": ")*", "|": "|"}


def read_slots(text: str) -> dict[str, str]:
    """Return the slots that a text defines, by name."""
    return {match[1]: match[2] for line in _lines(text) if (match := _SLOT.fullmatch(line))}


def expressions(text: str, slots: Mapping[str, str]) -> list[str]:
    """Return a regular expression for each form of a text.

    :raises KeyError: a form names a slot that is not defined.
    """
    known = {**slots, **read_slots(text)}
    return [_pattern(line, known) for line in _lines(text) if not _SLOT.fullmatch(line)]


def expression(text: str, slots: Mapping[str, str]) -> str:
    """Return one regular expression for all forms of a text. Raises as `expressions` does."""
    return f"(?:{'|'.join(expressions(text, slots))})"


def words_of(found: Iterable[str]) -> frozenset[str]:
    """Return the words that the forms behind regular expressions have."""
    words = {word for one in found for word in re.findall(r" ([a-z0-9]+\??)", one)}
    return frozenset(word for form in words for word in ({form[:-1], form[:-2]} if form.endswith("?") else {form}))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.strip().replace("\\\n", " ").splitlines() if line.strip()]


def _pattern(form: str, slots: Mapping[str, str]) -> str:
    return "".join(
        f"(?:{_pattern(slots[match['slot']], slots)})" if match["slot"] else _MARKS.get(match["mark"], f" {match['word']}")
        for match in _TOKEN.finditer(form)
    )
