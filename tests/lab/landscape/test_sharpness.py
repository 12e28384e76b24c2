"""Sharpness over time: the largest eigenvalue, beside the edge of the update that is made."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment
from tests.lab.trainer import points

LINEAR = [{"units": 1, "activation": "linear"}]
BOWL: dict[str, Any] = {"data": {"name": "line"}, "layers": LINEAR, "loss": "mse"}


def whole(experiment: Experiment, **query: Any) -> Any:
    """The sharpness, asked for until nothing is left to measure."""
    for _ in range(50):
        found = experiment.read("sharpness", **query)
        if found["complete"]:
            return found
    raise AssertionError("there is always something left to measure")


def test_a_bowl_is_as_sharp_everywhere(basin: Client) -> None:
    experiment = basin.create(BOWL, optimizer={"learning_rate": 0.1})
    experiment.train(40)
    found = whole(experiment)
    x, _ = points(experiment)
    design = np.c_[x, np.ones(len(x))]
    largest = np.linalg.eigvalsh(2.0 * design.T @ design / len(x))[-1]
    assert (found["steps"][0], found["steps"][-1]) == (0, 40)
    np.testing.assert_allclose(found["largest"], largest, rtol=1e-3)
    np.testing.assert_allclose(found["edge"], 2.0 / 0.1)


def test_it_is_the_curvature_of_what_is_descended_at_each_step(basin: Client) -> None:
    experiment = basin.create(regularizer={"name": "l2", "rate": 0.5})
    experiment.train(30)
    found = whole(experiment, points=8)
    for run in (0, 2, 3):
        for place, step in enumerate(found["steps"]):
            there = experiment.read("curvature", run=run, step=step)["objective_largest"]
            assert found["largest"][run][place] == pytest.approx(there, rel=1e-3)


@pytest.mark.parametrize(
    ("optimizer", "factor"),
    [
        ({"name": "gradient_descent"}, 2.0),
        ({"name": "momentum", "momentum": 0.9}, 3.8),
        ({"name": "nesterov", "momentum": 0.9}, 3.8 / 2.8),
        ({"name": "adam"}, None),
        ({"name": "rmsprop"}, None),
    ],
)
def test_the_edge_is_that_of_the_update(
    basin: Client, optimizer: dict[str, Any], factor: float | None
) -> None:
    experiment = basin.create(optimizer={**optimizer, "learning_rate": 0.05}, runs=[{}])
    experiment.train(3)
    (edge,) = whole(experiment)["edge"]
    expected = [None if factor is None else pytest.approx(factor / 0.05)] * len(edge)
    assert edge == expected


def test_the_edge_follows_the_schedule_and_changes_on_the_way(basin: Client) -> None:
    experiment = basin.create(
        BOWL,
        optimizer={"learning_rate": 0.1},
        schedule={"name": "step", "step_size": 4, "gamma": 0.5},
    )
    experiment.train(8)
    experiment.change_rate(0.02)
    experiment.train(3)
    found = whole(experiment)
    rates = {0: 0.1, 3: 0.1, 4: 0.05, 7: 0.05, 8: 0.005, 11: 0.005}
    for step, rate in rates.items():
        assert found["edge"][0][found["steps"].index(step)] == pytest.approx(2.0 / rate)


def test_gradient_descent_sharpens_up_to_its_edge_and_stays_there(basin: Client) -> None:
    """Cohen et al. 2021, figure 1, in small: J falls on, while λ hovers at 2/α."""
    experiment = basin.create(
        data={"name": "spiral", "samples": 100, "standardize": True},
        layers=[{"units": 16, "activation": "tanh"}] * 4 + LINEAR,
        loss="mse",
        optimizer={"learning_rate": 0.05},
        runs=[{"recipe": {"weights": {"name": "glorot_normal"}}}],
    )
    experiment.train(1500)
    found = whole(experiment, points=30)
    (largest,), (edge,) = found["largest"], found["edge"]
    assert edge == pytest.approx([40.0] * len(edge))
    assert largest[0] < 0.6 * edge[0]
    assert np.median(largest[len(largest) // 2 :]) == pytest.approx(edge[0], rel=0.05)


def test_a_step_of_the_past_gives_the_same_numbers_as_then(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(32)
    then = whole(experiment)
    experiment.train(60)
    assert whole(experiment, step=32) == then
    experiment.rewind(32)
    assert whole(experiment) == then


def test_a_run_that_diverges_has_none_from_there_on(basin: Client) -> None:
    experiment = basin.create(BOWL, optimizer={"learning_rate": 5.0}, runs=[{}])
    experiment.train(200)
    found = whole(experiment)
    since = experiment.summary()["runs"][0]["diverged_at"]
    for step, value in zip(found["steps"], found["largest"][0], strict=True):
        assert (value is None) == (step >= since)


def test_what_can_not_be_asked_is_refused(basin: Client) -> None:
    experiment = basin.create({})
    for query in ({"points": 1}, {"points": 257}, {"points": "x"}, {"step": 5}):
        experiment.read("sharpness", 422, **query)
