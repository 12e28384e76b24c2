"""Landscapes over the API: planes, surfaces with their paths, slices, curvature, points."""

import threading
from typing import Any

import numpy as np
import pytest

from app.lab.spec import ranges
from app.nn.landscape.planes import Plane
from app.nn.update.optimizers import OPTIMIZERS
from tests.lab.client import Client, Experiment
from tests.lab.trainer import Array, decoded, network, points
from tests.web.problems import refused

PLANES: dict[str, dict[str, Any]] = {
    "parameters": {"plane": "parameters", "x": "W2[0,1]", "y": "b1[2]"},
    "random": {"plane": "random", "seed": 5},
    "without biases": {"plane": "random", "biases": "false"},
    "pca": {"plane": "pca"},
    "between": {"plane": "between", "other": 2},
    "from start": {"plane": "from_start"},
}


def body(words: dict[str, Any]) -> dict[str, Any]:
    """The words of a query as they stand in a body."""
    return words if "biases" not in words else {**words, "biases": words["biases"] == "true"}


@pytest.fixture
def trained(basin: Client) -> Experiment:
    experiment = basin.create(data={"samples": 60}, batch_size=8)
    experiment.train(40)
    return experiment


def flat(parameters: tuple[Any, Any]) -> Array:
    """W and b as one row of numbers."""
    return np.concatenate([np.ravel(layer) for part in parameters for layer in part])


# -- the surface


@pytest.mark.parametrize("kind", PLANES)
@pytest.mark.parametrize("run", [0, 1])
def test_every_height_is_the_loss_of_a_network_put_there(
    trained: Experiment, kind: str, run: int
) -> None:
    words = {**PLANES[kind], "run": run, "step": 40}
    surface = trained.read("surface", **words, size=3)
    x, y = points(trained)
    z = decoded(surface["z"])
    for row in range(3):
        for column in range(3):
            at = {"x": surface["x"][column], "y": surface["y"][row]}
            trained.set(run, point={"plane": body(words), **at})
            here = network(trained, run).cost(x, y)
            assert z[row, column] == pytest.approx(here, rel=1e-5)
            trained.rewind(39)
            trained.train(1)


def rebuilt(experiment: Experiment, words: dict[str, Any]) -> Plane:
    """The plane that the words name, from three networks put on it; leaves all as it was."""
    version = experiment.summary()["step"]
    corners = []
    for x, y in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)):
        experiment.set(4, point={"plane": body(words), "x": x, "y": y})
        corners.append(flat(experiment.parameters(4)))
    experiment.rewind(version - 1)
    experiment.train(1)
    return Plane(corners[0], corners[1] - corners[0], corners[2] - corners[0])


@pytest.mark.parametrize("kind", PLANES)
def test_a_network_is_put_exactly_where_it_was_clicked(trained: Experiment, kind: str) -> None:
    words = {**PLANES[kind], "run": 1, "step": 39}
    plane = rebuilt(trained, words)
    trained.set(3, point={"plane": body(words), "x": 0.3, "y": -0.7})
    there = flat(trained.parameters(3))
    np.testing.assert_allclose(there, plane.point(0.3, -0.7), rtol=1e-10, atol=1e-13)
    if kind == "parameters":
        W, b = trained.parameters(3)
        assert (W[1][0][1], b[0][2]) == (0.3, -0.7)
    if kind != "pca":  # which this moves itself
        path = trained.read("surface", **{**words, "step": 40}, size=2)["path"][3]
        assert (path["began"], path["steps"][-1]) == (40, 40)
        trained.set(3, point={"plane": {**body(words), "step": 40}, "x": 0.3, "y": -0.7})
        path = trained.read("surface", **{**words, "step": 40}, size=2)["path"][3]
        assert path["x"][-1] == pytest.approx(0.3, rel=1e-12)
        assert path["y"][-1] == pytest.approx(-0.7, rel=1e-12)
        assert path["off"][-1] < 1e-12
        assert path["base"][-1] == pytest.approx(path["z"][-1], rel=1e-5)


