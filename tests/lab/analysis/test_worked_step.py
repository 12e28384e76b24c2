"""The worked example: its numbers are the engine's, and its update is what training does."""

import re
from typing import Any

import numpy as np
import pytest

from app.nn.losses import LOSSES
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from tests.lab.calculated import calculated
from tests.lab.client import Client, Experiment
from tests.lab.trainer import close, network, points

SPEC: Any = {
    "data": {"samples": 40},
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "runs": [{}, {"seed": 9, "loss": "half_mse"}],
}
SAME = {"weights": {"name": "constant", "value": 0.5}, "biases": {"name": "zeros"}}
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
        assert (update["clip"], update["penalty"], update["state"], update["terms"]) == (
            1,
            0,
            [],
            [],
        )


def all_of(experiment: Experiment, run: int = 0) -> dict[str, Any]:
    """Every parameter's worked update, by name."""
    return {
        name: experiment.read("trace", run=run, parameter=name)["update"]
        for name in names(experiment)
    }


def by_name(experiment: Experiment, run: int = 0) -> dict[str, float]:
    """Every parameter's value, by name."""
    W, b = experiment.parameters(run)
    found = {f"W{n}[{i},{j}]": w for n, M in enumerate(W, 1) for i, r in enumerate(M)
             for j, w in enumerate(r)}  # fmt: skip
    return found | {f"b{n}[{i}]": v for n, row in enumerate(b, 1) for i, v in enumerate(row)}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("regularizer", REGULARIZERS)
def test_the_update_of_every_method_is_bit_equal_to_training(
    basin: Client, optimizer: str, regularizer: str
) -> None:
    learned = {"optimizer": {"name": optimizer}, "regularizer": {
        "name": regularizer, **({} if regularizer == "none" else {"rate": 0.05})}}  # fmt: skip
    clipping = {"name": "norm", "max_norm": 0.01}
    experiment = basin.create(
        {**MINI, "schedule": {"name": "step", "step_size": 2, "gamma": 0.5}},
        runs=[{**learned, "recipe": SAME}, {**learned, "clipping": clipping}, {"seed": 3}],
    )
    experiment.train(3)
    for run in (0, 1):
        told = all_of(experiment, run)
        experiment.train(1)
        assert {name: one["after"] for name, one in told.items()} == by_name(experiment, run)
        for one in told.values():
            assert one["clipped"] == pytest.approx(one["clip"] * one["total"], rel=1e-14)
            assert one["total"] == one["gradient"] + one["penalty"]
            assert one["learning_rate"] == pytest.approx(one["rate"] * one["factor"])
            assert one["factor"] == 0.5 ** (1 + run)


VARIANTS: list[dict[str, Any]] = [
    *({"name": name} for name in OPTIMIZERS),
    {"name": "momentum", "dampening": 0.25},
    {"name": "adagrad", "lr_decay": 0.5},
]


@pytest.mark.parametrize("steps", [0, 4])
@pytest.mark.parametrize("optimizer", VARIANTS, ids=lambda one: " ".join(one))
def test_every_line_adds_up_and_the_last_one_is_the_next_value(
    basin: Client, optimizer: dict[str, Any], steps: int
) -> None:
    experiment = basin.create(
        MINI,
        optimizer={"learning_rate": 0.1, **optimizer},
        schedule={"name": "step", "step_size": 2, "gamma": 0.5},
        regularizer={"name": "l2", "rate": 0.05},
        clipping={"name": "norm", "max_norm": 0.01},
    )
    if steps:
        experiment.train(steps)
    for update in all_of(experiment).values():
        for line in update["lines"]:
            _, *sides = re.split("[←=]", line["numbers"])
            first, *others = [calculated(side.strip(), line["values"]) for side in sides]
            assert others == pytest.approx([first] * len(others), rel=1e-12, abs=1e-15), line
        assert update["lines"][-1]["values"]["after"] == update["after"]


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_is_what_its_numbers_come_to(basin: Client, name: str) -> None:
    output = LOSSES[name].outputs[-1]
    data = {"name": "rings", "samples": 6} if output == "softmax" else {"samples": 6}
    layers = [{"units": 3 if output == "softmax" else 1, "activation": output}]
    experiment = basin.create(SPEC, data=data, layers=layers, loss=name, runs=[{}])
    for sample in range(3):
        told = experiment.read("trace", sample=sample)["loss"]
        for lines, J in ((told["lines"], told["sample"]), (told["batch_lines"], told["batch"])):
            (line,) = lines
            assert line["formula"] == told["formula"]
            assert calculated(line["numbers"], line["values"]) == pytest.approx(J, rel=1e-12)


