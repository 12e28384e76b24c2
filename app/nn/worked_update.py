"""The update of one parameter written out: penalty, clipping, the optimizer's state, the step.

`updates` computes the same for whole stacks; its arithmetic is called here, not repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from app.nn.stack import Architecture
from app.nn.types import Array
from app.nn.update.clipping import CLIPPINGS, length, shrinking
from app.nn.update.optimizers import OPTIMIZERS, State
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.updates import Method, StackUpdate
from app.nn.worked_line import Line, Values, WorkedLine, fill_in

BEFORE_OPTIMIZER = (
    Line(
        "gradient",
        "G = ∂J/∂W + ∂R/∂W",
        "G = {gradient} {+penalty} = {total}",
        shown=lambda v: isfinite(v["penalty"]) and v["penalty"] != 0.0,
    ),
    Line(
        "gradient",
        "G = ∂J/∂W",
        "G = {gradient:6}",
        shown=lambda v: not isfinite(v["penalty"]) or v["penalty"] == 0.0,
    ),
    Line(
        "clipped",
        "G ← c/‖G‖ · G",
        "G ← {clip}·{total} = {clipped}",
        shown=lambda v: isfinite(v["clip"]) and v["clip"] != 1.0,
    ),
    Line(
        "learning_rate",
        "α = α₀·f(t)",
        "α = {rate}·{factor} = {learning_rate}",
        shown=lambda v: v["factor"] != 1.0,
    ),
)
"""The lines before the optimizer's: gradient, penalty, clipping, learning rate."""
CHANGE = Line("step", "W ← W + ΔW", "{parameter} ← {before:6} {+change:6} = {after:6}")
"""The step of a parameter that is not moved by the optimizer alone."""


@dataclass(frozen=True)
class Dying:
    """The step of an L1 with dying links: from `moved`, by `shrink` towards 0, or to it."""

    moved: float
    shrink: float
    dead: bool


@dataclass(frozen=True)
class WorkedUpdate:
    """From the gradient of a batch to a parameter's next value, in the order of the fields.

    `gradient` + `penalty` = `total`; `norm` is the length of all of the network's total, `clip`
    what it is multiplied by, and `clipped` = `clip` · `total` what the optimizer gets, with the
    learning rate `rate`. `state` holds (before, after) of the optimizer's state for the parameter,
    `terms` what its formula names besides. `lines` are the formulas of all this, with the numbers.
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
    lines: tuple[WorkedLine, ...] = ()


def work(
    architecture: Architecture,
    method: Method,
    gradient: Array,
    theta: Array,
    state: State,
    step: int,
    index: int,
) -> WorkedUpdate:
    """Work out the update of a parameter, at `index` of theta (1, P), that follows `step`.

    `gradient` is dJ/dtheta (1, P); `state` holds the method's arrays for this network, each (1, …).
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
    worked = WorkedUpdate(
        gradient=float(gradient[0, index]),
        penalty=float(penalty[0, index]),
        total=float(total[0, index]),
        norm=float(norm[0, 0]),
        clip=float(clip[0, 0]),
        clipped=float(clipped[0, index]),
        rate=float(rates[0, 0]),
        state={name: (_of(own[name], index), _of(own_later[name], index)) for name in own},
        terms={name: _of(array, index) for name, array in terms.items()},
        dying=dying,
        before=float(theta[0, index]),
        after=float(after[0, index]),
    )
    return replace(worked, lines=_lines(worked, method))


def _lines(worked: WorkedUpdate, method: Method) -> tuple[WorkedLine, ...]:
    """The formulas of an update, in the order in which they are computed, with its numbers."""
    base, rate = method.optimizer.options["learning_rate"], worked.rate
    scalars: Values = {
        "gradient": worked.gradient,
        "penalty": worked.penalty,
        "total": worked.total,
        "clip": worked.clip,
        "clipped": worked.clipped,
        "rate": base,
        "factor": rate / base,
        "learning_rate": rate,
    }
    first = fill_in(BEFORE_OPTIMIZER, scalars)
    ends = {"before": worked.before, "after": worked.after}
    if worked.dying is not None:
        return first + fill_in([CHANGE], {**ends, "change": worked.after - worked.before})
    values: Values = {
        **method.optimizer.options,
        **{f"{name}_before": before for name, (before, _) in worked.state.items()},
        **{name: after for name, (_, after) in worked.state.items()},
        **worked.terms,
        **ends,
        "gradient": worked.clipped,
        "learning_rate": rate,
    }
    return first + fill_in(OPTIMIZERS[method.optimizer.name].lines, values)


def _own(state: State, name: str) -> State:
    """The state of one optimizer, its names without their prefix."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): array for key, array in state.items() if key.startswith(prefix)
    }


def _of(array: Array, index: int) -> float:
    """A parameter's number, or the network's one."""
    return float(array[0, index if array.shape[1] > 1 else 0])
