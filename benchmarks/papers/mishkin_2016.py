"""Mishkin & Matas 2016, All you need is a good init."""

from collections.abc import Iterator

import numpy as np

from app.lab.experiment.setup import build
from app.lab.spec.parse import parse
from app.nn.trace import trace
from benchmarks.papers import link
from benchmarks.papers.experiment import UNITS, Document, deep, drawn
from benchmarks.papers.row import Row

SOURCE = "Mishkin & Matas 2016"
SEEDS = range(20)
TOLERANCE = 0.1
"""Tol_var of their algorithm 1."""


def rows() -> Iterator[Row]:
    """The variance of what every layer puts out, with two activations."""
    for activation in ("tanh", "relu"):
        document = deep("lsuv", 10, activation)
        low, high = _variances(document)
        off = max(1.0 - low, high - 1.0)
        yield Row(
            f"{SOURCE}, algorithm 1",
            f"10 {activation} layers of {UNITS}, LSUV: variance of W·a of every layer on the data",
            f"1, ± {TOLERANCE:g}",
            0.0,
            TOLERANCE,
            off,
            f"1, ± {off:.0e} (11 layers, {len(SEEDS)} seeds)",
            link.fragment(document, tab="signals"),
        )


def _variances(document: Document) -> tuple[float, float]:
    """The smallest and the largest variance of W a, over all layers and seeds."""
    setup = build(parse(document))
    found = [
        float(np.var(layer.Z))
        for theta in drawn(setup, SEEDS)
        for layer in trace(setup.architecture, theta, setup.train.X, setup.train.Y, "mse").layers
    ]
    return min(found), max(found)
