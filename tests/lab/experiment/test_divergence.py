"""A run that diverges is marked with its step and stops; its J is null, and the others go on."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment
from tests.lab.trainer import descent, network, points

LINE: dict[str, Any] = {
    "data": {"name": "line", "noise": 0.1},
    "layers": [{"units": 1, "activation": "linear"}],
    "loss": "mse",
}
TOO_FAST, SLOW = {"optimizer": {"learning_rate": 10}}, {"optimizer": {"learning_rate": 0.1}}
DEEP: dict[str, Any] = {
    "data": {"name": "custom", "inputs": [[1e12], [-1e12]], "targets": [1e12, 0]},
    "layers": [{"units": 5, "activation": "linear"}] * 10 + [{"units": 1, "activation": "linear"}],
}


def diverged(basin: Client, **fields: Any) -> tuple[Experiment, int]:
    """An experiment of which run 0 has diverged at that step, and run 1 has not."""
    experiment = basin.create(LINE, runs=[TOO_FAST, SLOW], **fields)
    first, second = experiment.train(100)["runs"]
    assert first["status"] == "diverged"
    assert second["diverged_at"] is None
    return experiment, first["diverged_at"]


@pytest.mark.parametrize("batch_size", [None, 32])
def test_a_run_that_diverges_is_marked_and_has_no_loss_from_then_on(
    basin: Client, batch_size: int | None
) -> None:
    experiment, step = diverged(basin, batch_size=batch_size)
    history = experiment.loss()
    for losses in (history["train"][0], history["test"][0]):
        assert None not in losses[:step]
        assert set(losses[step:]) == {None}
    assert experiment.summary()["runs"][0]["diverged_at"] == step
    assert experiment.summary()["loss"]["train"][0] is None


def test_a_run_is_marked_only_when_its_loss_is_beyond_all_measure(basin: Client) -> None:
    experiment, step = diverged(basin)
    x, y = points(experiment)
    costs, _ = descent(network(experiment, 0, 0), x, y, 10.0, [slice(None)] * step)
    np.testing.assert_allclose(experiment.loss()["train"][0][:step], costs[:step], rtol=1e-9)
    assert costs[step] > 1e9 * costs[0]


def test_a_diverged_run_stays_at_its_last_finite_parameters(basin: Client) -> None:
    experiment, step = diverged(basin)
    before = experiment.parameters(0, step - 1)
    assert before == experiment.parameters(0, step) == experiment.parameters(0)
    experiment.train(5)
    assert experiment.parameters(0) == before


def test_the_others_go_on_as_if_alone(basin: Client) -> None:
    experiment, _ = diverged(basin, batch_size=16)
    experiment.train(50)
    alone = basin.create(LINE, runs=[SLOW], batch_size=16)
    alone.train(150)
    assert experiment.loss()["train"][1] == alone.loss()["train"][0]
    assert experiment.parameters(1) == alone.parameters(0)


def test_divergence_does_not_depend_on_blocks(basin: Client) -> None:
    experiment, step = diverged(basin)
    other = basin.create(LINE, runs=[TOO_FAST, SLOW])
    for _ in range(100):
        other.train(1)
    assert other.loss() == experiment.loss()
    assert other.summary()["runs"][0]["diverged_at"] == step


def test_rewinding_before_it_revives_a_run(basin: Client) -> None:
    experiment, step = diverged(basin)
    before = experiment.loss()
    assert experiment.rewind(step - 1)["runs"][0]["diverged_at"] is None
    assert experiment.summary()["loss"]["train"][0] == before["train"][0][step - 1]
    assert experiment.train(101 - step)["runs"][0]["diverged_at"] == step
    assert experiment.loss() == before


def test_rewinding_to_it_or_after_it_does_not(basin: Client) -> None:
    experiment, step = diverged(basin)
    for back in (90, step):
        assert experiment.rewind(back)["runs"][0]["diverged_at"] == step


def test_a_smaller_learning_rate_before_it_prevents_it(basin: Client) -> None:
    experiment, step = diverged(basin)
    experiment.rewind(step - 3)
    experiment.change_rate(0.1)
    assert experiment.train(200)["runs"][0]["diverged_at"] is None


def test_parameters_set_by_hand_bring_a_run_back(basin: Client) -> None:
    experiment, step = diverged(basin)
    experiment.set(0, W=[[[2.0]]], b=[[0.5]])
    assert experiment.summary()["runs"][0]["diverged_at"] is None
    experiment.change_rate(0.1, run=0)
    x, y = points(experiment)
    costs, _ = descent(network(experiment), x, y, 0.1, [slice(None)] * 20)
    experiment.train(20)
    np.testing.assert_allclose(experiment.loss()["train"][0][100:], costs, rtol=1e-12)
    assert set(experiment.loss()["train"][0][step:100]) == {None}


def test_a_run_brought_back_may_diverge_again_and_be_rewound(basin: Client) -> None:
    experiment, step = diverged(basin)
    experiment.set(0, W=[[[2.0]]], b=[[0.5]])
    again = experiment.train(100)["runs"][0]["diverged_at"]
    assert again > 100
    for back, at in ((150, again), (again - 1, None), (100, None), (99, step), (step - 1, None)):
        assert experiment.rewind(back)["runs"][0]["diverged_at"] == at


def test_a_run_set_far_away_by_hand_has_not_diverged_while_it_comes_back(basin: Client) -> None:
    data = {"name": "custom", "inputs": [[100.0], [-100.0]], "targets": [1.0, -1.0]}
    experiment = basin.create(
        data=data, layers=LINE["layers"], runs=[{}], optimizer={"learning_rate": 1e-5}
    )
    experiment.set(0, W=[[[1e6]]])
    block = experiment.train(50)
    assert block["runs"][0]["diverged_at"] is None
    assert block["train"][0] == sorted(block["train"][0], reverse=True)


def test_all_runs_may_diverge(basin: Client) -> None:
    experiment = basin.create(LINE, runs=[TOO_FAST, {**TOO_FAST, "loss": "half_mse"}])
    runs = experiment.train(500)["runs"]
    assert [run["status"] for run in runs] == ["diverged"] * 2
    parameters = [experiment.parameters(run) for run in range(2)]
    block = experiment.train(5)
    assert (block["step"], block["train"]) == (505, [[None] * 5] * 2)
    assert parameters == [experiment.parameters(run) for run in range(2)]


def test_a_diverged_run_can_still_be_looked_at(basin: Client) -> None:
    experiment, step = diverged(basin)
    path = experiment.read("surface", size=5)["path"][0]
    shown = dict(zip(path["steps"], path["z"], strict=True))
    assert all((J is None) == (at >= step) for at, J in shown.items())
    assert experiment.read("gradients")["max_difference"] is not None
    assert len(experiment.read("outputs", size=5)["x"]) == 5


@pytest.mark.parametrize("by_hand", [False, True])
def test_parameters_too_large_to_train_diverge_and_break_nothing(
    basin: Client, by_hand: bool
) -> None:
    shapes = [(5, 1), *[(5, 5)] * 9, (1, 5)]
    huge = {"W": [np.full(shape, 1e6).tolist() for shape in shapes],
            "b": [[1e6] * n_out for n_out, _ in shapes]}  # fmt: skip
    experiment = basin.create(DEEP, runs=[{} if by_hand else {"parameters": huge}, {}])
    if by_hand:
        experiment.set(0, **huge)
    for what in ("parameters", "gradients", "surface", "outputs"):
        size = {"size": 3} if what in ("surface", "outputs") else {}
        experiment.read(what, **size)
    assert experiment.train(3)["runs"][0]["diverged_at"] is not None
    assert experiment.parameters(0, 0) == (huge["W"], huge["b"])
