"""How much of a loss is noise, read off neighbours."""

import numpy as np
import pytest

from app.nn import noise
from app.nn.losses import LOSSES
from app.nn.types import Array

RNG = np.random.default_rng
N = 600


def inputs(seed: int, dimensions: int = 2) -> Array:
    return RNG(seed).normal(size=(dimensions, N))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sigma", [0.1, 1.0, 30.0])
@pytest.mark.parametrize(
    ("loss", "of_unit_noise"), [("mse", 1.0), ("half_mse", 0.5), ("mae", (2.0 / np.pi) ** 0.5)]
)
def test_the_noise_of_a_plane_is_found(
    seed: int, sigma: float, loss: str, of_unit_noise: float
) -> None:
    """E e² is the variance and E|e| is σ√(2/π) of normal noise, whatever lies under it."""
    X = inputs(seed)
    Y = sigma * (2.0 * X[:1] - X[1:] + RNG(seed + 100).normal(size=(1, N)))
    expected = of_unit_noise * (sigma**2 if "mse" in loss else sigma)
    assert noise.floor(X, Y, LOSSES[loss].of_noise) == pytest.approx(expected, rel=0.25)


@pytest.mark.parametrize("flips", [0.0, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("loss", ["cross_entropy", "softmax_cross_entropy", "hinge"])
def test_the_noise_of_labels_is_found_from_below(flips: float, loss: str) -> None:
    """Of labels that are flipped, the best answers are the two shares of a place."""
    X = RNG(0).uniform(-1.0, 1.0, size=(2, 4 * N))
    side = (X[0] > 0.0) != (RNG(1).random(4 * N) < flips)
    Y = np.where(side, 1.0, -1.0 if loss == "hinge" else 0.0)[np.newaxis]
    if loss == "softmax_cross_entropy":
        Y = np.concatenate([Y, 1.0 - Y])
    share = np.array([flips, 1.0 - flips])
    entropy = float(-np.sum(share * np.log(np.where(share > 0.0, share, 1.0))))
    best = 2.0 * min(share) if loss == "hinge" else entropy
    found = noise.floor(X, Y, LOSSES[loss].of_noise)
    assert 0.4 * best <= found <= 1.15 * best + 0.02


def test_huber_noise_lies_between_that_of_its_two_pieces() -> None:
    X = inputs(3)
    for sigma in (0.01, 100.0):
        e = sigma * RNG(4).normal(size=(1, N))
        known = float(LOSSES["huber"].value(e[None], e[None], np.zeros_like(e))[0])
        assert 0.6 * known <= noise.floor(X, e, LOSSES["huber"].of_noise) <= 1.2 * known


@pytest.mark.parametrize("function", [np.sin, np.square, np.sign])
def test_a_function_without_noise_has_none(function: np.ufunc) -> None:
    X = inputs(5)
    Y = function(X[:1])
    assert noise.floor(X, Y, noise.of_squares) <= 0.06 * float(np.var(Y))


def test_samples_at_the_same_place_are_compared_with_each_other() -> None:
    X = np.repeat(np.array([[0.0, 1.0], [1.0, 0.0]]), N // 2, axis=1)
    Y = np.where(RNG(6).random((1, N)) < 0.5, 1.0, 0.0)
    assert noise.floor(X, Y, noise.of_squares) == pytest.approx(0.25, rel=0.1)
    assert noise.floor(X, X[:1], noise.of_squares) == 0.0


def test_few_samples_tell_nothing() -> None:
    X = inputs(7)[:, : noise.NEIGHBOURS + 1]
    assert noise.floor(X, X[:1], noise.of_squares) == 0.0
