"""What a network is given of each sample."""

import numpy as np
import pytest

from app.data.datasets import DATASETS, make
from app.data.features import KINDS, every, names, offered, parse, select


def test_features_are_the_inputs_counted_from_one() -> None:
    assert names(1) == ("x1",)
    assert names(3) == ("x1", "x2", "x3")


@pytest.mark.parametrize("name", DATASETS)
def test_all_features_of_a_set_are_its_inputs(name: str) -> None:
    inputs, _ = make(name, 9, 0.0, 1)
    assert np.array_equal(select(inputs, names(len(inputs))), inputs)


@pytest.mark.parametrize(
    ("chosen", "rows"), [(("x2",), [1]), (("x2", "x1"), [1, 0]), (("x12", "x1"), [11, 0])]
)
def test_features_come_in_the_order_they_are_chosen(
    chosen: tuple[str, ...], rows: list[int]
) -> None:
    inputs = np.arange(36.0).reshape(12, 3)
    assert np.array_equal(select(inputs, chosen), inputs[rows])


def test_features_are_a_copy_that_the_engine_may_read_row_by_row() -> None:
    inputs = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    chosen = select(inputs, ("x1", "x2"))
    assert chosen.flags.c_contiguous
    assert not np.shares_memory(chosen, inputs)


BY_HAND = {
    "x1": lambda x: x[0],
    "x3": lambda x: x[2],
    "x1^2": lambda x: x[0] ** 2,
    "x2^2": lambda x: x[1] ** 2,
    "x1*x2": lambda x: x[0] * x[1],
    "x2*x3": lambda x: x[1] * x[2],
    "sin(x1)": lambda x: np.sin(x[0]),
    "sin(x3)": lambda x: np.sin(x[2]),
    "cos(x2)": lambda x: np.cos(x[1]),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_feature_is_what_its_name_says(name: str) -> None:
    x = np.random.default_rng(0).normal(size=(3, 50))
    assert np.array_equal(select(x, (name,)), [BY_HAND[name](x)])


def test_two_inputs_offer_what_tensorflow_playground_does_and_cosines() -> None:
    expected = "x1 x2 x1^2 x2^2 x1*x2 sin(x1) sin(x2) cos(x1) cos(x2)"
    assert offered(2) == tuple(expected.split())


@pytest.mark.parametrize(("inputs", "count"), [(1, 4), (2, 9), (3, 15), (20, 270)])
def test_every_input_and_every_pair_is_offered_once(inputs: int, count: int) -> None:
    assert len({*offered(inputs)}) == len(offered(inputs)) == count


@pytest.mark.parametrize("name", offered(20))
def test_a_name_is_read_as_it_is_written(name: str) -> None:
    assert parse(name).name == name
    assert all(place < 20 for place in parse(name).inputs)


@pytest.mark.parametrize(
    "name", ["", "x", "x0", "x01", "x1^3", "x1 * x2", "tan(x1)", "x1\n", "x１", "x100", "X1"]
)
def test_what_is_no_feature_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="no feature"):
        parse(name)


def test_formulas_are_written_with_small_digits() -> None:
    written = {feature.name: feature.formula for feature in every(12)}
    assert written["x1*x12"] == "x₁ x₁₂"
    assert written["sin(x10)"] == "sin x₁₀"
    assert {feature.kind for feature in every(2)} == {*KINDS}
