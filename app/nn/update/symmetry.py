"""Symmetry of identical neurons, which stay identical in exact arithmetic and so must here too.

Two neurons of a layer with the same weights in, the same bias and the same weights out have the
same gradient, for ever. A matrix product, though, may round its rows differently, and on a plateau
such a difference of 1e-16 grows exponentially, until after some thousand steps a network "escapes"
that in exact arithmetic never would. So identical neurons are found once, at the start of a run,
and from then on share one gradient, bit for bit.
"""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.nn.stack import Architecture
from app.nn.types import Array

Indices = NDArray[np.int64]


def identical_neurons(architecture: Architecture, theta: Array) -> list[Indices]:
    """For each layer, the first neuron (n_out,) that each neuron of theta (P,) is a twin of.

    Neurons of the output layer have targets of their own and so have no twins.
    """
    # Adding zero makes -0.0, which is the same number with other bytes, into 0.0.
    M = [layer[0] + 0.0 for layer in architecture.matrices(theta[np.newaxis])]
    found = []
    for into, out_of in pairwise(M):
        first: dict[bytes, int] = {}
        # The last column of what is above are its biases, which belong to no neuron down here.
        pairs = zip(into, out_of[:, :-1].T, strict=True)
        keys = [row.tobytes() + column.tobytes() for row, column in pairs]
        found.append(np.array([first.setdefault(key, i) for i, key in enumerate(keys)]))
    return [*found, np.arange(len(M[-1]))]


def shared_gradient(architecture: Architecture, theta: Array) -> Indices | None:
    """Where each number of a gradient (K, P) is to be taken from, as flat indices (K, P).

    `gradient.take(indices)` then gives twins of the stack theta (K, P) the same gradient. None when
    there are no twins, so that nothing needs to be done.
    """
    shared = np.arange(theta.size).reshape(theta.shape)
    found = False
    for k in np.flatnonzero(_may_have_identical_neurons(architecture, theta)):
        sources = _sources(architecture, theta[k].astype(np.float64).tobytes())
        if sources is not None:
            found = True
            shared[k] = sources + shared[k, 0]
    return shared if found else None


def _may_have_identical_neurons(architecture: Architecture, theta: Array) -> NDArray[np.bool_]:
    """False (K,) for networks in each of whose layers no weight, or no bias, is there twice.

    A look at a few numbers, which spares most networks the search.
    """
    suspects = np.zeros(len(theta), dtype=bool)
    for M in architecture.matrices(theta)[:-1]:
        first, bias = np.sort(M[:, :, 0], axis=1), np.sort(M[:, :, -1], axis=1)
        suspects |= _repeats(first) & _repeats(bias)
    return suspects


def _repeats(ordered: Array) -> NDArray[np.bool_]:
    repeats: NDArray[np.bool_] = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    return repeats


@lru_cache(maxsize=32)
def _sources(architecture: Architecture, numbers: bytes) -> Indices | None:
    """Where each number of a gradient (P,) is taken from, of a network theta (P,) in float64.

    None when it has no twins. Kept, because a run looks for its twins in every block of steps, and
    of a recipe that draws nothing all seeds are one network.
    """
    theta = np.frombuffer(numbers)
    places = np.arange(len(theta))
    taken = places.copy()
    inputs = np.arange(architecture.inputs)
    for M, source, neurons in zip(
        architecture.matrices(taken[np.newaxis]),  # type: ignore[arg-type]
        architecture.matrices(places[np.newaxis]),  # type: ignore[arg-type]
        identical_neurons(architecture, theta),
        strict=True,
    ):
        columns = np.append(inputs, len(inputs))  # the bias, last, is nobody's twin
        M[0] = source[0][np.ix_(neurons, columns)]
        inputs = neurons
    taken.flags.writeable = False
    return None if np.array_equal(taken, places) else taken
