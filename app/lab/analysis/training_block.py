"""A block of training: the losses of its frames, and what the open views of the page show.

A frame is a step at which the page draws: every so many steps, and the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

import numpy as np
from typing_extensions import TypedDict

from app.lab.analysis import metrics
from app.lab.analysis.layer_statistics import GradientNorms, gradient_norms
from app.lab.analysis.metrics import Score
from app.lab.analysis.network_state import NetworkRequest, NetworkState, network_state
from app.lab.analysis.outputs import MapRequest, Outputs, outputs
from app.lab.analysis.status import RunStatus
from app.lab.analysis.summary import Position, position
from app.lab.experiment.segment import Segment
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.history.repository import Experiment
from app.lab.json_arrays import Matrix, finite


@dataclass(frozen=True)
class OutputsRequest:
    """Which run's outputs are wanted, and on which grid."""

    run: int
    maps: MapRequest


@dataclass(frozen=True)
class ViewRequests:
    """What the open views show of the last step of a block, besides the losses."""

    outputs: OutputsRequest | None = None
    inside: NetworkRequest | None = None
    signals: bool = False
    metrics: bool = False


class PlanePaths(TypedDict):
    """The way of every run (rows) over a plane, at the frames (columns)."""

    x: Matrix
    y: Matrix


class Shown(TypedDict, total=False):
    """What the open views show of a state."""

    outputs: Outputs
    inside: NetworkState
    signals: GradientNorms
    metrics: list[Score]


class TrainingBlock(Shown, Position):
    """J of every run (rows) at the frames (columns), and what the views need of the last step."""

    runs: list[RunStatus]
    steps: list[int]
    train: Matrix
    test: Matrix
    penalty: Matrix
    path: NotRequired[PlanePaths]


def frames(first: int, last: int, every: int) -> list[int]:
    """The steps after `first`, every so many of them, and the last one."""
    return sorted({*range(first + every, last, every), last})


def training_block(
    experiment: Experiment,
    trained: Segment,
    steps: Sequence[int],
    statuses: list[RunStatus],
    views: ViewRequests,
) -> TrainingBlock:
    """The answer to training: `experiment` is the experiment after it, `steps` are the frames.

    Raises InvalidInput where a view would take too long.
    """
    rows = np.array(steps) - trained.first
    at = position(experiment)
    block: TrainingBlock = {
        "id": at["id"],
        "version": at["version"],
        "step": at["step"],
        "epoch": at["epoch"],
        "runs": statuses,
        "steps": list(steps),
        "train": finite(trained.train[rows].T),
        "test": finite(trained.test[rows].T),
        "penalty": finite(trained.penalty[rows].T),
    }
    if trained.watched is not None:
        x, y = np.moveaxis(trained.watched[rows], -1, 0)  # each (F, K)
        block["path"] = {"x": finite(x.T), "y": finite(y.T)}
    setup, state = experiment.setup, experiment.state
    return {**block, **setup.answer(state, views, lambda: _shown(setup, state, views))}


def _shown(setup: Setup, state: TrainState, views: ViewRequests) -> Shown:
    """What the open views show of a state."""
    shown: Shown = {}
    if views.outputs is not None:
        wanted = views.outputs
        shown["outputs"] = outputs(setup, state, wanted.run, wanted.maps)
    if views.inside is not None:
        shown["inside"] = network_state(setup, state, views.inside)
    if views.signals:
        shown["signals"] = gradient_norms(setup, state)
    if views.metrics:
        shown["metrics"] = metrics.scores(setup, state)
    return shown
