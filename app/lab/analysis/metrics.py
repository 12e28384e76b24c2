"""How every run is doing: its status, and accuracy with a confusion matrix or R² of its outputs."""

from typing import Any

import numpy as np

from app.lab.experiment.setup import Samples, Setup
from app.lab.experiment.state import TrainState
from app.lab.json_arrays import finite
from app.nn import metrics
from app.nn.activations import ACTIVATIONS
from app.nn.diagnostics import progress
from app.nn.stack import Pass
from app.nn.types import Array


def statuses(setup: Setup, state: TrainState, latest: Array) -> list[dict[str, Any]]:
    """The status of every run; `latest` (T, K) are the training losses up to the state."""
    return [
        {"status": "diverged", "diverged_at": int(state.diverged[k])}
        if state.diverged[k] >= 0
        else {"status": progress(latest[:, k], setup.baselines[k]), "diverged_at": None}
        for k in range(len(setup.runs))
    ]


def metrics_of(setup: Setup, state: TrainState, run: int) -> dict[str, Any]:
    """The metrics of a run that exists, on the training and the test set."""
    classes = classes_of(setup)
    theta = state.theta[[run]]
    return {
        "run": run,
        "step": state.step,
        "task": "regression" if classes is None else "classification",
        "classes": list(classes or ()),
        "train": _measured(setup, theta, setup.train, classes)[0],
        "test": _measured(setup, theta, setup.test, classes)[0],
    }


def scores(setup: Setup, state: TrainState) -> list[dict[str, float | None]]:
    """For every run one number for each set, the higher the better: its accuracy, or R²."""
    classes = classes_of(setup)
    key = "r2" if classes is None else "accuracy"
    pairs = zip(
        _measured(setup, state.theta, setup.train, classes),
        _measured(setup, state.theta, setup.test, classes),
        strict=True,
    )
    return [
        {
            "train": None if train is None else train[key],
            "test": None if test is None else test[key],
        }
        for train, test in pairs
    ]


def classes_of(setup: Setup) -> tuple[str, ...] | None:
    """What the targets tell apart, by name; None where they are numbers of any kind.

    Targets of which nobody has said that they are classes are classes all the same when one output
    unit is only ever asked for one of its two labels.
    """
    data, output = setup.spec.data, ACTIVATIONS[setup.architecture.layers[-1].activation]
    if data.classes is not None:
        return data.classes
    asked = [part.Y for part in (setup.train, setup.test) if part is not None]
    if data.task == "regression" and not output.bounded:
        return None
    if all(len(Y) == 1 and np.isin(Y, output.class_labels).all() for Y in asked):
        return tuple(f"{label:g}" for label in output.class_labels)
    if output.output_only and all(np.isin(Y, (0.0, 1.0)).all() for Y in asked):
        return tuple(str(number) for number in range(len(asked[0])))
    return None


def _measured(
    setup: Setup, theta: Array, samples: Samples | None, classes: tuple[str, ...] | None
) -> list[dict[str, Any] | None]:
    """The metrics of every row of theta (K, P); None without samples or finite outputs."""
    if samples is None:
        return [None] * len(theta)
    with np.errstate(all="ignore"):
        outputs = Pass(setup.architecture, theta, samples.count).forward(samples.X)
        return [_of_one(setup, row, samples.Y, classes) for row in outputs]


def _of_one(
    setup: Setup, outputs: Array, targets: Array, classes: tuple[str, ...] | None
) -> dict[str, Any] | None:
    if not np.isfinite(outputs).all():
        return None
    if classes is None:
        found = metrics.r_squared(outputs, targets)
        return {"r2": None if found is None else finite(np.array(found))}
    labels = ACTIVATIONS[setup.architecture.layers[-1].activation].class_labels
    truth, said = (metrics.class_numbers(each, labels) for each in (targets, outputs))
    return {
        "accuracy": float(np.mean(truth == said)),
        "confusion": metrics.confusion(truth, said, len(classes)).astype(int).tolist(),
    }
