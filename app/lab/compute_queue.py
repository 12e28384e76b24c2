"""Turns: who computes now. One thread at a time, in the order in which they asked.

Many small numpy calls in many threads fight for the interpreter, so that one after the other is
faster for all. Whoever has long work that nobody waits for, as drawing a landscape, gives way
between its parts: then whoever came meanwhile waits for one part only, and never for the whole.
"""

import threading
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.errors import Busy, Superseded


@dataclass
class _Waiting:
    """Somebody in the queue; `called` when it is their turn, or when they are `superseded`."""

    key: Hashable
    called: threading.Event = field(default_factory=threading.Event)
    superseded: bool = False


class Turns:
    """A queue of threads for something that one of them has at a time.

    Who waits longer than `patience` seconds is told `Busy`.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._taken = False

    @contextmanager
    def turn(self, key: Hashable = None) -> Iterator[None]:
        """A turn of one's own. Who asks with the `key` of somebody who still waits takes their
        place, and they are told `Superseded`."""
        self._take(key)
        try:
            yield
        finally:
            self._give_back()

    def give_way(self) -> None:
        """Called by whose turn it is: lets those who wait now go first."""
        if self._queue:
            self._give_back()
            self._take(None, patient=True)

    def _take(self, key: Hashable, patient: bool = False) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = self._join(key)
        if not mine.called.wait(None if patient else self._patience):
            with self._lock:
                if not mine.called.is_set():
                    self._queue.remove(mine)
                    raise Busy(retry_after=max(1, round(self._patience / 4)))
        if mine.superseded:
            raise Superseded

    def _join(self, key: Hashable) -> _Waiting:
        mine = _Waiting(key)
        for place, other in enumerate(self._queue):
            if key is not None and other.key == key:
                self._queue[place] = mine
                other.superseded = True
                other.called.set()
                return mine
        self._queue.append(mine)
        return mine

    def _give_back(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().called.set()
            else:
                self._taken = False
