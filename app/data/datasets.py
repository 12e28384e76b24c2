"""The built-in data sets, with TensorFlow Playground's definitions where it has them.

A generator takes a random generator, the number of samples and the noise d in [0, 1/2], and gives
inputs (n_x, n) and targets (n,): classes (±1, or 0, 1, 2 … where there are more than two), or
numbers for a regression. Coordinates are not scaled; most lie within [-6, 6].
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.choices import Range
from app.data import classes, functions
from app.data.types import MOST_SAMPLES, Points, Task

SAMPLES = Range("samples", 500, 2, MOST_SAMPLES, integer=True, scale="log")
NOISE = Range("noise", 0.0, 0.0, 0.5)
TRAIN_FRACTION = Range("train_fraction", 0.5, 0.0, 1.0, exclusive_minimum=True)
DATA_SEED = Range("seed", 1, 0, 2**32 - 1, integer=True)
PARAMETERS = (SAMPLES, NOISE, TRAIN_FRACTION, DATA_SEED)
DOMAIN = (-6.0, 6.0)

_DATA_STREAM, _SPLIT_STREAM = 0, 3


@dataclass(frozen=True)
class Dataset:
    """A data set generated from a seed; `domain` is the range of its inputs, for drawing.

    `classes` is their number, 0 for a regression. With `asks_sign`, a bounded output, which could
    not reach all targets, learns the sign of the target as a class.
    """

    generate: Callable[[np.random.Generator, int, float], Points]
    inputs: int
    task: Task
    formula: str
    domain: tuple[float, float] = DOMAIN
    parameters: tuple[Range, ...] = PARAMETERS
    classes: int = 0
    asks_sign: bool = False


def _classes(
    generate: Callable[[np.random.Generator, int, float], Points], formula: str, classes: int = 2
) -> Dataset:
    return Dataset(generate, 2, "classification", formula, classes=classes)


def _gate(truth: Callable[..., NDArray[np.float64]], formula: str) -> Dataset:
    return replace(_classes(classes.gate(truth), formula), domain=(-0.5, 1.5))


def _plane(generate: Callable[[np.random.Generator, int, float], Points], formula: str) -> Dataset:
    many = (replace(SAMPLES, default=1200), *PARAMETERS[1:])
    return Dataset(generate, 2, "regression", formula, parameters=many)


def _curve(f: Callable[[NDArray[np.float64]], NDArray[np.float64]], formula: str) -> Dataset:
    ends = (-functions.CURVE_END, functions.CURVE_END)
    return Dataset(functions.curve(f), 1, "regression", formula, domain=ends)


DATASETS: dict[str, Dataset] = {
    "circle": _classes(classes.circle, "‖x‖ < 2.5"),
    "xor": _classes(classes.xor, "x₁ x₂ ≥ 0"),
    "gauss": _classes(classes.gauss, "N((2, 2), σ²) | N((−2, −2), σ²)"),
    "spiral": _classes(classes.spiral, "r = 5i/m, t = 3.5πi/m + Δ"),
    "moons": _classes(classes.moons, "(cos t, sin t) | (1 − cos t, ½ − sin t)"),
    "rings": _classes(classes.rings, "‖x‖ < 1.5 | ‖x‖ < 3.5 | ‖x‖ ≥ 3.5", classes=3),
    "gate-and": _gate(lambda x, y: x * y, "x₁ ∧ x₂"),
    "gate-or": _gate(lambda x, y: x + y, "x₁ ∨ x₂"),
    "gate-xor": _gate(lambda x, y: np.abs(x - y), "x₁ ⊕ x₂"),
    "gate-nand": _gate(lambda x, y: 1.0 - x * y, "¬(x₁ ∧ x₂)"),
    "reg-plane": _plane(functions.plane, "y = (x₁ + x₂)/10"),
    "reg-gauss": _plane(functions.cones, "y = ±max(0, 1 − ‖x − c‖/2)"),
    "line": Dataset(
        functions.line, 1, "regression", "y = 1.5x − 0.5", domain=(-1.0, 1.0), asks_sign=True
    ),
    "sine": _curve(lambda x: np.sin(2.0 * x), "y = sin 2x"),
    "step": _curve(lambda x: np.where(x >= 0.0, 1.0, 0.0), "y = 1 (x ≥ 0), 0 (x < 0)"),
    "abs": _curve(np.abs, "y = |x|"),
    "polynomial": _curve(lambda x: 0.1 * x**3 - 0.5 * x, "y = 0.1x³ − 0.5x"),
}


def make(name: str, samples: int, noise: float, seed: int) -> Points:
    """Inputs (n_x, n) and targets (n,) of a built-in set, shuffled once, the same for one seed."""
    rng = stream(seed)
    inputs, targets = DATASETS[name].generate(rng, samples, noise)
    order = rng.permutation(samples)
    return inputs[:, order], targets[order]


def stream(seed: int) -> np.random.Generator:
    """The random generator of a data set with this seed."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_DATA_STREAM,)))


def split_point(samples: int, train_fraction: float) -> int:
    """The number of training samples, which come first.

    Both parts have at least one sample, except at a fraction of 1, which leaves no test set.
    """
    if train_fraction >= 1.0:
        return samples
    return min(max(1, round(samples * train_fraction)), max(1, samples - 1))


def shuffled(samples: int, seed: int) -> NDArray[np.int64]:
    """A random order of the samples of a learner's table, before they are split."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SPLIT_STREAM,)))
    return rng.permutation(samples)
