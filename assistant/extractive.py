"""The engine that needs no language model: the answer is the document's own sentences, verbatim, each cited."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from assistant.answer import Answer, Outcome, Statement, cite, quoted, together
from assistant.calibration import Calibration
from assistant.citing import (
    MOST_SENTENCES,
    Chosen,
    about_others,
    beside_named,
    best_first,
    choose,
    in_reading_order,
    with_answers,
    with_each,
    with_items,
    with_rivals,
    worth_citing,
)
from assistant.compared import compared
from assistant.designated import Designated, designated
from assistant.doubtful import doubtful_words
from assistant.listing import asked_lists, asks_for_one, asks_for_several
from assistant.reader.protocol import PassageReading, Reader
from assistant.reader.spoken import Spoken
from assistant.rivals import Place, Rival, find_rivals
from assistant.rows import about_rows, shown_heading
from assistant.signals import confidence_signals
from corpus import Document, Span
from corpus.loaders import printable_name
from index import Library, Retrieved
from index.vocabulary import likeness

READ = 8
"""How many of the retrieved passages are read at most."""

READ_FIRST = 4
"""How many are read before the rest, which need not be where one of these surely answers."""

IN_CONVERSATION = 0.8
"""Part of the margins that holds for a question read in a conversation, where the scores of sentences lie closer together.

Chosen on held-back follow-ups (see docs/log.md).
"""

_ALIKE = 80.0  # of 100, from which two texts say nearly the same


@dataclass(frozen=True)
class Decision:
    """What the engine makes of a question before it writes anything.

    Attributes:
        confidence: Probability, 0..1, that the passages answer the question.
        answered: Whether that is enough.
        chosen: The sentences to cite, in reading order.
        retrieved: The passages, those that were read in the order of how well they answer.
        notice: What a person should know of what is cited: that the documents differ; mostly empty.
        others: The sentences, by passage id and place, that are about another numbered thing than the question's.
        unsaid: Where nothing answers, the stretches of the question that the nearest passage says nothing of; mostly empty.
    """

    confidence: float
    answered: bool
    chosen: tuple[Chosen, ...]
    retrieved: tuple[Retrieved, ...]
    notice: str = ""
    others: frozenset[tuple[str, Span]] = frozenset()
    unsaid: tuple[str, ...] = ()

    def is_about_another(self, item: Retrieved, span: Span) -> bool:
        """Whether all sentences of a passage that a stretch touches are about another numbered thing than the question's."""
        touched = [one for one in item.passage.sentences if one[0] < span[1] and span[0] < one[1]]
        return bool(touched) and all((item.passage.id, one) in self.others for one in touched)


