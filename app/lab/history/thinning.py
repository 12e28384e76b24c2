"""Thinning: a bounded number of steps that show a long history."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.nn.types import Array


def thin(values: Array, points: int) -> NDArray[np.int64]:
    """The rows (R,) of curves (T, K) that show their course, at most `points` of them.

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
    # With few points and many runs there is no place for the extremes of every run.
    inside = sorted(chosen - {0, rows - 1})
    if len(inside) > points - 2:
        inside = inside[:: -(-len(inside) // max(1, points - 2))][: max(0, points - 2)]
    return np.array(sorted({0, rows - 1, *inside}), dtype=np.int64)


def spread(steps: NDArray[np.int64], last: int, limit: int) -> NDArray[np.bool_]:
    """Which of the steps (C,) a trajectory up to `last` goes through, about `limit` at most.

    They are the multiples of a power of two, which doubles as the trajectory grows: the points of a
    longer one are among those of a shorter one, so that nothing drawn of them jumps.
    """
    spacing = 1 << max(0, (last - 1) // limit).bit_length()
    chosen: NDArray[np.bool_] = steps % spacing == 0
    return chosen
