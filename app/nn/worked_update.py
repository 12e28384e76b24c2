"""The update of one parameter written out: penalty, clipping, what the optimizer carries, the step.

`updates` computes the same for whole stacks; its arithmetic is called here, not repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.nn.stack import Architecture
from app.nn.types import Array
from app.nn.update.clipping import CLIPPINGS, length, shrinking
from app.nn.update.optimizers import OPTIMIZERS, State
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.updates import Method, StackUpdate


@dataclass(frozen=True)
class Dying:
    """The own step of an L1 whose links die: from `moved`, by `shrink` towards 0, or to it."""

    moved: float
    shrink: float
    dead: bool


@dataclass(frozen=True)
class WorkedUpdate:
    """From the gradient of a batch to a parameter's next value, in the order of the fields.

    `gradient` + `penalty` = `total`; `norm` is the length of all of the network's total, `clip`
    what it is multiplied by, and `clipped` = `clip` · `total` what the optimizer gets, with the
    learning rate `rate`. `state` holds (before, after) of what it carries for the parameter, and
    `terms` what its formula names besides.
    """

    gradient: float
    penalty: float
    total: float
    norm: float
    clip: float
    clipped: float
    rate: float
    state: Mapping[str, tuple[float, float]]
    terms: Mapping[str, float]
    dying: Dying | None
    before: float
    after: float


def work(
    architecture: Architecture,
    method: Method,
    gradient: Array,
    theta: Array,
    state: State,
    step: int,
    index: int,
) -> WorkedUpdate:
    """The update of the parameter at a place of theta (1, P), from dJ/dtheta (1, P) after `step`.

    `state` is what the method carries for this network, arrays (1, …).
    """
    update = StackUpdate(architecture, [method])
    state = update.state(theta, state)
    rates = update.rates(step, step + 1)[0]
    regularizer = REGULARIZERS[method.regularizer.name]
    penalty = np.zeros_like(theta)
    if regularizer.derivative is not None:
        price = method.regularizer.options["rate"]
        penalty = price * architecture.weights * regularizer.derivative(theta)
    total = gradient + penalty
    norm = length(total)
    clip: Array = np.ones((1, 1))
    if CLIPPINGS[method.clipping.name].limited:
        clip = shrinking(norm, np.array([[method.clipping.options["max_norm"]]]))
    after = theta.copy()
    later = update.step(gradient.copy(), after, state, rates)
    own, own_later = (_own(one, method.optimizer.name) for one in (state, later))
    options = {name: np.array([[value]]) for name, value in method.optimizer.options.items()}
    chosen = {**options, "learning_rate": rates}
    optimizer = OPTIMIZERS[method.optimizer.name]
    clipped = total * clip
    dying = None
    if regularizer.dying:
        moved, _ = optimizer.update(clipped.copy(), own, theta.copy(), chosen)
        price = rates * (method.regularizer.options["rate"] * architecture.weights)
        dead = bool(later["l1_dying.dead"][0, index] > 0.0)
        dying = Dying(float(moved[0, index]), float(price[0, index]), dead)
    terms = optimizer.terms(clipped, own, own_later, theta, chosen)
    return WorkedUpdate(
        float(gradient[0, index]),
        float(penalty[0, index]),
        float(total[0, index]),
        float(norm[0, 0]),
        float(clip[0, 0]),
        float(clipped[0, index]),
        float(rates[0, 0]),
        {name: (_of(own[name], index), _of(own_later[name], index)) for name in own},
        {name: _of(array, index) for name, array in terms.items()},
        dying,
        float(theta[0, index]),
        float(after[0, index]),
    )


def _own(state: State, name: str) -> State:
    """What an optimizer carries, without its prefix."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): array for key, array in state.items() if key.startswith(prefix)
    }


def _of(array: Array, index: int) -> float:
    """A parameter's number, or the network's one."""
    return float(array[0, index if array.shape[1] > 1 else 0])
