"""The preview of a recipe: histograms of the W and b that it draws, beside their theory."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from app.choices import Chosen
from app.errors import FieldError, InvalidInput
from app.lab.experiment.setup import build, creation_work, drawing_work
from app.lab.experiment.state import Pause, nothing
from app.lab.spec import limits as limiting
from app.lab.spec import ranges
from app.lab.spec.limits import Limits
from app.lab.spec.parse import parse
from app.lab.spec.parse_recipe import read_recipe
from app.nn.init.initializers import Recipe, initialize
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES, Rule, density
from app.nn.stack import Architecture, Layer, unpack
from app.nn.types import Array

BINS = 41
WANTED_DRAWS = 4000
"""The numbers drawn for a histogram that is smooth enough to be compared with its theory."""
MOST_NETWORKS = 200
MOST_NUMBERS = 300_000
SHOWN_VALUES = 256


class ParameterHistogram(TypedDict):
    """The parameters that a rule draws: a histogram, and its theory where there is one.

    `theory_std` is null where the numbers are not random; `density` is the theory's, in the middle
    of every bin; `values` are the parameters of this very seed, up to 256 of them.
    """

    rule: str
    count: int
    mean: float
    std: float
    theory_std: float | None
    edges: list[float]
    counts: list[int]
    density: list[float] | None
    values: list[float]


class InitialLayer(TypedDict):
    """The weights and biases of a layer before training; `shape` is that of W, [n_out, n_in]."""

    layer: int
    shape: list[int]
    weights: ParameterHistogram
    biases: ParameterHistogram


class RecipePreview(TypedDict):
    """The parameters that a recipe draws, in `networks` networks of successive seeds."""

    seed: int
    networks: int
    layers: list[InitialLayer]


def preview_recipe(
    asked: Mapping[str, Any],
    limits: Limits = limiting.BUILT_IN,
    pause: Pause = nothing,
) -> RecipePreview:
    """Histograms of what the recipe draws for every layer; small layers are drawn with many seeds.

    The network is that of `spec`, or of `inputs` and `layers`. Raises InvalidInput that names
    everything wrong with the spec, or with the recipe, or says that it is too much work.
    """
    errors: list[FieldError] = []
    architecture, X, seed = _network(asked, limits)
    recipe = read_recipe(asked["recipe"], "/recipe", len(architecture.layers), errors)
    if recipe.needs_data(len(architecture.layers)) and X is None:
        detail = "this rule looks at the training set: give the whole spec"
        errors.append(FieldError("/spec", "missing", detail))
    if errors:
        raise InvalidInput(errors)
    work = drawing_work(architecture, recipe, 0 if X is None else X.shape[1])
    ranges.check_work(work, "/recipe", source="body")
    count = _count(architecture, work)
    networks = []
    for place in range(count):
        drawn = (seed + place) % (int(ranges.SEED.maximum) + 1)
        networks.append(unpack(architecture, initialize(architecture, recipe, drawn, X, pause)))
        pause()
    return {
        "seed": seed,
        "networks": len(networks),
        "layers": [
            {
                "layer": layer + 1,
                "shape": list(architecture.shapes[layer]),
                "weights": _drawn([W[layer] for W, _ in networks], _rule(recipe, layer, "weights")),
                "biases": _drawn([b[layer] for _, b in networks], _rule(recipe, layer, "biases")),
            }
            for layer in range(len(architecture.layers))
        ],
    }


def _network(asked: Mapping[str, Any], limits: Limits) -> tuple[Architecture, Array | None, int]:
    """The architecture, the training inputs if there are data, and the seed."""
    seed = asked["seed"]
    if asked["spec"] is None:
        layers = tuple(Layer(layer["units"], layer["activation"]) for layer in asked["layers"])
        return Architecture(asked["inputs"], layers), None, 7 if seed is None else seed
    try:
        sampled = parse({**asked["spec"], "runs": [{}]}, limits)
        ranges.check_work(creation_work(sampled.spec), "/data/samples", source="body")
        setup = build(sampled)
    except InvalidInput as error:
        moved = [replace(one, pointer=f"/spec{one.pointer}") for one in error.errors]
        raise InvalidInput(moved) from None
    return setup.architecture, setup.train.X, setup.spec.seed if seed is None else seed


def _count(architecture: Architecture, work: int) -> int:
    """The number of networks to draw: enough for the smallest layer, not too many for all.

    `work` is the time of one.
    """
    smallest = min(n_out * n_in for n_out, n_in in architecture.shapes)
    most = min(MOST_NUMBERS // architecture.parameter_count, int(ranges.WORK_LIMIT / 20) // work)
    return max(1, min(-(-WANTED_DRAWS // smallest), most, MOST_NETWORKS))


def _rule(recipe: Recipe, layer: int, which: str) -> tuple[Rule, Chosen]:
    weights, biases = recipe.rules(layer)
    if which == "weights":
        return WEIGHT_RULES[weights.name], weights
    return BIAS_RULES[biases.name], biases


def _drawn(arrays: list[Array], rule: tuple[Rule, Chosen]) -> ParameterHistogram:
    """The histogram of one layer's weights or biases, drawn again and again."""
    entry, chosen = rule
    numbers = np.concatenate([array.reshape(-1) for array in arrays])
    counts, edges = np.histogram(numbers, bins=BINS)
    spread = None
    if entry.spread is not None:
        fan_out = arrays[0].shape[0]
        fan_in = arrays[0].shape[1] if arrays[0].ndim > 1 else 1
        spread = float(entry.spread(fan_out, fan_in, **chosen.options))
    curve = None
    if spread and entry.shape is not None:
        curve = density(entry.shape, spread, 0.5 * (edges[1:] + edges[:-1])).tolist()
    return {
        "rule": chosen.name,
        "count": int(numbers.size),
        "mean": float(numbers.mean()),
        "std": float(numbers.std()),
        "theory_std": spread,
        "edges": edges.tolist(),
        "counts": counts.tolist(),
        "density": curve,
        "values": arrays[0].reshape(-1)[:SHOWN_VALUES].tolist(),
    }
