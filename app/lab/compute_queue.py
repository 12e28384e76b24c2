"""FIFO compute lock with cooperative yield.

Many small numpy calls in several threads contend for the interpreter, so computations are faster
one after the other. Long work that nobody waits for, such as drawing a landscape, yields between
its parts: then whoever has come meanwhile waits for one part, and not for the whole.
"""

import threading
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.errors import Busy, Superseded


@dataclass
class _Waiting:
    """A thread in the queue; `woken` when the lock is its own, or when it is `superseded`."""

    key: Hashable
    woken: threading.Event = field(default_factory=threading.Event)
    superseded: bool = False


class ComputeQueue:
    """A lock that threads get in the order in which they asked.

    A thread that waits longer than `timeout` seconds gets Busy.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._mutex = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._locked = False

    @contextmanager
    def lock(self, key: Hashable = None) -> Iterator[None]:
        """Holds the lock.

        A thread takes the place of one that still waits with the same `key`, if one is given; the
        other one gets Superseded. Raises Busy after the timeout.
        """
        self._acquire(key, self._timeout)
        try:
            yield
        finally:
            self._release()

    def yield_to_waiting(self) -> None:
        """Called by the thread that holds the lock: lets those that wait now go first."""
        if self._queue:
            self._release()
            self._acquire(None, None)

    def _acquire(self, key: Hashable, timeout: float | None) -> None:
        with self._mutex:
            if not self._locked:
                self._locked = True
                return
            mine = self._enqueue(key)
        if not mine.woken.wait(timeout):
            with self._mutex:
                if not mine.woken.is_set():
                    self._queue.remove(mine)
                    raise Busy(retry_after=max(1, round(self._timeout / 4)))
        if mine.superseded:
            raise Superseded

    def _enqueue(self, key: Hashable) -> _Waiting:
        mine = _Waiting(key)
        for place, other in enumerate(self._queue):
            if key is not None and other.key == key:
                self._queue[place] = mine
                other.superseded = True
                other.woken.set()
                return mine
        self._queue.append(mine)
        return mine

    def _release(self) -> None:
        with self._mutex:
            if self._queue:
                self._queue.popleft().woken.set()
            else:
                self._locked = False
