"""One epoch of training pairs: windows drawn anew each time, half of them unanswerable, no set in the majority.

Every kind of wrong pair is drawn at the same sizes as the right ones, so that length tells nothing.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.reader import parallel
from assistant.reader import presupposed as presupposing
from assistant.reader.augment import as_put_to_a_chat, as_typed, falsified, names_and_numbers
from assistant.reader.data import Example, Passages, Record
from assistant.reader.dialogues import CANARD, Dialogue, dialogue_examples
from assistant.reader.giveaways import shares_to_keep
from assistant.reader.made import SOURCE, made_examples
from assistant.reader.medical import composed_examples, medquad_examples
from assistant.reader.twins import changed_words
from assistant.reader.windows import Span, grow, overlap, overlaps, runs_without
from assistant.reader.wording import OtherWords
from assistant.reader.written import FOLLOW_UPS, WRITTEN

_SIZES = ((0, 0.14), (260, 0.24), (480, 0.34), (680, 0.28))  # characters a window may grow to, and how often


@dataclass(frozen=True)
class Mix:
    """How many records of a set are used an epoch (None: all), and how many wrong pairs are made for each right one."""

    positives: int | None
    without_evidence: float  # another part of the same passage
    other_passage: float  # the most tempting other passage of the same title
    falsified: float  # the right passage, a question whose name, number or telling word was swapped
    easy: float  # any passage of any title


MIXES = {
    "squad2": Mix(None, 0.25, 0.25, 0.12, 0.04),
    "selqa": Mix(1500, 0.50, 0.30, 0.15, 0.06),
    "qed": Mix(None, 0.45, 0.30, 0.20, 0.06),
    "covidqa": Mix(None, 1.00, 0.00, 0.10, 0.03),
    "policyqa": Mix(600, 0.50, 0.45, 0.00, 0.05),
    WRITTEN: Mix(None, 0.30, 0.10, 0.05, 0.05),
    FOLLOW_UPS: Mix(None, 0.45, 0.10, 0.05, 0.05),
}
MEDQUAD_PAIRS = 1400
MEDQUAD_COMPOSED = 1500
DIALOGUE_CHARACTERS = 700
OTHER_WORDS = 0.35  # share of the questions asked in other words, with an answer or without
EXTRA_POSITIVES = {"squad2": 0.65}  # a second window of a right pair: balances SQuAD2's own unanswerable questions

THINNED = {WRITTEN: 0.5, FOLLOW_UPS: 0.0}
"""Power of the share of unanswerable questions that are kept (see `giveaways`): what these ask for is part of why they have no
answer ("how much does it cost"), and half of them would go. Of follow-ups, few of which have none, all are kept."""


@dataclass(frozen=True)
class Additions:
    """What one epoch has besides the pairs of the sets.

    Attributes:
        dialogues: Conversations (see `dialogues`).
        mined: Pairs of our own search (see `mined`): those with an answer are used, and as many of those without.
        made: How many questions are made by rule (see `made`).
        presupposed: How many more take something for granted (see `presupposed`).
        parallel: How many ask for one of several things of a kind by its name (see `parallel`).
    """

    dialogues: Sequence[Dialogue] = ()
    mined: Sequence[Example] = ()
    made: int = 0
    presupposed: int = 0
    parallel: int = 0


def epoch_examples(
    records: dict[str, list[Record]],
    passages: Passages,
    others: OtherWords,
    seed: int,
    epoch: int,
    also: Additions = Additions(),
) -> list[Example]:
    """The pairs of one epoch, shuffled. The same arguments give the same list."""
    examples: list[Example] = []
    for source in sorted(source for source, rows in records.items() if rows):
        rng = random.Random(f"{seed}/{epoch}/{source}")
        if source == "medquad":
            examples.extend(medquad_examples(records[source], passages, MEDQUAD_PAIRS, _size, rng))
            examples.extend(composed_examples(records[source], passages, MEDQUAD_COMPOSED, _size, rng))
        else:
            examples.extend(_Drawer(records[source], passages, rng).examples(MIXES[source]))
    examples.extend(dialogue_examples(also.dialogues, DIALOGUE_CHARACTERS, random.Random(f"{seed}/{epoch}/{CANARD}")))
    every = [record for rows in records.values() for record in rows]
    examples.extend(made_examples(every, passages, also.made, _size, random.Random(f"{seed}/{epoch}/{SOURCE}")))
    rng = random.Random(f"{seed}/{epoch}/{presupposing.SOURCE}")
    examples.extend(presupposing.presupposed_examples(every, passages, also.presupposed, _size, rng))
    rng = random.Random(f"{seed}/{epoch}/{parallel.SOURCE}")
    examples.extend(parallel.parallel_examples(also.parallel, rng))
    examples.extend(_evenly(also.mined, random.Random(f"{seed}/{epoch}/mined")))
    rng = random.Random(f"{seed}/{epoch}/typed")
    examples = [_dressed(example, others, rng) for example in examples]
    rng.shuffle(examples)
    return examples


def _evenly(examples: Sequence[Example], rng: random.Random) -> list[Example]:
    """Those with an answer and as many of those without, drawn anew."""
    right = [example for example in examples if example.answerable]
    wrong = [example for example in examples if not example.answerable]
    return right + rng.sample(wrong, min(len(right), len(wrong)))


def _size(rng: random.Random) -> int:
    return rng.choices([size for size, _ in _SIZES], [share for _, share in _SIZES])[0]


def _dressed(example: Example, others: OtherWords, rng: random.Random) -> Example:
    """The question in other words or as typed, the heading sometimes left out, short texts sometimes as list items."""
    is_kept = rng.random() < 0.75 or example.source == parallel.SOURCE  # there the heading decides
    heading = example.heading if is_kept else ""
    question = others.reworded(example.question, rng) if rng.random() < OTHER_WORDS else example.question
    example = replace(example, question=as_typed(as_put_to_a_chat(question, rng), rng), heading=heading)
    if len(example.text) > 250 or rng.random() > 0.25:
        return example
    moved = [
        tuple((start + 2, end + 2) for start, end in spans) if spans is not None else None
        for spans in (example.evidence, example.answers)
    ]
    return replace(example, text="- " + example.text, evidence=moved[0], answers=moved[1] or ())


class _Drawer:
    """Draws the pairs of one set."""

    def __init__(self, records: Sequence[Record], passages: Passages, rng: random.Random) -> None:
        self._records = records
        self._passages = passages
        self._rng = rng
        self._by_group: dict[str, list[Record]] = defaultdict(list)
        seen: set[str] = set()
        for record in records:
            if record.passage not in seen:
                seen.add(record.passage)
                self._by_group[record.group].append(record)
        answered = [record.question for record in records if record.answerable]
        self._counts = Counter(word.rstrip("?,") for question in answered for word in question.lower().split())
        self._names: list[str] = []
        self._numbers: list[str] = []
        for record in records:
            names, numbers = names_and_numbers(record.question)
            self._names.extend(names)
            self._numbers.extend(numbers)

    def examples(self, mix: Mix) -> list[Example]:
        """Right and wrong pairs of this set in the proportions of `mix`, in no particular order."""
        source = self._records[0].source
        answerable = [record for record in self._records if record.answerable]
        if mix.positives is not None and mix.positives < len(answerable):
            answerable = self._rng.sample(answerable, mix.positives)
        made = [right_window(record, self._passages, _size(self._rng), self._rng) for record in answerable]
        again = self._some(answerable, EXTRA_POSITIVES.get(source, 0.0))
        made += [right_window(record, self._passages, _size(self._rng), self._rng) for record in again]
        kept = [share ** THINNED.get(source, 1.0) for share in shares_to_keep(self._records)]
        for record, share in zip(self._records, kept, strict=True):
            if not record.answerable and self._rng.random() < share:
                made.append(tempting_window(record, self._passages, _size(self._rng), self._rng, "own"))
        made += self._each(answerable, mix.without_evidence, self._without_evidence)
        made += self._each(answerable, mix.other_passage, self._other_passage)
        made += self._each(answerable, mix.falsified, self._falsified)
        made += self._each(answerable, mix.easy, self._easy)
        return [example for example in made if example is not None]

    def _some(self, records: Sequence[Record], share: float) -> list[Record]:
        return [record for record in records if self._rng.random() < share]

    def _each(self, records: Sequence[Record], share: float, make: Callable[[Record], Example | None]) -> list[Example | None]:
        return [make(record) for record in self._some(records, share)]

    def _without_evidence(self, record: Record) -> Example | None:
        return window_without_evidence(record, self._passages, _size(self._rng), self._rng)

    def _other_passage(self, record: Record) -> Example | None:
        others = [other for other in self._by_group[record.group] if other.passage != record.passage]
        if not others:
            return self._without_evidence(record)
        others = self._rng.sample(others, min(len(others), 12))
        others = [other for other in others if not holds_answer(record, other.passage)]
        if not others:
            return None
        best = max(others, key=lambda other: overlap(record.question, other.passage))
        wrong = replace(best, question=record.question, before=record.before, answerable=False, doubtful=())
        return tempting_window(wrong, self._passages, _size(self._rng), self._rng, "other")

    def wrong_for_evaluation(self, record: Record, limit: int) -> Example | None:
        """Another passage of the title, or, every other time, the right passage without its evidence."""
        if self._rng.random() < 0.5:
            other = self._other_passage(record)
            if other is not None:
                return other
        return window_without_evidence(record, self._passages, limit, self._rng)

    def _falsified(self, record: Record) -> Example | None:
        question = falsified(record.question, self._names, self._numbers, self._counts, self._rng)
        if question is None:
            return None
        right = right_window(record, self._passages, _size(self._rng), self._rng)
        if right is None:
            return None
        doubtful = changed_words(question, [record.question])
        return replace(right, question=question, answerable=False, evidence=(), answers=(), tag="false", doubtful=doubtful)

    def _easy(self, record: Record) -> Example | None:
        other = self._rng.choice(self._records)
        if other.group == record.group:
            return None
        wrong = replace(other, question=record.question, before=record.before, answerable=False, doubtful=())
        return tempting_window(wrong, self._passages, _size(self._rng), self._rng, "easy")


def holds_answer(record: Record, text: str) -> bool:
    """Whether a short answer of the record's stands in a text, so that it may well answer too."""
    lowered = text.lower()
    return any(len(answer) > 3 and answer.lower() in lowered for answer in record.answers)


