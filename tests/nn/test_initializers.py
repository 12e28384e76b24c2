"""How parameters begin: each rule against its paper, and the streams behind them all."""

from collections.abc import Mapping
from math import sqrt

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.initializers import BIAS_RULES, WEIGHT_RULES, Draws, Rule, initialize
from app.nn.stack import Architecture, Layer, unpack
from app.nn.types import Array
from tests.nn.examples import architecture, chosen

ARCH = architecture((2, 4, 3, 1))
ZEROS = Chosen("zeros", {})
RANDOM = [name for name, rule in WEIGHT_RULES.items() if rule.spread is not None]
MANY = (500, 2000)
"""(fan_out, fan_in) of a layer with a million weights."""

# The standard deviation that each paper asks for, with fan_out = 500 and fan_in = 2000.
THEORY = {
    "normal": 0.1,
    "uniform": 0.5 / sqrt(3.0),
    "lecun_normal": sqrt(1 / 2000),
    "lecun_uniform": sqrt(1 / 2000),
    "glorot_normal": sqrt(2 / 2500),
    "glorot_uniform": sqrt(2 / 2500),
    "he_normal": sqrt(2 / 2000),
    "he_uniform": sqrt(2 / 2000),
    "orthogonal": sqrt(1 / 2000),
}

# The article's rules and the uniform ones: how far a weight may lie from zero.
LIMITS = {
    "uniform": 0.5,
    "lecun_uniform": sqrt(3 / 2000),
    "glorot_uniform": sqrt(6 / 2500),
    "he_uniform": sqrt(6 / 2000),
}


def draws(shape: tuple[int, int], seed: int = 0) -> Draws:
    rng = np.random.default_rng(seed)
    return Draws(rng.standard_normal(shape), rng.uniform(-1.0, 1.0, shape))


@pytest.fixture(scope="module")
def many() -> Draws:
    return draws(MANY)


def make(name: str, numbers: Draws, rules: Mapping[str, Rule] = WEIGHT_RULES) -> Array:
    return rules[name].function(numbers, **chosen(name, rules[name]).options)


def begin(recipe: Chosen, seed: int = 1, arch: Architecture = ARCH) -> list[Array]:
    """W of every layer."""
    return unpack(arch, initialize(arch, recipe, ZEROS, seed))[0]


def weights(name: str, seed: int = 1, arch: Architecture = ARCH) -> list[Array]:
    return begin(chosen(name, WEIGHT_RULES[name]), seed, arch)


@pytest.mark.parametrize("name", RANDOM)
def test_the_spread_of_a_million_draws_is_the_promised_one(name: str, many: Draws) -> None:
    rule = WEIGHT_RULES[name]
    assert rule.spread is not None
    promised = rule.spread(*MANY, **chosen(name, rule).options)
    W = make(name, many)
    assert np.std(W) == pytest.approx(promised, rel=0.02)
    assert abs(np.mean(W)) < 0.005 * promised


@pytest.mark.parametrize("name", THEORY)
def test_the_promised_spread_is_the_papers(name: str) -> None:
    rule = WEIGHT_RULES[name]
    assert rule.spread is not None
    assert rule.spread(*MANY, **chosen(name, rule).options) == pytest.approx(THEORY[name])


@pytest.mark.parametrize("name", LIMITS)
def test_uniform_draws_fill_their_interval_and_stay_within_it(name: str, many: Draws) -> None:
    W = make(name, many)
    assert 0.999 * LIMITS[name] < W.max() <= LIMITS[name]
    assert -0.999 * LIMITS[name] > W.min() >= -LIMITS[name]
    counts, _ = np.histogram(W, bins=10, range=(-LIMITS[name], LIMITS[name]))
    np.testing.assert_allclose(counts, W.size / 10, rtol=0.02)


