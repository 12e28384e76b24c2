"""Up to which learning rate an update comes to rest, where J is a parabola.

Along an eigenvector of the Hessian, of eigenvalue λ, every update here is a linear recurrence of
two numbers at most, the distance to the bottom and what the optimizer carries. It comes to rest if
all roots of its characteristic polynomial lie inside the unit circle (Jury's criterion). For plain
gradient descent that is |1 - αλ| < 1. The largest eigenvalue is the first to break it.

Optimizers that divide by a root D of squared gradients have no bound of their own: D changes with
α. With D as it is now they are plain or heavy-ball steps in coordinates stretched by √D, so the
same bounds hold with λₚ, the largest eigenvalue of D^-½ H D^-½ (Cohen et al. 2022, Adaptive
gradient methods at the edge of stability, §3). They hold as long as D stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np

from app.nn.types import Array
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import State
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.updates import Method

Kind = Literal["gradient_descent", "momentum", "nesterov", "preconditioned"]
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Stability:
    """The bound on an optimizer's learning rate, ∞ where no rate is too large.

    `bound(λ, options, steps)` is the rate below which the next updates come to rest, after `steps`
    updates, and `formula(options)` how it is written. Where steps are divided, `preconditioner`
    makes D (P,) of the optimizer's state, whose rows are (1, P), and λₚ takes the place of λ.
    `momentum` names the option that says how much of the last step is kept.
    """

    kind: Kind
    bound: Callable[[float, Numbers, float], float]
    formula: Callable[[Numbers], str]
    preconditioner: Callable[[State, Numbers], Array] | None = None
    momentum: str | None = None


def _share(above: float, below: float) -> float:
    return above / below if below > 0.0 else inf


def gradient_descent(curvature: float, options: Numbers, steps: float) -> float:
    """2/λ: the root is 1 - αλ."""
    return _share(2.0, curvature)


def momentum(curvature: float, options: Numbers, steps: float) -> float:
    """(2 + 2μ) / ((1 - τ)λ): the roots of r² - (1 + μ - α(1 - τ)λ) r + μ. Polyak 1964."""
    return _share(2.0 + 2.0 * options["momentum"], (1.0 - options["dampening"]) * curvature)


def nesterov(curvature: float, options: Numbers, steps: float) -> float:
    """(2 + 2μ) / ((1 + 2μ)λ): the roots of r² - (1 + μ)(1 - αλ) r + μ(1 - αλ).

    From v ← μ v + λ w, w ← w - α(λ w + μ v), whose trace is 1 + μ - (1 + μ)αλ and whose determinant
    is μ(1 - αλ).
    """
    mu = options["momentum"]
    return _share(2.0 + 2.0 * mu, (1.0 + 2.0 * mu) * curvature)


def adagrad(curvature: float, options: Numbers, steps: float) -> float:
    """2 (1 + t η) / λₚ: a plain step at a rate that falls."""
    return _share(2.0 * (1.0 + steps * options["lr_decay"]), curvature)


def adam(curvature: float, options: Numbers, steps: float) -> float:
    """(2 + 2β₁)(1 - β₁ᵗ) / ((1 - β₁)λₚ): heavy ball, dampened by β₁, at the rate α/(1 - β₁ᵗ)."""
    return adamw(curvature, {**options, "weight_decay": 0.0}, steps)


def adamw(curvature: float, options: Numbers, steps: float) -> float:
    """(2 + 2β₁) / ((1 - β₁)λₚ/(1 - β₁ᵗ) + (1 + β₁)δ), where δ is `weight_decay`.

    From m ← β₁ m + (1 - β₁)λₚ w, w ← (1 - αδ) w - α/(1 - β₁ᵗ) m, whose determinant is β₁(1 - αδ)
    and whose trace is β₁ + 1 - αδ - α(1 - β₁)λₚ/(1 - β₁ᵗ). Where J bends nowhere upward, the decay
    alone overshoots at 2/δ.
    """
    beta, decay = options["beta1"], options["weight_decay"]
    pull = (1.0 - beta) * max(curvature, 0.0) / (1.0 - beta ** (steps + 1.0))
    return _share(2.0 + 2.0 * beta, pull + (1.0 + beta) * decay)


def _root(state: State, options: Numbers) -> Array:
    """√s + ε."""
    root: Array = np.sqrt(state["squares"][0]) + options["eps"]
    return root


def _corrected_root(state: State, options: Numbers) -> Array:
    """√v̂ + ε."""
    seen = 1.0 - options["beta2"] ** float(state["steps"][0, 0])
    root: Array = np.sqrt(state["squares"][0] / seen) + options["eps"]
    return root


_ADAM = "(2 + 2β₁)(1 − β₁ᵗ)/((1 − β₁)λₚ)"
_ADAMW = "(2 + 2β₁)/((1 − β₁)λₚ/(1 − β₁ᵗ) + (1 + β₁)δ)"

STABILITIES: dict[str, Stability] = {
    "gradient_descent": Stability("gradient_descent", gradient_descent, lambda _: "2/λ"),
    "momentum": Stability(
        "momentum",
        momentum,
        lambda options: "(2 + 2μ)/((1 − τ)λ)" if options["dampening"] else "(2 + 2μ)/λ",
        momentum="momentum",
    ),
    "nesterov": Stability(
        "nesterov", nesterov, lambda _: "(2 + 2μ)/((1 + 2μ)λ)", momentum="momentum"
    ),
    "adagrad": Stability(
        "preconditioned",
        adagrad,
        lambda options: "2(1 + tη)/λₚ" if options["lr_decay"] else "2/λₚ",
        _root,
    ),
    "rmsprop": Stability("preconditioned", gradient_descent, lambda _: "2/λₚ", _root),
    "adam": Stability("preconditioned", adam, lambda _: _ADAM, _corrected_root, "beta1"),
    "adamw": Stability(
        "preconditioned",
        adamw,
        lambda options: _ADAMW if options["weight_decay"] else _ADAM,
        _corrected_root,
        "beta1",
    ),
}
"""The bound of every optimizer in the registry."""

_UNKNOWN = Stability("gradient_descent", lambda curvature, options, steps: inf, lambda _: "")


def stability_of(optimizer: str) -> Stability:
    """The bound of an optimizer: ∞ of one that was added to the registry without a bound."""
    return STABILITIES.get(optimizer, _UNKNOWN)


def momentum_of(method: Method) -> float:
    """How much of the last step is kept in the next."""
    name = stability_of(method.optimizer.name).momentum
    return method.optimizer.options[name] if name else 0.0


def overshoot(method: Method, step: int) -> tuple[Literal["penalty", "decay"], float] | None:
    """Which of penalty and weight decay alone makes the update that follows `step` overshoot.

    With it the factor by which the learning rate exceeds the bound that it sets, which is more than
    1; None if neither does. Then weights grow from update to update, whatever J says. Where steps
    are divided by the size of the gradients, or clipped, a penalty cannot do it; decay still can.
    """
    optimizer, stability = method.optimizer, stability_of(method.optimizer.name)
    rate = method.rate(step)
    if "weight_decay" in optimizer.options:
        factor = rate / stability.bound(0.0, optimizer.options, 0.0)
        return ("decay", factor) if factor > 1.0 else None
    if stability.preconditioner is not None or CLIPPINGS[method.clipping.name].limited:
        return None
    bend = REGULARIZERS[method.regularizer.name].bend
    curvature = bend * method.regularizer.options["rate"] if bend else 0.0
    factor = rate / stability.bound(curvature, optimizer.options, 0.0)
    return ("penalty", factor) if factor > 1.0 else None
