"""A document's outline: its headings with the places of their words, and what stands under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus import Document, Span
from corpus.blocks import Block, BlockKind
from corpus.document import HEADING_SEPARATOR
from corpus.structure import document_blocks

_CACHED = 32  # outlines: that of 300 pages takes a tenth of a second


@dataclass(frozen=True)
class Section:
    """A heading, and the text under it up to the next heading that is not below it.

    Attributes:
        title: The place of the heading's words.
        start: First character, that of the heading's line.
        end: One past the last character.
        path: The words of the headings above it and its own, outermost first.
    """

    title: Span
    start: int
    end: int
    path: tuple[str, ...]

    @property
    def words(self) -> str:
        """The heading's words on one line."""
        return self.path[-1]

    @property
    def above(self) -> str:
        """The path of the headings above, as passages have it."""
        return HEADING_SEPARATOR.join(self.path[:-1])


@lru_cache(maxsize=_CACHED)
def find_sections(document: Document) -> tuple[Section, ...]:
    """Return all sections of a document, one within another, in the order in which they begin; none without headings."""
    text = document.text
    blocks = document_blocks(document)
    headings = [block for block in blocks if block.kind is BlockKind.HEADING and block.title.strip()]
    ends = _ends(headings, len(text))
    sections: list[Section] = []
    above: list[Block] = []
    for block, end in zip(headings, ends, strict=True):
        above = [one for one in above if one.level < block.level] + [block]
        path = tuple(" ".join(one.title.split()) for one in above)
        sections.append(Section(_title(text, block), block.start, end, path))
    return tuple(sections)


def _ends(headings: Sequence[Block], length: int) -> list[int]:
    """Return for each heading where the next one begins that is not below it, or the end of the text."""
    ends = [length] * len(headings)
    waiting: list[int] = []
    for place, block in enumerate(headings):
        while waiting and headings[waiting[-1]].level >= block.level:
            ends[waiting.pop()] = block.start
        waiting.append(place)
    return ends


def _title(text: str, block: Block) -> Span:
    """Return the place of a heading's words, without marks; of the whole line where they do not stand in one piece."""
    start = text.find(block.title, block.start, block.end)
    return (start, start + len(block.title)) if start >= 0 else (block.start, block.end)
