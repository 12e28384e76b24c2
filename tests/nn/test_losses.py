"""Losses: the article's formulas, and what must hold at the extremes."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.losses import LOSSES, Loss, Objective
from app.nn.stack import gradients
from app.nn.types import Array
from tests.nn.examples import FITTING, architecture, targets

every_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
ELEMENTWISE = {name: loss for name, loss in LOSSES.items() if not loss.distribution}
elementwise = pytest.mark.parametrize("loss", ELEMENTWISE.values(), ids=ELEMENTWISE)
OF_NUMBERS = {name: loss for name, loss in ELEMENTWISE.items() if loss.labels is None}
of_numbers = pytest.mark.parametrize("loss", OF_NUMBERS.values(), ids=OF_NUMBERS)


def value(name: str, z: list[float], y: list[float], output: str = "sigmoid") -> float:
    """J of one network with one output, from its logits."""
    logits = np.array([[z]])
    outputs = ACTIVATIONS[output].function(logits, np.empty_like(logits))
    return float(LOSSES[name].value(logits, outputs, np.array([y]))[0])


def article_problem(n: int) -> tuple[Array, Array, Array, Array]:
    """Samples in rows, as the article's G has them: X (n, n_x), Y (n,), W (n_x, 1), b."""
    rng = np.random.default_rng(n)
    return rng.normal(size=(n, 3)), rng.uniform(size=n), rng.normal(size=(3, 1)), rng.normal(size=1)


@pytest.mark.parametrize(
    ("name", "expected"), [("mse", 1.0), ("half_mse", 0.5), ("cross_entropy", None)]
)
def test_a_loss_is_the_one_worked_by_hand(name: str, expected: float | None) -> None:
    # errors 1, -1 and 1; for the cross-entropy, answers 3/4 and 1/2 to targets 1 and 0
    if expected is None:
        assert value(name, [log(3.0), 0.0], [1.0, 0.0]) == pytest.approx(log(8.0 / 3.0) / 2.0)
    else:
        assert value(name, [2.0, 0.0, -1.0], [1.0, 1.0, -2.0], "linear") == expected


@pytest.mark.parametrize("n", [1, 2, 3, 10, 250])
def test_mse_is_the_articles_j(n: int) -> None:
    rng = np.random.default_rng(n)
    Y, S = rng.normal(size=n), rng.normal(size=(n, 1))
    j = 1 / n * np.sum((np.expand_dims(Y, 1) - S) ** 2)
    assert value("mse", S[:, 0].tolist(), Y.tolist(), "linear") == pytest.approx(j, rel=1e-15)


@pytest.mark.parametrize(("name", "times"), [("half_mse", 1.0), ("mse", 2.0)])
@pytest.mark.parametrize("n", [1, 2, 7, 250])
def test_behind_a_sigmoid_the_gradient_is_the_articles_g(name: str, times: float, n: int) -> None:
    X, Y, W, b = article_problem(n)
    S = 1.0 / (1.0 + np.exp(-(X @ W + b)))
    terms = 1 / n * (np.expand_dims(Y, 1) - S) * (-1) * S * (1 - S)
    G = times * np.dot(X.T, terms)
    theta = np.append(W[:, 0], b)[np.newaxis]
    found = gradients(architecture((3, 1)), theta, X.T, Y[np.newaxis], Objective([name]))[0]
    # A few units in the last place of the numbers that are added up.
    allowed = 8 * np.finfo(float).eps * times * np.dot(np.abs(X).T, np.abs(terms))[:, 0]
    assert np.all(np.abs(found[:3] - G[:, 0]) <= allowed)


@pytest.mark.parametrize("n", [1, 2, 7, 250])
def test_the_gradient_of_the_cross_entropy_has_no_slope_of_sigmoid(n: int) -> None:
    X, Y, W, b = article_problem(n)
    S = 1.0 / (1.0 + np.exp(-(X @ W + b)))
    G = 1 / n * np.dot(X.T, S - np.expand_dims(Y, 1))
    theta = np.append(W[:, 0], b)[np.newaxis]
    objective = Objective(["cross_entropy"])
    found = gradients(architecture((3, 1)), theta, X.T, Y[np.newaxis], objective)[0]
    np.testing.assert_allclose(found[:3], G[:, 0], rtol=1e-13, atol=1e-16)


