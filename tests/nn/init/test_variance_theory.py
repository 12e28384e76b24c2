"""The theory of initialisation, against what wide random networks really do."""

from itertools import pairwise

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.activations import HIDDEN
from app.nn.init.initializers import Recipe, initialize
from app.nn.init.rules import WEIGHT_RULES
from app.nn.init.variance_theory import expected
from app.nn.stack import Architecture, Layer
from app.nn.trace import trace
from tests.nn.examples import chosen

RANDOM = [name for name, rule in WEIGHT_RULES.items() if rule.spread is not None]
ZEROS = Chosen("zeros", {})
WIDE = 300


def measured(
    weights: Chosen, biases: Chosen, activation: str
) -> tuple[list[float], list[float], float, float]:
    """Standard deviations of a and of dJ/dz in each of three wide layers; E x², that of the top."""
    layers = (*[Layer(WIDE, activation)] * 3, Layer(WIDE, "linear"))
    arch = Architecture(WIDE, layers)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((WIDE, 40))
    Y = rng.standard_normal((WIDE, 40)) * 1e6  # errors that hardly depend on the outputs
    theta = initialize(arch, Recipe(weights, biases), 3)
    traced = trace(arch, theta, X, Y, "half_mse").layers
    stds = [float(layer.A.std()) for layer in traced[:-1]]
    deltas = [float(layer.delta.std()) for layer in traced[:-1]]
    return stds, deltas, float(np.mean(X * X)), float(traced[-1].delta.std())


@pytest.mark.parametrize("rule", RANDOM)
@pytest.mark.parametrize("activation", HIDDEN)
def test_wide_layers_are_as_the_theory_expects(rule: str, activation: str) -> None:
    weights = chosen(rule, WEIGHT_RULES[rule])
    if rule in ("normal", "uniform"):
        weights = Chosen(rule, dict.fromkeys(weights.options, 0.08))
    biases = Chosen("normal", {"std": 0.1})
    stds, deltas, power, top = measured(weights, biases, activation)
    arch = Architecture(WIDE, (*[Layer(WIDE, activation)] * 3, Layer(WIDE, "linear")))
    found = expected(arch, [(weights, biases)] * 4, power, top)
    for layer in range(3):
        activity, backward = found[layer].activation, found[layer].backward
        assert activity == pytest.approx(stds[layer], rel=0.12), layer
        assert backward == pytest.approx(deltas[layer], rel=0.2), layer


def test_there_is_no_theory_of_given_parameters() -> None:
    arch = Architecture(2, (Layer(3, "tanh"), Layer(1, "sigmoid")))
    assert [one.activation for one in expected(arch, None, 1.0, 1.0)] == [None, None]


def test_above_constant_weights_there_is_no_theory_and_below_them_none_of_gradients() -> None:
    arch = Architecture(2, (Layer(3, "tanh"), Layer(3, "tanh"), Layer(1, "sigmoid")))
    random = (Chosen("he_normal", {}), ZEROS)
    rules = [random, (Chosen("constant", {"value": 0.5}), ZEROS), random]
    found = expected(arch, rules, 1.0, 1.0)
    assert [one.activation is None for one in found] == [False, True, True]
    assert [one.backward is None for one in found] == [True, True, False]


def test_zero_weights_leave_what_the_biases_say() -> None:
    arch = Architecture(2, (Layer(3, "linear"), Layer(1, "linear")))
    rules = [(ZEROS, Chosen("normal", {"std": 0.25}))] * 2
    found = expected(arch, rules, 1.0, 1.0)
    assert found[0].activation == pytest.approx(0.25)
    assert [one.backward for one in found] == [0.0, 1.0]


def test_he_keeps_the_power_of_relu_layers_and_glorot_halves_it() -> None:
    """Under He's rule Var z = 2 E a², of which relu keeps half (He et al. 2015, eq. 10)."""
    arch = Architecture(64, (*[Layer(64, "relu")] * 4, Layer(1, "linear")))
    for rule, factor in (("he_normal", 1.0), ("lecun_normal", 0.5)):
        found = expected(arch, [(Chosen(rule, {}), ZEROS)] * 5, 1.0, 1.0)
        stds = [one.activation for one in found[:4]]
        ratios = [(after or 0.0) / (before or 1.0) for before, after in pairwise(stds)]
        assert ratios == pytest.approx([factor**0.5] * 3, rel=0.01)


def test_one_over_root_n_shrinks_linear_layers_by_root_3_each_way() -> None:
    """n Var W = 1/3 (Glorot & Bengio 2010, §4.2.1)."""
    arch = Architecture(64, tuple(Layer(64, "linear") for _ in range(5)))
    found = expected(arch, [(Chosen("fan_in_uniform", {}), ZEROS)] * 5, 1.0, 1.0)
    for below, above in pairwise(found):
        assert below.activation is not None
        assert above.activation == pytest.approx(below.activation / 3**0.5)
        assert above.backward is not None
        assert below.backward == pytest.approx(above.backward / 3**0.5)
