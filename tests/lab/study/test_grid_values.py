"""The values of a grid: the errors of a spec that has each, found without reading it all again."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FieldError, InvalidInput
from app.lab.experiment.state import nothing
from app.lab.spec import arrays, parse_data
from app.lab.spec.dataset import DataSpec, generate
from app.lab.spec.limits import BUILT_IN
from app.lab.spec.parse import read
from app.lab.spec.schema import SpecModel
from app.lab.study.grid import with_values
from app.lab.study.grid_values import value_errors
from app.lab.study.plan import StudyPlan
from app.lab.study.request import StudyRequest, read_request
from app.nn.stack import Architecture, Layer, unpack
from app.nn.types import Array
from tests.lab.study.plans import plan_of

FORMULA = {"name": "formula", "formula": "sqrt(x1 + 6.5) * x2 > 0", "samples": 60, "noise": 0.0}
TABLE = {
    "name": "custom",
    "inputs": [[i, i * i] for i in range(20)],
    "targets": [0, 1] * 10,
}
SIZES = st.lists(st.integers(1, 3), min_size=1, max_size=4)


def architecture_of(sizes: list[int]) -> Architecture:
    return Architecture(2, tuple(Layer(units, "tanh") for units in sizes))


def given_run(sizes: list[int]) -> dict[str, Any]:
    """A run with parameters that are all different."""
    architecture = architecture_of(sizes)
    theta = np.arange(float(architecture.parameter_count))
    W, b = unpack(architecture, theta)
    return {
        "parameters": {"W": [each.tolist() for each in W], "b": [each.tolist() for each in b]},
        "optimizer": {"name": "adam"},
    }


def layers_of(sizes: list[int]) -> list[dict[str, Any]]:
    *hidden, output = sizes
    layers = [{"units": units, "activation": "tanh"} for units in hidden]
    return [*layers, {"units": output, "activation": "sigmoid"}]


SPECS: dict[str, dict[str, Any]] = {
    "plain": {"batch_size": 200},
    "formula": {"data": FORMULA},
    "given": {"layers": layers_of([3, 2, 1]), "runs": [given_run([3, 2, 1]), {}] * 2},
    "table": {
        "data": TABLE,
        "layers": layers_of([2, 2, 1]),
        "runs": [given_run([2, 2, 1]), {}],
        "batch_size": 10,
    },
}
AXES: dict[str, list[float]] = {
    "learning_rate": [0.1, 1.0],
    "units": [1, 2, 3],
    "depth": [1, 2, 4],
    "std": [0.1, 2.0],
    "noise": [0.0, 0.1, 0.5],
    "samples": [10, 300, 500],
}


def read_whole(plan: StudyPlan) -> list[FieldError]:
    """The errors of every value, in a spec that is read whole."""
    found = []
    for name, values in plan.axes.items():
        for place, value in enumerate(values):
            try:
                read(SpecModel.model_validate(with_values(plan.document, {name: value})))
            except InvalidInput as error:
                for each in error.errors:
                    detail = f"with {name} = {value:g}, /spec{each.pointer} {each.detail}"
                    found.append(replace(each, pointer=f"/grid/{name}/{place}", detail=detail))
    return found


PAIRS = [
    (name, axis)
    for name in SPECS
    for axis in AXES
    if name != "table" or axis not in ("noise", "samples")  # which a table has not
]


@pytest.mark.parametrize(("name", "axis"), PAIRS)
def test_the_errors_are_those_of_a_spec_that_is_read_whole(name: str, axis: str) -> None:
    plan = replace(plan_of(SPECS[name]), axes={axis: tuple(AXES[axis])})
    assert value_errors(plan, BUILT_IN, nothing) == read_whole(plan)


def test_there_are_errors_to_compare() -> None:
    counts = {
        (name, axis): len(read_whole(replace(plan_of(SPECS[name]), axes={axis: tuple(values)})))
        for name, axis, values in [
            ("plain", "samples", AXES["samples"]),
            ("formula", "noise", AXES["noise"]),
            ("given", "units", AXES["units"]),
            ("given", "depth", AXES["depth"]),
        ]
    }
    assert all(counts.values()), counts


@given(SIZES, SIZES)
def test_misfits_are_told_by_the_shapes_alone(sizes: list[int], others: list[int]) -> None:
    known: list[FieldError] = []
    numbers = given_run(others)["parameters"]
    found = arrays.misfits(architecture_of(sizes), architecture_of(others), "/here")
    arrays.read_parameters(architecture_of(sizes), numbers, "/here", known)
    assert found == known


def test_numbers_are_read_and_samples_are_made_once_for_all_values(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not for each value: 400 of them, on a million given parameters, would take minutes."""
    numbers, samples, pauses = 0, 0, 0
    is_number = arrays._is_number

    def counted(*each: Any) -> bool:
        nonlocal numbers
        numbers += 1
        return is_number(*each)

    def generated(data: DataSpec) -> tuple[Array, Array]:
        nonlocal samples
        samples += 1
        return generate(data)

    def pause() -> None:
        nonlocal pauses
        pauses += 1

    monkeypatch.setattr(arrays, "_is_number", counted)
    monkeypatch.setattr(parse_data, "generate", generated)
    spec = {**SPECS["given"], "data": FORMULA}
    rates = [place / 100 for place in range(1, 41)]
    request = {"spec": spec, "steps": 1, "seeds": {"count": 1}, "grid": {"learning_rate": rates}}
    plan = read_request(StudyRequest.model_validate(request), pause=pause)
    assert numbers == 2 * plan.architecture.parameter_count  # of two runs with given parameters
    assert samples == 2, "once for the spec, and once for its values"
    assert pauses == len(rates)
