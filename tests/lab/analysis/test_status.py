"""The opening experiment tells the article's story; every run says what it is doing."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment

GLOROT, ARTICLE, ZERO_WEIGHTS, SAME_WEIGHTS, ALL_ZEROS = range(5)


@pytest.fixture(scope="module")
def opening(basin: Client) -> Experiment:
    experiment = basin.create({})
    experiment.train(600)
    return experiment


@pytest.fixture(scope="module")
def train(opening: Experiment) -> Any:
    return opening.loss()["train"]


def test_a_new_run_is_training(basin: Client) -> None:
    runs = basin.create({}).summary()["runs"]
    assert [run["status"] for run in runs] == ["training"] * 5
    assert [run["diverged_at"] for run in runs] == [None] * 5


def test_runs_that_learn_nothing_are_stuck_by_step_600(opening: Experiment) -> None:
    statuses = [run["status"] for run in opening.summary()["runs"]]
    assert statuses[SAME_WEIGHTS] == statuses[ALL_ZEROS] == "stuck"
    assert {*statuses[:SAME_WEIGHTS]} <= {"training", "converged"}


def test_a_block_and_the_summary_agree_about_statuses(opening: Experiment) -> None:
    block = opening.train(1)
    for one, other in zip(block["runs"], opening.summary()["runs"], strict=True):
        assert one["status"] == other["status"]
    opening.rewind(600)


def test_glorot_falls_at_once(train: Any) -> None:
    assert train[GLOROT][100] < 0.3 < train[ARTICLE][50]


def test_the_recipe_of_the_article_waits_on_a_plateau_and_falls_by_step_300(train: Any) -> None:
    assert train[ARTICLE][40] > 0.6
    assert train[ARTICLE][300] < 0.15


def test_the_runs_that_learn_fall_one_after_another(train: Any) -> None:
    falls = [int(np.argmax(np.array(train[run]) < 0.3)) for run in range(SAME_WEIGHTS)]
    assert 0 < falls[GLOROT] < falls[ARTICLE] < falls[ZERO_WEIGHTS]
    assert train[ZERO_WEIGHTS][600] < 0.2


def test_identical_weights_drift_to_a_floor(opening: Experiment, train: Any) -> None:
    assert 0.5 < train[SAME_WEIGHTS][600] < 0.62
    W, b = opening.parameters(SAME_WEIGHTS)
    for array in (np.array(W[0]), np.array(b[0])[:, np.newaxis], np.array(W[1]).T):
        np.testing.assert_allclose(array, np.tile(array[0], (4, 1)), rtol=1e-9)


def test_all_zeros_never_move_from_ln_2(opening: Experiment, train: Any) -> None:
    np.testing.assert_allclose(train[ALL_ZEROS], np.log(2), atol=0.005)
    W, _ = opening.parameters(ALL_ZEROS)
    assert W == [[[0.0, 0.0]] * 4, [[0.0] * 4]]


def test_no_run_is_called_stuck_on_a_plateau_that_it_leaves(basin: Client) -> None:
    experiment = basin.create({})
    for _ in range(12):
        runs = experiment.train(50)["runs"]
        assert "stuck" not in [run["status"] for run in runs[:SAME_WEIGHTS]]


def test_a_run_that_has_learned_and_rests_has_converged(basin: Client) -> None:
    spec = next(one for one in basin.get("/api/catalog")["presets"] if one["name"] == "bowl")
    runs = basin.create(spec["spec"]).train(2000)["runs"]
    assert [run["status"] for run in runs] == ["converged"] * len(runs)


def test_a_status_belongs_to_its_step(opening: Experiment, basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(700)
    again = experiment.rewind(600)["runs"]
    assert again == opening.summary()["runs"]


def test_a_run_that_has_learned_equal_targets_has_converged(basin: Client) -> None:
    data = {"name": "custom", "inputs": [[0], [1], [2]], "targets": [1, 1, 1]}
    layers = [{"units": 1, "activation": "linear"}]
    experiment = basin.create(
        data=data, layers=layers, optimizer={"learning_rate": 0.1}, runs=[{"recipe": {}}]
    )
    experiment.train(400)
    assert experiment.summary()["runs"][0]["status"] == "converged"