@given(z=st.floats(-12.0, 12.0), y=st.floats(0.0, 1.0))
def test_cross_entropy_is_its_formula(z: float, y: float) -> None:
    s = 1.0 / (1.0 + exp(-z))
    direct = -(y * log(s) + (1.0 - y) * log(1.0 / (1.0 + exp(z))))
    assert value("cross_entropy", [z], [y]) == pytest.approx(direct, rel=1e-13, abs=1e-14)


@pytest.mark.parametrize(
    ("z", "y", "expected"),
    [
        *[(1000.0, 0.0, 1000.0), (1000.0, 1.0, 0.0), (1000.0, 0.25, 750.0)],
        *[(-1000.0, 0.0, 0.0), (-1000.0, 1.0, 1000.0), (-1000.0, 0.25, 250.0)],
        *[(-50.0, 0.0, exp(-50.0)), (50.0, 1.0, exp(-50.0)), (0.0, 0.5, log(2.0))],
        *[(1e307, 0.0, 1e307), (-1e307, 1.0, 1e307)],
    ],
)
def test_cross_entropy_is_exact_at_the_extremes(z: float, y: float, expected: float) -> None:
    assert value("cross_entropy", [z], [y]) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("z", [-1000.0, 1000.0])
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_the_gradient_of_the_cross_entropy_is_finite_at_the_extremes(z: float, y: float) -> None:
    theta = np.array([[0.0, z]])
    X, Y = np.ones((1, 1)), np.array([[y]])
    G = gradients(architecture((1, 1)), theta, X, Y, Objective(["cross_entropy"]))
    assert G[0].tolist() == [float(z > 0.0) - y] * 2


@elementwise
def test_a_loss_is_a_mean_over_samples_and_over_outputs(loss: Loss) -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(size=(4, 2, 6))
    a = ACTIVATIONS["sigmoid"].function(z, np.empty_like(z))
    y = rng.uniform(size=(2, 6))
    places = [np.ix_(range(4), [i], [j]) for i in range(2) for j in range(6)]
    expected = np.mean([loss.value(z[at], a[at], y[at[1:]][0]) for at in places], axis=0)
    np.testing.assert_allclose(loss.value(z, a, y), expected, rtol=1e-14)


@of_numbers
def test_a_perfect_answer_costs_nothing(loss: Loss) -> None:
    z = np.array([[[-800.0, 800.0, 800.0]]])
    a = ACTIVATIONS["sigmoid"].function(z, np.empty_like(z))
    assert loss.value(z, a, np.array([[0.0, 1.0, 1.0]])).tolist() == [0.0]
    assert not loss.gradient(z, a, np.array([[0.0, 1.0, 1.0]])).any()


@of_numbers
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_best_constant_answer_is_the_best_of_many(loss: Loss, outputs: int) -> None:
    rng = np.random.default_rng(outputs)
    y = rng.uniform(0.05, 0.95, (outputs, 40))
    z = np.repeat(np.linspace(-6.0, 6.0, 20_001)[:, np.newaxis, np.newaxis], 40, axis=2)
    a = ACTIVATIONS["sigmoid"].function(z, np.empty_like(z))
    best = np.mean([loss.value(z, a, row[np.newaxis]).min() for row in y])
    assert loss.of_constant(y) == pytest.approx(best, rel=1e-6)


@every_loss
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_a_single_class_can_be_answered_by_a_constant(loss: Loss, label: float) -> None:
    assert loss.of_constant(np.full((2, 9), label)) == 0.0


@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_a_loss_leaves_what_it_is_given(loss: str, output: str) -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(size=(3, 2, 5))
    a = ACTIVATIONS[output].function(z, np.empty_like(z))
    y = targets(loss, (2, 5), rng)
    before = [array.copy() for array in (z, a, y)]
    LOSSES[loss].value(z, a, y)
    LOSSES[loss].gradient(z, a, y)
    assert all(np.array_equal(new, old) for new, old in zip((z, a, y), before, strict=True))


def test_cross_entropy_goes_with_a_sigmoid_only() -> None:
    assert [name for name in ACTIVATIONS if LOSSES["cross_entropy"].fits(name)] == ["sigmoid"]
    assert all(LOSSES[loss].fits(name) for loss in ("mse", "half_mse") for name in HIDDEN)


def test_softmax_goes_with_its_own_loss_only() -> None:
    assert [name for name in LOSSES if LOSSES[name].fits("softmax")] == ["softmax_cross_entropy"]
    assert LOSSES["softmax_cross_entropy"].outputs == ("softmax",)


