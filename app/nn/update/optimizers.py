"""Optimizers, each two pure functions over a whole stack.

`init(theta)` gives the initial state, a dict of arrays (K, …) that are all zero: to reset networks
is to set their rows to zero. `update(gradient, state, theta, options)` gives the next
(theta, state). Every option is a column (K, 1), so that the networks of a stack may differ in it.

Names, options and defaults are PyTorch's, but for the learning rate and the momentum of its SGD,
which has none. Where a paper and PyTorch differ, it is PyTorch's step that is taken here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.choices import Range
from app.nn.types import Array
from app.nn.worked_line import Line, Values, summary

State = dict[str, Array]
Options = Mapping[str, Array]


@dataclass(frozen=True)
class Optimizer:
    """The rule by which a gradient becomes the next parameters.

    `lines` are its worked example for one parameter. They may name the options, `gradient` (the
    clipped one), the parameter `before` and `after` the update, each array of the state after it
    (`velocity`) and before it (`velocity_before`), and what
    `terms(gradient, before, later, theta, options)` gives besides, each (K, P).
    `short_formula` is for menus, where the lines are too long for that.
    """

    init: Callable[[Array], State]
    update: Callable[[Array, State, Array, Options], tuple[Array, State]]
    parameters: tuple[Range, ...]
    lines: tuple[Line, ...]
    terms: Callable[[Array, State, State, Array, Options], State] = lambda *_: {}
    short_formula: str = ""

    @property
    def formula(self) -> str:
        """The update in one line."""
        return self.short_formula or summary(self.lines)


def stateless(theta: Array) -> State:
    """The empty state."""
    return {}


def carries(*names: str) -> Callable[[Array], State]:
    """State with a number for every parameter under each name, and the count of `steps` (K, 1)."""

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
    """v ← μ v + (1 - τ) G, but v ← G at first; then theta - α v.

    Polyak 1964, Some methods of speeding up the convergence of iteration methods.
    """
    velocity, later = _velocity(gradient, state, options["momentum"], options["dampening"])
    return theta - options["learning_rate"] * velocity, later


def nesterov(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """v ← μ v + G, then theta - α (G + μ v).

    Nesterov 1983, A method of solving a convex programming problem with convergence rate O(1/k²);
    in this form Sutskever et al. 2013, On the importance of initialization and momentum, §2.1.
    """
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
    """s ← s + G², then theta - α/(1 + t η) · G / (√s + ε), where η is `lr_decay`.

    Duchi et al. 2011, Adaptive Subgradient Methods, §1.1, with the diagonal of G.
    """
    squares = gradient * gradient
    squares += state["squares"]
    rate = options["learning_rate"] / (1.0 + state["steps"] * options["lr_decay"])
    step = _over_root(rate * gradient, squares, options["eps"])
    later = {"squares": squares, "steps": state["steps"] + 1.0}
    return np.subtract(theta, step, out=step), later


def rmsprop(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """s ← ρ s + (1 - ρ) G², then theta - α G / (√s + ε). Tieleman & Hinton 2012, lecture 6e.

    PyTorch calls ρ `alpha`, and so does the option.
    """
    squares = _average(gradient * gradient, state["squares"], options["alpha"])
    step = _over_root(options["learning_rate"] * gradient, squares, options["eps"])
    later = {"squares": squares, "steps": state["steps"] + 1.0}
    return np.subtract(theta, step, out=step), later


def adam(gradient: Array, state: State, theta: Array, options: Options) -> tuple[Array, State]:
    """m and v as running means of G and G², then theta - α m̂ / (√v̂ + ε). Kingma & Ba 2015, alg. 1.

    m̂ and v̂ are m and v divided by 1 - β^t, for they begin at zero.
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


def _moved(
    direction: str, numbers: str, start: str = "before", rate: str = "learning_rate"
) -> Line:
    """The last line of every optimizer: the parameter moves by -α times a direction."""
    return Line(
        "step",
        f"W ← W − α·{direction}",
        f"{{parameter}} ← {{{start}:6}} − {{{rate}}}·{numbers} = {{after:6}}",
    )


