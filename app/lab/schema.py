"""What a spec and the requests may hold, as pydantic models built from the registries.

A registry entry with its ranges becomes a model of its own, told apart by `name`: a new activation,
rule or data set is validated, and shown in the OpenAPI document, by existing. Checks that need more
than one field are in `spec`. `describe` turns pydantic's findings into Basin's.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from app.choices import Choice, Range
from app.data.datasets import DATASETS, TRAIN_FRACTION
from app.errors import FieldError
from app.lab import fields
from app.nn.activations import ACTIVATIONS
from app.nn.initializers import BIAS_RULES, WEIGHT_RULES
from app.nn.losses import LOSSES
from app.nn.optimizers import OPTIMIZERS

REGULARIZERS: tuple[str, ...] = ("none",)


def number(range: Range) -> Any:
    """The annotated type of a number within a range; it refuses `true`, text, NaN and infinity."""
    bounds: dict[str, Any] = {"le": range.maximum}
    bounds["gt" if range.exclusive_minimum else "ge"] = range.minimum
    base: Any = int if range.integer else float
    if not range.integer:
        bounds["allow_inf_nan"] = False
    return Annotated[base, Field(**bounds), BeforeValidator(_within(range))]


def query_number(range: Range) -> Any:
    """Like `number`, for the query string, where every value arrives as text."""
    plain = _within(range)

    def read(value: Any) -> Any:
        try:
            return plain(int(value) if range.integer else float(value))
        except (TypeError, ValueError) as error:
            if isinstance(error, PydanticCustomError):
                raise
            raise _wrong_type("integer" if range.integer else "number") from None

    base: Any = int if range.integer else float
    return Annotated[base, Field(ge=range.minimum, le=range.maximum), BeforeValidator(read)]


def _within(range: Range) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong_type("integer" if range.integer else "number")
        if isinstance(value, float) and not math.isfinite(value):
            raise PydanticCustomError(
                "not_finite", "must be a finite number", {"allowed": range.allowed()}
            )
        if range.integer and value != int(value):
            raise _wrong_type("integer")
        below = value <= range.minimum if range.exclusive_minimum else value < range.minimum
        if below or value > range.maximum:
            raise out_of_range(range)
        return int(value) if range.integer else float(value)

    return check


def _wrong_type(name: str) -> PydanticCustomError:
    article = "an" if name[0] in "aeiou" else "a"
    return PydanticCustomError(
        "wrong_type", f"must be {article} {name}", {"allowed": {"type": name}}
    )


def out_of_range(range: Range) -> PydanticCustomError:
    """The finding that a number lies outside its range."""
    return PydanticCustomError(
        "out_of_range", range_detail(range.allowed()), {"allowed": range.allowed()}
    )


def range_detail(allowed: Mapping[str, Any]) -> str:
    """`must be from 1 to 64`, for the `allowed` of an error."""
    start = "above" if allowed.get("exclusive_minimum") else "from"
    joint = "up to" if allowed.get("exclusive_minimum") else "to"
    return f"must be {start} {_plain(allowed['minimum'])} {joint} {_plain(allowed['maximum'])}"


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:g}"


def _items(range: Range) -> BeforeValidator:
    """A list with as many entries as the range allows."""

    def check(value: Any) -> Any:
        if isinstance(value, list) and not range.minimum <= len(value) <= range.maximum:
            allowed = range.allowed()
            raise PydanticCustomError(
                "out_of_range",
                f"must have {allowed['minimum']:g} to {allowed['maximum']:g} entries",
                {"allowed": {**allowed, "items": True}},
            )
        return value

    return BeforeValidator(check)


class Model(BaseModel):
    """The base of every model: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    @model_validator(mode="before")
    @classmethod
    def _only_known_fields(cls, value: Any) -> Any:
        if isinstance(value, dict):
            unknown = [key for key in value if key not in cls.model_fields]
            if unknown:
                raise PydanticCustomError(
                    "unknown_field",
                    "is not a field of this",
                    {"fields": unknown, "allowed": {"names": sorted(cls.model_fields)}},
                )
        return value


