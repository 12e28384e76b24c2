"""What the page writes of a step is true: every equation, multiplied out, is its left-hand side.

The page's own code turns traces into equations; here they are calculated again, number by number
and shape by shape, and compared with the engine's gradient and with finite differences.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.nn.activations import ACTIVATIONS
from app.nn.losses import LOSSES
from app.nn.types import Array
from app.nn.update.optimizers import OPTIMIZERS
from tests import node
from tests.lab.calculated import calculated
from tests.lab.client import Client

SCRIPT = Path(node.JS, "panels", "worked-step", "written-out.js")
PARAMETERS = ("W1[1,0]", "b1[0]", "W2[0,1]", "b3[0]")
TOLERANCE: Any = {"rtol": 1e-11, "atol": 1e-13}
CALLED = {(choice.symbol or name): choice for name, choice in ACTIVATIONS.items()}


def written_out(traces: list[Any]) -> list[list[Any]]:
    """The equations of every trace, by the page's own code."""
    done = subprocess.run(
        [str(node.NODE), str(SCRIPT)],
        input=json.dumps(traces),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    told: list[list[Any]] = json.loads(done.stdout)
    return told


@dataclass
class Reader:
    """Calculates the right-hand side of an equation as it is written."""

    items: list[Any]
    at: int = 0

    @property
    def next(self) -> Any:
        return self.items[self.at] if self.at < len(self.items) else None

    def sum(self) -> Array:
        total = self.product()
        while self.next == "+":
            self.at += 1
            total = total + self.product()
        return total

    def product(self) -> Array:
        value = self.factor()
        while self.next not in (None, "+", ")"):
            sign = self.next
            self.at += sign in ("·", "∘")
            other = self.factor()
            if sign == "∘":
                assert value.shape == other.shape
            value = value * other if sign in ("·", "∘") else value @ other
        return value

    def factor(self) -> Array:
        item = self.next
        self.at += 1
        if item == "∑":
            summed: Array = self.factor().sum(axis=1, keepdims=True)
            return summed
        if item == "(":
            inner = self.sum()
            assert self.next == ")"
            self.at += 1
            return inner
        if isinstance(item, str):
            Z = self.factor()
            return CALLED[item].function(Z, np.empty_like(Z))
        return read(item)


def read(term: Any) -> Array:
    """The numbers of a factor, which have the shape that it says, and are those that are read."""
    value = np.array(term["value"], dtype=float)
    assert list(value.shape) == term["shape"], term
    if value.shape == ():
        text = term["text"].replace("−", "-").replace("×10^", "e").replace("(", "").replace(")", "")
        above, _, below = text.partition("/")
        assert float(above) / float(below or 1) == pytest.approx(float(value), rel=1e-3, abs=1e-12)
    return value


def check(equation: Any) -> tuple[str, Array]:
    """The name and the numbers of what an equation is about, after multiplying it out."""
    if ";" in equation["items"] or "…" in equation["items"]:  # no equation, or not all of one
        assert [read(item).shape for item in equation["items"] if not isinstance(item, str)]
        return "", np.zeros(0)
    left, equals, *right = equation["items"]
    assert equals == "="
    reader = Reader(right)
    value = reader.sum()
    assert reader.next is None, equation
    expected = read(left)
    if expected.shape == () and value.shape == (1, 1):
        value = value[0, 0]
    assert value.shape == expected.shape, equation
    np.testing.assert_allclose(value, expected, **TOLERANCE, err_msg=str(equation))
    return left["symbol"], expected


def pairs() -> list[tuple[str, str]]:
    return [(loss, output) for loss, choice in LOSSES.items() for output in choice.outputs]


def experiment_of(basin: Client, loss: str, output: str) -> Any:
    kinds = 3 if output == "softmax" else 2
    data = {
        "name": "custom",
        "inputs": [[0.3, -1.1], [1.4, 0.2], [-0.8, 0.9], [0.1, 0.4], [-1.2, -0.3], [0.7, 1.3]],
        "targets": [0, 1, 2 % kinds, 1, 0, 1],
        "classes": [str(k) for k in range(kinds)],
        "train_fraction": 0.5,  # 3 samples: all of them are written
    }
    return basin.create(
        data=data,
        layers=[
            {"units": 3, "activation": "tanh"},
            {"units": 2, "activation": "sigmoid"},
            {"units": 3 if output == "softmax" else 1, "activation": output},
        ],
        loss=loss,
        runs=[{"optimizer": {"name": name, "learning_rate": 0.05}} for name in OPTIMIZERS],
    )


@pytest.mark.parametrize(("loss", "output"), pairs())
def test_what_is_shown_of_a_step_multiplies_out_to_the_engines_gradient(
    basin: Client, loss: str, output: str
) -> None:
    experiment = experiment_of(basin, loss, output)
    experiment.train(2)
    asked = [(run, PARAMETERS[run % len(PARAMETERS)]) for run in range(len(OPTIMIZERS))]
    traces = [experiment.read("trace", run=run, parameter=name) for run, name in asked]
    for (run, name), trace, equations in zip(asked, traces, written_out(traces), strict=True):
        engine = experiment.read("gradients", run=run)
        numeric = {which: chain["numeric"]["value"] for which, chain in
                   (("sample", trace["chain"]), ("batch", trace["chain"]["batch"]))}  # fmt: skip
        seen = set()
        for equation in equations:
            if "items" not in equation:
                continue
            symbol, value = check(equation)
            kind, layer, which = equation["kind"], equation["layer"], equation["which"]
            seen.add((kind, symbol))
            if kind == "chain" and symbol.startswith("(∂J)/(∂"):
                assert float(value) == pytest.approx(numeric[which], abs=2e-8), name
            if kind == "backward" and which == "batch" and symbol == f"dW_{layer}":
                np.testing.assert_allclose(value, engine["W"][layer - 1], **TOLERANCE)
            if kind == "backward" and which == "batch" and symbol == f"db_{layer}":
                np.testing.assert_allclose(np.ravel(value), engine["b"][layer - 1], **TOLERANCE)
        assert {kind for kind, _ in seen} >= {"forward", "backward", "chain"}
        assert (("backward", "G") in seen) == (loss == "half_mse" and output == "sigmoid")
        update = trace["update"]
        assert update["gradient"] == pytest.approx(numeric["batch"], abs=2e-8)
        for line in update["lines"]:
            _, *sides = line["numbers"].replace("←", "=").split("=")
            first, *others = [calculated(side.strip(), line["values"]) for side in sides]
            assert others == pytest.approx([first] * len(others), rel=1e-11, abs=1e-14)


def test_one_sample_is_one_everywhere_and_a_batch_is_all_of_it(basin: Client) -> None:
    experiment = basin.create(runs=[{}], loss="half_mse")
    (equations,) = written_out([experiment.read("trace", parameter="W1[2,1]")])
    shapes: dict[str, dict[str, Any]] = {"sample": {}, "batch": {}}
    for equation in equations:
        for item in equation.get("items", []):
            if not isinstance(item, str) and equation["kind"] != "chain":
                shapes[equation["which"]].setdefault(item["symbol"], (item["shape"], item["text"]))
    for which, n in (("sample", 1), ("batch", 250)):
        found = {name: shape for name, (shape, _) in shapes[which].items()}
        assert found["W_2^⊤"] == [4, 1]
        assert (found["Z_1"], found["X"], found["dZ_2"]) == ([4, n], [2, n], [1, n])
        assert (found["G"], found["X^⊤"]) == ([4, 1], [4, n])
        assert shapes[which]["(1)/(n)"][1] == f"(1)/({n})"
    assert "…" in shapes["batch"]["Z_1"][1]
    assert "…" not in shapes["sample"]["Z_1"][1]


def test_dropout_is_written_where_it_is(basin: Client) -> None:
    experiment = basin.create(
        data={"name": "circle", "samples": 20},
        batch_size=5,
        layers=[
            {"units": 4, "activation": "relu", "dropout": 0.5},
            {"units": 1, "activation": "sigmoid"},
        ],
        runs=[{}],
    )
    experiment.train(3)
    traces = [experiment.read("trace", parameter=name) for name in ("W1[1,0]", "W2[0,2]")]
    for equations in written_out(traces):
        told = [check(equation)[0] for equation in equations if "items" in equation]
        assert "Ã_1" in told


def test_many_ways_are_added_up(basin: Client) -> None:
    experiment = basin.create(
        data={"name": "circle", "samples": 8},
        layers=[{"units": units, "activation": "tanh"} for units in (3, 3, 5)]
        + [{"units": 1, "activation": "sigmoid"}],
        runs=[{}],
    )
    for name in ("W1[0,0]", "W2[1,1]", "b3[0]"):
        trace = experiment.read("trace", parameter=name)
        (equations,) = written_out([trace])
        for equation in equations:
            if "items" in equation:
                check(equation)


def test_the_written_loss_is_the_loss(basin: Client) -> None:
    experiment = basin.create(
        runs=[{"loss": name} for name in ("mse", "half_mse", "cross_entropy")]
    )
    for run in range(3):
        (equations,) = written_out([experiment.read("trace", run=run)])
        lines = [one["lines"] for one in equations if one["kind"] == "loss" and "lines" in one]
        trace = experiment.read("trace", run=run)["loss"]
        assert [line.split("=")[-1] for (line,) in lines] == [
            f"{trace[which]:.6g}" for which in ("sample", "batch")
        ]
