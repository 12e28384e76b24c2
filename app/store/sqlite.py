"""Experiments in one SQLite file: nothing to install, nothing to run, safe for many processes.

In WAL mode readers never wait, and a commit is an append to a log that survives the death of any
process using it. Writers take turns: each asks for the only write lock as it begins, so that none
finds out at its end that it was too late.
"""

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from logging import getLogger
from pathlib import Path
from typing import TypeVar

from app.errors import (
    BadSetting,
    Conflict,
    DamagedExperiment,
    StaleVersion,
    StoreFull,
    StoreUnavailable,
    UnknownExperiment,
)
from app.store.base import Chunk, Record, Store, Usage

_log = getLogger(__name__)
APPLICATION = 0x4261736E  # "Basn", in the file's header: whose file this is
SCHEMA = 1
STRICT = "STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""
TABLES = (
    f"""
    CREATE TABLE experiment (
        id TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        body BLOB NOT NULL,
        state BLOB NOT NULL,
        used REAL NOT NULL  -- when it was last used, to the nearest `_grain` seconds before
    ) {STRICT}
    """,
    "CREATE INDEX experiment_by_use ON experiment (used)",
    f"""
    CREATE TABLE chunk (
        number INTEGER PRIMARY KEY,  -- grows in the order of appending
        experiment TEXT NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        data BLOB NOT NULL
    ) {STRICT}
    """,
    "CREATE INDEX chunk_by_step ON chunk (experiment, first, last)",
)
_Found = TypeVar("_Found")
END_OF_TIME = 2**63 - 1
MOST_VERSION = 2**53
"""Nobody saves an experiment so often: it is a bit that the disk has changed."""
RESERVE = 8 << 20
"""Bytes of the disk that are kept for a time when it is full: twice what the log may grow to."""
SHARE_KEPT = 4
"""… but no more than a fourth of what is free."""
SMALL_RECORD = 1 << 20
"""Bytes of a record that is replaced on a full disk, out of the reserve."""
ROOM = 1 << 20
"""With less than so many bytes free on its disk a store cannot be written any more."""
UNSEEN = 86_400.0
"""Seconds: so much at most of the time in which no server ran counts as time of no use."""
PAGES_LOGGED = 1000  # of 4 kB, after which SQLite moves the log into the file
PAGES_GIVEN_BACK = 5000  # of 4 kB, at a time
BATCH = 50  # experiments removed in one go, so that other writers get their turn


