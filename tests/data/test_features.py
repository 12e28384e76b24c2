"""What a network is given of each sample."""

import numpy as np
import pytest

from app.data.datasets import DATASETS, make
from app.data.features import names, select


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