@pytest.mark.parametrize("name", [name for name in RANDOM if name.endswith("normal")])
def test_normal_draws_have_the_tails_of_a_normal(name: str, many: Draws) -> None:
    W = make(name, many) / THEORY[name]
    shares = [np.mean(np.abs(W) < sigmas) for sigmas in (1.0, 2.0, 3.0)]
    np.testing.assert_allclose(shares, [0.6827, 0.9545, 0.9973], atol=0.002)


@pytest.mark.parametrize("shape", [(7, 3), (3, 7), (5, 5), (1, 6), (6, 1), (1, 1)])
@pytest.mark.parametrize("gain", [1.0, 0.5, 3.0])
def test_orthogonal_rows_or_columns_are(shape: tuple[int, int], gain: float) -> None:
    W = WEIGHT_RULES["orthogonal"].function(draws(shape), gain=gain) / gain
    product = W @ W.T if shape[0] <= shape[1] else W.T @ W
    assert W.shape == shape
    np.testing.assert_allclose(product, np.eye(min(shape)), rtol=0.0, atol=1e-12)


def test_orthogonal_matrices_turn_either_way() -> None:
    made = [WEIGHT_RULES["orthogonal"].function(draws((2, 2), s), gain=1.0) for s in range(400)]
    assert 150 < sum(np.linalg.det(Q) > 0.0 for Q in made) < 250
    # Uniform over the orthogonal matrices: every entry has mean 0 and mean square 1/2.
    np.testing.assert_allclose(np.mean(made, axis=0), 0.0, atol=0.12)
    np.testing.assert_allclose(np.mean(np.square(made), axis=0), 0.5, atol=0.06)


@pytest.mark.parametrize("rules", [WEIGHT_RULES, BIAS_RULES], ids=["weights", "biases"])
def test_rules_without_a_spread_do_not_look_at_the_draws(rules: Mapping[str, Rule]) -> None:
    for name in [name for name, rule in rules.items() if rule.spread is None]:
        one, other = (make(name, draws((3, 2), seed), rules) for seed in (0, 1))
        assert np.array_equal(one, other)
        assert np.ptp(one) == 0.0


def test_zeros_are_zero_and_constants_are_their_value() -> None:
    assert not make("zeros", draws((3, 2))).any()
    W = WEIGHT_RULES["constant"].function(draws((3, 2)), value=-0.75)
    assert W.tolist() == [[-0.75, -0.75]] * 3


@pytest.mark.parametrize("name", WEIGHT_RULES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (4, 1), (3, 4)])
def test_every_rule_makes_finite_weights_of_the_shape_asked(
    name: str, shape: tuple[int, int]
) -> None:
    numbers = draws(shape)
    before = numbers.normal.copy(), numbers.uniform.copy()
    W = make(name, numbers)
    assert W.shape == shape
    assert np.isfinite(W).all()
    assert np.array_equal(numbers.normal, before[0])
    assert np.array_equal(numbers.uniform, before[1])


@pytest.mark.parametrize("weight_rule", WEIGHT_RULES)
@pytest.mark.parametrize("bias_rule", BIAS_RULES)
def test_any_rule_for_weights_goes_with_any_rule_for_biases(
    weight_rule: str, bias_rule: str
) -> None:
    recipe = chosen(weight_rule, WEIGHT_RULES[weight_rule])
    biases = chosen(bias_rule, BIAS_RULES[bias_rule])
    W, b = unpack(ARCH, initialize(ARCH, recipe, biases, seed=3))
    with_zeros = unpack(ARCH, initialize(ARCH, recipe, ZEROS, seed=3))
    without = unpack(ARCH, initialize(ARCH, ZEROS, biases, seed=3))
    assert all(np.array_equal(one, two) for one, two in zip(W, with_zeros[0], strict=True))
    assert all(np.array_equal(one, two) for one, two in zip(b, without[1], strict=True))


