"""The engine that needs no language model: the answer is the document's own sentences, verbatim, each cited."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from assistant.answer import Answer, Outcome, Statement, cite, quoted, together
from assistant.calibration import Calibration
from assistant.designated import Designated, designated
from assistant.listing import AskedLists, asked_lists, asks_for_one, asks_for_several
from assistant.posed import asks_for_questions, cited_with
from assistant.reader.protocol import PassageReading, Reader
from assistant.reader.spoken import Spoken
from assistant.rivals import Place, Rival, find_rivals
from assistant.rows import about_rows, shown_heading
from assistant.signals import confidence_signals, held_terms, telling_terms
from corpus import Document, Span
from corpus.blocks import BLANK_LINE
from corpus.loaders import printable_name
from corpus.passages import leans
from index import Library, Retrieved
from index.lexical import content_stems
from index.vocabulary import likeness

READ = 8
"""How many of the retrieved passages are read at most."""

READ_FIRST = 4
"""How many are read before the rest, which need not be where one of these surely answers."""

IN_CONVERSATION = 0.8
"""Part of the margins that holds for a question read in a conversation, where the scores of sentences lie closer together.

Chosen on held-back follow-ups (see docs/log.md).
"""

MOST_SENTENCES = 8
"""An answer of more is a passage, and better read in place."""

_ALIKE = 80.0  # of 100, from which two texts say nearly the same
_MOST_BEFORE = 2  # sentences that one brings along which it leans on


@dataclass(frozen=True)
class Chosen:
    """A sentence to cite.

    Attributes:
        item: The passage it stands in.
        span: Its place in the document.
        answer: The shortest stretch of it that answers, if the reader is sure of one.
    """

    item: Retrieved
    span: Span
    answer: Span | None = None

    @property
    def key(self) -> tuple[str, Span]:
        """The document and the place in it."""
        return self.item.document, self.span


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
    """

    confidence: float
    answered: bool
    chosen: tuple[Chosen, ...]
    retrieved: tuple[Retrieved, ...]
    notice: str = ""
    others: frozenset[tuple[str, Span]] = frozenset()

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
        notice, margins = "", self._margins(asked)
        if held.whole:  # the text of "clause 4.2" is what "What does clause 4.2 say?" asks for, whatever a reader makes of it
            chosen = in_reading_order([Chosen(item, span) for item, span in held.whole[:MOST_SENTENCES]])
            confidence = max(confidence, self._calibration.threshold)
        elif confidence >= self._calibration.threshold:
            chosen = with_answers(question, choose(read, readings, margins, asks_for_one(question)))
        if chosen and not held.whole:
            others = about_others(question, _best_first(chosen, read, readings)[0].item, read)
            chosen = tuple(one for one in chosen if one.item.passage.id not in others)
            chosen = beside_named(with_each(chosen, held, read, readings), held, read, readings)
            ordered = _best_first(chosen, read, readings)
            lists = asked_lists(question, items, [(one.item, one.span) for one in ordered])
            same = [pair for pair in zip(read, readings, strict=True) if pair[0].passage.id not in others]
            rivals = find_rivals(question, [item for item, _ in same], [reading for _, reading in same])
            chosen = with_rivals(with_items(chosen, lists, ordered), rivals)
            cut_short = lists.cut_short({one.key for one in chosen})
            if not cut_short and asks_for_several(question) and len(worth_citing(read, readings, margins)) > MOST_SENTENCES:
                cut_short = f"More than {MOST_SENTENCES} sentences answer, of which the best are cited."
            notice = together(self._differences(rivals), cut_short)
        # Without a sentence to cite there is no answer.
        return Decision(confidence, bool(chosen), chosen, _whole(ranked, retrieved), notice, held.others)

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


def worth_citing(
    retrieved: Sequence[Retrieved], readings: Sequence[PassageReading], calibration: Calibration, single: bool = False
) -> list[tuple[Retrieved, int]]:
    """Return the best sentence and those that score nearly as well, the best first: the passage of each, and its place in it.

    :param single: As in `choose`.
    """
    margin = calibration.single if single and calibration.single is not None else calibration.margin
    scored = [
        (score, item, position)
        for item, reading in zip(retrieved, readings, strict=True)
        for position, score in enumerate(reading.sentences)
    ]
    scored.sort(key=lambda entry: (-entry[0], entry[1].rank, entry[2]))
    enough = max(scored[0][0] - margin, calibration.floor) if scored else 0.0
    return [(item, position) for at, (score, item, position) in enumerate(scored) if not at or score >= enough]


