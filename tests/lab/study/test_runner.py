"""The runner: blocks handed out, failures counted, studies cancelled, resumed and taken over.

Blocks are trained by threads of the test, so that each case decides what becomes of them. What real
processes do is in tests/web/api.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.errors import (
    DiskLow,
    ExecutorUnavailable,
    QuotaFull,
    StoreFull,
    StoreUnavailable,
    TooLarge,
)
from app.lab.study import runner as running
from app.lab.study.block import Block, train_block
from app.lab.study.executor import BlockExecutor, Trained
from app.lab.study.line import Line
from app.lab.study.repository import PREFIX, StudyRecord, StudyRepository
from app.lab.study.runner import Runner
from app.store import Chunk, Record, Store, open_store
from tests.lab.study.plans import plan_of


class Threads(BlockExecutor):
    """An executor of two threads, that calls `before` with every block before it is trained."""

    def __init__(self, before: Callable[[Block], None] = lambda block: None) -> None:
        self.before = before
        self.trained: list[int] = []
        self.submitted: list[int] = []
        self.closed = 0
        self.available = True
        self._pool = ThreadPoolExecutor(2)

    @property
    def window(self) -> int:
        return 4

    def submit(self, block: Block) -> Trained:
        if not self.available:
            raise ExecutorUnavailable("nobody is there")
        self.submitted.append(block.start)
        return self._pool.submit(self._train, block)

    def _train(self, block: Block) -> Any:
        self.before(block)
        self.trained.append(block.start)
        return train_block(block)

    def check(self) -> None:
        if not self.available:
            raise ExecutorUnavailable("nobody is there")

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{tmp_path}/basin.db", lifetime=timedelta(days=1))) as store:
        yield store


class Studies:
    """A repository, its line and a runner, for one executor."""

    def __init__(self, store: Store, executor: BlockExecutor, lock: Path) -> None:
        self.repository = StudyRepository(store)
        self.line = Line(store)
        self.runner = Runner(self.repository, self.line, executor, lock)

    def create(self, id: str = "a", seeds: int = 8, **asked: Any) -> str:
        """A study in the line, of blocks of one seed each."""
        plan = plan_of(seeds={"count": seeds}, **{"steps": 3, **asked})
        self.repository.create(id, plan, [1] * len(plan.cells))
        self.line.join(id)
        self.runner.wake()
        return id

    def wait(self, id: str, until: Callable[[StudyRecord], bool]) -> StudyRecord:
        deadline = time.monotonic() + 300
        while not until(record := self.repository.load(id)):
            assert time.monotonic() < deadline, record
            time.sleep(0.005)
        return record

    def ended(self, id: str) -> StudyRecord:
        return self.wait(id, lambda record: record.ended)


@pytest.fixture
def serving(store: Store, tmp_path: Path) -> Iterator[Callable[[BlockExecutor], Studies]]:
    made: list[Studies] = []

    def serve(executor: BlockExecutor) -> Studies:
        made.append(Studies(store, executor, tmp_path / "studies.lock"))
        return made[-1]

    yield serve
    for studies in made:
        studies.runner.close()


Serving = Callable[[BlockExecutor], Studies]


def test_a_study_is_trained_to_its_end(serving: Serving) -> None:
    executor = Threads()
    studies = serving(executor)
    record = studies.ended(studies.create())
    assert (record.status, record.blocks.tolist()) == ("done", [1] * 8)
    assert sorted(executor.trained) == list(range(8))
    assert record.seconds > 0
    end = time.monotonic() + 60.0
    while studies.line.entries() and time.monotonic() < end:  # it leaves the line after its end
        time.sleep(0.01)
    assert studies.line.entries() == ()


def test_a_block_that_fails_is_tried_again_twice_and_then_named(serving: Serving) -> None:
    def before(block: Block) -> None:
        if block.start == 2:
            raise MemoryError("no room")

    executor = Threads(before)
    studies = serving(executor)
    record = studies.ended(studies.create())
    assert record.status == "done"
    assert record.blocks.tolist() == [1, 1, 2, 1, 1, 1, 1, 1]
    assert record.failures == {2: "MemoryError: no room"}
    assert executor.submitted.count(2) == 3


def test_a_block_whose_executor_begins_anew_is_not_to_blame(serving: Serving) -> None:
    """As when a Dask scheduler is started again, and all that it had is cancelled."""
    again = 2 * running.TRIES
    left = [again]

    class Restarted(Threads):
        def submit(self, block: Block) -> Trained:
            if block.start == 2 and left[0]:
                left[0] -= 1
                self.submitted.append(block.start)
                future: Trained = Future()
                future.cancel()
                future.set_running_or_notify_cancel()
                return future
            return super().submit(block)

    executor = Restarted()
    studies = serving(executor)
    record = studies.ended(studies.create())
    assert (record.status, record.blocks.tolist()) == ("done", [1] * 8)
    assert record.failures == {}
    assert executor.submitted.count(2) == again + 1


def test_a_block_that_fails_once_is_no_failure(serving: Serving) -> None:
    failed: list[int] = []

    def before(block: Block) -> None:
        if block.start == 2 and not failed:
            failed.append(1)
            raise MemoryError

    studies = serving(Threads(before))
    record = studies.ended(studies.create())
    assert (record.status, record.failures, record.blocks.tolist()) == ("done", {}, [1] * 8)


def test_a_study_of_which_no_block_succeeds_has_failed(serving: Serving) -> None:
    def before(block: Block) -> None:
        raise ValueError("never")

    studies = serving(Threads(before))
    record = studies.ended(studies.create(seeds=2))
    assert (record.status, len(record.failures)) == ("failed", 2)


def test_only_the_block_that_kills_its_process_is_blamed(serving: Serving) -> None:
    class Fragile(Threads):
        """All futures in training break when block 2 is trained, as those of a pool do."""

        def __init__(self) -> None:
            super().__init__()
            self.pending: list[Trained] = []
            self.mutex = threading.Lock()

        def submit(self, block: Block) -> Trained:
            future: Trained = Future()
            with self.mutex:
                self.pending.append(future)
                self.submitted.append(block.start)
            self._pool.submit(self._one, block, future)
            return future

        def _one(self, block: Block, future: Trained) -> None:
            time.sleep(0.02)
            with self.mutex:
                if future not in self.pending:
                    return
                if block.start == 2:
                    broken, self.pending = self.pending, []
                    for each in broken:
                        each.set_exception(BrokenProcessPool("it died"))
                    return
                self.pending.remove(future)
            future.set_result(train_block(block))

    executor = Fragile()
    studies = serving(executor)
    record = studies.ended(studies.create())
    assert record.blocks.tolist() == [1, 1, 2, 1, 1, 1, 1, 1]
    assert list(record.failures) == [2]
    assert "its process died" in record.failures[2]
    assert executor.closed >= 3


def test_nothing_is_lost_while_the_store_does_not_answer(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    studies = serving(Threads(lambda block: time.sleep(0.01)))
    save = studies.repository.save
    failed: list[StudyRecord] = []

    def failing(record: StudyRecord, *rest: Any) -> None:
        if record.blocks.sum() in (3, 5) and len(failed) < 4:
            failed.append(record)
            raise StoreUnavailable("not now")
        save(record, *rest)

    monkeypatch.setattr(studies.repository, "save", failing)
    record = studies.ended(studies.create())
    assert failed
    assert record.blocks.tolist() == [1] * 8


def test_a_cancelled_study_trains_nothing_more(serving: Serving) -> None:
    go = threading.Event()
    executor = Threads(lambda block: void(go.wait(30)))
    studies = serving(executor)
    id = studies.create(seeds=60)
    studies.wait(id, lambda record: len(executor.submitted) > 0)
    record = studies.repository.load(id)
    studies.repository.save(record.next(status="cancelled"))
    studies.line.leave(id)
    studies.runner.look()
    time.sleep(0.3)
    go.set()
    time.sleep(0.3)
    assert len(executor.submitted) <= executor.window
    assert studies.repository.load(id).status == "cancelled"


def test_a_deleted_study_trains_nothing_more(serving: Serving) -> None:
    executor = Threads(lambda block: time.sleep(0.01))
    studies = serving(executor)
    id = studies.create(seeds=2000)
    studies.wait(id, lambda record: len(executor.trained) > 0)
    studies.repository.delete(id)
    studies.line.leave(id)
    studies.runner.look()
    time.sleep(0.3)
    before = len(executor.submitted)
    time.sleep(0.2)
    assert len(executor.submitted) == before
    assert studies.ended(studies.create("b", seeds=2)).status == "done"


def test_long_blocks_of_a_study_that_is_gone_do_not_keep_others_waiting(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LEFT", 0.2)
    released = threading.Event()

    class Ending(Threads):
        """Threads do not end, but others take their places."""

        def close(self) -> None:
            super().close()
            self._pool = ThreadPoolExecutor(2)

    def before(block: Block) -> None:
        if block.steps == 4:
            released.wait()

    executor = Ending(before)
    studies = serving(executor)
    studies.create("long", seeds=4, steps=4)
    studies.create("short", seeds=4)
    until = time.monotonic() + 60.0
    while len(executor.submitted) < 4:
        assert time.monotonic() < until
        time.sleep(0.01)
    studies.repository.delete("long")
    studies.line.leave("long")
    record = studies.ended("short")
    assert (record.blocks.tolist(), record.failures) == ([1] * 4, {})
    assert executor.closed == 1
    released.set()


def test_two_studies_run_at_a_time_and_others_wait(serving: Serving) -> None:
    go = threading.Event()
    studies = serving(Threads(lambda block: void(go.wait(30))))
    for id in "abc":
        studies.create(id, seeds=3)
    for id in "ab":
        studies.wait(id, lambda record: record.status == "running")
    assert studies.repository.load("c").status == "queued"
    go.set()
    for id in "abc":
        assert studies.ended(id).status == "done"


@pytest.mark.parametrize("window", [1, 2])
def test_a_short_study_need_not_wait_for_the_end_of_a_long_one(
    serving: Serving, window: int
) -> None:
    """Where places become free one at a time, too."""

    class Narrow(Threads):
        @property
        def window(self) -> int:
            return window

    studies = serving(Narrow(lambda block: time.sleep(0.01)))
    long = studies.create("long", seeds=60)
    studies.wait(long, lambda record: bool(record.blocks.any()))
    studies.ended(studies.create("short", seeds=4))
    assert not studies.repository.load(long).ended
    assert studies.ended(long).blocks.tolist() == [1] * 60


def test_a_study_goes_on_where_it_was(serving: Serving) -> None:
    first, second = Threads(), Threads()
    studies = serving(first)
    first.before = lambda block: time.sleep(0.02)
    id = studies.create(seeds=30)
    done = studies.wait(id, lambda record: record.blocks.sum() >= 5).blocks.sum()
    studies.runner.close()
    later = serving(second)
    later.runner.wake()
    record = later.ended(id)
    assert record.blocks.tolist() == [1] * 30
    assert len(second.trained) <= 30 - done


def test_one_of_two_runners_runs(serving: Serving) -> None:
    first, second = Threads(), Threads()
    studies, others = serving(first), serving(second)
    studies.runner.wake()
    time.sleep(0.1)
    id = others.create()
    assert studies.ended(id).status == "done"
    assert len(first.trained) == 8
    assert second.trained == []


def test_another_runner_takes_over(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Threads(lambda block: time.sleep(0.02)), Threads()
    studies, others = serving(first), serving(second)
    id = studies.create(seeds=40)
    studies.wait(id, lambda record: record.blocks.sum() >= 2)
    others.runner.wake()
    studies.runner.close()
    assert others.ended(id).blocks.tolist() == [1] * 40
    assert second.trained


def test_a_study_waits_for_an_executor_that_cannot_be_reached(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHECK", 0.05)
    executor = Threads(lambda block: time.sleep(0.01))
    studies = serving(executor)
    id = studies.create(seeds=50)
    studies.wait(id, lambda record: record.blocks.sum() >= 2)
    executor.available = False
    record = studies.wait(id, lambda record: record.problem is not None)
    assert (record.status, record.problem) == ("queued", "nobody is there")
    executor.available = True
    record = studies.ended(id)
    assert (record.status, record.problem, record.failures) == ("done", None, {})


def void(_: object) -> None:
    """Drop a value, where a function must return nothing."""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (QuotaFull("bytes", 1000), "at most 1000 bytes"),
        (DiskLow(1000), "1000 bytes"),
        (StoreFull("the memory of Redis at a.secret.place is full"), "the store is full"),
    ],
)
def test_studies_wait_for_room_say_so_and_go_on(
    store: Store,
    serving: Serving,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    said: str,
) -> None:
    """Those that have not begun, too; what was trained is not trained again."""
    monkeypatch.setattr(running, "REST", 0.05)
    threads = Threads()
    studies = serving(threads)
    save, is_full = store.save, threading.Event()
    is_full.set()

    def full(record: Record, *chunks: Chunk, keep_until: int | None = None) -> None:
        if chunks and record.version > 4 and is_full.is_set():
            raise error
        save(record, *chunks, keep_until=keep_until)

    monkeypatch.setattr(store, "save", full)
    for id in "abc":
        studies.create(id)
    for id in "ab":
        waits = studies.wait(id, lambda record: record.problem is not None)
        assert waits.status == "running"
        assert said in str(waits.problem)
        assert "secret" not in str(waits.problem)
    assert studies.repository.load("c").status == "queued"
    is_full.clear()
    for id in "abc":
        record = studies.ended(id)
        assert (record.status, record.problem) == ("done", None)
        assert record.blocks.tolist() == [1] * 8
    assert len(threads.trained) == 24


def test_a_study_that_waits_for_room_takes_no_place_from_another(
    store: Store, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One alone may have no room: in a Redis of several servers another's comes and goes."""
    threads = Threads()
    studies = serving(threads)
    save, is_full = store.save, threading.Event()
    is_full.set()

    def full(record: Record, *chunks: Chunk, keep_until: int | None = None) -> None:
        if chunks and record.id == PREFIX + "a" and is_full.is_set():
            raise QuotaFull("bytes", 1000)
        save(record, *chunks, keep_until=keep_until)

    monkeypatch.setattr(store, "save", full)
    studies.create("a", seeds=20)
    studies.wait("a", lambda record: record.problem is not None)
    while len(threads.trained) < threads.window:
        time.sleep(0.005)
    studies.create("b")
    assert studies.ended("b").status == "done"
    assert len(threads.trained) == threads.window + 8  # it trains nothing more meanwhile
    is_full.clear()
    monkeypatch.setattr(running, "REST", 0.05)
    assert studies.ended("a").status == "done"
    assert len(threads.trained) == 28


