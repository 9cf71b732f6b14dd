"""The numbers of `python -m eval`, as pure functions.

They stand alone so that each can be checked by hand: spans, texts and scores come in, a number goes out.
Nothing here reads a file, knows a case's JSON or imports the rest of Footnote.

Two rules hold throughout. A ratio whose denominator is zero is `None` (undefined), never 0 or 1, and
`mean_defined` leaves it out. Input that can only be a mistake is a `ValueError` that says what was found and
what was expected.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Span(NamedTuple):
    """The characters `start` up to, not including, `end` of the document of that name."""

    document: str
    start: int
    end: int


# What the answer stands on: a list of quotes, each given as all the places where that quote occurs.
Evidence = Sequence[Sequence[Span]]


def find_quote_spans(text: str, quote: str, document: str) -> list[Span]:
    """Find every occurrence of an evidence quote in a document's text, in order.

    Exact, character by character. Occurrences may overlap each other ("aa" is twice in "aaa"). A quote that
    is not there gives an empty list, so that the occurrences of several documents can be put together.

    :raises ValueError: if the quote is empty or only white space, which would be found everywhere.
    """
    if not quote.strip():
        raise ValueError(f"The evidence quote is {quote!r}; expected text that can be found in {document!r}.")
    spans = []
    start = text.find(quote)
    while start >= 0:
        spans.append(Span(document, start, start + len(quote)))
        start = text.find(quote, start + 1)
    return spans


def trim_span(span: Span, text: str) -> Span:
    """Leave out the white space at both ends of a span of `text`, so that it counts neither for nor against.

    A span of nothing but white space becomes an empty one at its start.

    :raises ValueError: if the span is backwards or ends after the text does.
    """
    _check_span(span)
    if span.end > len(text):
        raise ValueError(f"{span} ends after the text; expected an end of {len(text)} at most.")
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip()) if inside.strip() else span.start
    return Span(span.document, start, start + len(inside.strip()))


def _check_span(span: Span) -> None:
    """Refuse a span that no text can have."""
    if not 0 <= span.start <= span.end:
        raise ValueError(f"Found {span}; expected 0 <= start <= end.")


def _check_evidence(evidence: Evidence) -> None:
    """Refuse a quote that occurs nowhere: nothing could find or cite it, and every score would be too low."""
    for number, occurrences in enumerate(evidence, start=1):
        if not occurrences:
            raise ValueError(f"Evidence quote {number} of {len(evidence)} has no spans; expected some.")
        for occurrence in occurrences:
            _check_span(occurrence)


def _holds(span: Span, occurrences: Sequence[Span]) -> bool:
    """Say whether some occurrence lies wholly within the span."""
    return any(span.document == found.document and span.start <= found.start and found.end <= span.end for found in occurrences)


def recall_at_k(evidence: Evidence, retrieved: Sequence[Span], k: int) -> float | None:
    """Compute the share of the evidence quotes that the first k retrieved spans hold.

        recall@k = |quotes of which some occurrence lies within one of the first k spans| / |quotes|

    A quote cut in two by neighbouring spans is not held. Fewer than k spans is no error. In 0..1; `None`
    without evidence. Source: Manning, Raghavan & Schütze, Introduction to Information Retrieval (2008), 8.4.

    :raises ValueError: if k is below 1, a quote has no occurrence or a span is backwards.
    """
    _check_evidence(evidence)
    top = _first(retrieved, k)
    held = sum(any(_holds(span, occurrences) for span in top) for occurrences in evidence)
    return _ratio(held, len(evidence))


def hit_at_k(evidence: Evidence, retrieved: Sequence[Span], k: int) -> float | None:
    """Say whether the first k retrieved spans hold any evidence quote at all.

        hit@k = 1 if recall@k > 0 else 0

    1.0 or 0.0; `None` without evidence. Source: top-k accuracy, Karpukhin et al., DPR (2020), 5.

    :raises ValueError: as `recall_at_k`.
    """
    recall = recall_at_k(evidence, retrieved, k)
    return None if recall is None else float(recall > 0)


def reciprocal_rank(evidence: Evidence, retrieved: Sequence[Span], k: int | None = None) -> float | None:
    """Compute 1 / rank of the first retrieved span that holds any evidence quote; MRR is its mean.

        RR = 1 / min{rank : the span at rank holds a quote},  0 if none does (of the first k, if k is given)

    Ranks count from 1. In 0..1; `None` without evidence. Source: Voorhees, TREC-8 QA Track Report (1999).

    :raises ValueError: as `recall_at_k`.
    """
    _check_evidence(evidence)
    if not evidence:
        return None
    for rank, span in enumerate(_first(retrieved, k), start=1):
        if any(_holds(span, occurrences) for occurrences in evidence):
            return 1 / rank
    return 0.0


def _first(retrieved: Sequence[Span], k: int | None) -> Sequence[Span]:
    """Take the first k spans, or all; a k below 1 would silently take others."""
    if k is not None and k < 1:
        raise ValueError(f"k is {k}; expected 1 or more.")
    for span in retrieved:
        _check_span(span)
    return retrieved[:k]


def citation_precision(cited: Sequence[Span], evidence: Evidence) -> float | None:
    """Compute the share of the cited characters that are evidence.

        precision = |cited ∩ evidence| / |cited|,  both being sets of (document, position)

    A character cited twice counts once. Of a quote that occurs several times, only the occurrence that
    overlaps most with what is cited is evidence (the first of equals): citing its other copies as well lowers
    precision. Pass spans through `trim_span` where white space at their ends should not count. In 0..1;
    `None` when nothing is cited, 0 when something is and there is no evidence. Source: precision and recall
    of spans by character offsets, Da San Martino et al. (2019), Pavlopoulos et al., SemEval-2021 Task 5.

    :raises ValueError: if a quote has no occurrence or a span is backwards.
    """
    cited_characters = _characters(cited)
    needed = _needed_characters(evidence, cited_characters)
    return _ratio(len(cited_characters & needed), len(cited_characters))


def citation_recall(cited: Sequence[Span], evidence: Evidence) -> float | None:
    """Compute the share of the evidence's characters that are cited.

        recall = |cited ∩ evidence| / |evidence|,  both being sets of (document, position)

    Occurrences are chosen as in `citation_precision`, so a repeated sentence is required once. In 0..1; 0
    when nothing is cited, `None` without evidence. Source: as `citation_precision`.

    :raises ValueError: if a quote has no occurrence or a span is backwards.
    """
    cited_characters = _characters(cited)
    needed = _needed_characters(evidence, cited_characters)
    return _ratio(len(cited_characters & needed), len(needed))


def f1(precision: float | None, recall: float | None) -> float | None:
    """Compute the harmonic mean of a precision and a recall.

        F1 = 2 · precision · recall / (precision + recall)

    In 0..1. 0 when both are 0, and when only the precision is undefined (nothing given, something to find);
    `None` when the recall is (nothing to find). Source: van Rijsbergen, Information Retrieval (1979), ch. 7.

    :raises ValueError: if a value lies outside 0..1 (a percentage, for one).
    """
    for name, value in (("precision", precision), ("recall", recall)):
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} is {value}; expected 0..1 or None.")
    if recall is None:
        return None
    if not precision or not recall:
        return 0.0
    return 2 * precision * recall / (precision + recall)


def _characters(spans: Iterable[Span]) -> set[tuple[str, int]]:
    """Spread spans into the set of their characters, which makes union and intersection plain to read."""
    characters: set[tuple[str, int]] = set()
    for span in spans:
        _check_span(span)
        characters.update((span.document, position) for position in range(span.start, span.end))
    return characters


def _needed_characters(evidence: Evidence, cited: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Unite the evidence quotes, each by its one occurrence that overlaps most with the cited characters."""
    _check_evidence(evidence)
    needed: set[tuple[str, int]] = set()
    for occurrences in evidence:
        candidates = [_characters([occurrence]) for occurrence in occurrences]
        needed |= max(candidates, key=lambda characters: len(characters & cited))
    return needed


