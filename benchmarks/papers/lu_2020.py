"""Lu, Shin, Su & Karniadakis 2020, Dying ReLU and initialization."""

from collections.abc import Iterator

import numpy as np

from app.lab.experiment.setup import build
from app.lab.spec.parse import parse
from app.nn.stack import Pass
from app.nn.types import Array
from benchmarks.papers import link
from benchmarks.papers.experiment import Document, drawn, layers, weights
from benchmarks.papers.row import Row

SOURCE = "Lu, Shin, Su & Karniadakis 2020"
LAYERS = 10
"""With the output: nine hidden ones."""
WIDTHS = (2, 3, 4)
SEEDS, BLOCK = 2000, 250
SIGMAS = 2.0


def rows() -> Iterator[Row]:
    """The share of networks that are born dead, by width."""
    for width in WIDTHS:
        document = _network(width)
        share = _dead(document)
        error = SIGMAS * float(np.sqrt(share * (1.0 - share) / SEEDS))
        low, high = bounds(width, LAYERS)
        yield Row(
            f"{SOURCE}, bounds for one input",
            f"one input, {LAYERS - 1} relu layers of {width}, He normal, b = 0: share born dead",
            f"{100 * low:.1f} % to {100 * high:.1f} %",
            low - error,
            high + error,
            share,
            f"{100 * share:.1f} ± {100 * error:.1f} % of {SEEDS:,} seeds",
            link.fragment(document, tab="signals"),
        )


def bounds(width: int, depth: int) -> tuple[float, float]:
    """The least and the most probability that a network of `depth` layers is constant.

    One input, weights drawn symmetrically, biases 0. Two inputs of different sign say all about
    such a network. Each dies in a layer with probability 2^-N. That at least one of them does
    is the upper bound. The lower one takes them to be at right angles, where they die together most
    rarely: with probability 4^-N.
    """
    alone = 0.5**width
    alive, both = 1.0 - alone, 1.0 - 2.0 * alone - (width - 1) * alone**2
    apart = (1.0 - 2.0 * alone) * (1.0 - alone) / (1.0 + (width - 1) * alone)
    deep = depth - 2
    return 1.0 - alive**deep + apart * (both**deep - alive**deep), 1.0 - alive ** (depth - 1)


def _network(width: int) -> Document:
    return {
        "data": {"name": "abs", "samples": 40},
        "layers": layers([width] * (LAYERS - 1), "relu", 1, "linear"),
        "loss": "mse",
        "runs": [{"recipe": weights("he_normal"), "seed": seed} for seed in range(16)],
    }


def _dead(document: Document) -> float:
    """The share of networks whose output is the same for all inputs."""
    setup = build(parse(document))
    dead = 0
    for start in range(0, SEEDS, BLOCK):
        theta = drawn(setup, range(start, start + BLOCK))
        outputs: Array = Pass(setup.architecture, theta, setup.train.count).forward(setup.train.X)
        dead += int((np.ptp(outputs, axis=(1, 2)) == 0.0).sum())
    return dead / SEEDS
