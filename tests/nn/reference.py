"""One network, in plain loops over Python's numbers: slow, and too plain to be wrong.

An activation or a loss that has no formula here yet is taken from its registry, one number or one
network at a time; the loops stay independent of the engine's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import erf, exp, expm1, log, log1p, sqrt, tanh

import numpy as np

from app.nn.activations import ACTIVATIONS
from app.nn.losses import LOSSES
from app.nn.stack import Architecture, pack
from app.nn.types import Array

Numbers = list[float]
Matrix = list[Numbers]

ACTIVATION_FORMULAS: dict[str, Callable[[float], float]] = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1.0 / (1.0 + exp(-z)),
    "tanh": tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: z if z > 0.0 else 0.01 * z,
    "elu": lambda z: z if z > 0.0 else expm1(z),
    "selu": lambda z: 1.0507009873554805 * (z if z > 0.0 else 1.6732632423543772 * expm1(z)),
    "softplus": lambda z: z + log1p(exp(-z)) if z > 0.0 else log1p(exp(z)),
    "gelu": lambda z: z * (1.0 + erf(z / sqrt(2.0))) / 2.0,
    "silu": lambda z: z / (1.0 + exp(-z)),
}

LOSS_FORMULAS: dict[str, Callable[[float, float], float]] = {
    "mse": lambda y, s: (y - s) ** 2,
    "half_mse": lambda y, s: (y - s) ** 2 / 2.0,
    "mae": lambda y, s: abs(y - s),
    "huber": lambda y, s: (y - s) ** 2 / 2.0 if abs(y - s) <= 1.0 else abs(y - s) - 0.5,
    "cross_entropy": lambda y, s: -(y * log(s) + (1.0 - y) * log(1.0 - s)),
    "hinge": lambda y, s: max(0.0, 1.0 - y * s),
}


def activate(name: str, z: Numbers) -> Numbers:
    """f(z) of a layer's numbers."""
    if name == "softmax":
        powers = [exp(number) for number in z]
        return [power / sum(powers) for power in powers]
    if name in ACTIVATION_FORMULAS:
        return [ACTIVATION_FORMULAS[name](number) for number in z]
    return [float(ACTIVATIONS[name].function(np.array([v]), np.empty(1))[0]) for v in z]


@dataclass(frozen=True)
class Network:
    """One network: for every layer W (rows of numbers), b and the activation's name."""

    W: list[Matrix]
    b: list[Numbers]
    activations: list[str]

    def layers(self, x: Sequence[float]) -> list[tuple[Numbers, Numbers]]:
        """(z, a) of every layer for one sample."""
        found: list[tuple[Numbers, Numbers]] = []
        a = list(x)
        for W, b, name in zip(self.W, self.b, self.activations, strict=True):
            z = [
                sum(w * v for w, v in zip(row, a, strict=True)) + c
                for row, c in zip(W, b, strict=True)
            ]
            a = activate(name, z)
            found.append((z, a))
        return found

    def outputs(self, X: Array) -> Matrix:
        """What it answers to each sample, a column of X (n_x, n): n rows of n_y numbers."""
        return [self.layers(x)[-1][1] for x in X.T.tolist()]

    def loss(self, X: Array, Y: Array, name: str) -> float:
        """J, the mean over samples and outputs."""
        if name == "softmax_cross_entropy":
            pairs = zip(Y.T.tolist(), self.outputs(X), strict=True)
            costs = [-sum(y * log(s) for y, s in zip(*pair, strict=True)) for pair in pairs]
            return float(sum(costs)) / len(costs)
        if name not in LOSS_FORMULAS:
            last = [self.layers(x)[-1] for x in X.T.tolist()]
            z, a = (np.array([pair[i] for pair in last]).T[np.newaxis] for i in (0, 1))
            return float(LOSSES[name].value(z, a, Y)[0])
        terms = [
            LOSS_FORMULAS[name](y, s)
            for targets, answers in zip(Y.T.tolist(), self.outputs(X), strict=True)
            for y, s in zip(targets, answers, strict=True)
        ]
        return sum(terms) / len(terms)

    def theta(self, architecture: Architecture) -> Array:
        """The same network as the engine's row of numbers (P,)."""
        return pack(architecture, [np.array(W) for W in self.W], [np.array(b) for b in self.b])

    def moved(self, layer: int, i: int, j: int | None, by: float) -> "Network":
        """This network with W[i][j] of a layer, or b[i] where j is None, moved by a little."""
        W, b = [[list(row) for row in M] for M in self.W], [list(row) for row in self.b]
        if j is None:
            b[layer][i] += by
        else:
            W[layer][i][j] += by
        return replace(self, W=W, b=b)

    def gradient(self, X: Array, Y: Array, loss: str, h: float = 1e-5) -> "Network":
        """dJ/dW and dJ/db by central differences, in the shape of a network."""

        def slope(layer: int, i: int, j: int | None) -> float:
            up, down = (self.moved(layer, i, j, by).loss(X, Y, loss) for by in (h, -h))
            return (up - down) / (2.0 * h)

        W = [
            [[slope(layer, i, j) for j in range(len(row))] for i, row in enumerate(M)]
            for layer, M in enumerate(self.W)
        ]
        b = [[slope(layer, i, None) for i in range(len(row))] for layer, row in enumerate(self.b)]
        return replace(self, W=W, b=b)


def random_network(architecture: Architecture, rng: np.random.Generator) -> Network:
    """A network of this architecture with N(0, 1) weights and biases."""
    return Network(
        [rng.standard_normal(shape).tolist() for shape in architecture.shapes],
        [rng.standard_normal(shape[0]).tolist() for shape in architecture.shapes],
        [layer.activation for layer in architecture.layers],
    )
