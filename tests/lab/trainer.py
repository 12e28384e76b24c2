"""A second opinion: networks trained one at a time by textbook formulas, with nothing of app's."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.lab.client import Experiment

Array = NDArray[np.float64]

FUNCTIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "linear": (lambda z: z, np.ones_like),
    "sigmoid": (
        lambda z: 1.0 / (1.0 + np.exp(-z)),
        lambda z: np.exp(-z) / (1.0 + np.exp(-z)) ** 2,
    ),
    "tanh": (np.tanh, lambda z: 1.0 / np.cosh(z) ** 2),
    "relu": (lambda z: np.where(z > 0, z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "silu": (
        lambda z: z / (1.0 + np.exp(-z)),
        lambda z: (1.0 + np.exp(-z) * (1.0 + z)) / (1.0 + np.exp(-z)) ** 2,
    ),
}

LOSSES: dict[str, tuple[Callable[[Array, Array], Array], Callable[[Array, Array], Array]]] = {
    "mse": (lambda y, s: (y - s) ** 2, lambda y, s: -2 * (y - s)),
    "half_mse": (lambda y, s: 0.5 * (y - s) ** 2, lambda y, s: -(y - s)),
    "cross_entropy": (
        lambda y, s: -(y * np.log(s) + (1 - y) * np.log(1 - s)),
        lambda y, s: (s - y) / (s * (1 - s)),
    ),
}


FITTING = [
    (loss, output)
    for loss in LOSSES
    for output in FUNCTIONS
    if loss != "cross_entropy" or output == "sigmoid"
]
"""Every loss with every output it goes with, of those that are known here."""


@dataclass
class Network:
    """W (n_out, n_in) and b (n_out,) of every layer; samples are rows here, unlike in app."""

    W: list[Array]
    b: list[Array]
    activations: list[str]
    loss: str

    def answers(self, x: Array) -> list[tuple[Array, Array]]:
        """z and a of every layer, each (n, n_out)."""
        layers, a = [], x
        for W, b, name in zip(self.W, self.b, self.activations, strict=True):
            z = a @ W.T + b
            a = FUNCTIONS[name][0](z)
            layers.append((z, a))
        return layers

    def cost(self, x: Array, y: Array) -> float:
        """J, the mean over samples and outputs."""
        return float(np.mean(LOSSES[self.loss][0](y, self.answers(x)[-1][1])))

    def gradients(self, x: Array, y: Array) -> tuple[list[Array], list[Array]]:
        """dJ/dW and dJ/db of every layer, by the chain rule."""
        layers = self.answers(x)
        below = [x, *(a for _, a in layers)]
        delta = LOSSES[self.loss][1](y, layers[-1][1]) / y.size
        dW: list[Array] = []
        db: list[Array] = []
        for place in reversed(range(len(layers))):
            delta = delta * FUNCTIONS[self.activations[place]][1](layers[place][0])
            dW.insert(0, delta.T @ below[place])
            db.insert(0, delta.sum(axis=0))
            delta = delta @ self.W[place]
        return dW, db

    def descend(self, x: Array, y: Array, rate: float) -> None:
        """One step of gradient descent."""
        dW, db = self.gradients(x, y)
        for array, slope in zip([*self.W, *self.b], [*dW, *db], strict=True):
            array -= rate * slope


def network(experiment: Experiment, run: int = 0, step: int | None = None) -> Network:
    """A run of an experiment as it is at a step, to be trained here."""
    spec = experiment.summary()["spec"]
    W, b = experiment.parameters(run, step)
    loss = spec["runs"][run].get("loss") or spec["loss"]
    activations = [layer["activation"] for layer in spec["layers"]]
    return Network([np.array(w) for w in W], [np.array(v) for v in b], activations, loss)


def points(experiment: Experiment, part: str = "train") -> tuple[Array, Array]:
    """x (n, n_x) and y (n, n_y), as the experiment shows them."""
    data = experiment.read("data")[part]
    x, y = np.array(data["x"]), np.array(data["y"])
    return x, y.reshape(len(x), -1)


def decoded(typed: Any) -> Array:
    """A typed array as plotly.js reads it: little-endian float32, in its shape."""
    assert typed["dtype"] == "f4"
    numbers = np.frombuffer(base64.b64decode(typed["bdata"], validate=True), "<f4")
    shape = tuple(int(size) for size in typed["shape"].split(","))
    return numbers.reshape(shape).astype(np.float64)


def close(measured: Any, expected: Any, tolerance: float = 1e-12) -> None:
    """Asserts that two nested lists of numbers are the same up to a relative error."""
    if isinstance(expected, list | tuple):
        assert len(measured) == len(expected)
        for one, other in zip(measured, expected, strict=True):
            close(one, other, tolerance)
    else:
        np.testing.assert_allclose(measured, expected, rtol=tolerance, atol=tolerance)


def descent(
    start: Network, x: Array, y: Array, rate: float, batches: Sequence[Any]
) -> tuple[list[float], Network]:
    """J on all points before and after every step; a batch is anything that indexes points."""
    costs = [start.cost(x, y)]
    for batch in batches:
        start.descend(x[batch], y[batch], rate)
        costs.append(start.cost(x, y))
    return costs, start
