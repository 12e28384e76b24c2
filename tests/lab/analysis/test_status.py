"""The opening experiment tells the article's story; every run says what it is doing."""

from typing import Any

import numpy as np
import pytest

from tests.lab.client import Client, Experiment

GLOROT, ARTICLE, ZERO_WEIGHTS, SAME_WEIGHTS, ALL_ZEROS = range(5)


@pytest.fixture(scope="module")
def opening(basin: Client) -> Experiment:
    experiment = basin.create({})
    experiment.train(600)
    return experiment


@pytest.fixture(scope="module")
def train(opening: Experiment) -> Any:
    return opening.loss()["train"]


def test_a_new_run_has_not_begun(basin: Client) -> None:
    experiment = basin.create({})
    runs = experiment.summary()["runs"]
    assert [run["status"] for run in runs] == ["not_begun"] * 5
    assert [run["diverged_at"] for run in runs] == [None] * 5
    assert [run["value"] for run in runs] == experiment.summary()["loss"]["train"]


def test_runs_that_learn_nothing_have_come_to_rest_by_step_600(opening: Experiment) -> None:
    runs = opening.summary()["runs"]
    statuses = [run["status"] for run in runs]
    assert statuses[ALL_ZEROS] == "stuck"
    assert statuses[SAME_WEIGHTS] == "plateau"  # it still creeps down, by 0.5 % in 120 steps
    assert runs[ALL_ZEROS]["value"] == pytest.approx(1.0, abs=1e-3)
    assert {*statuses[:SAME_WEIGHTS]} <= {"training", "converged"}


def test_a_block_and_the_summary_agree_about_statuses(opening: Experiment) -> None:
    block = opening.train(1)
    for one, other in zip(block["runs"], opening.summary()["runs"], strict=True):
        assert one["status"] == other["status"]
    opening.rewind(600)


def test_glorot_falls_at_once(train: Any) -> None:
    assert train[GLOROT][100] < 0.3 < train[ARTICLE][50]


def test_the_recipe_of_the_article_waits_on_a_plateau_and_falls_by_step_300(train: Any) -> None:
    assert train[ARTICLE][40] > 0.6
    assert train[ARTICLE][300] < 0.15


def test_the_runs_that_learn_fall_one_after_another(train: Any) -> None:
    falls = [int(np.argmax(np.array(train[run]) < 0.3)) for run in range(SAME_WEIGHTS)]
    assert 0 < falls[GLOROT] < falls[ARTICLE] < falls[ZERO_WEIGHTS]
    assert train[ZERO_WEIGHTS][600] < 0.2


def test_identical_weights_drift_to_a_floor(opening: Experiment, train: Any) -> None:
    assert 0.5 < train[SAME_WEIGHTS][600] < 0.62
    W, b = opening.parameters(SAME_WEIGHTS)
    for array in (np.array(W[0]), np.array(b[0])[:, np.newaxis], np.array(W[1]).T):
        np.testing.assert_allclose(array, np.tile(array[0], (4, 1)), rtol=1e-9)


def test_all_zeros_never_move_from_ln_2(opening: Experiment, train: Any) -> None:
    np.testing.assert_allclose(train[ALL_ZEROS], np.log(2), atol=0.005)
    W, _ = opening.parameters(ALL_ZEROS)
    assert W == [[[0.0, 0.0]] * 4, [[0.0] * 4]]


def test_no_run_is_called_stuck_on_a_plateau_that_it_leaves(basin: Client) -> None:
    experiment = basin.create({})
    for _ in range(12):
        runs = experiment.train(50)["runs"]
        assert "stuck" not in [run["status"] for run in runs[:SAME_WEIGHTS]]


def test_a_run_that_has_learned_and_rests_has_converged(basin: Client) -> None:
    spec = next(one for one in basin.get("/api/catalog")["presets"] if one["name"] == "bowl")
    runs = basin.create(spec["spec"]).train(2000)["runs"]
    assert [run["status"] for run in runs] == ["converged"] * len(runs)


