"""Neurons that drop out: the pass with masks, and its gradient."""

import numpy as np
import pytest

from app.nn.activations import HIDDEN
from app.nn.losses import Objective
from app.nn.stack import Pass, gradients, unpack
from app.nn.types import Array
from tests.nn.examples import architecture, stack

SIZES, SAMPLES = (2, 5, 4, 1), 7
SAME = Objective(["mse"] * 2)


def masks(seed: int = 0) -> list[Array | None]:
    """Half of the first hidden layer's neurons, a third of the second's, for each sample."""
    rng = np.random.default_rng(seed)
    return [(rng.random((n, SAMPLES)) >= p) / (1.0 - p) for n, p in ((5, 0.5), (4, 1.0 / 3.0))]


def samples() -> tuple[Array, Array]:
    rng = np.random.default_rng(9)
    return rng.standard_normal((2, SAMPLES)), rng.standard_normal((1, SAMPLES))


def loss_by_hand(theta: Array, hidden: str, given: list[Array | None]) -> float:
    """J of tanh or linear layers whose outputs are multiplied by the masks."""
    X, Y = samples()
    a = X
    layers = zip(*unpack(architecture(SIZES, hidden, "linear"), theta), [*given, None], strict=True)
    for place, (W, b, mask) in enumerate(layers):
        z = W @ a + b[:, np.newaxis]
        a = np.tanh(z) if place < len(given) and hidden == "tanh" else z
        a = a if mask is None else a * mask
    return float(np.mean((a - Y) ** 2))


@pytest.mark.parametrize("hidden", ["tanh", "linear"])
def test_the_gradient_is_that_of_the_network_that_is_left(hidden: str) -> None:
    arch, given = architecture(SIZES, hidden, "linear"), masks()
    theta, (X, Y) = stack(arch, 2), samples()
    found = Pass(arch, theta, SAMPLES).backward(X, Y, SAME, given)
    h = 1e-6
    for k, row in enumerate(theta):
        measured = [
            (loss_by_hand(row + h * u, hidden, given) - loss_by_hand(row - h * u, hidden, given))
            / (2.0 * h)
            for u in np.eye(arch.parameter_count)
        ]
        np.testing.assert_allclose(found[k], measured, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_masks_of_one_change_nothing(hidden: str) -> None:
    arch = architecture(SIZES, hidden, "linear")
    theta, (X, Y) = stack(arch, 2), samples()
    whole: list[Array | None] = [np.ones((5, SAMPLES)), None]
    found = Pass(arch, theta, SAMPLES).backward(X, Y, SAME, whole)
    assert np.array_equal(found, gradients(arch, theta, X, Y, SAME))


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_drops_out_gets_no_gradient(hidden: str) -> None:
    arch = architecture(SIZES, hidden, "linear")
    theta, (X, Y) = stack(arch, 2), samples()
    mask = np.full((5, SAMPLES), 2.0)
    mask[1] = mask[3] = 0.0
    found = Pass(arch, theta, SAMPLES).backward(X, Y, SAME, [mask, None])
    (W1, b1), (W2, _), _ = arch.views(found)
    for array in (W1[:, [1, 3]], b1[:, [1, 3]], W2[:, :, [1, 3]]):
        assert not array.any()
    assert W1[:, [0, 2, 4]].any()


def test_a_pass_without_masks_after_one_with_them_is_whole_again() -> None:
    arch = architecture(SIZES, "gelu", "linear")
    theta, (X, Y) = stack(arch, 2), samples()
    room = Pass(arch, theta, SAMPLES)
    before = room.losses(X, Y, SAME).tolist()
    room.backward(X, Y, SAME, masks())
    assert room.losses(X, Y, SAME).tolist() == before
