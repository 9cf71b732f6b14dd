"""Values put together: means and percentiles, and how far they can be trusted."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

EXACT_UP_TO = 12  # differences, whose signs can be set in 4,096 ways: fewer than the rounds, and without chance


def percentile(values: Sequence[float], q: float) -> float | None:
    """Compute the value below which q percent of the values lie, interpolated linearly; q = 50 is the median.

        h = (n - 1) · q / 100,  x[⌊h⌋] + (h - ⌊h⌋) · (x[⌊h⌋ + 1] - x[⌊h⌋]),  x sorted and counted from 0

    In the unit of the values; `None` without values. Source: Hyndman & Fan (1996), definition 7.

    :raises ValueError: if q lies outside 0..100, or a value is not a number.
    """
    if not 0 <= q <= 100:
        raise ValueError(f"q is {q}; expected a percentage, 0..100.")
    numbers = _numbers(values)
    return float(np.percentile(numbers, q, method="linear")) if numbers.size else None


def mean_defined(values: Iterable[float | None]) -> float | None:
    """Compute the mean of the values that are defined, leaving out each `None`.

        mean = Σ x / n  over the n values that are not None

    In the unit of the values; `None` if none is defined. Each question weighs the same (a macro average).

    :raises ValueError: if a value is not a number (NaN), which undefined values must not be written as.
    """
    numbers = _numbers(value for value in values if value is not None)
    return float(numbers.mean()) if numbers.size else None


def bootstrap_interval(
    values: Iterable[float | None], seed: int = 0, resamples: int = 1000, level: float = 0.95
) -> tuple[float, float] | None:
    """Compute the interval in which the mean lies with the confidence `level`, as (low, high).

        draw n of the n values with replacement, `resamples` times; the (1 ± level)/2 quantiles of their means

    In the unit of the values, `None` among them left out as in `mean_defined`; the same seed gives the same
    interval. `None` without defined values; of one value, that value twice, which says nothing about its
    spread. Source: percentile interval, Efron & Tibshirani, An Introduction to the Bootstrap (1993), 13.

    :raises ValueError: if resamples is below 1, level is not between 0 and 1, or a value is not a number.
    """
    _check_resampling(resamples, level)
    numbers = _numbers(value for value in values if value is not None)
    if not numbers.size:
        return None
    return _middle([float(numbers[draw].mean()) for draw in _draws(numbers.size, seed, resamples)], level)


def bootstrap(
    items: Sequence[T],
    statistic: Callable[[Sequence[T]], float | None],
    seed: int = 0,
    resamples: int = 1000,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """Compute the interval in which a statistic of the items lies with the confidence `level`, as (low, high).

        draw n of the n items with replacement, `resamples` times; the (1 ± level)/2 quantiles of the statistic

    In the statistic's unit. For what is no mean of one value an item: an AUROC, or a rate whose denominator
    changes with what is drawn. Resamples in which it is undefined (`None`) are left out; the interval is `None`
    if that is more than half of them, and without items. The same seed draws the same items for every
    statistic. Of the mean, `bootstrap_interval` is the faster way to the same numbers. Source: as there.

    :raises ValueError: if resamples is below 1, level is not between 0 and 1, or the statistic is NaN.
    """
    _check_resampling(resamples, level)
    if not len(items):
        return None
    draws = _draws(len(items), seed, resamples)
    values = [statistic([items[index] for index in draw.tolist()]) for draw in draws]
    defined = [value for value in values if value is not None]
    return _middle(defined, level) if 2 * len(defined) >= resamples else None


def _check_resampling(resamples: int, level: float) -> None:
    """Refuse settings that no interval can come of."""
    if resamples < 1 or not 0 < level < 1:
        raise ValueError(f"resamples is {resamples}, level {level}; expected 1 or more, and between 0 and 1.")


def _draws(size: int, seed: int, resamples: int) -> Iterator[NDArray[np.int64]]:
    """Draw, for each resample, as many of the indices below `size` with replacement."""
    random = np.random.default_rng(seed)
    return (random.integers(size, size=size) for _ in range(resamples))


def _middle(values: Sequence[float], level: float) -> tuple[float, float]:
    """Cut off as much at both ends as leaves the share `level` of the values."""
    low, high = np.quantile(_numbers(values), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def paired_randomisation_test(
    a: Sequence[float | None], b: Sequence[float | None], seed: int = 0, rounds: int = 10000
) -> float | None:
    """Compute how likely a mean difference as large as that of a and b is, if which is which were chance.

        p = (1 + |{rounds : |mean(±d)| ≥ |mean(d)|}|) / (1 + rounds),  d = a - b, each sign by a coin
        p = |{sign patterns : |mean(±d)| ≥ |mean(d)|}| / 2^m  with at most 12 differences d ≠ 0, m of them

    Two-sided. `a` and `b` hold a value for the same cases in the same order; pairs with a `None` are left out.
    In 0..1, above 0; 1 if no pair differs, `None` without pairs. The same seed gives the same p. Source: Fisher,
    The Design of Experiments (1935), 21; for comparing search systems Smucker, Allan & Carterette, CIKM 2007.

    :raises ValueError: if a and b are not of one length, rounds is below 1, or a value is not a number.
    """
    if len(a) != len(b):
        raise ValueError(f"Found {len(a)} values and {len(b)} to compare with; expected as many.")
    if rounds < 1:
        raise ValueError(f"rounds is {rounds}; expected 1 or more.")
    pairs = [(one, other) for one, other in zip(a, b, strict=True) if one is not None and other is not None]
    if not pairs:
        return None
    differences = _numbers(one for one, _ in pairs) - _numbers(other for _, other in pairs)
    differences = differences[differences != 0]  # no sign changes these
    # Sums stand for means, which have one denominator. Those that would be equal may differ in their last digits.
    least = abs(differences.sum()) - 1e-12 * np.abs(differences).sum()
    if differences.size <= EXACT_UP_TO:
        patterns = np.array(list(itertools.product([1.0, -1.0], repeat=differences.size)))
        return float((np.abs(patterns @ differences) >= least).mean())
    random = np.random.default_rng(seed)
    as_extreme = 0
    for size in _blocks(rounds, 1000):  # not all at once: 10,000 rounds of 700 pairs are 56 MB
        signs = 2.0 * random.integers(2, size=(size, differences.size)) - 1
        as_extreme += int((np.abs(signs @ differences) >= least).sum())
    return (1 + as_extreme) / (1 + rounds)


def _blocks(total: int, largest: int) -> Iterator[int]:
    """Split a number into parts of at most `largest`."""
    for done in range(0, total, largest):
        yield min(largest, total - done)


def _ratio(part: float, whole: float) -> float | None:
    """Divide, where there is something to divide by."""
    return part / whole if whole else None


def _numbers(values: Iterable[float]) -> NDArray[np.float64]:
    """Turn values into an array, refusing NaN: sorting and averaging would pass it on without a word."""
    numbers = np.array(list(values), dtype=np.float64)
    if np.isnan(numbers).any():
        position = int(np.flatnonzero(np.isnan(numbers))[0])
        raise ValueError(f"Value {position} of {numbers.size} (counted from 0) is NaN; expected numbers.")
    return numbers