def right_window(record: Record, passages: Passages, limit: int, rng: random.Random) -> Example | None:
    """A window of at most about `limit` characters around one evidence span; None if the evidence is longer than 700."""
    assert record.evidence
    wanted = rng.choice(record.evidence)
    sentences = passages.sentences(record.passage)
    touched = [place for place, span in enumerate(sentences) if overlaps(span, wanted)]
    if not touched:
        return None
    start, end = grow(sentences, touched[0], touched[-1], limit, rng)
    if end - start > 760:
        return None
    inside = [(max(s, start), min(e, end)) for s, e in record.evidence if overlaps((s, e), (start, end))]
    answers = answer_spans(record, inside)
    return Example(
        record.source,
        record.question,
        record.heading,
        record.passage[start:end],
        True,
        tuple((s - start, e - start) for s, e in inside),
        tuple((s - start, e - start) for s, e in answers),
        "right",
        record.before,
    )


def answer_spans(record: Record, evidence: Sequence[Span]) -> list[Span]:
    """Where the short answers stand within the evidence, at most three, the shortest first."""
    found: list[Span] = []
    for answer in record.answers:
        for start, end in evidence:
            at = record.passage.find(answer, start, end)
            if at >= 0:
                found.append((at, at + len(answer)))
    return sorted(set(found), key=lambda span: (span[1] - span[0], span))[:3]


