"""Quantiles, shares and medians over seeds, with failed runs at infinity."""

import tracemalloc
from fractions import Fraction
from math import ceil, floor, inf, isfinite, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import stats

from app.lab.study.statistics import (
    PERCENT,
    Quantiles,
    arrivals,
    first_reached,
    interval_rank,
    median_steps,
    quantiles,
    shares_reached,
    wilson,
)
from app.nn.types import Array

LOSS = st.one_of(st.floats(0, 1e300), st.sampled_from([inf, nan]))
LOSSES = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=30), elements=LOSS)
STEPS = arrays(np.float64, st.integers(1, 60), elements=st.sampled_from([nan, -1, inf, *range(30)]))


def rows(found: Quantiles) -> Array:
    return np.array([found.q05, found.q25, found.median, found.q75, found.q95])


def quantile(values: list[float], percent: int) -> float:
    """The quantile of sorted values in exact numbers, infinite as soon as it needs infinity."""
    place = Fraction(percent, 100) * (len(values) - 1)
    below, above = values[floor(place)], values[ceil(place)]
    if not isfinite(above):
        return inf
    return float(Fraction(below) + (Fraction(above) - Fraction(below)) * (place - floor(place)))


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2), elements=st.floats(0, 1e300)))
def test_quantiles_of_finite_losses_are_numpys_to_the_last_bit(loss: Array) -> None:
    expected = np.quantile(loss, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    np.testing.assert_array_equal(rows(quantiles(loss)), expected)


def test_quantiles_are_scipys() -> None:
    loss = np.random.default_rng(1).lognormal(size=(101, 7))
    expected = stats.mstats.mquantiles(loss, np.array(PERCENT) / 100, alphap=1, betap=1, axis=0)
    np.testing.assert_allclose(rows(quantiles(loss)), expected, rtol=1e-13)


@given(LOSSES)
def test_quantiles_with_diverged_runs_are_exact_or_infinite(loss: Array) -> None:
    found = rows(quantiles(loss))
    for step, column in enumerate(np.where(np.isfinite(loss), loss, inf).T):
        ordered = sorted(column.tolist())
        expected = [quantile(ordered, percent) for percent in PERCENT]
        np.testing.assert_allclose(found[:, step], expected, rtol=1e-13, atol=1e-300)


@given(LOSSES)
def test_quantiles_rise_and_do_not_depend_on_the_order_of_seeds(loss: Array) -> None:
    found = rows(quantiles(loss))
    order = np.random.default_rng(len(loss)).permutation(len(loss))
    np.testing.assert_array_equal(rows(quantiles(loss[order])), found)
    assert np.all(found[1:] >= found[:-1])


def test_quantiles_are_infinite_from_the_seeds_on_that_diverged() -> None:
    loss = np.array([[0.0], [1.0], [2.0], [nan], [inf]])
    assert rows(quantiles(loss))[:, 0].tolist() == [0.2, 1.0, 2.0, inf, inf]
    assert rows(quantiles(np.full((3, 2), nan))).tolist() == [[inf, inf]] * 5


def test_the_losses_are_left_as_they_were() -> None:
    loss = np.array([[3.0, nan], [1.0, 2.0]])
    quantiles(loss)
    np.testing.assert_array_equal(loss, [[3.0, nan], [1.0, 2.0]])


def test_quantiles_of_many_seeds_need_little_memory() -> None:
    loss = np.random.default_rng(2).random((10_000, 201))
    quantiles(loss[:20])
    tracemalloc.start()
    found = quantiles(loss)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24e6
    np.testing.assert_array_equal(rows(found), np.quantile(loss, [0.05, 0.25, 0.5, 0.75, 0.95], 0))


@pytest.mark.parametrize("trials", [1, 2, 5, 20, 100, 10_000])
def test_the_interval_of_a_share_is_scipys(trials: int) -> None:
    successes = np.unique(np.linspace(0, trials, 101).astype(np.int64))
    found = wilson(successes, trials)
    for k, share, low, high in zip(successes, found.share, found.low, found.high, strict=True):
        expected = stats.binomtest(int(k), trials).proportion_ci(method="wilson")
        assert share == k / trials
        assert low == pytest.approx(expected.low, rel=1e-12, abs=1e-15)
        assert high == pytest.approx(expected.high, rel=1e-12)
        assert 0 <= low <= share <= high <= 1


def test_the_interval_of_98_of_100_is_93_to_99_percent() -> None:
    found = wilson(np.array([98, 71]), 100)
    assert np.round(found.low, 2).tolist() == [0.93, 0.61]
    assert np.round(found.high, 2).tolist() == [0.99, 0.79]


@pytest.mark.parametrize("successes", [-1, 6])
def test_more_successes_than_trials_are_refused(successes: int) -> None:
    with pytest.raises(ValueError, match="0 … 5"):
        wilson(np.array([successes]), 5)


@given(STEPS)
def test_shares_are_those_of_all_seeds_and_never_fall(steps: Array) -> None:
    at = np.arange(31)
    found = shares_reached(steps, at)
    expected = [sum(0 <= s <= t for s in steps.tolist() if isfinite(s)) / len(steps) for t in at]
    assert found.share.tolist() == expected
    for row in (found.share, found.low, found.high):
        assert np.all(np.diff(row) >= 0)


def test_shares_are_the_empirical_distribution_function() -> None:
    steps = np.random.default_rng(3).integers(0, 600, 100)
    expected = stats.ecdf(steps).cdf.evaluate(np.arange(601))
    np.testing.assert_allclose(shares_reached(steps, np.arange(601)).share, expected, rtol=1e-15)


def test_the_first_step_at_the_target_counts() -> None:
    loss = np.array([[3.0, 2.0, 1.0, 2.5], [3.0, nan, nan, nan], [2.0, nan, 1.0, 1.0], [inf] * 4])
    assert first_reached(loss, np.array([0, 1, 2, 7]), 2.0).tolist() == [1, -1, 0, -1]


def test_whatever_is_no_step_has_not_arrived() -> None:
    assert arrivals(np.array([nan, -1.0, inf, 0.0, 3.0])).tolist() == [inf, inf, inf, 0, 3]
    assert arrivals(np.array([-1, 0, 3])).tolist() == [inf, 0, 3]


def test_of_100_seeds_the_median_lies_between_the_40th_and_61st() -> None:
    found = median_steps(np.random.default_rng(4).permutation(np.arange(1, 101)))
    assert (found.reached, found.median, found.low, found.high) == (100, 50.5, 40, 61)


@pytest.mark.parametrize("seeds", [*range(1, 200), 999, 1000, 10_000])
def test_the_interval_of_a_median_covers_95_percent_and_the_next_narrower_does_not(
    seeds: int,
) -> None:
    rank = interval_rank(seeds)
    below = stats.binom(seeds, 0.5)
    if rank is None:
        assert 1 - 2 * below.cdf(0) < 0.95
        return
    assert 1 - 2 * below.cdf(rank - 1) >= 0.95
    assert 1 - 2 * below.cdf(rank) < 0.95
    assert rank <= (seeds + 1) / 2


@pytest.mark.parametrize("seeds", [6, 7, 20, 99, 100, 1000])
def test_the_interval_of_a_median_is_that_of_scipys_quantile_test(seeds: int) -> None:
    steps = np.random.default_rng(seeds).permutation(10 * seeds)[:seeds]
    found = median_steps(steps)
    expected = stats.quantile_test(steps, p=0.5).confidence_interval(0.95)
    assert (found.low, found.high) == (expected.low, expected.high)
    assert found.median == np.median(steps)


@given(STEPS)
def test_the_median_of_steps_is_among_all_seeds(steps: Array) -> None:
    found = median_steps(steps)
    ordered = sorted(s if 0 <= s < inf else inf for s in steps.tolist())
    middle = quantile(ordered, 50)
    assert found.median == (middle if isfinite(middle) else None)
    assert found.seeds == len(steps)
    assert found.reached == sum(isfinite(s) for s in ordered)
    low, high = (inf if end is None else end for end in (found.low, found.high))
    if len(steps) >= 6:
        assert low <= middle <= high
    assert median_steps(steps[::-1]) == found


def test_a_median_and_its_upper_end_may_be_infinite() -> None:
    steps = np.array([*range(1, 56), *[-1] * 45])
    found = median_steps(steps)
    assert (found.reached, found.median, found.low, found.high) == (55, 50.5, 40, None)
    half = np.array([*range(50), *[-1] * 50])
    assert median_steps(half).median is None  # between 49 and infinity
    lost = median_steps(np.full(100, nan))
    assert (lost.reached, lost.median, lost.low, lost.high) == (0, None, None, None)


@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_few_seeds_have_a_median_but_no_interval(seeds: int) -> None:
    found = median_steps(np.full(seeds, 7))
    assert (found.median, found.low, found.high) == (7, None, None)


def test_without_seeds_there_are_no_statistics() -> None:
    nobody = np.empty(0)
    for call in (
        lambda: quantiles(np.empty((0, 3))),
        lambda: shares_reached(nobody, np.arange(3)),
        lambda: median_steps(nobody),
    ):
        with pytest.raises(ValueError, match="at least one seed"):
            call()
