"""Recorded steps: all of them, or 201 that are dense at the start."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab.study.recorded_steps import recorded_steps


@pytest.mark.parametrize("steps", [0, 1, 2, 199, 200])
def test_a_short_study_records_every_step(steps: int) -> None:
    assert recorded_steps(steps).tolist() == list(range(steps + 1))


@given(st.integers(201, 10**9))
def test_a_long_study_records_201_steps_from_the_first_to_the_last(steps: int) -> None:
    found = recorded_steps(steps)
    assert found.dtype == np.int64
    assert len(found) == 201
    assert (found[0], found[-1]) == (0, steps)


@given(st.integers(201, 10**9))
def test_gaps_are_at_least_one_step_and_grow_but_for_rounding(steps: int) -> None:
    gaps = np.diff(recorded_steps(steps))
    assert gaps.min() >= 1
    assert np.all(np.diff(gaps) >= -1)
    assert gaps.max() <= 0.015 * steps + 2


def test_the_start_of_a_long_study_is_seen_nearly_step_by_step() -> None:
    assert recorded_steps(600)[:20].tolist() == list(range(20))
    assert recorded_steps(10_000)[:10].tolist() == list(range(10))


def test_a_negative_number_of_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        recorded_steps(-1)
