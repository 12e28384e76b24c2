"""The real server in a process of its own, for tests that want one (and some that kill it)."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

from app import environment


class Server:
    """`python -m app` on a free port of this computer, with its store in `folder`.

    A server that was stopped or killed starts again on its old port, with the same store; one that
    still runs at the end of a `with` block is killed. It is of this copy of the project and on the
    Python of the tests, unless `root` and `variables` say otherwise.
    """

    def __init__(
        self,
        folder: Path,
        root: Path = environment.ROOT,
        variables: dict[str, str] | None = None,
    ) -> None:
        self.log = folder / "server.log"
        self.store = folder / "basin.db"
        self.url = ""
        self.said = ""
        self._root = root
        self._variables = {environment.THIS_PYTHON: "1", **(variables or {})}
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.returncode is None:
            self.kill()

    @property
    def pid(self) -> int:
        """The process that serves."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start, and return when requests are answered; `said` is what stands on the terminal."""
        store = {"PLAYGROUND_STORE": f"sqlite:///{self.store}"}
        command = [sys.executable, "-m", "app", "--no-browser", "--port", str(self._port)]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._root,
                env={**os.environ, **store, **self._variables},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        self.said = ""
        for line in self._process.stdout:
            self.said += line
            if "http://" in line:
                self.url = line.split()[-1]
                self._port = int(self.url.rsplit(":", 1)[1])
                return
        self._ended()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> int:
        """Ask the server to end, and return its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._ended()

    def kill(self) -> None:
        """End the server at once, in the midst of whatever it does."""
        assert self._process is not None
        self._process.kill()
        self._ended()

    def _ended(self) -> int:
        assert self._process is not None
        with self._process:
            return self._process.wait()


class Shipped:
    """The command of the Dockerfile, with its environment, on a free port of this computer.

    `variables` come above those of the Dockerfile; the store is one of them.
    """

    def __init__(self, folder: Path, variables: dict[str, str]) -> None:
        text = (environment.ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
        _, serve = map(json.loads, re.findall(r"\bCMD\s+(\[.*\])", text))
        # Only Linux has this folder, which is memory.
        serve = [word for word in serve if "/dev/shm" not in word or Path("/dev/shm").is_dir()]
        told = " ".join(re.findall(r"^\s*ENV\s+(.*)$", text, flags=re.MULTILINE))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"shipped-{self.port}.log"
        self._command = [sys.executable, "-m", *serve, f"--bind=127.0.0.1:{self.port}"]
        self._variables = {
            **os.environ,
            **dict(re.findall(r"([A-Z_]+)=(\S+)", told)),
            "WEB_CONCURRENCY": "1",
            **variables,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._process is None:
            self.begin()
        self.wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()

    def begin(self) -> None:
        """Start, and do not wait."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=environment.ROOT,
                env=self._variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Return when it answers; RuntimeError where it ends before."""
        assert self._process is not None
        while self._process.poll() is None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
            except OSError:
                time.sleep(0.05)
            else:
                return
            finally:
                connection.close()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> float:
        """Ask it to end, and return how many seconds that took."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.terminate()
        self._process.wait()
        return time.monotonic() - begun
