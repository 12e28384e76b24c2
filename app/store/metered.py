"""A store that counts, and keeps within quotas, around any other store."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.config import Quotas
from app.errors import DiskLow, QuotaFull, QuotaUsed, StoreUnavailable
from app.store.base import Chunk, Record, Store, Usage

HOUR = 3600.0
"""Seconds in which what a client makes counts."""
LOOK_AGAIN = 5.0
"""Seconds for which it is not looked again how much is kept."""
CLIENTS = 5000
"""Of so many clients it is known what they made; those that made nothing for longest are dropped.
"""
NEW = 0.9
"""From this share of the bytes that may be kept on there are no more new experiments: what is left
is for those that are there, which go on."""
SPARE = 256 << 20
"""Bytes of its disk that a store leaves free: with less there is nothing new …"""
SPARE_SHARE = 0.05
"""… or, of a small disk, this share of it …"""
LAST = 0.5
"""… and with less than this share of that, what is there does not grow either."""


@dataclass
class _Made:
    """What a client made lately: when, how many experiments, how many bytes, oldest first."""

    entries: deque[tuple[float, int, int]] = field(default_factory=deque)
    experiments: int = 0
    bytes: int = 0

    def forget(self, until: float) -> None:
        """Drops what was made by then."""
        while self.entries and self.entries[0][0] <= until:
            _, experiments, size = self.entries.popleft()
            self.experiments -= experiments
            self.bytes -= size

    def add(self, now: float, experiments: int, size: int) -> None:
        """Counts what was made just now; that of one minute is one entry."""
        if self.entries and now - self.entries[-1][0] < 60.0:
            at, before, bytes_before = self.entries.pop()
            self.entries.append((at, before + experiments, bytes_before + size))
        else:
            self.entries.append((now, experiments, size))
        self.experiments += experiments
        self.bytes += size


class MeteredStore(Store):
    """Another store, within quotas; `failures` counts how often it could not answer.

    `client` says who asks. Beside what the other store raises, `create`, `copy`, and `save` with
    chunks raise QuotaFull where as much is kept as may be, DiskLow where the disk has little room
    left, and QuotaUsed where the client has made as much in the last hour, in this process, as it
    may. To replace a record, as to go back does, and to delete one is always possible.
    """

    def __init__(
        self,
        store: Store,
        quotas: Quotas,
        client: Callable[[], str | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._quotas, self._client, self._clock = store, quotas, client, clock
        self._lock = threading.Lock()
        self._made: dict[str, _Made] = {}
        self._usage: tuple[float, Usage | None] = (float("-inf"), None)
        self._grown = Usage(0, 0)
        """What this process has stored since it looked how much is kept."""
        self.failures = 0

    def create(self, record: Record, chunk: Chunk) -> None:
        with self._within(1) as count:
            self._store.create(record, chunk)
            count(_size(record, chunk))

    def copy(self, source: str, record: Record, last: int) -> int:
        with self._within(1) as count:
            copied = self._store.copy(source, record, last)
            count(_size(record) + copied)
        return copied

    def save(self, record: Record, *chunks: Chunk, keep_until: int | None = None) -> None:
        if not chunks:
            with self._counting():
                self._store.save(record, keep_until=keep_until)
            return
        with self._within(0) as count:
            self._store.save(record, *chunks, keep_until=keep_until)
            count(_size(*chunks))

    def load(self, id: str) -> Record:
        with self._counting():
            return self._store.load(id)

    def chunks(self, id: str, first: int = 0, last: int | None = None) -> list[Chunk]:
        with self._counting():
            return self._store.chunks(id, first, last)

    def delete(self, id: str) -> None:
        with self._counting():
            self._store.delete(id)
        self._usage = (float("-inf"), None)

    def expire(self) -> int:
        with self._counting():
            return self._store.expire()

    def check(self) -> None:
        with self._counting():
            self._store.check()

    def check_writable(self) -> None:
        with self._counting():
            self._store.check_writable()

    def now(self) -> float:
        with self._counting():
            return self._store.now()

    def usage(self) -> Usage | None:
        at, known = self._usage
        if self._clock() - at > LOOK_AGAIN:
            with self._counting():
                known = self._store.usage()
            self._usage, self._grown = (self._clock(), known), Usage(0, 0)
        return None if known is None else _sum(known, self._grown)

    def close(self) -> None:
        self._store.close()

    @contextmanager
    def _counting(self) -> Iterator[None]:
        try:
            yield
        except StoreUnavailable:
            self.failures += 1
            raise

    @contextmanager
    def _within(self, experiments: int) -> Iterator[Callable[[int], None]]:
        """Refuses what would be too much; what it yields counts the bytes that were stored."""
        self._check_all(experiments)
        made = self._check_client(experiments)

        def count(size: int) -> None:
            with self._lock:
                self._grown = _sum(self._grown, Usage(experiments, size))
                if made is not None:
                    made.add(self._clock(), experiments, size)

        with self._counting():
            yield count

    def _check_all(self, experiments: int) -> None:
        most, kept = self._quotas, self.usage()
        if kept is None:
            return
        if experiments and most.experiments is not None and kept.experiments >= most.experiments:
            raise QuotaFull("experiments", most.experiments)
        share = NEW if experiments else 1.0
        if most.bytes is not None and kept.bytes >= share * most.bytes:
            raise QuotaFull("bytes", most.bytes)
        if kept.disk_bytes is not None and kept.disk_free is not None:
            spare = min(SPARE, SPARE_SHARE * kept.disk_bytes)
            least = int(spare if experiments else LAST * spare)
            if kept.disk_free < least:
                raise DiskLow(least)

    def _check_client(self, experiments: int) -> _Made | None:
        most, client = self._quotas, self._client()
        if client is None or (most.client_experiments is None and most.client_bytes is None):
            return None
        with self._lock:
            made = self._made.pop(client, None) or _Made()
            self._made[client] = made
            if len(self._made) > CLIENTS:
                del self._made[next(iter(self._made))]
            made.forget(self._clock() - HOUR)
            for what, known, limit in (
                ("experiments", made.experiments + experiments, most.client_experiments),
                ("bytes", made.bytes + 1, most.client_bytes),
            ):
                if limit is not None and known > limit and (experiments or what == "bytes"):
                    wait = made.entries[0][0] + HOUR - self._clock() if made.entries else HOUR
                    raise QuotaUsed(what, limit, max(1, round(wait)))
        return made


def _sum(kept: Usage, grown: Usage) -> Usage:
    """What is kept, and what has come to it since, which the disk has no longer free."""
    free = None if kept.disk_free is None else kept.disk_free - grown.bytes
    experiments, size = kept.experiments + grown.experiments, kept.bytes + grown.bytes
    return Usage(experiments, size, kept.disk_bytes, free)


def _size(*parts: Record | Chunk) -> int:
    return sum(
        len(part.data) if isinstance(part, Chunk) else len(part.body) + len(part.state)
        for part in parts
    )
