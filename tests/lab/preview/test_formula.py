"""The preview of a formula: what it is, points of it, and where it is wrong."""

import numpy as np
import pytest

from tests.lab.client import Client


def test_a_boundary_and_a_target_are_told_apart(basin: Client) -> None:
    boundary = basin.post("/api/formulas", {"formula": "x1^2 + x2^2 < 9"})
    assert (boundary["task"], boundary["classes"]) == ("classification", 2)
    x, y, target = (np.array(boundary[name]) for name in ("x", "y", "target"))
    np.testing.assert_array_equal(target, x**2 + y**2 < 9)
    curve = basin.post("/api/formulas", {"formula": "x1^3", "inputs": 1})
    assert curve["task"] == "regression"
    np.testing.assert_allclose(curve["y"], curve["target"], atol=1e-3)


@pytest.mark.parametrize(("formula", "column"), [("x1 + foo", 6), ("x1 +", 5), ("x3", 1)])
def test_the_place_of_an_error_is_told(basin: Client, formula: str, column: int) -> None:
    answer = basin.post("/api/formulas", {"formula": formula}, status=422)
    [error] = answer["errors"]
    assert error["pointer"] == "/formula"
    assert error["allowed"]["column"] == column
