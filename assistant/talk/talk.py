"""Answers what people say to a chat that is no question about a subject.

What is said of the documents is their own sentences and headings, each cited; what Footnote says by itself is in `replies`.
Which answer a "tell me more" or "are you sure?" is about is read from the history (see `memory`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answer import CLOSEST_SHOWN, Answer, Outcome, together
from assistant.citing import MOST_SENTENCES
from assistant.question import Question, Turn
from assistant.talk import replies
from assistant.talk.contents import Scope
from assistant.talk.evidence import in_context, nearest_sentence, whole_sentences
from assistant.talk.kinds import Kind, recognise
from assistant.talk.memory import Decides, Memory, Past
from assistant.talk.nearest import Nearest
from assistant.talk.quoting import Quote, statements
from assistant.talk.sections import asked_section, evenly, sections_called
from assistant.talk.suggestions import suggestions
from assistant.where.unread import not_read
from assistant.where.wording import asks_for_place
from index import Embedder, Library

ENGINE = "talk"
"""What `Answer.engine` says of these answers."""

_SUGGESTED_FROM = 3  # documents
_MOST_OUTLINES = 40  # documents whose headings are all looked at
_REMEMBERED = 64  # scopes whose suggestions are kept


class Talk:
    """Answers greetings, requests for an overview, "tell me more" and the like. May be shared between threads."""

    def __init__(self, index: Library, embedder: Embedder, resolver: Decides) -> None:
        self._index = index
        self._embedder = embedder
        self._nearest = Nearest(embedder)
        self._memory = Memory(resolver, embedder, self._kind_of)
        self._resolver = resolver
        self._suggested = lru_cache(maxsize=_REMEMBERED)(self._suggest)

    def answer(self, question: Question) -> Answer | None:
        """Return the answer to what is no question about a subject; None if it is one.

        :raises ScopeError: the question names a document that the index does not hold.
        :raises IndexStoreError: the index cannot be read.
        """
        if question.searched_for is not None:  # the person said what to look up
            return None
        section = self._section(question)
        if section is not None:
            return section
        kind = self._kind_of(question.text, question.history)
        if question.pages and (kind is Kind.TOPICS or (kind is None and asks_for_place(question.text))):
            kind = Kind.SUMMARY
        if kind is None:
            return None
        scope = self._scope(question)
        if kind in (Kind.THANKS, Kind.FAREWELL, Kind.GREETING, Kind.CAPABILITIES):
            return self._small_talk(question, kind, scope)
        if not scope.names:
            return _reply(question, replies.nothing_there(is_selection=bool(self._index.records())))
        if kind is Kind.SUMMARY:
            return self._overview(question, scope, replies.left_out(0, scope.left_out))
        if kind is Kind.TOPICS:
            return self._topics(question, scope)
        past = self._memory.recall(question, scope)
        if past is None:
            return _reply(question, replies.nothing_before(kind))
        if kind is Kind.OBJECTION:
            return self._not_meant(question, past)
        if not past.places:
            return self._not_answered(question, kind, past)
        if kind is Kind.SHORTER:
            return self._shorter(question, past, scope)
        if kind is Kind.CERTAINTY:
            return self._certainty(question, past, scope)
        quotes = in_context(past.last, scope) if kind is Kind.SOURCE else self._memory.more(past, scope)
        return _quoting(question, quotes) if quotes else _reply(question, replies.no_more())

    def _section(self, question: Question) -> Answer | None:
        """Return the text of the section that is asked for by its number or heading, or a summary of it; None if none is.

        :raises ScopeError: the question names a document that the index does not hold.
        """
        asked = asked_section(question.text)
        if asked is None or question.pages:
            return None
        scope = self._scope(question)
        names = scope.names
        if len(names) > _MOST_OUTLINES:
            found = self._index.search(asked.words or question.text, _MOST_OUTLINES, documents=names)
            names = tuple(dict.fromkeys(item.document for item in found))
        sections = sections_called(asked, [scope.document(name) for name in names])
        parts = [scope.under(document, section) for document, section in sections]
        if not any(parts):
            return None
        shares = evenly([len(part) for part in parts], MOST_SENTENCES)
        if asked.is_summary:
            shared = [
                part if len(part) == share else scope.summary(document, section, share)
                for (document, section), part, share in zip(sections, parts, shares, strict=True)
            ]
            return _quoting(question, [quote for part in shared for quote in part])
        quotes = [quote for part, share in zip(parts, shares, strict=True) for quote in part[:share]]
        return _quoting(question, quotes, notice=replies.first_of_section(sum(map(len, parts)), len(quotes), len(parts)))

    def _kind_of(self, text: str, history: Sequence[Turn]) -> Kind | None:
        """Return the kind of what a person says after a conversation."""
        earlier = [turn.content for turn in history if turn.role == "user"]
        names = [spoken for record in self._index.records() for spoken in _spoken(record.name, text)]

        def kind(said: str, is_first: bool) -> Kind | None:
            return recognise(said, is_first=is_first, names=names, vocabulary=self._index.vocabulary, nearest=self._nearest)

        found = kind(text, True)
        later = kind(text, False) if earlier or found is None else found
        if found and later is not found and not any(kind(said, False) is None for said in earlier):
            return found
        return later

    def _scope(self, question: Question) -> Scope:
        """Return the documents that are asked: those that the question names, or all that it may look in.

        :raises ScopeError: it may look in one that the index does not hold.
        """
        held = [record.name for record in self._index.records()]
        names = held if question.documents is None else list(dict.fromkeys(question.documents))
        for name in names:
            if name not in held:
                self._index.document(name)
        named = [name for name in names if any(_spoken(name, question.text))]
        return Scope(self._index, named or names, dict(question.pages))

    def _small_talk(self, question: Question, kind: Kind, scope: Scope) -> Answer:
        answer = _reply(question, replies.small_talk(kind, scope.names))
        if kind in (Kind.THANKS, Kind.FAREWELL) or not scope.names:
            return answer
        names = scope.names[:_SUGGESTED_FROM]
        return replace(answer, options=self._suggested(names, tuple(scope.document(name).id for name in names)))

    def _suggest(self, names: tuple[str, ...], _ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return questions to begin with. Kept by the documents' names and ids."""

        def is_answered(text: str) -> bool:
            return self._resolver.decide(Question(text, documents=names))[1].answered

        return suggestions(Scope(self._index, names).topics().quotes, is_answered)

    def _topics(self, question: Question, scope: Scope) -> Answer:
        topics = scope.topics()
        if not topics.quotes:
            return self._overview(question, scope, replies.no_headings(topics.plain))
        notices = (replies.left_out(topics.left_out, scope.left_out), replies.no_headings(topics.plain))
        quotes = [quote for quotes in topics.quotes for quote in quotes]
        return _quoting(question, quotes, notice=" ".join(filter(None, notices)))

    def _overview(self, question: Question, scope: Scope, notice: str) -> Answer:
        quotes = scope.overview({})
        if not quotes and question.pages:
            return replace(_reply(question, ""), notice=notice)
        if not quotes:
            return _reply(question, replies.nothing_quotable())
        if question.pages:
            notice = together(notice, replies.more_sentences(scope.sentences - len(quotes)))
        else:
            notice = together(notice, not_read(self._index, scope.names, "An overview cannot take it in."))
        return _quoting(question, quotes, notice=notice)

    def _not_answered(self, question: Question, kind: Kind, past: Past) -> Answer:
        """Return what is said about a question that was declined."""
        if past.decision is None:
            return _reply(question, replies.nothing_quotable())
        answer = _reply(question, replies.not_answered(kind, past.exchange.question, past.decision.confidence))
        return replace(answer, closest=past.decision.retrieved[:CLOSEST_SHOWN], retrieved=past.decision.retrieved)

    def _not_meant(self, question: Question, past: Past) -> Answer:
        """Return what is said to an answer that is no answer, with the passages that were closest."""
        decision = past.decision or self._memory.decide(past.exchange, question.documents)[1]
        reply = _reply(question, replies.not_meant(past.asked))
        return replace(reply, closest=decision.retrieved[:CLOSEST_SHOWN], retrieved=decision.retrieved)

    def _shorter(self, question: Question, past: Past, scope: Scope) -> Answer:
        """Return the one sentence of the last answer that is nearest to what was asked."""
        quotes = whole_sentences(past.last, scope)
        notice = replies.already_short() if len(quotes) == 1 else ""
        return _quoting(question, [nearest_sentence(past.asked, quotes, self._embedder)], notice=notice)

    def _certainty(self, question: Question, past: Past, scope: Scope) -> Answer:
        quotes = whole_sentences(past.places, scope)[:MOST_SENTENCES]
        if not past.is_question or asked_section(past.exchange.question) is not None:
            return _quoting(question, quotes, notice=replies.verbatim())
        decision = past.decision or self._memory.decide(past.exchange, question.documents)[1]
        return _quoting(question, quotes, decision.confidence, replies.certainty(past.exchange.question, decision.confidence))


def _spoken(name: str, text: str) -> list[str]:
    """Return the ways in which a text names a document: with its folders, or without."""
    return [spoken for spoken in dict.fromkeys((name, name.rsplit("/", 1)[-1])) if spoken.lower() in text.lower()]


def _reply(question: Question, reply: str) -> Answer:
    return Answer(question.text, question.text, Outcome.NOT_FOUND, (), (), 0.0, ENGINE, reply=reply)


def _quoting(question: Question, quotes: Sequence[Quote], confidence: float = 1.0, notice: str = "") -> Answer:
    """Return an answer of quotes. What quotes were asked for, and are given, is certain."""
    said = statements(quotes)
    return Answer(question.text, question.text, Outcome.ANSWERED, said, (), confidence, ENGINE, notice=notice)
