"""A slice of J along one parameter of a run, with the step that comes next."""

import numpy as np
from typing_extensions import TypedDict

from app.lab.experiment import training
from app.lab.json_arrays import Number, Vector, finite
from app.lab.landscape import axes
from app.lab.landscape.plane import PlaneRequest
from app.lab.landscape.scene import Scene
from app.lab.spec.arrays import parameter_index
from app.lab.spec.ranges import check_work
from app.nn.losses import Objective
from app.nn.stack import block_size, blocks, gradients, losses
from app.nn.types import Array

_AT_ONCE = 16
"""So many blocks of networks are evaluated between two pauses."""


class Segment(TypedDict):
    """A straight line in the picture, by its two ends."""

    x: Vector
    z: Vector


class Landing(TypedDict):
    """Where a step lands: the parameter, J there if no other moved, and J if all have moved."""

    x: Number
    z: Number
    loss: Number


class Slice(TypedDict):
    """J (`z`) against one parameter (`x`) of a run, while all others stay.

    `value`, `height` and `slope` are the parameter, J and dJ/dp at present, `tangent` a piece of
    the line that touches J there. `plain` is the next step of gradient descent on the whole
    training set, `taken` the one of the run's own optimizer, from its own state and on its own
    batch; null when the run has diverged. The plain step `swings` along the parameter when it ends
    where the slope points back.
    """

    run: int
    step: int
    parameter: str
    loss: str
    x: list[float]
    z: Vector
    value: Number
    height: Number
    slope: Number
    swings: bool
    tangent: Segment
    learning_rate: float
    optimizer: str
    plain: Landing
    taken: Landing | None


def slice_along(
    scene: Scene,
    request: PlaneRequest,
    parameters: tuple[str, str | None],
    size: int,
    ends: tuple[float | None, float | None],
) -> Slice:
    """J against one parameter of a run at `size` points, with the step that comes next.

    It is the first of `parameters`, or the second if the step swings along that one alone, or
    further than along the first.

    Raises InvalidInput for an unknown parameter, for ends in the wrong order, or where it would
    take too long.
    """
    setup, state = scene.setup, scene.state
    train, run = setup.train, request.run
    first, other = parameters
    index = parameter_index(setup.architecture, first, "parameter")
    second = index if other is None else parameter_index(setup.architecture, other, "other")
    architecture, loss = setup.architecture, setup.runs[run].loss
    check_work(size * architecture.cost(train.count), "/size", size)
    theta = state.theta[run]
    rate = scene.learning_rate(run)
    with np.errstate(all="ignore"):
        G = gradients(architecture, theta[np.newaxis], train.X, train.Y, Objective([loss]))[0]
        plain = theta - rate * G
        after = gradients(architecture, plain[np.newaxis], train.X, train.Y, Objective([loss]))[0]
        swings = np.where(G * after < 0.0, np.abs(G), 0.0)
        along = first
        if other is not None and swings[second] > swings[index]:
            index, along = second, other
        value = float(theta[index])
        taken = _step(scene, run)
        landings = [plain] if taken is None else [plain, taken]
        seen = np.append(
            scene.path.theta[:, run, index], [value, *(landing[index] for landing in landings)]
        )
        x = np.linspace(*axes.ends(seen[np.abs(seen) <= 1e6], "x", ends, 1.0), size)
        J = _along(scene, theta, index, x, loss)
        here = float(_along(scene, theta, index, np.array([value]), loss)[0])
        slope, quarter = float(G[index]), 0.25 * (x[-1] - x[0])
        touching = np.array([value - quarter, value + quarter])
        tangent = here + slope * (touching - value)
        landed = _landing(scene, theta, index, plain, loss)
        landed_taken = None if taken is None else _landing(scene, theta, index, taken, loss)
    return {
        "run": run,
        "step": state.step,
        "parameter": along,
        "loss": loss,
        "x": x.tolist(),
        "z": finite(J),
        "value": finite(np.asarray(value)),
        "height": finite(np.asarray(here)),
        "slope": finite(np.asarray(slope)),
        "swings": bool(swings[index] > 0.0),
        "tangent": {"x": finite(touching), "z": finite(tangent)},
        "learning_rate": rate,
        "optimizer": scene.optimizer(run),
        "plain": landed,
        "taken": landed_taken,
    }


def _along(scene: Scene, theta: Array, index: int, values: Array, loss: str) -> Array:
    """J (len(values),) with one parameter of theta (P,) at each of the values."""
    architecture, train = scene.setup.architecture, scene.setup.train
    J = np.empty(len(values))
    size = _AT_ONCE * block_size(architecture, train.count, theta.itemsize)
    for block in blocks(len(values), size):
        scene.yield_to_waiting()
        stack = np.tile(theta, (len(values[block]), 1))
        stack[:, index] = values[block]
        J[block] = losses(architecture, stack, train.X, train.Y, Objective([loss]))
    return J


def _landing(scene: Scene, theta: Array, index: int, landing: Array, loss: str) -> Landing:
    train = scene.setup.train
    x = landing[index : index + 1]
    z = _along(scene, theta, index, x, loss)
    J = losses(scene.setup.architecture, landing[np.newaxis], train.X, train.Y, Objective([loss]))
    return {"x": finite(x[0]), "z": finite(z[0]), "loss": finite(J[0])}


def _step(scene: Scene, run: int) -> Array | None:
    """theta (P,) of a run one step later, or None if it has diverged or then does."""
    past = [event for event in scene.events if event.step <= scene.state.step]
    after, _ = training.advance(scene.setup, scene.state, past, 1)
    return after.theta[run] if after.diverged[run] < 0 else None
