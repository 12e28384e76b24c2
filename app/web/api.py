"""The HTTP API: a view parses, calls one function of the service, and returns."""

from typing import Annotated, Any, Literal

from flask import Response, jsonify, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, StrictBool

from app.config import Settings
from app.lab.catalog import catalog
from app.lab.experiment.events import NewExperiment
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.limits import limited
from app.lab.spec.schema import METHODS, Numbers
from app.lab.spec.validation import Model, Within
from app.web import inside, landscapes, preparing
from app.web.answers import (
    Catalog,
    Data,
    Frames,
    Gradients,
    LossHistory,
    Metrics,
    Outputs,
    Parameters,
    Summary,
)
from app.web.landscapes import PlaneBody, PointOfPlane
from app.web.languages import choose, label
from app.web.queries import Moment, Name, Path

PROBLEMS: dict[str | int, Any] = {
    status: {"description": text, "content": {"application/problem+json": {"schema": {
        "$ref": "#/components/schemas/Problem"}}}}
    for status, text in (
        ("400", "The body is not a JSON object"),
        ("404", "No such experiment"),
        ("409", "The experiment has moved on"),
        ("413", "The body is too large"),
        ("422", "Some fields cannot be used"),
        ("429", "Busy; see Retry-After"),
    )
}  # fmt: skip


class Words(Model):
    """In which language labels and hints are wanted, or that they are not."""

    lang: Literal["en", "zh-CN"] | None = None
    words: Literal["true", "false"] = Field(default="true")


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


class LossQuery(Model):
    """How many points of the history are wanted at most."""

    points: Annotated[int, Within(ranges.POINTS, text=True)] = 1000


class OutputsQuery(Moment):
    """How fine a grid, and whether every neuron is wanted."""

    size: Annotated[int, Within(ranges.OUTPUTS_SIZE, text=True)] = 100
    neurons: Literal["true", "false"] = Field(default="true")


def blueprint(service: ExperimentService, settings: Settings) -> APIBlueprint:
    """Every call of the API."""
    api = APIBlueprint("api", __name__, url_prefix="/api", abp_responses=PROBLEMS)
    _catalog(api, service, settings)
    _moving(api, service)
    _reading(api, service)
    inside.add(api, service)
    preparing.add(api, service)
    landscapes.register(api, service)
    return api


def _catalog(api: APIBlueprint, service: ExperimentService, settings: Settings) -> None:
    @api.get("/catalog", summary="Every choice there is", responses={200: Catalog})
    def get_catalog(query: Words) -> Response:
        choices = limited(catalog(), service.limits)
        if query.words == "true":
            choices = label(choices, choose(query.lang, request.accept_languages.values()))
        answer = jsonify({**choices, "limits": {"body_bytes": settings.body_bytes}})
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Vary"] = "Accept-Language"
        return answer


def _moving(api: APIBlueprint, service: ExperimentService) -> None:
    """The calls that change an experiment."""

    @api.post("/experiments", summary="A new experiment", responses={201: Summary})
    def create(body: NewExperiment) -> tuple[Response, int]:
        return jsonify(service.create(request.get_json())), 201

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


def _reading(api: APIBlueprint, service: ExperimentService) -> None:
    """The calls that look at an experiment."""

    @api.get("/experiments/<id>", summary="Where it is", responses={200: Summary})
    def summary(path: Path) -> Response:
        return jsonify(service.summary(path.id))

    @api.get("/experiments/<id>/loss", summary="The losses so far", responses={200: LossHistory})
    def loss(path: Path, query: LossQuery) -> Response:
        return jsonify(service.loss(path.id, query.points))

    @api.get("/experiments/<id>/parameters", summary="W and b", responses={200: Parameters})
    def parameters(path: Path, query: Moment) -> Response:
        return jsonify(service.parameters(path.id, query.run, query.step))

    @api.get("/experiments/<id>/gradients", summary="dJ/dW and dJ/db", responses={200: Gradients})
    def gradients(path: Path, query: Moment) -> Response:
        return jsonify(service.gradients(path.id, query.run, query.step))

    @api.get("/experiments/<id>/outputs", summary="What it learned", responses={200: Outputs})
    def outputs(path: Path, query: OutputsQuery) -> Response:
        neurons = query.neurons == "true"
        return jsonify(service.outputs(path.id, query.run, query.size, query.step, neurons))

    @api.get("/experiments/<id>/metrics", summary="How good it is", responses={200: Metrics})
    def metrics(path: Path, query: Moment) -> Response:
        return jsonify(service.metrics(path.id, query.run, query.step))

    @api.get("/experiments/<id>/data", summary="Its data set's points", responses={200: Data})
    def data(path: Path) -> Response:
        return jsonify(service.samples(path.id))
