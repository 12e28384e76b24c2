"""A summary: which experiment, where it is, and how its runs are doing."""

from typing import Any

from app.lab.analysis.metrics import statuses
from app.lab.experiment.events import describe_event, describe_method
from app.lab.experiment.segment import Segment
from app.lab.experiment.training import methods_at
from app.lab.history.repository import Experiment
from app.lab.json_arrays import finite


def place(experiment: Experiment) -> dict[str, Any]:
    """Which experiment, in which version, at which step."""
    step = experiment.state.step
    return {
        "id": experiment.id,
        "version": experiment.version,
        "step": step,
        "epoch": step // experiment.setup.batches_per_epoch,
    }


def summary(experiment: Experiment, recent: Segment) -> dict[str, Any]:
    """Spec, step, shapes, runs, losses and events; `recent` are the last losses up to the step."""
    setup, state = experiment.setup, experiment.state
    methods = methods_at(setup, experiment.events, state.step)
    found = statuses(setup, state, recent.train)
    return {
        **place(experiment),
        "spec": setup.spec.document,
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
        "loss": {
            "train": finite(recent.train[-1]),
            "test": finite(recent.test[-1]),
            "penalty": finite(recent.penalty[-1]),
        },
        "events": [describe_event(event, setup) for event in experiment.events],
    }
