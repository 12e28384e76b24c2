"""The catalogue: every choice that the page offers and a spec may have, read off the registries."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import floor, log10
from typing import Any

import numpy as np

from app.choices import Choice, Range
from app.data import features
from app.data.datasets import DATASETS, PARAMETERS, SAMPLES, make
from app.data.formula.formula import CONSTANTS, FUNCTIONS
from app.data.formula.grammar import MOST_CHARACTERS
from app.lab.spec.parse import parse
from app.lab.spec.presets import presets
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


@lru_cache(maxsize=1)
def catalog() -> Mapping[str, Any]:
    """The catalogue without labels, which are added in the language of the page."""
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
            *(
                {
                    **entry,
                    "task": DATASETS[entry["name"]].task,
                    "inputs": DATASETS[entry["name"]].inputs,
                    "classes": DATASETS[entry["name"]].classes,
                    "thumbnail": _thumbnail(entry["name"]),
                }
                for entry in _entries(DATASETS)
            ),
            {
                **_described("formula", "y = f(x₁, x₂)", PARAMETERS),
                "functions": list(FUNCTIONS),
                "constants": list(CONSTANTS),
                "characters": MOST_CHARACTERS,
            },
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
            {"name": name, "spec": parse(spec).spec.document}
            for name, spec in presets().items()
        ],
        "fields": {name: range.describe() for name, range in FIELDS.items()},
    }


def _entries(registry: Mapping[str, Choice]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "formula": choice.formula,
            "parameters": [range.describe() for range in choice.parameters],
        }
        for name, choice in registry.items()
    ]


def _described(name: str, formula: str, parameters: tuple[Range, ...]) -> dict[str, Any]:
    """The entry of data that the learner describes; it has no picture."""
    return {
        "name": name,
        "formula": formula,
        "parameters": [range.describe() for range in parameters],
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


def _feature(feature: features.Feature) -> dict[str, Any]:
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


def _thumbnail(name: str) -> dict[str, list[float]]:
    """A few points of a data set, for its picture: two inputs, or one input and the target."""
    # The spiral is drawn arm by arm, so that taking fewer samples keeps its shape.
    inputs, targets = make(name, min(_THUMBNAIL, int(SAMPLES.maximum)), 0.0, int(SEED.default or 0))
    x, y = inputs if len(inputs) == 2 else (inputs[0], targets)
    return {
        "x": _as_drawn(x),
        "y": _as_drawn(y),
        "target": _as_drawn(targets),
    }


def activation_curve(activation: Activation) -> dict[str, Any]:
    """f and its slope f' over z in [-4, 4]; of a softmax, the first of two outputs."""
    z = np.linspace(-_REACH, _REACH, _POINTS)
    if activation.output_only:
        pair = np.stack([z, np.zeros_like(z)])[np.newaxis]  # (K=1, n_y=2, n)
        y = activation.function(pair, np.empty_like(pair))[0, 0]
    else:
        y = activation.function(z.copy(), np.empty_like(z))
    return {"x": _written(z), "y": _written(y), "slope": _written(activation.derivative(z, y))}


def loss_curve(loss: Loss) -> dict[str, Any]:
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
