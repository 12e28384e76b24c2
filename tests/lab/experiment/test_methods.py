"""How a run learns: for all, for one, and from a step on; penalties beside losses."""

from typing import Any

import numpy as np
import pytest

from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from tests.lab.client import Client, Experiment

SMALL: dict[str, Any] = {
    "data": {"samples": 30},
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
}
ADAM = {"name": "adam", "learning_rate": 0.05}
METHODS: dict[str, dict[str, Any]] = {
    "optimizer": {"name": "momentum", "learning_rate": 0.2, "momentum": 0.8, "dampening": 0.1},
    "schedule": {"name": "exponential", "gamma": 0.9},
    "clipping": {"name": "norm", "max_norm": 0.05},
    "regularizer": {"name": "l2", "rate": 0.1},
}
every_method = pytest.mark.parametrize("what", METHODS)


def change(experiment: Experiment, **what: Any) -> Any:
    return experiment.client.patch(experiment.url, what)


@every_method
def test_a_choice_holds_for_all_runs_or_for_one(basin: Client, what: str) -> None:
    choice = {what: METHODS[what]}
    for_all = basin.create(SMALL, runs=[{}, {"seed": 2}], **choice).train(20)["train"]
    for_one = basin.create(SMALL, runs=[{}, {"seed": 2, **choice}]).train(20)["train"]
    for_none = basin.create(SMALL, runs=[{}, {"seed": 2}]).train(20)["train"]
    assert for_one[1] == for_all[1]
    assert for_one[0] == for_none[0] != for_all[0]


@every_method
def test_a_choice_is_in_the_spec_and_in_the_summary(basin: Client, what: str) -> None:
    choice = {what: METHODS[what]}
    summary = basin.create(SMALL, runs=[{}, choice]).summary()
    assert summary["runs"][1][what] == METHODS[what]
    assert summary["spec"]["runs"][1][what] == METHODS[what]
    assert summary["runs"][0][what] == summary["spec"][what]
    again = basin.create(summary["spec"])
    assert again.summary()["spec"] == summary["spec"]


@every_method
def test_a_choice_at_step_0_is_as_if_made_before(basin: Client, what: str) -> None:
    begun, changed = basin.create(SMALL, **{what: METHODS[what]}), basin.create(SMALL)
    summary = change(changed, **{what: METHODS[what]})
    assert summary["events"] == [{"step": 0, "run": None, what: METHODS[what]}]
    assert changed.train(20)["train"] == begun.train(20)["train"]


@every_method
def test_a_change_on_the_way_is_replayed(basin: Client, what: str) -> None:
    experiment = basin.create(SMALL, optimizer=ADAM, batch_size=4)
    experiment.train(70)
    change(experiment, run=1, **{what: METHODS[what]})
    experiment.train(70)
    before = experiment.loss()
    experiment.rewind(101)
    experiment.train(39)
    assert experiment.loss() == before
    assert experiment.rewind(69)["events"] == []


def test_several_changes_are_one_request(basin: Client) -> None:
    experiment = basin.create(SMALL)
    version = experiment.summary()["version"]
    summary = change(experiment, version=version, **METHODS)
    assert summary["version"] == version + 1
    assert all(summary["runs"][4][what] == choice for what, choice in METHODS.items())
    assert len(summary["events"]) == 4


def test_a_request_that_changes_nothing_is_told_what_could_be(basin: Client) -> None:
    (error,) = basin.patch(basin.create(SMALL).url, {"run": 0}, 422)["errors"]
    assert (error["code"], error["allowed"]) == ("missing", {"names": [*METHODS]})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_another_optimizer_begins_with_nothing(basin: Client, name: str) -> None:
    """It goes on as an experiment would that begins where this one is."""
    experiment = basin.create(SMALL, runs=[{}], optimizer=ADAM)
    experiment.train(10)
    other = "nesterov" if name == "adam" else "adam"
    change(experiment, optimizer={"name": other})
    experiment.train(10)
    change(experiment, optimizer={"name": name, "learning_rate": 0.01})
    W, b = experiment.parameters()
    fresh = basin.create(
        SMALL,
        runs=[{"parameters": {"W": W, "b": b}}],
        optimizer={"name": name, "learning_rate": 0.01},
    )
    assert experiment.train(10)["train"] == fresh.train(10)["train"]


