"""The loss to reach when nobody names one: a round number that tells the recipes apart."""

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.lab.study.statistics import MedianSteps, arrivals, first_reached, median_steps
from app.nn.types import Array

FIRST_SEEDS = 20
WITHOUT_LOSSES = 0.1
_FEW = 3
# Losses of all decades from 1e-12 on, as decimals are written: 1, 2, 5; all digits; two digits.
_ROUND = tuple(
    tuple(float(f"{digits}e{decade - shift}") for decade in range(-12, 12) for digits in mantissas)
    for mantissas, shift in (((1, 2, 5), 0), (range(1, 10), 0), (range(10, 100), 1))
)

Reason = Literal[
    "separates", "one_recipe", "no_difference", "no_progress", "reached_at_start", "no_loss"
]
"""Why a target was taken.

- `separates`: of all candidates it separates the recipes best.
- `one_recipe`, `no_difference`: nothing is there to separate; it is the lowest candidate that half
  of the runs reach, or the one that most reach.
- `no_progress`: no run came down to a candidate; it is the next round number below all losses.
- `reached_at_start`: as before, but the losses are (nearly) 0 from the start.
- `no_loss`: all runs diverged at once; it is 0.1.
"""


@dataclass(frozen=True)
class Target:
    """A loss to reach, and why it was taken.

    `score` (0 … 1) is how well it separates the recipes, among `candidates` in rising order;
    `reached` has for each recipe how many of the first `seeds` seeds reach it, and when.
    """

    loss: float
    reason: Reason
    score: float
    candidates: tuple[float, ...]
    seeds: int
    reached: tuple[MedianSteps, ...]


def default_target(loss: Array, steps: NDArray[np.int64]) -> Target:
    """The round loss that separates recipes best, from loss (R, S, T) at `steps` (T,).

    Only the first 20 seeds are looked at, so that the target stands early and stays. Candidates
    are 1, 2 and 5 times powers of ten, or finer where these are fewer than three, that some run
    reaches and none has reached at the start (if there are none: not all). The score is the area
    between the recipes' curves of the share that reached the target, over log(1 + step), as a mean
    over all pairs of recipes: a recipe that needs k times the steps and one that fails on some
    seeds both count. Of equal scores the lowest loss is taken.
    Raises ValueError without recipes, seeds or steps.
    """
    if not loss.size:
        raise ValueError(f"a target needs losses, not {loss.shape}")
    loss = loss[:, :FIRST_SEEDS]
    finite = loss[np.isfinite(loss)]
    if not finite.size:
        return _target(WITHOUT_LOSSES, "no_loss", loss, steps)
    candidates = _candidates(loss, steps)
    if not candidates:
        below = [number for number in _ROUND[0] if number < finite.min()]
        if below:
            return _target(below[-1], "no_progress", loss, steps)
        return _target(_ROUND[0][0], "reached_at_start", loss, steps)
    scores = [separation(first_reached(loss, steps, number), steps) for number in candidates]
    best = int(np.argmax(scores))  # the first, so the lowest loss, of equal ones
    if scores[best] > 0:
        return _target(candidates[best], "separates", loss, steps, candidates, scores[best])
    reason: Reason = "one_recipe" if len(loss) == 1 else "no_difference"
    return _target(_reached_by_half(loss, candidates), reason, loss, steps, candidates)


def separation(reached: NDArray[np.int64], steps: NDArray[np.int64]) -> float:
    """How far apart the recipes' shares reached are, 0 … 1, from steps to target (R, S).

    The area between two curves of shares over log(1 + step), as a share of the whole area: 1 for a
    recipe that is there at step 0 on all seeds beside one that never is. Mean over all pairs.
    """
    widths = np.diff(np.log1p(steps))
    pairs = list(combinations(range(len(reached)), 2))
    if not pairs or not widths.size:
        return 0.0
    there = arrivals(reached)[:, :, None] <= steps[:-1]
    shares = there.mean(axis=1)  # (R, T - 1)
    areas = [np.abs(shares[a] - shares[b]) @ widths for a, b in pairs]
    return round(float(np.mean(areas) / widths.sum()), 12)  # rounding errors decide nothing


def _candidates(loss: Array, steps: NDArray[np.int64]) -> tuple[float, ...]:
    """Round numbers that some run comes down to, in rising order.

    Below all losses of the start, if there are any; else recipes that start high and fall below
    where others start may still differ.
    """
    finite, start = np.isfinite(loss), loss[..., 0][np.isfinite(loss[..., 0])]
    if not start.size:
        return ()
    for end in (start.min(), start.max()):
        found = _few_between(loss[finite].min(), end)
        found = tuple(number for number in found if (first_reached(loss, steps, number) > 0).any())
        if found:
            return found
    return ()


def _few_between(low: float, high: float) -> tuple[float, ...]:
    """The coarsest round numbers of which at least three are in low … high, without its end."""
    found: tuple[float, ...] = ()
    for numbers in _ROUND:
        found = tuple(number for number in numbers if low <= number < high)
        if len(found) >= _FEW:
            break
    return found


def _reached_by_half(loss: Array, candidates: tuple[float, ...]) -> float:
    """The lowest candidate that at least half of the runs reach, or else the highest one."""
    ends = np.where(np.isfinite(loss), loss, np.inf).min(axis=-1)
    return next((c for c in candidates if np.mean(ends <= c) >= 0.5), candidates[-1])


def _target(
    number: float,
    reason: Reason,
    loss: Array,
    steps: NDArray[np.int64],
    candidates: tuple[float, ...] = (),
    score: float = 0.0,
) -> Target:
    reached = tuple(median_steps(each) for each in first_reached(loss, steps, number))
    return Target(number, reason, score, candidates, loss.shape[1], reached)
