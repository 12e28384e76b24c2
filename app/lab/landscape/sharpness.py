"""Sharpness over time: the largest eigenvalue of what every run descends, beside its edge.

Gradient descent drives the sharpness up to about 2/α, where its steps stop to come to rest, and
then along that edge (Cohen et al. 2021, Gradient descent on neural networks typically occurs at the
edge of stability). It is measured at steps of the trajectory, after training and apart from it.
"""

from collections.abc import Sequence
from hashlib import blake2b
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from app.lab.experiment import training
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event
from app.lab.history.thinning import spread
from app.lab.json_arrays import Matrix, finite
from app.lab.landscape.scene import Scene
from app.lab.landscape.update_bound import descended_by
from app.lab.recent import Recent
from app.lab.spec.ranges import WORK_LIMIT, check_work
from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import extremes
from app.nn.types import Array
from app.nn.update.stability import STABILITIES, stability_of
from app.nn.update.updates import Method

TOLERANCE = 1e-3
"""How far a sharpness may be from an eigenvalue, as a share of it: less than a line is wide."""
MOST_PRODUCTS = 200
"""A sharpness that is not found in so many products is left out."""
SECONDS = 1.0
"""A call measures for about so long, and says whether something is left to measure."""
SHARE_WORK = 0.02 * WORK_LIMIT
"""A diagnosis, which is made while others train, does not take more work for its bounds."""
FEW_PRODUCTS = 10
"""It is made without them where they allow fewer products."""
SHARPNESSES_KEPT = 60_000
"""So many measured numbers stay in memory; to lose one costs the time to measure it again."""


class Eigenvalue(NamedTuple):
    """A sharpness, NaN where there is none or it was not found, and in how many products."""

    largest: float
    products: int


class Sharpness(TypedDict):
    """The sharpness λ of every run (rows) at steps (columns), and its edge.

    λ is the largest eigenvalue of the Hessian of what the run descends, J with its penalty, in the
    directions in which it moves, known to a thousandth of itself. On `edge`, α is the bound of the
    update that is made: 2/α for gradient descent, (2 + 2μ)/α with momentum, (2 + 2μ)/((1 + 2μ)α)
    with Nesterov's, at the learning rate of that step. It is null for an optimizer that has no such
    bound, and with mini-batches or dropout, whose steps have a curvature of their own. λ is null
    where a run has diverged, where it is not positive or not found, and, unless the answer is
    `complete`, where it is not measured yet: ask again.
    """

    steps: list[int]
    largest: Matrix
    edge: Matrix
    complete: bool


def sharpness(scene: Scene, id: str, points: int, memory: Recent[Eigenvalue]) -> Sharpness:
    """The sharpness of every run of an experiment, at up to about `points` steps of its trajectory.

    `memory` keeps what was measured, by the numbers that it was measured of. Raises InvalidInput
    where a single number would take too long.
    """
    setup, path, state = scene.setup, scene.path, scene.state
    work = 6 * setup.architecture.work(setup.train.count)
    check_work(20 * work, "/points", source="query")
    rows = np.flatnonzero(spread(path.steps, state.step, points) | (path.steps == state.step))
    largest = np.full((len(setup.runs), len(rows)), np.nan)
    most = min(MOST_PRODUCTS, int(WORK_LIMIT / work))
    began, complete = perf_counter(), True
    for column in _coarse_first(path.steps[rows]):
        row = int(rows[column])
        step = int(path.steps[row])
        for k, method in enumerate(training.methods_at(setup, scene.events, step)):
            if not np.isfinite(path.J[row, k]):
                continue
            theta = np.ascontiguousarray(path.theta[row, k])
            key = _key(id, k, method, theta)
            known = memory.get(key)
            if known is None:
                if perf_counter() - began > SECONDS:
                    complete = False
                    continue
                known = _measure(scene, k, step, theta, most)
                memory.put(key, known)
            largest[k, column] = known.largest
    return {
        "steps": path.steps[rows].tolist(),
        "largest": finite(largest),
        "edge": finite(_edges(setup, scene.events, path.steps[rows])),
        "complete": complete,
    }


def _key(id: str, k: int, method: Method, theta: Array) -> tuple[str, int, str, bytes]:
    """What a measured number is remembered by: what it was measured of."""
    numbers = blake2b(theta.tobytes(), digest_size=16).digest()
    return id, k, repr(method.regularizer), numbers


def rate_shares(
    scene: Scene, id: str, runs: Sequence[int], memory: Recent[Eigenvalue]
) -> list[float | None]:
    """For every run its learning rate over the bound of its next update.

    None of those not in `runs`, and where there is no such bound, or it would take too long to
    find, whether or not somebody has found it meanwhile. A run that has diverged is measured where
    it was last.
    """
    setup, state = scene.setup, scene.state
    shares: list[float | None] = [None] * len(setup.runs)
    most = min(MOST_PRODUCTS, int(SHARE_WORK / (6 * setup.architecture.work(setup.train.count))))
    if most < FEW_PRODUCTS:
        return shares
    edges = _edges(setup, scene.events, np.array([state.step]))[:, 0]
    for k in runs:
        if not np.isfinite(edges[k]):
            continue
        theta = np.ascontiguousarray(state.theta[k])
        key = _key(id, k, scene.method(k), theta)
        found = memory.get(key)
        if found is None:
            found = _measure(scene, k, state.step, theta, most)
            if np.isfinite(found.largest):  # more products may find it
                memory.put(key, found)
        if np.isfinite(found.largest) and found.products <= most:
            shares[k] = found.largest / float(edges[k])
    return shares


def _coarse_first(steps: NDArray[np.int64]) -> list[int]:
    """The places of steps, those first that more powers of two divide: a curve that gets finer."""
    powers = [int(step) & -int(step) or np.inf for step in steps]
    return sorted(range(len(steps)), key=lambda place: -powers[place])


def _measure(scene: Scene, k: int, step: int, theta: Array, most: int) -> Eigenvalue:
    """The sharpness at theta (P,) of run k; NaN where it is not found, or nothing bends upward."""
    setup = scene.setup
    X, Y, loss = setup.train.X, setup.train.Y, setup.runs[k].loss
    with np.errstate(all="ignore"):
        try:
            hessian = Hessian(setup.architecture, theta, X, Y, loss)
            descended = descended_by(scene, k, step, hessian)
            start, between = descended.start, scene.yield_to_waiting
            found = extremes(descended.product, start, most, between, TOLERANCE)
        except FloatingPointError:
            return Eigenvalue(np.nan, most)
    known = (found.precise or found.is_largest(TOLERANCE)) and found.largest > 0.0
    return Eigenvalue(found.largest if known else np.nan, found.products)


def _edges(setup: Setup, events: Sequence[Event], steps: NDArray[np.int64]) -> Array:
    """The sharpness (K, S) above which the update of each step would swing outward."""
    edges = np.full((len(setup.runs), len(steps)), np.nan)
    if not setup.task.whole:  # every step has a curvature of its own
        return edges
    for column, step in enumerate(steps.tolist()):
        for k, method in enumerate(training.methods_at(setup, events, step)):
            optimizer = method.optimizer
            stability = stability_of(optimizer.name)
            if optimizer.name not in STABILITIES or stability.preconditioner is not None:
                continue
            rate = method.rate(step)
            if rate > 0.0:
                edges[k, column] = stability.bound(1.0, optimizer.options, float(step)) / rate
    return edges
