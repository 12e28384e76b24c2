"""A spec, its events and a step are an experiment: shared and branched, to the last bit."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab.experiment.events import added, by_hand, change, describe_event, from_record
from app.lab.experiment.state import Event
from tests.lab.client import Client, Experiment, serving

SPEC: Any = {
    "data": {"samples": 30},
    "layers": [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "batch_size": 4,
    "runs": [{}, {"seed": 9, "loss": "mse"}],
}
BY_HAND = {"W": [[[1, -1], [0.5, 2]], [[0.25, -0.5]]], "b": [[0, 1], [0.125]]}
RATE = {"name": "gradient_descent", "learning_rate": 0.125}
RECIPE = {"weights": {"name": "he_normal"}, "biases": {"name": "constant", "value": 0.25}}


def rate(step: int, run: int | None, rate: float = 0.5) -> Event:
    return change(step, run, "optimizer", {**RATE, "learning_rate": rate})


EVENTS = st.one_of(
    st.builds(rate, st.integers(0, 3), st.sampled_from([None, 0, 1]), st.floats(0.1, 1)),
    st.builds(
        by_hand, st.integers(0, 3), st.integers(0, 1), st.lists(st.floats(-1, 1), max_size=2)
    ),
)


@given(st.lists(EVENTS, max_size=12))
def test_events_are_in_order_and_the_last_one_of_a_kind_counts(given: list[Event]) -> None:
    known: tuple[Event, ...] = ()
    for event in given:
        known = added(known, event)
        assert event in known
    assert [event.step for event in known] == sorted(event.step for event in known)
    places = [(event.step, event.run, event.theta is None) for event in known]
    assert len(set(places)) == len(places)
    assert all(event in given for event in known)


def test_an_event_for_all_runs_replaces_those_of_single_ones_but_not_the_other_way_round() -> None:
    one, other, every = rate(3, 0), rate(3, 1), rate(3, None)
    assert added(added((one,), other), every) == (every,)
    assert added((every,), one) == (every, one)
    assert added((rate(2, 0),), every) == (rate(2, 0), every)
    assert added((by_hand(3, 0, [1.0]),), every) == (by_hand(3, 0, [1.0]), every)


@given(EVENTS)
def test_an_event_is_stored_and_read_again_as_it_was(event: Event) -> None:
    assert from_record(json.loads(json.dumps(describe_event(event, None)))) == event


@pytest.fixture
def lived(basin: Client) -> Experiment:
    """An experiment with something done at steps 0, 20 and 33, at step 50."""
    experiment = basin.create(SPEC)
    experiment.set(0, values={"W1[0,0]": 0.5})
    experiment.train(20)
    experiment.change_rate(0.125, run=1)
    experiment.train(13)
    experiment.set(1, **BY_HAND)
    experiment.change_rate(0.25)
    experiment.train(17)
    return experiment


def shared(experiment: Experiment, **more: Any) -> Any:
    """What a link carries."""
    summary = experiment.summary()
    return {**summary["spec"], "events": summary["events"], "step": summary["step"], **more}


def seen(experiment: Experiment) -> Any:
    """All there is to see, but for the id and version."""
    summary = {**experiment.summary(), "id": "", "version": 0}
    return summary, experiment.loss(), [experiment.parameters(run) for run in range(2)]


def branch(experiment: Experiment, step: int, status: int = 201, **change: Any) -> Any:
    body = {"step": step, "change": change}
    answer = experiment.client.post(f"{experiment.url}/branch", body, status)
    return Experiment(experiment.client, answer["id"]) if status == 201 else answer


def test_a_link_opened_at_a_fresh_server_shows_the_same_losses_to_the_last_digit(
    lived: Experiment, tmp_path: Path
) -> None:
    with serving(tmp_path) as fresh:
        assert seen(fresh.create(shared(lived))) == seen(lived)


def test_a_shared_experiment_goes_on_as_the_original_does(basin: Client, lived: Experiment) -> None:
    again = basin.create(shared(lived))
    again.train(30), lived.train(30)
    assert seen(again) == seen(lived)


@pytest.mark.parametrize("step", [0, 1, 20, 33, 34, 49])
def test_an_event_ahead_happens_when_training_reaches_it(
    basin: Client, lived: Experiment, step: int
) -> None:
    again = basin.create(shared(lived, step=step))
    assert again.summary()["events"] == lived.summary()["events"]
    block = again.train(50 - step)
    assert block["train"][0][-1] == lived.loss()["train"][0][50]
    assert seen(again) == seen(lived)


def test_frames_of_a_block_with_an_event_in_it_are_those_of_the_history(
    basin: Client, lived: Experiment
) -> None:
    again = basin.create(shared(lived, step=10))
    path = {"x": "W1[0,0]", "y": "b2[0]"}
    block = again.train(40, every=1, views={"path": path})
    assert block["steps"] == list(range(11, 51))
    assert block["train"] == [run[11:] for run in lived.loss()["train"]]
    for place in (0, 9, 22, 23, 39):
        W, b = lived.parameters(1, block["steps"][place])
        assert block["path"]["x"][1][place] == W[0][0][0]
        assert block["path"]["y"][1][place] == b[1][0]


@pytest.mark.parametrize("step", [3, 12, 19, 20, 21, 45])
def test_a_run_that_diverged_and_was_brought_back_is_so_at_every_moment(
    basin: Client, step: int
) -> None:
    spec = {
        "data": {"name": "line", "samples": 30},
        "layers": [{"units": 1, "activation": "linear"}],
        "optimizer": {"learning_rate": 10.0},
        "runs": [{}, {"optimizer": {"learning_rate": 0.01}}],
    }
    lived = basin.create(spec)
    lived.train(20)
    assert lived.summary()["runs"][0]["diverged_at"] < 20
    lived.change_rate(0.1, run=0)
    lived.set(0, W=[[[1.0]]], b=[[0.0]])
    lived.train(30)
    again = basin.create(shared(lived))
    assert again.read("frame", step=step)["runs"] == lived.read("frame", step=step)["runs"]
    again.rewind(step), lived.rewind(step)
    again.train(3), lived.train(3)
    assert seen(again) == seen(lived)


def test_rewinding_before_an_event_ahead_drops_it_too(basin: Client, lived: Experiment) -> None:
    again = basin.create(shared(lived, step=25))
    left = [event["step"] for event in again.rewind(5)["events"]]
    assert left == [0]


def test_what_is_done_now_comes_before_what_is_ahead(basin: Client, lived: Experiment) -> None:
    again = basin.create(shared(lived, step=10))
    again.change_rate(2.0)
    assert [event["step"] for event in again.summary()["events"]] == [0, 10, 20, 33, 33]
    again.train(40)
    rates = [run["optimizer"]["learning_rate"] for run in again.summary()["runs"]]
    assert rates == [0.25, 0.25]


@pytest.mark.parametrize(
    ("event", "at", "code"),
    [
        ({"step": 3, "run": 2, "optimizer": RATE}, "/run", "out_of_range"),
        ({"step": -1, "optimizer": RATE}, "/step", "out_of_range"),
        ({"step": 10**10, "optimizer": RATE}, "/step", "out_of_range"),
        ({"step": 1.5, "optimizer": RATE}, "/step", "wrong_type"),
        ({"optimizer": RATE}, "/step", "missing"),
        ({"step": 3}, "", "missing"),
        ({"step": 3, "run": 0, "optimizer": RATE, "parameters": BY_HAND}, "", "conflict_fields"),
        ({"step": 3, "optimizer": RATE, "recipe": RECIPE}, "/recipe", "conflict_fields"),
        ({"step": 3, "parameters": BY_HAND}, "/run", "missing"),
        ({"step": 3, "run": 0, "parameters": {"W": [[1]], "b": BY_HAND["b"]}}, "/parameters/W",
         "wrong_shape"),
        ({"step": 3, "run": 0, "parameters": {**BY_HAND, "b": [[0, 1e300], [1]]}},
         "/parameters/b/0/1", "out_of_range"),
        ({"step": 3, "run": 0, "parameters": {**BY_HAND, "b": [[0, "x"], [1]]}},
         "/parameters/b/0/1", "wrong_type"),
        ({"step": 3, "optimizer": {"name": "luck"}}, "/optimizer/name", "unknown_name"),
        ({"step": 3, "optimizer": {**RATE, "learning_rate": 1e9}}, "/optimizer/learning_rate",
         "out_of_range"),
        ({"step": 3, "optimizer": RATE, "why": 1}, "/why", "unknown_field"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_pointed_at(
    basin: Client, event: Any, at: str, code: str
) -> None:
    good = {"step": 1, "run": None, "optimizer": RATE}
    answer = basin.post("/api/experiments", {**SPEC, "events": [good, event]}, 422)
    found = {(error["pointer"], error["code"]) for error in answer["errors"]}
    assert (f"/events/1{at}", code) in found


def test_a_step_too_far_for_one_request_is_refused_with_how_far_it_may_go(basin: Client) -> None:
    large = {"data": {"samples": 10_000}, "layers": [{"units": 64}, *SPEC["layers"]]}
    for spec in (SPEC, large):
        error = basin.post("/api/experiments", {**spec, "step": 10**6}, 422)["errors"][0]
        assert (error["pointer"], error["code"]) == ("/step", "too_much_work")
        assert 0 < error["allowed"]["maximum"] <= 10_000
    assert basin.create(SPEC, step=10_000).summary()["step"] == 10_000


def test_a_branch_has_the_past_of_its_source_which_stays_as_it_was(lived: Experiment) -> None:
    before, source = lived.summary(), seen(lived)
    new = branch(lived, 40)
    assert (new.summary()["step"], new.id == lived.id) == (40, False)
    losses = lived.loss()
    assert new.loss()["train"] == [run[:41] for run in losses["train"]]
    assert [new.parameters(0, step) for step in (0, 7, 33)] == [
        lived.parameters(0, step) for step in (0, 7, 33)
    ]
    new.train(10)
    assert seen(new) == source
    new.rewind(3)
    assert lived.summary() == before


def test_a_branch_drops_events_that_come_after_it(lived: Experiment) -> None:
    assert [event["step"] for event in branch(lived, 25).summary()["events"]] == [0, 20]


def test_a_branch_may_change_the_optimizer_of_one_run(lived: Experiment) -> None:
    new = branch(lived, 40, optimizer=RATE | {"learning_rate": 3.0}, run=0)
    rates = [run["optimizer"]["learning_rate"] for run in new.summary()["runs"]]
    assert rates == [3.0, 0.25]
    new.train(10)
    assert new.loss()["train"][1] == lived.loss()["train"][1]
    assert new.loss()["train"][0][41:] != lived.loss()["train"][0][41:]


def test_a_branch_may_begin_a_run_anew_by_another_recipe(basin: Client, lived: Experiment) -> None:
    new = branch(lived, 40, recipe=RECIPE, run=1)
    begun = basin.create({**SPEC, "runs": [{}, {"seed": 9, "recipe": RECIPE}]})
    assert new.parameters(1) == begun.parameters(1)
    assert new.parameters(0) == lived.parameters(0, 40)
    told = new.summary()["events"][-1]
    assert told["recipe"].items() >= RECIPE.items()
    assert basin.create(shared(new)).summary()["events"][-1] == told
    new.train(10)
    assert new.loss()["train"][0] == lived.loss()["train"][0]
    new.rewind(40)
    new.set(1, values={"W1[0,0]": 0.5})
    assert "recipe" not in new.summary()["events"][-1]


def test_a_branch_may_begin_a_run_anew_by_another_seed(basin: Client, lived: Experiment) -> None:
    begun = basin.create({**SPEC, "runs": [{}, {"seed": 10, "loss": "mse"}]})
    assert branch(lived, 40, seed=10, run=1).parameters(1) == begun.parameters(1)


def test_a_branch_can_be_shared(basin: Client, lived: Experiment) -> None:
    new = branch(lived, 40, recipe=RECIPE, run=1)
    new.train(5)
    assert seen(basin.create(shared(new))) == seen(new)


@pytest.mark.parametrize(
    ("step", "change", "at", "code"),
    [
        (51, {}, "/step", "out_of_range"),
        (5, {"run": 2, "optimizer": RATE}, "/change/run", "out_of_range"),
        (5, {"recipe": RECIPE}, "/change/run", "missing"),
        (5, {"run": 0, "recipe": {"weights": {"name": "luck"}}}, "/change/recipe/weights/name",
         "unknown_name"),
        (5, {"run": 0, "loss": "mse"}, "/change/loss", "unknown_field"),
    ],
)  # fmt: skip
def test_a_branch_that_cannot_be_is_refused(
    lived: Experiment, step: int, change: Any, at: str, code: str
) -> None:
    error = branch(lived, step, 422, **change)["errors"][0]
    assert (error["pointer"], error["code"]) == (at, code)


def test_a_branch_of_what_has_moved_on_is_a_conflict(lived: Experiment) -> None:
    lived.client.post(f"{lived.url}/branch", {"step": 5, "version": 1}, 409)
