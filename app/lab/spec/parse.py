"""What is compared: a spec, parsed once and then trusted.

`parse` takes the JSON document that describes an experiment, fills in what is left out, and gives a
`Spec` of plain frozen data; everything behind it can rely on every name and number in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import ValidationError

from app.choices import Chosen
from app.data import datasets, features
from app.errors import FieldError, InvalidInput
from app.lab.spec.arrays import read_parameters
from app.lab.spec.dataset import DataSpec, points
from app.lab.spec.field_errors import describe, pointer, range_detail
from app.lab.spec.parse_data import check_units, read_data
from app.lab.spec.recipes import opening_runs
from app.lab.spec.schema import ARTICLE_RECIPE, METHODS, CustomData, SpecModel
from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.init.initializers import Recipe
from app.nn.losses import LOSSES, Loss, usual_loss
from app.nn.stack import Architecture, Layer
from app.nn.types import Array
from app.nn.update.updates import Method


@dataclass(frozen=True)
class Run:
    """One network of the comparison: two rules, or given parameters theta (P,)."""

    label: str | None
    recipe: Recipe | None
    theta: tuple[float, ...] | None
    seed: int
    loss: str
    method: Method

    @property
    def optimizer(self) -> Chosen:
        """The optimizer it begins with."""
        return self.method.optimizer


@dataclass(frozen=True)
class Spec:
    """An experiment: one data set, one architecture, and the runs compared on it.

    `document` is the same as JSON, complete: parsing it again gives the same spec.
    """

    data: DataSpec
    features: tuple[str, ...]
    architecture: Architecture
    batch_size: int | None
    seed: int
    runs: tuple[Run, ...]
    document: Mapping[str, Any]

    @property
    def train_samples(self) -> int:
        """How many samples are trained on."""
        return datasets.split_point(self.data.samples, self.data.train_fraction)


def parse(document: Any) -> Spec:
    """The spec that a JSON document describes; InvalidInput names every field that is wrong."""
    try:
        model = SpecModel.model_validate(document)
    except ValidationError as error:
        raise InvalidInput(describe(error, document)) from None
    # A learner's own numbers are looked at one by one later; until then they stay as received.
    numbers: Any = {"runs": {"__all__": {"parameters"}}}
    if isinstance(model.data, CustomData):
        numbers["data"] = {"inputs", "targets"}
    complete = model.model_dump(mode="json", exclude=numbers)
    if complete["data"]["name"] == "custom":
        complete["data"] |= {name: document["data"][name] for name in ("inputs", "targets")}
        complete["data"] = {
            key: value for key, value in complete["data"].items() if value is not None
        }
    for place, run in enumerate(complete["runs"] or []):
        run["parameters"] = document["runs"][place].get("parameters")
    return _Reader(complete).read()


class _Reader:
    """Checks what involves more than one field, and collects all that is wrong."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.errors: list[FieldError] = []

    def read(self) -> Spec:
        document = self.document
        data = read_data(document["data"], self.errors)
        self._stop_if_wrong()
        if data is None:
            raise ValueError("data without an error are data")
        given = self._features(data, document["features"])
        document["features"] = list(given)
        layers = tuple(Layer(**layer) for layer in document["layers"])
        self._check_layers(layers)
        architecture = Architecture(len(given), layers)
        check_units(data, layers, self.errors)
        self._stop_if_wrong()
        targets = points(data, layers[-1])[1]
        output = layers[-1].activation
        if document["loss"] is None:
            document["loss"] = usual_loss(output)
        self._check_loss("/loss", document["loss"], data, targets, output)
        self._check_batch(document["batch_size"], data)
        if document["runs"] is None:
            document["runs"] = opening_runs()
        runs = tuple(
            self._run(index, run, architecture, data, targets, output)
            for index, run in enumerate(document["runs"])
        )
        self._stop_if_wrong()
        document["runs"] = [_compact(run) for run in document["runs"]]
        batch_size = document["batch_size"]
        return Spec(data, given, architecture, batch_size, document["seed"], runs, document)

    def _stop_if_wrong(self) -> None:
        if self.errors:
            raise InvalidInput(self.errors)

    def _wrong(self, at: str, code: str, detail: str, allowed: Any, received: Any = None) -> None:
        self.errors.append(FieldError(at, code, detail, allowed, received))

    def _features(self, data: DataSpec, chosen: list[str] | None) -> tuple[str, ...]:
        if chosen is None:
            return features.names(data.width)
        offered = features.offered(data.width)
        for index, name in enumerate(chosen):
            at = pointer("features", index)
            if name not in offered:
                shown = offered if len(offered) < 20 else (*offered[:19], "…")
                detail = f"must be one of {', '.join(shown)}"
                self._wrong(at, "unknown_name", detail, {"names": list(offered)}, name)
            elif name in chosen[:index]:
                self._wrong(at, "conflict_fields", f"{name} is already there", {}, name)
        self._stop_if_wrong()
        return tuple(chosen)

    def _check_layers(self, layers: Sequence[Layer]) -> None:
        """What only an output layer may have, and what it may not."""
        last = len(layers) - 1
        for index, layer in enumerate(layers):
            at = pointer("layers", index, "activation")
            if ACTIVATIONS[layer.activation].output_only and index < last:
                detail = f"{layer.activation} is for the output layer; hidden ones may have"
                detail += f" {', '.join(HIDDEN)}"
                self._wrong(at, "misfit", detail, {"names": list(HIDDEN)}, layer.activation)
            elif ACTIVATIONS[layer.activation].output_only and layer.units < 2:
                detail = f"{layer.activation} shares 1 out among two units or more"
                self._wrong(at, "misfit", detail, {"names": list(HIDDEN)}, layer.activation)
        if layers[last].dropout:
            self._wrong(
                pointer("layers", last, "dropout"),
                "out_of_range",
                "must be 0: an answer cannot be left out",
                {"minimum": 0.0, "maximum": 0.0},
                layers[last].dropout,
            )

    def _check_loss(self, at: str, name: str, data: DataSpec, targets: Array, output: str) -> None:
        loss = LOSSES[name]
        if not loss.fits(output):
            fitting = [other for other, choice in LOSSES.items() if choice.fits(output)]
            self._wrong(
                at,
                "misfit",
                f"{name} needs a {' or '.join(loss.outputs)} output, not {output};"
                f" with it go {', '.join(fitting)}",
                {"names": fitting, "outputs": list(loss.outputs)},
                name,
            )
        elif loss.targets is not None:
            fitting = [
                other
                for other, choice in LOSSES.items()
                if choice.targets is None and choice.fits(output)
            ]
            self._check_targets(at, name, data, targets, fitting)

    def _check_targets(
        self, at: str, name: str, data: DataSpec, targets: Array, fitting: list[str]
    ) -> None:
        """A loss that takes certain targets is not given others; `fitting` are losses for any."""
        loss = LOSSES[name]
        own = data.classes is None and data.targets is not None and not data.standardize_target
        if own and data.targets is not None:
            targets = data.targets  # in the order in which they were given
        outside = np.argwhere(loss.refuses(targets))
        if not len(outside):
            return
        output_index, sample = (int(i) for i in outside[0])
        detail, allowed = _taken(name, loss)
        received = float(targets[output_index, sample])
        if own:
            flat = not isinstance(self.document["data"]["targets"][0], list)
            place = [sample] if flat else [sample, output_index]
            self._wrong(
                pointer("data", "targets", *place), "out_of_range", detail, allowed, received
            )
        else:
            detail += f"; those of {data.name} go from {targets.min():g} to {targets.max():g}"
            self._wrong(at, "misfit", detail, {**allowed, "names": fitting}, name)

    def _check_batch(self, batch_size: int | None, data: DataSpec) -> None:
        train = datasets.split_point(data.samples, data.train_fraction)
        if batch_size is not None and batch_size > train:
            self._wrong(
                "/batch_size",
                "out_of_range",
                f"there are {train} training samples",
                {"minimum": 1, "maximum": train},
                batch_size,
            )

    def _run(
        self,
        index: int,
        run: dict[str, Any],
        architecture: Architecture,
        data: DataSpec,
        targets: Array,
        output: str,
    ) -> Run:
        at = pointer("runs", index)
        theta: tuple[float, ...] | None = None
        if run["parameters"] is not None:
            if run["recipe"] is not None:
                detail = "a run begins by a recipe or from given parameters, not both"
                self._wrong(f"{at}/parameters", "conflict_fields", detail, {})
            read = read_parameters(architecture, run["parameters"], f"{at}/parameters", self.errors)
            theta = None if read is None else tuple(read.tolist())
        elif run["recipe"] is None:
            run["recipe"] = ARTICLE_RECIPE
        if run["loss"] is not None:
            self._check_loss(f"{at}/loss", run["loss"], data, targets, output)
        recipe = None
        if run["recipe"] is not None:
            count = len(architecture.layers)
            recipe = read_recipe(run["recipe"], f"{at}/recipe", count, self.errors)
            run["recipe"] = tidy(run["recipe"])
        seed = run["seed"] if run["seed"] is not None else self.document["seed"]
        return Run(
            run["label"],
            recipe,
            theta,
            seed,
            run["loss"] or self.document["loss"],
            self._method(run),
        )

    def _method(self, run: Mapping[str, Any]) -> Method:
        """How a run learns: what it says for itself, and else what the experiment says."""
        own = {name: chosen(run[name] or self.document[name]) for name in METHODS}
        return Method(own["optimizer"], own["schedule"], own["clipping"], own["regularizer"])


