"""How many different neurons there are, and how alike they are."""

import numpy as np
import pytest

from app.nn.similarity import first_alike, near_identical_neurons, similarity


def test_identical_neurons_are_twins() -> None:
    M = np.array([[1.0, 2.0, 0.5], [3.0, 0.0, 0.0], [1.0, 2.0, 0.5], [3.0, 0.0, 1.0]])
    assert first_alike(M).tolist() == [0, 1, 0, 3]
    assert near_identical_neurons(first_alike(M)) == [[0, 2]]


@pytest.mark.parametrize(("apart", "same"), [(1e-12, True), (1e-6, False)])
@pytest.mark.parametrize("scale", [1.0, 1e4])
def test_rounding_does_not_make_neurons_different(apart: float, same: bool, scale: float) -> None:
    M = scale * np.array([[1.0, -0.5], [1.0, -0.5 + apart]])
    assert (near_identical_neurons(first_alike(M)) == [[0, 1]]) is same


@pytest.mark.parametrize(
    ("A", "expected"),
    [
        ([[1, 2, 3], [2, 4, 6]], 1.0),
        ([[1, 2, 3], [-1, -2, -3]], 1.0),
        ([[1, 0], [0, 1]], 0.0),
        ([[1, 0], [1, 1]], 0.5**0.5),
        ([[1, 0], [1, 0], [0, 1]], 1 / 3),
        ([[0, 0], [0, 0]], 1.0),
        ([[0, 0], [1, 0]], 0.0),
    ],
)
def test_similarity_is_the_mean_of_the_cosines(A: list[list[float]], expected: float) -> None:
    assert similarity(np.array(A, dtype=float)) == pytest.approx(expected)


def test_one_neuron_is_like_nobody() -> None:
    assert similarity(np.ones((1, 4))) is None
