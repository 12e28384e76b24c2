"""The loss surface: J on a grid of a plane in parameter space, as a stack of networks.

A surface takes a while, so it is evaluated in blocks, and a caller may do something between them.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from app.nn.landscape.plane_stack import PlaneStack
from app.nn.landscape.planes import Plane
from app.nn.stack import Architecture, Pass, blocks
from app.nn.types import Array

BLOCK_BYTES = 7 << 16
"""Room for the widest layer of a block of networks: two of them, in turn, stay in the cache."""
_AT_ONCE = 16
"""The points of so many blocks are made at once: few calls, and no more memory for more points."""

Coordinates = Callable[[NDArray[np.int64]], tuple[Array, Array]]
"""Gives x and y (K,) of the points with these numbers (K,)."""


def nothing() -> None:
    """The default callback between two blocks."""


@np.errstate(over="ignore", invalid="ignore")  # a wide grid may leave float32
def surface(
    architecture: Architecture,
    plane: Plane,
    x: Array,
    y: Array,
    X: Array,
    Y: Array,
    loss: str,
    between: Callable[[], None] = nothing,
) -> Array:
    """J (len(y), len(x)) in float32 on the grid of coordinates x and y.

    `between` is called between two blocks of the grid. Where one axis begins to move in a higher
    layer than the other, the layers below it are the same along it, and evaluated once a line.
    """
    along_u, along_v = _first_moved(architecture, plane.u), _first_moved(architecture, plane.v)
    if along_u == along_v:
        size = _block_size(architecture, X.shape[-1], len(x) * len(y))
        stack = _above(architecture, plane, along_u, X, Y, loss, size)
        return _evaluate(
            stack, len(x) * len(y), lambda k: (x[k % len(x)], y[k // len(x)]), between
        ).reshape(len(y), len(x))
    if along_u > along_v:
        swapped = Plane(plane.origin, plane.v, plane.u)
        return surface(architecture, swapped, y, x, X, Y, loss, between).T
    lines = np.empty((len(x), len(y)), dtype=np.float32)
    size = _block_size(architecture, X.shape[-1], len(y))
    stack = _upper(architecture, plane, along_v, Y, loss, size)
    inputs = _lines(architecture, plane, (along_u, along_v), x, X, between)
    for line, along, below in zip(lines, x, inputs, strict=True):
        stack.share(below)
        line[...] = _evaluate(stack, len(y), _line(along, y), between)
    return lines.T


def _line(x: Array, y: Array) -> Coordinates:
    return lambda k: (x, y[k])


@np.errstate(over="ignore", invalid="ignore")
def heights(
    architecture: Architecture,
    plane: Plane,
    x: Array,
    y: Array,
    X: Array,
    Y: Array,
    loss: str,
    between: Callable[[], None] = nothing,
) -> Array:
    """J (N,) in float32 at points of a plane with coordinates x and y, each (N,)."""
    lowest = min(_first_moved(architecture, direction) for direction in (plane.u, plane.v))
    size = _block_size(architecture, X.shape[-1], len(x))
    stack = _above(architecture, plane, lowest, X, Y, loss, size)
    return _evaluate(stack, len(x), lambda k: (x[k], y[k]), between)


def _evaluate(
    stack: PlaneStack, count: int, coordinates: Coordinates, between: Callable[[], None]
) -> Array:
    """J (count,); a last block that is not full repeats its last point."""
    size = stack.size
    J = np.empty(-(-count // size) * size, dtype=np.float32)
    for part in blocks(len(J), _AT_ONCE * size):
        points = np.ones((part.stop - part.start, 3), dtype=np.float32)
        numbers = np.minimum(np.arange(part.start, part.stop), count - 1)
        points[:, 1], points[:, 2] = coordinates(numbers)
        for block in blocks(len(points), size):
            between()
            J[part][block] = stack.losses(points[block])
    return J[:count]


def _first_moved(architecture: Architecture, direction: Array) -> int:
    """The lowest layer, counted from 0, of which a direction (P,) moves something."""
    return architecture.layer_of(int(np.flatnonzero(direction)[0]))


def _block_size(architecture: Architecture, samples: int, count: int) -> int:
    """How many networks to evaluate at once: as many blocks as needed, all of one size."""
    widest = max(layer.units for layer in architecture.layers)
    most = max(1, BLOCK_BYTES // (widest * samples * 4))
    return -(-count // -(-count // most))


def _upper(
    architecture: Architecture, plane: Plane, layer: int, Y: Array, loss: str, size: int
) -> PlaneStack:
    """The stack of the layers from `layer` upwards."""
    start = architecture.offsets[layer]
    part = Plane(plane.origin[start:], plane.u[start:], plane.v[start:])
    return PlaneStack(architecture.above(layer), part, Y, loss, size)


def _above(
    architecture: Architecture, plane: Plane, layer: int, X: Array, Y: Array, loss: str, size: int
) -> PlaneStack:
    """The same, fed with the outputs for X of the layers below, which the plane does not move."""
    stack = _upper(architecture, plane, layer, Y, loss, size)
    stack.share(_outputs(architecture, plane.origin[np.newaxis], (0, layer), X)[0])
    return stack


def _outputs(
    architecture: Architecture, theta: Array, layers: tuple[int, int], inputs: Array
) -> Array:
    """The outputs (K, units, n) of some layers of networks theta (K, P) for inputs (n_in, n)."""
    below = np.asarray(inputs, dtype=np.float32)
    low, high = layers
    if low == high:
        return np.broadcast_to(below, (len(theta), *below.shape))
    part = Architecture(len(below), architecture.layers[low:high])
    numbers = theta[:, architecture.offsets[low] : architecture.offsets[high]]
    return Pass(part, np.ascontiguousarray(numbers, dtype=np.float32), below.shape[-1]).forward(
        below
    )


def _lines(
    architecture: Architecture,
    plane: Plane,
    layers: tuple[int, int],
    x: Array,
    X: Array,
    between: Callable[[], None],
) -> Iterator[Array]:
    """For each x, the outputs (units, n) of the layers that only the first axis moves."""
    low, high = layers
    below = _outputs(architecture, plane.origin[np.newaxis], (0, low), X)[0]
    widest = max(layer.units for layer in architecture.layers[low:high])
    size = max(1, BLOCK_BYTES // (widest * X.shape[-1] * 4))
    for block in blocks(len(x), size):
        between()
        theta = plane.point(x[block], np.zeros(1))
        yield from _outputs(architecture, theta, (low, high), below)
