"""The histogram of what a recipe draws, beside its theory."""

from typing import Any

import numpy as np
import pytest

from app.errors import InvalidInput
from app.lab.preview.recipe import preview_recipe
from app.lab.spec import limits as limiting
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES
from tests.lab.client import Client
from tests.web.problems import refused

LAYERS = [{"units": 6, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
URL = "/api/recipes/preview"


def drawn(basin: Client, recipe: Any, **more: Any) -> Any:
    return basin.post(URL, {"recipe": recipe, **more})["layers"]


@pytest.mark.parametrize("name", WEIGHT_RULES)
def test_every_rule_for_weights_can_be_seen(basin: Client, name: str) -> None:
    spec = {"layers": LAYERS, "seed": 3}
    for layer in drawn(basin, {"weights": {"name": name}}, spec=spec):
        weights = layer["weights"]
        assert weights["rule"] == name
        assert sum(weights["counts"]) == weights["count"]
        assert len(weights["edges"]) == len(weights["counts"]) + 1
        theory = weights["theory_std"]
        assert (theory is None) == (WEIGHT_RULES[name].spread is None)
        if theory is not None:
            assert weights["std"] == pytest.approx(theory, rel=0.12)
        assert (weights["density"] is None) == (WEIGHT_RULES[name].shape is None)


@pytest.mark.parametrize("name", BIAS_RULES)
def test_every_rule_for_biases_can_be_seen(basin: Client, name: str) -> None:
    for layer in drawn(basin, {"biases": {"name": name}}, layers=LAYERS, inputs=3):
        assert layer["biases"]["rule"] == name
        assert (layer["biases"]["theory_std"] is None) == (BIAS_RULES[name].spread is None)


@pytest.mark.parametrize("name", [n for n, rule in WEIGHT_RULES.items() if rule.shape is not None])
def test_a_histogram_follows_its_density(basin: Client, name: str) -> None:
    weights = drawn(basin, {"weights": {"name": name}}, layers=LAYERS, inputs=20)[0]["weights"]
    width = np.diff(weights["edges"])
    found = np.array(weights["counts"]) / weights["count"] / width
    expected = np.array(weights["density"])
    # Some bins at the ends are only half within the bounds of a distribution.
    assert np.mean(np.abs(found - expected)[1:-1]) < 0.1 * expected.max()


def test_the_values_are_those_an_experiment_begins_with(basin: Client) -> None:
    recipe = {"weights": {"name": "lsuv"}, "biases": {"name": "normal", "std": 0.1}}
    spec = {"layers": LAYERS, "seed": 11, "data": {"name": "moons", "standardize": True}}
    layers = drawn(basin, recipe, spec=spec)
    W, b = basin.create(spec, runs=[{"recipe": recipe}]).parameters()
    assert [layer["weights"]["values"] for layer in layers] == [
        [w for row in rows for w in row] for rows in W
    ]
    assert [layer["biases"]["values"] for layer in layers] == b


def test_a_layer_with_a_rule_of_its_own_is_drawn_by_it(basin: Client) -> None:
    recipe = {"layers": [None, {"weights": {"name": "constant", "value": 0.25}}]}
    first, second = drawn(basin, recipe, layers=LAYERS)
    assert (first["weights"]["rule"], second["weights"]["rule"]) == ("normal", "constant")
    assert (second["weights"]["mean"], second["weights"]["std"]) == (0.25, 0.0)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"recipe": {"weights": {"name": "lsuv"}}}, "/spec", "missing"),
        ({"recipe": {"weights": {"name": "magic"}}}, "/recipe/weights/name", "unknown_name"),
        ({"recipe": {"layers": [None] * 3}}, "/recipe/layers", "out_of_range"),
        ({"spec": {"data": {"name": "circle", "samples": 1}}}, "/spec/data/samples",
         "out_of_range"),
        ({"spec": {"data": {"name": "formula", "formula": "x1 +"}}}, "/spec/data/formula",
         "unexpected_end"),
        ({"layers": []}, "/layers", "out_of_range"),
        ({"inputs": 21}, "/inputs", "out_of_range"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(basin: Client, body: Any, pointer: str, code: str) -> None:
    (error,) = refused(basin, "POST", URL, 422, json=body)
    assert (error["pointer"], error["code"]) == (pointer, code)


@pytest.mark.parametrize(
    ("spec", "pointer", "code"),
    [
        (rb'{"\ud800": 1}', "/spec/\ud800", "unknown_field"),
        (rb'{"loss": "\ud800"}', "/spec/loss", "wrong_type"),
    ],
)
def test_half_a_letter_in_a_spec_is_refused(
    basin: Client, spec: bytes, pointer: str, code: str
) -> None:
    body = b'{"spec": ' + spec + b"}"
    (error,) = refused(basin, "POST", URL, 422, data=body, content_type="application/json")
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_the_largest_network_is_drawn_in_bounded_work(basin: Client) -> None:
    layers = [*[{"units": 64, "activation": "tanh"}] * 10, {"units": 1, "activation": "sigmoid"}]
    spec = {"layers": layers, "data": {"samples": 10_000, "train_fraction": 1}}
    answer = basin.post(URL, {"recipe": {"weights": {"name": "lsuv"}}, "spec": spec})
    assert len(answer["layers"]) == 11
    assert all(len(layer["weights"]["values"]) <= 256 for layer in answer["layers"])


LSUV = {"weights": {"name": "lsuv"}, "biases": {"name": "zeros"}}


def deep(samples: int, units: int = 64) -> dict[str, Any]:
    hidden = [{"units": units, "activation": "gelu"}] * 10
    return {
        "data": {"name": "circle", "samples": samples, "train_fraction": 1.0},
        "layers": [*hidden, {"units": 1, "activation": "sigmoid"}],
    }


def test_the_limits_of_the_server_hold_here_too() -> None:
    limits = limiting.limits({"samples": 500})
    asked = {"seed": 1, "spec": deep(501, 4), "recipe": LSUV}
    with pytest.raises(InvalidInput) as found:
        preview_recipe(asked, limits)
    assert [error.pointer for error in found.value.errors] == ["/spec/data/samples"]
    asked["spec"] = deep(500, 4)
    assert preview_recipe(asked, limits)["networks"] > 1


def test_a_rule_that_scales_by_many_samples_gives_way_between_the_layers() -> None:
    paused: list[None] = []
    asked = {"seed": 1, "spec": deep(3000), "recipe": LSUV}
    found = preview_recipe(asked, pause=lambda: paused.append(None))
    assert len(paused) == found["networks"] * 12
