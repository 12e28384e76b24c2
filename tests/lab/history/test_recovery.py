"""A server may be killed at any moment; the next one goes on, to the last bit."""

import json
import threading
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from app.lab.history.repository import SETUPS_CACHED
from tests.lab.client import Client, Experiment, serving, strict
from tests.lab.history.specs import STATEFUL
from tests.serving import Server

MINI_BATCH = {"data": {"samples": 60, "noise": 0.2}, "batch_size": 8}
CUSTOM = {
    "data": {"name": "custom", "inputs": [[0.1, 3.0], [1.7, -1.0], [0.3, 0.3]],
             "targets": [0, 1, 1], "standardize": True},
    "batch_size": 2,
}  # fmt: skip
SPECS = {"opening": {}, "mini-batch": MINI_BATCH, "custom": CUSTOM}


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_a_second_server_goes_on_bit_equal(basin: Client, tmp_path: Path, spec: Any) -> None:
    with serving(tmp_path) as first:
        experiment = first.create(spec)
        experiment.train(70)
        experiment.change_rate(0.3, run=1)
        experiment.set(2, values={"W1[0,0]": 0.5})
        experiment.train(30)
    with serving(tmp_path) as second:
        experiment = experiment.on(second)
        experiment.train(50)
        found = experiment.loss(), [experiment.parameters(run) for run in range(5)]
    other = basin.create(spec)
    other.train(70)
    other.change_rate(0.3, run=1)
    other.set(2, values={"W1[0,0]": 0.5})
    other.train(80)
    assert found == (other.loss(), [other.parameters(run) for run in range(5)])


def test_a_second_server_rewinds_bit_equal(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        experiment = first.create(MINI_BATCH)
        before = experiment.train(150)["train"]
    with serving(tmp_path) as second:
        experiment = experiment.on(second)
        experiment.rewind(20)
        after = experiment.train(130)["train"]
        assert after == [run[20:] for run in before]


def test_a_second_server_knows_what_was_done_at_step_0(basin: Client, tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        experiment = first.create(CUSTOM)
        experiment.set(0, values={"W1[0,0]": 0.5})
        experiment.change_rate(0.3)
        experiment.train(40)
    with serving(tmp_path) as second:
        experiment = experiment.on(second)
        experiment.rewind(0)
        again = experiment.train(40)["train"], experiment.summary()["spec"]
    other = basin.create(CUSTOM)
    other.set(0, values={"W1[0,0]": 0.5})
    other.change_rate(0.3)
    assert again == (other.train(40)["train"], other.summary()["spec"])


def test_an_experiment_goes_on_bit_equal_after_many_others(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        experiment, undisturbed = client.create(MINI_BATCH), client.create(MINI_BATCH)
        undisturbed.train(60)
        experiment.train(30)
        for _ in range(SETUPS_CACHED + 1):
            client.create(runs=[{}], data={"samples": 2})
        experiment.train(30)
        assert experiment.loss() == undisturbed.loss()


def test_two_servers_may_share_a_store(tmp_path: Path) -> None:
    with serving(tmp_path) as one, serving(tmp_path) as other:
        here = one.create(MINI_BATCH)
        there = here.on(other)
        for _ in range(3):
            here.train(7)
            there.train(5)
        undisturbed = one.create(MINI_BATCH)
        undisturbed.train(36)
        assert here.loss() == there.loss() == undisturbed.loss()


def seen(experiment: Experiment) -> Any:
    """All that is read off the history."""
    paths = experiment.read("surface", size=3)["path"]
    return experiment.loss(), paths, experiment.read("diagnostics/history"), experiment.summary()


def test_two_servers_that_train_rewind_and_change_see_the_same_history(tmp_path: Path) -> None:
    with serving(tmp_path) as one, serving(tmp_path) as other:
        here = one.create(STATEFUL)
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


def test_an_experiment_deleted_at_one_server_is_unknown_at_the_other(tmp_path: Path) -> None:
    with serving(tmp_path) as one, serving(tmp_path) as other:
        here = one.create(MINI_BATCH)
        there = here.on(other)
        there.train(3)
        one.ask("DELETE", here.url, 204)
        assert there.train(3, status=404)["errors"][0]["code"] == "unknown_experiment"


def test_a_killed_server_has_lost_nothing_that_it_had_answered(
    basin: Client, tmp_path: Path
) -> None:
    server = Server(tmp_path)
    server.start()
    id = post(server, "/api/experiments", MINI_BATCH)["id"]
    reached = 0
    for _ in range(3):
        trainer = Trainer(server, id)
        trainer.has_answered.acquire()  # so that a further block is under way
        server.kill()
        trainer.join()
        server.start()
        step = get(server, f"/api/experiments/{id}")["step"]
        assert step >= trainer.answered > reached
        reached = step
    post(server, f"/api/experiments/{id}/steps", {"count": 100})
    history = get(server, f"/api/experiments/{id}/loss?points=20000")
    assert server.stop() == 0
    undisturbed = basin.create(MINI_BATCH)
    undisturbed.train(reached + 100)
    assert history == undisturbed.loss()


class Trainer(threading.Thread):
    """Trains block after block until the server is gone; knows the last step it was told."""

    def __init__(self, server: Server, id: str) -> None:
        super().__init__()
        self.server, self.path = server, f"/api/experiments/{id}/steps"
        self.has_answered = threading.Semaphore(0)
        self.answered = 0
        self.start()

    def run(self) -> None:
        with suppress(OSError, HTTPException):
            while self.answered < 100_000:
                self.answered = post(self.server, self.path, {"count": 137, "every": 137})["step"]
                self.has_answered.release()


def post(server: Server, path: str, body: Any) -> Any:
    request = urllib.request.Request(
        server.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        return strict(response.read().decode())


def get(server: Server, path: str) -> Any:
    with urllib.request.urlopen(server.url + path) as response:
        return strict(response.read().decode())
