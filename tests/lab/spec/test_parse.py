"""A spec is one JSON document that reproduces an experiment exactly."""

from typing import Any

import numpy as np
import pytest

from app.data.datasets import DATASETS
from app.lab.spec.recipes import RECIPES
from app.nn.init.rules import WEIGHT_RULES
from tests.lab.client import Client
from tests.lab.trainer import close, points

ROWS = [[0.5, -1.0, 3.0], [2.0, 0.0, 3.0], [-1.5, 4.0, 3.0], [1.0, 1.0, 3.0]]
CUSTOM: dict[str, Any] = {"name": "custom", "inputs": ROWS, "targets": [1.0, 0.0, 0.25, -2.0]}
LINEAR = [{"units": 1, "activation": "linear"}]
GIVEN = {"W": [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]], "b": [[0.5, -0.5], [0.25]]}
TWO_LAYERS = [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]


def test_an_empty_spec_is_the_opening_experiment(basin: Client) -> None:
    spec = basin.create({}).summary()["spec"]
    data = {"name": "circle", "samples": 500, "noise": 0.0, "train_fraction": 0.5, "seed": 1}
    assert data.items() <= spec["data"].items()
    assert spec["features"] == ["x1", "x2"]
    assert spec["layers"] == [
        {"units": 4, "activation": "tanh", "dropout": 0.0},
        {"units": 1, "activation": "sigmoid", "dropout": 0.0},
    ]
    assert (spec["loss"], spec["batch_size"], spec["seed"]) == ("cross_entropy", None, 7)
    assert spec["optimizer"] == {"name": "gradient_descent", "learning_rate": 1.0}
    assert spec["regularizer"] == {"name": "none"}


def test_the_opening_experiment_compares_five_recipes(basin: Client) -> None:
    recipes = [run["recipe"] for run in basin.create({}).summary()["spec"]["runs"]]
    weights = [(recipe["weights"]["name"], recipe["biases"]["name"]) for recipe in recipes]
    assert weights == [
        ("glorot_normal", "zeros"),
        ("normal", "zeros"),
        ("zeros", "normal"),
        ("constant", "zeros"),
        ("zeros", "zeros"),
    ]
    assert recipes[1]["weights"]["std"] == 0.1


def test_a_new_experiment_is_at_step_0_and_knows_its_shapes(basin: Client) -> None:
    summary = basin.post("/api/experiments", {}, 201)
    assert (summary["version"], summary["step"], summary["epoch"]) == (1, 0, 0)
    assert summary["batches_per_epoch"] == 1
    assert summary["events"] == []
    assert summary["shapes"] == [
        {"layer": 1, "W": [4, 2], "b": [4, 1]},
        {"layer": 2, "W": [1, 4], "b": [1, 1]},
    ]
    assert summary["parameter_names"][:3] == ["W1[0,0]", "W1[0,1]", "W1[1,0]"]
    assert sorted(summary["parameter_names"]) == sorted(
        [f"W1[{i},{j}]" for i in range(4) for j in range(2)]
        + [f"b1[{i}]" for i in range(4)]
        + [f"W2[0,{j}]" for j in range(4)]
        + ["b2[0]"]
    )


def test_a_learning_rate_alone_keeps_the_optimizer(basin: Client) -> None:
    spec = basin.create(optimizer={"learning_rate": 0.25}).summary()["spec"]
    assert spec["optimizer"] == {"name": "gradient_descent", "learning_rate": 0.25}


@pytest.mark.parametrize("name", DATASETS)
def test_a_returned_spec_is_the_identical_experiment(basin: Client, name: str) -> None:
    units = 3 if DATASETS[name].classes == 3 else 1
    layers = [{"units": 3, "activation": "relu"}, {"units": units, "activation": "tanh"}]
    data = {"name": name, "noise": 0.2, "samples": 60}
    first = basin.create(data=data, layers=layers, batch_size=7, seed=11)
    second = basin.create(first.summary()["spec"])
    assert first.train(30)["train"] == second.train(30)["train"]
    assert first.loss() == second.loss()
    assert first.read("data") == second.read("data")
    assert first.summary()["spec"] == second.summary()["spec"]


