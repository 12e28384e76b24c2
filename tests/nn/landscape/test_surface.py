"""The loss surface: every point of it is the loss of one network."""

import numpy as np
import pytest

from app.nn.landscape import surface as module
from app.nn.landscape.plane_stack import _log1p
from app.nn.landscape.planes import Plane, parameter_plane
from app.nn.landscape.surface import heights, surface
from app.nn.losses import Objective
from app.nn.stack import losses, unpack
from app.nn.types import Array
from tests.nn.examples import FITTING, architecture, problem, stack
from tests.nn.reference import Network

ARCH = architecture((2, 3, 4, 2))
GRID_X, GRID_Y = np.linspace(-2.0, 3.0, 7), np.linspace(-1.5, 1.0, 5)

# Two parameters each: of the first layer, of the last, and of different ones.
PAIRS = [
    ("W1[0,0]", "b1[0]"),
    ("W1[2,1]", "W3[1,3]"),
    ("W2[3,0]", "b2[1]"),
    ("b3[1]", "W2[0,2]"),
    ("W3[0,0]", "b3[0]"),
    ("b3[0]", "b3[1]"),
]


OUTPUTS = sorted(dict(FITTING).items())
"""Every loss with one of the outputs that it goes with."""


def in_plain_loops(plane: Plane, network: Network, X: Array, Y: Array, loss: str) -> Array:
    """J of every network of the grid, one at a time."""
    J = np.empty((len(GRID_Y), len(GRID_X)))
    for row, y in enumerate(GRID_Y):
        for column, x in enumerate(GRID_X):
            W, b = unpack(ARCH, plane.origin + x * plane.u + y * plane.v)
            there = Network(
                [M.tolist() for M in W], [numbers.tolist() for numbers in b], network.activations
            )
            J[row, column] = there.loss(X, Y, loss)
    return J


@pytest.mark.parametrize("pair", PAIRS, ids=str)
@pytest.mark.parametrize(("loss", "output"), OUTPUTS)
def test_a_surface_over_two_parameters_is_made_of_single_losses(
    pair: tuple[str, str], loss: str, output: str
) -> None:
    arch = architecture((2, 3, 4, 2), output=output)
    network, X, Y = problem(arch, loss, 5)
    plane = parameter_plane(network.theta(arch), arch.index(pair[0]), arch.index(pair[1]))
    found = surface(arch, plane, GRID_X, GRID_Y, X, Y, loss)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, in_plain_loops(plane, network, X, Y, loss), rtol=1e-5)


@pytest.mark.parametrize(("loss", "output"), OUTPUTS)
@pytest.mark.parametrize("seed", range(3))
def test_a_surface_over_any_plane_is_made_of_single_losses(
    loss: str, output: str, seed: int
) -> None:
    arch = architecture((2, 3, 4, 2), output=output)
    network, X, Y = problem(arch, loss, 5)
    u, v = 0.5 * stack(arch, 2, seed)
    plane = Plane(network.theta(arch), u, v)
    found = surface(arch, plane, GRID_X, GRID_Y, X, Y, loss)
    np.testing.assert_allclose(found, in_plain_loops(plane, network, X, Y, loss), rtol=1e-5)


def test_a_plane_may_leave_the_lower_layers_alone() -> None:
    network, X, Y = problem(ARCH, "mse", 5)
    u, v = stack(ARCH, 2)
    u[: ARCH.offsets[1]] = v[: ARCH.offsets[2]] = 0.0
    plane = Plane(network.theta(ARCH), u, v)
    found = surface(ARCH, plane, GRID_X, GRID_Y, X, Y, "mse")
    np.testing.assert_allclose(found, in_plain_loops(plane, network, X, Y, "mse"), rtol=1e-5)


