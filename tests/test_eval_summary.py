"""Figures of many cases: every measure and its interval, on scores made by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from eval.cases import Case
from eval.scoring import CaseScore
from eval.summary import MEASURES, NAMES, Measure, interval, intervals, summarise

BY_NAME = {measure.name: measure for measure in MEASURES}
PER_ANSWER = (
    "recall@1", "recall@5", "hit@1", "hit@5", "MRR@10", "nDCG@10",
    "citation precision", "citation recall", "citation F1", "statements supported",
    "valid quotes", "uncut quotes", "key facts", "token F1",
)  # fmt: skip
"""Measures that are the mean of a value that each answer has, or has not."""


def scored(
    answerable: bool, answered: bool, confidence: float, values: Mapping[str, float | None] | None = None, seconds: float = 0.0
) -> CaseScore:
    return CaseScore(Case("a", "How many?", answerable=answerable), answered, confidence, values or {}, seconds)


FOUR = (
    scored(True, True, 0.9, {"citation recall": 1.0, "citation precision": 0.5, "valid quotes": 1.0}, 1.0),
    scored(True, False, 0.4, {"citation recall": 0.0, "citation precision": None, "valid quotes": None}, 3.0),
    scored(False, False, 0.2, {}, 2.0),
    scored(False, True, 0.6, {"valid quotes": 0.5}, 2.0),
)


# Figures


def test_there_are_figures_for_every_measure_and_no_name_twice() -> None:
    assert len(set(NAMES)) == len(NAMES) == 23
    assert NAMES[:14] == PER_ANSWER
    assert tuple(summarise(FOUR)) == ("cases", *NAMES)
    assert tuple(intervals(FOUR)) == NAMES


@pytest.mark.parametrize("name", PER_ANSWER)
def test_what_an_answer_has_is_averaged_over_the_answers_that_have_it(name: str) -> None:
    values: tuple[Mapping[str, float | None], ...] = ({name: 1.0}, {name: 0.25}, {name: None}, {})
    scores = [scored(True, True, 0.5, one) for one in values]
    assert summarise(scores)[name] == 0.625
    assert summarise(scores[2:])[name] is None
    assert [BY_NAME[name].value(item) for item in scores] == [1.0, 0.25, None, None]  # type: ignore[misc]


def test_a_summary_takes_means_over_the_cases_that_a_measure_applies_to() -> None:
    summary = summarise(FOUR)
    assert (summary["cases"], summary["citation recall"], summary["citation precision"]) == (4, 0.5, 0.5)
    assert summary["recall@1"] is None
    assert (summary["valid quotes"], summary["seconds (median)"]) == (0.75, 2.0)


def test_answering_and_declining_are_shares_of_the_right_cases() -> None:
    summary = summarise([*FOUR, scored(False, False, 0.1)])
    # Answered: one of two answerable ones, and one of three others.
    assert (summary["answered"], summary["false answers"]) == (0.5, pytest.approx(1 / 3))
    # Declined: three, two of them rightly; and two of the three that had to be.
    assert (summary["abstention precision"], summary["abstention recall"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_the_confidence_is_measured_against_whether_the_documents_answer() -> None:
    summary = summarise(FOUR)
    # Of the four pairs of answerable and other, 0.9 > 0.2, 0.9 > 0.6, 0.4 > 0.2 are in order, and 0.4 < 0.6 is not.
    assert summary["AUROC"] == pytest.approx(0.75)
    # By falling confidence yes, no, yes, no: the risks are 0, 1/2, 1/3, 2/4, each over a quarter of the coverage.
    assert summary["risk-coverage area"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    # Each alone in its bin of a tenth: |1 - 0.9|, |1 - 0.4|, |0 - 0.2|, |0 - 0.6|.
    assert summary["calibration error"] == pytest.approx((0.1 + 0.6 + 0.2 + 0.6) / 4)


def test_times_are_the_median_and_what_nineteen_of_twenty_stay_below() -> None:
    summary = summarise([scored(True, True, 0.5, seconds=float(number)) for number in range(21)])
    assert (summary["seconds (median)"], summary["seconds (95 %)"]) == (10.0, 19.0)
    assert summarise(FOUR)["seconds (95 %)"] == pytest.approx(2.85)  # 1, 2, 2, 3: 0.85 of the way from 2 to 3


def test_only_errors_and_times_are_better_when_there_is_less_of_them() -> None:
    less = {measure.name for measure in MEASURES if measure.is_better < 0}
    assert less == {"false answers", "risk-coverage area", "calibration error", "seconds (median)", "seconds (95 %)"}
    assert {measure.is_better for measure in MEASURES if measure.name not in less} == {1}


# Undefined


def test_a_summary_of_nothing_has_no_figures() -> None:
    summary = summarise([])
    assert summary.pop("cases") == 0
    assert set(summary.values()) == {None}
    assert set(intervals([]).values()) == {None}


def test_a_summary_of_answerable_cases_alone_measures_no_confidence() -> None:
    summary = summarise([scored(True, True, 0.9), scored(True, True, 0.8)])
    assert (summary["AUROC"], summary["risk-coverage area"], summary["calibration error"]) == (None, None, None)
    assert (summary["answered"], summary["false answers"]) == (1.0, None)
    assert (summary["abstention precision"], summary["abstention recall"]) == (None, None)


def test_a_summary_of_cases_that_nothing_answers_has_neither_answered_nor_confidence() -> None:
    summary = summarise([scored(False, False, 0.2), scored(False, True, 0.7)])
    assert (summary["answered"], summary["AUROC"], summary["citation recall"]) == (None, None, None)
    assert (summary["false answers"], summary["abstention recall"], summary["abstention precision"]) == (0.5, 0.5, 1.0)


# Intervals


def test_the_interval_of_a_value_that_all_cases_share_is_that_value_twice() -> None:
    scores = [scored(True, True, 0.5, {"key facts": 0.5}, 2.0) for _ in range(4)]
    spread = intervals(scores)
    assert (spread["key facts"], spread["answered"]) == ((0.5, 0.5), (1.0, 1.0))
    assert (spread["seconds (median)"], spread["seconds (95 %)"]) == ((2.0, 2.0), (2.0, 2.0))
    assert (spread["false answers"], spread["recall@1"], spread["AUROC"]) == (None, None, None)


def test_the_interval_of_a_share_holds_it_and_narrows_with_more_cases() -> None:
    few = [scored(True, number % 2 == 0, 0.5) for number in range(20)]
    low, high = interval(BY_NAME["answered"], few) or (1.0, 0.0)
    assert 0.2 <= low < 0.5 < high <= 0.8  # the normal approximation is 0.5 ± 1.96 · √(0.25 / 20) = 0.28 … 0.72
    assert (low, high) == pytest.approx((0.28, 0.72), abs=0.05)
    narrower = interval(BY_NAME["answered"], few * 16) or (0.0, 1.0)
    assert narrower == pytest.approx((0.445, 0.555), abs=0.015)  # a quarter as wide


def test_cases_that_a_measure_does_not_apply_to_do_not_change_its_interval() -> None:
    answerable = [scored(True, number < 3, 0.5) for number in range(10)]
    others = [scored(False, False, 0.5) for _ in range(30)]
    assert interval(BY_NAME["answered"], answerable) == interval(BY_NAME["answered"], [*answerable, *others])
    assert interval(BY_NAME["false answers"], [*answerable, *others]) == (0.0, 0.0)


def test_the_interval_of_what_is_no_mean_over_cases_is_drawn_from_whole_cases() -> None:
    scores = [scored(number < 10, number < 10, 1.0 - number / 20) for number in range(20)]
    assert summarise(scores)["AUROC"] == 1.0
    assert intervals(scores)["AUROC"] == (1.0, 1.0)  # draws of one kind alone, where it is undefined, are left out
    assert intervals(scores)["abstention precision"] == (1.0, 1.0)
    assert BY_NAME["AUROC"].value is None


def test_a_measure_that_is_undefined_in_most_draws_has_no_interval() -> None:
    rare = Measure("rare", lambda scores: 1.0 if scores[0].answered and scores[1].answered else None)
    scores = [scored(True, number == 0, 0.5) for number in range(4)]  # both in 1 draw of 16
    assert rare.of([scores[0], scores[0]]) == 1.0
    assert interval(rare, scores) is None
