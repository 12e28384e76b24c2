"""The way of an experiment: what its events have made of the runs by a step.

Training asks at every event on the way. To replay all events each time would take as long as their
number squared; here each is replayed once, as long as the steps asked for do not go back.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event
from app.nn.types import Array
from app.nn.update.updates import Method


class Way:
    """The events of an experiment, which are by step, walked along from the beginning.

    To go on costs the events in between; to go back costs those from the beginning.
    """

    def __init__(self, setup: Setup, events: Sequence[Event]) -> None:
        self._setup = setup
        self._events = tuple(events)
        self._steps = [event.step for event in self._events]
        self._begin()

    def next_step(self, step: int, last: int) -> int:
        """The first step after `step` at which something happens, or `last` if that is earlier."""
        place = bisect_right(self._steps, step)
        return min(last, self._steps[place]) if place < len(self._steps) else last

    def at(self, step: int) -> Sequence[Event]:
        """The events of a step, in their order."""
        return self._events[bisect_left(self._steps, step) : bisect_right(self._steps, step)]

    def before(self, step: int) -> Sequence[Event]:
        """The events up to a step, and at it, in their order."""
        return self._events[: bisect_right(self._steps, step)]

    def methods(self, step: int) -> list[Method]:
        """The method of every run in the update that follows a step."""
        self._go(step)
        return list(self._methods)

    def origins(self, step: int) -> Array:
        """theta (K, P) with which each run last began: its first, or what was set by hand since.

        It is the setup's own array while nothing has been set by hand.
        """
        self._go(step)
        return self._origins

    def _begin(self) -> None:
        """Stand before the first event."""
        self._passed = 0
        self._methods = [run.method for run in self._setup.runs]
        self._origins = self._setup.initial

    def _go(self, step: int) -> None:
        """Stand behind the events of a step."""
        end = bisect_right(self._steps, step)
        if end < self._passed:
            self._begin()
        passed = self._events[self._passed : end]
        by_hand = [event for event in passed if event.theta is not None]
        if by_hand:
            self._origins = self._origins.copy()  # the one before may still be in use
        for event in by_hand:
            self._origins[event.run] = event.theta
        for event in passed:
            for k in range(len(self._methods)) if event.run is None else [event.run]:
                self._methods[k] = event.changed(self._methods[k])
        self._passed = end
