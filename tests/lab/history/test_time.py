"""Rewinds and events over HTTP: an earlier step is exactly what it was, events included."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.client import Client, Experiment
from tests.lab.history.specs import SMALL, SPECS
from tests.lab.trainer import close, descent, network, points

Make = Callable[..., Experiment]


@pytest.fixture(params=SPECS.values(), ids=list(SPECS))
def make(basin: Client, request: pytest.FixtureRequest) -> Make:
    """Makes experiments, all the same, first of small networks, then of larger ones."""
    return lambda: basin.create(request.param)


def state(experiment: Experiment) -> Any:
    """All that a visitor can see of where an experiment is."""
    summary = experiment.summary()
    seen = {key: value for key, value in summary.items() if key not in ("id", "version")}
    return seen, experiment.loss(), [experiment.parameters(run) for run in range(2)]


def test_back_from_200_to_0_and_forward_again_is_bit_equal(basin: Client) -> None:
    experiment = basin.create({})
    first = experiment.train(200)
    before = experiment.loss()
    experiment.rewind(0)
    assert experiment.loss()["steps"] == [0]
    second = experiment.train(200)
    assert (second["train"], second["test"]) == (first["train"], first["test"])
    assert experiment.loss() == before


@pytest.mark.parametrize("step", [0, 65])
def test_a_rewound_experiment_is_one_that_never_went_further(make: Make, step: int) -> None:
    experiment, other = make(), make()
    experiment.train(150)
    experiment.train(50)
    experiment.rewind(step)
    if step:
        other.train(step)
    assert state(experiment) == state(other)


def test_a_rewind_answers_with_the_summary(make: Make) -> None:
    experiment = make()
    experiment.train(20)
    summary = experiment.rewind(13)
    assert summary["step"] == 13
    assert summary == experiment.summary()


def test_parameters_of_an_earlier_step_are_those_it_had(basin: Client) -> None:
    experiment, other = basin.create(SMALL), basin.create(SMALL)
    experiment.train(90)
    for step in (0, 1, 40, 66, 89, 90):
        while other.summary()["step"] < step:
            other.train(step - other.summary()["step"])
        for run in range(2):
            assert experiment.parameters(run, step) == other.parameters(run)


def test_looking_back_changes_nothing(make: Make) -> None:
    experiment = make()
    experiment.train(70)
    before = experiment.summary()
    for what in ("parameters", "gradients", "surface", "outputs"):
        size = {"size": 5} if what in ("surface", "outputs") else {}
        assert experiment.read(what, step=33, **size)["step"] == 33
    assert experiment.summary() == before


def test_a_step_that_was_not_reached_cannot_be_had(make: Make) -> None:
    experiment = make()
    experiment.train(5)
    refused = experiment.rewind(6, status=422)
    assert refused["errors"][0]["pointer"] == "/step"
    assert refused["errors"][0]["allowed"] == {"minimum": 0, "maximum": 5}
    assert experiment.summary()["step"] == 5


def test_training_goes_on_with_another_learning_rate(basin: Client) -> None:
    experiment = basin.create(SMALL)
    experiment.train(30)
    summary = experiment.change_rate(0.125)
    assert [run["optimizer"]["learning_rate"] for run in summary["runs"]] == [0.125, 0.125]
    assert summary["step"] == 30
    experiment.train(10)
    x, y = points(experiment)
    costs, _ = descent(network(experiment, 1, 30), x, y, 0.125, [slice(None)] * 10)
    close(experiment.loss()["train"][1][30:], costs)


def test_a_learning_rate_may_change_for_one_run_only(make: Make) -> None:
    experiment, other = make(), make()
    experiment.train(10)
    experiment.change_rate(0.125, run=1)
    rates = [run["optimizer"]["learning_rate"] for run in experiment.summary()["runs"]]
    assert rates[1] == 0.125 != rates[0]
    changed, unchanged = experiment.train(10), (other.train(10), other.train(10))[1]
    assert changed["train"][0] == unchanged["train"][0]
    assert changed["train"][1][0] != unchanged["train"][1][0]


def test_an_event_is_listed_with_its_step(make: Make) -> None:
    experiment = make()
    experiment.train(7)
    experiment.change_rate(0.5, run=1)
    experiment.set(0, values={"b1[0]": 0.25})
    rate, by_hand = experiment.summary()["events"]
    optimizer = {"name": "gradient_descent", "learning_rate": 0.5}
    assert rate == {"step": 7, "run": 1, "optimizer": optimizer}
    assert (by_hand["step"], by_hand["run"]) == (7, 0)
    assert by_hand["parameters"]["b"][0][0] == 0.25


def test_parameters_set_by_hand_are_there_and_nothing_else_has_moved(make: Make) -> None:
    experiment = make()
    experiment.train(5)
    (W, b), other = experiment.parameters(0), experiment.parameters(1)
    W[0][1][0], b[-1][0] = 0.75, -2.0
    answer = experiment.set(0, values={"W1[1,0]": 0.75, f"b{len(b)}[0]": -2.0})
    assert (answer["W"], answer["b"]) == (W, b) == experiment.parameters(0)
    assert experiment.parameters(1) == other
    assert answer["step"] == 5


def test_training_goes_on_from_parameters_set_by_hand(basin: Client) -> None:
    experiment = basin.create(SMALL)
    experiment.train(5)
    experiment.set(1, W=[[[1, -1], [0.5, 2]], [[0.25, -0.5]]], b=[[0, 1], [0.125]])
    start = network(experiment, 1)
    experiment.train(20)
    x, y = points(experiment)
    costs, end = descent(start, x, y, 1.0, [slice(None)] * 20)
    close(experiment.loss()["train"][1][5:], costs)
    close(experiment.parameters(1), (end.W, end.b))


def test_weights_alone_may_be_set_and_biases_alone(make: Make) -> None:
    experiment = make()
    experiment.train(3)
    W, b = experiment.parameters(1)
    experiment.set(0, W=W)
    assert experiment.parameters(0)[0] == W
    assert experiment.parameters(0)[1] != b
    experiment.set(0, b=b)
    assert experiment.parameters(0) == (W, b)


def events(experiment: Experiment) -> list[dict[str, Any]]:
    """Trains with a changed rate at step 70 and a weight set by hand at step 75, to step 150."""
    experiment.train(70)
    experiment.change_rate(0.05)
    experiment.train(5)
    experiment.set(0, values={"W1[0,0]": 0.5, "b1[1]": -0.5})
    experiment.train(75)
    listed: list[dict[str, Any]] = experiment.summary()["events"]
    assert [event["step"] for event in listed] == [70, 75]
    return listed


@pytest.mark.parametrize("step", [72, 76])
def test_events_happen_again_when_an_earlier_step_is_computed(make: Make, step: int) -> None:
    experiment, other = make(), make()
    events(experiment), events(other)
    before = experiment.loss()
    experiment.rewind(step)
    for run in range(2):
        assert experiment.parameters(run) == other.parameters(run, step)
    if step >= 75:
        experiment.train(150 - step)
        assert experiment.loss() == before


def test_rewinding_before_an_event_drops_it(make: Make) -> None:
    experiment, plain = make(), make()
    events(experiment)
    assert experiment.rewind(69)["events"] == []
    experiment.train(81)
    plain.train(150)
    assert state(experiment) == state(plain)


def test_rewinding_between_two_events_drops_the_later_one(make: Make) -> None:
    experiment, other = make(), make()
    first, _ = events(experiment)
    assert experiment.rewind(74)["events"] == [first]
    experiment.train(26)
    other.train(70)
    other.change_rate(0.05)
    other.train(30)
    assert state(experiment) == state(other)


@pytest.mark.parametrize("step", [70, 75])
def test_rewinding_to_exactly_an_event_keeps_it(make: Make, step: int) -> None:
    experiment = make()
    listed = events(experiment)
    before = [experiment.parameters(run, step) for run in range(2)], experiment.loss()
    assert experiment.rewind(step)["events"] == [one for one in listed if one["step"] <= step]
    assert [experiment.parameters(run) for run in range(2)] == before[0]
    history = experiment.loss()
    assert history["train"] == [run[: step + 1] for run in before[1]["train"]]


def test_an_event_at_step_0_is_kept_by_a_rewind_to_0(make: Make) -> None:
    experiment = make()
    experiment.set(0, values={"W1[0,0]": 0.5})
    experiment.change_rate(0.05, run=1)
    experiment.train(30)
    before = experiment.loss()
    experiment.rewind(0)
    assert experiment.parameters(0)[0][0][0][0] == 0.5
    experiment.train(30)
    assert experiment.loss() == before


@pytest.mark.parametrize("step", [0, 10])
def test_what_is_set_back_by_hand_at_its_step_was_never_set(make: Make, step: int) -> None:
    experiment, plain = make(), make()
    for one in (experiment, plain):
        one.change_rate(0.05)
        one.train(step) if step else None
    W, b = experiment.parameters()
    experiment.set(values={"W1[0,0]": 0.5})
    assert len(experiment.summary()["events"]) == 2
    experiment.set(W=W, b=b)
    assert experiment.summary()["events"] == plain.summary()["events"]
    for one in (experiment, plain):
        one.train(20)
    assert state(experiment) == state(plain)


def test_a_loss_that_was_taken_back_is_no_best_of_the_run(basin: Client) -> None:
    """Or it would be told to be far above its own best, where it never was."""
    spec = {**SMALL, "data": {"name": "gauss", "samples": 30}, "optimizer": {"learning_rate": 0.01}}
    experiment, plain = basin.create(spec), basin.create(spec)
    solved = basin.create({**spec, "optimizer": {"name": "adam", "learning_rate": 0.1}})
    solved.train(1000)
    for one in (experiment, plain):
        one.train(40)
    before = experiment.parameters()
    for W, b in (solved.parameters(), before):
        experiment.set(W=W, b=b)
    for one in (experiment, plain):
        one.train(30)
    assert state(experiment) == state(plain)


CHOICES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "optimizer": ({"name": "adam"}, {"name": "momentum"}),
    "schedule": ({"name": "cosine", "length": 40}, {"name": "constant"}),
    "clipping": ({"name": "norm", "max_norm": 0.1}, {"name": "none"}),
    "regularizer": ({"name": "l1_dying", "rate": 0.05}, {"name": "none"}),
}
"""Something else, and what was before, by the name of the change."""
WAYS: list[tuple[list[int | None], list[int | None]]] = [
    ([None], [None]),
    ([None], [1, 0]),
    ([0, 1], [None]),
    ([1], [1]),
]
"""For which runs something is chosen, and for which it is taken back."""


@pytest.mark.parametrize("step", [0, 10])
@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize(("there", "back"), WAYS)
def test_a_choice_that_is_taken_back_at_its_step_was_never_made(
    basin: Client, name: str, step: int, there: list[int | None], back: list[int | None]
) -> None:
    other, own = CHOICES[name]
    spec = {**SMALL, "optimizer": CHOICES["optimizer"][1]}
    experiment, plain = basin.create(spec), basin.create(spec)
    for one in (experiment, plain):
        one.train(step) if step else None
    for choice, runs in ((other, there), (own, back)):
        for run in runs:
            experiment.change(run, **{name: choice})
    assert experiment.summary()["events"] == []
    for one in (experiment, plain):
        one.train(20)
    assert state(experiment) == state(plain)


def test_what_is_taken_back_for_one_run_stays_for_the_other(basin: Client) -> None:
    experiment = basin.create(SMALL)
    experiment.train(10)
    before = experiment.summary()["runs"][0]["optimizer"]
    experiment.change_rate(0.5)
    experiment.change(0, optimizer=before)
    rates = [run["optimizer"]["learning_rate"] for run in experiment.summary()["runs"]]
    assert rates == [before["learning_rate"], 0.5]


def test_a_schedule_chosen_again_counts_anew(basin: Client) -> None:
    cosine = {"name": "cosine", "length": 40}
    experiment = basin.create({**SMALL, "schedule": cosine})
    began = experiment.summary()["runs"][0]["rate"]
    experiment.train(10)
    assert experiment.summary()["runs"][0]["rate"] < began
    for _ in range(2):  # also where the answer to the first was lost on the way
        assert experiment.change(schedule=cosine)["runs"][0]["rate"] == began


def test_of_two_changes_at_one_step_the_later_counts(make: Make) -> None:
    experiment, other = make(), make()
    experiment.change_rate(0.5)
    experiment.change_rate(0.05, run=0)
    experiment.change_rate(0.25)
    other.change_rate(0.25)
    experiment.set(0, values={"W1[0,0]": 3.0})
    experiment.set(0, values={"W1[0,0]": 0.5})
    other.set(0, values={"W1[0,0]": 0.5})
    assert experiment.train(20)["train"] == other.train(20)["train"]


def test_a_change_for_one_run_outlasts_an_earlier_one_for_all(make: Make) -> None:
    experiment = make()
    experiment.change_rate(0.25)
    experiment.change_rate(0.5, run=0)
    rates = [run["optimizer"]["learning_rate"] for run in experiment.summary()["runs"]]
    assert rates[:2] == [0.5, 0.25]


ACTIONS = st.one_of(
    st.tuples(st.just("train"), st.integers(1, 90)),
    st.tuples(st.just("rewind"), st.floats(0, 1)),
    st.tuples(st.just("rate"), st.sampled_from([0.01, 0.1, 10.0]), st.sampled_from([None, 0, 1])),
    st.tuples(st.just("set"), st.sampled_from([-1.0, 0.5, 1e6]), st.sampled_from([0, 1])),
)


@settings(max_examples=8)
@given(actions=st.lists(ACTIONS, min_size=3, max_size=12))
@pytest.mark.parametrize("name", ["small", "large mini-batch", "diverging"])
def test_whatever_was_done_the_present_is_a_function_of_the_events_that_remain(
    basin: Client, name: str, actions: list[tuple[Any, ...]]
) -> None:
    experiment = basin.create(SPECS[name])
    for action, value, *run in actions:
        now = experiment.summary()["step"]
        if action == "train":
            experiment.train(value)
        elif action == "rewind":
            experiment.rewind(round(value * now))
        elif action == "rate":
            experiment.change_rate(value, *run)
        else:
            experiment.set(*run, values={"W1[0,0]": value})
    assert state(replay(basin, SPECS[name], experiment)) == state(experiment)


def replay(basin: Client, spec: Any, experiment: Experiment) -> Experiment:
    """A new experiment taken through another's events, straight to where that one is."""
    summary, again = experiment.summary(), basin.create(spec)
    for event in summary["events"]:
        advance(again, event["step"])
        if "optimizer" in event:
            again.change_rate(event["optimizer"]["learning_rate"], event["run"])
        else:
            again.set(event["run"], **event["parameters"])
    advance(again, summary["step"])
    return again