def _mean_line(name: str, letter: str, decay: str, option: str, power: int = 1) -> Line:
    """The line of a running mean of G or G²: c · (the mean before) + (1 - c) · (the new value)."""

    def more(values: Values) -> Values:
        gradient = values["gradient"]
        return {
            "rest": 1.0 - values[option],
            "new": gradient if power == 1 else gradient * gradient,
        }

    of = "G" if power == 1 else "G²"
    return Line(
        name,
        f"{letter} ← {decay}{letter} + (1 − {decay}){of}",
        f"{letter} ← {{{option}}}·{{{name}_before}} + {{rest}}·{{new}} = {{{name}}}",
        more,
    )


def _corrected_line(name: str, letter: str, decay: str, option: str) -> Line:
    """The line of a running mean divided by 1 - βᵗ."""
    return Line(
        f"{name}_hat",
        f"{letter}̂ = {letter}/(1 − {decay}ᵗ)",
        f"{letter}̂ = {{{name}}}/(1 − {{{option}}}^{{steps}}) = {{{name}_hat}}",
        in_summary=False,
    )


_ADAM_MEANS = (
    _mean_line("mean", "m", "β₁", "beta1"),
    _mean_line("squares", "v", "β₂", "beta2", power=2),
    _corrected_line("mean", "m", "β₁", "beta1"),
    _corrected_line("squares", "v", "β₂", "beta2"),
)
_ADAM_STEP = "m̂ / (√v̂ + ε)", "{mean_hat}/(√{squares_hat} + {eps:2})"
_ROOT_STEP = "G / (√s + ε)", "{gradient}/(√{squares} + {eps:2})"
_UNDAMPED = "v ← μv + G"


def _velocity_line(formula: str, damped: bool) -> Line:
    return Line(
        "velocity",
        formula,
        "v ← {momentum}·{velocity_before} {+push} = {velocity}",
        # The first gradient is not dampened.
        lambda v: {"push": v["velocity"] - v["momentum"] * v["velocity_before"]},
        lambda v: bool(v["dampening"]) == damped,
        in_summary=damped,
    )


OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": Optimizer(
        stateless, gradient_descent, (LEARNING_RATE,), (_moved("G", "{gradient}"),)
    ),
    "momentum": Optimizer(
        carries("velocity"),
        momentum,
        (_rate(0.1), _MOMENTUM, _DAMPENING),
        (
            _velocity_line("v ← μv + (1 − τ)G", damped=True),
            _velocity_line(_UNDAMPED, damped=False),
            _moved("v", "{velocity}"),
        ),
    ),
    "nesterov": Optimizer(
        carries("velocity"),
        nesterov,
        (_rate(0.1), _MOMENTUM),
        (
            Line(
                "velocity",
                _UNDAMPED,
                "v ← {momentum}·{velocity_before} {+gradient} = {velocity}",
            ),
            Line("ahead", "d = G + μv", "d = {gradient} + {momentum}·{velocity} = {ahead}"),
            _moved("d", "{ahead}"),
        ),
        _ahead,
        f"{_UNDAMPED},  W ← W − α(G + μv)",
    ),
    "adagrad": Optimizer(
        carries("squares"),
        adagrad,
        (_rate(0.01), _LR_DECAY, replace(_EPS, default=1e-10)),
        (
            Line("squares", "s ← s + G²", "s ← {squares_before} + ({gradient})² = {squares}"),
            _moved(*_ROOT_STEP, rate="rate"),
        ),
        _decayed_rate,
    ),
    "rmsprop": Optimizer(
        carries("squares"),
        rmsprop,
        (_rate(0.01), _ALPHA, _EPS),
        (_mean_line("squares", "s", "ρ", "alpha", power=2), _moved(*_ROOT_STEP)),
    ),
    "adam": Optimizer(
        carries("mean", "squares"),
        adam,
        (_rate(0.001), _BETA1, _BETA2, _EPS),
        (*_ADAM_MEANS, _moved(*_ADAM_STEP)),
        _corrected,
    ),
    "adamw": Optimizer(
        carries("mean", "squares"),
        adamw,
        (_rate(0.001), _BETA1, _BETA2, _EPS, _WEIGHT_DECAY),
        (
            *_ADAM_MEANS,
            Line(
                "decayed",
                "W ← W − αλW",
                "{parameter} ← {before:6} − {learning_rate}·{weight_decay}·{before} = {decayed:6}",
            ),
            _moved(*_ADAM_STEP, start="decayed"),
        ),
        _corrected_and_smaller,
        "W ← (1 − αλ)W,  then as Adam",
    ),
}
