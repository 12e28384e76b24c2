"""The signals of every run, layer by layer, against the theory of its recipe; and a diagnosis."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.choices import Chosen
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.history.trajectory import Trajectory
from app.lab.json_arrays import finite, number
from app.lab.spec.parse import Run
from app.lab.spec.ranges import check_work
from app.nn.diagnostics import Diagnosis, diagnose
from app.nn.init.variance_theory import Expected, expected
from app.nn.losses import LOSSES, Objective
from app.nn.signals import Histogram, LayerSignals, measure
from app.nn.stack import block_size, blocks, gradients
from app.nn.trace import trace
from app.nn.types import Array

SAMPLES = 500
"""Signals are measured on at most so many of the training samples, the first ones."""


def diagnostics(
    setup: Setup, state: TrainState, statuses: Sequence[dict[str, Any]], latest: Array
) -> dict[str, Any]:
    """What all runs are doing at a step; `latest` (T, K) are the last training losses."""
    count = min(SAMPLES, setup.train.count)
    check_work(4 * len(setup.runs) * setup.architecture.work(count), "/step", source="query")
    with np.errstate(all="ignore"):
        return {
            "step": state.step,
            "samples": count,
            "runs": [
                _run(setup, state, k, statuses[k], latest[:, k], count)
                for k in range(len(setup.runs))
            ],
        }


def norms(setup: Setup, state: TrainState) -> dict[str, Any]:
    """The length of every run's gradient, layer by layer, at a step."""
    found = np.stack(
        [_norms(setup, k, state.theta[np.newaxis, k])[0] for k in range(len(setup.runs))]
    )
    return {"step": state.step, "norms": finite(found)}


def history(setup: Setup, path: Trajectory, points: int) -> dict[str, Any]:
    """The same over time, at most at so many of the steps of a path, its ends among them."""
    rows = np.unique(np.linspace(0, len(path.steps) - 1, points).round().astype(np.int64))
    cost = 4 * len(setup.runs) * setup.architecture.work(min(SAMPLES, setup.train.count))
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
    setup: Setup, state: TrainState, k: int, status: dict[str, Any], latest: Array, count: int
) -> dict[str, Any]:
    run, architecture = setup.runs[k], setup.architecture
    X, Y = setup.train.X[:, :count], setup.train.Y[:, :count]
    traced = trace(architecture, state.theta[k], X, Y, run.loss).layers
    layers = [
        measure(layer, kind.activation)
        for layer, kind in zip(traced, architecture.layers, strict=True)
    ]
    theory = expected(architecture, _rules(setup, run), float(np.mean(X * X)), layers[-1].backward)
    if status["status"] == "diverged":
        found = Diagnosis("diverged", status["diverged_at"], None, "lower_rate")
    else:
        on_logits = LOSSES[run.loss].on_logits
        found = diagnose(status["status"], latest, setup.baselines[k], layers, on_logits)
    return {
        "run": k,
        "diagnosis": {
            "code": found.code,
            "value": number(float(found.value)),
            "layer": found.layer,
            "advice": found.advice,
        },
        "layers": [
            _layer(place, units.units, signals, theory[place - 1])
            for place, (units, signals) in enumerate(
                zip(architecture.layers, layers, strict=True), start=1
            )
        ],
    }


def _rules(setup: Setup, run: Run) -> list[tuple[Chosen, Chosen]] | None:
    """The rules by which each layer's weights and biases began; None for given parameters."""
    if run.recipe is None:
        return None
    return [run.recipe.rules(layer) for layer in range(len(setup.architecture.layers))]


def _layer(place: int, units: int, signals: LayerSignals, theory: Expected) -> dict[str, Any]:
    return {
        "layer": place,
        "units": units,
        "activation": {
            "mean": number(signals.mean),
            "std": number(signals.std),
            "expected_std": number(theory.activation),
            "histogram": _histogram(signals.activations),
        },
        "gradient": {
            "norm": number(signals.norm),
            "std": number(signals.gradient_std),
            "histogram": _histogram(signals.gradients),
        },
        "backward": {
            "std": number(signals.backward),
            "expected_std": number(theory.backward),
        },
        "saturated": signals.saturated,
        "dead": signals.dead,
        "distinct": signals.distinct,
        "twins": signals.twins,
        "similarity": number(signals.similarity),
    }


def _histogram(found: Histogram | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"low": found.low, "high": found.high, "counts": found.counts.tolist()}