def test_a_status_belongs_to_its_step(opening: Experiment, basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(700)
    again = experiment.rewind(600)["runs"]
    assert again == opening.summary()["runs"]


def test_a_run_that_has_learned_equal_targets_has_converged(basin: Client) -> None:
    data = {"name": "custom", "inputs": [[0], [1], [2]], "targets": [1, 1, 1]}
    layers = [{"units": 1, "activation": "linear"}]
    experiment = basin.create(
        data=data, layers=layers, optimizer={"learning_rate": 0.1}, runs=[{"recipe": {}}]
    )
    experiment.train(400)
    assert experiment.summary()["runs"][0]["status"] == "converged"


# -- one verdict, whatever is asked


def statuses_everywhere(experiment: Experiment) -> list[list[tuple[Any, ...]]]:
    """Status and value of every run, as each of the calls tells them."""
    block = experiment.train(1)
    step = block["step"]
    return [
        [(run["status"], run["value"]) for run in runs]
        for runs in (
            block["runs"],
            experiment.summary()["runs"],
            experiment.read("frame", run=0, step=step)["runs"],
        )
    ] + [
        [
            (run["diagnosis"]["code"], run["diagnosis"]["value"])
            for run in experiment.read("diagnostics", step=step)["runs"]
        ]
    ]


SWINGING = {"oscillating", "unstable", "growing", "diverged"}
TEN_WIDE = [{"units": 64, "activation": "tanh"}] * 10 + [{"units": 1, "activation": "sigmoid"}]


@pytest.mark.parametrize("steps", [1, 7, 40, 150])
@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"optimizer": {"learning_rate": 10.0}},
        {"layers": TEN_WIDE, "data": {"samples": 60}, "optimizer": {"learning_rate": 1.0}},
        {"regularizer": {"name": "l2", "rate": 5.0}, "optimizer": {"learning_rate": 0.5}},
        {"batch_size": 10},
    ],
    ids=["opening", "α = 10", "10 × 64", "αλ > 2", "mini-batches"],
)
def test_every_call_tells_the_same(basin: Client, spec: dict[str, Any], steps: int) -> None:
    experiment = basin.create(spec)
    experiment.train(steps)
    first, *others = statuses_everywhere(experiment)
    assert all(other == first for other in others)


def test_with_ten_times_the_rate_no_run_of_the_opening_is_said_to_learn(basin: Client) -> None:
    experiment = basin.create(optimizer={"learning_rate": 10.0})
    for _ in range(12):
        runs = experiment.train(25)["runs"]
        assert {run["status"] for run in runs} <= SWINGING


def test_runs_that_swing_between_1_and_15_are_not_stuck(basin: Client) -> None:
    experiment = basin.create(
        layers=TEN_WIDE, data={"samples": 60}, optimizer={"learning_rate": 1.0}
    )
    said = [[run["status"] for run in experiment.train(10)["runs"]] for _ in range(12)]
    for run in (GLOROT, SAME_WEIGHTS):
        assert {block[run] for block in said} <= {"oscillating", "unstable"}


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.001, {"training"}),
        (0.1, {"training"}),
        (0.5, {"training"}),
        (0.9, {"oscillating"}),
        (0.95, {"oscillating"}),
        (0.99, {"oscillating"}),
        (1.05, {"oscillating", "unstable"}),
        (1.1, {"oscillating", "unstable"}),
        (1.5, {"unstable", "diverged"}),
        (5.0, {"unstable", "diverged"}),
    ],
)
def test_too_large_a_step_is_named_at_every_rate(
    basin: Client, rate: float, expected: set[str]
) -> None:
    presets = basin.get("/api/catalog")["presets"]
    spec = next(one for one in presets if one["name"] == "too_large_a_step")["spec"]
    run = {**spec["runs"][0], "optimizer": {"name": "gradient_descent", "learning_rate": rate}}
    experiment = basin.create({**spec, "runs": [run]})
    for _ in range(10):
        (found,) = experiment.train(2)["runs"]
        assert found["status"] in expected
        told = experiment.read("diagnostics")["runs"][0]["diagnosis"]
        if found["status"] in SWINGING:
            assert (told["cause"], told["advice"]) == ("learning_rate", "lower_rate")
    bound = experiment.read("curvature", run=0)["bound"] if found["status"] != "diverged" else None
    if told["cause_value"] is not None and bound is not None:
        assert told["cause_value"] == pytest.approx(rate / bound, rel=0.02)


