"""The history of losses: complete, or thinned without losing a spike."""

import pytest

from tests.lab.client import Client, Experiment


@pytest.fixture
def trained(basin: Client) -> Experiment:
    """Small and a little trained, with a test set."""
    experiment = basin.create(data={"samples": 40}, batch_size=8)
    experiment.train(30)
    return experiment


def test_the_history_is_complete_while_it_has_few_enough_points(trained: Experiment) -> None:
    history = trained.loss(points=31)
    assert history["steps"] == list(range(31))
    assert [len(run) for run in history["train"] + history["test"]] == [31] * 10


def test_the_default_is_a_thousand_points(basin: Client) -> None:
    experiment = basin.create(data={"samples": 2}, runs=[{}])
    experiment.train(999)
    assert experiment.read("loss")["steps"] == list(range(1000))
    experiment.train(1)
    assert len(experiment.read("loss")["steps"]) <= 1000


@pytest.mark.parametrize("size", [2, 3, 10, 50, 100, 500, 600])
def test_a_thinned_history_has_no_more_points_than_asked_for_and_both_ends(
    basin: Client, size: int
) -> None:
    experiment = basin.create(data={"samples": 20}, batch_size=3)
    experiment.train(600)
    steps = experiment.loss(points=size)["steps"]
    assert len(steps) <= size
    assert (steps[0], steps[-1]) == (0, 600)
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("size", [30, 100, 300])
def test_thinning_keeps_the_extremes_of_every_run(basin: Client, size: int) -> None:
    experiment = basin.create(data={"samples": 20}, batch_size=3, optimizer={"learning_rate": 5})
    experiment.train(137)
    experiment.set(2, values={"W2[0,0]": 300, "b2[0]": 200})  # a spike of one step
    experiment.train(600)
    whole, thin = experiment.loss(), experiment.loss(points=size)
    for part in ("train", "test"):
        for full, kept in zip(whole[part], thin[part], strict=True):
            assert (min(kept), max(kept)) == (min(full), max(full))


def test_a_thinned_history_says_what_the_whole_one_says(basin: Client) -> None:
    experiment = basin.create(data={"samples": 20}, batch_size=3)
    experiment.train(300)
    whole, thin = experiment.loss(), experiment.loss(points=40)
    assert len(thin["steps"]) > 10
    for part in ("train", "test"):
        assert thin[part] == [[run[step] for step in thin["steps"]] for run in whole[part]]
