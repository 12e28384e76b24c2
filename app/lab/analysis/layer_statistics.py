"""The signals of every run, layer by layer, against the theory of its recipe; and a diagnosis."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from typing_extensions import TypedDict

from app.choices import Chosen
from app.lab.analysis.status import RunStatus, is_kinked, scale_of
from app.lab.experiment import training
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event, TrainState
from app.lab.history.trajectory import Trajectory
from app.lab.json_arrays import Matrix, Number, finite, number
from app.lab.spec.parse import Run
from app.lab.spec.ranges import check_work
from app.nn import diagnostics, signals
from app.nn.diagnostics import Advice, Cause
from app.nn.init.variance_theory import Expected, expected
from app.nn.losses import LOSSES, Objective
from app.nn.stack import Architecture, block_size, blocks, gradients
from app.nn.status import SWINGING, Status
from app.nn.trace import Trace, trace
from app.nn.types import Array
from app.nn.update.shrinking import holds
from app.nn.update.stability import momentum_of, overshoot
from app.nn.update.updates import Method

SAMPLES = 500
"""Signals are measured on at most so many of the training samples, the first ones."""


class Histogram(TypedDict):
    """Counts of values in bins of equal width from `low` to `high`."""

    low: float
    high: float
    counts: list[int]


class ActivationStatistics(TypedDict):
    """All outputs of a layer; `expected_std` is the theory's, for the recipe at step 0."""

    mean: Number
    std: Number
    expected_std: Number
    histogram: Histogram | None


class GradientStatistics(TypedDict):
    """The gradient along a layer's parameters, dJ/d[W | b]: its length and spread."""

    norm: Number
    std: Number
    histogram: Histogram | None


class BackwardStatistics(TypedDict):
    """n dJ/dZ, each sample's own share; `expected_std` follows from that of the output layer."""

    std: Number
    expected_std: Number


class LayerStatistics(TypedDict):
    """One layer of one run; `layer` counts from 1.

    `saturated` is a share of its outputs, `dead` a share of its neurons, null where the activation
    cannot be. `distinct` is the number of different neurons, `twins` are groups of identical ones,
    counted from 0, and `similarity` is the mean |cos| between two neurons' outputs.
    """

    layer: int
    units: int
    activation: ActivationStatistics
    gradient: GradientStatistics
    backward: BackwardStatistics
    saturated: Number
    dead: Number
    distinct: int
    twins: list[list[int]]
    similarity: Number


class Diagnosis(TypedDict):
    """The status of a run as everywhere, with its cause where it can be told, and what to try.

    `code`, `value`, `turn` and `stretch` are those of the run's status. `cause_value` is, for
    learning_rate, α over its bound along the swing, where that can be told; penalty and decay, α
    over the bound that they alone set; no_rate, α; symmetry, the distinct neurons of the layer;
    dead, a share of the layer's neurons; saturation, a share of the layer's outputs; exploding and
    vanishing, dJ/dZ of the first layer over the last's; else null. `layer` counts from 1.
    """

    code: Status
    value: Number
    turn: Number
    stretch: Number
    cause: Cause | None
    cause_value: Number
    layer: int | None
    advice: Advice


class RunDiagnostics(TypedDict):
    """The diagnosis of a run, and the statistics of its layers, the first one first."""

    run: int
    diagnosis: Diagnosis
    layers: list[LayerStatistics]


class Diagnostics(TypedDict):
    """Statistics of every run at a step, over the first `samples` training samples."""

    step: int
    samples: int
    runs: list[RunDiagnostics]


class GradientNorms(TypedDict):
    """Lengths of dJ/d[W | b] at a step: a row for each run, a column for each layer."""

    step: int
    norms: Matrix


class GradientNormHistory(TypedDict):
    """Lengths of dJ/d[W | b]: for each run a row for each layer, with a column for each step."""

    steps: list[int]
    norms: list[Matrix]


def diagnose_runs(
    setup: Setup,
    events: Sequence[Event],
    state: TrainState,
    statuses: Sequence[RunStatus],
    shares: Sequence[float | None],
) -> Diagnostics:
    """The diagnosis of every run at a step.

    `shares` are the learning rates over their bounds, None where that is not known. Raises
    InvalidInput where that would take too long.
    """
    count = min(SAMPLES, setup.train.count)
    check_work(4 * len(setup.runs) * setup.architecture.cost(count), "/step", source="query")
    methods = training.methods_at(setup, events, state.step)
    origins = training.origins(setup, events, state)
    with np.errstate(all="ignore"):
        return {
            "step": state.step,
            "samples": count,
            "runs": [
                _run(setup, state, k, statuses[k], methods[k], origins[k], shares[k], count)
                for k in range(len(setup.runs))
            ],
        }


def gradient_norms(setup: Setup, state: TrainState) -> GradientNorms:
    """The length of every run's gradient, layer by layer, at a step."""
    found = np.stack(
        [_norms(setup, k, state.theta[np.newaxis, k])[0] for k in range(len(setup.runs))]
    )
    return {"step": state.step, "norms": finite(found)}


