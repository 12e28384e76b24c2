"""Servers on two machines with one Redis, and nginx before them: the parts of compose.yaml.

Every request may go to either. No Docker is asked for: the parts are started by hand, with the
files that compose.yaml starts them with.
"""

import json
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

import app
from app.config import Settings
from tests.nginx import Nginx
from tests.redis_server import RedisServer
from tests.serving import Shipped

SPEC = {"batch_size": 10, "optimizer": {"name": "adam", "learning_rate": 0.03}}
Ask = Callable[[str, str, dict[str, Any] | None], tuple[int, Any, dict[str, str]]]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis"), persistent=True) as server:
        yield server


@pytest.fixture(scope="module")
def servers(
    redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Shipped, Shipped]]:
    variables = {"PLAYGROUND_STORE": redis.url, "PLAYGROUND_PROXIES": "1"}
    one, other = (Shipped(tmp_path_factory.mktemp("machine"), variables) for _ in range(2))
    one.begin()
    other.begin()
    with one, other:
        yield one, other


def asking(*urls: str) -> Ask:
    """Asks servers in turn; the status, the answer and its headers."""
    turns = cycle(urls)

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
                text = answer.read()
                is_json = "json" in answer.headers["Content-Type"] if text else False
                return answer.status, json.loads(text) if is_json else text, dict(answer.headers)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.loads(refusal.read()), dict(refusal.headers)

    return ask


@pytest.fixture
def ask(servers: tuple[Shipped, Shipped]) -> Ask:
    return asking(*(server.url for server in servers))


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
        told.append({key: value for key, value in dict(answer or {}).items() if key != "id"})
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


def test_a_redis_without_room_is_said_and_can_be_cleared(ask: Ask, redis: RedisServer) -> None:
    made = [ask("POST", "/api/experiments", {})[1]["id"] for _ in range(2)]
    with redis.client() as client:
        client.config_set("maxmemory", client.info("memory")["used_memory"] - 10_000)
        try:
            at = f"/api/experiments/{made[0]}"
            for method, path, body in (
                ("GET", "/readyz", None),
                ("POST", "/api/experiments", {}),
                ("POST", f"{at}/steps", {"count": 5}),
            ):
                status, problem, headers = ask(method, path, body)
                assert (status, problem["errors"][0]["code"]) == (503, "store_full")
                assert int(headers["Retry-After"]) > 1
            assert ask("GET", at, None)[0] == ask("GET", f"{at}/loss", None)[0] == 200
            assert ask("DELETE", f"/api/experiments/{made[1]}", None)[0] == 204
        finally:
            client.config_set("maxmemory", 0)
    assert ask("POST", f"{at}/steps", {"count": 5})[0] == 200


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


@pytest.fixture(scope="module")
def nginx(
    servers: tuple[Shipped, Shipped], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nginx]:
    with Nginx(tmp_path_factory.mktemp("nginx"), (servers[0].port, servers[1].port)) as proxy:
        yield proxy


def test_the_same_through_nginx(nginx: Nginx, tmp_path: Path) -> None:
    assert story(asking(nginx.url)) == story(one_process(tmp_path))


def test_in_a_folder_of_a_host_behind_nginx(
    servers: tuple[Shipped, Shipped], tmp_path: Path
) -> None:
    with Nginx(tmp_path, (servers[0].port, servers[1].port), below="/lab/basin") as nginx:
        ask = asking(nginx.url)
        page = ask("GET", "/lab/basin/", None)[1].decode()
        links = set(re.findall(r'(?:href|src)="([^"#]+)"', page))
        assert len(links) > 50
        for link in links:
            assert ask("GET", urljoin("/lab/basin/", link), None)[0] == 200, link
        document = ask("GET", "/lab/basin/openapi/openapi.json", None)[1]
        assert document["servers"] == [{"url": "/lab/basin"}]
        assert ask("POST", "/lab/basin/api/experiments", {})[0] == 201


def test_silent_clients_of_nginx_are_let_go_of_and_the_others_served(nginx: Nginx) -> None:
    half = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half:"
    body = (
        b"POST /api/experiments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        b"Content-Type: application/json\r\n\r\n{"
    )
    ask = asking(nginx.url)
    with ExitStack() as open_ones:
        silent = []
        for sent in [half, body] * 32:
            connection = socket.create_connection(("127.0.0.1", nginx.port), timeout=60)
            open_ones.enter_context(closing(connection))
            connection.sendall(sent)
            silent.append(connection)
        at = f"/api/experiments/{ask('POST', '/api/experiments', {})[1]['id']}"
        for _ in range(10):
            assert ask("POST", f"{at}/steps", {"count": 10})[0] == 200
        for connection in silent:
            with suppress(ConnectionResetError):
                assert connection.recv(1) == b""


def test_what_nginx_refuses_is_a_problem_too(nginx: Nginx) -> None:
    for head, status in (
        (b"GET /" + b"x" * 17_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 17_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421),
        (b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 405),
        (b"GET /-/away HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ):
        with closing(socket.create_connection(("127.0.0.1", nginx.port), timeout=60)) as client:
            client.sendall(head)
            answer = b""
            with suppress(ConnectionResetError):  # as not all that was sent has been read
                while piece := client.recv(65536):
                    answer += piece
        assert f" {status} ".encode() in answer.split(b"\r\n")[0]
        assert b"application/problem+json" in answer
        assert json.loads(answer.split(b"\r\n\r\n")[1])["status"] == status


def test_a_server_that_dies_is_passed_over_and_none_is_said(
    servers: tuple[Shipped, Shipped], tmp_path: Path
) -> None:
    """The last test here: it ends the servers."""
    with Nginx(tmp_path, (servers[0].port, servers[1].port)) as nginx:
        ask = asking(nginx.url)
        at = f"/api/experiments/{ask('POST', '/api/experiments', {})[1]['id']}"
        assert servers[0].stop() < 20
        for _ in range(6):
            assert ask("POST", f"{at}/steps", {"count": 5})[0] == 200
        servers[1].stop()
        status, problem, headers = ask("GET", at, None)
        assert (status, problem["title"]) == (503, "Basin is not reached")
        assert "errors" not in problem  # which the page takes for a server that is not reached
        assert headers["Retry-After"] == "2"
