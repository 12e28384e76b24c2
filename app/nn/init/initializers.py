"""Initialisation of a whole network by a recipe.

A recipe is a rule for weights and a rule for biases, and others for single layers where wanted.
Networks of one seed share one set of draws. Each layer has its own streams, so that adding a
layer does not change what the layers below begin with.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.choices import Chosen
from app.nn.activations import ACTIVATIONS
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES, Draws
from app.nn.stack import Architecture
from app.nn.types import Array

_INIT_STREAM = 1


@dataclass(frozen=True)
class Recipe:
    """A rule for weights and one for biases; `layers` holds those of single layers, or None."""

    weights: Chosen
    biases: Chosen
    layers: tuple[tuple[Chosen, Chosen] | None, ...] = ()

    def rules(self, layer: int) -> tuple[Chosen, Chosen]:
        """The rules for the weights and biases of a layer, counted from 0."""
        own = self.layers[layer] if layer < len(self.layers) else None
        return own or (self.weights, self.biases)

    def needs_data(self, layers: int) -> bool:
        """Whether a rule looks at the training set, in a network of so many layers."""
        return any(WEIGHT_RULES[self.rules(layer)[0].name].unit_variance for layer in range(layers))


def initialize(
    architecture: Architecture,
    recipe: Recipe,
    seed: int,
    X: Array | None = None,
    pause: Callable[[], None] = lambda: None,
) -> Array:
    """Draw theta (P,) by a recipe, the same for the same seed and data.

    X (n_x, n) is the training input; `pause` is called where it was sent through a layer. Raises
    ValueError if a rule needs it and it is missing.
    """
    theta: Array = np.empty((1, architecture.parameter_count))
    views = architecture.views(theta)
    below, A = 0, X  # the activations under this layer, as far as they are worked out
    for layer, (W, b) in enumerate(views):
        weights, biases = recipe.rules(layer)
        rule = WEIGHT_RULES[weights.name]
        W[0] = rule.function(_draws(seed, layer, 0, W[0].shape), **weights.options)
        bias_rule = BIAS_RULES[biases.name]
        b[0] = bias_rule.function(_draws(seed, layer, 1, b[0].shape), **biases.options)
        if rule.unit_variance:
            if A is None:
                raise ValueError(f"{weights.name} needs the training set")
            for place in range(below, layer):
                A = _activations(*views[place], A, architecture.layers[place].activation)
            below = layer
            _scale_to_unit_variance(W[0], A)
            pause()
    return theta.reshape(-1)


def _scale_to_unit_variance(W: Array, A: Array) -> None:
    """Divides W (n_out, n_in) by the standard deviation of W A; where that is 0, W stays."""
    with np.errstate(all="ignore"):
        spread = float(np.std(W @ A))
    if 0.0 < spread < np.inf:
        W /= spread


def _activations(W: Array, b: Array, A: Array, activation: str) -> Array:
    """What a layer (1, n_out, n_in), (1, n_out, 1) makes of the activations (n_in, n) below it."""
    Z = W[0] @ A + b[0]
    return ACTIVATIONS[activation].function(Z, np.empty_like(Z))


def _draws(seed: int, layer: int, which: int, shape: tuple[int, ...]) -> Draws:
    stream = np.random.SeedSequence(seed, spawn_key=(_INIT_STREAM, layer, which))
    for_normal, for_uniform = (np.random.default_rng(child) for child in stream.spawn(2))
    return Draws(for_normal.standard_normal(shape), for_uniform.uniform(-1.0, 1.0, shape))
