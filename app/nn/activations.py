"""Activation functions, each beside its derivative, so that one look checks the pair.

`function(z, out)` writes f(z) into `out`, which may be `z` itself. `derivative(z, a)` gives f'(z),
where `a = f(z)`; most are cheapest in terms of `a`, and an activation that says
`needs_logits=False` promises to look at `a` only, so that `z` need not be kept.
At the kink of relu the derivative is 0, as in PyTorch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.choices import Range
from app.nn.types import Array


@dataclass(frozen=True)
class Activation:
    """An activation function f, elementwise, with its derivative.

    `class_labels` are the targets of a class that this function can reach as an output:
    (0, 1) where it is never negative, (-1, 1) elsewhere.
    """

    function: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    formula: str
    class_labels: tuple[float, float] = (-1.0, 1.0)
    bounded: bool = False
    needs_logits: bool = False
    parameters: tuple[Range, ...] = ()


def linear(z: Array, out: Array) -> Array:
    """z."""
    if out is not z:
        np.copyto(out, z)
    return out


def sigmoid(z: Array, out: Array) -> Array:
    """1 / (1 + e^-z), as (1 + tanh(z/2)) / 2: the same function, which cannot overflow."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    return np.add(out, 0.5, out=out)


def tanh(z: Array, out: Array) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(z, out=out)


def relu(z: Array, out: Array) -> Array:
    """max(z, 0)."""
    return np.maximum(z, 0.0, out=out)


ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(linear, lambda z, a: np.ones_like(a), "z"),
    "sigmoid": Activation(
        sigmoid, lambda z, a: a * (1.0 - a), "σ(z) = 1 / (1 + e⁻ᶻ)", (0.0, 1.0), bounded=True
    ),
    "tanh": Activation(tanh, lambda z, a: 1.0 - a * a, "tanh z", bounded=True),
    "relu": Activation(relu, lambda z, a: (a > 0.0).astype(a.dtype), "max(z, 0)", (0.0, 1.0)),
}
