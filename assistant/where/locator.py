"""From a question to where it is looked up: which documents, which of their pages, and what is left to ask there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from assistant.conversation import leans
from assistant.question import Question, Turn
from assistant.where.facts import Facts, listed, no_such_page, scope_words
from assistant.where.names import NameMention, find_names, unknown_names
from assistant.where.pages import PageMention, find_pages
from assistant.where.unread import asked_unread
from assistant.where.wording import HOLE, asks_for_place, is_only_where, looked_up, said_there, with_holes
from corpus.display import counted
from corpus.document import PageKind
from corpus.errors import ScopeError
from corpus.formats import FORMATS
from corpus.loaders import printable_name
from index import Library

_SHEET_WORD = re.compile(r"\b(?:work)?sheets?\b|\btabs?\b", re.IGNORECASE)
_SUFFIXES = tuple(FORMATS)
_PATTERN_MARKS = "*?["


@dataclass(frozen=True)
class Where:
    """Where a question is looked up, and what is asked there.

    Attributes:
        question: The question with the documents and pages that it names as its scope.
        said: What a person would say who has nothing else: "What does the document say?".
        lookup: What is to be looked up: the question without where.
        scope: The documents and pages in words, if the question names any: "report.pdf, page 3".
        notice: What a person should know about them.
        is_nowhere: Whether there is no such place, so that nothing can be looked up.
    """

    question: Question
    said: str
    lookup: str
    scope: str = ""
    notice: str = ""
    is_nowhere: bool = False


@dataclass(frozen=True)
class _Named:
    """A text, what it names, and the rest with holes (see `wording`)."""

    rest: str
    names: tuple[NameMention, ...]
    pages: tuple[PageMention, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for mention in self.names for name in mention.names))

    def __bool__(self) -> bool:
        return bool(self.names or self.pages)


class Locator:
    """Finds out where questions want to be looked up. May be shared between threads."""

    def __init__(self, index: Library) -> None:
        self._index = index
        self._facts: dict[str, Facts] = {}

    def locate(self, question: Question) -> Where:
        """Return where a question is looked up.

        What a person put in place of it (`searched_for`) may name a place too; if it does not, the question's own holds.

        :raises ScopeError: it may look in a document that the index does not hold, or a pattern fits none.
        :raises IndexStoreError: the index cannot be read.
        """
        question = replace(question, documents=self.expanded(question.documents))
        text = question.text if question.searched_for is None else question.searched_for
        held = self._held(question)
        named = self._named(text, held)
        lookup = named.rest
        if not named and question.searched_for is not None:
            named = self._named(question.text, held)
        if not named:
            return self._anywhere(question, text, held)
        where = self._asked(question, named, lookup, held)
        return self._on_pages(where, named.pages, named.documents or held) if named.pages else where

    def expanded(self, documents: Sequence[str] | None) -> tuple[str, ...] | None:
        """Return the names of documents; in place of a pattern such as "reports/*" those that it fits.

        :raises ScopeError: a pattern fits none.
        """
        if documents is None:
            return None
        held = [record.name for record in self._index.records()]
        names: list[str] = []
        for name in documents:
            if name in held or not any(mark in name for mark in _PATTERN_MARKS):
                names.append(name)
                continue
            fitting = [one for one in held if fnmatchcase(one, name)]
            if not fitting:
                raise ScopeError(f"No document fits {name!r}. {_holding(held)} See `python -m index list`.")
            names += fitting
        return tuple(dict.fromkeys(names))

    def facts(self, names: Sequence[str] | None) -> list[Facts]:
        """Return what there is to know of the pages of documents that have some; of all of these for None."""
        wanted = None if names is None else set(names)
        held = [one for one in self._index.records() if one.pages and (wanted is None or one.name in wanted)]
        return [self._facts_of(one.id, one.name) for one in held]

    def _facts_of(self, key: str, name: str) -> Facts:
        facts = self._facts.get(key)
        if facts is None:
            facts = self._facts[key] = Facts.of(self._index.document(name))
        return facts

    def _held(self, question: Question) -> tuple[str, ...]:
        """Return the names of the documents that a question may look in."""
        if question.documents is not None:
            return question.documents
        return tuple(record.name for record in self._index.records())

    def _named(self, text: str, held: Sequence[str]) -> _Named:
        text = text.replace(HOLE, " ")
        names = find_names(text, held, _SUFFIXES)
        among = [name for mention in names for name in mention.names] or held
        pages = [
            one
            for one in find_pages(text, self._sheets(among) if _SHEET_WORD.search(text) else ())
            if not any(one.start < it.end and it.start < one.end for it in names) and self._may_be(one, among)
        ]
        spans = sorted([(one.start, one.end) for one in names] + [(one.start, one.end) for one in pages])
        return _Named(with_holes(text, spans), tuple(names), tuple(pages))

    def _sheets(self, names: Sequence[str]) -> list[str]:
        return [label for facts in self.facts(names) if facts.kind is PageKind.SHEET for label in facts.labels]

    def _may_be(self, mention: PageMention, names: Sequence[str]) -> bool:
        """Whether pages can be meant: "the last sheet" and "tab 2" are none where no document has sheets."""
        if mention.name or mention.kind is PageKind.PAGE or (mention.kind is PageKind.SLIDE and not mention.is_counted):
            return True
        return any(facts.kind is mention.kind for facts in self.facts(names))

    def _anywhere(self, question: Question, text: str, held: Sequence[str]) -> Where:
        """Return where a question is looked up that names nothing: a follow-up, where the question before it was."""
        where = Where(question, text, text)
        if question.searched_for is not None:
            return where
        if names := self._named_before(question, held):
            return replace(where, question=replace(question, documents=names), scope=listed(names))
        if unknown := unknown_names(text, _SUFFIXES):
            return replace(where, notice=_unknown(unknown, self._index, held), is_nowhere=True)
        return where

    def _named_before(self, question: Question, held: Sequence[str]) -> tuple[str, ...]:
        """Return the documents that were named by the question to which this one is a follow-up."""
        history, text = list(question.history), question.text
        while leans(Question(text, tuple(history))):
            while history[-1].role != "user":
                history.pop()
            text = history.pop().content
            mentions = find_names(text, held, _SUFFIXES)
            if mentions:
                return tuple(dict.fromkeys(name for mention in mentions for name in mention.names))
        return ()

    def _asked(self, question: Question, named: _Named, rest: str, held: Sequence[str]) -> Where:
        """Return what is asked in the documents that are named, all of their pages."""
        said, lookup = said_there(rest), looked_up(rest)
        if is_only_where(lookup) and (before := _last_asked(question.history)) is not None:
            earlier = self._named(before.content, held).rest
            said, lookup = said_there(earlier), before.searched_for or looked_up(earlier)
        if question.searched_for is not None:
            question = replace(question, searched_for=lookup)
        documents = named.documents
        return Where(replace(question, documents=documents or question.documents), said, lookup, listed(documents))

    def _on_pages(self, where: Where, mentions: Sequence[PageMention], names: Sequence[str]) -> Where:
        """Return the place narrowed to the pages that are named."""
        paged = self.facts(names)
        if not paged:
            who = printable_name(names[0]) if len(names) == 1 else "None of the documents"
            notice = f"{who} has {'no' if len(names) == 1 else 'any'} {mentions[0].kind.value}s."
            return replace(where, notice=notice, is_nowhere=asks_for_place(where.lookup))
        paged = [facts for facts in paged if any(one.name or facts.kind is one.kind for one in mentions)] or paged
        found = [(facts, sorted({page for one in mentions for page in facts.numbers(one)})) for facts in paged]
        found = [(facts, pages) for facts, pages in found if pages]
        if not found:
            return replace(where, notice=no_such_page(mentions, paged), is_nowhere=True)
        pages = {facts.name: tuple(numbers) for facts, numbers in found}
        notices = [asked_unread([facts for facts, _ in found], pages)]
        if len(paged) == 1 and (lost := paged[0].without(mentions)):
            notices.append(no_such_page(lost, paged))
        question = replace(where.question, documents=tuple(pages), pages=tuple(pages.items()))
        return replace(where, question=question, scope=scope_words(found), notice=" ".join(filter(None, notices)))


def _last_asked(history: Sequence[Turn]) -> Turn | None:
    """Return the last question, with what was looked up for it."""
    for place in range(len(history) - 1, -1, -1):
        if history[place].role == "user":
            after = history[place + 1 : place + 2]
            return replace(history[place], searched_for=after[0].searched_for if after else "")
    return None


def _unknown(name: str, index: Library, held: Sequence[str]) -> str:
    """Return the notice that a document which a question names is not here, or not among those that it may look in."""
    if any(name.lower() in (one.name.lower(), one.name.rsplit("/", 1)[-1].lower()) for one in index.records()):
        return f"{printable_name(name)} is not among the documents that are searched: {listed(held)}."
    return f"There is no document called {printable_name(name)} here. {_holding(held)}"


def _holding(held: Sequence[str]) -> str:
    return f"{counted(len(held), 'document')} can be asked: {listed(held)}." if held else "There is none."
