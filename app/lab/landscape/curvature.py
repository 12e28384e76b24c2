"""The curvature of J at a run: the Hessian on a plane, and the largest and smallest eigenvalues."""

import numpy as np
from typing_extensions import TypedDict

from app.lab.json_arrays import Matrix, Vector, finite
from app.lab.landscape.plane import PlaneKind, PlaneRequest
from app.lab.landscape.scene import Scene
from app.lab.spec.ranges import WORK_LIMIT, check_work
from app.nn.landscape.hessian import Hessian, plane_hessian
from app.nn.landscape.spectrum import MOST_PRODUCTS, extremes, first_direction

FEWEST_PRODUCTS = 80
"""A network is refused on which not even so many products with its Hessian can be made in time."""


class Curvature(TypedDict):
    """The curvature of J at a run, which lies at (x, y) of a plane.

    `hessian` (2, 2) is with respect to the plane's coordinates, with its `eigenvalues`; `largest`
    and `smallest` are the ends of the whole Hessian's spectrum: there are eigenvalues within
    `error` and `smallest_error` of them. Each error is at most 1e-9 of its own eigenvalue, or 1e-13
    of the larger of |largest| and |smallest|, unless the network is so large that time ran out.
    `products` Hessian-vector products found them. `bound` is 2 / largest: gradient descent with a
    larger learning rate leaves a minimum of this curvature; null where J bends nowhere upward.
    """

    run: int
    step: int
    plane: PlaneKind
    loss: str
    x: float
    y: float
    hessian: Matrix
    eigenvalues: Vector
    largest: float
    smallest: float
    error: float
    smallest_error: float
    products: int
    bound: float | None
    learning_rate: float
    optimizer: str


def curvature(scene: Scene, request: PlaneRequest) -> Curvature:
    """The curvature of J at a run, on a plane and along the steepest direction there is.

    Raises InvalidInput where there is no such plane, where J is not finite, or where it would take
    too long.
    """
    setup, state = scene.setup, scene.state
    architecture, train, loss = setup.architecture, setup.train, setup.runs[request.run].loss
    work = 6 * architecture.work(train.count)
    check_work(min(FEWEST_PRODUCTS, architecture.parameter_count) * work, "/run")
    plane = scene.plane(request).plane
    theta = state.theta[request.run]
    x, y = (float(coordinate) for coordinate in plane.coordinates(theta))
    try:
        with np.errstate(all="ignore"):
            H = plane_hessian(architecture, plane, x, y, train.X, train.Y, loss)
            product = Hessian(architecture, theta, train.X, train.Y, loss).product
            most = min(MOST_PRODUCTS, int(WORK_LIMIT / work))
            found = extremes(product, first_direction(len(theta)), most, scene.yield_to_waiting)
    except FloatingPointError:
        detail = f"J of run {request.run} is not finite around here, so it has no curvature"
        raise request.error("run", "diverged", detail, {}, request.run) from None
    rate = scene.learning_rate(request.run)
    return {
        "run": request.run,
        "step": state.step,
        "plane": request.plane,
        "loss": loss,
        "x": x,
        "y": y,
        "hessian": finite(H),
        "eigenvalues": finite(np.linalg.eigvalsh(H)) if np.isfinite(H).all() else [None, None],
        "largest": found.largest,
        "smallest": found.smallest,
        "error": found.error,
        "smallest_error": found.smallest_error,
        "products": found.products,
        "bound": 2.0 / found.largest if found.largest > 0.0 else None,
        "learning_rate": rate,
        "optimizer": scene.optimizer(request.run),
    }
