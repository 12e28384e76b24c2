"""Optimizers, each two pure functions over a whole stack.

`init(theta)` gives the state an optimizer carries, a dict of arrays (K, …) that are all zero: to
begin anew is to set rows of it to zero. `update(gradient, state, theta, options)` gives the next
(theta, state). Every option is a column (K, 1), so that the networks of a stack may differ in it.

Names, options and defaults are PyTorch's, but for the learning rate and the momentum of its SGD,
which has none. Where a paper and PyTorch differ, it is PyTorch's step that is taken here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.choices import Range
from app.nn.types import Array

State = dict[str, Array]
Options = Mapping[str, Array]


@dataclass(frozen=True)
class Optimizer:
    """How a gradient becomes the next parameters.

    `terms(gradient, before, later, theta, options)` names what its formula puts between the states
    before and after the update and the parameters: each (K, P), to be shown.
    """

    init: Callable[[Array], State]
    update: Callable[[Array, State, Array, Options], tuple[Array, State]]
    formula: str
    parameters: tuple[Range, ...]
    terms: Callable[[Array, State, State, Array, Options], State] = lambda *_: {}


def stateless(theta: Array) -> State:
    """Nothing to carry."""
    return {}


def carries(*names: str) -> Callable[[Array], State]:
    """A number for every parameter under each of the names, and the count of `steps` (K, 1)."""

    def init(theta: Array) -> State:
        state = {name: np.zeros_like(theta) for name in names}
        return {**state, "steps": np.zeros((len(theta), 1), dtype=theta.dtype)}

    return init


def gradient_descent(
    gradient: Array, state: State, theta: Array, options: Options
) -> tuple[Array, State]:
    """theta - α G."""
    return theta - options["learning_rate"] * gradient, state


def momentum(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """V ← μ V + (1 - τ) G, but V ← G at first; then theta - α V. Polyak 1964."""
    velocity, later = _velocity(gradient, state, options["momentum"], options["dampening"])
    return theta - options["learning_rate"] * velocity, later


def nesterov(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """V ← μ V + G, then theta - α (G + μ V). Nesterov 1983; Sutskever et al. 2013, §2.1."""
    velocity, later = _velocity(gradient, state, options["momentum"], 0.0)
    ahead = options["momentum"] * velocity
    ahead += gradient
    ahead *= options["learning_rate"]
    return np.subtract(theta, ahead, out=ahead), later


def _velocity(
    gradient: Array, state: State, decay: Array, dampening: Array | float
) -> tuple[Array, State]:
    first = state["steps"] == 0.0
    velocity = decay * state["velocity"]
    velocity += np.where(first, 1.0, 1.0 - dampening) * gradient
    return velocity, {"velocity": velocity, "steps": state["steps"] + 1.0}


def adagrad(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """S ← S + G², then theta - α/(1 + t η) · G / (√S + ε). Duchi et al. 2011."""
    squares = gradient * gradient
    squares += state["squares"]
    rate = options["learning_rate"] / (1.0 + state["steps"] * options["lr_decay"])
    step = _over_root(rate * gradient, squares, options["eps"])
    later = {"squares": squares, "steps": state["steps"] + 1.0}
    return np.subtract(theta, step, out=step), later


def rmsprop(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """S ← a S + (1 - a) G², then theta - α G / (√S + ε). Tieleman & Hinton 2012, lecture 6e."""
    squares = _average(gradient * gradient, state["squares"], options["alpha"])
    step = _over_root(options["learning_rate"] * gradient, squares, options["eps"])
    later = {"squares": squares, "steps": state["steps"] + 1.0}
    return np.subtract(theta, step, out=step), later


def adam(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """M and S as running means of G and G², then theta - α M̂ / (√Ŝ + ε). Kingma & Ba 2015, alg. 1.

    M̂ and Ŝ are M and S divided by 1 - β^t, for they begin at zero.
    """
    step, later = _adam_step(gradient, state, options)
    return np.subtract(theta, step, out=step), later


def adamw(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """theta is made smaller by α λ of itself, biases too, and then moves as by Adam.

    Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization, alg. 2.
    """
    step, later = _adam_step(gradient, state, options)
    smaller = theta * (1.0 - options["learning_rate"] * options["weight_decay"])
    return np.subtract(smaller, step, out=step), later


def _adam_step(gradient: Array, state: State, options: Options) -> tuple[Array, State]:
    beta1, beta2 = options["beta1"], options["beta2"]
    steps = state["steps"] + 1.0
    mean = _average(gradient.copy(), state["mean"], beta1)
    squares = _average(gradient * gradient, state["squares"], beta2)
    rate = options["learning_rate"] / (1.0 - beta1**steps)
    denominator = np.sqrt(squares)
    denominator /= np.sqrt(1.0 - beta2**steps)
    denominator += options["eps"]
    step = rate * mean
    step /= denominator
    return step, {"mean": mean, "squares": squares, "steps": steps}


def _average(new: Array, before: Array, decay: Array) -> Array:
    """decay · before + (1 - decay) · new, over `new`."""
    new *= 1.0 - decay
    new += decay * before
    return new


def _over_root(step: Array, squares: Array, eps: Array) -> Array:
    """step / (√squares + ε), over `step`."""
    root = np.sqrt(squares)
    root += eps
    return np.divide(step, root, out=step)


def _ahead(gradient: Array, before: State, later: State, theta: Array, options: Options) -> State:
    return {"ahead": gradient + options["momentum"] * later["velocity"]}


def _decayed_rate(
    gradient: Array, before: State, later: State, theta: Array, options: Options
) -> State:
    rate = options["learning_rate"] / (1.0 + before["steps"] * options["lr_decay"])
    return {"rate": np.broadcast_to(rate, theta.shape)}


def _corrected(
    gradient: Array, before: State, later: State, theta: Array, options: Options
) -> State:
    steps = later["steps"]
    return {
        "mean_hat": later["mean"] / (1.0 - options["beta1"] ** steps),
        "squares_hat": later["squares"] / (1.0 - options["beta2"] ** steps),
    }


def _corrected_and_smaller(
    gradient: Array, before: State, later: State, theta: Array, options: Options
) -> State:
    smaller = theta * (1.0 - options["learning_rate"] * options["weight_decay"])
    return {**_corrected(gradient, before, later, theta, options), "decayed": smaller}


LEARNING_RATE = Range("learning_rate", 1.0, 1e-5, 10.0, scale="log")
_MOMENTUM = Range("momentum", 0.9, 0.0, 0.9999)
_DAMPENING = Range("dampening", 0.0, 0.0, 1.0)
_LR_DECAY = Range("lr_decay", 0.0, 0.0, 1.0)
_ALPHA = Range("alpha", 0.99, 0.0, 0.99999)
_BETA1 = Range("beta1", 0.9, 0.0, 0.99999)
_BETA2 = Range("beta2", 0.999, 0.0, 0.99999)
_EPS = Range("eps", 1e-8, 1e-16, 1.0, scale="log")
_WEIGHT_DECAY = Range("weight_decay", 0.01, 0.0, 1.0)


def _rate(default: float) -> Range:
    return replace(LEARNING_RATE, default=default)


OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": Optimizer(stateless, gradient_descent, "W ← W − α·G", (LEARNING_RATE,)),
    "momentum": Optimizer(
        carries("velocity"),
        momentum,
        "V ← μV + (1 − τ)G,  W ← W − α·V",
        (_rate(0.1), _MOMENTUM, _DAMPENING),
    ),
    "nesterov": Optimizer(
        carries("velocity"),
        nesterov,
        "V ← μV + G,  W ← W − α(G + μV)",
        (_rate(0.1), _MOMENTUM),
        _ahead,
    ),
    "adagrad": Optimizer(
        carries("squares"),
        adagrad,
        "S ← S + G²,  W ← W − α·G / (√S + ε)",
        (_rate(0.01), _LR_DECAY, replace(_EPS, default=1e-10)),
        _decayed_rate,
    ),
    "rmsprop": Optimizer(
        carries("squares"),
        rmsprop,
        "S ← aS + (1 − a)G²,  W ← W − α·G / (√S + ε)",
        (_rate(0.01), _ALPHA, _EPS),
    ),
    "adam": Optimizer(
        carries("mean", "squares"),
        adam,
        "M ← β₁M + (1 − β₁)G,  S ← β₂S + (1 − β₂)G²,  W ← W − α·M̂ / (√Ŝ + ε)",
        (_rate(0.001), _BETA1, _BETA2, _EPS),
        _corrected,
    ),
    "adamw": Optimizer(
        carries("mean", "squares"),
        adamw,
        "W ← (1 − αλ)W,  then as Adam",
        (_rate(0.001), _BETA1, _BETA2, _EPS, _WEIGHT_DECAY),
        _corrected_and_smaller,
    ),
}
