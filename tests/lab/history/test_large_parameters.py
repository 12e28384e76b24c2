"""Parameters that training made larger than anybody could set them: told, set back, made again."""

from typing import Any

import pytest

from tests.lab.client import Client, Experiment, strict
from tests.web.problems import places

LARGEST = 1e6
RUNAWAY: dict[str, Any] = {  # its run diverges within a few steps
    "data": {"name": "xor", "samples": 60},
    "layers": [{"units": 4, "activation": "relu"}, {"units": 1, "activation": "sigmoid"}],
    "optimizer": {"learning_rate": 10.0},
    "seed": 1,
    "runs": [{}, {}],
}


@pytest.fixture
def large(basin: Client) -> Experiment:
    """An experiment of which a parameter is larger than anybody could have set it."""
    experiment = basin.create(RUNAWAY)
    experiment.train(10)
    W, _ = experiment.parameters()
    assert max(abs(number) for layer in W for row in layer for number in row) > LARGEST
    return experiment


def again(basin: Client, experiment: Experiment) -> Experiment:
    """The same experiment, made anew from what is told of it, as a link does."""
    summary = experiment.summary()
    told = {"events": summary["events"], "step": summary["step"]}
    return basin.create({**summary["spec"], **told})


def test_what_was_set_on_such_a_run_can_be_made_again(basin: Client, large: Experiment) -> None:
    large.set(values={"b1[0]": 0.5})
    made = again(basin, large)
    assert made.parameters() == large.parameters()
    for one in (large, made):
        one.train(5)
    assert made.parameters() == large.parameters()


def test_what_it_had_is_set_back(large: Experiment) -> None:
    before, told = large.parameters(), large.summary()
    W, b = before
    large.set(values={"b1[0]": 0.5})
    large.set(W=W, b=b)
    assert large.parameters() == before
    assert large.summary()["events"] == told["events"] == []


@pytest.mark.parametrize("other", [LARGEST * 1.5, -1e300])
def test_nobody_gives_it_another_number_as_large(
    basin: Client, large: Experiment, other: float
) -> None:
    W, _ = large.parameters()
    W[0][0][0] = other
    path = f"{large.url}/parameters"
    assert places(basin.patch(path, {"run": 0, "W": W}, 422)["errors"]) == [
        ("/W/0/0/0", "out_of_range")
    ]
    point = {"plane": {"plane": "random"}, "x": 1e6, "y": 1e6}
    assert places(basin.patch(path, {"run": 1, "point": point}, 422)["errors"]) == [
        ("/point", "out_of_range")
    ]
    beginning = {
        **RUNAWAY,
        "runs": [{"parameters": dict(zip("Wb", large.parameters(), strict=True))}],
    }
    basin.post("/api/experiments", beginning, 422)


VIEWS = (
    "loss", "parameters", "gradients", "outputs", "diagnostics", "metrics", "trace", "surface",
    "slice", "relief", "curvature", "sharpness", "frame", "code", "masks", "batches",
)  # fmt: skip


@pytest.mark.parametrize("step", [0, 3, 5])
@pytest.mark.parametrize("number", [1e7, 1e40, 1e100])
def test_all_can_be_looked_at_however_large(basin: Client, number: float, step: int) -> None:
    """A picture of a run that has diverged may be refused, with a word."""
    W, b = basin.create(RUNAWAY).parameters()
    W[0][0][0], W[0][1][1], b[1][0] = number, -number, -number
    event = {"step": step, "run": 0, "parameters": {"W": W, "b": b}}
    experiment = basin.create({**RUNAWAY, "events": [event], "step": 5})
    for what in VIEWS:
        for at in {step, 5}:
            path = f"{experiment.url}/{what}"
            query = {} if what in ("loss", "sharpness") else {"step": at}
            with basin.application.test_client().get(path, query_string=query) as answer:
                assert answer.status_code in (200, 422), (what, at)
                if answer.status_code == 422:
                    codes = {error["code"] for error in answer.get_json()["errors"]}
                    assert codes == {"diverged"}, (what, at, codes)
                elif answer.is_json:
                    strict(answer.get_data(as_text=True))


def test_the_reach_that_is_proposed_can_be_drawn(large: Experiment) -> None:
    relief = large.read("relief", run=0, step=3)
    assert large.read("surface", reach=relief["reach"], step=3)
    large.rewind(0)
    W, b = large.parameters(1)
    W = [[[LARGEST for _ in row] for row in layer] for layer in W]
    large.set(1, W=W, b=b)
    relief = large.read("relief", run=1)
    assert large.read("surface", reach=relief["reach"], run=1)


def test_nothing_is_set_on_a_run_that_is_too_far_to_be_made_again(basin: Client) -> None:
    """Its penalty alone makes every update overshoot, so that its weights grow eightfold."""
    spec = {**RUNAWAY, "loss": "mse", "regularizer": {"name": "l2", "rate": 1.0}}
    experiment = basin.create(spec, optimizer={"learning_rate": 9.0})
    changes = {"run": 0, "values": {"b1[0]": 0.5}}
    experiment.train(100)
    basin.patch(f"{experiment.url}/parameters", changes)
    experiment.train(30)
    before = experiment.parameters()
    told = basin.patch(f"{experiment.url}/parameters", changes, 422)["errors"]
    assert places(told) == [("/run", "out_of_range")]
    assert experiment.parameters() == before