class SqliteStore(Store):
    """A store in one file, for all threads and processes of one machine."""

    def __init__(
        self,
        path: str | Path,
        *,
        lifetime: timedelta,
        clock: Callable[[], float] = time.time,
        elapsed: Callable[[], float] | None = None,
        patience: float = 5.0,
    ) -> None:
        """Open the file, or make it and its folder. Raises `BadSetting` when it cannot be ours.

        `clock` is looked at once, and from then on `elapsed`, which does not jump: left out, the
        time since the computer started, or the same clock where that is not the computer's. A
        writer that does not get its turn within `patience` seconds is told `StoreUnavailable`.
        """
        self._path = Path(path).absolute()
        if os.path.isdir(self._path):  # `/` has not even a name
            raise BadSetting(
                f"cannot keep experiments in {self._path}: it is a folder, and PLAYGROUND_STORE"
                " must name a file, as sqlite:///basin.db does"
            )
        self._reserve = self._path.with_name(f"{self._path.name}-reserve")
        self._lifetime = lifetime.total_seconds()
        self._grain = min(3600.0, self._lifetime / 24)
        self._elapsed = elapsed or (time.monotonic if clock is time.time else clock)
        self._origin = clock() - self._elapsed()
        self._patience = patience
        self._connections = _Connections(self._connect)
        self._swept = float("-inf")
        self._file: tuple[int, int] | None = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._prepare()
            self._distrust_clock()
            opened = os.stat(self._path)
            self._file = (opened.st_dev, opened.st_ino)
        except OSError as error:
            raise BadSetting(f"cannot keep experiments in {self._path}: {error}") from error
        except BaseException:
            self.close()
            raise

    def create(self, record: Record, chunk: Chunk) -> None:
        _check_new(record)
        with self._writing() as db:
            self._add(db, record)
            _append(db, record.id, chunk)
        self._keep_reserve()
        self._sweep()

    def copy(self, source: str, record: Record, last: int) -> int:
        _check_new(record)
        with self._writing() as db:
            _version(db, source, self._expiry())
            self._add(db, record)
            db.execute(
                "INSERT INTO chunk (experiment, first, last, data)"
                " SELECT ?, first, last, data FROM chunk"
                " WHERE experiment = ? AND first <= ? ORDER BY number",
                (record.id, source, last),
            )
            copied: int
            (copied,) = db.execute(
                "SELECT coalesce(sum(length(data)), 0) FROM chunk WHERE experiment = ?",
                (record.id,),
            ).fetchone()
        self._sweep()
        return copied

    def put(self, record: Record, chunks: Sequence[Chunk]) -> None:
        """Keep what another store kept, at its version. Raises `Conflict` when the id is taken."""
        with self._writing() as db:
            self._add(db, record)
            db.execute(
                "UPDATE experiment SET version = ? WHERE id = ?", (record.version, record.id)
            )
            for chunk in chunks:
                _append(db, record.id, chunk)

    def _add(self, db: sqlite3.Connection, record: Record) -> None:
        db.execute("DELETE FROM experiment WHERE id = ? AND used < ?", (record.id, self._expiry()))
        added = db.execute(
            "INSERT INTO experiment (id, version, body, state, used) VALUES (?, 1, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (record.id, record.body, record.state, self._now()),
        )
        if not added.rowcount:
            raise Conflict(f"there is an experiment {record.id!r} already")

    def load(self, id: str) -> Record:
        with self._reading() as db:
            row = db.execute(
                "SELECT version, body, state, used FROM experiment WHERE id = ? AND used >= ?",
                (id, self._expiry()),
            ).fetchone()
        if row is None:
            raise UnknownExperiment(id)
        version, body, state, used = row
        if not 1 <= version <= MOST_VERSION:
            _log.error("experiment %s is lost: its version is %d", id, version)
            raise DamagedExperiment(id)
        now = self._now()
        if used < now - self._grain:
            # A read must not fail because of its write: the next one will try again.
            with suppress(StoreUnavailable), self._writing() as db:
                db.execute("UPDATE experiment SET used = ? WHERE id = ?", (now, id))
        return Record(id, version, body, state)

    def save(self, record: Record, *chunks: Chunk, keep_until: int | None = None) -> None:
        def work(db: sqlite3.Connection) -> None:
            current = _version(db, record.id, self._expiry())
            if record.version != current + 1:
                raise StaleVersion(record.version - 1, current)
            db.execute(
                "UPDATE experiment SET version = ?, body = ?, state = ?, used = ? WHERE id = ?",
                (record.version, record.body, record.state, self._now(), record.id),
            )
            if keep_until is not None:
                db.execute(
                    "DELETE FROM chunk WHERE experiment = ? AND first > ?", (record.id, keep_until)
                )
            for chunk in chunks:
                _append(db, record.id, chunk)

        if chunks or len(record.body) + len(record.state) > SMALL_RECORD:
            with self._writing() as db:
                work(db)
        else:  # a study is cancelled, or an experiment goes back: on a full disk, too
            self._clear(work)
        self._sweep()

    def chunks(self, id: str, first: int = 0, last: int | None = None) -> list[Chunk]:
        with self._reading() as db:
            _version(db, id, self._expiry())
            rows = db.execute(
                "SELECT first, last, data FROM chunk"
                " WHERE experiment = ? AND first <= ? AND last >= ? ORDER BY number",
                (id, END_OF_TIME if last is None else last, first),
            ).fetchall()
        return [Chunk(*row) for row in rows]

    def delete(self, id: str) -> None:
        def work(db: sqlite3.Connection) -> None:
            _version(db, id, self._expiry())
            db.execute("DELETE FROM experiment WHERE id = ?", (id,))

        self._clear(work)

    def expire(self) -> int:
        removed = 0
        while batch := self._remove_expired():
            removed += batch
        self._give_back()
        self._keep_reserve()
        return removed

    def check(self) -> None:
        with self._reading() as db:
            db.execute("SELECT 1 FROM experiment LIMIT 1").fetchone()

    def check_writable(self) -> None:
        left = shutil.disk_usage(self._path.parent).free
        if left < ROOM:
            raise StoreFull(f"there is no room for {self._path}: {left} bytes are left on its disk")
        with self._writing() as db:
            db.execute(f"PRAGMA user_version = {SCHEMA}")  # a page of the file, as it was

    def now(self) -> float:
        """How long the computer has been running, which is the same in all of its processes.

        Not `_now`: that begins with the clock as it was when this process opened the file.
        """
        with self._reading():  # or a store that is closed or gone would still tell the time
            return self._elapsed()

    def usage(self) -> Usage:
        with self._reading() as db:
            (count,) = db.execute("SELECT count(*) FROM experiment").fetchone()
            (pages,) = db.execute("PRAGMA page_count").fetchone()
            (free,) = db.execute("PRAGMA freelist_count").fetchone()
            (size,) = db.execute("PRAGMA page_size").fetchone()
        try:
            disk = shutil.disk_usage(self._path.parent)
        except OSError as error:
            raise StoreUnavailable(f"the disk of {self._path} does not answer: {error}") from error
        return Usage(count, (pages - free) * size, disk.total, disk.free)

    def close(self) -> None:
        self._connections.close()

    def _check_file(self) -> None:
        """Raise StoreUnavailable where the file at the path is not the one that is open."""
        try:
            there = os.stat(self._path)
        except OSError as error:
            raise StoreUnavailable(
                f"{self._path} is gone: it was deleted or moved while it was in use"
            ) from error
        if self._file is not None and (there.st_dev, there.st_ino) != self._file:
            raise StoreUnavailable(
                f"{self._path} is another file than when the server started: start it again"
            )

    def _now(self) -> float:
        """The time of this store, which a clock that is put forward or back does not change."""
        return self._origin + self._elapsed()

    def _distrust_clock(self) -> None:
        """Begin no earlier than the newest use, and at most `UNSEEN` seconds later.

        A clock that is wrong as a server starts would have everything expire. So of the time in
        which no server ran only as much counts: then the newest use is old as well. A use far ahead
        of the clock, where others are not, is a bit that the disk has changed: it would have the
        others expire, and never itself. From now on it counts as used now.
        """
        db = self._connections.mine()
        newest_of = "SELECT max(used) FROM experiment"
        ahead = self._now() + UNSEEN
        (newest,) = db.execute(f"{newest_of} WHERE used <= ?", (ahead,)).fetchone()
        if newest is None:
            (newest,) = db.execute(newest_of).fetchone()
            ahead = float("inf")
        if newest is None:
            return
        now = min(max(self._now(), newest), newest + UNSEEN)
        self._origin = now - self._elapsed()
        with suppress(sqlite3.Error):  # of a full disk: next time, then
            db.execute("UPDATE experiment SET used = ? WHERE used > ?", (now, ahead))

    def _expiry(self) -> float:
        """What was last used before this is expired; `used` may lag behind by a grain."""
        return self._now() - self._lifetime - self._grain

    def _remove_expired(self) -> int:
        return self._clear(
            lambda db: (
                db.execute(
                    "DELETE FROM experiment WHERE id IN"
                    " (SELECT id FROM experiment WHERE used < ? ORDER BY used LIMIT ?)",
                    (self._expiry(), BATCH),
                ).rowcount
            )
        )

    def _clear(self, work: Callable[[sqlite3.Connection], _Found]) -> _Found:
        """Take something away, or replace it, which needs room too before it makes some.

        On a full disk the reserve is given up for it, and taken again from what it made or left.
        The log is not moved into the file meanwhile where that could take all of the reserve.
        """
        try:
            with self._writing() as db:
                return work(db)
        except StoreFull:
            before = _bytes_of(self._reserve)
        db = self._connections.mine()
        try:
            db.execute("PRAGMA wal_autocheckpoint = 0")
            self._reserve.unlink(missing_ok=True)
            self._checkpoint_that_fits()
            with self._writing() as db:
                return work(db)
        finally:
            with suppress(sqlite3.Error):
                db.execute(f"PRAGMA wal_autocheckpoint = {PAGES_LOGGED}")
            self._checkpoint_that_fits()
            self._keep_reserve(before)

    def _checkpoint_that_fits(self) -> None:
        """Move the log into the file where there is room for all of it: else none would be left."""
        log = self._path.with_name(f"{self._path.name}-wal")
        with suppress(OSError):
            if _bytes_of(log) <= shutil.disk_usage(self._path.parent).free:
                self._checkpoint()

    def _checkpoint(self) -> None:
        """Move the log into the file, where there is room for it, and begin it anew."""
        with suppress(sqlite3.Error):
            self._connections.mine().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _keep_reserve(self, before: int = 0) -> None:
        """Keep some of the disk for taking away; without it a full disk could not be cleared.

        As much as there was before, or all that is left of it; and more once there is room again.
        """
        kept = _bytes_of(self._reserve)
        with suppress(OSError):  # what there is of it is kept
            free = shutil.disk_usage(self._path.parent).free
            size = min(RESERVE, max((free + kept) // SHARE_KEPT, min(before, free + kept)))
            if size > kept:
                with self._reserve.open("ab") as file:
                    file.write(bytes(size - kept))

    def _give_back(self) -> None:
        """Give what is free of the file back to the disk, some of it at a time.

        A file of an earlier version has no list of its free pages: it stays as large, and they are
        used again.
        """
        with self._reading() as db:
            (free,) = db.execute("PRAGMA freelist_count").fetchone()
        if not free:
            return
        with suppress(sqlite3.Error):  # next time, then
            # A script, because it goes on to the last page; `execute` would end after the first.
            db.executescript(f"PRAGMA incremental_vacuum({PAGES_GIVEN_BACK})")
        self._checkpoint()  # only then the file is cut, and what was logged of it gone

    def _sweep(self) -> None:
        """Now and then remove a few expired experiments; a full batch asks for another one."""
        now = self._now()
        if now - self._swept < self._grain:
            return
        self._swept = now
        with suppress(StoreUnavailable):
            if self._remove_expired() == BATCH:
                self._swept = float("-inf")
            self._give_back()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of the file, however many statements read it."""
        with self._transaction("BEGIN") as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The write lock, and all or nothing of what is done with it."""
        with self._transaction("BEGIN IMMEDIATE") as db:
            yield db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        if self._file is not None:
            self._check_file()
        try:
            db = self._connections.mine()
            db.execute(begin)
            try:
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")
        except sqlite3.Error as error:
            if _is_full(error):
                raise StoreFull(f"there is no room for {self._path}: {error}") from error
            raise StoreUnavailable(f"{self._path} does not answer: {error}") from error

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._path, timeout=self._patience, isolation_level=None, check_same_thread=False
        )
        try:
            db.execute("PRAGMA synchronous = NORMAL")  # a commit outlives its process
            db.execute("PRAGMA foreign_keys = ON")
            # Some libraries write zeros over all that is deleted: on a full disk there is no room.
            db.execute("PRAGMA secure_delete = FAST")
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _prepare(self) -> None:
        """Make the tables where there are none; refuse a file that holds something else."""
        try:
            db = self._connections.mine()
            if _is_new(db, self._path):
                db.execute("PRAGMA auto_vacuum = INCREMENTAL")
                self._use_wal(db)
                with self._writing() as db:
                    if _is_new(db, self._path):  # and no one else was faster
                        for table in TABLES:
                            db.execute(table)
                        db.execute(f"PRAGMA application_id = {APPLICATION}")
                        db.execute(f"PRAGMA user_version = {SCHEMA}")
            self._use_wal(db)
        except sqlite3.Error as error:
            message = f"cannot keep experiments in {self._path}: {error}"
            raise (StoreUnavailable if _is_busy(error) else BadSetting)(message) from error

    def _use_wal(self, db: sqlite3.Connection) -> None:
        """Change to WAL, which needs the file for itself and, unlike all else, does not wait."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
                continue
            if mode != "wal":
                raise BadSetting(f"{self._path} is on a disk that cannot be shared (no WAL)")
            return


class _Connections:
    """One connection for every thread of this process, and none left behind.

    A connection must not be used in a forked child, nor even closed there: such ones are left
    alone, and the child opens its own.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}
        self._inherited: list[dict[threading.Thread, sqlite3.Connection]] = []
        self._process = os.getpid()
        self._closed = False

    def mine(self) -> sqlite3.Connection:
        """This thread's connection. Raises `sqlite3.Error` when there is none to be had."""
        thread = threading.current_thread()
        if self._process != os.getpid():
            self._inherited.append(self._open)
            self._lock, self._open, self._process = threading.Lock(), {}, os.getpid()
        found = self._open.get(thread)
        if found is not None:
            return found
        with self._lock:
            if self._closed:
                raise sqlite3.ProgrammingError("it is closed")
            for other in [other for other in self._open if not other.is_alive()]:
                self._open.pop(other).close()
            connection = self._open[thread] = self._connect()
        return connection

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._process == os.getpid():
                for connection in self._open.values():
                    connection.close()
                self._open.clear()


