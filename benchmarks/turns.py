"""Training while landscapes are drawn all the time, beside training alone."""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.lab.analysis.training_block import ViewRequests
from app.lab.experiment.events import NewExperiment
from app.lab.landscape.plane import PlaneRequest
from app.lab.landscape.surface import Picture
from app.lab.service import ExperimentService
from app.store import open_store
from benchmarks.claim import Claim, span

SPEC: dict[str, Any] = {
    "layers": [{"units": 8, "activation": "tanh"}] * 6 + [{"units": 1, "activation": "sigmoid"}]
}
STEPS, BLOCKS, ROUNDS = 5, 30, 10


def measure() -> Iterator[Claim]:
    """The claim that training waits for one block of a picture, and not for the picture."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'basin.db'}", lifetime=timedelta(days=1))
        service = ExperimentService(store)
        new = NewExperiment.model_validate(SPEC)
        trained, drawn = (service.create(new)["id"] for _ in range(2))
        alone: list[float] = []
        beside: list[float] = []
        _train(service, trained)
        for _ in range(ROUNDS):
            alone += _train(service, trained)
            done = threading.Event()
            painter = threading.Thread(target=_draw, args=(service, drawn, done))
            painter.start()
            beside += _train(service, trained)
            done.set()
            painter.join()
        pictures = [_picture(service, drawn) for _ in range(9)]
        store.close()
    waits = statistics.median(beside) - statistics.median(alone)
    picture = statistics.median(pictures)
    yield Claim(
        f"{STEPS} steps of five runs of [2,8×6,1] wait for a picture that is being drawn",
        100.0 * max(waits, 0.0) / picture,
        "% of it",
        f"{span(statistics.median(beside))}, alone {span(statistics.median(alone))}",
        f"a picture takes {span(picture)}",
        at_most=10,
    )


def _train(service: ExperimentService, id: str) -> list[float]:
    seconds = []
    for _ in range(BLOCKS):
        start = time.perf_counter()
        service.train(id, STEPS, STEPS, ViewRequests(), None, None)
        seconds.append(time.perf_counter() - start)
    return seconds


def _draw(service: ExperimentService, id: str, done: threading.Event) -> None:
    while not done.is_set():
        _picture(service, id)


def _picture(service: ExperimentService, id: str) -> float:
    start = time.perf_counter()
    service.surface(id, PlaneRequest(plane="random"), Picture(61))
    return time.perf_counter() - start
