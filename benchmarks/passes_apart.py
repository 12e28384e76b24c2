"""A learner's block of steps as it was computed before: a pass for each gradient and each loss.

New arrays for every derivative, the losses of all steps afterwards in blocks of half a megabyte a
layer, and the identical neurons of every run looked for anew in every block. For tanh layers, a
sigmoid output, cross-entropy on all samples and plain gradient descent; every number is as the
product has it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.lab.experiment.checkpoints import theta_steps
from app.lab.experiment.setup import Samples, Setup
from app.nn.activations import sigmoid
from app.nn.divergence import is_sound
from app.nn.stack import Architecture
from app.nn.types import Array
from app.nn.update.symmetry import identical_neurons
from app.nn.update.updates import StackUpdate

BLOCK_BYTES = 1 << 19


def advance(setup: Setup, steps: int) -> Callable[[], tuple[Array, Array, Array]]:
    """Trains from the beginning: J (T, K) in training and in test, and the theta that is kept."""
    architecture, (X, Y) = setup.architecture, (setup.train.X, setup.train.Y)
    if setup.test is None:
        raise ValueError("the block that is measured has test losses")
    test = setup.test

    def block() -> tuple[Array, Array, Array]:
        theta = setup.initial.copy()
        update = StackUpdate(architecture, [run.method for run in setup.runs])
        state, rates = update.state(theta), update.rates(0, steps)
        shared = _shared(architecture, theta)
        room = _Pass(architecture, theta, X.shape[1])
        thetas = np.repeat(theta[np.newaxis], steps, axis=0)
        for step in range(steps):
            gradient = room.backward(X, Y).take(shared)
            state = update.step(gradient, theta, state, rates[step])
            thetas[step] = theta
        train, held_out = (_losses(architecture, thetas, part) for part in (setup.train, test))
        sound = is_sound(thetas, train, setup.loss_limits(setup.initial))
        if not sound.all():
            raise ValueError("the runs that are measured do not diverge")
        kept = theta_steps(setup, 1, steps)
        return train, held_out, thetas[kept - 1]

    return block


def _losses(architecture: Architecture, thetas: Array, samples: Samples) -> Array:
    flat = thetas.reshape(-1, thetas.shape[-1])
    widest = max(layer.units for layer in architecture.layers)
    size = BLOCK_BYTES // (8 * widest * samples.count)
    values = np.empty(len(flat))
    for start in range(0, len(flat), size):
        rows = flat[start : start + size].copy()
        Z = _Pass(architecture, rows, samples.count).logits(samples.X)
        terms = np.abs(Z)
        np.negative(terms, out=terms)
        np.exp(terms, out=terms)
        np.log1p(terms, out=terms)
        terms += np.maximum(Z, 0.0)
        terms -= samples.Y * Z
        values[start : start + size] = np.add.reduce(terms, axis=(-2, -1)) / float(samples.Y.size)
    return values.reshape(thetas.shape[:2])


class _Pass:
    """The buffers of a stack's pass; a hidden layer lies in memory as (units + 1, K, n)."""

    def __init__(self, architecture: Architecture, theta: Array, samples: int) -> None:
        units = [layer.units for layer in architecture.layers]
        self._M = architecture.matrices(theta)
        self._gradient = np.empty_like(theta)
        self._dM = architecture.matrices(self._gradient)
        self._X = np.ones((architecture.inputs + 1, samples))
        self._A = [np.ones((n + 1, len(theta), samples)) for n in units[:-1]]
        self._slopes = [np.empty((n, len(theta), samples)) for n in units[:-1]]
        self._Z = np.empty((len(theta), units[-1], samples))

    def logits(self, X: Array) -> Array:
        """What goes into the sigmoid, (K, n_y, n)."""
        self._X[:-1] = X
        A: Array = self._X
        for M, hidden in zip(self._M, self._A, strict=False):
            np.matmul(M, A, out=hidden[:-1].transpose(1, 0, 2))
            np.tanh(hidden[:-1], out=hidden[:-1])
            A = hidden.transpose(1, 0, 2)
        return np.matmul(self._M[-1], A, out=self._Z)

    def backward(self, X: Array, Y: Array) -> Array:
        """dJ/dtheta (K, P)."""
        Z = self.logits(X)
        delta: Any = sigmoid(Z, np.empty_like(Z)) - Y
        delta *= 1.0 / (Z.shape[-2] * Z.shape[-1])
        for layer in range(len(self._A), 0, -1):
            A, slope = self._A[layer - 1], self._slopes[layer - 1]
            np.matmul(delta, A.transpose(1, 2, 0), out=self._dM[layer])
            W = self._M[layer][:, :, :-1]
            np.matmul(W.swapaxes(-1, -2), delta, out=slope.transpose(1, 0, 2))
            np.multiply(slope, 1.0 - A[:-1] * A[:-1], out=slope)
            delta = slope.transpose(1, 0, 2)
        np.matmul(delta, self._X.T, out=self._dM[0])
        return self._gradient


def _shared(architecture: Architecture, theta: Array) -> Any:
    """Where each number of a gradient (K, P) is taken from, so that identical neurons share."""
    places: Any = np.arange(theta.size).reshape(theta.shape)
    taken = places.copy()
    for k, row in enumerate(theta):
        inputs = np.arange(architecture.inputs)
        for M, source, neurons in zip(
            architecture.matrices(taken[k : k + 1]),
            architecture.matrices(places[k : k + 1]),
            identical_neurons(architecture, row),
            strict=True,
        ):
            M[0] = source[0][np.ix_(neurons, np.append(inputs, len(inputs)))]
            inputs = neurons
    return taken
