"""What the documents in scope have to say by themselves: an overview, their topics, more about what was cited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.citing import MOST_SENTENCES
from assistant.talk.around import around
from assistant.talk.outline import Section, find_sections
from assistant.talk.overview import overview
from assistant.talk.quoting import Quote
from assistant.talk.topics import topics
from assistant.where.narrowed import passages_on
from corpus import Document, Passage, Span
from index import Embedder, Library

MOST_DOCUMENTS = MOST_SENTENCES
"""How many documents have their turn in an overview or a list of topics."""

_MOST_TOPICS = 24
_LEAST_TOPICS = 4  # of a document, however many there are

Said = Mapping[str, Sequence[Span]]
"""Name of a document → places of it that were cited."""


class Scope:
    """The documents that are asked."""

    def __init__(self, index: Library, names: Sequence[str], pages: Mapping[str, Sequence[int]] | None = None) -> None:
        """
        :param pages: The pages that alone are asked, by document; None for all of them.
        """
        self.names = tuple(names)
        self._index = index
        self._pages = pages or {}

    def document(self, name: str) -> Document:
        """Return a document by its name."""
        return self._index.document(name)

    def passages(self, name: str) -> list[Passage]:
        """Return its passages in reading order; of pages, with the sentences on them alone."""
        passages = self._index.passages(name)
        return passages_on(self.document(name), passages, self._pages[name]) if name in self._pages else passages

    @property
    def left_out(self) -> int:
        """How many documents have no turn."""
        return max(len(self.names) - MOST_DOCUMENTS, 0)

    def overview(self, said: Said) -> list[Quote]:
        """Return central sentences of each document, without those that were said."""
        names = self.names[:MOST_DOCUMENTS]
        shares = [MOST_SENTENCES // len(names) + (place < MOST_SENTENCES % len(names)) for place in range(len(names))]
        parts = (self._overview(name, share, said.get(name, ())) for name, share in zip(names, shares, strict=True))
        return [quote for part in parts for quote in part]

    def _overview(self, name: str, most: int, said: Sequence[Span]) -> list[Quote]:
        """Return central sentences of a document; of pages with few sentences all, and without any their headings."""
        document, passages = self.document(name), self.passages(name)
        if name not in self._pages:
            return overview(document, passages, most, said)
        all_of_them = [Quote(document, span, passage.heading) for passage in passages for span in passage.sentences]
        if not all_of_them:
            sections = find_sections(document)
            on_pages = [one for one in sections if document.page_at(one.start) in self._pages[name]]
            return [Quote(document, one.title, one.above) for one in on_pages[:most]]
        return all_of_them if len(all_of_them) <= most else overview(document, passages, most, said) or all_of_them[:most]

    def under(self, document: Document, section: Section) -> list[Quote]:
        """Return the sentences of a section and of those below it, in reading order."""
        return [
            Quote(document, span, passage.heading) for passage in self._within(document, section) for span in passage.sentences
        ]

    def summary(self, document: Document, section: Section, most: int) -> list[Quote]:
        """Return at most `most` central sentences of a section, or its first ones where none stands alone."""
        return overview(document, self._within(document, section), most) or self.under(document, section)[:most]

    def _within(self, document: Document, section: Section) -> list[Passage]:
        """Return a document's passages with the sentences of a section alone."""
        return [
            replace(passage, sentences=tuple(span for span in passage.sentences if section.start <= span[0] < section.end))
            for passage in self.passages(document.name)
        ]

    @property
    def sentences(self) -> int:
        """How many sentences there are on the pages, or in all of the documents."""
        return sum(len(passage.sentences) for name in self.names for passage in self.passages(name))

    def topics(self) -> Topics:
        """Return the headings of each document."""
        names = self.names[:MOST_DOCUMENTS]
        share = max(_MOST_TOPICS // len(names), _LEAST_TOPICS)
        found = {name: topics(self.document(name), self.passages(name), share) for name in names}
        plain = tuple(name for name, (quotes, _) in found.items() if not quotes)
        return Topics(
            tuple(tuple(quotes) for quotes, _ in found.values() if quotes), sum(left for _, left in found.values()), plain
        )

    def around(self, cited: Said, said: Said, embedder: Embedder, asked: str) -> list[Quote]:
        """Return sentences near those that were cited, without those that were said."""
        return [
            quote
            for name, spans in cited.items()
            for quote in around(self.document(name), self.passages(name), spans, said.get(name, ()), embedder, asked)
        ]


@dataclass(frozen=True)
class Topics:
    """The headings of documents.

    Attributes:
        quotes: Of each document that has some.
        left_out: How many more there are.
        plain: Names of the documents without headings.
    """

    quotes: tuple[tuple[Quote, ...], ...]
    left_out: int
    plain: tuple[str, ...]
