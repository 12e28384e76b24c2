"""Regularizers: prices and their slopes, the weights they are for, and links that die."""

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.types import Array
from app.nn.update.regularizers import REGULARIZERS, die
from app.nn.update.updates import Method, StackUpdate
from tests.nn.examples import architecture, chosen, stack

PRICED = [name for name, entry in REGULARIZERS.items() if entry.price is not None]
ARCH = architecture((2, 3, 2))


def update(*names: str, rate: float = 0.1) -> StackUpdate:
    """Plain gradient descent with these regularizers, one for each network."""
    descent = Chosen("gradient_descent", {"learning_rate": 1.0})
    return StackUpdate(
        ARCH,
        [
            Method(
                descent,
                Chosen("constant", {}),
                Chosen("none", {}),
                chosen(name, REGULARIZERS[name], **({} if name == "none" else {"rate": rate})),
            )
            for name in names
        ],
    )


def slope_taken(name: str, theta: Array) -> Array:
    """What one step of an otherwise flat loss takes from the parameters, the rate being 1."""
    method = update(name)
    moved, rates = theta.copy(), method.rates(0, 1)[0]
    method.step(np.zeros_like(theta), moved, method.state(theta), rates)
    return np.asarray(theta - moved)


@pytest.mark.parametrize("name", PRICED)
def test_a_step_goes_down_the_measured_slope_of_the_penalty(name: str) -> None:
    theta, h = stack(ARCH, 1), 1e-6
    theta[np.abs(theta) < 0.2] = 0.5  # no kink near, and nothing to be carried across zero
    measured = np.array(
        [
            update(name).penalty(theta + h * unit) - update(name).penalty(theta - h * unit)
            for unit in np.eye(theta.shape[1])
        ]
    ).T / (2.0 * h)
    np.testing.assert_allclose(slope_taken(name, theta), measured, atol=1e-8)


@pytest.mark.parametrize("name", REGULARIZERS)
def test_biases_are_not_touched(name: str) -> None:
    theta = stack(ARCH, 1)
    for W, b in ARCH.views(slope_taken(name, theta)):
        assert not b.any()
        assert W.any() == (name in PRICED)


def test_penalties_worked_by_hand() -> None:
    theta = np.zeros((3, ARCH.parameter_count))
    for name, value in (("W1[0,0]", 2.0), ("W2[1,2]", -1.0), ("b1[0]", 7.0)):
        theta[:, ARCH.index(name)] = value
    assert update("l1", "l2", "none").penalty(theta).tolist() == pytest.approx([0.3, 0.25, 0.0])


@pytest.mark.parametrize(
    ("before", "moved", "expected", "dies"),
    [
        (0.5, 0.4, 0.3, False),
        (0.5, 0.05, 0.0, True),  # the last step would carry it to -0.05
        (-0.5, -0.05, 0.0, True),
        (0.5, -0.2, -0.3, False),  # the gradient itself carried it across
        (0.0, 0.2, 0.2, False),
        (0.5, 0.0, -0.1, False),
    ],
)
def test_a_link_dies_that_the_last_step_would_carry_across_zero(
    before: float, moved: float, expected: float, dies: bool
) -> None:
    found, dead = die(*(np.array([[value]]) for value in (moved, before, 0.1, 0.0)))
    assert found[0, 0] == pytest.approx(expected)
    assert dead.tolist() == [[float(dies)]]


def test_a_dead_link_stays_where_it_is() -> None:
    found, dead = die(*(np.array([[value]]) for value in (0.7, 0.0, 0.1, 1.0)))
    assert (found.tolist(), dead.tolist()) == ([[0.0]], [[1.0]])


def test_networks_do_not_share_a_regularizer() -> None:
    names = ("l1", "none", "l1_dying", "l2", "l1")
    together, theta = update(*names), stack(ARCH, len(names))
    moved, G = theta.copy(), stack(ARCH, len(names), seed=1)
    together.step(G.copy(), moved, together.state(theta), together.rates(0, 1)[0])
    for k, name in enumerate(names):
        alone, row = update(name), theta[[k]].copy()
        alone.step(G[[k]].copy(), row, alone.state(row), alone.rates(0, 1)[0])
        assert np.array_equal(row[0], moved[k])
