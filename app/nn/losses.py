"""Losses: how far a stack's outputs are from the targets, each beside its gradient.

Every loss is a mean over samples and outputs, so that for one output it is the article's 1/n Σ; the
cross-entropy of a softmax, whose outputs are one answer, is a mean over samples.
Shapes: logits `z` and outputs `a` are (K, n_y, n), targets `y` (n_y, n), or (K, n_y, n) where every
network has its own; values (K,). A loss `on_logits` is computed from z, and its gradient is with
respect to z; for the others the gradient is with respect to a, and the output layer's own
derivative is still to be multiplied in.
Where there is an `out` (K, n_y, n), a gradient is written into it, and a value uses it for its
terms: training makes no new arrays at every step.

"The article", here and elsewhere, is 《神经网络的参数形成与训练》, which README names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.choices import Range
from app.nn import baselines, noise
from app.nn.activations import HIDDEN, Derivative
from app.nn.types import Array
from app.nn.worked_line import Line, WorkedLine, fill_in

OUTPUTS_WRITTEN = 4
"""The most outputs of a sample whose shares of a loss are written out."""


@dataclass(frozen=True)
class OutputSlope:
    """A loss's gradient as the product that is written out: `numerator`/n · `error`.

    It is with respect to the outputs A, or to the logits of a loss on logits, and n counts the
    numbers that the loss is a mean of. `error` is its formula in A and Y, and `of(a, y)` its value,
    in the shape of a.
    """

    numerator: int
    error: str
    of: Callable[[Array, Array], Array]


class OfOutputs(Protocol):
    """A function of logits, outputs and targets: a loss's value, or its gradient."""

    def __call__(self, z: Array, a: Array, y: Array, out: Array | None = None) -> Array: ...


@dataclass(frozen=True)
class Loss:
    """A loss J and its gradient.

    `of_constant(y)` is the loss of the best constant answer to targets y (n_y, n): what a network
    reaches that has learned nothing of the inputs. `of_noise(y, other)` (q,) is the loss that two
    targets (n_y, q) of the same inputs stand for, which no network takes away. `outputs` names the
    output activations it goes with. Of its targets, `targets` is the interval in which they must
    lie (None: any), `labels` the only numbers they may be, and with a `distribution` they add up
    to 1.
    `scale` and `summand(y, a)` are its formula with numbers put in, in the notation of
    `worked_line`: what stands before the sum, with `{n}`, and one output's share of it, with `{y}`
    and `{output}`. `slope` is its gradient as a product.
    """

    value: OfOutputs
    gradient: OfOutputs
    of_constant: Callable[[Array], float]
    of_noise: Callable[[Array, Array], Array]
    formula: str
    slope: OutputSlope
    summand: Callable[[float, float], str]
    scale: str = "1/{n}"
    on_logits: bool = False
    outputs: tuple[str, ...] = HIDDEN
    targets: tuple[float, float] | None = None
    labels: tuple[float, ...] | None = None
    distribution: bool = False
    output_gradient: Callable[[Array, Array], Array] | None = None
    parameters: tuple[Range, ...] = ()

    def averaged(self, outputs: int, samples: int) -> int:
        """How many numbers the loss is a mean of, which is the n of its formula."""
        return samples if self.distribution else samples * outputs

    def worked(self, y: Array, a: Array, samples: int) -> WorkedLine:
        """The formula with the numbers of some of the `samples`, whose y and a are (n_y, shown).

        Dots stand for the samples that are not shown. The numbers are left out of more than 4
        outputs.
        """
        n_y, shown = y.shape
        places = [(k, i) for i in range(shown) for k in range(n_y)]
        terms = [
            self.summand(float(y[k, i]), float(a[k, i]))
            .replace("{y}", f"{{y{k}_{i}}}")
            .replace("{output}", f"{{output{k}_{i}}}")
            for k, i in places
        ]
        terms += ["…"] if samples > shown else []
        total = terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"
        numbers = f"{self.scale} {total}" if n_y <= OUTPUTS_WRITTEN else ""
        values = {"n": float(self.averaged(n_y, samples))}
        values |= {f"y{k}_{i}": float(y[k, i]) for k, i in places}
        values |= {f"output{k}_{i}": float(a[k, i]) for k, i in places}
        return fill_in([Line("loss", self.formula, numbers)], values)[0]

    def refuses(self, y: Array) -> NDArray[np.bool_]:
        """Which of the targets (n_y, n) are none that it takes."""
        low, high = self.targets or (-np.inf, np.inf)
        wrong = (y < low) | (y > high)
        if self.labels is not None:
            wrong |= ~np.isin(y, self.labels)
        if self.distribution:
            wrong |= np.abs(np.add.reduce(y, axis=0) - 1.0) > 1e-9
        return np.asarray(wrong)

    def fits(self, output_activation: str) -> bool:
        """Whether the loss goes with an output layer of this activation."""
        return output_activation in self.outputs


