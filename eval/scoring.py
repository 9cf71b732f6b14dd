"""Scores one answer against its case, and many together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import CaseError
from eval.cases import Case
from eval.metrics import (
    Evidence,
    Span,
    abstention,
    auroc,
    citation_precision,
    citation_recall,
    find_quote_spans,
    key_fact_recall,
    mean_defined,
    percentile,
    recall_at_k,
    reciprocal_rank,
)
from eval.metrics import hit_at_k as hit_at

MRR_DEPTH = 10


@dataclass(frozen=True)
class CaseScore:
    """What was measured of one case. None where a measure does not apply.

    Attributes:
        case: The case.
        answered: Whether an answer was given.
        confidence: The answer's confidence, 0..1.
        values: Measure → value, 0..1.
        seconds: Time from question to answer.
        is_valid: Whether every citation's quote is what stands at its place.
    """

    case: Case
    answered: bool
    confidence: float
    values: Mapping[str, float | None] = field(default_factory=dict)
    seconds: float = 0.0
    is_valid: bool = True


def find_evidence(case: Case, texts: Mapping[str, str]) -> Evidence:
    """Return, for each evidence quote, every place where it stands in the documents that the case may use.

    :raises CaseError: a quote stands in none of them.
    """
    names = texts.keys() if case.documents is None else [name for name in case.documents if name in texts]
    evidence = []
    for quote in case.evidence:
        places = [span for name in names for span in find_quote_spans(texts[name], quote, name)]
        if not places:
            raise CaseError(
                f"The evidence of {case.id} is in none of its documents: {quote[:80]!r}. "
                "A quote has to be exact, character by character."
            )
        evidence.append(places)
    return evidence


def retrieval_values(case: Case, evidence: Evidence, retrieved: Sequence[Span]) -> dict[str, float | None]:
    """Return recall@1, recall@5, hit@1, hit@5 and MRR@10 of the evidence.

    Where a case knows its documents and no quotes (mtrag-un), a passage is right when it is of a right document; recall is
    then the share of the right documents.
    """
    if not evidence and case.relevant_documents:
        # A document as one place that holds nothing but itself: names take the place of offsets.
        retrieved = [Span(span.document, 0, 1) for span in retrieved]
        evidence = [[Span(name, 0, 1)] for name in case.relevant_documents]
    if not case.answerable:
        evidence = []
    return {
        "recall@1": recall_at_k(evidence, retrieved, 1),
        "recall@5": recall_at_k(evidence, retrieved, 5),
        "hit@1": hit_at(evidence, retrieved, 1),
        "hit@5": hit_at(evidence, retrieved, 5),
        "MRR@10": reciprocal_rank(evidence, retrieved, MRR_DEPTH),
    }


def score(case: Case, output: Mapping[str, Any], texts: Mapping[str, str]) -> CaseScore:
    """Score the JSON of one answer."""
    evidence = find_evidence(case, texts)
    cited = [
        Span(citation["document"], citation["start"], citation["end"])
        for statement in output["statements"]
        for citation in statement["citations"]
    ]
    retrieved = [Span(place["document"], place["start"], place["end"]) for place in output["retrieved"]]
    values = retrieval_values(case, evidence, retrieved)
    answered = output["outcome"] == "answered"
    if case.answerable and evidence:
        values["citation precision"] = citation_precision(cited, evidence) if answered else None
        values["citation recall"] = citation_recall(cited, evidence)
    if case.answerable and case.expected:
        values["key facts"] = key_fact_recall(case.expected, output["answer"])
    valid = all(
        texts[citation["document"]][citation["start"] : citation["end"]] == citation["quote"]
        for statement in output["statements"]
        for citation in statement["citations"]
    )
    return CaseScore(case, answered, output["confidence"], values, output["seconds"], valid)


MEANS = ("recall@1", "recall@5", "hit@1", "hit@5", "MRR@10", "citation precision", "citation recall", "key facts")


def summarise(scores: Iterable[CaseScore]) -> dict[str, float | int | None]:
    """Return the means of the measures, the abstention figures, and the times of a set of cases."""
    scores = list(scores)
    counts = abstention((item.case.answerable, item.answered) for item in scores)
    summary: dict[str, float | int | None] = {"cases": len(scores)}
    summary |= {name: mean_defined(item.values.get(name) for item in scores) for name in MEANS}
    summary |= {
        "answered": counts.answered_rate,
        "false answers": counts.false_answer_rate,
        "abstention precision": counts.precision,
        "abstention recall": counts.recall,
        "AUROC": auroc([item.confidence for item in scores], [item.case.answerable for item in scores]) if scores else None,
        "valid quotes": mean_defined(float(item.is_valid) for item in scores),
        "seconds (median)": percentile([item.seconds for item in scores], 50) if scores else None,
        "seconds (95 %)": percentile([item.seconds for item in scores], 95) if scores else None,
    }
    return summary
