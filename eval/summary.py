"""Figures of many cases, each with its bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics import (
    abstention,
    aurc,
    auroc,
    bootstrap,
    bootstrap_interval,
    expected_calibration_error,
    mean_defined,
    percentile,
)
from eval.scoring import CaseScore

Interval = tuple[float, float]
Figures = dict[str, float | int | None]
Ranges = Mapping[str, Sequence[float] | None]
"""Measure → interval."""


@dataclass(frozen=True)
class Measure:
    """One figure of a set of cases.

    Attributes:
        name: As it stands in tables and thresholds.
        of: From the scores to the figure; None where it is undefined.
        value: Of one case, if the figure is the mean of these.
        is_better: 1 if more is better, -1 if less is, 0 if neither.
    """

    name: str
    of: Callable[[Sequence[CaseScore]], float | None]
    value: Callable[[CaseScore], float | None] | None = None
    is_better: int = 1


def _mean(name: str, value: Callable[[CaseScore], float | None], is_better: int = 1) -> Measure:
    return Measure(name, lambda scores: mean_defined(value(item) for item in scores), value, is_better)


def _mean_value(name: str) -> Measure:
    return _mean(name, lambda item: item.values.get(name))


def _answered(item: CaseScore) -> float | None:
    return float(item.answered) if item.case.answerable else None


def _falsely_answered(item: CaseScore) -> float | None:
    return None if item.case.answerable else float(item.answered)


def _declined_rightly(scores: Sequence[CaseScore]) -> float | None:
    return abstention((item.case.answerable, item.answered) for item in scores).precision


def _of_both_kinds(
    metric: Callable[[Sequence[float], Sequence[bool]], float | None],
) -> Callable[[Sequence[CaseScore]], float | None]:
    """Return a metric of the confidence, undefined where all questions are of one kind: it would measure the set alone."""

    def of(scores: Sequence[CaseScore]) -> float | None:
        answerable = [item.case.answerable for item in scores]
        return metric([item.confidence for item in scores], answerable) if len(set(answerable)) == 2 else None

    return of


MEASURES: tuple[Measure, ...] = (
    *(_mean_value(name) for name in ("recall@1", "recall@5", "hit@1", "hit@5", "MRR@10", "nDCG@10")),
    *(_mean_value(name) for name in ("citation precision", "citation recall", "citation F1", "statements supported")),
    *(_mean_value(name) for name in ("valid quotes", "uncut quotes", "key facts", "token F1")),
    _mean("answered", _answered),
    _mean("false answers", _falsely_answered, is_better=-1),
    Measure("abstention precision", _declined_rightly),
    _mean("abstention recall", lambda item: None if item.case.answerable else float(not item.answered)),
    Measure("AUROC", _of_both_kinds(auroc)),
    Measure("risk-coverage area", _of_both_kinds(aurc), is_better=-1),
    Measure("calibration error", _of_both_kinds(expected_calibration_error), is_better=-1),
    Measure("seconds (median)", lambda scores: percentile([item.seconds for item in scores], 50), is_better=-1),
    Measure("seconds (95 %)", lambda scores: percentile([item.seconds for item in scores], 95), is_better=-1),
)
"""Every figure, in the order of the tables. "answered" and "citation recall" are of the answerable questions, "false answers"
of the others; a question that was declined counts as citing nothing."""

NAMES = tuple(measure.name for measure in MEASURES)


def summarise(scores: Iterable[CaseScore]) -> Figures:
    """Return the number of cases and every measure."""
    scores = list(scores)
    return {"cases": len(scores), **{measure.name: measure.of(scores) for measure in MEASURES}}


def intervals(scores: Iterable[CaseScore]) -> dict[str, Interval | None]:
    """Return the bootstrap 95 % interval of every measure, over cases."""
    scores = list(scores)
    return {measure.name: interval(measure, scores) for measure in MEASURES}


def with_intervals(scores: Iterable[CaseScore]) -> tuple[Figures, Ranges]:
    """Return every measure, and the interval of each."""
    scores = list(scores)
    return summarise(scores), intervals(scores)


def interval(measure: Measure, scores: Sequence[CaseScore]) -> Interval | None:
    """Return the bootstrap 95 % interval of one measure."""
    if measure.value:
        return bootstrap_interval(map(measure.value, scores))
    return bootstrap(scores, measure.of)
