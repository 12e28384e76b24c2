"""The samples of a spec: how they are generated, split, labelled and standardized."""

from typing import Any

import numpy as np
import pytest

from app.data.datasets import DATASETS
from app.lab.experiment.setup import Setup, build
from app.lab.spec.dataset import target_scale
from app.lab.spec.parse import parse
from app.nn.activations import ACTIVATIONS
from app.nn.types import Array

ROWS = [[0.5, -1.0], [2.0, 0.0], [-1.5, 4.0], [1.0, 1.0], [3.0, -2.0], [0.0, 2.5]]
KINDS: dict[str, Any] = {"name": "custom", "inputs": ROWS, "classes": ["a", "b", "c"],
                         "targets": [0, 1, 2, 2, 1, 0]}  # fmt: skip


def made(data: Any, units: int = 1, activation: str = "linear") -> Setup:
    """The setup of one layer on these data."""
    layers = [{"units": units, "activation": activation}]
    return build(parse({"data": data, "layers": layers, "loss": None, "runs": [{}]}))


def sampled(data: Any, units: int = 1, activation: str = "linear") -> tuple[Array, Array]:
    """Inputs (n, n_raw) and targets (n, n_y), the training samples first."""
    layers = [{"units": units, "activation": activation}]
    _, inputs, targets = parse({"data": data, "layers": layers, "runs": [{}]})
    return inputs.T, targets.T


@pytest.mark.parametrize("activation", [n for n in ACTIVATIONS if n != "softmax"])
def test_two_classes_are_the_two_labels_of_one_unit(activation: str) -> None:
    low, high = ACTIVATIONS[activation].class_labels
    data = {**KINDS, "classes": ["no", "yes"], "targets": [0, 1, 1, 0, 1, 0]}
    _, targets = sampled(data, 1, activation)
    assert targets.ravel().tolist() == [low, high, high, low, high, low]


@pytest.mark.parametrize(("output", "classes"), [("sigmoid", {0, 1}), ("tanh", {-1, 1})])
@pytest.mark.parametrize("name", [n for n, one in DATASETS.items() if one.classes == 2])
def test_classes_of_a_built_in_set_suit_the_output(
    name: str, output: str, classes: set[int]
) -> None:
    setup = made({"name": name}, 1, output)
    assert setup.spec.data.task == "classification"
    assert setup.test is not None
    assert {*setup.train.Y.ravel()} == {*setup.test.Y.ravel()} == classes


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear", "softmax"])
def test_there_may_be_a_unit_for_each_class(activation: str) -> None:
    low, high = ACTIVATIONS[activation].class_labels
    _, targets = sampled(KINDS, 3, activation)
    np.testing.assert_array_equal(targets, np.where(np.eye(3)[KINDS["targets"]] > 0, high, low))


@pytest.mark.parametrize("name", [n for n, one in DATASETS.items() if one.classes])
def test_every_set_of_classes_goes_with_softmax(name: str) -> None:
    count = DATASETS[name].classes
    setup = made({"name": name, "samples": 60}, count, "softmax")
    assert setup.spec.data.classes == tuple(str(number) for number in range(count))
    assert (setup.train.Y.sum(axis=0) == 1.0).all()
    assert {*setup.train.Y.ravel()} == {0.0, 1.0}


def test_an_output_beyond_its_labels_learns_the_line_and_a_bounded_one_its_sign() -> None:
    x, line = sampled({"name": "line"})
    _, sign = sampled({"name": "line"}, 1, "tanh")
    np.testing.assert_allclose(line, 1.5 * x - 0.5, atol=1e-12)
    np.testing.assert_array_equal(sign, np.where(line > 0, 1.0, -1.0))


def test_another_data_seed_is_another_data_set() -> None:
    one, other = (sampled({"name": "xor", "seed": seed})[0] for seed in (1, 2))
    assert not np.array_equal(one, other)


# -- training and test samples


@pytest.mark.parametrize("fraction", [0.01, 0.3, 0.5, 0.999, 1])
@pytest.mark.parametrize("samples", [2, 3, 50])
def test_every_sample_is_either_for_training_or_for_testing(samples: int, fraction: float) -> None:
    setup = made({"name": "gauss", "samples": samples, "train_fraction": fraction})
    test = 0 if setup.test is None else setup.test.count
    assert setup.train.count >= 1
    assert setup.train.count + test == samples
    assert (test == 0) == (fraction == 1)


def test_the_fraction_does_not_change_the_samples() -> None:
    first, *others = (
        sampled({"name": "spiral", "samples": 40, "train_fraction": fraction})[0]
        for fraction in (0.25, 0.75, 1)
    )
    for other in others:
        np.testing.assert_array_equal(first, other)


def test_a_split_keeps_every_row_with_its_class() -> None:
    x, y = sampled({**KINDS, "train_fraction": 0.5, "seed": 4}, 3, "softmax")
    rows = sorted(zip(x.tolist(), y.tolist(), strict=True))
    expected = zip(ROWS, np.eye(3)[KINDS["targets"]].tolist(), strict=True)
    assert rows == sorted(expected)
    assert x.tolist() != ROWS


# -- standardized targets


@pytest.mark.parametrize("fraction", [1.0, 0.5])
def test_equal_targets_are_left_their_spread(fraction: float) -> None:
    data = {"name": "custom", "inputs": ROWS, "targets": [7.0] * 6, "standardize_target": True,
            "train_fraction": fraction}  # fmt: skip
    setup = made(data)
    assert not setup.train.Y.any()
    assert [part.tolist() for part in target_scale(setup.spec.data) or ()] == [[[7.0]], [[1.0]]]


# -- formulas


def test_a_boundary_is_the_question_on_which_side_a_point_lies() -> None:
    data = {"name": "formula", "formula": "x1^2 + x2^2 < 9", "samples": 400}
    setup = made(data, 1, "tanh")
    assert (setup.spec.data.task, setup.spec.data.domain) == ("classification", (-6.0, 6.0))
    inside = (setup.train.inputs**2).sum(axis=0) < 9
    np.testing.assert_array_equal(setup.train.Y[0], np.where(inside, 1.0, -1.0))


def test_noise_of_a_boundary_changes_labels_near_it_only() -> None:
    data = {"name": "formula", "formula": "x1 < 0", "samples": 4000, "noise": 0.2}
    inputs, targets = sampled(data, 1, "sigmoid")
    x = inputs[:, 0]
    wrong = (x < 0) != (targets[:, 0] > 0.5)
    assert wrong.any()
    assert np.abs(x[wrong]).max() <= 1.2  # d·U(-6, 6)
    expected = np.maximum(0.0, 0.5 - np.abs(x) / 2.4)
    assert wrong.sum() == pytest.approx(expected.sum(), rel=0.2)


def test_noise_of_a_target_is_measured_by_its_own_spread() -> None:
    data = {"name": "formula", "formula": "100 * x1 - x2", "samples": 4000}
    x, exact = sampled(data)
    np.testing.assert_allclose(exact[:, 0], 100 * x[:, 0] - x[:, 1])
    _, noisy = sampled({**data, "noise": 0.25})
    assert np.std(noisy - exact) == pytest.approx(0.25 * np.std(exact), rel=0.05)