def tempting_window(record: Record, passages: Passages, limit: int, rng: random.Random, tag: str) -> Example:
    """A window of an unanswerable record, mostly around the sentence that shares most words with the question."""
    return _tempting(record, passages.sentences(record.passage), limit, rng, tag)


def _tempting(record: Record, sentences: Sequence[Span], limit: int, rng: random.Random, tag: str) -> Example:
    shares = [overlap(record.question, record.passage[s:e]) for s, e in sentences]
    place = rng.randrange(len(sentences))
    if rng.random() < 0.85:
        place = max(range(len(sentences)), key=lambda at: (shares[at], -at))
    start, end = grow(sentences, place, place, limit, rng)
    text = record.passage[start:end]
    return Example(record.source, record.question, record.heading, text, False, (), (), tag, record.before, record.doubtful)


def window_without_evidence(record: Record, passages: Passages, limit: int, rng: random.Random) -> Example | None:
    """The most tempting window of the right passage that has neither evidence nor answer; None if nothing is left."""
    assert record.evidence is not None
    sentences = passages.sentences(record.passage)
    banned = [
        any(overlaps(span, evidence) for evidence in record.evidence) or holds_answer(record, record.passage[span[0] : span[1]])
        for span in sentences
    ]
    runs = runs_without(sentences, banned)
    if not runs:
        return None
    if len(runs) > 1 and rng.random() < 0.6:
        run = max(runs, key=lambda some: max(overlap(record.question, record.passage[s:e]) for s, e in some))
    else:
        run = rng.choice(runs)
    return _tempting(replace(record, answerable=False), run, limit, rng, "rest")


def evaluation_examples(records: Sequence[Record], passages: Passages, rng: random.Random) -> list[Example]:
    """Pairs to measure on, as asked and with headings: windows of up to 740 characters, about half of them wrong.

    Right pairs and the set's own unanswerable questions where it has them; else the rest of the right passage, or the
    most tempting other passage of the title; for MedQuAD the same disease and another question type.
    """
    if records[0].source == "medquad":
        return medquad_examples(records, passages, len(records) // 2, lambda _: 700, rng)
    drawer = _Drawer(records, passages, rng)
    made: list[Example | None] = []
    for record in records:
        if record.answerable:
            made.append(right_window(record, passages, 740, rng))
        else:
            made.append(tempting_window(record, passages, 740, rng, "own"))
    if all(record.answerable for record in records):
        for record in records:
            made.append(drawer.wrong_for_evaluation(record, 740))
    return [example for example in made if example is not None]
