"""The curvature that updates meet, against differences of what they descend."""

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.landscape.descended import Descended
from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import extremes
from app.nn.losses import Objective
from app.nn.stack import gradients, losses
from app.nn.types import Array
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES
from app.nn.update.symmetry import Indices, shared_gradient
from app.nn.update.updates import Method, StackUpdate
from tests.nn.examples import architecture, chosen, problem

ARCH = architecture((2, 4, 1))
NETWORK, X, Y = problem(ARCH, "cross_entropy", 30)
THETA = NETWORK.theta(ARCH)
HESSIAN = Hessian(ARCH, THETA, X, Y, "cross_entropy")


def update(regularizer: Chosen) -> StackUpdate:
    optimizer = chosen("gradient_descent", OPTIMIZERS["gradient_descent"])
    constant = chosen("constant", SCHEDULES["constant"])
    return StackUpdate(
        ARCH, [Method(optimizer, constant, chosen("none", CLIPPINGS["none"]), regularizer)]
    )


@pytest.mark.parametrize("name", REGULARIZERS)
def test_the_penalty_bends_as_the_objective_is_measured_to(name: str) -> None:
    choice = REGULARIZERS[name]
    regularizer = chosen(name, choice, **{"rate": 0.7} if choice.parameters else {})
    priced = update(regularizer)

    def objective(theta: Array) -> Array:
        J = losses(ARCH, theta, X, Y, Objective(["cross_entropy"]))
        penalties: Array = np.concatenate([priced.penalty(row[np.newaxis]) for row in theta])
        return J + penalties

    penalty = choice.bend * regularizer.options.get("rate", 0.0) * ARCH.weights
    descended = Descended(HESSIAN, penalty)
    h = 1e-3  # no weight is so near to the kink of L1
    offsets = h * np.arange(-2.0, 3.0)[:, np.newaxis]
    weights = np.array([-1.0, 16.0, -30.0, 16.0, -1.0]) / 12.0
    for direction in np.random.default_rng(4).uniform(-1.0, 1.0, (10, len(THETA))):
        measured = weights @ objective(THETA + offsets * direction) / h**2
        found = direction @ descended.product(direction)
        assert found == pytest.approx(measured, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", [name for name in REGULARIZERS if REGULARIZERS[name].derivative])
def test_the_penalty_is_the_change_of_the_gradient_that_an_update_adds(name: str) -> None:
    priced = update(chosen(name, REGULARIZERS[name], rate=0.7))

    def added(theta: Array) -> Array:
        """A plain step at rate 1 from a loss without a slope."""
        moved = theta[np.newaxis].copy()
        priced.step(np.zeros_like(moved), moved, priced.state(moved), np.ones((1, 1)))
        change: Array = theta - moved[0]
        return change

    direction = np.random.default_rng(5).standard_normal(len(THETA))
    h = 1e-4
    measured = (added(THETA + h * direction) - added(THETA - h * direction)) / (2.0 * h)
    expected = REGULARIZERS[name].bend * 0.7 * ARCH.weights * direction
    np.testing.assert_allclose(measured, expected, atol=1e-10)


def twins() -> tuple[Array, Indices]:
    """A network whose neurons 0 and 2 are identical, and where its gradients are taken from."""
    theta = THETA.copy()
    W1, W2 = (M[0] for M in ARCH.matrices(theta[np.newaxis]))
    W1[2], W2[0, 2] = W1[0], W2[0, 0]
    sources = shared_gradient(ARCH, theta[np.newaxis])
    assert sources is not None
    return theta, sources[0]


def test_identical_neurons_move_together() -> None:
    theta, sources = twins()
    hessian = Hessian(ARCH, theta, X, Y, "cross_entropy")
    descended = Descended(hessian, sources=sources)
    direction = np.random.default_rng(6).standard_normal(len(theta))[sources]
    h = 1e-5
    stack = theta + h * np.array([[1.0], [-1.0]]) * direction
    up, down = gradients(ARCH, stack, X, Y, Objective(["cross_entropy"]))[:, sources]
    found = descended.product(direction)
    np.testing.assert_allclose(found, (up - down) / (2.0 * h), atol=1e-8)
    assert np.array_equal(found, found[sources])
    # A direction that tells the twins apart is none in which they move.
    apart = np.zeros(len(theta))
    apart[ARCH.index("W2[0,0]")], apart[ARCH.index("W2[0,2]")] = 1.0, -1.0
    assert not descended.product(apart).any()
    basis = np.unique(np.eye(len(theta))[:, sources], axis=0)
    basis = basis[basis.any(axis=1)]
    basis /= np.linalg.norm(basis, axis=1)[:, np.newaxis]
    H = np.stack([hessian.product(unit) for unit in np.eye(len(theta))])
    values = np.linalg.eigvalsh(basis @ H @ basis.T)
    ends = extremes(descended.product, descended.start)
    assert (ends.smallest, ends.largest) == pytest.approx((values[0], values[-1]), rel=1e-9)


def test_dead_links_stay() -> None:
    live = np.ones(len(THETA))
    dead = [ARCH.index("W1[1,0]"), ARCH.index("W2[0,3]")]
    live[dead] = 0.0
    descended = Descended(HESSIAN, live=live)
    H = np.stack([HESSIAN.product(unit) for unit in np.eye(len(THETA))])
    values = np.linalg.eigvalsh(np.delete(np.delete(H, dead, 0), dead, 1))
    ends = extremes(descended.product, descended.start)
    assert (ends.smallest, ends.largest) == pytest.approx((values[0], values[-1]), rel=1e-9)


def test_a_scale_stretches_the_objective() -> None:
    rng = np.random.default_rng(7)
    D, penalty = rng.uniform(1e-6, 1.0, (2, len(THETA)))
    H = np.stack([HESSIAN.product(unit) for unit in np.eye(len(THETA))]) + np.diag(penalty)
    values = np.linalg.eigvalsh(H / np.sqrt(np.outer(D, D)))
    descended = Descended(HESSIAN, penalty, scale=1.0 / np.sqrt(D))
    ends = extremes(descended.product, descended.start)
    scale = np.abs(values).max()
    assert (ends.smallest, ends.largest) == pytest.approx((values[0], values[-1]), abs=1e-9 * scale)
