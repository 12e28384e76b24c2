"""The calls that read what is stored of an experiment: losses, parameters, data, and its code."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from app.choices import Range
from app.lab.analysis.losses import LossHistory
from app.lab.analysis.network_state import Parameters
from app.lab.analysis.outputs import DataPoints
from app.lab.analysis.seen import Batches, DropoutMasks
from app.lab.export.code import FORMS, Target
from app.lab.export.parameters import NPZ
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within
from app.web.api.queries import ExperimentPath, RunAtStep, StepOfQuery
from app.web.schemas import documented

BATCHES = Range("count", 1, 1, 10_000, integer=True)
FILE = {
    "description": "OK",
    "content": {NPZ: {"schema": {"type": "string", "format": "binary"}}},
}
CODE = {
    "description": "OK",
    "content": {form.type: {"schema": {"type": "string"}} for form in FORMS.values()},
}


class LossQuery(Model):
    """The length of a history of losses."""

    points: Annotated[
        int, Within(ranges.POINTS, text=True), Field(description="the most steps to return")
    ] = 1000


class BatchesQuery(Model):
    """The steps whose mini-batches are wanted."""

    step: StepOfQuery = None
    count: Annotated[
        int, Within(BATCHES, text=True), Field(description="of so many steps, from `step` on")
    ] = 1


class OnlyStep(Model):
    """A step in a query."""

    step: StepOfQuery = None


class CodeQuery(Model):
    """The form of the code, and the last step that it trains to."""

    target: Annotated[
        Target, Field(description="a script for numpy or PyTorch, or a Jupyter notebook")
    ] = "numpy"
    step: StepOfQuery = None


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
        "/experiments/<id>/parameters.npz",
        summary="Read the parameters of all runs as an NPZ file",
        responses={200: FILE},
    )
    def parameters_file(path: ExperimentPath, query: OnlyStep) -> Response:
        answer = Response(service.parameters_file(path.id, query.step), mimetype=NPZ)
        answer.headers["Content-Disposition"] = 'attachment; filename="basin_parameters.npz"'
        return answer

    @api.get(
        "/experiments/<id>/data",
        summary="Read the points of the data set",
        responses={200: documented(DataPoints)},
    )
    def data(path: ExperimentPath) -> Response:
        return jsonify(service.data(path.id))

    @api.get(
        "/experiments/<id>/batches",
        summary="Read which samples steps look at",
        responses={200: documented(Batches)},
    )
    def batches(path: ExperimentPath, query: BatchesQuery) -> Response:
        return jsonify(service.batches(path.id, query.step, query.count))

    @api.get(
        "/experiments/<id>/masks",
        summary="Read the dropout masks of a step",
        responses={200: documented(DropoutMasks)},
    )
    def masks(path: ExperimentPath, query: OnlyStep) -> Response:
        return jsonify(service.masks(path.id, query.step))

    @api.get(
        "/experiments/<id>/code",
        summary="Read the experiment as code that reproduces it",
        responses={200: CODE},
    )
    def code(path: ExperimentPath, query: CodeQuery) -> Response:
        form = FORMS[query.target]
        answer = Response(service.code(path.id, query.step, query.target), mimetype=form.type)
        answer.headers["Content-Disposition"] = f'attachment; filename="{form.file}"'
        return answer
