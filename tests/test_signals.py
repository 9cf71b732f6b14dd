"""What speaks for and against an answer, by hand."""

from __future__ import annotations

import math

import pytest
from scripted import found

from assistant.reader import PassageReading
from assistant.signals import SIGNALS, confidence_signals, unknown_terms

READING = PassageReading(1.0, (1.0, 0.0))


def test_the_signals_are_the_best_of_each_whichever_passages_have_them() -> None:
    items = [found(f"{n}.txt", "One.", "Two.", cosine=cosine)[1] for n, cosine in enumerate((0.3, 0.7, 0.5))]
    readings = [
        PassageReading(1.0, (1.0, 0.0), span_margin=-4.0, words=0.5),
        PassageReading(2.0, (2.5, -3.0), span_margin=-2.0, words=0.25),
        PassageReading(-20.0, (1.5, -20.0), span_margin=-3.0),
    ]
    expected = (2.0, 1.0, 2.5, -2.0, 0.7, 0.5, 0.0, 0.0)
    assert confidence_signals("Who?", items, readings) == expected
    assert confidence_signals("Who?", items[::-1], readings[::-1]) == expected
    assert len(SIGNALS) == len(expected)


def test_very_low_scores_and_nothing_found_count_as_minus_ten_and_very_high_ones_as_ten() -> None:
    _, item = found("a.txt", "One.")
    rest = (0.0, 0.5, 0.0, 0.0, 0.0)
    assert confidence_signals("Who?", [item], [PassageReading(3.0, (3.0,))]) == (3.0, -10.0, 3.0, *rest)
    assert confidence_signals("Who?", [item], [PassageReading(99.0, (99.0,))]) == (10.0, -10.0, 10.0, *rest)
    _, bare = found("bare.txt")
    assert confidence_signals("Who?", [bare], [PassageReading(-math.inf, ())]) == (-10.0, -10.0, -10.0, *rest)
    assert confidence_signals("How many?", [], []) == (-10.0, -10.0, -10.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Who prescribes tacrolimus?", 0),
        ("Who prescribes Tacrolimus's cousin?", 0),
        ("Are immunosuppressants harmful?", 0),  # the heading has the singular
        ("Who prescribes pembrolizumab?", 1),
        ("Is PD-L1 blocked by pembrolizumab in 1987?", 3),
        ("Is PD-L1 blocked by pembrolizumab, ipilimumab or nivolumab?", 4),
        ("How much is the price of bread?", 0),  # ordinary words may be said in others
        ("Was it in 1990 or 2?", 0),
        ("", 0),
    ],
)
def test_names_terms_and_numbers_that_no_passage_has_are_counted(question: str, unknown: int) -> None:
    _, first = found("a.txt", "Doctors prescribe tacrolimus.", heading="An immunosuppressant")
    _, second = found("b.txt", "It was in 1990.")
    assert unknown_terms(question, [first, second]) == unknown
    assert confidence_signals(question, [first], [PassageReading(1.0, (1.0,))])[6] <= 3.0


@pytest.mark.parametrize(
    ("question", "sentences", "missing"),
    [
        ("How many queens has a hive?", ("A hive has one queen.", "It hums."), 0.0),
        ("How many queens has a hive?", ("A hive hums.", "It has 3 queens."), 1.0),  # the best sentence is the first
        ("When was it built?", ("It was built in 1862.", "No."), 0.0),
        ("In which year was it built?", ("It was built of stone.", "No."), 1.0),
        ("What percentage recovers?", ("They recover.", "No."), 1.0),
        ("Who built it?", ("It was built of stone.", "No."), 0.0),
    ],
)
def test_a_question_for_a_number_wants_one_in_the_best_sentence(
    question: str, sentences: tuple[str, str], missing: float
) -> None:
    _, item = found("a.txt", *sentences)
    assert confidence_signals(question, [item], [READING])[7] == missing
