"""Bounds on learning rates, against the updates themselves on parabolas of many dimensions."""

from dataclasses import dataclass, field
from math import inf, log

import numpy as np
import pytest

from app.nn.types import Array
from app.nn.update.optimizers import OPTIMIZERS, State
from app.nn.update.stability import STABILITIES

WIDTH = 6


def test_every_optimizer_has_a_bound() -> None:
    assert set(STABILITIES) == set(OPTIMIZERS)
    for name, stability in STABILITIES.items():
        options = {parameter.name for parameter in OPTIMIZERS[name].parameters}
        assert stability.momentum is None or stability.momentum in options
        adaptive = "squares" in OPTIMIZERS[name].init(np.zeros((1, 2)))
        assert (stability.preconditioner is not None) == adaptive


@dataclass
class Parabola:
    """½ w H w, and an optimizer on it that has made `steps` updates and remembers `squares`."""

    name: str
    options: dict[str, float]
    steps: float = 7.0
    H: Array = field(init=False)
    squares: Array = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(len(self.name))
        A = rng.standard_normal((WIDTH, WIDTH))
        self.H = A @ A.T + 0.1 * np.eye(WIDTH)
        self.squares = rng.uniform(0.01, 4.0, (1, WIDTH))

    def state(self, squares: Array) -> State:
        state = OPTIMIZERS[self.name].init(np.zeros((1, WIDTH)))
        known = {"squares": squares, "steps": np.full((1, 1), self.steps)}
        return {name: known.get(name, array) for name, array in state.items()}

    @property
    def bound(self) -> float:
        stability = STABILITIES[self.name]
        H = self.H
        if stability.preconditioner is not None:
            D = stability.preconditioner(self.state(self.squares), self.options)
            H = H / np.sqrt(np.outer(D, D))
        largest = float(np.linalg.eigvalsh(H)[-1])
        return stability.bound(largest, self.options, self.steps)

    def growth(self, rate: float) -> float:
        """The factor by which everything grows in a step in the long run, D staying as it is.

        Gradients are so small that their squares do not count, and after each step the squares are
        put back to what the update then divides by the root of.
        """
        columns = {name: np.array([[value]]) for name, value in self.options.items()}
        columns["learning_rate"] = np.array([[rate]])
        before = self._before()
        state, theta = self.state(before), np.full((1, WIDTH), 1e-12)
        lengths = []
        for _ in range(6000):
            theta, state = OPTIMIZERS[self.name].update(theta @ self.H, state, theta, columns)
            carried = {name: state[name] for name in ("velocity", "mean") if name in state}
            length = float(np.linalg.norm(np.hstack([theta, *carried.values()]))) / 1e-12
            theta = theta / length
            state = self.state(before)
            state |= {name: array / length for name, array in carried.items()}
            lengths.append(log(length))
        return float(np.exp(np.mean(lengths[3000:])))

    def _before(self) -> Array:
        """The squares that become `squares` in an update, as its bias correction sees them."""
        if self.name == "rmsprop":
            return self.squares / self.options["alpha"]
        if "beta2" in self.options:
            decay = self.options["beta2"]
            seen = (1.0 - decay ** (self.steps + 1.0)) / (1.0 - decay**self.steps)
            before: Array = self.squares * seen / decay
            return before
        return self.squares


PARABOLAS = [
    Parabola("gradient_descent", {}),
    *[
        Parabola("momentum", {"momentum": mu, "dampening": tau})
        for mu, tau in ((0.0, 0.0), (0.5, 0.0), (0.9, 0.0), (0.99, 0.0), (0.9, 0.5), (0.3, 0.9))
    ],
    *[Parabola("nesterov", {"momentum": mu}) for mu in (0.0, 0.3, 0.9, 0.99)],
    Parabola("adagrad", {"lr_decay": 0.0, "eps": 1e-10}),
    Parabola("adagrad", {"lr_decay": 0.2, "eps": 1e-2}),
    Parabola("rmsprop", {"alpha": 0.99, "eps": 1e-8}),
    Parabola("rmsprop", {"alpha": 0.5, "eps": 0.3}),
    *[
        Parabola("adam", {"beta1": b1, "beta2": b2, "eps": eps}, steps)
        for b1, b2, eps in ((0.9, 0.999, 1e-8), (0.0, 0.9, 0.1), (0.99, 0.99, 1e-3))
        for steps in (1.0, 30.0, 5000.0)
    ],
    *[
        Parabola("adamw", {"beta1": 0.9, "beta2": 0.99, "eps": 1e-8, "weight_decay": decay}, steps)
        for decay in (0.0, 0.01, 1.0)
        for steps in (1.0, 5000.0)
    ],
]


@pytest.mark.parametrize("parabola", PARABOLAS, ids=lambda p: f"{p.name} {p.options} {p.steps}")
def test_just_below_the_bound_an_update_comes_to_rest_and_just_above_it_swings_outward(
    parabola: Parabola,
) -> None:
    bound = parabola.bound
    assert parabola.growth(0.999 * bound) < 1.0
    assert parabola.growth(1.001 * bound) > 1.0


@pytest.mark.parametrize("name", STABILITIES)
@pytest.mark.parametrize("curvature", [0.0, -3.0])
def test_where_nothing_bends_upward_no_rate_is_too_large(name: str, curvature: float) -> None:
    parameters = OPTIMIZERS[name].parameters
    options = {parameter.name: parameter.default or 0.0 for parameter in parameters}
    expected = 2.0 / options["weight_decay"] if name == "adamw" else inf
    assert STABILITIES[name].bound(curvature, options, 5.0) == pytest.approx(expected)


def test_a_gradient_that_is_dampened_away_sets_no_bound() -> None:
    options = {"momentum": 0.9, "dampening": 1.0}
    assert STABILITIES["momentum"].bound(2.0, options, 5.0) == inf


def test_the_bounds_are_those_of_the_papers() -> None:
    # Cohen et al. 2021, §1 and appendix B: 2/η, (2 + 2β)/η and (2 + 2β)/((1 + 2β)η); 2022: 38/η.
    mu = {"momentum": 0.9, "dampening": 0.0}
    assert STABILITIES["gradient_descent"].bound(4.0, {}, 0.0) == pytest.approx(0.5)
    assert STABILITIES["momentum"].bound(4.0, mu, 0.0) == pytest.approx(3.8 / 4.0)
    assert STABILITIES["nesterov"].bound(4.0, mu, 0.0) == pytest.approx(3.8 / 2.8 / 4.0)
    adam = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert STABILITIES["adam"].bound(4.0, adam, 1e6) == pytest.approx(38.0 / 4.0)
