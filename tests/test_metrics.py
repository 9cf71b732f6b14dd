"""The metrics against values worked out by hand; the arithmetic stands beside each line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import (
    Abstention,
    Span,
    abstention,
    auroc,
    bootstrap_interval,
    citation_precision,
    citation_recall,
    f1,
    find_quote_spans,
    hit_at_k,
    key_fact_recall,
    mean_defined,
    normalise_words,
    percentile,
    recall_at_k,
    reciprocal_rank,
    trim_span,
)


def a(start: int, end: int) -> Span:
    """A span of the document a.txt."""
    return Span("a.txt", start, end)


def b(start: int, end: int) -> Span:
    """A span of the document b.txt."""
    return Span("b.txt", start, end)


# --- find_quote_spans, trim_span ---


def test_a_quote_is_found_where_it_stands() -> None:
    text = "Cells divide. Cells die."
    spans = find_quote_spans(text, "Cells die.", "a.txt")
    assert spans == [a(14, 24)]
    assert text[spans[0].start : spans[0].end] == "Cells die."


def test_a_repeated_quote_is_found_at_every_place() -> None:
    assert find_quote_spans("Yes. No. Yes.", "Yes.", "a.txt") == [a(0, 4), a(9, 13)]
    assert find_quote_spans("aaa", "aa", "a.txt") == [a(0, 2), a(1, 3)]  # overlapping each other


def test_a_quote_is_found_character_by_character_only() -> None:
    assert find_quote_spans("T cells", "t cells", "a.txt") == []  # case
    assert find_quote_spans("T  cells", "T cells", "a.txt") == []  # white space
    assert find_quote_spans("", "T cells", "a.txt") == []


def test_offsets_count_characters_not_bytes() -> None:
    assert find_quote_spans("é𝛼 IL-2", "IL-2", "a.txt") == [a(3, 7)]  # 2 letters and a space before it
    assert find_quote_spans("ﬁne İ end", "end", "a.txt") == [a(6, 9)]  # lowering "İ" would shift it


@pytest.mark.parametrize("quote", ["", " ", "\n\t"])
def test_an_empty_quote_is_refused(quote: str) -> None:
    with pytest.raises(ValueError, match=r"quote is .* expected text") as error:
        find_quote_spans("some text", quote, "a.txt")
    assert "'a.txt'" in str(error.value)


def test_trimming_leaves_white_space_at_the_ends_out() -> None:
    text = "  one two \n"
    assert trim_span(a(0, 11), text) == a(2, 9)
    assert trim_span(a(2, 9), text) == a(2, 9)  # nothing to trim; the space within stays
    assert trim_span(a(0, 2), text) == a(0, 0)  # nothing but white space


@pytest.mark.parametrize("span", [a(5, 3), a(-1, 2), a(0, 4)])
def test_trimming_refuses_a_span_outside_the_text(span: Span) -> None:
    with pytest.raises(ValueError, match="expected") as error:
        trim_span(span, "abc")
    assert str(span.end) in str(error.value)


# --- recall_at_k, hit_at_k, reciprocal_rank ---

RANKING = [
    a(0, 10),  # 1: holds nothing
    a(10, 30),  # 2: holds the first quote, 12-20
    b(0, 50),  # 3: the second quote's place, in another document
    a(30, 60),  # 4: holds the second quote, 30-60, exactly
]
QUOTES = [[a(12, 20)], [a(30, 60)]]


@pytest.mark.parametrize(
    ("k", "recall", "hit"),
    [
        (1, 0.0, 0.0),  # 0 of 2
        (2, 0.5, 1.0),  # 1 of 2
        (3, 0.5, 1.0),  # b.txt does not count
        (4, 1.0, 1.0),  # 2 of 2
        (99, 1.0, 1.0),  # fewer than k were retrieved
    ],
)
def test_recall_and_hit_by_rank(k: int, recall: float, hit: float) -> None:
    assert recall_at_k(QUOTES, RANKING, k) == recall
    assert hit_at_k(QUOTES, RANKING, k) == hit


def test_a_quote_cut_in_two_is_not_held() -> None:
    assert recall_at_k([[a(5, 15)]], [a(0, 10), a(10, 20)], 2) == 0.0
    assert recall_at_k([[a(5, 15)]], [a(5, 14)], 1) == 0.0  # the last character is missing
    assert recall_at_k([[a(5, 15)]], [a(6, 15)], 1) == 0.0  # the first one is


def test_any_occurrence_of_a_repeated_quote_will_do() -> None:
    repeated = [[a(0, 4), a(90, 94), b(7, 11)]]
    assert recall_at_k(repeated, [a(80, 99)], 1) == 1.0
    assert recall_at_k(repeated, [b(7, 11)], 1) == 1.0
    assert reciprocal_rank(repeated, [a(50, 60), b(0, 20)]) == 0.5  # second place


def test_one_span_may_hold_several_quotes() -> None:
    assert recall_at_k(QUOTES, [a(0, 100)], 1) == 1.0
    assert recall_at_k([[a(1, 2)], [a(1, 2)], [b(1, 2)]], [a(0, 9)], 1) == pytest.approx(2 / 3)


def test_reciprocal_rank_is_of_the_first_span_that_holds_any_quote() -> None:
    assert reciprocal_rank(QUOTES, RANKING) == 1 / 2
    assert reciprocal_rank([[a(30, 60)]], RANKING) == 1 / 4
    assert reciprocal_rank([[a(0, 1)]], RANKING) == 1.0
    assert reciprocal_rank([[b(60, 70)]], RANKING) == 0.0


def test_reciprocal_rank_stops_at_k() -> None:
    assert reciprocal_rank(QUOTES, RANKING, k=1) == 0.0
    assert reciprocal_rank(QUOTES, RANKING, k=2) == 0.5


def test_nothing_retrieved_scores_zero() -> None:
    assert recall_at_k(QUOTES, [], 5) == 0.0
    assert hit_at_k(QUOTES, [], 5) == 0.0
    assert reciprocal_rank(QUOTES, []) == 0.0


def test_without_evidence_retrieval_is_undefined() -> None:
    assert recall_at_k([], RANKING, 5) is None
    assert hit_at_k([], RANKING, 5) is None
    assert reciprocal_rank([], RANKING) is None


@pytest.mark.parametrize("k", [0, -1])
def test_a_k_below_one_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"k is {k}; expected 1 or more"):
        recall_at_k(QUOTES, RANKING, k)
    with pytest.raises(ValueError, match=f"k is {k}"):
        reciprocal_rank(QUOTES, RANKING, k)


@pytest.mark.parametrize("metric", [citation_precision, citation_recall])
def test_evidence_that_occurs_nowhere_is_refused(metric) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="quote 2 of 2 has no spans"):
        metric([a(0, 1)], [[a(0, 1)], []])
    with pytest.raises(ValueError, match="quote 1 of 1 has no spans"):
        recall_at_k([[]], RANKING, 5)


def test_a_backwards_span_is_refused() -> None:
    with pytest.raises(ValueError, match="start=9, end=3.*expected 0 <= start <= end"):
        citation_precision([a(9, 3)], QUOTES)
    with pytest.raises(ValueError, match="start=9, end=3"):
        recall_at_k([[a(9, 3)]], RANKING, 1)
    with pytest.raises(ValueError, match="start=9, end=3"):
        hit_at_k(QUOTES, [a(9, 3)], 1)


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


# --- key_fact_recall ---


def test_the_share_of_facts_found() -> None:
    facts = [["IL-2"], ["1985"], ["lymphocytes"]]
    assert key_fact_recall(facts, "IL-2 was used in 1985.") == pytest.approx(2 / 3)
    assert key_fact_recall(facts, "Nothing of it.") == 0.0
    assert key_fact_recall(facts, "Lymphocytes, with IL-2, in 1985") == 1.0


def test_any_spelling_of_a_fact_will_do_and_counts_once() -> None:
    facts = [["interleukin-2", "IL-2"], ["three", "3"]]
    assert key_fact_recall(facts, "IL-2 (interleukin-2)") == 0.5  # 1 of 2, though both spellings are there
    assert key_fact_recall(facts, "3 doses of interleukin-2") == 1.0


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        ("one", "a hormone"),
        ("hormone", "hormones"),
        ("5", "2.5 mg"),
        ("1", "1,000 patients"),
        ("2", "IL-2a"),
        ("T cell", "a T-cell"),
        ("not given", "not usually given"),
        ("naive", "naïve"),
    ],
)
def test_a_fact_is_not_found_inside_other_words(fact: str, answer: str) -> None:
    assert key_fact_recall([[fact]], answer) == 0.0
    assert key_fact_recall([[fact]], f"{answer}: {fact}!") == 1.0


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        ("T-CELLS", "t-cells"),  # case
        ("Straße", "STRASSE"),  # case that changes length
        ("bone marrow", "bone\n  marrow"),  # white space
        ("bone marrow", "bone\u00a0marrow"),  # no-break space
        ("PD-1", "PD–1"),  # dashes
        ("PD-1", "PD\u20111"),
        ("years -- a study", "years — a study"),
        ("Coley's toxin", "Coley’s toxin"),  # quotes
        ("5´", "5′"),
        ('the "double coat"', "the `` double coat ''"),  # as tokenised corpora write it
        ('"new"', "«new»"),
        ("soft, downy (and blue)", "soft , downy ( and blue )"),  # spaces around punctuation
        ("10%", "10 %"),
        ("fine", "ﬁne"),  # NFKC
        ("1/2", "½"),
        ("m2", "m²"),
        ("1985", "in 1985."),  # a full stop after it
        ("café", "cafe\u0301"),
    ],
)
def test_ways_of_typing_the_same_make_no_difference(fact: str, answer: str) -> None:
    assert key_fact_recall([[fact]], answer) == 1.0
    assert key_fact_recall([[answer]], fact) == (1.0 if answer != "in 1985." else 0.0)  # and the other way


def test_words_and_marks_are_set_apart() -> None:
    assert normalise_words("T–Cells ,new") == "t - cells , new"
    assert normalise_words(" 2.5 mg, 1,000. ") == "2.5 mg , 1,000 ."
    assert normalise_words(" \n") == ""


def test_without_facts_their_recall_is_undefined() -> None:
    assert key_fact_recall([], "An answer.") is None
    assert key_fact_recall([["fact"]], "") == 0.0


@pytest.mark.parametrize("spellings", [[], [""], ["IL-2", " "]])
def test_a_fact_without_words_is_refused(spellings: list[str]) -> None:
    with pytest.raises(ValueError, match="Key fact 2 is .*; expected spellings") as error:
        key_fact_recall([["IL-2"], spellings], "IL-2")
    assert repr(spellings) in str(error.value)


# --- abstention ---


def test_abstention_of_ten_questions() -> None:
    result = abstention(
        [(False, False)] * 3  # rightly declined
        + [(True, False)] * 1  # wrongly declined
        + [(False, True)] * 2  # wrongly answered
        + [(True, True)] * 4  # rightly answered
    )
    assert result == Abstention(3, 1, 2, 4)
    assert result.precision == 3 / 4  # of 4 declined
    assert result.recall == 3 / 5  # of 5 unanswerable
    assert result.false_answer_rate == 2 / 5
    assert result.answered_rate == 4 / 5  # of 5 answerable


def test_answering_everything_has_no_abstention_precision() -> None:
    result = abstention([(True, True), (False, True)])
    assert result.precision is None
    assert (result.recall, result.false_answer_rate, result.answered_rate) == (0.0, 1.0, 1.0)


def test_abstention_over_answerable_questions_only() -> None:
    result = abstention([(True, True), (True, False)])
    assert (result.precision, result.answered_rate) == (0.0, 0.5)
    assert result.recall is None
    assert result.false_answer_rate is None


def test_abstention_of_no_questions_is_undefined() -> None:
    result = abstention([])
    assert result == Abstention(0, 0, 0, 0)
    assert {result.precision, result.recall, result.false_answer_rate, result.answered_rate} == {None}


# --- auroc ---


@pytest.mark.parametrize(
    ("scores", "labels", "expected"),
    [
        ([0.1, 0.2, 0.8, 0.9], [False, False, True, True], 1.0),  # perfect order
        ([0.1, 0.2, 0.8, 0.9], [True, True, False, False], 0.0),  # reversed
        ([0.1, 0.4, 0.35, 0.8], [False, False, True, True], 3 / 4),  # of 4 pairs only 0.35 < 0.4 is wrong
        ([0.5, 0.5, 0.5], [True, False, True], 0.5),  # all tied
        ([1.0, 2.0, 2.0, 3.0], [False, False, True, True], 3.5 / 4),  # 3 pairs right, 2.0 = 2.0 half
        ([2.0, 2.0, 2.0, 1.0], [True, True, False, False], 3 / 4),  # 2 right, 2 halves
        ([float("-inf"), 0.0, float("inf")], [False, True, True], 1.0),
    ],
)
def test_auroc(scores: list[float], labels: list[bool], expected: float) -> None:
    assert auroc(scores, labels) == pytest.approx(expected)
    assert auroc([2 * score + 1 for score in scores], labels) == pytest.approx(expected)  # order alone matters


def test_auroc_needs_both_classes() -> None:
    assert auroc([0.1, 0.2], [True, True]) is None
    assert auroc([0.1, 0.2], [False, False]) is None
    assert auroc([], []) is None


def test_auroc_refuses_what_it_cannot_rank() -> None:
    with pytest.raises(ValueError, match="2 scores and 1 labels"):
        auroc([0.1, 0.2], [True])
    with pytest.raises(ValueError, match=r"Value 1 of 2 .* is NaN"):
        auroc([0.1, float("nan")], [True, False])


ranked = st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=2, max_size=30)


@settings(deadline=None)
@given(ranked)
def test_auroc_of_turned_scores_is_the_complement(pairs: list[tuple[int, bool]]) -> None:
    scores, labels = [score for score, _ in pairs], [label for _, label in pairs]
    value, turned = auroc(scores, labels), auroc([-score for score in scores], labels)
    assert (value is None) == (len(set(labels)) == 1)
    if value is not None and turned is not None:
        assert 0 <= value <= 1
        assert turned == pytest.approx(1 - value)


@settings(deadline=None)
@given(ranked)
def test_auroc_agrees_with_scikit_learn(pairs: list[tuple[int, bool]]) -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics")
    scores, labels = [score for score, _ in pairs], [label for _, label in pairs]
    if len(set(labels)) == 2:
        assert auroc(scores, labels) == pytest.approx(sklearn_metrics.roc_auc_score(labels, scores))


# --- percentile, mean_defined, bootstrap_interval ---


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [
        ([4.0, 1.0, 3.0, 2.0], 50, 2.5),  # h = 1.5: halfway from 2 to 3
        ([4.0, 1.0, 3.0, 2.0], 95, 3.85),  # h = 2.85: 3 + 0.85 · 1
        ([4.0, 1.0, 3.0, 2.0], 0, 1.0),
        ([4.0, 1.0, 3.0, 2.0], 100, 4.0),
        ([7.0], 95, 7.0),
        ([], 50, None),
    ],
)
def test_percentile(values: list[float], q: float, expected: float | None) -> None:
    before = list(values)
    assert percentile(values, q) == (None if expected is None else pytest.approx(expected))
    assert values == before  # sorted in a copy


def test_percentile_refuses_what_it_cannot_sort() -> None:
    with pytest.raises(ValueError, match=r"q is 101; expected a percentage, 0\.\.100"):
        percentile([1.0], 101)
    with pytest.raises(ValueError, match="Value 0 of 1"):
        percentile([float("nan")], 50)


def test_mean_leaves_undefined_values_out() -> None:
    assert mean_defined([1.0, None, 0.0, 0.5]) == 0.5  # 1.5 / 3
    assert mean_defined([0.0]) == 0.0  # zero is defined
    assert mean_defined(value for value in [None, 2.0]) == 2.0


def test_mean_of_nothing_is_undefined_and_nan_is_refused() -> None:
    assert mean_defined([]) is None
    assert mean_defined([None, None]) is None
    with pytest.raises(ValueError, match=r"Value 1 of 2 .* is NaN"):
        mean_defined([1.0, float("nan")])


def test_bootstrap_interval_lies_around_the_mean() -> None:
    low, high = bootstrap_interval([0.0] * 50 + [1.0] * 50) or (0.0, 0.0)
    # the mean is 0.5, its standard error sqrt(0.25 / 100) = 0.05, and 1.96 of those are 0.098
    assert low == pytest.approx(0.402, abs=0.02)
    assert high == pytest.approx(0.598, abs=0.02)


def test_bootstrap_interval_repeats_with_its_seed() -> None:
    values = [1 / n for n in range(1, 40)]
    assert bootstrap_interval(values) == bootstrap_interval(values, seed=0)
    assert bootstrap_interval(values, seed=1) != bootstrap_interval(values, seed=2)


def test_bootstrap_interval_widens_with_its_level() -> None:
    values = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    low, high = bootstrap_interval(values, level=0.95) or (0.0, 0.0)
    inner_low, inner_high = bootstrap_interval(values, level=0.5) or (0.0, 0.0)
    assert 0 <= low < inner_low < 0.5
    assert 0.5 < inner_high < high <= 1


def test_bootstrap_interval_of_few_values() -> None:
    assert bootstrap_interval([0.3]) == (0.3, 0.3)
    assert bootstrap_interval([1.0, 1.0, None]) == (1.0, 1.0)
    assert bootstrap_interval([None]) is None
    assert bootstrap_interval([]) is None


@pytest.mark.parametrize(("resamples", "level"), [(0, 0.95), (10, 0.0), (10, 1.0), (10, 95.0)])
def test_bootstrap_refuses_settings_without_meaning(resamples: int, level: float) -> None:
    with pytest.raises(ValueError, match="expected 1 or more, and between 0 and 1") as error:
        bootstrap_interval([0.5], resamples=resamples, level=level)
    assert f"resamples is {resamples}, level {level}" in str(error.value)
