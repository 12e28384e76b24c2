"""How good every run is: accuracy with a confusion matrix or R² of its outputs."""

from typing import Literal, final

import numpy as np
from typing_extensions import TypedDict

from app.lab.experiment.setup import Samples, Setup
from app.lab.experiment.state import TrainState
from app.lab.json_arrays import Number, number
from app.nn import metrics
from app.nn.activations import ACTIVATIONS
from app.nn.stack import Pass
from app.nn.types import Array


class Score(TypedDict):
    """One number for each set, the higher the better: accuracy, or R² of a regression.

    Null without such a set, or where the outputs are not finite.
    """

    train: Number
    test: Number


@final
class ClassificationMetrics(TypedDict):
    """Accuracy, from 0 to 1, and the counts of samples: rows are true classes, columns outputs."""

    accuracy: float
    confusion: list[list[int]]


@final
class RegressionMetrics(TypedDict):
    """R², the share of the targets' variance that is explained; null where they have none."""

    r2: Number


SetMetrics = ClassificationMetrics | RegressionMetrics


class Metrics(TypedDict):
    """How good a run is on each set, null without one; `classes` is empty for a regression."""

    run: int
    step: int
    task: Literal["classification", "regression"]
    classes: list[str]
    train: SetMetrics | None
    test: SetMetrics | None


def metrics_of(setup: Setup, state: TrainState, run: int) -> Metrics:
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


def scores(setup: Setup, state: TrainState) -> list[Score]:
    """The score of every run."""
    classes = classes_of(setup)
    pairs = zip(
        _scores(setup, state.theta, setup.train, classes),
        _scores(setup, state.theta, setup.test, classes),
        strict=True,
    )
    return [{"train": train, "test": test} for train, test in pairs]


def _scores(
    setup: Setup, theta: Array, samples: Samples | None, classes: tuple[str, ...] | None
) -> list[Number]:
    """Accuracy or R² of every row of theta (K, P); None without samples or finite outputs."""
    if samples is None:
        return [None] * len(theta)
    with np.errstate(all="ignore"):
        outputs = Pass(setup.architecture, theta, samples.count).forward(samples.X)
        known = np.logical_and.reduce(np.isfinite(outputs), axis=(1, 2)).tolist()
        if classes is None:
            return [
                number(metrics.r_squared(row, samples.Y)) if sound else None
                for row, sound in zip(outputs, known, strict=True)
            ]
        labels = ACTIVATIONS[setup.architecture.layers[-1].activation].class_labels
        truth, said = (metrics.class_numbers(each, labels) for each in (samples.Y, outputs))
    right = np.count_nonzero(truth == said, axis=-1) / samples.count
    return [share if sound else None for share, sound in zip(right.tolist(), known, strict=True)]


def classes_of(setup: Setup) -> tuple[str, ...] | None:
    """The names of the classes; None for a regression.

    Targets that are not declared as classes count as classes all the same where one output unit has
    only its two labels as targets, or a softmax only 0 and 1.
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
) -> list[SetMetrics | None]:
    """The metrics of every row of theta (K, P); None without samples or finite outputs."""
    if samples is None:
        return [None] * len(theta)
    with np.errstate(all="ignore"):
        outputs = Pass(setup.architecture, theta, samples.count).forward(samples.X)
        return [_of_one(setup, row, samples.Y, classes) for row in outputs]


def _of_one(
    setup: Setup, outputs: Array, targets: Array, classes: tuple[str, ...] | None
) -> SetMetrics | None:
    if not np.isfinite(outputs).all():
        return None
    if classes is None:
        return {"r2": number(metrics.r_squared(outputs, targets))}
    labels = ACTIVATIONS[setup.architecture.layers[-1].activation].class_labels
    truth, said = (metrics.class_numbers(each, labels) for each in (targets, outputs))
    return {
        "accuracy": float(np.mean(truth == said)),
        "confusion": metrics.confusion(truth, said, len(classes)).astype(int).tolist(),
    }
