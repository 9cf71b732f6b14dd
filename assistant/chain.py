"""The chain: resolve the question, retrieve, answer, verify. A LangChain `Runnable` from a question to an `Answer`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer import CLOSEST_SHOWN, Answer, Outcome, together
from assistant.asking_back import asked_back
from assistant.calibration import Calibration
from assistant.doubtful import unsaid_of
from assistant.extractive import Decision, ExtractiveEngine
from assistant.listing import asks_for_list
from assistant.question import Question, Turn
from assistant.reader.choice import calibrated_reader
from assistant.reader.joint import NAME as DEFAULT_READER
from assistant.reader.protocol import Reader
from assistant.reader.words import WordCounts
from assistant.resolver import Resolver
from assistant.talk.talk import Talk
from assistant.terms import Rewriter
from assistant.where import Locator, Where
from assistant.where.unread import not_read
from corpus.errors import QuestionError
from index import Embedder, Library
from index.settings import DEFAULT_CHAT, ChatSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

QuestionInput = Question | str | Mapping[str, Any]

NOWHERE = "where"
"""What `Answer.engine` says where nothing was looked up, since a question names pages or documents that there are not."""


class Engine(Protocol):
    """Writes answers. May be shared between threads, and keeps nothing of a conversation."""

    name: str

    def answer(self, blank: Answer, decision: Decision) -> Iterator[Answer]:
        """Yield the answer as it grows; nothing if the blank one is all there is to say.

        :param blank: The answer without statements: the question, what was looked up and found, outcome `not_found`.
        :param decision: What the reader made of the question.
        :raises FootnoteError: no answer could be made.
        """
        ...


class AnswerChain(Runnable[QuestionInput, Answer]):
    """Answers questions from an index.

    `invoke` takes a text, a `Question`, or a mapping with its fields, and returns an `Answer`. `stream` yields the answer as
    it grows, a statement at a time; the last one is whole, with its time taken. `batch` and the asynchronous forms are
    LangChain's. It may be shared between threads and keeps nothing of a conversation.
    """

    def __init__(
        self, library: Library, resolver: Resolver, *engines: Engine, default: str | None = None, talk: Talk | None = None
    ) -> None:
        """
        :param library: The documents that are asked.
        :param default: Name of the engine that is used unless a question names another; None for the first.
        :param talk: Answers what is no question about a subject; None to look up everything.
        :raises QuestionError: there is none of that name.
        """
        self._library = library
        self._locator = Locator(library)
        self._resolver = resolver
        self._talk = talk
        self._engines = {engine.name: engine for engine in engines}
        first = self._engine(default)
        self._engines = {first.name: first} | self._engines

    @property
    def engines(self) -> tuple[str, ...]:
        """The names of the engines, the default first."""
        return tuple(self._engines)

    def invoke(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question.

        :raises QuestionError: it is empty or too long, or names an engine that there is not.
        :raises ScopeError: it names a document that the index does not hold.
        :raises IndexStoreError: the index cannot be read.
        """
        return self._call_with_config(self._answer, input, config, run_type="chain")

    def stream(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """Yield the answer as it grows. Raises as `invoke` does."""
        yield from self._answers(Question.of(input))

    def _answer(self, input: QuestionInput) -> Answer:
        *_, last = self._answers(Question.of(input))
        return last

    def _answers(self, question: Question) -> Iterator[Answer]:
        started = time.perf_counter()
        engine = self._engine(question.engine)
        where = self._locator.locate(question)
        if (said := self._said(question, where)) is not None:
            yield replace(said, seconds=time.perf_counter() - started)
            return
        asked = replace(where.question, text=where.lookup)
        searched_for, decision = self._resolver.decide(asked)
        blank = answer = Answer(
            question=question.text,
            searched_for=searched_for,
            outcome=Outcome.NOT_FOUND,
            statements=(),
            closest=decision.retrieved[:CLOSEST_SHOWN],
            confidence=decision.confidence,
            engine=engine.name,
            retrieved=decision.retrieved,
            notice=where.notice,
            scope=where.scope,
        )
        back = asked_back(asked, blank, decision)
        for answer in engine.answer(blank, decision) if back is None else (back,):
            if answer.outcome is Outcome.ANSWERED:
                answer = replace(answer, notice=together(answer.notice, decision.notice))
            yield replace(answer, seconds=time.perf_counter() - started)
        unsaid = "" if answer.outcome is Outcome.ANSWERED or answer.reply else unsaid_of(decision.unsaid)
        answer = replace(answer, notice=together(answer.notice, unsaid, self._unread(answer, where)))
        yield replace(answer, seconds=time.perf_counter() - started)

    def _said(self, question: Question, where: Where) -> Answer | None:
        """Return the answer to what is not looked up: what names a place that there is not, and what is no question."""
        if where.is_nowhere:
            nothing = Answer(question.text, question.text, Outcome.NOT_FOUND, (), (), 0.0, NOWHERE)
            return replace(nothing, notice=where.notice, scope=where.scope)
        if self._talk is None:
            return None
        said = self._talk.answer(replace(where.question, text=where.said))
        if said is None:
            return None
        notice = together(where.notice, said.notice)
        return replace(said, question=question.text, searched_for=question.text, notice=notice, scope=where.scope)

    def _unread(self, answer: Answer, where: Where) -> str:
        """Return the notice of what was not read, where the answer may lack it: a decline, or a list of all that there is."""
        if answer.outcome is Outcome.ANSWERED:
            cited = {citation.document.name for citation in answer.citations}
            is_list = asks_for_list(answer.searched_for) and not where.question.pages
            return not_read(self._library, cited, "The list may lack what stands there.") if is_list else ""
        if answer.reply:
            return ""
        only = f"Looked only in {where.scope}." if where.scope else ""
        if where.question.pages:
            return only
        return together(only, not_read(self._library, where.question.documents, "The answer may stand there."))

    def _engine(self, name: str | None) -> Engine:
        """Return the engine called `name`, or the default.

        :raises QuestionError: there is none of that name.
        """
        if name is None:
            return next(iter(self._engines.values()))
        if name not in self._engines:
            advice = " For 'generative', set FOOTNOTE_MODEL to a chat model." if name == "generative" else ""
            raise QuestionError(f"There is no engine {name!r} here, only: {', '.join(self._engines)}.{advice}")
        return self._engines[name]


def build_chain(
    index: Library,
    embedder: Embedder,
    reader: str = DEFAULT_READER,
    model: str | BaseChatModel | None = None,
    chat: ChatSettings = DEFAULT_CHAT,
    *,
    engine: str | None = None,
) -> AnswerChain:
    """Return the chain over an index. Loads no model: the first question does.

    :param reader: `footnote`, `similarity`, or the name or folder of a cross-encoder (see `reader.choice`).
    :param model: A chat model, or the LangChain name of one: then it writes the answers, unless a question says otherwise.
    :param chat: How it is asked.
    :param engine: Name of the engine that answers by default: `extractive`, or `generative` where there is a model.
    :raises ModelError: the reader's calibration is missing or damaged.
    :raises QuestionError: there is no engine of that name.
    """
    return chain_maker(index, embedder, reader, model, chat, engine=engine)(index)


def chain_maker(
    counts: WordCounts,
    embedder: Embedder,
    reader: str = DEFAULT_READER,
    model: str | BaseChatModel | None = None,
    chat: ChatSettings = DEFAULT_CHAT,
    *,
    engine: str | None = None,
) -> Callable[[Library], AnswerChain]:
    """Return what makes a chain over any library; all of them share the models. Arguments and errors as in `build_chain`.

    :param counts: How common words are: the index that the libraries are views of.
    """
    made, calibration = calibrated_reader(reader, embedder, counts)
    rewriter = Rewriter()
    generative = None if model is None else _generative(made, model, chat)

    def make(library: Library) -> AnswerChain:
        extractive = ExtractiveEngine(library, made, calibration)
        resolver = Resolver(library, extractive, rewriter)
        engines: list[Engine] = [extractive]
        if generative is not None:
            engines.insert(0, generative(library, extractive))
        return AnswerChain(library, resolver, *engines, default=engine, talk=Talk(library, embedder, resolver))

    return make


def _generative(reader: Reader, model: str | BaseChatModel, chat: ChatSettings) -> Callable[[Library, Engine], Engine]:
    from assistant.generative import ChatModel, GenerativeEngine  # what talks to models takes long to import
    from assistant.verification.verifier import Verifier

    asked, verifier = ChatModel(model, chat), Verifier(reader)

    def make(library: Library, extractive: Engine) -> Engine:
        return GenerativeEngine(library, asked, verifier, extractive if chat.fallback == extractive.name else None)

    return make


def rehearse(chain: AnswerChain) -> None:
    """Ask a follow-up of the engine that needs no chat model, so that all that answering takes is loaded.

    :raises FootnoteError: something is missing or damaged.
    """
    before = (Turn("user", "What is said of the first kind?"), Turn("assistant", "It is the older one."))
    chain.invoke(Question("And what about its use?", before, engine=ExtractiveEngine.name))


def extractive_chain(index: Library, reader: Reader, calibration: Calibration, embedder: Embedder | None = None) -> AnswerChain:
    """Return the chain that answers with the documents' own sentences, as this reader chooses them.

    :param embedder: Tells what is no question about a subject; without it, everything is looked up.
    """
    engine = ExtractiveEngine(index, reader, calibration)
    resolver = Resolver(index, engine)
    return AnswerChain(index, resolver, engine, talk=None if embedder is None else Talk(index, embedder, resolver))
