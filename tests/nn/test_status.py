"""What a run is doing, told from its losses and its next updates."""

from math import log

import numpy as np
import pytest

from app.nn.status import (
    LONG_WINDOW,
    NOTHING,
    WINDOW,
    Manner,
    Outlook,
    Scale,
    Standing,
    Status,
    outlook,
    standing,
)
from app.nn.types import Array

LN2 = log(2.0)
TIME = np.arange(400.0)
STILL = Outlook(0.0, 1.0, 0.0, 0.0, 0.0)
"""No update moves anything."""
FALLS = Outlook(1.0, 0.99, 1e-3, 1e-2, np.inf)
"""J falls straight on, and the updates do not say how far."""
BACK = Outlook(-1.0, 1.1, 0.5, 1.0, np.inf)
"""Every update leads back, and further."""


PLAIN = Manner()


def at_end(
    losses: Array,
    ahead: Outlook = FALLS,
    manner: Manner = PLAIN,
    baseline: float = LN2,
    **scale: float,
) -> Standing:
    """What is said of a run at its last step."""
    measures = Scale(baseline, **scale)
    return standing(losses, float(losses.min()), measures, len(losses) - 1, ahead, manner)


def told(losses: Array, ahead: Outlook, baseline: float = LN2) -> set[str]:
    """All that is said of a run on its way, once the window is full."""
    ends = range(WINDOW + 1, len(losses) + 1)
    return {at_end(losses[:end], ahead, baseline=baseline).status for end in ends}


def test_before_the_first_step_nothing_has_begun() -> None:
    assert at_end(np.array([LN2])) == Standing("not_begun", LN2)
    assert at_end(np.array([LN2]), BACK).status == "not_begun"


def test_a_run_that_never_moves_is_stuck() -> None:
    assert told(np.full(400, LN2), STILL) == {"stuck"}
    assert at_end(np.full(400, LN2), STILL).value == pytest.approx(1.0)


def test_a_run_that_rests_and_may_still_fall_is_on_a_plateau() -> None:
    assert told(np.full(400, LN2), FALLS) == {"plateau"}
    assert at_end(np.full(30, LN2), STILL).status == "plateau"


def test_a_run_that_approaches_a_floor_is_training_and_then_stuck() -> None:
    losses = 0.57 + 0.3 * np.exp(-TIME / 20.0)
    assert at_end(losses[: WINDOW + 1], STILL).status == "training"
    assert at_end(losses, STILL).status == "stuck"


SHRINKS = Outlook(1.0, 0.99, 1e-3, 1e-6, 5e-5)
"""J falls straight on, and little more."""


@pytest.mark.parametrize("ahead", [STILL, SHRINKS])
def test_a_run_at_rest_on_a_low_floor_has_converged(ahead: Outlook) -> None:
    losses = 0.02 + 0.6 * np.exp(-TIME / 10.0)
    assert at_end(losses, ahead) == Standing("converged", losses[-1])


def test_a_run_whose_steps_are_too_small_to_see_has_not_converged() -> None:
    """How far J still falls does not depend on how slowly it does: g²/2λ, whatever the rate."""
    losses = 0.1 - 1e-7 * TIME
    slow = Outlook(1.0, 1.0 - 1e-6, 1e-7, 1e-7, 0.05)
    assert at_end(losses, slow).status == "training"
    assert at_end(losses, SHRINKS).status == "converged"
    assert at_end(losses, slow, Manner(circles=True)).status == "converged"


@pytest.mark.parametrize(
    ("stretch", "length", "status"),
    [(1.0, 1e-3, "oscillating"), (0.98, 1e-3, "training"), (1.0, 1e-5, "training")],
)
def test_a_narrow_swing_that_lasts_is_one(stretch: float, length: float, status: str) -> None:
    losses = 0.3 - 1e-4 * TIME
    back = Outlook(-0.999, stretch, length, 1e-6, np.inf)
    assert at_end(losses, back).status == status
    assert at_end(losses, back, Manner(circles=True)).status == "training"


