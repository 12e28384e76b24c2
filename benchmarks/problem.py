"""What the engine's benchmarks compute: 250 samples of two classes, and networks to learn them."""

import numpy as np

from app.nn.stack import Architecture, Layer
from app.nn.types import Array

SAMPLES = 250
LOSS = "cross_entropy"


def network(*hidden: int) -> Architecture:
    """Two inputs, tanh layers, one sigmoid output."""
    return Architecture(2, (*(Layer(units, "tanh") for units in hidden), Layer(1, "sigmoid")))


def samples() -> tuple[Array, Array]:
    """X (2, 250) and Y (1, 250): points in a square, and whether their signs agree."""
    X = np.random.default_rng(1).uniform(-1.0, 1.0, (2, SAMPLES))
    return X, (X[:1] * X[1:] > 0.0).astype(float)


def networks(architecture: Architecture, count: int) -> Array:
    """theta (count, P), drawn so that no neuron is saturated and none is dead."""
    return np.random.default_rng(2).normal(0.0, 0.7, (count, architecture.parameter_count))
