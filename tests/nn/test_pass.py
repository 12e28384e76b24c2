"""One forward, one loss for a whole stack: as each network by itself, in plain loops."""

import numpy as np
import pytest

from app.nn import stack as engine
from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.losses import LOSSES, Objective
from app.nn.stack import Architecture, Pass, gradients, losses
from app.nn.types import Array
from tests.nn.examples import FITTING, architecture, stack, targets
from tests.nn.reference import random_network

SIZES = [(1, 1), (2, 1), (2, 4, 1), (2, 5, 3), (3, 8, 8, 1), (2, 3, 1, 2)]


def samples(arch: Architecture, count: int, loss: str = "mse") -> tuple[Array, Array]:
    rng = np.random.default_rng(99)
    X = rng.standard_normal((arch.inputs, count))
    return X, targets(loss, (arch.layers[-1].units, count), rng)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("output", ACTIVATIONS)
def test_every_neuron_is_what_plain_loops_find(
    sizes: tuple[int, ...], hidden: str, output: str
) -> None:
    arch, rng = architecture(sizes, hidden, output), np.random.default_rng(1)
    networks = [random_network(arch, rng) for _ in range(3)]
    X, _ = samples(arch, 5)
    room = Pass(arch, np.stack([network.theta(arch) for network in networks]), 5)
    room.forward(X)
    for layer, found in enumerate(room.neurons):
        expected = [[one.layers(x)[layer][1] for x in X.T.tolist()] for one in networks]
        np.testing.assert_allclose(found.swapaxes(1, 2), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_every_loss_is_what_plain_loops_find(
    sizes: tuple[int, ...], loss: str, output: str
) -> None:
    arch, rng = architecture(sizes, "tanh", output), np.random.default_rng(2)
    networks = [random_network(arch, rng) for _ in range(3)]
    X, Y = samples(arch, 6, loss)
    theta = np.stack([network.theta(arch) for network in networks])
    expected = [network.loss(X, Y, loss) for network in networks]
    np.testing.assert_allclose(losses(arch, theta, X, Y, Objective([loss])), expected, rtol=1e-12)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 16, 50, 251, 5000])
def test_a_network_does_not_feel_its_company(sizes: tuple[int, ...], count: int) -> None:
    arch, objective = architecture(sizes), Objective(["cross_entropy"])
    theta, (X, Y) = stack(arch, 5), samples(arch, count, "cross_entropy")
    J = Pass(arch, theta, count).losses(X, Y, objective)
    G = gradients(arch, theta, X, Y, objective)
    for rows in ([0], [3], [1, 4], [4, 2, 0]):
        assert np.array_equal(Pass(arch, theta[rows], count).losses(X, Y, objective), J[rows])
        assert np.array_equal(gradients(arch, theta[rows], X, Y, objective), G[rows])


@pytest.mark.parametrize("count", [2, 40])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 11])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_in_blocks_are_the_losses_one_by_one(
    count: int, size: int, loss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arch, objective = architecture((2, 4, 1)), Objective([loss])
    theta, (X, Y) = stack(arch, 11), samples(arch, count, loss)
    alone = [losses(arch, row[np.newaxis], X, Y, objective)[0] for row in theta]
    monkeypatch.setattr(engine, "CACHE_BYTES", size * 4 * count * 8)
    assert engine.block_size(arch, count, 8) == size
    assert losses(arch, theta, X, Y, objective).tolist() == alone


def test_networks_may_have_losses_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    arch, names = architecture((2, 4, 1)), [list(LOSSES)[k % len(LOSSES)] for k in range(7)]
    theta, (X, Y) = stack(arch, 7), samples(arch, 6, "cross_entropy")
    expected = [losses(arch, theta, X, Y, Objective([name]))[k] for k, name in enumerate(names)]
    assert Pass(arch, theta, 6).losses(X, Y, Objective(names)).tolist() == expected
    monkeypatch.setattr(engine, "CACHE_BYTES", 2 * 4 * 6 * 8)
    assert losses(arch, theta, X, Y, Objective(names)).tolist() == expected


def test_an_objective_of_some_networks_is_theirs() -> None:
    assert Objective(["mse", "half_mse", "cross_entropy"]).select([2, 0]).names == (
        "cross_entropy",
        "mse",
    )


def test_buffers_used_again_leave_nothing_behind() -> None:
    arch, objective = architecture((2, 4, 3, 1)), Objective(["mse"])
    theta, (X, Y) = stack(arch, 3), samples(arch, 6)
    room = Pass(arch, theta, 6)
    room.backward(-X, 3.0 * Y, objective)
    theta += 0.25
    assert np.array_equal(room.forward(X), Pass(arch, theta, 6).forward(X))
    assert np.array_equal(room.backward(X, Y, objective), gradients(arch, theta, X, Y, objective))


def test_a_pass_changes_neither_parameters_nor_samples() -> None:
    arch, objective = architecture((2, 4, 1)), Objective(["cross_entropy"])
    theta, (X, Y) = stack(arch, 3), samples(arch, 6, "cross_entropy")
    before = [array.copy() for array in (theta, X, Y)]
    gradients(arch, theta, X, Y, objective)
    losses(arch, theta, X, Y, objective)
    assert all(np.array_equal(a, b) for a, b in zip((theta, X, Y), before, strict=True))


def test_gradients_are_the_callers_to_keep() -> None:
    arch, objective = architecture((2, 4, 1)), Objective(["mse"])
    theta, (X, Y) = stack(arch, 2), samples(arch, 6)
    first = gradients(arch, theta, X, Y, objective)
    kept = first.copy()
    gradients(arch, -theta, X, Y, objective)
    assert np.array_equal(first, kept)


@pytest.mark.parametrize("loss", LOSSES)
def test_what_is_drawn_stays_single_precision(loss: str) -> None:
    arch, objective = architecture((2, 4, 1)), Objective([loss])
    theta, (X, Y) = stack(arch, 3), samples(arch, 6, loss)
    small, X4, Y4 = (array.astype(np.float32) for array in (theta, X, Y))
    J = losses(arch, small, X4, Y4, objective)
    assert J.dtype == Pass(arch, small, 6).forward(X4).dtype == np.float32
    np.testing.assert_allclose(J, losses(arch, theta, X, Y, objective), rtol=1e-5)


def test_upper_layers_fed_by_the_lower_ones_are_the_whole() -> None:
    arch, theta = architecture((2, 4, 3, 1)), stack(architecture((2, 4, 3, 1)), 1)
    X, _ = samples(arch, 6)
    whole = Pass(arch, theta, 6)
    expected = whole.forward(X)
    above = Pass(arch.above(1), theta[:, arch.offsets[1] :], 6).forward(whole.neurons[0][0])
    np.testing.assert_allclose(above, expected, rtol=1e-14)
