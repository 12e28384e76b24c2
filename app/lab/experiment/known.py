"""Steps that are known already, because somebody has come to them before.

A class opens one link: hundreds train the same experiment, each at a pace of their own. As what a
step leads to depends on the setup and the events alone, whoever comes there first works it out for
all, to the last bit. The next few updates, which every status looks at, are steps of that kind too:
where training goes on, they have been made.

For the same reason what is said of a state, and shown of it, is made once for all who come there.
Of an experiment that few have, only the updates that it goes on with are kept: more would be a
large part of what it takes itself.

It holds nothing that cannot be worked out again: to drop it costs time and nothing else.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.state import Event, TrainState
from app.lab.recent import Recent
from app.nn.types import Array

KNOWN_BYTES = 16 << 20
"""The most that known steps may take; those unused for longest are dropped."""
ANSWERS_BYTES = 16 << 20
"""The most that may be taken by what was said and shown of states."""
STEP_BYTES = 1 << 15
"""A step whose parameters take more is not kept: few would fit."""
EVENTS, NUMBERS = 16, 1 << 10
"""Nor those of an experiment with more events, or with more numbers set by hand."""
STRETCH = 16
"""Steps are kept and dropped together that lie between two multiples of this."""
COMPANY = 8
"""So many experiments of one setup are a class."""
MET = 4096
"""Of so many setups it is known how many experiments have them."""

_ANSWER = 1 << 10
"""Even the shortest answer counts as so many bytes."""

Key = tuple[bytes, bytes]

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, eq=False)
class Steps:
    """What T updates make of the K runs: the steps `first` … `last`.

    theta (T, K, P), the losses `train`, `test` and `penalty` (T, K) as a segment has them, and at
    each step the one at which a run has diverged, or -1, `diverged` (T, K).
    """

    first: int
    theta: Array
    train: Array
    test: Array
    penalty: Array
    diverged: NDArray[np.int64]

    @property
    def last(self) -> int:
        """The last of the steps."""
        return self.first + len(self.theta) - 1

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(getattr(self, name).nbytes for name in _ROWS)

    def part(self, first: int, last: int) -> "Steps":
        """Those of `first` … `last`, as views."""
        rows = slice(first - self.first, last - self.first + 1)
        return Steps(first, *(getattr(self, name)[rows] for name in _ROWS))

    def end(self) -> TrainState:
        """The state at the last step, of optimizers that carry nothing."""
        return TrainState(self.last, self.theta[-1].copy(), {}, self.diverged[-1].copy())


_ROWS = tuple(field.name for field in fields(Steps))[1:]


def join(parts: Sequence[Steps]) -> Steps:
    """Steps that follow one another, as one, in arrays of their own that nobody may write to."""
    found = Steps(
        parts[0].first,
        *(np.concatenate([getattr(part, name) for part in parts]) for name in _ROWS),
    )
    for name in _ROWS:
        getattr(found, name).flags.writeable = False
    return found


class Known:
    """The known steps of many experiments, whose optimizers carry nothing from step to step."""

    def __init__(self) -> None:
        self._stretches: Recent[Steps] = Recent(
            KNOWN_BYTES >> 12, lambda steps: steps.nbytes, KNOWN_BYTES
        )
        self._next: Recent[Steps] = Recent(MET, lambda steps: steps.nbytes, KNOWN_BYTES // 4)
        self._met: Recent[int] = Recent(MET)
        self._answers: Recent[Any] = Recent(
            ANSWERS_BYTES // _ANSWER, lambda answer: _ANSWER + _text_bytes(answer), ANSWERS_BYTES
        )

    def meet(self, digest: bytes) -> None:
        """One more experiment has the setup of this digest."""
        self._met.put(digest, (self._met.get(digest) or 0) + 1)

    def shares(self, digest: bytes) -> bool:
        """Whether a class has the setup of this digest."""
        return (self._met.get(digest) or 0) >= COMPANY

    def answer(self, digest: bytes, key: bytes, make: Callable[[], _Answer]) -> _Answer:
        """What `make` makes, which nobody may change, or what it has made for the same key.

        The key is of a state of the setup of this digest.
        """
        found: _Answer | None = self._answers.get(key)
        if found is None:
            found = make()
            if self.shares(digest):
                self._answers.put(key, found)
        return found

    def steps(
        self, key: Key, state: TrainState, stop: int, train: Callable[[TrainState], Steps]
    ) -> Steps:
        """The steps that follow a state up to `stop`: those that are known, and the rest trained.

        `train` makes the steps from a later state up to there, or further: what a single experiment
        goes on with.
        """
        parts = self._parts(key, state, stop)
        here = parts[-1].end() if parts else state
        if here.step < stop:
            trained = train(here)
            if self.shares(key[0]):
                self._keep(key, here, trained)
            elif trained.last > stop:
                self._next.put(key, join([trained.part(stop, trained.last)]))
            parts.append(trained.part(trained.first, stop))
        return parts[0] if len(parts) == 1 else join(parts)

    def found(self, key: Key, state: TrainState, stop: int) -> Steps | None:
        """The steps that follow a state up to `stop`, if all of them are known."""
        parts = self._parts(key, state, stop)
        return join(parts) if parts and parts[-1].last == stop else None

    def _parts(self, key: Key, state: TrainState, stop: int) -> list[Steps]:
        """What is known of the steps that follow a state, up to `stop`, in order."""
        found: list[Steps] = []
        step, theta, diverged = state.step, state.theta, state.diverged
        while step < stop:
            known = self._stretches.get((key, step // STRETCH)) or self._next.get(key)
            if known is None or not known.first <= step < known.last:
                break
            place = step - known.first
            if not (
                np.array_equal(known.theta[place], theta)
                and np.array_equal(known.diverged[place], diverged)
            ):
                break  # a store that was put in order by hand, say
            found.append(known.part(step + 1, min(stop, known.last)))
            step, theta, diverged = found[-1].last, found[-1].theta[-1], found[-1].diverged[-1]
        return found

    def _keep(self, key: Key, state: TrainState, steps: Steps) -> None:
        """Keep the steps that follow a state, with what is known in their stretches already."""
        unknown = np.full((1, len(state.theta)), np.nan)
        theta, diverged = state.theta[np.newaxis], state.diverged[np.newaxis]
        start = Steps(state.step, theta, unknown, unknown, unknown, diverged)
        whole = join([start, steps])
        for first in range(state.step // STRETCH * STRETCH, steps.last, STRETCH):
            new = whole.part(max(first, whole.first), min(first + STRETCH, whole.last))
            place = key, first // STRETCH
            known = self._stretches.get(place)
            parts = [new]
            if known is not None and known.first < new.first <= known.last:
                parts = [known.part(known.first, new.first), new.part(new.first + 1, new.last)]
            self._stretches.put(place, join(parts))


def key_of(digest: bytes, state: TrainState, events: Sequence[Event]) -> Key | None:
    """What the steps after a state depend on beside the state; None where none are to be kept."""
    if state.optimizer_state or state.theta.nbytes > STEP_BYTES:
        return None
    past = key_of_events(events, state.step)
    return None if past is None else (digest, past)


def key_of_events(events: Sequence[Event], step: int) -> bytes | None:
    """What tells the events up to a step from others; None where nobody else will have the same."""
    past = [event for event in events[: EVENTS + 1] if event.step <= step]
    if len(past) > EVENTS or sum(len(event.theta or ()) for event in past) > NUMBERS:
        return None
    return hashlib.sha256(repr(past).encode()).digest()


def _text_bytes(answer: Any) -> int:
    """About so many bytes an answer takes, as the array or the JSON value that it is."""
    if isinstance(answer, np.ndarray):
        return answer.nbytes
    if isinstance(answer, str):
        return 64 + len(answer)
    if isinstance(answer, dict):
        return sum(map(_text_bytes, answer.values()), 128 + 64 * len(answer))
    if isinstance(answer, list):
        return sum(map(_text_bytes, answer), 64 + 8 * len(answer))
    return 32
