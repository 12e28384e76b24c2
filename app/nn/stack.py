"""Everything is a stack of networks.

All parameters of one network are one row of numbers, theta (P,): for each layer W row by row, then
b. A stack is K such rows, theta (K, P), and one pass evaluates it whole by broadcast matrix
products, Z = W @ A + b. Recipes trained side by side, a loss surface, a slice, a numeric gradient:
each is a stack, so there is one forward, one loss and one backward for all of them.

Samples are columns: X (n_x, n), A (K, n_out, n). W is (K, n_out, n_in), b (K, n_out, 1).
Rows never meet: what a network computes does not depend, to the last bit, on its company.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.nn.activations import ACTIVATIONS
from app.nn.losses import Objective
from app.nn.types import Array

CACHE_BYTES = 1 << 18
"""Room for one layer of a block of networks: blocks that outgrow the cache run slower."""


@dataclass(frozen=True)
class Layer:
    """One layer: how many neurons, and their activation by name."""

    units: int
    activation: str


@dataclass(frozen=True)
class Architecture:
    """What all networks of a stack have in common; layers count from 1, the input is no layer."""

    inputs: int
    layers: tuple[Layer, ...]

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(n_out, n_in) of every layer's W."""
        sizes = [self.inputs, *(layer.units for layer in self.layers)]
        return tuple(zip(sizes[1:], sizes[:-1], strict=True))

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each layer's numbers begin in theta; the last entry is P."""
        ends = np.cumsum([n_out * (n_in + 1) for n_out, n_in in self.shapes])
        return (0, *(int(end) for end in ends))

    @property
    def parameter_count(self) -> int:
        """P, the length of theta."""
        return self.offsets[-1]

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """`W1[0,0]` … `b2[0]` in the order of theta, with numpy's indices."""
        names: list[str] = []
        for layer, (n_out, n_in) in enumerate(self.shapes, start=1):
            names += [f"W{layer}[{i},{j}]" for i in range(n_out) for j in range(n_in)]
            names += [f"b{layer}[{i}]" for i in range(n_out)]
        return tuple(names)

    def index(self, name: str) -> int:
        """The place of a parameter in theta; KeyError for a name that is not one."""
        match = re.fullmatch(r"(?:W(\d{1,4})\[(\d{1,6}),(\d{1,6})\]|b(\d{1,4})\[(\d{1,6})\])", name)
        if match is None:
            raise KeyError(name)
        layer = int(match[1] or match[4]) - 1
        if not 0 <= layer < len(self.shapes):
            raise KeyError(name)
        n_out, n_in = self.shapes[layer]
        i = int(match[2] or match[5]) if match[2] or match[5] else 0
        j = int(match[3]) if match[3] else 0
        if i >= n_out or (match[1] and j >= n_in):
            raise KeyError(name)
        within = i * n_in + j if match[1] else n_out * n_in + i
        return self.offsets[layer] + within

    def views(self, theta: Array) -> list[tuple[Array, Array]]:
        """W (K, n_out, n_in) and b (K, n_out, 1) of every layer, as views into theta (K, P)."""
        pairs = []
        for (n_out, n_in), start, end in zip(
            self.shapes, self.offsets[:-1], self.offsets[1:], strict=True
        ):
            split = start + n_out * n_in
            W = theta[:, start:split].reshape(-1, n_out, n_in)
            b = theta[:, split:end].reshape(-1, n_out, 1)
            pairs.append((W, b))
        return pairs

    def above(self, layer: int) -> "Architecture":
        """The network that is left when the first `layer` layers are taken as its input."""
        if layer == 0:
            return self
        return Architecture(self.shapes[layer][1], self.layers[layer:])

    def layer_of(self, index: int) -> int:
        """The layer, counted from 0, that the parameter at this place of theta belongs to."""
        return int(np.searchsorted(self.offsets, index, side="right")) - 1

    def work(self, samples: int) -> int:
        """Multiplications in one forward pass of one network."""
        return self.parameter_count * samples


