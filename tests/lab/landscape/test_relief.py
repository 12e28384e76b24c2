"""The pair of parameters that a surface opens on, and the step that is drawn on it."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment
from tests.lab.trainer import decoded


@pytest.fixture(scope="module")
def opening(basin: Client) -> Experiment:
    """What the page opens with: Glorot's run is the first."""
    return basin.create()


def drawn(experiment: Experiment, x: str, y: str, size: int = 61, **ends: Any) -> Any:
    """J over a pair of parameters, within ±3 of where Glorot's run is, or between given ends."""
    if not ends:
        weight, bias = at(experiment, x), at(experiment, y)
        ends = {"x_min": weight - 3, "x_max": weight + 3, "y_min": bias - 3, "y_max": bias + 3}
    return decoded(experiment.read("surface", step=0, x=x, y=y, size=size, **ends)["z"])


def at(experiment: Experiment, name: str) -> float:
    """A parameter of the first run at step 0, by its name."""
    parameters = experiment.read("parameters", run=0, step=0)
    layer, places = int(name[1]) - 1, [int(part) for part in name[3:-1].split(",")]
    numbers = parameters[name[0]][layer]
    for place in places:
        numbers = numbers[place]
    return float(numbers)


@pytest.mark.parametrize(
    ("pair", "height", "inside"),
    [
        (("W1[0,0]", "b1[0]"), 0.010, False),
        (("W1[1,1]", "b1[1]"), 0.54, True),
        (("W2[0,1]", "b2[0]"), 1.44, True),
    ],
)
def test_the_relief_of_the_openings_planes(
    opening: Experiment, pair: tuple[str, str], height: float, inside: bool
) -> None:
    J = drawn(opening, *pair)
    assert np.ptp(J) == pytest.approx(height, abs=0.005)
    row, column = np.unravel_index(int(J.argmin()), J.shape)
    assert (0 < row < 60 and 0 < column < 60) == inside


def test_the_bowl_over_an_output_weight_is_convex(opening: Experiment) -> None:
    """Cross-entropy is convex in what the output layer adds up: W2 h + b2."""
    J = drawn(opening, "W2[0,1]", "b2[0]", x_min=-3, x_max=3, y_min=-3, y_max=3)
    assert np.ptp(J) == pytest.approx(1.08, abs=0.005)
    # Float32 rounds J to about 1e-7, and no second difference may be lower than that.
    for line in (J, J.T, np.array([np.diagonal(J)])):
        assert np.diff(line, 2, axis=1).min() > -1e-6


def test_the_pair_with_the_most_relief_is_found(opening: Experiment) -> None:
    found = opening.read("relief")
    assert (found["x"], found["y"], found["inside"]) == ("W2[0,1]", "b2[0]", True)
    assert found["searched"] == found["pairs"] == 12
    names = [(f"W1[{i},{j}]", f"b1[{i}]") for i in range(4) for j in range(2)]
    names += [(f"W2[0,{j}]", "b2[0]") for j in range(4)]
    heights = {x: float(np.ptp(drawn(opening, x, y, size=9))) for x, y in names}
    assert max(heights, key=lambda name: heights[name]) == found["x"]
    assert found["relief"] == pytest.approx(heights[found["x"]], rel=1e-6)


def test_the_pair_is_a_weight_and_the_bias_of_its_neuron(basin: Client) -> None:
    layers = [{"units": units, "activation": "relu"} for units in (5, 3)]
    experiment = basin.create(layers=[*layers, {"units": 1, "activation": "sigmoid"}])
    for run in range(5):
        found = experiment.read("relief", run=run)
        assert found["y"] == f"b{found['x'][1]}[{found['x'][3]}]"
        assert found["relief"] >= 0.0


def test_a_large_network_is_searched_in_part_and_more_of_it_nearer_to_the_output(
    basin: Client,
) -> None:
    wide = [{"units": 64, "activation": "tanh"}] * 10
    experiment = basin.create(layers=[*wide, {"units": 1, "activation": "sigmoid"}])
    found = experiment.read("relief")
    assert found["searched"] < found["pairs"] == 64 * 2 + 9 * 64 * 64 + 64
    assert found["x"].startswith("W")


def test_a_run_of_zeros_has_a_pair_too(opening: Experiment) -> None:
    """Only b2 moves J there, which classes of about one size pull from both sides."""
    found = opening.read("relief", run=4)
    assert found["y"] == "b2[0]"
    assert found["relief"] == pytest.approx(np.log(2 * np.cosh(1.5)) - np.log(2), abs=0.1)


def test_the_relief_of_a_step_is_read_again_as_it_was(basin: Client) -> None:
    experiment = basin.create(data={"samples": 40})
    before = experiment.read("relief", step=0)
    experiment.train(20)
    assert experiment.read("relief", step=0) == before
    assert experiment.read("relief")["step"] == 20


def test_larger_parameters_are_looked_at_further_out(basin: Client) -> None:
    """So far that 0 is in the picture, where the hollow is for a neuron that begins saturated."""
    neuron: dict[str, Any] = {"layers": [{"units": 1, "activation": "sigmoid"}]}
    neuron["data"] = {"name": "line"}
    run = {"parameters": {"W": [[[-8.0]]], "b": [[6.0]]}}
    experiment = basin.create(neuron, runs=[run])
    assert experiment.read("relief")["reach"] == 10.0
    assert experiment.read("relief", reach=2)["reach"] == 2.0


def test_a_surface_reaches_as_far_as_asked(opening: Experiment) -> None:
    usual = opening.read("surface", size=3)
    wide = opening.read("surface", size=3, reach=3)
    assert usual["x"][-1] - usual["x"][0] < 6 <= wide["x"][-1] - wide["x"][0]


@pytest.mark.parametrize("plane", ["parameters", "random", "pca"])
def test_the_step_ahead_is_alpha_times_the_gradient_on_the_plane(basin: Client, plane: str) -> None:
    experiment = basin.create(data={"samples": 40})
    experiment.train(10)
    surface = experiment.read("surface", plane=plane, size=5)
    ahead = surface["ahead"]
    last = surface["path"][0]
    assert [ahead["x"][0], ahead["y"][0]] == pytest.approx([last["x"][-1], last["y"][-1]])
    assert ahead["z"][0] == pytest.approx(last["base"][-1], rel=1e-5)
    # A full batch and plain steps: where the step leads is where the run is next.
    experiment.train(1)
    of: dict[str, Any] = {} if plane == "parameters" else {"of": experiment.id, "of_step": 10}
    after = experiment.read("surface", plane=plane, size=5, **of)["path"][0]
    assert [ahead["x"][1], ahead["y"][1]] == pytest.approx([after["x"][-1], after["y"][-1]])


def test_the_step_ahead_is_that_of_the_loss_that_is_drawn(basin: Client) -> None:
    experiment = basin.create(data={"samples": 40})
    own = experiment.read("surface", size=5)["ahead"]
    other = experiment.read("surface", size=5, loss="mse")["ahead"]
    assert own["x"][0] == other["x"][0]
    assert own["x"][1] != other["x"][1]
