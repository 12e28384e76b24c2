"""Curvature over the API, and the bound on the learning rate of the update that a run makes."""

import itertools
from typing import Any

import numpy as np
import pytest

from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.stability import STABILITIES
from tests.lab.client import Client, Experiment
from tests.lab.landscape.test_landscape import PLANES
from tests.web.problems import places, refused

BOWL: dict[str, Any] = {
    "data": {"name": "line", "samples": 40},
    "layers": [{"units": 1, "activation": "linear"}],
    "loss": "mse",
    "runs": [{}],
}
"""J(W, b) over the line is a parabola: its curvature is the same everywhere."""
TWINS = [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
L2 = {"name": "l2", "rate": 3.0}
ADAPTIVE = [name for name in STABILITIES if STABILITIES[name].preconditioner is not None]


def heights(experiment: Experiment, steps: int) -> list[float]:
    """J + penalty over the next steps, up to where the run diverges."""
    answer = experiment.train(steps, every=1)
    pairs = zip(answer["train"][0], answer["penalty"][0], strict=True)
    return [J + penalty for J, penalty in pairs if J is not None]


def swings_outward(experiment: Experiment) -> bool:
    """Whether a run has left the bowl in the end, or ends in rest."""
    known = heights(experiment, 400)
    rest = abs(known[-1] - known[-2]) <= 1e-6 * known[0]
    outward = len(known) < 400 or known[-1] > 10.0 * known[0]
    assert rest != outward
    return outward


@pytest.mark.parametrize("regularizer", [{"name": "none"}, L2], ids=["J alone", "with L2"])
@pytest.mark.parametrize(
    "optimizer",
    [
        {"name": "gradient_descent"},
        {"name": "momentum"},
        {"name": "momentum", "momentum": 0.5, "dampening": 0.4},
        {"name": "nesterov"},
        {"name": "nesterov", "momentum": 0.3},
    ],
    ids=lambda rule: "-".join(map(str, rule.values())),
)
def test_below_the_bound_a_run_comes_to_rest_and_above_it_swings_outward(
    basin: Client, optimizer: dict[str, Any], regularizer: dict[str, Any]
) -> None:
    method = {"optimizer": optimizer, "regularizer": regularizer}
    found = basin.create(BOWL, **method).read("curvature")
    assert found["bound_kind"] == optimizer["name"]
    assert found["bound_reason"] is None
    assert found["bound"] == found["full_batch_bound"]
    for factor, outward in ((0.96, False), (1.04, True)):
        rate = {**optimizer, "learning_rate": factor * found["bound"]}
        run = basin.create(BOWL, **{**method, "optimizer": rate})
        assert swings_outward(run) == outward
        curved = run.read("curvature", step=3)
        assert (curved["learning_rate"] > curved["bound"]) == outward


def test_the_penalty_of_the_case_leaves_little_room(basin: Client) -> None:
    spec = {
        "data": {"name": "circle"},
        "regularizer": {"name": "l2", "rate": 5},
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.5},
        "runs": [{"recipe": {"weights": {"name": "glorot_uniform"}}}],
    }
    experiment = basin.create(spec)
    J = experiment.train(10, every=1)["train"][0]
    assert J[-1] > 50.0 * J[0]
    for step in range(3):
        found = experiment.read("curvature", step=step)
        assert 5.0 < found["objective_largest"] <= found["largest"] + 5.0
        assert found["bound"] == pytest.approx(2.0 / found["objective_largest"], rel=1e-12)
        assert found["bound"] == pytest.approx(0.36, abs=0.02)
        assert found["bound"] < found["learning_rate"] < 2.0 / found["largest"]


def test_with_the_opening_recipe_the_case_is_the_reported_one(basin: Client) -> None:
    # 2/λ = 3.67 of J alone, where 2/(λ + 5) is the bound.
    penalized = {"regularizer": {"name": "l2", "rate": 5}, "optimizer": {"learning_rate": 0.5}}
    found = basin.create(penalized).read("curvature", run=0)
    assert 2.0 / found["largest"] == pytest.approx(3.67, abs=0.005)
    assert found["bound"] == pytest.approx(0.361, abs=0.003)


@pytest.mark.parametrize("kind", PLANES)
def test_curvature_is_said_of_the_plane_and_of_the_network(basin: Client, kind: str) -> None:
    experiment = basin.create(data={"samples": 60})
    experiment.train(40)
    found = experiment.read("curvature", **PLANES[kind], run=1)
    H = np.array(found["hessian"])
    assert H[0, 1] == H[1, 0]
    np.testing.assert_allclose(np.linalg.eigvalsh(H), found["eigenvalues"])
    assert found["bound"] == pytest.approx(2.0 / found["largest"])
    assert found["objective_largest"] == found["largest"] > found["smallest"]
    assert found["error"] <= 1e-9 * found["largest"]
    assert found["smallest_error"] <= max(1e-9 * -found["smallest"], 1e-13 * found["largest"])
    assert found["learning_rate"] == 1.0


