"""How much a question asks for: one thing, or a list.

A question for the kinds or parts of what a section is about is answered by all of the section's items.
A reader scores sentences one by one, and an item ("(3) Cytokines including …") often shares no word with the question; that
it belongs to the answer is said by the document's form: it stands in the section that the question names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus import Span
from corpus.document import HEADING_SEPARATOR
from index import Retrieved
from index.lexical import content_stems

_ASKS_FOR_LIST = re.compile(
    r"\b(?:list|name|enumerate|all|every|each|kinds?|types?|forms?|ways|categor(?:y|ies)|class(?:es|ified|ification)|examples?|"
    r"methods|parts|steps|stages|items|elements|components|members|varieties|belongs?|includes?|comprises?|consists?|"
    r"covered|divided|subdivided)\b|^(?:what|which)\b.*\bare (?:the|there)\b",
    re.IGNORECASE,
)
_ASKS_FOR_ONE = re.compile(
    r"(?:^|[,.;:!?–—-]\s+|\b(?:know|tell (?:me|us)|say|wonder(?:ing)?|ask|explain|out|sure|remember|idea)\s+)"
    r"(?:(?:and|but|so|then|also|by|for|in|at|on|to|from|of|with|since|until|about|within|after|before|under|over|up)\s+){0,3}"
    r"(?:who|whom|whose|when|where|how (?:much|many|long|old|often|far|late|early|soon|big|large|tall|fast|high)|"
    r"which (?!\w+s\b)\w+|what (?:is|was) the)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:differ\w*|compar\w*|versus|vs|both|and)\b", re.IGNORECASE)
_ENUMERATED = re.compile(r"(?P<open>\(?)(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})(?P<close>[.)])\s")
_BULLET = re.compile(r"(?:^|\n)[ \t]*([-*+•‣–])[ \t]+\Z")
_ALIKE = 6  # first letters by which two stems are taken for one word: "classifi" and "classif"
_LEAST_ITEMS = 2


def asks_for_list(question: str) -> bool:
    """Whether a question asks for several things of a kind."""
    return _ASKS_FOR_LIST.search(question) is not None


def asks_for_one(question: str) -> bool:
    """Whether a question asks for one thing, such as a person, a place, a time or a number, and not for several."""
    return bool(_ASKS_FOR_ONE.search(question)) and not asks_for_list(question) and not _SEVERAL.search(question)


def listed_items(question: str, retrieved: Sequence[Retrieved]) -> list[tuple[Retrieved, Span]]:
    """Return the enumerated items of the section that a question for a list names, with their places; else nothing.

    Of the passages found, the first whose innermost heading is named in the question tells the section.
    """
    if not asks_for_list(question):
        return []
    asked = {stem[:_ALIKE] for stem in content_stems(question)}
    section = next((item for item in retrieved if _is_named(item.passage.heading, asked)), None)
    if section is None:
        return []
    places = [
        (_family(item, span), item, span)
        for item in retrieved
        if (item.document, item.passage.heading) == (section.document, section.passage.heading)
        for span in item.passage.sentences
    ]
    families = Counter(family for family, _, _ in places if family)
    if not families:
        return []
    family, count = families.most_common(1)[0]
    items = [(item, span) for kind, item, span in places if kind == family]
    return sorted(items, key=lambda place: place[1]) if count >= _LEAST_ITEMS else []


def _is_named(heading: str, asked: set[str]) -> bool:
    words = {stem[:_ALIKE] for stem in content_stems(heading.rsplit(HEADING_SEPARATOR, 1)[-1])}
    return bool(words) and words <= asked


def _family(item: Retrieved, span: Span) -> str:
    """Return how an item is numbered, "()" or ")" or ".", or its bullet, which is no part of the sentence; else ""."""
    place = span[0] - item.passage.start
    match = _ENUMERATED.match(item.passage.text, place)
    if match:
        return match["open"] + match["close"]
    bullet = _BULLET.search(item.passage.text, 0, place)
    return bullet[1] if bullet else ""
