"""Dropout in training: reproducible, shared by all runs, and off for everything that is shown."""

from typing import Any

import numpy as np

from app.lab.experiment.setup import Setup, build
from app.lab.spec.parse import parse
from tests.lab.client import Client, Experiment
from tests.lab.trainer import close, network, points


def layers(dropout: float) -> list[dict[str, Any]]:
    return [
        {"units": 6, "activation": "tanh", "dropout": dropout},
        {"units": 1, "activation": "sigmoid"},
    ]


def make(basin: Client, dropout: float = 0.4, **fields: Any) -> Experiment:
    return basin.create(data={"samples": 60}, layers=layers(dropout), **fields)


def dropout_setup(dropout: float, seed: int = 7) -> Setup:
    return build(parse({"data": {"samples": 400}, "layers": layers(dropout), "seed": seed}))


def test_a_mask_leaves_out_its_share_and_makes_up_for_it() -> None:
    (mask,) = dropout_setup(0.4).masks(3, 5000) or [None]
    assert mask is not None
    assert {*np.unique(mask)} == {0.0, 1.0 / 0.6}
    assert abs(np.mean(mask == 0.0) - 0.4) < 0.01


def test_a_mask_is_a_function_of_seed_and_step() -> None:
    def drawn(step: int, seed: int = 7) -> Any:
        (mask,) = dropout_setup(0.4, seed).masks(step, 20) or [None]
        assert mask is not None
        return mask.tolist()

    assert drawn(5) == drawn(5)
    assert drawn(5) != drawn(6)
    assert drawn(5) != drawn(5, seed=8)


def test_without_dropout_there_are_no_masks() -> None:
    assert dropout_setup(0.0).masks(0, 20) is None


def test_losses_are_those_of_the_whole_network(basin: Client) -> None:
    experiment = make(basin, runs=[{}])
    experiment.train(30)
    x, y = points(experiment)
    close(experiment.summary()["loss"]["train"][0], network(experiment).cost(x, y), 1e-12)
    assert experiment.read("gradients")["max_difference"] < 1e-8


def test_dropout_changes_how_a_run_learns_and_not_how_it_begins(basin: Client) -> None:
    dropping, whole = make(basin), make(basin, 0.0)
    assert dropping.summary()["loss"] == whole.summary()["loss"]
    assert dropping.train(1)["train"][0] != whole.train(1)["train"][0]


def test_company_changes_nothing_about_a_run_that_drops(basin: Client) -> None:
    runs = [{"seed": 1}, {"seed": 2, "optimizer": {"name": "adam"}}]
    together = make(basin, runs=runs).train(40)["train"]
    for place, run in enumerate(runs):
        assert make(basin, runs=[run]).train(40)["train"][0] == together[place]


def test_what_drops_out_parts_neurons_that_began_alike(basin: Client) -> None:
    same = {"recipe": {"weights": {"name": "constant", "value": 0.5}}}
    for dropout, distinct in ((0.0, 1), (0.4, 6)):
        experiment = make(basin, dropout, runs=[same])
        experiment.train(20)
        W, _ = experiment.parameters()
        assert len(np.unique(np.array(W[0]), axis=0)) == distinct
