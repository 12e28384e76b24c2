"""Similarity of the neurons of a layer; identical ones learn identically, and count as one."""

import numpy as np
from numpy.typing import NDArray

from app.nn.types import Array

IDENTICAL = 1e-9
"""Two neurons are the same whose weights and biases differ by no more, relative to the largest."""


def first_alike(M: Array) -> NDArray[np.int64]:
    """For each neuron of a layer [W | b] (n_out, n_in + 1), the first that it is identical to."""
    scale = max(1.0, float(np.abs(M).max()))
    apart = np.abs(M[:, np.newaxis] - M[np.newaxis]).max(axis=-1)  # (n_out, n_out)
    first: NDArray[np.int64] = np.argmax(apart <= IDENTICAL * scale, axis=1)
    return first


def near_identical_neurons(first: NDArray[np.int64]) -> list[list[int]]:
    """The groups of two or more neurons that are identical, from `first_alike`."""
    groups = [np.flatnonzero(first == one).tolist() for one in np.unique(first)]
    return [group for group in groups if len(group) > 1]


def similarity(A: Array) -> float | None:
    """The mean of |cos| between the outputs of two neurons of a layer, A (units, n).

    It is 1 if all neurons are equal up to a factor. Neurons whose outputs are all 0 count as equal.
    None for a layer of one.
    """
    if len(A) < 2:
        return None
    length = np.linalg.norm(A, axis=1)
    silent = length == 0.0
    unit = A / np.where(silent, 1.0, length)[:, np.newaxis]
    cosine = np.abs(unit @ unit.T)
    cosine[np.ix_(silent, silent)] = 1.0
    pairs = cosine[np.triu_indices(len(A), 1)]
    return float(np.minimum(pairs, 1.0).mean())
