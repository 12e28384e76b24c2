"""The calls that draw landscapes: the surface over a plane, the slice, the curvature."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, StringConstraints

from app.lab.landscape.curvature import Curvature
from app.lab.landscape.plane import PlaneRequest
from app.lab.landscape.sharpness import Sharpness
from app.lab.landscape.slice import Slice
from app.lab.landscape.surface import Surface
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
    loss: Annotated[
        Annotated[str, one_of(LOSSES)] | None, Field(description="another loss than the run's own")
    ] = None
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
    size: Annotated[
        int, Within(ranges.SLICE_SIZE, text=True), Field(description="points along the axis")
    ] = 201
    x_min: _End = None
    x_max: _End = None


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
        plane = query.request()
        return jsonify(
            service.surface(path.id, plane, query.size, ends, query.held, query.loss, query.view)
        )

    @api.get(
        "/experiments/<id>/slice",
        summary="Compute the loss along one parameter",
        responses={200: documented(Slice)},
    )
    def slice(path: ExperimentPath, query: SliceQuery) -> Response:
        plane = PlaneRequest(run=query.run, step=query.step)
        ends = (query.x_min, query.x_max)
        return jsonify(service.slice(path.id, plane, query.parameter, query.size, ends))

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