@pytest.mark.parametrize("kind", PLANES)
def test_frames_are_on_the_plane_that_was_drawn(trained: Experiment, kind: str) -> None:
    words = {**PLANES[kind], "run": 1, "step": 39}
    plane = rebuilt(trained, words)
    frames = trained.train(6, every=3, views={"path": body(words)})
    drawn = trained.read("surface", **words, size=2)
    for run in range(5):
        for place, step in enumerate((43, 46)):
            x, y = plane.coordinates(flat(trained.parameters(run, step)))
            assert frames["path"]["x"][run][place] == pytest.approx(x, rel=1e-8, abs=1e-10)
            assert frames["path"]["y"][run][place] == pytest.approx(y, rel=1e-8, abs=1e-10)
        theta = flat(trained.parameters(run, 39))
        x, y = plane.coordinates(theta)
        path = drawn["path"][run]
        assert (path["x"][-1], path["y"][-1]) == pytest.approx((x, y), rel=1e-8, abs=1e-10)
        off = np.linalg.norm(theta - plane.point(x, y))
        assert path["off"][-1] == pytest.approx(off, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("kind", PLANES)
def test_a_plane_of_the_past_is_the_plane_it_was(trained: Experiment, kind: str) -> None:
    words = {**PLANES[kind], "run": 1}
    before = trained.read("surface", **words, size=5)
    trained.train(25)
    assert trained.read("surface", **words, step=40, size=5) == before
    # What is set by hand is a start, from which a run has to go to have a plane of its own path.
    at = 39 if kind == "from start" else 40
    trained.rewind(at)
    trained.set(2 if kind == "between" else 1, values={"W1[0,0]": 0.7})
    if at < 40:
        trained.train(40 - at)
    after = trained.read("surface", **words, step=40, size=5)
    assert after["z"] != before["z"]


def test_the_base_is_the_loss_below_a_run(trained: Experiment) -> None:
    x, y = points(trained)
    path = trained.read("surface", plane="pca", size=2)["path"][2]
    words = {"plane": "pca", "step": 40}
    trained.set(0, point={"plane": words, "x": path["x"][-1], "y": path["y"][-1]})
    assert path["base"][-1] == pytest.approx(network(trained, 0).cost(x, y), rel=1e-5)
    assert path["off"][-1] > 1e-3
    assert path["z"][-1] == pytest.approx(network(trained, 2).cost(x, y), rel=1e-12)


def test_the_principal_plane_says_what_it_explains(trained: Experiment) -> None:
    surface = trained.read("surface", plane="pca", size=2)
    first, second = surface["explained"]
    assert 0.0 < second < first < first + second < 1.0
    assert surface["axes"] == {"x": "PC1", "y": "PC2"}


def test_between_two_runs_both_ends_and_the_start_are_on_the_picture(trained: Experiment) -> None:
    surface = trained.read("surface", plane="between", run=1, other=3, size=2)
    here, there = surface["path"][1], surface["path"][3]
    assert (here["x"][-1], here["y"][-1]) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert (there["x"][-1], there["y"][-1]) == pytest.approx((1.0, 0.0), abs=1e-12)
    assert here["y"][0] > 0.0
    for path, place in ((here, -1), (there, -1), (here, 0)):
        assert path["off"][place] < 1e-12
        assert path["base"][place] == pytest.approx(path["z"][place], rel=1e-5)


def test_from_the_start_a_run_goes_from_0_to_1_and_bends_upward(trained: Experiment) -> None:
    surface = trained.read("surface", plane="from_start", run=1, size=2)
    path = surface["path"][1]
    assert surface["axes"] == {"x": "to_present", "y": "bend"}
    assert (path["x"][0], path["y"][0]) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert (path["x"][-1], path["y"][-1]) == pytest.approx((1.0, 0.0), abs=1e-12)
    # The point farthest from the straight line is on the plane, and no other is as high.
    farthest = int(np.argmax(path["y"]))
    assert path["y"][farthest] > 0.0
    for place in (0, farthest, -1):
        assert path["off"][place] < 1e-12
        assert path["base"][place] == pytest.approx(path["z"][place], rel=1e-5)


def test_a_run_set_by_hand_starts_there(trained: Experiment) -> None:
    trained.set(1, values={"W1[0,0]": 3.0})
    trained.train(1)
    surface = trained.read("surface", plane="from_start", run=1, size=2)
    assert surface["axes"]["y"] == "random"  # two points are a straight path
    path = surface["path"][1]
    at = path["steps"].index(40)
    assert (path["x"][at], path["y"][at]) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert path["off"][at] < 1e-9


def test_another_loss_of_the_same_network_can_be_drawn(trained: Experiment) -> None:
    x, y = points(trained)
    surface = trained.read("surface", loss="mse", size=2)
    assert surface["loss"] == "mse"
    for run, path in enumerate(surface["path"]):
        there = network(trained, run)
        there.loss = "mse"
        assert path["z"][-1] == pytest.approx(there.cost(x, y), rel=1e-12)
    errors = refused(
        trained.client, "GET", f"{tanh_output(trained.client).url}/surface?loss=cross_entropy", 422
    )
    assert (errors[0]["pointer"], errors[0]["code"]) == ("/loss", "misfit")


def tanh_output(client: Client) -> Experiment:
    layers = [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "tanh"}]
    return client.create(data={"samples": 20}, layers=layers, runs=[{}])


