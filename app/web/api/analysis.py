"""The calls that analyse one state of an experiment."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from app.choices import Range
from app.lab.analysis.layer_statistics import Diagnostics, GradientNormHistory
from app.lab.analysis.metrics import Metrics
from app.lab.analysis.network_state import NetworkRequest
from app.lab.analysis.outputs import Gradients, InputPlane, MapRequest, Outputs
from app.lab.analysis.snapshot import Snapshot
from app.lab.analysis.worked_step import WorkedStep
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Model, Within
from app.web.api.queries import ExperimentPath, Flag, Name, ParameterName, RunAtStep, StepOfQuery
from app.web.schemas import documented

HISTORY_POINTS = Range("points", 120, 2, 400, integer=True)
SAMPLE = Range("sample", None, 0, 10**9, integer=True)  # an experiment checks how many it has
_SIZE = "points along each axis of the input plane"
_ACROSS = "the raw input that varies across the map, counted from 0; left out, the first"
_UP = "the raw input that varies up the map; left out, the first other one"
_InputOfQuery = Annotated[int, Within(ranges.INPUT, text=True)]


class PlaneOfInputs(RunAtStep):
    """A run at a step, over a plane of two inputs."""

    across: Annotated[_InputOfQuery | None, Field(description=_ACROSS)] = None
    up: Annotated[_InputOfQuery | None, Field(description=_UP)] = None


class OutputsQuery(PlaneOfInputs):
    """The outputs of a run."""

    size: Annotated[int, Within(ranges.OUTPUTS_SIZE, text=True), Field(description=_SIZE)] = 100
    neurons: Annotated[Flag, Field(description="whether to include every neuron")] = "true"
    neuron: Annotated[
        Name | None, Field(description="one neuron to include, by its bias, as b1[0]")
    ] = None
    samples: Annotated[Flag, Field(description="whether to include the output at each sample")] = (
        "false"
    )


class WorkedStepQuery(RunAtStep):
    """A training step of one parameter."""

    parameter: ParameterName = "W1[0,0]"
    sample: Annotated[
        Annotated[int, Within(SAMPLE, text=True)] | None,
        Field(description="which training sample to follow; left out, the batch's first"),
    ] = None


class DiagnosticsQuery(Model):
    """A step."""

    step: StepOfQuery = None


class HistoryQuery(DiagnosticsQuery):
    """The steps up to one."""

    points: Annotated[
        int, Within(HISTORY_POINTS, text=True), Field(description="the most steps to return")
    ] = 120


class FrameQuery(PlaneOfInputs):
    """A step, whole."""

    size: Annotated[
        Annotated[int, Within(ranges.OUTPUTS_SIZE, text=True)] | None,
        Field(description=f"{_SIZE}; left out, no outputs"),
    ] = None
    neurons: Annotated[Flag, Field(description="whether to include every neuron")] = "false"
    gradients: Annotated[Flag, Field(description="whether to include the gradient")] = "false"
    x: Annotated[Name | None, Field(description="a parameter: the runs' places along x")] = None
    y: Annotated[Name | None, Field(description="a parameter: the runs' places along y")] = None


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Add the calls of this module to the API."""

    @api.get(
        "/experiments/<id>/gradients",
        summary="Compute the gradient of a run, and check it",
        responses={200: documented(Gradients)},
    )
    def gradients(path: ExperimentPath, query: RunAtStep) -> Response:
        return jsonify(service.gradients(path.id, query.run, query.step))

    @api.get(
        "/experiments/<id>/outputs",
        summary="Compute the outputs of a run over the input plane",
        responses={200: documented(Outputs)},
    )
    def outputs(path: ExperimentPath, query: OutputsQuery) -> Response:
        asked = MapRequest(
            query.size,
            query.neurons == "true",
            InputPlane(query.across, query.up),
            query.neuron,
            query.samples == "true",
        )
        return jsonify(service.outputs(path.id, query.run, query.step, asked))

    @api.get(
        "/experiments/<id>/metrics",
        summary="Compute the accuracy or R² of a run",
        responses={200: documented(Metrics)},
    )
    def metrics(path: ExperimentPath, query: RunAtStep) -> Response:
        return jsonify(service.metrics(path.id, query.run, query.step))

    @api.get(
        "/experiments/<id>/trace",
        summary="Work out one training step of one parameter",
        responses={200: documented(WorkedStep)},
    )
    def trace(path: ExperimentPath, query: WorkedStepQuery) -> Response:
        return jsonify(
            service.worked_step(path.id, query.run, query.step, query.parameter, query.sample)
        )

    @api.get(
        "/experiments/<id>/diagnostics",
        summary="Diagnose every run by the statistics of its layers",
        responses={200: documented(Diagnostics)},
    )
    def diagnostics(path: ExperimentPath, query: DiagnosticsQuery) -> Response:
        return jsonify(service.diagnostics(path.id, query.step))

    @api.get(
        "/experiments/<id>/diagnostics/history",
        summary="Compute the gradient norms over the steps",
        responses={200: documented(GradientNormHistory)},
    )
    def signal_history(path: ExperimentPath, query: HistoryQuery) -> Response:
        return jsonify(service.gradient_norm_history(path.id, query.points, query.step))

    @api.get(
        "/experiments/<id>/frame",
        summary="Read one step whole",
        responses={200: documented(Snapshot)},
    )
    def frame(path: ExperimentPath, query: FrameQuery) -> Response:
        plane = InputPlane(query.across, query.up)
        maps = query.size and MapRequest(query.size, query.neurons == "true", plane)
        network = NetworkRequest(query.run, maps or None, query.gradients == "true")
        return jsonify(service.frame(path.id, query.step, network, (query.x, query.y)))
