"""Finds the section that a person asks for by its number or by its heading: "What does section 5.3 say?".

A search finds what a section says, not that it is that section; and a heading of one word says little to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.talk.outline import Section, find_sections
from corpus import Document
from index.lexical import content_stems, stems

MOST_SECTIONS = 3
"""Where more of them have the number or the words, it is not told which is meant."""

_NOUN = r"(?:(?:sub)?(?:section|chapter)s?|heading|headline)"
_VERB = r"(?:says?|states?|contains?|covers?|tells?(?: me| us)?|means?|(?:is |are )?about)"
_CALLED = r"(?:on|about|called|titled|entitled|named|headed|for)"
_NUMBER = r"(?P<number>\d{1,3}(?:\.\d{1,3}){0,5})"
_QUOTED = r"[\"“”„«'‘](?P<quoted>[^\"“”„«»]{2,80})[\"“”»'’]"
_NAME = r"(?P<name>[^?!.\"]{2,80}?)"
_PLEASE = r"(?:please |can you |could you )*"
_SUMS = rf"{_PLEASE}(?P<sums>summari[sz]e|sum up|give (?:me )?a summary of|an? summary of|summary of)"
_SHOWS = rf"{_PLEASE}(?:show|read|quote|cite|give|tell|explain|describe)(?: me)?(?: about| what| what is in)?"
_WHAT = (
    r"what(?:'s| is| are| does| do| did)?(?: (?:it|they|said|written|stated|there|the \w+|this \w+))?(?: says?)?(?: in| under)?"
)
_ASKS = rf"(?:{_WHAT}|{_SUMS}|{_SHOWS}) "
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:{_ASKS})?(?:the )?(?:{_NOUN}|part) (?:no\.? |number )?{_NUMBER}(?: (?:of|in) (?:the|this) \w+)?(?: {_VERB})?",
        rf"(?:{_ASKS})?(?:the )?{_NOUN} (?:{_CALLED} )?{_QUOTED}(?: {_VERB})?",
        rf"{_WHAT}(?:(?<= in)|(?<= under)) {_QUOTED}",
        rf"(?:{_ASKS})?(?:the )?{_NOUN} {_CALLED} {_NAME}(?: {_VERB})?",
        rf"{_WHAT} (?:the )?{_NAME} {_NOUN} {_VERB}",
        rf"(?:{_SUMS}|{_SHOWS}) (?:the )?{_NAME} {_NOUN}",
    )
]
_AFTER = re.compile(r",? (?:please|to me|for me)$", re.IGNORECASE)
_NUMBERED = re.compile(rf"(?:(?:{_NOUN}|part)\s+|§\s*)?{_NUMBER}(?=[\s.:)–—-]|$)[\s.:)–—-]*", re.IGNORECASE)


@dataclass(frozen=True)
class AskedSection:
    """What a person calls a section.

    Attributes:
        number: "5.3"; empty if it is called by its words.
        words: Those of its heading, or some of them.
        is_summary: Whether a summary is asked for, not the text.
    """

    number: str = ""
    words: str = ""
    is_summary: bool = False


def asked_section(text: str) -> AskedSection | None:
    """Return which section a turn asks for, and nothing else; None if it asks for anything else."""
    said = _AFTER.sub("", " ".join(text.split()).rstrip(" ?!."))
    for form in _FORMS:
        match = form.fullmatch(said)
        if match is None:
            continue
        groups = match.groupdict()
        words = groups.get("quoted") or groups.get("name") or ""
        return AskedSection(groups.get("number") or "", words.strip(), bool(groups.get("sums")))
    return None


def sections_called(asked: AskedSection, documents: Sequence[Document]) -> list[tuple[Document, Section]]:
    """Return the sections that have the number, or whose headings have all the words; of these the ones with the fewest others.

    None where they are more than `MOST_SECTIONS`.
    """
    found = [(extra, document, section) for document in documents for extra, section in _called(asked, document)]
    least = min((extra for extra, _, _ in found), default=0)
    nearest = [(document, section) for extra, document, section in found if extra == least]
    return nearest if len(nearest) <= MOST_SECTIONS else []


def _called(asked: AskedSection, document: Document) -> Iterator[tuple[int, Section]]:
    """Yield the sections that may be meant, each with how many words its heading has besides."""
    wanted = set(content_stems(asked.words)) or set(stems(asked.words))
    for section in find_sections(document):
        numbered = _NUMBERED.match(section.words)
        if asked.number:
            if numbered is not None and numbered["number"] == asked.number:
                yield 0, section
            continue
        held = set(stems(section.words[numbered.end() :] if numbered is not None else section.words))
        if wanted and wanted <= held:
            yield len(held - wanted), section


def evenly(sizes: Sequence[int], most: int) -> list[int]:
    """Return how many of each of some parts have room: one more of each in turn, at most `most` in all."""
    shares = [0] * len(sizes)
    while sum(shares) < min(most, sum(sizes)):
        for place in range(len(sizes)):
            shares[place] += shares[place] < sizes[place] and sum(shares) < most
    return shares
