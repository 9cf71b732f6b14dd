"""Scores of single answers and of many, computed by hand."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.errors import CaseError
from eval.cases import Case
from eval.metrics import Span
from eval.scoring import CaseScore, find_evidence, retrieval_values, score, summarise

#        0         1         2         3         4
#        0123456789012345678901234567890123456789012345
BEES = "A hive has one queen. Workers build the comb."
ANTS = "A nest has many queens. A hive has one queen."
TEXTS = {"bees.txt": BEES, "ants.txt": ANTS}
QUEEN, COMB = "A hive has one queen.", "Workers build the comb."


def case(**changes: Any) -> Case:
    return Case(**{"id": "a", "question": "How many?", "documents": ("bees.txt",), "evidence": (QUEEN,)} | changes)


def cite(document: str, start: int, end: int, quote: str | None = None) -> dict[str, Any]:
    text = TEXTS[document][start:end] if quote is None else quote
    return {"text": text, "citations": [{"document": document, "start": start, "end": end, "quote": text}]}


def output(*statements: dict[str, Any], retrieved: tuple[Span, ...] = (), confidence: float = 0.8) -> dict[str, Any]:
    return {
        "outcome": "answered" if statements else "not_found",
        "answer": " ".join(statement["text"] for statement in statements),
        "confidence": confidence,
        "statements": list(statements),
        "retrieved": [span._asdict() for span in retrieved],
        "seconds": 0.5,
    }


# Evidence


def test_evidence_is_looked_for_in_the_documents_of_the_case_only() -> None:
    assert find_evidence(case(), TEXTS) == [[Span("bees.txt", 0, 21)]]
    everywhere = find_evidence(case(documents=None), TEXTS)
    assert everywhere == [[Span("bees.txt", 0, 21), Span("ants.txt", 24, 45)]]


def test_evidence_that_is_nowhere_is_refused_with_the_case_and_the_quote() -> None:
    with pytest.raises(CaseError, match=r"The evidence of a is in none of its documents: 'Bees bark\.'"):
        find_evidence(case(evidence=("Bees bark.",)), TEXTS)
    with pytest.raises(CaseError, match="exact, character by character"):
        find_evidence(case(evidence=("A nest has many queens.",)), TEXTS)


# Retrieval


def test_recall_hit_and_rank_count_the_passages_that_hold_a_quote() -> None:
    evidence = find_evidence(case(evidence=(QUEEN, COMB)), TEXTS)
    found = [Span("ants.txt", 0, 45), Span("bees.txt", 0, 21), Span("bees.txt", 22, 45)]
    assert retrieval_values(case(), evidence, found) == {
        "recall@1": 0.0,
        "recall@5": 1.0,
        "hit@1": 0.0,
        "hit@5": 1.0,
        "MRR@10": 0.5,
    }
    assert retrieval_values(case(), evidence, found[1:])["recall@1"] == 0.5


def test_a_passage_that_holds_half_a_quote_is_no_hit() -> None:
    values = retrieval_values(case(), find_evidence(case(), TEXTS), [Span("bees.txt", 0, 20)])
    assert (values["hit@5"], values["recall@5"], values["MRR@10"]) == (0.0, 0.0, 0.0)


def test_without_quotes_a_passage_is_right_when_its_document_is() -> None:
    asked = case(evidence=(), documents=None, relevant_documents=("ants.txt", "bees.txt"))
    found = [Span("wasps.txt", 0, 9), Span("ants.txt", 3, 9), Span("ants.txt", 10, 20)]
    values = retrieval_values(asked, [], found)
    assert values["recall@5"] == 0.5
    assert (values["hit@1"], values["hit@5"], values["MRR@10"]) == (0.0, 1.0, 0.5)


def test_where_nothing_answers_retrieval_is_not_measured() -> None:
    values = retrieval_values(case(answerable=False, evidence=()), [], [Span("bees.txt", 0, 45)])
    assert set(values.values()) == {None}
    assert len(values) == 5


# One answer


def test_an_answer_that_cites_the_evidence_and_as_much_again_is_half_precise() -> None:
    scored = score(case(expected=(("one",), ("comb", "wax"))), output(cite("bees.txt", 0, 21), cite("bees.txt", 22, 43)), TEXTS)
    assert scored.values["citation precision"] == pytest.approx(0.5, abs=0.05)
    assert scored.values["citation recall"] == 1.0
    assert scored.values["key facts"] == 0.5
    assert (scored.answered, scored.is_valid, scored.confidence, scored.seconds) == (True, True, 0.8, 0.5)


def test_an_answer_from_another_place_has_neither_precision_nor_recall() -> None:
    scored = score(case(), output(cite("bees.txt", 22, 45)), TEXTS)
    assert (scored.values["citation precision"], scored.values["citation recall"]) == (0.0, 0.0)
    assert "key facts" not in scored.values


def test_a_declined_question_has_no_precision_and_a_recall_of_0() -> None:
    scored = score(case(expected=(("one",),)), output(retrieved=(Span("bees.txt", 0, 45),)), TEXTS)
    assert scored.answered is False
    assert scored.values["citation precision"] is None
    assert (scored.values["citation recall"], scored.values["key facts"], scored.values["recall@1"]) == (0.0, 0.0, 1.0)


def test_an_unanswerable_question_is_measured_by_whether_it_was_answered_alone() -> None:
    asked = case(answerable=False, evidence=())
    answered, declined = score(asked, output(cite("bees.txt", 0, 21)), TEXTS), score(asked, output(), TEXTS)
    assert (answered.answered, declined.answered) == (True, False)
    assert set(answered.values.values()) == {None}
    assert "citation recall" not in answered.values


def test_a_quote_that_is_not_what_stands_there_makes_an_answer_invalid() -> None:
    assert score(case(), output(cite("bees.txt", 0, 21, "A hive has two queens")), TEXTS).is_valid is False
    assert score(case(), output(cite("bees.txt", 0, 21), cite("bees.txt", 1, 21, QUEEN)), TEXTS).is_valid is False
    assert score(case(), output(), TEXTS).is_valid is True


# Many answers


def test_a_summary_takes_means_over_the_cases_that_a_measure_applies_to() -> None:
    scores = [
        CaseScore(case(), True, 0.9, {"citation recall": 1.0, "citation precision": 0.5}, 1.0),
        CaseScore(case(), False, 0.4, {"citation recall": 0.0, "citation precision": None}, 3.0),
        CaseScore(case(answerable=False), False, 0.2, {}, 2.0, is_valid=False),
        CaseScore(case(answerable=False), True, 0.6, {}, 2.0),
    ]
    summary = summarise(scores)
    assert (summary["cases"], summary["citation recall"], summary["citation precision"]) == (4, 0.5, 0.5)
    assert summary["recall@1"] is None
    # Answered: one of two answerable ones, and one of two others. Declined: two, one of them rightly.
    assert (summary["answered"], summary["false answers"]) == (0.5, 0.5)
    assert (summary["abstention precision"], summary["abstention recall"]) == (0.5, 0.5)
    # Of the four pairs of answerable and other, 0.9 > 0.2, 0.9 > 0.6, 0.4 > 0.2 are in order, and 0.4 < 0.6 is not.
    assert summary["AUROC"] == pytest.approx(0.75)
    assert (summary["valid quotes"], summary["seconds (median)"]) == (0.75, 2.0)


def test_a_summary_of_nothing_has_no_figures() -> None:
    summary = summarise([])
    assert summary.pop("cases") == 0
    assert set(summary.values()) == {None}


def test_a_summary_of_answerable_cases_alone_has_no_auroc() -> None:
    summary = summarise([CaseScore(case(), True, 0.9), CaseScore(case(), True, 0.8)])
    assert summary["AUROC"] is None
    assert (summary["answered"], summary["false answers"]) == (1.0, None)
