"""Slow and silent clients: what they cost, and how soon they are let go of."""

import gc
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from waitress.adjustments import Adjustments
from waitress.server import BaseWSGIServer

from app.web import server as serving
from app.web.server import Server, Threads
from tests.serving import Server as App
from tests.serving import Shipped

HALF_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half:"
HALF_BODY = (
    b"POST /api/experiments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n{"
)
CHUNKED = (
    b"POST /api/experiments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"transfer-encoding: chunked\r\n"
)
GET = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
MEGABYTE = 1 << 20


def plain(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
    """An application that answers as many megabytes as its path says."""
    size = int(str(environ["PATH_INFO"]).strip("/") or 0) * MEGABYTE
    start("200 OK", [("Content-Length", str(size))])
    return [bytes(size)]


@contextmanager
def running(application: Any = plain, **options: float) -> Iterator[int]:
    """The port of a server in this process, with two threads."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()
    server = Server(application, [listener], threads=2, **{"body_bytes": 1000, **options})  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve, args=(over.is_set,))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        server.close()


@pytest.fixture
def patient_for_tenths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers are patient for tenths of seconds."""
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(serving, "STALL_SECONDS", 0.3)
    monkeypatch.setattr(serving, "_BEAT", 0.05)


@pytest.fixture
def port(patient_for_tenths: None) -> Iterator[int]:
    """The port of one that is patient for tenths of seconds."""
    with running(idle_seconds=0.5) as port:
        yield port


def connect(port: int, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(sent)
    return connection


def rest(connection: socket.socket) -> bytes:
    """All that still comes, until the server closes."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def take_answer(connection: socket.socket) -> None:
    """Read one answer without a body."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(65536)
        assert piece, "closed before it was answered"
        found += piece
    assert found.startswith(b"HTTP/1.1 200 OK")


def status(port: int, path: bytes = b"") -> bytes:
    with closing(connect(port, GET % path)) as connection:
        return connection.recv(15)


@pytest.mark.parametrize("sent", [HALF_HEAD, HALF_BODY, b"G"])
def test_half_a_request_is_answered_408_in_time(port: int, sent: bytes) -> None:
    with closing(connect(port, sent)) as connection:
        head, body = rest(connection).split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["errors"][0]["code"] == "too_slow"


def test_a_request_that_trickles_has_no_more_time_than_one_that_stops(port: int) -> None:
    begun = time.monotonic()
    with closing(connect(port, HALF_HEAD)) as connection:
        try:
            while time.monotonic() - begun < 30:
                connection.sendall(b"x")
                time.sleep(0.05)
        except OSError:
            pass
    assert time.monotonic() - begun < 20


def test_a_body_that_came_fast_and_stops_has_no_more_time(patient_for_tenths: None) -> None:
    head = HALF_BODY.replace(b"1000", b"900000")
    with (
        running(idle_seconds=9, body_bytes=MEGABYTE) as port,
        closing(connect(port, head + bytes(800_000))) as connection,
    ):
        begun = time.monotonic()
        assert rest(connection).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - begun < 50  # at 8 kB a second it would be a hundred


def test_half_bodies_take_no_more_memory_than_all_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_BEAT", 0.05)
    monkeypatch.setattr(serving, "BODIES_BYTES", 500_000)
    head = HALF_BODY.replace(b"1000", b"900000")
    with running(idle_seconds=9, body_bytes=MEGABYTE) as port, ExitStack() as open_:
        small, large = (
            open_.enter_context(closing(connect(port, head + bytes(size))))
            for size in (200_000, 400_000)
        )
        assert rest(large).startswith(b"HTTP/1.1 408 ")
        small.setblocking(False)
        with pytest.raises(BlockingIOError):
            small.recv(1)


def test_a_connection_without_a_request_is_closed(port: int) -> None:
    with closing(connect(port, b"")) as silent, closing(connect(port, GET % b"")) as answered:
        assert rest(silent) == b""
        assert rest(answered).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("times", [1, 3])
def test_a_client_that_does_not_read_is_let_go_of(port: int, times: int) -> None:
    with closing(connect(port, (GET % b"20") * times)) as connection:
        time.sleep(1.5)
        assert len(rest(connection)) < 20 * MEGABYTE
    assert status(port) == b"HTTP/1.1 200 OK"


def test_a_client_that_reads_slowly_gets_all(port: int) -> None:
    with closing(connect(port, b"GET /6 HTTP/1.0\r\n\r\n")) as connection:
        found = 0
        while piece := connection.recv(150_000):
            found += len(piece)
            time.sleep(0.01)
    assert found > 6 * MEGABYTE


def test_answers_that_follow_each_other_are_not_taken_for_one_that_stalls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is seen on its way, none is slow; so it is with a page that asks again and again."""
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        listener = SimpleNamespace(active_channels={})
        channel = serving.Channel(listener, ours, ("", 0), Adjustments(), map={})
        closed: list[bool] = []
        monkeypatch.setattr(channel, "handle_close", lambda: closed.append(True))
        for second in range(20):
            channel.total_outbufs_len = 4000
            channel.tidy(float(second), idle_seconds=30.0)
            for _ in range(40):
                channel.send(bytes(1000))
                theirs.recv(1000)
        assert closed == []
        for second in range(20, 22 + 2 * int(serving.STALL_SECONDS)):
            channel.tidy(float(second), idle_seconds=30.0)
        assert closed != []


def test_bodies_that_follow_each_other_are_not_taken_for_one_that_stalls() -> None:
    """Each is seen on its way, the next one has come less far; so does who uploads many."""
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        listener = SimpleNamespace(active_channels={}, add_task=lambda task: None)
        adjustments = Adjustments(max_request_body_size=10 * MEGABYTE)
        channel = serving.Channel(listener, ours, ("", 0), adjustments, map={})
        head = HALF_BODY.removesuffix(b"{").replace(b"1000", b"900000")
        for second in range(20):
            left = 890_000 - 40_000 * second
            channel.received(head + bytes(left))
            channel.tidy(float(second), idle_seconds=30.0)
            assert channel.request is not None, second
            channel.received(bytes(900_000 - left))  # the rest of it, and it is complete
            for request in channel.requests:
                request.close()
            channel.requests = []
        channel.received(head + bytes(100))
        for second in range(20, 22 + 2 * int(serving.STALL_SECONDS)):
            channel.tidy(float(second), idle_seconds=30.0)
        assert channel.close_when_flushed


def test_silent_clients_hold_no_thread(port: int) -> None:
    with ExitStack() as open_ones:
        for sent in [HALF_HEAD, HALF_BODY, GET % b"20"] * 20:
            open_ones.enter_context(closing(connect(port, sent)))
        assert status(port) == b"HTTP/1.1 200 OK"


def test_where_there_are_many_connections_those_without_a_request_make_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "_BEAT", 0.05)
    with running(connections=20) as port, ExitStack() as open_ones:
        for _ in range(40):
            open_ones.enter_context(closing(connect(port, b"")))
        assert status(port) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"GET /" + b"x" * 70_000, 414),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 2000\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (CHUNKED + b"\r\n", 411),
        (CHUNKED + b"Expect: 100-continue\r\n\r\n1\r\n{\r\n" * 100, 411),
        (CHUNKED + b"\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n", 411),
        (CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n\r\n{    ", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{    ", 400),
        (CHUNKED.replace(b"1.1", b"1.0") + b"\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET /\r\n\r\n", 505),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (b"GET http://[::1/api/catalog HTTP/1.1\r\n\r\n", 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
    ],
)
def test_what_never_reaches_the_application_is_a_problem_too(
    port: int, sent: bytes, code: int
) -> None:
    with closing(connect(port, sent)) as connection:
        head, body = rest(connection).split(b"\r\n\r\n")  # one answer, and it closes
    assert head.startswith((f"HTTP/1.0 {code} ".encode(), f"HTTP/1.1 {code} ".encode()))
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == code


def test_a_learner_goes_on_beside_silent_clients_and_a_stop_takes_no_longer(
    tmp_path: Path,
) -> None:
    """`python -m app`, and where there is gunicorn the command of the image, at the same time."""
    with ExitStack() as cleanup:
        servers: list[App | Shipped] = [cleanup.enter_context(App(tmp_path))]
        if sys.platform != "win32":
            store = {"PLAYGROUND_STORE": f"sqlite:///{tmp_path / 'image.db'}"}
            servers.append(cleanup.enter_context(Shipped(tmp_path, store)))
        ports = [urlsplit(server.url).port or 0 for server in servers]
        slow = [HALF_HEAD, HALF_BODY] * 32 + [(GET % b"openapi/openapi.json") * 9] * 8
        silent = [
            cleanup.enter_context(closing(connect(port, sent))) for port in ports for sent in slow
        ]
        waits: list[float] = []
        until = time.monotonic() + serving.HEAD_SECONDS + 2
        while time.monotonic() < until:
            for port in ports:
                begun = time.monotonic()
                assert status(port, b"api/catalog") == b"HTTP/1.1 200 OK"
                waits.append(time.monotonic() - begun)
            time.sleep(0.2)
        assert sorted(waits)[len(waits) // 2] < 2.0
        for first in range(0, len(silent), len(slow)):
            for one in silent[first : first + 64]:
                assert rest(one).startswith(b"HTTP/1.1 408 ")
        for port in ports:
            for sent in [HALF_HEAD, HALF_BODY, b"", GET % b"openapi/openapi.json"] * 4:
                cleanup.enter_context(closing(connect(port, sent)))
        begun = time.monotonic()
        with ThreadPoolExecutor() as threads:
            list(threads.map(lambda server: server.stop(), servers))
        assert time.monotonic() - begun < 20  # to wait for the silent ones has no end


def test_a_server_that_is_woken_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_BEAT", 60.0)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        over, server = threading.Event(), Server(plain, [listener], threads=1)
        thread = threading.Thread(target=server.serve, args=(over.is_set,))
        thread.start()
        time.sleep(0.1)  # it waits for something to read
        over.set()
        server.wake()
        thread.join(timeout=50)
        assert not thread.is_alive()
        server.close()


# -- the threads


def test_the_thread_that_worked_last_works_next() -> None:
    threads, names = Threads(), []
    threads.set_thread_count(4)

    class Task:
        def __init__(self) -> None:
            self.done = threading.Event()

        def service(self) -> None:
            names.append(threading.current_thread().name)
            self.done.set()

    try:
        for _ in range(20):
            task = Task()
            while threads.active_count:  # all of them wait
                time.sleep(0.001)
            threads.add_task(task)
            assert task.done.wait(60)
        assert len(set(names)) == 1
    finally:
        threads.shutdown(timeout=60)
    assert not threads.threads


def test_all_threads_work_where_there_is_enough_to_do() -> None:
    threads, together = Threads(), threading.Barrier(5)
    threads.set_thread_count(4)

    class Task:
        def service(self) -> None:
            together.wait(timeout=60)

    for _ in range(4):
        threads.add_task(Task())
    together.wait(timeout=60)  # all four and this one
    assert threads.shutdown(timeout=60)
    assert not threads.threads


def test_a_task_that_fails_does_not_cost_a_thread(caplog: pytest.LogCaptureFixture) -> None:
    threads, done = Threads(), threading.Event()
    threads.set_thread_count(1)

    class Task:
        def __init__(self, work: Callable[[], Any]) -> None:
            self.service = work

    threads.add_task(Task(lambda: 1 / 0))
    threads.add_task(Task(done.set))
    assert done.wait(60)
    assert "Exception when servicing" in caplog.text
    threads.shutdown(timeout=60)


def test_a_client_that_hangs_up_is_noticed_while_its_request_is_answered() -> None:
    told: list[bool] = []
    began, hung_up, over = threading.Event(), threading.Event(), threading.Event()

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        told.append(environ["waitress.client_disconnected"]())
        began.set()
        hung_up.wait(60)
        end = time.monotonic() + 60.0
        while not environ["waitress.client_disconnected"]() and time.monotonic() < end:
            time.sleep(0.01)
        told.append(environ["waitress.client_disconnected"]())
        over.set()
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()
        server = serving.Server(application, [listener], threads=1)
        loop = threading.Thread(target=server.serve, args=(stop.is_set,))
        loop.start()
        client = connect(listener.getsockname()[1], b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert began.wait(60)
        client.close()
        hung_up.set()
        assert over.wait(120)
        stop.set()
        server.wake()
        loop.join()
        server.close()
    assert told == [False, True]


def test_a_second_has_one_beat_however_many_requests() -> None:
    """Each beat is a change of a file: of a busy server more than some of its answers."""
    beats: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()
        server = serving.Server(lambda *_: [], [listener], threads=1)
        loop = threading.Thread(
            target=server.serve, args=(over.is_set, lambda: beats.append(time.monotonic()))
        )
        loop.start()
        for _ in range(50):
            server.wake()
            time.sleep(0.05)
        over.set()
        server.wake()
        loop.join()
        server.close()
    assert 2 <= len(beats) <= 1 + (beats[-1] - beats[0]) / serving._BEAT


def test_connections_without_a_request_are_not_asked_what_they_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[None] = []
    readable = serving.Channel.readable

    def counting(self: serving.Channel) -> bool:
        asked.append(None)
        return bool(readable(self))

    monkeypatch.setattr(serving.Channel, "readable", counting)
    with running() as port, ExitStack() as open_:
        idle = [open_.enter_context(closing(connect(port, GET % b""))) for _ in range(60)]
        busy = open_.enter_context(closing(connect(port, b"")))
        for each in idle:
            take_answer(each)  # else what is still to be answered is counted below
        asked.clear()
        began = time.monotonic()
        for _ in range(30):
            busy.sendall(GET % b"")
            take_answer(busy)
        beats = 2 + int((time.monotonic() - began) / serving._BEAT)
    assert len(asked) < 30 * 8 + beats * 70, "else it is 60 for each turn"


def test_the_loop_leaves_an_answer_to_the_thread_that_is_sending_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Turning meanwhile it would keep that thread from the interpreter."""
    turns: list[float] = []
    begun = threading.Event()
    flush: Any = getattr(serving.Channel, "_flush_some")  # noqa: B009 -- unknown to the stubs
    turn = serving.Sockets.turn

    def slow_flush(self: serving.Channel, do_close: bool = True) -> bool:
        if threading.get_ident() != self._loop:
            begun.set()
            time.sleep(0.3)  # it has the answer all this time
        return bool(flush(self, do_close=do_close))

    def counting(self: serving.Sockets, seconds: float) -> None:
        turns.append(seconds)
        turn(self, seconds)

    monkeypatch.setattr(serving.Channel, "_flush_some", slow_flush)
    monkeypatch.setattr(serving.Sockets, "turn", counting)
    with running() as port, closing(connect(port, GET % b"")) as client:
        assert begun.wait(60)
        with closing(connect(port, b"")):  # a reason to turn once, and to ask, in the midst of it
            take_answer(client)
    assert len(turns) < 20


def test_an_answer_that_a_thread_leaves_to_the_loop_is_sent_without_waiting_for_a_beat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trigger, size = BaseWSGIServer.pull_trigger, MEGABYTE // 4
    taken = threading.Event()

    def slow_trigger(self: Any) -> None:
        trigger(self)
        if threading.current_thread().name.startswith("waitress"):
            time.sleep(0.05)  # the loop looks before this thread lets go of the answer

    def in_two(environ: dict[str, object], start: Callable[..., object]) -> Iterator[bytes]:
        start("200 OK", [("Content-Length", str(2 * size))])
        yield bytes(size)
        taken.wait(60)
        yield bytes(size)

    monkeypatch.setattr(BaseWSGIServer, "pull_trigger", slow_trigger)
    monkeypatch.setattr(serving, "_BEAT", 3600.0)
    with socket.create_server(("127.0.0.1", 0)) as listener, closing(socket.socket()) as client:
        for each, option in ((listener, socket.SO_SNDBUF), (client, socket.SO_RCVBUF)):
            each.setsockopt(socket.SOL_SOCKET, option, 4096)
        over = threading.Event()
        server = serving.Server(in_two, [listener], threads=1)
        loop = threading.Thread(target=server.serve, args=(over.is_set,))
        loop.start()
        try:
            client.settimeout(60)
            client.connect(listener.getsockname())
            client.sendall(GET % b"")
            found = 0
            while found < 2 * size:
                piece = client.recv(MEGABYTE)
                assert piece, "closed before it was answered"
                found += len(piece)
                if found > size:  # with the head
                    taken.set()
        finally:
            over.set()
            taken.set()
            server.wake()
            loop.join()
            server.close()


EXPECTING = (
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
)


def test_clients_that_vanish_while_a_thread_answers_stop_nobody(port: int) -> None:
    for _ in range(300):
        gone = connect(port, GET % b"" + EXPECTING % 10)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()  # with a reset: what a thread says to it fails
    assert status(port) == b"HTTP/1.1 200 OK"


def test_only_the_loop_closes_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    closed: list[int] = []
    with closing(ours):
        channel = serving.Channel(SimpleNamespace(active_channels={}), theirs, "", Adjustments())
        monkeypatch.setattr(channel, "handle_close", lambda: closed.append(threading.get_ident()))
        ours.close()
        other = threading.Thread(target=channel.send, args=(b"x",))
        other.start()
        other.join()
        assert closed == []
        assert channel.send(b"x") == 0
    assert closed == [threading.get_ident()]
    theirs.close()


@pytest.mark.parametrize("length", [0, 100_000])
def test_nothing_is_waited_for_where_there_is_no_body_or_one_too_large(
    port: int, length: int
) -> None:
    with closing(connect(port, EXPECTING % length)) as connection:
        assert b"100 Continue" not in connection.recv(65536)


def test_a_body_that_waits_to_be_asked_for_is_asked_for(port: int) -> None:
    with closing(connect(port, EXPECTING % 2)) as connection:
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_who_asks_on_and_on_and_reads_nothing_has_few_answers_made() -> None:
    made: list[None] = []
    size = 900_000

    def large(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        made.append(None)
        start("200 OK", [("Content-Length", str(size))])
        return [bytes(size)]

    with running(large) as port, closing(connect(port, GET % b"" * 60)) as greedy:
        for _ in range(3):
            with closing(connect(port, GET % b"")) as polite:
                assert polite.recv(15) == b"HTTP/1.1 200 OK", "threads go on"
        assert len(made) < 40, "what the two computers hold on the way, and one more"
        whole = 0
        while whole < 60 * size:
            whole += len(greedy.recv(MEGABYTE))
    assert len(made) == 63, "the others come as it takes what it has"


def test_answers_that_nobody_takes_are_bounded_all_together(
    patient_for_tenths: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "ANSWERS_BYTES", 30 * MEGABYTE)
    monkeypatch.setattr(serving, "STALL_SECONDS", 60.0)
    let_go, close = threading.Event(), serving.Channel.handle_close

    def noting(self: serving.Channel) -> None:
        let_go.set()
        close(self)

    monkeypatch.setattr(serving.Channel, "handle_close", noting)
    with running(body_bytes=1000) as port, ExitStack() as open_:
        silent = [open_.enter_context(closing(connect(port, GET % b"12"))) for _ in range(4)]
        assert let_go.wait(60)
        time.sleep(1.0)  # in which the others are left alone
        ended = [sum(map(len, pieces(each))) < 12 * MEGABYTE for each in silent]
    assert 1 <= sum(ended) <= 3


def test_a_server_that_ends_closes_the_files_of_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Left to the garbage collector, each would be a warning, which fails the test."""
    monkeypatch.setattr(serving, "DRAIN_SECONDS", 0.1)
    with running() as port:
        client = connect(port, GET % b"12")
        taken = len(client.recv(MEGABYTE))  # and no more, while the server ends
    client.close()
    gc.collect()
    assert 0 < taken < 12 * MEGABYTE


def pieces(connection: socket.socket) -> Iterator[bytes]:
    """What can still be read, until nothing comes for a quarter of a second."""
    connection.settimeout(0.25)
    try:
        while piece := connection.recv(MEGABYTE):
            yield piece
    except OSError:
        return


def test_what_lies_in_the_buffer_is_not_taken_yet() -> None:
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        channel = serving.Channel(SimpleNamespace(active_channels={}), theirs, "", Adjustments())
        sent = channel.send(bytes(1000))
        assert (sent, channel.sent) == (1000, 1000)
        assert channel.taken < 1000
        ours.recv(1000)
        assert channel.taken == 1000
