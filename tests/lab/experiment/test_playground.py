"""TensorFlow Playground's mathematics, reproduced from its definitions to rounding."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment
from tests.lab.experiment.test_training import batches
from tests.lab.playground import Playground
from tests.lab.trainer import close

SAMPLES = 20  # of which every batch size below is a divisor
LAYERS = [{"units": units, "activation": "tanh"} for units in (4, 2, 1)]
STRENGTH = 0.05


def experiment_of(basin: Client, regularizer: str, batch: int | None) -> Experiment:
    """TensorFlow Playground's network, with its own initial weights U(-1/2, 1/2) and b = 0.1."""
    x = [[np.sin(1.3 * i), np.cos(0.9 * i)] for i in range(SAMPLES)]
    y = [1.0 if a * b > 0 else -1.0 for a, b in x]
    recipe = {"weights": {"name": "uniform", "limit": 0.5},
              "biases": {"name": "constant", "value": 0.1}}  # fmt: skip
    choice: dict[str, Any] = {"name": regularizer}
    if regularizer != "none":
        choice["rate"] = STRENGTH
    return basin.create(
        data={"name": "custom", "inputs": x, "targets": y}, layers=LAYERS, loss="half_mse",
        optimizer={"learning_rate": 0.3}, regularizer=choice, batch_size=batch,
        runs=[{"recipe": recipe}],
    )  # fmt: skip


@pytest.mark.parametrize("regularizer", ["none", "l1", "l2", "l1_dying"])
@pytest.mark.parametrize("batch", [None, 10, 4, 1])
def test_training_is_tensorflow_playgrounds(
    basin: Client, regularizer: str, batch: int | None
) -> None:
    experiment = experiment_of(basin, regularizer, batch)
    experiment.train(100)
    W, b = experiment.parameters(0, 0)
    strength = 0.0 if regularizer == "none" else STRENGTH
    reference = Playground(W, b, 0.3, regularizer, strength)
    data = experiment.read("data")["train"]
    xs, ts = data["x"], data["y"]
    order = [list(range(SAMPLES))] * 100 if batch is None else batches(basin, batch, 100)
    expected = [reference.loss(xs, ts)]
    for chosen in order:
        reference.update([xs[i] for i in chosen], [ts[i] for i in chosen])
        expected.append(reference.loss(xs, ts))
    close(experiment.loss()["train"][0], expected, 1e-9)
    close(list(experiment.parameters()), [reference.W, reference.b], 1e-9)
    assert (len(reference.dead) > 0) == (regularizer == "l1_dying")


def test_a_dead_link_is_zero_and_stays_so(basin: Client) -> None:
    experiment = experiment_of(basin, "l1_dying", None)
    experiment.train(100)
    dead = [np.array(w) == 0.0 for w in experiment.parameters()[0]]
    assert any(links.any() for links in dead)
    experiment.train(200)
    for links, w in zip(dead, experiment.parameters()[0], strict=True):
        assert not np.array(w)[links].any()


def test_the_dead_are_remembered_by_time(basin: Client) -> None:
    experiment = experiment_of(basin, "l1_dying", 4)
    experiment.train(150)
    before = experiment.loss(), experiment.parameters()
    experiment.rewind(101)
    experiment.train(49)
    assert (experiment.loss(), experiment.parameters()) == before
