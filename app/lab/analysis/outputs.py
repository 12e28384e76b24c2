"""What can be read off one step of an experiment: gradients, the surface, the outputs.

Each is a stack handed to the engine; each answers with what the API sends.
"""

from typing import Any

import numpy as np

from app.lab.experiment.setup import Samples, Setup
from app.lab.json_arrays import finite, typed
from app.lab.spec.arrays import parameters
from app.lab.spec.dataset import target_scale
from app.lab.spec.ranges import check_work
from app.nn.gradient_check import numeric_gradient
from app.nn.losses import Objective
from app.nn.stack import Pass, gradients
from app.nn.types import Array

COLOUR_BITS = 14
"""Significant bits of an output that is seen as a colour: its error is below 1/16,000 of it."""


def gradient(setup: Setup, run: int, theta: Array) -> dict[str, Any]:
    """dJ/dW and dJ/db of the full training set at theta (P,), and the same by differences."""
    architecture, train = setup.architecture, setup.train
    name = setup.runs[run].loss
    check_work(2 * architecture.parameter_count * architecture.work(train.count), "/run")
    with np.errstate(all="ignore"):
        analytic = gradients(architecture, theta[np.newaxis], train.X, train.Y, Objective([name]))[
            0
        ]
        numeric = numeric_gradient(architecture, theta, train.X, train.Y, name)
        J = setup.losses(np.tile(theta, (1, len(setup.runs), 1)), train)[0, run]
        difference = np.max(np.abs(analytic - numeric))
    return {
        "loss": finite(J),
        **parameters(architecture, analytic),
        "numeric": parameters(architecture, numeric),
        "max_difference": finite(difference),
    }


def outputs(setup: Setup, run: int, theta: Array, size: int, neurons: bool) -> dict[str, Any]:
    """What the network theta (P,) and each of its neurons put out over the input plane.

    The first two inputs vary; any others stay at their training mean.
    """
    architecture = setup.architecture
    raw = setup.train.inputs
    planar = len(raw) >= 2
    count = size * size if planar else size
    check_work(architecture.work(count), "/size", size, power=2 if planar else 1)
    ranges = extent(setup)
    x = np.linspace(*ranges[0], size)
    inputs = np.tile(raw.mean(axis=1, keepdims=True), (1, count))
    answer: dict[str, Any] = {"inputs": list(input_names(setup)[:2]), "x": x.tolist()}
    if planar:
        y = np.linspace(*ranges[1], size)
        inputs[0], inputs[1] = np.tile(x, size), np.repeat(y, size)
        answer["y"] = y.tolist()
    else:
        inputs[0] = x
    shape = (size, size) if planar else (size,)
    room = Pass(architecture, theta[np.newaxis].astype(np.float32), count)
    with np.errstate(all="ignore"):
        final = room.forward(setup.features_of(inputs).astype(np.float32))[0]
    shaped = final.reshape(*(shape if len(final) == 1 else (len(final), *shape)))
    answer["output"] = typed(shaped, COLOUR_BITS)
    if neurons:
        answer["neurons"] = [
            [typed(unit.reshape(shape), COLOUR_BITS) for unit in layer[0]] for layer in room.neurons
        ]
    return answer


def input_names(setup: Setup) -> tuple[str, ...]:
    """The raw inputs' names: x1 … xn, or those of a learner's table."""
    return setup.spec.data.names


def extent(setup: Setup) -> list[tuple[float, float]]:
    """For each raw input, the interval in which it is drawn."""
    count = len(setup.train.inputs)
    domain = setup.spec.data.domain
    if domain is not None:
        return [domain] * count
    parts = [setup.train.inputs] + ([setup.test.inputs] if setup.test is not None else [])
    every = np.concatenate(parts, axis=1)
    ranges = []
    for row in every:
        low, high = float(row.min()), float(row.max())
        margin = 0.1 * (high - low) or max(1.0, 0.1 * abs(low))
        ranges.append((low - margin, high + margin))
    return ranges


def samples(setup: Setup) -> dict[str, Any]:
    """The points themselves, for drawing: raw inputs in rows, and targets."""
    data = setup.spec.data
    return {
        "inputs": list(input_names(setup)),
        "target": data.target_name or "y",
        "target_scale": _target_scale(setup),
        "classes": None if data.classes is None else list(data.classes),
        "task": data.task,
        "extent": [list(pair) for pair in extent(setup)],
        "train": _points(setup.train),
        "test": _points(setup.test),
    }


def _target_scale(setup: Setup) -> dict[str, list[float]] | None:
    scale = target_scale(setup.spec.data)
    if scale is None:
        return None
    return {
        name: array[:, 0].tolist() for name, array in zip(("center", "scale"), scale, strict=True)
    }


def _points(part: Samples | None) -> dict[str, Any]:
    if part is None:
        return {"x": [], "y": []}
    targets = part.Y[0] if len(part.Y) == 1 else part.Y.T
    return {"x": part.inputs.T.tolist(), "y": targets.tolist()}
