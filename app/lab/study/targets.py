"""Steps to any target, read from what is stored of a run, without training it again.

A full batch shows J at every step. Storing all of them exactly would be most of a study, so of each
run only the steps are stored at which J first falls to another number of three significant digits:
its level. From these the first step at which J ≤ target is read exactly, for every target that is
such a number. They are at most as many as the steps, and at most 900 for each decade of J.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.lab.spec import ranges
from app.nn.types import Array

DIGITS = 3
# All targets there are, as decimals are written: 1.00e-12, 1.01e-12, … 9.99e11, 1e12. Level i is
# the i-th of them.
_LEVELS: Array = np.array(
    [
        float(f"{mantissa}e{decade - 2}")
        for decade in range(-12, 12)
        for mantissa in range(100, 1000)
    ]
    + [ranges.STUDY_TARGET.maximum]
)
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Descents:
    """The steps at which runs first fell to another level.

    Of run s there are `counts[s]` (S,) entries in `levels` and `steps`, which hold those of all
    runs, one after the other; of one run levels fall and steps rise.
    """

    counts: NDArray[np.integer]
    levels: NDArray[np.integer]
    steps: NDArray[np.integer]


def is_level(target: float) -> bool:
    """Whether a target is a number of three significant digits, so that it can be re-read."""
    place = int(np.searchsorted(_LEVELS, target))
    return place < len(_LEVELS) and bool(_LEVELS[place] == target)


def descents(loss: Array, steps: NDArray[np.integer]) -> Descents:
    """The descents of losses (T, S), seen at `steps` (T,); NaN for a run that has diverged."""
    counts, levels, at = [], [], []
    for column in loss.T:  # one at a time: T may be large
        level = np.minimum.accumulate(np.searchsorted(_LEVELS, column))
        before = np.concatenate([[len(_LEVELS)], level[:-1]])
        places = np.flatnonzero(level < before)
        counts.append(len(places))
        levels.append(level[places])
        at.append(steps[places])
    return Descents(
        np.array(counts, dtype=np.uint32),
        np.concatenate(levels).astype(np.uint16),
        np.concatenate(at).astype(np.uint16),
    )


def first_step(found: Descents, target: float) -> NDArray[np.int64]:
    """The first step at which each run's J is at most the target, or -1 (S,).

    Raises ValueError for a target that is no level.
    """
    if not is_level(target):
        raise ValueError(f"a target has at most {DIGITS} significant digits, {target!r} has more")
    counts = found.counts.astype(np.int64)
    there = found.levels <= np.searchsorted(_LEVELS, target)
    candidates = np.append(np.where(there, found.steps.astype(np.int64), _NEVER), _NEVER)
    starts = np.cumsum(counts) - counts
    # reduceat of an empty part gives its first element, which belongs to another run
    first = np.where(counts > 0, np.minimum.reduceat(candidates, starts), _NEVER)
    return np.where(first == _NEVER, -1, first)
