"""Losses that come with a gradient, samples of one's own, and bounds on a loss."""

import numpy as np
import pytest

from app.choices import Chosen
from app.nn import divergence
from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.losses import LOSSES, Objective
from app.nn.stack import Pass, losses, trajectory_losses
from app.nn.training import Descent, Task, train, training_block
from app.nn.types import Array
from app.nn.update.updates import Method
from tests.nn.examples import FITTING, architecture, output_for, stack, targets

NONE = Chosen("none", {})
DESCENT = Method(
    Chosen("gradient_descent", {"learning_rate": 0.3}), Chosen("constant", {}), NONE, NONE
)
SIZES = [(2, 1), (2, 4, 1), (3, 5, 1, 2), (2, 8, 8, 1)]
every_size = pytest.mark.parametrize("sizes", SIZES, ids=str)
every_count = pytest.mark.parametrize("count", [1, 2, 5, 16, 50, 250])


def same_bits(a: Array, b: Array) -> bool:
    """Equal to the last bit, the sign of a zero included."""
    return a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize(("loss", "output"), FITTING)
@every_count
def test_a_gradients_own_pass_gives_the_loss(loss: str, output: str, count: int) -> None:
    arch, rng = architecture((2, 4, 2), "tanh", output), np.random.default_rng(3)
    theta, X, Y = stack(arch, 3), rng.standard_normal((2, count)), targets(loss, (2, count), rng)
    objective, J = Objective([loss] * 3), np.empty(3)
    together, apart = Pass(arch, theta, count), Pass(arch, theta, count)
    gradient = together.backward(X, Y, objective, None, J)
    assert same_bits(J, losses(arch, theta, X, Y, objective))
    assert same_bits(gradient, apart.backward(X, Y, objective))


def test_networks_with_losses_of_their_own_get_them_with_their_gradients() -> None:
    names = [name for name in LOSSES if LOSSES[name].fits("sigmoid")] * 2
    arch, rng = architecture((2, 4, 1)), np.random.default_rng(3)
    theta, X, Y = stack(arch, len(names)), rng.standard_normal((2, 9)), rng.random((1, 9))
    J = np.empty(len(names))
    Pass(arch, theta, 9).backward(X, Y, Objective(names), None, J)
    for k, name in enumerate(names):
        assert J[k] == losses(arch, theta[[k]], X, Y, Objective([name]))[0]


@pytest.mark.parametrize("hidden", HIDDEN)
@every_size
@every_count
def test_samples_and_masks_of_ones_own_are_to_a_network_what_shared_ones_are(
    sizes: tuple[int, ...], hidden: str, count: int
) -> None:
    arch, rng = architecture(sizes, hidden), np.random.default_rng(4)
    theta = stack(arch, 3)
    X = rng.standard_normal((3, sizes[0], count))
    Y = rng.random((3, sizes[-1], count))
    masks = [(rng.random((3, units, count)) > 0.3) / 0.7 for units in sizes[1:-1]]
    objective, J = Objective(["cross_entropy"] * 3), np.empty(3)
    whole = Pass(arch, theta, count)
    found = [whole.backward(X, Y, objective, given, J).copy() for given in (None, masks)]
    values, outputs = whole.losses(X, Y, objective), whole.forward(X)
    for k in range(3):
        alone, row = Pass(arch, theta[[k]], count), objective.select([k])
        own: list[Array | None] = [mask[k] for mask in masks]
        for gradient, given in zip(found, (None, own), strict=True):
            assert same_bits(gradient[[k]], alone.backward(X[k], Y[k], row, given))
        assert same_bits(values[[k]], alone.losses(X[k], Y[k], row))
        assert same_bits(outputs[[k]], alone.forward(X[k]))


def test_one_pass_takes_shared_samples_and_own_ones_in_turn() -> None:
    arch, rng = architecture((2, 4, 1)), np.random.default_rng(5)
    theta, X, Y = stack(arch, 3), rng.standard_normal((2, 6)), rng.random((1, 6))
    room, objective = Pass(arch, theta, 6), Objective(["mse"] * 3)
    shared = room.backward(X, Y, objective).copy()
    own = [np.repeat(part[np.newaxis], 3, axis=0) for part in (X, Y)]
    assert same_bits(room.backward(own[0], own[1], objective), shared)
    assert same_bits(room.backward(X, Y, objective), shared)


def test_losses_along_the_way_are_those_of_each_step() -> None:
    arch, rng, names = architecture((2, 4, 1)), np.random.default_rng(6), ["mse", "mae", "mse"]
    thetas = stack(arch, 12).reshape(4, 3, -1)
    X, Y = rng.standard_normal((3, 2, 7)), rng.random((3, 1, 7))
    found = trajectory_losses(arch, thetas, X, Y, Objective(names))
    shared = trajectory_losses(arch, thetas, X[0], Y[0], Objective(names))
    for t, k in np.ndindex(4, 3):
        row, one = thetas[t, [k]], Objective([names[k]])
        assert found[t, k] == losses(arch, row, X[k], Y[k], one)[0]
        assert shared[t, k] == losses(arch, row, X[0], Y[0], one)[0]


