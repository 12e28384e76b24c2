"""Comparisons of two recipes on the same seeds: which one is sooner, how often and by how much.

Both start from draws of the same seed, so the difference within a seed says more than the
difference of two medians.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.lab.study.statistics import Steps, arrivals
from app.nn.types import Array

RESAMPLES = 10_000
FEWEST = 6
_BOOTSTRAP_STREAM = 5  # beside the streams that draw data, parameters, batches, split and dropout


@dataclass(frozen=True)
class Factor:
    """How many times as many steps b takes as a: the median of steps_b / steps_a, 95 % interval.

    It looks at the `seeds` on which both reached the target, and is None without any; the interval
    is None below 6. On `at_start` of them at least one recipe was there at step 0, which counts as
    step 1, so that there is something to divide by.
    """

    median: float | None
    low: float | None
    high: float | None
    seeds: int
    at_start: int

    def inverse(self) -> "Factor":
        """How many times as many steps a takes as b."""
        return Factor(_over(self.median), _over(self.high), _over(self.low),
                      self.seeds, self.at_start)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Recipes a and b on the same seeds; `a_sooner + b_sooner + tied + neither` is their number.

    A recipe that reached the target is sooner than one that did not: on `a_only` and `b_only` seeds
    that is the reason. `tied`: both at the same step. `neither` reached it on the others.
    `a_lower` and `b_lower` count the seeds on which one ended with the lower loss; equal losses and
    two diverged runs count for neither.
    """

    a: int
    b: int
    a_sooner: int
    b_sooner: int
    tied: int
    neither: int
    a_only: int
    b_only: int
    a_lower: int
    b_lower: int
    factor: Factor

    @property
    def seeds(self) -> int:
        """The number of seeds."""
        return self.a_sooner + self.b_sooner + self.tied + self.neither

    def swapped(self) -> "Comparison":
        """The same comparison with b first; its factor is one over this one's."""
        return Comparison(
            a=self.b,
            b=self.a,
            a_sooner=self.b_sooner,
            b_sooner=self.a_sooner,
            tied=self.tied,
            neither=self.neither,
            a_only=self.b_only,
            b_only=self.a_only,
            a_lower=self.b_lower,
            b_lower=self.a_lower,
            factor=self.factor.inverse(),
        )


def compare_all(steps: Steps, final: Array, seed: int) -> tuple[Comparison, ...]:
    """Compare every two recipes a < b: steps to target (R, S), final losses (R, S).

    `seed` (0 or more) seeds the bootstrap. Raises ValueError where the shapes differ.
    """
    if steps.shape != final.shape:
        raise ValueError(f"steps {steps.shape} and final losses {final.shape} differ in shape")
    reached, losses = arrivals(steps), np.where(np.isfinite(final), final, np.inf)
    recipes = range(len(reached))
    return tuple(_compare(a, b, reached, losses, seed) for a in recipes for b in recipes if a < b)


def _compare(a: int, b: int, reached: Array, losses: Array, seed: int) -> Comparison:
    steps_a, steps_b = reached[a], reached[b]
    by_a, by_b = np.isfinite(steps_a), np.isfinite(steps_b)
    return Comparison(
        a=a,
        b=b,
        a_sooner=_count(steps_a < steps_b),
        b_sooner=_count(steps_b < steps_a),
        tied=_count((steps_a == steps_b) & by_a),
        neither=_count(~by_a & ~by_b),
        a_only=_count(by_a & ~by_b),
        b_only=_count(by_b & ~by_a),
        a_lower=_count(losses[a] < losses[b]),
        b_lower=_count(losses[b] < losses[a]),
        factor=_factor(steps_a[by_a & by_b], steps_b[by_a & by_b], seed),
    )


def _factor(steps_a: Array, steps_b: Array, seed: int) -> Factor:
    """The factor on seeds (m,) where both arrived.

    No interval below 6 of them: a bootstrap interval never leaves the range of its values, and that
    covers a median with 1 − 2^(1 − m), less than 95 %.
    """
    at_start = _count((steps_a == 0) | (steps_b == 0))
    ratios = np.maximum(steps_b, 1) / np.maximum(steps_a, 1)
    median = float(np.median(ratios)) if ratios.size else None
    low, high = bootstrap_median(ratios, seed) if ratios.size >= FEWEST else (None, None)
    return Factor(median, low, high, ratios.size, at_start)


def bootstrap_median(values: Array, seed: int) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the median of values (m,), by 10,000 resamples.

    The same for the same values, in any order, and the same seed (0 or more).
    Raises ValueError without values.
    Source: Efron & Tibshirani 1993, section 13.3.
    """
    lower, upper = _middle_ranks(values.size, seed)
    ordered = np.sort(values)
    medians = (ordered[lower] + ordered[upper]) / 2
    low, high = np.quantile(medians, (0.025, 0.975))
    return float(low), float(high)


@lru_cache(maxsize=64)
def _middle_ranks(count: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ranks, from 0, of the two middle values of each resample (B,), the same one if m is odd.

    A resample takes value number ⌊m U⌋ of the sorted ones for each of m uniform U, and its median
    depends only on the one or two U in the middle of their order. These are drawn directly: the
    k-th smallest of m is beta(k, m − k + 1), and the next one the smallest of m − k uniform numbers
    above it. This has the distribution of m draws with replacement, at the cost of one or two.
    """
    if count < 1:
        raise ValueError("a bootstrap needs at least one value")
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_BOOTSTRAP_STREAM,)))
    below = (count + 1) // 2
    lower = upper = rng.beta(below, count - below + 1, RESAMPLES)
    if count % 2 == 0:
        left = count - below
        upper = 1.0 - (1.0 - lower) * np.exp(-rng.standard_exponential(RESAMPLES) / left)
    ranks = [np.minimum((count * u).astype(np.int64), count - 1) for u in (lower, upper)]
    for each in ranks:
        each.flags.writeable = False  # they are kept
    return ranks[0], ranks[1]


def _count(which: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(which))


def _over(ratio: float | None) -> float | None:
    return None if ratio is None else 1.0 / ratio
