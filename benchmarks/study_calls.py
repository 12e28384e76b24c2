"""Studies as the page asks for them: over HTTP, followed until they are done."""

import time
from typing import Any

from benchmarks.serving import Client

OFTEN = 0.05
"""Seconds between two looks at a study."""


def opening(client: Client) -> Any:
    """The spec of the opening experiment."""
    presets = client.ask("GET", "/api/catalog?lang=en")["presets"]
    return next(preset["spec"] for preset in presets if preset["name"] == "opening")


def study(client: Client, request: Any, often: float = OFTEN) -> tuple[Any, float]:
    """The last answer about a study, and the seconds from the request to that answer.

    RuntimeError for a study that is not trained to its end.
    """
    begun = time.perf_counter()
    answer = client.ask("POST", "/api/studies", request)
    where = f"/api/studies/{answer['id']}"
    while answer["status"] in ("queued", "running"):
        time.sleep(often)
        answer = client.ask("GET", where)
    seconds = time.perf_counter() - begun
    if answer["status"] != "done" or answer["failures"]:
        raise RuntimeError(f"the study is {answer['status']}: {answer['failures']}")
    return answer, seconds


def forget(client: Client, answer: Any) -> None:
    """Delete a study."""
    client.ask("DELETE", f"/api/studies/{answer['id']}")