@pytest.mark.parametrize("seed", range(40))
def test_a_plane_may_move_any_part_of_a_network(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 6, rng.integers(2, 6))
    arch = architecture(sizes.tolist(), str(rng.choice(["tanh", "relu"])))
    loss = str(rng.choice(["mse", "cross_entropy"]))
    network, X, Y = problem(arch, loss, 6, seed)
    u, v = 0.5 * stack(arch, 2, seed)
    for direction in (u, v):  # most numbers stay, often whole layers
        moves = rng.random(arch.parameter_count) < rng.choice([0.02, 0.1, 0.5])
        moves[rng.integers(arch.parameter_count)] = True
        direction[~moves] = 0.0
    plane = Plane(network.theta(arch), u, v)
    x, y = np.meshgrid(GRID_X, GRID_Y)
    theta = plane.point(x.ravel(), y.ravel())
    expected = losses(arch, theta, X, Y, Objective([loss])).reshape(x.shape)
    found = surface(arch, plane, GRID_X, GRID_Y, X, Y, loss)
    np.testing.assert_allclose(found, expected, rtol=2e-5)
    points = heights(arch, plane, x.ravel(), y.ravel(), X, Y, loss)
    np.testing.assert_allclose(points, expected.ravel(), rtol=2e-5)


def test_soft_targets_and_sure_answers_have_their_cross_entropy() -> None:
    arch = architecture((2, 3, 2))
    network, X, _ = problem(arch, "cross_entropy", 8)
    plane = parameter_plane(network.theta(arch), arch.index("b2[0]"), arch.index("W2[1,0]"))
    wide = np.array([-2000.0, -90.0, -20.0, 0.0, 20.0, 90.0, 2000.0])
    for Y in (np.full((2, 8), 0.3), np.eye(2)[:, [0, 1, 1, 0, 0, 1, 0, 1]]):
        x, y = np.meshgrid(wide, wide)
        theta = plane.point(x.ravel(), y.ravel())
        expected = losses(arch, theta, X, Y, Objective(["cross_entropy"])).reshape(7, 7)
        found = surface(arch, plane, wide, wide, X, Y, "cross_entropy")
        np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_logarithm_of_a_loss_is_as_exact_as_its_numbers() -> None:
    t = np.geomspace(1e-30, 1e38, 2001).astype(np.float32)
    found = t.copy()
    _log1p(found, np.empty_like(t))
    np.testing.assert_allclose(found, np.log1p(t.astype(np.float64)), rtol=3e-7)


def test_something_may_be_done_between_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 1)
    network, X, Y = problem(ARCH, "mse", 5)
    theta = network.theta(ARCH)
    done: list[None] = []
    for i, j in ((0, 1), (0, len(theta) - 1)):  # in one layer, and in two
        plane = parameter_plane(theta, i, j)
        surface(ARCH, plane, GRID_X, GRID_Y, X, Y, "mse", lambda: done.append(None))
        assert len(done) >= GRID_X.size * GRID_Y.size
        done.clear()


@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_a_path_lies_on_its_surface(loss: str, output: str) -> None:
    arch = architecture((2, 4, 1), output=output)
    network, X, Y = problem(arch, loss, 20)
    theta = network.theta(arch)
    plane = parameter_plane(theta, arch.index("W1[0,0]"), arch.index("b2[0]"))
    x, y = plane.coordinates(theta)
    found = surface(arch, plane, np.array([x]), np.array([y]), X, Y, loss)
    true = losses(arch, theta[np.newaxis], X, Y, Objective([loss]))
    np.testing.assert_allclose(found[0], true, rtol=1e-5)