class Pass:
    """Room for a stack's pass over n samples; the buffers are reused by every call.

    The W and b it reads are views into the `theta` (K, P) it was given: change theta in place and
    pass again.
    """

    def __init__(self, architecture: Architecture, theta: Array, samples: int) -> None:
        self.theta = theta
        self.gradient = np.empty(0, dtype=theta.dtype)
        self._W = [W for W, _ in architecture.views(theta)]
        self._b = [b for _, b in architecture.views(theta)]
        self._activations = [ACTIVATIONS[layer.activation] for layer in architecture.layers]
        self._architecture = architecture
        count, last = len(theta), len(architecture.layers) - 1
        self._Z: list[Array] = []
        self._A: list[Array] = []
        for index, (layer, activation) in enumerate(
            zip(architecture.layers, self._activations, strict=True)
        ):
            Z = np.empty((count, layer.units, samples), dtype=theta.dtype)
            # The output's logits are kept for the losses that are computed from them.
            keep = activation.needs_logits or index == last
            self._Z.append(Z)
            self._A.append(np.empty_like(Z) if keep else Z)
        self._delta: list[Array] = []
        self._dW: list[Array] = []
        self._db: list[Array] = []
        self._ones = np.empty((0, 1), dtype=theta.dtype)

    def forward(self, X: Array) -> Array:
        """The outputs (K, n_y, n) for X (n_x, n), or for an X (K, n_x, n) of each network's own."""
        A = X
        for W, b, Z, out, activation in zip(
            self._W, self._b, self._Z, self._A, self._activations, strict=True
        ):
            np.matmul(W, A, out=Z)
            np.add(Z, b, out=Z)
            A = activation.function(Z, out)
        return A

    @property
    def neurons(self) -> list[Array]:
        """What every layer put out in the last forward pass, each (K, units, n)."""
        return self._A

    def losses(self, X: Array, Y: Array, objective: Objective) -> Array:
        """J (K,) on X (n_x, n) and Y (n_y, n)."""
        A = self.forward(X)
        return objective.value(self._Z[-1], A, Y)

    def backward(self, X: Array, Y: Array, objective: Objective) -> Array:
        """dJ/dtheta (K, P) on X (n_x, n) and Y (n_y, n), by a forward and a backward pass.

        The array returned is this object's own and is overwritten by the next call.
        """
        if not self._delta:
            self._make_room_for_gradients(X.shape[-1])
        A = self.forward(X)
        delta = objective.gradient(self._Z[-1], A, Y, self._activations[-1].derivative)
        for layer in range(len(self._A) - 1, 0, -1):
            A = self._A[layer - 1]
            np.matmul(delta, A.swapaxes(-1, -2), out=self._dW[layer])  # (K, n_out, n_in)
            np.matmul(delta, self._ones, out=self._db[layer])  # (K, n_out, 1)
            below = self._delta[layer - 1]
            np.matmul(self._W[layer].swapaxes(-1, -2), delta, out=below)  # (K, n_in, n)
            derivative = self._activations[layer - 1].derivative(self._Z[layer - 1], A)
            delta = np.multiply(below, derivative, out=below)
        np.matmul(delta, X.swapaxes(-1, -2), out=self._dW[0])
        np.matmul(delta, self._ones, out=self._db[0])
        return self.gradient

    def _make_room_for_gradients(self, samples: int) -> None:
        self.gradient = np.empty_like(self.theta)
        views = self._architecture.views(self.gradient)
        self._dW = [dW for dW, _ in views]
        self._db = [db for _, db in views]
        self._delta = [np.empty_like(Z) for Z in self._Z[:-1]] or [np.empty(0)]
        # Summing over samples as a product with ones is one fast call instead of a slow reduction.
        self._ones = np.ones((samples, 1), dtype=self.theta.dtype)


def block_size(architecture: Architecture, samples: int, itemsize: int) -> int:
    """How many networks to evaluate at once so that a layer of them stays in the cache."""
    widest = max(layer.units for layer in architecture.layers)
    return max(1, CACHE_BYTES // (widest * samples * itemsize))


def blocks(count: int, size: int) -> Iterator[slice]:
    """Slices of at most `size` that cover range(count)."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def losses(
    architecture: Architecture, theta: Array, X: Array, Y: Array, objective: Objective
) -> Array:
    """J (K,) of every row of theta (K, P), block by block; `objective` names one loss or K."""
    values = np.empty(len(theta), dtype=theta.dtype)
    shared = len(set(objective.names)) == 1
    size = block_size(architecture, X.shape[-1], theta.itemsize)
    buffer = np.empty((min(size, len(theta)), architecture.parameter_count), dtype=theta.dtype)
    room = Pass(architecture, buffer, X.shape[-1])
    for block in blocks(len(theta), size):
        rows = theta[block]
        if len(rows) < len(buffer):
            room = Pass(architecture, rows, X.shape[-1])
        else:
            buffer[...] = rows
        part = objective if shared else objective.select(range(block.start, block.stop))
        values[block] = room.losses(X, Y, part)
    return values


def gradients(
    architecture: Architecture, theta: Array, X: Array, Y: Array, objective: Objective
) -> Array:
    """dJ/dtheta (K, P) of every row of theta (K, P)."""
    return Pass(architecture, theta, X.shape[-1]).backward(X, Y, objective).copy()


def pack(architecture: Architecture, W: Sequence[Array], b: Sequence[Array]) -> Array:
    """theta (P,) from each layer's W (n_out, n_in) and b (n_out,); ValueError on other shapes."""
    parts: list[Array] = []
    for (n_out, n_in), weights, biases in zip(architecture.shapes, W, b, strict=True):
        if weights.shape != (n_out, n_in) or biases.shape != (n_out,):
            raise ValueError(f"expected {(n_out, n_in)} and {(n_out,)}")
        parts += [weights.reshape(-1), biases]
    return np.concatenate(parts)


def unpack(architecture: Architecture, theta: Array) -> tuple[list[Array], list[Array]]:
    """Each layer's W (n_out, n_in) and b (n_out,) of one network, theta (P,)."""
    views = architecture.views(theta[np.newaxis])
    return [W[0] for W, _ in views], [b[0, :, 0] for _, b in views]
