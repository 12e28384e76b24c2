"""What a choice looks like before it is made: formulas, schedules, curves of the catalogue."""

from typing import Any

import numpy as np
import pytest

from app.lab import curves, previews
from app.nn.activations import ACTIVATIONS
from app.nn.losses import LOSSES
from app.nn.update.schedules import SCHEDULES
from tests.lab.client import Client


def defaults(name: str) -> dict[str, Any]:
    return {"name": name, **{range.name: range.default for range in SCHEDULES[name].parameters}}


def test_a_boundary_and_a_target_are_told_apart(basin: Client) -> None:
    boundary = basin.post("/api/formulas", {"formula": "x1^2 + x2^2 < 9"})
    assert (boundary["task"], boundary["classes"]) == ("classification", 2)
    x, y, target = (np.array(boundary[name]) for name in ("x", "y", "target"))
    np.testing.assert_array_equal(target, x**2 + y**2 < 9)
    curve = basin.post("/api/formulas", {"formula": "x1^3", "inputs": 1})
    assert curve["task"] == "regression"
    np.testing.assert_allclose(curve["y"], curve["target"], atol=1e-3)


@pytest.mark.parametrize(("formula", "column"), [("x1 + foo", 6), ("x1 +", 5), ("x3", 1)])
def test_the_place_of_an_error_is_told(basin: Client, formula: str, column: int) -> None:
    answer = basin.post("/api/formulas", {"formula": formula}, status=422)
    [error] = answer["errors"]
    assert error["pointer"] == "/formula"
    assert error["allowed"]["column"] == column


@pytest.mark.parametrize("name", SCHEDULES)
def test_all_of_a_schedules_course_is_shown(basin: Client, name: str) -> None:
    course = basin.post("/api/schedules/preview", {"schedule": {"name": name}})
    steps, factor = np.array(course["steps"], dtype=float), np.array(course["factor"])
    options = {key: value for key, value in defaults(name).items() if key != "name"}
    np.testing.assert_allclose(factor, SCHEDULES[name].factor(steps, options))
    assert steps[0] == 0
    later = SCHEDULES[name].factor(steps[-1:] * 4, options)
    assert abs(later[0] - factor[-1]) < 0.02


def test_a_schedule_that_never_ends_is_not_followed_for_ever() -> None:
    assert len(previews.schedule({"name": "exponential", "gamma": 1.0})["steps"]) <= 200


def test_a_schedule_out_of_range_is_refused(basin: Client) -> None:
    schedule = {"name": "step", "step_size": 0}
    answer = basin.post("/api/schedules/preview", {"schedule": schedule}, status=422)
    assert answer["errors"][0]["pointer"] == "/schedule/step_size"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_in_the_picture_is_that_of_the_curve(name: str) -> None:
    curve = curves.of_activation(ACTIVATIONS[name])
    x, y, slope = (np.array(curve[key]) for key in ("x", "y", "slope"))
    between = np.diff(y) / np.diff(x)  # lies between the slopes at the ends, but for a little
    low, high = np.minimum(slope[1:], slope[:-1]), np.maximum(slope[1:], slope[:-1])
    assert np.all((between > low - 0.01) & (between < high + 0.01))


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_in_the_picture_falls_towards_the_target(name: str) -> None:
    curve = curves.of_loss(LOSSES[name])
    best = curve["x"][int(np.argmin(curve["y"]))]
    assert best == pytest.approx(1.0, abs=0.1) if curve["over"] == "output" else best >= 1.0
    assert min(curve["y"]) >= 0.0
