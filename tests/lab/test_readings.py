"""What is read off an experiment: losses, gradients, the surface and the outputs."""

import base64
from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment
from tests.lab.trainer import FITTING, FUNCTIONS, Array, close, network, points

FIVE = {
    "data": {
        "name": "custom",
        "inputs": (np.sin(np.arange(60.0)).reshape(12, 5) * [1, 2, 3, 4, 5]).tolist(),
        "targets": np.cos(np.arange(12.0)).tolist(),
    },
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "linear"}],
    "runs": [{}],
}


def decoded(typed: Any) -> Array:
    """A typed array as plotly.js reads it: little-endian float32, in its shape."""
    assert typed["dtype"] == "f4"
    numbers = np.frombuffer(base64.b64decode(typed["bdata"], validate=True), "<f4")
    shape = tuple(int(size) for size in typed["shape"].split(","))
    return numbers.reshape(shape).astype(np.float64)


@pytest.fixture
def trained(basin: Client) -> Experiment:
    """Small and a little trained, with a test set."""
    experiment = basin.create(data={"samples": 40}, batch_size=8)
    experiment.train(30)
    return experiment


# -- losses


def test_the_history_is_complete_while_it_has_few_enough_points(trained: Experiment) -> None:
    history = trained.loss(points=31)
    assert history["steps"] == list(range(31))
    assert [len(run) for run in history["train"] + history["test"]] == [31] * 10


def test_the_default_is_a_thousand_points(basin: Client) -> None:
    experiment = basin.create(data={"samples": 2}, runs=[{}])
    experiment.train(999)
    assert experiment.read("loss")["steps"] == list(range(1000))
    experiment.train(1)
    assert len(experiment.read("loss")["steps"]) <= 1000


@pytest.mark.parametrize("size", [2, 3, 10, 50, 100, 500, 600])
def test_a_thinned_history_has_no_more_points_than_asked_for_and_both_ends(
    basin: Client, size: int
) -> None:
    experiment = basin.create(data={"samples": 20}, batch_size=3)
    experiment.train(600)
    steps = experiment.loss(points=size)["steps"]
    assert len(steps) <= size
    assert (steps[0], steps[-1]) == (0, 600)
    assert steps == sorted(set(steps))


@pytest.mark.parametrize("size", [30, 100, 300])
def test_thinning_keeps_the_extremes_of_every_run(basin: Client, size: int) -> None:
    experiment = basin.create(data={"samples": 20}, batch_size=3, optimizer={"learning_rate": 5})
    experiment.train(137)
    experiment.set(2, values={"W2[0,0]": 300, "b2[0]": 200})  # a spike of one step
    experiment.train(600)
    whole, thin = experiment.loss(), experiment.loss(points=size)
    for part in ("train", "test"):
        for full, kept in zip(whole[part], thin[part], strict=True):
            assert (min(kept), max(kept)) == (min(full), max(full))


def test_a_thinned_history_says_what_the_whole_one_says(basin: Client) -> None:
    experiment = basin.create(data={"samples": 20}, batch_size=3)
    experiment.train(300)
    whole, thin = experiment.loss(), experiment.loss(points=40)
    assert len(thin["steps"]) > 10
    for part in ("train", "test"):
        assert thin[part] == [[run[step] for step in thin["steps"]] for run in whole[part]]


# -- gradients


@pytest.mark.parametrize("hidden", FUNCTIONS)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_gradients_are_those_of_the_chain_rule(
    basin: Client, loss: str, output: str, hidden: str
) -> None:
    layers = [{"units": 3, "activation": hidden}, {"units": 1, "activation": output}]
    recipe = {"weights": {"name": "glorot_normal"}, "biases": {"name": "normal", "std": 0.3}}
    runs = [{"recipe": recipe}]
    experiment = basin.create(data={"samples": 20}, layers=layers, loss=loss, runs=runs)
    x, y = points(experiment)
    answer = experiment.read("gradients")
    close((answer["W"], answer["b"]), network(experiment).gradients(x, y))
    assert answer["loss"] == pytest.approx(network(experiment).cost(x, y), rel=1e-12)


@pytest.mark.parametrize("hidden", FUNCTIONS)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_the_numeric_check_agrees(basin: Client, loss: str, output: str, hidden: str) -> None:
    layers = [{"units": 3, "activation": hidden}, {"units": 1, "activation": output}]
    recipe = {"weights": {"name": "glorot_normal"}, "biases": {"name": "normal", "std": 0.3}}
    runs = [{"recipe": recipe}]
    experiment = basin.create(data={"samples": 20}, layers=layers, loss=loss, runs=runs)
    answer = experiment.read("gradients")
    flat = [np.concatenate([np.ravel(layer) for layer in [*part["W"], *part["b"]]])
            for part in (answer, answer["numeric"])]  # fmt: skip
    assert answer["max_difference"] == np.abs(flat[0] - flat[1]).max()
    np.testing.assert_allclose(flat[0], flat[1], rtol=1e-7, atol=1e-7 * np.abs(flat[0]).max())


