"""The ends of spectra, against those of dense matrices."""

from collections.abc import Callable

import numpy as np
import pytest

from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import (
    MOST_PRODUCTS,
    ROUNDING,
    TOLERANCE,
    Extremes,
    extremes,
    first_direction,
)
from app.nn.types import Array
from tests.nn.examples import FITTING, architecture, problem

WIDTH = 300
rng = np.random.default_rng(8)
SPECTRA: dict[str, Array] = {
    "spread evenly": np.linspace(0.1, 9.0, WIDTH),
    "negative": -np.linspace(0.1, 9.0, WIDTH),
    "a saddle": np.linspace(-4.0, 5.0, WIDTH),
    "of random numbers": rng.standard_normal(WIDTH),
    "clustered at zero, as after training": np.r_[1e-6 * rng.standard_normal(297), 1, 2, 3],
    "clustered at the lower end": np.r_[-1.0 + 1e-4 * rng.random(WIDTH - 5), 0.5, 1, 2, 3, 4],
    "clustered at the upper end": np.r_[-3.0, -2.0, 0.0, 1.0 - 1e-4 * rng.random(WIDTH - 3)],
    "clustered at both ends": np.r_[-1.0 + 1e-3 * rng.random(150), 1.0 - 1e-3 * rng.random(150)],
    "of one rank": np.r_[np.zeros(WIDTH - 1), 7.0],
    "of multiple eigenvalues": np.repeat([-2.0, 0.0, 5.0], WIDTH // 3),
    "all the same": np.full(WIDTH, 3.0),
    "zero": np.zeros(WIDTH),
    "tiny": 1e-100 * np.linspace(-1.0, 2.0, WIDTH),
    "huge beside small": np.r_[1e9, np.linspace(-1.0, 1.0, WIDTH - 1)],
}  # fmt: skip


def matrix(values: Array) -> Array:
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((len(values),) * 2))[0]
    H: Array = (turn * values) @ turn.T
    return 0.5 * (H + H.T)


def ends(H: Array, most: int = MOST_PRODUCTS) -> Extremes:
    product: Callable[[Array], Array] = H.__matmul__
    return extremes(product, first_direction(len(H)), most)


@pytest.mark.parametrize("kind", SPECTRA)
def test_both_ends_are_those_of_the_matrix_to_the_errors_that_are_said(kind: str) -> None:
    H = matrix(SPECTRA[kind])
    values = np.linalg.eigvalsh(H)
    scale = float(np.abs(values).max())
    found = ends(H)
    rounding = ROUNDING * scale
    assert found.largest == pytest.approx(values[-1], abs=found.error + rounding)
    assert found.smallest == pytest.approx(values[0], abs=found.smallest_error + rounding)
    assert found.error <= max(TOLERANCE * abs(values[-1]), ROUNDING * scale)
    assert found.smallest_error <= max(TOLERANCE * abs(values[0]), ROUNDING * scale)


def test_where_products_run_out_the_errors_say_so() -> None:
    H = matrix(SPECTRA["of random numbers"])
    values = np.linalg.eigvalsh(H)
    found = ends(H, most=10)
    assert found.products == 10
    assert found.error > 1e-3
    assert found.smallest_error > 1e-3
    for end, error in ((found.largest, found.error), (found.smallest, found.smallest_error)):
        assert np.abs(values - end).min() <= error


def test_the_same_matrix_gives_the_same_bits() -> None:
    H = matrix(SPECTRA["clustered at the lower end"])
    assert ends(H) == ends(H)


def test_within_a_subspace_the_ends_are_those_there() -> None:
    values = np.linspace(-3.0, 4.0, 50)
    start = np.r_[np.zeros(20), np.ones(10), np.zeros(20)]
    found = extremes(lambda d: values * d, start)
    assert found.smallest == pytest.approx(values[20], rel=1e-9)
    assert found.largest == pytest.approx(values[29], rel=1e-9)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_what_is_not_finite_is_refused(value: float) -> None:
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError):
        ends(np.diag(np.r_[value, 1.0, 2.0]) ** 2)


@pytest.mark.parametrize(("loss", "output"), FITTING)
@pytest.mark.parametrize("hidden", ["tanh", "relu"])
@pytest.mark.parametrize("seed", range(2))
def test_both_ends_are_those_of_the_dense_hessian(
    loss: str, output: str, hidden: str, seed: int
) -> None:
    arch = architecture((2, 4, 3, 1 if output != "softmax" else 3), hidden, output)
    network, X, Y = problem(arch, loss, 20, seed)
    hessian = Hessian(arch, network.theta(arch), X, Y, loss)
    H = np.stack([hessian.product(unit) for unit in np.eye(arch.parameter_count)])
    values = np.linalg.eigvalsh(H)
    scale = float(np.abs(values).max())
    found = ends(H)
    assert found.largest == pytest.approx(values[-1], abs=1e-9 * scale)
    assert found.smallest == pytest.approx(values[0], abs=1e-9 * scale)
    assert found.products <= arch.parameter_count


@pytest.mark.parametrize("hidden", ["tanh", "relu", "gelu"])
def test_a_large_network_takes_few_products(hidden: str) -> None:
    arch = architecture((2, 16, 16, 1), hidden)
    network, X, Y = problem(arch, "cross_entropy", 30)
    hessian = Hessian(arch, network.theta(arch), X, Y, "cross_entropy")
    found = extremes(hessian.product, first_direction(arch.parameter_count))
    H = np.stack([hessian.product(unit) for unit in np.eye(arch.parameter_count)])
    values = np.linalg.eigvalsh(H)
    assert found.largest == pytest.approx(values[-1], rel=1e-9)
    assert found.smallest == pytest.approx(values[0], abs=1e-9 * values[-1])
    assert found.products < arch.parameter_count / 4


def test_a_flat_loss_has_no_curvature() -> None:
    arch = architecture((1, 2, 1), "relu", "linear")
    X = np.array([[1.0, 2.0]])
    theta = np.full(arch.parameter_count, -1.0)  # both neurons are dead
    hessian = Hessian(arch, theta, X, np.zeros((1, 2)), "mse")
    found = extremes(hessian.product, first_direction(len(theta)))
    assert found.largest == pytest.approx(2.0, rel=1e-12)  # the output's bias alone: J = (b - y)²
    assert found.smallest == pytest.approx(0.0, abs=1e-12)
