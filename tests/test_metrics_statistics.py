"""Means, intervals and tests, against values worked out by hand; the arithmetic stands beside each line."""

from collections.abc import Sequence

import pytest

from eval.metrics import bootstrap, bootstrap_interval, mean_defined, paired_randomisation_test, percentile

# --- percentile, mean_defined ---


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


# --- bootstrap_interval, bootstrap ---


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
    with pytest.raises(ValueError, match="expected 1 or more, and between 0 and 1"):
        bootstrap([0.5], mean_defined, resamples=resamples, level=level)


def test_bootstrap_of_the_mean_is_that_of_means() -> None:
    values = [1 / n for n in range(1, 40)]
    assert bootstrap(values, mean_defined, seed=3) == pytest.approx(bootstrap_interval(values, seed=3))
    assert bootstrap(values, mean_defined, seed=3) != bootstrap(values, mean_defined, seed=4)


def test_bootstrap_draws_whole_items_with_replacement() -> None:
    drawn = []

    def first(sample: Sequence[tuple[int, str]]) -> float:
        drawn.append(sample)
        return 0.0

    items = [(1, "one"), (2, "two"), (3, "three")]
    assert bootstrap(items, first, resamples=50) == (0.0, 0.0)
    assert len(drawn) == 50
    assert all(len(sample) == 3 and set(sample) <= set(items) for sample in drawn)
    assert any(len(set(sample)) < 3 for sample in drawn)


def test_bootstrap_of_a_maximum() -> None:
    # The largest of 3 is drawn in 1 - (2/3)³ = 70% of the resamples, the smallest alone in (1/3)³ = 4%.
    assert bootstrap([1.0, 2.0, 3.0], max, level=0.5) == (2.0, 3.0)
    assert bootstrap([1.0, 2.0, 3.0], max, level=0.98) == (1.0, 3.0)


def test_bootstrap_leaves_undefined_resamples_out() -> None:
    def ratio(sample: Sequence[bool]) -> float | None:
        return 0.5 if any(sample) else None

    # Of two items one true: a quarter of the resamples holds none. Of one in a hundred, (99/100)^100 = 37%.
    assert bootstrap([True, False], ratio) == (0.5, 0.5)
    assert bootstrap([True] + [False] * 99, ratio) == (0.5, 0.5)
    assert bootstrap([False, False], ratio) is None
    assert bootstrap([1, 2, 3], lambda sample: 1.0 if len(set(sample)) == 3 else None) is None  # 3! / 3³ = 22%
    assert bootstrap([1, 2, 3], lambda sample: 1.0 if len(set(sample)) == 2 else None) == (1.0, 1.0)  # 18 / 3³ = 67%


def test_bootstrap_of_few_items() -> None:
    assert bootstrap([], mean_defined) is None
    assert bootstrap([0.3], mean_defined) == (0.3, 0.3)


def test_bootstrap_refuses_a_statistic_that_is_no_number() -> None:
    with pytest.raises(ValueError, match="is NaN"):
        bootstrap([1.0], lambda sample: float("nan"))


# --- paired_randomisation_test ---


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([1, 1, 1, 1, 1], 2 / 32),  # only all signs alike are as extreme
        ([1, 2, 3], 2 / 8),
        ([3, -1, -2], 1.0),  # a sum of 0, and no other can be nearer to it
        ([3, -1], 1.0),  # sums of ±2 and ±4
        ([4, -1, 2], 4 / 8),  # a sum of 5; as extreme are ±7 and ±5
        ([0.1, 0.2, 0.3, -0.6], 1.0),  # a sum of 0, were it not for the last digits
        ([0.1, 0.2, -0.3, 0.6], 10 / 16),  # 0.6, or more, with 0.3 or less of 1.2 minus: {}, 1, 2, 3, 1+2; and turned
        ([1, 1, 1, 1, 1, 0, 0, 0], 2 / 32),  # differences of 0 do not matter
        ([0, 0], 1.0),
        ([5], 1.0),
    ],
)
def test_randomisation_counts_all_signs_of_few_differences(differences: list[float], expected: float) -> None:
    zeros = [0.0] * len(differences)
    assert paired_randomisation_test(differences, zeros) == expected
    assert paired_randomisation_test(zeros, differences) == expected  # two-sided
    assert paired_randomisation_test(differences, zeros, seed=9, rounds=1) == expected  # nothing drawn


def test_randomisation_draws_signs_of_many_differences() -> None:
    # 14 alike of 14: 2 of 2^14 sign patterns, about 1.2 of 10,000 rounds
    value = paired_randomisation_test([1.0] * 14, [0.0] * 14)
    assert value is not None
    assert 1 / 10001 <= value < 10 / 10001
    # 9 of 13 alike, 5 more than the others: 9 or more, 2 · (715 + 286 + 78 + 13 + 1) / 2^13 = 0.2668
    value = paired_randomisation_test([1.0] * 9 + [0.0] * 4, [0.0] * 9 + [1.0] * 4)
    assert value == pytest.approx(0.2668, abs=0.015)  # three standard errors
    assert paired_randomisation_test([1.0, 0.0] * 7, [0.0, 1.0] * 7) == 1.0  # a mean of 0


def test_randomisation_never_gives_zero_and_counts_every_round() -> None:
    a, b = [1.0] * 60, [0.0] * 60
    assert paired_randomisation_test(a, b, rounds=1) == 1 / 2
    assert paired_randomisation_test(a, b, rounds=2500) == 1 / 2501


def test_randomisation_repeats_with_its_seed() -> None:
    a, b = [1 / n for n in range(1, 40)], [1 / 8] * 39
    assert paired_randomisation_test(a, b) == paired_randomisation_test(a, b, seed=0)
    assert paired_randomisation_test(a, b, seed=1) != paired_randomisation_test(a, b, seed=2)


def test_randomisation_leaves_undefined_pairs_out() -> None:
    assert paired_randomisation_test([1, 1, None, 9.0, 1], [0, 0, 9.0, None, 0]) == 2 / 8
    assert paired_randomisation_test([None, 1.0], [1.0, None]) is None
    assert paired_randomisation_test([], []) is None


def test_randomisation_refuses_what_is_not_paired() -> None:
    with pytest.raises(ValueError, match="Found 2 values and 1 to compare with"):
        paired_randomisation_test([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="rounds is 0; expected 1 or more"):
        paired_randomisation_test([1.0], [2.0], rounds=0)
    with pytest.raises(ValueError, match="is NaN"):
        paired_randomisation_test([float("nan")], [2.0])
