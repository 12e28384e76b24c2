"""Weights that a penalty, or weight decay, holds near 0."""

from typing import Any

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.update.shrinking import holds
from app.nn.update.updates import Method

ORIGIN = np.array([1.0, -1.0, 0.5])
WEIGHTS = np.array([1.0, 1.0, 0.0])


def method(regularizer: str = "none", rate: float = 0.0, decay: float | None = None) -> Method:
    adamw = {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    return Method(
        Chosen("gradient_descent", {"learning_rate": 0.1})
        if decay is None
        else Chosen("adamw", {**adamw, "weight_decay": decay}),
        Chosen("constant", {}),
        Chosen("none", {}),
        Chosen(regularizer, {"rate": rate}),
        0,
    )


def held(chosen: Method, theta: Any, origin: Any = ORIGIN) -> str | None:
    return holds(chosen, np.array(theta), np.array(origin), WEIGHTS, 0.7)


@pytest.mark.parametrize(("penalty", "pull"), [("l1", 2.0), ("l2", 2.0)])
def test_a_penalty_holds_by_its_pull(penalty: str, pull: float) -> None:
    """λ Σ |w| and λ Σ w² are 2 λ where both weights are 1, against 5 % of a baseline of 0.7."""
    edge = 0.05 * 0.7 / pull
    assert held(method(penalty, 1.01 * edge), ORIGIN) == "penalty"
    assert held(method(penalty, 0.99 * edge), ORIGIN) is None


@pytest.mark.parametrize(
    "chosen", [method("l1", 1e-6), method("l1_dying", 1e-6), method(decay=0.1)]
)
def test_weights_that_have_shrunk_are_held(chosen: Method) -> None:
    what = "decay" if chosen.optimizer.name == "adamw" else "penalty"
    assert held(chosen, [0.05, 0.05, 9.0]) == what
    assert held(chosen, [0.5, 0.05, 0.0]) is None
    assert held(chosen, [0.0, 0.0, 9.0], [0.0, 0.0, 0.5]) is None


@pytest.mark.parametrize("chosen", [method(), method("l2", 0.0), method(decay=0.0)])
def test_nothing_holds_without_a_penalty(chosen: Method) -> None:
    assert held(chosen, [0.0, 0.0, 0.5]) is None
