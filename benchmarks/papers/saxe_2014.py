"""Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep
linear neural networks.
"""

from collections.abc import Iterator
from math import log

import numpy as np

from app.nn.types import Array
from benchmarks.papers import link
from benchmarks.papers.experiment import Document, descent, follow, layers, weights
from benchmarks.papers.row import Row

SOURCE = "Saxe, McClelland & Ganguli 2014"
MODES = np.array([4.0, 3.0, 2.0, 1.0])
"""The singular values s of what is to be learned, one for each mode."""
U = 0.5 * np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])
"""Its left singular vectors; the right ones are the axes of the inputs."""
BEGIN, END = 0.01, 0.99
"""The strength of every mode at first, and the share of s at which it counts as learned."""
RATE = 0.01
STEPS = 2000

WIDTH, OUTPUTS = 16, 4
SHALLOW, DEEP = 3, 10
SEEDS = range(48)
LEARNED = 0.01
"""The share of the loss of no output at all that is left where a network has learned."""


def rows() -> Iterator[Row]:
    """The closed form of one mode, and how the time to learn grows with depth."""
    yield _one_mode()
    yield from _depth()


def learning_time(s: float, begin: float, end: float, tau: float) -> float:
    """How long one mode of a network of two layers takes from strength `begin` to `end`.

    From τ du/dt = 2u(s - u); in steps, where τ is one over the learning rate.
    """
    return tau / (2.0 * s) * log(end * (s - begin) / (begin * (s - end)))


def _white(width: int) -> Array:
    """Inputs (width, 2 width) of mean 0 with X Xᵀ/n = 1."""
    axes = np.sqrt(width) * np.eye(width)
    return np.concatenate([axes, -axes], axis=1)


def _modes(rate: float) -> Document:
    """A network that has each mode alone, at the strength BEGIN, shared by its two layers."""
    X = _white(len(MODES))
    half = np.sqrt(BEGIN) * np.eye(len(MODES))
    given = {"W": [half.tolist(), (U @ half).tolist()], "b": [[0.0] * len(MODES)] * 2}
    return {
        "data": {
            "name": "custom",
            "inputs": X.T.tolist(),
            "targets": (U @ np.diag(MODES) @ X).T.tolist(),
        },
        "layers": layers([len(MODES)], "linear", len(MODES), "linear"),
        "loss": "half_mse",
        "optimizer": descent(rate),
        "runs": [{"label": "four modes", "parameters": given}],
    }


def _one_mode() -> Row:
    document = _modes(RATE)
    trained = follow(document, STEPS)
    (lower, _), (upper, _) = trained.setup.architecture.views(trained.theta[:, 0])
    strengths = np.einsum("oi,toh,thi->ti", U, upper, lower)  # (T + 1, 4)
    # The loss is a mean over outputs, too, so that a rate α is α/4 of the paper's.
    tau = len(MODES) / RATE
    times = [learning_time(s, BEGIN, END * s, tau) for s in MODES]
    found = [_crossing(u, END * s) for u, s in zip(strengths.T, MODES, strict=True)]
    off = max(abs(one / time - 1.0) for one, time in zip(found, times, strict=True))
    return Row(
        f"{SOURCE}, §1",
        f"[4,4,4] linear, white inputs, modes s = 4, 3, 2, 1 from {BEGIN} to {END} s, α = {RATE}",
        f"t = τ/2s · ln(u_f(s − u₀)/(u₀(s − u_f))) = {_listed(times)} steps, ± 1 %",
        0.0,
        0.01,
        off,
        f"{_listed(found)} steps ({100 * off:.2g} % off at most)",
        link.fragment(document, 600, log=True),
    )


def _crossing(values: Array, level: float) -> float:
    """The step, with its fraction, at which values (T + 1,) first reach a level."""
    after = int(np.argmax(values >= level))
    before = values[after - 1]
    return after - 1 + float((level - before) / (values[after] - before))


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:.1f}" for number in numbers)


def _deep(hidden: int, rules: list[tuple[str, int]]) -> Document:
    """A linear network of so many hidden layers; the learning rate goes by one over the depth."""
    X = _white(WIDTH)
    return {
        "data": {"name": "custom", "inputs": X.T.tolist(), "targets": X[:OUTPUTS].T.tolist()},
        "layers": layers([WIDTH] * hidden, "linear", OUTPUTS, "linear"),
        "loss": "half_mse",
        "optimizer": descent(0.1 * OUTPUTS / (hidden + 1)),
        "runs": [{"recipe": weights(rule), "seed": seed} for rule, seed in rules],
    }


def _depth() -> Iterator[Row]:
    for rule, name, published, low, high in (
        ("orthogonal", "orthogonal", "1 (independent of depth), ± 25 %", 0.75, 1.25),
        ("glorot_normal", "Gaussian, variance 1/n", "grows with depth: above 1.25", 1.25, np.inf),
    ):
        shallow, deep = (_steps(hidden, rule) for hidden in (SHALLOW, DEEP))
        yield Row(
            f"{SOURCE}, §3",
            f"linear, {WIDTH} inputs, {SHALLOW} and {DEEP} hidden layers of {WIDTH}, {OUTPUTS} "
            f"outputs, {name}, α ∝ 1/layers: steps to {100 * LEARNED:.0f} % of J, deep by shallow",
            published,
            low,
            high,
            deep / shallow,
            f"{deep / shallow:.2f} ({shallow:g} → {deep:g} steps, medians of {len(SEEDS)} seeds)",
            link.fragment(_deep(DEEP, [("orthogonal", 1), ("glorot_normal", 1)]), 300, log=True),
        )


def _steps(hidden: int, rule: str) -> float:
    """The median number of steps until a network has learned."""
    found: list[float] = []
    for start in range(0, len(SEEDS), 16):
        document = _deep(hidden, [(rule, seed) for seed in SEEDS[start : start + 16]])
        J = follow(document, 500).J
        learned = LEARNED * 0.5  # half of the mean square of the targets, which is 1
        hit = learned >= J
        found += np.where(hit.any(axis=0), hit.argmax(axis=0), np.inf).tolist()
    return float(np.median(found))
