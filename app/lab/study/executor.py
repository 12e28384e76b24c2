"""Where blocks are trained: in processes of this computer, or by a Dask scheduler's workers.

Both are executors of `concurrent.futures`: a block goes in, a future comes out. What they train is
the same to the last bit.
"""

import multiprocessing
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

from app.errors import BadSetting, ExecutorUnavailable
from app.lab.study.block import Block, RecipeChunk, train_block
from app.lab.study.pool_worker import begin

DASK = "dask://"
PATIENCE = 5.0
"""Seconds in which a scheduler has to answer."""

Trained = Future[tuple[RecipeChunk, ...]]
Train = Callable[[Block], tuple[RecipeChunk, ...]]


class BlockExecutor(ABC):
    """Trains blocks, several at a time. It begins with the first one, and then stays."""

    @property
    @abstractmethod
    def window(self) -> int:
        """The number of blocks that keep it busy."""

    @abstractmethod
    def submit(self, block: Block) -> Trained:
        """The future of a block.

        Raises BrokenProcessPool where a process has died, and ExecutorUnavailable.
        """

    @abstractmethod
    def check(self) -> None:
        """Do nothing, or raise ExecutorUnavailable where blocks cannot be trained now."""

    @abstractmethod
    def close(self) -> None:
        """End at once what runs, and let go of processes and connections; `submit` begins anew."""


def executor_of(setting: str, processes: int | None = None) -> BlockExecutor:
    """The executor that a setting names: `processes`, or `dask://host:port`.

    Raises BadSetting for another one, and where no scheduler answers.
    """
    if setting == "processes":
        return ProcessExecutor(processes or usual_processes())
    address = setting.removeprefix(DASK)
    if address == setting or not _is_address(address):
        raise BadSetting(
            "PLAYGROUND_STUDIES must be `processes` or a scheduler, as in dask://host:8786, not"
            f" {setting[:200]!r}"
        )
    executor = DaskExecutor(f"tcp://{address}")
    try:
        executor.check()
    except ExecutorUnavailable as error:
        raise BadSetting(str(error)) from None
    return executor


def _is_address(text: str) -> bool:
    """Whether it names a host and a port."""
    try:
        parts = urlsplit(f"//{text}")
        return bool(parts.hostname and parts.port and parts.netloc == text)
    except ValueError:
        return False


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

    def check(self) -> None:
        """Have the pool fail what is in training where a process has died and it does not say so.

        That is where the process was dead at the last look already.
        """
        died = not all(process.is_alive() for process in self._started)
        if died and self._died:
            self._cut()
        self._died = died

    def close(self) -> None:
        """The processes end when their pipe closes; nothing waits for them."""
        self._cut()
        if self._pool is not None:
            with suppress(OSError):  # of a pool that closes at this moment
                self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._pipe = None
        self._started, self._died = set(), False

    def _cut(self) -> None:
        """End all processes, and with them any half of a result: nobody can write its rest."""
        if self._pipe is not None:
            self._pipe.close()
        writer = getattr(getattr(self._pool, "_result_queue", None), "_writer", None)
        if writer is not None:
            writer.close()


class DaskExecutor(BlockExecutor):
    """The workers of a Dask scheduler, through `dask.distributed`, which is installed apart."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client: Any = None
        self._executor: Any = None
        self._threads = 1
        self._connecting = threading.RLock()

    @property
    def window(self) -> int:
        """Two blocks for each thread of a worker, as of the last `check`."""
        return max(2, 2 * self._threads)

    def submit(self, block: Block) -> Trained:
        """The future of a block, which is trained even if one like it was (`pure=False`)."""
        with self._connecting:
            self._connect()
            future: Trained = self._executor.submit(train_block, block)
            return future

    def check(self) -> None:
        """Ask the scheduler for its workers. Raises ExecutorUnavailable where it does not answer.

        A scheduler without workers answers: blocks wait until there is one.
        """
        with self._connecting:
            self._connect()
            client = self._client
            ask = client.scheduler.ncores
            threads = self._asked(lambda: client.sync(ask, callback_timeout=PATIENCE))
            self._threads = sum(threads.values())

    def close(self) -> None:
        """Cancel what waits, and let go of the connection."""
        with self._connecting:
            client, self._client, self._executor = self._client, None, None
        if client is not None:
            with suppress(OSError, TimeoutError):
                client.close(timeout=1)

    def _connect(self) -> None:
        if self._client is not None:
            if self._client.status == "running":
                return
            self.close()
        try:
            client_of: Any = import_module("distributed").Client
        except ImportError:
            raise ExecutorUnavailable(
                "studies on Dask need dask.distributed: pip install -r requirements-dask.txt"
            ) from None
        address, patience = self._address, PATIENCE
        self._client = self._asked(
            lambda: client_of(address, timeout=patience, set_as_default=False)
        )
        self._executor = self._client.get_executor(pure=False)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (OSError, TimeoutError) as error:
            self.close()
            raise ExecutorUnavailable(f"no Dask scheduler answers at {self._address}") from error
