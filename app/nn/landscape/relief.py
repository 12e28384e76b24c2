"""How much shape J has over pairs of parameters: which of all surfaces is worth looking at first.

A neuron's weight and its bias are the pair that a surface is usually drawn over. Most such surfaces
are as good as flat: what a neuron of the first layer does reaches J through a small weight above
it. So J is evaluated on a coarse grid around a network for many pairs, and the pair whose heights
differ most is a picture with shape.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from app.nn.landscape.planes import parameter_plane
from app.nn.landscape.surface import nothing, surface
from app.nn.stack import Architecture
from app.nn.types import Array

POINTS = 9
"""Points of the coarse grid along each axis. An odd number: the network itself is one of them."""


@dataclass(frozen=True)
class Relief:
    """The relief of J over parameters i and j: its highest minus its lowest value on the grid.

    `inside` says whether the lowest lies within the grid and not on its rim: then there is a hollow
    to be seen.
    """

    i: int
    j: int
    height: float
    inside: bool


def pairs(architecture: Architecture, budget: float) -> list[tuple[int, int]]:
    """The indices in theta of (weight, bias) pairs: each weight with the bias of its own neuron.

    All of them, or as many as can be looked at with `budget` multiplications a sample: half of it
    for the output layer, to which J is nearest, half of what is left for the layer below, and so
    on, evenly spread within each layer. At least one.
    """
    chosen: list[tuple[int, int]] = []
    left = budget
    for layer in reversed(range(len(architecture.layers))):
        cost = POINTS * POINTS * architecture.above(layer).work(1) + architecture.work(1)
        most = int((left if layer == 0 else 0.5 * left) / cost)
        of_layer = list(_of_layer(architecture, layer))
        some = _spread(of_layer, most if chosen else max(1, most))
        left -= cost * len(some)
        chosen += some
    return chosen


def _spread(found: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """At most so many of them, evenly spread."""
    if len(found) <= most:
        return found
    return [found[place * len(found) // most] for place in range(most)]


def _of_layer(architecture: Architecture, layer: int) -> Iterator[tuple[int, int]]:
    """The pairs of one layer, row by row."""
    units, inputs = architecture.shapes[layer]
    for unit in range(units):
        row = architecture.offsets[layer] + unit * (inputs + 1)
        for column in range(inputs):
            yield row + column, row + inputs


def relief(
    architecture: Architecture,
    theta: Array,
    pair: tuple[int, int],
    reach: float,
    X: Array,
    Y: Array,
    loss: str,
    between: Callable[[], None] = nothing,
) -> Relief:
    """The relief of J within ±reach of a network theta (P,) over a pair of its parameters.

    Points at which J is not finite do not count; where none is, the relief is 0.
    """
    i, j = pair
    around = np.linspace(-reach, reach, POINTS)
    plane = parameter_plane(theta, i, j)
    J = surface(architecture, plane, theta[i] + around, theta[j] + around, X, Y, loss, between)
    finite = np.isfinite(J)
    if not finite.any():
        return Relief(i, j, 0.0, False)
    row, column = np.unravel_index(int(np.argmin(np.where(finite, J, np.inf))), J.shape)
    inside = 0 < row < POINTS - 1 and 0 < column < POINTS - 1
    return Relief(i, j, float(J[finite].max() - J[finite].min()), bool(inside))
