"""The metrics against other people's implementations of the same definitions, on random cases from fixed seeds."""

import random
from collections.abc import Callable

import numpy as np
import pytest
import pytrec_eval
import sklearn.calibration
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from eval.metrics import (
    Span,
    auroc,
    bootstrap,
    bootstrap_interval,
    expected_calibration_error,
    hit_at_k,
    mean_defined,
    ndcg_at_k,
    paired_randomisation_test,
    recall_at_k,
    reciprocal_rank,
    reliability_bins,
    squad_exact_match,
    squad_f1,
)


def judgements() -> tuple[list[float], list[bool]]:
    """Confidences, more of them near 0 and 1 than between, and labels that are not as they say."""
    rng = np.random.default_rng(4)
    confidences = rng.beta(0.7, 0.5, size=500)
    return confidences.tolist(), (rng.random(500) < confidences**2).tolist()


# --- trec_eval ---

CUTS = (1, 3, 5, 10)


def test_rankings_agree_with_trec_eval() -> None:
    rng = random.Random(1)
    relevant: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    ours: dict[str, dict[str, float | None]] = {}
    for number in range(300):
        ranking = list(range(rng.randint(1, 20)))
        rng.shuffle(ranking)
        spans = [Span("a.txt", 100 * place, 100 * place + 100) for place in ranking]
        places = rng.sample(range(len(ranking) + 3), rng.randint(1, 4))  # the last three are never retrieved
        evidence = [[Span("a.txt", 100 * place + 10, 100 * place + 20)] for place in places]
        query = str(number)
        relevant[query] = {str(place): 1 for place in places}
        run[query] = {str(place): -float(rank) for rank, place in enumerate(ranking)}
        ours[query] = {"recip_rank": reciprocal_rank(evidence, spans)}
        for k in CUTS:
            ours[query][f"recall_{k}"] = recall_at_k(evidence, spans, k)
            ours[query][f"success_{k}"] = hit_at_k(evidence, spans, k)
            ours[query][f"ndcg_cut_{k}"] = ndcg_at_k(evidence, spans, k)
    cuts = ",".join(map(str, CUTS))
    theirs = pytrec_eval.RelevanceEvaluator(
        relevant, {"recip_rank", f"recall.{cuts}", f"success.{cuts}", f"ndcg_cut.{cuts}"}
    ).evaluate(run)
    assert theirs.keys() == ours.keys()
    for query, expected in theirs.items():
        assert ours[query] == pytest.approx(expected), query


def test_ndcg_of_overlapping_spans_agrees_with_trec_eval() -> None:
    """Quotes in several spans, spans with several quotes: the relevant ones are the first to hold a quote."""
    rng = random.Random(2)
    several = 0
    for _ in range(300):
        spans = [Span("a.txt", start, start + rng.randint(10, 60)) for start in rng.choices(range(0, 200, 5), k=12)]
        evidence = [[Span("a.txt", start, start + 8)] for start in rng.choices(range(0, 260, 7), k=rng.randint(1, 6))]
        relevant = set()
        for number, ((_, start, end),) in enumerate(evidence):
            holders = [rank for rank, span in enumerate(spans) if span.start <= start and end <= span.end]
            several += len(holders) > 1
            relevant.add(str(holders[0]) if holders else f"missing {number}")
        evaluator = pytrec_eval.RelevanceEvaluator({"q": dict.fromkeys(relevant, 1)}, {"ndcg_cut.3,10"})
        theirs = evaluator.evaluate({"q": {str(rank): -float(rank) for rank in range(len(spans))}})["q"]
        assert ndcg_at_k(evidence, spans, 3) == pytest.approx(theirs["ndcg_cut_3"])
        assert ndcg_at_k(evidence, spans, 10) == pytest.approx(theirs["ndcg_cut_10"])
    assert several > 100  # it was not the simple case again


# --- torchmetrics, imported where it is used because it takes seconds ---

WORDS = ["the", "A", "an", "bone", "Bone", "marrow,", "T-cell", "(T cell)", "1985.", "in", "naïve", "“new”", "U.S.", "-", ""]


def random_text(rng: random.Random) -> str:
    return rng.choice([" ", "  ", "\n"]).join(rng.choices(WORDS, k=rng.randint(0, 5)))


