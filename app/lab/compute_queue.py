"""Compute lock with a bounded queue, in which clients take turns, and with cooperative yield.

Many small numpy calls in several threads contend for the interpreter, so computations are faster
one after the other. Whoever waits holds a thread of the server, so few may wait, and those that are
too many are told so at once: of all that wait, whoever computed most lately. Of those that wait,
the one goes next whose client computed least in the last seconds: one that asks for much waits for
itself, and not the others for it.

Long work that nobody waits for, such as drawing a landscape, yields between its parts: then whoever
has come meanwhile waits for one part, and not for the whole. Long training yields to other clients.

Whoever is refused hears when to ask again: after the time that those who wait need, and those who
were refused lately and will ask again, too. Were it always a second, a class that is too large
would ask the more in vain the larger it is. For who has hung up nothing is computed.
"""

import math
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from app.errors import Busy, Superseded

ADDRESS: ContextVar[str | None] = ContextVar("address", default=None)
"""The address from which this thread is asked; set for every request."""
CLIENT: ContextVar[str | None] = ContextVar("client", default=None)
"""Who asks, in this thread; set for every request."""
GONE: ContextVar[Callable[[], bool]] = ContextVar("gone", default=lambda: False)
"""Whether whoever asks, in this thread, has hung up; set for every request."""
LOOK = 1.0
"""Seconds of computing after which it is looked whether somebody still waits for it."""
HALF_LIFE = 2.0
"""Seconds after which half of what a client has computed is forgotten."""
RETURNS = 4.0
"""Seconds in which a client that was refused is expected to be back."""
LONGEST_WAIT = 10
"""Seconds after which a client that was refused is to ask again, at most."""
SHORT = 0.02
"""Seconds for which training goes on before it gives way to another client."""
_CLIENTS = 1000


@dataclass
class _Waiting:
    """A thread in the queue; `woken` when the lock is its own, or when it is `refused`.

    One that `yielded` has done part of its work; `behind`, it goes on after all that waited then.
    """

    key: Hashable
    client: str | None
    number: int
    behind: bool = False
    yielded: bool = False
    thread: int = field(default_factory=threading.get_ident)
    woken: threading.Event = field(default_factory=threading.Event)
    refused: Busy | Superseded | None = None

    def refuse(self, error: Busy | Superseded) -> None:
        """Has it raise an error in place of getting the lock."""
        self.refused = error
        self.woken.set()


class Many(str):
    """Clients who cannot be told apart: whoever asks from an address, and has no experiment yet."""

    __slots__ = ()