def test_another_learning_rate_goes_on_with_what_was_carried(basin: Client) -> None:
    experiment, steady = (basin.create(SMALL, runs=[{}], optimizer=ADAM) for _ in range(2))
    for one in (experiment, steady):
        one.train(10)
    change(experiment, optimizer=ADAM)
    assert experiment.train(10)["train"] == steady.train(10)["train"]


def test_a_schedule_begins_where_it_is_chosen(basin: Client) -> None:
    experiment = basin.create(SMALL, optimizer={"learning_rate": 0.5})
    experiment.train(7)
    change(experiment, schedule={"name": "exponential", "gamma": 0.5})
    rates = [experiment.summary()["runs"][0]["rate"]]
    for _ in range(2):
        experiment.train(1)
        rates.append(experiment.summary()["runs"][0]["rate"])
    assert rates == [0.5, 0.25, 0.125]


@pytest.mark.parametrize("name", REGULARIZERS)
def test_a_loss_is_without_the_penalty_which_stands_beside_it(basin: Client, name: str) -> None:
    choice = {"name": name} if name == "none" else {"name": name, "rate": 0.02}
    experiment = basin.create(SMALL, runs=[{"regularizer": choice}, {}])
    assert (
        experiment.summary()["loss"]["train"]
        == basin.create(SMALL, runs=[{}, {}]).summary()["loss"]["train"]
    )
    block = experiment.train(12, every=4)
    found, history = experiment.summary()["loss"]["penalty"], experiment.loss()["penalty"]
    weights = np.concatenate([np.ravel(w) for w in experiment.parameters()[0]])
    priced = {"none": 0.0, "l2": 0.5 * weights @ weights}.get(name, np.abs(weights).sum())
    assert found == pytest.approx([0.02 * priced, 0.0])
    assert [run[-1] for run in history] == found
    assert block["penalty"] == [[run[step] for step in block["steps"]] for run in history]


def test_a_run_that_diverged_has_no_penalty(basin: Client) -> None:
    experiment = basin.create(
        data={"name": "line"}, layers=[{"units": 1, "activation": "linear"}],
        optimizer={"learning_rate": 10}, regularizer={"name": "l2"}, runs=[{}],
    )  # fmt: skip
    experiment.train(300)
    assert experiment.summary()["loss"] == {"train": [None], "test": [None], "penalty": [None]}
    assert experiment.loss()["penalty"][0][-1] is None


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"schedule": {"name": "cosine", "length": 0}}, "/schedule/length"),
        ({"schedule": {"name": "step", "step_size": 0}}, "/schedule/step_size"),
        ({"schedule": {"name": "exponential", "gamma": 0}}, "/schedule/gamma"),
        ({"optimizer": {"name": "adam", "beta1": 1.0}}, "/optimizer/beta1"),
        ({"optimizer": {"name": "adam", "momentum": 0.5}}, "/optimizer/momentum"),
        ({"clipping": {"name": "norm", "max_norm": 0}}, "/clipping/max_norm"),
        ({"regularizer": {"name": "l1", "rate": -1}}, "/regularizer/rate"),
        ({"layers": [{"units": 1, "activation": "sigmoid", "dropout": 0.1}]}, "/layers/0/dropout"),
        ({"layers": [{"units": 2, "dropout": 0.95}, {"units": 1}]}, "/layers/0/dropout"),
        ({"layers": [{"units": 2, "activation": "softmax"}, {"units": 1}]}, "/layers/0/activation"),
        ({"layers": [{"units": 1, "activation": "softmax"}]}, "/layers/0/activation"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(
    basin: Client, given: dict[str, Any], pointer: str
) -> None:
    refused = basin.post("/api/experiments", given, 422)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def test_a_loss_that_wants_labels_says_which(basin: Client) -> None:
    data = {"name": "custom", "inputs": [[0.0], [1.0]], "targets": [1, 0.5]}
    spec = {"data": data, "layers": [{"units": 1, "activation": "linear"}], "loss": "hinge"}
    (error,) = basin.post("/api/experiments", spec, 422)["errors"]
    assert (error["pointer"], error["received"]) == ("/data/targets/1", 0.5)
    assert error["allowed"]["values"] == [-1.0, 1.0]
