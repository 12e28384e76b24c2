"""J close to a run: cut along one parameter, with the step that comes next, and how it bends."""

from typing import Any

import numpy as np

from app.lab import extents
from app.lab.experiment import training
from app.lab.json_arrays import finite
from app.lab.planes import PlaneWords, Scene
from app.lab.spec.arrays import parameter_index
from app.lab.spec.ranges import check_work
from app.nn.landscape.hessian import STEPS, Hessian, extremes, plane_hessian
from app.nn.losses import Objective
from app.nn.stack import gradients, losses
from app.nn.types import Array


def slice_along(
    scene: Scene,
    words: PlaneWords,
    parameter: str,
    size: int,
    ends: tuple[float | None, float | None],
) -> dict[str, Any]:
    """J against one parameter of a run while all others stay, with the step that comes next.

    `plain` is the step of gradient descent on the whole training set; `taken` the one that the
    optimizer takes, from its own state and on its own batch. Both say where the parameter lands,
    the height of the slice there, and J when all other parameters take their step too.
    """
    world, moment = scene.world, scene.moment
    train, run = world.train, words.run
    index = parameter_index(world.architecture, parameter, "parameter")
    architecture, loss = world.architecture, world.runs[run].loss
    check_work(size * architecture.work(train.count), "/size", size)
    theta = moment.theta[run]
    value, rate = float(theta[index]), _learning_rate(scene, run)
    with np.errstate(all="ignore"):
        G = gradients(architecture, theta[np.newaxis], train.X, train.Y, Objective([loss]))[0]
        plain = theta - rate * G
        taken = _step(scene, run)
        landings = [plain] if taken is None else [plain, taken]
        seen = np.append(
            scene.path.theta[:, run, index], [value, *(landing[index] for landing in landings)]
        )
        x = np.linspace(*extents.ends(seen[np.abs(seen) <= 1e6], "x", ends, 1.0), size)
        J = _along(scene, theta, index, x, loss)
        here = float(_along(scene, theta, index, np.array([value]), loss)[0])
        slope, quarter = float(G[index]), 0.25 * (x[-1] - x[0])
        touching = np.array([value - quarter, value + quarter])
        tangent = here + slope * (touching - value)
        steps = {
            "plain": _landing(scene, theta, index, plain, loss),
            "taken": None if taken is None else _landing(scene, theta, index, taken, loss),
        }
    return {
        "run": run,
        "step": moment.step,
        "parameter": parameter,
        "loss": loss,
        "x": x.tolist(),
        "z": finite(J),
        "value": finite(np.asarray(value)),
        "height": finite(np.asarray(here)),
        "slope": finite(np.asarray(slope)),
        "tangent": {"x": finite(touching), "z": finite(tangent)},
        "learning_rate": rate,
        "optimizer": _optimizer(scene, run),
        **steps,
    }


def _along(scene: Scene, theta: Array, index: int, values: Array, loss: str) -> Array:
    """J (len(values),) with one parameter of theta (P,) at each of the values."""
    stack = np.tile(theta, (len(values), 1))
    stack[:, index] = values
    train = scene.world.train
    return losses(scene.world.architecture, stack, train.X, train.Y, Objective([loss]))


def _landing(scene: Scene, theta: Array, index: int, landing: Array, loss: str) -> dict[str, Any]:
    train = scene.world.train
    x = landing[index : index + 1]
    z = _along(scene, theta, index, x, loss)
    J = losses(scene.world.architecture, landing[np.newaxis], train.X, train.Y, Objective([loss]))
    return {"x": finite(x[0]), "z": finite(z[0]), "loss": finite(J[0])}


def _step(scene: Scene, run: int) -> Array | None:
    """theta (P,) of a run one step later, or None if it has diverged or then does."""
    past = [event for event in scene.events if event.step <= scene.moment.step]
    after, _ = training.advance(scene.world, scene.moment, past, 1)
    return after.theta[run] if after.diverged[run] < 0 else None


def _learning_rate(scene: Scene, run: int) -> float:
    """That of the next update, where its schedule has led it."""
    step = scene.moment.step
    method = training.methods_at(scene.world, scene.events, step)[run]
    return float(method.rates(np.array([float(step)]))[0])


def _optimizer(scene: Scene, run: int) -> str:
    methods = training.methods_at(scene.world, scene.events, scene.moment.step)
    return methods[run].optimizer.name


def curvature(scene: Scene, words: PlaneWords) -> dict[str, Any]:
    """How J bends at a run: on a plane, and along the steepest bend there is.

    `bound` is 2/λ: gradient descent with a larger learning rate oscillates away from a minimum of
    this curvature; null where J bends nowhere upward.
    """
    world, moment = scene.world, scene.moment
    architecture, train, loss = world.architecture, world.train, world.runs[words.run].loss
    products = min(STEPS, architecture.parameter_count)
    check_work(6 * products * architecture.work(train.count), "/run")
    plane = scene.plane(words).plane
    theta = moment.theta[words.run]
    x, y = (float(coordinate) for coordinate in plane.coordinates(theta))
    try:
        with np.errstate(all="ignore"):
            H = plane_hessian(architecture, plane, x, y, train.X, train.Y, loss)
            found = extremes(Hessian(architecture, theta, train.X, train.Y, loss), scene.give_way)
    except FloatingPointError:
        detail = f"J of run {words.run} is not finite around here, so it has no curvature"
        raise words.wrong("run", "diverged", detail, {}, words.run) from None
    rate = _learning_rate(scene, words.run)
    return {
        "run": words.run,
        "step": moment.step,
        "plane": words.plane,
        "loss": loss,
        "x": x,
        "y": y,
        "hessian": finite(H),
        "eigenvalues": finite(np.linalg.eigvalsh(H)) if np.isfinite(H).all() else [None, None],
        "largest": found.largest,
        "smallest": found.smallest,
        "error": found.error,
        "products": found.products,
        "bound": 2.0 / found.largest if found.largest > 0.0 else None,
        "learning_rate": rate,
        "optimizer": _optimizer(scene, words.run),
    }
