"""Two recipes on the same seeds: counts against plain Python, the bootstrap against scipy."""

import tracemalloc
from dataclasses import replace
from math import inf, isfinite, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.lab.study.pairs import RESAMPLES, bootstrap_median, compare_all
from app.nn.types import Array

RUN = st.tuples(st.sampled_from([nan, -1.0, inf, *map(float, range(12))]), st.sampled_from(
    [nan, inf, 0.1, 0.2, 0.3]))  # fmt: skip
SEEDS = st.lists(st.tuples(RUN, RUN), min_size=1, max_size=40)


def split(seeds: list[tuple[tuple[float, float], tuple[float, float]]]) -> tuple[Array, Array]:
    """Steps (2, S) and final losses (2, S)."""
    both = np.array(seeds)  # (S, 2, 2)
    return both[..., 0].T, both[..., 1].T


def drawn(m: int, seed: int = 7) -> list[float]:
    """The interval's ends of 0 … m - 1: where in the sorted values they are."""
    return list(bootstrap_median(np.arange(float(m)), seed))


@given(SEEDS)
def test_counts_are_those_of_a_look_at_every_seed(
    seeds: list[tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    (found,) = compare_all(*split(seeds), seed=7)
    steps = [[s if 0 <= s < inf else inf for s in (a[0], b[0])] for a, b in seeds]
    ends = [[j if isfinite(j) else inf for j in (a[1], b[1])] for a, b in seeds]
    both = [(a, b) for a, b in steps if isfinite(a) and isfinite(b)]
    assert found.seeds == len(seeds)
    assert found.a_sooner == sum(a < b for a, b in steps)
    assert found.b_sooner == sum(b < a for a, b in steps)
    assert found.tied == sum(a == b for a, b in both)
    assert found.neither == sum(a == b == inf for a, b in steps)
    assert found.a_only + found.b_only + found.neither + found.factor.seeds == len(seeds)
    assert found.a_only == sum(a < b == inf for a, b in steps)
    assert found.a_lower == sum(a < b for a, b in ends)
    assert found.b_lower == sum(b < a for a, b in ends)
    assert found.factor.at_start == sum(0 in pair for pair in both)
    if both:
        assert found.factor.median == np.median([max(b, 1) / max(a, 1) for a, b in both])
    else:
        assert found.factor.median is None


@given(SEEDS)
def test_the_other_way_round_the_counts_change_places_and_the_factor_turns_over(
    seeds: list[tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    steps, final = split(seeds)
    (found,) = compare_all(steps, final, seed=7)
    (other,) = compare_all(steps[::-1], final[::-1], seed=7)
    swapped = found.swapped()
    assert replace(other, a=1, b=0, factor=swapped.factor) == swapped
    again = swapped.swapped()
    assert replace(again, factor=found.factor) == found
    if found.factor.low is not None:
        assert swapped.factor.low is not None
        assert again.factor.low == pytest.approx(found.factor.low)
        assert swapped.factor.low == pytest.approx(1 / (found.factor.high or nan))


@given(SEEDS)
def test_the_order_of_seeds_does_not_matter(
    seeds: list[tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    assert compare_all(*split(seeds), seed=7) == compare_all(*split(seeds[::-1]), seed=7)


def test_every_two_recipes_are_compared() -> None:
    steps = np.random.default_rng(0).integers(-1, 50, (4, 30))
    found = compare_all(steps, steps / 50, seed=7)
    assert [(pair.a, pair.b) for pair in found] == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    for pair in found:
        (alone,) = compare_all(steps[[pair.a, pair.b]], steps[[pair.a, pair.b]] / 50, seed=7)
        assert replace(alone, a=pair.a, b=pair.b) == pair


def test_a_factor_of_three_is_found() -> None:
    rng = np.random.default_rng(1)
    a = rng.integers(20, 80, 100)
    b = np.round(3 * a * rng.lognormal(0, 0.3, 100)).astype(int)
    (found,) = compare_all(np.array([a, b]), np.ones((2, 100)), seed=7)
    assert found.factor.seeds == 100
    low, median, high = found.factor.low, found.factor.median, found.factor.high
    assert low is not None
    assert median is not None
    assert high is not None
    assert 2.5 < low < median < high < 3.5


def test_equal_recipes_are_tied_with_factor_one() -> None:
    steps = np.array([[5, 9, -1, 0, 7, 7, 8, 9]] * 2)
    (found,) = compare_all(steps, np.full((2, 8), nan), seed=7)
    assert (found.a_sooner, found.b_sooner, found.tied, found.neither) == (0, 0, 7, 1)
    assert (found.a_lower, found.b_lower) == (0, 0)
    factor = found.factor
    assert (factor.median, factor.low, factor.high, factor.seeds) == (1, 1, 1, 7)


def test_an_arrival_at_step_0_counts_as_step_1_in_the_factor() -> None:
    (found,) = compare_all(np.array([[0, 0, 4], [3, 0, 0]]), np.ones((2, 3)), seed=7)
    assert (found.a_sooner, found.b_sooner, found.tied) == (1, 1, 1)
    assert (found.factor.median, found.factor.at_start) == (1.0, 3)  # of 3, 1 and 1/4


@pytest.mark.parametrize(("both", "known"), [(0, False), (1, False), (5, False), (6, True)])
def test_fewer_than_six_seeds_have_no_interval(both: int, known: bool) -> None:
    steps = np.array([[2] * both + [2, -1], [4] * both + [-1, -1]])
    factor = compare_all(steps, np.ones(steps.shape), seed=7)[0].factor
    assert factor.seeds == both
    assert factor.median == (2.0 if both else None)
    assert (factor.low, factor.high) == ((2.0, 2.0) if known else (None, None))


def test_arrays_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        compare_all(np.ones((2, 3)), np.ones((2, 4)), seed=7)


def test_a_bootstrap_needs_values() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap_median(np.empty(0), 7)


@pytest.mark.parametrize("m", [1, 2, 5, 6, 7, 20, 96, 99, 100, 501, 1000])
def test_the_bootstrap_interval_is_scipys(m: int) -> None:
    values = np.random.default_rng(m).lognormal(1, 0.5, m)
    low, high = bootstrap_median(values, seed=7)
    if m == 1:  # scipy refuses
        assert (low, high) == (values[0], values[0])
        return
    expected = stats.bootstrap(
        (values,), np.median, n_resamples=RESAMPLES, batch=1000, method="percentile", rng=1
    ).confidence_interval
    ordered = np.sort(values)
    for mine, theirs in ((low, expected.low), (high, expected.high)):
        places = np.searchsorted(ordered, [mine * (1 - 1e-9), theirs * (1 - 1e-9)])
        assert abs(places[0] - places[1]) <= max(1, 0.03 * np.sqrt(m))
        assert mine == pytest.approx(theirs, rel=0.03)


@pytest.mark.parametrize("m", [1, 3, 9, 25, 101])
def test_the_middle_of_an_odd_resample_has_its_exact_distribution(
    m: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    medians = resampled(np.arange(float(m)), monkeypatch)
    # at most i if at least (m + 1) / 2 of m draws are among the first i + 1 values
    exact = stats.binom.sf((m - 1) // 2, m, np.arange(1, m + 1) / m)
    found = np.searchsorted(medians, np.arange(m), side="right") / len(medians)
    assert np.abs(found - exact).max() < 0.02


@pytest.mark.parametrize("m", [2, 4, 10, 26, 100])
def test_the_middle_of_an_even_resample_is_distributed_as_by_drawing_it_all(
    m: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    medians = resampled(np.arange(float(m)) ** 2, monkeypatch)
    draws = np.random.default_rng(m).integers(0, m, (40_000, m))
    plain = np.median(draws.astype(float) ** 2, axis=1)
    at = np.union1d(medians, plain)
    cdfs = [np.searchsorted(np.sort(x), at, side="right") / len(x) for x in (medians, plain)]
    assert np.abs(cdfs[0] - cdfs[1]).max() < 0.025


def resampled(values: Array, monkeypatch: pytest.MonkeyPatch) -> Array:
    """The sorted medians of all resamples, of which `bootstrap_median` takes two quantiles."""
    seen: list[Array] = []

    def watch(medians: Array, q: tuple[float, float]) -> tuple[float, float]:
        seen.append(np.sort(medians))
        return q

    monkeypatch.setattr(np, "quantile", watch)
    assert bootstrap_median(values, seed=7) == (0.025, 0.975)
    assert len(seen[0]) == RESAMPLES
    return seen[0]


def test_the_interval_is_the_same_for_the_same_seed_only() -> None:
    values = np.random.default_rng(5).lognormal(1, 0.5, 1000)
    assert bootstrap_median(values, 7) == bootstrap_median(values.copy(), 7)
    assert len({bootstrap_median(values, seed) for seed in range(5)}) == 5


@pytest.mark.parametrize("m", [7, 20, 96, 100, 10_000])
def test_the_interval_is_about_as_wide_as_the_one_of_order_statistics(m: int) -> None:
    half = 1.96 * np.sqrt(m) / 2
    assert drawn(m) == pytest.approx([m / 2 - half, m / 2 + half], abs=max(1.5, 0.03 * half))


def test_ten_thousand_seeds_are_compared_in_little_memory() -> None:
    rng = np.random.default_rng(6)
    steps, final = rng.integers(-1, 600, (5, 10_000)), rng.random((5, 10_000))
    tracemalloc.start()
    compare_all(steps, final, seed=7)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6
