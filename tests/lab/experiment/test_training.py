"""Training is gradient descent: a plain trainer with the same start comes to the same numbers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.lab.experiment import training
from app.lab.experiment.setup import Setup, build
from app.lab.spec.parse import parse
from app.nn.types import Array
from tests.lab.client import Client, Experiment
from tests.lab.states import train
from tests.lab.trainer import FITTING, FUNCTIONS, LOSSES, close, descent, network, points

EVERYTHING = slice(None)

# Row i is 1 at place i only: weight i of one linear neuron moves when sample i is in the batch.
SAMPLES = 20
ONE_HOT: dict[str, Any] = {
    "data": {"name": "custom", "inputs": np.eye(SAMPLES).tolist(), "targets": [1.0] * SAMPLES},
    "layers": [{"units": 1, "activation": "linear"}],
    "loss": "half_mse",
    "optimizer": {"learning_rate": 0.001},
    "runs": [{"recipe": {"weights": {"name": "zeros"}, "biases": {"name": "zeros"}}}],
}


def batches(basin: Client, batch_size: int, steps: int, seed: int = 7) -> list[list[int]]:
    """Which samples each step looked at, read off the weights that it moved."""
    experiment = basin.create(ONE_HOT, batch_size=batch_size, seed=seed)
    experiment.train(steps)
    W = np.array([experiment.parameters(0, step)[0][0][0] for step in range(steps + 1)])
    return [np.flatnonzero(moved).tolist() for moved in W[1:] != W[:-1]]


@pytest.mark.parametrize("hidden", FUNCTIONS)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_full_batch_training_is_gradient_descent(
    basin: Client, loss: str, output: str, hidden: str
) -> None:
    layers = [{"units": 5, "activation": hidden}, {"units": 1, "activation": output}]
    data = {"name": "circle", "samples": 41, "noise": 0.1}
    recipe = {"weights": {"name": "uniform", "limit": 0.3},
              "biases": {"name": "normal", "std": 0.1}}  # fmt: skip
    experiment = basin.create(
        data=data, layers=layers, loss=loss, runs=[{"recipe": recipe}],
        optimizer={"learning_rate": 0.02},
    )  # fmt: skip
    experiment.train(40)
    x, y = points(experiment)
    costs, end = descent(network(experiment, 0, 0), x, y, 0.02, [EVERYTHING] * 40)
    close(experiment.loss()["train"][0], costs)
    close(experiment.parameters(), (end.W, end.b))


@pytest.mark.parametrize("hidden_layers", [0, 1, 3, 10])
def test_any_depth_trains_by_gradient_descent(basin: Client, hidden_layers: int) -> None:
    layers = [{"units": 3 + n % 2, "activation": "tanh"} for n in range(hidden_layers)]
    layers.append({"units": 1, "activation": "sigmoid"})
    experiment = basin.create(data={"samples": 30}, layers=layers)
    experiment.train(20)
    x, y = points(experiment)
    costs, end = descent(network(experiment, 0, 0), x, y, 1.0, [EVERYTHING] * 20)
    close(experiment.loss()["train"][0], costs)
    close(experiment.parameters(0), (end.W, end.b))


@pytest.mark.parametrize("loss", LOSSES)
def test_several_outputs_train_by_gradient_descent(basin: Client, loss: str) -> None:
    x = np.sin(np.arange(24.0)).reshape(8, 3)
    data = {"name": "custom", "inputs": x.tolist(), "targets": np.abs(x[:, :2]).tolist()}
    layers = [{"units": 4, "activation": "tanh"}, {"units": 2, "activation": "sigmoid"}]
    experiment = basin.create(data=data, layers=layers, loss=loss, runs=[{}])
    experiment.train(30)
    x, y = points(experiment)
    costs, end = descent(network(experiment, 0, 0), x, y, 1.0, [EVERYTHING] * 30)
    close(experiment.loss()["train"][0], costs)
    close(experiment.parameters(), (end.W, end.b))


def test_the_test_loss_is_of_the_test_set(basin: Client) -> None:
    experiment = basin.create(data={"samples": 50, "train_fraction": 0.7})
    experiment.train(10)
    x, y = points(experiment, "test")
    assert len(x) == 15
    for step in (0, 3, 10):
        close(experiment.loss()["test"][0][step], network(experiment, 0, step).cost(x, y))


def test_runs_of_several_losses_and_rates_train_side_by_side(basin: Client) -> None:
    wanted = [("mse", 0.5), ("cross_entropy", 0.1), ("half_mse", 0.5), ("cross_entropy", 1.0)]
    runs = [
        {"loss": loss, "optimizer": {"learning_rate": rate}, "seed": 3} for loss, rate in wanted
    ]
    experiment = basin.create(runs=runs)
    experiment.train(25)
    x, y = points(experiment)
    for run, (_, rate) in enumerate(wanted):
        costs, end = descent(network(experiment, run, 0), x, y, rate, [EVERYTHING] * 25)
        close(experiment.loss()["train"][run], costs)
        close(experiment.parameters(run), (end.W, end.b))


def test_company_changes_nothing_about_a_run(basin: Client) -> None:
    runs = [
        {"loss": "mse"},
        {"seed": 2},
        {"loss": "half_mse", "optimizer": {"learning_rate": 3.0}},
        {"recipe": {"weights": {"name": "orthogonal"}}},
    ]
    spec = {"data": {"samples": 77}, "batch_size": 10}
    together = basin.create(spec, runs=runs).train(60)
    for place, run in enumerate(runs):
        alone = basin.create(spec, runs=[run]).train(60)
        assert alone["train"][0] == together["train"][place]
        assert alone["test"][0] == together["test"][place]


@pytest.mark.parametrize("batch_size", [1, 6, 7, 19, 20])
def test_every_epoch_visits_every_sample_once(basin: Client, batch_size: int) -> None:
    per_epoch = -(-SAMPLES // batch_size)
    seen = batches(basin, batch_size, 3 * per_epoch)
    for epoch in range(3):
        visited = [i for batch in seen[epoch * per_epoch :][:per_epoch] for i in batch]
        assert sorted(visited) == list(range(SAMPLES))


def test_only_the_last_batch_of_an_epoch_is_smaller(basin: Client) -> None:
    assert [len(batch) for batch in batches(basin, 6, 8)] == [6, 6, 6, 2] * 2


def test_every_epoch_has_an_order_of_its_own(basin: Client) -> None:
    seen = batches(basin, 6, 12)
    assert seen[0:4] != seen[4:8] != seen[8:12]


def test_batches_follow_the_seed(basin: Client) -> None:
    assert batches(basin, 6, 8, seed=1) == batches(basin, 6, 8, seed=1)
    assert batches(basin, 6, 8, seed=1) != batches(basin, 6, 8, seed=2)


def test_a_batch_as_large_as_the_training_set_is_the_full_batch(basin: Client) -> None:
    full, counted = (basin.create(data={"samples": 40}, batch_size=size) for size in (None, 20))
    assert counted.summary()["batches_per_epoch"] == 1
    close(counted.train(10)["train"][0], full.train(10)["train"][0])


@pytest.mark.parametrize("batch_size", [1, 6, 19])
def test_mini_batch_training_is_gradient_descent_on_each_batch(
    basin: Client, batch_size: int
) -> None:
    angles = np.arange(SAMPLES) * 0.7
    data = {"name": "custom", "inputs": np.stack([np.sin(angles), angles / 9], axis=1).tolist(),
            "targets": np.cos(angles).tolist()}  # fmt: skip
    layers = [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "linear"}]
    experiment = basin.create(
        data=data, layers=layers, runs=[{}], batch_size=batch_size,
        optimizer={"learning_rate": 0.05},
    )  # fmt: skip
    experiment.train(30)
    x, y = points(experiment)
    costs, end = descent(network(experiment, 0, 0), x, y, 0.05, batches(basin, batch_size, 30))
    close(experiment.loss()["train"][0], costs)
    close(experiment.parameters(), (end.W, end.b))


def test_an_epoch_is_one_pass_over_the_training_set(basin: Client) -> None:
    experiment = basin.create(data={"samples": 40}, batch_size=6)
    assert experiment.summary()["batches_per_epoch"] == 4
    assert [experiment.train(count)["epoch"] for count in (3, 1, 3, 1)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("count", "every", "frames"),
    [(1, 1, [1]), (5, 1, [1, 2, 3, 4, 5]), (10, 5, [5, 10]), (7, 3, [3, 6, 7]), (2, 10, [2])],
)
def test_frames_are_every_so_many_steps_and_the_last(
    basin: Client, count: int, every: int, frames: list[int]
) -> None:
    experiment = basin.create()
    block = experiment.train(count, every=every)
    loss = experiment.loss()
    assert block["steps"] == frames
    assert block["train"] == [[run[step] for step in frames] for run in loss["train"]]
    assert block["test"] == [[run[step] for step in frames] for run in loss["test"]]


def test_a_later_block_counts_its_frames_from_where_it_begins(basin: Client) -> None:
    experiment = basin.create()
    experiment.train(3)
    assert experiment.train(5, every=2)["steps"] == [5, 7, 8]


@pytest.mark.parametrize("units", [4, 40])
def test_a_block_brings_the_path_of_every_run(basin: Client, units: int) -> None:
    layers = [{"units": units, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    experiment = basin.create(layers=layers)
    experiment.train(4)
    block = experiment.train(9, every=4, views={"path": {"x": "W1[3,1]", "y": "b2[0]"}})
    for run in range(5):
        at = [experiment.parameters(run, step) for step in block["steps"]]
        assert block["path"]["x"][run] == [W[0][3][1] for W, _ in at]
        assert block["path"]["y"][run] == [b[1][0] for _, b in at]


def test_a_block_brings_the_outputs_at_its_last_step(basin: Client) -> None:
    experiment = basin.create()
    block = experiment.train(5, views={"outputs": {"run": 2, "size": 9}})
    assert block["outputs"] == experiment.read("outputs", run=2, size=9, neurons="false")


@settings(max_examples=20)
@given(sizes=st.lists(st.integers(1, 40), min_size=2, max_size=12))
def test_any_split_into_blocks_is_the_same_history(basin: Client, sizes: list[int]) -> None:
    spec = {"data": {"samples": 50}, "batch_size": 8, "layers": [
        {"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]}  # fmt: skip
    whole, split = basin.create(spec), basin.create(spec)
    whole.train(sum(sizes))
    for size in sizes:
        split.train(size)
    assert split.loss() == whole.loss()
    assert _final(split) == _final(whole)


def _final(experiment: Experiment) -> list[Any]:
    return [experiment.parameters(run) for run in range(5)]


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam"])
def test_what_is_foreseen_is_what_happens_where_all_samples_are_seen(optimizer: str) -> None:
    spec: dict[str, Any] = {
        "optimizer": {"name": optimizer, "learning_rate": 0.1},
        "data": {"samples": 60},
    }
    now = train(7, **spec)
    theta, gradient = training.foresee(now.setup, now.state, (), 3)
    for ahead in range(4):
        np.testing.assert_array_equal(theta[ahead], train(7 + ahead, **spec).state.theta)
    rows = range(len(now.setup.runs))
    np.testing.assert_allclose(
        gradient, training.gradient_of(now.setup, (), now.state, rows), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("batch_size", [7, None])
def test_losses_are_worked_out_in_parts_too_and_are_the_same(
    batch_size: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = build(parse({"data": {"name": "circle", "samples": 40}, "batch_size": batch_size}))
    state, _ = training.begin(setup)
    _, (whole,) = training.advance(setup, state, (), 60)
    monkeypatch.setattr(training, "_PART_WORK", 10 * setup.step_work)
    measured: list[int] = []
    losses = type(setup).losses

    def measure(self: Setup, thetas: Array, *others: Any) -> Array:
        measured.append(len(thetas))
        return losses(self, thetas, *others)

    monkeypatch.setattr(type(setup), "losses", measure)
    pauses: list[None] = []
    _, (parts,) = training.advance(setup, state, (), 60, None, lambda: pauses.append(None))
    assert measured == [10] * 6
    assert len(pauses) >= 11
    for one, other in ((whole.train, parts.train), (whole.test, parts.test)):
        assert one.tobytes() == other.tobytes()