class _Usage:
    """The seconds that every client computed lately, each second worth less as time goes by.

    Of clients who cannot be told apart it is the mean of what they asked for: else those who come
    late to a class would wait for all who came before them, as if these were one that is heavy.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[str | None, tuple[float, float, float]] = {}

    def of(self, client: str | None) -> float:
        """The seconds of a client."""
        seconds, times = self._lately(client)
        return seconds / max(1.0, times) if isinstance(client, Many) else seconds

    def add(self, client: str | None, seconds: float, more: bool) -> None:
        """Counts what a client has computed, of something new that it asked for or `more` of it."""
        before, times = self._lately(client)
        self._known.pop(client, None)
        self._known[client] = before + seconds, times + (not more), self._clock()
        if len(self._known) > _CLIENTS:  # whoever computed longest ago
            del self._known[next(iter(self._known))]

    def _lately(self, client: str | None) -> tuple[float, float]:
        """The seconds of a client, and how often it asked."""
        seconds, times, at = self._known.get(client, (0.0, 0.0, 0.0))
        worth = float(0.5 ** ((self._clock() - at) / HALF_LIFE))
        return seconds * worth, times * worth


class ComputeQueue:
    """A lock that one thread holds at a time.

    A thread that waits longer than `timeout` seconds gets Busy; so does at once one that comes
    while `each` of its client wait already, and, while `most` wait, it or the one of them whose
    client computed most: one in the midst of its work only where all others are, too. So `most` and
    the holder have to be fewer than the server has threads: else nobody is left to say so.
    """

    def __init__(
        self,
        timeout: float,
        most: int = 64,
        each: int = 8,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout = timeout
        self._most, self._each = most, each
        self._clock = clock
        self._mutex = threading.Lock()
        self._queue: list[_Waiting] = []
        self._usage = _Usage(clock)
        self._holder: _Waiting | None = None
        self._since = 0.0
        self._looked = float("-inf")
        self._seconds = 0.0
        self._waited, self._noted = 0.0, clock()
        self._turn = 0.0  # seconds, the mean of the last turns
        self._refused: dict[str | None, float] = {}
        self._number = 0

    @contextmanager
    def lock(self, key: Hashable = None) -> Iterator[None]:
        """Holds the lock.

        A thread takes the place of one that still waits with the same `key`, if one is given; the
        other one gets Superseded. Raises Busy after the timeout, or where too many wait.
        """
        self._acquire(key)
        try:
            self._look(self._since)
            yield
        finally:
            self._release()

    def yield_to_waiting(self) -> None:
        """Called by the thread that holds the lock: lets those that wait now go first.

        Raises Busy, like `yield_to_others`, where its place is another client's now: what it has
        done is lost, and it holds the lock no more.
        """
        if not self._is_mine:
            return
        self._look(self._clock() - LOOK)
        if self._queue:
            self._step_back(behind=True)

    def yield_to_others(self) -> None:
        """Called by the thread that holds the lock: lets another client go first that waits.

        Not before it has computed for a moment, and to nobody of its own client: of two requests of
        one client, the one that came first ends first.
        """
        mine = self._holder
        if mine is None or not self._is_mine:
            return
        self._look(self._clock() - LOOK)
        if not self._queue or self._clock() - self._since < SHORT:
            return
        if any(other.client != mine.client for other in tuple(self._queue)):
            self._step_back(behind=False)

    def _look(self, since: float) -> None:
        """Raises Busy, which nobody hears, where whoever asked is gone; if not looked `since`."""
        if self._looked <= since:
            self._looked = self._clock()
            if GONE.get()():
                raise Busy(retry_after=1)

    @property
    def _is_mine(self) -> bool:
        """Whether this thread holds the lock."""
        holder = self._holder
        return holder is not None and holder.thread == threading.get_ident()

    @property
    def waiting(self) -> int:
        """How many threads wait."""
        return len(self._queue)

    @property
    def seconds(self) -> float:
        """For how long the lock has been held by now, by whomever."""
        running = self._clock() - self._since if self._holder is not None else 0.0
        return self._seconds + running

    @property
    def waited(self) -> float:
        """The seconds that clients have waited for others' turns by now, all of them together.

        One that has asked for several things waits once, and for itself it does not wait. What
        gives way to others does not count: it is to wait.
        """
        with self._mutex:
            self._note()
            return self._waited

    def _note(self) -> None:
        """Count who has waited; called before anybody comes or goes."""
        now = self._clock()
        clients = {one.client for one in self._queue if not one.behind}
        if self._holder is not None and self._holder.client is not None:
            clients.discard(self._holder.client)
        self._waited += len(clients) * (now - self._noted)
        self._noted = now

    def _acquire(self, key: Hashable) -> None:
        with self._mutex:
            self._number += 1
            mine = _Waiting(key, CLIENT.get(), self._number)
            if self._holder is None:
                self._begin(mine)
                return
            self._enqueue(mine)
        if not mine.woken.wait(self._timeout):
            with self._mutex:
                if not mine.woken.is_set():
                    self._note()
                    self._queue.remove(mine)
                    raise Busy(retry_after=max(1, round(self._timeout / 4)))
        if mine.refused is not None:
            raise mine.refused

    def _enqueue(self, mine: _Waiting) -> None:
        for place, other in enumerate(self._queue):
            if mine.key is not None and other.key == mine.key:
                mine.number = other.number
                self._queue[place] = mine
                other.refuse(Superseded())
                return
        of_client = sum(other.client == mine.client for other in self._queue)
        known = mine.client is not None
        if known and of_client >= self._each:
            raise Busy(self._wait(0))
        if len(self._queue) >= self._most:
            self._make_room(mine)
        self._note()
        self._queue.append(mine)

    def _make_room(self, mine: _Waiting) -> None:
        """Refuses the one that waits whose client computed most, or, where that is it, `mine`.

        One that has begun only where there is no other: its work would be for nothing. But many who
        have begun long work would keep everybody out until its end.
        """
        ready = [one for one in self._queue if not one.behind]
        fresh = [one for one in ready if not one.yielded]
        begun = [one for one in ready if one.yielded]
        for some in (fresh, begun):
            last = max(some, key=lambda one: (self._usage.of(one.client), one.number), default=None)
            if last is not None and self._usage.of(last.client) > self._usage.of(mine.client):
                self._note()
                self._queue.remove(last)
                last.refuse(self._busy(last.client))
                return
        raise self._busy(mine.client)

    def _busy(self, client: str | None) -> Busy:
        """One more who is refused, and when to ask again.

        Each is counted once, however often it asks: one that does not wait delays nobody else.
        """
        now = self._clock()
        while self._refused and now - next(iter(self._refused.values())) > RETURNS:
            del self._refused[next(iter(self._refused))]
        self._refused.pop(client, None)
        others = len(self._refused)
        if others < _CLIENTS:
            self._refused[client] = now
        return Busy(self._wait(others))

    def _wait(self, refused: int) -> int:
        """The seconds in which all who wait have had their turns, and so many who do not."""
        seconds = (len(self._queue) + refused) * self._turn
        return min(max(1, math.ceil(seconds)), LONGEST_WAIT)

    def _step_back(self, behind: bool) -> None:
        """Releases the lock, waits for it, however long that takes, and holds it again."""
        with self._mutex:
            before = self._holder
            if before is None:
                return
            self._number += behind
            number = self._number if behind else before.number
            mine = _Waiting(None, before.client, number, behind, yielded=True)
            self._note()
            self._end()
            self._queue.append(mine)
            self._next()
        mine.woken.wait()
        if mine.refused is not None:
            raise mine.refused
        self._look(self._since)

    def _release(self) -> None:
        """Pass the lock on, unless this thread lost it in the midst of its work."""
        with self._mutex:
            if not self._is_mine:
                return
            self._end()
            if self._queue:
                self._next()

    def _begin(self, mine: _Waiting) -> None:
        self._holder, self._since = mine, self._clock()

    def _end(self) -> None:
        if self._holder is not None:
            held = self._clock() - self._since
            self._seconds += held
            self._turn += 0.1 * (held - self._turn)
            self._usage.add(self._holder.client, held, self._holder.yielded)
        self._holder = None

    def _next(self) -> None:
        """Gives the lock to the oldest, if it has yielded, or to whose client computed least."""
        chosen = min(self._queue, key=lambda one: one.number)
        if not chosen.behind:
            ready = [one for one in self._queue if not one.behind]
            used = {one.client: self._usage.of(one.client) for one in ready}
            chosen = min(ready, key=lambda one: (used[one.client], one.number))
        self._note()
        self._queue.remove(chosen)
        self._begin(chosen)
        chosen.woken.set()
