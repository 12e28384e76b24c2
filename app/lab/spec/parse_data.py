"""The data of a spec, read from its document; what is wrong is added to a list of errors."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.choices import Range
from app.data import datasets
from app.data.formula import grammar
from app.data.formula.formula import FormulaError, NotFinite
from app.errors import FieldError
from app.lab.spec import ranges
from app.lab.spec.arrays import table
from app.lab.spec.dataset import TWO_CLASSES, DataSpec, built_in, of_formula
from app.lab.spec.field_errors import pointer, range_detail
from app.nn.stack import Layer


def read_data(data: Mapping[str, Any], errors: list[FieldError]) -> DataSpec | None:
    """The data that `/data` of a spec describes, or None with what is wrong in `errors`."""
    before = len(errors)
    reader = {"custom": _custom, "formula": _formula}.get(data["name"], _built_in)
    found = reader(data, errors)
    return found if len(errors) == before else None


def check_units(data: DataSpec, layers: Sequence[Layer], errors: list[FieldError]) -> None:
    """The output layer must have as many units as the targets ask for."""
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


def _built_in(data: Mapping[str, Any], errors: list[FieldError]) -> DataSpec:
    dataset = datasets.DATASETS[data["name"]]
    classes = tuple(str(number) for number in range(dataset.classes)) or None
    return built_in(data, width=dataset.inputs, classes=classes)


def _formula(data: Mapping[str, Any], errors: list[FieldError]) -> DataSpec | None:
    at = "/data/formula"
    try:
        formula = grammar.parse(data["formula"], data["inputs"])
        of_formula(formula, data["samples"], data["noise"], data["seed"])
    except FormulaError as error:
        allowed: dict[str, Any] = {"column": error.column}
        if error.names:
            allowed["names"] = list(error.names)
        errors.append(FieldError(at, error.code, str(error), allowed, error.text[:80]))
        return None
    except NotFinite as error:
        where = {"sample": error.sample, "place": error.place, "value": f"{error.value:g}"}
        detail = f"must be an ordinary number wherever there are samples: {error}"
        errors.append(FieldError(at, "not_finite", detail, where))
        return None
    return built_in(
        data,
        width=data["inputs"],
        formula=data["formula"],
        classes=TWO_CLASSES if formula.is_boundary else None,
    )


def _custom(data: Mapping[str, Any], errors: list[FieldError]) -> DataSpec:
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
    return DataSpec(
        "custom",
        samples,
        0.0,
        data["train_fraction"],
        data["seed"],
        data["standardize"],
        width,
        tuple(data["classes"]) if data.get("classes") is not None else None,
        None,
        None if inputs is None else np.ascontiguousarray(inputs.T),
        None if targets is None else np.ascontiguousarray(targets.T),
        None if names is None else tuple(names),
        data.get("target_name"),
        data["standardize_target"],
    )


def _check_count(at: str, count: int, range: Range, errors: list[FieldError]) -> None:
    if not range.minimum <= count <= range.maximum:
        allowed = {**range.allowed(), "items": True}
        errors.append(FieldError(at, "out_of_range", range_detail(allowed), allowed, count))


def _check_classes(
    targets: np.ndarray[Any, Any], data: Mapping[str, Any], errors: list[FieldError]
) -> None:
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
