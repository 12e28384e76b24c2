"""The past of a state that its status depends on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.lab.experiment.segment import Segment
from app.nn.types import Array


@dataclass(frozen=True)
class Past:
    """The last losses up to a state, and the least of all.

    `since` (K,) are the steps from which on a run's objective can be compared with the present one:
    0, or where its parameters were last set by hand or its penalty last changed. `best` (K,) is the
    least objective of every run since then; NaN where it has none.
    """

    losses: Segment
    best: Array
    since: Sequence[int]

    @cached_property
    def whole_objective(self) -> Array:
        """The objective of all runs (T, K) at all of these steps."""
        return self.losses.objective

    def objective(self, k: int) -> Array:
        """The last values (T,) of a run's objective, as far back as they can be compared."""
        return self.whole_objective[max(0, self.since[k] - self.losses.first) :, k]