def test_a_schedule_multiplies_the_rate_that_the_bound_is_for(basin: Client) -> None:
    schedule = {"name": "exponential", "gamma": 0.5}
    experiment = basin.create(BOWL, schedule=schedule, optimizer={"learning_rate": 0.2})
    experiment.train(3)
    found = experiment.read("curvature")
    assert found["schedule_factor"] == pytest.approx(0.125)
    assert found["learning_rate"] == pytest.approx(0.025)
    assert found["bound"] == pytest.approx(2.0 / found["largest"])


def test_clipping_shortens_steps_and_moves_no_bound(basin: Client) -> None:
    free = basin.create(BOWL, regularizer=L2).read("curvature")
    clipping = {"name": "norm", "max_norm": 0.01}
    clipped = basin.create(BOWL, regularizer=L2, clipping=clipping)
    found = clipped.read("curvature")
    assert free["clip_factor"] == 1.0
    assert found["bound"] == free["bound"]
    worked = clipped.read("trace", parameter="W1[0,0]")["update"]
    assert found["clip_factor"] == worked["clip"] < 1.0
    above = {"learning_rate": 1.2 * found["bound"]}
    # Above the bound clipped steps swing about the bottom, and go nowhere.
    J = basin.create(BOWL, regularizer=L2, clipping=clipping, optimizer=above).train(400)["train"]
    assert J[0][-1] is not None
    assert J[0][-1] < 2.0


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_mini_batches_have_no_bound_but_on_average(basin: Client, optimizer: str) -> None:
    experiment = basin.create(BOWL, batch_size=8, optimizer={"name": optimizer})
    experiment.train(20)
    found = experiment.read("curvature")
    assert (found["bound"], found["bound_kind"]) == (None, "none")
    assert found["bound_reason"] == "mini_batches"
    largest = found["preconditioned_largest"] or found["objective_largest"]
    if "adam" not in optimizer:
        options = experiment.summary()["runs"][0]["optimizer"]
        expected = STABILITIES[optimizer].bound(largest, options, 20.0)
        assert found["full_batch_bound"] == pytest.approx(expected)
    assert found["full_batch_bound"] > 0.0


def test_a_batch_of_all_samples_is_none(basin: Client) -> None:
    assert basin.create(BOWL, batch_size=20).read("curvature")["bound_kind"] == "gradient_descent"


def test_dropout_has_no_bound(basin: Client) -> None:
    layers = [
        {"units": 4, "activation": "tanh", "dropout": 0.2},
        {"units": 1, "activation": "tanh"},
    ]
    found = basin.create(layers=layers, loss="mse", batch_size=10).read("curvature")
    assert found["bound"] is None
    assert found["full_batch_bound"] is None
    assert found["bound_reason"] == "dropout"


@pytest.mark.parametrize("optimizer", ADAPTIVE)
def test_an_adaptive_optimizer_has_a_bound_once_it_has_seen_gradients(
    basin: Client, optimizer: str
) -> None:
    experiment = basin.create(BOWL, optimizer={"name": optimizer})
    before = experiment.read("curvature")
    assert (before["bound"], before["bound_kind"]) == (None, "none")
    assert before["bound_reason"] == "no_memory"
    assert before["preconditioned_largest"] is None
    experiment.train(5)
    after = experiment.read("curvature")
    assert after["bound_kind"] == "preconditioned"
    assert after["preconditioned_largest"] > 0.0
    assert after["preconditioned_error"] <= 1e-9 * after["preconditioned_largest"]
    assert after["bound"] > 0.0
    assert after["momentum"] == (0.9 if optimizer.startswith("adam") else 0.0)
    assert experiment.read("curvature", step=0)["bound_reason"] == "no_memory"


def test_a_preconditioner_that_stays_makes_a_bound_that_holds(basin: Client) -> None:
    rule = {"name": "rmsprop", "alpha": 0.99999, "learning_rate": 1e-3}
    experiment = basin.create(BOWL, optimizer=rule)
    experiment.train(200)  # near the bottom gradients add nothing to their squares any more
    found = experiment.read("curvature")
    for factor, outward in ((0.9, False), (1.1, True)):
        changed = {**rule, "learning_rate": factor * found["bound"]}
        basin.patch(experiment.url, {"optimizer": changed})
        J = experiment.train(400, every=1)["train"][0]
        # Until the steps have grown so far that their squares count, and D with them.
        assert (max(J) > 10.0 * J[0]) == outward
        experiment.rewind(200)


