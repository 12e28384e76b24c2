"""Where an experiment has been: the losses of every step, and parameters to return to.

History is appended in chunks. Where two chunks hold the same step, the later one counts: that is
how training after a rewind writes over what was, without touching it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lab.encoding import pack_arrays, unpack_arrays
from app.lab.experiment import Moment, Stretch
from app.nn.optimizers import State
from app.nn.types import Array
from app.store.base import Chunk

_STATE = "state."


@dataclass(frozen=True)
class Losses:
    """J at the steps (T,), for every run: `train` and `test` (T, K), NaN where there is none.

    `penalty` (T, K) is what the regularizer adds to each.
    """

    steps: NDArray[np.int64]
    train: Array
    test: Array
    penalty: Array


def join(stretches: Sequence[Stretch]) -> Stretch:
    """Stretches in the order in which they happened, as one; of a step told twice, the later."""
    told = [_before(part, after.first) for part, after in pairwise(stretches)] + [stretches[-1]]
    parts = [part for part in told if len(part.train)]
    if len(parts) == 1:
        return parts[0]
    watched = [part.watched for part in parts if part.watched is not None]
    return Stretch(
        parts[0].first,
        np.concatenate([part.train for part in parts]),
        np.concatenate([part.test for part in parts]),
        np.concatenate([part.penalty for part in parts]),
        np.concatenate([part.kept for part in parts]),
        np.concatenate([part.theta for part in parts]),
        np.concatenate([part.whole for part in parts]),
        _joined([part.state for part in parts], [len(part.whole) for part in parts]),
        parts[-1].diverged,
        np.concatenate(watched) if watched else None,
    )


def _before(stretch: Stretch, step: int) -> Stretch:
    """What a stretch says of the steps before this one."""
    rows = slice(0, step - stretch.first)
    kept, whole = (
        slice(0, int(np.searchsorted(steps, step))) for steps in (stretch.kept, stretch.whole)
    )
    return replace(
        stretch,
        train=stretch.train[rows],
        test=stretch.test[rows],
        penalty=stretch.penalty[rows],
        kept=stretch.kept[kept],
        theta=stretch.theta[kept],
        whole=stretch.whole[whole],
        state={name: array[whole] for name, array in stretch.state.items()},
        watched=None if stretch.watched is None else stretch.watched[rows],
    )


def _joined(states: Sequence[State], lengths: Sequence[int]) -> State:
    """States (S, K, …) one after the other; what one of them has not is zero there."""
    examples: State = {}
    for state in states:
        examples |= state
    return {
        name: np.concatenate(
            [
                state.get(name, np.zeros((length, *array.shape[1:])))
                for state, length in zip(states, lengths, strict=True)
            ]
        )
        for name, array in examples.items()
    }


def to_chunk(stretch: Stretch, more: Mapping[str, NDArray[Any]] | None = None) -> Chunk:
    """A stretch as it is stored, with arrays of the caller's own if there are `more`."""
    arrays = {
        "train": stretch.train,
        "test": stretch.test,
        "kept": stretch.kept,
        "theta": stretch.theta,
        **({"penalty": stretch.penalty} if stretch.penalty.any() else {}),
        **({"whole": stretch.whole} if stretch.state else {}),
        "diverged": stretch.diverged,
        **{_STATE + name: array for name, array in stretch.state.items()},
        **(more or {}),
    }
    return Chunk(stretch.first, stretch.last, pack_arrays(arrays))


def from_chunk(chunk: Chunk) -> Stretch:
    """A stretch as it was stored."""
    arrays = unpack_arrays(chunk.data)
    state = {
        name.removeprefix(_STATE): array
        for name, array in arrays.items()
        if name.startswith(_STATE)
    }
    return Stretch(
        chunk.first,
        arrays["train"],
        arrays["test"],
        arrays.get("penalty", np.zeros_like(arrays["train"])),
        arrays["kept"],
        arrays["theta"],
        arrays.get("whole", arrays["kept"]),
        state,
        arrays["diverged"],
    )


def losses(stretches: Sequence[Stretch], first: int, last: int) -> Losses:
    """The losses of steps `first` … `last`, from stretches that hold them all."""
    runs = stretches[0].train.shape[1]
    train, test, penalty = np.full((3, last - first + 1, runs), np.nan)
    for stretch in stretches:
        start, end = max(first, stretch.first), min(last, stretch.last)
        if start <= end:
            here, there = slice(start - first, end - first + 1), start - stretch.first
            train[here] = stretch.train[there : there + end - start + 1]
            test[here] = stretch.test[there : there + end - start + 1]
            penalty[here] = stretch.penalty[there : there + end - start + 1]
    return Losses(np.arange(first, last + 1), train, test, penalty)


def checkpoint(stretches: Sequence[Stretch], step: int) -> Moment:
    """The last moment at or before `step` of which all was kept."""
    best: tuple[Stretch, int] | None = None
    for stretch in stretches:
        for place in np.flatnonzero(stretch.whole <= step)[-1:]:
            # A later chunk wins a tie, and hides what an earlier one says of the steps it holds.
            if best is None or stretch.whole[place] >= best[0].whole[best[1]]:
                best = stretch, int(place)
    if best is None:
        raise LookupError(f"no parameters were kept at or before step {step}")
    stretch, place = best
    at = int(stretch.whole[place])
    diverged = np.where(stretch.diverged <= at, stretch.diverged, -1)
    state = {name: array[place].copy() for name, array in stretch.state.items()}
    # A step may have been kept twice, before an event and after it; the later is how it went on.
    theta = stretch.theta[np.flatnonzero(stretch.kept == at)[-1]]
    return Moment(at, theta.copy(), state, diverged)


def spread(steps: NDArray[np.int64], last: int, limit: int) -> NDArray[np.bool_]:
    """Which of the steps (C,) a path up to `last` goes through, about `limit` of them at most.

    Those at the multiples of a power of two, which doubles as the path grows: the points of a
    longer path are among those of a shorter, so that nothing that is drawn of them jumps.
    """
    spacing = 1 << max(0, (last - 1) // limit).bit_length()
    chosen: NDArray[np.bool_] = steps % spacing == 0
    return chosen


def thin(values: Array, points: int) -> NDArray[np.int64]:
    """Which of the rows of values (T, K) to keep so that at most `points` remain.

    The rows are cut into equal buckets, and from each come the lowest and the highest row of every
    column, so that no spike is lost; the first and the last row are always there.
    """
    rows, columns = values.shape
    if rows <= points:
        return np.arange(rows)
    buckets = max(1, (points - 2) // (2 * columns))
    edges = np.linspace(0, rows, buckets + 1).astype(np.int64)
    chosen = {0, rows - 1}
    for start, end in pairwise(edges):
        part = values[start:end]
        for column in range(columns):
            known = np.flatnonzero(np.isfinite(part[:, column]))
            if len(known):
                numbers = part[known, column]
                chosen.add(int(start + known[np.argmin(numbers)]))
                chosen.add(int(start + known[np.argmax(numbers)]))
    # Few points and many runs: every run's extremes cannot all be had, so the ends come first.
    inside = sorted(chosen - {0, rows - 1})
    if len(inside) > points - 2:
        inside = inside[:: -(-len(inside) // max(1, points - 2))][: max(0, points - 2)]
    return np.array(sorted({0, rows - 1, *inside}), dtype=np.int64)
