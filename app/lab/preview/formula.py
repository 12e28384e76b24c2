"""The preview of a formula: its task, and points of it."""

from dataclasses import replace
from typing import Literal

import numpy as np
from typing_extensions import TypedDict

from app.data.formula.formula import FormulaError
from app.errors import InvalidInput
from app.lab.json_arrays import finite
from app.lab.spec.parse_data import read_data, sample

FORMULA_POINTS = 300
_SEED = 1


class FormulaDoubt(TypedDict):
    """A place (from 1) at which something else may have been meant, and what to write for each."""

    column: int
    received: str
    write: list[str]


class FormulaPreview(TypedDict):
    """A formula's task, and points of it: where to draw each, and its target.

    `reading` is the formula as it was read, with every sign and bracket written. `classes` is the
    number of them, 0 of a regression. The points are drawn at the first two inputs, or at the only
    one and the target.
    """

    task: Literal["classification", "regression", "custom"]
    classes: int
    inputs: int
    reading: str
    doubts: list[FormulaDoubt]
    one_class: bool
    x: list[float]
    y: list[float]
    target: list[float]


def preview_formula(text: str, inputs: int) -> FormulaPreview:
    """The task of a formula of x1 … xn, how it was read, and points of it.

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
        "reading": "" if data.formula is None else data.formula.reading,
        "doubts": [] if data.formula is None else [_doubt(one) for one in data.formula.doubts],
        "one_class": data.classes is not None and bool(np.ptp(values) == 0.0),
        "x": np.round(points[0], 3).tolist(),
        "y": np.round(points[1] if inputs > 1 else values, 3).tolist(),
        "target": finite(values),
    }


def _doubt(doubt: FormulaError) -> FormulaDoubt:
    return {"column": doubt.column, "received": doubt.text, "write": list(doubt.write)}
