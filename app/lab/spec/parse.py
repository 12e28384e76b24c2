"""A document read into a spec: validated once, its samples generated once, and then trusted.

`parse` takes the JSON document of an experiment, `read` one that pydantic has validated. Both fill
in what is left out and give a `Spec` of plain frozen data, with its samples; all code behind them
can rely on every name and number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.choices import Chosen
from app.data import datasets, features
from app.errors import FieldError, InvalidInput
from app.lab.spec import limits as limiting
from app.lab.spec.arrays import read_parameters
from app.lab.spec.check_loss import LossCheck
from app.lab.spec.dataset import DataSpec, targets_of
from app.lab.spec.field_errors import invalid_input, pointer
from app.lab.spec.parse_data import check_units, read_data, sample
from app.lab.spec.parse_recipe import chosen, read_recipe, tidy
from app.lab.spec.recipes import OPENING_RUNS
from app.lab.spec.schema import ARTICLE_RECIPE, METHODS, CustomData, SpecModel
from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.init.initializers import Recipe
from app.nn.losses import usual_loss
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
        """The number of training samples."""
        return datasets.split_point(self.data.samples, self.data.train_fraction)


class SampledSpec(NamedTuple):
    """A spec and its samples: raw inputs (n_raw, n), targets (n_y, n), the training samples first.

    The samples are apart from the spec because only a `Setup` keeps them, in the form it needs.
    """

    spec: Spec
    inputs: Array
    targets: Array


Sample = Callable[[DataSpec], tuple[Array, Array]]
"""Makes the samples of data, or has them already. May raise InvalidInput."""
ReadGiven = Callable[[Architecture, Mapping[str, Any], str, list[FieldError]], Array | None]
"""Reads given parameters, as `read_parameters` does."""


def parse(document: Any, limits: limiting.Limits = limiting.BUILT_IN) -> SampledSpec:
    """The spec that a JSON document describes. Raises InvalidInput that names every bad field."""
    try:
        model = SpecModel.model_validate(document)
    except ValidationError as error:
        raise invalid_input(error, document) from None
    return read(model, limits)


def read(
    model: SpecModel,
    limits: limiting.Limits = limiting.BUILT_IN,
    make_samples: Sample = sample,
    read_given: ReadGiven = read_parameters,
) -> SampledSpec:
    """The spec that a validated document describes.

    Whoever reads many specs that are almost the same brings a `make_samples` and a `read_given`
    that know what was found before. Raises InvalidInput that names every bad field of the first of
    these that has any: the data, the limits of this server, the samples, the features, the layers;
    loss, batch size and runs.
    """
    if model.mystery is not None:
        detail = "a mystery can be trained, but nothing else can be made of it"
        raise InvalidInput([FieldError("/mystery", "sealed", detail, {}, model.mystery)])
    if model.runs is None:
        model = model.model_copy(update={"runs": list(OPENING_RUNS)})
    reader = _Reader(_complete(model), read_given)
    data = read_data(reader.document["data"])
    limiting.check(model, data, limits)
    return reader.read(data, *make_samples(data))


def _complete(model: SpecModel) -> dict[str, Any]:
    """The document of a spec with every field; a learner's own numbers are those received.

    Pydantic has only seen that they are lists. They are checked one by one when they are read.
    """
    numbers: Any = {"runs": {"__all__": {"parameters"}}}
    if isinstance(model.data, CustomData):
        numbers["data"] = {"inputs", "targets"}
    fields = {*SpecModel.model_fields} - {"mystery"}
    document = model.model_dump(mode="json", include=fields, exclude=numbers)
    if isinstance(model.data, CustomData):
        data = {**document["data"], "inputs": model.data.inputs, "targets": model.data.targets}
        document["data"] = {key: value for key, value in data.items() if value is not None}
    for run, given in zip(document["runs"], model.runs or (), strict=True):
        own = given.parameters
        run["parameters"] = None if own is None else {"W": own.W, "b": own.b}
    return document


class _Reader:
    """The checks that involve more than one field; it collects all errors that it finds."""

    def __init__(self, document: dict[str, Any], read_given: ReadGiven) -> None:
        self.document = document
        self._read_given = read_given
        self.errors: list[FieldError] = []

    def read(self, data: DataSpec, inputs: Array, values: Array) -> SampledSpec:
        """The spec of these data, of which `inputs` and `values` are the samples."""
        document = self.document
        given = self._features(data, document["features"])
        document["features"] = list(given)
        layers = tuple(Layer(**layer) for layer in document["layers"])
        self._check_layers(layers)
        check_units(data, layers, self.errors)
        self._stop_if_wrong()
        architecture = Architecture(len(given), layers)
        targets = targets_of(data, values, layers[-1])
        runs = self._runs(architecture, self._loss_check(data, targets, layers[-1].activation))
        batch_size = document["batch_size"]
        spec = Spec(data, given, architecture, batch_size, document["seed"], runs, document)
        return SampledSpec(spec, inputs, targets)

    def _stop_if_wrong(self) -> None:
        if self.errors:
            raise InvalidInput(self.errors)

    def _wrong(self, at: str, code: str, detail: str, allowed: Any, received: Any = None) -> None:
        self.errors.append(FieldError(at, code, detail, allowed, received))

    def _features(self, data: DataSpec, asked: list[str] | None) -> tuple[str, ...]:
        if asked is None:
            return features.names(data.width)
        offered = features.offered(data.width)
        for index, name in enumerate(asked):
            at = pointer("features", index)
            if name not in offered:
                shown = offered if len(offered) < 20 else (*offered[:19], "…")
                detail = f"must be one of {', '.join(shown)}"
                self._wrong(at, "unknown_name", detail, {"names": list(offered)}, name)
            elif name in asked[:index]:
                self._wrong(at, "conflict_fields", f"{name} is already there", {}, name)
        self._stop_if_wrong()
        return tuple(asked)

    def _check_layers(self, layers: Sequence[Layer]) -> None:
        """An output activation is for the last layer only, and dropout for all others only."""
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

    def _loss_check(self, data: DataSpec, targets: Array, output: str) -> LossCheck:
        """Checks the loss and the batch size of the experiment; the check serves the runs too."""
        given = self.document["data"].get("targets")
        flat = given is not None and not isinstance(given[0], list)
        check = LossCheck(data, targets, output, flat)
        if self.document["loss"] is None:
            self.document["loss"] = usual_loss(output)
        self._check_loss(check, self.document["loss"], "/loss")
        train = datasets.split_point(data.samples, data.train_fraction)
        batch_size = self.document["batch_size"]
        if batch_size is not None and batch_size > train:
            detail = f"there are {train} training samples"
            allowed = {"minimum": 1, "maximum": train}
            self._wrong("/batch_size", "out_of_range", detail, allowed, batch_size)
        return check

    def _check_loss(self, check: LossCheck, name: str, at: str) -> None:
        error = check.misfit(name, at)
        if error is not None:
            self.errors.append(error)

    def _runs(self, architecture: Architecture, check: LossCheck) -> tuple[Run, ...]:
        """Every run; the document has them without the fields that they leave to the experiment."""
        documents = self.document["runs"]
        runs = tuple(
            self._run(run, pointer("runs", index), architecture, check)
            for index, run in enumerate(documents)
        )
        self._stop_if_wrong()
        self.document["runs"] = [_compact(run) for run in documents]
        return runs

    def _run(
        self, run: dict[str, Any], at: str, architecture: Architecture, check: LossCheck
    ) -> Run:
        theta: tuple[float, ...] | None = None
        if run["parameters"] is not None:
            if run["recipe"] is not None:
                detail = "a run begins by a recipe or from given parameters, not both"
                self._wrong(f"{at}/parameters", "conflict_fields", detail, {})
            given = self._read_given(
                architecture, run["parameters"], f"{at}/parameters", self.errors
            )
            theta = None if given is None else tuple(given.tolist())
        elif run["recipe"] is None:
            run["recipe"] = ARTICLE_RECIPE
        if run["loss"] is not None:
            self._check_loss(check, run["loss"], f"{at}/loss")
        recipe = None
        if run["recipe"] is not None:
            count = len(architecture.layers)
            recipe = read_recipe(run["recipe"], f"{at}/recipe", count, self.errors)
            run["recipe"] = tidy(run["recipe"])
        seed = run["seed"] if run["seed"] is not None else self.document["seed"]
        loss = run["loss"] or self.document["loss"]
        return Run(run["label"], recipe, theta, seed, loss, self._method(run))

    def _method(self, run: Mapping[str, Any]) -> Method:
        """The training method of a run: its own choices, and else those of the experiment."""
        own = {name: chosen(run[name] or self.document[name]) for name in METHODS}
        return Method(own["optimizer"], own["schedule"], own["clipping"], own["regularizer"])


def _compact(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run without its null fields, but for the label."""
    return {key: value for key, value in run.items() if value is not None or key == "label"}
