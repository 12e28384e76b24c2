"""Networks at the points of a plane, evaluated without repeating what they share.

In the lowest layer that the plane moves, Z = (M + x U + y V) A with one A for all networks, which
is M A + x (U A) + y (V A): three numbers for each neuron and sample, whatever the layer's width;
and of the neurons that the plane leaves alone there is one for all. In the layer above, what a few
moved neurons change is an update of low rank, and where the plane moves nothing, a layer is one
matrix product for a whole block of networks.

All in float32, in blocks that fit the cache, in buffers that every block uses anew. A layer of K
networks lies in memory as (units, K, n), so that a neuron of all networks is one piece. Rows come
in the layer's own order: first the neurons that the plane moves, then the others.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.nn.activations import ACTIVATIONS
from app.nn.landscape.planes import Plane
from app.nn.losses import Objective
from app.nn.stack import Architecture
from app.nn.types import Array

FEW = 2
"""Up to so many moved neurons, the layer above them is an update of low rank."""


class PlaneStack:
    """`size` networks of a plane at a time, on n samples with targets Y (n_y, n).

    `share` takes the input of the first layer, the same for all; `losses` evaluates points.
    The plane must move something in the first layer.
    """

    def __init__(
        self, architecture: Architecture, plane: Plane, Y: Array, loss: str, size: int
    ) -> None:
        rows = np.stack([plane.origin, plane.u, plane.v]).astype(np.float32)
        self._layers: list[_Layer] = []
        order = np.arange(architecture.inputs)
        for M, layer in zip(architecture.matrices(rows), architecture.layers, strict=True):
            self._layers.append(_Layer(M, order, layer.activation))
            order = self._layers[-1].order
        self.size, samples = size, Y.shape[-1]
        self._value = _value(loss, self._layers[-1].activation, Y[order].astype(np.float32))
        self._inputs = np.ones((architecture.inputs + 1, samples), dtype=np.float32)
        first = self._layers[0]
        self._first = _buffer(first.units, size, samples)
        self._others = _Buffers(size, samples)
        self._terms = np.empty((first.moved, 3, samples), dtype=np.float32)
        second = self._layers[1] if len(self._layers) > 1 else None
        self._low_rank = second is not None and second.moved == 0 and first.moved <= FEW
        self._base = np.empty((0, samples), dtype=np.float32)

    def share(self, inputs: Array) -> None:
        """Take the input (n_in, n) of the first layer of every network."""
        first = self._layers[0]
        self._inputs[:-1] = inputs
        self._terms[...] = (first.M[:, : first.moved] @ self._inputs).swapaxes(0, 1)
        same = first.M[0, first.moved :] @ self._inputs
        if len(self._layers) == 1:
            self._first[first.moved : -1] = same[:, np.newaxis]
            return
        first.activate(same)
        if self._low_rank:
            above = self._layers[1].M[0]
            self._base = above[:, first.moved : -1] @ same + above[:, -1:]
        else:
            self._first[first.moved : -1] = same[:, np.newaxis]

    def losses(self, points: Array) -> Array:
        """J (size,) at points (size, 3), each (1, x, y)."""
        first, *above = self._layers
        moved = self._first[: first.moved]
        np.matmul(points[np.newaxis], self._terms, out=moved)
        if not above:
            return self._value(self._first[:-1])
        first.activate(moved)
        A = self._first
        for place, layer in enumerate(above):
            out = self._others.next(layer.units)
            Z = out[:-1]
            if place == 0 and self._low_rank:
                _update(layer.M[0, :, : first.moved], moved, Z)
                Z += self._base[:, np.newaxis]
            else:
                layer.product(points, A, Z)
            if layer is not above[-1]:
                layer.activate(Z)
            A = out
        return self._value(A[:-1])


class _Layer:
    """A layer of the stack: M + x U + y V, rows and columns in the layers' own orders."""

    def __init__(self, M: Array, order: Any, activation: str) -> None:
        moves = (M[1:] != 0.0).any(axis=(0, 2))
        self.order = np.argsort(~moves, kind="stable")
        self.moved = int(moves.sum())
        columns = np.append(order, M.shape[2] - 1)  # the biases come last
        self.M = np.ascontiguousarray(M[:, self.order][:, :, columns])
        self.units = M.shape[1]
        self.activation = activation
        self._function = ACTIVATIONS[activation].function
        self._basis = self.M[:, : self.moved].reshape(3, -1)

    def activate(self, Z: Array) -> None:
        """f(Z), in place."""
        self._function(Z, Z)

    def product(self, points: Array, A: Array, Z: Array) -> None:
        """Writes (M + x U + y V) A into Z (units, K, n), for A (n_in + 1, K, n)."""
        if self.moved:
            M = (points @ self._basis).reshape(len(points), self.moved, -1)
            np.matmul(M, A.swapaxes(0, 1), out=Z[: self.moved].swapaxes(0, 1))
        if self.moved < self.units:
            flat = A.reshape(len(A), -1)
            np.matmul(self.M[0, self.moved :], flat, out=Z[self.moved :].reshape(-1, flat.shape[1]))


