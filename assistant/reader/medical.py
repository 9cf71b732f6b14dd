"""MedQuAD pairs: its questions follow a few templates, so they are said in other words; other question types are wrong."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

from assistant.reader.data import Example, Passages, Record
from assistant.reader.windows import grow

_SAYINGS = {
    "information": ("What is {}?", "What is {}", "define {}", "Explain {}.", "{} meaning"),
    "symptoms": ("What are the symptoms of {}?", "symptoms of {}", "How do I notice {}?", "signs of {}"),
    "treatment": ("How is {} treated?", "treatment for {}", "What helps against {}?", "Can {} be treated?"),
    "causes": ("What causes {}?", "Why do people get {}?", "cause of {}", "What is behind {}?"),
    "frequency": ("How common is {}?", "How many people have {}?", "Is {} rare?", "{} prevalence"),
    "inheritance": ("Is {} inherited?", "How is {} passed on?", "Does {} run in families?", "{} inheritance"),
    "genetic changes": ("Which genes are involved in {}?", "What gene mutations cause {}?", "{} genes"),
    "susceptibility": ("Who gets {}?", "Who is at risk for {}?", "{} risk factors"),
    "exams and tests": ("How is {} diagnosed?", "Which tests find {}?", "{} diagnosis"),
    "prevention": ("How can {} be prevented?", "How do I avoid {}?", "{} prevention"),
    "outlook": ("What is the outlook for {}?", "Can people recover from {}?", "{} prognosis"),
    "research": ("What research is done on {}?", "Are there clinical trials for {}?", "{} research"),
    "stages": ("What are the stages of {}?", "{} stages"),
    "complications": ("What complications does {} have?", "What can go wrong with {}?"),
    "considerations": ("What should one know about living with {}?",),
}
_HEADINGS = {"information": "Overview", "exams and tests": "Diagnosis", "genetic changes": "Genetics"}
_NEAR = frozenset({("treatment", "considerations"), ("causes", "genetic changes"), ("causes", "susceptibility"),
                   ("causes", "inheritance"), ("genetic changes", "inheritance"), ("outlook", "treatment"),
                   ("information", "symptoms"), ("information", "causes")})  # fmt: skip
_FIRST_PART = 900  # characters from the start of a passage in which its answer is taken to begin


def medquad_examples(
    records: Sequence[Record],
    passages: Passages,
    pairs: int,
    size: Callable[[random.Random], int],
    rng: random.Random,
) -> list[Example]:
    """`pairs` right pairs and as many wrong ones: same disease and another question type, or another disease.

    Evidence is unmarked in right pairs. Question types that are partly answered by each other's passages are no wrong
    pairs. `size` draws the characters a window may grow to.
    """
    by_doc = _by_disease(records)
    drawn = rng.sample(list(records), min(2 * pairs, len(records)))
    right = [record for record in drawn if record.passage.strip()][:pairs]
    examples = [_pair(record, record, passages, size(rng), rng) for record in right]
    wrong = [record for record in drawn if any(is_wrong(record, other) for other in by_doc[record.group])][: int(pairs * 0.85)]
    for record in wrong:
        other = rng.choice([other for other in by_doc[record.group] if is_wrong(record, other)])
        examples.append(_pair(record, other, passages, size(rng), rng))
    for record in right[: int(pairs * 0.15)]:
        same_kind = [other for other in rng.sample(drawn, 40) if other.kind == record.kind and other.group != record.group]
        if same_kind:
            examples.append(_pair(record, same_kind[0], passages, size(rng), rng))
    return [example for example in examples if example is not None]


def composed_examples(
    records: Sequence[Record],
    passages: Passages,
    pairs: int,
    size: Callable[[random.Random], int],
    rng: random.Random,
) -> list[Example]:
    """`pairs` passages put together from two or three sections on one disease, and a question of one section's type.

    Two of three are answered: all sentences of that section are evidence, so that an answer of several sentences is learned
    beside others on the same subject. In the third there is no such section.
    """
    by_doc = _by_disease(records)
    drawn = [record for record in rng.sample(list(records), min(4 * pairs, len(records))) if record.passage.strip()]
    made: list[Example] = []
    for record in drawn:
        others = [other for other in by_doc[record.group] if is_wrong(record, other)]
        if len(made) < pairs and others:
            parts = rng.sample(others, min(len(others), rng.choice((1, 2))))
            made.append(_composed(record, parts, passages, size(rng), rng.random() < 0.67, rng))
    return made


def _by_disease(records: Sequence[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.group].append(record)
    return found


def _composed(
    asked: Record, others: Sequence[Record], passages: Passages, limit: int, answerable: bool, rng: random.Random
) -> Example:
    shown = [*others, asked] if answerable else list(others)
    rng.shuffle(shown)
    text, evidence = "", []
    for record in shown:
        sentences = passages.sentences(record.passage)
        start, end = grow(sentences, 0, 0, max(200, limit // len(shown)), rng)
        text += "\n" if text else ""
        if record is asked:
            evidence.append((len(text), len(text) + end - start))
        text += record.passage[start:end]
    tag = "right" if answerable else "other"
    return Example("medquad", said_otherwise(asked, rng), asked.heading, text, answerable, tuple(evidence), (), tag)


def is_wrong(record: Record, other: Record) -> bool:
    """Whether a section of the same disease surely does not answer a record's question."""
    kinds = (record.kind, other.kind)
    if record.kind == other.kind or record.question == other.question or record.passage == other.passage:
        return False
    return kinds not in _NEAR and kinds[::-1] not in _NEAR


def said_otherwise(record: Record, rng: random.Random) -> str:
    """The record's question, or (two times in three) another wording of its type about the same disease."""
    sayings = _SAYINGS.get(record.kind, ())
    if not sayings or rng.random() < 0.34:
        return record.question.replace(" ?", "?").replace("??", "?").replace("What is (are)", "What is")
    return rng.choice(sayings).format(record.heading)


def _pair(asked: Record, shown: Record, passages: Passages, limit: int, rng: random.Random) -> Example | None:
    sentences = passages.sentences(shown.passage)
    if not sentences:
        return None
    first = [place for place, span in enumerate(sentences) if span[1] <= _FIRST_PART] or [0]
    answerable = asked is shown
    place = 0 if answerable or rng.random() < 0.8 else rng.choice(first)
    start, end = grow(sentences, place, place, max(limit, 300), rng)
    heading = shown.heading
    if rng.random() < 0.2:
        heading += " › " + _HEADINGS.get(shown.kind, shown.kind.capitalize())
    tag = "right" if answerable else "other"
    text = shown.passage[start:end]
    return Example("medquad", said_otherwise(asked, rng), heading, text, answerable, None if answerable else (), (), tag)
