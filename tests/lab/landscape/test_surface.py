"""The loss surface over two parameters, and the paths on it."""

import numpy as np
import pytest

from tests.lab.client import Client, Experiment
from tests.lab.trainer import decoded


@pytest.fixture
def trained(basin: Client) -> Experiment:
    """Small and a little trained, with a test set."""
    experiment = basin.create(data={"samples": 40}, batch_size=8)
    experiment.train(30)
    return experiment


def test_a_surface_has_its_axes_its_grid_and_the_rows_along_y(trained: Experiment) -> None:
    surface = trained.read("surface", run=1, x="W2[0,3]", y="b1[2]", size=7)
    assert surface["axes"] == {"x": "W2[0,3]", "y": "b1[2]"}
    assert (surface["run"], surface["plane"], surface["step"]) == (1, "parameters", 30)
    assert len(surface["x"]) == len(surface["y"]) == 7
    assert surface["z"]["shape"] == "7,7"
    np.testing.assert_allclose(np.diff(surface["x"], 2), 0, atol=1e-9)
    assert np.all(np.diff(surface["x"]) > 0)


def test_a_surface_is_61_by_61_over_a_weight_and_a_bias_unless_asked_otherwise(
    trained: Experiment,
) -> None:
    surface = trained.read("surface")
    assert surface["axes"] == {"x": "W1[0,0]", "y": "b1[0]"}
    assert surface["z"]["shape"] == "61,61"


@pytest.mark.parametrize("axes", [("W1[0,0]", "b1[0]"), ("b2[0]", "W1[3,1]"), ("W2[0,0]", "b2[0]")])
@pytest.mark.parametrize("run", [0, 1])
def test_the_height_is_the_loss_with_these_parameters_set_by_hand(
    basin: Client, run: int, axes: tuple[str, str]
) -> None:
    runs = [{}, {"loss": "mse", "recipe": {"weights": {"name": "glorot_normal"}}}]
    experiment = basin.create(data={"samples": 40}, runs=runs)
    experiment.train(10)
    surface = experiment.read("surface", run=run, x=axes[0], y=axes[1], size=4)
    z = decoded(surface["z"])
    for row, y in enumerate(surface["y"]):
        for column, x in enumerate(surface["x"]):
            experiment.set(run, values={axes[0]: x, axes[1]: y})
            J = experiment.summary()["loss"]["train"][run]
            assert z[row, column] == pytest.approx(J, rel=1e-5)


def test_the_extent_can_be_chosen(trained: Experiment) -> None:
    surface = trained.read("surface", size=5, x_min=-3, x_max=1, y_min=0.5, y_max=0.75)
    assert surface["x"] == [-3, -2, -1, 0, 1]
    assert (surface["y"][0], surface["y"][-1]) == (0.5, 0.75)


@pytest.mark.parametrize("axes", [("W1[0,0]", "b1[0]"), ("W2[0,1]", "W1[2,0]")])
def test_every_path_lies_within_the_surface(trained: Experiment, axes: tuple[str, str]) -> None:
    surface = trained.read("surface", size=5, x=axes[0], y=axes[1])
    assert [path["run"] for path in surface["path"]] == [0, 1, 2, 3, 4]
    for path in surface["path"]:
        for name in "xy":
            assert surface[name][0] < min(path[name]) <= max(path[name]) < surface[name][-1]


def test_a_path_is_where_the_run_was_at_its_true_loss(trained: Experiment) -> None:
    surface = trained.read("surface", size=3, x="W2[0,1]", y="b1[2]")
    history = trained.loss()["train"]
    for path in surface["path"]:
        assert (path["steps"][0], path["steps"][-1]) == (0, 30)
        for step, x, y, z in zip(*(path[key] for key in ("steps", "x", "y", "z")), strict=True):
            W, b = trained.parameters(path["run"], step)
            assert (x, y) == (W[1][0][1], b[0][2])
            assert z == history[path["run"]][step]


def test_a_surface_at_an_earlier_step_has_the_path_up_to_it(trained: Experiment) -> None:
    before = trained.read("surface", run=2, step=12, size=6)
    assert all(path["steps"][-1] == 12 for path in before["path"])
    trained.rewind(12)
    assert trained.read("surface", run=2, size=6) == before


def test_a_path_shows_what_was_set_by_hand(trained: Experiment) -> None:
    trained.set(0, values={"W1[0,0]": 0.9, "b1[0]": -0.9})
    trained.train(3)
    path = trained.read("surface", size=3)["path"][0]
    place = path["steps"].index(30)
    assert (path["x"][place], path["y"][place]) == (0.9, -0.9)
    assert path["z"][place] == trained.loss()["train"][0][30]


def test_a_long_path_is_thinned_and_keeps_its_ends(basin: Client) -> None:
    experiment = basin.create(data={"samples": 4})
    experiment.train(5000)
    for path in experiment.read("surface", size=3)["path"]:
        assert len(path["steps"]) == len(path["x"]) == len(path["y"]) == len(path["z"]) <= 1000
        assert (path["steps"][0], path["steps"][-1]) == (0, 5000)
        assert len(path["steps"]) > 100


def test_a_surface_beyond_all_numbers_has_gaps(trained: Experiment) -> None:
    surface = trained.read("surface", size=3, x_min=-1e6, x_max=1e6, y_min=-1e6, y_max=1e6)
    assert decoded(surface["z"]).shape == (3, 3)


def test_a_path_has_as_few_points_as_asked_for_and_those_that_matter(basin: Client) -> None:
    """Each is a point of the whole path; where a run was set by hand, and the present, stay."""
    experiment = basin.create(data={"samples": 20})
    experiment.train(101)
    experiment.set(1, values={"W1[0,0]": 0.5})
    experiment.train(120)
    whole = experiment.read("surface")["path"][1]
    few = experiment.read("surface", points=16)["path"][1]
    assert 8 <= len(few["steps"]) <= 18
    assert {0, 101, 221} <= set(few["steps"])
    places = [whole["steps"].index(step) for step in few["steps"]]
    for name in ("x", "y", "z", "base", "off"):
        np.testing.assert_allclose(few[name], [whole[name][i] for i in places], rtol=1e-12)


def test_the_points_of_a_path_are_a_whole_number_from_2_to_256(basin: Client) -> None:
    for points in (1, 257, "many"):
        problem = basin.create().read("surface", 422, points=points)
        assert [error["pointer"] for error in problem["errors"]] == ["/points"]
