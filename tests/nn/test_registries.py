"""Every entry of every registry says what it is and which numbers it takes."""

from collections.abc import Mapping

import pytest

from app.choices import Choice, Range
from app.nn.activations import ACTIVATIONS
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES
from app.nn.losses import LOSSES
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES

REGISTRIES: list[Mapping[str, Choice]] = [
    ACTIVATIONS,
    LOSSES,
    WEIGHT_RULES,
    BIAS_RULES,
    OPTIMIZERS,
    SCHEDULES,
    CLIPPINGS,
    REGULARIZERS,
]
ENTRIES = [entry for registry in REGISTRIES for entry in registry.items()]
RANGES = [number for _, entry in ENTRIES for number in entry.parameters]


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_an_entry_has_a_plain_name_and_a_formula(name: str, entry: Choice) -> None:
    assert name.isidentifier()
    assert name == name.lower()
    assert entry.formula
    assert len({number.name for number in entry.parameters}) == len(entry.parameters)


@pytest.mark.parametrize("number", RANGES, ids=lambda number: number.name)
def test_a_default_lies_in_its_range(number: Range) -> None:
    assert number.default is not None
    assert number.minimum <= number.default <= number.maximum
    assert not (number.exclusive_minimum and number.default == number.minimum)
    assert number.scale == "linear" or number.minimum > 0.0


def test_the_issue_is_offered_all_it_names() -> None:
    plain = {"zeros", "constant", "normal", "uniform"}
    scaled = {f"{who}_{how}" for who in ("lecun", "glorot", "he") for how in ("normal", "uniform")}
    smooth = {"elu", "selu", "softplus", "gelu", "silu"}
    assert (
        set(ACTIVATIONS) >= {"linear", "sigmoid", "tanh", "relu", "leaky_relu", "softmax"} | smooth
    )
    assert set(LOSSES) >= {"mse", "half_mse", "mae", "huber", "hinge"}
    assert set(LOSSES) >= {"cross_entropy", "softmax_cross_entropy"}
    adaptive = {"adagrad", "rmsprop", "adam", "adamw"}
    assert set(OPTIMIZERS) >= {"gradient_descent", "momentum", "nesterov"} | adaptive
    falling = {"step", "exponential", "cosine"}
    assert set(SCHEDULES) >= {"constant", "one_cycle", "linear_warmup"} | falling
    assert set(REGULARIZERS) >= {"none", "l1", "l2", "l1_dying"}
    assert set(CLIPPINGS) >= {"none", "norm"}
    assert set(WEIGHT_RULES) >= plain | scaled | {"orthogonal"}
    assert set(BIAS_RULES) >= plain
