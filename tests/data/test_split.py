"""Which samples are for training, and in which order a learner's table is split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.datasets import shuffled, split_point


@pytest.mark.parametrize(
    ("samples", "fraction", "expected"),
    [
        *[(500, 0.5, 250), (500, 1.0, 500), (500, 0.8, 400), (10, 0.25, 2), (3, 0.5, 2)],
        *[(2, 0.01, 1), (2, 0.99, 1), (2, 1.0, 2), (500, 1e-9, 1), (500, 0.9999, 499)],
        *[(1, 0.5, 1), (1, 1.0, 1)],
    ],
)
def test_the_front_is_for_training(samples: int, fraction: float, expected: int) -> None:
    assert split_point(samples, fraction) == expected


@given(samples=st.integers(2, 10_000), fraction=st.floats(0.0, 1.0, exclude_min=True))
def test_both_parts_have_a_sample_unless_all_is_for_training(samples: int, fraction: float) -> None:
    split = split_point(samples, fraction)
    if fraction == 1.0:
        assert split == samples
    else:
        assert 1 <= split <= samples - 1
        assert abs(split - samples * fraction) <= 0.5 or split in (1, samples - 1)


@given(samples=st.integers(2, 1000), one=st.floats(0.001, 1.0), other=st.floats(0.001, 1.0))
def test_a_larger_fraction_is_not_less(samples: int, one: float, other: float) -> None:
    low, high = sorted([one, other])
    assert split_point(samples, low) <= split_point(samples, high)


@given(samples=st.integers(1, 500), seed=st.integers(0, 2**32 - 1))
def test_a_shuffle_is_an_order_of_all_and_the_same_for_one_seed(samples: int, seed: int) -> None:
    order = shuffled(samples, seed)
    assert sorted(order.tolist()) == list(range(samples))
    assert np.array_equal(order, shuffled(samples, seed))


def test_another_seed_is_another_order() -> None:
    assert not np.array_equal(shuffled(100, 1), shuffled(100, 2))
    assert not np.array_equal(shuffled(100, 1), np.arange(100))
