"""The loss surface: J on a grid of a plane in parameter space, as a stack of networks.

A plane is an origin and two directions. For a plane of two parameters the directions are two unit
vectors and the origin has those two coordinates at zero, so that the grid's coordinates are the
parameters' own values.
"""

from dataclasses import dataclass

import numpy as np

from app.nn.losses import Objective
from app.nn.stack import Architecture, Pass, block_size, blocks
from app.nn.types import Array


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


def parameter_plane(theta: Array, i: int, j: int) -> Plane:
    """The plane in which parameters i and j of theta (P,) vary and all others stay.

    ValueError when i and j are the same parameter: that is a line.
    """
    if i == j:
        raise ValueError("a plane needs two different parameters")
    u, v = np.zeros_like(theta), np.zeros_like(theta)
    u[i] = v[j] = 1.0
    return Plane(theta * (1.0 - u - v), u, v)


@np.errstate(over="ignore", invalid="ignore")  # a wide grid may leave float32
def surface(
    architecture: Architecture, plane: Plane, x: Array, y: Array, X: Array, Y: Array, loss: str
) -> Array:
    """J (len(y), len(x)) in float32 on the grid of coordinates x and y.

    Layers below the lowest one that the plane touches give the same outputs for every network of
    the grid, so they are evaluated once and taken as the input of the rest.
    """
    touched = np.flatnonzero((plane.u != 0.0) | (plane.v != 0.0))
    lowest = architecture.layer_of(int(touched[0]))
    below = np.asarray(X, dtype=np.float32)
    for layer in range(lowest):
        part = Architecture(below.shape[0], architecture.layers[layer : layer + 1])
        numbers = plane.origin[architecture.offsets[layer] : architecture.offsets[layer + 1]]
        below = Pass(part, numbers[np.newaxis].astype(np.float32), X.shape[-1]).forward(below)[0]
    rest = architecture.above(lowest)
    start = architecture.offsets[lowest]
    # theta = 1·origin + x·u + y·v for a block of the grid is one product.
    basis = np.stack([plane.origin[start:], plane.u[start:], plane.v[start:]]).astype(np.float32)
    grid = np.stack([np.ones(len(x) * len(y)), np.tile(x, len(y)), np.repeat(y, len(x))], axis=1)
    grid = grid.astype(np.float32)
    count = len(grid)
    size = min(count, block_size(rest, X.shape[-1], 4))
    theta = np.empty((size, rest.parameter_count), dtype=np.float32)
    targets, objective = Y.astype(np.float32), Objective([loss])
    room = Pass(rest, theta, X.shape[-1])
    J = np.empty(count, dtype=np.float32)
    for block in blocks(count, size):
        if block.stop - block.start < size:
            theta = theta[: block.stop - block.start]
            room = Pass(rest, theta, X.shape[-1])
        np.matmul(grid[block], basis, out=theta)
        J[block] = room.losses(below, targets, objective)
    return J.reshape(len(y), len(x))
