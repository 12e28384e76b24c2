"""The preview of a formula: what it is, and points of it."""

from dataclasses import replace
from typing import Any

import numpy as np

from app.data.formula import grammar
from app.errors import FieldError, InvalidInput
from app.lab.json_arrays import finite
from app.lab.spec.dataset import of_formula
from app.lab.spec.parse_data import read_data

FORMULA_POINTS = 300
_SEED = 1


def preview_formula(text: str, inputs: int) -> dict[str, Any]:
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
