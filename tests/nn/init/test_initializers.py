"""How parameters begin: each rule against its paper, and the streams behind them all."""

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.init.initializers import Recipe, initialize
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES, Draws, Rule, density
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
    "fan_in_uniform": sqrt(1 / 6000),
    "glorot_normal": sqrt(2 / 2500),
    "glorot_uniform": sqrt(2 / 2500),
    "he_normal": sqrt(2 / 2000),
    "he_uniform": sqrt(2 / 2000),
    "orthogonal": sqrt(1 / 2000),
    # The second moment of a standard normal within ±2 is 1 - 2·2φ(2)/(2Φ(2) - 1).
    "truncated_normal": 0.1 * sqrt(1 - 4 * 0.05399096651318806 / 0.9544997361036416),
    "sparse": 0.1 * sqrt(0.5),
    "tensorflow_playground": 1 / sqrt(12),
}

# The article's rules and the uniform ones: how far a weight may lie from zero.
LIMITS = {
    "uniform": 0.5,
    "lecun_uniform": sqrt(3 / 2000),
    "fan_in_uniform": sqrt(1 / 2000),
    "glorot_uniform": sqrt(6 / 2500),
    "he_uniform": sqrt(6 / 2000),
    "tensorflow_playground": 0.5,
}


HAND: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0.0, z, 0.0),
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
}


def draws(shape: tuple[int, int], seed: int = 0) -> Draws:
    rng = np.random.default_rng(seed)
    return Draws(rng.standard_normal(shape), rng.uniform(-1.0, 1.0, shape))


@pytest.fixture(scope="module")
def many() -> Draws:
    return draws(MANY)


def make(name: str, numbers: Draws, rules: Mapping[str, Rule] = WEIGHT_RULES) -> Array:
    return rules[name].function(numbers, **chosen(name, rules[name]).options)


def batch(arch: Architecture) -> Array:
    """A training set for the rules that look at one."""
    return np.random.default_rng(5).normal(0.3, 2.0, (arch.inputs, 200))


def begin(recipe: Chosen, seed: int = 1, arch: Architecture = ARCH) -> list[Array]:
    """W of every layer."""
    return unpack(arch, initialize(arch, Recipe(recipe, ZEROS), seed, batch(arch)))[0]


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


@pytest.mark.parametrize("name", [name for name in RANDOM if WEIGHT_RULES[name].shape == "normal"])
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
    for name in [n for n, rule in rules.items() if rule.spread is None and not rule.unit_variance]:
        one, other = (make(name, draws((3, 2), seed), rules) for seed in (0, 1))
        assert np.array_equal(one, other)
        assert np.ptp(one) == 0.0 or name == "identity"


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
    X = batch(ARCH)
    W, b = unpack(ARCH, initialize(ARCH, Recipe(recipe, biases), 3, X))
    if WEIGHT_RULES[weight_rule].unit_variance:  # the biases below change what comes in
        biases_below, W = W[1:], W[:1]
        assert all(np.isfinite(layer).all() for layer in biases_below)
    with_zeros = unpack(ARCH, initialize(ARCH, Recipe(recipe, ZEROS), 3, X))
    without = unpack(ARCH, initialize(ARCH, Recipe(ZEROS, biases), seed=3))
    assert all(np.array_equal(one, two) for one, two in zip(W, with_zeros[0], strict=False))
    assert all(np.array_equal(one, two) for one, two in zip(b, without[1], strict=True))


def test_the_articles_recipe_is_randn_times_a_tenth_and_zero_biases() -> None:
    arch = architecture((20, 50, 1))
    recipe = chosen("normal", WEIGHT_RULES["normal"])
    W, b = unpack(arch, initialize(arch, Recipe(recipe, ZEROS), seed=1))
    assert np.std(W[0]) == pytest.approx(0.1, rel=0.1)
    assert not any(layer.any() for layer in b)


