"""How every run is doing: its status, and accuracy with a confusion matrix or R² of its outputs."""

from typing import Any

import numpy as np

from app.lab.experiment.setup import Samples, World
from app.lab.experiment.state import Moment
from app.lab.json_arrays import finite
from app.nn import metrics
from app.nn.activations import ACTIVATIONS
from app.nn.diagnostics import progress
from app.nn.stack import Pass
from app.nn.types import Array


def statuses(world: World, moment: Moment, latest: Array) -> list[dict[str, Any]]:
    """The status of every run; `latest` (T, K) are the training losses up to the moment."""
    return [
        {"status": "diverged", "diverged_at": int(moment.diverged[k])}
        if moment.diverged[k] >= 0
        else {"status": progress(latest[:, k], world.baselines[k]), "diverged_at": None}
        for k in range(len(world.runs))
    ]


def metrics_of(world: World, moment: Moment, run: int) -> dict[str, Any]:
    """The metrics of a run that exists, on the training and the test set."""
    classes = classes_of(world)
    theta = moment.theta[[run]]
    return {
        "run": run,
        "step": moment.step,
        "task": "regression" if classes is None else "classification",
        "classes": list(classes or ()),
        "train": _measured(world, theta, world.train, classes)[0],
        "test": _measured(world, theta, world.test, classes)[0],
    }


def scores(world: World, moment: Moment) -> list[dict[str, float | None]]:
    """For every run one number for each set, the higher the better: its accuracy, or R²."""
    classes = classes_of(world)
    key = "r2" if classes is None else "accuracy"
    pairs = zip(
        _measured(world, moment.theta, world.train, classes),
        _measured(world, moment.theta, world.test, classes),
        strict=True,
    )
    return [
        {
            "train": None if train is None else train[key],
            "test": None if test is None else test[key],
        }
        for train, test in pairs
    ]


def classes_of(world: World) -> tuple[str, ...] | None:
    """What the targets tell apart, by name; None where they are numbers of any kind.

    Targets of which nobody has said that they are classes are classes all the same when one output
    unit is only ever asked for one of its two labels.
    """
    data, output = world.spec.data, ACTIVATIONS[world.architecture.layers[-1].activation]
    if data.classes is not None:
        return data.classes
    asked = [part.Y for part in (world.train, world.test) if part is not None]
    if data.task == "regression" and not output.bounded:
        return None
    if all(len(Y) == 1 and np.isin(Y, output.class_labels).all() for Y in asked):
        return tuple(f"{label:g}" for label in output.class_labels)
    if output.output_only and all(np.isin(Y, (0.0, 1.0)).all() for Y in asked):
        return tuple(str(number) for number in range(len(asked[0])))
    return None


def _measured(
    world: World, theta: Array, samples: Samples | None, classes: tuple[str, ...] | None
) -> list[dict[str, Any] | None]:
    """The metrics of every row of theta (K, P); None without samples or finite outputs."""
    if samples is None:
        return [None] * len(theta)
    with np.errstate(all="ignore"):
        outputs = Pass(world.architecture, theta, samples.count).forward(samples.X)
        return [_of_one(world, row, samples.Y, classes) for row in outputs]


def _of_one(
    world: World, outputs: Array, targets: Array, classes: tuple[str, ...] | None
) -> dict[str, Any] | None:
    if not np.isfinite(outputs).all():
        return None
    if classes is None:
        found = metrics.r_squared(outputs, targets)
        return {"r2": None if found is None else finite(np.array(found))}
    labels = ACTIVATIONS[world.architecture.layers[-1].activation].class_labels
    truth, said = (metrics.class_numbers(each, labels) for each in (targets, outputs))
    return {
        "accuracy": float(np.mean(truth == said)),
        "confusion": metrics.confusion(truth, said, len(classes)).astype(int).tolist(),
    }
