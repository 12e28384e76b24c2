"""What many calls are asked with: which experiment, which run, at which step."""

from typing import Annotated

from pydantic import StringConstraints

from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within

Name = Annotated[str, StringConstraints(max_length=80)]


class Path(Model):
    """Which experiment."""

    id: str


class Moment(Model):
    """Which run, and at which step; without one, the present."""

    run: Annotated[int, Within(ranges.RUN, text=True)] = 0
    step: Annotated[int, Within(ranges.STEP, text=True)] | None = None
