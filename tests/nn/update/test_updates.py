"""One update of a stack whose networks learn in different ways."""

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.update.clipping import CLIPPINGS, clip
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.schedules import SCHEDULES
from app.nn.update.updates import Method, StackUpdate, begin_anew
from tests.nn.examples import architecture, chosen, stack

ARCH = architecture((2, 3, 1))
NONE = Chosen("none", {})


def method(optimizer: str, schedule: str = "constant", clipping: str = "none") -> Method:
    return Method(
        chosen(optimizer, OPTIMIZERS[optimizer]),
        chosen(schedule, SCHEDULES[schedule]),
        chosen(clipping, CLIPPINGS[clipping]),
        NONE,
    )


def test_every_network_is_updated_by_its_own_method() -> None:
    schedules, clippings = [*SCHEDULES], [*CLIPPINGS]
    methods = [
        method(name, schedules[k % len(schedules)], clippings[k % len(clippings)])
        for k, name in enumerate([*OPTIMIZERS, *OPTIMIZERS])
    ]
    together, theta = StackUpdate(ARCH, methods), stack(ARCH, len(methods))
    moved, state, rates = theta.copy(), together.state(theta), together.rates(0, 5)
    gradients = [stack(ARCH, len(methods), seed) for seed in range(5)]
    for step, G in enumerate(gradients):
        state = together.step(G.copy(), moved, state, rates[step])
    for k, own in enumerate(methods):
        alone, row = StackUpdate(ARCH, [own]), theta[[k]].copy()
        carried = alone.state(row)
        for step, G in enumerate(gradients):
            carried = alone.step(G[[k]].copy(), row, carried, alone.rates(step, step + 1)[0])
        assert np.array_equal(row[0], moved[k]), own


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_state_begins_with_zeros_and_can_begin_anew(name: str) -> None:
    update, theta = StackUpdate(ARCH, [method(name)] * 2), stack(ARCH, 2)
    state = update.state(theta)
    assert not any(array.any() for array in state.values())
    later = update.step(stack(ARCH, 2, 1), theta.copy(), state, update.rates(0, 1)[0])
    anew = begin_anew(later, 1, f"{name}.")
    for key, array in anew.items():
        assert key.startswith(f"{name}.")
        assert not array[1].any()
        assert np.array_equal(array[0], later[key][0])


def test_what_is_known_of_a_state_is_kept_and_nothing_else() -> None:
    update, theta = StackUpdate(ARCH, [method("adam"), method("momentum")]), stack(ARCH, 2)
    known = {"adam.mean": np.ones_like(theta), "rmsprop.squares": np.ones_like(theta)}
    state = update.state(theta, known)
    assert {*state} == {"adam.mean", "adam.squares", "adam.steps", "momentum.velocity",
                        "momentum.steps"}  # fmt: skip
    assert state["adam.mean"].all()
    assert not state["adam.squares"].any()


@pytest.mark.parametrize(("length", "expected"), [(0.5, 0.5), (4.0, 1.0), (0.0, 0.0)])
def test_a_gradient_that_is_too_long_is_shortened_and_keeps_its_direction(
    length: float, expected: float
) -> None:
    G = length * np.array([[0.6, 0.8], [0.6, 0.8]])
    before = G.copy()
    clip(G, np.array([[1.0], [np.inf]]))
    assert np.linalg.norm(G[0]) == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(G[0] * length, before[0] * np.linalg.norm(G[0]))
    assert np.array_equal(G[1], before[1])


def test_a_gradient_beyond_all_measure_moves_nothing_and_is_a_number() -> None:
    G = np.array([[1e200, -1e200]])
    with np.errstate(over="ignore"):
        assert clip(G, np.array([[1.0]])).tolist() == [[0.0, -0.0]]