def _mean(terms: Array) -> Array:
    """Mean over outputs and samples: (K, n_y, n) to (K,)."""
    total: Array = np.add.reduce(terms, axis=(-2, -1))
    return total / float(terms.shape[-2] * terms.shape[-1])


def squared_error(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n Σ (y - a)²: the article's j, without a half."""
    error = np.subtract(a, y, out=out)
    return _mean(np.multiply(error, error, out=error))


def squared_error_gradient(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """2/n (a - y)."""
    error = np.subtract(a, y, out=out)
    error *= 2.0 / (a.shape[-2] * a.shape[-1])
    return error


def half_squared_error(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/(2n) Σ (y - a)²: the loss whose gradient behind a sigmoid is the article's G."""
    return 0.5 * squared_error(z, a, y, out)


def half_squared_error_gradient(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n (a - y)."""
    error = np.subtract(a, y, out=out)
    error *= 1.0 / (a.shape[-2] * a.shape[-1])
    return error


def absolute_error(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n Σ |y - a|."""
    error = np.subtract(a, y, out=out)
    return _mean(np.abs(error, out=error))


def absolute_error_gradient(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n sign(a - y), which is 0 where the answer is right."""
    error = np.subtract(a, y, out=out)
    np.sign(error, out=error)
    error *= 1.0 / (a.shape[-2] * a.shape[-1])
    return error


def huber(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n Σ of e²/2 for |e| ≤ 1, else |e| - 1/2, where e = a - y. Huber 1964, with δ = 1.

    That is c (|e| - c/2) with c = min(|e|, 1).
    """
    error = np.subtract(a, y, out=out)
    np.abs(error, out=error)
    near = np.minimum(error, 1.0)
    error -= 0.5 * near
    return _mean(np.multiply(error, near, out=error))


def huber_gradient(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n of a - y, which is held between -1 and 1."""
    error = np.subtract(a, y, out=out)
    np.clip(error, -1.0, 1.0, out=error)
    error *= 1.0 / (a.shape[-2] * a.shape[-1])
    return error


def hinge(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n Σ max(0, 1 - y a), for classes ±1. Cortes & Vapnik 1995, Support-Vector Networks."""
    terms = np.multiply(y, a, out=out)
    np.subtract(1.0, terms, out=terms)
    return _mean(np.maximum(0.0, terms, out=terms))


def hinge_gradient(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """-y/n where y a < 1, else 0; at the kink PyTorch's clamp has a slope too."""
    gradient = np.multiply(y, a, out=out)
    wrong = gradient <= 1.0
    gradient.fill(0.0)
    np.copyto(gradient, -y / (a.shape[-2] * a.shape[-1]), where=wrong)
    return gradient


def binary_cross_entropy(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """-1/n Σ [y ln σ(z) + (1-y) ln(1-σ(z))] = 1/n Σ [max(z, 0) - y z + ln(1 + e^-|z|)].

    The right-hand side follows from ln σ(z) = -softplus(-z) and never exponentiates a positive
    number, so that it is finite for every finite z.
    """
    terms = np.abs(z, out=out)
    np.negative(terms, out=terms)
    np.exp(terms, out=terms)
    np.log1p(terms, out=terms)
    terms += np.maximum(z, 0.0)
    terms -= y * z
    return _mean(terms)


def binary_cross_entropy_gradient(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n (σ(z) - y), with respect to z: the factor σ'(z) has cancelled."""
    return half_squared_error_gradient(z, a, y, out)


def binary_output_gradient(a: Array, y: Array) -> Array:
    """1/n (a - y) / (a (1 - a)); not a number where a is 0 or 1."""
    gradient: Array = (a - y) / (a * (1.0 - a) * (a.shape[-2] * a.shape[-1]))
    return gradient


def softmax_cross_entropy(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """-1/n Σ y ln softmax(z) = 1/n Σ y (ln Σ e^z - z), with the largest z taken from all first.

    Each difference is then at least 0, so that a class of probability 0 costs a number, not ∞.
    """
    below = np.subtract(z, np.maximum.reduce(z, axis=-2, keepdims=True), out=out)
    total = np.log(np.add.reduce(np.exp(below), axis=-2, keepdims=True))
    np.subtract(total, below, out=below)
    below *= y
    return _mean(below) * float(z.shape[-2])


def softmax_cross_entropy_gradient(z: Array, a: Array, y: Array, out: Array | None = None) -> Array:
    """1/n (softmax(z) - y), with respect to z, for targets that add up to 1."""
    error = np.subtract(a, y, out=out)
    error *= 1.0 / a.shape[-1]
    return error


def softmax_output_gradient(a: Array, y: Array) -> Array:
    """-1/n y / a; not a number where a is 0."""
    gradient: Array = -y / (a * a.shape[-1])
    return gradient


def _error(a: Array, y: Array) -> Array:
    """a - y."""
    return a - y


def _huber_summand(y: float, a: float) -> str:
    """The half of Huber's h that holds for this error."""
    near = abs(y - a) <= 1.0
    return "({y} − {output})²/2" if near else "(|{y} − {output}| − 1/2)"


LOSSES: dict[str, Loss] = {
    "mse": Loss(
        squared_error,
        squared_error_gradient,
        baselines.variance,
        noise.of_squares,
        "J = 1/n Σ (y − ŷ)²",
        OutputSlope(2, "A − Y", _error),
        lambda y, a: "({y} − {output})²",
    ),
    "half_mse": Loss(
        half_squared_error,
        half_squared_error_gradient,
        lambda y: 0.5 * baselines.variance(y),
        noise.of_half_squares,
        "J = 1/(2n) Σ (y − ŷ)²",
        OutputSlope(1, "A − Y", _error),
        lambda y, a: "({y} − {output})²",
        "1/(2·{n})",
    ),
    "mae": Loss(
        absolute_error,
        absolute_error_gradient,
        baselines.deviation,
        noise.of_sizes,
        "J = 1/n Σ |y − ŷ|",
        OutputSlope(1, "sign(A − Y)", lambda a, y: np.sign(a - y)),
        lambda y, a: "|{y} − {output}|",
    ),
    "huber": Loss(
        huber,
        huber_gradient,
        baselines.huber,
        noise.of_huber,
        "J = 1/n Σ h(y − ŷ), h(e) = e²/2 if |e| ≤ 1, else |e| − 1/2",
        OutputSlope(1, "clip(A − Y, −1, 1)", lambda a, y: np.clip(a - y, -1.0, 1.0)),
        _huber_summand,
    ),
    "cross_entropy": Loss(
        binary_cross_entropy,
        binary_cross_entropy_gradient,
        baselines.entropy,
        noise.of_labels,
        "J = −1/n Σ [y ln ŷ + (1 − y) ln(1 − ŷ)]",
        OutputSlope(1, "A − Y", _error),
        lambda y, a: "[{y} ln {output} + (1 − {y}) ln(1 − {output})]",
        "−1/{n}",
        on_logits=True,
        outputs=("sigmoid",),
        targets=(0.0, 1.0),
        output_gradient=binary_output_gradient,
    ),
    "hinge": Loss(
        hinge,
        hinge_gradient,
        baselines.hinge,
        noise.of_signs,
        "J = 1/n Σ max(0, 1 − y ŷ)",
        OutputSlope(-1, "Y ∘ [Y ∘ A ≤ 1]", lambda a, y: np.where(y * a <= 1.0, y, 0.0)),
        lambda y, a: "max(0, 1 − {y}·{output})",
        outputs=("linear", "tanh"),
        targets=(-1.0, 1.0),
        labels=(-1.0, 1.0),
    ),
    "softmax_cross_entropy": Loss(
        softmax_cross_entropy,
        softmax_cross_entropy_gradient,
        baselines.class_entropy,
        noise.of_classes,
        "J = −1/n Σ Σ yₖ ln ŷₖ",
        OutputSlope(1, "A − Y", _error),
        lambda y, a: "{y} ln {output}",
        "−1/{n}",
        on_logits=True,
        outputs=("softmax",),
        targets=(0.0, 1.0),
        distribution=True,
        output_gradient=softmax_output_gradient,
    ),
}


def usual_loss(output_activation: str) -> str:
    """The loss that suits an output layer, where none is named."""
    return {"sigmoid": "cross_entropy", "softmax": "softmax_cross_entropy"}.get(
        output_activation, "mse"
    )


class Objective:
    """The loss of each network of a stack; most often one loss for all of them.

    Networks that share a loss are evaluated together.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._groups: list[tuple[Loss, list[int] | slice]] = []
        distinct = list(dict.fromkeys(self.names))
        if len(distinct) == 1:
            self._groups.append((LOSSES[distinct[0]], slice(None)))
        else:
            for name in distinct:
                rows = [k for k, other in enumerate(self.names) if other == name]
                self._groups.append((LOSSES[name], rows))

    @property
    def needs_outputs(self) -> bool:
        """Whether any of the losses looks at the outputs and not only at their logits."""
        return not all(LOSSES[name].on_logits for name in self.names)

    def select(self, rows: Sequence[int]) -> "Objective":
        """The objective of some of the networks."""
        return Objective([self.names[k] for k in rows])

    def value(self, z: Array, a: Array, y: Array, scratch: Array | None = None) -> Array:
        """J of every network, (K,); `scratch` (K, n_y, n) is written over."""
        if len(self._groups) == 1:
            return self._groups[0][0].value(z, a, y, scratch)
        values = np.empty(len(z), dtype=z.dtype)
        for loss, rows in self._groups:
            values[rows] = loss.value(z[rows], a[rows], _rows(y, rows))
        return values

    def gradient(
        self,
        z: Array,
        a: Array,
        y: Array,
        derivative: Derivative,
        out: Array | None = None,
        scratch: Array | None = None,
    ) -> Array:
        """dJ/dz of the output layer, (K, n_y, n), in `out`; `derivative` is that layer's own.

        `scratch` (K, n_y, n) is written over.
        """
        if len(self._groups) == 1:
            return _on_logits(self._groups[0][0], z, a, y, derivative, out, scratch)
        delta = np.empty_like(z) if out is None else out
        for loss, rows in self._groups:
            delta[rows] = _on_logits(loss, z[rows], a[rows], _rows(y, rows), derivative)
        return delta


def _rows(y: Array, rows: list[int] | slice) -> Array:
    """The targets of some of the networks."""
    return y if y.ndim == 2 else y[rows]


def _on_logits(
    loss: Loss,
    z: Array,
    a: Array,
    y: Array,
    derivative: Derivative,
    out: Array | None = None,
    scratch: Array | None = None,
) -> Array:
    gradient = loss.gradient(z, a, y, out)
    if loss.on_logits:
        return gradient
    return np.multiply(gradient, derivative(z, a, scratch), out=gradient)
