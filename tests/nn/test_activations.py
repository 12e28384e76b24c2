"""Activations: their values, and each derivative beside the measured one."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from math import erf, exp, pi, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nn.activations import ACTIVATIONS, HIDDEN, Activation
from app.nn.types import Array
from tests.nn.reference import ACTIVATION_FORMULAS

every_activation = pytest.mark.parametrize(
    "activation", [ACTIVATIONS[name] for name in HIDDEN], ids=HIDDEN
)


def apply(activation: Activation, z: Array) -> Array:
    return activation.function(z, np.empty_like(z))


def slope(activation: Activation, z: Array) -> Array:
    logits = z if activation.needs_logits else np.full_like(z, np.nan)
    return activation.derivative(logits, apply(activation, z))


@pytest.mark.parametrize("name", ACTIVATION_FORMULAS)
@given(z=st.floats(-30.0, 30.0))
def test_an_activation_is_its_formula(name: str, z: float) -> None:
    found = float(apply(ACTIVATIONS[name], np.array([z]))[0])
    expected = ACTIVATION_FORMULAS[name](z)
    assert found == pytest.approx(expected, rel=1e-14, abs=2e-16 * max(1.0, abs(z)))


@every_activation
def test_a_derivative_is_the_measured_slope(activation: Activation) -> None:
    z = np.concatenate([np.linspace(-8.0, -0.01, 400), np.linspace(0.01, 8.0, 400)])
    h = 1e-5
    measured = (apply(activation, z + h) - apply(activation, z - h)) / ((z + h) - (z - h))
    np.testing.assert_allclose(slope(activation, z), measured, rtol=1e-7, atol=1e-9)


@every_activation
def test_at_zero_the_derivative_lies_between_the_two_slopes(activation: Activation) -> None:
    z, h = np.zeros(1), 1e-6
    sides = [(apply(activation, z + s * h) - apply(activation, z)) / (s * h) for s in (-1.0, 1.0)]
    assert min(sides)[0] - 1e-5 <= slope(activation, z)[0] <= max(sides)[0] + 1e-5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[("linear", 1.0), ("sigmoid", 0.25), ("tanh", 1.0), ("relu", 0.0), ("leaky_relu", 0.01)],
        *[("elu", 1.0), ("selu", 1.0507009873554805 * 1.6732632423543772), ("softplus", 0.5)],
        *[("gelu", 0.5), ("silu", 0.5)],
    ],
)
def test_the_derivative_at_zero_is_the_textbooks(name: str, expected: float) -> None:
    for zero in (0.0, -0.0):
        assert slope(ACTIVATIONS[name], np.array([zero])).tolist() == [expected]


@pytest.mark.parametrize(
    ("name", "z", "expected"),
    [
        ("sigmoid", 2.0, exp(-2.0) / (1.0 + exp(-2.0)) ** 2),
        ("tanh", 0.5, 1.0 - tanh(0.5) ** 2),
        ("relu", 3.0, 1.0),
        ("relu", -3.0, 0.0),
        ("linear", -3.0, 1.0),
        ("leaky_relu", -3.0, 0.01),
        ("elu", -3.0, exp(-3.0)),
        ("softplus", 1.5, 1.0 / (1.0 + exp(-1.5))),
        ("gelu", 1.0, (1.0 + erf(sqrt(0.5))) / 2.0 + exp(-0.5) / sqrt(2.0 * pi)),
        ("silu", 1.0, (1.0 + 2.0 * exp(-1.0)) / (1.0 + exp(-1.0)) ** 2),
    ],
)
def test_a_derivative_is_the_textbooks(name: str, z: float, expected: float) -> None:
    assert slope(ACTIVATIONS[name], np.array([z]))[0] == pytest.approx(expected, rel=1e-14)


@every_activation
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_enormous_numbers_neither_warn_nor_become_nan(
    activation: Activation, dtype: type[np.floating]
) -> None:
    most = np.finfo(dtype).max / 2
    z = np.array([-most, -1e4, 0.0, 1e4, most], dtype=dtype)
    assert np.isfinite(apply(activation, z)).all()
    assert np.isfinite(slope(activation, z)).all()
    assert slope(activation, z).dtype == dtype


@every_activation
def test_writing_over_the_logits_gives_the_same(activation: Activation) -> None:
    z = np.linspace(-4.0, 4.0, 33)
    apart, over = np.empty_like(z), z.copy()
    assert activation.function(z, apart) is apart
    assert activation.function(over, over) is over
    assert np.array_equal(apart, over)
    assert np.array_equal(z, np.linspace(-4.0, 4.0, 33))


@every_activation
def test_class_labels_lie_within_what_the_function_reaches(activation: Activation) -> None:
    reached = apply(activation, np.linspace(-1000.0, 1000.0, 8001))
    low, high = activation.class_labels
    assert reached.min() <= low < high <= reached.max()
    assert activation.bounded == (np.abs(reached).max() < 999.0)
    assert (low == 0.0) == (reached.min() > -1.0)


FAR = np.concatenate(
    [np.linspace(-700.0, 700.0, 2801), np.linspace(-40.0, 40.0, 1601), [-1e-300, -0.0, 1e-17]]
)


def far_off(found: Array, expected: Callable[[Decimal], Decimal]) -> float:
    """The largest relative error of what was found at FAR, beside 50 decimal digits."""
    with localcontext(prec=50):
        true = [expected(Decimal(z)) for z in FAR.tolist()]
        pairs = zip(found.tolist(), true, strict=True)
        return float(max(abs(Decimal(one) - other) / abs(other) for one, other in pairs))


def test_the_sigmoid_is_exact_however_far_from_zero() -> None:
    sigmoid = ACTIVATIONS["sigmoid"]
    assert far_off(apply(sigmoid, FAR), lambda z: 1 / (1 + (-z).exp())) < 1e-15
    assert far_off(slope(sigmoid, FAR), lambda z: 1 / ((1 + z.exp()) * (1 + (-z).exp()))) < 1e-15


def test_the_sigmoid_and_its_slope_are_the_same_bits_in_any_place_of_an_array() -> None:
    sigmoid = ACTIVATIONS["sigmoid"]
    whole, strided = FAR.copy(), np.repeat(FAR, 3)[::3]
    for function in (apply, slope):
        alone = [function(sigmoid, FAR[place : place + 1])[0] for place in range(FAR.size)]
        assert function(sigmoid, whole).tolist() == alone == function(sigmoid, strided).tolist()


def test_silu_keeps_its_digits_where_it_dies_out() -> None:
    z = FAR[FAR < -3.0]
    found = apply(ACTIVATIONS["silu"], z) / z
    np.testing.assert_allclose(found, apply(ACTIVATIONS["sigmoid"], z), rtol=4e-16)
    np.testing.assert_allclose(slope(ACTIVATIONS["silu"], np.array([-100.0])), -99.0 * exp(-100.0))


@given(z=st.lists(st.floats(-1000.0, 1000.0), min_size=2, max_size=5))
def test_softmax_is_a_distribution_of_its_formula(z: list[float]) -> None:
    logits = np.array(z)[np.newaxis, :, np.newaxis]
    found = apply(ACTIVATIONS["softmax"], logits)[0, :, 0]
    powers = [exp(number - max(z)) for number in z]
    assert found.sum() == pytest.approx(1.0, rel=1e-14)
    np.testing.assert_allclose(found, [power / sum(powers) for power in powers], rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_of_enormous_numbers_is_finite(dtype: type[np.floating]) -> None:
    most = np.finfo(dtype).max / 2
    z = np.array([[[-most, 0.0, 1e4], [most, 0.0, -1e4]]], dtype=dtype)
    found = apply(ACTIVATIONS["softmax"], z)
    assert found[0].tolist() == [[0.0, 0.5, 1.0], [1.0, 0.5, 0.0]]
    assert found.dtype == dtype
