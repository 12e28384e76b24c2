"""Whose turn it is to compute."""

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from app.errors import Busy, Superseded
from app.lab.compute_queue import Turns


def thread(work: Callable[..., None], *asked: object) -> threading.Thread:
    started = threading.Thread(target=work, args=asked)
    started.start()
    return started


def wait_for(turns: Turns, count: int, gone: Sequence[object] = ()) -> None:
    """Until so many threads wait or are gone, at most five seconds."""
    end = time.monotonic() + 5.0
    while len(turns._queue) + len(gone) < count:
        assert time.monotonic() < end
        time.sleep(0.001)


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(5.0), []

    def ask(name: int) -> None:
        with turns.turn():
            order.append(name)

    with turns.turn():
        threads = []
        for name in range(5):
            threads.append(thread(ask, name))
            wait_for(turns, name + 1)
    for one in threads:
        one.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_gives_way_lets_those_first_who_wait() -> None:
    turns, order = Turns(5.0), []

    def train() -> None:
        with turns.turn():
            order.append("train")

    with turns.turn():
        order.append("draw")
        turns.give_way()  # to nobody
        other = thread(train)
        wait_for(turns, 1)
        turns.give_way()
        order.append("draw")
    other.join()
    assert order == ["draw", "train", "draw"]


def test_who_waits_too_long_is_told_so_and_forgotten() -> None:
    turns = Turns(0.01)
    with turns.turn():
        told: list[Busy] = []

        def ask() -> None:
            with pytest.raises(Busy) as error, turns.turn():
                pass
            told.append(error.value)

        thread(ask).join()
        assert told[0].retry_after >= 1
    with turns.turn():
        pass


def test_a_newer_request_takes_the_place_of_one_that_waits() -> None:
    turns, done, refused = Turns(5.0), [], []

    def ask(name: str, key: str | None) -> None:
        try:
            with turns.turn(key):
                done.append(name)
        except Superseded:
            refused.append(name)

    with turns.turn("a view"):
        threads = []
        asked = [("old", "view"), ("other", "another view"), ("none", None), ("new", "view")]
        for place, (name, key) in enumerate(asked):
            threads.append(thread(ask, name, key))
            wait_for(turns, place + 1, refused)
    for one in threads:
        one.join()
    assert refused == ["old"]
    assert done == ["new", "other", "none"]


def test_a_turn_is_given_back_after_an_error() -> None:
    turns = Turns(0.01)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.turn():
            raise ZeroDivisionError
