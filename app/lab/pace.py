"""Pace: how much slower than usual clients are to ask, so that a busy server keeps up.

A page that plays can ask for longer blocks less often, and for fewer pictures. It cannot know how
many others do; the server does, and says it in every answer. The pace rises while the process has
hardly a pause, or while clients wait for their turns, and falls while it has and they do not: what
all clients ask for together then stays just below what the process can do, and nobody waits long.
How many wait tells it where the processor does not, as when others have it too: by Little's law it
is what comes in a second times how long each waits. Where hardly anybody waits, a busy processor is
no reason to slow down: somebody uses what nobody else wants.

A page asks for blocks that are longer by the pace, up to a length; beyond, it shows fewer steps a
second. So there is for any class a pace that the process can hold.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

SLOWEST = 100.0
"""The most that clients are asked to slow down: a page shows a tenth of its steps then."""
SOONEST = 0.5
"""Seconds after which the pace is looked at again at the earliest."""
ANSWER, RISE_AFTER, FALL_AFTER = 0.3, 2.0, 6.0
"""Seconds for each unit of pace, and at most, until it rises once more, or falls.

A page goes on as before until its next answer tells it, and has some steps in hand: whoever does
not wait for what comes of a change makes it again, and swings. These figures hold classes of 20 to
150 in a simulation of their queue; with a quicker fall it swings from one end to the other.
"""
HASTE = 20.0
"""Up to this pace it does not wait to rise where far too much is asked for, as when a class comes.

What waits by then delays everybody, and the nearer the pace is to right, the longer it takes to go.
"""
RISE, FALL = 1.25, 0.8
"""By how much it rises, and falls, at most at a time: the less, the nearer it is to right."""


ALONE = 0.3
"""Up to so many wait where whoever computes is in nobody's way."""


class Measure(NamedTuple):
    """Seconds that have been computed, or waited, by now; so many in a second leave the pace."""

    seconds: Callable[[], float]
    easy: float
    full: float


def busy(seconds: Callable[[], float]) -> Measure:
    """Seconds of a processor, of which there is one in a second."""
    return Measure(seconds, 0.7, 0.9)


def crowded(seconds: Callable[[], float]) -> Measure:
    """Seconds that clients wait: in each second as many as wait, on average."""
    return Measure(seconds, 1.0, 3.0)


class Pace:
    """The pace, 1 or more, that keeps all measures between their two ends.

    The first one is of the clients that wait: it does not rise where hardly any do.
    """

    def __init__(
        self, measures: Sequence[Measure], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._measures, self._clock = measures, clock
        self._lock = threading.Lock()
        self._pace = 1.0
        self._at, self._before = clock(), self._read()

    def now(self) -> float:
        """The pace."""
        if self._clock() - self._at >= SOONEST and self._lock.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._lock.release()
        return self._pace

    def _read(self) -> list[float]:
        return [measure.seconds() for measure in self._measures]

    def _follow(self) -> None:
        now, seconds = self._clock(), self._read()
        elapsed = now - self._at
        if elapsed < SOONEST:
            return  # another thread has just looked
        shares = [
            (after - before) / elapsed for after, before in zip(seconds, self._before, strict=True)
        ]
        measured = list(zip(shares, self._measures, strict=True))
        above = max((share - each.full) / (each.full - each.easy) for share, each in measured)
        part = max(share / each.easy for share, each in measured)
        if above > 0.0 and shares[0] > ALONE:
            if elapsed < self._after(RISE_AFTER) and (above < 1.0 or self._pace >= HASTE):
                return
            self._pace = min(SLOWEST, self._pace * RISE ** min(above, 1.0))
        else:
            after = self._after(FALL_AFTER)
            if elapsed < after:
                return
            # After a long silence there is nothing left to wait for.
            self._pace = max(
                1.0, self._pace * min(1.0, max(FALL, part)) ** min(elapsed / after, 100.0)
            )
        self._at, self._before = now, seconds

    def _after(self, most: float) -> float:
        return min(max(SOONEST, ANSWER * self._pace), most)
