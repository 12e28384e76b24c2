"""The curvature of J at a run: the Hessian on a plane, and the largest and smallest eigenvalues."""

from typing import Any

import numpy as np

from app.lab.json_arrays import finite
from app.lab.landscape.plane import PlaneWords
from app.lab.landscape.scene import Scene
from app.lab.spec.ranges import check_work
from app.nn.landscape.hessian import STEPS, Hessian, extremes, plane_hessian


def curvature(scene: Scene, words: PlaneWords) -> dict[str, Any]:
    """How J bends at a run: on a plane, and along the steepest bend there is.

    `bound` is 2/λ: gradient descent with a larger learning rate oscillates away from a minimum of
    this curvature; null where J bends nowhere upward.
    """
    setup, state = scene.setup, scene.state
    architecture, train, loss = setup.architecture, setup.train, setup.runs[words.run].loss
    products = min(STEPS, architecture.parameter_count)
    check_work(6 * products * architecture.work(train.count), "/run")
    plane = scene.plane(words).plane
    theta = state.theta[words.run]
    x, y = (float(coordinate) for coordinate in plane.coordinates(theta))
    try:
        with np.errstate(all="ignore"):
            H = plane_hessian(architecture, plane, x, y, train.X, train.Y, loss)
            found = extremes(
                Hessian(architecture, theta, train.X, train.Y, loss), scene.yield_to_waiting
            )
    except FloatingPointError:
        detail = f"J of run {words.run} is not finite around here, so it has no curvature"
        raise words.wrong("run", "diverged", detail, {}, words.run) from None
    rate = scene.learning_rate(words.run)
    return {
        "run": words.run,
        "step": state.step,
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
        "optimizer": scene.optimizer(words.run),
    }
