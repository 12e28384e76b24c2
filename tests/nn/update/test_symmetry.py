"""Neurons that begin alike stay alike, to the last bit and for ever."""

import numpy as np
import pytest

from app.choices import Chosen
from app.data.datasets import make
from app.nn.activations import HIDDEN
from app.nn.init.initializers import Recipe, initialize
from app.nn.init.rules import WEIGHT_RULES
from app.nn.losses import Objective
from app.nn.stack import Architecture, Pass, gradients, unpack
from app.nn.types import Array
from app.nn.update.symmetry import identical_neurons, shared_gradient
from tests.nn.examples import architecture, chosen, stack

ZEROS = Chosen("zeros", {})
SAME = Chosen("constant", {"value": 0.5})


def circle() -> tuple[Array, Array]:
    inputs, classes = make("circle", 100, 0.0, 1)
    return 0.2 * inputs, np.where(classes > 0.0, 1.0, 0.0)[np.newaxis]


def train(arch: Architecture, theta: Array, steps: int, batch: int = 100) -> Array:
    """Gradient descent with twins sharing their gradient, as a run goes."""
    theta, (X, Y) = np.array([theta]), circle()
    shared, room = shared_gradient(arch, theta), Pass(arch, theta, batch)
    for step in range(steps):
        part = slice(step * batch % 100, step * batch % 100 + batch)
        gradient = room.backward(X[:, part], Y[:, part], Objective(["cross_entropy"]))
        theta -= 0.3 * (gradient if shared is None else gradient.take(shared))
    assert np.isfinite(theta).all()
    return np.asarray(theta[0])


def distinct(arch: Architecture, theta: Array) -> list[int]:
    """How many different neurons each layer has, by the numbers that go into them."""
    W, b = unpack(arch, theta)
    return [len(np.unique(np.column_stack(pair), axis=0)) for pair in zip(W, b, strict=True)]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 5, 1), (2, 7, 3, 1), (2, 13, 13, 1)], ids=str)
@pytest.mark.parametrize("weights", [ZEROS, SAME], ids=["zeros", "same"])
def test_identical_weights_stay_identical(
    hidden: str, sizes: tuple[int, ...], weights: Chosen
) -> None:
    arch = architecture(sizes, hidden)
    begun = initialize(arch, Recipe(weights, ZEROS), seed=1)
    theta = train(arch, begun, steps=200)
    assert not np.array_equal(theta, begun)
    assert distinct(arch, theta) == [1] * len(arch.layers)
    assert all(not np.ptp(M, axis=1).any() for M in unpack(arch, theta)[0][1:])


def test_mini_batches_do_not_part_twins() -> None:
    arch = architecture((2, 5, 1))
    theta = train(arch, initialize(arch, Recipe(SAME, ZEROS), seed=1), steps=500, batch=10)
    assert distinct(arch, theta) == [1, 1]


def test_random_weights_make_different_neurons_although_biases_are_zero() -> None:
    arch = architecture((2, 4, 1))
    begun = initialize(arch, Recipe(Chosen("normal", {"std": 0.1}), ZEROS), seed=1)
    assert shared_gradient(arch, begun[np.newaxis]) is None
    assert distinct(arch, train(arch, begun, steps=200)) == [4, 1]


def test_zero_weights_with_random_biases_make_different_neurons() -> None:
    arch = architecture((2, 4, 1))
    begun = initialize(arch, Recipe(ZEROS, Chosen("normal", {"std": 0.1})), seed=1)
    assert distinct(arch, train(arch, begun, steps=200)) == [4, 1]


@pytest.mark.parametrize("name", [name for name in WEIGHT_RULES if WEIGHT_RULES[name].parameters])
def test_a_spread_of_zero_makes_twins(name: str) -> None:
    arch, rule = architecture((2, 5, 1), "sigmoid"), WEIGHT_RULES[name]
    nothing = chosen(name, rule, **{rule.parameters[0].name: 0.0})
    begun = initialize(arch, Recipe(nothing, ZEROS), seed=1)
    assert [found.tolist() for found in identical_neurons(arch, begun)] == [[0] * 5, [0]]
    assert distinct(arch, train(arch, begun, steps=200)) == [1, 1]


def test_twins_need_the_same_weights_in_the_same_bias_and_the_same_weights_out() -> None:
    arch = architecture((1, 5, 1))
    theta = initialize(arch, Recipe(SAME, ZEROS), seed=1)
    for name in ("W1[1,0]", "b1[2]", "W2[0,4]"):
        theta[arch.index(name)] = 0.25
    assert identical_neurons(arch, theta)[0].tolist() == [0, 1, 2, 0, 4]


def test_outputs_are_no_twins_because_their_targets_differ() -> None:
    arch = architecture((2, 4, 3))
    theta = initialize(arch, Recipe(SAME, ZEROS), seed=1)
    assert [found.tolist() for found in identical_neurons(arch, theta)] == [[0, 0, 0, 0], [0, 1, 2]]


@pytest.mark.parametrize("sizes", [(2, 5, 1), (2, 6, 3), (3, 5, 7, 2)], ids=str)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_sharing_changes_a_gradient_by_no_more_than_rounding(
    sizes: tuple[int, ...], hidden: str
) -> None:
    arch, rng = architecture(sizes, hidden), np.random.default_rng(0)
    theta = initialize(arch, Recipe(SAME, ZEROS), seed=1)[np.newaxis]
    X, Y = rng.normal(size=(sizes[0], 30)), rng.uniform(size=(sizes[-1], 30))
    own = gradients(arch, theta, X, Y, Objective(["mse"]))
    shared = shared_gradient(arch, theta)
    assert shared is not None
    np.testing.assert_allclose(own.take(shared), own, rtol=1e-11, atol=1e-15)


def test_networks_without_twins_keep_their_own_gradient() -> None:
    arch = architecture((2, 5, 1))
    theta = stack(arch, 3)
    theta[1] = initialize(arch, Recipe(SAME, ZEROS), seed=1)
    shared = shared_gradient(arch, theta)
    assert shared is not None
    own = np.arange(theta.size).reshape(theta.shape)
    assert np.array_equal(shared[[0, 2]], own[[0, 2]])
    assert set(shared[1]) < set(own[1])
