"""From a question and the conversation before it to what is looked up, and what the reader makes of what is found."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation import leans, resolve
from assistant.extractive import Decision, ExtractiveEngine, merged
from assistant.followup import rewordings
from assistant.lookups import find_lookups
from assistant.question import Question
from assistant.spelling import corrected
from index import PassageIndex
from index.store import CANDIDATES


class Resolver:
    """Decides what a question asks for: of a follow-up, the way to read it that the documents answer most surely."""

    def __init__(self, index: PassageIndex, engine: ExtractiveEngine) -> None:
        self._index = index
        self._engine = engine

    def decide(self, question: Question) -> tuple[str, Decision]:
        """Return what was looked up, and the decision on it.

        :raises ScopeError: the question names a document that the index does not hold.
        :raises IndexStoreError: the index cannot be read.
        """
        alone = corrected(question.text, self._index.vocabulary)
        if question.searched_for is not None:  # the person said themselves what to look up
            return question.searched_for, self._decide_on(question.searched_for, question.documents)
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
