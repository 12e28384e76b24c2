"""The pair of parameters with the most relief: what a surface opens on when nobody has chosen."""

import numpy as np
from typing_extensions import TypedDict

from app.lab.experiment.setup import Setup
from app.lab.landscape.plane import PlaneRequest
from app.lab.landscape.scene import Scene
from app.lab.spec import ranges
from app.nn.landscape.relief import Relief, pairs, relief
from app.nn.types import Array

BUDGET = 6e7
"""The most multiplications of one search: a fiftieth of a second on one core, and overhead."""
REACH = 3.0
"""How far J is looked at to either side of a parameter,"""
OUTWARDS = 1.25
"""and at least so many times as far as 0 is away."""
SAMPLES = 256
"""The most samples of the training set that the search looks at."""


class MostRelief(TypedDict):
    """The (weight, bias) pair of a neuron over which J has the most relief around a run.

    `relief` is the highest minus the lowest J within ±`reach` of the run's two parameters, `inside`
    whether the lowest lies within and not on the rim. `searched` of all `pairs` were looked at:
    all, or where that would take long, some, more of the layers nearer to the output.
    """

    run: int
    step: int
    loss: str
    reach: float
    x: str
    y: str
    relief: float
    inside: bool
    searched: int
    pairs: int


def most_relief(scene: Scene, request: PlaneRequest, reach: float | None) -> MostRelief:
    """The pair of parameters over which J has the most relief around a run at a step."""
    setup, theta = scene.setup, scene.state.theta[request.run]
    architecture, loss = setup.architecture, setup.runs[request.run].loss
    X, Y = _samples(setup)
    searched = pairs(architecture, BUDGET / X.shape[-1])

    def far(pair: tuple[int, int]) -> float:
        usual = max(REACH, OUTWARDS * float(np.abs(theta[list(pair)]).max()))
        return reach or min(usual, ranges.REACH.maximum)  # further than a surface may reach

    found: list[Relief] = [
        relief(architecture, theta, pair, far(pair), X, Y, loss, scene.yield_to_waiting)
        for pair in searched
    ]
    best = max(found, key=lambda one: one.height)
    names = architecture.parameter_names
    return {
        "run": request.run,
        "step": scene.state.step,
        "loss": loss,
        "reach": far((best.i, best.j)),
        "x": names[best.i],
        "y": names[best.j],
        "relief": best.height,
        "inside": best.inside,
        "searched": len(searched),
        "pairs": sum(units * inputs for units, inputs in architecture.shapes),
    }


def _samples(setup: Setup) -> tuple[Array, Array]:
    """X (n_x, n) and Y (n_y, n) of the training set, evenly thinned to at most SAMPLES."""
    stride = -(-setup.train.count // SAMPLES)
    return setup.train.X[:, ::stride], setup.train.Y[:, ::stride]
