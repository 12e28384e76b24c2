"""What a choice looks like before it is made: the points of a formula, the course of a schedule."""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil
from typing import Any

import numpy as np

from app.data.formula import grammar
from app.errors import FieldError, InvalidInput
from app.lab.json_arrays import finite
from app.lab.spec.dataset import of_formula
from app.lab.spec.parse_data import read_data
from app.nn.update.schedules import SCHEDULES

FORMULA_POINTS = 300
SCHEDULE_POINTS = 120
_SEED = 1
_FALLEN = 0.01  # a schedule without an end of its own is followed until it has fallen to this share
_FARTHEST = 100_000


def formula(text: str, inputs: int) -> dict[str, Any]:
    """What a formula of x1 … xn is, and points of it; InvalidInput says where it is wrong.

    `x` and `y` are where to draw the points: the first two inputs, or the only one and the target.
    """
    errors: list[FieldError] = []
    data = {
        "name": "formula",
        "formula": text,
        "inputs": inputs,
        "samples": FORMULA_POINTS,
        "noise": 0.0,
        "train_fraction": 1.0,
        "seed": _SEED,
        "standardize": False,
    }
    found = read_data(data, errors)
    if found is None:
        raise InvalidInput(
            [replace(error, pointer=error.pointer.removeprefix("/data")) for error in errors]
        )
    points, values = of_formula(grammar.parse(text, inputs), FORMULA_POINTS, 0.0, _SEED)
    return {
        "task": found.task,
        "classes": 0 if found.classes is None else len(found.classes),
        "inputs": inputs,
        "x": np.round(points[0], 3).tolist(),
        "y": np.round(points[1] if inputs > 1 else values, 3).tolist(),
        "target": finite(values),
    }


def schedule(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The factors of a schedule on the learning rate, over steps that show all of its course."""
    factor = SCHEDULES[chosen["name"]].factor
    options = {name: float(value) for name, value in chosen.items() if name != "name"}
    if "length" in options:
        last = ceil(1.15 * options["length"])
    elif "step_size" in options:
        last = ceil(4.0 * options["step_size"])
    else:
        last = 100
        while last < _FARTHEST and factor(np.array([float(last)]), options)[0] > _FALLEN:
            last *= 2
    steps = np.unique(np.linspace(0, last, SCHEDULE_POINTS).round())
    return {"steps": steps.astype(int).tolist(), "factor": finite(factor(steps, options))}
