"""Classification data: two classes are labelled ±1, more are numbered from 0.

The sets that TensorFlow Playground has are defined as in its dataset.ts. Every ε is a fresh draw.
"""

from collections.abc import Callable
from math import ceil, pi, sqrt

import numpy as np

from app.data.types import Array, Points

_RADIUS = 5.0
RINGS = ((0.0, 1.0), (2.0, 3.0), (4.0, 5.0))
"""Between which radii the three rings lie."""
_MOON_SCALE, _MOON_MIDDLE = 3.0, np.array([[0.5], [0.25]])


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


def moons(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """Two interleaved half circles, +1 above and -1 below.

    (cos t, sin t) and (1 - cos t, 1/2 - sin t) with t evenly from 0 to π, plus d·N(0, 1), as in
    scikit-learn's `make_moons`; then moved to the middle and drawn three times as large.
    """
    m = ceil(samples / 2)
    upper, lower = (pi * np.arange(count) / max(1, count - 1) for count in (m, samples - m))
    p = np.concatenate(
        [
            [np.cos(upper), np.sin(upper)],
            [1.0 - np.cos(lower), 0.5 - np.sin(lower)],
        ],
        axis=1,
    )
    p += noise * rng.standard_normal(p.shape)
    return _MOON_SCALE * (p - _MOON_MIDDLE), np.where(np.arange(samples) < m, 1.0, -1.0)


def rings(rng: np.random.Generator, samples: int, noise: float) -> Points:
    """Three rings of radii 0-1, 2-3 and 4-5, their classes 0, 1 and 2.

    The class is that of ‖p + ε‖, ε ~ d·U(-5, 5), with boundaries half way between the rings, at 1.5
    and 3.5.
    """
    low, high = np.array(RINGS)[np.arange(samples) % len(RINGS)].T
    r, angle = rng.uniform(low, high), rng.uniform(0.0, 2.0 * pi, samples)
    p = np.stack([r * np.sin(angle), r * np.cos(angle)])
    moved = p + noise * rng.uniform(-_RADIUS, _RADIUS, p.shape)
    return p, np.digitize(np.hypot(*moved), [1.5, 3.5]).astype(np.float64)


def gate(
    truth: Callable[[Array, Array], Array],
) -> Callable[[np.random.Generator, int, float], Points]:
    """A logic gate: its truth table again and again, in turn (0, 0), (0, 1), (1, 0), (1, 1).

    +1 where the gate says 1; the points move by d·N(0, 1) and keep the label of their corner.
    """

    def generate(rng: np.random.Generator, samples: int, noise: float) -> Points:
        corner = np.arange(samples) % 4
        p = np.stack([corner // 2, corner % 2]).astype(np.float64)
        label = np.where(truth(*p) > 0.0, 1.0, -1.0)
        return p + noise * rng.standard_normal(p.shape), label

    return generate
