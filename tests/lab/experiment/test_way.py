"""The way of an experiment: each event on it is replayed once, and makes what it always made."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab.experiment import training
from app.lab.experiment.events import added, by_hand, change
from app.lab.experiment.setup import Setup, build
from app.lab.experiment.state import Event
from app.lab.experiment.way import Way
from app.lab.spec.parse import parse
from app.nn.update.updates import Method

SETUP: Setup = build(
    parse(
        {
            "data": {"name": "custom", "inputs": [[0], [1]], "targets": [0, 1]},
            "layers": [{"units": 1, "activation": "sigmoid"}],
            "runs": [{}, {"seed": 2}, {"seed": 3}],
        }
    )
)
RUNS = len(SETUP.runs)
CHOICES: list[tuple[str, dict[str, Any]]] = [
    ("optimizer", {"name": "adam", "learning_rate": 0.01}),
    ("optimizer", {"name": "gradient_descent", "learning_rate": 0.5}),
    ("schedule", {"name": "exponential", "gamma": 0.9}),
    ("clipping", {"name": "norm", "max_norm": 0.5}),
    ("regularizer", {"name": "l2", "rate": 0.1}),
]
EVENTS = st.one_of(
    st.builds(
        lambda step, run, choice: change(step, run, *choice),
        st.integers(0, 5),
        st.sampled_from([None, *range(RUNS)]),
        st.sampled_from(CHOICES),
    ),
    st.builds(
        by_hand,
        st.integers(0, 5),
        st.integers(0, RUNS - 1),
        st.lists(st.floats(-1, 1), min_size=2, max_size=2),
    ),
)


class Watched(tuple[Event, ...]):
    """Events that count how often somebody goes through all of them."""

    passes = 0

    def __iter__(self) -> Iterator[Event]:
        self.passes += 1
        return super().__iter__()


def rates(count: int) -> list[Event]:
    """An event at each of so many steps, for all runs."""
    choice = {"name": "gradient_descent", "learning_rate": 0.01}
    return [change(step, None, "optimizer", choice) for step in range(1, count + 1)]


def replayed(events: Sequence[Event], step: int) -> list[Method]:
    methods = [run.method for run in SETUP.runs]
    for event in events:
        if event.step <= step:
            for k in range(RUNS) if event.run is None else [event.run]:
                methods[k] = event.changed(methods[k])
    return methods


@given(st.lists(EVENTS, max_size=12), st.lists(st.integers(0, 6), max_size=6))
def test_a_way_is_the_events_up_to_a_step_wherever_it_was_before(
    given: list[Event], steps: list[int]
) -> None:
    events: tuple[Event, ...] = ()
    for event in given:
        events = added(events, event)
    way = Way(SETUP, events)
    for step in steps:
        assert way.methods(step) == replayed(events, step)
        by_hand = [event for event in events if event.theta is not None and event.step <= step]
        theta = SETUP.initial.copy()
        for event in by_hand:
            theta[event.run] = event.theta
        np.testing.assert_array_equal(way.origins(step), theta)
        assert (way.origins(step) is SETUP.initial) == (not by_hand)
        assert list(way.at(step)) == [event for event in events if event.step == step]
        ahead = [event.step for event in events if step < event.step <= 4]
        assert way.next_step(step, 4) == min([4, *ahead])


def test_parameters_that_were_handed_out_stay_as_they_were() -> None:
    way = Way(SETUP, [by_hand(1, 0, [1.0, 2.0]), by_hand(2, 0, [3.0, 4.0])])
    before = way.origins(1)
    after = way.origins(2)
    assert before[0].tolist() == [1.0, 2.0]
    assert after[0].tolist() == [3.0, 4.0]
    assert SETUP.initial[0].tolist() not in (before[0].tolist(), after[0].tolist())


def test_training_past_events_replays_each_of_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not all of them at each of them: 10,000 events on the way would take minutes."""
    plain, calls = Event.changed, 0

    def counted(self: Event, method: Method) -> Method:
        nonlocal calls
        calls += 1
        return plain(self, method)

    monkeypatch.setattr(Event, "changed", counted)
    passes = set[int]()
    for count in (20, 60):
        calls, events = 0, Watched(rates(count))
        training.advance(SETUP, training.begin(SETUP)[0], events, count)
        assert calls == count * RUNS
        passes.add(events.passes)
    assert len(passes) == 1, "more events are gone through more often"
