"""The chain: resolve the question, retrieve, answer, verify. A LangChain `Runnable` from a question to an `Answer`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer import Answer, Outcome
from assistant.conversation import leans, resolve
from assistant.extractive import Decision, ExtractiveEngine, merged
from assistant.followup import rewordings
from assistant.lookups import find_lookups
from assistant.question import Question
from assistant.reader.choice import calibrated_reader
from assistant.reader.joint import NAME as DEFAULT_READER
from assistant.spelling import corrected
from index import Embedder, PassageIndex
from index.store import CANDIDATES

CLOSEST_SHOWN = 3
"""How many of the closest passages are shown when the documents do not say."""

QuestionInput = Question | str | Mapping[str, Any]


class AnswerChain(Runnable[QuestionInput, Answer]):
    """Answers questions from an index.

    `invoke` takes a text, a `Question`, or a mapping with `question`, `history` and `documents`, and returns an `Answer`.
    `stream` yields the answer as it grows, a statement at a time; the last one is whole, with its time taken. `batch` and
    the asynchronous forms are LangChain's. It may be shared between threads and keeps nothing of a conversation.
    """

    def __init__(self, index: PassageIndex, engine: ExtractiveEngine) -> None:
        self._index = index
        self._engine = engine

    def invoke(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """Answer one question.

        :raises QuestionError: it is empty or too long.
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
        searched_for, decision = self._decide(question)
        answer = Answer(
            question=question.text,
            searched_for=searched_for,
            outcome=Outcome.ANSWERED if decision.answered else Outcome.NOT_FOUND,
            statements=(),
            closest=() if decision.answered else decision.retrieved[:CLOSEST_SHOWN],
            confidence=decision.confidence,
            engine=self._engine.name,
            retrieved=decision.retrieved,
        )
        for statement in self._engine.write(decision):
            answer = replace(answer, statements=(*answer.statements, statement), seconds=time.perf_counter() - started)
            yield answer
        yield replace(answer, seconds=time.perf_counter() - started)

    def _decide(self, question: Question) -> tuple[str, Decision]:
        """Return what was looked up, and the decision on it: of a follow-up, the way to read it that answers most surely."""
        alone = corrected(question.text, self._index.vocabulary)
        if not leans(question):
            return alone, self._decide_on(alone, question.documents)
        ways = [alone, *(corrected(way, self._index.vocabulary) for way in rewordings(question))]
        if len(ways) == 1:  # nothing can be put in: the question before is all that helps
            ways.append(corrected(resolve(question), self._index.vocabulary))
        decisions = {way: self._lookup(way, question.documents) for way in ways}
        best = max(decisions, key=lambda way: decisions[way].confidence)
        return best, decisions[best]

    def _decide_on(self, question: str, documents: Sequence[str] | None) -> Decision:
        """Decide on the question, and on each of what it compares or joins."""
        lookups = find_lookups(question)
        decision = self._lookup(question, documents)
        if not lookups.questions:
            return decision
        return merged(decision, [self._lookup(part, documents) for part in lookups.questions], lookups.is_comparison)

    def _lookup(self, question: str, documents: Sequence[str] | None) -> Decision:
        return self._engine.decide(question, self._index.search(question, CANDIDATES // 2, documents=documents))


def build_chain(index: PassageIndex, embedder: Embedder, reader: str = DEFAULT_READER) -> AnswerChain:
    """Return the chain over an index with the default engine. Loads no model: the first question does.

    :param reader: `footnote`, `similarity`, or the name or folder of a cross-encoder (see `reader.choice`).
    :raises ModelError: the reader's calibration is missing or damaged.
    """
    made, calibration = calibrated_reader(reader, embedder, index)
    return AnswerChain(index, ExtractiveEngine(index, made, calibration))
