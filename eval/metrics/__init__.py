"""The numbers of `python -m eval`, as pure functions.

They stand alone so that each can be checked by hand: spans, texts and scores come in, a number goes out.
Nothing here reads a file, knows a case's JSON or imports the rest of Footnote.

Two rules hold throughout. A ratio whose denominator is zero is `None` (undefined), never 0 or 1, and
`mean_defined` leaves it out. Input that can only be a mistake is a `ValueError` that says what was found and
what was expected.

One subject a file. Names with an underscore are shared among these files only.
"""

from eval.metrics.abstaining import (
    Abstention,
    ReliabilityBin,
    RiskCoverage,
    abstention,
    aurc,
    auroc,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)
from eval.metrics.citations import citation_precision, citation_recall, f1, statement_support, supported
from eval.metrics.ranking import hit_at_k, ndcg_at_k, recall_at_k, reciprocal_rank
from eval.metrics.spans import Evidence, Span, find_quote_spans, trim_span
from eval.metrics.statistics import bootstrap, bootstrap_interval, mean_defined, paired_randomisation_test, percentile
from eval.metrics.text import key_fact_recall, normalise_words, squad_exact_match, squad_f1

__all__ = [
    "Abstention",
    "Evidence",
    "ReliabilityBin",
    "RiskCoverage",
    "Span",
    "abstention",
    "aurc",
    "auroc",
    "bootstrap",
    "bootstrap_interval",
    "citation_precision",
    "citation_recall",
    "expected_calibration_error",
    "f1",
    "find_quote_spans",
    "hit_at_k",
    "key_fact_recall",
    "mean_defined",
    "ndcg_at_k",
    "normalise_words",
    "paired_randomisation_test",
    "percentile",
    "recall_at_k",
    "reciprocal_rank",
    "reliability_bins",
    "risk_coverage",
    "squad_exact_match",
    "squad_f1",
    "statement_support",
    "supported",
    "trim_span",
]