def gradient_norm_history(setup: Setup, path: Trajectory, points: int) -> GradientNormHistory:
    """The same over time, at up to `points` steps of the trajectory, its ends among them.

    Raises InvalidInput where that would take too long.
    """
    rows = np.unique(np.linspace(0, len(path.steps) - 1, points).round().astype(np.int64))
    cost = 4 * len(setup.runs) * setup.architecture.cost(min(SAMPLES, setup.train.count))
    check_work(cost * len(rows), "/points", len(rows))
    found = [_norms(setup, k, path.theta[rows, k]).T for k in range(len(setup.runs))]
    gone = ~np.isfinite(path.J[rows])  # a run that has diverged stands still, without a gradient
    for k, of_run in enumerate(found):
        of_run[:, gone[:, k]] = np.nan
    return {"steps": path.steps[rows].tolist(), "norms": [finite(of_run) for of_run in found]}


def _norms(setup: Setup, k: int, theta: Array) -> Array:
    """The length of dJ/d[W | b] (T, layers) of networks theta (T, P) in a run's loss."""
    architecture = setup.architecture
    count = min(SAMPLES, setup.train.count)
    X, Y = setup.train.X[:, :count], setup.train.Y[:, :count]
    lengths = np.empty((len(theta), len(architecture.layers)))
    for block in blocks(len(theta), block_size(architecture, count, theta.itemsize)):
        rows = np.ascontiguousarray(theta[block])
        objective = Objective([setup.runs[k].loss] * len(rows))
        with np.errstate(all="ignore"):
            G = gradients(architecture, rows, X, Y, objective)
        for layer, M in enumerate(architecture.matrices(G)):
            lengths[block, layer] = np.sqrt(np.add.reduce(M * M, axis=(1, 2)))
    return lengths


def _run(
    setup: Setup,
    state: TrainState,
    k: int,
    status: RunStatus,
    method: Method,
    origin: Array,
    share: float | None,
    count: int,
) -> RunDiagnostics:
    run, architecture = setup.runs[k], setup.architecture
    X, Y = setup.train.X[:, :count], setup.train.Y[:, :count]
    traced = trace(architecture, state.theta[k], X, Y, run.loss)
    layers = _measure(architecture, traced)
    theory = expected(architecture, _rules(setup, run), float(np.mean(X * X)), layers[-1].backward)
    first_ratio = 1.0
    if status["status"] in SWINGING:
        began = _measure(architecture, trace(architecture, origin, X, Y, run.loss))
        first_ratio = diagnostics.gradient_ratio(began)
    circumstances = replace(
        _circumstances(setup, k, method, state.step),
        share=share,
        first_ratio=first_ratio,
        held=holds(method, state.theta[k], origin, architecture.weights, setup.baselines[k]),
        learned=scale_of(setup, k).learned(traced.J),
    )
    turn = status["turn"] or 0.0
    found = diagnostics.diagnose(status["status"], status["value"], turn, layers, circumstances)
    return {
        "run": k,
        "diagnosis": {
            "code": status["status"],
            "value": status["value"],
            "turn": status["turn"],
            "stretch": status["stretch"],
            "cause": found.cause,
            "cause_value": number(found.value),
            "layer": found.layer,
            "advice": found.advice,
        },
        "layers": [
            _layer(place, layer.units, measured, theory[place - 1])
            for place, (layer, measured) in enumerate(
                zip(architecture.layers, layers, strict=True), start=1
            )
        ],
    }


def _circumstances(setup: Setup, k: int, method: Method, step: int) -> diagnostics.Circumstances:
    """What a run learns with, as far as its diagnosis depends on it."""
    run, layers = setup.runs[k], setup.architecture.layers
    other = LOSSES["cross_entropy"]
    return diagnostics.Circumstances(
        activations=[layer.activation for layer in layers],
        on_logits=LOSSES[run.loss].on_logits,
        cross_entropy=other.fits(layers[-1].activation) and not other.refuses(setup.train.Y).any(),
        noisy=not setup.task.whole,
        rate=method.rate(step),
        kinked=is_kinked(setup, k, method),
        momentum=momentum_of(method),
        overshoot=overshoot(method, step),
    )


def _measure(architecture: Architecture, traced: Trace) -> list[signals.LayerSignals]:
    """The signals of every layer in a pass."""
    return [
        signals.measure(layer, kind.activation)
        for layer, kind in zip(traced.layers, architecture.layers, strict=True)
    ]


def _rules(setup: Setup, run: Run) -> list[tuple[Chosen, Chosen]] | None:
    """The rules by which each layer's weights and biases began; None for given parameters."""
    if run.recipe is None:
        return None
    return [run.recipe.rules(layer) for layer in range(len(setup.architecture.layers))]


def _layer(
    place: int, units: int, measured: signals.LayerSignals, theory: Expected
) -> LayerStatistics:
    return {
        "layer": place,
        "units": units,
        "activation": {
            "mean": number(measured.mean),
            "std": number(measured.std),
            "expected_std": number(theory.activation),
            "histogram": _histogram(measured.activations),
        },
        "gradient": {
            "norm": number(measured.norm),
            "std": number(measured.gradient_std),
            "histogram": _histogram(measured.gradients),
        },
        "backward": {
            "std": number(measured.backward),
            "expected_std": number(theory.backward),
        },
        "saturated": measured.saturated,
        "dead": measured.dead,
        "distinct": measured.distinct,
        "twins": measured.twins,
        "similarity": number(measured.similarity),
    }


def _histogram(found: signals.Histogram | None) -> Histogram | None:
    if found is None:
        return None
    return {"low": found.low, "high": found.high, "counts": found.counts.tolist()}
