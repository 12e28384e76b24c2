"""The curvature of J at a run, and the bound that it sets to the learning rate."""

import numpy as np

from app.lab.json_arrays import Matrix, Vector, finite
from app.lab.landscape.plane import PlaneKind, PlaneRequest
from app.lab.landscape.scene import Scene
from app.lab.landscape.update_bound import UpdateBound, find_spectra, run_update, update_bound
from app.lab.spec.ranges import WORK_LIMIT, check_work
from app.nn.landscape.hessian import Hessian, plane_hessian
from app.nn.landscape.spectrum import MOST_PRODUCTS

FEWEST_PRODUCTS = 80
"""A network is refused on which not even so many products with its Hessian can be made in time."""


class Curvature(UpdateBound):
    """The curvature of J at a run, which lies at (x, y) of a plane, and the bound that it sets.

    `hessian` (2, 2) is with respect to the plane's coordinates, with its `eigenvalues`. `largest`
    and `smallest` are the ends of the spectrum of the whole Hessian of J, without the penalty, as J
    is drawn: there are eigenvalues within `error` and `smallest_error` of them. Each error is at
    most 1e-9 of its own eigenvalue, or 1e-13 of the larger of |largest| and |smallest|, unless the
    network is so large that time ran out; so are the errors of the other eigenvalues. All of them
    together took `products` Hessian-vector products.
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


def curvature(scene: Scene, request: PlaneRequest) -> Curvature:
    """The curvature of J at a run, on a plane and along the steepest direction there is.

    Raises InvalidInput where there is no such plane, where J is not finite, or where it would take
    too long.
    """
    setup, state, run = scene.setup, scene.state, request.run
    architecture, train, loss = setup.architecture, setup.train, setup.runs[run].loss
    work = 6 * architecture.work(train.count)
    check_work(min(FEWEST_PRODUCTS, architecture.parameter_count) * work, "/run")
    plane = scene.plane(request).plane
    x, y = (float(coordinate) for coordinate in plane.coordinates(state.theta[run]))
    try:
        with np.errstate(all="ignore"):
            H = plane_hessian(architecture, plane, x, y, train.X, train.Y, loss)
            hessian = Hessian(architecture, state.theta[run], train.X, train.Y, loss)
            update = run_update(scene, run, hessian)
            most = min(MOST_PRODUCTS, int(WORK_LIMIT / work) // update.spectra)
            spectra = find_spectra(scene, update, most)
            bound = update_bound(scene, run, update, spectra)
    except FloatingPointError:
        detail = f"J of run {run} is not finite around here, so it has no curvature"
        raise request.error("run", "diverged", detail, {}, run) from None
    return {
        "run": run,
        "step": state.step,
        "plane": request.plane,
        "loss": loss,
        "x": x,
        "y": y,
        "hessian": finite(H),
        "eigenvalues": finite(np.linalg.eigvalsh(H)) if np.isfinite(H).all() else [None, None],
        "largest": spectra.loss.largest,
        "smallest": spectra.loss.smallest,
        "error": spectra.loss.error,
        "smallest_error": spectra.loss.smallest_error,
        "products": spectra.products,
        **bound,
    }
