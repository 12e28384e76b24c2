"""Statistics of one recipe over its seeds, in which a failed run counts and is never dropped.

A run that diverged has the loss +∞, and a run that never reached the target did so at step +∞. So
quantiles and medians over all seeds stay exact as long as enough runs succeed, and are themselves
infinite where too few do. There is no mean: final losses often have two humps, solved and plateau.

Steps to target come as (S,), one for each seed; NaN, ∞ or a negative number is "not reached".
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.nn.types import Array

Steps = NDArray[np.floating[Any] | np.integer[Any]]
"""Steps at which runs reached the target; NaN, ∞ or a negative number where one did not."""

PERCENT = (5, 25, 50, 75, 95)
_Z = 1.959963984540054  # 97.5 % of a normal distribution lie below
_TAIL = 40  # one part in 40 beyond either end of a 95 % interval
_BLOCK = 1 << 20  # losses that are sorted at a time: 8 MB


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of a loss over seeds at each of T steps, (T,) each; +∞ where one is infinite."""

    q05: Array
    q25: Array
    median: Array
    q75: Array
    q95: Array


@dataclass(frozen=True)
class Shares:
    """Share of successes with its 95 % interval, (T,) each, all within 0 … 1."""

    share: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class MedianSteps:
    """How many of the seeds reached the target, and the median step with its 95 % interval.

    Seeds that did not reach it count as +∞. `median` is None where it is infinite; `low` and `high`
    are None where the interval has no such end: that end is infinite, or there are fewer than 6
    seeds, too few for any interval.
    """

    seeds: int
    reached: int
    median: float | None
    low: int | None
    high: int | None


def quantiles(loss: Array) -> Quantiles:
    """The 5, 25, 50, 75 and 95 % quantiles of loss (S, T) over its S seeds.

    Whatever is not finite counts as +∞. Interpolation is linear, numpy's default (Hyndman & Fan
    1996, type 7); a quantile that lies between a finite and an infinite loss is infinite.
    Raises ValueError without seeds.
    """
    seeds, steps = loss.shape
    _need_seeds(seeds)
    found = np.empty((len(PERCENT), steps))
    width = max(1, _BLOCK // seeds)
    for start in range(0, steps, width):
        columns = slice(start, start + width)
        found[:, columns] = _quantiles(loss[:, columns].astype(np.float64))
    return Quantiles(*found)


def _quantiles(loss: Array) -> Array:
    """The quantiles (5, T) of loss (S, T), which is overwritten.

    Infinite losses are replaced by the largest finite one, which changes no quantile that is
    finite: numpy's interpolation would make NaN of ∞ − ∞ and 0 · ∞.
    """
    infinite = ~np.isfinite(loss)
    loss[infinite] = -np.inf
    largest = loss.max(axis=0)
    largest[np.isneginf(largest)] = 0.0
    np.copyto(loss, largest, where=infinite)
    found = np.quantile(loss, np.array(PERCENT) / 100.0, axis=0, overwrite_input=True)
    # the higher neighbour of a quantile in sorted order: (S - 1) q rounded up, in whole numbers
    neighbour = -((1 - len(loss)) * np.array(PERCENT) // 100)
    finite = len(loss) - np.count_nonzero(infinite, axis=0)
    found[neighbour[:, None] >= finite] = np.inf
    return np.asarray(found)


def first_reached(loss: Array, steps: NDArray[np.int64], target: float) -> NDArray[np.int64]:
    """The first of `steps` (T,) at which each run's loss (…, T) is at most `target`, or -1 (…,).

    A run that reaches the target and diverges later did reach it.
    """
    reached = loss <= target  # NaN is not
    return np.where(reached.any(axis=-1), steps[reached.argmax(axis=-1)], -1)


def arrivals(steps: Steps) -> Array:
    """Steps to target as numbers that can be compared: +∞ where it was not reached."""
    numbers = steps.astype(np.float64)
    numbers[~(numbers >= 0)] = np.inf
    return numbers


def shares_reached(steps: Steps, at: NDArray[np.int64]) -> Shares:
    """Share of all S seeds whose steps to target (S,) are at most each of `at` (T,).

    Raises ValueError without seeds.
    """
    _need_seeds(len(steps))
    return wilson(np.searchsorted(np.sort(arrivals(steps)), at, side="right"), len(steps))


def wilson(successes: NDArray[np.integer[Any]], trials: int) -> Shares:
    """The share of `successes` (T,) among `trials`, with Wilson's 95 % score interval.

    It stays within 0 … 1, and keeps its coverage at small numbers and shares near 0 and 1, where
    share ± 1.96 standard errors does not.
    Raises ValueError without trials or for successes that are not among them.
    Sources: Wilson 1927; recommended by Brown, Cai & DasGupta 2001.
    """
    _need_seeds(trials)
    if np.any((successes < 0) | (successes > trials)):
        raise ValueError(f"successes must be 0 … {trials}")
    share = successes / trials
    scale = 1.0 + _Z**2 / trials
    middle = (share + _Z**2 / (2 * trials)) / scale
    half = _Z / scale * np.sqrt(share * (1 - share) / trials + (_Z / (2 * trials)) ** 2)
    # rounding aside, the ends are 0 and 1 there
    low = np.where(successes == 0, 0.0, middle - half)
    high = np.where(successes == trials, 1.0, middle + half)
    return Shares(share, low, high)


def median_steps(steps: Steps) -> MedianSteps:
    """The median of the steps to target (S,) of all seeds, with an exact 95 % interval.

    The interval runs between two order statistics, whatever the distribution of the steps; see
    `interval_rank`. Raises ValueError without seeds.
    """
    seeds = len(steps)
    _need_seeds(seeds)
    ordered = np.sort(arrivals(steps))
    middle = ordered[(seeds - 1) // 2 : seeds // 2 + 1].mean()
    rank = interval_rank(seeds)
    low, high = (np.inf, np.inf) if rank is None else ordered[[rank - 1, seeds - rank]]
    return MedianSteps(
        seeds=seeds,
        reached=int(np.count_nonzero(np.isfinite(ordered))),
        median=float(middle) if np.isfinite(middle) else None,
        low=_whole(low),
        high=_whole(high),
    )


@lru_cache(maxsize=64)
def interval_rank(seeds: int) -> int | None:
    """The rank l for which the l-th smallest to the l-th largest value holds the median.

    l is the largest number with P(B < l) ≤ 2.5 % for B ~ binomial(S, 1/2), the number of values
    below the median; the interval then covers the median with at least 95 %, and with more where
    values are tied. S = 100: the 40th to the 61st value. None below 6 seeds, where even the
    smallest to the largest value covers less. Computed in whole numbers, so it is exact.
    Sources: Conover 1999, section 3.2; Meeker, Hahn & Escobar 2017, section 5.2.
    """
    term = tail = 1  # seeds over 0, and the sum of such terms: 2^S P(B ≤ rank)
    rank, whole = 0, 1 << seeds
    while _TAIL * tail <= whole:
        rank += 1
        term = term * (seeds - rank + 1) // rank
        tail += term
    return rank or None


def _whole(step: float) -> int | None:
    return int(step) if math.isfinite(step) else None


def _need_seeds(seeds: int) -> None:
    if seeds < 1:
        raise ValueError("statistics need at least one seed")
