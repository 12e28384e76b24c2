"""At the extremes: finite or marked as diverged, never a warning, never NaN in an answer.

Warnings are errors here, and answers are read by a parser that refuses NaN.
"""

from typing import Any

import pytest

from app.nn.activations import HIDDEN
from app.nn.losses import LOSSES
from app.nn.update.optimizers import OPTIMIZERS
from tests.lab.client import Client, Experiment


def look_everywhere(experiment: Experiment) -> None:
    """Every answer that has numbers of a run in it."""
    experiment.train(30, every=7, views={"outputs": {"size": 5}, "metrics": True})
    for what in ("loss", "parameters", "gradients", "metrics", "outputs", "surface"):
        size = {"size": 5} if what in ("outputs", "surface") else {}
        experiment.read(what, **size)
    for loss in experiment.loss()["train"]:
        marked = experiment.summary()["runs"][0]["status"] == "diverged"
        assert (None in loss) == marked


@pytest.mark.parametrize("far", [1000.0, -1000.0])
@pytest.mark.parametrize("loss", LOSSES)
def test_logits_of_a_thousand(basin: Client, loss: str, far: float) -> None:
    for output in LOSSES[loss].outputs:
        units = 2 if output == "softmax" else 1
        layers = [{"units": units, "activation": output}]
        W, b = [[[far, 0.0]] + [[0.0, 0.0]] * (units - 1)], [[far] + [0.0] * (units - 1)]
        look_everywhere(
            basin.create(
                data={"samples": 20},
                layers=layers,
                loss=loss,
                runs=[{"parameters": {"W": W, "b": b}}],
            )
        )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_learning_rate_of_ten(basin: Client, optimizer: str, hidden: str) -> None:
    layers = [{"units": 4, "activation": hidden}, {"units": 1, "activation": "linear"}]
    look_everywhere(
        basin.create(
            data={"samples": 20},
            layers=layers,
            batch_size=4,
            runs=[{}],
            optimizer={"name": optimizer, "learning_rate": 10},
            regularizer={"name": "l1_dying", "rate": 0.5},
        )
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_ten_layers_of_sigmoid(basin: Client, optimizer: str) -> None:
    layers: list[dict[str, Any]] = [{"units": 6, "activation": "sigmoid", "dropout": 0.5}] * 10
    layers = [*layers, {"units": 1, "activation": "sigmoid"}]
    choice = {"name": optimizer, "learning_rate": 10}
    look_everywhere(basin.create(data={"samples": 20}, layers=layers, optimizer=choice, runs=[{}]))


def test_columns_that_never_change(basin: Client) -> None:
    inputs = [[3.0, -1e12, i / 10] for i in range(10)]
    data = {"name": "custom", "inputs": inputs, "targets": [2.0] * 10, "standardize": True}
    look_everywhere(
        basin.create(data=data, layers=[{"units": 1, "activation": "linear"}], runs=[{}])
    )