def test_every_preset_is_accepted_and_complete(basin: Client) -> None:
    for preset in basin.get("/api/catalog")["presets"]:
        experiment = basin.create(preset["spec"])
        spec = experiment.summary()["spec"]
        assert spec == preset["spec"]
        assert basin.create(spec).summary()["spec"] == spec
        assert experiment.train(20)["step"] == 20


def test_custom_data_keeps_its_order_and_numbers(basin: Client) -> None:
    experiment = basin.create(data=CUSTOM, layers=LINEAR)
    data = experiment.read("data")
    assert data["inputs"] == ["x1", "x2", "x3"]
    assert data["train"] == {"x": ROWS, "y": CUSTOM["targets"]}
    assert data["test"] == {"x": [], "y": []}


def test_custom_data_is_all_for_training_unless_a_fraction_is_given(basin: Client) -> None:
    experiment = basin.create(data=CUSTOM, layers=LINEAR)
    assert experiment.summary()["spec"]["data"]["train_fraction"] == 1
    assert set(experiment.train(2)["test"][0]) == {None}
    assert experiment.summary()["loss"]["test"] == [None] * 5


def test_custom_data_may_be_split(basin: Client) -> None:
    experiment = basin.create(data={**CUSTOM, "train_fraction": 0.75}, layers=LINEAR)
    data = experiment.read("data")
    assert len(data["train"]["x"]) == 3
    rows = list(zip(data["train"]["x"] + data["test"]["x"],
                    data["train"]["y"] + data["test"]["y"], strict=True))  # fmt: skip
    assert sorted(rows) == sorted(zip(ROWS, CUSTOM["targets"], strict=True))
    assert all(isinstance(J, float) for J in experiment.summary()["loss"]["test"])


def test_flat_targets_are_rows_of_one_number(basin: Client) -> None:
    nested = {**CUSTOM, "targets": [[y] for y in CUSTOM["targets"]]}
    flat, rows = (basin.create(data=data, layers=LINEAR) for data in (CUSTOM, nested))
    assert flat.train(5)["train"] == rows.train(5)["train"]


def test_targets_may_have_several_numbers(basin: Client) -> None:
    targets = [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [1.0, 1.0]]
    layers = [{"units": 2, "activation": "sigmoid"}]
    experiment = basin.create(data={**CUSTOM, "targets": targets}, layers=layers)
    assert experiment.read("data")["train"]["y"] == targets
    assert experiment.summary()["shapes"] == [{"layer": 1, "W": [2, 3], "b": [2, 1]}]


def test_standardizing_scales_by_the_training_set_and_leaves_constant_columns(
    basin: Client,
) -> None:
    given: Any = {"W": [[[0.3, -0.7, 2.0]]], "b": [[0.1]]}
    data = {**CUSTOM, "standardize": True}
    experiment = basin.create(data=data, layers=LINEAR, runs=[{"parameters": given}])
    x, y = points(experiment)
    spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    answers = ((x - x.mean(axis=0)) / spread) @ np.array(given["W"][0]).T + 0.1
    close(experiment.summary()["loss"]["train"], [np.mean((y - answers) ** 2)])


def test_standardizing_looks_at_nothing_but_the_training_set(basin: Client) -> None:
    given: Any = {"W": [[[0.3, -0.7, 2.0]]], "b": [[0.1]]}
    data = {**CUSTOM, "standardize": True, "train_fraction": 0.5}
    experiment = basin.create(data=data, layers=LINEAR, runs=[{"parameters": given}])
    x, _ = points(experiment)
    spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    x_test, y_test = points(experiment, "test")
    answers = ((x_test - x.mean(axis=0)) / spread) @ np.array(given["W"][0]).T + 0.1
    close(experiment.summary()["loss"]["test"], [np.mean((y_test - answers) ** 2)])


