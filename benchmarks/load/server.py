"""Basin as the Docker image starts it: gunicorn with the image's own flags, on a free port."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app import environment

TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
UNMEASURED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""What a machine may have set to make numpy quicker or slower than it is with learners."""


@dataclass(frozen=True)
class Hosted:
    """A running gunicorn: its port, its master's process, and the file of its store."""

    port: int
    pid: int
    file: Path

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(word) for word in text.split()]

    def cpu(self) -> float:
        """Seconds of processor that all workers have used."""
        return sum(_cpu(pid) for pid in self.workers)

    def memory(self) -> list[float]:
        """MB that each worker holds."""
        return [_memory(pid) for pid in self.workers]


def command() -> list[str]:
    """The command of the Dockerfile, without what is about the place."""
    text = (environment.ROOT / "Dockerfile").read_text()
    (found,) = re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
    words: list[str] = json.loads(found)
    return [sys.executable, "-m", *words]


@contextmanager
def hosted(
    workers: int = 2,
    settings: Mapping[str, str] = MappingProxyType({}),
    more: Sequence[str] = (),
) -> Iterator[Hosted]:
    """A gunicorn of so many workers with SQLite, for as long as the context."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        file = Path(folder) / "basin.db"
        kept = {name: text for name, text in os.environ.items() if name not in UNMEASURED}
        variables = {
            **kept,
            "PORT": str(port),
            "WEB_CONCURRENCY": str(workers),
            "OPENBLAS_NUM_THREADS": "1",
            "PLAYGROUND_STORE": f"sqlite:///{file}",
            environment.THIS_PYTHON: "1",
            **settings,
        }
        with (Path(folder) / "log").open("w") as log:
            words = [*command(), f"--bind=127.0.0.1:{port}", *more]
            server = subprocess.Popen(
                words, cwd=environment.ROOT, env=variables, stderr=log, start_new_session=True
            )
        try:
            _wait(port)
            yield Hosted(port, server.pid, file)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + 30.0
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise RuntimeError("the server did not start") from None
            time.sleep(0.1)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _memory(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss"):
            return int(line.split()[1]) / 1024
    return 0.0
