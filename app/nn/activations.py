"""Activation functions, each beside its derivative, so that one look checks the pair.

`function(z, out)` writes f(z) into `out`, which may be `z` itself. `derivative(z, a, out)` gives
f'(z), where `a = f(z)`, in a new array or in an `out` that is neither of them; most are cheapest in
terms of `a`, and an activation that says `needs_logits=False` promises to look at `a` only, so that
`z` need not be kept.
At a kink the derivative is PyTorch's: 0 for relu, the slope of the left for the others.

Softmax is no function of one number: it makes a distribution of the outputs of one sample, along
the last but one axis. It is for an output layer, with a loss that is computed from its logits, and
what it gives as derivative is the diagonal of its Jacobian.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import Protocol

import numpy as np

from app.choices import Range
from app.nn.erf import erf
from app.nn.types import Array


class Derivative(Protocol):
    """f'(z) of an activation, written into `out` where there is one."""

    def __call__(self, z: Array, a: Array, out: Array | None = None) -> Array: ...


@dataclass(frozen=True)
class Activation:
    """An activation function f, elementwise, with its derivative.

    `class_labels` are the targets of a class that this function can reach as an output:
    (0, 1) where it is not negative, or hardly, and (-1, 1) elsewhere. One that is `output_only` is
    a function of a whole layer, and that layer the last one, of two units or more. `symbol` is
    what the field writes for f where that is not the entry's name. `work` is the time that one
    number takes in one pass, of f or of f', in multiplications of large matrices, measured.
    """

    function: Callable[[Array, Array], Array]
    derivative: Derivative
    formula: str
    class_labels: tuple[float, float] = (-1.0, 1.0)
    bounded: bool = False
    needs_logits: bool = False
    parameters: tuple[Range, ...] = ()
    output_only: bool = False
    symbol: str = ""
    work: int = 64


def linear(z: Array, out: Array) -> Array:
    """z."""
    if out is not z:
        np.copyto(out, z)
    return out


def linear_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """1."""
    out = np.empty_like(a) if out is None else out
    out.fill(1.0)
    return out


def sigmoid(z: Array, out: Array) -> Array:
    """1 / (1 + e^-z), to the last bits of it on both sides.

    (1 + tanh(z/2)) / 2, which cannot overflow, loses every digit where z is far below 0. Here
    nothing cancels; where e^-z is too large for a number, the quotient is the 0 it should be.
    """
    np.negative(z, out=out)
    with np.errstate(over="ignore"):
        np.exp(out, out=out)
    np.add(out, 1.0, out=out)
    return np.reciprocal(out, out=out)


def sigmoid_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """σ(z) σ(-z) = a / (1 + e^z): as a (1 - a) it would lose its digits where a is close to 1."""
    with np.errstate(over="ignore"):
        out = np.exp(z, out=out)
    np.add(out, 1.0, out=out)
    return np.divide(a, out, out=out)


def tanh(z: Array, out: Array) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(z, out=out)


def tanh_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """1 - a²."""
    out = np.multiply(a, a, out=out)
    return np.subtract(1.0, out, out=out)


def relu(z: Array, out: Array) -> Array:
    """max(z, 0)."""
    return np.maximum(z, 0.0, out=out)


def relu_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """1 where a is positive, else 0."""
    out = np.empty_like(a) if out is None else out
    return np.greater(a, 0.0, out=out)


LEAK = 0.01


def leaky_relu(z: Array, out: Array) -> Array:
    """z, or 0.01 z where that is negative. Maas et al. 2013, Rectifier Nonlinearities, §2."""
    return np.maximum(z, np.multiply(z, LEAK), out=out)


def leaky_relu_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """1 where a is positive, else 0.01."""
    out = np.empty_like(a) if out is None else out
    out.fill(LEAK)
    np.copyto(out, 1.0, where=a > 0.0)
    return out


def elu(z: Array, out: Array) -> Array:
    """z, or e^z - 1 where z is negative. Clevert et al. 2016, §3, with α = 1."""
    below = np.expm1(np.minimum(z, 0.0))
    np.maximum(z, 0.0, out=out)
    return np.add(out, below, out=out)


def elu_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """1, or e^z = a + 1 where z is negative."""
    out = np.minimum(a, 0.0, out=out)
    return np.add(out, 1.0, out=out)


SELU_SCALE = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717
"""Klambauer et al. 2017, Self-Normalizing Neural Networks, eq. 14: a mean of 0 and a variance of 1
are a fixed point."""


