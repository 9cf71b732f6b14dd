"""What is kept of a document to find its pages, since every document may be asked for them at every question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.where.pages import PageMention, joined, listed_pages
from corpus import Document
from corpus.display import counted
from corpus.document import PageKind, Skipped
from corpus.loaders import printable_name

_NAMED = 3  # documents; of more, their number is said


@dataclass(frozen=True)
class Facts:
    """A document's pages.

    Attributes:
        name: The document's name.
        kind: What its pages are called.
        labels: Their names, if they have any.
        pages: How many there are.
        skipped: What of them is not in the text.
        empty: Those without a word.
    """

    name: str
    kind: PageKind
    labels: tuple[str, ...]
    pages: int
    skipped: tuple[Skipped, ...]
    empty: frozenset[int]

    @classmethod
    def of(cls, document: Document) -> Facts:
        """Return the facts of a document."""
        empty = (page for page, (start, end) in enumerate(document.pages, 1) if not document.text[start:end].strip())
        pages = len(document.pages)
        return cls(document.name, document.page_kind, document.page_names, pages, document.skipped, frozenset(empty))

    def numbers(self, mention: PageMention) -> list[int]:
        """Return the numbers of the pages that a question names and that there are.

        A page whose printed number is known is found by that; counted from the beginning is "the third page".
        """
        if mention.name:
            return [page for page, label in enumerate(self.labels, 1) if label.casefold() == mention.name.casefold()]
        found: list[int] = []
        for number in mention.numbers:
            page = number if number > 0 else self.pages + 1 + number
            if not mention.is_counted and self.kind is PageKind.PAGE and str(number) in self.labels:
                page = self.labels.index(str(number)) + 1
            if 1 <= page <= self.pages:
                found.append(page)
        return found

    def without(self, mentions: Sequence[PageMention]) -> list[PageMention]:
        """Return of the pages that a question names those that there are not."""
        left = [
            replace(one, numbers=tuple(number for number in one.numbers if not self.numbers(replace(one, numbers=(number,)))))
            for one in mentions
            if not one.name
        ]
        return [one for one in left if one.numbers]

    def words(self, pages: Iterable[int]) -> str:
        """Return some of its pages in words: "pages 3 and 5-7", "sheet Prices"."""
        pages = sorted(set(pages))
        named = [self.labels[page - 1] for page in pages if page <= len(self.labels) and self.labels[page - 1]]
        said = joined(named) if len(named) == len(pages) and named else listed_pages(pages)
        return f"{self.kind.value}{'s' if len(pages) > 1 else ''} {said}"


def listed(names: Sequence[str]) -> str:
    """Return names of documents as a person lists them; of many, the first few and how many more there are."""
    shown = [printable_name(name) for name in names]
    if len(shown) > _NAMED:
        shown = [*shown[: _NAMED - 1], f"{counted(len(names) - _NAMED + 1, 'more document')}"]
    return joined(shown)


def scope_words(found: Sequence[tuple[Facts, Sequence[int]]]) -> str:
    """Return documents with their pages in words: "report.pdf, pages 3 and 4"."""
    return listed([f"{facts.name}, {facts.words(pages)}" for facts, pages in found])


def no_such_page(mentions: Sequence[PageMention], paged: Sequence[Facts]) -> str:
    """Return the notice that documents do not have the pages that are named, and how many they have."""
    kind = paged[0].kind.value
    numbers = sorted({abs(number) for mention in mentions for number in mention.numbers})
    if any(mention.is_counted for mention in mentions) or not numbers:
        asked = f"There is no such {kind}"
    elif len(numbers) == 1:
        asked = f"There is no {kind} {numbers[0]}"
    else:
        asked = f"There are no {kind}s {listed_pages(numbers)}"
    return f"{asked}: {listed([f'{facts.name} has {counted(facts.pages, facts.kind.value)}' for facts in paged])}."
