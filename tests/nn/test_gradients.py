"""Every derivative, against differences measured by the engine and by plain loops."""

import numpy as np
import pytest

from app.nn import stack as engine
from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.gradient_check import numeric_gradient
from app.nn.losses import LOSSES, Objective
from app.nn.stack import Pass, gradients
from app.nn.types import Array
from tests.nn.examples import FITTING, architecture, output_for, problem, targets
from tests.nn.reference import Network, random_network

SIZES = [(1, 1), (2, 3, 1), (3, 2, 3, 2)]
CASES = [  # a softmax of one unit says 1 whatever comes, and has no gradient
    (sizes, loss, output)
    for sizes in SIZES
    for loss, output in FITTING
    if sizes[-1] > 1 or not ACTIVATIONS[output].output_only
]


def assert_same_direction_and_size(found: Array, expected: Array) -> None:
    """Alike to 1e-7 of the length of the gradient, or as nearly as differences of J can tell."""
    assert np.linalg.norm(found - expected) <= 1e-7 * np.linalg.norm(expected) + 1e-9


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("sizes", "loss", "output"), CASES, ids=str)
def test_a_gradient_is_the_measured_one(
    sizes: tuple[int, ...], hidden: str, loss: str, output: str
) -> None:
    arch = architecture(sizes, hidden, output)
    network, X, Y = problem(arch, loss, 5)
    theta = network.theta(arch)
    found = gradients(arch, theta[np.newaxis], X, Y, Objective([loss]))[0]
    assert_same_direction_and_size(found, network.gradient(X, Y, loss).theta(arch))
    assert_same_direction_and_size(found, numeric_gradient(arch, theta, X, Y, loss))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("samples", range(1, 14))
def test_a_gradient_is_right_for_a_batch_of_any_size(loss: str, samples: int) -> None:
    arch = architecture((2, 4, 2), output=output_for(loss))
    network, X, Y = problem(arch, loss, samples, seed=samples)
    found = gradients(arch, network.theta(arch)[np.newaxis], X, Y, Objective([loss]))[0]
    assert_same_direction_and_size(found, network.gradient(X, Y, loss).theta(arch))


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_of_all_is_the_mean_over_the_batches(loss: str) -> None:
    arch = architecture((2, 4, 2), output=output_for(loss))
    network, X, Y = problem(arch, loss, 12)
    theta, objective = network.theta(arch)[np.newaxis], Objective([loss])
    thirds = [slice(start, start + 4) for start in (0, 4, 8)]
    parts = [gradients(arch, theta, X[:, part], Y[:, part], objective) for part in thirds]
    np.testing.assert_allclose(
        np.mean(parts, axis=0), gradients(arch, theta, X, Y, objective), rtol=1e-12, atol=1e-15
    )


def test_every_network_of_a_stack_gets_the_gradient_of_its_own_loss() -> None:
    fitting = [name for name in LOSSES if LOSSES[name].fits("sigmoid")]
    arch, names = architecture((2, 3, 2)), [name for name in fitting for _ in range(2)][::-1]
    rng = np.random.default_rng(5)
    networks = [random_network(arch, rng) for _ in names]
    X, Y = rng.normal(size=(2, 5)), targets("cross_entropy", (2, 5), rng)
    theta = np.stack([network.theta(arch) for network in networks])
    for row, network, name in zip(
        gradients(arch, theta, X, Y, Objective(names)), networks, names, strict=True
    ):
        assert_same_direction_and_size(row, network.gradient(X, Y, name).theta(arch))


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_measuring_in_blocks_changes_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    arch = architecture((2, 4, 1))
    network, X, Y = problem(arch, "mse", 20)
    theta = network.theta(arch)
    expected = numeric_gradient(arch, theta, X, Y, "mse")
    monkeypatch.setattr(engine, "CACHE_BYTES", size * 4 * 20 * 8)
    np.testing.assert_allclose(
        numeric_gradient(arch, theta, X, Y, "mse"), expected, rtol=0.0, atol=1e-10
    )


def test_large_parameters_are_measured_with_a_large_step() -> None:
    arch = architecture((1, 1), output="linear")
    theta, X, Y = np.array([1e6, -1e6]), np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]])
    found = numeric_gradient(arch, theta, X, Y, "mse")
    # errors 0 and 999 999, so dJ/dW = 2/2 · 2 · 999 999 and dJ/db = 2/2 · 999 999
    np.testing.assert_allclose(found, [1_999_998.0, 999_999.0], rtol=1e-7)


def test_measuring_leaves_the_parameters_alone() -> None:
    arch = architecture((2, 4, 1))
    network, X, Y = problem(arch, "mse", 4)
    theta = network.theta(arch)
    numeric_gradient(arch, theta, X, Y, "mse")
    assert np.array_equal(theta, network.theta(arch))


def test_the_chain_rule_worked_by_hand() -> None:
    # x = 1 → z₁ = 1/2·1 - 1/2 = 0, a₁ = tanh 0 = 0 → z₂ = 2·0 + 0, a₂ = σ(0) = 1/2; y = 1
    network = Network([[[0.5]], [[2.0]]], [[-0.5], [0.0]], ["tanh", "sigmoid"])
    arch = architecture((1, 1, 1))
    found = gradients(
        arch, network.theta(arch)[np.newaxis], np.ones((1, 1)), np.ones((1, 1)), Objective(["mse"])
    )
    # dJ/dz₂ = 2·(a₂ - y)·a₂(1 - a₂) = 2·(-1/2)·1/4 = -1/4; dJ/dz₁ = 2·(-1/4)·(1 - a₁²) = -1/2
    by_hand = Network([[[-0.5]], [[0.0]]], [[-0.5], [-0.25]], ["tanh", "sigmoid"])
    assert found[0].tolist() == by_hand.theta(arch).tolist()


@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_one_pass_gives_the_gradients_of_every_batch(loss: str, output: str) -> None:
    arch = architecture((2, 4, 3, 2), output=output)
    network, X, Y = problem(arch, loss, 8)
    theta, objective = network.theta(arch)[np.newaxis], Objective([loss])
    room = Pass(arch, theta, 4)
    for part in (slice(0, 4), slice(4, 8), slice(0, 4)):
        expected = gradients(arch, theta, X[:, part], Y[:, part], objective)
        assert np.array_equal(room.backward(X[:, part], Y[:, part], objective), expected)
