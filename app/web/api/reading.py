"""The calls that read what is stored of an experiment: losses, parameters, data."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint

from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within
from app.web.api.answers.experiments import Data, LossHistory, Parameters
from app.web.api.queries import Moment, Path


class LossQuery(Model):
    """How many points of the history are wanted at most."""

    points: Annotated[int, Within(ranges.POINTS, text=True)] = 1000


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Adds these calls to the API."""

    @api.get("/experiments/<id>/loss", summary="The losses so far", responses={200: LossHistory})
    def loss(path: Path, query: LossQuery) -> Response:
        return jsonify(service.loss(path.id, query.points))

    @api.get("/experiments/<id>/parameters", summary="W and b", responses={200: Parameters})
    def parameters(path: Path, query: Moment) -> Response:
        return jsonify(service.parameters(path.id, query.run, query.step))

    @api.get("/experiments/<id>/data", summary="Its data set's points", responses={200: Data})
    def data(path: Path) -> Response:
        return jsonify(service.samples(path.id))
