"""Divergence: the test by which the training of a network is stopped.

Its loss, or one of its parameters, is no longer a finite number, or the loss exceeds `DIVERGED`
times the one that it began with (or 1). Whether it does can mostly be seen from the parameters
alone: small parameters have small losses, whatever the samples (`loss_bound`).
"""

import numpy as np
from numpy.typing import NDArray

from app.nn.activations import ACTIVATIONS
from app.nn.stack import Architecture
from app.nn.types import Array

DIVERGED = 1e12
"""The multiple of the first loss above which a network has diverged."""

STEEPEST, HIGHEST = 1.06, 1.8
"""|f(z)| ≤ 1.06 |z| + 1.8 for every activation that is not bounded by 1; selu comes closest."""


def limits(first: Array) -> Array:
    """The largest loss (K,) of networks that have not diverged, from those they began with (K,)."""
    return DIVERGED * np.maximum(1.0, np.where(np.isfinite(first), first, 1.0))


def is_sound(thetas: Array, losses: Array, limit: Array) -> NDArray[np.bool_]:
    """Whether networks have not diverged: parameters (…, K, P), losses (…, K) and limits (K,)."""
    known: NDArray[np.bool_] = np.isfinite(losses) & (losses <= limit)
    return known & np.isfinite(thetas).all(axis=-1)


def surely_sound(
    architecture: Architecture, thetas: Array, X: Array, Y: Array, limit: Array
) -> NDArray[np.bool_]:
    """Which of networks thetas (T, K, P) have not diverged for certain, (T, K); limits (K,).

    Most often the largest parameter of all tells already.
    """
    largest = np.full((1, thetas.shape[-1]), np.abs(thetas).max())
    if (loss_bound(architecture, largest, X, Y) <= limit).all():
        return np.ones(thetas.shape[:-1], dtype=bool)
    return loss_bound(architecture, thetas, X, Y) <= limit


def loss_bound(architecture: Architecture, thetas: Array, X: Array, Y: Array) -> Array:
    """A number (…, K) that no loss on X and Y exceeds, of networks thetas (…, K, P).

    From layer to layer, |Z| is at most the largest row of |M| times the largest |A|, or 1 for the
    bias. Every loss is at most (2|Z| + |A| + |Y| + n_y + 2)². It is not a finite number where a
    parameter is not a number.
    """
    largest: Array = np.abs(X).max(axis=(-2, -1))
    Z = largest
    for (n_out, n_in), start, layer in zip(
        architecture.shapes, architecture.offsets, architecture.layers, strict=False
    ):
        M = thetas[..., start : start + n_out * (n_in + 1)]
        M = M.reshape(*thetas.shape[:-1], n_out, n_in + 1)
        Z = np.abs(M).sum(axis=-1).max(axis=-1) * np.maximum(largest, 1.0)
        bounded = ACTIVATIONS[layer.activation].bounded
        largest = np.where(np.isfinite(Z), 1.0, Z) if bounded else STEEPEST * Z + HIGHEST
    n_y = architecture.layers[-1].units
    bound: Array = (2.0 * Z + largest + np.abs(Y).max(axis=(-2, -1)) + n_y + 2.0) ** 2
    return bound
