"""How well the retrieved spans are ranked."""

import math
from collections.abc import Iterable, Sequence

from eval.metrics.spans import Evidence, Span, _check_evidence, _check_span, _holds
from eval.metrics.statistics import _ratio


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


def ndcg_at_k(evidence: Evidence, retrieved: Sequence[Span], k: int) -> float | None:
    """Compute how near the first k retrieved spans come to the best order, early ranks weighing more.

        nDCG@k = Σ_{r ≤ k} gain(r) / log2(r + 1)  /  Σ_{r ≤ min(k, n)} 1 / log2(r + 1)
        gain(r) = 1 if the span at rank r holds a quote that no span before it holds, else 0
        n = |ranks of all that was retrieved with gain 1| + |quotes that no retrieved span holds|

    A second span with the same quote gains nothing, and one span with two quotes gains 1: the best order has
    the spans that are needed on top. A quote that was never found is taken to need a span of its own. In 0..1;
    `None` without evidence. Source: Järvelin & Kekäläinen (2002), on nuggets as in Clarke et al., SIGIR 2008.

    :raises ValueError: as `recall_at_k`.
    """
    _check_evidence(evidence)
    _first(retrieved, k)  # checked only: what comes after the first k counts for the best order
    if not evidence:
        return None
    missing = list(evidence)
    new_at: list[int] = []  # the ranks of gain 1
    for rank, span in enumerate(retrieved, start=1):
        left = [occurrences for occurrences in missing if not _holds(span, occurrences)]
        if len(left) < len(missing):
            new_at.append(rank)
        missing = left
    found = [rank for rank in new_at if rank <= k]
    needed = len(new_at) + len(missing)
    return _discounted(found) / _discounted(range(1, min(k, needed) + 1))


def _discounted(ranks: Iterable[int]) -> float:
    """Add up a gain of 1 at each of the ranks, discounted."""
    return math.fsum(1 / math.log2(rank + 1) for rank in ranks)


def _first(retrieved: Sequence[Span], k: int | None) -> Sequence[Span]:
    """Take the first k spans, or all; a k below 1 would silently take others."""
    if k is not None and k < 1:
        raise ValueError(f"k is {k}; expected 1 or more.")
    for span in retrieved:
        _check_span(span)
    return retrieved[:k]
