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
from app.data.types import MOST_SAMPLES
from app.lab.spec.ranges import HIDDEN_LAYERS, RUNS, UNITS
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
    assert time.monotonic() - start < 30.0
    send()
    assert statuses[422] == 3, "their room is free again"


@pytest.mark.parametrize(
    ("body", "lists"),
    [
        (b'{"x": [[], {}]}', 4),
        (b'{"x": "' + b"[" * bodies.MOST_LISTS + b'"}', 1),
        (b'{"x": "\\\\", "y": "\\"' + b"{" * bodies.MOST_LISTS + b'", "z": []}', 2),
        (b"{}" * (bodies.MOST_LISTS + 1), bodies.MOST_LISTS + 1),
    ],
    ids=["few", "in a text", "behind marks", "many"],
)
def test_lists_of_a_body_are_counted_without_those_of_its_texts(body: bytes, lists: int) -> None:
    assert bodies.count_lists(body) == lists


@pytest.mark.parametrize("begins", [b"[", b'{"a":', b'[""'])
def test_many_lists_that_are_not_closed_are_no_json(begins: bytes) -> None:
    with pytest.raises(ValueError, match="closed"):
        bodies.count_lists(begins * (2 * bodies.MOST_LISTS))


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": {"name": "custom", "inputs": [' + b"[]," * bodies.MOST_LISTS + b"[]]}}",
        b'{"runs": [{"parameters": {"W": [' + b"{}," * bodies.MOST_LISTS + b"{}]}}]}",
    ],
)
def test_a_body_of_too_many_lists_is_refused_before_it_is_parsed(
    application: Flask, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    def loads(text: bytes, **options: object) -> object:
        raise AssertionError

    monkeypatch.setattr(application.json, "loads", loads)
    with application.test_client() as client:
        answer = client.post("/api/experiments", data=body, content_type="application/json")
    assert answer.status_code == 422
    (error,) = json.loads(answer.get_data())["errors"]
    assert (error["pointer"], error["code"]) == ("", "too_much_work")
    assert error["allowed"] == {"maximum": bodies.MOST_LISTS}


def test_the_largest_data_and_parameters_are_far_below_the_most_lists() -> None:
    rows = MOST_SAMPLES + RUNS.maximum * (HIDDEN_LAYERS.maximum + 1) * UNITS.maximum
    assert 2 * rows < bodies.MOST_LISTS


@pytest.mark.parametrize("inside", [b'\\"', b'"a', b"\\\\", b"a"])
def test_a_text_that_is_not_closed_is_looked_at_once(inside: bytes) -> None:
    """Else its quotes are tried one by one, each to the end of the body."""
    body = b"[" * (bodies.MOST_LISTS + 1) + b'"' + inside * 10_000
    assert b"[" not in bodies._TEXTS.sub(b"", body[bodies.MOST_LISTS + 1 :])
    ends = [found.end() for found in bodies._TEXTS.finditer(body)]
    assert ends[-1] == len(body)
    with pytest.raises(ValueError, match="not every bracket is closed"):
        bodies.count_lists(body)
