"""Accuracy, confusion matrix and R² of a run, on the training and the test set."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment


def network(*hidden: int, output: str, units: int = 1) -> list[dict[str, Any]]:
    layers = [{"units": width, "activation": "tanh"} for width in hidden]
    return [*layers, {"units": units, "activation": output}]


def counted(experiment: Experiment, part: str, run: int = 0) -> Any:
    """The accuracy, from the points and the outputs at them, W x + b of one layer."""
    data = experiment.read("data")[part]
    W, b = experiment.parameters(run)
    z = np.array(data["x"]) @ np.array(W[0]).T + np.array(b[0])
    said = z.argmax(axis=1) if z.shape[1] > 1 else (z[:, 0] > 0).astype(int)
    y = np.array(data["y"])
    truth = y.argmax(axis=1) if y.ndim == 2 else (y > y.mean()).astype(int)
    return truth, said


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize(
    ("data", "output", "units"),
    [("circle", "sigmoid", 1), ("xor", "tanh", 1), ("gauss", "linear", 1), ("rings", "softmax", 3)],
)
def test_accuracy_and_confusion_are_counted(
    basin: Client, data: str, output: str, units: int, part: str
) -> None:
    layers = network(output=output, units=units)
    optimizer = {"learning_rate": 0.01}
    experiment = basin.create(data={"name": data}, layers=layers, optimizer=optimizer, runs=[{}])
    experiment.train(20)
    answer = experiment.read("metrics")
    truth, said = counted(experiment, part)
    assert answer["task"] == "classification"
    assert len(answer["classes"]) == max(2, units)
    assert answer[part]["accuracy"] == pytest.approx(np.mean(truth == said))
    for i, row in enumerate(answer[part]["confusion"]):
        assert row == [int(np.sum((truth == i) & (said == j))) for j in range(max(2, units))]


def test_a_regression_has_r_squared(basin: Client) -> None:
    layers = network(output="linear")
    experiment = basin.create(data={"name": "line", "noise": 0.1}, layers=layers, runs=[{}])
    experiment.train(5)
    answer, loss = experiment.read("metrics"), experiment.summary()["loss"]
    for part in ("train", "test"):
        y = np.array(experiment.read("data")[part]["y"])
        assert answer[part]["r2"] == pytest.approx(1.0 - loss[part][0] / y.var())
    assert (answer["task"], answer["classes"]) == ("regression", [])


def test_a_block_brings_one_number_for_each_run(basin: Client) -> None:
    experiment = basin.create()
    block = experiment.train(30, views={"metrics": True})
    for run, score in enumerate(block["metrics"]):
        answer = experiment.read("metrics", run=run)
        assert score == {part: answer[part]["accuracy"] for part in ("train", "test")}


def test_an_earlier_step_has_its_own(basin: Client) -> None:
    experiment = basin.create()
    experiment.train(10)
    before = experiment.read("metrics")
    experiment.train(100)
    assert experiment.read("metrics", step=10) == before != experiment.read("metrics")


def test_class_names_of_a_table_are_said(basin: Client) -> None:
    data = {"name": "custom", "inputs": [[0.0], [1.0], [2.0]], "targets": [0, 1, 2],
            "classes": ["low", "middle", "high"]}  # fmt: skip
    experiment = basin.create(data=data, layers=network(output="softmax", units=3), runs=[{}])
    assert experiment.read("metrics")["classes"] == ["low", "middle", "high"]
    assert experiment.read("metrics")["test"] is None


def test_targets_that_are_only_labels_are_classes(basin: Client) -> None:
    data = {"name": "custom", "inputs": [[0.0], [1.0], [2.0]], "targets": [0, 1, 1]}
    for output, task in (("sigmoid", "classification"), ("linear", "regression")):
        experiment = basin.create(data=data, layers=network(output=output), runs=[{}])
        assert experiment.read("metrics")["task"] == task


def test_a_diverged_run_is_measured_where_it_stopped(basin: Client) -> None:
    experiment = basin.create(
        data={"name": "line"}, layers=network(output="linear"), runs=[{}],
        optimizer={"learning_rate": 10},
    )  # fmt: skip
    block = experiment.train(200, views={"metrics": True})
    assert block["runs"][0]["status"] == "diverged"
    assert block["metrics"][0]["train"] < 0.0
