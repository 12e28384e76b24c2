"""Studies on a real Dask scheduler with two real workers on this computer."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from app import create_app
from app.config import Settings
from app.environment import ROOT, THIS_PYTHON
from app.errors import BadSetting
from tests.lab.client import Client, serving
from tests.test_packaging import free_port
from tests.web.api.processes import spawned_by
from tests.web.api.studies import PATIENCE, create
from tests.web.problems import places, refused

SPEC = {"layers": [{"units": 6, "dropout": 0.2}, {"units": 1, "activation": "sigmoid"}]}
STUDY = {"seeds": {"count": 40}, "steps": 100, "target": 0.6}


class Cluster:
    """A scheduler and its workers, started as README says."""

    def __init__(self) -> None:
        self.port = free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def setting(self) -> str:
        return f"dask://127.0.0.1:{self.port}"

    def scheduler(self) -> "subprocess.Popen[bytes]":
        return self._start("dask_scheduler", "--host=127.0.0.1", f"--port={self.port}")

    def worker(self) -> "subprocess.Popen[bytes]":
        return self._start(
            "dask_worker", f"tcp://127.0.0.1:{self.port}", "--nworkers=1", "--nthreads=1"
        )

    def _start(self, name: str, *words: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.{name}", *words, "--no-dashboard"]
        started = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(started)
        return started

    def __enter__(self) -> Self:
        self.scheduler()
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as started:
        started.worker()
        started.worker()
        yield started


@pytest.fixture(scope="module")
def basin(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    answering(cluster)
    with serving(tmp_path_factory.mktemp("dask"), studies=cluster.setting) as client:
        yield client


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The cells of the study in a process of this computer."""
    with serving(tmp_path_factory.mktemp("alone"), study_processes=1) as alone:
        return create(alone, SPEC, **STUDY).done()["cells"]


def answering(cluster: Cluster) -> None:
    """Wait until the scheduler has its port."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", cluster.port), 1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def test_workers_train_the_same_bits(expected: Any, basin: Client) -> None:
    answer = create(basin, SPEC, **STUDY).done()
    assert answer["failures"] == []
    assert answer["cells"] == expected


if sys.platform == "linux":

    def test_a_worker_that_is_killed_loses_nothing(
        expected: Any, cluster: Cluster, basin: Client
    ) -> None:
        study = create(basin, SPEC, **STUDY)
        study.until(lambda answer: answer["done"] > 0)
        victim = cluster.processes[-1]
        (child,) = spawned_by(victim.pid)
        os.kill(victim.pid, signal.SIGKILL)  # its nanny, which would start another one
        os.kill(child, signal.SIGKILL)
        answer = study.done()
        assert answer["failures"] == []
        assert answer["cells"] == expected


def test_a_scheduler_that_ends_is_said_and_its_studies_wait(expected: Any, tmp_path: Path) -> None:
    with Cluster() as own:
        own.worker()
        answering(own)
        with serving(tmp_path, studies=own.setting) as basin:
            study = create(basin, SPEC, **STUDY)
            study.until(lambda answer: answer["done"] > 0)
            for process in own.processes:
                process.kill()
                process.wait()
            answer = study.until(lambda answer: answer["problem"] is not None)
            assert answer["status"] == "queued"
            said = f"no Dask scheduler answers at tcp://127.0.0.1:{own.port}"
            assert answer["problem"] == said
            errors = refused(basin, "POST", "/api/studies", 503, json={"spec": {}})
            assert places(errors) == [("", "executor_unavailable")]
            assert errors[0]["detail"] == said
            own.scheduler()
            own.worker()
            assert study.done()["cells"] == expected


def test_a_scheduler_that_does_not_answer_is_said_at_once(tmp_path: Path) -> None:
    settings = Settings(
        store=f"sqlite:///{tmp_path / 'basin.db'}", studies=f"dask://127.0.0.1:{free_port()}"
    )
    with pytest.raises(BadSetting, match="no Dask scheduler answers at tcp://127"):
        create_app(settings)


@pytest.mark.parametrize(
    "name",
    [
        "threads",
        "dask://",
        "dask://host",
        "dask://host:99999",
        "dask://a b:1/x",
        "tcp://127.0.0.1:8786",
    ],
)
def test_an_executor_that_there_is_not_is_refused(tmp_path: Path, name: str) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'basin.db'}", studies=name)
    with pytest.raises(BadSetting, match=re.escape(repr(name))):
        create_app(settings)


def starting(command: list[str], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """A server that is to train on a scheduler that does not answer."""
    variables = {
        **os.environ,
        THIS_PYTHON: "1",
        "PLAYGROUND_STORE": f"sqlite:///{tmp_path / 'basin.db'}",
        "PLAYGROUND_STUDIES": f"dask://127.0.0.1:{free_port()}",
    }
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_the_server_ends_with_a_sentence(tmp_path: Path) -> None:
    said = starting(["app", "--no-browser", "--port=0"], tmp_path)
    assert said.returncode != 0
    (line,) = said.stderr.splitlines()
    assert line.startswith("Basin cannot start: no Dask scheduler answers at tcp://127.0.0.1:")


if sys.platform != "win32":  # where gunicorn does not exist

    def test_the_hosted_server_ends_with_a_sentence(tmp_path: Path) -> None:
        command = ["gunicorn", "--no-control-socket", f"--bind=127.0.0.1:{free_port()}"]
        said = starting([*command, "app:create_app()"], tmp_path)
        assert said.returncode != 0
        assert "Basin cannot start: no Dask scheduler answers at tcp://127.0.0.1:" in said.stderr
        assert "Traceback" not in said.stderr
