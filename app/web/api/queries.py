"""Parts of requests that several calls share: which experiment, run, step and plane."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints

from app.choices import Range
from app.lab.landscape.plane import PlaneKind, PlanePoint, PlaneRequest
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within

Name = Annotated[str, StringConstraints(max_length=80)]
Flag = Literal["true", "false"]
"""True or false in a query, where every value is text."""
EXTENT = Range("extent", None, ranges.PARAMETER.minimum, ranges.PARAMETER.maximum)

Version = Annotated[
    Annotated[int, Within(ranges.VERSION)] | None,
    Field(description="refuse with 409 unless the experiment has this version"),
]
ParameterName = Annotated[Name, Field(description="a parameter by name, as W1[0,0] or b2[1]")]
StepOfQuery = Annotated[
    Annotated[int, Within(ranges.STEP, text=True)] | None,
    Field(description="at which step; left out, the present one"),
]
_PLANE = "which kind of plane"
_X = "of a `parameters` plane, the parameter along x; left out, the first weight"
_Y = "of a `parameters` plane, the parameter along y; left out, the first bias"
_OTHER = "of a plane `between` runs, the other run; left out, the first other one"
_SEED = "of a `random` plane, the seed of its directions"
_BIASES = "of a `random` plane, whether biases vary too"
_OF = "an experiment of the same network, whose plane it is"
_OF_STEP = "at which step of that experiment; left out, its present one"


class ExperimentPath(Model):
    """An experiment in a path."""

    id: Annotated[str, Field(description="the experiment, by the id that it was created with")]


class RunAtStep(Model):
    """A run at a step in a query."""

    run: Annotated[
        int, Within(ranges.RUN, text=True), Field(description="which run, counted from 0")
    ] = 0
    step: StepOfQuery = None


class PlaneQuery(RunAtStep):
    """A plane in a query: over two `parameters` (x and y, by name); `random` (filter-normalised, by
    `seed`, with or without `biases`); `pca` of all paths; `between` a run's start and present
    and the present of an `other` run; or `from_start` to present of a run, where its path bends
    most. With `of` it is the plane that another experiment of this
    network had at its `of_step`, so that a picture stays while another start is tried on it."""

    plane: Annotated[PlaneKind, Field(description=_PLANE)] = "parameters"
    x: Annotated[Name | None, Field(description=_X)] = None
    y: Annotated[Name | None, Field(description=_Y)] = None
    other: Annotated[
        Annotated[int, Within(ranges.RUN, text=True)] | None, Field(description=_OTHER)
    ] = None
    seed: Annotated[int, Within(ranges.SEED, text=True), Field(description=_SEED)] = 1
    biases: Annotated[Flag, Field(description=_BIASES)] = "true"
    of: Annotated[Name | None, Field(description=_OF)] = None
    of_step: Annotated[
        Annotated[int, Within(ranges.STEP, text=True)] | None, Field(description=_OF_STEP)
    ] = None

    def request(self) -> PlaneRequest:
        """The request for the plane."""
        return PlaneRequest.read(self.model_dump() | {"biases": self.biases == "true"})


class PlaneBody(Model):
    """A plane in a body, with the fields of the query of a surface."""

    plane: Annotated[PlaneKind, Field(description=_PLANE)] = "parameters"
    run: Annotated[int, Within(ranges.RUN)] = 0
    step: Annotated[int, Within(ranges.STEP)] | None = None
    x: Annotated[Name | None, Field(description=_X)] = None
    y: Annotated[Name | None, Field(description=_Y)] = None
    other: Annotated[Annotated[int, Within(ranges.RUN)] | None, Field(description=_OTHER)] = None
    seed: Annotated[int, Within(ranges.SEED), Field(description=_SEED)] = 1
    biases: Annotated[StrictBool, Field(description=_BIASES)] = True
    of: Annotated[Name | None, Field(description=_OF)] = None
    of_step: Annotated[Annotated[int, Within(ranges.STEP)] | None, Field(description=_OF_STEP)] = (
        None
    )

    def request(self, at: str) -> PlaneRequest:
        """The request for the plane; `at` is the pointer to where it stands in the body."""
        return PlaneRequest.read(self.model_dump(), "body", at)


class PointOfPlane(Model):
    """A point of a plane: with the plane's `step`, exactly the point of the surface drawn there."""

    plane: PlaneBody = PlaneBody()
    x: Annotated[float, Within(EXTENT)]
    y: Annotated[float, Within(EXTENT)]

    def request(self, at: str) -> PlanePoint:
        """The point; `at` is the pointer to where it stands in the body."""
        return PlanePoint(self.plane.request(f"{at}/plane"), self.x, self.y)
