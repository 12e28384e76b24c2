"""Everything is a stack of networks.

All parameters of one network are one row of numbers, theta (P,): for each layer one matrix
M = [W | b] (n_out, n_in + 1), row by row, so that a neuron's weights and its bias lie together. A
stack is K such rows, theta (K, P), and one pass evaluates it whole by broadcast matrix products,
Z = [W | b] @ [A; 1], which is W @ A + b. Recipes trained side by side, a loss surface, a slice, a
numeric gradient: each is a stack, so there is one forward, one loss and one backward for all.

Samples are columns: X (n_x, n), or (K, n_x, n) where every network has its own; A (K, n_out, n).
W is (K, n_out, n_in), b (K, n_out, 1).
Rows never meet: what a network computes does not depend, to the last bit, on its company.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from app.nn.activations import ACTIVATIONS, Activation
from app.nn.losses import Objective
from app.nn.types import Array

CACHE_BYTES = 1 << 18
"""Room for one layer of a block of networks: blocks that outgrow the cache run slower."""

Masks = Sequence[Array | None]
"""For every hidden layer what its outputs are multiplied by, or None for nothing.

(units, n), or (K, units, n) where every network has its own.
"""


@dataclass(frozen=True)
class Layer:
    """One layer: how many neurons, their activation by name, and which share drops out.

    `dropout` is the probability with which training leaves a neuron out of a step.
    """

    units: int
    activation: str
    dropout: float = 0.0


@dataclass(frozen=True)
class Architecture:
    """The layers that all networks of a stack share, counted from 1; the input is no layer."""

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

    @cached_property
    def weights(self) -> Array:
        """1 at the places of theta (P,) that hold weights, 0 where there are biases."""
        places: Array = np.ones((1, self.parameter_count))
        for _, b in self.views(places):
            b[...] = 0.0
        return places.reshape(-1)

    @property
    def drops(self) -> bool:
        """Whether training leaves neurons out."""
        return any(layer.dropout > 0.0 for layer in self.layers)

    @property
    def parameter_count(self) -> int:
        """P, the length of theta."""
        return self.offsets[-1]

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """Every parameter as it is read, a layer's W row by row, then its b."""
        names: list[str] = []
        for layer, (n_out, n_in) in enumerate(self.shapes, start=1):
            names += [f"W{layer}[{i},{j}]" for i in range(n_out) for j in range(n_in)]
            names += [f"b{layer}[{i}]" for i in range(n_out)]
        return tuple(names)

    @cached_property
    def _places(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for layer, (n_out, n_in) in enumerate(self.shapes, start=1):
            for i in range(n_out):
                start = self.offsets[layer - 1] + i * (n_in + 1)
                places |= {f"W{layer}[{i},{j}]": start + j for j in range(n_in)}
                places[f"b{layer}[{i}]"] = start + n_in
        return places

    def index(self, name: str) -> int:
        """The place of a parameter in theta; KeyError for a name that is not one."""
        return self._places[name]

    def matrices(self, theta: Array) -> list[Array]:
        """M = [W | b] (K, n_out, n_in + 1) of every layer, as views into theta (K, P)."""
        return [
            theta[:, start:end].reshape(-1, n_out, n_in + 1)
            for (n_out, n_in), (start, end) in zip(self.shapes, pairwise(self.offsets), strict=True)
        ]

    def views(self, theta: Array) -> list[tuple[Array, Array]]:
        """W (K, n_out, n_in) and b (K, n_out, 1) of every layer, as views into theta (K, P)."""
        return [(M[:, :, :-1], M[:, :, -1:]) for M in self.matrices(theta)]

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

    def cost(self, samples: int, cheaper: int = 1) -> int:
        """The time of one forward pass of one network, in multiplications of large matrices.

        In networks of a few neurons the activations are most of it; they may be so many times
        `cheaper` than alone and in float64.
        """
        return (self.parameter_count + self._activation_work // cheaper) * samples

    @cached_property
    def _activation_work(self) -> int:
        """The time of all activations of one sample, in such multiplications."""
        return sum(
            units * ACTIVATIONS[layer.activation].work
            for (units, _), layer in zip(self.shapes, self.layers, strict=True)
        )


class Pass:
    """Buffers for a stack's pass over n samples; every call uses them again.

    The parameters it reads are views into the `theta` (K, P) it was given: change theta in place
    and pass again. Everything as large as a layer's outputs lives in a buffer, because memory of
    that size, asked for at every step, is taken from and given back to the operating system.

    A hidden layer's buffer has a last row of ones, which meets the biases in the next product. It
    lies in memory as (units + 1, K, n), so that the neurons themselves are one contiguous piece for
    the elementwise functions; the products see it as (K, units + 1, n).
    """

    def __init__(self, architecture: Architecture, theta: Array, samples: int) -> None:
        self.theta = theta
        self.gradient = np.empty(0, dtype=theta.dtype)
        self._architecture = architecture
        self._matrices = architecture.matrices(theta)
        self._activations = [ACTIVATIONS[layer.activation] for layer in architecture.layers]
        count, dtype = len(theta), theta.dtype
        self._X = np.ones((architecture.inputs + 1, samples), dtype=dtype)
        self._hidden: list[_Hidden] = [
            _Hidden(layer.units, activation, count, samples, dtype)
            for layer, activation in zip(architecture.layers[:-1], self._activations, strict=False)
        ]
        self._Z = np.empty((count, architecture.layers[-1].units, samples), dtype=dtype)
        self._out = np.empty_like(self._Z)
        self._output = self._activations[-1]

    def forward(self, X: Array) -> Array:
        """The outputs (K, n_y, n) for X (n_x, n) or (K, n_x, n)."""
        Z = self._logits(X)
        return self._output.function(Z, self._out)

    def _logits(self, X: Array, masks: Masks | None = None) -> Array:
        """The logits of the output layer, (K, n_y, n)."""
        if X.ndim != self._X.ndim:
            self._X = np.ones((*X.shape[:-2], X.shape[-2] + 1, X.shape[-1]), self.theta.dtype)
        self._X[..., :-1, :] = X
        A = self._X
        for layer, (M, hidden) in enumerate(zip(self._matrices, self._hidden, strict=False)):
            np.matmul(M, A, out=hidden.Z)
            hidden.activation.function(hidden.logits, hidden.neurons)
            if masks is not None:
                hidden.drop(masks[layer])
            A = hidden.A
        return np.matmul(self._matrices[-1], A, out=self._Z)

    @property
    def neurons(self) -> list[Array]:
        """The outputs of every layer in the last forward pass, each (K, units, n)."""
        return [hidden.A[:, :-1] for hidden in self._hidden] + [self._out]

    @property
    def logits_and_outputs(self) -> tuple[Array, Array]:
        """The logits and the outputs of the output layer in the last pass.

        Both (K, n_y, n), and overwritten by the next pass.
        """
        return self._Z, self._out

    def losses(self, X: Array, Y: Array, objective: Objective) -> Array:
        """J (K,) on X (n_x, n) and Y (n_y, n), or on (K, n_x, n) and (K, n_y, n)."""
        Z = self._logits(X)
        if objective.needs_outputs:
            self._output.function(Z, self._out)
        return objective.value(Z, self._out, Y, self._scratch)

    def backward(
        self,
        X: Array,
        Y: Array,
        objective: Objective,
        masks: Masks | None = None,
        losses: Array | None = None,
    ) -> Array:
        """dJ/dtheta (K, P) on X (n_x, n) and Y (n_y, n), by a forward and a backward pass.

        With `masks` neurons of the hidden layers are left out, or made larger for those that are:
        the output of each is multiplied by its mask. J (K,) of this very forward pass is written
        into `losses`, where there is such an array.
        The array returned is this object's own and is overwritten by the next call.
        """
        back = self._back
        Z = self._logits(X, masks)
        A = self._output.function(Z, self._out)
        if losses is not None:
            losses[...] = objective.value(Z, A, Y, self._scratch)
        delta = back.delta.whole
        objective.gradient(Z, A, Y, self._output.derivative, delta, self._scratch)
        for layer, dM, A_T, above in back.layers:
            np.matmul(delta, A_T, out=dM)  # (K, n_out, n_in + 1)
            hidden = self._hidden[layer]
            delta = hidden.delta.whole
            above.down(delta)
            hidden.back(None if masks is None else masks[layer])
        np.matmul(delta, self._X.swapaxes(-1, -2), out=back.lowest)
        return self.gradient

    @cached_property
    def _scratch(self) -> Array:
        return np.empty_like(self._Z)

    @cached_property
    def _back(self) -> "_Back":
        self.gradient = np.empty_like(self.theta)
        dM = self._architecture.matrices(self.gradient)
        WT = [M[:, :, :-1].swapaxes(-1, -2) for M in self._matrices]
        count, units, samples = self._Z.shape
        memory = np.zeros((count, max(units, 2), samples), dtype=self._Z.dtype)
        above = first = _Delta(memory, units, WT[-1])
        widest = max((len(hidden.neurons) for hidden in self._hidden), default=0)
        derivatives = np.empty((widest, count, samples), dtype=self._Z.dtype)
        layers = []
        for layer in range(len(self._hidden) - 1, -1, -1):
            hidden = self._hidden[layer]
            hidden.prepare(WT[layer], derivatives)
            layers.append((layer, dM[layer + 1], hidden.A.swapaxes(-1, -2), above))
            above = hidden.delta
        return _Back(first, layers, dM[0])


@dataclass(frozen=True)
class _Back:
    """Views of a backward pass: the output's delta, the layers, dJ/dM of the lowest one.

    Of every hidden layer, from the last to the first: its place, dJ/dM of the layer above, its A
    turned round, and the delta of the layer above.
    """

    delta: "_Delta"
    layers: list[tuple[int, Array, Array, "_Delta"]]
    lowest: Array


FEW_SAMPLES = 32
"""Up to so many, a plain loop is no slower than BLAS."""


class _Delta:
    """dJ/dZ of a layer, `whole` (K, units, n), in `memory` (K, max(units, 2), n) full of zeros.

    The delta of a layer of one unit goes down by a product of a column and a row, for which numpy
    has a plain loop in place of BLAS, up to five times as slow. With a second unit of nothing but
    zeros BLAS does it, to the same bits: w δ + 0 · 0. So a row of zeros lies behind that of a unit
    that is alone.
    """

    def __init__(self, memory: Array, units: int, WT: Array) -> None:
        self.whole = memory[:, :units]
        self._padded = units == 1 and memory.shape[-1] > FEW_SAMPLES
        self._rows = memory if self._padded else self.whole
        self._WT = WT
        if self._padded:
            self._wide = np.zeros((*WT.shape[:2], 2), dtype=WT.dtype)

    def down(self, out: Array) -> None:
        """Writes dJ/dA of the layer below, (K, n_in, n)."""
        WT = self._WT
        if self._padded:
            self._wide[:, :, :1] = WT
            WT = self._wide
        np.matmul(WT, self._rows, out=out)


class _Hidden:
    """The buffers of one hidden layer, as memory (units, K, n) and as the products see it."""

    def __init__(
        self, units: int, activation: Activation, count: int, samples: int, dtype: Any
    ) -> None:
        self.activation = activation
        self._room = _room(count, samples)
        memory = np.ones((units + 1, self._room, samples), dtype=dtype)[:, :count]
        self.neurons = memory[:units]
        self.A = memory.transpose(1, 0, 2)  # (K, units + 1, n)
        self.logits = np.empty_like(self.neurons) if activation.needs_logits else self.neurons
        self.Z = self.logits.transpose(1, 0, 2)  # (K, units, n)

    def prepare(self, WT: Array, derivatives: Array) -> None:
        """Buffers for the backward pass, through this layer's own W (K, n_in, units).

        `derivatives` (units or more, K, n) is room that all hidden layers share, so that it stays
        in the cache.
        """
        units, count, samples = self.neurons.shape
        memory = np.zeros((max(units, 2), self._room, samples), dtype=self.neurons.dtype)
        memory = memory[:, :count]
        self._slope = memory[:units]
        self._derivative = derivatives[:units]
        self.delta = _Delta(memory.transpose(1, 0, 2), units, WT)  # dJ/dA; after `back` dJ/dZ

    def drop(self, mask: Array | None) -> None:
        """Multiplies what the neurons put out by a mask; what it was is kept."""
        if mask is not None:
            np.copyto(self._undropped, self.neurons)
            np.multiply(self.neurons, _by_unit(mask), out=self.neurons)

    @cached_property
    def _undropped(self) -> Array:
        return np.empty_like(self.neurons)

    def back(self, mask: Array | None = None) -> None:
        """Through the mask and the activation: dJ/dA becomes dJ/dZ."""
        neurons = self.neurons
        if mask is not None:
            np.multiply(self._slope, _by_unit(mask), out=self._slope)
            neurons = self._undropped
        derivative = self.activation.derivative(self.logits, neurons, self._derivative)
        np.multiply(self._slope, derivative, out=self._slope)


def _by_unit(mask: Array) -> Array:
    """A mask (units, n) or (K, units, n) as the neurons lie in memory, (units, K or 1, n)."""
    return mask[:, np.newaxis] if mask.ndim == 2 else mask.transpose(1, 0, 2)


def _room(count: int, samples: int) -> int:
    """How many networks a buffer has room for, so that its rows are rounded as in company.

    BLAS takes another way through a matrix whose few, short rows lie end to end, as those of a
    network alone do; with room for a second one they do not.
    """
    return 2 if count == 1 and samples < 16 else count


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
    workspace = Pass(architecture, buffer, X.shape[-1])
    for block in blocks(len(theta), size):
        rows = theta[block]
        if len(rows) < len(buffer):
            workspace = Pass(architecture, rows, X.shape[-1])
        else:
            buffer[...] = rows
        part = objective if shared else objective.select(range(block.start, block.stop))
        values[block] = workspace.losses(X, Y, part)
    return values


def trajectory_losses(
    architecture: Architecture, thetas: Array, X: Array, Y: Array, objective: Objective
) -> Array:
    """J (T, K) of K networks at T steps, thetas (T, K, P), each by its own loss.

    X and Y are one set of samples for all, or (K, n_x, n) and (K, n_y, n).
    """
    if X.ndim == 3:
        workspace = Pass(architecture, np.empty_like(thetas[0]), X.shape[-1])
        values = np.empty(thetas.shape[:2], dtype=thetas.dtype)
        for theta, J in zip(thetas, values, strict=True):
            workspace.theta[...] = theta
            J[...] = workspace.losses(X, Y, objective)
        return values
    names = dict.fromkeys(objective.names)
    if len(names) == 1:
        flat = thetas.reshape(-1, thetas.shape[-1])
        return losses(architecture, flat, X, Y, objective).reshape(thetas.shape[:2])
    values = np.empty(thetas.shape[:2], dtype=thetas.dtype)
    for name in names:
        rows = [k for k, other in enumerate(objective.names) if other == name]
        values[:, rows] = trajectory_losses(architecture, thetas[:, rows], X, Y, Objective([name]))
    return values


def gradients(
    architecture: Architecture, theta: Array, X: Array, Y: Array, objective: Objective
) -> Array:
    """dJ/dtheta (K, P) of every row of theta (K, P)."""
    return Pass(architecture, theta, X.shape[-1]).backward(X, Y, objective).copy()


def pack(architecture: Architecture, W: Sequence[Array], b: Sequence[Array]) -> Array:
    """theta (P,) from each layer's W (n_out, n_in) and b (n_out,); ValueError on other shapes."""
    theta: Array = np.empty((1, architecture.parameter_count))
    for (W_view, b_view), weights, biases in zip(architecture.views(theta), W, b, strict=True):
        if weights.shape != W_view.shape[1:] or biases.shape != b_view.shape[1:2]:
            raise ValueError(f"expected {W_view.shape[1:]} and {b_view.shape[1:2]}")
        W_view[0], b_view[0, :, 0] = weights, biases
    return theta.reshape(-1)


def unpack(architecture: Architecture, theta: Array) -> tuple[list[Array], list[Array]]:
    """Each layer's W (n_out, n_in) and b (n_out,) of one network, theta (P,)."""
    views = architecture.views(theta[np.newaxis])
    return [W[0] for W, _ in views], [b[0, :, 0] for _, b in views]