def test_the_articles_recipe_is_randn_times_a_tenth_and_zero_biases() -> None:
    arch = architecture((20, 50, 1))
    recipe = chosen("normal", WEIGHT_RULES["normal"])
    W, b = unpack(arch, initialize(arch, recipe, ZEROS, seed=1))
    assert np.std(W[0]) == pytest.approx(0.1, rel=0.1)
    assert not any(layer.any() for layer in b)


@pytest.mark.parametrize("name", WEIGHT_RULES)
def test_the_same_seed_gives_the_same_beginning(name: str) -> None:
    for one, other in zip(weights(name), weights(name), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", RANDOM)
def test_another_seed_gives_another_beginning(name: str) -> None:
    assert all(np.all(a != b) for a, b in zip(weights(name, 1)[:2], weights(name, 2), strict=False))


@pytest.mark.parametrize(("name", "option"), [("normal", "std"), ("uniform", "limit")])
def test_twice_the_spread_is_exactly_twice_the_weights(name: str, option: str) -> None:
    narrow, wide = (begin(Chosen(name, {option: spread})) for spread in (0.1, 0.2))
    assert all(np.array_equal(2.0 * a, b) for a, b in zip(narrow, wide, strict=True))


@pytest.mark.parametrize("kind", ["normal", "uniform"])
@pytest.mark.parametrize("family", ["lecun", "glorot", "he"])
def test_runs_of_one_seed_scale_the_same_draws(kind: str, family: str) -> None:
    option = {"normal": "std", "uniform": "limit"}[kind]
    plain = begin(Chosen(kind, {option: 1.0}))
    for W, unit in zip(weights(f"{family}_{kind}"), plain, strict=True):
        ratio = W / unit
        np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-15)


def test_orthogonal_weights_come_from_the_same_draws_too() -> None:
    for Q, W in zip(weights("orthogonal"), weights("normal"), strict=True):
        tall = (Q, W) if Q.shape[0] >= Q.shape[1] else (Q.T, W.T)
        R = tall[0].T @ tall[1]  # W = Q R
        np.testing.assert_allclose(tall[0] @ R, tall[1], atol=1e-12)
        np.testing.assert_allclose(np.tril(R, -1), 0.0, atol=1e-12)
        assert np.all(np.diagonal(R) > 0.0)


@pytest.mark.parametrize("name", WEIGHT_RULES)
def test_a_layer_begins_as_it_would_under_other_layers(name: str) -> None:
    here = weights(name, arch=architecture((2, 4, 3, 1)))
    deeper = weights(name, arch=architecture((2, 4, 3, 6, 1), hidden="relu"))
    assert all(np.array_equal(a, b) for a, b in zip(here[:2], deeper, strict=False))


def test_a_layer_begins_as_it_would_over_other_layers() -> None:
    here = weights("normal", arch=Architecture(2, (Layer(4, "tanh"), Layer(3, "tanh"))))
    there = weights("normal", arch=Architecture(5, (Layer(4, "relu"), Layer(3, "sigmoid"))))
    assert np.array_equal(here[1], there[1])


def test_layers_of_one_shape_begin_differently() -> None:
    W = weights("normal", arch=architecture((3, 3, 3, 3)))
    assert np.all(W[0] != W[1])
    assert np.all(W[1] != W[2])


def test_weights_and_biases_have_draws_of_their_own() -> None:
    arch, normal = architecture((1, 400, 1)), Chosen("normal", {"std": 1.0})
    W, b = unpack(arch, initialize(arch, normal, normal, seed=1))
    assert abs(np.corrcoef(W[0][:, 0], b[0])[0, 1]) < 0.2
    uniform = Chosen("uniform", {"limit": 1.0})
    other, _ = unpack(arch, initialize(arch, uniform, normal, seed=1))
    assert abs(np.corrcoef(W[0][:, 0], other[0][:, 0])[0, 1]) < 0.2


@pytest.mark.parametrize("seed", [0, 2**32 - 1, 2**63])
def test_any_seed_will_do(seed: int) -> None:
    assert np.isfinite(weights("normal", seed)[0]).all()
