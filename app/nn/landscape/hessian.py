"""The Hessian of J: exact products with it, which need no matrix.

H·d is the derivative of the gradient along d. Forward and backward pass are differentiated line by
line, so that a product costs two gradients and is exact but for rounding (Pearlmutter 1994, Fast
exact multiplication by the Hessian). Differences of gradients would be as cheap, but step across
the kinks of relu, where a gradient jumps, and then show a curvature that is none.
"""

from dataclasses import dataclass

import numpy as np

from app.nn.activations import ACTIVATIONS
from app.nn.landscape.planes import Plane
from app.nn.landscape.second_derivatives import BENDS, CHANGES
from app.nn.losses import LOSSES
from app.nn.stack import Architecture
from app.nn.types import Array


@dataclass
class _LayerPass:
    """What one layer's pass leaves behind.

    `M` (n_out, n_in + 1), its inputs `below` (n_in + 1, n), whose last row is ones, `slope` f' and
    `bend` f''·dJ/dA (n_out, n), and `delta` dJ/dZ (n_out, n).
    """

    M: Array
    below: Array
    slope: Array
    bend: Array
    delta: Array


class Hessian:
    """H·d for any direction d (P,), at theta (P,), on X (n_x, n) and Y (n_y, n)."""

    def __init__(
        self, architecture: Architecture, theta: Array, X: Array, Y: Array, loss: str
    ) -> None:
        self.theta = theta
        self._architecture = architecture
        self._Y = Y
        self._on_logits = LOSSES[loss].on_logits
        self._change = CHANGES[loss]
        matrices = [M[0] for M in architecture.matrices(theta[np.newaxis])]
        self._layers: list[_LayerPass] = []
        A = X
        for M, layer in zip(matrices, architecture.layers, strict=True):
            activation, below = ACTIVATIONS[layer.activation], _with_ones(A)
            Z = M @ below
            A = activation.function(Z, np.empty_like(Z))
            slope = activation.derivative(Z, A)
            last = len(self._layers) + 1 == len(matrices)
            flat = last and self._on_logits  # its loss is taken by Z, so that f does not matter
            bend = np.zeros_like(Z) if flat else BENDS[layer.activation](Z, A)
            self._layers.append(_LayerPass(M, below, slope, bend, Z))
        self._A = A
        self._backward(LOSSES[loss].gradient(Z, A, Y))

    def _backward(self, gradient: Array) -> None:
        """The `delta` and `bend` of every layer, from the gradient of the loss."""
        last = self._layers[-1]
        last.bend *= gradient
        last.delta = gradient if self._on_logits else gradient * last.slope
        for upper, layer in zip(self._layers[:0:-1], self._layers[-2::-1], strict=True):
            dA = upper.M[:, :-1].T @ upper.delta
            layer.bend *= dA
            layer.delta = dA * layer.slope

    def product(self, direction: Array) -> Array:
        """H·d (P,) for d (P,)."""
        directions = [M[0] for M in self._architecture.matrices(direction[np.newaxis])]
        dZs, dAs = [], [np.zeros_like(self._layers[0].below[:-1])]
        for layer, dM in zip(self._layers, directions, strict=True):
            dZs.append(dM @ layer.below + layer.M[:, :-1] @ dAs[-1])
            dAs.append(layer.slope * dZs[-1])
        change: Array = np.empty_like(self.theta)
        parts = [M[0] for M in self._architecture.matrices(change[np.newaxis])]
        d_delta = self._d_output(dZs[-1], dAs[-1])
        for place in range(len(parts) - 1, -1, -1):
            layer = self._layers[place]
            parts[place][...] = d_delta @ layer.below.T
            parts[place][:, :-1] += layer.delta @ dAs[place].T
            if place:
                back = layer.M[:, :-1].T @ d_delta + directions[place][:, :-1].T @ layer.delta
                lower = self._layers[place - 1]
                d_delta = lower.slope * back + lower.bend * dZs[place - 1]
        return change

    def _d_output(self, dZ: Array, dA: Array) -> Array:
        """How dJ/dZ of the output layer changes, (n_y, n)."""
        last = self._layers[-1]
        if self._on_logits:
            return self._change(self._A, self._Y, dZ)
        return last.slope * self._change(self._A, self._Y, dA) + last.bend * dZ


def _with_ones(A: Array) -> Array:
    return np.concatenate([A, np.ones((1, A.shape[1]))])


def plane_hessian(
    architecture: Architecture,
    plane: Plane,
    x: float,
    y: float,
    X: Array,
    Y: Array,
    loss: str,
) -> Array:
    """The Hessian (2, 2) of J with respect to the coordinates of a plane, at (x, y)."""
    hessian = Hessian(architecture, plane.point(x, y), X, Y, loss)
    along_u, along_v = hessian.product(plane.u), hessian.product(plane.v)
    mixed = plane.u @ along_v
    return np.array([[plane.u @ along_u, mixed], [mixed, plane.v @ along_v]])