class ExtractiveEngine:
    """Chooses the sentences that answer."""

    name = "extractive"

    def __init__(self, index: Library, reader: Reader, calibration: Calibration) -> None:
        self._index = index
        self._reader = reader
        self._calibration = calibration

    def decide(self, question: str, retrieved: Sequence[Retrieved], asked: Spoken | None = None) -> Decision:
        """Judge whether the passages answer the question, and which of their sentences do.

        What they say of another numbered thing than the question's is left out; where they name only others, nothing answers.

        :param asked: As in `Reader.read`.
        """
        held = designated(question, retrieved, READ)
        if held.is_missing:
            confidence = self._calibration.confidence(confidence_signals(question, (), ()))
            return Decision(confidence, False, (), tuple(retrieved), others=held.others)
        items = about_rows(question, held.items, READ)
        emptied = {item.passage.id for item in retrieved if item.passage.sentences}
        emptied -= {item.passage.id for item in items if item.passage.sentences}
        left = [item for item in items if item.passage.id not in emptied]
        read = within_reach(left, self._calibration, max(READ, held.count), held.first)
        least = _read_first(question, read, held.first)
        readings = self._read(question, read, retrieved, asked, least)
        read = read[: len(readings)]
        known = {item.passage.id for item in read}
        ranked = rerank([*read, *(item for item in items if item.passage.id not in known)], readings, self._calibration)
        confidence = self._calibration.confidence(confidence_signals(question, ranked[: len(read)], readings))
        chosen: tuple[Chosen, ...] = ()
        notice = ""
        # The text of "clause 4.2" is what "What does clause 4.2 say?" asks for, whatever a reader makes of it, and a table's
        # cheapest row what "Which is the cheapest?" does.
        whole = held.whole or compared(question, held.items[:READ], lambda name: self._index.passages(name))
        if whole:
            chosen = in_reading_order([Chosen(item, span) for item, span in whole[:MOST_SENTENCES]])
            confidence = max(confidence, self._calibration.threshold)
            if len(whole) > MOST_SENTENCES and not held.whole:
                notice = f"{len(whole)} rows of the table answer, of which {MOST_SENTENCES} are cited."
        elif confidence >= self._calibration.threshold:
            chosen, notice = self._cited(question, held, items, read, readings, self._margins(asked))
        unsaid: tuple[str, ...] = ()
        if not chosen and readings:
            nearest = next(at for at, item in enumerate(read) if item.passage.id == ranked[0].passage.id)
            unsaid = doubtful_words(asked.question if asked else question, readings[nearest].doubts)
        # Without a sentence to cite there is no answer.
        return Decision(confidence, bool(chosen), chosen, _whole(ranked, retrieved), notice, held.others, unsaid)

    def _cited(
        self,
        question: str,
        held: Designated,
        items: Sequence[Retrieved],
        read: Sequence[Retrieved],
        readings: Sequence[PassageReading],
        margins: Calibration,
    ) -> tuple[tuple[Chosen, ...], str]:
        """Return what is cited of an answer, in reading order, with the notice.

        :param items: All that was found, for the lists that an answer belongs to.
        """
        chosen = with_answers(question, choose(read, readings, margins, asks_for_one(question)))
        if not chosen:
            return (), ""
        others = about_others(question, best_first(chosen, read, readings)[0].item, read)
        chosen = tuple(one for one in chosen if one.item.passage.id not in others)
        chosen = beside_named(with_each(chosen, held, read, readings), held, read, readings)
        ordered = best_first(chosen, read, readings)
        lists = asked_lists(question, items, [(one.item, one.span) for one in ordered])
        same = [pair for pair in zip(read, readings, strict=True) if pair[0].passage.id not in others]
        rivals = find_rivals(question, [item for item, _ in same], [reading for _, reading in same])
        chosen = with_rivals(with_items(chosen, lists, ordered), rivals)
        cut_short = lists.cut_short({one.key for one in chosen})
        if not cut_short and asks_for_several(question) and len(worth_citing(read, readings, margins)) > MOST_SENTENCES:
            cut_short = f"More than {MOST_SENTENCES} sentences answer, of which the best are cited."
        return chosen, together(self._differences(rivals), cut_short)

    def _margins(self, asked: Spoken | None) -> Calibration:
        """Return the calibration with the margins for a question that stands alone, or for one in a conversation."""
        if asked is None:
            return self._calibration
        single = self._calibration.single
        return replace(
            self._calibration,
            margin=IN_CONVERSATION * self._calibration.margin,
            single=None if single is None else IN_CONVERSATION * single,
        )

    def _read(
        self, question: str, read: Sequence[Retrieved], retrieved: Sequence[Retrieved], asked: Spoken | None, least: int
    ) -> list[PassageReading]:
        """Read whole passages, of which the sentences that are left count: a reader sees each beside its neighbours.

        :param least: As in `Reader.read`: there may be fewer readings than passages.
        """
        whole = _whole(read, retrieved)
        return [
            _left(reading, before.passage.sentences, item.passage.sentences)
            for item, before, reading in zip(read, whole, self._reader.read(question, whole, asked, least), strict=False)
        ]

    def answer(self, blank: Answer, decision: Decision) -> Iterator[Answer]:
        """Yield the answer a statement at a time; nothing if nothing answers."""
        answer = replace(blank, outcome=Outcome.ANSWERED, closest=())
        for statement in self.write(decision):
            answer = replace(answer, statements=(*answer.statements, statement))
            yield answer

    def write(self, decision: Decision) -> Iterator[Statement]:
        """Yield the statements of an answer one by one."""
        for number, chosen in enumerate(decision.chosen, 1):
            citation = cite(number, self._document(chosen.item), chosen.span, shown_heading(chosen.item.passage, chosen.span))
            yield quoted(citation, chosen.answer)

    def _differences(self, rivals: Sequence[Rival]) -> str:
        """Return the notice that places differ, with what each of them says; empty if none do."""
        if not rivals:
            return ""
        best = rivals[0].best
        places = [(best, rivals[0].said), *((one.other, one.other_said) for one in rivals)]
        several = len({place.item.document for place, _ in places}) > 1
        who = "The documents differ" if several else "The document differs from itself"
        said = [self._where(place, words) for place, words in places]
        if any(not words for _, words in places):
            return f"{who}: {', '.join(said[:-1])} and {said[-1]} say the contrary of each other."
        return f"{who}: {', '.join(said[:-1])} and {said[-1]}."

    def _where(self, place: Place, words: str) -> str:
        document = self._document(place.item)
        where = [printable_name(document.name), document.page_label(document.page_at(place.span[0]))]
        named = ", ".join(filter(None, where))
        return f"{words} ({named})" if words else named

    def _document(self, item: Retrieved) -> Document:
        return self._index.document(item.document)


