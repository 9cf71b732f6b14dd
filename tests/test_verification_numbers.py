"""Numbers in figures and words, with their units and bounds, as values."""

from __future__ import annotations

import pytest

from assistant.verification.numbers import ABOUT, LOWER, UPPER, Quantity, bare_units, quantities
from assistant.verification.tokens import tokenised


def numbers(text: str) -> tuple[Quantity, ...]:
    return quantities(tokenised((text,)))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("1,204,500 people", "1204500 people"),
        ("412 volunteers", "four hundred and twelve volunteers"),
        ("25 of them", "twenty-five of them"),
        ("2,500,000 euros", "2.5 million euros"),
        ("$3.2 billion", "3.2 billion dollars"),
        ("€900", "900 euros"),
        ("5 mg", "five milligrams"),
        ("500 mg", "0.5 g"),
        ("two hours", "120 minutes"),
        ("10%", "ten per cent"),
        ("half of it", "50 % of it"),
        ("a quarter of them", "25 percent of them"),
        ("two thirds", "2/3"),
        ("three quarters", "3 quarters"),
        ("the 19th century", "the nineteenth century"),
        ("5 °C", "5 degrees Celsius"),
        ("twice as many", "two times as many"),
        ("a dozen eggs", "12 eggs"),
        ("2½ litres", "2.5 liters"),
        ("12 km²", "12 square kilometres"),
    ],
)
def test_the_same_amount_is_the_same_however_it_is_written(one: str, two: str) -> None:
    (first,), (second,) = numbers(one), numbers(two)
    assert first.same_as(second)
    assert second.same_as(first)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("412", "421"),
        ("3,131,000", "3,131,001"),
        ("5 mg", "5 g"),
        ("5 km", "5 miles"),
        ("9 percent", "9"),
        ("5 %", "5 percentage points"),
        ("20 years", "20 months"),
        ("$5", "€5"),
        ("5 °C", "5 °F"),
        ("3.5", "35"),
        ("a third of them", "two thirds of them"),
    ],
)
def test_another_amount_or_unit_is_not_the_same(one: str, two: str) -> None:
    (first,), (second,) = numbers(one), numbers(two)
    assert not first.same_as(second)
    assert not second.same_as(first)


def test_what_bounds_a_number_is_part_of_it() -> None:
    lower = [numbers(text)[0].bound for text in ("at least 5", "no fewer than five", "5 or more", "> 5", "more than $5")]
    upper = [numbers(text)[0].bound for text in ("up to 5", "at most 5", "less than 5", "≤ 5", "up to January 24")]
    assert (lower, upper) == ([LOWER] * 5, [UPPER] * 5)
    assert [number.bound for number in numbers("about 5 and nearly 9 and 7")] == [ABOUT, ABOUT, ""]
    assert [number.bound for number in numbers("prices went up to 5")] == [""]


def test_a_range_shares_its_unit() -> None:
    three, five = numbers("between 3 and 5 mg")
    assert three.same_as(numbers("3 mg")[0]) and five.same_as(numbers("5 mg")[0])
    first, second = numbers("$3-5 million")
    assert first.same_as(numbers("3 million dollars")[0]) and second.same_as(numbers("5 million dollars")[0])


def test_codes_and_dates_are_not_taken_apart() -> None:
    assert [number.text for number in numbers("COVID-19, IL-6, p53 and H1N1")] == []
    assert [token.word for token in tokenised(("on 2020-03-14",))][1:] == ["14", "march", "2020"]
    assert [token.word for token in tokenised(("on 5/7/2020",))][1:] == ["5", "/", "7", "/", "2020"]  # May or July?


def test_a_unit_without_a_number_is_known_too() -> None:
    tokens = tokenised(("It is paid weekly, each minute of a few days per kg.",))
    assert [tokens[at].word for at in bare_units(tokens, quantities(tokens))] == ["weekly", "minute", "days", "kg"]
    tokens = tokenised(("The second foot of the minute man was at the bar.",))
    assert [tokens[at].word for at in bare_units(tokens, quantities(tokens))] == []
