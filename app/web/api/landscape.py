"""The calls that draw landscapes: the surface over a plane, the slice, the curvature."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, StringConstraints

from app.lab.landscape.curvature import Curvature
from app.lab.landscape.plane import PlaneRequest
from app.lab.landscape.relief import MostRelief
from app.lab.landscape.sharpness import Sharpness
from app.lab.landscape.slice import Slice
from app.lab.landscape.surface import Extent, Picture, Surface
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within, one_of
from app.nn.losses import LOSSES
from app.web.api.queries import (
    EXTENT,
    ExperimentPath,
    Name,
    ParameterName,
    PlaneQuery,
    RunAtStep,
    StepOfQuery,
)
from app.web.schemas import documented

_End = Annotated[
    Annotated[float, Within(EXTENT, text=True)] | None,
    Field(description="an end of the axis; left out, it follows the paths"),
]


class SurfaceQuery(PlaneQuery):
    """A surface over a plane."""

    size: Annotated[
        int, Within(ranges.SURFACE_SIZE, text=True), Field(description="points along each axis")
    ] = 61
    x_min: _End = None
    x_max: _End = None
    y_min: _End = None
    y_max: _End = None
    held: Annotated[
        Annotated[str, StringConstraints(max_length=200)] | None,
        Field(
            description="the ends of the picture drawn before, x_min,x_max,y_min,y_max:"
            " they stay while the paths fit it"
        ),
    ] = None
    reach: Annotated[
        Annotated[float, Within(ranges.REACH, text=True)] | None,
        Field(
            description="how far the picture reaches at least to either side of the paths' middle;"
            " left out, 1 for parameters and random directions, and as far as the paths elsewhere"
        ),
    ] = None
    loss: Annotated[
        Annotated[str, one_of(LOSSES)] | None, Field(description="another loss than the run's own")
    ] = None
    points: Annotated[
        int,
        Within(ranges.PATH_POINTS, text=True),
        Field(description="about so many points of every path at most, spread over all of it"),
    ] = 256
    view: Annotated[
        Name | None,
        Field(
            description="a name for a view: of the requests for one view only the newest is"
            " answered, and one that still waits is refused with 409 when another comes"
        ),
    ] = None


class SliceQuery(RunAtStep):
    """A slice along one parameter."""

    parameter: ParameterName = "W1[0,0]"
    other: Annotated[
        Name | None,
        Field(
            description="another parameter, along which the slice lies instead"
            " if the next step swings along that one alone, or further"
        ),
    ] = None
    size: Annotated[
        int, Within(ranges.SLICE_SIZE, text=True), Field(description="points along the axis")
    ] = 201
    x_min: _End = None
    x_max: _End = None


class ReliefQuery(RunAtStep):
    """The pair of parameters with the most relief."""

    reach: Annotated[
        Annotated[float, Within(ranges.REACH, text=True)] | None,
        Field(
            description="how far to either side of the run's own parameters J is looked at;"
            " left out, 3, and further for larger parameters"
        ),
    ] = None


class SharpnessQuery(Model):
    """Sharpness up to a step."""

    points: Annotated[
        int,
        Within(ranges.SHARPNESS_POINTS, text=True),
        Field(description="about so many steps at most, spread over all"),
    ] = 64
    step: StepOfQuery = None


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Add the calls of this module to the API."""

    @api.get(
        "/experiments/<id>/surface",
        summary="Compute the loss surface over a plane",
        responses={200: documented(Surface)},
    )
    def surface(path: ExperimentPath, query: SurfaceQuery) -> Response:
        ends = (query.x_min, query.x_max, query.y_min, query.y_max)
        extent = Extent(ends, query.held, query.reach)
        picture = Picture(query.size, extent, query.loss, query.points)
        return jsonify(service.surface(path.id, query.request(), picture, query.view))

    @api.get(
        "/experiments/<id>/relief",
        summary="Find the pair of parameters over which the loss has the most relief",
        responses={200: documented(MostRelief)},
    )
    def relief(path: ExperimentPath, query: ReliefQuery) -> Response:
        plane = PlaneRequest(run=query.run, step=query.step)
        return jsonify(service.relief(path.id, plane, query.reach))

    @api.get(
        "/experiments/<id>/slice",
        summary="Compute the loss along one parameter",
        responses={200: documented(Slice)},
    )
    def slice(path: ExperimentPath, query: SliceQuery) -> Response:
        plane = PlaneRequest(run=query.run, step=query.step)
        ends = (query.x_min, query.x_max)
        return jsonify(
            service.slice(path.id, plane, (query.parameter, query.other), query.size, ends)
        )

    @api.get(
        "/experiments/<id>/curvature",
        summary="Compute the curvature of the loss at a run",
        responses={200: documented(Curvature)},
    )
    def curvature(path: ExperimentPath, query: PlaneQuery) -> Response:
        return jsonify(service.curvature(path.id, query.request()))

    @api.get(
        "/experiments/<id>/sharpness",
        summary="Compute the sharpness of every run over time",
        responses={200: documented(Sharpness)},
    )
    def sharpness(path: ExperimentPath, query: SharpnessQuery) -> Response:
        return jsonify(service.sharpness(path.id, query.points, query.step))
