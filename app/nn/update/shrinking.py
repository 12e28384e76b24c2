"""Whether a penalty, or weight decay, holds a network's weights so small that it learns nothing."""

from typing import Literal

import numpy as np

from app.nn.types import Array
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.updates import Method

SMALL = 0.1
"""Weights have been shrunk that are below this share of those that the run began with."""
PULL = 0.05
"""A penalty holds them if its pull, times the weights, is this share of the baseline."""


def holds(
    method: Method, theta: Array, origin: Array, weights: Array, baseline: float
) -> Literal["penalty", "decay"] | None:
    """Which of penalty and weight decay holds the weights of theta (P,); None if neither does.

    `origin` (P,) is what the run began with, `weights` (P,) is 1 for a weight and 0 for a bias, and
    `baseline` the loss of the best constant answer. At rest the pull of the penalty is that of the
    loss, turned round; were all weights longer by a small share, J would be less by that share of
    their product.
    """
    kind, chosen = REGULARIZERS[method.regularizer.name], method.regularizer.options
    rate = chosen["rate"] if kind.price is not None else 0.0
    decay = method.optimizer.options.get("weight_decay", 0.0)
    w, first = theta[weights > 0.0], float(np.linalg.norm(origin[weights > 0.0]))
    shrunk = first > 0.0 and np.linalg.norm(w) <= SMALL * first
    pull = rate * float(w @ kind.derivative(w)) if kind.derivative is not None else 0.0
    if rate > 0.0 and (shrunk or pull >= PULL * baseline):
        return "penalty"
    return "decay" if decay > 0.0 and shrunk else None
