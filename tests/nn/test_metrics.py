"""Metrics, against what can be counted by hand."""

import numpy as np
import pytest

from app.nn.metrics import class_numbers, confusion, r_squared


@pytest.mark.parametrize(
    ("labels", "outputs"), [((0.0, 1.0), [0.4, 0.6, 0.9]), ((-1.0, 1.0), [-0.1, 0.2, 3.0])]
)
def test_one_unit_tells_two_classes_by_the_middle_of_its_labels(
    labels: tuple[float, float], outputs: list[float]
) -> None:
    assert class_numbers(np.array([outputs]), labels).tolist() == [0, 1, 1]


def test_of_several_units_the_largest_says_the_class() -> None:
    outputs = np.array([[0.2, 0.5, 0.1], [0.3, 0.4, 0.1], [0.5, 0.1, 0.8]])
    assert class_numbers(outputs, (0.0, 1.0)).tolist() == [2, 0, 2]
    assert class_numbers(np.stack([outputs, -outputs]), (0.0, 1.0)).tolist()[1] == [0, 2, 0]


def test_rows_of_a_confusion_matrix_are_the_truth() -> None:
    truth, found = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 2])
    assert confusion(truth, found, 3).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 2]]


def test_r_squared_is_the_share_of_the_variance_that_is_explained() -> None:
    # Σ(y - ŷ)² = 1 and Σ(y - 2)² = 2
    y = np.array([[1.0, 2.0, 3.0]])
    assert r_squared(np.array([[1.0, 2.0, 4.0]]), y) == 0.5
    assert r_squared(y, y) == 1.0
    assert r_squared(np.full((1, 3), 2.0), y) == 0.0


def test_r_squared_of_several_outputs_is_their_mean() -> None:
    y = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]])
    assert r_squared(np.array([[1.0, 2.0, 4.0], [0.0, 1.0, 2.0]]), y) == 0.75


def test_targets_that_do_not_differ_have_no_r_squared() -> None:
    assert r_squared(np.zeros((1, 3)), np.ones((1, 3))) is None
