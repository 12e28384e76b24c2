"""Basin as its users start it, on a port and a store of its own."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app import environment


class Client:
    """One kept connection to a server, speaking JSON; `pid` is its process."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self.pid = pid
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"))

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer to a request; RuntimeError for anything but success."""
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, text, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        answer = response.read()
        if response.status == 204:
            return None
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status} {answer.decode()}")
        return json.loads(answer)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def served(more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Client]:
    """A client of a server, with `more` settings, that runs for as long as the context."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "PLAYGROUND_STORE": f"sqlite:///{Path(folder) / 'basin.db'}",
            environment.THIS_PYTHON: "1",
            **more,
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "app", "--port", "0", "--no-browser"],
            cwd=environment.ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            first = server.stdout.readline().split()
            if not first:
                raise RuntimeError("the server did not start")
            client = Client(first[-1], server.pid)
            yield client
            client.close()
        finally:
            server.terminate()
            server.communicate()