def test_squad_scores_agree_with_torchmetrics() -> None:
    """Which scores by the rules of SQuAD 1.1; to them, 2.0 adds what becomes of spellings without words."""
    from torchmetrics.functional.text import squad

    def theirs(expected: list[str], answer: str) -> tuple[float, float]:
        target = {"id": "q", "answers": {"text": expected, "answer_start": [0] * len(expected)}}
        result = squad([{"id": "q", "prediction_text": answer}], [target])
        return float(result["exact_match"]) / 100, float(result["f1"]) / 100

    rng = random.Random(3)
    seen = set()
    for _ in range(500):
        expected = [random_text(rng) for _ in range(rng.randint(0, 3))]
        words = rng.choice([random_text(rng), *expected]).split()  # by chance of a spelling, or its own
        answer = " ".join(rng.sample(words, len(words)))
        spellings = [text for text in expected if theirs([""], text)[0] == 0] or [""]  # those with words
        ours = squad_exact_match(expected, answer), squad_f1(expected, answer)
        assert ours == pytest.approx(theirs(spellings, answer), abs=1e-6), (expected, answer)
        seen.add((ours[0], round(ours[1], 3)))
    assert {(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.5)} <= seen  # the cases were not all alike


@pytest.mark.parametrize("bins", [1, 5, 10, 15])
def test_calibration_error_agrees_with_torchmetrics(bins: int) -> None:
    import torch
    from torchmetrics.functional.classification import binary_calibration_error

    confidences, labels = judgements()
    theirs = binary_calibration_error(torch.tensor(confidences, dtype=torch.float64), torch.tensor(labels).int(), n_bins=bins)
    assert expected_calibration_error(confidences, labels, bins) == pytest.approx(float(theirs))


# --- scikit-learn ---

ranked = st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=2, max_size=30)


@settings(deadline=None)
@given(ranked)
def test_auroc_agrees_with_scikit_learn(pairs: list[tuple[int, bool]]) -> None:
    scores, labels = [score for score, _ in pairs], [label for _, label in pairs]
    if len(set(labels)) == 2:
        assert auroc(scores, labels) == pytest.approx(sklearn.metrics.roc_auc_score(labels, scores))


@pytest.mark.parametrize("bins", [1, 5, 10, 15])
def test_reliability_agrees_with_scikit_learn(bins: int) -> None:
    confidences, labels = judgements()
    found = reliability_bins(confidences, labels, bins)
    positives, mean_confidences = sklearn.calibration.calibration_curve(labels, confidences, n_bins=bins)
    assert [own.positives for own in found] == pytest.approx(positives.tolist())
    assert [own.confidence for own in found] == pytest.approx(mean_confidences.tolist())
    assert sum(own.size for own in found) == len(labels)


# --- SciPy ---


def scipy_interval(columns: tuple[list[float], ...], statistic: Callable[..., float], level: float) -> tuple[float, float]:
    """SciPy's percentile interval, with more resamples than ours, so that the difference is our chance alone."""
    result = stats.bootstrap(
        columns,
        statistic,
        n_resamples=4000,
        confidence_level=level,
        method="percentile",
        paired=True,
        rng=np.random.default_rng(5),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_of_the_mean_agrees_with_scipy(level: float) -> None:
    values = np.random.default_rng(6).beta(2, 1, size=200).tolist()
    expected = scipy_interval((values,), np.mean, level)
    width = expected[1] - expected[0]
    assert bootstrap_interval(values, level=level) == pytest.approx(expected, abs=width / 10)
    assert bootstrap(values, mean_defined, resamples=4000, level=level) == pytest.approx(expected, abs=width / 20)


def test_the_interval_of_an_auroc_agrees_with_scipy() -> None:
    rng = np.random.default_rng(7)
    labels = rng.random(120) < 0.4
    scores = (rng.normal(size=120) + labels).tolist()
    expected = scipy_interval((scores, labels.tolist()), lambda some, those: auroc(some, those), 0.95)
    items = list(zip(scores, labels.tolist(), strict=True))
    ours = bootstrap(items, lambda sample: auroc([score for score, _ in sample], [label for _, label in sample]))
    assert ours == pytest.approx(expected, abs=(expected[1] - expected[0]) / 10)


@pytest.mark.parametrize(
    ("size", "shift", "tolerance"), [(8, 0.4, 1e-12), (12, 0.2, 1e-12), (40, 0.25, 0.02), (300, 0.1, 0.02)]
)
def test_the_randomisation_test_agrees_with_scipy(size: int, shift: float, tolerance: float) -> None:
    rng = np.random.default_rng(size)
    a, b = rng.normal(shift, 1, size), rng.normal(0, 1, size)
    result = stats.permutation_test(
        (a, b), lambda x, y, axis: np.mean(x - y, axis=axis), permutation_type="samples", vectorized=True,
        n_resamples=9999, rng=np.random.default_rng(8),
    )  # fmt: skip
    assert 0.001 < result.pvalue < 0.9  # neither end says much
    # Above 12 pairs both draw, and SciPy doubles one tail: near 0.15 the difference has a standard error of 0.006.
    assert paired_randomisation_test(a.tolist(), b.tolist()) == pytest.approx(result.pvalue, abs=tolerance)
