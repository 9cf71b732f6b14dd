"""Scores one answer against its case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import CaseError
from eval.cases import Case
from eval.metrics import (
    Evidence,
    Span,
    citation_precision,
    citation_recall,
    f1,
    find_quote_spans,
    hit_at_k,
    key_fact_recall,
    mean_defined,
    ndcg_at_k,
    recall_at_k,
    reciprocal_rank,
    squad_f1,
    statement_support,
)
from eval.quotes import same_quote

RANKING_DEPTH = 10

UNREAD = ""
"""Stands for the document of an evidence quote that was not read from its file; no document is called so."""

_PLAIN = (".txt", ".text", ".md", ".markdown")  # their text is their bytes, decoded


@dataclass(frozen=True)
class CaseScore:
    """What was measured of one case.

    Attributes:
        case: The case.
        answered: Whether an answer was given.
        confidence: The answer's confidence, 0..1.
        values: Measure → value, 0..1, None (or left out) where the measure does not apply.
        seconds: Time from question to answer.
    """

    case: Case
    answered: bool
    confidence: float
    values: Mapping[str, float | None] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def quality(self) -> float:
        """How good the answer is, 0..1, to order cases by: of an answer, the mean of its citation F1 and key facts.

        An answerable question that was declined has 0, and so has an unanswerable one that was answered; declined it has 1.
        """
        if not self.case.answerable:
            return 0.0 if self.answered else 1.0
        if not self.answered:
            return 0.0
        return mean_defined((self.values.get("citation F1"), self.values.get("key facts"), self._found)) or 0.0

    @property
    def _found(self) -> float | None:
        """Whether a right document is among the first five, where a case knows nothing else of its answer."""
        return None if self.case.evidence or self.case.expected else self.values.get("hit@5")


def find_evidence(case: Case, texts: Mapping[str, str]) -> Evidence:
    """Return, for each evidence quote, every place where it stands in the documents that the case may use.

    In plain text a quote has to be exact. In what was read of a PDF, a Word file and the like it may differ in white space,
    kinds of quotes and dashes, and case; where it is not in it at all, it was not read, and its place is in `UNREAD`, which
    nothing can cite.

    :raises CaseError: a quote stands in none of them, and all of them are plain text.
    """
    names = texts.keys() if case.documents is None else case.documents
    evidence = []
    for quote in case.evidence:
        places = [span for name in names if name in texts for span in find_quote_spans(texts[name], quote, name)]
        read = [name for name in names if not name.lower().endswith(_PLAIN)]
        if not places and not read:
            raise CaseError(
                f"The evidence of {case.id} is in none of its documents: {quote[:80]!r}. "
                "A quote has to be exact, character by character."
            )
        if not places:
            alike = ((name, same_quote(texts[name], quote)) for name in read if name in texts)
            places = [Span(name, *span) for name, span in alike if span is not None] or [Span(UNREAD, 0, len(quote))]
        evidence.append(places)
    return evidence


def retrieval_values(case: Case, evidence: Evidence, retrieved: Sequence[Span]) -> dict[str, float | None]:
    """Return recall@1, recall@5, hit@1, hit@5, MRR@10 and nDCG@10 of the evidence.

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
        "hit@1": hit_at_k(evidence, retrieved, 1),
        "hit@5": hit_at_k(evidence, retrieved, 5),
        "MRR@10": reciprocal_rank(evidence, retrieved, RANKING_DEPTH),
        "nDCG@10": ndcg_at_k(evidence, retrieved, RANKING_DEPTH),
    }


def score(case: Case, output: Mapping[str, Any], texts: Mapping[str, str]) -> CaseScore:
    """Score the JSON of one answer."""
    evidence = find_evidence(case, texts)
    retrieved = [Span(place["document"], place["start"], place["end"]) for place in output["retrieved"]]
    answered = output["outcome"] == "answered"
    values = retrieval_values(case, evidence, retrieved)
    if case.answerable:
        values |= _answer_values(case, evidence, output, answered)
    values |= _quote_values([citation for statement in output["statements"] for citation in statement["citations"]], texts)
    return CaseScore(case, answered, output["confidence"], values, output["seconds"])


def _answer_values(case: Case, evidence: Evidence, output: Mapping[str, Any], answered: bool) -> dict[str, float | None]:
    """Measure what an answerable question got; a declined one has found nothing, and there is no precision of nothing."""
    values: dict[str, float | None] = {}
    if evidence:
        statements = [
            [Span(citation["document"], citation["start"], citation["end"]) for citation in statement["citations"]]
            for statement in output["statements"]
        ]
        cited = [span for spans in statements for span in spans]
        precision, recall = citation_precision(cited, evidence) if answered else None, citation_recall(cited, evidence)
        values["citation precision"], values["citation recall"] = precision, recall
        values["citation F1"] = f1(precision, recall)
        values["statements supported"] = statement_support(statements, evidence) if answered else None
    if case.expected:
        values["key facts"] = key_fact_recall(case.expected, output["answer"])
    if len(case.expected) == 1:
        values["token F1"] = squad_f1(case.expected[0], short_answer(output))
    return values


def short_answer(output: Mapping[str, Any]) -> str:
    """Return the stretch that an answer marks as its shortest, or, where it marks none, the whole of it."""
    for statement in output["statements"]:
        if statement.get("emphasis"):
            start, end = statement["emphasis"]
            return str(statement["text"][start:end])
    return str(output["answer"])


def _quote_values(citations: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> dict[str, float | None]:
    """Return the share of the quotes that are what stands at their place, and of those that cut no word in two."""
    return {
        "valid quotes": mean_defined(float(_stands(texts.get(one["document"], ""), one)) for one in citations),
        "uncut quotes": mean_defined(float(not _is_cut(texts.get(one["document"], ""), one)) for one in citations),
    }


def _stands(text: str, citation: Mapping[str, Any]) -> bool:
    return bool(text[citation["start"] : citation["end"]] == citation["quote"])


def _is_cut(text: str, citation: Mapping[str, Any]) -> bool:
    """Whether a quote begins or ends inside a word: offsets that are off by some characters, quoted all the same."""
    return any(
        text[place - 1 : place].isalnum() and text[place : place + 1].isalnum()
        for place in (citation["start"], citation["end"])
    )
