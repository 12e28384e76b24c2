"""The calls that look inside a network, and those that move it to another course."""

from typing import Annotated, Literal

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, StringConstraints

from app.choices import Range
from app.lab.experiment.events import ChangeModel
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within
from app.web.answers import Summary
from app.web.inside_answers import Diagnostics, Frame, SignalHistory
from app.web.queries import Moment, Path
from app.web.trace_answers import Trace

Name = Annotated[str, StringConstraints(max_length=80)]
SIGNAL_POINTS = Range("points", 120, 2, 400, integer=True)
SAMPLE = Range("sample", None, 0, 10**9, integer=True)  # an experiment knows how many it has


class Branch(Model):
    """From which step on, and what is done differently there."""

    step: Annotated[int, Within(ranges.STEP)]
    change: ChangeModel = ChangeModel()
    version: Annotated[int, Within(ranges.VERSION)] | None = None


class TraceQuery(Moment):
    """Which parameter, and which of the training samples; without one, the batch's first."""

    parameter: Name = "W1[0,0]"
    sample: Annotated[int, Within(SAMPLE, text=True)] | None = None


class DiagnosticsQuery(Model):
    """At which step; without one, the present."""

    step: Annotated[int, Within(ranges.STEP, text=True)] | None = None


class HistoryQuery(DiagnosticsQuery):
    """Up to which step, and at how many of them at most."""

    points: Annotated[int, Within(SIGNAL_POINTS, text=True)] = 120


Choice = Literal["true", "false"]


class FrameQuery(Moment):
    """Which moment; whose maps, how fine; and two parameters, for the runs' places on a plane."""

    size: Annotated[int, Within(ranges.OUTPUTS_SIZE, text=True)] | None = None
    neurons: Choice = Field(default="false")
    gradients: Choice = Field(default="false")
    x: Name | None = None
    y: Name | None = None


def add(api: APIBlueprint, service: ExperimentService) -> None:
    """Adds these calls to the API."""

    @api.post(
        "/experiments/<id>/branch",
        summary="A fork in time",
        responses={201: Summary},
    )
    def branch(path: Path, body: Branch) -> tuple[Response, int]:
        change = body.change.model_dump(exclude_none=True)
        return jsonify(service.branch(path.id, body.step, change, body.version)), 201

    @api.get("/experiments/<id>/trace", summary="The worked example", responses={200: Trace})
    def trace(path: Path, query: TraceQuery) -> Response:
        return jsonify(service.trace(path.id, query.run, query.step, query.parameter, query.sample))

    @api.get(
        "/experiments/<id>/diagnostics", summary="Signals by layer", responses={200: Diagnostics}
    )
    def diagnostics(path: Path, query: DiagnosticsQuery) -> Response:
        return jsonify(service.diagnostics(path.id, query.step))

    @api.get(
        "/experiments/<id>/diagnostics/history",
        summary="Gradient norms over time",
        responses={200: SignalHistory},
    )
    def signal_history(path: Path, query: HistoryQuery) -> Response:
        return jsonify(service.signal_history(path.id, query.points, query.step))

    @api.get("/experiments/<id>/frame", summary="One moment, whole", responses={200: Frame})
    def frame(path: Path, query: FrameQuery) -> Response:
        look_at = {
            "run": query.run,
            "size": query.size,
            "neurons": query.neurons == "true",
            "gradients": query.gradients == "true",
        }
        axes = (query.x, query.y)
        return jsonify(service.frame(path.id, query.step, look_at, axes))
