"""Curvature, against second derivatives measured in other ways."""

import numpy as np
import pytest

from app.nn.activations import HIDDEN
from app.nn.landscape.hessian import Hessian, plane_hessian
from app.nn.landscape.planes import Plane, parameter_plane, random_plane
from app.nn.losses import Objective
from app.nn.stack import Architecture, gradients
from app.nn.types import Array
from tests.nn.examples import FITTING, architecture, problem


def dense(arch: Architecture, theta: Array, X: Array, Y: Array, loss: str) -> Array:
    """The whole Hessian (P, P), column by column, by differences of fourth order of gradients."""
    h = 1e-4  # a larger one would step over the kinks of some losses
    objective = Objective([loss])
    columns = []
    for unit in np.eye(len(theta)):
        stack = theta + h * np.array([[-2.0], [-1.0], [1.0], [2.0]]) * unit
        g = gradients(arch, stack, X, Y, objective)
        columns.append((g[0] - 8.0 * g[1] + 8.0 * g[2] - g[3]) / (12.0 * h))
    return np.stack(columns, axis=1)


def whole(hessian: Hessian) -> Array:
    """The Hessian (P, P), product by product."""
    return np.stack([hessian.product(unit) for unit in np.eye(len(hessian.theta))], axis=1)


def sizes(output: str) -> tuple[int, ...]:
    return 2, 4, 3, 3 if output == "softmax" else 1


@pytest.mark.parametrize(("loss", "output"), FITTING)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_product_is_the_measured_change_of_the_gradient(
    loss: str, output: str, hidden: str
) -> None:
    arch = architecture(sizes(output), hidden, output)
    network, X, Y = problem(arch, loss, 20)
    theta = network.theta(arch)
    found = whole(Hessian(arch, theta, X, Y, loss))
    measured = dense(arch, theta, X, Y, loss)
    scale = float(np.abs(measured).max()) + 1e-3
    np.testing.assert_allclose(found, measured, atol=1e-8 * scale)
    np.testing.assert_allclose(found, found.T, atol=1e-14 * scale)


@pytest.mark.parametrize("hidden", ["relu", "leaky_relu"])
def test_a_kink_beside_the_network_is_no_curvature(hidden: str) -> None:
    arch = architecture((1, 1, 1), hidden, "linear")
    theta = np.array([1.0, 1e-9, 1.0, 0.0])  # at x = 0 the neuron is 1e-9 beyond its kink
    X, Y = np.array([[0.0, 1.0]]), np.array([[1.0, 3.0]])
    H = whole(Hessian(arch, theta, X, Y, "half_mse"))
    # J = ¼ Σ (w₂ (w₁ x + b₁) + b₂ - y)², as long as the neuron is on.
    rows = np.array([[X[0, n], 1.0, X[0, n] + 1e-9, 1.0] for n in range(2)])
    error = rows @ np.array([0.0, 0.0, 1.0, 0.0]) - Y[0]
    expected = rows.T @ rows / 2.0
    expected[0, 2] += error @ X[0] / 2.0
    expected[1, 2] += error.sum() / 2.0
    expected[2, :2] = expected[:2, 2]
    np.testing.assert_allclose(H, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_network_far_out_has_a_curvature_that_is_a_number(hidden: str) -> None:
    arch = architecture((2, 3, 1), hidden)
    network, X, Y = problem(arch, "cross_entropy", 10)
    H = whole(Hessian(arch, 1e5 * network.theta(arch), X, Y, "cross_entropy"))
    assert np.isfinite(H).all()


@pytest.mark.parametrize(("loss", "output"), FITTING)
@pytest.mark.parametrize("kind", ["parameters", "random"])
def test_the_hessian_on_a_plane_is_that_of_the_gradient(loss: str, output: str, kind: str) -> None:
    arch = architecture((2, 3, 1 if output != "softmax" else 3), output=output)
    network, X, Y = problem(arch, loss, 15)
    theta = network.theta(arch)
    plane = (
        parameter_plane(theta, arch.index("W1[0,0]"), arch.index("W2[0,1]"))
        if kind == "parameters"
        else random_plane(arch, theta, 2)
    )
    x, y = (float(coordinate) for coordinate in plane.coordinates(theta))
    found = plane_hessian(arch, plane, x, y, X, Y, loss)
    H = dense(arch, theta, X, Y, loss)
    basis = np.stack([plane.u, plane.v])
    expected = basis @ H @ basis.T
    tolerance = 1e-8 * np.abs(expected).max() + 1e-11
    np.testing.assert_allclose(found, expected, atol=tolerance)


def test_a_parabola_has_the_curvature_it_should_have() -> None:
    # x = ±1: J = (W - 2)² + (b - 1)², as in the tests of the landscape
    arch = architecture((1, 1), output="linear")
    X, Y = np.array([[-1.0, 1.0]]), np.array([[-1.0, 3.0]])
    plane = Plane(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    found = plane_hessian(arch, plane, 5.0, -3.0, X, Y, "mse")
    np.testing.assert_allclose(found, [[2.0, 0.0], [0.0, 2.0]], atol=1e-14)
