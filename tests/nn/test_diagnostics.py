"""What a run is doing, told from its losses."""

from math import log

import numpy as np
import pytest

from app.nn.diagnostics import WINDOW, progress
from app.nn.types import Array

LN2 = log(2.0)
TIME = np.arange(400.0)


def told(losses: Array, baseline: float = LN2) -> set[str]:
    """All that is said of a run on its way, once the window is full."""
    return {progress(losses[:end], baseline) for end in range(WINDOW + 1, len(losses) + 1)}


def test_a_run_that_never_moves_is_stuck() -> None:
    assert told(np.full(400, LN2)) == {"stuck"}


def test_a_run_that_approaches_a_floor_is_training_and_then_stuck() -> None:
    losses = 0.57 + 0.3 * np.exp(-TIME / 20.0)
    assert progress(losses[: WINDOW + 1], LN2) == "training"
    assert progress(losses, LN2) == "stuck"


def test_a_run_at_rest_on_a_low_floor_has_converged() -> None:
    losses = 0.02 + 0.6 * np.exp(-TIME / 10.0)
    assert progress(losses, LN2) == "converged"


@pytest.mark.parametrize("tau", [5.0, 15.0, 40.0, 100.0])
def test_a_plateau_that_is_being_left_is_training(tau: float) -> None:
    losses = LN2 - 0.05 * np.exp((TIME - 399.0) / tau)
    begins = max(WINDOW + 1, 400 - int(12.0 * tau))
    ends = range(begins, 401)
    assert {progress(losses[:end], LN2) for end in ends} == {"training"}


def test_a_plateau_high_above_the_baseline_is_left_too() -> None:
    losses = 40.0 - 1e-4 * np.exp(TIME / 30.0)
    assert told(losses) == {"training"}


def test_a_steady_fall_is_training() -> None:
    assert told(0.5 - 1e-3 * TIME) == {"training"}
    assert told(0.5 / (1.0 + TIME)) == {"training"}


def test_a_rising_loss_is_not_at_rest() -> None:
    assert told(0.5 * np.exp(TIME / 100.0)) == {"training"}


@pytest.mark.parametrize("length", [1, 2, 3, 60, WINDOW])
def test_a_short_history_is_training(length: int) -> None:
    assert progress(np.full(length, LN2), LN2) == "training"


def test_a_first_full_window_decides() -> None:
    assert progress(np.full(WINDOW + 1, LN2), LN2) == "stuck"


@pytest.mark.parametrize("missing", [1, 60, WINDOW - 1])
def test_a_run_brought_back_after_it_diverged_is_training(missing: int) -> None:
    losses = np.where(np.arange(WINDOW + 1) <= missing, np.nan, 1.0)
    assert progress(losses, LN2) == "training"


def test_only_the_last_window_counts() -> None:
    rest = np.full(WINDOW, 0.6)
    assert progress(np.concatenate([np.linspace(9.0, 1.0, 500), rest]), LN2) == "stuck"
    assert progress(np.concatenate([np.full(500, 1e-9), rest]), LN2) == "stuck"


def test_a_problem_that_is_solved_has_converged_although_the_loss_still_falls() -> None:
    assert progress(1e-3 * np.exp(-TIME / 10.0), LN2) == "converged"


@pytest.mark.parametrize("baseline", [1e-6, 1.0, 1e6])
def test_the_scale_of_the_targets_does_not_decide(baseline: float) -> None:
    assert told(np.full(200, 0.9 * baseline), baseline) == {"stuck"}
    assert told(np.full(200, 0.1 * baseline), baseline) == {"converged"}
    assert told(baseline / (1.0 + 0.01 * TIME), baseline) == {"training"}


@pytest.mark.parametrize("noise", [1e-9, 1e-6, 1e-4, 1e-3, 5e-3, 2e-2])
@pytest.mark.parametrize(("floor", "status"), [(0.57, "stuck"), (0.05, "converged")])
def test_the_noise_of_mini_batches_does_not_decide(floor: float, status: str, noise: float) -> None:
    runs = np.random.default_rng(0).normal(floor, noise * floor, (100, 2 * WINDOW))
    assert sum(progress(losses, LN2) == status for losses in runs) >= 95


@pytest.mark.parametrize("noise", [1e-6, 1e-3, 1e-2, 0.1])
def test_a_fall_is_seen_through_the_noise(noise: float) -> None:
    losses = 0.5 - 2e-3 * TIME[:200]
    runs = losses + noise * np.random.default_rng(0).normal(size=(100, 200))
    assert sum(progress(run, LN2) == "training" for run in runs) >= 95


def test_where_one_answer_is_right_always_a_run_that_finds_it_has_converged() -> None:
    assert progress(np.zeros(200), 0.0) == "converged"
