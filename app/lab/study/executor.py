"""Where blocks are trained: what an executor is, and the one of this computer's processes.

A block goes in, a future of `concurrent.futures` comes out. Whatever trains it, the result is the
same to the last bit.
"""

import multiprocessing
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection

from app.lab.study.block import Block, RecipeChunk, train_block
from app.lab.study.pool_worker import begin

Trained = Future[tuple[RecipeChunk, ...]]
Train = Callable[[Block], tuple[RecipeChunk, ...]]


class BlockExecutor(ABC):
    """Trains blocks, several at a time. It begins with the first one, and then stays."""

    ends_what_runs = True
    """Whether `close` ends blocks in the midst of their training."""

    @property
    @abstractmethod
    def window(self) -> int:
        """The number of blocks that keep it busy."""

    @abstractmethod
    def submit(self, block: Block) -> Trained:
        """The future of a block.

        Raises BrokenProcessPool where a process has died, and ExecutorUnavailable.
        """

    def withdraw(self, future: Trained) -> bool:
        """Take back a block that has not begun; whether nothing is trained of it any more."""
        return future.cancel()

    @abstractmethod
    def check(self) -> None:
        """Do nothing, or raise ExecutorUnavailable where blocks cannot be trained now."""

    @abstractmethod
    def close(self) -> None:
        """End at once what runs, and let go of processes and connections; `submit` begins anew."""


def usual_processes() -> int:
    """As many as this process may use cores, one fewer where there are more than two."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return cores - 1 if cores > 2 else cores


class ProcessExecutor(BlockExecutor):
    """Processes of this computer, started afresh (spawn) so that they share nothing with it.

    A pool notices processes that die, but for one that is killed while it writes a result: it reads
    the rest of it for ever, as it holds the writing end of the pipe itself. So `check` looks at the
    processes, too.
    """

    def __init__(self, processes: int, train: Train = train_block) -> None:
        self._processes = processes
        self._train = train
        self._pool: ProcessPoolExecutor | None = None
        self._pipe: Connection | None = None
        self._started: set[multiprocessing.process.BaseProcess] = set()
        self._died = False

    @property
    def window(self) -> int:
        """One block in each process, and one that waits for it."""
        return 2 * self._processes

    def submit(self, block: Block) -> Trained:
        """The future of a block; the first one starts the processes."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            ours, self._pipe = context.Pipe(duplex=False)
            self._pool = ProcessPoolExecutor(
                self._processes, context, initializer=begin, initargs=(ours,)
            )
        before = set(multiprocessing.active_children())
        try:
            future = self._pool.submit(self._train, block)
        except OSError as error:  # the pool closes at this moment, or a process cannot be started
            raise BrokenProcessPool(str(error)) from error
        self._started |= set(multiprocessing.active_children()) - before
        return future

    def withdraw(self, future: Trained) -> bool:
        """Leave it: a pool whose processes end with a block that was cancelled ends in an error.

        Few wait, and they are soon trained, or end with the processes.
        """
        return future.done()

    def check(self) -> None:
        """Have the pool fail what is in training where a process has died and it does not say so.

        That is where the process was dead at the last look already.
        """
        died = not all(process.is_alive() for process in self._started)
        if died and self._died:
            self._cut()
        self._died = died

    def close(self) -> None:
        """The processes end when their pipe closes; that is waited for a second at most."""
        self._cut()
        if self._pool is not None:
            manager = getattr(self._pool, "_executor_manager_thread", None)
            with suppress(OSError):  # of a pool that closes at this moment
                self._pool.shutdown(wait=False, cancel_futures=True)
            if manager is not None:  # else a program that ends meanwhile writes to its closed pipe
                manager.join(1.0)
        self._pool = self._pipe = None
        self._started, self._died = set(), False

    def _cut(self) -> None:
        """End all processes, and with them any half of a result: nobody can write its rest."""
        if self._pipe is not None:
            self._pipe.close()
        writer = getattr(getattr(self._pool, "_result_queue", None), "_writer", None)
        if writer is not None:
            writer.close()
