"""What is at hand of a past says what the store says, whoever else was there."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.lab.experiment.checkpoints import CHECKPOINT_SPACING, DENSE_STEPS, theta_steps
from app.lab.experiment.setup import build
from app.lab.history import cache
from app.lab.history.thinning import spread
from app.lab.spec.parse import parse
from tests.lab.client import Client, Experiment, serving

SPEC: Any = {
    "data": {"samples": 20},
    "layers": [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "regularizer": {"name": "l2", "rate": 0.01},
    "runs": [{}, {"seed": 9}],
}


def seen(experiment: Experiment) -> Any:
    """All that is read off the past."""
    paths = experiment.read("surface", size=3)["path"]
    return experiment.loss(), paths, experiment.read("diagnostics/history"), experiment.summary()


def test_two_servers_that_train_rewind_and_change_see_the_same_past(tmp_path: Path) -> None:
    with serving(tmp_path) as one, serving(tmp_path) as other:
        here = one.create(SPEC)
        there = here.on(other)
        here.train(40)
        assert seen(there) == seen(here)
        there.train(7)
        assert seen(here) == seen(there)
        here.rewind(30)
        here.set(0, values={"b1[0]": 0.5})
        assert seen(there) == seen(here)
        there.rewind(10)
        there.train(25)
        here.change_rate(0.125)
        assert seen(here) == seen(there)
        with serving(tmp_path) as fresh:
            assert seen(here.on(fresh)) == seen(here)


@pytest.mark.parametrize("room", [0, 1000])
def test_a_path_is_the_same_whether_its_parameters_are_at_hand_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    with serving(tmp_path) as client:
        experiment = client.create(SPEC)
        for _ in range(9):
            experiment.train(11)
        experiment.rewind(70)
        experiment.train(5)
        before = seen(experiment)
    monkeypatch.setattr(cache, "THETA_BYTES", room)
    with serving(tmp_path) as client:
        assert seen(experiment.on(client)) == before


def test_pasts_that_take_too_much_are_forgotten_and_read_again(
    basin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "TOTAL_BYTES", 1)
    one, other = basin.create(SPEC), basin.create(SPEC)
    for _ in range(3):
        one.train(20), other.train(20)
        assert one.loss() == other.loss()


def test_fewer_parameters_are_kept_as_the_steps_grow_but_one_in_every_64() -> None:
    setup = build(parse(SPEC))
    kept = theta_steps(setup, 0, 200_000)
    gaps = np.diff(kept)
    assert (gaps[: DENSE_STEPS - 1] == 1).all()
    assert (np.diff(gaps) >= 0).all()
    assert gaps.max() == CHECKPOINT_SPACING
    assert len(kept) < 7000


def test_the_same_steps_are_kept_in_whatever_blocks_one_trains() -> None:
    setup = build(parse(SPEC))
    whole = theta_steps(setup, 0, 5000)
    parts = [theta_steps(setup, start, start + 76) for start in range(0, 5000, 77)]
    together = np.concatenate(parts)
    np.testing.assert_array_equal(together[together <= 5000], whole)


@pytest.mark.parametrize("last", [0, 5, 9, 10, 100, 10_000])
def test_a_path_has_no_more_points_than_the_limit_and_keeps_them_as_it_grows(last: int) -> None:
    steps = np.arange(last + 1)
    points = steps[spread(steps, last, 9)]
    assert points[0] == 0
    assert min(last, 4) <= len(points) - 1 <= 9
    longer = np.arange(2 * last + 1)
    assert set(longer[spread(longer, 2 * last, 9)]) & set(steps) <= set(points)


def test_any_step_of_a_long_past_is_that_of_a_short_one(basin: Client) -> None:
    long, short = basin.create(SPEC), basin.create(SPEC)
    long.train(6000)
    for step in (1023, 1024, 1025, 2047, 2049, 4095, 4100, 5999):
        short.train(step - short.summary()["step"])
        assert long.parameters(1, step) == short.parameters(1)