def test_a_path_that_is_dear_to_measure_has_fewer_points(
    trained: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained.read("surface", size=2)["path"]
    monkeypatch.setattr(ranges, "WORK_LIMIT", 4 * 17 * 30 * 5 * 7)  # seven points of five runs
    thin = trained.read("surface", size=2)["path"]
    for full, path in zip(whole, thin, strict=True):
        assert len(path["steps"]) <= 8
        assert (path["steps"][0], path["steps"][-1]) == (0, 40)
        for key in ("x", "y", "z", "base", "off"):
            shown = [full[key][step] for step in path["steps"]]
            assert path[key] == pytest.approx(shown, rel=1e-5, abs=1e-9)


# -- the extent


def test_a_picture_stays_while_the_paths_fit_it(basin: Client) -> None:
    experiment = basin.create(data={"samples": 40}, batch_size=5)
    held, changes, pictures = "", 0, 60
    for _ in range(pictures):
        experiment.train(5)
        query: dict[str, Any] = {"held": held} if held else {}
        surface = experiment.read("surface", plane="pca", size=2, **query)
        ends = [surface[axis][end] for axis in "xy" for end in (0, -1)]
        changes += held != ",".join(map(repr, ends))
        held = ",".join(map(repr, ends))
        for path in surface["path"]:
            assert ends[0] < min(path["x"]) <= max(path["x"]) < ends[1]
            assert ends[2] < min(path["y"]) <= max(path["y"]) < ends[3]
    assert changes < pictures / 3


def test_a_picture_that_is_much_too_wide_is_drawn_in(trained: Experiment) -> None:
    surface = trained.read("surface", held="-500,500,-500,500", size=2)
    assert surface["x"][-1] < 100.0


# -- what there is no picture of


def code(experiment: Experiment, question: str) -> tuple[str, str]:
    (error,) = refused(experiment.client, "GET", f"{experiment.url}/{question}", 422)
    return error["pointer"], error["code"]


def test_runs_that_have_not_moved_have_no_plane_of_their_paths(basin: Client) -> None:
    one = basin.create(data={"samples": 20}, runs=[{}, {}])
    assert code(one, "surface?plane=pca") == ("/plane", "not_moved")
    assert code(one, "surface?plane=between") == ("/plane", "on_one_line")
    assert code(one, "surface?plane=from_start") == ("/plane", "at_its_start")
    one.train(1)
    assert one.read("surface", plane="from_start", size=2)["axes"]["y"] == "random"
    assert one.read("surface", plane="pca", size=2)["explained"] == pytest.approx([1.0, 0.0])
    assert code(one, "surface?plane=between") == ("/plane", "on_one_line")  # the two are twins
    single = basin.create(data={"samples": 20}, runs=[{}])
    assert code(single, "surface?plane=between") == ("/other", "only_run")


@pytest.mark.parametrize("kind", PLANES)
def test_a_diverged_run_spoils_no_picture(basin: Client, kind: str) -> None:
    runs = [{"optimizer": {"learning_rate": 0.1}} for _ in range(3)]
    runs[1] = {"optimizer": {"learning_rate": 10.0}}
    layers = [{"units": 3, "activation": "relu"}, {"units": 1, "activation": "linear"}]
    data = {"name": "gauss", "samples": 40}
    for place, run in enumerate(runs):
        run["seed"] = place  # type: ignore[assignment]
    experiment = basin.create(data=data, layers=layers, loss="mse", runs=runs)
    status = experiment.train(60)["runs"][1]
    assert status["status"] == "diverged"
    surface = experiment.read("surface", **PLANES[kind], run=0, size=5)
    assert np.isfinite(decoded(surface["z"])).all()
    assert max(map(abs, surface["x"] + surface["y"])) < 1e3
    assert surface["path"][1]["z"][-1] is None
    assert surface["path"][1]["base"][-1] is None
    slice = experiment.read("slice", run=1)
    assert slice["taken"] is None


@pytest.mark.parametrize("kind", ["between", "from start"])
def test_of_a_run_that_diverged_at_once_it_is_said_that_it_did(basin: Client, kind: str) -> None:
    layers = [*[{"units": 8, "activation": "linear"}] * 3, {"units": 1, "activation": "linear"}]
    run = {"recipe": {"weights": {"name": "he_normal"}}}
    rate = {"learning_rate": 10.0}
    experiment = basin.create(
        data={"samples": 40}, layers=layers, loss="mse", optimizer=rate, runs=[run] * 3
    )
    assert experiment.train(5)["runs"][0]["diverged_at"] == 1
    words = "&".join(f"{name}={value}" for name, value in PLANES[kind].items())
    assert code(experiment, f"surface?{words}") == ("/run", "diverged")


# -- the slice


def test_a_slice_is_the_loss_with_one_parameter_moved(trained: Experiment) -> None:
    x, y = points(trained)
    slice = trained.read("slice", run=1, parameter="W2[0,1]", size=5, x_min=-2, x_max=2)
    assert slice["x"] == [-2.0, -1.0, 0.0, 1.0, 2.0]
    here = network(trained, 1)
    assert slice["value"] == here.W[1][0, 1]
    assert slice["height"] == pytest.approx(here.cost(x, y), rel=1e-12)
    assert slice["slope"] == pytest.approx(here.gradients(x, y)[0][1][0, 1], rel=1e-10)
    for value, J in zip(slice["x"], slice["z"], strict=True):
        here.W[1][0, 1] = value
        assert pytest.approx(here.cost(x, y), rel=1e-12) == J
    (left, right), (low, high) = slice["tangent"]["x"], slice["tangent"]["z"]
    assert (high - low) / (right - left) == pytest.approx(slice["slope"], rel=1e-9)
    assert (low + high) / 2 == pytest.approx(slice["height"], rel=1e-12)


def test_the_step_taken_is_the_step_that_comes(trained: Experiment) -> None:
    slice = trained.read("slice", run=2, parameter="b1[3]")
    assert slice["plain"]["x"] == pytest.approx(
        slice["value"] - slice["learning_rate"] * slice["slope"], rel=1e-12
    )
    assert slice["plain"] != slice["taken"]  # the batch is not the whole training set
    trained.train(1)
    _, b = trained.parameters(2)
    assert slice["taken"]["x"] == b[0][3]
    assert slice["taken"]["loss"] == pytest.approx(trained.loss()["train"][2][41], rel=1e-12)
    past = trained.read("slice", run=2, parameter="b1[3]", step=40)
    assert past["taken"] == slice["taken"]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_step_taken_is_that_of_the_whole_method(basin: Client, optimizer: str) -> None:
    experiment = basin.create(
        data={"name": "rings", "samples": 60},
        features=["x1", "x2", "x1^2"],
        layers=[
            {"units": 4, "activation": "relu", "dropout": 0.3},
            {"units": 3, "activation": "softmax"},
        ],
        batch_size=10,
        optimizer={"name": optimizer, "learning_rate": 0.05},
        schedule={"name": "exponential", "gamma": 0.9},
        clipping={"name": "norm", "max_norm": 0.5},
        regularizer={"name": "l2", "rate": 0.01},
        runs=[{"recipe": {"weights": {"name": "he_normal"}}}, {}],
    )
    experiment.train(7)
    slice = experiment.read("slice", parameter="W1[2,1]")
    surface = experiment.read("surface", x="W1[2,1]", y="W2[0,2]", size=3)
    J = experiment.summary()["loss"]["train"][0]  # without the penalty, and without dropout
    assert slice["height"] == pytest.approx(J, rel=1e-12)
    assert surface["path"][0]["z"][-1] == pytest.approx(J, rel=1e-12)
    assert surface["path"][0]["base"][-1] == pytest.approx(J, rel=1e-5)
    assert slice["learning_rate"] == pytest.approx(0.05 * 0.9**7)
    experiment.train(1)
    assert slice["taken"]["x"] == experiment.parameters(0)[0][0][2][1]
    assert slice["taken"]["loss"] == pytest.approx(experiment.loss()["train"][0][8], rel=1e-12)


def test_with_a_full_batch_gradient_descent_takes_the_plain_step(basin: Client) -> None:
    experiment = basin.create(data={"samples": 20})
    experiment.train(3)
    slice = experiment.read("slice", parameter="W1[2,1]")
    assert slice["taken"]["x"] == pytest.approx(slice["plain"]["x"], rel=1e-12)
    assert slice["x"][0] < slice["taken"]["x"] < slice["x"][-1]


# -- drawing and training at the same time


def test_pictures_and_training_do_not_disturb_each_other(basin: Client) -> None:
    experiment = basin.create()
    drawn: list[Any] = []

    def train() -> None:
        for _ in range(20):
            experiment.train(5)

    def draw() -> None:
        drawn.extend(experiment.read("surface", plane="pca", size=41) for _ in range(5))

    threads = [threading.Thread(target=work) for work in (train, draw, draw)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 10
    for surface in drawn[:3]:
        words = {"plane": "pca", "step": surface["step"], "size": 41}
        assert experiment.read("surface", **words) == surface
