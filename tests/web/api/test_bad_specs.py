"""A spec that cannot be used is refused over HTTP as it is by the parser: see tests/lab/spec."""

from typing import Any

import pytest

from tests.lab.client import Client
from tests.web.problems import dumps, places, refused


def create(basin: Client, text: str, status: int = 422) -> Any:
    return refused(
        basin, "POST", "/api/experiments", status, data=text, content_type="application/json"
    )


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "nan", ".5", "+1", "01", "0x1"])
def test_what_is_not_json_is_refused_as_such(basin: Client, value: str) -> None:
    (error,) = create(basin, dumps({"seed": f"RAW:{value}"}), 400)
    assert error["code"] == "malformed_json"


@pytest.mark.parametrize(
    ("spec", "pointer", "code"),
    [
        ({"seed": True}, "/seed", "wrong_type"),
        ({"seed": "RAW:1e400"}, "/seed", "not_finite"),
        ({"data": {"samples": 1}}, "/data/samples", "out_of_range"),
        ({"loss": "nonsense"}, "/loss", "unknown_name"),
        ({"runs": [{"a/b~c": 1}]}, "/runs/0/a~1b~0c", "unknown_field"),
        ({"\ud800": 1}, "/\ud800", "unknown_field"),
        ({"data": {"name": "custom", "inputs": [[0], [1]]}}, "/data/targets", "missing"),
        ({"data": {"name": "formula", "formula": "log(x1)"}}, "/data/formula", "not_finite"),
        ({"layers": [{"activation": "tanh"}], "loss": "cross_entropy"}, "/layers/0/units",
         "out_of_range"),
        ({"runs": [{"parameters": {"W": [[1]], "b": [[1]]}}]}, "/runs/0/parameters/W",
         "wrong_shape"),
    ],
)  # fmt: skip
def test_what_the_parser_refuses_is_answered_with_its_place(
    basin: Client, spec: Any, pointer: str, code: str
) -> None:
    assert places(create(basin, dumps(spec)))[0] == (pointer, code)


def test_every_bad_field_is_named_at_once(basin: Client) -> None:
    spec = {
        "data": {"samples": 1, "noise": "much"},
        "layers": [{"units": 10**9}, {"activation": "sin"}],
        "runs": [{"seed": -1}, {"recipe": {"weights": {"name": "magic"}}}],
    }
    assert {*places(create(basin, dumps(spec)))} == {
        ("/data/samples", "out_of_range"),
        ("/data/noise", "wrong_type"),
        ("/layers/0/units", "out_of_range"),
        ("/layers/1/activation", "unknown_name"),
        ("/runs/0/seed", "out_of_range"),
        ("/runs/1/recipe/weights/name", "unknown_name"),
    }


@pytest.mark.parametrize("value", [1.0, 2.0, 64.0], ids=str)
def test_a_whole_number_may_be_written_with_a_point(basin: Client, value: float) -> None:
    experiment = basin.create(layers=[{"units": value}, {"units": 1, "activation": "sigmoid"}])
    assert experiment.summary()["spec"]["layers"][0]["units"] == int(value)
