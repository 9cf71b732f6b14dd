"""From a question and the conversation before it to what is looked up, and what the reader makes of what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.conversation import leans, resolve
from assistant.designated import with_named
from assistant.extractive import READ, Decision, ExtractiveEngine
from assistant.followup import rewordings
from assistant.history import is_decline
from assistant.lookups import find_lookups
from assistant.merging import merged
from assistant.question import Question, Turn
from assistant.reader.spoken import Exchange, Spoken
from assistant.spelling import corrected
from assistant.talk.courtesies import without_courtesy
from assistant.talk.kinds import recognise
from assistant.terms import Rewriter
from assistant.terms.frames import is_correction
from assistant.where.narrowed import search_on_pages
from index import Library, Retrieved
from index.store import CANDIDATES, SearchMode

OF_EACH = 2
"""Passages of each way to read a follow-up that are among those to be read: chosen on held-back follow-ups and the cases marked
`dev` (see docs/log.md)."""


class Resolver:
    """Decides what a question asks for: a follow-up is looked up in several ways, and read with what was said before it."""

    def __init__(self, index: Library, engine: ExtractiveEngine, rewriter: Rewriter | None = None) -> None:
        """
        :param rewriter: Writes follow-ups out; the shipped one if None.
        """
        self._index = index
        self._engine = engine
        self._rewriter = rewriter or Rewriter()

    def decide(self, question: Question) -> tuple[str, Decision]:
        """Return what was looked up, and the decision on it.

        :raises ScopeError: the question names a document that the index does not hold.
        :raises IndexStoreError: the index cannot be read.
        :raises ModelError: the weights that follow-ups are written out with are missing or damaged.
        """
        ways = self.ways(question)
        if question.searched_for not in (None, ways[0]):  # the person said themselves what to look up
            return question.searched_for, self._decide_on(question.searched_for, question)
        if len(ways) == 1:
            return ways[0], self._decide_on(ways[0], question)
        asked = Spoken(self._corrected(without_courtesy(question.text)), exchanges(question.history))
        return ways[0], self._engine.decide(ways[0], self._found_by(ways, question), asked)

    def ways(self, question: Question) -> list[str]:
        """Return the ways to read a question, the likeliest first; one for a question that stands alone."""
        question = replace(question, history=without_talk(question.history))
        text = without_courtesy(question.text)
        written = text if is_correction(text) else self._rewriter.rewrite(text, said_before(question))
        found = [written]
        if written != text or leans(question):
            found += [text, *rewordings(replace(question, history=_written_out(question.history)))]
            if len(set(found)) == 1:  # nothing can be put in: the question before is all that helps
                found.append(resolve(question))
        return [*dict.fromkeys(self._corrected(way) for way in found)]

    def _corrected(self, text: str) -> str:
        return corrected(text, self._index.vocabulary)

    def _decide_on(self, text: str, question: Question) -> Decision:
        """Decide on what is looked up, and on each of what it compares or joins."""
        lookups = find_lookups(text)
        decision = self._lookup(text, question)
        if not lookups.questions or _is_one_name(lookups.row, decision.retrieved):
            return decision
        return merged(decision, {part: self._lookup(part, question) for part in lookups.questions}, lookups.is_comparison)

    def _lookup(self, text: str, question: Question) -> Decision:
        return self._engine.decide(text, self._found(text, question))

    def _found(self, text: str, question: Question) -> list[Retrieved]:
        return with_named(text, self._search(text, question), lambda words: self._search(words, question, SearchMode.LEXICAL))

    def _found_by(self, ways: Sequence[str], question: Question) -> list[Retrieved]:
        """Return what the ways to read a follow-up find: the best of each, the better first, then more of the first way's."""
        found = [self._found(way, question) for way in ways]
        best: dict[str, Retrieved] = {}
        for item in sorted((item for some in found for item in some[:OF_EACH]), key=lambda item: -item.score):
            best.setdefault(item.passage.id, item)
        rest = [item for item in found[0] if item.passage.id not in best]
        return [replace(item, rank=rank) for rank, item in enumerate([*best.values(), *rest], 1)]

    def _search(self, text: str, question: Question, mode: SearchMode = SearchMode.HYBRID) -> list[Retrieved]:
        if question.pages:
            return search_on_pages(self._index, text, question, CANDIDATES // 2)
        return self._index.search(text, CANDIDATES // 2, documents=question.documents, mode=mode)


def _is_one_name(row: str, retrieved: Sequence[Retrieved]) -> bool:
    """Whether names in a row are the name of one thing, "Trinidad and Tobago", as a text has them beside each other, too."""
    texts = (f"{item.passage.heading}\n{item.passage.text}" for item in retrieved[:READ])
    return bool(row) and any(row.casefold() in " ".join(text.split()).casefold() for text in texts)


def without_talk(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return a conversation without what was no question about a subject ("thanks", "tell me more"), nor the answers to it."""
    kept: list[Turn] = []
    is_talk = False
    for turn in history:
        if turn.role == "user":
            is_talk = recognise(turn.content, is_first=False) is not None
        if not is_talk:
            kept.append(turn)
    return tuple(kept)


def _written_out(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return a conversation with what was asked as it was looked up, where that is known: "and in Berlin?" in full."""
    turns = [*history]
    for place, turn in enumerate(turns[1:]):
        if turn.role != "user" and turn.searched_for and turns[place].role == "user":
            turns[place] = replace(turns[place], content=turn.searched_for)
    return tuple(turns)


def exchanges(history: Sequence[Turn]) -> tuple[Exchange, ...]:
    """Return what was asked and answered, oldest first, without talk; the answer is empty where the documents did not say."""
    turns = without_talk(history)
    pairs = zip(turns, turns[1:], strict=False)
    found = ((asked, said) for asked, said in pairs if (asked.role, said.role) == ("user", "assistant"))
    return tuple((asked.content, "" if is_decline(said) else said.content) for asked, said in found)


def said_before(question: Question) -> list[tuple[bool, str]]:
    """Return the conversation: whether a person said it, and what; a question as it was looked up, where that is known.

    That the documents do not say something says nothing of what is asked.
    """
    said: list[tuple[bool, str]] = []
    for turn in question.history:
        if turn.role != "user" and turn.searched_for and said and said[-1][0]:
            said[-1] = (True, turn.searched_for)
        said.append((turn.role == "user", "" if is_decline(turn) else " ".join(turn.content.split())))
    return said
