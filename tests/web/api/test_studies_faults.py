"""Studies where something dies: a process of the pool, the server, one of several servers.

Each is really killed. What is known in the end is what it would have been.
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.environment import ROOT
from app.lab.service import ExperimentService
from app.lab.study import blocks
from app.lab.study.executor import ProcessExecutor
from app.lab.study.service import StudyService
from app.store import open_store
from app.web.application import build
from tests.lab.client import Client, serving
from tests.lab.study import faults
from tests.serving import Server
from tests.test_packaging import free_port
from tests.web.api.processes import children_of, spawned_by, wait_until_gone
from tests.web.api.studies import PATIENCE, create

SPEC = {"layers": [{"units": 6, "dropout": 0.2}, {"units": 1, "activation": "sigmoid"}]}
STUDY = {"seeds": {"count": 48}, "steps": 120, "target": 0.6}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The cells of a study of one process in which nothing dies."""
    with serving(tmp_path_factory.mktemp("alone"), study_processes=1) as basin:
        return create(basin, SPEC, **STUDY).done()["cells"]


def test_two_processes_train_the_same_bits(expected: Any, tmp_path: Path) -> None:
    with serving(tmp_path, study_processes=2) as basin:
        assert create(basin, SPEC, **STUDY).done()["cells"] == expected


def test_the_size_of_blocks_changes_no_bit(
    expected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "FEWEST_BLOCKS", 3)
    with serving(tmp_path, study_processes=1) as basin:
        assert create(basin, SPEC, **STUDY).done()["cells"] == expected


if sys.platform == "linux":  # where processes are found in /proc

    def test_a_process_that_is_killed_is_replaced(expected: Any, tmp_path: Path) -> None:
        with serving(tmp_path, study_processes=2) as basin:
            study = create(basin, SPEC, **STUDY)
            study.until(lambda answer: answer["done"] > 0)
            killed = 0
            for process in multiprocessing.active_children():
                if process.pid is not None:
                    os.kill(process.pid, signal.SIGKILL)
                    killed += 1
            assert killed
            answer = study.done()
            assert answer["failures"] == []
            assert answer["cells"] == expected

    def test_a_block_that_kills_its_process_is_named_and_the_rest_is_trained(
        expected: Any, tmp_path: Path
    ) -> None:
        with deadly(tmp_path) as basin:
            answer = create(basin, SPEC, **STUDY).done()
        assert answer["status"] == "done"
        (failure,) = answer["failures"]
        first, count = failure["seeds"]["first"], failure["seeds"]["count"]
        assert first <= 7 + faults.DEADLY < first + count
        assert "died" in failure["reason"]
        (cell,), (whole,) = answer["cells"], expected
        kept = [n for n, seed in enumerate(whole["seeds"]) if not first <= seed < first + count]
        assert cell["seeds"] == [whole["seeds"][n] for n in kept]
        for recipe, other in zip(cell["recipes"], whole["recipes"], strict=True):
            assert recipe["seeds"] == 48 - count
            assert recipe["final"]["train"] == [other["final"]["train"][n] for n in kept]

    def test_a_server_that_is_killed_goes_on_where_it_was(expected: Any, tmp_path: Path) -> None:
        with Server(tmp_path, variables={"PLAYGROUND_STUDY_PROCESSES": "1"}) as server:
            study = ask(f"{server.url}/api/studies", {"spec": SPEC, **STUDY})
            url = f"/api/studies/{study['id']}"
            before = until(server.url + url, lambda answer: answer["done"] > 0)
            assert before["status"] == "running"
            children = spawned_by(server.pid)
            server.kill()
            wait_until_gone(children)
            server.start()
            after = until(server.url + url, lambda answer: answer["status"] == "done")
        assert after["cells"] == expected
        assert after["seconds"] >= before["seconds"]

    def test_a_server_that_is_stopped_waits_for_no_study(tmp_path: Path) -> None:
        slow = {"layers": [{"units": 64}] * 10 + [{"units": 1, "activation": "sigmoid"}]}
        with Server(tmp_path) as server:
            body = {"spec": slow, "seeds": {"count": 5}, "steps": 2000}
            study = ask(f"{server.url}/api/studies", body)
            url = f"{server.url}/api/studies/{study['id']}"
            until(url, lambda answer: answer["status"] == "running")
            deadline = time.monotonic() + PATIENCE
            while not (children := spawned_by(server.pid)):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            begun = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - begun < 40
            wait_until_gone(children)

    def test_of_several_servers_one_runs_studies_and_another_takes_over(
        expected: Any, tmp_path: Path
    ) -> None:
        port = free_port()
        variables = {
            **os.environ,
            "PLAYGROUND_STORE": f"sqlite:///{tmp_path / 'basin.db'}",
            "PLAYGROUND_STUDY_PROCESSES": "2",
        }
        command = [sys.executable, "-m", "gunicorn", "--workers=2", "--threads=4"]
        command += ["--worker-class=gthread", "--no-control-socket", f"--bind=127.0.0.1:{port}"]
        with subprocess.Popen(
            [*command, "app:create_app()"], cwd=ROOT, env=variables, stderr=subprocess.DEVNULL
        ) as server:
            try:
                url = f"http://127.0.0.1:{port}/api/studies"
                asked = [ask(url, {"spec": SPEC, **STUDY}, tries=200) for _ in range(3)]
                urls = [f"{url}/{study['id']}" for study in asked]
                until(urls[0], lambda answer: answer["done"] > 0)
                workers = children_of(server.pid)
                trainers = {worker: spawned_by(worker) for worker in workers}
                (runner,) = [worker for worker, found in trainers.items() if found]
                assert len(trainers[runner]) == 2
                os.kill(runner, signal.SIGKILL)
                for each in urls:
                    answer = until(each, lambda answer: answer["status"] == "done")
                    assert answer["cells"] == expected
            finally:
                server.terminate()


@contextmanager
def deadly(folder: Path) -> Iterator[Client]:
    """Basin whose processes die of one seed."""
    settings = Settings(store=f"sqlite:///{folder / 'basin.db'}")
    with closing(open_store(settings.store, lifetime=settings.lifetime)) as store:
        experiments = ExperimentService(store)
        executor = ProcessExecutor(2, faults.die_at_one_seed)
        with closing(
            StudyService(store, experiments.computing, executor, settings.runner_lock)
        ) as studies:
            yield Client(build(experiments, studies, settings))


def ask(url: str, body: Any = None, tries: int = 1) -> Any:
    """The answer of a server in another process, which may have to start first."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    for _ in range(tries - 1):
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.1)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def until(url: str, ready: Any) -> Any:
    """The first answer that is ready; the server may be killed meanwhile."""
    deadline = time.monotonic() + PATIENCE
    while not ready(answer := ask(url, tries=20)):
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)
    return answer
