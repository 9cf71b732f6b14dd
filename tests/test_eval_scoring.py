"""Scores of single answers, computed by hand."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.errors import CaseError
from eval.cases import Case
from eval.metrics import Span
from eval.scoring import CaseScore, find_evidence, retrieval_values, score, short_answer

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
        # Gained at ranks 2 and 3, and at best at 1 and 2: (0.6309 + 0.5) / (1 + 0.6309).
        "nDCG@10": pytest.approx(0.6934, abs=1e-4),
    }
    assert retrieval_values(case(), evidence, found[1:])["recall@1"] == 0.5


def test_a_passage_that_holds_half_a_quote_is_no_hit() -> None:
    values = retrieval_values(case(), find_evidence(case(), TEXTS), [Span("bees.txt", 0, 20)])
    assert (values["hit@5"], values["recall@5"], values["MRR@10"]) == (0.0, 0.0, 0.0)
    assert values["nDCG@10"] == 0.0


def test_without_quotes_a_passage_is_right_when_its_document_is() -> None:
    asked = case(evidence=(), documents=None, relevant_documents=("ants.txt", "bees.txt"))
    found = [Span("wasps.txt", 0, 9), Span("ants.txt", 3, 9), Span("ants.txt", 10, 20)]
    values = retrieval_values(asked, [], found)
    assert values["recall@5"] == 0.5
    assert (values["hit@1"], values["hit@5"], values["MRR@10"]) == (0.0, 1.0, 0.5)


def test_where_nothing_answers_retrieval_is_not_measured() -> None:
    values = retrieval_values(case(answerable=False, evidence=()), [], [Span("bees.txt", 0, 45)])
    assert set(values.values()) == {None}
    assert len(values) == 6


# One answer


def test_an_answer_that_cites_the_evidence_and_as_much_again_is_half_precise() -> None:
    scored = score(case(expected=(("one",), ("comb", "wax"))), output(cite("bees.txt", 0, 21), cite("bees.txt", 22, 43)), TEXTS)
    assert scored.values["citation precision"] == 0.5
    assert scored.values["citation recall"] == 1.0
    assert scored.values["citation F1"] == pytest.approx(2 / 3)
    assert (scored.values["statements supported"], scored.values["key facts"]) == (0.5, 0.5)
    assert (scored.values["valid quotes"], scored.values["uncut quotes"]) == (1.0, 0.5)  # the second ends within "comb"
    assert (scored.answered, scored.confidence, scored.seconds) == (True, 0.8, 0.5)


def test_an_answer_from_another_place_has_neither_precision_nor_recall() -> None:
    scored = score(case(), output(cite("bees.txt", 22, 45)), TEXTS)
    assert (scored.values["citation precision"], scored.values["citation recall"]) == (0.0, 0.0)
    assert (scored.values["citation F1"], scored.values["statements supported"]) == (0.0, 0.0)
    assert "key facts" not in scored.values


def test_a_declined_question_has_no_precision_and_a_recall_of_0() -> None:
    scored = score(case(expected=(("one",),)), output(retrieved=(Span("bees.txt", 0, 45),)), TEXTS)
    assert scored.answered is False
    assert (scored.values["citation precision"], scored.values["statements supported"]) == (None, None)
    assert (scored.values["valid quotes"], scored.values["uncut quotes"]) == (None, None)
    assert (scored.values["citation recall"], scored.values["key facts"], scored.values["recall@1"]) == (0.0, 0.0, 1.0)
    assert (scored.values["citation F1"], scored.values["token F1"]) == (0.0, 0.0)


def test_an_unanswerable_question_is_measured_by_whether_it_was_answered_alone() -> None:
    asked = case(answerable=False, evidence=())
    answered, declined = score(asked, output(cite("bees.txt", 0, 21)), TEXTS), score(asked, output(), TEXTS)
    assert (answered.answered, declined.answered) == (True, False)
    quotes = {"valid quotes", "uncut quotes"}  # of every answer, also of one that should not have been given
    assert {answered.values[name] for name in quotes} == {1.0}
    assert {value for name, value in answered.values.items() if name not in quotes} == {None}
    assert "citation recall" not in answered.values


def test_the_share_of_quotes_that_are_what_stands_there_is_measured() -> None:
    def valid(*statements: dict[str, Any]) -> float | None:
        return score(case(), output(*statements), TEXTS).values["valid quotes"]

    assert valid(cite("bees.txt", 0, 21, "A hive has two queens")) == 0.0
    assert valid(cite("bees.txt", 0, 21), cite("bees.txt", 1, 21, QUEEN)) == 0.5
    assert valid(cite("bees.txt", 0, 21), cite("ants.txt", 24, 45)) == 1.0
    assert valid() is None


def test_a_quote_of_a_document_that_is_not_there_is_not_valid() -> None:
    made_up = {"text": "x", "citations": [{"document": "wasps.txt", "start": 0, "end": 1, "quote": "x"}]}
    scored = score(case(), output(cite("bees.txt", 0, 21), made_up), TEXTS)
    assert scored.values["valid quotes"] == 0.5
    assert scored.values["citation precision"] == 21 / 22


@pytest.mark.parametrize(
    ("start", "end", "uncut"),
    [
        (0, 21, 1.0),
        (22, 45, 1.0),  # up to the end of the text
        (1, 22, 1.0),  # shifted, and yet between words on both sides: " hive … queen. "
        (23, 45, 0.0),  # "orkers"
        (22, 43, 0.0),  # "the com"
        (0, 20, 1.0),  # without its full stop, which is no part of a word
    ],
)
def test_a_quote_is_cut_when_it_begins_or_ends_within_a_word(start: int, end: int, uncut: float) -> None:
    scored = score(case(), output(cite("bees.txt", start, end)), TEXTS)
    assert scored.values["uncut quotes"] == uncut
    assert scored.values["valid quotes"] == 1.0  # what stands there, all the same


def test_the_stretch_that_an_answer_marks_is_its_short_answer() -> None:
    marked, plain = {**cite("bees.txt", 0, 21), "emphasis": [11, 14]}, cite("bees.txt", 22, 45)
    assert short_answer(output(plain, marked)) == "one"
    assert short_answer(output(plain)) == "Workers build the comb."
    assert short_answer(output()) == ""
    asked = case(expected=(("one", "one queen"),))
    assert score(asked, output(marked), TEXTS).values["token F1"] == 1.0
    # Without the mark: "hive has one queen" holds both words of "one queen", F1 = 2 · 2 / (2 + 4).
    assert score(asked, output(cite("bees.txt", 0, 21)), TEXTS).values["token F1"] == pytest.approx(2 / 3)


def test_token_f1_is_of_cases_with_one_fact() -> None:
    two = case(expected=(("one",), ("queen",)))
    values = score(two, output(cite("bees.txt", 0, 21)), TEXTS).values
    assert "token F1" not in values
    assert values["key facts"] == 1.0


# The order of cases


def test_quality_is_the_mean_of_what_is_known_of_an_answer() -> None:
    values = {"citation F1": 0.5, "key facts": 1.0, "hit@5": 0.0}
    assert CaseScore(case(expected=(("one",),)), True, 0.9, values).quality == 0.75
    assert CaseScore(case(expected=(("one",),)), True, 0.9, {"citation F1": None, "key facts": 0.5}).quality == 0.5
    assert CaseScore(case(evidence=()), True, 0.9, {"hit@5": 1.0}).quality == 1.0  # where no quotes are known
    assert CaseScore(case(), True, 0.9, {}).quality == 0.0


def test_quality_is_1_or_0_where_a_question_should_have_been_declined_or_was() -> None:
    absent = case(answerable=False, evidence=())
    assert (CaseScore(absent, False, 0.1).quality, CaseScore(absent, True, 0.9).quality) == (1.0, 0.0)
    assert CaseScore(case(), False, 0.1, {"citation F1": 0.0, "key facts": 1.0}).quality == 0.0


def test_in_what_was_read_of_a_pdf_a_quote_is_found_however_its_white_space_and_dashes_are_written() -> None:
    texts = {"a.pdf": "The non-small cells\ngive “persistence”. Rest.", "b.txt": BEES}
    quoted = case(documents=("a.pdf",), evidence=('non\u2011small cells give "persistence"',))
    assert find_evidence(quoted, texts) == [[Span("a.pdf", 4, 38)]]
    with pytest.raises(CaseError, match="character by character"):
        find_evidence(case(documents=("b.txt",), evidence=("A hive  has one queen.",)), texts)


def test_evidence_that_was_not_read_counts_as_missed() -> None:
    texts = {"a.pdf": "Cells give persistence. Rest."}
    asked = case(documents=("a.pdf",), evidence=("Cells give persistence.", "This stood on a scanned page."))
    assert find_evidence(asked, texts)[1] == [Span("", 0, 29)]
    output = {
        "outcome": "answered",
        "answer": "Cells give persistence.",
        "confidence": 0.9,
        "seconds": 0.1,
        "statements": [
            {
                "text": "Cells give persistence.",
                "citations": [{"document": "a.pdf", "start": 0, "end": 23, "quote": "Cells give persistence."}],
            }
        ],
        "retrieved": [{"document": "a.pdf", "start": 0, "end": 29, "score": 1.0}],
    }
    values = score(asked, output, texts).values
    assert values["recall@5"] == 0.5 and values["citation precision"] == 1.0
    assert values["citation recall"] == pytest.approx(23 / (23 + 29))
