"""Steps to any target, read from descents, against the losses themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from app.lab.spec.ranges import STUDY_TARGET
from app.lab.study.targets import descents, first_step, is_level
from app.nn.types import Array

TARGETS = (STUDY_TARGET.minimum, 0.00123, 0.1, 0.5, 0.999, 1.0, 1.01, 345.0, STUDY_TARGET.maximum)


def first_of(loss: Array, steps: NDArray[np.int64], target: float) -> list[int]:
    """The definition: the first step of every run (columns) whose loss is at most the target."""
    return [
        next((int(t) for t, J in zip(steps, run, strict=True) if target >= J), -1) for run in loss.T
    ]


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 12), st.integers(1, 5)),
        elements=st.one_of(
            st.floats(0.0, 2.0),
            st.sampled_from([0.0, *TARGETS, np.nan, np.inf, 5e-13, np.nextafter(0.5, 1.0)]),
        ),
    ),
    st.sampled_from(TARGETS),
)
def test_every_level_is_read_as_the_losses_have_it(loss: Array, target: float) -> None:
    steps = np.arange(len(loss)) * 3
    found = first_step(descents(loss, steps), target)
    assert found.tolist() == first_of(loss, steps, target)


def test_a_loss_of_exactly_the_target_has_reached_it() -> None:
    loss = np.array([[0.5], [np.nextafter(0.2, 1.0)], [0.2]])
    assert first_step(descents(loss, np.arange(3)), 0.2).tolist() == [2]


def test_a_run_that_reaches_the_target_and_diverges_later_did_reach_it() -> None:
    loss = np.array([[0.5], [0.1], [np.nan]])
    assert first_step(descents(loss, np.arange(3)), 0.2).tolist() == [1]


def test_descents_are_fewer_than_steps_where_a_loss_falls_slowly() -> None:
    loss = np.linspace(0.9, 0.1, 50_001)[:, np.newaxis]
    assert descents(loss, np.arange(50_001)).counts.tolist() == [801]


def test_levels_have_three_significant_digits() -> None:
    assert all(map(is_level, (0.2, 0.25, 0.255, 1.0, 12.0, 1e-12, 1e12)))
    assert not any(map(is_level, (0.2555, 1e-13, 2e12, 1.0 / 3.0)))


def test_a_target_of_more_digits_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="3 significant digits"):
        first_step(descents(np.ones((1, 1)), np.arange(1)), 0.12345)