def advance(experiment: Experiment, step: int) -> None:
    if ahead := step - experiment.summary()["step"]:
        experiment.train(ahead)


MOMENTUM = {"name": "momentum", "learning_rate": 0.3}
ADAM = {"name": "adam", "learning_rate": 0.05}
PLAIN = {"name": "gradient_descent", "learning_rate": 0.3}
DYING, NONE = {"name": "l1_dying", "rate": 0.05}, {"name": "none"}


@pytest.mark.parametrize("step", [0, 1, 70])
@pytest.mark.parametrize(
    ("spec", "tried"),
    [
        ({"optimizer": MOMENTUM}, [("optimizer", PLAIN, None), ("optimizer", MOMENTUM, None)]),
        ({"optimizer": MOMENTUM}, [("optimizer", PLAIN, 0), ("optimizer", MOMENTUM, None)]),
        ({"optimizer": ADAM}, [("optimizer", MOMENTUM, 1), ("optimizer", ADAM, 1)]),
        (
            {"optimizer": ADAM, "regularizer": DYING},
            [
                ("optimizer", PLAIN, None),
                ("regularizer", NONE, None),
                ("regularizer", DYING, None),
                ("optimizer", ADAM, None),
            ],
        ),
    ],
)
def test_what_was_tried_at_a_step_and_taken_back_has_left_no_trace(
    basin: Client, step: int, spec: Any, tried: list[tuple[str, Any, int | None]]
) -> None:
    """What an optimizer carries is of the events that remain, too."""
    experiment, plain = basin.create({**SMALL, **spec}), basin.create({**SMALL, **spec})
    for one in (experiment, plain):
        advance(one, step)
    for kind, choice, run in tried:
        basin.patch(experiment.url, {kind: choice, "run": run})
    remaining = experiment.summary()["events"]
    assert len(remaining) < len(tried)
    copied = basin.create({**SMALL, **spec, "events": remaining, "step": step})
    for one in (experiment, plain, copied):
        one.train(20)
    assert state(experiment) == state(copied)
    assert experiment.loss() == plain.loss()
    assert [experiment.parameters(run) for run in range(2)] == [
        plain.parameters(run) for run in range(2)
    ]
