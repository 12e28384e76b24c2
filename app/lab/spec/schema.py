"""The models of a spec, built from the registries.

A new activation, rule or data set is validated and shown in the OpenAPI document without a change
here. Checks that need more than one field are in `parse`.
"""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, GetPydanticSchema, StrictBool, StringConstraints, WithJsonSchema

from app.choices import Range
from app.data.datasets import DATA_SEED, DATASETS, NOISE, SAMPLES, TRAIN_FRACTION
from app.data.formula.grammar import MOST_CHARACTERS
from app.lab.spec import ranges
from app.lab.spec.validation import Items, Model, Within, either, entries, entry_model, one_of
from app.nn.activations import ACTIVATIONS
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES
from app.nn.losses import LOSSES
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES

Numbers = Annotated[
    list[Any], Field(description="numbers, nested as its name says; checked in whole")
]


def _nested(depth: int) -> dict[str, Any]:
    """The JSON schema of numbers in lists, nested so deep; 0 is a number itself."""
    return {"type": "array", "items": _nested(depth - 1)} if depth else {"type": "number"}


def _numbers(*depths: int) -> Any:
    """Numbers that are documented as nested in one of these depths; they are checked later."""
    shapes = [_nested(depth) for depth in depths]
    return WithJsonSchema(shapes[0] if len(shapes) == 1 else {"anyOf": shapes})


# Its parser says where a formula is too long; a bound here makes sure that it is Unicode.
FormulaText = Annotated[
    str,
    StringConstraints(max_length=2**31),
    WithJsonSchema({"type": "string", "maxLength": MOST_CHARACTERS}),
]
Label = Annotated[str, StringConstraints(max_length=int(ranges.LABEL_LENGTH.maximum))]


class CustomData(Model):
    """Numbers brought by the learner: n rows of inputs; n targets, or n rows of them."""

    name: Literal["custom"] = "custom"
    inputs: Annotated[Numbers, _numbers(2)]
    targets: Annotated[Numbers, _numbers(1, 2)]
    input_names: Annotated[list[Label], Items(ranges.INPUTS)] | None = None
    target_name: Label | None = None
    classes: Annotated[list[Label], Items(ranges.CLASSES)] | None = Field(
        default=None, description="names of the classes; the targets are then their numbers"
    )
    train_fraction: Annotated[float, Within(TRAIN_FRACTION)] = 1.0
    seed: Annotated[int, Within(ranges.SEED)] = 1
    standardize: StrictBool = False
    standardize_target: StrictBool = False


class FormulaData(Model):
    """A formula in x1 … xn: a comparison is the boundary of two classes, anything else a target.

    Points are drawn evenly from -6 to 6. Noise d moves each by d·U(-6, 6) before it is asked on
    which side of a boundary it lies, and adds d·σ·N(0, 1) to a target of standard deviation σ.
    """

    name: Literal["formula"] = "formula"
    formula: FormulaText = "x1^2 + x2^2 < 9"
    inputs: Annotated[int, Within(ranges.INPUTS)] = 2
    samples: Annotated[int, Within(SAMPLES)] = 500
    noise: Annotated[float, Within(NOISE)] = 0.0
    train_fraction: Annotated[float, Within(TRAIN_FRACTION)] = 0.5
    seed: Annotated[int, Within(DATA_SEED)] = 1
    standardize: StrictBool = False


_DATA = either(
    (
        *(
            entry_model("data", name, dataset.parameters, standardize=(StrictBool, False))
            for name, dataset in DATASETS.items()
        ),
        FormulaData,
        CustomData,
    ),
    default="circle",
)
_WEIGHTS = entries("weights", WEIGHT_RULES, "normal")
_BIASES = entries("biases", BIAS_RULES, "zeros")
METHODS: dict[str, GetPydanticSchema] = {
    "optimizer": entries("optimizer", OPTIMIZERS, "gradient_descent"),
    "schedule": entries("schedule", SCHEDULES, "constant"),
    "clipping": entries("clipping", CLIPPINGS, "none"),
    "regularizer": entries("regularizer", REGULARIZERS, "none"),
}
"""The choices of a training method: an experiment has them for all of its runs, a run for itself,
and a learner changes them at a later step."""

