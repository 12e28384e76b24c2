"""A snapshot: everything that the page shows of one step.

Segment, statuses and metrics of all runs, the parameters and maps of one of them, and the places of
all on a plane of two parameters.
"""

from typing import NotRequired

from typing_extensions import TypedDict

from app.lab.analysis import metrics
from app.lab.analysis.losses import PresentLoss, present_loss
from app.lab.analysis.metrics import Score
from app.lab.analysis.network_state import NetworkRequest, NetworkState, network_state
from app.lab.analysis.status import RunStatus, statuses
from app.lab.analysis.summary import Position
from app.lab.experiment.events import RunMethod, describe_method
from app.lab.experiment.state import TrainState
from app.lab.experiment.training import methods_at
from app.lab.history.past import Past
from app.lab.history.repository import Experiment
from app.lab.json_arrays import Vector, finite
from app.lab.spec.arrays import parameter_index


class RunState(RunStatus, RunMethod):
    """How a run is doing, and how it learns at this step."""


class PlanePoints(TypedDict):
    """The place of every run (K,) on a plane."""

    x: Vector
    y: Vector


class Snapshot(Position):
    """One step of an experiment; `present` is the step that the experiment is at."""

    present: int
    runs: list[RunState]
    loss: PresentLoss
    metrics: list[Score]
    inside: NetworkState
    path: NotRequired[PlanePoints]


def snapshot(
    experiment: Experiment,
    state: TrainState,
    past: Past,
    network: NetworkRequest,
    axes: tuple[str | None, str | None],
) -> Snapshot:
    """The experiment at a step; `past` is that of its state there.

    `axes` are two parameters by name, or (None, None) where no places are wanted. Raises
    InvalidInput for a parameter that there is not, or where it would take too long.
    """
    setup = experiment.setup
    found = statuses(setup, experiment.events, state, past)
    methods = methods_at(setup, experiment.events, state.step)
    answer: Snapshot = {
        "id": experiment.known_as,
        "version": experiment.version,
        "step": state.step,
        "present": experiment.state.step,
        "epoch": state.step // setup.batches_per_epoch,
        "runs": [
            {**status, **describe_method(method, state.step)}
            for status, method in zip(found, methods, strict=True)
        ],
        "loss": present_loss(past.losses),
        "metrics": metrics.scores(setup, state),
        "inside": network_state(setup, state, network),
    }
    if axes != (None, None):
        x, y = (
            parameter_index(setup.architecture, name or usual, where)
            for name, usual, where in zip(axes, ("W1[0,0]", "b1[0]"), "xy", strict=True)
        )
        places = state.theta[:, [x, y]].T
        answer["path"] = {"x": finite(places[0]), "y": finite(places[1])}
    return answer
