"""Findings of a study as data: what the numbers support, for a page to put into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.lab.study.pairs import Comparison
from app.lab.study.statistics import MedianSteps, Steps, median_steps, wilson

FEWEST_SEEDS = 20

Conclusion = Literal["sooner", "later", "unclear", "same_steps", "neither"]
"""What a comparison says of its first recipe.

- `sooner`, `later`: of the seeds on which one was sooner, Wilson's 95 % interval of its share is
  above or below one half.
- `unclear`: it holds one half.
- `same_steps`: on every seed that reaches the target both do so at the same step.
- `neither`: neither recipe reaches it on any seed.
"""


@dataclass(frozen=True)
class RecipeFinding:
    """One recipe: the share of seeds on which it reached the target (95 %), and after how long."""

    recipe: int
    share: float
    low: float
    high: float
    steps: MedianSteps


@dataclass(frozen=True)
class PairFinding:
    """The best recipe (the comparison's `a`) against another one, on the same seeds."""

    comparison: Comparison
    conclusion: Conclusion


@dataclass(frozen=True)
class Verdict:
    """What can be said: numbers of every recipe, and the best one against each other one.

    With fewer than 20 seeds there are only numbers: `enough` is False, `best` None and `against`
    empty. That is so as well, but for `enough`, with one recipe and when no run reached the target.
    """

    seeds: int
    enough: bool
    recipes: tuple[RecipeFinding, ...]
    best: int | None
    against: tuple[PairFinding, ...]


def verdict(steps: Steps, comparisons: Sequence[Comparison]) -> Verdict:
    """The findings of steps to target (R, S) and the comparisons of all pairs of its recipes.

    Raises ValueError without seeds.
    """
    seeds = steps.shape[1]
    recipes = tuple(_recipe(number, row) for number, row in enumerate(steps))
    enough = seeds >= FEWEST_SEEDS
    best = _best(recipes, comparisons) if enough else None
    against = tuple(
        PairFinding(pair, conclude(pair))
        for pair in (each if each.a == best else each.swapped() for each in comparisons)
        if pair.a == best
    )
    return Verdict(seeds, enough, recipes, best, against)


def conclude(pair: Comparison) -> Conclusion:
    """What a comparison supports, whatever its size; an exact tie of a seed says nothing."""
    if pair.neither == pair.seeds:
        return "neither"
    different = pair.a_sooner + pair.b_sooner
    if not different:
        return "same_steps"
    share = wilson(np.array([pair.a_sooner]), different)
    if share.low[0] > 0.5:
        return "sooner"
    return "later" if share.high[0] < 0.5 else "unclear"


def _recipe(number: int, steps: Steps) -> RecipeFinding:
    found = median_steps(steps)
    share = wilson(np.array([found.reached]), found.seeds)
    return RecipeFinding(
        recipe=number,
        share=float(share.share[0]),
        low=float(share.low[0]),
        high=float(share.high[0]),
        steps=found,
    )


def _best(recipes: Sequence[RecipeFinding], comparisons: Sequence[Comparison]) -> int | None:
    """The recipe that was most often sooner than another one, net of being later.

    Of equal ones the one that reached the target more often, then the first. None where there is
    nothing to compare or no run reached it.
    """
    if len(recipes) < 2 or not any(recipe.steps.reached for recipe in recipes):
        return None
    wins = [0] * len(recipes)
    for pair in comparisons:
        wins[pair.a] += pair.a_sooner - pair.b_sooner
        wins[pair.b] += pair.b_sooner - pair.a_sooner
    return max(
        range(len(recipes)), key=lambda number: (wins[number], recipes[number].steps.reached)
    )
