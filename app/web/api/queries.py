"""What many calls are asked with: which experiment, which run, at which step."""

from typing import Annotated, Literal

from pydantic import StrictBool, StringConstraints

from app.choices import Range
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within

Name = Annotated[str, StringConstraints(max_length=80)]
PlaneName = Literal["parameters", "random", "pca", "between"]
EXTENT = Range("extent", None, ranges.PARAMETER.minimum, ranges.PARAMETER.maximum)


class Path(Model):
    """Which experiment."""

    id: str


class Moment(Model):
    """Which run, and at which step; without one, the present."""

    run: Annotated[int, Within(ranges.RUN, text=True)] = 0
    step: Annotated[int, Within(ranges.STEP, text=True)] | None = None


class PlaneBody(Model):
    """The same words in a body: which plane, as a surface is asked for."""

    plane: PlaneName = "parameters"
    run: Annotated[int, Within(ranges.RUN)] = 0
    step: Annotated[int, Within(ranges.STEP)] | None = None
    x: Name | None = None
    y: Name | None = None
    other: Annotated[int, Within(ranges.RUN)] | None = None
    seed: Annotated[int, Within(ranges.SEED)] = 1
    biases: StrictBool = True
    of: Name | None = None
    of_step: Annotated[int, Within(ranges.STEP)] | None = None


class PointOfPlane(Model):
    """A point of a plane: with the plane's `step`, exactly the point of the surface drawn there."""

    plane: PlaneBody = PlaneBody()
    x: Annotated[float, Within(EXTENT)]
    y: Annotated[float, Within(EXTENT)]
