"""Initialisation rules of weights and biases, each a function of its draws.

A rule only scales draws that all rules share: a standard normal and a uniform number on [-1, 1) for
every parameter. Two recipes of one seed then differ in the rule and in nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, pi, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np

from app.choices import Range
from app.nn.types import Array

Shape = Literal["normal", "uniform", "truncated_normal"]
TRUNCATION = 2.0
_STANDARD = NormalDist()
TRUNCATED_SPREAD = sqrt(
    1.0
    - 2.0 * TRUNCATION * _STANDARD.pdf(TRUNCATION)
    / (_STANDARD.cdf(TRUNCATION) - _STANDARD.cdf(-TRUNCATION))
)  # fmt: skip
"""The standard deviation of a standard normal given that it lies within ±2: 0.8796."""


@dataclass(frozen=True)
class Draws:
    """Random numbers for one array of parameters: N(0, 1) and U[-1, 1), of its shape."""

    normal: Array
    uniform: Array


@dataclass(frozen=True)
class Rule:
    """Makes an array of parameters, W (n_out, n_in) or b (n_out, 1), from its draws.

    `spread` is the standard deviation it aims at, as a function of (fan_out, fan_in) and its
    options; None where the numbers are not random, or depend on the data. `shape` is the
    distribution that they are drawn from, if that has a name. With `unit_variance` the weights are
    then scaled so that the layer's W A varies by 1 over the training set.
    """

    function: Callable[..., Array]
    formula: str
    parameters: tuple[Range, ...] = ()
    spread: Callable[..., float] | None = None
    shape: Shape | None = None
    unit_variance: bool = False


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


def fan_in_uniform(draws: Draws) -> Array:
    """U(±1/sqrt(fan_in)), of variance 1/(3 fan_in): a third of that of `lecun_uniform`.

    The "commonly used heuristic" of Glorot & Bengio 2010, eq. 1, and what torch.nn.Linear draws
    its weights from.
    """
    return draws.uniform / sqrt(draws.normal.shape[1])


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


def truncated_normal(draws: Draws, std: float) -> Array:
    """N(0, std²) given that it lies within ±2 std; its own standard deviation is 0.8796 std.

    What `normal` draws within the bounds stays; the others are drawn again, from the uniform draws
    by the inverse distribution function. As torch.nn.init.trunc_normal_ with its bounds at ±2 std.
    """
    numbers = np.array(draws.normal)
    outside = np.abs(numbers) > TRUNCATION
    tail = _STANDARD.cdf(-TRUNCATION)
    share = tail + 0.5 * (draws.uniform[outside] + 1.0) * (1.0 - 2.0 * tail)
    numbers[outside] = [_STANDARD.inv_cdf(p) for p in share.tolist()]
    return np.clip(numbers, -TRUNCATION, TRUNCATION) * std


def sparse(draws: Draws, std: float, sparsity: float) -> Array:
    """N(0, std²), but in every column ⌈sparsity · n_out⌉ weights are 0, drawn at random.

    As torch.nn.init.sparse_; the idea is from Martens 2010, Deep learning via Hessian-free
    optimization, §5, where each neuron keeps a fixed number of connections.
    """
    empty = zeros_per_column(sparsity, draws.normal.shape[0])
    W = draws.normal * std
    np.put_along_axis(W, np.argsort(draws.uniform, axis=0)[:empty], 0.0, axis=0)
    return W


def zeros_per_column(sparsity: float, fan_out: int) -> int:
    """The number of weights in a column that are 0."""
    return ceil(sparsity * fan_out)


def identity(draws: Draws, gain: float) -> Array:
    """gain on the diagonal, 0 elsewhere: each neuron hands on one input.

    Le, Jaitly & Hinton 2015, A simple way to initialize recurrent networks of rectified linear
    units; torch.nn.init.eye_.
    """
    return gain * np.eye(*draws.normal.shape)


def tensorflow_playground(draws: Draws) -> Array:
    """U(-1/2, 1/2), whatever the size of the layer."""
    return draws.uniform * 0.5


def tensorflow_playground_bias(draws: Draws) -> Array:
    """0.1."""
    return np.full_like(draws.normal, 0.1)


def lsuv(draws: Draws) -> Array:
    """Orthonormal, then divided by the standard deviation of W A on the training set.

    Mishkin & Matas 2016, All you need is a good init, algorithm 1. Their loop is not needed: W A is
    linear in W, so that one division makes its variance 1. A layer's biases are left out of it.
    """
    return orthogonal(draws, 1.0)


_VALUE = Range("value", 0.5, -10.0, 10.0)
_STD = Range("std", 0.1, 0.0, 10.0)
_LIMIT = Range("limit", 0.5, 0.0, 10.0)
_GAIN = Range("gain", 1.0, 0.0, 10.0)
_SPARSITY = Range("sparsity", 0.5, 0.0, 1.0)

_PLAIN: dict[str, Rule] = {
    "zeros": Rule(zeros, "0"),
    "constant": Rule(constant, "value", (_VALUE,)),
    "normal": Rule(normal, "N(0, std²)", (_STD,), lambda fan_out, fan_in, std: std, "normal"),
    "uniform": Rule(
        uniform,
        "U(−limit, limit)",
        (_LIMIT,),
        lambda fan_out, fan_in, limit: limit / sqrt(3.0),
        "uniform",
    ),
}

BIAS_RULES: dict[str, Rule] = {
    **_PLAIN,
    "tensorflow_playground": Rule(tensorflow_playground_bias, "0.1"),
}

WEIGHT_RULES: dict[str, Rule] = {
    **_PLAIN,
    "lecun_normal": Rule(
        lecun_normal,
        "N(0, 1/n_in)",
        spread=lambda fan_out, fan_in: sqrt(1.0 / fan_in),
        shape="normal",
    ),
    "lecun_uniform": Rule(
        lecun_uniform,
        "U(±√(3/n_in))",
        spread=lambda fan_out, fan_in: sqrt(1.0 / fan_in),
        shape="uniform",
    ),
    "fan_in_uniform": Rule(
        fan_in_uniform,
        "U(±1/√n_in)",
        spread=lambda fan_out, fan_in: sqrt(1.0 / (3.0 * fan_in)),
        shape="uniform",
    ),
    "glorot_normal": Rule(
        glorot_normal,
        "N(0, 2/(n_in + n_out))",
        spread=lambda fan_out, fan_in: sqrt(2.0 / (fan_in + fan_out)),
        shape="normal",
    ),
    "glorot_uniform": Rule(
        glorot_uniform,
        "U(±√(6/(n_in + n_out)))",
        spread=lambda fan_out, fan_in: sqrt(2.0 / (fan_in + fan_out)),
        shape="uniform",
    ),
    "he_normal": Rule(
        he_normal,
        "N(0, 2/n_in)",
        spread=lambda fan_out, fan_in: sqrt(2.0 / fan_in),
        shape="normal",
    ),
    "he_uniform": Rule(
        he_uniform,
        "U(±√(6/n_in))",
        spread=lambda fan_out, fan_in: sqrt(2.0 / fan_in),
        shape="uniform",
    ),
    "orthogonal": Rule(
        orthogonal,
        "gain · Q, Q Qᵀ = I",
        (_GAIN,),
        lambda fan_out, fan_in, gain: gain / sqrt(max(fan_in, fan_out)),
    ),
    "truncated_normal": Rule(
        truncated_normal,
        "N(0, std²), |w| ≤ 2 std",
        (_STD,),
        lambda fan_out, fan_in, std: TRUNCATED_SPREAD * std,
        "truncated_normal",
    ),
    "sparse": Rule(
        sparse,
        "N(0, std²), ⌈sparsity · n_out⌉ zeros in each column",
        (_STD, _SPARSITY),
        lambda fan_out, fan_in, std, sparsity: (
            std * sqrt(1.0 - zeros_per_column(sparsity, fan_out) / fan_out)
        ),
    ),
    "identity": Rule(identity, "gain · I", (_GAIN,)),
    "tensorflow_playground": Rule(
        tensorflow_playground,
        "U(−½, ½)",
        spread=lambda fan_out, fan_in: 0.5 / sqrt(3.0),
        shape="uniform",
    ),
    "lsuv": Rule(lsuv, "Q / σ(Q A), Q Qᵀ = I", unit_variance=True),
}


def density(shape: Shape, spread: float, x: Array) -> Array:
    """The probability density at x (n,) of a distribution around 0 with this standard deviation."""
    if shape == "uniform":
        limit = spread * sqrt(3.0)
        return np.where(np.abs(x) <= limit, 0.5 / limit, 0.0)
    std = spread / TRUNCATED_SPREAD if shape == "truncated_normal" else spread
    bell = np.exp(-0.5 * (x / std) ** 2) / (std * sqrt(2.0 * pi))
    if shape == "normal":
        return np.asarray(bell)
    within = _STANDARD.cdf(TRUNCATION) - _STANDARD.cdf(-TRUNCATION)
    return np.where(np.abs(x) <= TRUNCATION * std, bell / within, 0.0)
