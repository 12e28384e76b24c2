"""The limits of an operator: which ones may be set, and which specs are over them."""

from typing import Any

import pytest

from app.errors import BadSetting, FieldError, InvalidInput
from app.lab.spec.limits import limits
from app.lab.spec.parse import read
from app.lab.spec.schema import SpecModel

LOWEST = limits({"runs": 5, "units": 4, "hidden_layers": 1, "samples": 500, "inputs": 2})
TABLE = {"name": "custom", "inputs": [[0.0, 1.0]] * 501, "targets": [0] * 501}


def over(spec: Any) -> list[tuple[str, Any, Any]]:
    """Where a spec is over the lowest limits, by the size received and the maximum."""
    with pytest.raises(InvalidInput) as caught:
        read(SpecModel.model_validate(spec), LOWEST)
    assert {error.code for error in caught.value.errors} == {"out_of_range"}

    def summary(error: FieldError) -> tuple[str, Any, Any]:
        return error.pointer, error.received, error.allowed["maximum"]

    return [summary(error) for error in caught.value.errors]


def test_the_opening_experiment_is_within_the_lowest_limits() -> None:
    assert len(read(SpecModel(), LOWEST).spec.runs) == 5


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ({"runs": [{}] * 6}, ("/runs", 6, 5)),
        ({"layers": [{}, {}, {"units": 1}]}, ("/layers", 2, 1)),
        ({"layers": [{"units": 5}, {"units": 1}]}, ("/layers/0/units", 5, 4)),
        ({"features": ["x1", "x2", "x1^2"]}, ("/features", 3, 2)),
        ({"data": {"name": "formula", "inputs": 3}}, ("/features", 3, 2)),
        ({"data": {"samples": 501}}, ("/data/samples", 501, 500)),
        ({"data": TABLE}, ("/data/inputs", 501, 500)),
    ],
)
def test_a_spec_over_a_limit_is_refused_with_it(spec: Any, error: Any) -> None:
    assert over(spec) == [error]


def test_every_size_over_a_limit_is_named() -> None:
    spec = {"runs": [{}] * 6, "layers": [{"units": 5}, {"units": 5}, {"units": 1}]}
    places = [place for place, _, _ in over(spec)]
    assert places == ["/runs", "/layers", "/layers/0/units", "/layers/1/units"]


def test_a_size_is_named_before_what_the_samples_would_show() -> None:
    spec = {"data": {"name": "formula", "formula": "log(x1)", "samples": 501}}
    assert over(spec) == [("/data/samples", 501, 500)]


@pytest.mark.parametrize("most", [4, 17])
def test_a_limit_leaves_room_for_the_opening_and_is_none_above_the_engines(most: int) -> None:
    with pytest.raises(BadSetting, match="PLAYGROUND_MAX_RUNS must be a whole number from 5 to 16"):
        limits({"runs": most})
