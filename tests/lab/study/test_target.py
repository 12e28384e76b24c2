"""The default target: it separates recipes, and is sensible where there is nothing to separate."""

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from app.lab.study.target import default_target, separation
from app.nn.types import Array

STEPS = np.arange(101)


def falling(rate: float, start: float = 0.7, end: float = 0.0, seeds: int = 20) -> Array:
    """Losses (S, T) that fall from `start` towards `end`, a little differently for every seed."""
    spread = np.linspace(0.8, 1.25, seeds)[:, None]
    return end + (start - end) * np.exp(-rate * spread * STEPS)


def test_the_target_is_where_one_recipe_succeeds_and_the_other_stays() -> None:
    found = default_target(np.array([falling(0.05), falling(0.05, end=0.3)]), STEPS)
    assert found.reason == "separates"
    assert found.loss == 0.2
    assert found.candidates == (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    assert [each.reached for each in found.reached] == [20, 0]
    assert 0 < found.score < 1


def test_of_equally_good_targets_the_lowest_is_taken() -> None:
    jump = np.full((2, 20, 101), 0.7)
    jump[0, :, 10:] = 0.03
    found = default_target(jump, STEPS)
    assert (found.loss, found.candidates) == (0.05, (0.05, 0.1, 0.2, 0.5))


def test_only_the_first_20_seeds_are_looked_at() -> None:
    loss = np.array([falling(0.05), falling(0.02)])
    more = np.concatenate([loss, np.full_like(loss, nan)], axis=1)
    assert default_target(more, STEPS) == default_target(loss, STEPS)
    assert default_target(more, STEPS).seeds == 20


def test_a_narrow_range_has_finer_candidates() -> None:
    loss = np.array([falling(0.05, 0.5, 0.12), falling(0.05, 0.5, 0.35)])
    assert default_target(loss, STEPS).candidates == (0.2, 0.3, 0.4)
    loss = np.array([falling(0.05, 0.7, 0.61), falling(0.05, 0.7, 0.68)])
    found = default_target(loss, STEPS)
    assert found.candidates == (0.62, 0.63, 0.64, 0.65, 0.66, 0.67, 0.68, 0.69)
    assert found.loss == 0.68  # the second one ends a little above


def test_no_run_has_reached_the_target_at_the_start() -> None:
    low = falling(0.001, 0.5, 0.5)  # stays where it is
    found = default_target(np.array([falling(0.05, 40.0), low]), STEPS)
    assert found.loss < 0.5
    assert found.reached[1].reached == 0


def test_recipes_that_only_fall_to_where_another_starts_are_separated_there() -> None:
    found = default_target(
        np.array([falling(0.2, 40.0, 0.6), falling(0, 0.5), falling(0, 40.0)]), STEPS
    )
    assert found.reason == "separates"
    assert 0.6 <= found.loss < 40


def test_one_recipe_is_asked_for_what_half_of_its_seeds_reach() -> None:
    found = default_target(falling(0.03)[None], STEPS)
    assert (found.reason, found.loss) == ("one_recipe", 0.05)
    assert 10 <= found.reached[0].reached <= 20


def test_equal_recipes_have_a_target_too() -> None:
    found = default_target(np.array([falling(0.03)] * 3), STEPS)
    assert (found.reason, found.loss, found.score) == ("no_difference", 0.05, 0)


def test_where_few_seeds_learn_the_target_is_what_most_reach() -> None:
    few = np.full((1, 20, 101), 0.7)
    few[0, :4, 50:] = 0.05
    found = default_target(few, STEPS)
    assert (found.reason, found.loss) == ("one_recipe", 0.5)


def test_one_seed_is_enough() -> None:
    found = default_target(np.array([falling(0.1, seeds=1), falling(0.01, seeds=1)]), STEPS)
    assert (found.reason, found.seeds) == ("separates", 1)


@pytest.mark.parametrize("bad", [nan, inf])
def test_runs_that_all_diverge_at_once(bad: float) -> None:
    found = default_target(np.full((2, 20, 101), bad), STEPS)
    assert (found.reason, found.loss) == ("no_loss", 0.1)
    assert [each.reached for each in found.reached] == [0, 0]


def test_runs_that_all_diverge_later_have_a_target_below_their_start() -> None:
    loss = np.full((2, 20, 101), nan)
    loss[:, :, 0], loss[:, :, 1] = 0.7, 1e9
    found = default_target(loss, STEPS)
    assert (found.reason, found.loss) == ("no_progress", 0.5)


def test_runs_that_stay_have_a_target_below_their_losses() -> None:
    found = default_target(np.full((2, 20, 101), 0.69), STEPS)
    assert (found.reason, found.loss) == ("no_progress", 0.5)


def test_runs_that_are_perfect_from_the_start() -> None:
    found = default_target(np.zeros((2, 20, 101)), STEPS)
    assert (found.reason, found.loss) == ("reached_at_start", 1e-12)
    assert [each.median for each in found.reached] == [0, 0]


def test_a_study_of_no_steps_has_a_target() -> None:
    found = default_target(falling(0.1)[None, :, :1], STEPS[:1])
    assert (found.reason, found.loss) == ("no_progress", 0.5)


@pytest.mark.parametrize("shape", [(0, 20, 3), (2, 0, 3), (2, 20, 0)])
def test_without_losses_there_is_no_target(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="needs losses"):
        default_target(np.empty(shape), np.arange(shape[2]))


@given(arrays(np.float64, array_shapes(min_dims=3, max_dims=3), elements=st.one_of(
    st.floats(0, 1e300), st.floats(0.01, 1), st.sampled_from([nan, inf]))))  # fmt: skip
def test_any_losses_have_a_round_target_and_a_reason(loss: Array) -> None:
    found = default_target(loss, np.arange(loss.shape[2]))
    assert 1e-12 <= found.loss <= 1e12
    assert len(f"{found.loss:e}".split("e")[0].rstrip("0").replace(".", "")) <= 2
    assert 0 <= found.score <= 1
    assert (found.score > 0) == (found.reason == "separates")
    assert bool(found.candidates) == (
        found.reason in {"separates", "one_recipe", "no_difference"}
    )  # fmt: skip
    if found.candidates:
        assert found.loss in found.candidates
        assert any(each.reached for each in found.reached)


def test_separation_is_1_between_there_at_once_and_never() -> None:
    assert separation(np.array([[0, 0], [-1, -1]]), STEPS) == 1
    assert separation(np.array([[0, -1], [-1, -1]]), STEPS) == 0.5


def test_separation_counts_factors_not_steps() -> None:
    early = separation(np.array([[1], [3]]), STEPS)  # 1 + step doubles
    late = separation(np.array([[49], [99]]), STEPS)
    assert early == pytest.approx(late)
    assert early == pytest.approx(np.log(2) / np.log(101))