def test_a_run_converges_sooner_where_its_updates_say_that_nothing_lies_ahead() -> None:
    losses = 0.02 + 0.6 * np.exp(-TIME[:130] / 10.0)
    settled = Outlook(1.0, 0.9, 1e-4, 1e-8, 1e-7)
    assert at_end(losses, settled).status == "converged"
    assert at_end(losses, FALLS).status == "training"


@pytest.mark.parametrize("tau", [5.0, 15.0, 40.0, 100.0])
def test_a_plateau_that_is_being_left_is_training(tau: float) -> None:
    losses = LN2 - 0.05 * np.exp((TIME - 399.0) / tau)
    begins = max(WINDOW + 1, 400 - int(12.0 * tau))
    ends = range(begins, 401)
    assert {at_end(losses[:end]).status for end in ends} == {"training"}


def test_a_plateau_high_above_the_baseline_is_left_too() -> None:
    losses = 40.0 - 5e-5 * np.exp(TIME / 30.0)
    assert told(losses, FALLS) == {"training"}


def test_a_steady_fall_is_training() -> None:
    assert told(0.5 - 1e-3 * TIME, FALLS) == {"training"}
    assert told(0.5 / (1.0 + TIME), FALLS) == {"training"}
    assert at_end(0.5 / (1.0 + TIME)).value == pytest.approx(1.0 - 280.0 / 400.0)


def test_a_loss_that_falls_fast_is_not_unstable() -> None:
    losses = 15.0 * 0.6 ** np.arange(40.0) + 0.01
    assert {at_end(losses[:end]).status for end in range(2, 41)} <= {"training", "converged"}


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.95])
def test_what_is_noise_cannot_be_learned(share: float) -> None:
    """A run at rest has converged below the middle between noise and the best constant answer."""
    floor = share * LN2
    middle = 0.5 * (floor + LN2)
    for loss, status in ((0.99 * middle, "converged"), (1.01 * middle, "stuck")):
        found = at_end(np.full(400, loss), STILL, floor=floor)
        assert found.status == status
        assert found.value == pytest.approx(loss if status == "converged" else loss / LN2)


def test_a_penalty_is_descended_but_not_called_loss() -> None:
    """J has learned all where the objective, most of it penalty, lies above the baseline."""
    found = at_end(np.full(400, 2.0 * LN2), STILL, penalty=1.9 * LN2)
    assert found == Standing("converged", 2.0 * LN2 - 1.9 * LN2)
    stuck = at_end(np.full(400, 2.0 * LN2), STILL, penalty=LN2)
    assert stuck.status == "stuck"
    assert stuck.value == pytest.approx(1.0)
    assert at_end(np.array([2.0]), penalty=1.5) == Standing("not_begun", 0.5)


def test_weights_that_decay_may_draw_the_loss_up_a_straight_way() -> None:
    up = 0.4 + 6e-4 * TIME
    assert at_end(up).status == "oscillating"
    assert at_end(up, manner=Manner(decays=True)).status == "training"
    assert at_end(up, BACK, Manner(decays=True)).status == "oscillating"


def test_only_the_last_window_says_whether_it_moves() -> None:
    rest = np.full(WINDOW + 1, 0.6)
    falls = np.concatenate([np.linspace(9.0, 1.0, 500), rest])
    assert at_end(falls, STILL, baseline=0.6).status == "stuck"


def test_a_problem_that_is_solved_has_converged_although_the_loss_still_falls() -> None:
    assert at_end(1e-3 * np.exp(-TIME / 10.0)).status == "converged"


@pytest.mark.parametrize("baseline", [1e-6, 1.0, 1e6])
def test_the_scale_of_the_targets_does_not_decide(baseline: float) -> None:
    assert told(np.full(200, 0.9 * baseline), STILL, baseline) == {"stuck"}
    assert told(np.full(200, 0.1 * baseline), STILL, baseline) == {"converged"}
    assert told(baseline / (1.0 + 0.01 * TIME), FALLS, baseline) == {"training"}
    rise = np.r_[np.full(100, 0.3 * baseline), np.full(100, 5.0 * baseline)]
    assert at_end(rise, baseline=baseline).status == "unstable"


