"""Blocks trained by the workers of a Dask scheduler, through `dask.distributed`.

That is installed apart. What stands at the scheduler's address may be slow, silent, or something
else altogether, and `distributed` may wait for it without an end. So it is asked in a thread of its
own, one question at a time, and nobody waits for longer than `PATIENCE`: one who asks while a
question is out is told what was heard last.
"""

import asyncio
import threading
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

from app.errors import ExecutorUnavailable
from app.lab.study.block import Block, train_block
from app.lab.study.executor import BlockExecutor, Trained

PATIENCE = 5.0
"""Seconds in which a scheduler has to answer."""
FIRST = 3 * PATIENCE
"""Seconds for the first question: `distributed` is imported, which takes a busy machine a while."""
FRESH = 1.0
"""Seconds for which what was heard is taken for what is."""
GIVEN_UP = 60.0
"""Seconds after which a question that nothing has come of is asked anew."""


class _Question:
    """What a thread of its own asks the scheduler; `over` once it has an answer, or none."""

    def __init__(self) -> None:
        self.asked = time.monotonic()
        self.over = threading.Event()


class DaskExecutor(BlockExecutor):
    """The workers of a Dask scheduler, of which it is told where one dies or a new one comes."""

    ends_what_runs = False

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        """Over all below; held for a moment only, never while something is asked."""
        self._client: Any = None
        self._executor: Any = None
        self._threads = 1
        self._question: _Question | None = None
        self._heard = float("-inf")
        self._problem: str | None = None

    @property
    def window(self) -> int:
        """Two blocks for each thread of a worker, as of the last `check`."""
        return max(2, 2 * self._threads)

    def submit(self, block: Block) -> Trained:
        """The future of a block, which is trained even if one like it was (`pure=False`)."""
        with self._lock:
            client, executor = self._client, self._executor
        if client is None or client.status != "running":
            raise ExecutorUnavailable(self._silence)
        try:
            future: Trained = executor.submit(train_block, block)
        except (OSError, RuntimeError) as error:  # the connection ends at this moment
            raise ExecutorUnavailable(self._silence) from error
        return future

    def check(self) -> None:
        """Ask the scheduler for its workers. Raises ExecutorUnavailable where it does not answer.

        A scheduler without workers answers: blocks wait until there is one.
        """
        with self._lock:
            question = self._to_wait_for()
        seconds = FIRST if self._heard == float("-inf") else PATIENCE
        if question is not None and not question.over.wait(seconds):
            self._hear(question, self._silence)
        with self._lock:
            problem = self._problem
        if problem is not None:
            raise ExecutorUnavailable(problem)

    def close(self) -> None:
        """Cancel what waits, and let go of the connection."""
        with self._lock:
            client, self._client, self._executor = self._client, None, None
        if client is not None:
            _end(client)

    @property
    def _silence(self) -> str:
        return f"no Dask scheduler answers at {self._address}"

    def _to_wait_for(self) -> _Question | None:
        """A question that is asked now, or None where what was heard last has to do."""
        now, out = time.monotonic(), self._question
        if out is not None and now - out.asked < GIVEN_UP:
            return out if self._heard == float("-inf") else None
        if now - self._heard < FRESH:
            return None
        self._question = question = _Question()
        threading.Thread(target=self._ask, args=(question,), name="dask", daemon=True).start()
        return question

    def _ask(self, question: _Question) -> None:
        """Hear how many threads the workers have, over a connection that is there or a new one."""
        with self._lock:
            before = client = self._client
        threads, problem = 1, None
        try:
            if client is None or client.status != "running":
                client = self._connected()
            asked = client.scheduler.ncores
            threads = sum(client.sync(asked, callback_timeout=PATIENCE).values())
        except ExecutorUnavailable as error:
            problem = str(error)
        except Exception:  # noqa: BLE001 (whatever the bytes of what is no scheduler lead to)
            problem = self._silence
        kept = client if problem is None else None
        executor = None if kept is None else kept.get_executor(pure=False)
        with self._lock:
            if self._question is question:
                self._question, self._client, self._executor = None, kept, executor
                self._threads, self._problem, self._heard = threads, problem, time.monotonic()
            else:  # given up, and asked anew
                before = kept = self._client
        question.over.set()
        for each in {before, client} - {kept, None}:
            _end(each)

    def _hear(self, question: _Question, problem: str) -> None:
        """Keep that a question has had its time, unless it was answered at this moment."""
        with self._lock:
            if not question.over.is_set():
                self._problem, self._heard = problem, time.monotonic()

    def _connected(self) -> Any:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise ExecutorUnavailable(
                "studies on Dask need dask.distributed: pip install -r requirements-dask.txt"
            ) from None
        asyncio.run(_greet(distributed, self._address))
        return distributed.Client(self._address, timeout=PATIENCE, set_as_default=False)


async def _greet(distributed: Any, address: str) -> None:
    """Have a scheduler say its first words; a client would wait for them without an end."""
    connect = import_module("distributed.comm").connect
    comm = await asyncio.wait_for(connect(address, timeout=PATIENCE), PATIENCE)
    comm.abort()


def _end(client: Any) -> None:
    with suppress(OSError, TimeoutError):
        client.close(timeout=1)