def test_the_loop_says_where_it_has_been_and_what_its_passes_saw() -> None:
    arch, rng = architecture((2, 4, 1)), np.random.default_rng(7)
    X, Y, theta = rng.standard_normal((2, 30)), rng.random((1, 30)), stack(arch, 3)
    task = Task(arch, Objective(["cross_entropy"] * 3), X, Y)
    descent = Descent(task, [DESCENT] * 3, theta.copy(), theta)
    thetas, J = np.empty((6, *theta.shape)), np.full((6, 3), np.nan)
    descent.run(thetas, [row if step != 2 else None for step, row in enumerate(J)])
    before = np.concatenate([theta[np.newaxis], thetas])
    expected = trajectory_losses(arch, before, X, Y, task.objective)
    assert np.isnan(J[2]).all()
    rest = [0, 1, 3, 4, 5]
    assert same_bits(J[rest], expected[rest])
    assert same_bits(descent.losses(), expected[6])
    assert same_bits(descent.theta, thetas[-1])
    assert descent.step == 6


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("count", [1, 5, 12, 13, 30])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_evaluated_together_are_those_of_each_pass(loss: str, count: int, own: bool) -> None:
    arch, rng = architecture((2, 3, 2), output=output_for(loss)), np.random.default_rng(7)
    theta = stack(arch, count)
    X: Array = rng.standard_normal((2, 20))
    Y = targets(loss, (2, 20), rng)
    if own:
        X, Y = (np.repeat(part[np.newaxis], count, axis=0) for part in (X, Y))
    task = Task(arch, Objective([loss] * count), X, Y)
    thetas, J = np.empty((31, *theta.shape)), np.empty((31, count))
    Descent(task, [DESCENT] * count, theta.copy(), theta).run(thetas, J)
    before = np.concatenate([theta[np.newaxis], thetas[:-1]])
    assert same_bits(J, trajectory_losses(arch, before, X, Y, task.objective))


@pytest.mark.parametrize("name", HIDDEN)
def test_no_activation_is_steeper_or_higher_than_the_bound_on_losses_takes_it_for(
    name: str,
) -> None:
    z = np.concatenate([np.linspace(-60.0, 60.0, 12_001), [1e3, -1e3, 1e9, -1e9]])
    a = np.abs(ACTIVATIONS[name].function(z, np.empty_like(z)))
    assert (a <= divergence.STEEPEST * np.abs(z) + divergence.HIGHEST).all()
    assert not ACTIVATIONS[name].bounded or (a <= 1.0).all()


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("loss", LOSSES)
def test_no_loss_exceeds_its_bound(loss: str, hidden: str, own: bool) -> None:
    arch, rng = architecture((2, 5, 4, 2), hidden, output_for(loss)), np.random.default_rng(8)
    scales = np.array([0.0, 1e-3, 1.0, 30.0, 1e4])
    theta = stack(arch, 5) * scales[:, np.newaxis]
    shape = (5,) if own else ()
    X = 3.0 * rng.standard_normal((*shape, 2, 8))
    Y = np.stack([targets(loss, (2, 8), rng) for _ in range(5)]) if own else targets(
        loss, (2, 8), rng
    )  # fmt: skip
    J = trajectory_losses(arch, theta[np.newaxis], X, Y, Objective([loss] * 5))[0]
    bound = divergence.loss_bound(arch, theta, X, Y)
    assert (bound >= J).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_parameter_that_is_no_number_is_never_sound(value: float) -> None:
    for hidden in HIDDEN:
        arch, rng = architecture((2, 3, 2, 1), hidden), np.random.default_rng(9)
        X, Y = rng.standard_normal((2, 4)), rng.random((1, 4))
        for place in range(arch.parameter_count):
            theta = stack(arch, 2)
            theta[1, place] = value
            with np.errstate(all="ignore"):
                found = divergence.surely_sound(arch, theta[np.newaxis], X, Y, np.full(2, 1e12))
            assert found.tolist() == [[True, False]], arch.parameter_names[place]


@pytest.mark.parametrize(
    ("sizes", "samples", "least", "most"),
    [((2, 4, 1), 250, 8, 32), ((2, 8, 8, 1), 250, 6, 32), ((2, 64, 64, 1), 1000, 4, 4)],
)
def test_a_block_fills_the_cache_and_no_more(
    sizes: tuple[int, ...], samples: int, least: int, most: int
) -> None:
    assert least <= training_block(architecture(sizes), samples) <= most


def test_a_block_is_bounded_however_small_the_networks_are() -> None:
    small = architecture((1, 1))
    assert training_block(small, 1) == 256
    assert training_block(small, 10**9) == 4


@pytest.mark.parametrize("target", [None, 0.5])
def test_the_test_loss_is_measured_at_steps_of_its_own(target: float | None) -> None:
    arch, rng = architecture((2, 4, 1)), np.random.default_rng(3)
    theta, X, Y = stack(arch, 3), rng.standard_normal((2, 20)), rng.integers(0, 2, (1, 20)) * 1.0
    task, test = Task(arch, Objective(["cross_entropy"] * 3), X, Y), (X[:, :9] + 0.1, Y[:, :9])
    every, some = np.arange(41), np.array([0, 3, 39, 40])
    whole = train(task, [DESCENT] * 3, theta, every, target, test)
    few = train(task, [DESCENT] * 3, theta, every, target, test, some)
    assert whole.test is not None
    assert few.test is not None
    assert same_bits(few.train, whole.train)
    assert same_bits(few.test, whole.test[some])
