"""States of experiments without a server or a store, for tests of single rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.lab.experiment import training
from app.lab.experiment.segment import Segment, concat
from app.lab.experiment.setup import Setup, build
from app.lab.experiment.state import Event, TrainState
from app.lab.history.repository import Experiment
from app.lab.spec.parse import parse


@dataclass(frozen=True)
class Trained:
    """A setup, its state after some steps, and the losses of all of them."""

    setup: Setup
    state: TrainState
    losses: Segment

    @property
    def experiment(self) -> Experiment:
        """The same as an experiment that was read from a store."""
        return Experiment("an id", 3, self.setup, self.state, ())


def train(steps: int = 0, events: Sequence[Event] = (), **spec: Any) -> Trained:
    """An experiment of these fields of a spec, trained."""
    setup = build(parse(spec))
    state, first = training.begin(setup)
    blocks = [first]
    if steps:
        state, more = training.advance(setup, state, events, steps)
        blocks += more
    return Trained(setup, state, concat([block.losses() for block in blocks]))
