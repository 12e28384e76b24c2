"""The calls that create, branch, train, rewind, change and delete an experiment."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, StrictBool

from app.lab.analysis.network_state import NetworkRequest, Parameters
from app.lab.analysis.outputs import InputPlane, MapRequest
from app.lab.analysis.summary import Summary, View
from app.lab.analysis.training_block import OutputsRequest, TrainingBlock, ViewRequests
from app.lab.experiment.events import ChangeModel, NewExperiment
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.schema import METHODS, Numbers
from app.lab.spec.validation import Items, Model, Within
from app.web.api.queries import ExperimentPath, Name, PlaneBody, PointOfPlane, Version
from app.web.schemas import documented


class Branch(Model):
    """The step at which an experiment branches off, and what is changed there."""

    step: Annotated[int, Within(ranges.STEP)]
    change: ChangeModel = ChangeModel()
    version: Version = None


class OutputsView(Model):
    """The outputs of a run at the last step, over a plane of two inputs."""

    run: Annotated[int, Within(ranges.RUN)] = 0
    size: Annotated[int, Within(ranges.OUTPUTS_SIZE)] = 61
    across: Annotated[int, Within(ranges.INPUT)] | None = None
    up: Annotated[int, Within(ranges.INPUT)] | None = None

    def request(self) -> OutputsRequest:
        """The request for the outputs."""
        plane = InputPlane(self.across, self.up)
        maps = MapRequest(self.size, plane=plane, source="body", at="/views/outputs")
        return OutputsRequest(self.run, maps)


class InsideView(Model):
    """W and b of a run at the last step; on request its gradient, and its outputs on a grid."""

    run: Annotated[int, Within(ranges.RUN)] = 0
    size: Annotated[int, Within(ranges.OUTPUTS_SIZE)] | None = None
    neurons: StrictBool = True
    gradients: StrictBool = False
    across: Annotated[int, Within(ranges.INPUT)] | None = None
    up: Annotated[int, Within(ranges.INPUT)] | None = None

    def request(self) -> NetworkRequest:
        """The request for the network."""
        plane = InputPlane(self.across, self.up)
        maps = self.size and MapRequest(
            self.size, self.neurons, plane, source="body", at="/views/inside"
        )
        return NetworkRequest(self.run, maps or None, self.gradients)


class Views(Model):
    """The open views: what each shows of the last step, or for a path of every frame."""

    path: Annotated[
        PlaneBody | None, Field(description="the plane over which the runs' paths are wanted")
    ] = None
    outputs: OutputsView | None = None
    inside: InsideView | None = None
    signals: Annotated[StrictBool, Field(description="gradient norms by layer")] = False
    metrics: Annotated[StrictBool, Field(description="accuracy or R² of every run")] = False

    def requests(self) -> ViewRequests:
        """The requests of the views, but for the paths."""
        outputs, inside = self.outputs, self.inside
        return ViewRequests(
            None if outputs is None else outputs.request(),
            None if inside is None else inside.request(),
            self.signals,
            self.metrics,
        )


class Steps(Model):
    """How far to train, and which steps to report."""

    count: Annotated[int, Within(ranges.COUNT), Field(description="how many steps to train")] = 1
    every: Annotated[
        int, Within(ranges.EVERY), Field(description="report every so many steps, and the last")
    ] = 1
    version: Version = None
    views: Views = Views()


class Rewind(Model):
    """The earlier step to return to."""

    step: Annotated[int, Within(ranges.STEP)]
    version: Version = None


class MethodChange(Model):
    """Another training method from the present step on, for one run or for all."""

    optimizer: Annotated[Model, METHODS["optimizer"]] | None = None
    schedule: Annotated[Model, METHODS["schedule"]] | None = None
    clipping: Annotated[Model, METHODS["clipping"]] | None = None
    regularizer: Annotated[Model, METHODS["regularizer"]] | None = None
    run: Annotated[
        Annotated[int, Within(ranges.RUN)] | None,
        Field(description="which run, counted from 0; left out, all of them"),
    ] = None
    version: Version = None


class ParameterChange(Model):
    """Parameters set by hand: all of W, all of b, some by name, or a point of a plane."""

    run: Annotated[int, Within(ranges.RUN)] = 0
    W: Numbers | None = None
    b: Numbers | None = None
    values: (
        Annotated[
            dict[Name, Annotated[float, Within(ranges.PARAMETER)]],
            Items(ranges.NAMED_PARAMETERS, named=True),
        ]
        | None
    ) = None
    point: PointOfPlane | None = None
    version: Version = None


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Add the calls of this module to the API."""

    @api.post("/experiments", summary="Create an experiment", responses={201: documented(Summary)})
    def create(body: NewExperiment) -> tuple[Response, int]:
        return jsonify(service.create(body)), 201

    @api.get(
        "/experiments/<id>", summary="Read an experiment", responses={200: documented(Summary)}
    )
    def summary(path: ExperimentPath) -> Response:
        return jsonify(service.summary(path.id))

    @api.post(
        "/experiments/<id>/view",
        summary="Make an id under which it may be looked at only",
        responses={201: documented(View)},
    )
    def view(path: ExperimentPath) -> tuple[Response, int]:
        return jsonify(service.view(path.id)), 201

    @api.delete("/experiments/<id>", summary="Delete an experiment", responses={204: None})
    def delete(path: ExperimentPath) -> tuple[str, int]:
        service.delete(path.id)
        return "", 204

    @api.patch(
        "/experiments/<id>",
        summary="Change the training method from the present step on",
        responses={200: documented(Summary)},
    )
    def change_method(path: ExperimentPath, body: MethodChange) -> Response:
        changes = body.model_dump(include={*METHODS}, exclude_none=True)
        return jsonify(service.change_method(path.id, changes, body.run, body.version))

    @api.post(
        "/experiments/<id>/steps", summary="Train", responses={200: documented(TrainingBlock)}
    )
    def steps(path: ExperimentPath, body: Steps) -> Response:
        views = body.views.requests()
        plane = None if body.views.path is None else body.views.path.request("/views/path")
        return jsonify(service.train(path.id, body.count, body.every, views, plane, body.version))

    @api.post(
        "/experiments/<id>/rewind",
        summary="Rewind to an earlier step",
        responses={200: documented(Summary)},
    )
    def rewind(path: ExperimentPath, body: Rewind) -> Response:
        return jsonify(service.rewind(path.id, body.step, body.version))

    @api.patch(
        "/experiments/<id>/parameters",
        summary="Set parameters of a run",
        responses={200: documented(Parameters)},
    )
    def set_parameters(path: ExperimentPath, body: ParameterChange) -> Response:
        changes = (
            body.model_dump(include={"W", "b", "values"})
            if body.point is None
            else body.point.request("/point")
        )
        return jsonify(service.set_parameters(path.id, body.run, changes, body.version))

    @api.post(
        "/experiments/<id>/branch",
        summary="Branch off at a step, with a change",
        responses={201: documented(Summary)},
    )
    def branch(path: ExperimentPath, body: Branch) -> tuple[Response, int]:
        change = body.change.model_dump(exclude_none=True)
        return jsonify(service.branch(path.id, body.step, change, body.version)), 201
