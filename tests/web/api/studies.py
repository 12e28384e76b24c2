"""Studies over HTTP, for tests."""

import base64
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.lab.client import Client

PATIENCE = 600.0
"""Seconds after which a study of a test has certainly hung."""


class Study:
    """One study of a client."""

    def __init__(self, client: Client, id: str) -> None:
        self.client = client
        self.id = id
        self.url = f"/api/studies/{id}"

    def on(self, client: Client) -> "Study":
        """The same study, asked for at another server."""
        return Study(client, self.id)

    def read(self, **query: Any) -> Any:
        return self.client.get(self.url, **query)

    def until(self, ready: Callable[[Any], bool]) -> Any:
        """The first answer that is ready."""
        deadline = time.monotonic() + PATIENCE
        while not ready(answer := self.read()):
            assert time.monotonic() < deadline, answer
            time.sleep(0.02)
        return answer

    def done(self) -> Any:
        """The answer once nothing more is trained."""
        return self.until(lambda answer: answer["status"] not in ("queued", "running"))

    def csv(self, **query: Any) -> str:
        with self.client.application.test_client().get(
            f"{self.url}/runs.csv", query_string=query
        ) as answer:
            assert answer.status_code == 200
            return answer.get_data(as_text=True)

    def experiment(self, **query: Any) -> Any:
        """The spec of the experiment of one seed."""
        return self.client.get(f"{self.url}/experiment", **query)


def create(client: Client, spec: Any = None, **asked: Any) -> Study:
    """A new study."""
    answer = client.post("/api/studies", {"spec": spec or {}, **asked}, 202)
    return Study(client, answer["id"])


def numbers(by_seed: Any) -> NDArray[np.float64]:
    """Numbers by seed, however they were sent; NaN for null."""
    if isinstance(by_seed, dict):
        assert by_seed["dtype"] == "f8"
        return np.frombuffer(base64.b64decode(by_seed["bdata"]), dtype="<f8")
    return np.array([np.nan if each is None else each for each in by_seed])