def _entry(kind: str, name: str, parameters: tuple[Range, ...]) -> type[Model]:
    definitions: dict[str, Any] = {"name": (Literal[name], name)}
    for range in parameters:
        definitions[range.name] = (number(range), range.default)
    title = "".join(part.title() for part in (kind, *name.split("_")))
    return create_model(title, __base__=Model, **definitions)


def _one_of(kind: str, models: list[type[Model]], default: str) -> Any:
    """One of several entries, told apart by `name`; without a name it is the default one."""

    def named(value: Any) -> Any:
        if isinstance(value, dict) and "name" not in value:
            return {"name": default, **value}
        return value

    union: Any = models[0] if len(models) == 1 else Union[tuple(models)]  # noqa: UP007
    if len(models) == 1:
        return Annotated[union, BeforeValidator(named)]
    return Annotated[union, Field(discriminator="name"), BeforeValidator(named)]


def _from_registry(kind: str, registry: Mapping[str, Choice], default: str) -> Any:
    models = [_entry(kind, name, choice.parameters) for name, choice in registry.items()]
    return _one_of(kind, models, default)


def _name(registry: Mapping[str, Any]) -> Any:
    return Literal[tuple(registry)]


Numbers = Annotated[
    list[Any], Field(description="numbers, nested as its name says; checked in whole")
]


class CustomData(Model):
    """Numbers brought by the learner: `inputs` n rows of n_x, `targets` n numbers or rows of n_y."""

    name: Literal["custom"] = "custom"
    inputs: Numbers
    targets: Numbers
    train_fraction: number(TRAIN_FRACTION) = 1.0  # type: ignore[valid-type]
    seed: number(fields.SEED) = 1  # type: ignore[valid-type]
    standardize: StrictBool = False


def _dataset_models() -> list[type[Model]]:
    models: list[type[Model]] = []
    for name, dataset in DATASETS.items():
        base = _entry("data", name, dataset.parameters)
        models.append(
            create_model(base.__name__, __base__=base, standardize=(StrictBool, False))
        )
    return [*models, CustomData]


Data = _one_of("data", _dataset_models(), "circle")
WeightRule = _from_registry("weights", WEIGHT_RULES, "normal")
BiasRule = _from_registry("biases", BIAS_RULES, "zeros")
OptimizerChoice = _from_registry("optimizer", OPTIMIZERS, "gradient_descent")

ARTICLE_RECIPE: dict[str, Any] = {
    "weights": {"name": "normal", "std": 0.1},
    "biases": {"name": "zeros"},
}


class Layer(Model):
    """One layer: its neurons and their activation."""

    units: number(fields.UNITS) = 4  # type: ignore[valid-type]
    activation: _name(ACTIVATIONS) = "tanh"  # type: ignore[valid-type]


class Recipe(Model):
    """How parameters begin: a rule for weights and a rule for biases."""

    weights: WeightRule = Field(default=ARTICLE_RECIPE["weights"], validate_default=True)
    biases: BiasRule = Field(default=ARTICLE_RECIPE["biases"], validate_default=True)


class GivenParameters(Model):
    """W of every layer, (n_out, n_in), and b of every layer, (n_out,)."""

    W: Numbers
    b: Numbers


class RunSpec(Model):
    """One network: a recipe or given parameters, and what it has of its own."""

    label: Annotated[str, Field(max_length=int(fields.LABEL_LENGTH.maximum))] | None = None
    recipe: Recipe | None = None
    parameters: GivenParameters | None = None
    seed: number(fields.SEED) | None = None  # type: ignore[valid-type]
    loss: _name(LOSSES) | None = None  # type: ignore[valid-type]
    optimizer: OptimizerChoice | None = None


class Regularizer(Model):
    """No regularizer but `none` yet."""

    name: Literal["none"] = "none"


OPENING: dict[str, Any] = {
    "data": {
        "name": "circle",
        "samples": 500,
        "noise": 0.0,
        "train_fraction": 0.5,
        "seed": 1,
    },
    "features": ["x1", "x2"],
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "loss": "cross_entropy",
    "batch_size": None,
    "seed": 7,
    "optimizer": {"name": "gradient_descent", "learning_rate": 1.0},
    "regularizer": {"name": "none"},
    "runs": [],
}
"""The opening experiment but for its runs, which are the catalogue's recipes."""


