"""A snapshot: one step of an experiment whole, as a view of the past shows it.

Losses, statuses and metrics of all runs, the parameters and maps of one of them, and the places of
all on a plane of two parameters.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.lab.analysis import metrics
from app.lab.analysis.layer_statistics import norms
from app.lab.analysis.outputs import outputs
from app.lab.experiment.events import describe_method
from app.lab.experiment.segment import Segment
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.experiment.training import methods_at
from app.lab.history.repository import Experiment
from app.lab.json_arrays import finite
from app.lab.spec.arrays import parameter_index, parameters
from app.nn import stack as engine
from app.nn.losses import Objective


def snapshot(
    experiment: Experiment,
    state: TrainState,
    recent: Segment,
    look_at: Mapping[str, Any],
    axes: tuple[str | None, str | None],
) -> dict[str, Any]:
    """The experiment at a step; `recent` are its last losses, up to that of the state.

    `look_at` are the arguments of `look`, `axes` two parameters by name, or (None, None) where no
    places are wanted. Raises InvalidInput for a parameter that there is not.
    """
    setup = experiment.setup
    statuses = metrics.statuses(setup, state, recent.train)
    methods = methods_at(setup, experiment.events, state.step)
    answer = {
        "id": experiment.id,
        "version": experiment.version,
        "step": state.step,
        "present": experiment.state.step,
        "epoch": state.step // setup.batches_per_epoch,
        "runs": [
            {**status, **describe_method(method, state.step)}
            for status, method in zip(statuses, methods, strict=True)
        ],
        "loss": {
            "train": finite(recent.train[-1]),
            "test": finite(recent.test[-1]),
            "penalty": finite(recent.penalty[-1]),
        },
        "metrics": metrics.scores(setup, state),
        "inside": look(setup, state, **look_at),
    }
    if axes != (None, None):
        x, y = (
            parameter_index(setup.architecture, name or usual, where)
            for name, usual, where in zip(axes, ("W1[0,0]", "b1[0]"), "xy", strict=True)
        )
        places = state.theta[:, [x, y]].T
        answer["path"] = {"x": finite(places[0]), "y": finite(places[1])}
    return answer


def look(
    setup: Setup,
    state: TrainState,
    run: int,
    size: int | None,
    neurons: bool,
    gradients: bool,
) -> dict[str, Any]:
    """The inside of a run that exists: W and b, and if wanted the gradient, and maps of a size."""
    theta = state.theta[run]
    answer = {"run": run, "step": state.step, **parameters(setup.architecture, theta)}
    if gradients:
        X, Y = setup.train.X, setup.train.Y
        objective = Objective([setup.runs[run].loss])
        with np.errstate(all="ignore"):
            found = engine.gradients(setup.architecture, theta[np.newaxis], X, Y, objective)[0]
        answer["gradients"] = parameters(setup.architecture, found)
    if size is not None:
        answer["outputs"] = outputs(setup, run, theta, size, neurons)
    return answer


def views_of(setup: Setup, state: TrainState, views: Mapping[str, Any]) -> dict[str, Any]:
    """What the open views show of a state, besides the paths."""
    answer: dict[str, Any] = {}
    if views.get("outputs"):
        run, size = views["outputs"]["run"], views["outputs"]["size"]
        found = outputs(setup, run, state.theta[run], size, False)
        answer["outputs"] = {"run": run, "step": state.step, **found}
    if views.get("inside"):
        answer["inside"] = look(setup, state, **views["inside"])
    if views.get("signals"):
        answer["signals"] = norms(setup, state)
    if views.get("metrics"):
        answer["metrics"] = metrics.scores(setup, state)
    return answer