def _taken(name: str, loss: Loss) -> tuple[str, dict[str, Any]]:
    """Which targets a loss takes, in words and as the `allowed` of an error."""
    low, high = loss.targets or (-np.inf, np.inf)
    allowed: dict[str, Any] = {"minimum": low, "maximum": high}
    if loss.labels is not None:
        allowed["values"] = list(loss.labels)
        return f"{name} takes the targets {' and '.join(f'{n:g}' for n in loss.labels)}", allowed
    detail = f"{name} takes targets from {low:g} to {high:g}"
    return detail + " that add up to 1" if loss.distribution else detail, allowed


def _compact(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run without the fields that it leaves to the experiment; its label is always said."""
    return {key: value for key, value in run.items() if value is not None or key == "label"}


def read_recipe(
    document: Mapping[str, Any], at: str, layers: int, errors: list[FieldError]
) -> Recipe:
    """The recipe for a network of so many layers; one for more of them is among the errors."""
    own = document.get("layers") or []
    if len(own) > layers:
        allowed = {"minimum": 0, "maximum": layers, "items": True}
        detail = range_detail(allowed)
        errors.append(FieldError(f"{at}/layers", "out_of_range", detail, allowed, len(own)))
    return Recipe(
        chosen(document["weights"]),
        chosen(document["biases"]),
        tuple(None if layer is None else _rules(document, layer) for layer in own),
    )


def _rules(recipe: Mapping[str, Any], layer: Mapping[str, Any]) -> tuple[Chosen, Chosen]:
    """A layer's rules; one that it does not name is the recipe's."""
    weights, biases = (chosen(layer.get(which) or recipe[which]) for which in ("weights", "biases"))
    return weights, biases


def chosen(choice: Mapping[str, Any]) -> Chosen:
    """A registry entry picked by name, with its numbers."""
    options = {key: float(value) for key, value in choice.items() if key != "name"}
    return Chosen(choice["name"], options)


def tidy(document: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's document without what it leaves out."""
    plain = {key: value for key, value in document.items() if key != "layers"}
    own = [
        None if layer is None else {key: rule for key, rule in layer.items() if rule is not None}
        for layer in document.get("layers") or []
    ]
    while own and not own[-1]:
        own.pop()
    return {**plain, "layers": [layer or None for layer in own]} if own else plain
