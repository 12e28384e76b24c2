"""How large answers are, of the largest experiments that there may be."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from app.lab.spec import ranges
from app.lab.spec.ranges import ANSWER_BYTES, MOST_ANSWERED
from app.web.openapi import document
from tests.lab.client import Client, Experiment

OUTPUT = {"units": 1, "activation": "sigmoid"}
LABELLED = [{"label": "é" * 80}] * 16
SAMPLES, INPUTS, CLASSES = 10_000, 20, 20
ANY = np.random.default_rng(0)


def wide() -> dict[str, Any]:
    """The most samples, inputs and classes, all numbers of them with 16 digits."""
    return {
        "data": {
            "name": "custom",
            "inputs": ANY.normal(scale=1e-7, size=(SAMPLES, INPUTS)).tolist(),
            "targets": ANY.integers(CLASSES, size=SAMPLES).tolist(),
            "classes": [f"class {i}" for i in range(CLASSES)],
            "input_names": [f"{i:é>80}" for i in range(INPUTS)],
            "target_name": "y",
        },
        "layers": [{"units": 64, "dropout": 0.5}, {"units": CLASSES, "activation": "softmax"}],
        "loss": "softmax_cross_entropy",
        "runs": [{}],
    }


FEW = {"name": "circle", "samples": 10}
SPECS: Mapping[str, Any] = {
    "deep": {"data": FEW, "layers": [{"units": 64}] * 10 + [OUTPUT], "runs": LABELLED},
    "middle": {"data": FEW, "layers": [{"units": 64}] * 2 + [OUTPUT], "runs": [{}]},
    "long": {
        "data": FEW,
        "layers": [{"units": 1}, OUTPUT],
        "regularizer": {"name": "l2", "rate": 1e-7},
        "runs": LABELLED,
    },
}
SIZE = {"size": 201, "points": 256}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    *(("", name, {}) for name in ("deep", "wide", "long")),
    ("/loss", "long", {"points": 20_000}),
    ("/parameters", "deep", {}),
    ("/parameters.npz", "deep", {}),
    ("/data", "wide", {}),
    ("/batches", "wide", {"count": 10_000}),
    ("/batches", "long", {"count": 10_000}),
    ("/masks", "wide", {}),
    *(("/code", name, {"target": "notebook"}) for name in ("deep", "wide")),
    ("/gradients", "middle", {}),
    ("/outputs", "wide", {"size": 256, "neurons": "true", "samples": "true"}),
    ("/outputs", "wide", {"size": 256, "samples": "true"}),
    ("/outputs", "deep", {"size": 256, "neurons": "true", "samples": "true"}),
    ("/metrics", "wide", {}),
    *(("/trace", name, {"parameter": "W1[0,0]"}) for name in ("deep", "wide")),
    ("/diagnostics", "deep", {}),
    ("/diagnostics/history", "long", {"points": 400}),
    *(("/frame", name, {"size": 256, "neurons": "true"}) for name in ("deep", "wide")),
    ("/surface", "long", SIZE),
    ("/relief", "long", {}),
    ("/slice", "long", {"parameter": "W1[0,0]", "size": 1001}),
    ("/curvature", "long", {}),
    ("/sharpness", "long", {"points": 256}),
]


@pytest.fixture(scope="module")
def largest(basin: Client) -> Mapping[str, Experiment]:
    """Experiments at their limits: of depth and runs, of data, of a history that is not thinned."""
    made = {name: basin.create(spec) for name, spec in SPECS.items()}
    made["wide"] = basin.create(wide())
    for count in (10_000, 9_999):
        made["long"].train(count, every=10_000)
    return made


def answered(basin: Client, url: str, query: dict[str, Any]) -> int:
    """Bytes of an answer; where too much is asked for, of the one to as much as there may be."""
    answer = basin.application.test_client().get(url, query_string=query)
    if answer.status_code == 200:
        return len(answer.get_data())
    (error,) = json.loads(answer.get_data())["errors"]
    name = error["pointer"][1:]
    assert error["allowed"]["maximum"] < query[name]
    return answered(basin, url, {**query, name: error["allowed"]["maximum"]})


@pytest.mark.parametrize(("call", "name", "query"), CALLS)
def test_no_answer_is_larger_than_is_stated(
    basin: Client, largest: Mapping[str, Experiment], call: str, name: str, query: dict[str, Any]
) -> None:
    size = answered(basin, f"{largest[name].url}{call}", query)
    assert 0 < size <= MOST_ANSWERED, f"{size / ANSWER_BYTES:.2f} × ANSWER_BYTES"


def test_every_answer_about_an_experiment_is_looked_at() -> None:
    root = "/api/experiments/{id}"
    documented = {
        path.removeprefix(root)
        for path, methods in document()["paths"].items()
        if path.startswith(root) and "get" in methods
    }
    assert documented == {call for call, _, _ in CALLS}
    of_data = [ranges.SAMPLES, ranges.INPUTS, ranges.CLASSES]
    of_networks = [ranges.RUNS, ranges.HIDDEN_LAYERS, ranges.UNITS]
    assert [one.maximum for one in of_data] == [SAMPLES, INPUTS, CLASSES]
    assert [one.maximum for one in of_networks] == [16, 10, 64]


def test_answers_that_are_no_experiments_are_small(basin: Client) -> None:
    for path, methods in document()["paths"].items():
        if "get" in methods and "{" not in path:
            assert answered(basin, path, {}) < ANSWER_BYTES / 8, path