# Translated before NFKC, which turns "´" into a space with an accent and would lose it.
_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‹›`´ʼ", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("⁄∕", "/"),  # NFKC writes "½" with the first of these
    }
)


def key_fact_recall(expected: Sequence[Sequence[str]], answer: str) -> float | None:
    """Compute the share of the key facts of which some accepted spelling stands in the answer.

        recall = |facts with a spelling in the answer| / |facts|

    Whole words of `normalise_words` are compared, so "one" is not in "hormone", nor "5" in "2.5". Scripts
    without spaces (Chinese, Thai) match only from one punctuation mark to the next. In 0..1; `None` without
    facts. Source: nugget recall, Voorhees, TREC 2003 QA Track, with spellings in the assessor's place.

    :raises ValueError: if a fact has no spelling, or an empty one.
    """
    said = f" {normalise_words(answer)} "
    found = 0
    for number, spellings in enumerate(expected, start=1):
        words = [normalise_words(spelling) for spelling in spellings]
        if not words or not all(words):
            raise ValueError(f"Key fact {number} is {list(spellings)!r}; expected spellings, none empty.")
        found += any(f" {spelling} " in said for spelling in words)
    return _ratio(found, len(expected))


def normalise_words(text: str) -> str:
    """Write a text as its words and marks with one space between each, alike for all ways to type them.

    Case (casefold), Unicode compatibility forms (NFKC), white space, kinds of quotes and dashes, and spaces
    around punctuation do not matter: `T–Cells ,new` and `t-cells, new` are both `t - cells , new`. A point or
    comma between two digits stays in its number. Accents and hyphens matter: "T cell" is not "T-cell".
    """
    text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).casefold()
    text = unicodedata.normalize("NFKC", text)  # again: casefold can undo it
    text = text.translate(_LOOKALIKES)  # again: NFKC writes "″" as two "′"
    text = re.sub("-+", "-", text.replace("''", '"'))  # as typewriters and tokenised corpora write them
    return " ".join("".join(f" {mark} " if _stands_alone(text, i) else mark for i, mark in enumerate(text)).split())


def _stands_alone(text: str, index: int) -> bool:
    """Say whether this character is punctuation or a symbol, and not the point or comma within a number."""
    if unicodedata.category(text[index])[0] not in "PS":
        return False
    in_number = text[index - 1 : index].isdigit() and text[index + 1 : index + 2].isdigit()
    return not (text[index] in ".," and in_number)


@dataclass(frozen=True)
class Abstention:
    """How often questions were declined, rightly and wrongly: four counts, and the ratios made of them.

    The positive class is *declined*. Each ratio is in 0..1, and `None` where its denominator is zero. Source:
    precision and recall of a class, Manning, Raghavan & Schütze (2008, 8.3), on answerable and unanswerable
    questions as in SQuAD 2.0, Rajpurkar et al. (2018).
    """

    declined_unanswerable: int  # rightly (true positives)
    declined_answerable: int  # wrongly (false positives)
    answered_unanswerable: int  # wrongly (false negatives)
    answered_answerable: int  # as it should be, whatever the answer is worth (true negatives)

    @property
    def precision(self) -> float | None:
        """The share of the declined questions that are not answerable."""
        return _ratio(self.declined_unanswerable, self.declined_unanswerable + self.declined_answerable)

    @property
    def recall(self) -> float | None:
        """The share of the unanswerable questions that were declined."""
        return _ratio(self.declined_unanswerable, self.declined_unanswerable + self.answered_unanswerable)

    @property
    def false_answer_rate(self) -> float | None:
        """The share of the unanswerable questions that were answered (1 - recall)."""
        return _ratio(self.answered_unanswerable, self.declined_unanswerable + self.answered_unanswerable)

    @property
    def answered_rate(self) -> float | None:
        """The share of the answerable questions that were answered."""
        return _ratio(self.answered_answerable, self.answered_answerable + self.declined_answerable)


def abstention(outcomes: Iterable[tuple[bool, bool]]) -> Abstention:
    """Count how questions were declined, from one pair (answerable, answered) a question; none give zeros."""
    pairs = [(bool(answerable), bool(answered)) for answerable, answered in outcomes]
    return Abstention(
        declined_unanswerable=pairs.count((False, False)),
        declined_answerable=pairs.count((True, False)),
        answered_unanswerable=pairs.count((False, True)),
        answered_answerable=pairs.count((True, True)),
    )


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Compute the chance that a positive scores higher than a negative, a tie counting one half.

        AUROC = (R⁺ - n⁺(n⁺ + 1)/2) / (n⁺ n⁻),  R⁺ the sum of the positives' ranks, ties at their mid-rank

    In 0..1: 0.5 is chance, 1 a perfect order. Only the order of the scores matters. `None` if either class is
    missing. Source: the Mann-Whitney statistic, Hanley & McNeil, Radiology 143 (1982).

    :raises ValueError: if there are not as many labels as scores, or a score is not a number.
    """
    if len(scores) != len(labels):
        raise ValueError(f"Found {len(scores)} scores and {len(labels)} labels; expected one label a score.")
    positive = np.array(labels, dtype=bool)
    _, group, sizes = np.unique(_numbers(scores), return_inverse=True, return_counts=True)
    mid_ranks = np.cumsum(sizes) - (sizes - 1) / 2
    positives = int(positive.sum())
    rank_sum = float(mid_ranks[group][positive].sum())
    return _ratio(rank_sum - positives * (positives + 1) / 2, positives * (len(labels) - positives))


def percentile(values: Sequence[float], q: float) -> float | None:
    """Compute the value below which q percent of the values lie, interpolated linearly; q = 50 is the median.

        h = (n - 1) · q / 100,  x[⌊h⌋] + (h - ⌊h⌋) · (x[⌊h⌋ + 1] - x[⌊h⌋]),  x sorted and counted from 0

    In the unit of the values; `None` without values. Source: Hyndman & Fan (1996), definition 7.

    :raises ValueError: if q lies outside 0..100, or a value is not a number.
    """
    if not 0 <= q <= 100:
        raise ValueError(f"q is {q}; expected a percentage, 0..100.")
    numbers = _numbers(values)
    return float(np.percentile(numbers, q, method="linear")) if numbers.size else None


def mean_defined(values: Iterable[float | None]) -> float | None:
    """Compute the mean of the values that are defined, leaving out each `None`.

        mean = Σ x / n  over the n values that are not None

    In the unit of the values; `None` if none is defined. Each question weighs the same (a macro average).

    :raises ValueError: if a value is not a number (NaN), which undefined values must not be written as.
    """
    numbers = _numbers(value for value in values if value is not None)
    return float(numbers.mean()) if numbers.size else None


def bootstrap_interval(
    values: Iterable[float | None], seed: int = 0, resamples: int = 1000, level: float = 0.95
) -> tuple[float, float] | None:
    """Compute the interval in which the mean lies with the confidence `level`, as (low, high).

        draw n of the n values with replacement, `resamples` times; the (1 ± level)/2 quantiles of their means

    In the unit of the values, `None` among them left out as in `mean_defined`; the same seed gives the same
    interval. `None` without defined values; of one value, that value twice, which says nothing about its
    spread. Source: percentile interval, Efron & Tibshirani, An Introduction to the Bootstrap (1993), 13.

    :raises ValueError: if resamples is below 1, level is not between 0 and 1, or a value is not a number.
    """
    if resamples < 1 or not 0 < level < 1:
        raise ValueError(f"resamples is {resamples}, level {level}; expected 1 or more, and between 0 and 1.")
    numbers = _numbers(value for value in values if value is not None)
    if not numbers.size:
        return None
    random = np.random.default_rng(seed)
    means = [float(random.choice(numbers, numbers.size).mean()) for _ in range(resamples)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _ratio(part: float, whole: float) -> float | None:
    """Divide, where there is something to divide by."""
    return part / whole if whole else None


def _numbers(values: Iterable[float]) -> NDArray[np.float64]:
    """Turn values into an array, refusing NaN: sorting and averaging would pass it on without a word."""
    numbers = np.array(list(values), dtype=np.float64)
    if np.isnan(numbers).any():
        position = int(np.flatnonzero(np.isnan(numbers))[0])
        raise ValueError(f"Value {position} of {numbers.size} (counted from 0) is NaN; expected numbers.")
    return numbers