def classes(*z: list[float]) -> tuple[Array, Array]:
    """Logits (1, C, n) from the logits of every class, and what softmax makes of them."""
    logits = np.array([z])
    return logits, ACTIVATIONS["softmax"].function(logits, np.empty_like(logits))


def test_softmax_cross_entropy_is_a_mean_over_samples() -> None:
    # Answers 3/4 and 1/4 to the first class, whose share is 1 of the one sample, 0 of the other.
    z, a = classes([log(3.0), 0.0], [0.0, log(3.0)])
    y = np.array([[1.0, 0.0], [0.0, 1.0]])
    loss = LOSSES["softmax_cross_entropy"]
    assert loss.value(z, a, y).tolist() == pytest.approx([log(4.0 / 3.0)])
    np.testing.assert_allclose(loss.gradient(z, a, y)[0], [[-0.125, 0.125], [0.125, -0.125]])


@pytest.mark.parametrize("far", [1000.0, -1000.0, 1e307])
def test_softmax_cross_entropy_is_exact_at_the_extremes(far: float) -> None:
    z, a = classes([far], [0.0])
    loss, right = LOSSES["softmax_cross_entropy"], np.array([[1.0], [0.0]])
    assert loss.value(z, a, right).tolist() == [max(-far, 0.0)]
    assert loss.gradient(z, a, right)[0, :, 0].tolist() == ([0.0] * 2 if far > 0 else [-1.0, 1.0])


def test_of_two_classes_softmax_is_a_sigmoid_of_the_difference() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(size=(1, 2, 9))
    y = rng.uniform(size=(1, 9))
    both = LOSSES["softmax_cross_entropy"].value(z, z, np.concatenate([y, 1.0 - y]))
    single = LOSSES["cross_entropy"].value(z[:, :1] - z[:, 1:], z[:, :1], y)
    np.testing.assert_allclose(both, single, rtol=1e-13)


def test_the_best_constant_answers_of_classes() -> None:
    y = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    expected = -(0.5 * log(0.5) + 0.5 * log(0.25))
    assert LOSSES["softmax_cross_entropy"].of_constant(y) == pytest.approx(expected)
    # Three of four are +1: saying +1 always costs 2 for the one that is not.
    assert LOSSES["hinge"].of_constant(np.array([[1.0, 1.0, 1.0, -1.0]])) == 0.5


def test_hinge_wants_a_margin() -> None:
    assert value("hinge", [2.0, 0.5, -0.5], [1.0, 1.0, 1.0], "linear") == (0.0 + 0.5 + 1.5) / 3.0
    assert value("hinge", [2.0, -1.0], [-1.0, -1.0], "linear") == 1.5


@pytest.mark.parametrize(("error", "expected"), [(0.5, 0.125), (1.0, 0.5), (-3.0, 2.5)])
def test_huber_is_a_square_then_a_line(error: float, expected: float) -> None:
    assert value("huber", [error], [0.0], "linear") == expected


@pytest.mark.parametrize(
    ("loss", "good", "bad"),
    [
        ("hinge", [[-1.0, 1.0]], [[0.0, 0.5]]),
        ("cross_entropy", [[0.0, 0.3]], [[-0.1, 1.1]]),
        ("softmax_cross_entropy", [[0.5, 1.0], [0.5, 0.0]], [[1.0, 0.5], [1.0, 0.4]]),
    ],
)
def test_a_loss_refuses_the_targets_it_cannot_take(
    loss: str, good: list[list[float]], bad: list[list[float]]
) -> None:
    assert not LOSSES[loss].refuses(np.array(good)).any()
    assert LOSSES[loss].refuses(np.array(bad)).all()


@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_the_gradient_as_a_product_is_the_gradient(loss: str, output: str) -> None:
    rng = np.random.default_rng(3)
    n_y, n = 3, 7
    z, y = rng.normal(size=(1, n_y, n)), targets(loss, (n_y, n), rng)
    a = ACTIVATIONS[output].function(z, np.empty_like(z))
    choice = LOSSES[loss]
    product = choice.slope.numerator / choice.averaged(n_y, n) * choice.slope.of(a[0], y)
    np.testing.assert_allclose(product, choice.gradient(z, a, y)[0], rtol=1e-13, atol=1e-16)
