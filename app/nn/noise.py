"""Noise: how much of a loss no function of the inputs can take away, read off neighbours.

Samples whose inputs agree have targets that differ by their noise alone. Inputs never agree wholly,
so that the differences of the targets are taken over the first, second … neighbour and followed
back to the distance 0: the Gamma test (Stefánsson, Končar & Jones 1997, A note on the gamma test).
The functions below say what loss two targets of the same inputs stand for: exactly for squared
errors, as if the noise were normal for absolute ones, and by a lower bound for classes.
"""

from collections.abc import Callable
from math import log, sqrt

import numpy as np

from app.nn.types import Array

NEIGHBOURS = 8
"""So many neighbours of a sample are looked at."""
QUERIES = 300
"""… and those of so many samples, evenly spread, when there are more."""


def floor(X: Array, Y: Array, between: Callable[[Array, Array], Array]) -> float:
    """The loss that the noise in targets Y (n_y, n) at inputs X (n_x, n) leaves, 0 or more.

    `between(y, other)` gives the loss that two targets (n_y, q) of the same inputs stand for, for
    each of q pairs. It is 0 for samples too few to have neighbours.
    """
    n = X.shape[1]
    if n <= NEIGHBOURS + 1:
        return 0.0
    asked = np.linspace(0, n - 1, min(n, QUERIES)).astype(np.int64)
    far = _squared_distances(X[:, asked], X)
    far[np.arange(len(asked)), asked] = np.inf
    near = np.argpartition(far, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    distance = np.take_along_axis(far, near, axis=1)
    near = np.take_along_axis(near, np.argsort(distance, axis=1, kind="stable"), axis=1)
    delta = np.sort(distance, axis=1).mean(axis=0)
    gamma = np.array([between(Y[:, asked], Y[:, other]).mean() for other in near.T])
    return max(_at_zero(delta, gamma), 0.0)


def _squared_distances(queries: Array, X: Array) -> Array:
    """|x - x'|² (q, n), 0 or more, between queries (n_x, q) and all inputs (n_x, n)."""
    squares = np.add.reduce(queries * queries)[:, np.newaxis] + np.add.reduce(X * X)
    distances: Array = np.maximum(squares - 2.0 * queries.T @ X, 0.0)
    return distances


def _at_zero(delta: Array, gamma: Array) -> float:
    """Where the straight line through points (delta, gamma) meets 0, or the mean of gamma.

    The mean is taken where the distances do not tell: all are alike, or gamma does not rise.
    """
    spread, mean = delta - delta.mean(), float(gamma.mean())
    total = float(spread @ spread)
    if total <= 1e-12 * float(delta @ delta):
        return mean
    return mean - max(float(spread @ gamma) / total, 0.0) * float(delta.mean())


def of_squares(y: Array, other: Array) -> Array:
    """(y - y')²/2, whose mean is the variance of the noise."""
    return 0.5 * _mean(np.square(y - other))


def of_half_squares(y: Array, other: Array) -> Array:
    """Half of that."""
    return 0.5 * of_squares(y, other)


def of_sizes(y: Array, other: Array) -> Array:
    """|y - y'|/√2: E|e| of normal noise; of any other, E|e| is half to all of E|e - e'|."""
    return sqrt(0.5) * _mean(np.abs(y - other))


def of_huber(y: Array, other: Array) -> Array:
    """h(y - y')/2, with h as in the Huber loss."""
    error = np.abs(y - other)
    near = np.minimum(error, 1.0)
    return 0.5 * _mean(near * (error - 0.5 * near))


def of_labels(y: Array, other: Array) -> Array:
    """2 ln 2 where two labels 0 or 1 differ: the entropy is at least 4 ln 2 p(1 - p) nats."""
    return 2.0 * log(2.0) * _mean(np.abs(y - other))


def of_classes(y: Array, other: Array) -> Array:
    """1 where two classes differ: -ln p is at least 1 - p, so that the entropy is at least that."""
    differ: Array = 0.5 * np.add.reduce(np.abs(y - other), axis=0)
    return differ


def of_signs(y: Array, other: Array) -> Array:
    """1 where two labels -1 or 1 differ: 2 min(p, 1 - p) is at least 2 p(1 - p)."""
    return 0.5 * _mean(np.abs(y - other))


def _mean(terms: Array) -> Array:
    """Mean over the outputs (n_y, q)."""
    mean: Array = np.mean(terms, axis=0)
    return mean
