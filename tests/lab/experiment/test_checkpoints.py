"""Checkpoint policy: which steps are stored, in whatever blocks one trains."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab.experiment import training
from app.lab.experiment.checkpoints import (
    CHECKPOINT_SPACING,
    DENSE_STEPS,
    checkpoint_steps,
    theta_spacing,
    theta_steps,
)
from app.lab.experiment.segment import concat
from app.lab.experiment.setup import Setup, build
from app.lab.spec.parse import parse

OUTPUT = {"units": 1, "activation": "sigmoid"}


def setup_of(units: int, layers: int = 1, **fields: Any) -> Setup:
    hidden = {"units": units, "activation": "tanh"}
    spec = {"data": {"samples": 20}, "layers": [hidden] * layers + [OUTPUT], "runs": [{}, {}]}
    return build(parse({**spec, **fields}))


@pytest.mark.parametrize(("units", "layers", "spacing"), [(2, 1, 1), (64, 1, 2), (64, 3, 64)])
def test_larger_networks_are_stored_more_rarely(units: int, layers: int, spacing: int) -> None:
    assert theta_spacing(setup_of(units, layers)) == spacing


def test_fewer_steps_are_stored_as_they_grow_but_one_in_every_64() -> None:
    stored = theta_steps(setup_of(2), 0, 200_000)
    gaps = np.diff(stored)
    assert (gaps[: DENSE_STEPS - 1] == 1).all()
    assert (np.diff(gaps) >= 0).all()
    assert gaps.max() == CHECKPOINT_SPACING
    assert len(stored) < 7000


@pytest.mark.parametrize("units", [2, 64])
def test_the_same_steps_are_stored_in_whatever_blocks_one_trains(units: int) -> None:
    setup = setup_of(units)
    for policy in (lambda *ends: theta_steps(setup, *ends), checkpoint_steps):
        parts = [policy(start, start + 76) for start in range(0, 5005, 77)]
        np.testing.assert_array_equal(np.concatenate(parts), policy(0, 5004))


@given(st.integers(0, 5000), st.integers(0, 300))
def test_the_optimizers_state_is_stored_at_every_64th_step(first: int, more: int) -> None:
    expected = [step for step in range(first, first + more + 1) if step % 64 == 0]
    assert checkpoint_steps(first, first + more).tolist() == expected


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
@pytest.mark.parametrize("units", [2, 64])
def test_what_training_stores_does_not_depend_on_blocks(units: int, optimizer: str) -> None:
    setup = setup_of(units, optimizer={"name": optimizer})
    start, _ = training.begin(setup)
    _, whole = training.advance(setup, start, (), 150)
    state, parts = start, []
    for count in (1, 62, 1, 1, 70, 15):
        state, segments = training.advance(setup, state, (), count)
        parts += segments
    one, other = concat(whole), concat(parts)
    np.testing.assert_array_equal(one.theta_steps, other.theta_steps)
    np.testing.assert_array_equal(one.theta, other.theta)
    np.testing.assert_array_equal(one.checkpoint_steps, other.checkpoint_steps)
    assert one.optimizer_state.keys() == other.optimizer_state.keys()
    for name, array in one.optimizer_state.items():
        np.testing.assert_array_equal(array, other.optimizer_state[name])