@pytest.mark.parametrize("name", WEIGHT_RULES)
def test_the_same_seed_gives_the_same_beginning(name: str) -> None:
    for one, other in zip(weights(name), weights(name), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", RANDOM)
def test_another_seed_gives_another_beginning(name: str) -> None:
    for one, other in zip(weights(name, 1)[:2], weights(name, 2), strict=False):
        assert np.all((one != other) | ((one == 0.0) & (name == "sparse")))
        assert not np.array_equal(one, other)


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
    hidden = "tanh" if WEIGHT_RULES[name].unit_variance else "relu"
    deeper = weights(name, arch=architecture((2, 4, 3, 6, 1), hidden=hidden))
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
    W, b = unpack(arch, initialize(arch, Recipe(normal, normal), seed=1))
    assert abs(np.corrcoef(W[0][:, 0], b[0])[0, 1]) < 0.2
    uniform = Chosen("uniform", {"limit": 1.0})
    other, _ = unpack(arch, initialize(arch, Recipe(uniform, normal), seed=1))
    assert abs(np.corrcoef(W[0][:, 0], other[0][:, 0])[0, 1]) < 0.2


@pytest.mark.parametrize("seed", [0, 2**32 - 1, 2**63])
def test_any_seed_will_do(seed: int) -> None:
    assert np.isfinite(weights("normal", seed)[0]).all()


# -- truncated, sparse, identity, TensorFlow Playground's, LSUV, and rules for single layers


def test_truncated_draws_stay_within_two_standard_deviations(many: Draws) -> None:
    W = WEIGHT_RULES["truncated_normal"].function(many, std=0.1)
    assert np.abs(W).max() <= 0.2
    assert np.abs(W).max() > 0.1999
    within = np.abs(many.normal) <= 2.0
    assert np.array_equal(W[within], 0.1 * many.normal[within])
    # What is drawn again is spread as the rest is.
    redrawn, _ = np.histogram(W[~within], bins=10, range=(-0.2, 0.2))
    kept, _ = np.histogram(W[within], bins=10, range=(-0.2, 0.2))
    np.testing.assert_allclose(redrawn / redrawn.sum(), kept / kept.sum(), atol=0.006)


@pytest.mark.parametrize(("sparsity", "rows", "zeros"), [(0.0, 5, 0), (0.5, 5, 3), (0.3, 10, 3),
                                                         (0.01, 4, 1), (1.0, 7, 7)])  # fmt: skip
def test_every_column_of_sparse_weights_has_just_so_many_zeros(
    sparsity: float, rows: int, zeros: int
) -> None:
    W = WEIGHT_RULES["sparse"].function(draws((rows, 300)), sparsity=sparsity, std=1.0)
    assert np.all(np.sum(W == 0.0, axis=0) == zeros)
    if 0 < zeros < rows:  # every place is as likely
        np.testing.assert_allclose(np.mean(W == 0.0, axis=1), zeros / rows, atol=0.12)


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 4)])
def test_identity_hands_each_input_on(shape: tuple[int, int]) -> None:
    W = WEIGHT_RULES["identity"].function(draws(shape), gain=2.0)
    x = np.arange(1.0, shape[1] + 1.0)
    kept = min(shape)
    assert (W @ x).tolist() == [*(2.0 * x[:kept]), *[0.0] * (shape[0] - kept)]


def test_tensorflow_playground_begins_as_it_does(many: Draws) -> None:
    assert np.array_equal(make("tensorflow_playground", many), 0.5 * many.uniform)
    assert {*make("tensorflow_playground", many, BIAS_RULES).flat} == {0.1}


@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid"])
def test_lsuv_makes_the_variance_of_every_layer_1_on_the_data(hidden: str) -> None:
    arch = architecture((3, 20, 15, 8, 2), hidden=hidden)
    A = batch(arch)
    recipe = Recipe(Chosen("lsuv", {}), chosen("uniform", BIAS_RULES["uniform"]))
    W, b = unpack(arch, initialize(arch, recipe, 1, A))
    for weight, bias, layer in zip(W, b, arch.layers, strict=True):
        assert np.var(weight @ A) == pytest.approx(1.0, rel=1e-12)
        square = weight @ weight.T if len(weight) <= weight.shape[1] else weight.T @ weight
        np.testing.assert_allclose(square, square[0, 0] * np.eye(len(square)), atol=1e-12)
        A = HAND[layer.activation](weight @ A + bias[:, np.newaxis])


def test_lsuv_on_equal_samples_stays_orthonormal() -> None:
    arch = architecture((2, 3, 1))
    theta = initialize(arch, Recipe(Chosen("lsuv", {}), ZEROS), 1, np.zeros((2, 5)))
    W = unpack(arch, theta)[0][0]
    np.testing.assert_allclose(W.T @ W, np.eye(2), atol=1e-12)
    assert np.isfinite(theta).all()


def test_lsuv_without_data_is_an_error() -> None:
    with pytest.raises(ValueError, match="training set"):
        initialize(ARCH, Recipe(Chosen("lsuv", {}), ZEROS), 1)


def test_a_layer_may_have_rules_of_its_own() -> None:
    normal, ones = Chosen("normal", {"std": 0.1}), Chosen("constant", {"value": 1.0})
    plain = unpack(ARCH, initialize(ARCH, Recipe(normal, ZEROS), 1))
    W, b = unpack(ARCH, initialize(ARCH, Recipe(normal, ZEROS, (None, (ones, ones))), 1))
    assert {*W[1].flat, *b[1].flat} == {1.0}
    for place in (0, 2):
        assert np.array_equal(W[place], plain[0][place])
        assert np.array_equal(b[place], plain[1][place])


@pytest.mark.parametrize("name", [n for n, rule in WEIGHT_RULES.items() if rule.shape is not None])
def test_the_density_of_a_rule_is_that_of_its_draws(name: str, many: Draws) -> None:
    rule = WEIGHT_RULES[name]
    assert rule.shape is not None
    assert rule.spread is not None
    spread = rule.spread(*MANY, **chosen(name, rule).options)
    counts, edges = np.histogram(make(name, many), bins=40, range=(-2.5 * spread, 2.5 * spread))
    fine = np.linspace(edges[0], edges[-1], 40 * 200 + 1)
    middle = 0.5 * (fine[1:] + fine[:-1])
    expected = density(rule.shape, spread, middle).reshape(40, 200).mean(axis=1)
    found = counts / many.normal.size / (edges[1] - edges[0])
    np.testing.assert_allclose(found, expected, atol=0.02 * expected.max())
