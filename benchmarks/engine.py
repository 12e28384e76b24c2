"""One full-batch step of training, a network alone and eight in a stack, beside PyTorch."""

from collections.abc import Callable, Iterator

import numpy as np
import torch

from app.nn.losses import Objective
from app.nn.stack import Architecture, Pass
from app.nn.types import Array
from app.nn.update.optimizers import OPTIMIZERS
from benchmarks import peers, problem
from benchmarks.claim import Claim, faster
from benchmarks.timing import interleaved

LEARNING_RATE = 0.5
STACKED = 8
STEPS_COMPARED = 50


def measure() -> Iterator[Claim]:
    """The claims about training."""
    torch.set_num_threads(1)
    architecture = problem.network(4, 2)
    X, Y = problem.samples()
    theta = problem.networks(architecture, STACKED)
    single, stacked = theta[:1].copy(), theta.copy()
    models = [peers.sequential(architecture, row, torch.float64) for row in theta]

    basin_single = basin_step(architecture, single, X, Y)
    basin_stacked = basin_step(architecture, stacked, X, Y)
    eager_steps = [peers.eager_step(model, X, Y, LEARNING_RATE) for model in models]
    for _ in range(STEPS_COMPARED):
        for step in (basin_single, basin_stacked, *eager_steps):
            step()
    expected = np.array([peers.theta_of(architecture, model) for model in models])
    np.testing.assert_allclose(stacked, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(single, expected[:1], rtol=1e-9, atol=1e-12)

    seconds = interleaved(
        {"single": basin_single, "stacked": basin_stacked, "eager": eager_steps[0]}
    )
    peer = f"PyTorch {torch.__version__} eager"
    what = f"a step of [2,4,2,1] on {problem.SAMPLES} samples"
    yield faster(f"{what}, alone", seconds["single"], peer, seconds["eager"], at_least=5)
    yield faster(
        f"{what}, each of {STACKED} stacked",
        seconds["stacked"] / STACKED,
        peer,
        seconds["eager"],
        at_least=12,
    )


def basin_step(architecture: Architecture, theta: Array, X: Array, Y: Array) -> Callable[[], None]:
    """One full-batch step of gradient descent for every row of theta (K, P), in place."""
    room = Pass(architecture, theta, X.shape[-1])
    objective = Objective([problem.LOSS] * len(theta))
    optimizer = OPTIMIZERS["gradient_descent"]
    state = optimizer.init(theta)
    options = {"learning_rate": np.full((len(theta), 1), LEARNING_RATE)}

    def step() -> None:
        gradient = room.backward(X, Y, objective)
        theta[...], _ = optimizer.update(gradient, state, theta, options)

    return step
