"""He, Zhang, Ren & Sun 2015, Delving deep into rectifiers."""

from collections.abc import Iterator

import numpy as np

from app.lab.experiment.setup import build
from app.lab.spec.parse import parse
from app.nn.stack import Pass
from benchmarks.papers import link
from benchmarks.papers.experiment import UNITS, Document, deep, drawn
from benchmarks.papers.row import Row, near

SOURCE = "He et al. 2015"
HIDDEN = 10
BLOCK, BLOCKS = 50, 16


def rows() -> Iterator[Row]:
    """The factor of a layer of rectifiers under two rules."""
    for rule, name, published, factor in (
        ("glorot_normal", "Xavier, Var W = 1/n", "1/√2", 0.5**0.5),
        ("he_normal", "He, Var W = 2/n", "1", 1.0),
    ):
        document = deep(rule, HIDDEN, "relu", samples=40, standardize=True)
        found = _factor(document)
        low, high = near(factor, 0.01)
        yield Row(
            f"{SOURCE}, §2.2",
            f"{HIDDEN} relu layers of {UNITS}, {name}: root mean square of the outputs, a layer",
            f"× {published} = {factor:.3f}, ± 1 %",
            low,
            high,
            found,
            f"× {found:.4f} ({BLOCK * BLOCKS} seeds)",
            link.fragment(document, tab="signals"),
        )


def _factor(document: Document) -> float:
    """By what a layer multiplies the root mean square of what goes through it."""
    setup = build(parse(document))
    first = last = 0.0
    for block in range(BLOCKS):
        theta = drawn(setup, range(block * BLOCK, (block + 1) * BLOCK))
        networks = Pass(setup.architecture, theta, setup.train.count)
        networks.forward(setup.train.X)
        first += float(np.mean(networks.neurons[0] ** 2))
        last += float(np.mean(networks.neurons[HIDDEN - 1] ** 2))
    return float((last / first) ** (0.5 / (HIDDEN - 1)))