def within_reach(
    retrieved: Sequence[Retrieved], calibration: Calibration, most: int = READ, always: Collection[str] = ()
) -> list[Retrieved]:
    """Return the passages that are read: at most `most`, and none that cannot win any more.

    :param always: Ids of passages that are read although they cannot.
    """
    best = retrieved[0].score if retrieved else 0.0
    return [item for item in retrieved[:most] if best - item.score <= calibration.reach or item.passage.id in always]


def _read_first(question: str, read: Sequence[Retrieved], first: Collection[str]) -> int:
    """Return how many passages are read whatever is in them, those of `first` among them: all where several may answer.

    Of texts that are nearly the same, the one that says something else may be the last.
    """
    texts = [item.passage.text for item in read]
    pairs = product(texts[:READ_FIRST], texts[READ_FIRST:])
    if asks_for_several(question) or any(likeness(*pair) >= _ALIKE for pair in pairs):
        return len(read)
    return max([READ_FIRST, *(place for place, item in enumerate(read, 1) if item.passage.id in first)])


def rerank(
    retrieved: Sequence[Retrieved], readings: Sequence[PassageReading], calibration: Calibration
) -> tuple[Retrieved, ...]:
    """Return the passages with those that were read, which are the first, in the order of search and reading together."""
    scored = [
        replace(
            item,
            score=item.score + calibration.rerank * max(reading.answers, -30.0),
            signals={**item.signals, "reader": reading.answers},
        )
        for item, reading in zip(retrieved, readings, strict=False)
    ]
    scored.sort(key=lambda item: (-item.score, item.rank))
    last = scored[-1].score if scored else 0.0
    rest = [replace(item, score=min(item.score, last)) for item in retrieved[len(scored) :]]
    return tuple(replace(item, rank=rank) for rank, item in enumerate([*scored, *rest], 1))


def _whole(items: Sequence[Retrieved], retrieved: Sequence[Retrieved]) -> tuple[Retrieved, ...]:
    """Return passages with all the sentences that they were found with."""
    passages = {item.passage.id: item.passage for item in retrieved}
    return tuple(replace(item, passage=passages[item.passage.id]) for item in items)


def _left(reading: PassageReading, sentences: Sequence[Span], left: Sequence[Span]) -> PassageReading:
    places = [sentences.index(span) for span in left]
    near = tuple(reading.near[place] for place in places) if reading.near else ()
    return replace(reading, sentences=tuple(reading.sentences[place] for place in places), near=near)
