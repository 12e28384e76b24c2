"""Gradient check: numeric derivatives of all parameters, by one stack of 2P networks."""

from collections.abc import Callable

import numpy as np

from app.nn.losses import Objective
from app.nn.stack import Architecture, block_size, blocks, losses
from app.nn.types import Array

STEP = float(np.finfo(np.float64).eps) ** (1 / 3)
"""h relative to the parameter: balances the h² of truncation against the 1/h of rounding."""


def numeric_gradient(
    architecture: Architecture,
    theta: Array,
    X: Array,
    Y: Array,
    loss: str,
    between: Callable[[], None] = lambda: None,
) -> Array:
    """dJ/dtheta (P,) at theta (P,) by central differences, (J(θ+h) - J(θ-h)) / 2h, in float64.

    `between` is called between blocks of networks. Nocedal & Wright, Numerical Optimization, §8.1.
    """
    h = STEP * np.maximum(1.0, np.abs(theta))
    # Divide by the h that was really added: θ+h is rounded, which changes h noticeably.
    up, down = theta + h, theta - h
    objective = Objective([loss])
    gradient = np.empty_like(theta)
    size = max(1, block_size(architecture, X.shape[-1], theta.itemsize) // 2)
    for block in blocks(len(theta), size):
        between()
        moved = np.arange(block.start, block.stop)
        stack = np.tile(theta, (2 * len(moved), 1))
        stack[np.arange(len(moved)), moved] = up[block]
        stack[np.arange(len(moved), 2 * len(moved)), moved] = down[block]
        J = losses(architecture, stack, X, Y, objective)
        gradient[block] = (J[: len(moved)] - J[len(moved) :]) / (up[block] - down[block])
    return gradient
