"""The loss surface over a plane, with the paths of the runs."""

import hashlib
from dataclasses import dataclass
from math import ceil

import numpy as np
from typing_extensions import TypedDict

from app.errors import FieldError, InvalidInput
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.history.thinning import spread
from app.lab.history.trajectory import Trajectory
from app.lab.json_arrays import TypedArray, Vector, finite, typed
from app.lab.landscape import axes
from app.lab.landscape.plane import NamedPlane, PlaneKind, PlaneRequest
from app.lab.landscape.scene import Scene
from app.lab.spec import ranges
from app.lab.spec.ranges import check_work
from app.nn.landscape.planes import Plane
from app.nn.landscape.surface import heights, surface
from app.nn.losses import LOSSES, Objective
from app.nn.stack import gradients, losses
from app.nn.types import Array

ACTIVATIONS_CHEAPER = 8
"""In float32, and in blocks that fit into the processor's cache."""

Ends = tuple[float | None, float | None, float | None, float | None]
"""x_min, x_max, y_min, y_max as asked for; None follows the paths."""


@dataclass(frozen=True)
class Extent:
    """How far a surface is to reach: the ends asked for, those drawn before, and at least how far.

    `held` is x_min,x_max,y_min,y_max of the picture before; `reach` is to either side of the paths'
    middle, and None leaves it to the kind of plane.
    """

    ends: Ends = (None, None, None, None)
    held: str | None = None
    reach: float | None = None


@dataclass(frozen=True)
class Picture:
    """What is drawn over a plane: a grid of `size` × `size`, and paths of about `points` points.

    `loss` is another one than the run's own.
    """

    size: int
    extent: Extent = Extent()
    loss: str | None = None
    points: int = int(ranges.PATH_POINTS.maximum)


class SurfaceAxes(TypedDict):
    """The names of the axes: two parameters, or directions.

    `d1` and `d2` of a random plane, `PC1` and `PC2` of the paths' principal plane; between two runs
    `to_other` (0: the run, 1: the other one) and, across it, `to_start`; from the start of a run
    `to_present` (0: its start, 1: its present) and, across it, `bend`, towards the point of its
    path farthest from that line, or, where the path is straight, `random`.
    """

    x: str
    y: str


class RunPath(TypedDict):
    """The path of a run over the plane, at its true loss z.

    `base` is J at the nearest point of the plane, which is `off` away. From step `began` on the
    path is one piece: there the run was last set by hand.
    """

    run: int
    began: int
    steps: list[int]
    x: Vector
    y: Vector
    z: Vector
    base: Vector
    off: Vector


class StepAhead(TypedDict):
    """The step −α·G of the run, as it lies on the plane: from its present place to its end.

    G is the gradient of the loss that is drawn, on the whole training set; z is J on the plane at
    the two places.
    """

    x: Vector
    y: Vector
    z: Vector
    learning_rate: float


class ExplainedVariance(TypedDict, total=False):
    """Of a principal plane, the share of the paths' variance along each axis."""

    explained: list[float]


class Surface(ExplainedVariance):
    """J on a grid of a plane, with the path of every run; rows of z follow y."""

    run: int
    step: int
    plane: PlaneKind
    loss: str
    axes: SurfaceAxes
    x: list[float]
    y: list[float]
    z: TypedArray
    ahead: StepAhead
    path: list[RunPath]


def loss_surface(
    scene: Scene,
    request: PlaneRequest,
    picture: Picture,
) -> Surface:
    """J on a grid of a plane, and every run's path at its true loss.

    Raises InvalidInput where there is no such plane, for ends in the wrong order, for a loss that
    does not fit, or where it would take too long.
    """
    setup, state, size = scene.setup, scene.state, picture.size
    path, train = _thinned_path(scene, picture.points), setup.train
    drawn = drawn_loss(setup, request.run, picture.loss)
    check_work(size * size * _place_work(setup, request), "/size", size, power=2)
    chosen = scene.plane(request)
    x, y = chosen.plane.coordinates(path.theta)  # each (C, K)
    grid_x, grid_y = _grid(chosen, request.plane, x, y, size, picture.extent)
    samples = train.X, train.Y, drawn, scene.yield_to_waiting
    J = _grid_heights(scene, chosen.plane, grid_x, grid_y, drawn)
    _check_visible(request, state, J)
    with np.errstate(all="ignore"):
        z = _true_heights(scene, path, drawn)
        base = heights(setup.architecture, chosen.plane, x.ravel(), y.ravel(), *samples)
        off = chosen.plane.distance(path.theta)
    base = np.where(np.isfinite(z), base.reshape(x.shape), np.nan)
    began = scene.began
    x_axis, y_axis = chosen.axes
    explained: ExplainedVariance = {}
    if chosen.explained is not None:
        explained["explained"] = list(chosen.explained)
    return {
        "run": request.run,
        "step": state.step,
        "plane": request.plane,
        "loss": drawn,
        "axes": {"x": x_axis, "y": y_axis},
        **explained,
        "x": grid_x.tolist(),
        "y": grid_y.tolist(),
        "z": typed(J),
        "ahead": _ahead(scene, request.run, chosen, drawn),
        "path": [
            {
                "run": k,
                "began": began[k],
                "steps": path.steps.tolist(),
                "x": finite(x[:, k]),
                "y": finite(y[:, k]),
                "z": finite(z[:, k]),
                "base": finite(base[:, k]),
                "off": finite(off[:, k]),
            }
            for k in range(len(setup.runs))
        ],
    }


