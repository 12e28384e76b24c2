"""The values of a grid: each is checked in a spec that has it.

There may be 400 of them, and a million numbers in the spec. All of these have been read before, and
no axis changes them: they are not read again for a value, and samples are made anew only where a
value changes them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from app.errors import FieldError, InvalidInput
from app.lab.experiment.state import Pause
from app.lab.spec import limits as limiting
from app.lab.spec.arrays import misfits
from app.lab.spec.dataset import DataSpec
from app.lab.spec.field_errors import pointer
from app.lab.spec.parse import ReadGiven, read
from app.lab.spec.parse_data import sample
from app.lab.spec.schema import SpecModel
from app.lab.study.grid import with_values
from app.lab.study.plan import StudyPlan
from app.nn.stack import Architecture
from app.nn.types import Array

_CHECKED_ROWS = 8
"""So many rows of a learner's table are in the specs that are checked."""


def value_errors(plan: StudyPlan, limits: limiting.Limits, pause: Pause) -> list[FieldError]:
    """What is wrong with a spec that has one of the grid's values; it may pause before each."""
    document = _light(plan.document)
    samples, given = _Samples(), _shapes_of(plan.architecture)
    errors = []
    for name, values in plan.axes.items():
        for place, value in enumerate(values):
            pause()
            changed = SpecModel.model_validate(with_values(document, {name: value}))
            try:
                read(changed, limits, samples, given)
            except InvalidInput as error:
                at = pointer("grid", name, place)
                errors += [_of_value(each, at, name, value) for each in error.errors]
    return errors


def _of_value(error: FieldError, at: str, name: str, value: float) -> FieldError:
    detail = f"with {name} = {value:g}, /spec{error.pointer} {error.detail}"
    return replace(error, pointer=at, detail=detail)


def _light(document: Mapping[str, Any]) -> dict[str, Any]:
    """A spec without the learner's own numbers, of which no axis changes anything.

    Its table is cut short, and its runs have parameters of which only the shapes are known.
    """
    nothing: dict[str, list[Any]] = {"W": [], "b": []}
    runs = [
        {**run, "parameters": nothing} if run.get("parameters") else run for run in document["runs"]
    ]
    light, data = {**document, "runs": runs}, document["data"]
    if not isinstance(data.get("inputs"), list):
        return light
    few = {name: data[name][:_CHECKED_ROWS] for name in ("inputs", "targets")}
    return {**light, "data": {**data, **few}, "batch_size": None}


class _Samples:
    """Samples of data, which are kept while only other settings than theirs have other values."""

    def __init__(self) -> None:
        self._of: tuple[int, float] | None = None
        self._made: tuple[Array, Array] | None = None

    def __call__(self, data: DataSpec) -> tuple[Array, Array]:
        """The samples of `sample`. Raises InvalidInput where a formula has no number."""
        of = (data.samples, data.noise)  # which axes change; all else of the data stays
        if self._made is None or of != self._of:
            self._made, self._of = sample(data), of
        return self._made


def _shapes_of(known: Architecture) -> ReadGiven:
    """Reads parameters of which it is known that they are sound ones of this architecture."""

    def read_shapes(
        architecture: Architecture, _given: Mapping[str, Any], at: str, errors: list[FieldError]
    ) -> Array | None:
        wrong = misfits(architecture, known, at)
        errors += wrong
        return None if wrong else np.empty(0)  # the spec is only checked, never trained

    return read_shapes
