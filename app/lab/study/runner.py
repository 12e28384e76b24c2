"""The runner of studies: a thread that hands blocks to the executor and stores what comes back.

Of all server processes with one store, one runs studies: the one that holds the runner's lock, a
lock of the operating system on a file, which ends with its process. So there are as many processes
that train as one server has, however many processes serve. The others wait for the lock while there
is something to run, and take over.
"""

import json
import os
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from logging import getLogger
from pathlib import Path

from app.errors import (
    BasinError,
    DiskLow,
    ExecutorUnavailable,
    QuotaFull,
    StaleVersion,
    StoreFull,
    StoreUnavailable,
    TooLarge,
    UnknownStudy,
)
from app.lab.study.block import Block
from app.lab.study.executor import BlockExecutor, Trained
from app.lab.study.file_lock import FileLock
from app.lab.study.line import Line, Owner
from app.lab.study.plan import StudyPlan
from app.lab.study.repository import (
    BlockState,
    StoredPlan,
    StudyRecord,
    StudyRepository,
)

TRIES = 3
"""How often a block is tried before it has failed."""
POLL = 0.1
"""Seconds between two looks at the line, which another process may have changed."""
CHECK = 2.0
"""Seconds between two looks at the executor."""
REST = 5.0
"""Seconds after which a store that had no room is tried again."""
LEFT = 5.0
"""Seconds for which a block goes on whose study is cancelled or deleted."""
_log = getLogger(__name__)