def test_nothing_is_scaled_unless_the_spec_says_so(basin: Client) -> None:
    given: Any = {"W": [[[0.3, -0.7, 2.0]]], "b": [[0.1]]}
    experiment = basin.create(data=CUSTOM, layers=LINEAR, runs=[{"parameters": given}])
    x, y = points(experiment)
    answers = x @ np.array(given["W"][0]).T + 0.1
    close(experiment.summary()["loss"]["train"], [np.mean((y - answers) ** 2)])


def test_features_choose_and_order_the_inputs(basin: Client) -> None:
    given: Any = {"W": [[[2.0, -1.0]]], "b": [[0.0]]}
    spec = {"data": CUSTOM, "layers": LINEAR, "runs": [{"parameters": given}]}
    experiment = basin.create(spec, features=["x3", "x1"])
    x, y = points(experiment)
    answers = 2.0 * x[:, [2]] - x[:, [0]]
    close(experiment.summary()["loss"]["train"], [np.mean((y - answers) ** 2)])


def test_a_run_may_have_its_own_seed(basin: Client) -> None:
    runs = [{}, {"seed": 7}, {"seed": 8}]
    experiment = basin.create(runs=runs, seed=7)
    first, same, other = (experiment.parameters(run) for run in range(3))
    assert first == same != other


def test_a_run_may_have_its_own_loss(basin: Client) -> None:
    runs = [{"loss": loss} for loss in ("mse", "half_mse", "cross_entropy")]
    mse, half_mse, cross_entropy = basin.create(runs=runs).summary()["loss"]["train"]
    assert mse == pytest.approx(2 * half_mse, rel=1e-14)
    assert cross_entropy == pytest.approx(np.log(2), rel=0.05)


def test_a_run_may_have_its_own_learning_rate(basin: Client) -> None:
    runs = [{}, {"optimizer": {"learning_rate": 0.5}}]
    experiment = basin.create(runs=runs, optimizer={"learning_rate": 0.25})
    rates = [run["optimizer"]["learning_rate"] for run in experiment.summary()["runs"]]
    assert rates == [0.25, 0.5]


def test_a_run_may_begin_from_given_parameters(basin: Client) -> None:
    runs = [{"label": "by hand", "parameters": GIVEN}, {}]
    experiment = basin.create(layers=TWO_LAYERS, runs=runs)
    assert experiment.parameters(0) == (GIVEN["W"], GIVEN["b"])
    assert experiment.summary()["runs"][0]["label"] == "by hand"
    assert experiment.summary()["spec"]["runs"][0]["parameters"] == GIVEN


def test_a_run_without_anything_begins_by_the_recipe_of_the_article(basin: Client) -> None:
    experiment = basin.create(runs=[{}, {"recipe": RECIPES["article"].recipe}])
    assert experiment.parameters(0) == experiment.parameters(1)
    assert experiment.parameters(0)[1] == [[0.0] * 4, [0.0]]


@pytest.mark.parametrize("rule", [n for n, rule in WEIGHT_RULES.items() if rule.shape == "normal"])
def test_runs_of_one_seed_scale_the_same_draws(basin: Client, rule: str) -> None:
    recipes = [{"weights": {"name": name}, "biases": {"name": "zeros"}}
               for name in ("normal", rule)]  # fmt: skip
    experiment = basin.create(runs=[{"recipe": recipe} for recipe in recipes])
    for one, other in zip(experiment.parameters(0)[0], experiment.parameters(1)[0], strict=True):
        ratio = np.array(other) / np.array(one)
        np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-12)


@pytest.mark.parametrize("label", ["", "Ж 网络 🎲", "e\u0301", 'a"b\\c\n</script>', "x" * 80])
def test_a_label_comes_back_as_it_was_sent(basin: Client, label: str) -> None:
    experiment = basin.create(runs=[{"label": label}])
    assert experiment.summary()["runs"][0]["label"] == label
    assert experiment.summary()["spec"]["runs"][0]["label"] == label
