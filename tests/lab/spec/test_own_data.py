"""Data that a learner describes: a formula, a table with classes, features of them."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from app.data.features import offered
from tests.lab.client import Client
from tests.lab.trainer import close, points

ROWS = [[0.5, -1.0], [2.0, 0.0], [-1.5, 4.0], [1.0, 1.0], [3.0, -2.0], [0.0, 2.5]]
KINDS: Any = {"name": "custom", "inputs": ROWS, "classes": ["a", "b", "c"],
         "targets": [0, 1, 2, 2, 1, 0]}  # fmt: skip
LINEAR = [{"units": 1, "activation": "linear"}]


def layers(units: int, activation: str) -> Any:
    return [{"units": 3, "activation": "tanh"}, {"units": units, "activation": activation}]


# -- classes


def test_softmax_is_given_one_unit_for_each_class(basin: Client) -> None:
    experiment = basin.create(data=KINDS, layers=layers(3, "softmax"))
    assert experiment.summary()["spec"]["loss"] == "softmax_cross_entropy"
    data = experiment.read("data")
    assert (data["task"], data["classes"]) == ("classification", ["a", "b", "c"])
    assert data["train"]["y"] == np.eye(3)[KINDS["targets"]].tolist()


@pytest.mark.parametrize(
    ("data", "units", "fitting"),
    [
        (KINDS, 2, {"minimum": 3, "maximum": 3}),
        (KINDS, 1, {"minimum": 3, "maximum": 3}),
        ({"name": "rings"}, 4, {"minimum": 3, "maximum": 3}),
        ({"name": "moons"}, 3, {"minimum": 1, "maximum": 2}),
        ({"name": "formula", "formula": "x1 < x2"}, 3, {"minimum": 1, "maximum": 2}),
        ({"name": "sine"}, 2, {"minimum": 1, "maximum": 1}),
    ],
)
def test_a_wrong_count_of_output_units_is_told_the_right_one(
    basin: Client, data: Any, units: int, fitting: Any
) -> None:
    spec = {"data": data, "layers": layers(units, "linear"), "loss": "mse"}
    (error,) = basin.post("/api/experiments", spec, 422)["errors"]
    assert (error["pointer"], error["code"]) == ("/layers/1/units", "out_of_range")
    assert error["allowed"] == fitting


def test_names_of_a_table_are_kept(basin: Client) -> None:
    names = {"input_names": ["width", "高度"], "target_name": "kind"}
    experiment = basin.create(data={**KINDS, **names}, layers=layers(3, "softmax"))
    data = experiment.read("data")
    assert (data["inputs"], data["target"]) == (["width", "高度"], "kind")
    assert experiment.read("outputs", size=4)["inputs"] == ["width", "高度"]
    assert names.items() <= experiment.summary()["spec"]["data"].items()


# -- targets of their own size


def test_standardized_targets_are_measured_on_the_training_set(basin: Client) -> None:
    targets = [100.0, 300.0, 250.0, 900.0, 40.0, 10.0]
    data = {"name": "custom", "inputs": ROWS, "targets": targets, "standardize_target": True,
            "train_fraction": 0.5}  # fmt: skip
    shown = basin.create(data=data, layers=LINEAR).read("data")
    y = np.array(shown["train"]["y"])
    assert y.mean() == pytest.approx(0.0, abs=1e-12)
    assert y.std() == pytest.approx(1.0)
    center, scale = shown["target_scale"]["center"][0], shown["target_scale"]["scale"][0]
    every = np.array(shown["train"]["y"] + shown["test"]["y"])
    np.testing.assert_allclose(sorted(center + scale * every), sorted(targets))


@pytest.mark.parametrize("value", [0.1, 1e12, -3.3e-9])
def test_a_constant_column_is_no_input_and_no_trouble(basin: Client, value: float) -> None:
    inputs = [[x, value] for x, _ in ROWS]
    data = {**KINDS, "inputs": inputs, "standardize": True}
    runs = [{"recipe": {"weights": {"name": name}}} for name in ("glorot_normal", "lsuv")]
    experiment = basin.create(data=data, layers=layers(3, "softmax"), runs=runs)
    alone = basin.create(
        data={**data, "inputs": [[x, 0.0] for x, _ in ROWS]}, layers=layers(3, "softmax"), runs=runs
    )
    close(experiment.train(50)["train"], alone.train(50)["train"])


# -- formulas


@pytest.mark.parametrize("inputs", [1, 3, 20])
def test_a_formula_may_have_other_counts_of_inputs(basin: Client, inputs: int) -> None:
    text = " + ".join(f"x{i}" for i in range(1, inputs + 1))
    data = {"name": "formula", "formula": text, "inputs": inputs, "samples": 50}
    experiment = basin.create(data=data, layers=LINEAR)
    x, y = points(experiment)
    assert x.shape[1] == inputs
    np.testing.assert_allclose(x.sum(axis=1), np.ravel(y))
    assert experiment.train(5)["step"] == 5


def test_a_formulas_spec_makes_the_same_points_again(basin: Client) -> None:
    data = {"name": "formula", "formula": "sin(x1) > x2/3", "noise": 0.1, "seed": 9}
    first = basin.create(data=data)
    again = basin.create(first.summary()["spec"])
    assert first.read("data") == again.read("data")
    assert first.train(20)["train"] == again.train(20)["train"]


FORMULAS: dict[str, tuple[str, int | None]] = {
    "x1 +": ("unexpected_end", 5),
    "x1 + foo": ("unknown_name", 6),
    "open(x1)": ("not_a_function", 1),
    "x1.real": ("unexpected_character", 3),
    "(" * 40 + "x1" + ")" * 40: ("too_deep", 32),
    "sin(x1, x2)": ("wrong_count", 1),
    "": ("missing", 1),
    "sin x cos x": ("ambiguous", 7),
    "x1 = x2": ("unexpected_character", 4),
    "(" * 100_000: ("too_long", 301),
    "x1 + " * 20_000: ("too_long", 301),
    "1/(x1 - x1)": ("not_finite", None),
    "log(x1)": ("not_finite", 1),
}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_that_cannot_be_is_refused_with_its_place(basin: Client, text: str) -> None:
    spec = {"data": {"name": "formula", "formula": text}}
    (error,) = basin.post("/api/experiments", spec, 422)["errors"]
    code, column = FORMULAS[text]
    assert (error["pointer"], error["code"]) == ("/data/formula", code)
    assert error["allowed"].get("column") == column
    if code == "not_finite":
        assert error["allowed"]["place"].startswith("x1 = ")


# -- features


@pytest.mark.parametrize("name", offered(2))
@pytest.mark.parametrize("standardize", [False, True])
def test_a_network_is_given_the_feature_and_nothing_else(
    basin: Client, name: str, standardize: bool
) -> None:
    given: Any = {"W": [[[1.5]]], "b": [[0.25]]}
    data = {"name": "gauss", "samples": 40, "standardize": standardize}
    spec = {"data": data, "layers": LINEAR, "runs": [{"parameters": given}], "loss": "mse"}
    experiment = basin.create(spec, features=[name])
    x, y = points(experiment)
    scope = {"sin": np.sin, "cos": np.cos, "x1": x[:, [0]], "x2": x[:, [1]]}
    feature = eval(name.replace("^", "**"), scope)  # noqa: S307 (a name of the registry)
    if standardize:
        feature = (feature - feature.mean()) / feature.std()
    close(experiment.summary()["loss"]["train"], [np.mean((y - 1.5 * feature - 0.25) ** 2)])


def test_the_map_is_drawn_over_the_raw_inputs(basin: Client) -> None:
    given: Any = {"W": [[[1.0, 0.0]]], "b": [[0.0]]}
    spec = {"layers": LINEAR, "loss": "mse", "runs": [{"parameters": given}]}
    experiment = basin.create(spec, features=["x1*x2", "cos(x2)"])
    answer = experiment.read("outputs", size=5)
    z = np.frombuffer(b64decode(answer["output"]["bdata"]), "<f4")
    expected = np.outer(answer["y"], answer["x"]).reshape(-1)
    np.testing.assert_allclose(z, expected, rtol=1e-6, atol=1e-6)


def test_squares_let_one_neuron_draw_a_circle(basin: Client) -> None:
    neuron = [{"units": 1, "activation": "sigmoid"}]
    spec = {"layers": neuron, "optimizer": {"learning_rate": 0.1}, "runs": [{}]}
    raw = basin.create(spec).train(600)["train"][0][-1]
    squares = basin.create(spec, features=["x1^2", "x2^2"]).train(600)["train"][0][-1]
    assert raw > 0.6
    assert squares < 0.06
