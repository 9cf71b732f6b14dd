"""Citations, against values worked out by hand; the arithmetic stands beside each line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import Span, citation_precision, citation_recall, f1, statement_support, supported


def a(start: int, end: int) -> Span:
    """A span of the document a.txt."""
    return Span("a.txt", start, end)


def b(start: int, end: int) -> Span:
    """A span of the document b.txt."""
    return Span("b.txt", start, end)


QUOTES = [[a(12, 20)], [a(30, 60)]]

# --- citation_precision, citation_recall, f1 ---


def test_citing_exactly_the_evidence_is_perfect() -> None:
    assert citation_precision([a(12, 20), a(30, 60)], QUOTES) == 1.0
    assert citation_recall([a(12, 20), a(30, 60)], QUOTES) == 1.0


def test_partly_overlapping_citation() -> None:
    cited, evidence = [a(10, 20)], [[a(15, 35)]]  # 5 in common
    assert citation_precision(cited, evidence) == 5 / 10
    assert citation_recall(cited, evidence) == 5 / 20


def test_overlapping_citations_count_once() -> None:
    cited = [a(0, 10), a(5, 15), a(5, 15)]  # 15 characters, not 30
    assert citation_precision(cited, [[a(0, 3)]]) == 3 / 15
    assert citation_recall(cited, [[a(0, 30)]]) == 15 / 30


def test_overlapping_evidence_counts_once() -> None:
    evidence = [[a(0, 10)], [a(5, 15)], [a(5, 15)]]  # 15 characters
    assert citation_recall([a(0, 6)], evidence) == 6 / 15
    assert citation_precision([a(0, 20)], evidence) == 15 / 20


def test_the_same_offsets_in_another_document_are_other_characters() -> None:
    assert citation_precision([a(0, 10), b(0, 30)], [[a(0, 10)]]) == 10 / 40
    assert citation_recall([b(0, 10)], [[a(0, 10)]]) == 0.0


def test_a_repeated_sentence_is_required_once() -> None:
    repeated = [[a(0, 10), a(50, 60)]]
    assert citation_recall([a(50, 60)], repeated) == 1.0
    assert citation_precision([a(50, 60)], repeated) == 1.0
    assert citation_recall([a(0, 4), a(50, 57)], repeated) == 7 / 10  # the better of 4 and 7
    assert citation_precision([a(0, 10), a(50, 60)], repeated) == 10 / 20  # one copy was enough


def test_occurrences_are_chosen_quote_by_quote() -> None:
    evidence = [[a(0, 10), b(0, 10)], [a(20, 30), b(20, 30)]]
    assert citation_recall([a(0, 10), b(20, 30)], evidence) == 1.0
    assert citation_recall([b(0, 10)], evidence) == 10 / 20


def test_nothing_cited_has_no_precision_and_no_recall() -> None:
    assert citation_precision([], QUOTES) is None
    assert citation_recall([], QUOTES) == 0.0
    assert citation_precision([a(5, 5)], QUOTES) is None  # an empty span cites nothing


def test_citing_where_there_is_no_evidence() -> None:
    assert citation_precision([a(0, 10)], []) == 0.0
    assert citation_recall([a(0, 10)], []) is None
    assert citation_recall([], []) is None


@pytest.mark.parametrize("metric", [citation_precision, citation_recall, supported])
def test_evidence_that_occurs_nowhere_is_refused(metric) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="quote 2 of 2 has no spans"):
        metric([a(0, 1)], [[a(0, 1)], []])
    with pytest.raises(ValueError, match="start=9, end=3.*expected 0 <= start <= end"):
        metric([a(9, 3)], QUOTES)


@pytest.mark.parametrize(
    ("precision", "recall", "expected"),
    [
        (1.0, 1.0, 1.0),
        (0.5, 0.5, 0.5),
        (1.0, 0.5, 2 / 3),  # 2 · 0.5 / 1.5
        (0.0, 0.0, 0.0),  # and no division by zero
        (0.0, 1.0, 0.0),
        (None, 0.0, 0.0),  # nothing cited, something was to be
        (0.0, None, None),  # nothing was to be cited
        (None, None, None),
    ],
)
def test_f1(precision: float | None, recall: float | None, expected: float | None) -> None:
    assert f1(precision, recall) == (None if expected is None else pytest.approx(expected))


def test_f1_of_percentages_is_refused() -> None:
    with pytest.raises(ValueError, match=r"precision is 50; expected 0\.\.1"):
        f1(50, 0.5)
    with pytest.raises(ValueError, match="recall is -0.1"):
        f1(0.5, -0.1)


spans_of_a = st.lists(
    st.builds(lambda document, start, length: Span(document, start, start + length),
              st.sampled_from(["a.txt", "b.txt"]), st.integers(0, 30), st.integers(0, 12)),
    max_size=5,
)  # fmt: skip


@settings(deadline=None)  # a busy machine, or a first import
@given(cited=spans_of_a, evidence=st.lists(spans_of_a.filter(bool), max_size=4))
def test_precision_recall_and_f1_stay_within_zero_and_one(cited: list[Span], evidence: list[list[Span]]) -> None:
    precision, recall = citation_precision(cited, evidence), citation_recall(cited, evidence)
    assert precision is None or 0 <= precision <= 1
    assert recall is None or 0 <= recall <= 1
    assert (precision is None) == (not any(span.end > span.start for span in cited))
    both = f1(precision, recall)
    assert both is None or min(precision or 0, recall or 0) <= both + 1e-12 <= 1 + 1e-12


# --- supported, statement_support ---


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (a(10, 20), True),  # the evidence itself
        (a(15, 40), True),  # 5 of the evidence's 10 characters
        (a(16, 40), False),  # 4 of 10
        (a(0, 100), True),  # all of the evidence, in a paragraph
        (a(12, 14), True),  # all of a short citation
        (a(6, 14), True),  # 4 of the citation's 8
        (a(6, 13), False),  # 3 of 7
        (a(20, 30), False),  # side by side
        (b(10, 20), False),  # another document
        (a(15, 15), False),  # an empty one points nowhere
    ],
)
def test_a_citation_supports_by_half_of_the_shorter(citation: Span, expected: bool) -> None:
    assert supported([citation], [[a(10, 20)]]) is expected
    assert supported([a(10, 20)], [[citation]]) is expected  # both ways alike


def test_any_citation_at_any_place_of_any_quote_supports() -> None:
    evidence = [[a(10, 20), b(50, 60)], [a(70, 80)]]
    assert supported([a(0, 5), b(50, 60)], evidence)
    assert supported([a(70, 80)], evidence)
    assert not supported([a(0, 5), b(70, 80)], evidence)


def test_citations_do_not_add_up() -> None:
    assert not supported([a(6, 13), a(17, 24)], [[a(10, 20)]])  # 3 of 7 each, together 6 of the evidence's 10


def test_support_without_citations_or_evidence() -> None:
    assert not supported([], QUOTES)
    assert not supported([a(0, 10)], [])
    assert not supported([], [])


def test_the_share_of_supported_statements() -> None:
    statements = [
        [a(12, 20)],  # a quote
        [a(0, 5), a(40, 50)],  # the second of them is within a quote
        [a(0, 5)],  # elsewhere
        [],  # nowhere
    ]
    assert statement_support(statements, QUOTES) == 2 / 4
    assert statement_support(statements[:2], QUOTES) == 1.0
    assert statement_support(statements, []) == 0.0
    assert statement_support([[]], QUOTES) == 0.0


def test_without_statements_their_support_is_undefined() -> None:
    assert statement_support([], QUOTES) is None
    assert statement_support([], []) is None
