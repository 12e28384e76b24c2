"""What a network is given of each sample: for now its raw inputs, x1 … xn."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def names(inputs: int) -> tuple[str, ...]:
    """The features that data with this many inputs can give."""
    return tuple(f"x{index}" for index in range(1, inputs + 1))


def select(inputs: Array, features: tuple[str, ...]) -> Array:
    """The rows of the chosen features, (n_features, n), of inputs (n_x, n)."""
    return np.ascontiguousarray(inputs[[int(name[1:]) - 1 for name in features]])
