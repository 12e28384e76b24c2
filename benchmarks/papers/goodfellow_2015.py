"""Goodfellow, Vinyals & Saxe 2015, Qualitatively characterizing neural network optimization
problems.
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from app.nn.landscape.planes import path_plane
from benchmarks.papers import link
from benchmarks.papers.experiment import Document, descent, heights, layers, train, weights
from benchmarks.papers.row import Row

SOURCE = "Goodfellow, Vinyals & Saxe 2015"
DATA = ("circle", "xor", "moons", "gauss")
SEEDS = 16
STEPS, RATE = 300, 0.3
POINTS = np.linspace(0.0, 1.0, 101)
NETWORKS = (
    ((64, 64), "relu", "he_normal"),
    ((64, 64), "tanh", "glorot_normal"),
)
"""Wide ones, as the paper's are. In [2,16,16,1], tanh, 600 steps, 57 of 64 runs fall all along."""


def rows() -> Iterator[Row]:
    """How many runs see J fall all along the straight line from their start to their end."""
    for hidden, activation, rule in NETWORKS:
        documents = [_experiment(name, hidden, activation, rule) for name in DATA]
        found = list(chain.from_iterable(_rises(one) for one in documents))
        falling = sum(rise <= 0.0 for rise in found) / len(found)
        told = f"on {round(falling * len(found))} of {len(found)}"
        if falling < 1.0:
            told += f"; the others rise again, by {100 * max(found):.2g} % of the fall at most"
        document, run = divmod(int(np.argmax(found)), SEEDS)
        sizes = ",".join(map(str, (2, *hidden, 1)))
        yield Row(
            f"{SOURCE}, linear paths",
            f"[{sizes}] {activation}, {', '.join(DATA)}, {SEEDS} seeds each, {STEPS} steps, "
            f"α = {RATE}: J on 101 points of the line from start to end",
            "falls monotonically",
            1.0,
            1.0,
            falling,
            told,
            link.fragment(documents[document], STEPS, plane="from_start", run=run),
        )


def _experiment(data: str, hidden: tuple[int, ...], activation: str, rule: str) -> Document:
    return {
        "data": {"name": data, "samples": 200, "standardize": True},
        "layers": layers(hidden, activation, 1, "sigmoid"),
        "loss": "cross_entropy",
        "optimizer": descent(RATE),
        "runs": [{"recipe": weights(rule), "seed": seed} for seed in range(SEEDS)],
    }


def _rises(document: Document) -> list[float]:
    """For every run, by how much J rises along its line, as a share of its fall."""
    setup, (starts, ends) = train(document, 0, STEPS)
    found = []
    for start, end in zip(starts, ends, strict=True):
        plane, _ = path_plane(setup.architecture, np.stack([start, end]))
        J = heights(setup, plane.point(POINTS, np.zeros_like(POINTS)))
        found.append(float(np.maximum(np.diff(J), 0.0).sum() / (J[0] - J[-1])))
    return found
