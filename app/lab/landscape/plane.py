"""Which plane is meant: its words, read against an experiment.

A plane is a function of the experiment's history up to a step, so the same words with the same step
name the same plane, whoever asks and however far training has gone meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

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
    plane_through,
    principal_plane,
    random_plane,
)
from app.nn.types import Array

PLANES = ("parameters", "random", "pca", "between")
POINTS = 128
"""The most points of all paths together that a principal plane is computed from."""


@dataclass(frozen=True)
class PlaneWords:
    """A plane as asked for; `at` is where its fields stand, a prefix of their pointers.

    With `of` it is the plane that another experiment of the same network had at step `of_step`: the
    picture on which a learner chose where this experiment begins.
    """

    plane: str = "parameters"
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
    def read(cls, words: Mapping[str, Any], source: str = "query", at: str = "") -> "PlaneWords":
        """From the fields of a request."""
        names = ("plane", "run", "step", "x", "y", "other", "seed", "biases", "of", "of_step")
        return cls(**{name: words[name] for name in names}, source=source, at=at)

    @property
    def there(self) -> "PlaneWords":
        """The same words as the experiment `of` understands them."""
        return replace(self, step=self.of_step, of=None, of_step=None)

    def wrong(
        self, field: str, code: str, detail: str, allowed: Mapping[str, Any], received: Any
    ) -> InvalidInput:
        """The error that one of the fields is."""
        place = f"{self.at}/{field}"
        return InvalidInput([FieldError(place, code, detail, allowed, received, self.source)])

    def gone(self, state: TrainState) -> InvalidInput:
        """The error that the run has diverged; the last step at which it had not is allowed."""
        since = int(state.diverged[self.run])
        detail = f"run {self.run} diverged at step {since}; choose another run or an earlier step"
        return self.wrong("run", "diverged", detail, {"maximum_step": since - 1}, self.run)


@dataclass(frozen=True)
class Chosen:
    """A plane with the names of its axes, what each explains of the paths (`pca`), and whose paths
    a picture of it follows."""

    plane: Plane
    axes: tuple[str, str]
    followed: tuple[int, ...]
    explained: tuple[float, float] | None = None


def choose(
    setup: Setup, words: PlaneWords, state: TrainState, starts: Array, path: Trajectory
) -> Chosen:
    """The plane that the words mean at a step.

    `starts` (K, P) are the parameters with which each run last began; `path` is where the runs have
    been. InvalidInput where there is no such plane.
    """
    theta = state.theta[words.run]
    alive = tuple(np.flatnonzero(state.diverged < 0).tolist()) or tuple(range(len(setup.runs)))
    if words.plane == "parameters":
        i, j, axes = two_parameters(setup, words)
        return Chosen(parameter_plane(theta, i, j), axes, alive)
    try:
        if words.plane == "random":
            plane = random_plane(setup.architecture, theta, words.seed, words.biases)
            return Chosen(plane, ("d1", "d2"), (words.run,))
        if words.plane == "between":
            other = other_run(setup, words)
            plane = plane_through(theta, state.theta[other], starts[words.run])
            return Chosen(plane, ("to_other", "to_start"), (words.run, other))
        plane, explained = principal_plane(*_points(path, alive))
        return Chosen(plane, ("PC1", "PC2"), alive, explained)
    except NoPlane:
        raise words.wrong("plane", *_WHY[words.plane], {}, words.plane) from None


_WHY = {
    "random": ("no_scale", "every weight of this run is zero: a random direction has no length"),
    "between": ("on_one_line", "start and both ends lie on one line: train first, or take others"),
    "pca": ("not_moved", "the runs are all at one point and have not moved: train first"),
}
"""Why there is no such plane, as a code and in words."""


def two_parameters(setup: Setup, words: PlaneWords) -> tuple[int, int, tuple[str, str]]:
    """The places of a plane's two parameters in theta, and their names."""
    x, y = usual_axes(setup, words)
    i, j = (
        parameter_index(setup.architecture, name, where, words.source, words.at)
        for name, where in ((x, "x"), (y, "y"))
    )
    if i == j:
        detail = f"must be another parameter than x, {x}"
        raise words.wrong("y", "conflict_fields", detail, {}, y)
    return i, j, (x, y)


def usual_axes(setup: Setup, words: PlaneWords) -> tuple[str, str]:
    """The axes' names; left out, the first weight and its neuron's bias."""
    return (
        "W1[0,0]" if words.x is None else words.x,
        "b1[0]" if words.y is None else words.y,
    )


def other_run(setup: Setup, words: PlaneWords) -> int:
    """The run at the other end of `between`; left out, the first that is not the chosen one."""
    count = len(setup.runs)
    allowed = {"minimum": 0, "maximum": count - 1}
    if count < 2:
        detail = "there is only one run, so there is nothing between it and another"
        raise words.wrong("other", "only_run", detail, {}, words.other)
    other = words.other if words.other is not None else int(words.run == 0)
    if not 0 <= other < count:
        detail = f"must be from 0 to {count - 1}"
        raise words.wrong("other", "out_of_range", detail, allowed, other)
    if other == words.run:
        detail = f"must be another run than {words.run}"
        raise words.wrong("other", "conflict_fields", detail, allowed, other)
    return other


def _points(path: Trajectory, runs: tuple[int, ...]) -> tuple[Array, Any, Array]:
    """A bounded number of points of some runs' paths (N, P), their steps (N,), the starts."""
    stride = -(-len(path.steps) * len(runs) // POINTS)
    rows = np.unique(np.append(np.arange(0, len(path.steps), stride), len(path.steps) - 1))
    theta = path.theta[rows][:, list(runs)]
    points = theta.reshape(-1, theta.shape[-1])
    return points, np.repeat(path.steps[rows], len(runs)), theta[0]
