"""Where an experiment has been: the losses of every step, and parameters to return to.

History is appended in chunks. Where two chunks hold the same step, the later one counts: that is
how training after a rewind writes over what was, without touching it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.state import Moment, Stretch
from app.lab.history.binary import pack_arrays, unpack_arrays
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


@dataclass(frozen=True)
class Told:
    """What is to be said of steps `first` … of some stretches: losses (T, K), and the watched."""

    first: int
    train: Array
    test: Array
    penalty: Array
    watched: Array | None


def join(stretches: Sequence[Stretch]) -> Told:
    """What stretches tell in the order in which they happened; of a step told twice, the later."""
    ends = [after.first for after in stretches[1:]] + [stretches[-1].last + 1]
    rows = [slice(0, end - part.first) for part, end in zip(stretches, ends, strict=True)]
    parts = list(zip(stretches, rows, strict=True))
    watched = [part.watched[row] for part, row in parts if part.watched is not None]
    return Told(
        stretches[0].first,
        np.concatenate([part.train[row] for part, row in parts]),
        np.concatenate([part.test[row] for part, row in parts]),
        np.concatenate([part.penalty[row] for part, row in parts]),
        np.concatenate(watched) if watched else None,
    )


def pieces(stretch: Stretch, length: int) -> Iterator[Stretch]:
    """A stretch as consecutive ones of at most so many steps."""
    for first in range(stretch.first, stretch.last + 1, length):
        rows = slice(first - stretch.first, first - stretch.first + length)
        kept, whole = (
            slice(*np.searchsorted(steps, [first, first + length]))
            for steps in (stretch.kept, stretch.whole)
        )
        part = replace(
            stretch,
            first=first,
            train=stretch.train[rows],
            test=stretch.test[rows],
            penalty=stretch.penalty[rows],
            kept=stretch.kept[kept],
            theta=stretch.theta[kept],
            whole=stretch.whole[whole],
            state={name: array[whole] for name, array in stretch.state.items()},
            watched=None,
        )
        yield replace(part, diverged=_until(part.last, stretch.diverged))


def _until(step: int, diverged: NDArray[np.int64]) -> NDArray[np.int64]:
    """Who had diverged by a step, and when; -1 for the others."""
    return np.where(diverged <= step, diverged, -1)


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
    bound = step + 1
    for stretch in reversed(stretches):
        # What was appended later counts from its first step on, and hides what was said of it.
        fitting = np.flatnonzero(stretch.whole < bound)
        if len(fitting):
            place = int(fitting[-1])
            at = int(stretch.whole[place])
            state = {name: array[place].copy() for name, array in stretch.state.items()}
            theta = stretch.theta[np.searchsorted(stretch.kept, at)]
            return Moment(at, theta.copy(), state, _until(at, stretch.diverged))
        bound = min(bound, stretch.first)
    raise LookupError(f"no parameters were kept at or before step {step}")


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