def selu(z: Array, out: Array) -> Array:
    """λ z, or λ α (e^z - 1) where z is negative."""
    below = np.expm1(np.minimum(z, 0.0))
    below *= SELU_SCALE * SELU_ALPHA
    np.maximum(z, 0.0, out=out)
    np.multiply(out, SELU_SCALE, out=out)
    return np.add(out, below, out=out)


def selu_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """λ, or λ α e^z = a + λ α where z is negative."""
    out = np.add(a, SELU_SCALE * SELU_ALPHA, out=out)
    np.copyto(out, SELU_SCALE, where=a > 0.0)
    return out


def softplus(z: Array, out: Array) -> Array:
    """ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|), which cannot overflow."""
    rest = np.abs(z)
    np.negative(rest, out=rest)
    np.exp(rest, out=rest)
    np.log1p(rest, out=rest)
    np.maximum(z, 0.0, out=out)
    return np.add(out, rest, out=out)


def softplus_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """σ(z) = 1 - e^-a."""
    out = np.negative(a, out=out)
    np.expm1(out, out=out)
    return np.negative(out, out=out)


def _normal_share(z: Array) -> Array:
    """Φ(z) = (1 + erf(z/√2)) / 2, the share of a standard normal distribution below z."""
    share = erf(z * sqrt(0.5))
    share += 1.0
    share *= 0.5
    return share


def gelu(z: Array, out: Array) -> Array:
    """z Φ(z), exactly and not by tanh. Hendrycks & Gimpel 2016, §2."""
    return np.multiply(z, _normal_share(z), out=out)


def gelu_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """Φ(z) + z φ(z), where φ is the standard normal density."""
    z = np.clip(z, -40.0, 40.0)  # where φ is 0 already, and z² still a number
    density = np.multiply(-0.5, z, out=out)
    density *= z
    np.exp(density, out=density)
    density *= z * sqrt(0.5 / pi)
    density += _normal_share(z)
    return density


def silu(z: Array, out: Array) -> Array:
    """z σ(z). Elfwing et al. 2018, §2; also called swish."""
    return np.multiply(z, sigmoid(z, np.empty_like(z)), out=out)


def silu_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """σ(z) + z σ(z) (1 - σ(z))."""
    s = sigmoid(z, np.empty_like(z))
    out = np.subtract(1.0, s, out=out)
    np.multiply(a, out, out=out)
    return np.add(s, out, out=out)


def softmax(z: Array, out: Array) -> Array:
    """e^z / Σ e^z over the outputs; the largest z is taken from all first, which changes nothing.

    So no exponential overflows, and the sum is at least 1.
    """
    np.subtract(z, np.maximum.reduce(z, axis=-2, keepdims=True), out=out)
    np.exp(out, out=out)
    return np.divide(out, np.add.reduce(out, axis=-2, keepdims=True), out=out)


def softmax_derivative(z: Array, a: Array, out: Array | None = None) -> Array:
    """a (1 - a), the diagonal of the Jacobian."""
    out = np.subtract(1.0, a, out=out)
    return np.multiply(a, out, out=out)


ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(linear, linear_derivative, "z", work=16),
    "sigmoid": Activation(
        sigmoid,
        sigmoid_derivative,
        "σ(z) = 1 / (1 + e⁻ᶻ)",
        (0.0, 1.0),
        bounded=True,
        needs_logits=True,
        symbol="σ",
    ),
    "tanh": Activation(tanh, tanh_derivative, "tanh z", bounded=True),
    "relu": Activation(relu, relu_derivative, "max(z, 0)", (0.0, 1.0), work=16),
    "leaky_relu": Activation(leaky_relu, leaky_relu_derivative, "max(z, 0.01 z)", work=32),
    "elu": Activation(elu, elu_derivative, "z if z > 0, else eᶻ − 1"),
    "selu": Activation(selu, selu_derivative, "λz if z > 0, else λα(eᶻ − 1)", work=96),
    "softplus": Activation(softplus, softplus_derivative, "ln(1 + eᶻ)", (0.0, 1.0), work=128),
    "gelu": Activation(gelu, gelu_derivative, "z · Φ(z)", (0.0, 1.0), needs_logits=True, work=560),
    "silu": Activation(silu, silu_derivative, "z · σ(z)", (0.0, 1.0), needs_logits=True, work=96),
    "softmax": Activation(
        softmax,
        softmax_derivative,
        "eᶻⁱ / Σ eᶻʲ",
        (0.0, 1.0),
        bounded=True,
        output_only=True,
    ),
}
HIDDEN = tuple(name for name, activation in ACTIVATIONS.items() if not activation.output_only)
"""The activations that any layer may have."""
