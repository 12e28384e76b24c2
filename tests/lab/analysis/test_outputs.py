"""Gradients and outputs of a run, against a plain network with the same parameters."""

import numpy as np
import pytest

from app.lab.analysis.network_state import run_parameters
from app.lab.analysis.outputs import gradient
from app.lab.spec.arrays import LayerArrays
from tests.lab.client import Client, Experiment
from tests.lab.states import Trained, train
from tests.lab.trainer import FITTING, FUNCTIONS, Array, Network, close, decoded, network, points

FIVE = {
    "data": {
        "name": "custom",
        "inputs": (np.sin(np.arange(60.0)).reshape(12, 5) * [1, 2, 3, 4, 5]).tolist(),
        "targets": np.cos(np.arange(12.0)).tolist(),
    },
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "linear"}],
    "runs": [{}],
}


@pytest.fixture
def trained(basin: Client) -> Experiment:
    """Small and a little trained, with a test set."""
    experiment = basin.create(data={"samples": 40}, batch_size=8)
    experiment.train(30)
    return experiment


# -- gradients


def beginning(loss: str, output: str, hidden: str) -> Trained:
    layers = [{"units": 3, "activation": hidden}, {"units": 1, "activation": output}]
    recipe = {"weights": {"name": "glorot_normal"}, "biases": {"name": "normal", "std": 0.3}}
    return train(0, data={"samples": 20}, layers=layers, loss=loss, runs=[{"recipe": recipe}])


@pytest.mark.parametrize("hidden", FUNCTIONS)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_gradients_are_those_of_the_chain_rule(loss: str, output: str, hidden: str) -> None:
    run = beginning(loss, output, hidden)
    theta = run_parameters(run.experiment, run.state, 0)
    W, b = ([np.array(layer, dtype=float) for layer in theta[which]] for which in ("W", "b"))
    x, y = (np.array(part.T, dtype=float) for part in (run.setup.train.X, run.setup.train.Y))
    plain = Network(W, b, [hidden, output], loss)
    answer = gradient(run.setup, run.state, 0)
    close((answer["W"], answer["b"]), plain.gradients(x, y))
    assert answer["loss"] == pytest.approx(plain.cost(x, y), rel=1e-12)


@pytest.mark.parametrize("hidden", FUNCTIONS)
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_the_numeric_check_agrees(loss: str, output: str, hidden: str) -> None:
    run = beginning(loss, output, hidden)
    answer = gradient(run.setup, run.state, 0)
    parts: list[LayerArrays] = [answer, answer["numeric"]]
    flat = [
        np.concatenate([np.array(layer, dtype=float).ravel() for layer in [*part["W"], *part["b"]]])
        for part in parts
    ]
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


def test_any_two_of_five_inputs_may_vary(basin: Client) -> None:
    experiment = basin.create(FIVE)
    samples, _ = points(experiment)
    for across, up in ((3, 1), (0, 4)):
        answer = experiment.read("outputs", size=5, across=across, up=up, neurons="false")
        assert answer["axes"] == [across, up]
        assert answer["inputs"] == [f"x{across + 1}", f"x{up + 1}"]
        np.testing.assert_allclose(answer["held"], samples.mean(axis=0))
        grid = np.tile(samples.mean(axis=0), (25, 1))
        grid[:, across], grid[:, up] = np.tile(answer["x"], 5), np.repeat(answer["y"], 5)
        final = expected_outputs(experiment, grid)[-1].reshape(5, 5)
        np.testing.assert_allclose(decoded(answer["output"]), final, rtol=1e-4, atol=1e-6)
        frame = experiment.read("frame", size=5, across=across, up=up)
        assert frame["inside"]["outputs"]["output"] == answer["output"]
    assert experiment.read("outputs", size=3, across=1)["axes"] == [1, 0]
    assert experiment.read("outputs", size=3, up=0)["axes"] == [1, 0]


def test_a_block_of_training_brings_the_plane_that_is_asked_for(basin: Client) -> None:
    experiment = basin.create(FIVE)
    plane = {"size": 4, "across": 4, "up": 2}
    block = experiment.train(3, views={"outputs": plane, "inside": plane})
    for told in (block["outputs"], block["inside"]["outputs"]):
        assert told["axes"] == [4, 2]
        assert told["output"] == experiment.read("outputs", **plane)["output"]


def test_one_neuron_can_be_asked_for(trained: Experiment) -> None:
    every = trained.read("outputs", size=6)
    for layer, units in enumerate(every["neurons"]):
        for row, map in enumerate(units):
            one = trained.read("outputs", size=6, neurons="false", neuron=f"b{layer + 1}[{row}]")
            assert one["neuron"] == map


def test_the_outputs_at_the_samples_are_the_networks(trained: Experiment) -> None:
    told = trained.read("outputs", size=3, samples="true")["samples"]
    data = trained.read("data")
    for part in ("train", "test"):
        final = expected_outputs(trained, np.array(data[part]["x"]))[-1]
        np.testing.assert_allclose(decoded(told[part]), final[:, 0], rtol=1e-5, atol=1e-6)


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