def _place_work(setup: Setup, request: PlaneRequest) -> int:
    """The time of J at one place. Where two parameters move alone, few activations do."""
    architecture, samples = setup.architecture, setup.train.count
    if request.plane == "parameters":
        return architecture.work(samples)
    return architecture.cost(samples, ACTIVATIONS_CHEAPER)


def _grid_heights(scene: Scene, plane: Plane, x: Array, y: Array, loss: str) -> Array:
    """J (len(y), len(x)) in float32 on the grid, which nobody may change.

    The grid alone is the same for all of a class who come to a state: the points at which their
    paths are stored lie where each of them made a pause.
    """
    setup = scene.setup
    numbers = hashlib.sha256()
    for array in (plane.origin, plane.u, plane.v, x, y):
        numbers.update(array.tobytes())

    def make() -> Array:
        samples = setup.train.X, setup.train.Y, loss, scene.yield_to_waiting
        return surface(setup.architecture, plane, x, y, *samples)

    return setup.answer(scene.state, ("surface", numbers.digest(), x.size, y.size, loss), make)


def _grid(
    chosen: NamedPlane,
    plane: str,
    x: Array,
    y: Array,
    size: int,
    extent: Extent,
) -> list[Array]:
    """The coordinates of a grid's columns and of its rows."""
    seen = [coordinate[:, list(chosen.followed)].ravel() for coordinate in (x, y)]
    # Weights and steps of weights have a scale of their own; elsewhere the paths give it.
    absolute = plane in ("parameters", "random")
    least = extent.reach or (1.0 if absolute else 0.3 * axes.reach(seen) or 1.0)
    ends, held = extent.ends, axes.read(extent.held)
    grid: list[Array] = []
    for place, (values, where) in enumerate(zip(seen, "xy", strict=True)):
        given = ends[2 * place], ends[2 * place + 1]
        before = None if held is None else held[place]
        grid.append(np.linspace(*axes.ends(values, where, given, least, before), size))
    return grid


def _ahead(scene: Scene, run: int, chosen: NamedPlane, loss: str) -> StepAhead:
    """The next step of gradient descent on the plane."""
    setup, theta = scene.setup, scene.state.theta[[run]]
    train, rate = setup.train, scene.learning_rate(run)
    with np.errstate(all="ignore"):
        G = gradients(setup.architecture, theta, train.X, train.Y, Objective([loss]))
        x, y = chosen.plane.coordinates(np.concatenate([theta, theta - rate * G]))
        z = heights(setup.architecture, chosen.plane, x, y, train.X, train.Y, loss)
    return {"x": finite(x), "y": finite(y), "z": finite(z), "learning_rate": rate}


def _thinned_path(scene: Scene, points: int) -> Trajectory:
    """The path in about `points` points, or fewer where J at every one of them would take long.

    Where runs were set by hand, and the present, are among them.
    """
    setup, steps = scene.setup, scene.path.steps
    by_hand = [event.step for event in scene.events if event.theta is not None]
    kept = spread(steps, int(steps[-1]), points) | np.isin(steps, by_hand)
    kept[-1] = True
    path = scene.path.rows(np.flatnonzero(kept))
    most = ranges.WORK_LIMIT / 4.0 / setup.architecture.work(setup.train.count) / len(setup.runs)
    last = len(path.steps) - 1
    stride = max(1, ceil(last / max(1.0, most)))
    return path.rows(np.append(np.arange(0, last, stride), last))


def _true_heights(scene: Scene, path: Trajectory, loss: str) -> Array:
    """J (C, K) at every point of the paths in one loss; NaN where a run has diverged."""
    setup, train = scene.setup, scene.setup.train
    z = path.J.copy()
    for k, run in enumerate(setup.runs):
        if run.loss != loss:
            scene.yield_to_waiting()
            J = losses(
                setup.architecture,
                np.ascontiguousarray(path.theta[:, k]),
                train.X,
                train.Y,
                Objective([loss]),
            )
            z[:, k] = np.where(np.isfinite(path.J[:, k]), J, np.nan)
    return z


def drawn_loss(setup: Setup, run: int, loss: str | None) -> str:
    """The loss that a surface shows: the run's own, or another that fits outputs and targets.

    Raises InvalidInput for one that does not fit.
    """
    if loss is None:
        return setup.runs[run].loss
    output = setup.architecture.layers[-1].activation
    targets = setup.train.Y

    def fits(name: str) -> bool:
        return LOSSES[name].fits(output) and not LOSSES[name].refuses(targets).any()

    if not fits(loss):
        fitting = [name for name in LOSSES if fits(name)]
        detail = f"{loss} does not go with this output and these targets; {', '.join(fitting)} do"
        raise InvalidInput(
            [FieldError("/loss", "misfit", detail, {"names": fitting}, loss, "query")]
        )
    return loss


def _check_visible(request: PlaneRequest, state: TrainState, J: Array) -> None:
    """Check that some J is finite. Raises InvalidInput where none is as the run has diverged."""
    if state.diverged[request.run] >= 0 and not np.isfinite(J).any():
        raise request.diverged(state)
