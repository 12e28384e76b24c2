"""What an experiment is at a step, what happened on the way to it, and what a learner did."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.choices import Chosen
from app.nn.types import Array
from app.nn.update.optimizers import State
from app.nn.update.updates import Method

Watch = Callable[[Array], Array]
"""What is taken from the parameters (T, K, P) of every step, (T, K, W)."""


@dataclass(frozen=True)
class Event:
    """What a learner did on the way: it holds from `step` on, before that step's update.

    Either one of the choices of which a `Method` is made, for one run or for all (`run` None), or
    `theta` (P,), set by hand on one run.
    """

    step: int
    run: int | None
    optimizer: Chosen | None = None
    theta: tuple[float, ...] | None = None
    schedule: Chosen | None = None
    clipping: Chosen | None = None
    regularizer: Chosen | None = None

    def changed(self, method: Method) -> Method:
        """The method of a run after it; another schedule counts from here."""
        return Method(
            self.optimizer or method.optimizer,
            self.schedule or method.schedule,
            self.clipping or method.clipping,
            self.regularizer or method.regularizer,
            method.since if self.schedule is None else self.step,
        )


@dataclass(frozen=True)
class Moment:
    """An experiment at one step: theta (K, P), the optimizers' state, and who has diverged when.

    `diverged[k]` is the step at which run k diverged, or -1; it then stays at its last finite
    parameters.
    """

    step: int
    theta: Array
    state: State
    diverged: NDArray[np.int64]


@dataclass(frozen=True)
class Stretch:
    """What happened in steps `first` … `last`: losses (T, K) of all, parameters of some.

    A loss is NaN where there is none: no test set, or a run that has diverged; it is J alone, and
    `penalty` (T, K) what the regularizer adds. `kept` (C,) holds the steps whose theta (C, K, P)
    was kept, and `whole` (S,) those of them at which the optimizers' state (S, K, …) was kept too,
    from which any other is recomputed. `diverged` (K,) is as in the moment at `last`. `watched`
    (T, K, W) holds, of every step, what somebody is looking at now; it is not kept.
    """

    first: int
    train: Array
    test: Array
    penalty: Array
    kept: NDArray[np.int64]
    theta: Array
    whole: NDArray[np.int64]
    state: State
    diverged: NDArray[np.int64]
    watched: Array | None = None

    @property
    def last(self) -> int:
        """The last step it holds."""
        return self.first + len(self.train) - 1
