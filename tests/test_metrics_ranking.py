"""Retrieval, against values worked out by hand; the arithmetic stands beside each line."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import Span, hit_at_k, ndcg_at_k, recall_at_k, reciprocal_rank


def a(start: int, end: int) -> Span:
    """A span of the document a.txt."""
    return Span("a.txt", start, end)


def b(start: int, end: int) -> Span:
    """A span of the document b.txt."""
    return Span("b.txt", start, end)


RANKING = [
    a(0, 10),  # 1: holds nothing
    a(10, 30),  # 2: holds the first quote, 12-20
    b(0, 50),  # 3: the second quote's place, in another document
    a(30, 60),  # 4: holds the second quote, 30-60, exactly
]
QUOTES = [[a(12, 20)], [a(30, 60)]]


@pytest.mark.parametrize(
    ("k", "recall", "hit"),
    [
        (1, 0.0, 0.0),  # 0 of 2
        (2, 0.5, 1.0),  # 1 of 2
        (3, 0.5, 1.0),  # b.txt does not count
        (4, 1.0, 1.0),  # 2 of 2
        (99, 1.0, 1.0),  # fewer than k were retrieved
    ],
)
def test_recall_and_hit_by_rank(k: int, recall: float, hit: float) -> None:
    assert recall_at_k(QUOTES, RANKING, k) == recall
    assert hit_at_k(QUOTES, RANKING, k) == hit


def test_a_quote_cut_in_two_is_not_held() -> None:
    assert recall_at_k([[a(5, 15)]], [a(0, 10), a(10, 20)], 2) == 0.0
    assert recall_at_k([[a(5, 15)]], [a(5, 14)], 1) == 0.0  # the last character is missing
    assert recall_at_k([[a(5, 15)]], [a(6, 15)], 1) == 0.0  # the first one is


def test_any_occurrence_of_a_repeated_quote_will_do() -> None:
    repeated = [[a(0, 4), a(90, 94), b(7, 11)]]
    assert recall_at_k(repeated, [a(80, 99)], 1) == 1.0
    assert recall_at_k(repeated, [b(7, 11)], 1) == 1.0
    assert reciprocal_rank(repeated, [a(50, 60), b(0, 20)]) == 0.5  # second place


def test_one_span_may_hold_several_quotes() -> None:
    assert recall_at_k(QUOTES, [a(0, 100)], 1) == 1.0
    assert recall_at_k([[a(1, 2)], [a(1, 2)], [b(1, 2)]], [a(0, 9)], 1) == pytest.approx(2 / 3)


def test_reciprocal_rank_is_of_the_first_span_that_holds_any_quote() -> None:
    assert reciprocal_rank(QUOTES, RANKING) == 1 / 2
    assert reciprocal_rank([[a(30, 60)]], RANKING) == 1 / 4
    assert reciprocal_rank([[a(0, 1)]], RANKING) == 1.0
    assert reciprocal_rank([[b(60, 70)]], RANKING) == 0.0


def test_reciprocal_rank_stops_at_k() -> None:
    assert reciprocal_rank(QUOTES, RANKING, k=1) == 0.0
    assert reciprocal_rank(QUOTES, RANKING, k=2) == 0.5


def test_nothing_retrieved_scores_zero() -> None:
    assert recall_at_k(QUOTES, [], 5) == 0.0
    assert hit_at_k(QUOTES, [], 5) == 0.0
    assert reciprocal_rank(QUOTES, []) == 0.0


def test_without_evidence_retrieval_is_undefined() -> None:
    assert recall_at_k([], RANKING, 5) is None
    assert hit_at_k([], RANKING, 5) is None
    assert reciprocal_rank([], RANKING) is None


@pytest.mark.parametrize("k", [0, -1])
def test_a_k_below_one_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"k is {k}; expected 1 or more"):
        recall_at_k(QUOTES, RANKING, k)
    with pytest.raises(ValueError, match=f"k is {k}"):
        reciprocal_rank(QUOTES, RANKING, k)


def test_evidence_that_occurs_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="quote 1 of 1 has no spans"):
        recall_at_k([[]], RANKING, 5)
    with pytest.raises(ValueError, match="quote 2 of 2 has no spans"):
        ndcg_at_k([[a(0, 1)], []], RANKING, 5)


def test_a_backwards_span_is_refused() -> None:
    with pytest.raises(ValueError, match="start=9, end=3.*expected 0 <= start <= end"):
        recall_at_k([[a(9, 3)]], RANKING, 1)
    with pytest.raises(ValueError, match="start=9, end=3"):
        hit_at_k(QUOTES, [a(9, 3)], 1)
    with pytest.raises(ValueError, match="start=9, end=3"):
        ndcg_at_k(QUOTES, [a(9, 3)], 1)


# --- ndcg_at_k ---

SECOND = 1 / math.log2(3)  # the discount of rank 2, 0.6309; that of rank 1 is 1, of rank 3 1/2


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (1, 0.0),
        (2, SECOND / (1 + SECOND)),  # rank 2 holds the first quote; two spans were needed
        (3, SECOND / (1 + SECOND)),
        (4, (SECOND + 1 / math.log2(5)) / (1 + SECOND)),  # rank 4 holds the second
        (99, (SECOND + 1 / math.log2(5)) / (1 + SECOND)),
    ],
)
def test_ndcg_by_rank(k: int, expected: float) -> None:
    assert ndcg_at_k(QUOTES, RANKING, k) == pytest.approx(expected)


def test_ndcg_of_the_best_order_is_one_at_every_k() -> None:
    for k in (1, 2, 3):
        assert ndcg_at_k(QUOTES, [a(10, 30), a(30, 60), a(0, 10)], k) == 1.0


def test_a_span_with_two_quotes_gains_once_and_is_all_that_is_needed() -> None:
    assert ndcg_at_k(QUOTES, [a(0, 100)], 5) == 1.0
    assert ndcg_at_k(QUOTES, [b(0, 9), a(0, 100)], 5) == pytest.approx(SECOND)
    # 12-20 at rank 1, then a span that holds both: it is new for 30-60, so two spans count, and both are on top
    assert ndcg_at_k(QUOTES, [a(10, 30), a(0, 100)], 5) == 1.0


def test_a_quote_held_again_gains_nothing() -> None:
    assert ndcg_at_k([[a(12, 20)]], [a(10, 30), a(11, 31), a(10, 30)], 3) == 1.0
    # another occurrence of the same quote is the same quote; 30-60 is at rank 3
    ranking = [a(10, 30), b(0, 50), a(30, 60)]
    assert ndcg_at_k([[a(12, 20), b(7, 15)], [a(30, 60)]], ranking, 3) == pytest.approx((1 + 1 / 2) / (1 + SECOND))


def test_a_quote_that_no_span_holds_needs_a_span_of_its_own() -> None:
    assert ndcg_at_k([[a(12, 20)], [b(70, 80)]], [a(10, 30)], 5) == pytest.approx(1 / (1 + SECOND))
    assert ndcg_at_k([[a(12, 20)], [b(70, 80)]], [a(10, 30)], 1) == 1.0  # one place is all that k = 1 has
    # one found, two missing: the best is three spans, 1 + 0.6309 + 1/2
    assert ndcg_at_k([[a(12, 20)], [b(70, 80)], [b(90, 99)]], [a(10, 30)], 5) == pytest.approx(1 / (1.5 + SECOND))


def test_what_is_found_below_k_counts_for_the_best_order_only() -> None:
    assert ndcg_at_k(QUOTES, [a(10, 30), a(0, 10), a(30, 60)], 2) == pytest.approx(1 / (1 + SECOND))


def test_ndcg_of_nothing() -> None:
    assert ndcg_at_k(QUOTES, [], 5) == 0.0
    assert ndcg_at_k([], RANKING, 5) is None
    for evidence in (QUOTES, []):
        with pytest.raises(ValueError, match="k is 0; expected 1 or more"):
            ndcg_at_k(evidence, RANKING, 0)


spans_of_a = st.builds(lambda start, length: a(start, start + length), st.integers(0, 30), st.integers(1, 12))


@settings(deadline=None)  # a busy machine, or a first import
@given(st.lists(st.lists(spans_of_a, min_size=1, max_size=3), min_size=1, max_size=4), st.lists(spans_of_a), st.integers(1, 9))
def test_ndcg_stays_within_zero_and_one_and_is_zero_without_a_hit(
    evidence: list[list[Span]], retrieved: list[Span], k: int
) -> None:
    value = ndcg_at_k(evidence, retrieved, k)
    assert value is not None
    assert 0 <= value <= 1
    assert (value > 0) == (hit_at_k(evidence, retrieved, k) == 1)