@pytest.mark.parametrize("rule", ["glorot_uniform", "normal"])
@pytest.mark.parametrize("loss", ["cross_entropy", "half_mse"])
@pytest.mark.parametrize(("rate", "penalty"), [(0.5, 5.0), (1.0, 2.5), (0.41, 5.0), (3.0, 0.7)])
def test_a_penalty_that_overshoots_is_said_to_carry_the_weights_away(
    basin: Client, rule: str, loss: str, rate: float, penalty: float
) -> None:
    experiment = basin.create(
        loss=loss,
        regularizer={"name": "l2", "rate": penalty},
        optimizer={"name": "gradient_descent", "learning_rate": rate},
        runs=[{"recipe": {"weights": {"name": rule}}}],
    )
    experiment.train(2)
    for _ in range(8):
        (run,) = experiment.train(3)["runs"]
        assert run["status"] == "growing"
        found = experiment.read("diagnostics")["runs"][0]["diagnosis"]
        assert (found["cause"], found["advice"]) == ("penalty", "weaker_penalty")
        assert found["cause_value"] == pytest.approx(0.5 * rate * penalty)


def test_a_penalty_below_its_bound_carries_nothing_away(basin: Client) -> None:
    experiment = basin.create(
        regularizer={"name": "l2", "rate": 5.0},
        optimizer={"name": "gradient_descent", "learning_rate": 0.3},
    )
    statuses = {run["status"] for _ in range(8) for run in experiment.train(10)["runs"]}
    assert not statuses & {"growing", "unstable", "diverged"}


