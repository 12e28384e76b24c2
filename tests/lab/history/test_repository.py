"""The repository: any earlier state, to the last bit, and histories whether cached or not."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Conflict, InvalidInput, StaleVersion
from app.lab.experiment import events, training
from app.lab.experiment.segment import Segment, concat
from app.lab.experiment.setup import Setup, build
from app.lab.experiment.state import Event, TrainState
from app.lab.history import cache
from app.lab.history.repository import Experiment, ExperimentRepository
from app.lab.spec.parse import parse
from app.store import open_store
from app.store.base import Store
from tests.lab.history.specs import SMALL, SPECS, STATEFUL

STEPS = (0, 1, 63, 64, 65, 70, 72, 75, 76, 137, 199, 200)
every_spec = pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
_ids = count()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("store") / "basin.db"
    with closing(open_store(f"sqlite:///{path}", lifetime=timedelta(days=1))) as opened:
        yield opened


@pytest.fixture
def repository(store: Store) -> ExperimentRepository:
    return ExperimentRepository(store)


def create(
    repository: ExperimentRepository, spec: Any, happening: Sequence[Event] = ()
) -> Experiment:
    """A new experiment at step 0, with events that happen when training reaches their steps."""
    setup = build(parse(spec))
    state, first = training.begin(setup)
    experiment = Experiment(f"id{next(_ids)}", 1, setup, state, tuple(happening))
    repository.create(experiment, first)
    return experiment


def train(repository: ExperimentRepository, before: Experiment, steps: int) -> Experiment:
    state, segments = training.advance(before.setup, before.state, before.events, steps)
    after = before.moved(state=state)
    repository.save(after, segments)
    return repository.load(after.id)


def rewind(repository: ExperimentRepository, before: Experiment, step: int) -> Experiment:
    state = repository.state_at(before, step)
    past = tuple(event for event in before.events if event.step <= step)
    after = before.moved(state=state, events=past)
    repository.save(after, keep_until=step)
    return repository.load(after.id)


def happen(repository: ExperimentRepository, before: Experiment, event: Event) -> Experiment:
    known = events.added(before.events, event)
    state, segment = training.apply(before.setup, before.state, event, known)
    after = before.moved(state=state, events=known)
    repository.save(after, [segment])
    return repository.load(after.id)


def rate(step: int, rate: float, run: int | None = None) -> Event:
    choice = {"name": "gradient_descent", "learning_rate": rate}
    return events.change(step, run, "optimizer", choice)


def set_by_hand(setup: Setup, step: int, number: float, run: int = 0) -> Event:
    return events.by_hand(step, run, np.full(setup.initial.shape[1], number).tolist())


def same(one: TrainState, other: TrainState) -> None:
    """Asserts that two states are equal, bit for bit."""
    assert one.step == other.step
    np.testing.assert_array_equal(one.theta, other.theta)
    np.testing.assert_array_equal(one.diverged, other.diverged)
    assert one.optimizer_state.keys() == other.optimizer_state.keys()
    for name, array in one.optimizer_state.items():
        np.testing.assert_array_equal(array, other.optimizer_state[name], name)


def same_losses(one: Segment, other: Segment) -> None:
    assert (one.first, one.last) == (other.first, other.last)
    for name in ("train", "test", "penalty", "diverged"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)


def reached(setup: Setup, happening: Sequence[Event]) -> Iterator[TrainState]:
    """The states at STEPS of an experiment that only ever goes forward, with nothing stored."""
    state, _ = training.begin(setup)
    for step in STEPS:
        state, _ = training.advance(setup, state, happening, step - state.step)
        yield state


@pytest.mark.parametrize("with_events", [False, True])
@every_spec
def test_any_earlier_state_is_the_one_that_was(
    repository: ExperimentRepository, spec: Any, with_events: bool
) -> None:
    experiment = create(repository, spec)
    setup = experiment.setup
    happening = [rate(70, 0.05), set_by_hand(setup, 75, 0.5)] if with_events else []
    experiment = create(repository, spec, happening)
    for steps in (150, 50):
        experiment = train(repository, experiment, steps)
    for state in reached(setup, happening):
        same(repository.state_at(experiment, state.step), state)


def test_any_state_of_a_long_history_is_that_of_a_short_one(
    repository: ExperimentRepository,
) -> None:
    long = train(repository, create(repository, STATEFUL), 6000)
    state, _ = training.begin(long.setup)
    for step in (1023, 1024, 1025, 2047, 2049, 4095, 4100, 5999):
        state, _ = training.advance(long.setup, state, (), step - state.step)
        same(repository.state_at(long, step), state)


@pytest.mark.parametrize("step", [0, 63, 64, 75, 76, 137])
@every_spec
def test_training_after_a_rewind_is_the_same_again(
    repository: ExperimentRepository, spec: Any, step: int
) -> None:
    setup = build(parse(spec))
    experiment = create(repository, spec, [rate(70, 0.05), set_by_hand(setup, 75, 0.5)])
    before = train(repository, experiment, 150)
    losses = repository.losses(before, 0, 150)
    back = rewind(repository, before, step)
    assert back.events == tuple(event for event in before.events if event.step <= step)
    same_losses(repository.losses(back, 0, step), losses.slice(0, step))
    again = train(repository, replace(back, events=before.events), 150 - step)
    same(again.state, before.state)
    same_losses(repository.losses(again, 0, 150), losses)


def test_a_step_that_was_not_reached_has_no_state(repository: ExperimentRepository) -> None:
    experiment = train(repository, create(repository, SMALL), 5)
    with pytest.raises(InvalidInput) as error:
        repository.state_at(experiment, 6, "body")
    (found,) = error.value.errors
    assert (found.pointer, found.allowed) == ("/step", {"minimum": 0, "maximum": 5})


def test_what_is_saved_twice_or_created_twice_is_refused(repository: ExperimentRepository) -> None:
    experiment = create(repository, SMALL)
    with pytest.raises(Conflict):
        repository.create(experiment, training.begin(experiment.setup)[1])
    train(repository, experiment, 3)
    with pytest.raises(StaleVersion):
        train(repository, experiment, 3)
    with pytest.raises(StaleVersion):
        repository.load(experiment.id, 1)


def test_what_a_rewind_has_hidden_stays_hidden_from_another_server(store: Store) -> None:
    here, there = ExperimentRepository(store), ExperimentRepository(store)
    experiment = rewind(here, train(here, create(here, SMALL), 100), 30)
    experiment = happen(here, experiment, rate(30, 3.0))
    for _ in range(2):
        experiment = train(here, experiment, 20)
    shows_what_happened(there, experiment)
    experiment = train(here, experiment, 5)
    shows_what_happened(there, experiment)  # reads 1 … 100, 51 … 70 and 71 … 75 for it


def test_what_a_rewind_has_hidden_is_in_no_trajectory(
    repository: ExperimentRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "THETA_BYTES", 0)
    experiment = rewind(repository, train(repository, create(repository, SMALL), 100), 30)
    experiment = train(repository, happen(repository, experiment, rate(30, 3.0)), 40)
    shows_what_happened(repository, experiment)


ACTIONS = st.one_of(
    st.tuples(st.just("train"), st.integers(1, 90)),
    st.tuples(st.just("rewind"), st.floats(0, 1)),
    st.tuples(st.just("rate"), st.sampled_from([0.01, 0.1, 3.0])),
    st.tuples(st.just("set"), st.sampled_from([-1.0, 0.5, 1e6])),
)


@settings(max_examples=12)
@given(actions=st.lists(ACTIONS, min_size=3, max_size=10))
@pytest.mark.parametrize("theta_bytes", [0, 1 << 24])
def test_a_history_is_the_same_cached_or_read_again(
    store: Store, theta_bytes: int, actions: list[tuple[str, Any]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "THETA_BYTES", theta_bytes)
        warm, other = ExperimentRepository(store), ExperimentRepository(store)
        experiment = create(warm, SMALL)
        for place, (action, value) in enumerate([("train", 130), *actions]):
            by, now = (warm, other)[place % 2], experiment.state.step
            if action == "train":
                experiment = train(by, experiment, value)
            elif action == "rewind":
                experiment = rewind(by, experiment, round(value * now))
            else:
                event = rate(now, value) if action == "rate" else set_by_hand(
                    experiment.setup, now, value
                )  # fmt: skip
                experiment = happen(by, experiment, event)
            warm.trajectory(experiment, experiment.state)
            told = warm.past(experiment, experiment.state)
            read = ExperimentRepository(store).past(experiment, experiment.state)
            np.testing.assert_array_equal(told.best, read.best)
            same_losses(told.losses, read.losses)
        shows_what_happened(warm, experiment)
        shows_what_happened(ExperimentRepository(store), experiment)


def shows_what_happened(repository: ExperimentRepository, experiment: Experiment) -> None:
    """Compares losses and trajectory with those of an experiment that only ever went forward."""
    setup, now = experiment.setup, experiment.state.step
    state, first = training.begin(setup)
    segments = [first]
    for event in experiment.events:
        if event.step == 0:
            state, segment = training.apply(setup, state, event, experiment.events)
            segments.append(segment)
    state, later = training.advance(setup, state, experiment.events, now)
    straight = concat([*segments, *later])
    same(experiment.state, state)
    same_losses(repository.losses(experiment, 0, now), straight.losses())
    found = repository.trajectory(experiment, experiment.state)
    rows = np.searchsorted(straight.theta_steps, found.steps)
    np.testing.assert_array_equal(straight.theta_steps[rows], found.steps)
    np.testing.assert_array_equal(straight.theta[rows], found.theta)
    np.testing.assert_array_equal(straight.train[found.steps], found.J)
