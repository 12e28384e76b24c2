"""Optimizers, each two pure functions over a whole stack.

`init(theta)` gives the state an optimizer carries, a dict of arrays (K, …), and
`update(gradient, state, theta, options)` the next (theta, state). Every option is a column (K, 1),
so that the networks of a stack may differ in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.choices import Range
from app.nn.types import Array

State = dict[str, Array]


@dataclass(frozen=True)
class Optimizer:
    """How a gradient becomes the next parameters."""

    init: Callable[[Array], State]
    update: Callable[[Array, State, Array, Mapping[str, Array]], tuple[Array, State]]
    formula: str
    parameters: tuple[Range, ...]


def stateless(theta: Array) -> State:
    """Nothing to carry."""
    return {}


def gradient_descent(
    gradient: Array, state: State, theta: Array, options: Mapping[str, Array]
) -> tuple[Array, State]:
    """theta - α G."""
    return theta - options["learning_rate"] * gradient, state


LEARNING_RATE = Range("learning_rate", 1.0, 1e-5, 10.0, scale="log")

OPTIMIZERS: dict[str, Optimizer] = {
    "gradient_descent": Optimizer(stateless, gradient_descent, "W ← W − α·G", (LEARNING_RATE,)),
}
