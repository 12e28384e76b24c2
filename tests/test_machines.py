"""Servers on two machines with one Redis: every request may go to either."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

import app
from app.config import Settings
from tests.redis_server import RedisServer
from tests.serving import Shipped

SPEC = {"batch_size": 10, "optimizer": {"name": "adam", "learning_rate": 0.03}}
Ask = Callable[[str, str, dict[str, Any] | None], tuple[int, Any, dict[str, str]]]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis"), persistent=True) as server:
        yield server


@pytest.fixture(scope="module")
def ask(redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks two servers in turn; the status, the answer and its headers."""
    variables = {"PLAYGROUND_STORE": redis.url}
    servers = [Shipped(tmp_path_factory.mktemp("machine"), variables) for _ in range(2)]
    for server in servers:
        server.begin()
    with servers[0], servers[1]:
        turns = cycle([server.url for server in servers])

        def ask(
            method: str, path: str, body: dict[str, Any] | None = None
        ) -> tuple[int, Any, dict[str, str]]:
            request = urllib.request.Request(
                next(turns) + path,
                None if body is None else json.dumps(body).encode(),
                {"Content-Type": "application/json"},
                method=method,
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return answer.status, json.loads(answer.read() or b"null"), dict(answer.headers)
            except urllib.error.HTTPError as refusal:
                with refusal:
                    return refusal.code, json.loads(refusal.read()), dict(refusal.headers)

        yield ask


def one_process(folder: Path) -> Ask:
    client = app.create_app(Settings(store=f"sqlite:///{folder / 'basin.db'}")).test_client()

    def ask(
        method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        answer = client.open(path, method=method, json=body)
        return answer.status_code, answer.get_json(silent=True), dict(answer.headers)

    return ask


def story(ask: Ask, pause: Callable[[], None] = lambda: None) -> list[Any]:
    """A training with all that moves an experiment; every answer, but for the ids."""
    told: list[Any] = []

    def tell(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        status, answer, _ = ask(method, path, body)
        assert status < 300, answer
        told.append({key: value for key, value in (answer or {}).items() if key != "id"})
        return answer

    at = f"/api/experiments/{tell('POST', '/api/experiments', SPEC)['id']}"
    for _ in range(6):
        tell("POST", f"{at}/steps", {"count": 30, "every": 10})
    tell("PATCH", at, {"optimizer": {"name": "momentum", "learning_rate": 0.1}})
    tell("POST", f"{at}/steps", {"count": 15, "every": 5})
    pause()
    tell("POST", f"{at}/rewind", {"step": 137})
    tell("PATCH", f"{at}/parameters", {"run": 0, "values": {"W1[0,0]": 1.5}})
    for _ in range(3):
        tell("POST", f"{at}/steps", {"count": 100, "every": 20})
    branch = f"/api/experiments/{tell('POST', f'{at}/branch', {'step': 200})['id']}"
    tell("POST", f"{branch}/steps", {"count": 20, "every": 20})
    for path in (at, branch):
        tell("GET", f"{path}/loss")
        for run in range(5):
            tell("GET", f"{path}/parameters?run={run}")
        tell("GET", f"{path}/parameters?step=150")
        tell("GET", f"{path}/surface?x=W1[0,0]&y=b1[0]&size=21")
        tell("GET", f"{path}/diagnostics")
    tell("DELETE", at)
    assert ask("GET", at, None)[0] == ask("GET", at, None)[0] == 404
    return told


def test_two_servers_that_answer_in_turn_are_one_process_to_the_last_bit(
    ask: Ask, tmp_path: Path
) -> None:
    assert story(ask) == story(one_process(tmp_path))


def test_a_redis_that_goes_and_comes_back_is_said_and_costs_nothing(
    ask: Ask, redis: RedisServer, tmp_path: Path
) -> None:
    def away() -> None:
        redis.kill()
        for method, path in (("GET", "/readyz"), ("POST", "/api/experiments")) * 2:
            body: dict[str, Any] | None = {} if method == "POST" else None
            status, answer, headers = ask(method, path, body)
            assert status == 503, path
            assert answer["errors"][0]["code"] == "store_unavailable"
            assert int(headers["Retry-After"]) >= 1
            assert headers["Content-Type"] == "application/problem+json"
            assert ask("GET", "/api/catalog", None)[0] == 200  # what needs no store goes on
        redis.start()
        assert ask("GET", "/readyz", None)[0] == ask("GET", "/readyz", None)[0] == 200

    assert story(ask, away) == story(one_process(tmp_path))


def test_of_two_servers_that_move_one_experiment_one_wins(ask: Ask) -> None:
    _, made, _ = ask("POST", "/api/experiments", {})
    at = f"/api/experiments/{made['id']}"
    first, _, _ = ask("POST", f"{at}/steps", {"count": 5, "version": 1})
    second, problem, _ = ask("POST", f"{at}/steps", {"count": 5, "version": 1})
    assert (first, second) == (200, 409)
    assert problem["errors"][0]["code"] == "stale_version"
    assert ask("GET", at, None)[1]["step"] == 5


def test_a_study_of_one_server_is_read_from_the_other(ask: Ask) -> None:
    body = {"spec": {}, "seeds": {"count": 3}, "steps": 20}
    status, made, _ = ask("POST", "/api/studies", body)
    assert status == 202
    at = f"/api/studies/{made['id']}"
    for _ in range(600):
        one, other = ask("GET", at, None)[1], ask("GET", at, None)[1]
        if one["status"] == other["status"] == "done":
            break
        time.sleep(0.05)
    assert one == other
    assert one["status"] == other["status"] == "done"
    assert ask("DELETE", at, None)[0] == 204
    assert ask("GET", at, None)[0] == 404
