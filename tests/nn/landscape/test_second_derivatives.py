"""Second derivatives, against differences of the first ones."""

import numpy as np
import pytest

from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.landscape.second_derivatives import BENDS, CHANGES
from app.nn.losses import LOSSES
from app.nn.types import Array
from tests.nn.examples import targets


def test_every_activation_and_every_loss_has_one() -> None:
    assert set(BENDS) == set(HIDDEN)
    assert set(CHANGES) == set(LOSSES)


def slope(name: str, z: Array) -> Array:
    activation = ACTIVATIONS[name]
    return activation.derivative(z, activation.function(z, np.empty_like(z)))


@pytest.mark.parametrize("name", HIDDEN)
def test_a_bend_is_the_measured_slope_of_the_slope(name: str) -> None:
    z = np.concatenate([np.linspace(-30.0, -0.01, 700), np.linspace(0.01, 30.0, 700)])
    h = 1e-5
    measured = (slope(name, z + h) - slope(name, z - h)) / ((z + h) - (z - h))
    a = ACTIVATIONS[name].function(z, np.empty_like(z))
    np.testing.assert_allclose(BENDS[name](z, a), measured, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("z", [-1e6, -800.0, 800.0, 1e6])
def test_far_out_nothing_bends(name: str, z: float) -> None:
    at = np.array([z])
    a = ACTIVATIONS[name].function(at, np.empty_like(at))
    assert abs(float(BENDS[name](at, a)[0])) < 1e-100


@pytest.mark.parametrize("name", LOSSES)
def test_a_change_is_that_of_the_gradient(name: str) -> None:
    loss, rng = LOSSES[name], np.random.default_rng(3)
    y = targets(name, (3, 12), rng)
    z, d = rng.standard_normal((2, 3, 12))
    h = 1e-5

    def outputs(at: Array) -> Array:
        """Of a loss that is taken by the outputs, they are what changes."""
        return (
            ACTIVATIONS[loss.outputs[0]].function(at, np.empty_like(at)) if loss.on_logits else at
        )

    up, down = (loss.gradient(at, outputs(at), y) for at in (z + h * d, z - h * d))
    measured = (up - down) / (2.0 * h)
    np.testing.assert_allclose(CHANGES[name](outputs(z), y, d), measured, rtol=1e-7, atol=1e-10)
