"""Training comes to PyTorch's numbers: 100 full-batch steps in float64, to 1e-10.

PyTorch is not needed: `tests/oracle/generate.py` wrote down what it comes to, and by which version.
"""

import json
from typing import Any

import numpy as np
import pytest

from app.nn.activations import ACTIVATIONS, HIDDEN
from app.nn.losses import LOSSES
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES
from tests.lab.client import Client, Experiment
from tests.oracle.cases import FILE, STEPS, TOLD, cases, samples, sizes, start

CASES = cases()
KNOWN = json.loads(FILE.read_text())["cases"]
METHODS = ("optimizer", "schedule", "clipping", "regularizer")


def experiment_of(basin: Client, case: dict[str, Any]) -> Experiment:
    x, y = samples(case)
    units = sizes(case)[1:]
    names = [case["hidden"]] * (len(units) - 1) + [case["output"]]
    return basin.create(
        data={"name": "custom", "inputs": x, "targets": y},
        layers=[
            {"units": count, "activation": name} for count, name in zip(units, names, strict=True)
        ],
        loss=case["loss"],
        runs=[{"parameters": start(case)}],
        **{name: case[name] for name in METHODS},
    )


@pytest.mark.parametrize("name", CASES)
def test_a_hundred_steps_are_pytorchs(basin: Client, name: str) -> None:
    experiment = experiment_of(basin, CASES[name])
    experiment.train(STEPS)
    losses = experiment.loss()["train"][0]
    np.testing.assert_allclose(
        [losses[step] for step in TOLD], KNOWN[name]["losses"], rtol=1e-10, atol=1e-12
    )
    W, b = experiment.parameters()
    for found, expected in zip([*W, *b], [*KNOWN[name]["W"], *KNOWN[name]["b"]], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


def test_every_choice_is_among_the_cases() -> None:
    """But for `l1_dying`, which is TensorFlow Playground's, and compared with its definition."""
    told: dict[str, set[str]] = {
        key: {case[key] for case in CASES.values()} for key in ("hidden", "output", "loss")
    }
    chosen = {key: {case[key]["name"] for case in CASES.values()} for key in METHODS}
    assert told["hidden"] == {*HIDDEN}
    assert told["output"] == {*ACTIVATIONS}
    pairs = {(loss, output) for loss in LOSSES for output in LOSSES[loss].outputs}
    assert {(case["loss"], case["output"]) for case in CASES.values()} >= pairs
    assert chosen["optimizer"] == {*OPTIMIZERS}
    assert chosen["schedule"] == {*SCHEDULES}
    assert chosen["clipping"] == {*CLIPPINGS}
    assert chosen["regularizer"] == {*REGULARIZERS} - {"l1_dying"}
    assert told["loss"] == {*LOSSES}
