"""The loss surface: J on a grid of a plane in parameter space, as a stack of networks."""

import numpy as np

from app.nn.losses import Objective
from app.nn.planes import Plane
from app.nn.stack import Architecture, Pass, block_size, blocks
from app.nn.types import Array


def surface(
    architecture: Architecture, plane: Plane, x: Array, y: Array, X: Array, Y: Array, loss: str
) -> Array:
    """J (len(y), len(x)) in float32 on the grid of coordinates x and y."""
    columns, rows = np.meshgrid(x, y)
    J = heights(architecture, plane, columns.ravel(), rows.ravel(), X, Y, loss)
    return J.reshape(len(y), len(x))


@np.errstate(over="ignore", invalid="ignore")  # a wide grid may leave float32
def heights(
    architecture: Architecture, plane: Plane, x: Array, y: Array, X: Array, Y: Array, loss: str
) -> Array:
    """J (N,) in float32 at points of a plane with coordinates x and y, each (N,).

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
    # theta = 1·origin + x·u + y·v for a block of the points is one product.
    basis = np.stack([plane.origin[start:], plane.u[start:], plane.v[start:]]).astype(np.float32)
    points = np.stack([np.ones(len(x)), x, y], axis=1).astype(np.float32)
    count = len(points)
    size = min(count, block_size(rest, X.shape[-1], 4))
    theta = np.empty((size, rest.parameter_count), dtype=np.float32)
    targets, objective = Y.astype(np.float32), Objective([loss])
    room = Pass(rest, theta, X.shape[-1])
    J = np.empty(count, dtype=np.float32)
    for block in blocks(count, size):
        if block.stop - block.start < size:
            theta = theta[: block.stop - block.start]
            room = Pass(rest, theta, X.shape[-1])
        np.matmul(points[block], basis, out=theta)
        J[block] = room.losses(below, targets, objective)
    return J
