"""The preview of a formula: its task, and points of it."""

from dataclasses import replace
from typing import Any

import numpy as np

from app.errors import InvalidInput
from app.lab.json_arrays import finite
from app.lab.spec.parse_data import read_data, sample

FORMULA_POINTS = 300
_SEED = 1


def preview_formula(text: str, inputs: int) -> dict[str, Any]:
    """The task of a formula of x1 … xn, and points of it.

    `x` and `y` are where to draw the points: the first two inputs, or the only one and the target.
    Raises InvalidInput that points at what is wrong with the formula.
    """
    document = {
        "name": "formula",
        "formula": text,
        "inputs": inputs,
        "samples": FORMULA_POINTS,
        "noise": 0.0,
        "train_fraction": 1.0,
        "seed": _SEED,
        "standardize": False,
    }
    try:
        data = read_data(document)
        points, (values,) = sample(data)
    except InvalidInput as error:
        moved = [replace(one, pointer=one.pointer.removeprefix("/data")) for one in error.errors]
        raise InvalidInput(moved) from None
    return {
        "task": data.task,
        "classes": 0 if data.classes is None else len(data.classes),
        "inputs": inputs,
        "x": np.round(points[0], 3).tolist(),
        "y": np.round(points[1] if inputs > 1 else values, 3).tolist(),
        "target": finite(values),
    }
