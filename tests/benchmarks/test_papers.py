"""Published results beside measured ones: their closed forms, and links that open on the page."""

import json
import subprocess
from itertools import product
from math import inf
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.choices import Chosen
from app.lab.spec.parse import parse
from app.nn.init.initializers import Recipe, initialize
from app.nn.losses import Objective
from app.nn.stack import losses
from benchmarks.papers import entezari_2022, garipov_2018, link, mishkin_2016
from benchmarks.papers.entezari_2022 import matching, reordered
from benchmarks.papers.lu_2020 import bounds
from benchmarks.papers.row import Row, near, table
from benchmarks.papers.saxe_2014 import learning_time
from tests import node
from tests.nn.examples import architecture

READ = """
import { fromFragment } from "./static/js/share/link.js";
const [fragment, spec] = JSON.parse(process.argv[1]);
console.log(JSON.stringify(await fromFragment(fragment, [{ name: "opening", spec }])));
"""

EXPERIMENTS: dict[str, dict[str, Any]] = {
    "opening": {},
    "one input": {"data": {"name": "abs", "samples": 40}, "loss": "mse", "runs": [{"seed": 3}],
                  "layers": [{"units": 2, "activation": "relu"},
                             {"units": 1, "activation": "linear"}]},
    "deep": {"layers": [*[{"units": 64, "activation": "relu"}] * 10,
                        {"units": 1, "activation": "sigmoid"}]},
    "custom": {"data": {"name": "custom", "inputs": np.linspace(-1, 1, 90).reshape(45, 2).tolist(),
                        "targets": (np.arange(45) / 7).tolist()},
               "layers": [{"units": 1, "activation": "linear"}], "loss": "half_mse",
               "runs": [{"label": "it's 100 % & (new)! α", "parameters":
                         {"W": [[[0.1, 1e-7]]], "b": [[-2.5]]}}]},
}  # fmt: skip


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_page_reads_the_very_experiment_from_a_link(name: str) -> None:
    document = EXPERIMENTS[name]
    opening = parse({}).spec.document
    text = link.fragment(document, 30, tab="signals", biases=False, other=1)
    command = [str(node.NODE), "--input-type=module", "-e", READ, json.dumps([text, opening])]
    read = json.loads(subprocess.check_output(command, cwd=node.JS.parent.parent))
    assert parse(read["spec"]).spec.document == parse(document).spec.document
    assert (read["step"], read["events"], read["study"]) == (30, [], None)
    assert read["look"] == {"tab": "signals", "biases": False, "other": 1}


@pytest.mark.parametrize(("s", "begin", "end"), [(1.0, 0.01, 0.5), (4.0, 0.01, 3.96)])
def test_the_learning_time_of_a_mode_solves_its_equation(
    s: float, begin: float, end: float
) -> None:
    tau = 3.0
    u = np.linspace(begin, end, 200_001)
    spent = tau / (2.0 * u * (s - u))  # dt/du
    expected = np.sum(0.5 * (spent[1:] + spent[:-1]) * np.diff(u))
    assert learning_time(s, begin, end, tau) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("width", [1, 2, 3, 5])
@pytest.mark.parametrize("depth", [2, 3, 10])
def test_the_bounds_on_dead_networks_are_those_of_inputs_at_right_angles_and_of_one(
    width: int, depth: int
) -> None:
    low, high = bounds(width, depth)
    assert low == pytest.approx(_dead_at_right_angles(width, depth), abs=1e-12)
    assert high == pytest.approx(1.0 - (1.0 - 0.5**width) ** (depth - 1))
    assert 0.0 <= low <= high <= 1.0


def _dead_at_right_angles(width: int, depth: int) -> float:
    """By listing what a layer's neurons do: each is awake or not for either of two inputs.

    Where a single neuron is awake for both, they lie on one line from there on, as one input.
    """
    steps = dict.fromkeys(("both", "one", "none"), 0.0)
    for awake in product(((0, 0), (0, 1), (1, 0), (1, 1)), repeat=width):
        first, second = (any(each[place] for each in awake) for place in (0, 1))
        alone = sum(map(any, awake)) == 1
        fate = "none" if not (first or second) else "one" if not (first and second) else "both"
        steps["one" if fate == "both" and alone else fate] += 0.25**width
    one_side = 2.0 * 0.5**width  # the first layer: a neuron is awake for one sign of the input
    share = {"both": 1.0 - one_side, "one": one_side, "none": 0.0}
    for _ in range(depth - 2):
        share = {
            "both": share["both"] * steps["both"],
            "one": share["both"] * steps["one"] + share["one"] * (1.0 - 0.5**width),
            "none": share["none"] + share["both"] * steps["none"] + share["one"] * 0.5**width,
        }
    return share["none"]


@pytest.mark.parametrize("paper", [entezari_2022, garipov_2018, mishkin_2016])
def test_what_is_measured_in_a_second_holds(paper: ModuleType) -> None:
    assert [row.told for row in paper.rows() if not row.holds] == []


def test_another_order_of_neurons_is_found_again_and_changes_no_loss() -> None:
    arch = architecture((2, 6, 1), "tanh")
    recipe = Recipe(Chosen("normal", {"std": 1.0}), Chosen("normal", {"std": 1.0}))
    theta = initialize(arch, recipe, 5)
    order = np.array([3, 0, 5, 1, 4, 2])
    other = reordered(arch, theta, order)
    assert not np.array_equal(other, theta)
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(2, 30)), rng.normal(size=(1, 30))
    J = losses(arch, np.stack([theta, other]), X, Y, Objective(["mse"]))
    assert J[1] == pytest.approx(J[0], rel=1e-13)
    np.testing.assert_array_equal(order[matching(arch, theta, other)], np.arange(6))
    np.testing.assert_array_equal(reordered(arch, other, matching(arch, theta, other)), theta)


@pytest.mark.parametrize(("measured", "holds"), [(0.99, "yes"), (1.02, "**no**"), (inf, "**no**"),
                                                 (float("nan"), "**no**")])  # fmt: skip
def test_a_row_says_whether_it_holds(measured: float, holds: str) -> None:
    row = Row("A 2020", "so", "1, ± 1 %", *near(1.0, 0.01), measured, "about", "v1&seed=3")
    line = table([row], "http://localhost/").splitlines()[-1]
    assert line == (
        f"| A 2020 | so | 1, ± 1 % | about | {holds} | [open](http://localhost/#v1&seed=3) |"
    )
