"""What stands at a scheduler's address and is none: silent, frozen, or something else altogether.

Studies on a real scheduler with real workers are in tests/web/api.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from app.errors import BadSetting, ExecutorUnavailable
from app.lab.study import dask_executor
from app.lab.study.dask_executor import FIRST, PATIENCE, DaskExecutor
from app.lab.study.executors import executor_of
from tests.lab.study.plans import block_of, plan_of

SOON = PATIENCE / 2
"""Seconds within which one is told who does not wait."""


@contextmanager
def listening(reply: bytes) -> Iterator[int]:
    """The port of something that takes every connection, says `reply`, and no more."""
    taken: list[socket.socket] = []

    def take(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                taken.append(listener.accept()[0])
                taken[-1].sendall(reply)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=take, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    for connection in taken:
        connection.close()


def seconds_of(ask: Callable[[], None]) -> float:
    """The time after which it is said that nobody answers."""
    begun = time.monotonic()
    with pytest.raises(ExecutorUnavailable, match=r"^no Dask scheduler answers at tcp://127"):
        ask()
    return time.monotonic() - begun


REPLIES = {
    "nothing": b"",
    "HTTP": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" + b"x" * 200,
    "a length of 4 GB and no more": (2**32).to_bytes(8, "little"),
    "no frames": bytes(64),
    "noise": bytes(range(1, 200)),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES.keys())
def test_who_is_no_scheduler_is_said_within_its_time(reply: bytes) -> None:
    with listening(reply) as port, closing(DaskExecutor(f"tcp://127.0.0.1:{port}")) as executor:
        assert seconds_of(executor.check) < FIRST + SOON
        with pytest.raises(ExecutorUnavailable):
            executor.submit(block_of(plan_of(seeds={"first": 0, "count": 1}, steps=2)))
    with listening(reply) as port, pytest.raises(BadSetting, match="no Dask scheduler answers"):
        executor_of(f"dask://127.0.0.1:{port}")


def test_of_many_who_ask_one_waits_and_the_others_are_told_what_was_heard() -> None:
    with listening(b"") as port, closing(DaskExecutor(f"tcp://127.0.0.1:{port}")) as executor:
        seconds_of(executor.check)
        time.sleep(dask_executor.FRESH)
        waited: list[float] = []
        many = [
            threading.Thread(target=lambda: waited.append(seconds_of(executor.check)))
            for _ in range(30)
        ]
        for one in many:
            one.start()
        for one in many:
            one.join()
        assert len(waited) == 30
        assert sum(seconds > SOON for seconds in waited) <= 1
        assert max(waited) < PATIENCE + SOON


def test_a_question_without_an_end_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one in which `distributed` itself waits; it is asked anew, and what it says is no news."""
    released = threading.Event()
    asked = threading.Event()

    def stand_still(executor: DaskExecutor) -> None:
        asked.set()
        released.wait()
        raise ExecutorUnavailable("old news")

    monkeypatch.setattr(DaskExecutor, "_connected", stand_still)
    with closing(DaskExecutor("tcp://127.0.0.1:1")) as executor:
        assert seconds_of(executor.check) < FIRST + SOON
        assert seconds_of(executor.check) < SOON
        monkeypatch.setattr(dask_executor, "GIVEN_UP", 0.0)
        time.sleep(dask_executor.FRESH)
        asked.clear()
        seconds_of(executor.check)
        assert asked.is_set()
        released.set()
        assert seconds_of(executor.check) < PATIENCE + SOON
