"""Tables and parameters in JSON, and parameters by name."""

import re
from typing import Any

import numpy as np
import pytest

from app.errors import FieldError, InvalidInput
from app.lab.spec.arrays import (
    changed_parameters,
    parameter_index,
    parameters,
    read_parameters,
    table,
)
from app.nn.stack import Architecture, Layer

NETWORK = Architecture(2, (Layer(3, "tanh"), Layer(1, "sigmoid")))
THETA = np.arange(float(NETWORK.parameter_count))


def test_a_table_has_a_row_for_each_sample() -> None:
    errors: list[FieldError] = []
    rows, column = table([[1, 2.5], [3, 4]], "", errors), table([1, 2], "", errors, column=True)
    np.testing.assert_array_equal(rows, [[1.0, 2.5], [3.0, 4.0]])
    np.testing.assert_array_equal(column, [[1.0], [2.0]])
    assert not errors


@pytest.mark.parametrize(
    ("value", "place", "code"),
    [
        ([[1]], "/t", "out_of_range"),
        ([[1]] * 10_001, "/t", "out_of_range"),
        ([1, 2], "/t/0", "wrong_type"),
        ([[1], []], "/t/1", "wrong_type"),
        ([[1], [2, 3]], "/t/1", "wrong_shape"),
        ([[1], [True]], "/t/1/0", "wrong_type"),
        ([[1], [1e13]], "/t/1/0", "out_of_range"),
        ([[1], [float("nan")]], "/t/1/0", "out_of_range"),
    ],
)
def test_a_table_that_is_none_is_named_at_its_first_error(
    value: Any, place: str, code: str
) -> None:
    errors: list[FieldError] = []
    assert table(value, "/t", errors) is None
    assert [(error.pointer, error.code) for error in errors] == [(place, code)]


def test_parameters_come_back_as_they_were_written() -> None:
    errors: list[FieldError] = []
    again = read_parameters(NETWORK, parameters(NETWORK, THETA), "", errors)
    np.testing.assert_array_equal(again, THETA)
    assert not errors


def test_every_error_of_parameters_is_named() -> None:
    errors: list[FieldError] = []
    given = {"W": [[[1, 2]], [[1, "2", 3]]], "b": [[1, 2, 3]]}
    assert read_parameters(NETWORK, given, "/p", errors) is None
    assert [(error.pointer, error.code) for error in errors] == [
        ("/p/W/0", "wrong_shape"),
        ("/p/W/1/0/1", "wrong_type"),
        ("/p/b", "wrong_shape"),
    ]


@pytest.mark.parametrize("name", NETWORK.parameter_names)
def test_a_parameter_is_found_by_its_name(name: str) -> None:
    value = THETA[parameter_index(NETWORK, name, "x")]
    layer, *place = (int(number) for number in re.findall(r"\d+", name))
    arrays: Any = parameters(NETWORK, THETA)
    assert np.array(arrays[name[0]][layer - 1])[tuple(place)] == value


def test_an_unknown_parameter_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InvalidInput) as caught:
        parameter_index(NETWORK, "W9[0,0]", "x")
    (error,) = caught.value.errors
    assert (error.pointer, error.code, error.where) == ("/x", "unknown_name", "query")
    assert error.allowed["names"] == [*NETWORK.parameter_names]


def test_changes_are_of_all_weights_all_biases_or_some_by_name() -> None:
    W, b = parameters(NETWORK, THETA + 1)["W"], parameters(NETWORK, THETA + 1)["b"]
    assert changed_parameters(NETWORK, THETA, {"W": W, "b": b}).tolist() == (THETA + 1).tolist()
    changed = changed_parameters(NETWORK, THETA, {"values": {"b2[0]": -1.0}})
    assert np.flatnonzero(changed != THETA).tolist() == [NETWORK.index("b2[0]")]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({}, [("", "missing")]),
        ({"W": [], "values": {"q/r": 1.0}}, [("/W", "wrong_shape"),
                                              ("/values/q~1r", "unknown_name")]),
        ({"b": [[1, 2], [3]]}, [("/b/0", "wrong_shape")]),
    ],
)  # fmt: skip
def test_changes_that_cannot_be_are_refused(changes: Any, places: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        changed_parameters(NETWORK, THETA, changes)
    assert [(error.pointer, error.code) for error in caught.value.errors] == places
