"""The catalogue: every choice that the page offers and a spec may have, read off the registries."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import floor, log10
from typing import Literal, NotRequired

import numpy as np
from typing_extensions import TypedDict

from app.choices import Choice, Range
from app.data import features
from app.data.datasets import DATASETS, PARAMETERS, SAMPLES, make
from app.data.formula.formula import CONSTANTS, FUNCTIONS
from app.data.formula.grammar import MOST_CHARACTERS
from app.data.types import Task
from app.lab.spec.documents import RecipeDocument, SpecDocument
from app.lab.spec.limits import Limits
from app.lab.spec.parse import parse
from app.lab.spec.presets import SHOWINGS, Group, Look, presets
from app.lab.spec.ranges import FIELDS, INPUTS, SEED
from app.lab.spec.recipes import RECIPES
from app.nn.activations import ACTIVATIONS, Activation
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES
from app.nn.losses import LOSSES, Loss
from app.nn.types import Array
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES

_THUMBNAIL = 100
_FEATURED = 2
_POINTS = 49
_REACH = 4.0


class Worded(TypedDict):
    """Words for an entry, in the language of the page: a label, and a hint where there is one."""

    label: NotRequired[str]
    hint: NotRequired[str]


class NumberEntry(Worded):
    """A number that may be set: from `minimum`, which may be excluded, to `maximum`.

    `scale` is how a slider for it should run.
    """

    name: str
    default: float | None
    minimum: float
    maximum: float
    exclusive_minimum: bool
    integer: bool
    scale: Literal["linear", "log"]
    formula: NotRequired[str]


class CatalogEntry(Worded):
    """A choice by name: its formula, and the numbers that it takes."""

    name: str
    formula: str
    parameters: list[NumberEntry]


class ActivationCurve(TypedDict):
    """Points of an activation y = f(x), and of its slope f'(x)."""

    x: list[float]
    y: list[float]
    slope: list[float]


class ActivationEntry(CatalogEntry):
    """An activation; `output_only` if it cannot be a hidden layer's."""

    output_only: bool
    curve: ActivationCurve


class LossCurve(TypedDict):
    """J of one sample whose target is 1, over the network's output or its logit (`over`)."""

    x: list[float]
    y: list[float]
    over: Literal["logit", "output"]


class LossEntry(CatalogEntry):
    """A loss, and the activations of an output layer that it goes with."""

    outputs: list[str]
    curve: LossCurve


class Thumbnail(TypedDict):
    """A few points of a data set: two inputs, or one input and the target."""

    x: list[float]
    y: list[float]
    target: list[float]


class DataEntry(CatalogEntry):
    """A data set; where the learner describes the data, what is known only then is null.

    `functions`, `constants` and the most `characters` are those of a formula.
    """

    task: Task | None
    inputs: int | None
    classes: int | None
    thumbnail: Thumbnail | None
    functions: NotRequired[list[str]]
    constants: NotRequired[list[str]]
    characters: NotRequired[int]


class FeatureEntry(CatalogEntry):
    """A feature: its kind, and the raw inputs that it is made of, from 0."""

    kind: str
    inputs: list[int]


class FeatureKindEntry(Worded):
    """A kind of features: the pattern of their names, and how many raw inputs each is made of."""

    name: str
    formula: str
    pattern: str
    inputs: int


class RecipeEntry(Worded):
    """A recipe by name; `of_article` if it is one of the article's."""

    name: str
    recipe: RecipeDocument
    of_article: bool
    formula: NotRequired[str]


class PresetEntry(Worded):
    """A whole experiment to begin with; its spec is complete.

    `group` is its place in the gallery, and `look` what the page opens with it, as in a link.
    """

    name: str
    spec: SpecDocument
    group: Group
    look: Look
    formula: NotRequired[str]


class Catalog(TypedDict):
    """Every choice there is; `fields` are the ranges of the numbers in a spec, by name."""

    activations: list[ActivationEntry]
    losses: list[LossEntry]
    weight_rules: list[CatalogEntry]
    bias_rules: list[CatalogEntry]
    optimizers: list[CatalogEntry]
    schedules: list[CatalogEntry]
    clippings: list[CatalogEntry]
    regularizers: list[CatalogEntry]
    data: list[DataEntry]
    features: list[FeatureEntry]
    feature_kinds: list[FeatureKindEntry]
    recipes: list[RecipeEntry]
    presets: list[PresetEntry]
    fields: dict[str, NumberEntry]


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """The catalogue without words, which are added in the page's language."""
    return {
        "activations": [
            {
                **entry,
                "output_only": ACTIVATIONS[entry["name"]].output_only,
                "curve": activation_curve(ACTIVATIONS[entry["name"]]),
            }
            for entry in _entries(ACTIVATIONS)
        ],
        "losses": [
            {
                **entry,
                "outputs": list(LOSSES[entry["name"]].outputs),
                "curve": loss_curve(LOSSES[entry["name"]]),
            }
            for entry in _entries(LOSSES)
        ],
        "weight_rules": _entries(WEIGHT_RULES),
        "bias_rules": _entries(BIAS_RULES),
        "optimizers": _entries(OPTIMIZERS),
        "schedules": _entries(SCHEDULES),
        "clippings": _entries(CLIPPINGS),
        "regularizers": _entries(REGULARIZERS),
        "data": [
            *(_data_set(name) for name in DATASETS),
            _formula_data(),
            _described("custom", "", ()),
        ],
        "features": [_feature(feature) for feature in _features()],
        "feature_kinds": [
            {"name": name, "formula": kind.formula, "pattern": kind.name, "inputs": kind.inputs}
            for name, kind in features.KINDS.items()
        ],
        "recipes": [
            {"name": name, "recipe": named.recipe, "of_article": named.of_article}
            for name, named in RECIPES.items()
        ],
        "presets": [
            # Complete, so that what a learner has changed is what differs.
            {
                "name": name,
                "spec": dict(parse(spec).spec.document),
                "group": SHOWINGS[name].group,
                "look": SHOWINGS[name].look,
            }
            for name, spec in presets().items()
        ],
        "fields": {name: _number(range) for name, range in FIELDS.items()},
    }


