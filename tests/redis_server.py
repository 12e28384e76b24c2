"""A real redis-server for tests: on a free port of this computer, killed at the end."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import redis

from tests.programs import find


class RedisServer:
    """`redis-server` in a process of its own; started again after `kill`, it is on its old port.

    `persistent` writes every change to its folder, so that it outlives its own death.
    """

    def __init__(self, folder: Path, *options: str, persistent: bool = False) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        disk = ["--appendonly", "yes", "--appendfsync", "always"] if persistent else []
        self._command = [
            *(str(find("redis-server")), "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--save", "", "--dir", str(folder), "--logfile", str(folder / "redis.log")),
            *(disk or ["--appendonly", "no"]),
            *options,
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start, and return when it answers."""
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                with self.client() as client:
                    client.ping()
            except redis.exceptions.ConnectionError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Have it take connections, and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def client(self) -> redis.Redis:
        """Return a client of the tests' own."""
        return redis.Redis.from_url(self.url)

    def pass_time(self, seconds: float) -> None:
        """Take time from all that is to expire: as much is gone as if so long had passed."""
        with self.client() as client:
            for key in client.scan_iter(count=1000):
                left = client.pttl(key)
                if left >= 0:
                    client.pexpire(key, max(0, int(left - seconds * 1000)))
