"""Thinning: a bounded number of steps, of curves without losing a spike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab.history.thinning import spread, thin
from app.nn.types import Array


def curves(rows: int, columns: int, seed: int) -> Array:
    """Noisy curves, some numbers of which are missing."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, columns))
    values[rng.random((rows, columns)) < 0.1] = np.nan
    return values


@given(st.integers(1, 400), st.integers(1, 6), st.integers(2, 500), st.integers(0, 99))
def test_no_more_rows_remain_than_asked_for_and_both_ends(
    rows: int, columns: int, points: int, seed: int
) -> None:
    chosen = thin(curves(rows, columns, seed), points)
    assert len(chosen) <= max(points, 1)
    assert (chosen[0], chosen[-1]) == (0, rows - 1)
    assert (np.diff(chosen) > 0).all()
    if rows <= points:
        assert len(chosen) == rows


@given(st.integers(10, 400), st.integers(1, 4), st.integers(0, 99))
def test_the_extremes_of_every_curve_remain(rows: int, columns: int, seed: int) -> None:
    values = curves(rows, columns, seed)
    remain = values[thin(values, 2 + 2 * columns)]
    np.testing.assert_array_equal(np.nanmin(remain, axis=0), np.nanmin(values, axis=0))
    np.testing.assert_array_equal(np.nanmax(remain, axis=0), np.nanmax(values, axis=0))


@pytest.mark.parametrize("last", [0, 5, 9, 10, 100, 10_000])
def test_a_trajectory_keeps_its_points_as_it_grows_up_to_the_limit(
    last: int,
) -> None:
    steps = np.arange(last + 1)
    points = steps[spread(steps, last, 9)]
    assert points[0] == 0
    assert min(last, 4) <= len(points) - 1 <= 9
    longer = np.arange(2 * last + 1)
    assert set(longer[spread(longer, 2 * last, 9)]) & set(steps) <= set(points)
