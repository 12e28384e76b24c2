"""The planes of a landscape: a request for one, and the plane of an experiment that it means.

A plane is a function of the experiment's history up to a step, so equal requests with the same step
mean the same plane, whoever asks and however far training has gone meanwhile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from app.errors import FieldError, InvalidInput
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.history.trajectory import Trajectory
from app.lab.spec.arrays import parameter_index
from app.nn.landscape.planes import (
    NoPlane,
    Plane,
    parameter_plane,
    path_plane,
    plane_through,
    principal_plane,
    random_plane,
)
from app.nn.types import Array

PlaneKind = Literal["parameters", "random", "pca", "between", "from_start"]
"""`parameters`: two of them vary; `random`: two random directions, filter-normalised; `pca`: the
principal components of the paths; `between`: through a run's start and end and another's end;
`from_start`: through a run's start and end and the point of its path farthest from that line."""
POINTS = 128
"""The most points of all paths together that a principal plane is computed from."""


@dataclass(frozen=True)
class PlaneRequest:
    """A request for a plane; `at` is a prefix of the pointers to its fields, in `source`.

    With `of` it is the plane that another experiment of the same network had at step `of_step`: the
    picture on which a learner chose where this experiment begins.
    """

    plane: PlaneKind = "parameters"
    run: int = 0
    step: int | None = None
    x: str | None = None
    y: str | None = None
    other: int | None = None
    seed: int = 1
    biases: bool = True
    of: str | None = None
    of_step: int | None = None
    source: str = "query"
    at: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any], source: str = "query", at: str = "") -> "PlaneRequest":
        """From the fields of a query or a body; others are left aside."""
        names = ("plane", "run", "step", "x", "y", "other", "seed", "biases", "of", "of_step")
        return cls(**{name: given[name] for name in names}, source=source, at=at)

    @property
    def in_other(self) -> "PlaneRequest":
        """The request for the same plane in the experiment `of`, whose plane it is."""
        return replace(self, step=self.of_step, of=None, of_step=None)

    def error(
        self, field: str, code: str, detail: str, allowed: Mapping[str, Any], received: Any
    ) -> InvalidInput:
        """The error in one of the fields."""
        place = f"{self.at}/{field}"
        return InvalidInput([FieldError(place, code, detail, allowed, received, self.source)])

    def diverged(self, state: TrainState) -> InvalidInput:
        """The error that the run has diverged; allowed is the last step before that."""
        since = int(state.diverged[self.run])
        detail = f"run {self.run} diverged at step {since}; choose another run or an earlier step"
        return self.error("run", "diverged", detail, {"maximum_step": since - 1}, self.run)


@dataclass(frozen=True)
class PlanePoint:
    """A point of a plane, by its coordinates."""

    plane: PlaneRequest
    x: float
    y: float


@dataclass(frozen=True)
class NamedPlane:
    """A plane with the names of its axes.

    `followed` are the runs whose paths a picture of it follows, `explained` the share of the paths'
    variance along each axis of a `pca` plane.
    """

    plane: Plane
    axes: tuple[str, str]
    followed: tuple[int, ...]
    explained: tuple[float, float] | None = None


def find_plane(
    setup: Setup,
    request: PlaneRequest,
    state: TrainState,
    starts: Array,
    began: Sequence[int],
    path: Trajectory,
) -> NamedPlane:
    """The plane that a request means at a step.

    `starts` (K, P) are the parameters with which each run last began, at steps `began`; `path` is
    where the runs have been. Raises InvalidInput where there is no such plane.
    """
    theta = state.theta[request.run]
    alive = tuple(np.flatnonzero(state.diverged < 0).tolist()) or tuple(range(len(setup.runs)))
    if request.plane == "parameters":
        i, j, axes = two_parameters(setup, request)
        return NamedPlane(parameter_plane(theta, i, j), axes, alive)
    try:
        if request.plane == "random":
            plane = random_plane(setup.architecture, theta, request.seed, request.biases)
            return NamedPlane(plane, ("d1", "d2"), (request.run,))
        if request.plane == "between":
            other = other_run(setup, request)
            plane = plane_through(theta, state.theta[other], starts[request.run])
            return NamedPlane(plane, ("to_other", "to_start"), (request.run, other))
        if request.plane == "from_start":
            since = path.theta[path.steps > began[request.run], request.run]
            way = np.concatenate([starts[[request.run]], since, theta[np.newaxis]])
            plane, bends = path_plane(setup.architecture, way)
            return NamedPlane(plane, ("to_present", "bend" if bends else "random"), (request.run,))
        plane, explained = principal_plane(*_points(path, alive))
        return NamedPlane(plane, ("PC1", "PC2"), alive, explained)
    except NoPlane:
        if request.plane != "pca" and state.diverged[request.run] >= 0:
            raise request.diverged(state) from None  # to train on would not help
        raise request.error("plane", *_NO_PLANE[request.plane], {}, request.plane) from None


_NO_PLANE = {
    "random": ("no_scale", "every weight of this run is zero: a random direction has no length"),
    "between": ("on_one_line", "start and both ends lie on one line: train first, or take others"),
    "from_start": ("at_its_start", "this run is where it began and has no path yet: train first"),
    "pca": ("not_moved", "the runs are all at one point and have not moved: train first"),
}
"""Why there is no such plane, as a code and in request."""


def two_parameters(setup: Setup, request: PlaneRequest) -> tuple[int, int, tuple[str, str]]:
    """The indices in theta of a plane's two parameters, and their names.

    Raises InvalidInput for an unknown parameter, or the same one twice.
    """
    x, y = usual_axes(setup, request)
    i, j = (
        parameter_index(setup.architecture, name, where, request.source, request.at)
        for name, where in ((x, "x"), (y, "y"))
    )
    if i == j:
        detail = f"must be another parameter than x, {x}"
        raise request.error("y", "conflict_fields", detail, {}, y)
    return i, j, (x, y)


def usual_axes(setup: Setup, request: PlaneRequest) -> tuple[str, str]:
    """The names of the axes; left out, the first weight and its neuron's bias."""
    return (
        "W1[0,0]" if request.x is None else request.x,
        "b1[0]" if request.y is None else request.y,
    )


def other_run(setup: Setup, request: PlaneRequest) -> int:
    """The run at the other end of `between`; left out, the first that is not the chosen one.

    Raises InvalidInput where there is no such run.
    """
    count = len(setup.runs)
    allowed = {"minimum": 0, "maximum": count - 1}
    if count < 2:
        detail = "there is only one run, so there is nothing between it and another"
        raise request.error("other", "only_run", detail, {}, request.other)
    other = request.other if request.other is not None else int(request.run == 0)
    if not 0 <= other < count:
        detail = f"must be from 0 to {count - 1}"
        raise request.error("other", "out_of_range", detail, allowed, other)
    if other == request.run:
        detail = f"must be another run than {request.run}"
        raise request.error("other", "conflict_fields", detail, allowed, other)
    return other


def _points(path: Trajectory, runs: tuple[int, ...]) -> tuple[Array, Any, Array]:
    """A bounded number of points of some runs' paths (N, P), their steps (N,), the starts."""
    stride = -(-len(path.steps) * len(runs) // POINTS)
    rows = np.unique(np.append(np.arange(0, len(path.steps), stride), len(path.steps) - 1))
    theta = path.theta[rows][:, list(runs)]
    points = theta.reshape(-1, theta.shape[-1])
    return points, np.repeat(path.steps[rows], len(runs)), theta[0]
