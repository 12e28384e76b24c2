"""The door to the inside of a network: the worked example, its signals, and any moment whole."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from app.errors import FieldError, InvalidInput
from app.lab import metrics, readings, signals, status, trace
from app.lab.experiment import training
from app.lab.experiment.events import describe_method
from app.lab.experiment.setup import World
from app.lab.experiment.state import Moment
from app.lab.history.repository import Archive, Opened
from app.lab.json_arrays import finite
from app.lab.spec.arrays import parameter_index, parameters
from app.nn import stack as engine
from app.nn.diagnostics import WINDOW
from app.nn.losses import Objective
from app.nn.types import Array


class Inside:
    """Looks inside the networks of experiments; `computing` gives the turn to compute."""

    def __init__(
        self, archive: Archive, computing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._archive = archive
        self._computing = computing

    def trace(
        self, id: str, run: int, step: int | None, parameter: str, sample: int | None
    ) -> dict[str, Any]:
        """One training step of one parameter, with every number on the way."""
        with self._computing():
            opened = self._archive.open(id)
            check_run(opened.world, run)
            moment = self._archive.moment(opened, step)
            return trace.trace(opened, moment, run, parameter, sample)

    def diagnostics(self, id: str, step: int | None) -> dict[str, Any]:
        """The signals of every run and layer, and a diagnosis of each run."""
        with self._computing():
            opened = self._archive.open(id)
            moment = self._archive.moment(opened, step)
            latest = self._latest(opened, moment)
            found = status.statuses(opened.world, moment, latest)
            return signals.diagnostics(opened.world, moment, found, latest)

    def signal_history(self, id: str, points: int, step: int | None) -> dict[str, Any]:
        """The gradient norms of every run and layer, over time."""
        with self._computing():
            opened = self._archive.open(id)
            moment = self._archive.moment(opened, step)
            return signals.history(opened.world, self._archive.path(opened, moment), points)

    def frame(
        self,
        id: str,
        step: int | None,
        look_at: Mapping[str, Any],
        axes: tuple[str | None, str | None],
    ) -> dict[str, Any]:
        """One moment whole: losses, statuses, a run's inside, and all runs' places on a plane."""
        with self._computing():
            opened = self._archive.open(id)
            world = opened.world
            check_run(world, look_at["run"])
            moment = self._archive.moment(opened, step)
            latest = self._latest(opened, moment)
            now = self._archive.losses(opened, moment.step, moment.step)
            methods = training.methods_at(world, opened.events, moment.step)
            found = status.statuses(world, moment, latest)
            answer = {
                "id": opened.id,
                "version": opened.version,
                "step": moment.step,
                "present": opened.moment.step,
                "epoch": moment.step // world.batches_per_epoch,
                "runs": [
                    {**one, **describe_method(method, moment.step)}
                    for one, method in zip(found, methods, strict=True)
                ],
                "loss": {
                    "train": finite(now.train[0]),
                    "test": finite(now.test[0]),
                    "penalty": finite(now.penalty[0]),
                },
                "metrics": metrics.scores(world, moment),
                "inside": look(world, moment, **look_at),
            }
            if axes != (None, None):
                x, y = (
                    parameter_index(world.architecture, name or usual, where)
                    for name, usual, where in zip(axes, ("W1[0,0]", "b1[0]"), "xy", strict=True)
                )
                places = moment.theta[:, [x, y]].T
                answer["path"] = {"x": finite(places[0]), "y": finite(places[1])}
            return answer

    def _latest(self, opened: Opened, moment: Moment) -> Array:
        first = max(0, moment.step - WINDOW)
        return self._archive.losses(opened, first, moment.step).train


def look(
    world: World,
    moment: Moment,
    run: int,
    size: int | None,
    neurons: bool,
    gradients: bool,
) -> dict[str, Any]:
    """The inside of a run that exists: W and b, and if wanted the gradient, and maps of a size."""
    theta = moment.theta[run]
    answer = {"run": run, "step": moment.step, **parameters(world.architecture, theta)}
    if gradients:
        X, Y = world.train.X, world.train.Y
        objective = Objective([world.runs[run].loss])
        with np.errstate(all="ignore"):
            found = engine.gradients(world.architecture, theta[np.newaxis], X, Y, objective)[0]
        answer["gradients"] = parameters(world.architecture, found)
    if size is not None:
        answer["outputs"] = readings.outputs(world, run, theta, size, neurons)
    return answer


def check_run(world: World, run: int) -> None:
    """InvalidInput unless there is this run."""
    last = len(world.runs) - 1
    if not 0 <= run <= last:
        allowed = {"minimum": 0, "maximum": last}
        detail = f"must be from 0 to {last}"
        raise InvalidInput([FieldError("/run", "out_of_range", detail, allowed, run, "query")])
