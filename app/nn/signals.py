"""Statistics of a network's signals, layer by layer: size, spread, saturation and dead neurons."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nn.activations import ACTIVATIONS
from app.nn.similarity import first_alike, near_identical_neurons, similarity
from app.nn.trace import TracedLayer
from app.nn.types import Array

BINS = 24
SATURATED = 0.05
"""A bounded activation is saturated where its slope is below this share of its steepest."""
DEAD = 1e-6
"""A neuron is dead whose slope stays below this on every sample: no gradient passes it."""


@dataclass(frozen=True)
class Histogram:
    """Counts (BINS,) of values in equal bins from `low` to `high`."""

    low: float
    high: float
    counts: NDArray[np.int64]


@dataclass(frozen=True)
class LayerSignals:
    """One layer of one network, over the samples that were passed through it.

    `mean`, `std` and `activations` are of all outputs of all neurons, `backward` is the standard
    deviation of n · dJ/dz (of each sample's own share, so that it does not depend on how many there
    are), `norm`, `gradient_std` and `gradients` are of dJ/dW and dJ/db. `saturated` is a share of
    outputs, None where the activation does not saturate; `dead` a share of neurons. `distinct` is
    the number of different neurons, `twins` are those that are identical.
    """

    mean: float
    std: float
    activations: Histogram | None
    backward: float
    norm: float
    gradient_std: float
    gradients: Histogram | None
    saturated: float | None
    dead: float | None
    distinct: int
    twins: list[list[int]]
    similarity: float | None


def measure(layer: TracedLayer, activation: str) -> LayerSignals:
    """The signals of a layer whose pass over n samples was traced."""
    gradient = np.concatenate([layer.weight_gradient, layer.bias_gradient[:, np.newaxis]], axis=1)
    first = first_alike(np.concatenate([layer.W, layer.b], axis=1))
    shares = _at_rest(layer, activation)
    return LayerSignals(
        float(layer.A.mean()),
        float(layer.A.std()),
        histogram(layer.A),
        float(layer.A.shape[1] * layer.delta.std()),
        float(np.sqrt(np.add.reduce(gradient * gradient, axis=None))),
        float(gradient.std()),
        histogram(gradient),
        *shares,
        len(np.unique(first)),
        near_identical_neurons(first),
        similarity(layer.A),
    )


def _at_rest(layer: TracedLayer, activation: str) -> tuple[float | None, float | None]:
    """The saturated share of a layer's outputs, and the dead share of its neurons."""
    choice = ACTIVATIONS[activation]
    if layer.slope is None:
        return None, None
    slope = np.abs(layer.slope)
    saturated = float((slope < SATURATED * _steepest(activation)).mean())
    dead = float((slope.max(axis=1) < DEAD).mean())
    return (saturated if choice.bounded else None), dead


def _steepest(activation: str) -> float:
    """The largest slope that an activation has."""
    z = np.linspace(-4.0, 4.0, 801)
    choice = ACTIVATIONS[activation]
    return float(choice.derivative(z, choice.function(z, np.empty_like(z))).max())


def histogram(values: Array) -> Histogram | None:
    """The distribution of values in BINS bins; None if some are not finite."""
    if not np.isfinite(values).all():
        return None
    low, high = float(values.min()), float(values.max())
    # Bins narrower than the numbers themselves are apart would have no width.
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-300):
        margin = max(0.5 * abs(low), 1e-12)
        low, high = low - margin, high + margin
    counts, _ = np.histogram(values, BINS, (low, high))
    return Histogram(low, high, counts)
