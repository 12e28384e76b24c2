"""Curvature, against second derivatives measured in other ways."""

import numpy as np
import pytest

from app.nn.landscape.hessian import Hessian, extremes, plane_hessian
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


@pytest.mark.parametrize(("loss", "output"), FITTING)
@pytest.mark.parametrize("seed", range(3))
def test_the_largest_eigenvalue_is_that_of_the_dense_hessian(
    loss: str, output: str, seed: int
) -> None:
    arch = architecture((2, 4, 1 if output != "softmax" else 3), output=output)
    network, X, Y = problem(arch, loss, 20, seed)
    theta = network.theta(arch)
    values = np.linalg.eigvalsh(dense(arch, theta, X, Y, loss))
    found = extremes(Hessian(arch, theta, X, Y, loss))
    scale = np.abs(values).max()
    assert found.largest == pytest.approx(values[-1], rel=1e-6, abs=1e-8 * scale)
    assert found.smallest == pytest.approx(values[0], abs=1e-3 * scale)
    assert found.products <= arch.parameter_count


def test_a_large_network_takes_few_products() -> None:
    arch = architecture((2, 12, 12, 1))
    network, X, Y = problem(arch, "cross_entropy", 30)
    theta = network.theta(arch)
    found = extremes(Hessian(arch, theta, X, Y, "cross_entropy"))
    values = np.linalg.eigvalsh(dense(arch, theta, X, Y, "cross_entropy"))
    assert found.largest == pytest.approx(values[-1], rel=1e-6)
    assert found.products < arch.parameter_count / 4
    assert found.error <= 1e-8 * found.largest


def test_a_flat_loss_has_no_curvature() -> None:
    arch = architecture((1, 2, 1), "relu", "linear")
    X = np.array([[1.0, 2.0]])
    theta = np.full(arch.parameter_count, -1.0)  # both neurons are dead
    found = extremes(Hessian(arch, theta, X, np.zeros((1, 2)), "mse"))
    assert found.largest == pytest.approx(2.0, rel=1e-8)  # the output's bias alone: J = (b - y)²
    assert found.smallest == pytest.approx(0.0, abs=1e-8)


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
    tolerance = 1e-6 * np.abs(expected).max() + 1e-8
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=tolerance)


def test_a_parabola_has_the_curvature_it_should_have() -> None:
    # x = ±1: J = (W - 2)² + (b - 1)², as in the tests of the landscape
    arch = architecture((1, 1), output="linear")
    X, Y = np.array([[-1.0, 1.0]]), np.array([[-1.0, 3.0]])
    theta = np.array([5.0, -3.0])
    plane = Plane(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    found = plane_hessian(arch, plane, 5.0, -3.0, X, Y, "mse")
    np.testing.assert_allclose(found, [[2.0, 0.0], [0.0, 2.0]], atol=1e-7)
    assert extremes(Hessian(arch, theta, X, Y, "mse")).largest == pytest.approx(2.0, rel=1e-8)
