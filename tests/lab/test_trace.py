"""The worked example: its numbers are the engine's, and its update is what training does."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment
from tests.lab.trainer import close, network, points

SPEC: Any = {
    "data": {"samples": 40},
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "runs": [{}, {"seed": 9, "loss": "half_mse"}],
}
MINI = {**SPEC, "batch_size": 6}


@pytest.fixture(params=[SPEC, MINI], ids=["full batch", "mini-batch"])
def trained(basin: Client, request: pytest.FixtureRequest) -> Experiment:
    experiment = basin.create(request.param)
    experiment.train(4)
    return experiment


def names(experiment: Experiment) -> list[str]:
    found: list[str] = experiment.summary()["parameter_names"]
    return found


@pytest.mark.parametrize("run", [0, 1])
def test_every_parameter_after_the_update_is_bit_equal_to_training(
    trained: Experiment, run: int
) -> None:
    traces = {name: trained.read("trace", run=run, parameter=name) for name in names(trained)}
    trained.train(1)
    W, b = trained.parameters(run)
    for name, told in traces.items():
        at = told["parameter"]
        after = b[at["layer"] - 1][at["row"]]
        if at["kind"] == "weight":
            after = W[at["layer"] - 1][at["row"]][at["column"]]
        update = told["update"]
        assert update["after"] == after, name
        assert update["before"] - update["learning_rate"] * update["gradient"] == after


@pytest.mark.parametrize("run", [0, 1])
def test_the_gradient_is_that_of_the_batch_by_a_second_opinion(
    trained: Experiment, run: int
) -> None:
    told = trained.read("trace", run=run, parameter="W1[0,0]")
    size = told["batch"]["size"]
    assert size == (20 if told["batch"]["full"] else 6)
    batch = [s for s in range(20) if trained.read("trace", run=run, sample=s)["sample"]["in_batch"]]
    assert len(batch) == size
    assert {*told["batch"]["samples"]} <= {*batch}
    x, y = points(trained)
    other = network(trained, run)
    dW, db = other.gradients(x[batch], y[batch])
    for layer, part in enumerate(told["layers"]):
        close(part["batch"]["dW"], dW[layer])
        close(part["batch"]["db"], db[layer])
    assert told["loss"]["batch"] == pytest.approx(other.cost(x[batch], y[batch]), rel=1e-12)
    assert told["update"]["gradient"] == pytest.approx(dW[0][0, 0], rel=1e-10, abs=1e-15)


def test_the_factors_multiply_to_the_derivative_of_the_sample(trained: Experiment) -> None:
    for name in names(trained):
        chain = trained.read("trace", parameter=name, sample=2)["chain"]
        values = {factor["kind"]: factor["values"] for factor in chain["factors"]}
        product = values["delta"][0] * values["input"]
        assert chain["product"] == pytest.approx(product, rel=1e-14)
        assert chain["numeric"]["value"] == pytest.approx(chain["product"], abs=1e-8)
        assert chain["batch"]["numeric"]["value"] == pytest.approx(
            chain["batch"]["gradient"], abs=1e-8
        )
        assert sum(path["product"] for path in chain["paths"]) == pytest.approx(values["delta"][0])


def test_the_chain_goes_from_the_loss_down_to_the_parameter(trained: Experiment) -> None:
    factors = trained.read("trace", parameter="W1[1,0]")["chain"]["factors"]
    assert [(factor["kind"], factor["layer"], factor["shape"]) for factor in factors] == [
        ("loss", 2, [1]), ("slope", 2, [1]), ("delta", 2, [1]),
        ("weights", 2, [1, 1]), ("back", 1, [1]), ("slope", 1, [1]), ("delta", 1, [1]),
        ("input", 1, []),
    ]  # fmt: skip


def test_a_step_by_hand(basin: Client) -> None:
    """One linear neuron, x = 2, y = 1, W = 3, b = -1, α = 0.1.

    ŷ = 3·2 - 1 = 5; J = (1 - 5)² = 16; dJ/dŷ = -2(1 - 5) = 8; dJ/dW = 8·1·2 = 16;
    W ← 3 - 0.1·16 = 1.4.
    """
    experiment = basin.create(
        data={"name": "custom", "inputs": [[2], [2]], "targets": [1, 1]},
        layers=[{"units": 1, "activation": "linear"}],
        loss="mse",
        optimizer={"learning_rate": 0.1},
        runs=[{"parameters": {"W": [[[3]]], "b": [[-1]]}}],
    )
    told = experiment.read("trace", parameter="W1[0,0]", sample=0)
    assert told["loss"]["sample"] == told["loss"]["batch"] == 16
    values = {factor["kind"]: factor["values"] for factor in told["chain"]["factors"]}
    assert values == {"loss": [8], "slope": [1], "delta": [8], "input": 2}
    assert (told["chain"]["product"], told["chain"]["batch"]["of_samples"]) == (16, [16, 16])
    assert told["update"]["gradient"] == 16
    assert told["update"]["after"] == pytest.approx(1.4)


def test_the_past_can_be_worked_too(trained: Experiment) -> None:
    now = trained.read("trace", parameter="b1[1]")
    trained.train(9)
    assert trained.read("trace", parameter="b1[1]", step=4) == now


def test_looking_takes_no_step(trained: Experiment) -> None:
    before = trained.summary()
    trained.read("trace", parameter="W2[0,2]", sample=19)
    assert trained.summary() == before


@pytest.mark.parametrize(
    ("query", "at", "code"),
    [
        ({"parameter": "W3[0,0]"}, "/parameter", "unknown_name"),
        ({"parameter": "x" * 90}, "/parameter", "out_of_range"),
        ({"sample": 20}, "/sample", "out_of_range"),
        ({"sample": "one"}, "/sample", "wrong_type"),
        ({"run": 2}, "/run", "out_of_range"),
        ({"step": 5}, "/step", "out_of_range"),
    ],
)
def test_what_is_not_there_is_pointed_at(
    trained: Experiment, query: Any, at: str, code: str
) -> None:
    error = trained.read("trace", status=422, **query)["errors"][0]
    assert (error["pointer"], error["code"]) == (at, code)


def test_a_run_that_has_diverged_takes_no_step(basin: Client) -> None:
    experiment = basin.create(
        data={"name": "line", "samples": 30},
        layers=[{"units": 2, "activation": "linear"}, {"units": 1, "activation": "linear"}],
        optimizer={"learning_rate": 10.0},
        runs=[{}],
    )
    at = experiment.train(60)["runs"][0]["diverged_at"]
    assert experiment.read("trace", step=at)["update"] is None
    last = experiment.read("trace", step=at - 1)["update"]
    assert last["diverges"]
    assert np.isfinite(last["before"])
