"""Input features of a network: the raw inputs x1 … xn of a sample, and simple functions of them.

A feature is named by its formula: `x1`, `x1^2`, `x1*x2`, `sin(x1)`, `cos(x1)`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of feature: a function of `inputs` of the raw inputs, and how it is written.

    In `name` and `formula`, {i} and {j} stand for the numbers of the inputs, i < j.
    """

    function: Callable[..., Array]
    name: str
    formula: str
    inputs: int = 1


KINDS: dict[str, Kind] = {
    "raw": Kind(lambda x: x, "x{i}", "x{i}"),
    "square": Kind(np.square, "x{i}^2", "x{i}²"),
    "product": Kind(np.multiply, "x{i}*x{j}", "x{i} x{j}", inputs=2),
    "sine": Kind(np.sin, "sin(x{i})", "sin x{i}"),
    "cosine": Kind(np.cos, "cos(x{i})", "cos x{i}"),
}

_PATTERNS = {
    kind: re.compile(
        re.escape(one.name).replace(r"\{i\}", r"([1-9]\d?)").replace(r"\{j\}", r"([1-9]\d?)")
    )
    for kind, one in KINDS.items()
}


@dataclass(frozen=True)
class Feature:
    """One feature: its kind, and the indices, from 0, of the raw inputs that it uses."""

    kind: str
    inputs: tuple[int, ...]

    @property
    def name(self) -> str:
        """The name in a spec, as `x1^2`."""
        return self._written(KINDS[self.kind].name, "")

    @property
    def formula(self) -> str:
        """The formula for a reader, as x₁²."""
        return self._written(KINDS[self.kind].formula, "₀₁₂₃₄₅₆₇₈₉")

    def _written(self, pattern: str, digits: str) -> str:
        numbers = [str(place + 1) for place in self.inputs]
        if digits:
            numbers = ["".join(digits[int(digit)] for digit in number) for number in numbers]
        return pattern.format(**dict(zip("ij", numbers, strict=False)))


def names(inputs: int) -> tuple[str, ...]:
    """The names of the raw inputs, which are the default features."""
    return tuple(f"x{index}" for index in range(1, inputs + 1))


@lru_cache(maxsize=32)
def offered(inputs: int) -> tuple[str, ...]:
    """The names of all features of data with this many raw inputs."""
    return tuple(feature.name for feature in every(inputs))


def every(inputs: int) -> Iterator[Feature]:
    """All features of data with this many raw inputs, grouped by kind."""
    for kind, one in KINDS.items():
        for chosen in combinations(range(inputs), one.inputs):
            yield Feature(kind, chosen)


def parse(name: str) -> Feature:
    """Parse the name of a feature. Raises ValueError if no feature has it."""
    for kind, pattern in _PATTERNS.items():
        found = pattern.fullmatch(name)
        if found:
            return Feature(kind, tuple(int(number) - 1 for number in found.groups()))
    raise ValueError(f"{name!r} is no feature")


def select(inputs: Array, features: tuple[str, ...]) -> Array:
    """The rows of the chosen features, (n_features, n), of inputs (n_x, n)."""
    rows = [
        KINDS[feature.kind].function(*(inputs[place] for place in feature.inputs))
        for feature in map(parse, features)
    ]
    return np.ascontiguousarray(np.stack(rows))