def test_a_full_batch_step_is_minus_the_rate_times_the_gradient(basin: Client) -> None:
    experiment = basin.create(optimizer={"learning_rate": 0.25})
    experiment.train(7)
    for run in range(5):
        gradients = experiment.read("gradients", run=run, step=4)
        (W, b), (W_next, b_next) = (experiment.parameters(run, step) for step in (4, 5))
        for now, slope, after in zip(W + b, gradients["W"] + gradients["b"], W_next + b_next,
                                     strict=True):  # fmt: skip
            close(after, (np.array(now) - 0.25 * np.array(slope)).tolist())


def test_gradients_are_of_the_full_training_set_in_the_runs_own_loss(basin: Client) -> None:
    runs = [{"loss": loss} for loss in ("mse", "cross_entropy")]
    experiment = basin.create(data={"samples": 40}, batch_size=3, runs=runs)
    experiment.train(5)
    x, y = points(experiment)
    for run in range(2):
        answer = experiment.read("gradients", run=run)
        close((answer["W"], answer["b"]), network(experiment, run).gradients(x, y))
        assert answer["loss"] == pytest.approx(experiment.loss()["train"][run][5], rel=1e-14)


# -- the surface


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


# -- outputs


def expected_outputs(experiment: Experiment, grid: Array) -> list[Array]:
    """What every layer of run 0 puts out at rows of inputs."""
    return [a for _, a in network(experiment).answers(grid)]


def test_outputs_of_one_input_are_a_curve(basin: Client) -> None:
    layers = [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "linear"}]
    experiment = basin.create(data={"name": "line"}, layers=layers)
    answer = experiment.read("outputs", size=11)
    assert (answer["inputs"], answer.get("y"), len(answer["x"])) == (["x1"], None, 11)
    assert answer["output"]["shape"] == "11"
    hidden, final = expected_outputs(experiment, np.array(answer["x"])[:, np.newaxis])
    np.testing.assert_allclose(decoded(answer["output"]), final[:, 0], rtol=1e-4, atol=1e-6)
    for unit in range(3):
        shown = decoded(answer["neurons"][0][unit])
        np.testing.assert_allclose(shown, hidden[:, unit], rtol=1e-4, atol=1e-6)


def test_outputs_of_two_inputs_are_a_map_whose_rows_follow_y(trained: Experiment) -> None:
    answer = trained.read("outputs", size=9)
    assert answer["inputs"] == ["x1", "x2"]
    x, y = np.meshgrid(answer["x"], answer["y"])
    layers = expected_outputs(trained, np.stack([x.ravel(), y.ravel()], axis=1))
    shown = decoded(answer["output"])
    np.testing.assert_allclose(shown, layers[-1].reshape(9, 9), rtol=1e-4, atol=1e-6)
    assert [len(layer) for layer in answer["neurons"]] == [4, 1]
    for unit in range(4):
        map = decoded(answer["neurons"][0][unit])
        np.testing.assert_allclose(map, layers[0][:, unit].reshape(9, 9), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("standardize", [False, True])
def test_outputs_of_five_inputs_vary_two_and_leave_the_others_at_their_mean(
    basin: Client, standardize: bool
) -> None:
    data = {**FIVE["data"], "standardize": standardize}  # type: ignore[dict-item]
    experiment = basin.create(FIVE, data=data)
    samples, _ = points(experiment)
    answer = experiment.read("outputs", size=5)
    assert answer["inputs"] == ["x1", "x2"]
    grid = np.tile(samples.mean(axis=0), (25, 1))
    grid[:, 0], grid[:, 1] = np.tile(answer["x"], 5), np.repeat(answer["y"], 5)
    if standardize:
        grid = (grid - samples.mean(axis=0)) / samples.std(axis=0)
    final = expected_outputs(experiment, grid)[-1].reshape(5, 5)
    np.testing.assert_allclose(decoded(answer["output"]), final, rtol=1e-4, atol=1e-6)


def test_the_map_covers_the_data(basin: Client) -> None:
    for spec in ({"data": {"name": "spiral", "noise": 0.5}}, FIVE):
        experiment = basin.create(spec)
        answer, data = experiment.read("outputs", size=3), experiment.read("data")
        for place, name in enumerate("xy"):
            column = [row[place] for row in data["train"]["x"] + data["test"]["x"]]
            assert answer[name][0] <= min(column)
            assert max(column) <= answer[name][-1]
            assert data["extent"][place] == [answer[name][0], answer[name][-1]]


def test_neurons_can_be_left_out(trained: Experiment) -> None:
    with_neurons = trained.read("outputs", size=4)
    without = trained.read("outputs", size=4, neurons="false")
    assert "neurons" in with_neurons
    assert without.get("neurons") is None
    assert without["output"] == with_neurons["output"]


def test_outputs_are_of_the_run_and_the_step_asked_for(trained: Experiment) -> None:
    asked = trained.read("outputs", run=3, step=8, size=4)
    assert (asked["run"], asked["step"]) == (3, 8)
    trained.rewind(8)
    assert trained.read("outputs", run=3, size=4) == asked
    assert trained.read("outputs", run=2, size=4)["output"] != asked["output"]