def choose(
    retrieved: Sequence[Retrieved], readings: Sequence[PassageReading], calibration: Calibration, single: bool = False
) -> tuple[Chosen, ...]:
    """Return the sentences to cite, in reading order, those of the best document first.

    The best sentence is always among them, others if they score nearly as well; a sentence that leans on the one before it
    ("It mainly includes …") brings that one along, and what that one leans on.

    :param single: Whether one thing is asked for, so that fewer sentences will do.
    """
    best = worth_citing(retrieved, readings, calibration, single)
    if not best:
        return ()
    chosen: dict[tuple[str, Span], Retrieved] = {}
    for item, position in best[:MOST_SENTENCES]:
        passage = item.passage
        span = passage.sentences[position]
        needed = [span]
        while position and len(needed) <= _MOST_BEFORE and leans(passage.text, (_local(needed[-1], passage.start),)):
            position -= 1
            needed.append(passage.sentences[position])
        new = [one for one in needed if (item.document, one) not in chosen]
        if len(chosen) + len(new) > MOST_SENTENCES:
            break
        chosen.update({(item.document, one): item for one in new})
    sure = [
        reading.span
        for item, reading in zip(retrieved, readings, strict=True)
        if item is best[0][0] and calibration.sure is not None and reading.span and reading.span_margin >= calibration.sure
    ]
    return in_reading_order([Chosen(item, span, _inside(sure, span)) for (_, span), item in chosen.items()])


