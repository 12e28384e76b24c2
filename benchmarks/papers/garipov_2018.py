"""Garipov, Izmailov, Podoprikhin, Vetrov & Wilson 2018, Loss surfaces, mode connectivity, and fast
ensembling of DNNs. Draxler et al. 2018, Essentially no barriers, found the same.
"""

from collections.abc import Iterator

import numpy as np

from app.choices import Chosen
from app.lab.experiment.setup import Setup
from app.nn.losses import Objective
from app.nn.stack import Pass
from app.nn.types import Array
from app.nn.update.updates import Method, StackUpdate
from benchmarks.papers import link
from benchmarks.papers.experiment import Document, heights, layers, train, weights
from benchmarks.papers.row import Row

SOURCE = "Garipov et al. 2018, §3; Draxler et al. 2018"
DATA = ("circle", "moons", "xor")
SEEDS = 6
STEPS = 500
TIMES = ((np.arange(16) + 0.5) / 16)[:, np.newaxis]
"""Where on the curve its gradient is taken (16, 1)."""
POINTS = np.linspace(0.0, 1.0, 101)[:, np.newaxis]
CURVE_STEPS = 400
ADAM = Chosen("adam", {"learning_rate": 0.03, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8})


def rows() -> Iterator[Row]:
    """The barriers between minima of different seeds: on a line, and on a curve."""
    lines, curves, ends = [], [], []
    for name in DATA:
        setup, (found,) = train(_experiment(name), STEPS)
        for one, other in zip(found[::2], found[1::2], strict=True):
            bend = _bent(setup, one, other)
            lines.append(heights(setup, one + POINTS * (other - one)).max())
            curves.append(heights(setup, _curve(one, bend, other, POINTS)).max())
            ends.append(heights(setup, np.stack([one, other])).max())
    line, curve, end = (np.array(each) for each in (lines, curves, ends))
    share = float(((curve - end) / (line - end)).max())
    yield Row(
        SOURCE,
        f"[2,16,16,1] tanh, {', '.join(DATA)}, {len(lines)} pairs of seeds: barrier on a quadratic "
        "Bézier curve, as a share of that on the straight line",
        "no barrier on the curve: 0, ± 0.05",
        -0.05,
        0.05,
        share,
        f"{share:.4f} at most (highest J on the line {np.median(line):.2g}, on the curve "
        f"{np.median(curve):.2g}, at the ends {np.median(end):.2g}, medians)",
        link.fragment(_experiment("circle"), STEPS, plane="between", other=1, log=True),
    )


def _experiment(data: str) -> Document:
    return {
        "data": {"name": data, "samples": 200, "standardize": True},
        "layers": layers([16, 16], "tanh", 1, "sigmoid"),
        "loss": "cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": 0.02},
        "runs": [{"recipe": weights("glorot_normal"), "seed": seed} for seed in range(SEEDS)],
    }


def _curve(start: Array, bend: Array, end: Array, t: Array) -> Array:
    """theta (N, P) at times t (N, 1) of the quadratic Bézier curve with these control points."""
    theta: Array = (1.0 - t) ** 2 * start + 2.0 * t * (1.0 - t) * bend + t**2 * end
    return theta


def _bent(setup: Setup, start: Array, end: Array) -> Array:
    """The middle control point (P,) with which J is low on the mean along the curve."""
    nothing = Chosen("none", {})
    method = Method(ADAM, Chosen("constant", {}), nothing, nothing)
    update = StackUpdate(setup.architecture, [method])
    bend = 0.5 * (start + end)[np.newaxis]
    state, rates = update.state(bend), update.rates(0, 1)[0]
    theta = _curve(start, bend[0], end, TIMES)
    passes = Pass(setup.architecture, theta, setup.train.count)
    objective = Objective([setup.runs[0].loss] * len(theta))
    weight = 2.0 * TIMES * (1.0 - TIMES) / len(TIMES)  # dθ(t)/d bend
    for _ in range(CURVE_STEPS):
        theta[...] = _curve(start, bend[0], end, TIMES)
        gradient = passes.backward(setup.train.X, setup.train.Y, objective)
        pulled = np.ascontiguousarray((weight * gradient).sum(axis=0, keepdims=True))
        state = update.step(pulled, bend, state, rates)
    found: Array = bend[0]
    return found
