"""One forward and one backward pass, written out: every value that the chain rule multiplies.

The engine in `stack` computes the same without keeping what a reader wants to see; this one is for
one network and keeps it all. Samples are columns: A of layer l is (units, n), A of layer 0 is X.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from app.nn.activations import ACTIVATIONS
from app.nn.gradient_check import STEP
from app.nn.losses import LOSSES
from app.nn.stack import Architecture
from app.nn.types import Array

PATHS_SHOWN = 16
"""Paths through the layers above a parameter are told one by one while there are no more."""


@dataclass(frozen=True)
class TracedLayer:
    """What one layer computes for n samples, forward and backward.

    `below` (n_in, n) is what comes in, `Z` = W·below + b and `A` = f(Z) (n_out, n). `slope` is
    f'(Z), `back` is dJ/dA, and `delta` = dJ/dZ = dJ/dA ⊙ f'(Z). In the output layer of a loss that
    is computed from Z, dJ/dZ is what is known, and dJ/dA = dJ/dZ / f'(Z), NaN where f'(Z) is 0.
    """

    W: Array
    b: Array
    below: Array
    Z: Array
    A: Array
    slope: Array
    back: Array
    delta: Array

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


def trace(architecture: Architecture, theta: Array, X: Array, Y: Array, loss: str) -> Trace:
    """The pass of the network theta (P,) over X (n_x, n) and Y (n_y, n), and back."""
    views = [(W[0], b[0]) for W, b in architecture.views(theta[np.newaxis])]
    below, forward = X, []
    for (W, b), layer in zip(views, architecture.layers, strict=True):
        Z = W @ below + b
        A = ACTIVATIONS[layer.activation].function(Z, np.empty_like(Z))
        forward.append((below, Z, A))
        below = A
    J = float(LOSSES[loss].value(Z[np.newaxis], A[np.newaxis], Y)[0])
    layers: list[TracedLayer] = []
    back: Array = np.empty_like(A)
    for place in reversed(range(len(views))):
        (W, b), (below, Z, A) = views[place], forward[place]
        slope = ACTIVATIONS[architecture.layers[place].activation].derivative(Z, A)
        if place == len(views) - 1:
            given = LOSSES[loss].gradient(Z[np.newaxis], A[np.newaxis], Y)[0]
            if LOSSES[loss].on_logits:
                delta = given
                with np.errstate(all="ignore"):
                    back = np.where(slope == 0.0, np.nan, delta / slope)
            else:
                back, delta = given, given * slope
        else:
            delta = back * slope
        layers.insert(0, TracedLayer(W, b, below, Z, A, slope, back, delta))
        back = W.T @ delta
    return Trace(J, tuple(layers))


def value(architecture: Architecture, theta: Array, X: Array, Y: Array, loss: str) -> float:
    """J of the network theta (P,), by the same forward pass."""
    return trace(architecture, theta, X, Y, loss).J


def difference(
    architecture: Architecture, theta: Array, index: int, X: Array, Y: Array, loss: str
) -> tuple[float, float, float, float]:
    """(J(θ+h) - J(θ-h)) / 2h along one parameter, with h, J(θ+h) and J(θ-h)."""
    h = STEP * max(1.0, abs(float(theta[index])))
    up, down = theta.copy(), theta.copy()
    up[index] += h
    down[index] -= h
    above, below = (value(architecture, moved, X, Y, loss) for moved in (up, down))
    return (above - below) / float(up[index] - down[index]), h, above, below


def paths(
    layers: Sequence[TracedLayer], layer: int, unit: int, sample: int
) -> list[dict[str, Any]] | None:
    """dJ/dz of a neuron for one sample, as a sum of products: one for each path to the outputs.

    A path names a neuron of every layer above; its factors are f'(z) of the neuron itself and
    then, upwards, w and f'(z) of every neuron on the way, and dJ/da of the output. A loss computed
    from Z gives dJ/dz of the output at once, without the last f'. None where there are more than
    PATHS_SHOWN, and `layer` counts from 0.
    """
    above = range(layer + 1, len(layers))
    if prod(len(layers[place].b) for place in above) > PATHS_SHOWN:
        return None
    found = []
    for units in product(*(range(len(layers[place].b)) for place in above)):
        factors: list[float] = []
        at = unit
        for place, to in zip(above, units, strict=True):
            factors += [float(layers[place - 1].slope[at, sample]), float(layers[place].W[to, at])]
            at = to
        factors.append(float(layers[-1].delta[at, sample]))
        found.append({"units": list(units), "factors": factors, "product": float(np.prod(factors))})
    return found
