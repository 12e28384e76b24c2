"""The calls that read what is stored of an experiment: losses, parameters, data."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from app.lab.analysis.losses import LossHistory
from app.lab.analysis.network_state import Parameters
from app.lab.analysis.outputs import DataPoints
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within
from app.web.api.queries import ExperimentPath, RunAtStep
from app.web.schemas import documented


class LossQuery(Model):
    """The length of a history of losses."""

    points: Annotated[
        int, Within(ranges.POINTS, text=True), Field(description="the most steps to return")
    ] = 1000


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Add the calls of this module to the API."""

    @api.get(
        "/experiments/<id>/loss",
        summary="Read the losses of all steps",
        responses={200: documented(LossHistory)},
    )
    def loss(path: ExperimentPath, query: LossQuery) -> Response:
        return jsonify(service.loss(path.id, query.points))

    @api.get(
        "/experiments/<id>/parameters",
        summary="Read the parameters W and b of a run",
        responses={200: documented(Parameters)},
    )
    def parameters(path: ExperimentPath, query: RunAtStep) -> Response:
        return jsonify(service.parameters(path.id, query.run, query.step))

    @api.get(
        "/experiments/<id>/data",
        summary="Read the points of the data set",
        responses={200: documented(DataPoints)},
    )
    def data(path: ExperimentPath) -> Response:
        return jsonify(service.data(path.id))