class SpecModel(Model):
    """One experiment: a data set, an architecture and the runs compared on it."""

    data: Data = Field(default={"name": "circle"}, validate_default=True)
    features: Annotated[list[str], _items(fields.INPUTS)] | None = None
    layers: Annotated[
        list[Layer],
        _items(Range("layers", 2, 1, fields.HIDDEN_LAYERS.maximum + 1, integer=True)),
    ] = Field(default=OPENING["layers"], validate_default=True)
    loss: _name(LOSSES) | None = None  # type: ignore[valid-type]
    batch_size: number(fields.BATCH_SIZE) | None = None  # type: ignore[valid-type]
    seed: number(fields.SEED) = 7  # type: ignore[valid-type]
    optimizer: OptimizerChoice = Field(default=OPENING["optimizer"], validate_default=True)
    regularizer: Regularizer = Regularizer()
    runs: Annotated[list[RunSpec], _items(fields.RUNS)] | None = None


_TYPES = {
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "list_type": "array",
    "string_type": "string",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
}


def describe(error: ValidationError, received: Any, where: str = "body") -> list[FieldError]:
    """Basin's words for what pydantic found wrong with `received`, a pointer for each field."""
    found: list[FieldError] = []
    for detail in error.errors(include_url=False):
        found += _describe_one(detail, received, where)
    return found


def _describe_one(detail: ErrorDetails, received: Any, where: str) -> list[FieldError]:
    kind = detail["type"]
    path, value = _path(detail["loc"], received, whole_model=kind == "unknown_field")
    context = detail.get("ctx", {})
    here = pointer(*path)
    if kind == "unknown_field":
        return [
            FieldError(
                pointer(*path, name),
                kind,
                f"is not a field of this; there are {', '.join(context['allowed']['names'])}",
                context["allowed"],
                _short(value.get(name)) if isinstance(value, dict) else None,
                where,
            )
            for name in context["fields"]
        ]
    if kind in ("wrong_type", "out_of_range", "not_finite"):
        return [
            FieldError(here, kind, detail["msg"], context["allowed"], _short(value), where)
        ]
    if kind == "missing":
        return [FieldError(here, "missing", "is required", {}, None, where)]
    if kind in ("literal_error", "union_tag_invalid"):
        quoted = context["expected"] if kind == "literal_error" else context["expected_tags"]
        names = re.findall(r"'([^']*)'", quoted)
        if kind == "union_tag_invalid":
            here, value = pointer(*path, "name"), value.get("name")
        text = f"must be one of {', '.join(names)}"
        return [FieldError(here, "unknown_name", text, {"names": names}, _short(value), where)]
    if kind == "string_too_long":
        allowed = {"minimum": 0, "maximum": context["max_length"], "items": True}
        text = f"must have at most {context['max_length']} characters"
        return [FieldError(here, "out_of_range", text, allowed, _short(value), where)]
    expected = _TYPES.get(kind, "object")
    article = "an" if expected[0] in "aeiou" else "a"
    return [
        FieldError(
            here, "wrong_type", f"must be {article} {expected}", {"type": expected},
            _short(value), where,
        )
    ]  # fmt: skip


def _path(
    location: tuple[int | str, ...], received: Any, whole_model: bool
) -> tuple[list[int | str], Any]:
    """The way to a field in what was received.

    Pydantic's location also names the branch of a union that was taken, which is no part of the
    document: a name that is not there is a branch, unless it comes last and is a missing field.
    """
    path: list[int | str] = []
    value = received
    for place, part in enumerate(location):
        if isinstance(value, dict):
            if part not in value and (whole_model or place < len(location) - 1):
                continue
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif value is None and path:
            continue
        path.append(part)
    return path, value


def pointer(*path: int | str) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _short(value: Any) -> Any:
    """What was received, if it is short and plain enough to say back."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int | float | bool) or value is None:
        return value if not isinstance(value, int) or abs(value) < 10**30 else "a huge integer"
    if isinstance(value, str):
        return value if len(value) <= 80 else value[:79] + "…"
    return None