def _update(W: Array, A: Array, Z: Array) -> None:
    """Writes W A into Z (n_out, K, n) for A (few, K, n)."""
    if len(A) == 1:
        np.multiply(W[:, :, np.newaxis], A, out=Z)
    else:
        np.matmul(W, A.reshape(len(A), -1), out=Z.reshape(len(Z), -1))


class _Buffers:
    """Room for layers, each with a last row of ones, which meets the biases in the next product.

    A layer is written while the one below it is read: two of each width are enough, in turn.
    """

    def __init__(self, size: int, samples: int) -> None:
        self._shape = size, samples
        self._pairs: dict[int, list[Array]] = {}

    def next(self, units: int) -> Array:
        """Another (units + 1, size, n) than the last time."""
        pair = self._pairs.get(units)
        if pair is None:
            pair = self._pairs[units] = [_buffer(units, *self._shape) for _ in range(2)]
        pair.reverse()
        return pair[0]


def _buffer(units: int, size: int, samples: int) -> Array:
    return np.ones((units + 1, size, samples), dtype=np.float32)


def _value(loss: str, activation: str, Y: Array) -> Callable[[Array], Array]:
    """J (K,) of the output layer's logits Z (n_y, K, n), which it may overwrite."""
    if loss == "cross_entropy" and bool(((Y == 0.0) | (Y == 1.0)).all()):
        return _LogisticLoss(Y)
    objective, function = Objective([loss]), ACTIVATIONS[activation].function

    def value(Z: Array) -> Array:
        by_network = Z.swapaxes(0, 1)  # (K, n_y, n)
        if objective.needs_outputs:
            # A loss of the outputs does not read the logits.
            function(by_network, by_network)
        return objective.value(by_network, by_network, Y)

    return value


class _LogisticLoss:
    """The cross-entropy of classes 0 and 1: 1/n Σ ln(1 + e^±z), minus for class 1.

    Sums are products with a vector of ones, which is how BLAS adds fastest.
    """

    def __init__(self, Y: Array) -> None:
        self._signs = (1.0 - 2.0 * Y)[:, np.newaxis]  # (n_y, 1, n)
        self._weights = np.full(Y.shape[-1], 1.0 / Y.size, dtype=np.float32)
        self._terms = self._more = np.empty(0, dtype=np.float32)

    def __call__(self, Z: Array) -> Array:
        if self._terms.shape != Z.shape:
            self._terms, self._more = np.empty((2, *Z.shape), dtype=np.float32)
        terms, more = self._terms, self._more
        Z *= self._signs
        np.exp(Z, out=terms)
        _log1p(terms, more)
        J: Array = (terms @ self._weights).sum(axis=0)
        if np.isfinite(J).all():
            return J
        # e^z is beyond float32: ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|)
        np.abs(Z, out=terms)
        np.negative(terms, out=terms)
        np.exp(terms, out=terms)
        _log1p(terms, more)
        terms += np.maximum(Z, 0.0, out=Z)
        safe: Array = (terms @ self._weights).sum(axis=0)
        return safe


def _log1p(t: Array, room: Array) -> None:
    """Writes ln(1 + t) into t; `room` is as large.

    numpy has vector instructions for the logarithm and none for log1p, which takes four times as
    long as this. With u = 1 + t as rounded, ln(1 + t) = ln u + ln(1 + (1 + t - u) / u), of which
    the second is as small as its argument.
    """
    u = np.add(t, 1.0, out=room)
    t -= u - np.float32(1.0)
    t /= u
    t += np.log(u, out=u)
