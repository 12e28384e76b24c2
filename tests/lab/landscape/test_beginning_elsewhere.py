"""A plane of one experiment stays the picture while another beginning is tried on it."""

import base64
from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment

SPEC: dict[str, Any] = {
    "data": {"name": "circle", "samples": 60},
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "runs": [{"recipe": {"weights": {"name": "glorot_uniform"}}}, {}],
}
PLANES: list[dict[str, Any]] = [
    {"plane": "parameters", "x": "W1[1,0]", "y": "b2[0]"},
    {"plane": "random", "seed": 3},
    {"plane": "pca"},
    {"plane": "between", "other": 1},
    {"plane": "from_start"},
]


@pytest.fixture
def trained(basin: Client) -> Experiment:
    experiment = basin.create(SPEC)
    experiment.train(40)
    return experiment


@pytest.mark.parametrize("words", PLANES, ids=lambda words: str(words["plane"]))
def test_a_beginning_lies_exactly_where_it_was_chosen_and_at_the_height_of_that_picture(
    basin: Client, trained: Experiment, words: dict[str, Any]
) -> None:
    picture = trained.read("surface", **words, size=9)
    x, y = picture["x"][2], picture["y"][6]
    z = np.frombuffer(base64.b64decode(picture["z"]["bdata"]), "<f4").reshape(9, 9)
    anew = basin.create(SPEC)
    of = {"of": trained.id, "of_step": 40}
    anew.set(0, point={"plane": {**words, **of}, "x": x, "y": y})
    ends: dict[str, Any] = {
        "x_min": x - 1,
        "x_max": x + 1,
        "y_min": y - 1,
        "y_max": y + 1,
        "size": 3,
    }
    path = anew.read("surface", **{**words, **of, **ends})["path"][0]
    np.testing.assert_allclose([path["x"][0], path["y"][0]], [x, y], atol=1e-12)
    np.testing.assert_allclose(path["z"][0], z[6, 2], rtol=1e-5)
    np.testing.assert_allclose(path["off"][0], 0, atol=1e-12)


def test_the_picture_stays_while_the_new_beginning_is_trained(
    basin: Client, trained: Experiment
) -> None:
    ends: dict[str, Any] = {"x_min": -1, "x_max": 1, "y_min": -1, "y_max": 1, "size": 5}
    picture = trained.read("surface", plane="pca", **ends)
    anew = basin.create(SPEC)
    anew.train(10)
    again = anew.read("surface", plane="pca", of=trained.id, of_step=40, **ends)
    assert again["z"] == picture["z"]
    assert len(again["path"][0]["steps"]) == 11


def test_an_experiment_that_is_gone_or_has_another_network_is_named(
    basin: Client, trained: Experiment
) -> None:
    gone = trained.read("surface", 422, plane="pca", of="gone")
    assert gone["errors"][0]["pointer"] == "/of"
    other = basin.create(layers=[{"units": 1, "activation": "sigmoid"}])
    wrong = other.read("surface", 422, plane="pca", of=trained.id)
    assert wrong["errors"][0]["code"] == "misfit"
