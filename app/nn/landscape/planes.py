"""Planes in parameter space: an origin and two directions, on which a loss surface is drawn.

Five ways to choose one: two parameters; two random directions, filter-normalised (Li et al. 2018);
the two along which the paths of the runs vary most; through three networks, the two ends of a
linear interpolation among them; and along a path, from its start to its end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nn.stack import Architecture
from app.nn.types import Array

FLAT = 1e-12
"""Two directions span no plane when the sine of the angle between them is smaller than this."""
STRAIGHT = 1e-9
"""A path is straight that leaves the line between its ends by less than this share of its length.
"""


class NoPlane(ValueError):
    """Error of points or parameters that do not span a plane."""


@dataclass(frozen=True)
class Plane:
    """origin + x · u + y · v, each (P,)."""

    origin: Array
    u: Array
    v: Array

    def coordinates(self, theta: Array) -> tuple[Array, Array]:
        """Where networks theta (…, P) are on the plane: their least-squares x and y, each (…,)."""
        uu, uv, vv = self.u @ self.u, self.u @ self.v, self.v @ self.v
        away = theta - self.origin
        along_u, along_v = away @ self.u, away @ self.v
        determinant = uu * vv - uv * uv
        return (
            (vv * along_u - uv * along_v) / determinant,
            (uu * along_v - uv * along_u) / determinant,
        )

    def point(self, x: Array | float, y: Array | float) -> Array:
        """theta (…, P), the networks at coordinates x and y, each (…,)."""
        along_u, along_v = np.asarray(x)[..., np.newaxis], np.asarray(y)[..., np.newaxis]
        there: Array = self.origin + along_u * self.u + along_v * self.v
        return there

    def distance(self, theta: Array) -> Array:
        """How far networks theta (…, P) are from the plane, (…,)."""
        away: Array = np.linalg.norm(theta - self.point(*self.coordinates(theta)), axis=-1)
        return away


def parameter_plane(theta: Array, i: int, j: int) -> Plane:
    """The plane in which parameters i and j of theta (P,) vary and all others stay.

    Its origin has those two at zero, so that the coordinates are the parameters' own values.
    Raises NoPlane if i and j are the same parameter: that is a line.
    """
    if i == j:
        raise NoPlane("a plane needs two different parameters")
    u, v = np.zeros_like(theta), np.zeros_like(theta)
    u[i] = v[j] = 1.0
    return Plane(theta * (1.0 - u - v), u, v)


def random_plane(architecture: Architecture, theta: Array, seed: int, biases: bool = True) -> Plane:
    """A plane through theta (P,) along two random directions, filter-normalised.

    Every neuron's part of a direction is as long as the neuron's own row of weights, so that a step
    of 1 changes all of them by as much, relative to their size: networks that are the same function
    with other scales have the same picture. With `biases` a neuron's row is its weights and its
    bias; without, biases stay. Li et al. (2018), Visualizing the Loss Landscape of Neural Nets, §4.
    Raises NoPlane if all of those numbers are zero, and so is the length of every direction.
    """
    draws = np.random.default_rng(np.random.SeedSequence(seed)).standard_normal((2, len(theta)))
    rows = architecture.matrices(theta[np.newaxis])
    for layer, M in zip(architecture.matrices(draws), rows, strict=True):
        if not biases:
            layer[:, :, -1] = 0.0
        own = M if biases else M[:, :, :-1]
        length = np.linalg.norm(own, axis=-1, keepdims=True)  # (1, n_out, 1)
        layer *= length / np.linalg.norm(layer, axis=-1, keepdims=True)
    u, v = draws
    if not _independent(u, v):
        raise NoPlane("all weights are zero, so directions of their size have no length")
    return Plane(theta.copy(), u, v)


def plane_through(here: Array, there: Array, other: Array) -> Plane:
    """The plane through three networks, each theta (P,).

    `here` is at (0, 0), `there` at (1, 0), and `other` above them. Both axes have the same unit,
    the distance from here to there, so that angles are true. Garipov et al. (2018), Loss Surfaces,
    Mode Connectivity, and Fast Ensembling of DNNs, appendix A.1. Raises NoPlane if they lie on a
    line.
    """
    u, away = there - here, other - here
    if not _independent(u, away):
        raise NoPlane("the three networks lie on one line")
    v = away - (away @ u) / (u @ u) * u
    return Plane(here.copy(), u, v * (np.linalg.norm(u) / np.linalg.norm(v)))


def path_plane(architecture: Architecture, path: Array) -> tuple[Plane, bool]:
    """The plane along a path (C, P), and whether the path bends.

    Its first point is at (0, 0), its last one at (1, 0): J along this axis is J on the straight
    line between them (Goodfellow, Vinyals & Saxe 2015, Qualitatively characterizing neural network
    optimization problems, §3). The point farthest from that line lies above it; where the path is
    straight, a random direction takes its place. Both axes have the same unit. Raises NoPlane if
    the ends are the same, or if a straight path ends where all weights are zero.
    """
    start, end = path[0], path[-1]
    u = end - start
    length = float(np.linalg.norm(u))
    if length == 0.0 or not np.isfinite(length):
        raise NoPlane("the path ends where it began")
    away = path - start
    off = np.linalg.norm(away - ((away @ u) / (u @ u))[:, np.newaxis] * u, axis=1)
    farthest = int(np.argmax(off))
    bends = bool(off[farthest] > STRAIGHT * length)
    other = path[farthest] if bends else start + random_plane(architecture, end, 1).u
    return plane_through(start, end, other), bends


def principal_plane(
    points: Array, steps: NDArray[np.int64], starts: Array
) -> tuple[Plane, tuple[float, float]]:
    """The plane nearest to `points` (N, P), with the share of their variance along each axis.

    Principal component analysis; axes have length 1, and (0, 0) is the point of the plane nearest
    to the middle of `starts` (S, P), which, unlike the middle of the points, stays where it is.
    `steps` (N,) says when each point was reached, so that axes keep their directions while the
    paths grow; see `_directions`. Where the points lie on a line, the second axis is a direction
    across it, always the same. Raises NoPlane if all points are the same.
    """
    axes, shares = _principal_axes(points)
    if axes is None:
        raise NoPlane("the paths are a single point")
    middle = points.mean(axis=0)
    u, v = axes * _directions(points, steps, axes)[:, np.newaxis]
    return Plane(middle + _onto(starts.mean(axis=0) - middle, u, v), u, v), shares


def _onto(away: Array, u: Array, v: Array) -> Array:
    onto: Array = (away @ u) * u + (away @ v) * v
    return onto


def _principal_axes(points: Array) -> tuple[Array | None, tuple[float, float]]:
    """The two directions (2, P), orthonormal, along which points (N, P) vary most; their shares.

    Both come from the eigenvectors of the smaller of the Gram matrices A·Aᵀ (N, N) and Aᵀ·A (P, P)
    of the centred points A: with A·Aᵀ w = λ w, the direction is Aᵀ w / √λ.
    """
    A = points - points.mean(axis=0)
    reach = float(np.abs(A).max(initial=0.0))
    # The rounding errors of points that are all the same are no direction.
    if reach <= 1e-14 * float(np.abs(points).max(initial=0.0)):
        return None, (0.0, 0.0)
    A = A / reach  # squares of numbers as large as 1e200 would not be finite
    count, width = A.shape
    if width <= count:
        values, vectors = np.linalg.eigh(A.T @ A)
        axes = vectors[:, ::-1][:, :2].T
    else:
        values, vectors = np.linalg.eigh(A @ A.T)
        axes = vectors[:, ::-1][:, :2].T @ A
    largest = np.maximum(values[::-1][:2], 0.0)
    # Squaring has cost half of the digits: a second axis below that is rounding, not a direction.
    flat = len(largest) < 2 or largest[1] <= 1e-14 * largest[0]
    u = axes[0] / np.linalg.norm(axes[0])
    v = _across(u) if flat else axes[1] - (axes[1] @ u) * u
    v = v - (v @ u) * u  # again: what the first time left of u counts where v is short
    second = 0.0 if flat else float(largest[1])
    total = float(values.clip(0.0).sum())
    return np.stack([u, v / np.linalg.norm(v)]), (float(largest[0]) / total, second / total)


def _across(u: Array) -> Array:
    """A direction across u (P,), always the same one."""
    rough = np.random.default_rng(0).standard_normal(len(u))
    across: Array = rough - (rough @ u) * u
    return across


def _directions(points: Array, steps: NDArray[np.int64], axes: Array) -> Array:
    """The signs (2,) with which axes keep the directions they had before.

    The sign of an axis is arbitrary, and a change of sign would mirror the picture. So it is
    compared with the axes that the paths had a little earlier, those with the ones before, and so
    on: at fixed steps, each half as far again as the one before, so that any two of these pictures
    lie on one chain of comparisons, whoever computes it.
    """
    signs = np.ones(2)
    later = axes
    for rung in _rungs(int(steps.max())):
        earlier, shares = _principal_axes(points[steps <= rung])
        if earlier is None or shares[1] == 0.0:
            break
        signs *= np.where(np.einsum("ap,ap->a", later, earlier) < 0.0, -1.0, 1.0)
        later = earlier
    largest = later[np.arange(2), np.abs(later).argmax(axis=1)]
    return signs * np.where(largest < 0.0, -1.0, 1.0)


def _rungs(step: int) -> list[int]:
    """The fixed steps 2, 3, 4, 6, 9, 13, … before `step`, the last first."""
    rungs = [2]
    while rungs[-1] < step:
        rungs.append(max(rungs[-1] + 1, rungs[-1] * 3 // 2))
    return [rung for rung in reversed(rungs) if rung < step]


def _independent(u: Array, v: Array) -> bool:
    lengths = float(np.linalg.norm(u)), float(np.linalg.norm(v))
    if min(lengths) == 0.0 or not np.isfinite(lengths).all():
        return False
    one, other = u / lengths[0], v / lengths[1]
    return bool(np.linalg.norm(other - (other @ one) * one) > FLAT)
