"""The line of studies that wait or run, one for all server processes that share a store.

It is one small record of the store, so it survives any of them. A process that runs a study holds a
lease on it, which it renews; one whose lease is over may have died, and its study is taken over.
Leases are of the store's time: the clocks of several machines need not agree. On one machine a lock
says who runs studies (`runner`), so a lease of another process there is over.
Two processes that change the line at once see it by the record's version, and one tries again.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from logging import getLogger

from app.errors import Busy, Conflict, DamagedExperiment, LineFull, LineUsed, UnknownExperiment
from app.lab.history.repair import DAMAGE
from app.store.base import Chunk, Record, Store

RUNNING = 2
"""Studies that are trained at the same time."""
WAITING = 20
"""Studies that may wait."""
EACH = 10
"""Studies of one client that may be trained or wait: fewer than half, so that none takes all."""
LEASE = 20.0
"""Seconds until a study is taken over whose process, on another machine, is not heard of."""
_ID = "line/studies"  # which no path of a request leads to, as for studies
_TRIES = 100
_log = getLogger(__name__)


@dataclass(frozen=True)
class Owner:
    """A process that runs studies, on a machine."""

    machine: str
    process: str


@dataclass(frozen=True)
class Entry:
    """A study in the line, and the process that runs it until a time; None while it waits.

    `until` is of the store's time. `client` is a digest of the address that it came from: addresses
    themselves are not stored.
    """

    id: str
    owner: Owner | None = None
    until: float = 0.0
    client: str | None = None


class Line:
    """Studies in the order in which they came. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self) -> tuple[Entry, ...]:
        """All studies that wait or run."""
        return self._load()[1]

    def join(self, id: str, address: str | None = None) -> None:
        """Put a study, which came from an address, at the end of the line, unless it is in it.

        Raises LineFull, and LineUsed where that address has too many in the line.
        """
        client = None if address is None else hashlib.sha256(address.encode()).hexdigest()[:16]

        def joined(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
            if any(entry.id == id for entry in entries):
                return entries
            if len(entries) >= RUNNING + WAITING:
                raise LineFull(RUNNING + WAITING, retry_after=30)
            if client is not None and sum(entry.client == client for entry in entries) >= EACH:
                raise LineUsed(EACH, retry_after=30)
            return (*entries, Entry(id, client=client))

        self._change(joined)

    def leave(self, id: str) -> None:
        """Take a study out of the line."""
        self._change(lambda entries: tuple(entry for entry in entries if entry.id != id))

    def take(self, owner: Owner) -> list[str]:
        """Renew the owner's leases, and take those of the first studies that nobody runs.

        The ids of all studies that this owner now runs.
        """
        before: dict[str, Owner | None] = {}

        def taken(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
            before.update((entry.id, entry.owner) for entry in entries)
            if not entries:  # which needs no time: to ask for it is one more way to the store
                return entries
            now = self._store.now()
            return tuple(
                replace(entry, owner=owner, until=now + LEASE)
                if place < RUNNING and _is_due(entry, owner, now)
                else entry
                for place, entry in enumerate(entries)
            )

        mine = [entry.id for entry in self._change(taken) if entry.owner == owner]
        for id in mine:
            if (other := before[id]) not in (None, owner):
                process, _, _ = other.process.partition(" ")
                _log.warning("study %s: taken over from %s on %s", id, process, other.machine)
        return mine

    def release(self, owner: Owner, ids: Iterable[str]) -> None:
        """Give studies back to the line, where they keep their places."""
        released = set(ids)
        self._change(
            lambda entries: tuple(
                replace(entry, owner=None, until=0.0)
                if entry.owner == owner and entry.id in released
                else entry
                for entry in entries
            )
        )

    def _load(self) -> tuple[int, tuple[Entry, ...]]:
        """The version of the record, 0 without one, and what it holds."""
        try:
            record = self._store.load(_ID)
        except DamagedExperiment:  # not even its version is known
            _log.error("the record of the line of studies is lost, and begins anew")
            with suppress(UnknownExperiment):
                self._store.delete(_ID)
            return 0, ()
        except UnknownExperiment:
            return 0, ()
        try:
            return record.version, _entries(record)
        except DAMAGE as error:
            _log.error("the line of studies is damaged, and begins anew: %s", error)
        with suppress(Conflict, UnknownExperiment):  # then another process has seen it too
            self._store.save(Record(_ID, record.version + 1, b"[]", b"{}"))
            return record.version + 1, ()
        return record.version, ()

    def _change(
        self, change: Callable[[tuple[Entry, ...]], tuple[Entry, ...]]
    ) -> tuple[Entry, ...]:
        """Apply a change, again and again until no other process comes between."""
        for _ in range(_TRIES):
            version, entries = self._load()
            changed = change(entries)
            if changed == entries:
                return entries
            body = json.dumps([_plain(entry) for entry in changed]).encode()
            # Beside the body, whose form a server of an earlier version knows.
            clients = {entry.id: entry.client for entry in changed if entry.client is not None}
            record = Record(_ID, version + 1, body, json.dumps(clients).encode())
            try:
                if version:
                    self._store.save(record)
                else:
                    self._store.create(record, Chunk(0, 0, b""))
            except (Conflict, UnknownExperiment):
                continue
            return changed
        raise Busy(retry_after=1)


def _is_due(entry: Entry, owner: Owner, now: float) -> bool:
    """Whether an owner takes a lease: nobody has it, it is over, or half of its own is.

    One that lasts longer than any is over too: it was taken before the store's time went back.
    """
    if entry.owner is None or (entry.owner != owner and entry.owner.machine == owner.machine):
        return True
    if entry.until > now + 2 * LEASE:
        return True
    return entry.until < (now + LEASE / 2 if entry.owner == owner else now)


def _entries(record: Record) -> tuple[Entry, ...]:
    """The entries of the line's record. Raises one of DAMAGE."""
    clients = json.loads(record.state or b"{}")
    plain = json.loads(record.body)
    if not isinstance(plain, list) or not all(isinstance(each, list) for each in plain):
        raise TypeError("it is no list of lists")
    entries = [_entry(*each) for each in plain]
    for entry in entries:
        owner = () if entry.owner is None else (entry.owner.machine, entry.owner.process)
        if not all(isinstance(word, str) for word in (entry.id, *owner)):
            raise TypeError(f"{entry} is no entry")
        entry.id.encode()  # or it is no id
        if not math.isfinite(entry.until):
            raise ValueError(f"{entry} has no end")
    return tuple(replace(entry, client=clients.get(entry.id)) for entry in entries)


def _plain(entry: Entry) -> list[str | float | None]:
    if entry.owner is None:
        return [entry.id]
    return [entry.id, entry.owner.machine, entry.owner.process, entry.until]


def _entry(id: str, machine: str = "", process: str = "", until: float = 0.0) -> Entry:
    return Entry(id, Owner(machine, process), until) if process else Entry(id)
