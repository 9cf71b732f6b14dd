"""Passages narrowed to pages: what may be quoted of them begins on one of these."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.question import Question
from corpus import Document, Passage
from index import Library, Retrieved

_SEARCHED = 400
"""Passages, at most, that the search puts into order; what is on the pages and not among them comes after them."""


def passages_on(document: Document, passages: Sequence[Passage], pages: Collection[int]) -> list[Passage]:
    """Return the passages with sentences that begin on some pages, each with these sentences alone.

    A page on which no sentence begins has the end of one: then those are taken that reach it.
    """
    wanted = set(pages)
    begun = [
        _with(passage, [span for span in passage.sentences if document.page_at(span[0]) in wanted]) for passage in passages
    ]
    covered = {document.page_at(start) for passage in begun for start, _ in passage.sentences}
    rest = [document.pages[page - 1] for page in wanted - covered if page <= len(document.pages)]
    if rest:
        begun = [
            _with(passage, [span for span in passage.sentences if span in kept.sentences or _reaches(span, rest)])
            for passage, kept in zip(passages, begun, strict=True)
        ]
    return [passage for passage in begun if passage.sentences]


def _with(passage: Passage, sentences: Sequence[tuple[int, int]]) -> Passage:
    return replace(passage, sentences=tuple(sentences))


def _reaches(span: tuple[int, int], pages: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in pages)


def search_on_pages(library: Library, text: str, question: Question, count: int) -> list[Retrieved]:
    """Return the passages on the pages that a question is narrowed to, best first."""
    narrowed: dict[str, tuple[str, Passage]] = {}
    held = 0
    for name, pages in question.pages:
        passages = library.passages(name)
        held += len(passages)
        narrowed |= {one.id: (name, one) for one in passages_on(library.document(name), passages, pages)}
    names = [name for name, _ in question.pages]
    found = [
        replace(item, passage=narrowed.pop(item.passage.id)[1])
        for item in library.search(text, max(count, min(held, _SEARCHED)), documents=names)
        if item.passage.id in narrowed
    ]
    last = found[-1].score if found else 0.0
    found += [
        Retrieved(passage, name, last, 0, page_label=library.document(name).page_label(passage.page))
        for name, passage in narrowed.values()
    ]
    return [replace(item, rank=rank) for rank, item in enumerate(found[:count], 1)]
