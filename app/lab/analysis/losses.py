"""The losses of the runs: those of the present step, and their history, thinned for drawing."""

import numpy as np
from typing_extensions import TypedDict

from app.lab.experiment.segment import Segment
from app.lab.history.thinning import thin
from app.lab.json_arrays import Matrix, Vector, finite
from app.lab.spec.ranges import ANSWER_BYTES

_BYTES_OF_LOSS = 22
"""What a loss takes in an answer, with its comma."""


class PresentLoss(TypedDict):
    """J of every run (K,) on each set, and the penalty of its regularizer; null without a loss."""

    train: Vector
    test: Vector
    penalty: Vector


class LossHistory(TypedDict):
    """J of every run (rows) at the steps (columns), and the penalty of its regularizer."""

    steps: list[int]
    train: Matrix
    test: Matrix
    penalty: Matrix


def present_loss(recent: Segment) -> PresentLoss:
    """The losses of the last of some steps."""
    return {
        "train": finite(recent.train[-1]),
        "test": finite(recent.test[-1]),
        "penalty": finite(recent.penalty[-1]),
    }


def loss_history(found: Segment, points: int) -> LossHistory:
    """Segment at up to `points` steps, chosen so that no spike of a run is lost.

    Of many runs there are fewer, so that the answer has no more than ANSWER_BYTES.
    """
    points = min(points, ANSWER_BYTES // (_BYTES_OF_LOSS * (1 + 3 * found.train.shape[1])))
    rows = thin(np.concatenate([found.train, found.test], axis=1), points)
    return {
        "steps": found.steps[rows].tolist(),
        "train": finite(found.train[rows].T),
        "test": finite(found.test[rows].T),
        "penalty": finite(found.penalty[rows].T),
    }