LAYERS = Range("layers", 2, 1, ranges.HIDDEN_LAYERS.maximum + 1, integer=True)
OPENING_LAYERS = [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]

ARTICLE_RECIPE: dict[str, Any] = {
    "weights": {"name": "normal", "std": 0.1},
    "biases": {"name": "zeros"},
}


class Layer(Model):
    """One layer: its neurons, their activation, and which share of them drops out in training."""

    units: Annotated[int, Within(ranges.UNITS)] = 4
    activation: Annotated[str, one_of(ACTIVATIONS)] = "tanh"
    dropout: Annotated[float, Within(ranges.DROPOUT)] = 0.0


class LayerRecipe(Model):
    """What one layer begins by instead; a rule that is left out is the recipe's."""

    weights: Annotated[Model, _WEIGHTS] | None = None
    biases: Annotated[Model, _BIASES] | None = None


class Recipe(Model):
    """How parameters begin: a rule for weights and a rule for biases, and others for some layers.

    `layers` counts from the first; null, or nothing at the end, is a layer without its own.
    """

    weights: Annotated[Model, _WEIGHTS] = Field(
        default=ARTICLE_RECIPE["weights"], validate_default=True
    )
    biases: Annotated[Model, _BIASES] = Field(
        default=ARTICLE_RECIPE["biases"], validate_default=True
    )
    layers: Annotated[list[LayerRecipe | None], Items(replace(LAYERS, minimum=0))] | None = None


class GivenParameters(Model):
    """W of every layer, (n_out, n_in), and b of every layer, (n_out,)."""

    W: Annotated[Numbers, _numbers(3)]
    b: Annotated[Numbers, _numbers(2)]


class RunSpec(Model):
    """One network: a recipe or given parameters, and what it has of its own."""

    label: Label | None = None
    recipe: Recipe | None = None
    parameters: GivenParameters | None = None
    seed: Annotated[int, Within(ranges.SEED)] | None = None
    loss: Annotated[str, one_of(LOSSES)] | None = None
    optimizer: Annotated[Model, METHODS["optimizer"]] | None = None
    schedule: Annotated[Model, METHODS["schedule"]] | None = None
    clipping: Annotated[Model, METHODS["clipping"]] | None = None
    regularizer: Annotated[Model, METHODS["regularizer"]] | None = None


class SpecModel(Model):
    """One experiment: a data set, an architecture and the runs compared on it."""

    data: Annotated[Model, _DATA] = Field(default={"name": "circle"}, validate_default=True)
    features: Annotated[list[str], Items(ranges.INPUTS)] | None = None
    layers: Annotated[
        list[Layer],
        Items(LAYERS),
    ] = Field(default=OPENING_LAYERS, validate_default=True)
    loss: Annotated[str, one_of(LOSSES)] | None = None
    batch_size: Annotated[int, Within(ranges.BATCH_SIZE)] | None = None
    seed: Annotated[int, Within(ranges.SEED)] = 7
    optimizer: Annotated[Model, METHODS["optimizer"]] = Field(
        default={"name": "gradient_descent", "learning_rate": 1.0}, validate_default=True
    )
    schedule: Annotated[Model, METHODS["schedule"]] = Field(
        default={"name": "constant"}, validate_default=True
    )
    clipping: Annotated[Model, METHODS["clipping"]] = Field(
        default={"name": "none"}, validate_default=True
    )
    regularizer: Annotated[Model, METHODS["regularizer"]] = Field(
        default={"name": "none"}, validate_default=True
    )
    runs: Annotated[list[RunSpec], Items(ranges.RUNS)] | None = None
    mystery: (
        Annotated[
            str,
            StringConstraints(max_length=80),
            Field(description="the id of a mystery, which has all other fields; see /mysteries"),
        ]
        | None
    ) = None
