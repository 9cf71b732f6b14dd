"""Declining, and what a confidence is worth, against values worked out by hand; the arithmetic stands beside each line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import (
    Abstention,
    abstention,
    aurc,
    auroc,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)

# --- abstention ---


def test_abstention_of_ten_questions() -> None:
    result = abstention(
        [(False, False)] * 3  # rightly declined
        + [(True, False)] * 1  # wrongly declined
        + [(False, True)] * 2  # wrongly answered
        + [(True, True)] * 4  # rightly answered
    )
    assert result == Abstention(3, 1, 2, 4)
    assert result.precision == 3 / 4  # of 4 declined
    assert result.recall == 3 / 5  # of 5 unanswerable
    assert result.false_answer_rate == 2 / 5
    assert result.answered_rate == 4 / 5  # of 5 answerable


def test_answering_everything_has_no_abstention_precision() -> None:
    result = abstention([(True, True), (False, True)])
    assert result.precision is None
    assert (result.recall, result.false_answer_rate, result.answered_rate) == (0.0, 1.0, 1.0)


def test_abstention_over_answerable_questions_only() -> None:
    result = abstention([(True, True), (True, False)])
    assert (result.precision, result.answered_rate) == (0.0, 0.5)
    assert result.recall is None
    assert result.false_answer_rate is None


def test_abstention_of_no_questions_is_undefined() -> None:
    result = abstention([])
    assert result == Abstention(0, 0, 0, 0)
    assert {result.precision, result.recall, result.false_answer_rate, result.answered_rate} == {None}


# --- auroc ---


@pytest.mark.parametrize(
    ("scores", "labels", "expected"),
    [
        ([0.1, 0.2, 0.8, 0.9], [False, False, True, True], 1.0),  # perfect order
        ([0.1, 0.2, 0.8, 0.9], [True, True, False, False], 0.0),  # reversed
        ([0.1, 0.4, 0.35, 0.8], [False, False, True, True], 3 / 4),  # of 4 pairs only 0.35 < 0.4 is wrong
        ([0.5, 0.5, 0.5], [True, False, True], 0.5),  # all tied
        ([1.0, 2.0, 2.0, 3.0], [False, False, True, True], 3.5 / 4),  # 3 pairs right, 2.0 = 2.0 half
        ([2.0, 2.0, 2.0, 1.0], [True, True, False, False], 3 / 4),  # 2 right, 2 halves
        ([float("-inf"), 0.0, float("inf")], [False, True, True], 1.0),
    ],
)
def test_auroc(scores: list[float], labels: list[bool], expected: float) -> None:
    assert auroc(scores, labels) == pytest.approx(expected)
    assert auroc([2 * score + 1 for score in scores], labels) == pytest.approx(expected)  # order alone matters


def test_auroc_needs_both_classes() -> None:
    assert auroc([0.1, 0.2], [True, True]) is None
    assert auroc([0.1, 0.2], [False, False]) is None
    assert auroc([], []) is None


def test_auroc_refuses_what_it_cannot_rank() -> None:
    with pytest.raises(ValueError, match="2 scores and 1 labels"):
        auroc([0.1, 0.2], [True])
    with pytest.raises(ValueError, match=r"Value 1 of 2 .* is NaN"):
        auroc([0.1, float("nan")], [True, False])


ranked = st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=2, max_size=30)


@settings(deadline=None)
@given(ranked)
def test_auroc_of_turned_scores_is_the_complement(pairs: list[tuple[int, bool]]) -> None:
    scores, labels = [score for score, _ in pairs], [label for _, label in pairs]
    value, turned = auroc(scores, labels), auroc([-score for score in scores], labels)
    assert (value is None) == (len(set(labels)) == 1)
    if value is not None and turned is not None:
        assert 0 <= value <= 1
        assert turned == pytest.approx(1 - value)


# --- risk_coverage, aurc ---


def test_risk_at_every_coverage() -> None:
    # by falling confidence: right, right, wrong, right
    points = risk_coverage([0.7, 0.9, 0.2, 0.8], [False, True, True, True])
    assert points == [(1 / 4, 0.0, 0.9), (2 / 4, 0.0, 0.8), (3 / 4, 1 / 3, 0.7), (1.0, 1 / 4, 0.2)]
    assert points[2].coverage == 3 / 4
    assert points[2].risk == 1 / 3
    assert points[2].threshold == 0.7
    # 1/4 · (0 + 0 + 1/3 + 1/4)
    assert aurc([0.7, 0.9, 0.2, 0.8], [False, True, True, True]) == pytest.approx(7 / 48)


def test_equal_confidences_are_answered_together() -> None:
    points = risk_coverage([0.5, 0.5, 0.9, 0.5], [True, False, True, False])
    assert points == [(1 / 4, 0.0, 0.9), (1.0, 2 / 4, 0.5)]
    assert aurc([0.5, 0.5, 0.9, 0.5], [True, False, True, False]) == 3 / 4 * 2 / 4
    assert aurc([0.5] * 4, [True, False, True, False]) == 2 / 4  # the error rate


def test_aurc_of_the_best_and_the_worst_order() -> None:
    assert aurc([3.0, 2.0], [True, False]) == 1 / 4  # 1/2 · 0 + 1/2 · 1/2
    assert aurc([3.0, 2.0], [False, True]) == 3 / 4  # 1/2 · 1 + 1/2 · 1/2
    assert aurc([3.0, 2.0], [True, True]) == 0.0
    assert aurc([3.0, 2.0], [False, False]) == 1.0


def test_risk_without_cases_is_undefined() -> None:
    assert risk_coverage([], []) == []
    assert aurc([], []) is None


@pytest.mark.parametrize("metric", [risk_coverage, aurc])
def test_risk_refuses_what_it_cannot_rank(metric) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="2 confidences and 1 verdicts"):
        metric([0.1, 0.2], [True])
    with pytest.raises(ValueError, match=r"Value 1 of 2 .* is NaN"):
        metric([0.1, float("nan")], [True, False])


# --- reliability_bins, expected_calibration_error ---


def test_calibration_by_hand() -> None:
    confidences, labels = [0.1, 0.3, 0.8, 0.9, 1.0], [False, True, True, True, False]
    low, high = reliability_bins(confidences, labels, bins=2)
    assert low == (2, pytest.approx(0.2), 1 / 2)
    assert high == (3, pytest.approx(0.9), pytest.approx(2 / 3))
    assert (high.size, high.positives) == (3, pytest.approx(2 / 3))
    # 2/5 · |0.5 - 0.2| + 3/5 · |2/3 - 0.9| = 0.12 + 0.14
    assert expected_calibration_error(confidences, labels, bins=2) == pytest.approx(0.26)


def test_one_bin_compares_the_means_and_many_bins_leave_the_empty_out() -> None:
    assert expected_calibration_error([0.2, 0.6], [False, True], bins=1) == pytest.approx(0.1)  # |1/2 - 0.4|
    assert expected_calibration_error([0.2, 0.6], [False, True]) == pytest.approx(0.3)  # (0.2 + 0.4) / 2
    assert [found.size for found in reliability_bins([0.2, 0.6], [False, True])] == [1, 1]


def test_calibration_of_certainty() -> None:
    assert expected_calibration_error([0.0, 1.0], [False, True]) == 0.0
    assert expected_calibration_error([0.0, 1.0], [True, False]) == 1.0


def test_a_confidence_on_an_edge_belongs_below_it() -> None:
    for bins in (2, 5, 10, 20):
        edges = [round(number / bins, 2) for number in range(1, bins + 1)]
        found = reliability_bins(edges, [True] * bins, bins)
        assert [(own.size, own.confidence) for own in found] == [(1, edge) for edge in edges]
    assert [own.size for own in reliability_bins([0.0, 0.1, 0.10001], [True] * 3)] == [2, 1]


def test_calibration_without_cases_is_undefined() -> None:
    assert reliability_bins([], []) == []
    assert expected_calibration_error([], []) is None


@pytest.mark.parametrize("metric", [reliability_bins, expected_calibration_error])
def test_calibration_refuses_what_is_no_probability(metric) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"confidence is 50\.0; expected 0\.\.1"):
        metric([0.5, 50], [True, True])
    with pytest.raises(ValueError, match="confidence is -0.1"):
        metric([-0.1], [True])
    with pytest.raises(ValueError, match=r"Value 0 of 1 .* is NaN"):
        metric([float("nan")], [True])
    with pytest.raises(ValueError, match="1 confidences and 2 labels"):
        metric([0.5], [True, False])
    with pytest.raises(ValueError, match="bins is 0; expected 1 or more"):
        metric([0.5], [True], bins=0)
