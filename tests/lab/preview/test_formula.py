"""The preview of a formula: its task, points of it, and where it is wrong."""

import numpy as np
import pytest

from app.errors import InvalidInput
from app.lab.preview.formula import preview_formula
from tests.lab.client import Client


def test_a_boundary_and_a_target_are_told_apart() -> None:
    boundary = preview_formula("x1^2 + x2^2 < 9", 2)
    assert (boundary["task"], boundary["classes"]) == ("classification", 2)
    x, y, target = (np.array(boundary[name]) for name in ("x", "y", "target"))
    np.testing.assert_array_equal(target, x**2 + y**2 < 9)
    curve = preview_formula("x1^3", 1)
    assert curve["task"] == "regression"
    np.testing.assert_allclose(curve["y"], curve["target"], atol=1e-3)


@pytest.mark.parametrize(
    ("formula", "column"), [("x1 + foo", 6), ("x1 +", 5), ("x3", 1), ("1/(x1 - x1)", None)]
)
def test_an_error_has_its_place(formula: str, column: int | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        preview_formula(formula, 2)
    (error,) = caught.value.errors
    assert error.pointer == "/formula"
    assert error.allowed.get("column") == column


def test_a_preview_says_how_the_formula_was_read() -> None:
    assert preview_formula("y = 2 sin²x", 2)["reading"] == "2*sin(x1)^2"


def test_an_ambiguous_formula_is_refused_with_what_to_write() -> None:
    with pytest.raises(InvalidInput) as caught:
        preview_formula("1/2x", 2)
    (error,) = caught.value.errors
    assert (error.code, error.received) == ("ambiguous", "x")
    assert error.allowed == {"column": 4, "write": ["1/(2*…)", "1/2*…"]}


def test_a_preview_is_asked_for_over_http(basin: Client) -> None:
    assert basin.post("/api/formulas", {"formula": "x1 < x2"}) == preview_formula("x1 < x2", 2)
    (error,) = basin.post("/api/formulas", {"formula": "x1 +"}, status=422)["errors"]
    assert (error["pointer"], error["allowed"]) == ("/formula", {"column": 5})


def test_a_boundary_without_points_on_one_side_and_doubts_are_told() -> None:
    assert preview_formula("x1^2 + x2^2 == 9", 2)["one_class"]
    assert preview_formula("x1^2 < -1", 2)["one_class"]
    assert not preview_formula("x1^2 + x2^2 < 9", 2)["one_class"]
    assert not preview_formula("3 + 0*x1", 2)["one_class"]
    assert preview_formula("max(x1, 1,5)", 2)["doubts"] == [
        {"column": 10, "received": ",", "write": ["1.5", "1, 5"]}
    ]