def test_a_loss_of_many_samples_or_outputs_is_shortened(basin: Client) -> None:
    batch = basin.create(SPEC).read("trace")["loss"]
    assert batch["batch_lines"][0]["numbers"].endswith(" + …)")
    assert batch["batch_lines"][0]["values"]["n"] == batch["slope"]["batch"]["n"] == 20
    data = {"name": "custom", "inputs": [[k] for k in range(5)], "targets": list(range(5)),
            "classes": list("abcde"), "train_fraction": 0.9}  # fmt: skip
    layers = [{"units": 5, "activation": "softmax"}]
    five = basin.create(data=data, layers=layers, runs=[{}])
    assert five.read("trace")["loss"]["lines"][0]["numbers"] == ""


def test_what_an_optimizer_carries_goes_on_from_step_to_step(basin: Client) -> None:
    experiment = basin.create(SPEC, optimizer={"name": "adam"})
    experiment.train(5)
    before = experiment.read("trace", parameter="W1[1,1]")["update"]["state"]
    experiment.train(1)
    after = experiment.read("trace", parameter="W1[1,1]")["update"]["state"]
    assert [one["after"] for one in before] == [one["before"] for one in after]
    assert {one["name"] for one in after} == {"mean", "squares", "steps"}


def test_a_link_that_dies_says_so(basin: Client) -> None:
    experiment = basin.create(SPEC, regularizer={"name": "l1_dying", "rate": 5.0})
    told = all_of(experiment)
    experiment.train(1)
    assert {name: one["after"] for name, one in told.items()} == by_name(experiment)
    assert any(one["dying"]["dead"] for one in told.values())
    for one in told.values():
        assert (one["after"] == 0.0) or not one["dying"]["dead"]


def test_dropout_is_that_of_the_step(basin: Client) -> None:
    layers = [{"units": 6, "activation": "tanh", "dropout": 0.5}, *SPEC["layers"]]
    experiment = basin.create(MINI, layers=layers)
    experiment.train(3)
    told = experiment.read("trace", parameter="W2[1,2]")
    assert told["loss"]["dropout"]
    assert {*np.ravel(told["layers"][0]["batch"]["mask"])} <= {0.0, 2.0}
    assert "mask" not in [factor["kind"] for factor in told["chain"]["factors"]]
    numeric = told["chain"]["batch"]["numeric"]["value"]
    assert numeric == pytest.approx(told["update"]["gradient"], abs=1e-8)
    below = experiment.read("trace", parameter="W1[1,0]")["chain"]
    assert "mask" in [factor["kind"] for factor in below["factors"]]
    updates = all_of(experiment)
    experiment.train(1)
    assert {name: one["after"] for name, one in updates.items()} == by_name(experiment)


def test_a_softmax_is_worked_with_its_jacobian(basin: Client) -> None:
    layers = [{"units": 3, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]
    experiment = basin.create(data={"name": "rings", "samples": 40}, layers=layers, runs=[{}])
    told = experiment.read("trace", parameter="W2[1,0]", sample=1)
    assert told["layers"][1]["sample"]["slope"] is None
    factors = {factor["kind"]: factor["values"] for factor in told["chain"]["factors"]}
    delta = np.array(factors["jacobian"]) @ np.array(factors["loss"])
    close(factors["delta"], delta)
    (S,) = np.array(told["layers"][1]["sample"]["A"]).T
    close(factors["delta"], [S[1] - told["sample"]["y"][1]])
    assert experiment.read("diagnostics")["runs"][0]["layers"][1]["saturated"] is None


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
