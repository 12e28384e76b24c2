"""The calls of an experiment's life: created, branched, trained, rewound, changed, deleted."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import StrictBool

from app.lab.experiment.events import ChangeModel, NewExperiment
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.schema import METHODS, Numbers
from app.lab.spec.validation import Model, Within
from app.web.api.answers.experiments import Frames, Parameters, Summary
from app.web.api.queries import Name, Path, PlaneBody, PointOfPlane


class Branch(Model):
    """From which step on, and what is done differently there."""

    step: Annotated[int, Within(ranges.STEP)]
    change: ChangeModel = ChangeModel()
    version: Annotated[int, Within(ranges.VERSION)] | None = None


class OutputsView(Model):
    """The outputs of a run at the last step."""

    run: Annotated[int, Within(ranges.RUN)] = 0
    size: Annotated[int, Within(ranges.OUTPUTS_SIZE)] = 61


class InsideView(Model):
    """W and b of a run at the last step, and if wanted its gradient, and maps of a size."""

    run: Annotated[int, Within(ranges.RUN)] = 0
    size: Annotated[int, Within(ranges.OUTPUTS_SIZE)] | None = None
    neurons: StrictBool = True
    gradients: StrictBool = False


class Views(Model):
    """What the open views need along with the frames."""

    path: PlaneBody | None = None
    outputs: OutputsView | None = None
    inside: InsideView | None = None
    signals: StrictBool = False
    metrics: StrictBool = False


class Steps(Model):
    """How far to train, and at which steps to say how it went."""

    count: Annotated[int, Within(ranges.COUNT)] = 1
    every: Annotated[int, Within(ranges.EVERY)] = 1
    version: Annotated[int, Within(ranges.VERSION)] | None = None
    views: Views = Views()


class Rewind(Model):
    """Where to go back to."""

    step: Annotated[int, Within(ranges.STEP)]
    version: Annotated[int, Within(ranges.VERSION)] | None = None


class MethodChange(Model):
    """How one run learns from now on, or all of them."""

    optimizer: Annotated[Model, METHODS["optimizer"]] | None = None
    schedule: Annotated[Model, METHODS["schedule"]] | None = None
    clipping: Annotated[Model, METHODS["clipping"]] | None = None
    regularizer: Annotated[Model, METHODS["regularizer"]] | None = None
    run: Annotated[int, Within(ranges.RUN)] | None = None
    version: Annotated[int, Within(ranges.VERSION)] | None = None


class ParameterChange(Model):
    """Parameters set by hand: all of W, all of b, some by name, or a point of a plane."""

    run: Annotated[int, Within(ranges.RUN)] = 0
    W: Numbers | None = None
    b: Numbers | None = None
    values: dict[Name, Annotated[float, Within(ranges.PARAMETER)]] | None = None
    point: PointOfPlane | None = None
    version: Annotated[int, Within(ranges.VERSION)] | None = None


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Adds these calls to the API."""

    @api.post("/experiments", summary="A new experiment", responses={201: Summary})
    def create(body: NewExperiment) -> tuple[Response, int]:
        return jsonify(service.create(body)), 201

    @api.get("/experiments/<id>", summary="Where it is", responses={200: Summary})
    def summary(path: Path) -> Response:
        return jsonify(service.summary(path.id))

    @api.delete("/experiments/<id>", summary="Forget it", responses={204: None})
    def delete(path: Path) -> tuple[str, int]:
        service.delete(path.id)
        return "", 204

    @api.patch(
        "/experiments/<id>", summary="Learn another way from now on", responses={200: Summary}
    )
    def change_method(path: Path, body: MethodChange) -> Response:
        changes = body.model_dump(include={*METHODS}, exclude_none=True)
        return jsonify(service.change_method(path.id, changes, body.run, body.version))

    @api.post("/experiments/<id>/steps", summary="Train", responses={200: Frames})
    def steps(path: Path, body: Steps) -> Response:
        views = body.views.model_dump()
        return jsonify(service.train(path.id, body.count, body.every, views, body.version))

    @api.post("/experiments/<id>/rewind", summary="Back, exactly", responses={200: Summary})
    def rewind(path: Path, body: Rewind) -> Response:
        return jsonify(service.rewind(path.id, body.step, body.version))

    @api.patch("/experiments/<id>/parameters", summary="By hand", responses={200: Parameters})
    def set_parameters(path: Path, body: ParameterChange) -> Response:
        changes = body.model_dump(include={"W", "b", "values", "point"})
        return jsonify(service.set_parameters(path.id, body.run, changes, body.version))

    @api.post(
        "/experiments/<id>/branch",
        summary="A fork in time",
        responses={201: Summary},
    )
    def branch(path: Path, body: Branch) -> tuple[Response, int]:
        change = body.change.model_dump(exclude_none=True)
        return jsonify(service.branch(path.id, body.step, change, body.version)), 201
