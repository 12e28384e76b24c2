"""Variance theory: the expected size of a network's signals before training.

Assumed are wide layers, whose z are sums of many independent terms and hence normal: then
Var z = n_in · Var W · E[a²] + Var b going up, and Var dJ/dz = n_out · Var W · E[f'(z)²] · Var dJ/dz
of the layer above coming down. Glorot & Bengio 2010, §4.2.1; He et al. 2015, §2.2; Poole et al.
2016, Exponential expressivity, eq. 3. Small layers scatter around this, and training leaves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from app.choices import Chosen
from app.nn.activations import ACTIVATIONS
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES, Draws
from app.nn.stack import Architecture
from app.nn.types import Array

_NODES, _REACH = 2000, 8.0


@dataclass(frozen=True)
class Expected:
    """The standard deviations expected of a layer's outputs, and of its dJ/dz; None: no theory."""

    activation: float | None
    backward: float | None


def expected(
    architecture: Architecture,
    rules: Sequence[tuple[Chosen, Chosen]] | None,
    input_power: float,
    output_delta: float,
) -> list[Expected]:
    """The expected signals of every layer, initialised by `rules` for weights and biases.

    `input_power` is the mean of x² over inputs and samples, `output_delta` the standard deviation
    of dJ/dz at the outputs. There is no theory of given parameters, of constant weights, nor of
    what lies above such a layer, or, for dJ/dz, below it.
    """
    layers = len(architecture.layers)
    if rules is None:
        return [Expected(None, None)] * layers
    activations: list[float | None] = []
    gains: list[float | None] = []  # Var dJ/dz of a layer over that of the layer above
    power: float | None = input_power
    for place, (n_out, n_in) in enumerate(architecture.shapes):
        spread = _spread(rules[place][0], n_out, n_in)
        shift, blur = _bias(rules[place][1], n_out, n_in)
        if power is None or spread is None or shift is None or blur is None:
            activations.append(None)
            gains.append(None)
            power = None
            continue
        z = shift + sqrt(n_in * spread**2 * power + blur**2) * _POINTS
        activation = ACTIVATIONS[architecture.layers[place].activation]
        if activation.output_only:  # a softmax, above which there is nothing
            activations.append(None)
            gains.append(None)
            continue
        a = activation.function(z, np.empty_like(z))
        mean, power = float(_WEIGHTS @ a), float(_WEIGHTS @ (a * a))
        activations.append(sqrt(max(0.0, power - mean * mean)))
        above = None
        if place + 1 < layers:
            above = _spread(rules[place + 1][0], *architecture.shapes[place + 1])
        slope = float(_WEIGHTS @ activation.derivative(z, a) ** 2)
        fan_out = architecture.shapes[place + 1][0] if place + 1 < layers else 0
        gains.append(None if above is None else fan_out * above**2 * slope)
    backward: list[float | None] = [output_delta]
    for gain in reversed(gains[:-1]):
        after = backward[0]
        backward.insert(0, None if gain is None or after is None else after * sqrt(gain))
    return [Expected(*pair) for pair in zip(activations, backward, strict=True)]


_NOTHING: Array = np.zeros((1, 1))


def _spread(rule: Chosen, fan_out: int, fan_in: int) -> float | None:
    """The standard deviation of a layer's weights; None where they are not drawn around 0."""
    if rule.name == "zeros":
        return 0.0
    spread = WEIGHT_RULES[rule.name].spread
    return None if spread is None else spread(fan_out, fan_in, **rule.options)


def _bias(rule: Chosen, fan_out: int, fan_in: int) -> tuple[float | None, float | None]:
    """The mean and the standard deviation of a layer's biases; None where nothing is known."""
    spread = BIAS_RULES[rule.name].spread
    if spread is not None:
        return 0.0, spread(fan_out, fan_in, **rule.options)
    every = BIAS_RULES[rule.name].function(Draws(_NOTHING, _NOTHING), **rule.options)
    return float(every[0, 0]), 0.0


def _gauss() -> tuple[Array, Array]:
    """Points and weights by which E f(z), z ~ N(0, 1), is a sum.

    Evenly spaced, so that a slope that is steep in one narrow place is not stepped over when z
    spreads widely, as in saturated layers; none of them is 0, where kinks are.
    """
    points = np.linspace(-_REACH, _REACH, _NODES)
    weights = np.exp(-0.5 * points * points)
    return points, weights / weights.sum()


_POINTS, _WEIGHTS = _gauss()
