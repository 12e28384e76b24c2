"""Planes in parameter space: how each is chosen, and where networks are on it."""

from collections.abc import Callable

import numpy as np
import pytest

from app.nn.landscape.planes import (
    NoPlane,
    Plane,
    parameter_plane,
    path_plane,
    plane_through,
    principal_plane,
    random_plane,
)
from app.nn.types import Array
from tests.nn.examples import architecture, stack

ARCH = architecture((2, 3, 4, 2))
THETA, THERE, OTHER = stack(ARCH, 3, 9)
RNG = np.random.default_rng(4)
STEPS = np.arange(40)

KINDS: dict[str, Callable[[], Plane]] = {
    "parameters": lambda: parameter_plane(THETA, 3, 17),
    "random": lambda: random_plane(ARCH, THETA, 1),
    "without biases": lambda: random_plane(ARCH, THETA, 1, biases=False),
    "between": lambda: plane_through(THETA, THERE, OTHER),
    "path": lambda: path_plane(ARCH, np.stack([THETA, OTHER, THERE]))[0],
    "straight path": lambda: path_plane(ARCH, np.stack([THETA, THERE]))[0],
    "principal": lambda: principal_plane(stack(ARCH, 40), STEPS, stack(ARCH, 3))[0],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_is_where_its_coordinates_say(kind: str) -> None:
    plane = KINDS[kind]()
    x, y = RNG.normal(size=(2, 5, 3)) * 3.0
    there = plane.point(x, y)
    np.testing.assert_allclose(plane.coordinates(there), (x, y), rtol=1e-10, atol=1e-12)
    assert plane.distance(there).max() < 1e-13


@pytest.mark.parametrize("kind", KINDS)
def test_the_distance_is_to_the_nearest_point(kind: str) -> None:
    plane = KINDS[kind]()
    theta = stack(ARCH, 1, 77)[0]
    x, y = plane.coordinates(theta)
    nearby = plane.point(x + 0.1 * RNG.normal(size=50), y + 0.1 * RNG.normal(size=50))
    nearest = plane.distance(theta)
    assert nearest == pytest.approx(np.linalg.norm(theta - plane.point(x, y)), rel=1e-12)
    assert (np.linalg.norm(theta - nearby, axis=-1) >= nearest).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_straight_line_is_a_straight_path(kind: str) -> None:
    line = THETA + np.linspace(0.0, 1.0, 11)[:, np.newaxis] * (OTHER - THETA)
    x, y = KINDS[kind]().coordinates(line)
    np.testing.assert_allclose(np.diff(x), np.diff(x)[0], rtol=1e-8, atol=1e-14)
    np.testing.assert_allclose(np.diff(y), np.diff(y)[0], rtol=1e-8, atol=1e-14)


# -- random


@pytest.mark.parametrize("biases", [True, False])
def test_random_directions_are_as_long_as_the_neurons_they_move(biases: bool) -> None:
    plane = random_plane(ARCH, THETA, 3, biases)
    columns = slice(None) if biases else slice(-1)
    for direction in (plane.u, plane.v):
        for M, own in zip(ARCH.matrices(direction[np.newaxis]), ARCH.matrices(THETA[np.newaxis]),
                          strict=True):  # fmt: skip
            np.testing.assert_allclose(
                np.linalg.norm(M[0], axis=1), np.linalg.norm(own[0, :, columns], axis=1)
            )
            assert biases or not M[0, :, -1].any()


def test_random_directions_are_those_of_their_seed() -> None:
    one, same, other = (random_plane(ARCH, THETA, seed) for seed in (5, 5, 6))
    assert np.array_equal(one.u, same.u)
    assert np.array_equal(one.v, same.v)
    assert not np.array_equal(one.u, other.u)
    assert np.array_equal(one.origin, THETA)


def test_a_neuron_of_zeros_stays_and_a_network_of_zeros_has_no_plane() -> None:
    theta = THETA.copy()
    ARCH.matrices(theta[np.newaxis])[1][0, 2] = 0.0
    plane = random_plane(ARCH, theta, 1)
    assert not ARCH.matrices(plane.u[np.newaxis])[1][0, 2].any()
    with pytest.raises(NoPlane):
        random_plane(ARCH, np.zeros_like(THETA), 1)


# -- between


def test_three_networks_lie_on_the_plane_between_them() -> None:
    plane = plane_through(THETA, THERE, OTHER)
    assert plane.distance(np.stack([THETA, THERE, OTHER])).max() < 1e-12
    x, y = plane.coordinates(np.stack([THETA, THERE, OTHER]))
    np.testing.assert_allclose((x[:2], y[:2]), ([0.0, 1.0], [0.0, 0.0]), atol=1e-13)
    assert y[2] > 0.0
    assert abs(plane.u @ plane.v) < 1e-10
    assert np.linalg.norm(plane.u) == pytest.approx(np.linalg.norm(plane.v))


@pytest.mark.parametrize("ends", [(THETA, OTHER), (THERE, THETA), (THERE, THERE),
                                  (THERE, 0.25 * THERE + 0.75 * THETA)])  # fmt: skip
def test_networks_on_one_line_have_no_plane_between_them(ends: tuple[Array, Array]) -> None:
    with pytest.raises(NoPlane):
        plane_through(THETA, *ends)


# -- along a path


def test_a_path_goes_along_the_first_axis_and_bends_to_the_second() -> None:
    t = np.linspace(0.0, 1.0, 9)[:, np.newaxis]
    path = THETA + t * (THERE - THETA) + t * (1.0 - t) * (OTHER - THETA)
    plane, bends = path_plane(ARCH, path)
    assert bends
    x, y = plane.coordinates(path)
    np.testing.assert_allclose((x[[0, -1]], y[[0, -1]]), ([0.0, 1.0], [0.0, 0.0]), atol=1e-13)
    assert plane.distance(path).max() < 1e-12  # a parabola lies in a plane
    assert int(np.argmax(y)) == 4
    assert plane.u @ plane.v == pytest.approx(0.0, abs=1e-10)
    assert np.linalg.norm(plane.v) == pytest.approx(np.linalg.norm(plane.u))


@pytest.mark.parametrize("points", [2, 3, 50])
def test_a_straight_path_has_a_random_direction_beside_it(points: int) -> None:
    path = THETA + np.linspace(0.0, 1.0, points)[:, np.newaxis] * (THERE - THETA)
    plane, bends = path_plane(ARCH, path)
    again, _ = path_plane(ARCH, path)
    assert not bends
    np.testing.assert_array_equal(plane.v, again.v)
    assert plane.u @ plane.v == pytest.approx(0.0, abs=1e-10)
    assert np.linalg.norm(plane.v) == pytest.approx(np.linalg.norm(plane.u))


def test_a_path_that_ends_where_it_began_has_no_plane() -> None:
    with pytest.raises(NoPlane):
        path_plane(ARCH, np.stack([THETA, THERE, THETA]))


# -- principal


@pytest.mark.parametrize("points", [3, 10, 200])
def test_the_principal_plane_is_that_of_a_singular_value_decomposition(points: int) -> None:
    theta = stack(ARCH, points) * np.linspace(3.0, 0.5, ARCH.parameter_count)
    plane, shares = principal_plane(theta, np.arange(points), theta[:1])
    _, s, Vt = np.linalg.svd(theta - theta.mean(axis=0), full_matrices=False)
    for axis, direction in ((plane.u, Vt[0]), (plane.v, Vt[1])):
        assert abs(axis @ direction) == pytest.approx(1.0, abs=1e-9)
    np.testing.assert_allclose(shares, s[:2] ** 2 / (s**2).sum(), rtol=1e-9)


def test_a_path_in_a_plane_is_its_own_principal_plane() -> None:
    t = np.linspace(0.0, 6.0, 60)
    path = Plane(THETA, THERE, OTHER).point(np.cos(t) * t, 2.0 * np.sin(t))
    plane, shares = principal_plane(path, np.arange(60), path[:1])
    assert sum(shares) == pytest.approx(1.0, abs=1e-12)
    assert plane.distance(path).max() < 1e-12
    assert plane.coordinates(path[0]) == pytest.approx((0.0, 0.0), abs=1e-12)


def test_points_on_a_line_have_a_plane_all_the_same() -> None:
    for path in (np.stack([THETA, OTHER]), np.linspace(THETA, OTHER, 9)):
        plane, shares = principal_plane(path, np.arange(len(path)), path[:1])
        assert shares == pytest.approx((1.0, 0.0), abs=1e-12)
        assert plane.distance(path).max() < 1e-12
        assert abs(plane.u @ plane.v) < 1e-12


def test_one_point_has_no_principal_plane() -> None:
    with pytest.raises(NoPlane):
        principal_plane(np.tile(THETA, (5, 1)), np.arange(5), THETA[np.newaxis])


def walk(seed: int, length: int) -> Array:
    """A path that turns slowly through many directions, as training does."""
    rng = np.random.default_rng(seed)
    velocity = rng.normal(size=ARCH.parameter_count)
    points = [THETA]
    for _ in range(length - 1):
        velocity = 0.99 * velocity + 0.1 * rng.normal(size=len(velocity))
        points.append(points[-1] + 0.05 * velocity)
    return np.stack(points)


@pytest.mark.parametrize("seed", range(5))
def test_axes_do_not_flip_while_a_path_grows(seed: int) -> None:
    path = walk(seed, 400)
    before: Plane | None = None
    for last in range(4, 400):
        steps = np.arange(last + 1)
        plane, shares = principal_plane(path[: last + 1], steps, path[:1])
        if before is not None and shares[0] > 1.5 * shares[1]:  # else the axes change places
            assert plane.u @ before.u > 0.0
        before = plane if shares[0] > 1.5 * shares[1] else None
