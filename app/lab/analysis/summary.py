"""The summary of an experiment: its spec, its position, and how its runs are doing."""

from typing_extensions import TypedDict

from app.lab.analysis.losses import PresentLoss, present_loss
from app.lab.analysis.status import RunStatus, statuses
from app.lab.experiment.events import EventDocument, RunMethod, describe_event, describe_method
from app.lab.experiment.training import methods_at
from app.lab.history.past import Past
from app.lab.history.repository import Experiment
from app.lab.spec.documents import SpecDocument
from app.lab.spec.mystery import MysteryState, mystery_state


class Position(TypedDict):
    """Which experiment, in which version, at which step.

    The version grows with every change, also with a rewind; the epoch counts passes over the
    training set.
    """

    id: str
    version: int
    step: int
    epoch: int


class View(TypedDict):
    """The id under which an experiment may be looked at, and not changed."""

    id: str


class LayerShapes(TypedDict):
    """The shapes of a layer's parameters: W [n_out, n_in] and b [n_out, 1]; `layer` is from 1."""

    layer: int
    W: list[int]
    b: list[int]


class RunSummary(RunStatus, RunMethod):
    """A run: its label, how it is doing, and how it learns now."""

    label: str | None


class Summary(Position):
    """An experiment: its complete spec, where it is, and what was changed on the way.

    With a `mystery` that is not revealed the spec is without what is to be guessed.
    """

    spec: SpecDocument
    batches_per_epoch: int
    shapes: list[LayerShapes]
    parameter_names: list[str]
    runs: list[RunSummary]
    loss: PresentLoss
    events: list[EventDocument]
    mystery: MysteryState | None


def position(experiment: Experiment) -> Position:
    """The position of an experiment."""
    step = experiment.state.step
    return {
        "id": experiment.known_as,
        "version": experiment.version,
        "step": step,
        "epoch": step // experiment.setup.batches_per_epoch,
    }


def summary(experiment: Experiment, past: Past) -> Summary:
    """The summary of an experiment; `past` is that of its present state."""
    setup, state = experiment.setup, experiment.state
    methods = methods_at(setup, experiment.events, state.step)
    found = statuses(setup, experiment.events, state, past)
    return {
        **position(experiment),
        "spec": dict(setup.spec.document),
        "batches_per_epoch": setup.batches_per_epoch,
        "shapes": [
            {"layer": layer, "W": [n_out, n_in], "b": [n_out, 1]}
            for layer, (n_out, n_in) in enumerate(setup.architecture.shapes, start=1)
        ],
        "parameter_names": list(setup.architecture.parameter_names),
        "runs": [
            {"label": run.label, **status, **describe_method(method, state.step)}
            for run, status, method in zip(setup.runs, found, methods, strict=True)
        ],
        "loss": present_loss(past.losses),
        "events": [describe_event(event, setup) for event in experiment.events],
        "mystery": mystery_state(setup.mystery, experiment.revealed),
    }
