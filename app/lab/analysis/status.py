"""The status of every run, the one from which all that is said of it follows."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from app.lab.experiment import training
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event, TrainState
from app.lab.history.past import Past
from app.lab.json_arrays import Number, number
from app.nn.stack import Architecture
from app.nn.status import FORESEEN, Manner, Outlook, Scale, Standing, Status, outlooks, standing
from app.nn.types import Array
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.stability import overshoot
from app.nn.update.symmetry import identical_neurons
from app.nn.update.updates import Method

KINKED = ("mae", "hinge")
"""Losses across whose kinks a run may step to and fro for ever."""


class RunStatus(TypedDict):
    """How a run is doing: one word, and the number `value` that shows it.

    | status | the run | value |
    |---|---|---|
    | not_begun | has made no step | J |
    | training | learns: J falls | the share of J gone in the last 120 steps, below 0 if it rose |
    | plateau | rests, and may still fall | the share by which J moved in the last 120 steps |
    | converged | rests, and has learned | J |
    | stuck | rests for good, and has learned little | J over that of the best constant answer |
    | oscillating | swings to and fro: J, or the parameters | how far J rose lately, as a share |
    | unstable | is far above its own best J | the median of its last 10 J over that best |
    | growing | is carried away by penalty or decay, J may look calm | growth of each update |
    | diverged | has stopped, at `diverged_at` | that step |

    `diverged_at` is null unless it has diverged. `turn` is the cosine between its next update and
    the one after that, the larger of two: near -1 every step leads back. `stretch` is the factor by
    which they lengthen. `value` is null where it is not finite, and so are these of a diverged run.
    """

    status: Status
    diverged_at: int | None
    value: Number
    turn: Number
    stretch: Number


def statuses(
    setup: Setup, events: Sequence[Event], state: TrainState, past: Past
) -> list[RunStatus]:
    """The status of every run at a state, which its past leads up to."""
    return setup.answer(state, "statuses", lambda: _statuses(setup, events, state, past), events)


def _statuses(
    setup: Setup, events: Sequence[Event], state: TrainState, past: Past
) -> list[RunStatus]:
    theta, gradient = training.foresee(setup, state, events, FORESEEN)
    ahead = outlooks(theta, gradient, _parts(setup.architecture))
    methods = training.methods_at(setup, events, state.step)
    origins = training.origins(setup, events, state)
    penalties = past.whole_objective[-1] - past.losses.train[-1]
    found = []
    for k, method in enumerate(methods):
        since = int(state.diverged[k])
        if since >= 0:
            found.append(_document(Standing("diverged", float(since)), since, None))
            continue
        manner = _manner(setup, k, method, origins[k], state.step)
        scale = scale_of(setup, k, float(penalties[k]))
        best = float(past.best[k])
        told = standing(past.objective(k), best, scale, state.step, ahead[k], manner)
        found.append(_document(told, None, ahead[k]))
    return found


@lru_cache(maxsize=64)
def _parts(architecture: Architecture) -> NDArray[np.int64]:
    """For each parameter (P,) the number of W or b of its layer."""
    weights = architecture.weights.astype(np.int64)
    layers = np.searchsorted(architecture.offsets, np.arange(len(weights)), side="right")
    found: NDArray[np.int64] = 2 * layers + weights
    return found


def _document(told: Standing, since: int | None, ahead: Outlook | None) -> RunStatus:
    return {
        "status": told.status,
        "diverged_at": since,
        "value": number(told.value),
        "turn": None if ahead is None else number(ahead.turn),
        "stretch": None if ahead is None else number(ahead.stretch),
    }


def scale_of(setup: Setup, k: int, penalty: float = 0.0) -> Scale:
    """What a run's loss is measured by."""
    return Scale(setup.baselines[k], setup.noise_floors[k], penalty)


def is_kinked(setup: Setup, k: int, method: Method) -> bool:
    """Whether the slope of what a run descends jumps somewhere."""
    return REGULARIZERS[method.regularizer.name].kinked or setup.runs[k].loss in KINKED


def _manner(setup: Setup, k: int, method: Method, origin: Array, step: int) -> Manner:
    """What is to be known of how a run learns, to read its updates rightly."""
    plain = method.optimizer.name == "gradient_descent"
    noisy = not setup.task.whole
    return Manner(
        noisy=noisy,
        circles=is_kinked(setup, k, method) or not plain,
        unbounded=overshoot(method, step) is not None,
        decays=method.optimizer.options.get("weight_decay", 0.0) > 0.0,
        symmetric=noisy and not setup.architecture.drops and _is_symmetric(setup, origin),
    )


def _is_symmetric(setup: Setup, origin: Array) -> bool:
    """Whether half of a hidden layer's neurons, or more, began identical."""
    layers = identical_neurons(setup.architecture, origin)[:-1]
    return any(len(first) > 1 and 2 * len(np.unique(first)) <= len(first) for first in layers)
