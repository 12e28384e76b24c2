"""The preview of a schedule: its factors on the learning rate, over steps that show its course."""

from collections.abc import Mapping
from math import ceil
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from app.lab.json_arrays import finite
from app.nn.update.schedules import SCHEDULES

SCHEDULE_POINTS = 120
_FALLEN = 0.01  # a schedule without a length is shown until its factor is no larger than this
_FARTHEST = 100_000


class SchedulePreview(TypedDict):
    """The factor on the learning rate at each of the steps."""

    steps: list[int]
    factor: list[float]


def preview_schedule(chosen: Mapping[str, Any]) -> SchedulePreview:
    """The factors of a schedule on the learning rate, over steps that show all of its course."""
    factor = SCHEDULES[chosen["name"]].factor
    options = {name: float(value) for name, value in chosen.items() if name != "name"}
    if "length" in options:
        last = ceil(1.15 * options["length"])
    elif "step_size" in options:
        last = ceil(4.0 * options["step_size"])
    else:
        last = 100
        while last < _FARTHEST and factor(np.array([float(last)]), options)[0] > _FALLEN:
            last *= 2
    steps = np.unique(np.linspace(0, last, SCHEDULE_POINTS).round())
    return {"steps": steps.astype(int).tolist(), "factor": finite(factor(steps, options))}
