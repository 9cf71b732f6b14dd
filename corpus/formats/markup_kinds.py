"""What elements of HTML are, beyond their names: headings, notes, the beginnings of printed pages, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from corpus.formats.markup_tree import BLOCKS, HEADINGS, Element, Elements, local, tokens, walk, words_in

_NOTE_MARKS = frozenset(
    "doc-noteref noteref footnote-ref footnote-reference sdfootnoteanc sdendnoteanc sdfootnotesym sdendnotesym".split()
)


def heading_level(node: Element, tag: str) -> int | None:
    """Return how deep a heading stands; None for what is no heading."""
    if tag in HEADINGS:
        return 0 if tag == "h1" and "title" in tokens(node, "class") else HEADINGS[tag]
    if node.get("role") and "heading" in tokens(node, "role"):
        level = node.get("aria-level") or ""
        return int(level) if re.fullmatch("[1-9]", level) else 2
    return 0 if tag == "p" and "msotitle" in tokens(node, "class") else None


def first_with_words(roots: Iterable[Element], dropped: Elements, words: Set[str], level: int) -> dict[Element, int]:
    """Return the first paragraph that says what a title says, as `titles` of `Markup`; empty if none does."""
    longest = max(map(len, words), default=0)
    for root in roots:
        for node, begins in walk(root, dropped):
            is_line = begins and local(node) in ("p", "div") and all(local(one) not in BLOCKS for one in node)
            said = words_in(node) if is_line else ""
            if said and len(said) <= longest and said in words:
                return {node: level}
    return {}


def is_page_break(node: Element) -> bool:
    """Whether an element is there only to say that a page of the printed book begins."""
    return "pagebreak" in tokens(node, "epub:type") or "doc-pagebreak" in tokens(node, "role")


def is_note_mark(node: Element, tag: str) -> bool:
    """Whether an element is the mark of a note in the text."""
    if tag != "a":
        return False
    names = [*tokens(node, "role"), *tokens(node, "epub:type"), *tokens(node, "class")]
    return not _NOTE_MARKS.isdisjoint(names)


def code_text(node: Element) -> str:
    """Return text whose lines and spaces stay as they are."""
    parts: list[str] = []
    for one, begins in walk(node):
        tag = local(one)
        if begins:
            parts.append("\n" if tag == "br" else (one.text or "") * (tag != "button"))
        elif one is not node:
            parts.append(one.tail or "")
    return "".join(parts)
