"""What a script tells of an experiment: every run from its first parameters on, with all changes.

A run is a list of changes in the order of their steps. The first, of step 0, sets everything; a
later one holds what events have changed there. So a script needs nothing but "what is set at this
step?" to go the way that the experiment went.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from app.choices import Chosen
from app.errors import FieldError, InvalidInput
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event
from app.nn.types import Array
from app.nn.update.symmetry import identical_neurons

MOST_NUMBERS = 1 << 22
"""The most numbers, of samples and of parameters, that a script is made of: 32 MB."""

REGISTRIES = ("optimizer", "schedule", "clipping", "regularizer")
"""The choices of a change, by the names of its fields."""

Twins = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Change:
    """What is set on a run at a step; None for what stays as it was.

    `optimizer` is one whose memory begins anew (`fresh`) or goes on, and so is `regularizer` for
    the links that it has killed. `since` is the step from which the schedule counts. `twins` are
    the first neuron, of every layer, that each neuron was equal to at theta (P,), where some were.
    """

    step: int
    theta: Array | None = None
    twins: Twins | None = None
    optimizer: Chosen | None = None
    fresh: bool = False
    schedule: Chosen | None = None
    clipping: Chosen | None = None
    regularizer: Chosen | None = None
    revived: bool = False


@dataclass(frozen=True)
class Story:
    """An experiment up to a step: its setup, and the changes of every run, by step."""

    setup: Setup
    steps: int
    runs: tuple[tuple[Change, ...], ...]

    @cached_property
    def changes(self) -> list[Change]:
        """The changes of all runs."""
        return [change for run in self.runs for change in run]

    @cached_property
    def thetas(self) -> list[Array]:
        """All parameters that are set, run by run, theta (P,) each."""
        return [change.theta for change in self.changes if change.theta is not None]

    @cached_property
    def numbers(self) -> int:
        """How many numbers it needs: those of the training samples, and those of parameters."""
        train = self.setup.train
        return int(train.inputs.size + train.Y.size + sum(theta.size for theta in self.thetas))

    @cached_property
    def chosen(self) -> Mapping[str, list[str]]:
        """The names that are chosen of each registry, anywhere in it, once each.

        Every change that is written asks for them; there may be 10,000 in each run.
        """
        found: dict[str, dict[str, None]] = {what: {} for what in REGISTRIES}
        for change in self.changes:
            for what in REGISTRIES:
                choice: Chosen | None = getattr(change, what)
                if choice is not None:
                    found[what][choice.name] = None
        return {what: list(names) for what, names in found.items()}

    @cached_property
    def has_twins(self) -> bool:
        """Whether a run has neurons that began alike."""
        return any(change.twins is not None for change in self.changes)


def story(setup: Setup, events: Sequence[Event], steps: int) -> Story:
    """The story of an experiment from step 0 to `steps`.

    Raises InvalidInput where it would take more than `MOST_NUMBERS` numbers.
    """
    past = [event for event in events if event.step <= steps]
    runs = tuple(_run(setup, past, k) for k in range(len(setup.runs)))
    told = Story(setup, steps, runs)
    if told.numbers > MOST_NUMBERS:
        detail = f"the code of this experiment would hold {told.numbers} numbers; at most "
        detail += f"{MOST_NUMBERS} can be written out. Ask for an earlier step, before so many "
        detail += "parameters were set by hand"
        allowed = {"maximum": MOST_NUMBERS}
        raise InvalidInput([FieldError("/step", "too_much_work", detail, allowed, steps, "query")])
    return told


def _run(setup: Setup, events: Sequence[Event], k: int) -> tuple[Change, ...]:
    method = setup.runs[k].method
    first = Change(
        0,
        setup.initial[k],
        _twins(setup, setup.initial[k]),
        method.optimizer,
        True,
        method.schedule,
        method.clipping,
        method.regularizer,
        True,
    )
    told, optimizer, regularizer = {0: first}, method.optimizer.name, method.regularizer.name
    for event in events:
        if event.run not in (None, k):
            continue
        change = told.get(event.step, Change(event.step))
        if event.theta is not None:
            theta = np.array(event.theta)
            change = replace(change, theta=theta, twins=_twins(setup, theta))
        if event.optimizer is not None:
            fresh = change.fresh or event.optimizer.name != optimizer
            optimizer = event.optimizer.name
            change = replace(change, optimizer=event.optimizer, fresh=fresh)
        if event.regularizer is not None:
            revived = change.revived or event.regularizer.name != regularizer
            regularizer = event.regularizer.name
            change = replace(change, regularizer=event.regularizer, revived=revived)
        told[event.step] = replace(
            change,
            schedule=event.schedule or change.schedule,
            clipping=event.clipping or change.clipping,
        )
    return tuple(told[step] for step in sorted(told))


def _twins(setup: Setup, theta: Array) -> Twins | None:
    """For each layer the first neuron that each is equal to; None where all are different.

    None with dropout too, where equal neurons drop out at different times.
    """
    if setup.architecture.drops:
        return None
    found = tuple(tuple(map(int, row)) for row in identical_neurons(setup.architecture, theta))
    return None if all(row == tuple(range(len(row))) for row in found) else found
