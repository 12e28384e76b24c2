"""Processes that train blocks, and what becomes of a block whose process dies."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from typing import Any

import pytest

from app.lab.study.executor import ProcessExecutor
from tests.lab.study import faults
from tests.lab.study.plans import block_of, plan_of

PATIENCE = 120.0
PLAN = plan_of(seeds={"first": 0, "count": 4}, steps=2)
ONE, ALL = block_of(PLAN, 0, 1), block_of(PLAN)


@pytest.fixture
def executor() -> Iterator[ProcessExecutor]:
    """Two processes, which die while they write the result of more than one seed."""
    with closing(ProcessExecutor(2, faults.die_while_writing)) as executor:
        yield executor


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_process_that_dies_while_it_writes_a_result_is_noticed(executor: ProcessExecutor) -> None:
    future = executor.submit(ALL)
    until(lambda: not all(process.is_alive() for process in executor._started))
    time.sleep(0.5)
    assert not future.done(), "the pool reads on; should it notice by itself, look at `check`"
    executor.check()
    assert not future.done(), "the pool may be about to say it"
    executor.check()
    assert isinstance(future.exception(PATIENCE), BrokenProcessPool)


def test_half_a_result_holds_up_neither_the_end_nor_what_comes_after_it(
    executor: ProcessExecutor,
) -> None:
    executor.submit(ALL)
    until(lambda: not all(process.is_alive() for process in executor._started))
    manager: Any = executor._pool._executor_manager_thread  # type: ignore[union-attr]
    executor.close()
    manager.join(PATIENCE)
    assert not manager.is_alive(), "else the interpreter waits for it when it ends"
    chunks = executor.submit(ONE).result(PATIENCE)
    assert len(chunks) == PLAN.recipes


def test_processes_that_live_are_let_be(executor: ProcessExecutor) -> None:
    future = executor.submit(ONE)
    for _ in range(3):
        executor.check()
    assert future.result(PATIENCE)


def test_what_is_withdrawn_does_not_end_the_pool_in_an_error() -> None:
    """The pool's thread would raise where its processes end with a future that was cancelled."""
    failed: list[object] = []
    before, threading.excepthook = threading.excepthook, failed.append
    try:
        executor = ProcessExecutor(1)
        futures = [executor.submit(ONE) for _ in range(6)]
        left = [executor.withdraw(future) for future in futures]
        assert not any(left) or all(future.done() for future in futures)
        executor.close()
        until(lambda: all(future.done() for future in futures))
        time.sleep(1.0)
    finally:
        threading.excepthook = before
    assert failed == []
