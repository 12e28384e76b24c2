"""The axes of a grid: settings of a spec that a study varies beside the seeds."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.choices import Range
from app.data.datasets import NOISE
from app.lab.spec import ranges
from app.nn.init.rules import WEIGHT_RULES
from app.nn.update.optimizers import LEARNING_RATE

Document = dict[str, Any]


@dataclass(frozen=True)
class Axis:
    """One setting: its range, how a value is put into a spec, and whether a spec has it at all.

    `put` changes a document in place. `lacks` says why a document has no such setting, or is None.
    """

    range: Range
    put: Callable[[Document, Any], None]
    lacks: Callable[[Document], str | None]


def with_values(document: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    """A copy of a spec's document with a value on each of some axes."""
    changed = dict(document)
    changed["data"] = dict(document["data"])  # its numbers may be many, and stay the same
    for name in ("layers", "optimizer"):
        changed[name] = copy.deepcopy(document[name])
    changed["runs"] = [_copied(run) for run in document["runs"]]
    for name, value in values.items():
        AXES[name].put(changed, value)
    return changed


def _copied(run: Mapping[str, Any]) -> Document:
    """A copy of a run, but for its given parameters, which no axis changes either."""
    return {
        key: value if key == "parameters" else copy.deepcopy(value) for key, value in run.items()
    }


def _put_learning_rate(document: Document, value: float) -> None:
    """The experiment's own learning rate, and that of every run with an optimizer of its own."""
    document["optimizer"]["learning_rate"] = value
    for run in document["runs"]:
        if run.get("optimizer"):
            run["optimizer"]["learning_rate"] = value


def _put_units(document: Document, value: int) -> None:
    for layer in document["layers"][:-1]:
        layer["units"] = value


def _put_depth(document: Document, value: int) -> None:
    """As many hidden layers: the first of those there are, and then more like the last one."""
    *hidden, output = document["layers"]
    more = [dict(hidden[-1]) for _ in range(value - len(hidden))]
    document["layers"] = [*hidden[:value], *more, output]


def _put_std(document: Document, value: float) -> None:
    for rule in _normal_rules(document):
        rule["std"] = value


def _put_data(name: str) -> Callable[[Document, Any], None]:
    def put(document: Document, value: Any) -> None:
        document["data"][name] = value

    return put


def _normal_rules(document: Document) -> list[Document]:
    """The rules of all runs, for weights and for biases, that draw from a normal distribution."""
    recipes = [run["recipe"] for run in document["runs"] if run.get("recipe")]
    parts = recipes + [layer for each in recipes for layer in each.get("layers") or () if layer]
    rules = [part.get(kind) for part in parts for kind in ("weights", "biases")]
    return [rule for rule in rules if rule and rule["name"] == "normal"]


def _never(document: Document) -> str | None:
    return None


def _without_hidden_layers(document: Document) -> str | None:
    return None if len(document["layers"]) > 1 else "the network has no hidden layers"


def _without_normal(document: Document) -> str | None:
    return None if _normal_rules(document) else "no run begins by the rule `normal`"


def _without_data(name: str) -> Callable[[Document], str | None]:
    def lacks(document: Document) -> str | None:
        data = document["data"]
        return None if name in data else f"data of the kind `{data['name']}` have no {name}"

    return lacks


_STD = next(each for each in WEIGHT_RULES["normal"].parameters if each.name == "std")

AXES: dict[str, Axis] = {
    "learning_rate": Axis(LEARNING_RATE, _put_learning_rate, _never),
    "units": Axis(ranges.UNITS, _put_units, _without_hidden_layers),
    "depth": Axis(ranges.HIDDEN_LAYERS, _put_depth, _without_hidden_layers),
    "std": Axis(_STD, _put_std, _without_normal),
    "noise": Axis(NOISE, _put_data("noise"), _without_data("noise")),
    "samples": Axis(ranges.SAMPLES, _put_data("samples"), _without_data("samples")),
}
