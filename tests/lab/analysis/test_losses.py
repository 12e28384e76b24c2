"""The history of the losses, thinned without losing a spike."""

import numpy as np
import pytest

from app.lab.analysis.losses import loss_history, present_loss
from tests.lab.states import train


def test_a_history_that_fits_is_complete() -> None:
    found = train(30, data={"samples": 40}, runs=[{}, {"seed": 2}]).losses
    history = loss_history(found, 100)
    assert history["steps"] == list(range(31))
    np.testing.assert_array_equal(history["train"], found.train.T)
    assert present_loss(found)["test"] == [row[-1] for row in history["test"]]


@pytest.mark.parametrize("points", [2, 10, 40])
def test_a_thinned_history_has_its_ends_and_its_extremes(points: int) -> None:
    found = train(200, data={"samples": 40}, batch_size=2, runs=[{}]).losses
    history = loss_history(found, points)
    assert len(history["steps"]) <= points
    assert history["steps"][0] == 0
    assert history["steps"][-1] == 200
    if points >= 10:
        assert max(filter(None, history["train"][0])) == found.train.max()


def test_a_loss_that_is_not_there_is_null() -> None:
    found = train(3, data={"samples": 40, "train_fraction": 1.0}, runs=[{}]).losses
    assert present_loss(found)["test"] == [None]