@pytest.mark.parametrize("noise", [1e-9, 1e-6, 1e-4, 1e-3, 5e-3, 2e-2])
@pytest.mark.parametrize(("floor", "status"), [(0.57, "plateau"), (0.05, "converged")])
def test_the_noise_of_mini_batches_does_not_decide(
    floor: float, status: Status, noise: float
) -> None:
    runs = np.random.default_rng(0).normal(floor, noise * floor, (100, 4 * WINDOW))
    said = [at_end(losses, manner=Manner(noisy=True)).status for losses in runs]
    assert said.count(status) >= 95


def test_mini_batches_are_stuck_only_where_no_batch_can_help() -> None:
    losses = np.random.default_rng(0).normal(LN2, 1e-3, LONG_WINDOW + 2)
    assert at_end(losses[:400], STILL, Manner(noisy=True, symmetric=True)).status == "plateau"
    assert at_end(losses, STILL, Manner(noisy=True)).status == "plateau"
    assert at_end(losses, STILL, Manner(noisy=True, symmetric=True)).status == "stuck"


@pytest.mark.parametrize("noise", [1e-6, 1e-3, 1e-2, 0.1])
def test_a_fall_is_seen_through_the_noise(noise: float) -> None:
    losses = 0.5 - 2e-3 * TIME[:200]
    runs = losses + noise * np.random.default_rng(0).normal(size=(100, 200))
    said = [at_end(run + 0.5, manner=Manner(noisy=True)).status for run in runs]
    assert said.count("training") >= 95


def test_where_one_answer_is_right_always_a_run_that_finds_it_has_converged() -> None:
    assert at_end(np.zeros(200), baseline=0.0).status == "converged"


# -- swings


def test_a_loss_that_swings_oscillates_and_says_how_far_it_rose() -> None:
    losses = 0.5 + 0.2 * (-1.0) ** TIME
    found = at_end(losses)
    assert found.status == "oscillating"
    assert found.value == pytest.approx(0.4 / 0.3)


def test_the_same_swing_of_mini_batches_is_their_noise() -> None:
    assert at_end(0.8 + 0.2 * (-1.0) ** TIME, manner=Manner(noisy=True)).status == "plateau"


def test_a_swing_that_nobody_sees_is_none() -> None:
    assert at_end(1e-3 * (2.0 + (-1.0) ** TIME), STILL).status == "converged"


def test_a_direction_swings_although_the_loss_falls_smoothly() -> None:
    losses = 15.0 * 0.8 ** np.arange(20.0)
    assert at_end(losses, Outlook(-1.0, 0.9, 0.5, 1.0, 1.0)).status == "oscillating"
    assert at_end(losses, Outlook(-1.0, 0.9, 1e-3, 1.0, 1.0)).status == "training"
    assert at_end(losses, Outlook(-1.0, 0.9, 0.5, 1e-6, 1.0)).status == "training"


def test_a_loss_far_above_its_own_best_is_unstable_and_stays_so() -> None:
    losses = np.r_[np.linspace(0.7, 0.1, 50), np.full(300, 2.0)]
    found = standing(losses[-121:], 0.1, Scale(LN2), 349, FALLS, Manner())
    assert found == Standing("unstable", 20.0)


def test_one_step_up_is_enough() -> None:
    assert at_end(np.array([0.9, 68.0])).status == "unstable"


def test_a_swing_between_good_and_bad_does_not_flicker() -> None:
    losses = np.where(np.arange(300) % 3 == 0, 0.7, np.random.default_rng(1).uniform(4, 15, 300))
    assert {at_end(losses[:end]).status for end in range(12, 301)} == {"unstable"}


def test_weights_that_a_penalty_carries_away_grow_whatever_the_loss_says() -> None:
    calm = np.full(200, 0.25)
    assert at_end(calm, BACK, Manner(unbounded=True)) == Standing("growing", 1.1)
    assert at_end(calm, BACK).status == "oscillating"
    assert at_end(calm, STILL, Manner(unbounded=True)).status != "growing"


# -- the next updates


def path(*factors: float) -> Array:
    """Parameters of a run on J = w²/2 whose distance is multiplied by these factors."""
    return np.cumprod([[2.0, 2.0], *[[factor, factor] for factor in factors]], axis=0)


