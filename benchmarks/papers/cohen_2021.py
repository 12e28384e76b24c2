"""Cohen, Kaur, Li, Kolter & Talwalkar 2021, Gradient descent on neural networks typically occurs at
the edge of stability.
"""

from collections.abc import Iterator

import numpy as np

from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import extremes, first_direction
from app.nn.types import Array
from app.nn.update.stability import STABILITIES
from benchmarks.papers import link
from benchmarks.papers.experiment import Document, Followed, follow, layers, weights
from benchmarks.papers.row import Row, near

SOURCE = "Cohen et al. 2021"
RATE, MOMENTUM = 0.1, 0.5
OPTIMIZERS: dict[str, tuple[Document, str]] = {
    "gradient_descent": ({}, "2/α"),
    "momentum": ({"momentum": MOMENTUM}, "(2 + 2μ)/α"),
    "nesterov": ({"momentum": MOMENTUM}, "(2 + 2μ)/((1 + 2μ)α)"),
}
SEEDS = (7, 8, 9)
STEPS, SETTLED, EVERY = 4000, 2000, 100


def rows() -> Iterator[Row]:
    """How sharp J is where full-batch descent goes, in units of what the optimizer can bear."""
    followed = follow(_experiment(SEEDS), STEPS)
    for place, (name, (options, formula)) in enumerate(OPTIMIZERS.items()):
        # The bound on α, α' = c/λ, read as one on λ: λ' = c/α.
        edge = STABILITIES[name].bound(RATE, {"dampening": 0.0, **options}, 0.0)
        runs = [place + len(OPTIMIZERS) * seed for seed in range(len(SEEDS))]
        first = [_sharpness(followed, run, 0) for run in runs]
        late = [
            _sharpness(followed, run, step)
            for run in runs
            for step in range(SETTLED, STEPS + 1, EVERY)
        ]
        low, high = near(edge, 0.05)
        middle, least, most = float(np.median(late)), min(late), max(late)
        yield Row(
            f"{SOURCE}, with momentum" if options else f"{SOURCE}, §3",
            f"[2,16,16,1] tanh, spiral, mse, full batch, {_words(name)}, α = {RATE}: λ_max from "
            f"step {SETTLED} to {STEPS}",
            f"hovers at {formula} = {edge:g}, ± 5 %",
            low,
            high,
            middle,
            f"{middle:.2f} ({least:.2f}–{most:.2f}; {len(SEEDS)} seeds, from "
            f"{np.median(first):.1f} at step 0)",
            link.fragment(_experiment(SEEDS[:1]), 1500, run=place),
        )


def _words(optimizer: str) -> str:
    words = {"gradient_descent": "plain", "momentum": "heavy ball", "nesterov": "Nesterov"}
    return words[optimizer] + ("" if optimizer == "gradient_descent" else f", μ = {MOMENTUM}")


def _experiment(seeds: tuple[int, ...]) -> Document:
    return {
        "data": {"name": "spiral", "samples": 100, "standardize": True},
        "layers": layers([16, 16], "tanh", 1, "linear"),
        "loss": "mse",
        "runs": [
            {
                "label": _words(name),
                "recipe": weights("glorot_normal"),
                "seed": seed,
                "optimizer": {"name": name, "learning_rate": RATE, **options},
            }
            for seed in seeds
            for name, (options, _) in OPTIMIZERS.items()
        ],
    }


def _sharpness(followed: Followed, run: int, step: int) -> float:
    """The largest eigenvalue of the Hessian of J where a run was at a step."""
    setup, theta = followed.setup, followed.theta[step, run]
    train = setup.train
    hessian = Hessian(setup.architecture, theta, train.X, train.Y, setup.runs[run].loss)
    start: Array = first_direction(len(theta))
    return extremes(hessian.product, start).largest
