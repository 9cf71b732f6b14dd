"""What speaks for and against an answer, by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from scripted import BY_HAND, found

from assistant.extractive import rerank
from assistant.reader import PassageReading
from assistant.signals import SIGNALS, confidence_signals, unknown_terms
from index import Retrieved


def ranked(*items: Retrieved, readings: Sequence[PassageReading]) -> tuple[Retrieved, ...]:
    return rerank(items, readings, BY_HAND)


def test_the_signals_are_the_first_reading_and_the_best_of_the_rest_whichever_passages_have_them() -> None:
    items = [found(f"{n}.txt", "One.", "Two.", cosine=cosine)[1] for n, cosine in enumerate((0.3, 0.7, 0.5))]
    readings = [
        PassageReading(-4.0, (1.0, 0.0), near=(0.2, 0.1)),
        PassageReading(9.0, (2.5, -3.0)),
        PassageReading(-20.0, (1.5, -20.0), near=(0.1, 0.6)),
    ]
    # By hand a reading is worth nothing in the ranking, so the passage that was found first is the first.
    assert confidence_signals("Who?", ranked(*items, readings=readings), readings) == (-4.0, 2.5, 0.7, 0.0, 0.6)
    worth = rerank(items, readings, replace(BY_HAND, rerank=0.1))
    assert confidence_signals("Who?", worth, readings[::-1]) == (9.0, 2.5, 0.7, 0.0, 0.6)
    assert len(SIGNALS) == len(BY_HAND.weights) == 5


def test_very_low_scores_and_nothing_found_count_as_minus_ten_and_very_high_ones_as_ten() -> None:
    _, item = found("a.txt", "One.")
    for reading, expected in (
        (PassageReading(3.0, (-99.0,)), (3.0, -10.0, 0.5, 0.0, 0.0)),
        (PassageReading(99.0, (99.0,)), (10.0, 10.0, 0.5, 0.0, 0.0)),
        (PassageReading(-math.inf, ()), (-10.0, -10.0, 0.5, 0.0, 0.0)),
    ):
        assert confidence_signals("Who?", ranked(item, readings=[reading]), [reading]) == expected
    assert confidence_signals("How many?", [], []) == (-10.0, -10.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("Who prescribes tacrolimus?", 0),
        ("Who prescribes Tacrolimus's cousin?", 0),
        ("Are immunosuppressants harmful?", 0),  # the heading has the singular
        ("Who prescribes pembrolizumab?", 1),
        ("Is PD-L1 blocked by pembrolizumab in 1987?", 3),
        ("Is PD-L1 blocked by pembrolizumab, ipilimumab or nivolumab?", 4),
        ("Who works on Maple Ward?", 2),  # names, though ordinary words
        ("Who Works On Maple Ward?", 0),
        ("What is tacrolimus? Please say what I'm to do. I've been told of “Maple”.", 1),
        ("Is it said in CD or in Scribe?", 2),  # of "prescribe" no word is held
        ("How much is the price of bread?", 0),  # ordinary words may be said in others
        ("Was it in 1990 or 2?", 0),
        ("", 0),
    ],
)
def test_names_terms_and_numbers_that_no_passage_has_are_counted(question: str, unknown: int) -> None:
    _, first = found("a.txt", "Doctors prescribe tacrolimus.", heading="An immunosuppressant")
    _, second = found("b.txt", "It was in 1990.")
    assert unknown_terms(question, [first, second]) == unknown
    reading = PassageReading(1.0, (1.0,))
    assert confidence_signals(question, ranked(first, readings=[reading]), [reading])[3] <= 3.0