def test_an_outlook_reads_turn_stretch_and_what_lies_ahead() -> None:
    alpha = 0.1
    theta = path(*[1.0 - alpha] * 3)
    found = outlook(theta, theta[0])
    assert found.turn == pytest.approx(1.0)
    assert found.stretch == pytest.approx(0.9)
    assert found.length == pytest.approx(0.1)
    assert found.push == pytest.approx(alpha * 8.0)
    # Σ α g² (1 - α)^2t: to first order what J, here 4, falls on the way.
    assert found.ahead == pytest.approx(0.8 / (1.0 - 0.81))


@pytest.mark.parametrize("alpha", [1.5, 1.9, 2.0, 2.3])
def test_beyond_the_inverse_curvature_every_update_leads_back(alpha: float) -> None:
    theta = path(*[1.0 - alpha] * 3)
    found = outlook(theta, theta[0])
    assert found.turn == pytest.approx(-1.0)
    assert found.stretch == pytest.approx(alpha - 1.0)
    assert np.isfinite(found.ahead) == (alpha < 2.0)


def test_a_saddle_is_left_by_a_part_of_the_network_that_the_others_hide() -> None:
    """Two parameters decay, and a third, a million times smaller, grows by 5 % in every step."""
    time = np.arange(4.0)[:, np.newaxis]
    theta = np.hstack([0.75**time, 0.75**time, 1e-6 * 1.05**time])
    gradient, parts = np.array([0.25, 0.25, -5e-8]), np.array([0, 0, 1])
    assert outlook(theta, gradient, parts).leaves
    assert not outlook(theta[:, :2], gradient[:2], parts[:2]).leaves
    calm = np.full(400, LN2)
    assert at_end(calm, Outlook(1.0, 0.75, 1e-6, 1e-9, 1e-9, True)).status == "plateau"
    assert at_end(calm, Outlook(1.0, 0.75, 1e-6, 1e-9, 1e-9, False)).status == "stuck"


def test_a_run_that_circles_is_stuck_only_after_a_long_rest() -> None:
    circles = Manner(circles=True)
    assert at_end(np.full(400, LN2), FALLS, circles).status == "plateau"
    assert at_end(np.full(LONG_WINDOW + 1, LN2), FALLS, circles).status == "stuck"


def test_updates_that_rounding_swallows_are_none() -> None:
    theta = np.ones((4, 3)) * (1.0 + 0.1 * NOTHING * np.arange(4.0)[:, np.newaxis])
    assert outlook(theta, np.ones(3)) == Outlook(0.0, 1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("size", [1e-140, 1.0, 1e150, 1e300])
def test_an_outlook_does_not_depend_on_how_large_the_parameters_are(size: float) -> None:
    """Weights that have grown for long have squares that no float holds."""
    theta = size * np.cumsum([[1.0, 0.0], [0.5, 0.1], [-0.75, -0.1], [1.125, 0.2]], axis=0)
    one = outlook(theta, np.array([1.0, 2.0]) / size)
    other = outlook(theta / size, np.array([1.0, 2.0]))
    assert one.turn < -0.9
    assert np.allclose(
        [one.turn, one.stretch, one.length, one.push],
        [other.turn, other.stretch, other.length, other.push],
        rtol=1e-12,
    )


def test_updates_that_are_not_finite_promise_nothing() -> None:
    theta = np.array([[1.0], [1e200], [np.inf], [np.nan]])
    assert outlook(theta, np.ones(1)).ahead == np.inf


def test_every_status_but_diverged_is_told() -> None:
    """That a run diverged is known before it is asked how it stands."""
    statuses: set[Status] = {
        at_end(np.array([LN2])).status,
        at_end(0.5 - 1e-3 * TIME).status,
        at_end(np.full(400, LN2)).status,
        at_end(np.full(400, 0.01), STILL).status,
        at_end(np.full(400, LN2), STILL).status,
        at_end(0.5 + 0.2 * (-1.0) ** TIME).status,
        at_end(np.array([0.9, 68.0])).status,
        at_end(np.full(200, 0.25), BACK, Manner(unbounded=True)).status,
    }
    assert len(statuses) == 8