def test_an_adaptive_optimizer_trains_at_the_edge_of_its_bound(basin: Client) -> None:
    # Cohen et al. 2022: the preconditioned sharpness rises to the bound, and stays there.
    experiment = basin.create(
        data={"name": "circle", "samples": 100},
        layers=[{"units": 8, "activation": "tanh"}, {"units": 1, "activation": "tanh"}],
        loss="mse",
        optimizer={"name": "rmsprop", "learning_rate": 0.005},
        runs=[{"recipe": {"weights": {"name": "glorot_uniform"}}}],
    )
    experiment.train(600)
    for _ in range(4):
        experiment.train(150)
        assert 0.005 / experiment.read("curvature")["bound"] == pytest.approx(1.0, abs=0.1)


def test_a_dampening_of_one_lets_no_gradient_in(basin: Client) -> None:
    rule = {"name": "momentum", "dampening": 1.0}
    found = basin.create(BOWL, optimizer=rule).read("curvature")
    assert (found["bound"], found["bound_kind"]) == (None, "none")
    assert found["bound_reason"] == "dampened"


def test_where_nothing_bends_upward_there_is_no_bound(basin: Client) -> None:
    layers = [{"units": 1, "activation": "linear"}]
    found = basin.create(BOWL, layers=layers, loss="mae").read("curvature")
    assert (found["bound"], found["bound_kind"]) == (None, "none")
    assert found["bound_reason"] == "flat"
    penalized = basin.create(BOWL, layers=layers, loss="mae", regularizer=L2).read("curvature")
    assert penalized["bound"] == pytest.approx(2.0 / 3.0)
    assert penalized["largest"] == 0.0


def test_only_directions_in_which_a_run_moves_count(basin: Client) -> None:
    recipe = {"weights": {"name": "constant", "value": 0.5}}
    experiment = basin.create(layers=TWINS, loss="cross_entropy", runs=[{"recipe": recipe}])
    experiment.train(30)
    found = experiment.read("curvature")
    assert found["objective_largest"] <= found["largest"]
    W, b = experiment.parameters()
    numbers = {"W1[0,0]": W[0][0][0] + 1e-9}
    apart = basin.create(
        layers=TWINS, loss="cross_entropy", runs=[{"parameters": {"W": W, "b": b}}]
    )
    apart.set(values=numbers)
    free = apart.read("curvature")
    assert free["objective_largest"] == pytest.approx(free["largest"], rel=1e-9)
    assert free["largest"] == pytest.approx(found["largest"], rel=1e-6)


def test_dead_links_of_an_l1_do_not_count(basin: Client) -> None:
    experiment = basin.create(
        data={"name": "line", "samples": 40},
        layers=[{"units": 1, "activation": "linear"}],
        loss="mse",
        regularizer={"name": "l1_dying", "rate": 10.0},
        optimizer={"learning_rate": 0.01},
        runs=[{"parameters": {"W": [[[0.01]]], "b": [[0.0]]}}],
    )
    assert experiment.read("curvature")["objective_largest"] > 2.0
    experiment.train(1)
    assert experiment.parameters()[0] == [[[0.0]]]
    found = experiment.read("curvature")
    assert found["largest"] > 2.0
    assert found["objective_largest"] == pytest.approx(2.0)  # the bias alone: J = (b - y)² + …


def test_the_regularizer_and_the_optimizer_of_now_make_the_bound(basin: Client) -> None:
    experiment = basin.create(BOWL)
    experiment.train(2)
    basin.patch(experiment.url, {"regularizer": L2, "optimizer": {"name": "nesterov"}})
    experiment.train(2)
    before, after = (experiment.read("curvature", step=step) for step in (1, 4))
    assert before["bound_kind"] == "gradient_descent"
    assert after["bound_kind"] == "nesterov"
    assert after["bound"] == pytest.approx(3.8 / 2.8 / after["objective_largest"])
    assert after["objective_largest"] > before["objective_largest"]


def test_the_same_question_gets_the_same_bits(basin: Client) -> None:
    experiment = basin.create(optimizer={"name": "adam"}, regularizer=L2)
    experiment.train(30)
    first = experiment.read("curvature", run=2)
    assert experiment.read("curvature", run=2) == first


def test_a_curvature_beyond_all_numbers_is_refused(basin: Client) -> None:
    units, count = 64, 10
    hidden = [{"units": units, "activation": "relu"}] * count
    rows = [2, *[units] * count, 1]
    W = [[[1e6] * below] * above for below, above in itertools.pairwise(rows)]
    experiment = basin.create(
        data={"name": "circle", "samples": 20},
        layers=[*hidden, {"units": 1, "activation": "linear"}],
        loss="mse",
        runs=[{"parameters": {"W": W, "b": [[0.0] * above for above in rows[1:]]}}],
    )
    errors = refused(basin, "GET", f"{experiment.url}/curvature", 422)
    assert places(errors) == [("/run", "diverged")]