def with_answers(question: str, chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Return the sentences to cite, those that are questions with what answers them there, or not at all (see `posed`)."""
    if asks_for_questions(question):
        return tuple(chosen)
    known = {one.key: one for one in chosen}
    found: list[Chosen] = []
    for one in chosen:
        spans = one.item.passage.sentences
        places = cited_with(one.item.passage, spans.index(one.span))
        found += [known.get((one.item.document, spans[place])) or Chosen(one.item, spans[place]) for place in places]
    return in_reading_order(found)[:MOST_SENTENCES]


def about_others(question: str, best: Retrieved, read: Sequence[Retrieved]) -> set[str]:
    """Return the ids of the passages that may be about something else than the best one.

    "What is the highest dose of metformin?" is not answered by the highest dose in a leaflet on gliclazide: it has none of the
    question's telling terms, and the best passage has some. Nor is it by what stands under a heading like that of the best
    passage, but with another name: "Birch Ward" instead of "Cedar Ward", unless both are asked for.
    """
    telling = telling_terms(question)
    held = held_terms(telling, [best])
    in_heading = held_terms(telling, [replace(best, passage=replace(best.passage, text=""))])
    others: set[str] = set()
    for item in read if held else ():
        its_own = held_terms(telling, [item])
        is_elsewhere = item.document != best.document and not its_own
        is_other = in_heading - its_own and not its_own - held and _are_headed_alike(best.passage.heading, item.passage.heading)
        if is_elsewhere or is_other:
            others.add(item.passage.id)
    return others


def _are_headed_alike(one: str, other: str) -> bool:
    """Whether two heading paths that differ name things of one kind: "Cedar Ward", "Birch Ward"; "Ibuprofen", "Naproxen"."""
    its, theirs = (set(content_stems(heading)) for heading in (one, other))
    return bool(theirs - its) and bool(its & theirs or telling_terms(other))


def with_each(
    chosen: Sequence[Chosen], held: Designated, read: Sequence[Retrieved], readings: Sequence[PassageReading]
) -> tuple[Chosen, ...]:
    """Return the sentences to cite with the best one about each numbered thing that a question names and they do not."""
    if held.count < 2:
        return tuple(chosen)
    kept = list(chosen)
    for _, one in sorted(_scored(read, readings), key=lambda entry: -entry[0]):
        if held.names(one.item, one.span) - _named(kept, held) and len(kept) < MOST_SENTENCES:
            kept.append(one)
    return in_reading_order(kept)


def beside_named(
    chosen: Sequence[Chosen], held: Designated, read: Sequence[Retrieved], readings: Sequence[PassageReading]
) -> tuple[Chosen, ...]:
    """Return the sentences to cite without those about none of the numbered things that a question names.

    Left out is only what stands in another paragraph than those about them and scores less than the best of these, and only
    where each thing has its sentence.
    """
    naming = [one for one in chosen if held.names(one.item, one.span)]
    if not naming or len(_named(naming, held)) < held.count:
        return tuple(chosen)
    worth = {(one.item.passage.id, one.span): score for score, one in _scored(read, readings)}
    best = max(worth[one.item.passage.id, one.span] for one in naming)
    return tuple(
        one
        for one in chosen
        if worth[one.item.passage.id, one.span] > best or any(_share_paragraph(one, other) for other in naming)
    )


def _scored(read: Sequence[Retrieved], readings: Sequence[PassageReading]) -> list[tuple[float, Chosen]]:
    return [
        (score, Chosen(item, span))
        for item, reading in zip(read, readings, strict=True)
        for span, score in zip(item.passage.sentences, reading.sentences, strict=True)
    ]


def _named(chosen: Sequence[Chosen], held: Designated) -> frozenset[int]:
    """Return which of the designations the sentences name together."""
    return frozenset[int]().union(*(held.names(one.item, one.span) for one in chosen))


def _share_paragraph(one: Chosen, other: Chosen) -> bool:
    """Whether two sentences stand in one paragraph of one passage."""
    passage = one.item.passage
    if passage.id != other.item.passage.id:
        return False
    (_, start), (end, _) = sorted((one.span, other.span))
    return not BLANK_LINE.search(passage.between(start, end))


def with_items(chosen: Sequence[Chosen], lists: AskedLists, ordered: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Return the sentences to cite with the lists that belong to them; where a list is too long, with the first of its items.

    :param ordered: What is cited, the best first, which stays.
    """
    if not lists.wanted:
        return tuple(chosen)
    left = {one.key: one for one in chosen if one.key not in lists.denied}
    best = next((one for one in ordered if one in left.values()), None)
    kept = {best.key: best} if best else {}
    for number, listed in enumerate(lists.wanted):
        new = {(item.document, span): left.get((item.document, span)) or Chosen(item, span) for item, span in listed.places}
        if not number or len(kept | new) <= MOST_SENTENCES:
            kept |= new
    kept = {**kept, **{key: one for key, one in left.items() if key not in kept}}
    return in_reading_order([*kept.values()][:MOST_SENTENCES])


def _best_first(chosen: Sequence[Chosen], read: Sequence[Retrieved], readings: Sequence[PassageReading]) -> list[Chosen]:
    worth = {one.key: score for score, one in _scored(read, readings)}
    return sorted(chosen, key=lambda one: -worth[one.key])


def with_rivals(chosen: Sequence[Chosen], rivals: Sequence[Rival]) -> tuple[Chosen, ...]:
    """Return the sentences to cite with those that answer differently, which stay where there are too many."""
    if not rivals:
        return tuple(chosen)
    known = {(one.item.document, one.span): one for one in chosen}
    places = [rivals[0].best, *(rival.other for rival in rivals)]
    needed = [known.get((place.item.document, place.span)) or Chosen(place.item, place.span, place.answer) for place in places]
    others = [one for one in chosen if one not in needed]
    return in_reading_order([*needed, *others][:MOST_SENTENCES])


def in_reading_order(chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Return the sentences by document, in the order in which the documents come, and by place; each once."""
    documents = list(dict.fromkeys(one.item.document for one in chosen))
    by_place = {(documents.index(one.item.document), one.span): one for one in reversed(chosen)}
    return tuple(by_place[place] for place in sorted(by_place))


def _whole(items: Sequence[Retrieved], retrieved: Sequence[Retrieved]) -> tuple[Retrieved, ...]:
    """Return passages with all the sentences that they were found with."""
    passages = {item.passage.id: item.passage for item in retrieved}
    return tuple(replace(item, passage=passages[item.passage.id]) for item in items)


def _left(reading: PassageReading, sentences: Sequence[Span], left: Sequence[Span]) -> PassageReading:
    places = [sentences.index(span) for span in left]
    near = tuple(reading.near[place] for place in places) if reading.near else ()
    return replace(reading, sentences=tuple(reading.sentences[place] for place in places), near=near)


def _inside(spans: Sequence[Span], sentence: Span) -> Span | None:
    return next((span for span in spans if sentence[0] <= span[0] and span[1] <= sentence[1] and span != sentence), None)


def _local(span: Span, start: int) -> Span:
    return span[0] - start, span[1] - start
