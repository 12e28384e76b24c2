"""Basin in this process, and short words for its calls.

Every answer is read by a strict parser, so that a NaN in any of them fails the test that met it,
and is checked against the schema that the OpenAPI document has for it.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from app.config import Settings
from app.lab.service import ExperimentService
from app.lab.spec.limits import limits
from app.lab.study.service import open_studies
from app.store import open_store
from app.web.application import build
from tests.lab.conformance import conforms


class Client:
    """Asks an application, and insists on the status that a test expects."""

    def __init__(self, application: Flask) -> None:
        self.application = application

    def ask(self, method: str, path: str, status: int = 200, **request: Any) -> Any:
        """The answer's JSON, or None without a body."""
        client = self.application.test_client()
        with client.open(path, method=method, **request) as response:
            text = response.get_data(as_text=True)
            assert response.status_code == status, text[:2000]
        answer = strict(text) if text else None
        if status in (200, 201, 202):
            conforms(self.application, method, path, status, answer)
        return answer

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self.ask("GET", path, status, query_string=query)

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        return self.ask("POST", path, status, json=body)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return self.ask("PATCH", path, status, json=body)

    def create(self, spec: Mapping[str, Any] | None = None, **fields: Any) -> "Experiment":
        """A new experiment, from a spec or its fields."""
        summary = self.post("/api/experiments", {**(spec or {}), **fields}, 201)
        return Experiment(self, summary["id"])


class Experiment:
    """One experiment of a client."""

    def __init__(self, client: Client, id: str) -> None:
        self.client = client
        self.id = id
        self.url = f"/api/experiments/{id}"

    def on(self, client: Client) -> "Experiment":
        """The same experiment, asked for at another server."""
        return Experiment(client, self.id)

    def summary(self) -> Any:
        return self.client.get(self.url)

    def train(self, count: int, status: int = 200, **more: Any) -> Any:
        return self.client.post(f"{self.url}/steps", {"count": count, **more}, status)

    def rewind(self, step: int, status: int = 200, **more: Any) -> Any:
        return self.client.post(f"{self.url}/rewind", {"step": step, **more}, status)

    def change_rate(self, rate: float, run: int | None = None, **more: Any) -> Any:
        optimizer = {"name": "gradient_descent", "learning_rate": rate}
        return self.change(run, optimizer=optimizer, **more)

    def change(self, run: int | None = None, **choices: Any) -> Any:
        """Other choices from the present step on, for one run or for all."""
        return self.client.patch(self.url, {"run": run, **choices})

    def set(self, run: int = 0, **changes: Any) -> Any:
        """Parameters by hand: W, b or values."""
        return self.client.patch(f"{self.url}/parameters", {"run": run, **changes})

    def read(self, what: str, status: int = 200, **query: Any) -> Any:
        return self.client.get(f"{self.url}/{what}", status, **query)

    def loss(self, points: int = 20_000) -> Any:
        return self.read("loss", points=points)

    def parameters(self, run: int = 0, step: int | None = None) -> tuple[Any, Any]:
        """W and b of every layer, now or at an earlier step."""
        query = {"run": run} if step is None else {"run": run, "step": step}
        answer = self.read("parameters", **query)
        return answer["W"], answer["b"]


@contextmanager
def serving(
    folder: Path, clock: Callable[[], float] = time.time, *, alone: bool = False, **settings: Any
) -> Iterator[Client]:
    """Basin with its store in a folder; what it held before is still there.

    `alone` every experiment works out all of its steps, whatever others have come to.
    """
    chosen = Settings(store=f"sqlite:///{folder / 'basin.db'}", **settings)
    with closing(open_store(chosen.store, lifetime=chosen.lifetime, clock=clock)) as store:
        most = limits(chosen.limits)
        experiments = ExperimentService(store, chosen.queue_timeout_seconds, most)
        if alone:
            experiments._repository._known = None
        studies = open_studies(store, experiments.computing, chosen, most)
        studies.resume()
        application = build(experiments, studies, chosen)
        application.testing = True
        with closing(studies):
            yield Client(application)


def strict(text: str) -> Any:
    """JSON as the standard has it; ValueError for NaN and infinities."""
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
