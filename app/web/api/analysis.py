"""The calls that analyse one state of an experiment."""

from typing import Annotated, Literal

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from app.choices import Range
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within
from app.web.api.answers.analysis import Diagnostics, Frame, SignalHistory
from app.web.api.answers.experiments import Gradients, Metrics, Outputs
from app.web.api.answers.worked_step import Trace
from app.web.api.queries import Moment, Name, Path

SIGNAL_POINTS = Range("points", 120, 2, 400, integer=True)
SAMPLE = Range("sample", None, 0, 10**9, integer=True)  # an experiment knows how many it has
Choice = Literal["true", "false"]


class OutputsQuery(Moment):
    """How fine a grid, and whether every neuron is wanted."""

    size: Annotated[int, Within(ranges.OUTPUTS_SIZE, text=True)] = 100
    neurons: Choice = Field(default="true")


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


class FrameQuery(Moment):
    """Which moment; whose maps, how fine; and two parameters, for the runs' places on a plane."""

    size: Annotated[int, Within(ranges.OUTPUTS_SIZE, text=True)] | None = None
    neurons: Choice = Field(default="false")
    gradients: Choice = Field(default="false")
    x: Name | None = None
    y: Name | None = None


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Adds these calls to the API."""

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