@dataclass
class _Active:
    """A study that this process runs: its record, and which of its blocks are where.

    `tries` counts the failures of a block. `suspects` were in training when a process died: they
    are tried one at a time, so that the one that kills its process is known and the others are not
    blamed for it. `turn` counts up with every block that any study hands out.
    """

    record: StudyRecord
    stored: StoredPlan
    waiting: deque[int]
    running: dict[Trained, int] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    suspects: deque[int] = field(default_factory=deque)
    documents: dict[int, str] = field(default_factory=dict)
    since: float = field(default_factory=time.monotonic)
    before: float = 0.0
    turn: int = 0
    rests_until: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether nothing is left to train."""
        return not (self.waiting or self.running or self.suspects)

    @property
    def seconds(self) -> float:
        """How long the study has been running, with any time before this process ran it."""
        return self.before + time.monotonic() - self.since

    @property
    def rests(self) -> bool:
        """Whether it waits for room in the store: until then it trains nothing more."""
        return time.monotonic() < self.rests_until

    @property
    def occupied(self) -> int:
        """How many places of the executor it takes.

        What is done and waits for room takes none, or nobody else would be trained until then.
        """
        if not self.rests:
            return len(self.running)
        return sum(not future.done() for future in self.running)

    def block(self, number: int) -> Block:
        """A block as it is sent."""
        plan, place = self.stored.plan, self.stored.blocks[number]
        if place.cell not in self.documents:
            self.documents = {place.cell: json.dumps(plan.cell_document(place.cell))}
        return _block(plan, self.documents[place.cell], place.start, place.stop)


def _block(plan: StudyPlan, document: str, start: int, stop: int) -> Block:
    return Block(
        document=document,
        vary=plan.vary,
        first=plan.first,
        start=start,
        stop=stop,
        steps=plan.steps,
        target=plan.target,
        every_step=plan.every_step,
    )


class Runner:
    """Runs the studies of a line, from the first `wake` on until `close`."""

    def __init__(
        self, repository: StudyRepository, line: Line, executor: BlockExecutor, lock: Path
    ) -> None:
        self._repository = repository
        self._line = line
        self._executor = executor
        self._lock = FileLock(lock)
        self._owner = Owner(socket.gethostname(), f"{os.getpid()} {secrets.token_hex(4)}")
        self._active: dict[str, _Active] = {}
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._woken = threading.Event()
        self._closed = False
        self._checked = float("-inf")
        self._turns = 0
        self._left: dict[Trained, float] = {}
        self._unavailable: str | None = None

    def wake(self) -> None:
        """Look at the line now, in a thread that is started if there is none."""
        self._woken.set()
        with self._starting:
            if not self._closed and (self._thread is None or not self._thread.is_alive()):
                if self._thread is None:
                    _at_exit(self.close)
                self._thread = threading.Thread(target=self._run, name="studies", daemon=True)
                self._thread.start()

    def look(self) -> None:
        """Look at the line now, if this process runs anything."""
        self._woken.set()

    def close(self) -> None:
        """End what runs; the studies keep their places in the line."""
        with self._starting:
            self._closed = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        """The thread: as long as the server serves, and there may be something to run."""
        try:
            while not self._closed:
                self._woken.clear()
                try:
                    again = self._turn()
                except StoreUnavailable as error:
                    _log.error("studies wait for the store: %s", error)
                    again = 1.0
                except Exception:  # noqa: BLE001 - one study must not end all others
                    _log.exception("studies go on after an error that should not be")
                    again = 1.0
                if again is None:
                    return
                self._woken.wait(again)
        finally:
            self._let_go()

    def _turn(self) -> float | None:
        """One look at the line; in how many seconds the next is due, None for never."""
        if not self._lock.take():
            return 1.0 if self._line.entries() else None
        self._look_at_executor()
        if self._unavailable is None:
            self._match(self._line.take(self._owner))
            self._fill()
            self._collect()
            self._end_what_is_left()
        return POLL if self._active else 2 * POLL

    def _look_at_executor(self) -> None:
        now = time.monotonic()
        if now - self._checked < CHECK:
            return
        self._checked = now
        try:
            self._executor.check()
        except ExecutorUnavailable as error:
            if self._unavailable is None:
                _log.error("studies wait: %s", error)
            self._unavailable = str(error)
            self._let_wait(str(error))
            return
        self._unavailable = None

    def _let_wait(self, problem: str) -> None:
        """Give all studies back to the line until the executor can be reached again."""
        for active in list(self._active.values()):
            self._withdraw(active)
            with suppress(StaleVersion, UnknownStudy):
                seconds = active.seconds
                self._save(active, status="queued", problem=problem, seconds=seconds)
        self._line.release(self._owner, list(self._active))
        self._active.clear()

    # -- which studies

    def _match(self, mine: list[str]) -> None:
        """Begin the studies whose leases are new, and drop those that have left the line."""
        for id in [id for id in self._active if id not in mine]:
            self._drop(id)
        for id in mine:
            if id in self._active:
                continue
            try:
                self._begin(id)
            except StoreUnavailable:
                raise
            except Exception:  # noqa: BLE001 - the others would wait behind it for ever
                _log.exception("study %s cannot be begun, and leaves the line", id)
                self._line.leave(id)

    def _begin(self, id: str) -> None:
        try:
            record, stored = self._repository.load(id), self._repository.plan(id)
            if record.ended:
                self._line.leave(id)
                return
            waiting = [n for n, state in enumerate(record.blocks) if state == BlockState.WAITING]
            active = _Active(record, stored, deque(waiting), before=record.seconds)
            self._save(active, status="running", problem=None)
        except (StaleVersion, UnknownStudy):
            self._leave_if_unknown(id)
            return
        self._active[id] = active

    def _leave_if_unknown(self, id: str) -> None:
        try:
            ended = self._repository.load(id).ended
        except UnknownStudy:
            ended = True
        if ended:
            self._line.leave(id)

    def _drop(self, id: str) -> None:
        """Stop a study: blocks that wait are cancelled, those in training have a moment to end."""
        self._withdraw(self._active.pop(id))

    def _withdraw(self, active: _Active) -> None:
        """Take back what is handed out of a study; what goes on is left behind."""
        now = time.monotonic()
        for future in active.running:
            if not self._executor.withdraw(future):
                self._left[future] = now

    def _end_what_is_left(self) -> None:
        """Begin anew with other processes where those of studies that are gone go on for long.

        Others would wait for them; what these have in training is tried again.
        """
        self._left = {future: since for future, since in self._left.items() if not future.done()}
        since = min(self._left.values(), default=float("inf"))
        if time.monotonic() - since < LEFT or not self._executor.ends_what_runs:
            return
        self._executor.close()
        self._left.clear()
        for active in self._active.values():
            active.waiting.extendleft(reversed(active.running.values()))
            active.running.clear()

    # -- their blocks

    def _fill(self) -> None:
        """Hand blocks to the executor until it is busy, of all studies alike."""
        room = self._executor.window - sum(each.occupied for each in self._active.values())
        suspected = any(each.suspects and not each.rests for each in self._active.values())
        if suspected:
            room = min(room, 1 if room == self._executor.window else 0)
        for active, number in self._next(room, suspected):
            try:
                future = self._executor.submit(active.block(number))
            except BrokenProcessPool as error:
                self._broken(active, number, error)
                return
            except ExecutorUnavailable:
                active.waiting.appendleft(number)
                self._checked = float("-inf")
                return
            active.running[future] = number
            future.add_done_callback(lambda _: self._woken.set())

    def _next(self, room: int, suspected: bool) -> Iterator[tuple[_Active, int]]:
        """Blocks for so much room, each of the study that has the fewest in training.

        Of several that of the one whose last turn is longest ago: in turn from the first one on,
        the first would take every place that becomes free alone.
        """
        share = {id: len(each.running) for id, each in self._active.items() if not each.rests}
        while room > 0 and share:
            id = min(share, key=lambda id: (share[id], self._active[id].turn))
            active = self._active[id]
            queue = active.suspects if suspected else active.waiting
            if not queue:
                del share[id]
                continue
            self._turns += 1
            active.turn = self._turns
            share[id] += 1
            room -= 1
            yield active, queue.popleft()

    def _collect(self) -> None:
        """Store what is done."""
        for id, active in list(self._active.items()):
            if active.rests:
                continue
            done = [future for future in active.running if future.done()]
            try:
                for future in done:
                    self._finish(active, future)
                if active.complete and id in self._active:
                    self._end(active)
            except (StaleVersion, UnknownStudy):  # cancelled, deleted, or taken over
                self._drop(id)
                self._leave_if_unknown(id)
            except TooLarge as error:
                self._give_up(active, error)
            except (QuotaFull, DiskLow, StoreFull) as error:
                self._let_rest(active, error)

    def _finish(self, active: _Active, future: Trained) -> None:
        """Store a block, or see to it that it is tried again; if the store fails, it stays."""
        number = active.running.get(future)
        if number is None:  # a process died meanwhile: it is a suspect already
            return
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            blocks = active.record.blocks.copy()
            blocks[number] = BlockState.DONE
            place = active.stored.blocks[number]
            record = active.record.next(blocks=blocks, seconds=active.seconds, problem=None)
            self._repository.save(record, place, future.result())
            active.record = record
        del active.running[future]
        if isinstance(error, BrokenProcessPool):
            self._broken(active, number, error)
        elif isinstance(error, CancelledError):  # the executor began anew; the block did nothing
            active.waiting.appendleft(number)
        elif error is not None and self._executor_answers():
            self._failed(active, number, error)
        elif error is not None:
            active.waiting.appendleft(number)

    def _broken(self, active: _Active, number: int, error: BrokenProcessPool) -> None:
        """A process has died, and with it whatever was in training: begin anew, one at a time."""
        if not any(each.running for each in self._active.values()):
            self._executor.close()
            self._failed(active, number, error)
            return
        active.suspects.append(number)
        for each in self._active.values():
            each.suspects.extend(each.running.values())
            each.running.clear()
        self._executor.close()

    def _executor_answers(self) -> bool:
        try:
            self._executor.check()
        except ExecutorUnavailable:
            self._checked = float("-inf")
            return False
        return True

    def _failed(self, active: _Active, number: int, error: BaseException) -> None:
        """Count a failure: a block is tried again twice, and then named."""
        active.tries[number] = active.tries.get(number, 0) + 1
        active.suspects.append(number)
        if active.tries[number] < TRIES:
            return
        reason = _reason(error)
        _log.error("block %d of study %s failed: %s", number, active.record.id, reason)
        blocks = active.record.blocks.copy()
        blocks[number] = BlockState.FAILED
        failures = {**active.record.failures, number: reason}
        self._save(active, blocks=blocks, failures=failures, seconds=active.seconds)
        active.suspects.remove(number)

    def _give_up(self, active: _Active, error: BasinError) -> None:
        """End a study that is larger than the store takes; what it has of it stays."""
        _log.error("study %s ends before its time: %s", active.record.id, error)
        self._withdraw(active)
        with suppress(StaleVersion, UnknownStudy):
            self._end(active, str(error))

    def _let_rest(self, active: _Active, error: BasinError) -> None:
        """Let a study wait for room; what has been trained is kept, and stored once there is some.

        It says so, where the store takes at least that.
        """
        active.rests_until = time.monotonic() + REST
        if active.record.problem is not None:
            return
        _log.error("study %s waits: %s", active.record.id, error)
        problem = "the store is full" if isinstance(error, StoreFull) else str(error)
        with suppress(StaleVersion, UnknownStudy, StoreFull):
            self._save(active, problem=problem)

    def _end(self, active: _Active, problem: str | None = None) -> None:
        any_done = (active.record.blocks == BlockState.DONE).any()
        status = "done" if any_done else "failed"
        self._save(active, status=status, problem=problem, seconds=active.seconds)
        del self._active[active.record.id]
        self._line.leave(active.record.id)

    def _save(self, active: _Active, **changes: object) -> None:
        record = active.record.next(**changes)
        self._repository.save(record)
        active.record = record

    def _let_go(self) -> None:
        self._executor.close()
        if self._active:
            with suppress(BasinError):
                self._line.release(self._owner, list(self._active))
        self._active.clear()
        self._lock.release()


def _at_exit(close: Callable[[], None]) -> None:
    """Call `close` as the interpreter ends, before it waits for the blocks that are in training.

    `concurrent.futures` registers this wait in the same way, which is not public; those that are
    registered later are called first. Without it a server would end when its blocks do.
    """
    register = getattr(threading, "_register_atexit", None)
    if register is not None:
        register(close)


def _reason(error: BaseException) -> str:
    """Why a block failed, for its study's answer."""
    if isinstance(error, BrokenProcessPool):
        return "its process died, perhaps for want of memory"
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__
