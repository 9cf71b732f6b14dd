"""What is left of a question without the documents and pages that it names.

"According to report.pdf, what is the dose?" looks up "What is the dose?"; the place of what was named is a hole meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus import Span
from index.lexical import STOP_WORDS

HOLE = "\ufffc"
"""Stands for documents and pages that were named."""

HERE = "the document"
"""What a person calls them who has nothing else."""

_THE = r"(?:(?:the|my|our|this|that)\s)?"
_PAPER = r"(?:document|file|pdf|report|paper|article|presentation|deck|workbook|spreadsheet|slides|text|book)"
_SOURCE = r"(?:according to|based on|judging by|looking at|within|in|from|on|at|under|inside|per|see)"
_ARTICLE = re.compile(rf"(?<!\w)(?:the|my|our)\s{HOLE}|{HOLE}(?:\s{_PAPER}\b)?", re.IGNORECASE)
_TOGETHER = re.compile(
    rf"{HOLE}(?:(?:\s?[,(]\s?|\s)(?:(?:and|or)\s)?(?:(?:of|in|from|on|at)\s)?{_THE}{HOLE}\)?)+|{HOLE}\s(?:of|in|from)\s(?:the|this|my)\s{_PAPER}\b",
    re.IGNORECASE,
)
_FIRST = re.compile(rf"^\W*(?:(?:and|but|so)\s)?(?:{_SOURCE}\s)?{HOLE}\s?[,:;–-]?\s(?=\w)", re.IGNORECASE)
_ASIDE = re.compile(rf"\s?,?\s?[\[(]?\b(?:{_SOURCE}|of)\s{HOLE}[\])]?(?:\s?,)?(?!\w)|\s?\({HOLE}\)", re.IGNORECASE)
_SAYS = r"(?:says?|states?|mentions?|tells?(?: us| me)?|writes?|recommends?|advises?|contains?|have|has|said|know|knows)"
_OF_SUBJECT = re.compile(
    rf"\bwhat\s(?:(?:do|does|did|is|are|has|have|can)\s)?{HOLE}\s(?:to\s)?(?:{_SAYS}\s)?(?:about|on|regarding|concerning|of)\s"
    r"(?P<what>\S.*)$",
    re.IGNORECASE,
)
_IN = re.compile(rf"\b(?:within|in|from|on|at|under|inside)\s{HOLE}", re.IGNORECASE)
_BY = re.compile(rf"\s?,?\s?\b(?:according to|based on|judging by|per)\s{HOLE}(?:\s?,)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_CONNECTING = frozenset("and or but so what how about then also please again now instead".split())
_OPENING = STOP_WORDS | frozenset("say says show contain contains written stand stands summarise summarize read".split())


def with_holes(text: str, spans: Iterable[Span]) -> str:
    """Return a text with a hole for each of some stretches; what belongs together ("page 3 of report.pdf") is one."""
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        parts += [text[end:start], HOLE]
        end = stop
    holed = " ".join("".join([*parts, text[end:]]).split())
    return _ARTICLE.sub(HOLE, _TOGETHER.sub(HOLE, _ARTICLE.sub(HOLE, holed)))


def said_there(rest: str) -> str:
    """Return what a person would say who has nothing but what was named: "What does the document say?"."""
    rest = _BY.sub("", _IN.sub(f"in {HERE}", rest))
    return _tidied(rest.replace(HOLE, HERE))


def looked_up(rest: str) -> str:
    """Return what is to be looked up: the question without where; what it says of a subject is "Tell me about …"."""
    if match := _OF_SUBJECT.search(rest):
        # Of eight ways to put it, this and "What about X?" found 13 of 13 headings in their documents and none in others'.
        return _tidied(f"Tell me about {match['what'].rstrip(' ?.!')}.")
    bare = _ASIDE.sub("", _FIRST.sub("", rest))
    return _tidied(bare.replace(HOLE, HERE))


def _tidied(text: str) -> str:
    text = re.sub(r"\s([?.!,;:])", r"\1", " ".join(text.split())).lstrip(" ,;:–-")
    text = re.sub(r",(?=[?.!]*$)", "", text)
    return text[:1].upper() + text[1:]


def is_only_where(lookup: str) -> bool:
    """Whether nothing but a place was said: "And in guideline.txt?", "What about page 4?"."""
    words = {word.lower() for word in _WORD.findall(lookup.replace(HERE, "").replace(HERE.capitalize(), ""))}
    return words <= _CONNECTING


def asks_for_place(lookup: str) -> bool:
    """Whether a question asks for nothing but what stands somewhere: "What does page 3 say?"."""
    return {word.lower() for word in _WORD.findall(lookup.lower().replace(HERE, ""))} <= _OPENING
