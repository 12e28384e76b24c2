"""The written-out pass: what the engine computes, and what is worked by hand."""

from math import prod

import numpy as np
import pytest

from app.nn.activations import HIDDEN
from app.nn.losses import LOSSES, Objective
from app.nn.stack import Pass, gradients, losses, pack
from app.nn.trace import difference, paths, trace
from app.nn.types import Array
from tests.nn.examples import FITTING, architecture, problem

SIZES = [(2, 3, 1), (3, 2, 3, 2)]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_a_traced_gradient_is_the_engines(
    sizes: tuple[int, ...], hidden: str, loss: str, output: str
) -> None:
    arch = architecture(sizes, hidden, output)
    network, X, Y = problem(arch, loss, 6)
    theta = network.theta(arch)
    traced = trace(arch, theta, X, Y, loss)
    expected = gradients(arch, theta[np.newaxis], X, Y, Objective([loss]))[0]
    found = pack(
        arch,
        [layer.weight_gradient for layer in traced.layers],
        [layer.bias_gradient for layer in traced.layers],
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    J = losses(arch, theta[np.newaxis], X, Y, Objective([loss]))[0]
    np.testing.assert_allclose(traced.J, J, rtol=1e-13)


@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_the_gradient_of_a_batch_is_the_mean_of_its_samples(loss: str, output: str) -> None:
    arch = architecture((2, 3, 2), output=output)
    network, X, Y = problem(arch, loss, 5)
    theta = network.theta(arch)
    batch = trace(arch, theta, X, Y, loss).layers[0]
    ones = [trace(arch, theta, X[:, [s]], Y[:, [s]], loss).layers[0] for s in range(5)]
    mean = np.mean([one.weight_gradient for one in ones], axis=0)
    np.testing.assert_allclose(batch.weight_gradient, mean, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("sizes", [(2, 2, 1), (2, 3, 2), (2, 3, 2, 2)], ids=str)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_the_paths_through_the_layers_above_add_up(
    sizes: tuple[int, ...], loss: str, output: str
) -> None:
    arch = architecture(sizes, output=output)
    network, X, Y = problem(arch, loss, 1)
    layers = trace(arch, network.theta(arch), X, Y, loss).layers
    for unit in range(sizes[1]):
        found = paths(layers, 0, unit, 0)
        assert found is not None
        assert len(found) == prod(sizes[2:])
        assert all(path.product == pytest.approx(prod(path.factors)) for path in found)
        total = sum(path.product for path in found)
        np.testing.assert_allclose(total, layers[0].delta[unit, 0], rtol=1e-12, atol=1e-15)


def test_too_many_paths_are_not_told() -> None:
    arch = architecture((2, 2, 5, 4, 1))
    network, X, Y = problem(arch, "mse", 1)
    layers = trace(arch, network.theta(arch), X, Y, "mse").layers
    assert paths(layers, 0, 0, 0) is None
    assert paths(layers, 1, 0, 0) is not None


@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_a_difference_measures_the_derivative(loss: str, output: str) -> None:
    arch = architecture((2, 3, 2), output=output)
    network, X, Y = problem(arch, loss, 4)
    theta = network.theta(arch)
    expected = gradients(arch, theta[np.newaxis], X, Y, Objective([loss]))[0]
    scale = np.abs(expected).max()
    for index in range(len(theta)):
        slope, h, above, below = difference(arch, theta, index, X, Y, loss)
        assert slope == pytest.approx(expected[index], abs=1e-7 * scale)
        assert (above - below) / (2 * h) == pytest.approx(slope, abs=1e-6 * scale)


def test_two_relu_neurons_and_a_linear_one_by_hand() -> None:
    """x = (1, 2), y = 0. Worked on paper.

    z1 = (1·1 + 1·2 + 0, 2·1 - 1·2 - 1) = (3, -1), a1 = (3, 0); z2 = 2·3 - 3·0 + 1 = 7 = ŷ.
    J = (0 - 7)² = 49, dJ/dŷ = 2·7 = 14; dJ/dW2 = 14·(3, 0) = (42, 0), dJ/db2 = 14.
    dJ/da1 = 14·(2, -3) = (28, -42), f' = (1, 0), dJ/dz1 = (28, 0); dJ/dW1 = ((28, 56), (0, 0)).
    """
    arch = architecture((2, 2, 1), "relu", "linear")
    W = [np.array([[1.0, 1.0], [2.0, -1.0]]), np.array([[2.0, -3.0]])]
    theta = pack(arch, W, [np.array([0.0, -1.0]), np.array([1.0])])
    first, second = trace(arch, theta, np.array([[1.0], [2.0]]), np.array([[0.0]]), "mse").layers
    column = [first.Z, first.A, second.Z, second.back, first.back, first.passed, first.delta]
    found = [array[:, 0].tolist() for array in column]
    assert found == [[3, -1], [3, 0], [7], [14], [28, -42], [1, 0], [28, 0]]
    assert second.weight_gradient.tolist() == [[42, 0]]
    assert second.bias_gradient.tolist() == [14]
    assert first.weight_gradient.tolist() == [[28, 56], [0, 0]]


def test_the_articles_gradient_is_reproduced() -> None:
    """G = np.dot(X.T, 1/n * (np.expand_dims(Y, 1) - S) * (-1) * S * (1 - S)), samples in rows."""
    rng = np.random.default_rng(4)
    n, X, Y = 7, rng.standard_normal((7, 3)), rng.integers(0, 2, 7).astype(float)
    arch = architecture((3, 1), output="sigmoid")
    W, b = rng.standard_normal((3, 1)), np.zeros(1)
    S = 1 / (1 + np.exp(-(X @ W)))
    G = np.dot(X.T, 1 / n * (np.expand_dims(Y, 1) - S) * (-1) * S * (1 - S))
    (layer,) = trace(arch, pack(arch, [W.T], [b]), X.T, Y[np.newaxis], "half_mse").layers
    np.testing.assert_allclose(layer.weight_gradient.T, G, rtol=1e-14)


def test_the_slope_of_a_sigmoid_cancels_behind_cross_entropy() -> None:
    arch = architecture((2, 1), output="sigmoid")
    network, X, Y = problem(arch, "cross_entropy", 1)
    (layer,) = trace(arch, network.theta(arch), X, Y, "cross_entropy").layers
    S = layer.A
    np.testing.assert_allclose(layer.delta, S - Y, rtol=1e-14)
    np.testing.assert_allclose(layer.back, (S - Y) / (S * (1 - S)), rtol=1e-12)
    np.testing.assert_allclose(layer.back * layer.passed, layer.delta, rtol=1e-14)


def test_where_a_sigmoid_is_saturated_to_the_last_bit_only_the_cancelled_form_is_known() -> None:
    arch = architecture((1, 1), output="sigmoid")
    theta: Array = np.array([100.0, 0.0])
    X, Y = np.array([[1.0]]), np.array([[0.0]])
    (layer,) = trace(arch, theta, X, Y, "cross_entropy").layers
    assert layer.passed[0, 0] == pytest.approx(np.exp(-100.0), rel=1e-15)
    assert not np.isfinite(layer.back[0, 0])
    assert layer.delta[0, 0] == 1.0


def test_the_jacobian_of_a_softmax_cancels_behind_its_cross_entropy() -> None:
    arch = architecture((2, 3), output="softmax")
    network, X, Y = problem(arch, "softmax_cross_entropy", 2)
    (layer,) = trace(arch, network.theta(arch), X, Y, "softmax_cross_entropy").layers
    assert layer.slope is None
    np.testing.assert_allclose(layer.delta, (layer.A - Y) / 2, rtol=1e-13)
    for sample in range(2):
        delta = layer.jacobian(sample) @ layer.back[:, sample]
        np.testing.assert_allclose(delta, layer.delta[:, sample], rtol=1e-12, atol=1e-15)


def test_dropped_neurons_are_dropped_on_the_way_up_and_down() -> None:
    arch = architecture((2, 3, 1))
    network, X, Y = problem(arch, "cross_entropy", 4)
    theta = network.theta(arch)
    mask = np.array([[2.0, 0.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0], [2.0, 2.0, 2.0, 2.0]])
    masks: list[Array | None] = [mask]
    traced = trace(arch, theta, X, Y, "cross_entropy", masks)
    room = Pass(arch, theta[np.newaxis], 4)
    expected = room.backward(X, Y, Objective(["cross_entropy"]), masks)[0]
    found = pack(
        arch,
        [layer.weight_gradient for layer in traced.layers],
        [layer.bias_gradient for layer in traced.layers],
    )
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    for index in range(len(theta)):
        slope, *_ = difference(arch, theta, index, X, Y, "cross_entropy", masks)
        assert slope == pytest.approx(expected[index], abs=1e-8)
    found_paths = paths(traced.layers, 0, 0, 1)
    assert found_paths is not None
    assert found_paths[0].product == 0.0


def test_every_loss_is_traced() -> None:
    assert {loss for loss, _ in FITTING} == set(LOSSES)
