"""The catalogue offers every choice there is, in words of both languages."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from app.data.datasets import DATASETS
from app.data.features import KINDS
from app.lab.spec.presets import presets
from app.lab.spec.recipes import OPENING_RECIPES, RECIPES
from app.nn.activations import ACTIVATIONS
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES
from app.nn.losses import LOSSES
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES
from app.web.languages import LANGUAGES, messages
from tests.lab.client import Client

REGISTRIES: dict[str, Any] = {
    "activations": ACTIVATIONS,
    "losses": LOSSES,
    "weight_rules": WEIGHT_RULES,
    "bias_rules": BIAS_RULES,
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "clippings": CLIPPINGS,
    "regularizers": REGULARIZERS,
    "data": DATASETS,
    "feature_kinds": KINDS,
    "recipes": RECIPES,
    "presets": presets(),
}
ENTRIES = [(kind, name) for kind, registry in REGISTRIES.items() for name in registry]
PARAMETERS = sorted(
    {
        parameter.name
        for registry in REGISTRIES.values()
        for entry in registry.values()
        for parameter in getattr(entry, "parameters", ())
    }
)


def catalog(basin: Client, **query: Any) -> Any:
    return basin.get("/api/catalog", **query)


def ranges(part: Any) -> Iterator[Any]:
    """Everything in the catalogue that has a minimum."""
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, dict | list):
            yield from ranges(value)
    if isinstance(part, dict) and "minimum" in part:
        yield part


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_entry_of_a_registry_is_offered(basin: Client, kind: str) -> None:
    offered = [entry["name"] for entry in catalog(basin)[kind]]
    assert len(offered) == len({*offered})
    assert {*offered} - {"custom", "formula"} == {*REGISTRIES[kind]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "name"), ENTRIES)
def test_every_entry_has_a_label_and_a_hint(language: str, kind: str, name: str) -> None:
    key = f"catalog.{kind}.{name}"
    assert messages(language)[key].strip()
    assert messages(language)[f"{key}.hint"].strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PARAMETERS)
def test_every_number_of_an_entry_has_a_label(language: str, name: str) -> None:
    assert messages(language)[f"catalog.parameters.{name}"].strip()


@pytest.mark.parametrize("name", ["custom", "formula"])
def test_a_learners_own_data_are_offered_without_a_picture(basin: Client, name: str) -> None:
    entry = next(entry for entry in catalog(basin)["data"] if entry["name"] == name)
    assert entry["inputs"] is None
    assert entry["thumbnail"] is None
    assert entry["label"]
    assert entry["hint"]


def test_the_catalogue_can_be_had_without_its_words(basin: Client) -> None:
    plain = catalog(basin, words="false")
    assert plain.keys() == catalog(basin).keys()
    for kind in ("activations", "data", "recipes", "presets"):
        offered = catalog(basin)[kind]
        assert [entry["name"] for entry in plain[kind]] == [entry["name"] for entry in offered]
        assert not any({"label", "hint"} & entry.keys() for entry in plain[kind])


def test_the_two_catalogues_of_words_have_the_same_keys() -> None:
    first, second = (messages(language) for language in LANGUAGES)
    assert first.keys() == second.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_in_the_language_asked_for(basin: Client, language: str) -> None:
    answer = catalog(basin, lang=language)
    for kind in REGISTRIES:
        for entry in answer[kind]:
            assert entry["label"] == messages(language)[f"catalog.{kind}.{entry['name']}"]
            assert entry["hint"] == messages(language)[f"catalog.{kind}.{entry['name']}.hint"]


WORDS = ("label", "hint", "formula")


def test_the_languages_differ_in_nothing_but_words(basin: Client) -> None:
    def without_words(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: without_words(v) for k, v in part.items() if k not in WORDS}
        return [without_words(each) for each in part] if isinstance(part, list) else part

    english, chinese = (catalog(basin, lang=language) for language in LANGUAGES)
    assert english != chinese
    assert without_words(english) == without_words(chinese)


def test_every_range_is_one(basin: Client) -> None:
    found = [*ranges(catalog(basin))]
    assert len(found) > 20
    for range in found:
        assert range["minimum"] < range["maximum"]
        assert range["scale"] in ("linear", "log")
        if range["default"] is not None:
            assert range["minimum"] <= range["default"] <= range["maximum"]
        if range["scale"] == "log":
            assert range["minimum"] > 0


@pytest.mark.parametrize("kind", ["weight_rules", "bias_rules"])
def test_every_rule_begins_a_run_with_its_defaults_and_at_its_ends(
    basin: Client, kind: str
) -> None:
    place = {"weight_rules": "weights", "bias_rules": "biases"}[kind]
    for rule in catalog(basin)[kind]:
        for end in ("default", "minimum", "maximum"):
            options = {one["name"]: one[end] for one in rule["parameters"]}
            recipe = {place: {"name": rule["name"], **options}}
            run = basin.create(runs=[{"recipe": recipe}]).summary()["spec"]["runs"][0]
            assert run["recipe"][place] == {"name": rule["name"], **options}


@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_what_lies_just_outside_a_range_is_refused(basin: Client, end: str) -> None:
    sign = {"minimum": -1, "maximum": 1}[end]
    for rule in catalog(basin)["weight_rules"]:
        for range in rule["parameters"]:
            value = float(np.nextafter(range[end], sign * np.inf))
            recipe = {"weights": {"name": rule["name"], range["name"]: value}}
            refused = basin.post("/api/experiments", {"runs": [{"recipe": recipe}]}, 422)
            pointer = f"/runs/0/recipe/weights/{range['name']}"
            assert refused["errors"][0]["pointer"] == pointer


def test_a_loss_names_the_outputs_it_goes_with_and_these_only_are_accepted(basin: Client) -> None:
    offered = catalog(basin)
    for loss in offered["losses"]:
        for activation in offered["activations"]:
            fits = activation["name"] in loss["outputs"]
            units = 2 if activation["output_only"] else 1
            inputs, labels = [[-1.0], [1.0]], {"hinge": [-1, 1]}.get(loss["name"], [0, 1])
            targets = labels if units == 1 else [[label, 1 - label] for label in labels]
            data = {"name": "custom", "inputs": inputs, "targets": targets}
            layers = [{"units": units, "activation": activation["name"]}]
            spec = {"data": data, "layers": layers, "loss": loss["name"], "runs": [{}]}
            basin.post("/api/experiments", spec, 201 if fits else 422)


def test_a_picture_shows_the_data_set(basin: Client) -> None:
    for entry in catalog(basin)["data"]:
        if entry["name"] in ("custom", "formula"):
            continue
        picture = entry["thumbnail"]
        assert len(picture["x"]) == len(picture["y"]) == len(picture["target"]) >= 50
        if entry["task"] == "classification":
            assert len({*picture["target"]}) == entry["classes"]
        elif entry["inputs"] == 1:
            assert picture["y"] == picture["target"]


def test_the_first_preset_is_the_opening_experiment(basin: Client) -> None:
    preset = catalog(basin)["presets"][0]
    assert preset["name"] == "opening"
    opened, empty = basin.create(preset["spec"]), basin.create({})
    assert opened.train(50)["train"] == empty.train(50)["train"]


def test_the_recipes_of_the_article_are_marked(basin: Client) -> None:
    marked = {entry["name"] for entry in catalog(basin)["recipes"] if entry["of_article"]}
    assert marked == {"article", "zero_weights", "both_random", "same_weights", "all_zeros"}
    assert {*OPENING_RECIPES} <= {*RECIPES}


def test_every_recipe_is_accepted(basin: Client) -> None:
    recipes = [entry["recipe"] for entry in catalog(basin)["recipes"]]
    runs = basin.create(runs=[{"recipe": recipe} for recipe in recipes]).summary()["spec"]["runs"]
    assert [run["recipe"] for run in runs] == recipes


def test_the_limit_of_a_body_is_told(basin: Client) -> None:
    assert catalog(basin)["limits"]["body_bytes"] >= 1_000_000


def test_a_formula_with_words_is_translated(basin: Client) -> None:
    """And says in English what the registry says."""
    english, chinese = (catalog(basin, lang=language) for language in ("en", "zh-CN"))
    for kind in ("activations", "losses", "optimizers", "regularizers", "weight_rules"):
        for entry, translated in zip(english[kind], chinese[kind], strict=True):
            assert entry["formula"] == REGISTRIES[kind][entry["name"]].formula
            assert not {"else", "then", "ever", "zeros"} & {*translated["formula"].split()}
