"""Entezari, Sedghi, Saukh & Neyshabur 2022, The role of permutation invariance in linear mode
connectivity of neural networks; Brea, Simsek, Illing & Gerstner 2019, Weight-space symmetry in deep
networks gives rise to permutation saddles.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from app.lab.experiment.setup import Setup
from app.nn.stack import Architecture, unpack
from app.nn.types import Array
from benchmarks.papers import link
from benchmarks.papers.experiment import Document, heights, layers, train, weights
from benchmarks.papers.row import Row

UNITS = 16
SEEDS = range(12)
STEPS = 400
ROUNDING = 1e-12
POINTS = np.linspace(0.0, 1.0, 51)[:, np.newaxis]
Order = NDArray[np.int64]


def rows() -> Iterator[Row]:
    """What the order of hidden neurons changes: nothing of J, but much of the way between two."""
    document = _experiment([{"seed": seed} for seed in SEEDS])
    setup, (ends,) = train(document, STEPS)
    before, after, changes = [], [], []
    for one, other in zip(ends[::2], ends[1::2], strict=True):
        permuted = reordered(setup.architecture, other, matching(setup.architecture, one, other))
        J = heights(setup, np.stack([other, permuted]))
        changes.append(float(abs(J[1] / J[0] - 1.0)))
        before.append(_barrier(setup, one, other))
        after.append(_barrier(setup, one, permuted))
    change = max(changes)
    what = f"[2,{UNITS},1] relu, moons, {len(before)} pairs of seeds"
    opens = _of_one_pair()
    yield Row(
        "Brea et al. 2019",
        f"{what}: change of J by another order of the hidden neurons",
        f"0 (± {ROUNDING:.0e} of rounding)",
        0.0,
        ROUNDING,
        change,
        f"{change:.0e} of J at most",
        opens,
    )
    share = float(np.median(np.array(after) / np.array(before)))
    yield Row(
        "Entezari et al. 2022, conjecture 1",
        f"{what}: barrier on the line, neurons in the best order, as a share of that as trained",
        "no barrier: 0, ± 0.05",
        -0.05,
        0.05,
        share,
        f"{share:.3f} ({np.median(before):.2g} → {np.median(after):.2g}, medians)",
        opens,
    )


def matching(architecture: Architecture, one: Array, other: Array) -> Order:
    """For each hidden neuron of one network the neuron of another that is most like it.

    Alike are neurons whose weights, in and out, have a large product (Ainsworth, Hayase &
    Srinivasa 2023, Git re-basin, §3.2); each is taken once.
    """
    mine, theirs = (_neurons(architecture, theta) for theta in (one, other))
    _, order = linear_sum_assignment(mine @ theirs.T, maximize=True)
    return np.asarray(order)


def reordered(architecture: Architecture, theta: Array, order: Order) -> Array:
    """theta (P,) of a network of one hidden layer, whose neurons come in another order."""
    stack = theta[np.newaxis].copy()
    lower, upper = architecture.matrices(stack)
    lower[...] = lower[:, order]
    upper[:, :, :-1] = upper[:, :, order]
    found: Array = stack[0]
    return found


def _neurons(architecture: Architecture, theta: Array) -> Array:
    """Of every hidden neuron the weights in, the bias and the weights out, (units, n)."""
    lower, upper = architecture.matrices(theta[np.newaxis])
    return np.concatenate([lower[0], upper[0, :, :-1].T], axis=1)


def _barrier(setup: Setup, one: Array, other: Array) -> float:
    """How high J on the line rises above the line between the J of the ends."""
    J = heights(setup, one + POINTS * (other - one))
    straight = J[0] + POINTS[:, 0] * (J[-1] - J[0])
    return float((J - straight).max())


def _experiment(runs: list[Document]) -> Document:
    return {
        "data": {"name": "moons", "samples": 200, "standardize": True},
        "layers": layers([UNITS], "relu", 1, "sigmoid"),
        "loss": "cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": 0.02},
        "runs": [{"recipe": weights("he_normal")} | run for run in runs],
    }


def _of_one_pair() -> str:
    """Two networks, and the second again, its neurons in the order that suits the first.

    Adam treats all neurons alike, so that it is enough to begin in that order.
    """
    pair = _experiment([{"label": "one", "seed": 0}, {"label": "other", "seed": 1}])
    setup, (start, end) = train(pair, 0, STEPS)
    order = matching(setup.architecture, *end)
    W, b = unpack(setup.architecture, reordered(setup.architecture, start[1], order))
    given = {"W": [one.tolist() for one in W], "b": [one.ravel().tolist() for one in b]}
    document = {
        **pair,
        "runs": [*pair["runs"], {"label": "other, reordered", "parameters": given}],
    }
    return link.fragment(document, STEPS, plane="between", other=2)
