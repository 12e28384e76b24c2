"""Who waits for whom: long blocks give way, and landscapes that wait hold few threads."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.lab.service import ExperimentService
from app.lab.spec.limits import limits
from app.lab.study.service import open_studies
from app.store import open_store
from app.web.application import Application, build
from tests.lab.client import Client


@pytest.fixture
def parts(tmp_path: Path) -> Any:
    """An application, and the service that it answers with."""
    settings = Settings(store=f"sqlite:///{tmp_path / 'basin.db'}")
    store = open_store(settings.store, lifetime=settings.lifetime)
    service = ExperimentService(store, 20.0, limits({}))
    yield build(service, open_studies(store, service.computing, settings), settings), service
    store.close()


def test_a_click_need_not_wait_for_the_end_of_a_long_block(
    parts: tuple[Application, ExperimentService],
) -> None:
    application, _ = parts
    basin = Client(application)
    heavy, other = basin.create(), basin.create()
    alone = basin.create()
    ended: list[str] = []

    def train() -> None:
        heavy.train(10_000, every=10_000)
        ended.append("block")

    thread = threading.Thread(target=train)
    thread.start()
    time.sleep(0.1)  # it computes
    for _ in range(3):
        other.train(1)
        ended.append("click")
    thread.join()
    assert ended == ["click", "click", "click", "block"]
    alone.train(10_000, every=10_000)
    assert heavy.parameters() == alone.parameters()  # to the last bit


def test_landscapes_that_wait_are_few_and_the_others_are_told_when_to_ask(
    parts: tuple[Application, ExperimentService],
) -> None:
    application, service = parts
    experiments = [Client(application).create() for _ in range(6)]
    answers: list[tuple[int, str | None]] = []

    def draw(url: str) -> None:
        with application.test_client().get(f"{url}/surface?size=5") as answer:
            answers.append((answer.status_code, answer.headers.get("Retry-After")))

    threads = [threading.Thread(target=draw, args=(one.url,)) for one in experiments]
    with service._drawing.lock():
        for started, one in enumerate(threads, start=1):
            one.start()
            end = time.monotonic() + 60.0
            while service._drawing.waiting + len(answers) < started:
                assert time.monotonic() < end
                time.sleep(0.001)
        assert answers == [(429, "1")] * 3
        experiments[0].train(1)  # which needs none of them to end
    for one in threads:
        one.join()
    assert sorted(answers) == [(200, None)] * 3 + [(429, "1")] * 3
