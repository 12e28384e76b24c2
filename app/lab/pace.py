"""Pace: how much slower than usual clients are to ask, so that a busy server keeps up.

A page that plays can ask for longer blocks less often, and for fewer pictures. It cannot know how
many others do; the server does, and says it in every answer. The pace rises while the process has
hardly a pause, or while clients wait for their turns, and falls while it has and they do not: what
all clients ask for together then stays just below what the process can do, and nobody waits long.
How many wait tells it where the processor does not, as when others have it too: by Little's law it
is what comes in a second times how long each waits.
"""

import threading
import time
from collections.abc import Callable

SLOWEST = 10.0
"""The most that clients are asked to slow down."""
PERIOD = 0.5
"""Seconds after which the pace is looked at again."""
BUSY = (0.65, 0.85)
"""The shares of a core between which the pace stays."""
CROWDED = (0.5, 1.5)
"""… and the clients that wait, on average: of 40 blocks a second each waits 40 ms then."""
STEP = 1.25


class Pace:
    """The pace, 1 or more, from the `seconds` that were computed, or waited, up to now.

    It stays while so many pass in a second as lie between the two of `within`.
    """

    def __init__(
        self,
        seconds: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.monotonic,
        within: tuple[float, float] = BUSY,
    ) -> None:
        self._easy, self._full = within
        self._seconds, self._clock = seconds, clock
        self._lock = threading.Lock()
        self._pace = 1.0
        self._at, self._before = clock(), seconds()

    def now(self) -> float:
        """The pace."""
        elapsed = self._clock() - self._at
        if elapsed >= PERIOD and self._lock.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._lock.release()
        return self._pace

    def _follow(self) -> None:
        now, seconds = self._clock(), self._seconds()
        elapsed = now - self._at
        if elapsed < PERIOD:
            return  # another thread has just looked
        share = (seconds - self._before) / elapsed
        self._at, self._before = now, seconds
        if share >= self._full:
            self._pace = min(SLOWEST, self._pace * STEP)
        elif share <= self._easy:
            # After a long silence there is nothing left to wait for.
            self._pace = max(1.0, self._pace / STEP ** min(elapsed / PERIOD, 12.0))
