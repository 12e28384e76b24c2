"""Signals by layer, and diagnoses of runs known to ail."""

from typing import Any

import numpy as np
import pytest

from app.lab.landscape import sharpness
from tests.lab.client import Client, Experiment
from tests.lab.trainer import close, network, points

SIGMOID = {"units": 1, "activation": "sigmoid"}


def deep(activation: str, units: int = 8, layers: int = 6) -> list[Any]:
    return [{"units": units, "activation": activation}] * layers + [SIGMOID]


def recipe(rule: str, **options: float) -> dict[str, Any]:
    return {"recipe": {"weights": {"name": rule, **options}, "biases": {"name": "zeros"}}}


def diagnoses(experiment: Experiment, what: str = "code", **query: Any) -> list[Any]:
    runs = experiment.read("diagnostics", **query)["runs"]
    return [run["diagnosis"][what] for run in runs]


def test_the_opening_runs_are_told_apart(basin: Client) -> None:
    experiment = basin.create({})
    assert diagnoses(experiment) == ["not_begun"] * 5
    assert diagnoses(experiment, "cause") == [None] * 3 + ["symmetry"] * 2
    experiment.train(100)
    glorot, _, _, same, zeros = experiment.read("diagnostics")["runs"]
    assert glorot["diagnosis"]["code"] == "training"
    assert glorot["layers"][0]["distinct"] == 4
    assert (same["diagnosis"]["code"], zeros["diagnosis"]["code"]) == ("training", "plateau")
    for run in (same, zeros):
        told = {
            name: run["diagnosis"][name] for name in ("cause", "cause_value", "layer", "advice")
        }
        assert told == {
            "cause": "symmetry", "cause_value": 1.0, "layer": 1, "advice": "random_weights"
        }  # fmt: skip
        assert run["layers"][0]["distinct"] == 1
        assert run["layers"][0]["twins"] == [[0, 1, 2, 3]]
        assert run["layers"][0]["similarity"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("cause", "layers", "run", "rate"),
    [
        ("vanishing", deep("tanh"), recipe("normal", std=0.1), 0.1),
        ("vanishing", deep("sigmoid"), recipe("normal", std=0.5), 0.1),
        ("exploding", deep("linear"), recipe("normal", std=2.0), 1e-5),
        ("saturation", deep("tanh", layers=1), recipe("normal", std=10.0), 1e-5),
        ("symmetry", deep("relu", layers=2), recipe("constant", value=0.3), 0.1),
        (None, deep("tanh", layers=2), recipe("glorot_normal"), 0.1),
    ],
)
def test_a_run_that_ails_is_diagnosed(
    basin: Client, cause: str | None, layers: Any, run: Any, rate: float
) -> None:
    experiment = basin.create(layers=layers, runs=[run], optimizer={"learning_rate": rate})
    experiment.train(150)
    found = experiment.read("diagnostics")["runs"][0]["diagnosis"]
    assert found["cause"] == cause
    assert found["layer"] is None or 1 <= found["layer"] <= len(layers)


def test_relu_neurons_with_a_low_bias_are_dead(basin: Client) -> None:
    W, b = [[[1, 0], [0, 1]], [[1, 1]]], [[-100, -100], [0]]
    layers = [{"units": 2, "activation": "relu"}, SIGMOID]
    experiment = basin.create(layers=layers, runs=[{"parameters": {"W": W, "b": b}}])
    experiment.train(10)
    run = experiment.read("diagnostics")["runs"][0]
    assert (run["diagnosis"]["cause"], run["layers"][0]["dead"]) == ("dead", 1.0)
    assert run["diagnosis"]["advice"] == "leaky_activation"
    assert run["layers"][0]["activation"]["expected_std"] is None


def test_a_diverged_run_says_since_when_and_an_unstable_one_by_how_much(basin: Client) -> None:
    spec = next(p for p in basin.get("/api/catalog")["presets"] if p["name"] == "too_large_a_step")
    experiment = basin.create(spec["spec"])
    experiment.train(25)
    assert diagnoses(experiment)[-1] == "unstable"
    assert diagnoses(experiment, "cause_value")[-1] == pytest.approx(1.1, rel=2e-3)
    experiment.train(400)
    last = experiment.read("diagnostics")["runs"][-1]["diagnosis"]
    summary = experiment.summary()["runs"][-1]
    assert (last["code"], last["value"]) == ("diverged", summary["diverged_at"])
    assert "converged" in diagnoses(experiment)


def test_signals_are_those_of_the_layers(basin: Client) -> None:
    experiment = basin.create(data={"samples": 60})
    experiment.train(3)
    other = network(experiment)
    x, y = points(experiment)
    answers, (dW, db) = other.answers(x), other.gradients(x, y)
    for layer, told in enumerate(experiment.read("diagnostics")["runs"][0]["layers"]):
        a = answers[layer][1]
        gradient = np.concatenate([dW[layer].ravel(), db[layer]])
        close(told["activation"]["mean"], a.mean())
        close(told["activation"]["std"], a.std())
        close(told["gradient"]["norm"], np.linalg.norm(gradient))
        close(told["gradient"]["std"], gradient.std())
        assert sum(told["activation"]["histogram"]["counts"]) == a.size
        assert sum(told["gradient"]["histogram"]["counts"]) == gradient.size
        assert told["activation"]["histogram"]["low"] == pytest.approx(a.min())


def test_diagnostics_of_the_past_are_those_of_then(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(20)
    then = experiment.read("diagnostics")
    experiment.train(180)
    assert experiment.read("diagnostics", step=20) == then


def test_gradient_norms_over_time_are_those_of_each_step(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(30)
    history = experiment.read("diagnostics/history", points=7)
    assert (history["steps"][0], history["steps"][-1], len(history["steps"])) == (0, 30, 7)
    for place, step in enumerate(history["steps"]):
        runs = experiment.read("diagnostics", step=step)["runs"]
        norms = [[layer["gradient"]["norm"] for layer in run["layers"]] for run in runs]
        close([[layer[place] for layer in run] for run in history["norms"]], norms)


def test_a_diagnosis_is_the_same_after_others_have_looked_closer(
    basin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A curve of the sharpness takes its time, and finds what a diagnosis has not the work for."""
    spec = next(p for p in basin.get("/api/catalog")["presets"] if p["name"] == "too_large_a_step")
    experiment = basin.create(spec["spec"])
    experiment.train(25)
    most = sharpness.MOST_PRODUCTS
    monkeypatch.setattr(sharpness, "FEW_PRODUCTS", 0)
    for allowed in (1, most, 1):
        monkeypatch.setattr(sharpness, "MOST_PRODUCTS", allowed)
        found = diagnoses(experiment, "cause_value")[-1]
        assert (found is None) == (allowed == 1)
        monkeypatch.setattr(sharpness, "MOST_PRODUCTS", most)
        assert experiment.read("sharpness", points=2)["complete"]
