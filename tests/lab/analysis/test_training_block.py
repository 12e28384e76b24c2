"""The answer to training: its frames, and what the views show of the last step."""

import numpy as np
import pytest

from app.lab.analysis.network_state import NetworkRequest
from app.lab.analysis.outputs import MapRequest
from app.lab.analysis.status import statuses
from app.lab.analysis.training_block import OutputsRequest, ViewRequests, frames, training_block
from app.lab.history.past import Past
from tests.lab.states import train


@pytest.mark.parametrize(
    ("first", "last", "every", "expected"),
    [
        (0, 5, 1, [1, 2, 3, 4, 5]),
        (0, 5, 2, [2, 4, 5]),
        (3, 9, 3, [6, 9]),
        (7, 8, 100, [8]),
    ],
)
def test_frames_are_every_so_many_steps_and_the_last(
    first: int, last: int, every: int, expected: list[int]
) -> None:
    assert frames(first, last, every) == expected


def test_a_block_has_what_the_views_ask_for_and_nothing_else() -> None:
    run = train(6, data={"samples": 40}, runs=[{}, {"seed": 2}])
    found = run.losses
    past = Past(found, np.fmin.reduce(found.train), [0, 0])
    states = statuses(run.setup, (), run.state, past)
    plain = training_block(run.experiment, found, [2, 4, 6], states, ViewRequests())
    assert [len(row) for row in plain["train"]] == [3, 3]
    assert plain["train"][1][-1] == found.train[6, 1]
    assert not {"path", "outputs", "inside", "signals", "metrics"} & {*plain}
    maps = MapRequest(5)
    views = ViewRequests(OutputsRequest(1, maps), NetworkRequest(1, maps, True), True, True)
    full = training_block(run.experiment, found, [2, 4, 6], states, views)
    assert full["outputs"]["output"] == full["inside"]["outputs"]["output"]
    assert full["outputs"]["step"] == full["inside"]["step"] == full["signals"]["step"] == 6
    assert len(full["metrics"]) == 2
