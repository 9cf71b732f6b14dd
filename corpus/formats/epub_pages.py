"""Where the pages of a book's printed edition begin, if it says so throughout.

A wrong page is worse than none. So pages are taken only where each has a name of its own, they follow each other as numbers do
(xi, xii, 1, 2, with a few blank ones left out), and each one of the list is found in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from corpus.formats.epub_package import Target
from corpus.formats.markup_kinds import is_page_break
from corpus.formats.markup_tree import Element, walk, words_in

_WORD_BEFORE = re.compile(r"^\W*(?:page|pg|p|seite|página|pagina)?[\s.:]*(\d{1,5}|[ivxlcdm]{1,12})\W*$", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_BLANK = 3  # a step of more pages is a gap, not blank pages


@dataclass(frozen=True)
class Pages:
    """The pages of a book.

    Attributes:
        marks: Element → name of the page that begins at it; empty if the book has none, or they do not agree.
        first: Name of the first one.
        words_before: Whether words come before it.
        problem: Why marks that are there are not used; empty if they are, or there are none.
    """

    marks: dict[Element, str] = field(default_factory=dict)
    first: str = ""
    words_before: bool = False
    problem: str = ""


def find_pages(chapters: Sequence[tuple[str, Element]], targets: Sequence[Target]) -> Pages:
    """Return the pages that a list of them names, or else those marked in the text.

    :param chapters: Place and body of each document, in reading order.
    :param targets: The book's list of pages.
    """
    found: list[tuple[Element, str]] = []
    if targets:
        wanted = {(one.path.lower(), one.fragment): one.name for one in targets}
        for path, body in chapters:
            if (path.lower(), "") in wanted:
                found.append((body, wanted.pop((path.lower(), ""))))
            for node in body.iter(etree.Element):
                for key in {(path.lower(), node.get("id") or ""), (path.lower(), node.get("name") or "")}:
                    if key[1] and key in wanted:
                        found.append((node, wanted.pop(key)))
        if wanted:
            return Pages(problem=f"the numbers of printed pages: {len(wanted):,} of {len(targets):,} are not found in the text")
    else:
        for _, body in chapters:
            found += [(node, _marked_name(node)) for node in body.iter(etree.Element) if is_page_break(node)]
    return _checked(found, [body for _, body in chapters])


def _checked(found: list[tuple[Element, str]], bodies: list[Element]) -> Pages:
    """Return pages if their names follow each other."""
    names = [_plain(name) for _, name in found]
    if len(names) < 2:
        return Pages()
    values = [_value(name) for name in names]
    follow = all(_follows(before, after) for before, after in zip(values, values[1:], strict=False))
    if not follow or len(set(names)) < len(names):
        return Pages(problem="the numbers of printed pages, which do not follow each other")
    marks = {node: name for (node, _), name in zip(found, names, strict=True)}
    return Pages(marks, names[0], _words_before(found[0][0], bodies))


def _follows(before: tuple[int, int], after: tuple[int, int]) -> bool:
    kind, number = after
    if kind == before[0]:
        return 0 < number - before[1] <= _BLANK and number > 0
    return before[0] == 0 and kind == 1 and 0 < number  # from xii to 1, or to 13


def _value(name: str) -> tuple[int, int]:
    """Return a page's kind (0 in Roman numerals, 1 in digits, 2 other) and its number."""
    if name.isdecimal():
        return 1, int(name)
    digits = [_ROMAN.get(one, 0) for one in name.lower()]
    if not digits or 0 in digits:
        return 2, 0
    after = [*digits[1:], 0]
    return 0, sum(-one if one < following else one for one, following in zip(digits, after, strict=True))


def _marked_name(node: Element) -> str:
    return node.get("title") or node.get("aria-label") or words_in(node) or node.get("id") or ""


def _plain(name: str) -> str:
    """Return a page's name without the word "page"."""
    found = _WORD_BEFORE.match(name)
    return found.group(1) if found else name.strip()


def _words_before(mark: Element, bodies: list[Element]) -> bool:
    """Whether words stand before the first page begins."""
    for body in bodies:
        for node, begins in walk(body):
            if node is mark:
                return False
            if ((node.text if begins else node.tail) or "").strip():
                return True
    return False
