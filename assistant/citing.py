"""Which of the sentences that were read are cited: the best, what scores nearly as well, and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.calibration import Calibration
from assistant.designated import Designated
from assistant.listing import AskedLists
from assistant.posed import asks_for_questions, cited_with, share_paragraph
from assistant.reader.protocol import PassageReading
from assistant.rivals import Rival
from assistant.signals import held_in, held_terms, telling_terms
from corpus import Span
from corpus.passages import leans
from index import Retrieved
from index.lexical import content_stems

MOST_SENTENCES = 8
"""An answer of more is a passage, and better read in place."""

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


def worth_citing(
    retrieved: Sequence[Retrieved], readings: Sequence[PassageReading], calibration: Calibration, single: bool = False
) -> list[Chosen]:
    """Return the best sentence and those that score nearly as well, the best first.

    :param single: As in `choose`.
    """
    margin = calibration.single if single and calibration.single is not None else calibration.margin
    scored = sorted(_scored(retrieved, readings), key=lambda entry: (-entry[0], entry[1].item.rank, entry[1].span))
    enough = max(scored[0][0] - margin, calibration.floor) if scored else 0.0
    return [one for at, (score, one) in enumerate(scored) if not at or score >= enough]


def choose(
    retrieved: Sequence[Retrieved], readings: Sequence[PassageReading], calibration: Calibration, single: bool = False
) -> tuple[Chosen, ...]:
    """Return the sentences to cite, in reading order, those of the best document first.

    The best sentence is always among them, others if they score nearly as well; a sentence that leans on the one before it
    ("It mainly includes …") brings that one along, and what that one leans on.

    :param single: Whether one thing is asked for, so that fewer sentences will do, and the shortest answer can be marked.
    """
    best = worth_citing(retrieved, readings, calibration, single)
    if not best:
        return ()
    chosen: dict[tuple[str, Span], Retrieved] = {}
    for one in best:
        passage = one.item.passage
        position = passage.sentences.index(one.span)
        needed = [one.span]
        while position and len(needed) <= _MOST_BEFORE and leans(passage.text, (_local(needed[-1], passage.start),)):
            position -= 1
            needed.append(passage.sentences[position])
        new = [span for span in needed if (one.item.document, span) not in chosen]
        if len(chosen) + len(new) <= MOST_SENTENCES:
            chosen.update({(one.item.document, span): one.item for span in new})
    sure = [
        reading.span
        for item, reading in zip(retrieved, readings, strict=True)
        if single
        and item is best[0].item
        and calibration.sure is not None
        and reading.span
        and reading.span_margin >= calibration.sure
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
    in_heading = held_in(telling, best.passage.heading)
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
    return passage.id == other.item.passage.id and share_paragraph(passage, *sorted((one.span, other.span)))


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


def best_first(chosen: Sequence[Chosen], read: Sequence[Retrieved], readings: Sequence[PassageReading]) -> list[Chosen]:
    """Return sentences in the order of what the reader finds of them."""
    worth = {one.key: score for score, one in _scored(read, readings)}
    return sorted(chosen, key=lambda one: -worth[one.key])


def with_rivals(chosen: Sequence[Chosen], rivals: Sequence[Rival]) -> tuple[Chosen, ...]:
    """Return the sentences to cite with those that answer differently, which stay where there are too many."""
    if not rivals:
        return tuple(chosen)
    known = {one.key: one for one in chosen}
    places = [rivals[0].best, *(rival.other for rival in rivals)]
    needed = [known.get((place.item.document, place.span)) or Chosen(place.item, place.span, place.answer) for place in places]
    others = [one for one in chosen if one not in needed]
    return in_reading_order([*needed, *others][:MOST_SENTENCES])


def in_reading_order(chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Return the sentences by document, in the order in which the documents come, and by place; each once."""
    documents = list(dict.fromkeys(one.item.document for one in chosen))
    by_place = {(documents.index(one.item.document), one.span): one for one in reversed(chosen)}
    return tuple(by_place[place] for place in sorted(by_place))


def _inside(spans: Sequence[Span], sentence: Span) -> Span | None:
    return next((span for span in spans if sentence[0] <= span[0] and span[1] <= sentence[1] and span != sentence), None)


def _local(span: Span, start: int) -> Span:
    return span[0] - start, span[1] - start
