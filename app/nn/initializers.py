"""How parameters begin.

A recipe is a rule for weights and a rule for biases. Networks of one seed share one set of draws,
a standard normal and a uniform number on [-1, 1) for every parameter, and a rule only scales them:
two recipes then differ in the rule and in nothing else. Each layer has streams of its own, so that
adding a layer does not change what the layers below begin with.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from app.choices import Chosen, Range
from app.nn.stack import Architecture
from app.nn.types import Array


@dataclass(frozen=True)
class Draws:
    """Random numbers for one array of parameters: N(0, 1) and U[-1, 1), of its shape."""

    normal: Array
    uniform: Array


@dataclass(frozen=True)
class Rule:
    """Makes an array of parameters, W (n_out, n_in) or b (n_out, 1), from its draws.

    `spread` is the standard deviation it aims at, as a function of (fan_out, fan_in) and its
    options; None where the numbers are not random.
    """

    function: Callable[..., Array]
    formula: str
    parameters: tuple[Range, ...] = ()
    spread: Callable[..., float] | None = None


def zeros(draws: Draws) -> Array:
    """All zero."""
    return np.zeros_like(draws.normal)


def constant(draws: Draws, value: float) -> Array:
    """All the same number: the neurons of a layer can never become different."""
    return np.full_like(draws.normal, value)


def normal(draws: Draws, std: float) -> Array:
    """N(0, std²); std = 0.1 is the article's `randn * 0.1`."""
    return draws.normal * std


def uniform(draws: Draws, limit: float) -> Array:
    """U[-limit, limit)."""
    return draws.uniform * limit


def lecun_normal(draws: Draws) -> Array:
    """N(0, 1/fan_in). LeCun et al. 1998, Efficient BackProp, §4.6."""
    return draws.normal * sqrt(1.0 / draws.normal.shape[1])


def lecun_uniform(draws: Draws) -> Array:
    """U(±sqrt(3/fan_in)): the variance of `lecun_normal`."""
    return draws.uniform * sqrt(3.0 / draws.normal.shape[1])


def glorot_normal(draws: Draws) -> Array:
    """N(0, 2/(fan_in + fan_out)). Glorot & Bengio 2010, §4.2.1, eq. 12."""
    return draws.normal * sqrt(2.0 / sum(draws.normal.shape))


def glorot_uniform(draws: Draws) -> Array:
    """U(±sqrt(6/(fan_in + fan_out))). Glorot & Bengio 2010, eq. 16."""
    return draws.uniform * sqrt(6.0 / sum(draws.normal.shape))


def he_normal(draws: Draws) -> Array:
    """N(0, 2/fan_in). He et al. 2015, Delving Deep into Rectifiers, §2.2, eq. 10."""
    return draws.normal * sqrt(2.0 / draws.normal.shape[1])


def he_uniform(draws: Draws) -> Array:
    """U(±sqrt(6/fan_in)): the variance of `he_normal`."""
    return draws.uniform * sqrt(6.0 / draws.normal.shape[1])


def orthogonal(draws: Draws, gain: float) -> Array:
    """gain · Q with orthonormal rows, or columns where there are more rows than columns.

    Q comes from the QR decomposition of the normal draws, each column multiplied by the sign of
    R's diagonal, which makes it uniform over the orthogonal matrices (Mezzadri 2007, §5).
    Saxe et al. 2014, Exact solutions to the nonlinear dynamics of learning.
    """
    tall = draws.normal if draws.normal.shape[0] >= draws.normal.shape[1] else draws.normal.T
    Q, R = np.linalg.qr(tall)
    Q = Q * np.where(np.diagonal(R) < 0.0, -1.0, 1.0)
    return gain * (Q if Q.shape == draws.normal.shape else Q.T)


_VALUE = Range("value", 0.5, -10.0, 10.0)
_STD = Range("std", 0.1, 0.0, 10.0)
_LIMIT = Range("limit", 0.5, 0.0, 10.0)
_GAIN = Range("gain", 1.0, 0.0, 10.0)

_PLAIN: dict[str, Rule] = {
    "zeros": Rule(zeros, "0"),
    "constant": Rule(constant, "value", (_VALUE,)),
    "normal": Rule(normal, "N(0, std²)", (_STD,), lambda fan_out, fan_in, std: std),
    "uniform": Rule(
        uniform, "U(−limit, limit)", (_LIMIT,), lambda fan_out, fan_in, limit: limit / sqrt(3.0)
    ),
}

BIAS_RULES: dict[str, Rule] = dict(_PLAIN)

WEIGHT_RULES: dict[str, Rule] = {
    **_PLAIN,
    "lecun_normal": Rule(
        lecun_normal, "N(0, 1/n_in)", spread=lambda fan_out, fan_in: sqrt(1.0 / fan_in)
    ),
    "lecun_uniform": Rule(
        lecun_uniform, "U(±√(3/n_in))", spread=lambda fan_out, fan_in: sqrt(1.0 / fan_in)
    ),
    "glorot_normal": Rule(
        glorot_normal,
        "N(0, 2/(n_in + n_out))",
        spread=lambda fan_out, fan_in: sqrt(2.0 / (fan_in + fan_out)),
    ),
    "glorot_uniform": Rule(
        glorot_uniform,
        "U(±√(6/(n_in + n_out)))",
        spread=lambda fan_out, fan_in: sqrt(2.0 / (fan_in + fan_out)),
    ),
    "he_normal": Rule(he_normal, "N(0, 2/n_in)", spread=lambda fan_out, fan_in: sqrt(2.0 / fan_in)),
    "he_uniform": Rule(
        he_uniform, "U(±√(6/n_in))", spread=lambda fan_out, fan_in: sqrt(2.0 / fan_in)
    ),
    "orthogonal": Rule(
        orthogonal,
        "gain · Q, Q Qᵀ = I",
        (_GAIN,),
        lambda fan_out, fan_in, gain: gain / sqrt(max(fan_in, fan_out)),
    ),
}

_INIT_STREAM = 1


def initialize(architecture: Architecture, weights: Chosen, biases: Chosen, seed: int) -> Array:
    """theta (P,) of a network that begins by these two rules, the same for the same seed."""
    weight_rule, bias_rule = WEIGHT_RULES[weights.name], BIAS_RULES[biases.name]
    theta: Array = np.empty((1, architecture.parameter_count))
    for layer, (W, b) in enumerate(architecture.views(theta)):
        W[0] = weight_rule.function(_draws(seed, layer, 0, W[0].shape), **weights.options)
        b[0] = bias_rule.function(_draws(seed, layer, 1, b[0].shape), **biases.options)
    return theta.reshape(-1)


def _draws(seed: int, layer: int, which: int, shape: tuple[int, ...]) -> Draws:
    stream = np.random.SeedSequence(seed, spawn_key=(_INIT_STREAM, layer, which))
    for_normal, for_uniform = (np.random.default_rng(child) for child in stream.spawn(2))
    return Draws(for_normal.standard_normal(shape), for_uniform.uniform(-1.0, 1.0, shape))
