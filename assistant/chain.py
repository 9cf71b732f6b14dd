"""The chain: resolve the question, retrieve, answer, verify. A LangChain `Runnable` from a question to an `Answer`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answer import Answer, Outcome
from assistant.calibration import Calibration, load_calibration
from assistant.conversation import resolve
from assistant.extractive import ExtractiveEngine
from assistant.question import Question
from assistant.reader.protocol import Reader
from assistant.reader.similarity import SimilarityReader, SimilarityWeights
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
        searched_for = resolve(question)
        retrieved = tuple(self._index.search(searched_for, CANDIDATES // 2, documents=question.documents))
        decision = self._engine.decide(searched_for, retrieved)
        answer = Answer(
            question=question.text,
            searched_for=searched_for,
            outcome=Outcome.ANSWERED if decision.answered else Outcome.NOT_FOUND,
            statements=(),
            closest=() if decision.answered else retrieved[:CLOSEST_SHOWN],
            confidence=decision.confidence,
            engine=self._engine.name,
            retrieved=retrieved,
        )
        for statement in self._engine.write(decision):
            answer = replace(answer, statements=(*answer.statements, statement), seconds=time.perf_counter() - started)
            yield answer
        yield replace(answer, seconds=time.perf_counter() - started)


def build_reader(index: PassageIndex, embedder: Embedder) -> tuple[Reader, Calibration]:
    """Return the reader and its calibration."""
    calibration = load_calibration(SimilarityReader.name)
    weights = SimilarityWeights(calibration.sentence, calibration.sentence_bias)
    return SimilarityReader(embedder, index, weights), calibration


def build_chain(index: PassageIndex, embedder: Embedder) -> AnswerChain:
    """Return the chain over an index with the default engine. Loads no model: the first question does."""
    reader, calibration = build_reader(index, embedder)
    return AnswerChain(index, ExtractiveEngine(index, reader, calibration))
