"""The ends of an axis: around what it shows, on round numbers, and steady."""

import numpy as np
import pytest

from app.errors import InvalidInput
from app.lab.landscape.axes import ends, follow, reach, read


@pytest.mark.parametrize("scale", [1e-6, 0.1, 1.0, 3e4])
def test_an_axis_shows_all_values_with_a_margin(scale: float) -> None:
    values = scale * np.array([-1.0, 0.3, 4.0])
    low, high = follow(values, 0.0)
    assert low <= scale * -1.5
    assert high >= scale * 4.5
    assert high - low < scale * 15.0


def test_values_that_are_not_finite_are_left_out() -> None:
    assert follow(np.array([np.nan, 1.0, np.inf, 2.0]), 1.0) == follow(np.array([1.0, 2.0]), 1.0)


def test_an_axis_without_values_goes_around_zero() -> None:
    low, high = follow(np.array([np.nan]), 1.0)
    assert low == -high < 0.0


def test_ends_that_fit_stay_while_values_grow_a_little() -> None:
    held = follow(np.array([0.0, 1.0]), 1.0)
    assert follow(np.array([0.0, 1.2]), 1.0, held) == held


@pytest.mark.parametrize("values", [[0.0, 30.0], [0.0, 0.01]])
def test_ends_that_do_not_fit_move(values: list[float]) -> None:
    held = (-5.0, 5.0)
    assert follow(np.array(values), 0.02, held) != held


def test_ends_asked_for_are_taken_as_they_are() -> None:
    values = np.array([0.0, 1.0])
    assert ends(values, "x", (-7.5, None), 1.0) == (-7.5, follow(values, 1.0)[1])


@pytest.mark.parametrize("given", [(2.0, 1.0), (1.0, 1.0), (1e9, 1e9 + 1e-3)])
def test_ends_in_the_wrong_order_or_together_are_refused(given: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ends(np.array([0.0]), "y", given, 1.0)
    [error] = refusal.value.errors
    assert (error.pointer, error.where) == ("/y_max", "query")


def test_the_reach_is_the_widest_axis() -> None:
    assert reach([np.array([0.0, 2.0]), np.array([1.0, np.nan, 8.0])]) == 7.0
    assert reach([np.array([np.nan])]) == 0.0


def test_the_ends_of_a_picture_are_read_from_text() -> None:
    assert read("-1,2,0.5,1e3") == ((-1.0, 2.0), (0.5, 1000.0))
    assert read(None) is None


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,a", "2,1,0,1", "0,1,nan,2", "0,1,1,1"])
def test_text_that_is_no_picture_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read(text)
