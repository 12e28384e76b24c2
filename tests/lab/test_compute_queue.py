"""The compute queue: a lock in the order of arrival, with a timeout, yielded to those that wait."""

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from app.errors import Busy, Superseded
from app.lab.compute_queue import ComputeQueue


def thread(work: Callable[..., None], *asked: object) -> threading.Thread:
    started = threading.Thread(target=work, args=asked)
    started.start()
    return started


def wait_for(queue: ComputeQueue, count: int, gone: Sequence[object] = ()) -> None:
    """Until so many threads wait or are gone, at most five seconds."""
    end = time.monotonic() + 5.0
    while len(queue._queue) + len(gone) < count:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_threads_get_the_lock_in_the_order_in_which_they_asked() -> None:
    queue, order = ComputeQueue(5.0), []

    def ask(name: int) -> None:
        with queue.lock():
            order.append(name)

    with queue.lock():
        threads = []
        for name in range(5):
            threads.append(thread(ask, name))
            wait_for(queue, name + 1)
    for one in threads:
        one.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_thread_that_yields_lets_those_that_wait_go_first() -> None:
    queue, order = ComputeQueue(5.0), []

    def train() -> None:
        with queue.lock():
            order.append("train")

    with queue.lock():
        order.append("draw")
        queue.yield_to_waiting()  # to nobody
        other = thread(train)
        wait_for(queue, 1)
        queue.yield_to_waiting()
        order.append("draw")
    other.join()
    assert order == ["draw", "train", "draw"]


def test_a_thread_that_waits_too_long_gets_busy_and_leaves_the_queue() -> None:
    queue = ComputeQueue(0.01)
    with queue.lock():
        busy: list[Busy] = []

        def ask() -> None:
            with pytest.raises(Busy) as error, queue.lock():
                pass
            busy.append(error.value)

        thread(ask).join()
        assert busy[0].retry_after >= 1
    with queue.lock():
        pass


def test_a_newer_request_takes_the_place_of_one_that_waits() -> None:
    queue, done, refused = ComputeQueue(5.0), [], []

    def ask(name: str, key: str | None) -> None:
        try:
            with queue.lock(key):
                done.append(name)
        except Superseded:
            refused.append(name)

    with queue.lock("a view"):
        threads = []
        asked = [("old", "view"), ("other", "another view"), ("none", None), ("new", "view")]
        for place, (name, key) in enumerate(asked):
            threads.append(thread(ask, name, key))
            wait_for(queue, place + 1, refused)
    for one in threads:
        one.join()
    assert refused == ["old"]
    assert done == ["new", "other", "none"]


def test_the_lock_is_released_after_an_error() -> None:
    queue = ComputeQueue(0.01)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), queue.lock():
            raise ZeroDivisionError