def test_a_study_that_is_too_large_for_the_store_ends_and_says_so(
    store: Store, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    studies = serving(Threads())
    save = store.save

    def full(record: Record, *chunks: Chunk, keep_until: int | None = None) -> None:
        if chunks and record.version > 4:
            raise TooLarge(1000)
        save(record, *chunks, keep_until=keep_until)

    monkeypatch.setattr(store, "save", full)
    record = studies.ended(studies.create())
    assert (record.status, record.blocks.tolist().count(1)) == ("done", 2)
    assert record.problem is not None
    assert "at most 1000 bytes" in record.problem
    end = time.monotonic() + 60.0
    while studies.line.entries():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_nobody_thought_of_in_one_study_does_not_end_the_others(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    studies = serving(Threads())
    plan = studies.repository.plan

    def broken(id: str) -> Any:
        if id == "a":
            raise ZeroDivisionError
        return plan(id)

    monkeypatch.setattr(studies.repository, "plan", broken)
    plain = plan_of(seeds={"count": 2}, steps=3)
    studies.repository.create("a", plain, [1])
    studies.line.join("a")
    studies.create("b")
    assert studies.ended("b").status == "done"
    assert any("study a cannot be begun" in message for message in caplog.messages)
    assert "a" not in [entry.id for entry in studies.line.entries()]
