"""The topics of a document: its headings, quoted where they stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from assistant.talk.outline import Section, find_sections
from assistant.talk.quoting import Quote
from corpus import Document, Passage

_LEAST = 2  # one heading is a title


def topics(document: Document, passages: Sequence[Passage], most: int) -> tuple[list[Quote], int]:
    """Return the headings of a document, as many levels of them as `most` allows, and how many are left out.

    A heading without a sentence under it is none, nor is the title that stands over all the others.

    :param passages: All passages of the document.
    """
    levels = _levels(find_sections(document), [start for passage in passages for start, _ in passage.sentences])
    chosen: list[Section] = []
    for level in levels:
        if not chosen or len(chosen) + len(level) <= most:
            chosen = sorted([*chosen, *level], key=lambda section: section.start)
    if len(chosen) < _LEAST:
        return [], 0
    return [Quote(document, section.title, section.above) for section in chosen[:most]], max(len(chosen) - most, 0)


def _levels(sections: Sequence[Section], sentences: Sequence[int]) -> list[list[Section]]:
    """Return the sections that have sentences, by how many headings stand above them; the title left out."""
    full = [one for one in sections if bisect_left(sentences, one.start) < bisect_left(sentences, one.end)]
    depths = sorted({len(section.path) for section in full})
    levels = [[section for section in full if len(section.path) == depth] for depth in depths]
    return levels[1:] if len(levels) > 1 and len(levels[0]) == 1 else levels
