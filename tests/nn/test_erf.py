"""The error function, against the C library's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.nn.erf import erf


@given(x=st.floats(-10.0, 10.0, allow_subnormal=False))
def test_it_is_the_c_librarys(x: float) -> None:
    assert erf(np.array([x]))[0] == pytest.approx(math.erf(x), rel=1e-15, abs=0.0)


def test_it_is_so_everywhere_and_where_two_approximations_meet() -> None:
    x = np.concatenate([np.linspace(-7.0, 7.0, 20_001), np.logspace(-300.0, 0.0, 301), [0.46875]])
    expected = np.array([math.erf(value) for value in x])
    np.testing.assert_allclose(erf(x), expected, rtol=5e-16, atol=0.0)


def test_in_single_precision_it_is_as_near_as_that_allows() -> None:
    x = np.linspace(-5.0, 5.0, 2001, dtype=np.float32)
    found = erf(x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [math.erf(value) for value in x], atol=3e-7)


def test_the_ends_and_zero() -> None:
    assert erf(np.array([np.inf, -np.inf, 1e300, 0.0])).tolist() == [1.0, -1.0, 1.0, 0.0]
    assert math.copysign(1.0, erf(np.array([-0.0]))[0]) == -1.0
    assert np.isnan(erf(np.array([np.nan]))[0])
