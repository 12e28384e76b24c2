"""Findings: what is said of recipes and pairs, and when nothing is."""

import numpy as np
import pytest

from app.lab.study.pairs import compare_all
from app.lab.study.statistics import Steps
from app.lab.study.verdict import Verdict, conclude, verdict

RNG = np.random.default_rng(0)
QUICK, SLOW, NEVER = RNG.integers(20, 60, 100), RNG.integers(80, 200, 100), np.full(100, -1)


def findings(*recipes: Steps) -> Verdict:
    steps = np.array(recipes, dtype=np.float64)
    return verdict(steps, compare_all(steps, np.ones(steps.shape), seed=7))


def test_every_recipe_has_its_share_and_steps() -> None:
    found = findings(np.where(np.arange(100) < 98, QUICK, -1), SLOW)
    first = found.recipes[0]
    assert (first.recipe, first.steps.reached, first.steps.seeds) == (0, 98, 100)
    assert [round(x, 2) for x in (first.low, first.share, first.high)] == [0.93, 0.98, 0.99]


def test_the_best_recipe_comes_first_in_every_comparison() -> None:
    found = findings(SLOW, NEVER, QUICK)
    assert found.best == 2
    assert [(each.comparison.a, each.comparison.b) for each in found.against] == [(2, 0), (2, 1)]
    assert [each.conclusion for each in found.against] == ["sooner", "sooner"]
    factor = found.against[0].comparison.factor
    assert factor.median is not None
    assert factor.median > 2


def test_under_20_seeds_there_are_only_numbers() -> None:
    found = findings(QUICK[:19], SLOW[:19])
    assert (found.enough, found.best, found.against) == (False, None, ())
    assert [each.steps.reached for each in found.recipes] == [19, 19]
    assert findings(QUICK[:20], SLOW[:20]).enough


def test_a_difference_that_chance_could_make_is_unclear() -> None:
    steps = QUICK[:40]
    other = steps + np.where(np.arange(40) < 22, 1, -1)
    assert [each.conclusion for each in findings(steps, other).against] == ["unclear"]


def test_equal_recipes_have_the_same_steps() -> None:
    found = findings(QUICK, QUICK)
    assert (found.best, found.against[0].conclusion) == (0, "same_steps")


def test_recipes_that_both_fail_are_not_ranked() -> None:
    found = findings(QUICK, NEVER, NEVER)
    assert [each.conclusion for each in found.against] == ["sooner", "sooner"]
    assert findings(NEVER, NEVER).best is None


def test_one_recipe_has_nothing_to_be_compared_with() -> None:
    found = findings(QUICK)
    assert (found.enough, found.best, found.against) == (True, None, ())


def test_the_best_is_most_often_sooner_over_all_pairs() -> None:
    a, b, c = (np.full(30, step) for step in (10, 20, 30))
    a[18:] = -1  # sooner than both on 18 seeds, later than both on 12
    b[:4] = 31
    found = findings(a, b, c)
    by_other = {each.comparison.b: each.conclusion for each in found.against}
    assert found.best == 1
    assert by_other == {0: "unclear", 2: "sooner"}


@pytest.mark.parametrize(
    ("a", "b", "conclusion"),
    [
        (QUICK, SLOW, "sooner"),
        (SLOW, QUICK, "later"),
        (NEVER, SLOW, "later"),
        (QUICK, QUICK, "same_steps"),
        (NEVER, NEVER, "neither"),
    ],
)
def test_any_pair_has_a_conclusion(a: Steps, b: Steps, conclusion: str) -> None:
    steps = np.array([a, b], dtype=np.float64)
    (pair,) = compare_all(steps, np.ones(steps.shape), seed=7)
    assert conclude(pair) == conclusion


def test_without_seeds_there_is_no_verdict() -> None:
    with pytest.raises(ValueError, match="at least one seed"):
        verdict(np.empty((2, 0)), ())
