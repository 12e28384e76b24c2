"""The state of all runs at a step, and the events by which a learner changes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.choices import Chosen
from app.nn.types import Array
from app.nn.update.optimizers import State
from app.nn.update.updates import Method

Watch = Callable[[Array], Array]
"""Takes from the parameters (T, K, P) of every step what the open views need, (T, K, W)."""
Pause = Callable[[], None]
"""Lets others compute, between two parts of long work."""


def nothing() -> None:
    """No pause."""


@dataclass(frozen=True)
class Event:
    """A change made by the learner at `step`, before the update that follows it.

    It is either one of the choices of which a `Method` is made, for one run or for all (`run` is
    None), or the parameters `theta` (P,) of one run, set by hand, or begun anew by a `recipe`: its
    document, which says where they are from and nothing more.
    """

    step: int
    run: int | None
    optimizer: Chosen | None = None
    theta: tuple[float, ...] | None = None
    schedule: Chosen | None = None
    clipping: Chosen | None = None
    regularizer: Chosen | None = None
    recipe: Mapping[str, Any] | None = None

    def changed(self, method: Method) -> Method:
        """The method of a run after this event; a new schedule counts from its step."""
        return Method(
            self.optimizer or method.optimizer,
            self.schedule or method.schedule,
            self.clipping or method.clipping,
            self.regularizer or method.regularizer,
            method.since if self.schedule is None else self.step,
        )


@dataclass(frozen=True)
class TrainState:
    """All runs at one step: parameters theta (K, P), and what their optimizers carry, (K, …) each.

    `diverged` (K,) is the step at which a run diverged, or -1; it then stays at its last finite
    parameters.
    """

    step: int
    theta: Array
    optimizer_state: State
    diverged: NDArray[np.int64]
