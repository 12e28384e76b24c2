"""The real server in a process of its own, for tests that want one (and some that kill it)."""

import os
import subprocess
import sys
from pathlib import Path

from app import environment


class Server:
    """`python -m app` on a free port of this computer, with its store in `folder`.

    A server that was stopped or killed starts again on its old port, with the same store.
    """

    def __init__(self, folder: Path) -> None:
        self.log = folder / "server.log"
        self.store = folder / "basin.db"
        self.url = ""
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and return when requests are answered."""
        variables = {
            **os.environ,
            environment.THIS_PYTHON: "1",
            "PLAYGROUND_STORE": f"sqlite:///{self.store}",
        }
        command = [sys.executable, "-m", "app", "--no-browser", "--port", str(self._port)]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command,
                cwd=environment.ROOT,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "http://" not in line:
            self.kill()
            raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
        self.url = line.split()[-1]
        self._port = int(self.url.rsplit(":", 1)[1])

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
