"""Whether the right questions are declined, and what a confidence is worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from eval.metrics.statistics import _numbers, _ratio


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


class RiskCoverage(NamedTuple):
    """What declining below `threshold` comes to: the share of the answers given, and the share of wrong ones in it."""

    coverage: float
    risk: float
    threshold: float


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> list[RiskCoverage]:
    """Compute the risk at every coverage that a threshold on the confidence can reach, by falling threshold.

        coverage(t) = |{i : confidence ≥ t}| / n,  risk(t) = |{i : confidence ≥ t, wrong}| / |{i : confidence ≥ t}|

    One point for each different confidence: no threshold parts the equal ones. Both in 0..1, the last coverage
    is 1. Empty without cases. Source: El-Yaniv & Wiener, JMLR 11 (2010), 2.

    :raises ValueError: if there are not as many verdicts as confidences, or a confidence is not a number.
    """
    if len(confidences) != len(correct):
        raise ValueError(
            f"Found {len(confidences)} confidences and {len(correct)} verdicts; expected one verdict a confidence."
        )
    thresholds, group = np.unique(-_numbers(confidences), return_inverse=True)
    answered = np.cumsum(np.bincount(group, minlength=thresholds.size))
    wrong = np.cumsum(np.bincount(group[~np.array(correct, dtype=bool)], minlength=thresholds.size))
    return [
        RiskCoverage(float(given / len(correct)), float(errors / given), float(-negated))
        for given, errors, negated in zip(answered, wrong, thresholds, strict=True)
    ]


def aurc(confidences: Sequence[float], correct: Sequence[bool]) -> float | None:
    """Compute the area under the curve of risk over coverage, as steps: the mean risk over all coverages.

        AURC = Σ (coverage_i - coverage_{i-1}) · risk_i  over the points of `risk_coverage`, coverage_0 = 0

    Steps, not trapezoids, because there is no risk at coverage 0 to draw a line from. In 0..1, lower is
    better: 0 without errors, the error rate if all confidences are equal. `None` without cases. Source:
    Geifman, Uziel & El-Yaniv, ICLR 2019, whose mean over the n coverages this is where no confidences are equal.

    :raises ValueError: as `risk_coverage`.
    """
    points = risk_coverage(confidences, correct)
    if not points:
        return None
    widths = np.diff([0.0, *(point.coverage for point in points)])
    return float(widths @ np.array([point.risk for point in points]))


class ReliabilityBin(NamedTuple):
    """The cases of like confidence: how many, how confident on average, and how many of them are positive."""

    size: int
    confidence: float
    positives: float


def reliability_bins(confidences: Sequence[float], labels: Sequence[bool], bins: int = 10) -> list[ReliabilityBin]:
    """Sort the cases into `bins` equally wide bins of confidence, and describe each that is not empty.

        bin m holds (m - 1) / bins < confidence ≤ m / bins;  bin 1 holds 0 as well

    By rising confidence; shares in 0..1. Empty without cases. Source: reliability diagrams, Niculescu-Mizil &
    Caruana, ICML 2005, with the bins of Guo et al., ICML 2017.

    :raises ValueError: if there are not as many labels as confidences, a confidence lies outside 0..1 (a
        percentage, for one), or bins is below 1.
    """
    if len(confidences) != len(labels):
        raise ValueError(f"Found {len(confidences)} confidences and {len(labels)} labels; expected one label a confidence.")
    if bins < 1:
        raise ValueError(f"bins is {bins}; expected 1 or more.")
    values, positive = _numbers(confidences), np.array(labels, dtype=bool)
    outside = values[(values < 0) | (values > 1)]
    if outside.size:
        raise ValueError(f"A confidence is {float(outside[0])}; expected 0..1.")
    place = np.searchsorted(np.arange(1, bins) / bins, values)
    members = [place == number for number in np.unique(place)]
    return [ReliabilityBin(int(own.sum()), float(values[own].mean()), float(positive[own].mean())) for own in members]


def expected_calibration_error(confidences: Sequence[float], labels: Sequence[bool], bins: int = 10) -> float | None:
    """Compute how far, on average over the cases, a confidence is from the share of positives among its like.

        ECE = Σ |B| / n · | positives(B) - confidence(B) |  over the bins B of `reliability_bins`

    In 0..1: 0 is calibrated. It depends on the number of bins, and few cases a bin make it too high. `None`
    without cases. Source: Naeini, Cooper & Hauskrecht, AAAI 2015; Guo et al., ICML 2017.

    :raises ValueError: as `reliability_bins`.
    """
    found = reliability_bins(confidences, labels, bins)
    return _ratio(sum(own.size * abs(own.positives - own.confidence) for own in found), len(confidences))
