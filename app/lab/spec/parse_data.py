"""The data of a spec, read from its document, and the samples that it describes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.choices import Range
from app.data import datasets
from app.data.formula import grammar
from app.data.formula.formula import FormulaError, NotFinite
from app.errors import FieldError, InvalidInput
from app.lab.spec import ranges
from app.lab.spec.arrays import table
from app.lab.spec.dataset import TWO_CLASSES, DataSpec, generate, seeded
from app.lab.spec.field_errors import pointer, range_detail
from app.nn.stack import Layer
from app.nn.types import Array


def read_data(data: Mapping[str, Any]) -> DataSpec:
    """The data that `/data` of a spec describes; no samples are generated yet.

    Raises InvalidInput that names everything wrong with a formula or with a learner's numbers.
    """
    return {"custom": _custom, "formula": _formula}.get(data["name"], _built_in)(data)


def sample(data: DataSpec) -> tuple[Array, Array]:
    """The samples of `generate`. Raises InvalidInput where a formula has no number."""
    try:
        return generate(data)
    except NotFinite as error:
        where: dict[str, Any] = {
            "sample": error.sample,
            "place": error.place,
            "value": f"{error.value:g}",
        }
        if error.column is not None:
            where |= {"column": error.column, "write": list(error.write)}
        detail = f"must be an ordinary number wherever there are samples: {error}"
        raise InvalidInput([FieldError("/data/formula", "not_finite", detail, where)]) from None


def check_units(data: DataSpec, layers: Sequence[Layer], errors: list[FieldError]) -> None:
    """Adds to `errors` unless the output layer has as many units as the targets need."""
    if layers[-1].units in data.units:
        return
    fitting = " or ".join(str(count) for count in data.units)
    targets = (
        f"the targets have {data.units[0]} number(s) a sample"
        if data.classes is None
        else f"there are {len(data.classes)} classes"
    )
    errors.append(
        FieldError(
            pointer("layers", len(layers) - 1, "units"),
            "out_of_range",
            f"{targets}, so the output layer must have {fitting} unit(s)",
            {"minimum": min(data.units), "maximum": max(data.units)},
            layers[-1].units,
        )
    )


def _built_in(data: Mapping[str, Any]) -> DataSpec:
    dataset = datasets.DATASETS[data["name"]]
    classes = tuple(str(number) for number in range(dataset.classes)) or None
    return seeded(data, width=dataset.inputs, classes=classes)


def _formula(data: Mapping[str, Any]) -> DataSpec:
    try:
        formula = grammar.parse(data["formula"], data["inputs"])
    except FormulaError as error:
        allowed: dict[str, Any] = {"column": error.column}
        if error.code == "too_long":
            allowed["maximum"] = grammar.MOST_CHARACTERS
        if error.names:
            allowed["names"] = list(error.names)
        if error.write:
            allowed["write"] = list(error.write)
        found = FieldError("/data/formula", error.code, str(error), allowed, error.text[:80])
        raise InvalidInput([found]) from None
    classes = TWO_CLASSES if formula.is_boundary else None
    return seeded(data, width=data["inputs"], formula=formula, classes=classes)


def _custom(data: Mapping[str, Any]) -> DataSpec:
    errors: list[FieldError] = []
    inputs = table(data["inputs"], "/data/inputs", errors)
    targets = table(data["targets"], "/data/targets", errors, column=True)
    samples, width = 2, 1
    if inputs is not None and targets is not None:
        samples, width = inputs.shape
        if len(targets) != samples:
            detail = (
                f"must have one entry for each of the {samples} rows of inputs, not {len(targets)}"
            )
            allowed = {"shape": [samples]}
            errors.append(FieldError("/data/targets", "wrong_shape", detail, allowed))
        _check_count("/data/inputs/0", width, ranges.INPUTS, errors)
        if data.get("classes") is not None:
            _check_classes(targets, data, errors)
    if data["standardize_target"] and data.get("classes") is not None:
        detail = "a class has no mean: leave this out, or the classes"
        errors.append(FieldError("/data/standardize_target", "conflict_fields", detail, {}, True))
    names = data.get("input_names")
    if names is not None and len(names) != width:
        detail = f"must have a name for each of the {width} inputs, not {len(names)}"
        errors.append(
            FieldError("/data/input_names", "wrong_shape", detail, {"shape": [width]}, len(names))
        )
    if errors or inputs is None or targets is None:
        raise InvalidInput(errors)
    return DataSpec(
        name="custom",
        samples=samples,
        noise=0.0,
        train_fraction=data["train_fraction"],
        seed=data["seed"],
        standardize=data["standardize"],
        width=width,
        classes=tuple(data["classes"]) if data.get("classes") is not None else None,
        inputs=np.ascontiguousarray(inputs.T),
        targets=np.ascontiguousarray(targets.T),
        input_names=None if names is None else tuple(names),
        target_name=data.get("target_name"),
        standardize_target=data["standardize_target"],
    )


def _check_count(at: str, count: int, range: Range, errors: list[FieldError]) -> None:
    if not range.minimum <= count <= range.maximum:
        allowed = {**range.allowed(), "items": True}
        errors.append(FieldError(at, "out_of_range", range_detail(allowed), allowed, count))


def _check_classes(targets: Array, data: Mapping[str, Any], errors: list[FieldError]) -> None:
    """With classes, every target is one number, that of its class."""
    classes = data["classes"]
    for place, name in enumerate(classes):
        if name in classes[:place]:
            at = pointer("data", "classes", place)
            errors.append(FieldError(at, "conflict_fields", f"{name} is already there", {}, name))
    if targets.shape[1] != 1:
        detail = "with classes, every target is one class number"
        errors.append(FieldError("/data/targets/0", "wrong_shape", detail, {"shape": [1]}))
        return
    numbers = targets[:, 0]
    wrong = (numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= len(classes))
    for sample in np.flatnonzero(wrong)[:10].tolist():
        flat = not isinstance(data["targets"][0], list)
        allowed = {"minimum": 0, "maximum": len(classes) - 1}
        errors.append(
            FieldError(
                pointer("data", "targets", *([sample] if flat else [sample, 0])),
                "out_of_range",
                f"must be the number of a class, 0 to {len(classes) - 1}",
                allowed,
                float(numbers[sample]),
            )
        )
