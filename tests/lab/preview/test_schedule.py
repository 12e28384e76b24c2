"""The preview of a schedule shows all of its course."""

from typing import Any

import numpy as np
import pytest

from app.lab.preview.schedule import preview_schedule
from app.nn.update.schedules import SCHEDULES
from tests.lab.client import Client


def defaults(name: str) -> dict[str, Any]:
    return {"name": name, **{range.name: range.default for range in SCHEDULES[name].parameters}}


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
    assert len(preview_schedule({"name": "exponential", "gamma": 1.0})["steps"]) <= 200


def test_a_schedule_out_of_range_is_refused(basin: Client) -> None:
    schedule = {"name": "step", "step_size": 0}
    answer = basin.post("/api/schedules/preview", {"schedule": schedule}, status=422)
    assert answer["errors"][0]["pointer"] == "/schedule/step_size"
