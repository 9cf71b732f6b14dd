"""Words, against values worked out by hand; the arithmetic stands beside each line."""

import pytest

from eval.metrics import key_fact_recall, normalise_words, squad_exact_match, squad_f1

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


# --- squad_exact_match, squad_f1 ---


@pytest.mark.parametrize(
    ("expected", "answer", "exact", "f1"),
    [
        (["in 1985"], "In 1985.", 1.0, 1.0),  # case and punctuation
        (["bone marrow"], "The bone\n marrow", 1.0, 1.0),  # article and white space
        (["bone marrow"], "marrow bone", 0.0, 1.0),  # the same words in another order
        (["bone marrow"], "the red bone marrow", 0.0, 4 / 5),  # 2 · 2 / (2 + 3)
        (["bone marrow"], "skin", 0.0, 0.0),
        (["T-cell"], "Tcell", 1.0, 1.0),  # a hyphen goes without a trace
        (["T-cell"], "T cell", 0.0, 0.0),
        (["very very old"], "very old", 0.0, 4 / 5),  # a word counts as often as in both: 2 · 2 / (3 + 2)
        (["“bone”"], "bone", 0.0, 0.0),  # only the punctuation of ASCII is taken off
        (["1985", "in the year 1985"], "year 1985", 0.0, 4 / 5),  # the better of 2 · 1 / 3 and 2 · 2 / (3 + 2)
        (["1985", "the year 1985"], "year 1985", 1.0, 1.0),
    ],
)
def test_squad_scores(expected: list[str], answer: str, exact: float, f1: float) -> None:
    assert squad_exact_match(expected, answer) == exact
    assert squad_f1(expected, answer) == pytest.approx(f1)


@pytest.mark.parametrize(
    ("expected", "answer", "score"),
    [
        ([], "", 1.0),  # no answer, rightly
        ([], "The.", 1.0),  # no words either
        ([], "something", 0.0),
        ([""], "", 1.0),
        (["the", "!"], "", 1.0),  # spellings without words are no spellings
        (["the", "marrow"], "", 0.0),  # one is left
        (["the", "marrow"], "marrow", 1.0),
    ],
)
def test_squad_scores_where_there_is_no_answer(expected: list[str], answer: str, score: float) -> None:
    assert squad_exact_match(expected, answer) == score
    assert squad_f1(expected, answer) == score


@pytest.mark.parametrize("metric", [squad_exact_match, squad_f1])
def test_squad_refuses_a_text_for_a_list_of_spellings(metric) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="are the text 'marrow'; expected a list"):
        metric("marrow", "marrow")
