"""Cohen, Kaur, Li, Kolter & Talwalkar 2021, Gradient descent on neural networks typically occurs at
the edge of stability.
"""

from collections.abc import Iterator

import numpy as np

from app.lab.experiment.setup import Setup
from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import extremes, first_direction
from app.nn.types import Array
from app.nn.update.stability import STABILITIES
from benchmarks.papers import link
from benchmarks.papers.experiment import Document, layers, train, weights
from benchmarks.papers.row import Row, near

SOURCE = "Cohen et al. 2021"
MOMENTUM = {"momentum": 0.9}
OPTIMIZERS: tuple[tuple[str, str, str, float, dict[str, float], str], ...] = (
    ("gradient_descent", "§3", "plain", 0.05, {}, "2/α"),
    ("momentum", "with momentum", "heavy ball, μ = 0.9", 0.1, MOMENTUM, "(2 + 2μ)/α"),
    ("nesterov", "with momentum", "Nesterov, μ = 0.9", 0.03, MOMENTUM, "(2 + 2μ)/((1 + 2μ)α)"),
)
"""Each with its name in words, its learning rate, its options and where λ is to hover."""
SEEDS = (7, 8, 9, 10)
LATE = range(2000, 4001, 100)


def rows() -> Iterator[Row]:
    """How sharp J is where full-batch descent goes, beside what the optimizer can bear."""
    setup, theta = train(_experiment(SEEDS), 0, *LATE)
    for place, (name, where, words, rate, options, formula) in enumerate(OPTIMIZERS):
        # The bound on α is c/λ, and so that on λ is c/α.
        edge = STABILITIES[name].bound(rate, {"dampening": 0.0, **options}, 0.0)
        own = theta[:, place :: len(OPTIMIZERS)]  # (1 + S, seeds, P)
        sharpness = np.array([[_sharpness(setup, one) for one in runs] for runs in own])
        late = np.median(sharpness[1:], axis=0)
        low, high = near(edge, 0.05)
        middle = float(np.median(late))
        yield Row(
            f"{SOURCE}, {where}",
            f"[2,16,16,16,16,1] tanh, spiral, mse, full batch, {words}, α = {rate}: λ_max from "
            f"step {LATE[0]} to {LATE[-1]}, {len(SEEDS)} seeds",
            f"hovers at {formula} = {edge:.3g}, ± 5 %",
            low,
            high,
            middle,
            f"{middle:.3g} (medians of the seeds: {', '.join(f'{one:.3g}' for one in late)}; "
            f"{np.median(sharpness[0]):.2g} at step 0)",
            link.fragment(_experiment(SEEDS[:1]), 2000, run=place),
        )


def _experiment(seeds: tuple[int, ...]) -> Document:
    return {
        "data": {"name": "spiral", "samples": 200, "standardize": True},
        "layers": layers([16] * 4, "tanh", 1, "linear"),
        "loss": "mse",
        "runs": [
            {
                "label": words,
                "recipe": weights("glorot_normal"),
                "seed": seed,
                "optimizer": {"name": name, "learning_rate": rate, **options},
            }
            for seed in seeds
            for name, _, words, rate, options, _ in OPTIMIZERS
        ],
    }


def _sharpness(setup: Setup, theta: Array) -> float:
    """The largest eigenvalue of the Hessian of J at theta (P,)."""
    train = setup.train
    hessian = Hessian(setup.architecture, theta, train.X, train.Y, setup.runs[0].loss)
    return extremes(hessian.product, first_direction(len(theta))).largest
