"""Requests for studies: what they are read into, and how bad ones are refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.errors import InvalidInput
from app.lab.spec.limits import limits
from app.lab.study.plan import StudyPlan
from app.lab.study.request import MOST_RUNS, MOST_WORK, StudyRequest, read_request
from tests.lab.study.plans import plan_of

LINEAR = {"layers": [{"units": 1, "activation": "sigmoid"}]}
CUSTOM = {"data": {"name": "custom", "inputs": [[1], [2]], "targets": [0, 1]}, **LINEAR}


def errors_of(spec: Any = None, **asked: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as found:
        plan_of(spec, **asked)
    return [(error.pointer, error.code) for error in found.value.errors]


def test_everything_but_the_spec_has_a_default() -> None:
    plan = plan_of()
    assert (plan.first, plan.count, plan.vary, plan.steps, plan.target) == (
        7,
        100,
        "init",
        600,
        None,
    )
    assert plan.cells == ({},)


def test_the_first_seed_is_that_of_the_spec_unless_it_is_named() -> None:
    assert plan_of({"seed": 3}).first == 3
    assert plan_of({"seed": 3}, seeds={"first": 0}).first == 0


def test_a_plan_is_stored_and_read_again() -> None:
    plan = plan_of({"seed": 3}, grid={"units": [2, 3], "noise": [0.0, 0.1]}, target=0.2)
    assert StudyPlan.loads(plan.dumps()) == plan


@pytest.mark.parametrize("field", ["count", "steps", "vary", "grid"])
def test_a_field_out_of_its_range_is_refused_by_the_model(field: str) -> None:
    every: dict[str, Any] = {
        "count": {"seeds": {"count": 10**9}},
        "steps": {"steps": 0},
        "vary": {"vary": "inti"},
        "grid": {"grid": {"momentum": [1]}},
    }
    with pytest.raises(ValidationError):
        StudyRequest.model_validate({"spec": {}, **every[field]})


def test_errors_of_the_spec_point_under_it() -> None:
    assert errors_of({"batch_size": 400}) == [("/spec/batch_size", "out_of_range")]


def test_a_server_limits_the_spec_and_the_grid() -> None:
    request = StudyRequest.model_validate({"spec": {}, "grid": {"units": [4, 32]}})
    with pytest.raises(InvalidInput) as found:
        read_request(request, limits({"units": 8}))
    (error,) = found.value.errors
    assert (error.pointer, error.code, error.allowed["maximum"]) == (
        "/grid/units/1",
        "out_of_range",
        8,
    )


@pytest.mark.parametrize(
    ("spec", "axis", "left"),
    [
        (LINEAR, "units", ["learning_rate", "std", "noise", "samples"]),
        (LINEAR, "depth", ["learning_rate", "std", "noise", "samples"]),
        ({"runs": [{"recipe": {"weights": {"name": "zeros"}}}]}, "std", None),
        (CUSTOM, "noise", ["learning_rate", "std"]),
        (CUSTOM, "samples", ["learning_rate", "std"]),
    ],
)
def test_an_axis_that_the_spec_lacks_is_refused(spec: Any, axis: str, left: Any) -> None:
    values: dict[str, Any] = {"noise": [0.1], "std": [0.1]}
    with pytest.raises(InvalidInput) as found:
        plan_of(spec, grid={axis: values.get(axis, [3])})
    (error,) = found.value.errors
    assert (error.pointer, error.code) == (f"/grid/{axis}", "no_such_axis")
    assert axis not in error.allowed["names"]
    assert left is None or error.allowed["names"] == left


def test_a_grid_has_at_most_two_axes() -> None:
    found = errors_of(grid={"units": [2], "depth": [2], "std": [0.1]})
    assert found == [("/grid", "out_of_range")]


def test_a_grid_of_a_million_cells_is_refused() -> None:
    many = [index / 1000 for index in range(1, 401)]
    found = errors_of(grid={"learning_rate": many, "std": many})
    assert found == [("/grid", "out_of_range")]


def test_a_grid_without_values_is_none() -> None:
    assert plan_of(grid={}).cells == ({},)


def test_a_value_that_stands_twice_is_refused() -> None:
    assert errors_of(grid={"units": [2, 3, 2]}) == [("/grid/units/2", "conflict_fields")]


def test_a_value_that_does_not_suit_the_spec_is_named() -> None:
    found = errors_of({"batch_size": 200}, grid={"samples": [1000, 100]})
    assert found == [("/grid/samples/1", "out_of_range")]


def test_values_are_checked_against_a_learners_own_data() -> None:
    rows = [[index / 9] for index in range(10)]
    data = {"name": "custom", "inputs": rows, "targets": [0, 1] * 5}
    plan = plan_of({**LINEAR, "data": data, "batch_size": 10}, grid={"learning_rate": [0.1, 1]})
    assert plan.cell_document(1)["data"]["inputs"] == rows


@pytest.mark.parametrize("seeds", [{"first": 2**32 - 100, "count": 101}, {"first": 2**32 - 1}])
def test_the_last_seed_is_a_seed_too(seeds: Any) -> None:
    assert errors_of(seeds=seeds) == [("/seeds/first", "out_of_range")]


def test_the_last_data_seed_is_a_seed_too() -> None:
    spec = {"data": {"name": "circle", "seed": 2**32 - 1}}
    assert plan_of(spec, seeds={"count": 2}).count == 2
    found = errors_of(spec, seeds={"count": 2}, vary="all")
    assert found == [("/spec/data/seed", "out_of_range")]


def test_a_study_of_too_much_work_says_its_size_and_the_limit() -> None:
    with pytest.raises(InvalidInput) as found:
        plan_of(steps=50_000, seeds={"count": 10_000})
    (error,) = found.value.errors
    assert (error.pointer, error.code) == ("/seeds/count", "too_much_work")
    assert "6.28e+13" in error.detail
    assert f"{MOST_WORK:.3g}" in error.detail
    assert error.allowed["size"] > error.allowed["limit"] == MOST_WORK
    most = error.allowed["maximum"]
    assert plan_of(steps=50_000, seeds={"count": most}).work <= MOST_WORK
    assert errors_of(steps=50_000, seeds={"count": most + 1}) == [("/seeds/count", "too_much_work")]


def test_a_study_of_too_many_runs_is_refused() -> None:
    runs: list[Any] = [{}] * 16
    assert plan_of({"runs": runs}, steps=10, seeds={"count": 10_000}).runs <= MOST_RUNS
    asked = {"steps": 10, "seeds": {"count": 10_000}, "grid": {"learning_rate": [0.1, 1]}}
    assert errors_of({"runs": runs}, **asked) == [("/seeds/count", "too_much_work")]
