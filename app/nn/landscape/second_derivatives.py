"""Second derivatives of activations and losses, from which exact products with a Hessian are made.

Where a function has a kink there is none, and what is given is that of one of the sides, as every
automatic differentiation gives it: relu and mae bend nowhere.
"""

from collections.abc import Callable
from math import pi, sqrt

import numpy as np

from app.nn.activations import ACTIVATIONS
from app.nn.types import Array


def _slope(name: str, z: Array, a: Array) -> Array:
    return ACTIVATIONS[name].derivative(z, a)


def _zero(z: Array, a: Array) -> Array:
    return np.zeros_like(a)


def _sigmoid(z: Array, a: Array) -> Array:
    """a (1 - a) (1 - 2a)."""
    return _slope("sigmoid", z, a) * (1.0 - 2.0 * a)


def _tanh(z: Array, a: Array) -> Array:
    """-2a (1 - a²)."""
    return -2.0 * a * _slope("tanh", z, a)


def _exponential(name: str) -> Callable[[Array, Array], Array]:
    def bend(z: Array, a: Array) -> Array:
        """0, or below 0 the slope itself, a multiple of e^z."""
        return np.where(a > 0.0, 0.0, _slope(name, z, a))

    return bend


def _softplus(z: Array, a: Array) -> Array:
    """σ(z) (1 - σ(z))."""
    s = _slope("softplus", z, a)
    return s * np.exp(-a)


def _gelu(z: Array, a: Array) -> Array:
    """φ(z) (2 - z²), where φ is the standard normal density."""
    z = np.clip(z, -40.0, 40.0)  # where φ is 0 already, and z² still a number
    bend: Array = sqrt(0.5 / pi) * np.exp(-0.5 * z * z) * (2.0 - z * z)
    return bend


def _silu(z: Array, a: Array) -> Array:
    """s (1 - s) (2 + z (1 - 2s)), where s = σ(z)."""
    z = np.clip(z, -700.0, 700.0)  # where s (1 - s) is 0 already
    s = ACTIVATIONS["sigmoid"].function(z, np.empty_like(z))
    bend: Array = s * (1.0 - s) * (2.0 + z * (1.0 - 2.0 * s))
    return bend


BENDS: dict[str, Callable[[Array, Array], Array]] = {
    "linear": _zero,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _zero,
    "leaky_relu": _zero,
    "elu": _exponential("elu"),
    "selu": _exponential("selu"),
    "softplus": _softplus,
    "gelu": _gelu,
    "silu": _silu,
}
"""f''(z) of every activation but softmax, from z and a = f(z), each (…, n)."""


def _share(y: Array) -> float:
    """The share of one output of one sample in a mean over all of them."""
    return 1.0 / float(y.shape[-2] * y.shape[-1])


def _softmax_cross_entropy(a: Array, y: Array, d: Array) -> Array:
    """1/n (a d - a Σ a d): the change of the softmax."""
    part = a * d
    change: Array = (part - a * np.add.reduce(part, axis=-2, keepdims=True)) / a.shape[-1]
    return change


CHANGES: dict[str, Callable[[Array, Array, Array], Array]] = {
    "mse": lambda a, y, d: 2.0 * _share(y) * d,
    "half_mse": lambda a, y, d: _share(y) * d,
    "mae": lambda a, y, d: np.zeros_like(d),
    "huber": lambda a, y, d: np.where(np.abs(a - y) < 1.0, _share(y) * d, 0.0),
    "cross_entropy": lambda a, y, d: _share(y) * a * (1.0 - a) * d,
    "hinge": lambda a, y, d: np.zeros_like(d),
    "softmax_cross_entropy": _softmax_cross_entropy,
}
"""How a loss's gradient changes when what it is taken by changes by d (n_y, n), to first order.

From the outputs a (n_y, n) and the targets y (n_y, n); a loss `on_logits` is taken by z, the others
by a.
"""
