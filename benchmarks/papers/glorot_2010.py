"""Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward networks."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from app.lab.experiment.setup import build
from app.lab.spec.parse import parse
from app.nn.trace import TracedLayer, trace
from app.nn.types import Array
from benchmarks.papers import link
from benchmarks.papers.experiment import UNITS, Document, deep, drawn
from benchmarks.papers.row import Row, near

SOURCE = "Glorot & Bengio 2010"
HIDDEN = 10
SEEDS = range(400)
FEW = range(40)
RULES = (
    ("fan_in_uniform", "U(±1/√n)", "1/√3", 3.0**-0.5, 0.5),
    ("glorot_uniform", "U(±√(6/(n_in + n_out)))", "1", 1.0, 0.8),
)
"""A rule, its formula, the factor of a layer, and the mean singular value that is told of it."""


def rows() -> Iterator[Row]:
    """The factor of a layer on activations and on gradients, and the layers' Jacobians."""
    for rule, formula, published, factor, _ in RULES:
        forward, backward = _factors(rule)
        for what, found in (("activations", forward), ("back-propagated gradients", backward)):
            low, high = near(factor, 0.01)
            yield Row(
                f"{SOURCE}, §4.2.1",
                f"{HIDDEN} linear layers of {UNITS}, {formula}: std of the {what}, a layer",
                f"× {published} = {factor:.3f}, ± 1 %",
                low,
                high,
                found,
                f"× {found:.4f} ({len(SEEDS)} seeds)",
                link.fragment(_linear(rule), tab="signals"),
            )
    for rule, formula, _, _, singular in RULES:
        found = _singular_value(rule)
        yield Row(
            f"{SOURCE}, §4.2.2",
            f"5 tanh layers of {UNITS}, inputs of 0 and 1, {formula}: mean singular value of ∂z/∂z "
            "of the layer below",
            f"around {singular:g}, ± 0.05",
            singular - 0.05,
            singular + 0.05,
            found,
            f"{found:.3f} ({len(FEW)} seeds)",
            link.fragment(_images(rule), tab="signals"),
        )


def _linear(rule: str) -> Document:
    return deep(rule, HIDDEN, "linear", samples=40, standardize=True)


def _images(rule: str) -> Document:
    """A network of the paper's depth, on inputs of the size of pixels, from 0 to 1.

    Larger inputs saturate the first layers, and the singular values there are smaller.
    """
    return deep(rule, 5, "tanh", name="gate-xor", samples=40)


def _passes(document: Document, seeds: range) -> Iterator[Sequence[TracedLayer]]:
    """The passes of networks that begin with these seeds."""
    setup = build(parse(document))
    for seed in seeds:
        (theta,) = drawn(setup, [seed])
        yield trace(setup.architecture, theta, setup.train.X, setup.train.Y, "mse").layers


def _factors(rule: str) -> tuple[float, float]:
    """By what a layer multiplies the standard deviation of activations and of gradients."""
    forward, backward = np.zeros(HIDDEN), np.zeros(HIDDEN)
    for passed in _passes(_linear(rule), SEEDS):
        # Relative to that at the output, which depends on the weights as well.
        output = passed[-1].delta
        forward += [_square(layer.A) for layer in passed[:-1]]
        backward += [_square(layer.delta / output) for layer in passed[:-1]]
    steps = 2 * (HIDDEN - 1)
    return (forward[-1] / forward[0]) ** (1 / steps), (backward[0] / backward[-1]) ** (1 / steps)


def _square(values: Array) -> float:
    return float(np.mean(values * values))


def _singular_value(rule: str) -> float:
    """The mean singular value of W f'(z), over layers, samples and seeds."""
    found: list[float] = []
    for passed in _passes(_images(rule), FEW):
        for below, layer in pairwise(passed[:-1]):
            jacobian = layer.W * below.passed[:, 0]
            found.append(float(np.linalg.svd(jacobian, compute_uv=False).mean()))
    return float(np.mean(found))
