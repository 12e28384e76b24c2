"""One forward and one backward pass, written out: every value that the chain rule multiplies.

`stack` computes the same without storing the intermediate values; here they are all stored, for one
network. Samples are columns: A of layer l is (units, n), A of layer 0 is X.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from app.nn.activations import ACTIVATIONS, Activation
from app.nn.gradient_check import STEP
from app.nn.losses import LOSSES
from app.nn.stack import Architecture, Masks
from app.nn.types import Array

PATHS_SHOWN = 16
"""The largest number of paths above a parameter that are listed one by one."""


@dataclass(frozen=True)
class TracedLayer:
    """The values of one layer for n samples, forward and backward.

    `below` (n_in, n) is what comes in, `Z` = W·below + b and `A` = f(Z) (n_out, n); A is multiplied
    by `mask` where neurons drop out. `slope` is f'(Z), None of a softmax, which has a Jacobian.
    `back` is dJ/d(A ⊙ mask), and `delta` = dJ/dZ = back ⊙ mask ⊙ f'(Z). In the output layer of a
    loss that is computed from Z, `back` is what dJ/dA would be, not finite where that is not known.
    """

    W: Array
    b: Array
    below: Array
    Z: Array
    A: Array
    mask: Array | None
    slope: Array | None
    back: Array
    delta: Array

    @property
    def out(self) -> Array:
        """The input of the layer above, (n_out, n)."""
        return self.A if self.mask is None else self.A * self.mask

    @property
    def passed(self) -> Array:
        """f'(Z) ⊙ mask (n_out, n) of a hidden layer. Raises ValueError for a softmax."""
        if self.slope is None:
            raise ValueError("a softmax has no slope")
        return self.slope if self.mask is None else self.slope * self.mask

    def jacobian(self, sample: int) -> Array:
        """dA/dZ (n_out, n_out) of a softmax, diag(a) - a aᵀ, for one sample."""
        a = self.A[:, sample]
        return np.diag(a) - np.outer(a, a)

    @property
    def weight_gradient(self) -> Array:
        """dJ/dW (n_out, n_in) = dJ/dZ · belowᵀ."""
        return self.delta @ self.below.T

    @property
    def bias_gradient(self) -> Array:
        """dJ/db (n_out,), the sum of dJ/dZ over samples."""
        total: Array = self.delta.sum(axis=1)
        return total


@dataclass(frozen=True)
class Trace:
    """A pass over n samples: J and the layers, the first one first."""

    J: float
    layers: tuple[TracedLayer, ...]


def trace(
    architecture: Architecture,
    theta: Array,
    X: Array,
    Y: Array,
    loss: str,
    masks: Masks | None = None,
) -> Trace:
    """The pass of the network theta (P,) over X (n_x, n) and Y (n_y, n), and back."""
    views = [(W[0], b[0]) for W, b in architecture.views(theta[np.newaxis])]
    kinds = [ACTIVATIONS[layer.activation] for layer in architecture.layers]
    dropped = _masks(architecture, masks)
    forward = _forward(architecture, theta, X, masks)
    _, Z, A = forward[-1]
    back, delta = _at_output(loss, kinds[-1], Z, A, Y)
    layers: list[TracedLayer] = []
    for place in reversed(range(len(views))):
        (W, b), (below, Z, A), mask = views[place], forward[place], dropped[place]
        slope = None if kinds[place].output_only else kinds[place].derivative(Z, A)
        if slope is not None and place < len(views) - 1:
            delta = (back if mask is None else back * mask) * slope
        layers.insert(0, TracedLayer(W, b, below, Z, A, mask, slope, back, delta))
        back = W.T @ delta
    return Trace(_loss(loss, forward, Y), tuple(layers))


def value(
    architecture: Architecture,
    theta: Array,
    X: Array,
    Y: Array,
    loss: str,
    masks: Masks | None = None,
) -> float:
    """J of the network theta (P,), by the same forward pass."""
    return _loss(loss, _forward(architecture, theta, X, masks), Y)


def _forward(
    architecture: Architecture, theta: Array, X: Array, masks: Masks | None
) -> list[tuple[Array, Array, Array]]:
    """Input, Z and A (units, n) of every layer."""
    found = []
    below = X
    dropped = _masks(architecture, masks)
    for (W, b), layer, mask in zip(
        architecture.views(theta[np.newaxis]), architecture.layers, dropped, strict=True
    ):
        Z = W[0] @ below + b[0]
        A = ACTIVATIONS[layer.activation].function(Z, np.empty_like(Z))
        found.append((below, Z, A))
        below = A if mask is None else A * mask
    return found


def _masks(architecture: Architecture, masks: Masks | None) -> Masks:
    """A mask or None for every layer; from the output layer nothing drops out."""
    return [None] * len(architecture.layers) if masks is None else [*masks, None]


def _loss(loss: str, forward: Sequence[tuple[Array, Array, Array]], Y: Array) -> float:
    _, Z, A = forward[-1]
    return float(LOSSES[loss].value(Z[np.newaxis], A[np.newaxis], Y)[0])


def _at_output(loss: str, output: Activation, Z: Array, A: Array, Y: Array) -> tuple[Array, Array]:
    """dJ/dA and dJ/dZ of the output layer."""
    choice = LOSSES[loss]
    given = choice.gradient(Z[np.newaxis], A[np.newaxis], Y)[0]
    if not choice.on_logits:
        return given, given * output.derivative(Z, A)
    if choice.output_gradient is None:
        return np.full_like(A, np.nan), given
    with np.errstate(all="ignore"):
        return choice.output_gradient(A, Y), given


def difference(
    architecture: Architecture,
    theta: Array,
    index: int,
    X: Array,
    Y: Array,
    loss: str,
    masks: Masks | None = None,
) -> tuple[float, float, float, float]:
    """(J(θ+h) - J(θ-h)) / 2h along one parameter, with h, J(θ+h) and J(θ-h)."""
    h = STEP * max(1.0, abs(float(theta[index])))
    up, down = theta.copy(), theta.copy()
    up[index] += h
    down[index] -= h
    above, below = (value(architecture, moved, X, Y, loss, masks) for moved in (up, down))
    return (above - below) / float(up[index] - down[index]), h, above, below


@dataclass(frozen=True)
class TracedPath:
    """One path upwards from a neuron: a neuron of every layer above, and what is multiplied."""

    units: tuple[int, ...]
    factors: tuple[float, ...]
    product: float


def paths(
    layers: Sequence[TracedLayer], layer: int, unit: int, sample: int
) -> list[TracedPath] | None:
    """dJ/dz of a neuron for one sample, as a sum of products: one for each path to the outputs.

    A path names a neuron of every layer above; its factors are f'(z) of the neuron itself and
    then, upwards, w and f'(z) of every neuron on the way (0 if it is dropped), and last dJ/dz of
    the output. None where there are more than PATHS_SHOWN, and `layer` counts from 0.
    """
    above = range(layer + 1, len(layers))
    if prod(len(layers[place].b) for place in above) > PATHS_SHOWN:
        return None
    found = []
    for units in product(*(range(len(layers[place].b)) for place in above)):
        factors: list[float] = []
        at = unit
        for place, to in zip(above, units, strict=True):
            factors += [float(layers[place - 1].passed[at, sample]), float(layers[place].W[to, at])]
            at = to
        factors.append(float(layers[-1].delta[at, sample]))
        found.append(TracedPath(units, tuple(factors), float(np.prod(factors))))
    return found