def catalog_within(limits: Limits) -> Catalog:
    """The catalogue with the maxima in force: of its fields, and of the numbers data sets take."""
    choices = catalog()
    return {
        **choices,
        "fields": {
            name: _limited(field, limits.get(name)) for name, field in choices["fields"].items()
        },
        "data": [_limited_data(entry, limits) for entry in choices["data"]],
    }


def _limited_data(entry: DataEntry, limits: Limits) -> DataEntry:
    limited = entry.copy()
    limited["parameters"] = [
        _limited(number, limits.get(number["name"])) for number in entry["parameters"]
    ]
    return limited


def _limited(number: NumberEntry, limit: Range | None) -> NumberEntry:
    limited = number.copy()
    if limit is not None:
        limited["maximum"] = limit.maximum
    return limited


def _entries(registry: Mapping[str, Choice]) -> list[CatalogEntry]:
    return [
        {
            "name": name,
            "formula": choice.formula,
            "parameters": [_number(range) for range in choice.parameters],
        }
        for name, choice in registry.items()
    ]


def _number(range: Range) -> NumberEntry:
    return {
        "name": range.name,
        "default": range.default,
        "minimum": range.minimum,
        "maximum": range.maximum,
        "exclusive_minimum": range.exclusive_minimum,
        "integer": range.integer,
        "scale": range.scale,
    }


def _data_set(name: str) -> DataEntry:
    data = DATASETS[name]
    entry = _described(name, data.formula, data.parameters)
    entry["task"], entry["inputs"], entry["classes"] = data.task, data.inputs, data.classes
    entry["thumbnail"] = _thumbnail(name)
    return entry


def _formula_data() -> DataEntry:
    entry = _described("formula", "y = f(x₁, x₂)", PARAMETERS)
    entry["functions"] = list(FUNCTIONS)
    entry["constants"] = list(CONSTANTS)
    entry["characters"] = MOST_CHARACTERS
    return entry


def _described(name: str, formula: str, parameters: tuple[Range, ...]) -> DataEntry:
    """The entry of data of which no more is known, as the learner describes them."""
    return {
        "name": name,
        "formula": formula,
        "parameters": [_number(range) for range in parameters],
        "task": None,
        "inputs": None,
        "classes": None,
        "thumbnail": None,
    }


def _features() -> Iterator[features.Feature]:
    """Every raw input, and every feature of the first two; the kinds say how to name the others."""
    for feature in features.every(int(INPUTS.maximum)):
        if feature.kind == "raw" or max(feature.inputs) < _FEATURED:
            yield feature


def _feature(feature: features.Feature) -> FeatureEntry:
    return {
        "name": feature.name,
        "formula": feature.formula,
        "kind": feature.kind,
        "inputs": list(feature.inputs),
        "parameters": [],
    }


def _as_drawn(values: Array) -> list[float]:
    """Numbers rounded to a hundredth of their extent, enough for a small picture."""
    extent = float(np.ptp(values)) or 1.0
    drawn: list[float] = np.round(values, -floor(log10(extent / 100.0))).tolist()
    return drawn


def _thumbnail(name: str) -> Thumbnail:
    """A few points of a data set, for its picture: two inputs, or one input and the target."""
    # The spiral is drawn arm by arm, so that taking fewer samples keeps its shape.
    inputs, targets = make(name, min(_THUMBNAIL, int(SAMPLES.maximum)), 0.0, int(SEED.default or 0))
    x, y = inputs if len(inputs) == 2 else (inputs[0], targets)
    return {
        "x": _as_drawn(x),
        "y": _as_drawn(y),
        "target": _as_drawn(targets),
    }


def activation_curve(activation: Activation) -> ActivationCurve:
    """f and its slope f' over z in [-4, 4]; of a softmax, the first of two outputs."""
    z = np.linspace(-_REACH, _REACH, _POINTS)
    if activation.output_only:
        pair = np.stack([z, np.zeros_like(z)])[np.newaxis]  # (K=1, n_y=2, n)
        y = activation.function(pair, np.empty_like(pair))[0, 0]
    else:
        y = activation.function(z.copy(), np.empty_like(z))
    return {"x": _written(z), "y": _written(y), "slope": _written(activation.derivative(z, y))}


def loss_curve(loss: Loss) -> LossCurve:
    """J of one sample whose target is 1, over the network's output or logit (`over`)."""
    z = np.linspace(-_REACH, _REACH, _POINTS) if loss.on_logits else np.linspace(-1.0, 3.0, _POINTS)
    if loss.distribution:
        logits = np.stack([z, np.zeros_like(z)], axis=1)[..., np.newaxis]  # (K, n_y=2, n=1)
        target = np.array([[1.0], [0.0]])
    else:
        logits, target = z[:, np.newaxis, np.newaxis], np.array([[1.0]])
    activation = ACTIVATIONS[loss.outputs[0]] if loss.on_logits else ACTIVATIONS["linear"]
    a = activation.function(logits.copy(), np.empty_like(logits))
    return {
        "x": _written(z),
        "y": _written(loss.value(logits, a, target)),
        "over": "logit" if loss.on_logits else "output",
    }


def _written(values: Array) -> list[float]:
    return [float(f"{value:.4g}") for value in values]
