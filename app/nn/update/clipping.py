"""Gradient clipping: a gradient that is too long is shortened, and keeps its direction."""

from dataclasses import dataclass

import numpy as np

from app.choices import Range
from app.nn.types import Array


@dataclass(frozen=True)
class Clipping:
    """A clipping method; `limited` ones have a `max_norm`."""

    formula: str
    limited: bool = False
    parameters: tuple[Range, ...] = ()


CLIPPINGS: dict[str, Clipping] = {
    "none": Clipping("G"),
    "norm": Clipping(
        "G · min(1, max_norm / ‖G‖)",
        limited=True,
        parameters=(Range("max_norm", 1.0, 1e-6, 1e6, scale="log"),),
    ),
}

_EPS = 1e-6


def clip(gradient: Array, max_norm: Array) -> Array:
    """G · min(1, max_norm / (‖G‖ + 1e-6)) of every row of G (K, P), over it; `max_norm` is (K, 1).

    ‖G‖ is the length of all of a network's gradient, penalty included, as in PyTorch's
    `clip_grad_norm_`. Pascanu et al. 2013, On the difficulty of training RNNs, alg. 1.
    """
    gradient *= shrinking(length(gradient), max_norm)
    return gradient


def length(gradient: Array) -> Array:
    """‖G‖ (K, 1) of every row of G (K, P)."""
    squares: Array = np.add.reduce(gradient * gradient, axis=-1, keepdims=True)
    return np.sqrt(squares)


def shrinking(norm: Array, max_norm: Array) -> Array:
    """The factor min(1, max_norm / (‖G‖ + 1e-6)) for a gradient of this length."""
    return np.minimum(1.0, max_norm / (norm + _EPS))
