"""Baselines: the loss of the best constant answer, which uses nothing of the inputs.

Each takes the targets y (n_y, n) and gives the loss of the best constant answer, averaged over the
outputs as the loss itself is. A network that stays there has learned nothing of its inputs.
"""

import numpy as np

from app.nn.types import Array


def variance(y: Array) -> float:
    """The squared error of answering the mean: the variance of each output, averaged."""
    return float(np.mean(np.var(y, axis=-1)))


def deviation(y: Array) -> float:
    """The absolute error of answering the median."""
    return float(np.mean(np.abs(y - np.median(y, axis=-1, keepdims=True))))


def huber(y: Array) -> float:
    """The Huber loss of answering Huber's location, where the errors, held within ±1, balance.

    Their sum falls as the answer rises, so that bisection finds it.
    """
    low, high = y.min(axis=-1, keepdims=True), y.max(axis=-1, keepdims=True)
    for _ in range(64):
        middle = 0.5 * (low + high)
        too_low = np.clip(y - middle, -1.0, 1.0).sum(axis=-1, keepdims=True) > 0.0
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    error = np.abs(y - 0.5 * (low + high))
    near = np.minimum(error, 1.0)
    return float(np.mean(near * (error - 0.5 * near)))


def entropy(y: Array) -> float:
    """The cross-entropy of answering the mean: -p ln p - (1-p) ln(1-p), averaged over outputs."""
    p = np.mean(y, axis=-1)
    terms = [q * np.log(np.where(q > 0.0, q, 1.0)) for q in (p, 1.0 - p)]
    return float(-np.mean(terms[0] + terms[1]))


def class_entropy(y: Array) -> float:
    """The cross-entropy of answering how often each class occurs: -Σ p ln p."""
    p = np.mean(y, axis=-1)
    return float(-np.sum(p * np.log(np.where(p > 0.0, p, 1.0))))


def hinge(y: Array) -> float:
    """The hinge loss of always answering the commoner class: twice the share of the other."""
    share = np.mean(y > 0.0, axis=-1)
    return float(np.mean(2.0 * np.minimum(share, 1.0 - share)))
