"""Several large bodies at once."""

import json
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

import app
from app.config import Settings
from app.web import bodies


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(bodies, "WAIT_SECONDS", 0.05)
    return app.create_app(Settings(store=f"sqlite:///{tmp_path / 'basin.db'}"))


def test_few_large_bodies_are_read_at_a_time_and_small_ones_never_wait(
    application: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = b'{"x": "' + b" " * bodies.LARGE + b'"}'
    inside, most = [0], [0]
    read = application.json.loads

    def slowly(text: bytes, **options: object) -> object:
        if len(text) > bodies.LARGE:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.5)
            inside[0] -= 1
        return read(text, **options)

    monkeypatch.setattr(application.json, "loads", slowly)
    statuses: Counter[int] = Counter()

    def send() -> None:
        with application.test_client() as client:
            answer = client.post("/api/experiments", data=large, content_type="application/json")
        assert answer.mimetype == "application/problem+json"
        statuses[answer.status_code] += 1
        if answer.status_code == 429:
            assert answer.headers["Retry-After"] == "2"

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    start = time.monotonic()
    assert application.test_client().post("/api/experiments", json={}).status_code == 201
    for thread in threads:
        thread.join()
    assert most[0] == bodies.TOGETHER
    assert statuses == {422: 2, 429: 6}, json.dumps(statuses)
    assert time.monotonic() - start < 10.0
    send()
    assert statuses[422] == 3, "their room is free again"
