"""The built-in data sets, with TensorFlow Playground's definitions where it has them.

A generator takes a random generator, the number of samples and the noise d in [0, 1/2], and gives
inputs (n_x, n) and targets (n,): the classes ±1, or numbers for a regression. Every ε is a fresh
draw. Coordinates stay as they are defined, mostly within [-6, 6].
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, pi, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.choices import Range

Array = NDArray[np.float64]
Points = tuple[Array, Array]
Task = Literal["classification", "regression"]

SAMPLES = Range("samples", 500, 2, 10_000, integer=True, scale="log")
NOISE = Range("noise", 0.0, 0.0, 0.5)
TRAIN_FRACTION = Range("train_fraction", 0.5, 0.0, 1.0, exclusive_minimum=True)
DATA_SEED = Range("seed", 1, 0, 2**32 - 1, integer=True)

_RADIUS = 5.0
_DATA_STREAM, _SPLIT_STREAM = 0, 3


@dataclass(frozen=True)
class Dataset:
    """A data set that is made from a seed; `domain` is where its inputs lie, for drawing."""

    generate: Callable[[np.random.Generator, int, float], Points]
    inputs: int
    task: Task
    formula: str
    domain: tuple[float, float] = (-6.0, 6.0)
    parameters: tuple[Range, ...] = (SAMPLES, NOISE, TRAIN_FRACTION, DATA_SEED)


def circle(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """A disc of radius 2.5 inside a ring from 3.5 to 5; +1 where ‖p + ε‖ < 2.5, ε ~ d·U(-5, 5)."""
    inner = ceil(samples / 2)
    r = np.concatenate(
        [
            rng.uniform(0.0, 0.5 * _RADIUS, inner),
            rng.uniform(0.7 * _RADIUS, _RADIUS, samples - inner),
        ]
    )
    angle = rng.uniform(0.0, 2.0 * pi, samples)
    p = np.stack([r * np.sin(angle), r * np.cos(angle)])
    moved = p + noise * rng.uniform(-_RADIUS, _RADIUS, p.shape)
    return p, np.where(np.hypot(*moved) < 0.5 * _RADIUS, 1.0, -1.0)


def xor(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """Four quadrants kept 0.3 from the axes; +1 where (x + ε₁)(y + ε₂) ≥ 0, ε ~ d·U(-5, 5)."""
    p = rng.uniform(-_RADIUS, _RADIUS, (2, samples))
    p += np.where(p > 0.0, 0.3, -0.3)
    x, y = p + noise * rng.uniform(-_RADIUS, _RADIUS, p.shape)
    return p, np.where(x * y >= 0.0, 1.0, -1.0)


def gauss(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """Two normal clouds around (2, 2) and (-2, -2), each of **variance** 1/2 + 7d."""
    label = np.where(np.arange(samples) < ceil(samples / 2), 1.0, -1.0)
    p = 2.0 * label + sqrt(0.5 + 7.0 * noise) * rng.standard_normal((2, samples))
    return p, label


def spiral(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """Two arms, r = 5i/m and t = 3.5πi/m + Δ at (r sin t, r cos t) + d·U(-1, 1).

    Each arm has m = n/2 points, i = 0 … m-1; Δ is 0 for +1 and π for -1.
    """
    m = ceil(samples / 2)
    arm = np.where(np.arange(samples) < m, 0, 1)
    i = np.where(arm == 0, np.arange(samples), np.arange(samples) - m)
    r = _RADIUS * i / m
    t = 3.5 * pi * i / m + arm * pi
    p = np.stack([r * np.sin(t), r * np.cos(t)]) + noise * rng.uniform(-1.0, 1.0, (2, samples))
    return p, np.where(arm == 0, 1.0, -1.0)


def line(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """One input: y = 1.5 x - 0.5 + d·N(0, 1) with x ~ U(-1, 1), for the bowl J(W, b)."""
    x = rng.uniform(-1.0, 1.0, (1, samples))
    return x, 1.5 * x[0] - 0.5 + noise * rng.standard_normal(samples)


DATASETS: dict[str, Dataset] = {
    "circle": Dataset(circle, 2, "classification", "‖x‖ < 2.5"),
    "xor": Dataset(xor, 2, "classification", "x₁ x₂ ≥ 0"),
    "gauss": Dataset(gauss, 2, "classification", "N((2, 2), σ²) | N((−2, −2), σ²)"),
    "spiral": Dataset(spiral, 2, "classification", "r = 5i/m, t = 3.5πi/m + Δ"),
    "line": Dataset(line, 1, "regression", "y = 1.5x − 0.5", domain=(-1.0, 1.0)),
}


def make(name: str, samples: int, noise: float, seed: int) -> Points:
    """Inputs (n_x, n) and targets (n,) of a built-in set, shuffled once, the same for one seed."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_DATA_STREAM,)))
    inputs, targets = DATASETS[name].generate(rng, samples, noise)
    order = rng.permutation(samples)
    return inputs[:, order], targets[order]


def split_point(samples: int, train_fraction: float) -> int:
    """How many of the samples, taken from the front, are for training.

    Both parts have at least one sample, except at a fraction of 1, which keeps no test set.
    """
    if train_fraction >= 1.0:
        return samples
    return min(max(1, round(samples * train_fraction)), max(1, samples - 1))


def shuffled(samples: int, seed: int) -> NDArray[np.int64]:
    """The order in which a table that a learner brings is split."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SPLIT_STREAM,)))
    return rng.permutation(samples)
