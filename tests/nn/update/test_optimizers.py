"""Optimizers: a step by hand, and what holds for every one of them."""

import numpy as np
import pytest

from app.nn.losses import Objective
from app.nn.stack import gradients, losses
from app.nn.types import Array
from app.nn.update.optimizers import OPTIMIZERS, Optimizer
from tests.nn.examples import architecture, problem, stack

every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)


def options(optimizer: Optimizer, count: int, **given: float) -> dict[str, Array]:
    """Every option as a column, its default where nothing else is said."""
    return {
        number.name: np.full((count, 1), given.get(number.name, number.default))
        for number in optimizer.parameters
    }


def test_a_step_of_gradient_descent_worked_by_hand() -> None:
    # ŷ = 2·1 - 1·3 + 1/2 = -1/2 and y = 1: J = (3/2)² and G = 2·(ŷ - y)·[x; 1] = -3·[1, 3, 1]
    arch = architecture((2, 1), output="linear")
    theta, X, Y = np.array([[2.0, -1.0, 0.5]]), np.array([[1.0], [3.0]]), np.array([[1.0]])
    assert losses(arch, theta, X, Y, Objective(["mse"])).tolist() == [2.25]
    G = gradients(arch, theta, X, Y, Objective(["mse"]))
    assert G.tolist() == [[-3.0, -9.0, -3.0]]
    update = OPTIMIZERS["gradient_descent"].update
    after, _ = update(G, {}, theta, {"learning_rate": np.array([[0.125]])})
    assert after.tolist() == [[2.375, 0.125, 0.875]]


def test_every_network_has_its_own_learning_rate() -> None:
    theta, G, rates = np.zeros((3, 2)), np.ones((3, 2)), np.array([[0.5], [1.0], [0.0]])
    after, _ = OPTIMIZERS["gradient_descent"].update(G, {}, theta, {"learning_rate": rates})
    assert after.tolist() == [[-0.5, -0.5], [-1.0, -1.0], [0.0, 0.0]]


def test_gradient_descent_slides_to_the_bottom_of_the_bowl() -> None:
    arch = architecture((1, 1), output="linear")
    X = np.linspace(-1.0, 1.0, 11)[np.newaxis]
    Y, theta = 1.5 * X - 0.5, np.array([[-3.0, 2.5]])
    for _ in range(300):
        G = gradients(arch, theta, X, Y, Objective(["mse"]))
        theta, _ = OPTIMIZERS["gradient_descent"].update(
            G, {}, theta, {"learning_rate": np.array([[0.3]])}
        )
    np.testing.assert_allclose(theta, [[1.5, -0.5]], rtol=1e-12)


@every_optimizer
def test_an_update_is_a_pure_function(optimizer: Optimizer) -> None:
    arch = architecture((2, 4, 1))
    theta, G = stack(arch, 3), stack(arch, 3, seed=1)
    before = theta.copy(), G.copy()
    state, chosen = optimizer.init(theta), options(optimizer, 3)
    first, second = (optimizer.update(G, state, theta, chosen) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(theta, before[0])
    assert np.array_equal(G, before[1])


@every_optimizer
def test_a_state_has_a_row_for_every_network(optimizer: Optimizer) -> None:
    theta, G = np.ones((3, 5)), np.ones((3, 5))
    state = optimizer.init(theta)
    _, later = optimizer.update(G, state, theta, options(optimizer, 3))
    assert {name: array.shape for name, array in state.items()} == {
        name: array.shape for name, array in later.items()
    }
    assert all(len(array) == 3 for array in state.values())


@every_optimizer
def test_networks_do_not_meet_in_an_update(optimizer: Optimizer) -> None:
    theta, G = np.random.default_rng(0).normal(size=(2, 4, 6))
    together, _ = optimizer.update(G, optimizer.init(theta), theta, options(optimizer, 4))
    for k in range(4):
        row = theta[k : k + 1]
        alone, _ = optimizer.update(G[k : k + 1], optimizer.init(row), row, options(optimizer, 1))
        assert np.array_equal(alone[0], together[k])


@every_optimizer
def test_small_steps_lower_the_loss(optimizer: Optimizer) -> None:
    arch, objective = architecture((2, 4, 1)), Objective(["cross_entropy"])
    network, X, Y = problem(arch, "cross_entropy", 20)
    theta = network.theta(arch)[np.newaxis]
    first, state = losses(arch, theta, X, Y, objective), optimizer.init(theta)
    for _ in range(20):
        G = gradients(arch, theta, X, Y, objective)
        theta, state = optimizer.update(G, state, theta, options(optimizer, 1, learning_rate=0.01))
    assert losses(arch, theta, X, Y, objective) < first