def _is_busy(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # absent from Python's own errors
    return code is not None and code & 0xFF == sqlite3.SQLITE_BUSY


def _is_full(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def _is_new(db: sqlite3.Connection, path: Path) -> bool:
    """Is the file still empty? Raises `BadSetting` when what it holds is not for us."""
    # First of all: where another process makes them meanwhile, what comes with them is seen too.
    (objects,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    if not (application or schema or objects):
        return True
    if application != APPLICATION:
        raise BadSetting(f"{path} is the database of another program")
    if schema > SCHEMA:
        raise BadSetting(
            f"{path} was written by a newer Basin (schema {schema}, this one knows {SCHEMA})"
        )
    return False


def _check_new(record: Record) -> None:
    if record.version != 1:
        raise ValueError(f"a new experiment has version 1, not {record.version}")


def _bytes_of(path: Path) -> int:
    """The size of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _version(db: sqlite3.Connection, id: str, expiry: float) -> int:
    row = db.execute(
        "SELECT version FROM experiment WHERE id = ? AND used >= ?", (id, expiry)
    ).fetchone()
    if row is None:
        raise UnknownExperiment(id)
    version: int = row[0]
    return version


def _append(db: sqlite3.Connection, id: str, chunk: Chunk) -> None:
    db.execute(
        "INSERT INTO chunk (experiment, first, last, data) VALUES (?, ?, ?, ?)",
        (id, chunk.first, chunk.last, chunk.data),
    )
