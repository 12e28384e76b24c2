"""Metrics of outputs against targets: accuracy, the confusion matrix, R².

Answers and targets are those of the output layer, (n_y, n). One unit decides between two classes by
being above or below the middle of its two labels; of several units the largest one says the class.
"""

import numpy as np
from numpy.typing import NDArray

from app.nn.types import Array


def class_numbers(outputs: Array, labels: tuple[float, float]) -> NDArray[np.int64]:
    """The class (…, n) that outputs or targets (…, n_y, n) name; `labels` are those of one unit."""
    if outputs.shape[-2] > 1:
        return np.asarray(np.argmax(outputs, axis=-2), dtype=np.int64)
    middle = 0.5 * (labels[0] + labels[1])
    return (outputs[..., 0, :] > middle).astype(np.int64)


def confusion(truth: NDArray[np.int64], found: NDArray[np.int64], classes: int) -> Array:
    """The confusion matrix of class numbers (n,): true classes in rows, answers in columns."""
    counts = np.zeros((classes, classes))
    np.add.at(counts, (truth, found), 1.0)
    return counts


def r_squared(outputs: Array, targets: Array) -> float | None:
    """1 - Σ(y - ŷ)² / Σ(y - ȳ)², averaged over outputs; None where the targets do not differ."""
    residual = np.sum((targets - outputs) ** 2, axis=-1)
    total = np.sum((targets - targets.mean(axis=-1, keepdims=True)) ** 2, axis=-1)
    if not np.all(total > 0.0):
        return None
    return float(np.mean(1.0 - residual / total))