def test_the_best_of_a_run_that_was_set_by_hand_is_its_own(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(300)
    assert experiment.summary()["runs"][GLOROT]["status"] == "training"
    experiment.set(values={"W1[0,0]": -40.0, "b2[0]": 9.0})
    later = experiment.train(1)["runs"][GLOROT]
    assert later["status"] != "unstable"
    # The way it is told does not depend on what this server has kept in memory.
    assert experiment.read("frame", run=0, step=301)["runs"][GLOROT]["status"] == later["status"]


GENTLE = {"name": "gradient_descent", "learning_rate": 0.1}


@pytest.mark.parametrize("loss", ["mse", "mae", "huber"])
def test_a_layer_at_the_least_squares_of_noisy_data_has_converged(basin: Client, loss: str) -> None:
    """Its J is 4/5 of that of the best constant answer, and no network does better."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = 0.6 * X[:, 0] + rng.normal(size=300)
    data = {"name": "custom", "inputs": X.tolist(), "targets": y.tolist()}
    linear = [{"units": 1, "activation": "linear"}]
    experiment = basin.create(data=data, layers=linear, loss=loss, optimizer=GENTLE)
    assert {run["status"] for run in experiment.train(600)["runs"]} == {"converged"}


def test_a_layer_that_cannot_learn_xor_is_stuck(basin: Client) -> None:
    sigmoid = [{"units": 1, "activation": "sigmoid"}]
    experiment = basin.create(data={"name": "xor"}, layers=sigmoid, optimizer=GENTLE)
    assert {run["status"] for run in experiment.train(900)["runs"]} == {"stuck"}


def test_a_penalty_switched_on_is_no_swing(basin: Client) -> None:
    """J rises to where penalty and loss hold each other, which is neither unstable nor a swing."""
    experiment = basin.create({})
    experiment.train(600)
    basin.patch(experiment.url, {"regularizer": {"name": "l2", "rate": 0.1}})
    told = [run for _ in range(5) for run in experiment.train(100)["runs"]]
    assert {run["status"] for run in told} <= {"training", "plateau", "stuck", "converged"}
    causes = [run["diagnosis"]["cause"] for run in experiment.read("diagnostics")["runs"]]
    assert causes == ["penalty"] * 4 + ["symmetry"]


def test_a_run_set_by_hand_to_a_worse_place_does_not_swing(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(300)
    W, _ = experiment.parameters(GLOROT)
    experiment.set(GLOROT, W=[[[5.0 * w for w in row] for row in of_layer] for of_layer in W])
    assert experiment.train(5)["runs"][GLOROT]["status"] == "training"


def test_weights_that_grow_without_bound_are_said_to_until_they_diverge(basin: Client) -> None:
    """Their squares are infinite long before they are."""
    decays = {"name": "adamw", "learning_rate": 6.0, "weight_decay": 1.0}
    tanh = [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    data = {"name": "xor", "samples": 100}
    experiment = basin.create(data=data, layers=tanh, loss="mae", optimizer=decays)
    told = [experiment.train(50)["runs"][GLOROT]["status"] for _ in range(12)]
    first = told.index("diverged")
    assert told == ["growing"] * first + ["diverged"] * (len(told) - first)
    assert first >= 8


LINE = {"name": "line", "samples": 100}
ONE_LINEAR = [{"units": 1, "activation": "linear"}]
ROLLS = {"name": "momentum", "learning_rate": 0.05, "momentum": 0.99}


@pytest.mark.parametrize(
    ("spec", "steps", "statuses", "cause", "advice"),
    [
        pytest.param(
            {"data": LINE, "features": ["x1"], "layers": ONE_LINEAR, "optimizer": ROLLS},
            100,
            {"unstable", "oscillating"},
            "momentum",
            "less_momentum",
            id="momentum far below its bound rolls to and fro",
        ),
        pytest.param(
            {
                "data": LINE,
                "features": ["x1"],
                "layers": ONE_LINEAR,
                "loss": "mae",
                "optimizer": {"learning_rate": 0.5},
            },
            600,
            {"oscillating", "unstable"},
            "kink",
            "lower_rate",
            id="an absolute error has no bend, but a kink",
        ),
        pytest.param(
            {"schedule": {"name": "exponential", "gamma": 0.9}},
            500,
            {"stuck", "converged", "plateau"},
            "small_rate",
            "raise_rate",
            id="a rate that has decayed to next to nothing",
        ),
        pytest.param(
            {"optimizer": {"learning_rate": 1e-5}},
            300,
            {"plateau"},
            "small_rate",
            "raise_rate",
            id="a rate that is next to nothing",
        ),
        pytest.param(
            {
                "layers": [*[{"units": 16, "activation": "relu"}] * 10, *ONE_LINEAR],
                "optimizer": {"learning_rate": 1e-5},
                "runs": [
                    {
                        "recipe": {
                            "weights": {"name": "normal", "std": 3.0},
                            "biases": {"name": "zeros"},
                        }
                    }
                ],
            },
            2,
            {"diverged"},
            "exploding",
            "smaller_weights",
            id="weights for which no rate is small enough",
        ),
    ],
)
def test_the_cause_is_told_where_it_can_be(
    basin: Client, spec: Any, steps: int, statuses: set[str], cause: str, advice: str
) -> None:
    experiment = basin.create(spec)
    experiment.train(steps)
    told = experiment.read("diagnostics")["runs"][GLOROT]["diagnosis"]
    assert told["code"] in statuses
    assert (told["cause"], told["advice"]) == (cause, advice)


def test_a_swing_exceeds_the_bound_by_as_much_as_the_curvature_says(basin: Client) -> None:
    experiment = basin.create(optimizer={"name": "gradient_descent", "learning_rate": 10.0})
    experiment.train(300)
    found = 0
    for run in experiment.read("diagnostics")["runs"]:
        told = run["diagnosis"]
        assert told["cause"] == "learning_rate"
        bound = experiment.read("curvature", run=run["run"])["bound"]
        if bound is not None and bound < 10.0:
            assert told["cause_value"] == pytest.approx(10.0 / bound, rel=2e-3)
            found += 1
        else:
            assert told["cause_value"] is None
    assert found >= 2


def test_of_a_run_that_diverged_the_bound_is_that_where_it_was_last(basin: Client) -> None:
    """J of a linear layer is a parabola, whose bound is the same everywhere."""
    spec = {"data": LINE, "features": ["x1"], "layers": ONE_LINEAR}
    bound = basin.create(spec).read("curvature", run=0)["bound"]
    gone = basin.create(spec, optimizer={"learning_rate": 1.1 * bound})
    gone.train(900)
    told = gone.read("diagnostics")["runs"][GLOROT]["diagnosis"]
    assert (told["code"], told["cause"]) == ("diverged", "learning_rate")
    assert told["cause_value"] == pytest.approx(1.1, rel=2e-3)


def test_outputs_that_saturate_because_all_is_learned_are_no_ailment(basin: Client) -> None:
    experiment = basin.create({})
    experiment.train(1200)
    told = experiment.read("diagnostics")["runs"][GLOROT]["diagnosis"]
    assert told["code"] in ("training", "converged")
    assert told["cause"] is None


def test_the_least_loss_is_followed_as_it_is_read(basin: Client) -> None:
    """Blocks of training follow the least loss; a step of the past reads the whole history."""
    experiment = basin.create(optimizer={"learning_rate": 10.0})
    blocks = [experiment.train(count) for count in (1, 3, 20, 1, 60, 5)]
    for block in blocks:
        past = experiment.read("frame", run=0, step=block["step"])["runs"]
        assert [run["value"] for run in past] == [run["value"] for run in block["runs"]]
    experiment.rewind(25)
    again = experiment.train(60)["runs"]
    assert [run["value"] for run in again] == [run["value"] for run in blocks[4]["runs"]]
