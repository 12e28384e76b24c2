"""Consecutive steps of an experiment: their losses, and the parameters of some of them.

A history is a sequence of segments in the order in which they were made. Where two hold the same
step the later one counts, from its first step on: training after a rewind hides what was there
before, and leaves it untouched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.state import TrainState
from app.nn.types import Array
from app.nn.update.optimizers import State

_MOST = 1e300
"""A larger penalty would make a finite loss an infinite objective."""


@dataclass(frozen=True, eq=False)
class Segment:
    """The steps `first` … `last`, T of them: losses of all K runs, parameters of some steps.

    `train` and `test` (T, K) are J without the penalty, and `penalty` (T, K) what the regularizer
    adds. They are NaN where there is no test set, and from the step on at which a run diverged.
    `diverged` (T, K) is, at each step, the step at which a run has diverged, or -1.

    `theta` (C, K, P) are the parameters at `theta_steps` (C,). Those of them at which the
    optimizers' state (S, K, …) is held too are `checkpoint_steps` (S,): from these any other step
    can be computed again.

    `watched` (T, K, W) is what the open views take from the parameters of every step; it is not
    stored.
    """

    first: int
    train: Array
    test: Array
    penalty: Array
    diverged: NDArray[np.int64]
    theta_steps: NDArray[np.int64]
    theta: Array
    checkpoint_steps: NDArray[np.int64]
    optimizer_state: State
    watched: Array | None = None

    @property
    def objective(self) -> Array:
        """What is descended, J and the penalty (T, K); of a penalty without bound, its bound."""
        total: Array = self.train + np.minimum(self.penalty, _MOST)
        return total

    @property
    def last(self) -> int:
        """The last of its steps."""
        return self.first + len(self.train) - 1

    @property
    def steps(self) -> NDArray[np.int64]:
        """Its steps (T,)."""
        return np.arange(self.first, self.last + 1)

    def slice(self, first: int, last: int) -> "Segment":
        """Those of its steps that are in `first` … `last`, as views.

        Raises ValueError when there are none.
        """
        first, last = max(first, self.first), min(last, self.last)
        if first > last:
            raise ValueError(f"no step of {self.first} … {self.last} is in {first} … {last}")
        rows = slice(first - self.first, last - self.first + 1)
        theta_rows = slice(*np.searchsorted(self.theta_steps, [first, last + 1]))
        checkpoint_rows = slice(*np.searchsorted(self.checkpoint_steps, [first, last + 1]))
        return Segment(
            first,
            self.train[rows],
            self.test[rows],
            self.penalty[rows],
            self.diverged[rows],
            self.theta_steps[theta_rows],
            self.theta[theta_rows],
            self.checkpoint_steps[checkpoint_rows],
            {name: array[checkpoint_rows] for name, array in self.optimizer_state.items()},
            None if self.watched is None else self.watched[rows],
        )

    def split(self, length: int) -> Iterator["Segment"]:
        """Consecutive segments of at most `length` steps, as views."""
        for first in range(self.first, self.last + 1, length):
            yield self.slice(first, first + length - 1)

    def losses(self) -> "Segment":
        """The same steps without parameters; it keeps no array of parameters alive."""
        return replace(
            self,
            theta_steps=np.empty(0, dtype=np.int64),
            theta=no_rows(self.theta),
            checkpoint_steps=np.empty(0, dtype=np.int64),
            optimizer_state={},
        )


def no_rows(array: NDArray[Any]) -> NDArray[Any]:
    """An array (0, …) for rows like those of another; a view would keep all of that one alive."""
    return np.empty((0, *array.shape[1:]), dtype=array.dtype)


def diverged_by(steps: NDArray[np.int64], diverged: NDArray[np.int64]) -> NDArray[np.int64]:
    """At each of the steps (T,), when each run had diverged by then, or -1, (T, K).

    `diverged` (K,) says it of the last step, or of a later one, without an event in between that
    brings a run back.
    """
    return np.where(diverged <= steps[:, np.newaxis], diverged, -1)


def visible(segments: Sequence[Segment]) -> list[Segment]:
    """Segments in the order of their steps, each cut off where a later one begins."""
    found: list[Segment] = []
    end = max(segment.last for segment in segments)
    for segment in reversed(segments):
        if segment.first <= end:
            found.append(segment if segment.last <= end else segment.slice(segment.first, end))
        end = min(end, segment.first - 1)
    return found[::-1]


def concat(segments: Sequence[Segment]) -> Segment:
    """One segment of several, in the order in which they were made; the later one counts.

    What an optimizer carries is zero in those segments in which no run used it. Raises ValueError
    when steps are missing between two of them.
    """
    parts = visible(segments)
    if len(parts) == 1:
        return parts[0]
    for before, after in pairwise(parts):
        if after.first != before.last + 1:
            raise ValueError(f"steps are missing between {before.last} and {after.first}")
    watched = [part.watched for part in parts if part.watched is not None]
    return Segment(
        parts[0].first,
        np.concatenate([part.train for part in parts]),
        np.concatenate([part.test for part in parts]),
        np.concatenate([part.penalty for part in parts]),
        np.concatenate([part.diverged for part in parts]),
        np.concatenate([part.theta_steps for part in parts]),
        np.concatenate([part.theta for part in parts]),
        np.concatenate([part.checkpoint_steps for part in parts]),
        _concat_states(parts),
        np.concatenate(watched) if watched else None,
    )


def _concat_states(parts: Sequence[Segment]) -> State:
    like = {name: array for part in parts for name, array in part.optimizer_state.items()}
    return {
        name: np.concatenate(
            [
                part.optimizer_state[name]
                if name in part.optimizer_state
                else np.zeros((len(part.checkpoint_steps), *array.shape[1:]), dtype=array.dtype)
                for part in parts
            ]
        )
        for name, array in like.items()
    }


def losses_of(segments: Sequence[Segment], first: int, last: int) -> Segment:
    """The losses of steps `first` … `last`, without parameters.

    Raises ValueError when the segments do not hold them all.
    """
    found = concat([segment.losses() for segment in segments]).slice(first, last)
    if (found.first, found.last) != (first, last):
        raise ValueError(f"steps {first} … {last} are not all in {found.first} … {found.last}")
    return found


def own_losses(segment: Segment, first: int) -> Segment:
    """The losses of a segment from a step on, in arrays of their own."""
    part = segment.losses().slice(first, segment.last)
    return replace(
        part,
        train=part.train.copy(),
        test=part.test.copy(),
        penalty=part.penalty.copy(),
        diverged=part.diverged.copy(),
        watched=None,
    )


def losses_bytes(segment: Segment) -> int:
    """Bytes of the losses of a segment."""
    parts = (segment.train, segment.test, segment.penalty, segment.diverged)
    return sum(array.nbytes for array in parts)


def last_checkpoint(segments: Sequence[Segment], step: int) -> TrainState:
    """The state at the last checkpoint at or before a step, in arrays of its own.

    Raises LookupError when there is none.
    """
    for segment in reversed(visible(segments)):
        place = int(np.searchsorted(segment.checkpoint_steps, step, side="right")) - 1
        if place >= 0:
            at = int(segment.checkpoint_steps[place])
            return TrainState(
                at,
                segment.theta[np.searchsorted(segment.theta_steps, at)].copy(),
                {name: array[place].copy() for name, array in segment.optimizer_state.items()},
                segment.diverged[at - segment.first].copy(),
            )
    raise LookupError(f"there is no checkpoint at or before step {step}")
