"""The loss surface: J on a grid of a plane in parameter space, as a stack of networks.

A surface takes a while, so it is evaluated in blocks, and a caller may do something between them.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from app.nn.family import Family, points_of
from app.nn.planes import Plane
from app.nn.stack import Architecture, Pass, blocks
from app.nn.types import Array

BLOCK_BYTES = 1 << 18
"""Room for the widest layer of a block of networks: two of them stay in the cache."""


def nothing() -> None:
    """What is done between two blocks, unless the caller has something to do."""


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
        columns, rows = np.meshgrid(x, y)
        J = heights(architecture, plane, columns.ravel(), rows.ravel(), X, Y, loss, between)
        return J.reshape(len(y), len(x))
    if along_u > along_v:
        swapped = Plane(plane.origin, plane.v, plane.u)
        return surface(architecture, swapped, y, x, X, Y, loss, between).T
    lines = np.empty((len(x), len(y)), dtype=np.float32)
    size = _block_size(architecture, X.shape[-1], len(y))
    family = _upper(architecture, plane, along_v, Y, loss, size)
    for place, inputs in enumerate(_lines(architecture, plane, (along_u, along_v), x, X, between)):
        family.share(inputs)
        points = points_of(np.full(len(y), x[place]), y, size)
        lines[place] = _all(family, points, between)[: len(y)]
    return lines.T


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
    family = _upper(architecture, plane, lowest, Y, loss, size)
    family.share(_outputs(architecture, plane.origin[np.newaxis], (0, lowest), X)[0])
    return _all(family, points_of(x, y, size), between)[: len(x)]


def _all(family: Family, points: Sequence[Array], between: Callable[[], None]) -> Array:
    J = []
    for block in points:
        between()
        J.append(family.losses(block))
    return np.concatenate(J)


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
) -> Family:
    """The family of what lies above the lowest layers."""
    start = architecture.offsets[layer]
    part = Plane(plane.origin[start:], plane.u[start:], plane.v[start:])
    return Family(architecture.above(layer), part, Y, loss, size)


def _outputs(
    architecture: Architecture, theta: Array, layers: tuple[int, int], inputs: Array
) -> Array:
    """What some of the layers of networks theta (K, P) make of inputs (n_in, n): (K, units, n)."""
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
    """For each coordinate x, what the layers that only the first axis moves put out, (units, n)."""
    low, high = layers
    below = _outputs(architecture, plane.origin[np.newaxis], (0, low), X)[0]
    widest = max(layer.units for layer in architecture.layers[low:high])
    size = max(1, BLOCK_BYTES // (widest * X.shape[-1] * 4))
    for block in blocks(len(x), size):
        between()
        theta = plane.point(x[block], np.zeros(1))
        yield from _outputs(architecture, theta, (low, high), below)