@pytest.mark.parametrize("size", [1, 2, 8, 34, 35])
def test_a_surface_does_not_depend_on_its_blocks(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, X, Y = problem(ARCH, "mse", 5)
    plane = parameter_plane(network.theta(ARCH), 0, 1)
    whole = surface(ARCH, plane, GRID_X, GRID_Y, X, Y, "mse")
    monkeypatch.setattr(module, "BLOCK_BYTES", size * 4 * 5 * 4)
    found = surface(ARCH, plane, GRID_X, GRID_Y, X, Y, "mse")
    np.testing.assert_allclose(found, whole, rtol=1e-6)


def test_the_bowl_of_a_linear_neuron_is_the_parabola_it_should_be() -> None:
    # x = ±1 and y = 2x + 1, so J(W, b) = mean (W x + b - 2x - 1)² = (W - 2)² + (b - 1)²
    arch = architecture((1, 1), output="linear")
    X, Y = np.array([[-1.0, 1.0]]), np.array([[-1.0, 3.0]])
    plane = parameter_plane(np.array([9.0, 9.0]), arch.index("W1[0,0]"), arch.index("b1[0]"))
    found = surface(arch, plane, GRID_X, GRID_Y, X, Y, "mse")
    expected = (GRID_X - 2.0) ** 2 + (GRID_Y[:, np.newaxis] - 1.0) ** 2
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_two_axes_must_be_two_parameters() -> None:
    with pytest.raises(ValueError, match="two different parameters"):
        parameter_plane(np.zeros(5), 3, 3)


def test_on_a_plane_of_parameters_the_coordinates_are_their_values() -> None:
    theta = stack(ARCH, 6).reshape(3, 2, -1)
    x, y = parameter_plane(theta[0, 0], 4, 17).coordinates(theta)
    assert np.array_equal(x, theta[..., 4])
    assert np.array_equal(y, theta[..., 17])


@pytest.mark.parametrize("seed", range(5))
def test_coordinates_invert_the_plane(seed: int) -> None:
    origin, u, v = stack(ARCH, 3, seed)
    x, y = np.random.default_rng(seed).normal(size=(2, 4, 3)) * 10.0
    there = origin + x[..., np.newaxis] * u + y[..., np.newaxis] * v
    found_x, found_y = Plane(origin, u, v).coordinates(there)
    np.testing.assert_allclose(found_x, x, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found_y, y, rtol=1e-10, atol=1e-12)


def test_off_the_plane_the_coordinates_are_those_of_the_nearest_point() -> None:
    origin, u, v, theta = stack(ARCH, 4)
    x, y = Plane(origin, u, v).coordinates(theta)
    away = theta - (origin + x * u + y * v)
    assert abs(away @ u) < 1e-10
    assert abs(away @ v) < 1e-10


@pytest.mark.parametrize("reach", [1e3, 1e6, 1e30, 1e39])
@pytest.mark.parametrize("pair", [("W1[0,0]", "b2[0]"), ("b2[0]", "W2[0,1]")])
@pytest.mark.parametrize(("loss", "output"), [("mse", "linear"), ("cross_entropy", "sigmoid")])
def test_a_wide_grid_does_not_warn(
    reach: float, pair: tuple[str, str], loss: str, output: str
) -> None:
    arch = architecture((2, 4, 1), "relu", output)
    network, X, Y = problem(arch, loss, 5)
    plane = parameter_plane(network.theta(arch), arch.index(pair[0]), arch.index(pair[1]))
    wide = np.linspace(-reach, reach, 5)
    found = surface(arch, plane, wide, wide, X, Y, loss)
    assert found.shape == (5, 5)
    assert np.isfinite(found[2, 2])  # at x = y = 0 nothing is wide


@pytest.mark.parametrize("huge", [1e30, 1e39])
@pytest.mark.parametrize("pair", [("W1[0,0]", "b1[0]"), ("b2[0]", "W2[0,1]")])
def test_a_surface_around_huge_parameters_does_not_warn(huge: float, pair: tuple[str, str]) -> None:
    arch = architecture((2, 4, 1))
    network, X, Y = problem(arch, "mse", 5)
    plane = parameter_plane(huge * network.theta(arch), arch.index(pair[0]), arch.index(pair[1]))
    assert surface(arch, plane, GRID_X, GRID_Y, X, Y, "mse").shape == (5, 7)


def test_a_surface_leaves_the_plane_and_the_samples_alone() -> None:
    network, X, Y = problem(ARCH, "mse", 5)
    plane = parameter_plane(network.theta(ARCH), 0, 1)
    arrays = (plane.origin, plane.u, plane.v, X, Y)
    before = [array.copy() for array in arrays]
    surface(ARCH, plane, GRID_X, GRID_Y, X, Y, "mse")
    assert all(np.array_equal(new, old) for new, old in zip(arrays, before, strict=True))
