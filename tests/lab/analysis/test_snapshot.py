"""Any step of the past in one answer."""

from typing import Any

import pytest

from tests.lab.client import Client
from tests.lab.trainer import close


def test_a_block_may_bring_the_norms_and_the_inside_of_its_last_step(basin: Client) -> None:
    experiment = basin.create({})
    inside = {"run": 1, "size": 5, "neurons": True, "gradients": True}
    block = experiment.train(12, views={"signals": True, "inside": inside})
    frame = experiment.read("frame", run=1, size=5, neurons="true", gradients="true")
    assert block["inside"] == frame["inside"]
    runs = experiment.read("diagnostics")["runs"]
    norms = [[layer["gradient"]["norm"] for layer in run["layers"]] for run in runs]
    assert block["signals"]["step"] == 12
    close(block["signals"]["norms"], norms)


@pytest.mark.parametrize("spec", [{}, {"batch_size": 8}], ids=["full", "mini-batch"])
@pytest.mark.parametrize("step", [0, 1, 63, 137, 200])
def test_a_frame_is_the_moment_as_it_was(basin: Client, spec: Any, step: int) -> None:
    experiment, other = basin.create(spec), basin.create(spec)
    experiment.train(200)
    if step:
        other.train(step)
    query: Any = {"run": 2, "size": 9, "neurons": "true", "x": "W2[0,1]", "y": "b1[3]"}
    frame, summary = experiment.read("frame", step=step, **query), other.summary()
    assert (frame["step"], frame["present"]) == (step, 200)
    assert frame["loss"] == summary["loss"]
    assert [run["status"] for run in frame["runs"]] == [run["status"] for run in summary["runs"]]
    assert (frame["inside"]["W"], frame["inside"]["b"]) == other.parameters(2)
    outputs, metrics = other.read("outputs", run=2, size=9), other.read("metrics", run=3)
    assert frame["metrics"][3]["train"] == metrics["train"]["accuracy"]
    assert frame["inside"]["outputs"]["neurons"] == outputs["neurons"]
    for run in range(5):
        W, b = other.parameters(run)
        assert (frame["path"]["x"][run], frame["path"]["y"][run]) == (W[1][0][1], b[0][3])


def test_a_frame_has_the_gradient_if_asked(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(10)
    bare = experiment.read("frame", step=4)
    assert not {"gradients", "outputs"} & {*bare["inside"]}
    assert "path" not in bare
    found = experiment.read("frame", step=4, run=1, gradients="true")["inside"]["gradients"]
    expected = experiment.read("gradients", run=1, step=4)
    assert (found["W"], found["b"]) == (expected["W"], expected["b"])


def test_a_frame_has_the_rate_of_its_step(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(10)
    experiment.change_rate(0.25)
    experiment.train(10)
    rates = [
        experiment.read("frame", step=step)["runs"][0]["optimizer"]["learning_rate"]
        for step in (9, 10, 20)
    ]
    assert rates == [1.0, 0.25, 0.25]


@pytest.mark.parametrize("call", ["frame", "diagnostics", "diagnostics/history", "trace"])
def test_a_step_that_was_not_reached_has_no_inside(basin: Client, call: str) -> None:
    experiment = basin.create({})
    error = experiment.read(call, status=422, step=1)["errors"][0]
    assert (error["pointer"], error["allowed"]) == ("/step", {"minimum": 0, "maximum": 0})


@pytest.mark.parametrize("call", ["frame", "diagnostics", "diagnostics/history", "trace"])
def test_an_experiment_that_is_gone_has_no_inside(basin: Client, call: str) -> None:
    error = basin.get(f"/api/experiments/nobody/{call}", 404)["errors"][0]
    assert error["code"] == "unknown_experiment"
