"""Regression data: noisy functions of one input, and of two."""

from collections.abc import Callable

import numpy as np

from app.data.types import Array, Points

_RADIUS = 6.0
PEAKS = ((-4.0, 2.5, 1.0), (0.0, 2.5, -1.0), (4.0, 2.5, 1.0),
         (-4.0, -2.5, 1.0), (0.0, -2.5, -1.0), (4.0, -2.5, 1.0))  # fmt: skip
"""TensorFlow Playground's six cones: where each stands, and its sign."""
CURVE_END = 3.0
"""The curves of one input are drawn for x from -3 to 3."""


def line(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """One input: y = 1.5 x - 0.5 + d·N(0, 1) with x ~ U(-1, 1), for the bowl J(W, b)."""
    x = rng.uniform(-1.0, 1.0, (1, samples))
    return x, 1.5 * x[0] - 0.5 + noise * rng.standard_normal(samples)


def curve(
    f: Callable[[Array], Array],
) -> Callable[[np.random.Generator, int, float], Points]:
    """One input: y = f(x) + d·N(0, 1) with x ~ U(-3, 3)."""

    def generate(rng: np.random.Generator, samples: int, noise: float) -> Points:
        x = rng.uniform(-CURVE_END, CURVE_END, (1, samples))
        return x, f(x[0]) + noise * rng.standard_normal(samples)

    return generate


def plane(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """(x + ε₁ + y + ε₂)/10 with p ~ U(-6, 6)², ε ~ d·U(-6, 6)."""
    p = rng.uniform(-_RADIUS, _RADIUS, (2, samples))
    x, y = p + noise * rng.uniform(-_RADIUS, _RADIUS, p.shape)
    return p, (x + y) / 10.0


def cones(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """Six cones of height ±1 and radius 2 at p + ε, p ~ U(-6, 6)², ε ~ d·U(-6, 6).

    Of s·clip(1 - ‖p - c‖/2, 0, 1) over the six (c, s), the one of largest magnitude.
    """
    p = rng.uniform(-_RADIUS, _RADIUS, (2, samples))
    return p, height(p + noise * rng.uniform(-_RADIUS, _RADIUS, p.shape))


def height(p: Array) -> Array:
    """The height (n,) of the six cones at points (2, n)."""
    x, y, sign = np.array(PEAKS).T[:, :, np.newaxis]
    heights = sign * np.clip(1.0 - np.hypot(p[0] - x, p[1] - y) / 2.0, 0.0, 1.0)
    tallest = np.argmax(np.abs(heights), axis=0)
    return np.asarray(np.take_along_axis(heights, tallest[np.newaxis], axis=0)[0])
