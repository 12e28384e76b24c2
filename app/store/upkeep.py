"""A store copied whole, put back, and checked, for operators.

In WAL mode the newest commits lie in a second file, so that a copy of the first alone loses them:
a backup is made by SQLite itself, of one moment, while the server goes on. A Redis is copied into
such a file too, experiment by experiment: either can be restored from a backup of the other.
"""

import glob
import hashlib
import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from app.errors import (
    BadSetting,
    DamagedExperiment,
    StoreUnavailable,
    UnknownExperiment,
)
from app.store.base import Chunk, Record
from app.store.redis import SCHEMES, RedisStore
from app.store.seal import SEAL_BYTES, is_sound, read_json, seal_beside
from app.store.sqlite import APPLICATION, MOST_VERSION, SCHEMA, SqliteStore

NAMED = 20
"""So many damaged experiments are named, and the others counted."""
STALE = 600.0
"""Seconds after which a part of a backup that has not grown is what a killed program has left."""
FAR = 366 * 86_400.0
"""Seconds ahead of the clock at which nobody can have used an experiment."""
_TRIES = 20
"""So often an experiment is read that is saved while it is copied."""


@dataclass(frozen=True)
class Checked:
    """What a store holds, and what is wrong with it; `notes` are worth knowing, and no damage.

    A server mends what it can of a damaged experiment when somebody asks for it. Where the whole is
    damaged, or holds what Basin does not make, `unusable` says so, and is one of the problems.
    """

    schema: int
    experiments: int
    chunks: int
    bytes: int
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    unusable: str | None = None


@dataclass(frozen=True)
class Copied:
    """How many experiments were copied, and what is wrong with them, or with what is left out."""

    experiments: int
    problems: tuple[str, ...]


class Upkeep(Protocol):
    """What an operator does to a store, which is at a `place`."""

    place: str

    def backup(self, target: Path) -> Copied:
        """Copy the store into a new file."""

    def restore(self, source: Path) -> Copied:
        """Put a backup into the store."""

    def check(self) -> Checked:
        """Look at everything that is kept."""


class _FileUpkeep:
    """Of a store in a file, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self._path = path

    def backup(self, target: Path) -> Copied:
        return backup(self._path, target)

    def restore(self, source: Path) -> Copied:
        return restore(source, self._path)

    def check(self) -> Checked:
        return check(self._path)


@contextmanager
def upkeep_of(url: str, lifetime: timedelta) -> Iterator[Upkeep]:
    """The upkeep of the store that a URL names. Raises what `open_store` does."""
    if url.partition("://")[0] not in SCHEMES:
        yield _FileUpkeep(path_of(url))
        return
    with closing(RedisStore(url, lifetime=lifetime, most_bytes=1 << 40)) as store:
        yield RedisUpkeep(store)


def path_of(url: str) -> Path:
    """The file of a store's URL. Raises BadSetting for a store that is no file."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path:
        raise BadSetting(
            f"PLAYGROUND_STORE must begin with sqlite:/// or redis://, not with {scheme[:80]!r}"
        )
    return Path(path).absolute()


def backup(source: Path, target: Path) -> Copied:
    """Copy a store, also while it is used, into a new file, and check what has come there.

    What is damaged is copied as it is, and named. Raises BadSetting where there is no store of
    ours, or where there is a file already, and StoreUnavailable where it cannot be written.
    """
    is_beside = target.absolute().parent == source.absolute().parent
    if is_beside and target.name in _companions(source):
        raise BadSetting(f"{target} belongs to the store; name another file")
    _copy(source, target)
    return _copied(check(target))


def _copied(found: Checked) -> Copied:
    """What was copied, by what there is now."""
    return Copied(found.experiments, found.problems)


def _copy(source: Path, target: Path) -> None:
    """Copy a store into a file that is there once it is whole."""
    with (
        _new_file(target, str(source)) as part,
        _opened(source) as db,
        closing(sqlite3.connect(part)) as copy,
    ):
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


@contextmanager
def _new_file(target: Path, source: str) -> Iterator[Path]:
    """A name of its own under which a file is written, to stand at `target` once it is whole.

    Of two that are written at once for one place, the one that is ready first is there. Raises
    BadSetting where there is a file already, and StoreUnavailable where it cannot be written.
    """
    try:
        if os.path.lexists(target):
            raise FileExistsError
        _clear_away(target)
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            yield part
            _move(part, target)
        finally:
            for name in _companions(part):
                with suppress(OSError):
                    part.with_name(name).unlink()
    except FileExistsError:
        raise BadSetting(f"{target} is there already; name a new file") from None
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"{source} cannot be copied to {target}: {error}") from error


def _companions(path: Path) -> list[str]:
    """The names of files that a store has, or will have, beside its own."""
    ends = ("", "-journal", "-wal", "-shm", "-reserve", "-studies.lock")
    return [path.name + end for end in ends]


def _clear_away(target: Path) -> None:
    """Remove what programs that were killed have left of the same backup."""
    for left in target.parent.glob(f"{glob.escape(target.name)}.*.part*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink()


def _move(part: Path, target: Path) -> None:
    """Give a file another name as well. Raises FileExistsError where there is one of that name."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # the disk knows no second names
        os.replace(part, target)


def restore(source: Path, target: Path) -> Copied:
    """Put a backup in the place of a store that no server uses.

    Experiments that are damaged come as they are: a server mends what it can. Raises BadSetting for
    a backup that is damaged as a whole or none of ours, and for a place where something else
    stands, and StoreUnavailable where the store is in use: nothing is changed then.
    """
    found = _usable(source)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(target):
            _copy(source, target)
            return _copied(found)
        if target.exists() and target.samefile(source):
            raise BadSetting(f"{source} is the store itself")
        with closing(sqlite3.connect(target, timeout=0.5, isolation_level=None)) as db:
            _check_place(db, target)
            # It leaves the WAL mode only where nobody else has the file open.
            db.execute("PRAGMA journal_mode = DELETE")
            with _opened(source) as backed:
                backed.backup(db)
    except (OSError, sqlite3.Error) as error:
        _take_back(target)
        raise StoreUnavailable(f"{target} cannot be replaced: {_advice(error)}") from error
    return _copied(found)


def _usable(backup: Path) -> Checked:
    """What a backup holds. Raises BadSetting where a server could not use it."""
    found = check(backup)
    if found.unusable is not None:
        raise BadSetting(f"{backup} is damaged: {found.unusable}")
    return found


def _advice(error: Exception) -> str:
    """Why a store cannot be replaced, and what to do about it."""
    if "locked" in str(error):
        return "stop the server that uses it"
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return f"it is damaged, or no store of Basin ({error}); move it away first"
    return str(error)


def _check_place(db: sqlite3.Connection, path: Path) -> None:
    """Check that a file is a store of ours, or empty. Raises BadSetting."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (objects,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION and (application or objects):
        raise BadSetting(f"{path} is the database of another program; move it, or name another")


def _take_back(path: Path) -> None:
    """Leave a store as it was before another was half written into it, and give its room back.

    Whoever reads it next puts it in order from its journal: better now than when a server starts.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=0.5)) as db:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()


def check(path: Path) -> Checked:
    """Look at everything in a store's file. Raises BadSetting where there is no store of ours."""
    with _opened(path) as db:
        problems: list[str] = []
        whole = 0
        counts = [0, 0]
        (schema,) = db.execute("PRAGMA user_version").fetchone()
        try:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(20)")]
            problems += [line for text in found for line in text.splitlines() if line != "ok"]
            problems += _strangers(db)
            for place, table in enumerate(("experiment", "chunk")):
                (counts[place],) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            whole = len(problems)
            problems += _shortened(list(_damaged(db)))
        except sqlite3.DatabaseError as error:
            problems.insert(0, str(error))
            whole = len(problems)
    files = (path, path.with_name(path.name + "-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    unusable = problems[0] if whole else None
    return Checked(schema, counts[0], counts[1], size, tuple(problems), unusable=unusable)


def _shortened(problems: list[str]) -> list[str]:
    """The first of many problems, and how many more there are."""
    more = len(problems) - NAMED
    return problems if more <= 0 else [*problems[:NAMED], f"and {more} more problems"]


def _strangers(db: sqlite3.Connection) -> list[str]:
    """A sentence for each object of the file that Basin does not make; a trigger would run."""
    rows = db.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
        " OR type = 'table' AND name NOT IN ('experiment', 'chunk') AND name NOT LIKE 'sqlite_%'"
    )
    return [f"the {kind} {name!r} is none of Basin's" for kind, name in rows.fetchmany(NAMED)]


def _damaged(db: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each experiment whose record or history cannot be what was stored."""
    without = db.execute(
        "SELECT id FROM experiment WHERE NOT EXISTS"
        " (SELECT 1 FROM chunk WHERE experiment = experiment.id AND first = 0)"
    )
    for (id,) in without:
        yield f"experiment {id} has no beginning"
    rows = db.execute("SELECT id, version, body, state, used FROM experiment")
    for id, version, body, state, used in rows:
        if not (is_whole(id, body, state) and 1 <= version <= MOST_VERSION):
            yield f"the record of experiment {id} is damaged"
        if not 0 <= used <= time.time() + FAR:
            yield f"the last use of experiment {id} is damaged: it lies far from now"
    damaged = ""
    for id, data in db.execute("SELECT experiment, data FROM chunk ORDER BY experiment"):
        if id != damaged and not _is_history(id, data):
            damaged = id
            yield f"the history of experiment {id} is damaged"


def _is_history(id: str, data: bytes) -> bool:
    """Whether a chunk is sound; only of what is no experiment it may be empty."""
    return is_sound(data) if data else "/" in id


class RedisUpkeep:
    """Of a store in Redis."""

    def __init__(self, store: RedisStore) -> None:
        self.place = f"Redis at {store.place}"
        self._store = store

    def backup(self, target: Path) -> Copied:
        """Copy the store, also while it is used, into a new file, and check what has come there.

        Each experiment is of one moment, but not all of the same; one whose record cannot be read
        is left out, and named. Raises BadSetting where there is a file, and StoreUnavailable where
        the store itself is part of a backup.
        """
        lost: list[str] = []
        with _new_file(target, self.place) as part:
            self._store.check()
            with closing(SqliteStore(part, lifetime=timedelta(days=36_500))) as copy:
                for id in set(self._store.ids()):
                    try:
                        self._copy(id, copy)
                    except DamagedExperiment:
                        lost.append(f"the record of experiment {id} is damaged, and left out")
            with closing(sqlite3.connect(part)) as db:
                db.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
        found = check(target)
        return Copied(found.experiments, (*_shortened(lost), *found.problems))

    def _copy(self, id: str, copy: SqliteStore) -> None:
        """Copy one experiment, if it is still there. Raises DamagedExperiment."""
        for _ in range(_TRIES):
            try:
                record = self._store.peek(id)
                chunks = self._store.chunks(id)
                if self._store.peek(id).version != record.version:
                    continue  # it was saved in between
                copy.put(record, chunks)
                return
            except DamagedExperiment:
                raise
            except UnknownExperiment:
                return
        raise StoreUnavailable(f"experiment {id} changes faster than it can be copied")

    def restore(self, source: Path) -> Copied:
        """Put a backup into a Redis that holds no experiments; damaged ones as they are.

        Until its end no server begins to use that Redis. Where it was cut off, it may be done
        again: what is there of it stays, with what servers have made of it since. Raises BadSetting
        for a backup that is damaged as a whole or none of ours, and where there are experiments of
        others.
        """
        found = _usable(source)
        self._store.expire()
        begun, which = self._store.restoring, _fingerprint(source)
        if begun not in (None, which):
            raise BadSetting(f"{self.place} holds a part of another backup; empty it")
        if begun is None and any(True for _ in self._store.ids()):
            raise BadSetting(f"{self.place} holds experiments; empty it, or name another database")
        self._store.restoring = which
        for record, chunks in contents(source):
            if begun is not None and self._is_there(record):
                continue
            with suppress(UnknownExperiment):  # a part of it
                self._store.delete(record.id)
            self._store.put(record, chunks)
        self._store.restoring = None
        return _copied(found)

    def _is_there(self, record: Record) -> bool:
        """Whether an experiment was put back whole: its last part comes with version and body."""
        try:
            found = self._store.peek(record.id)
        except (DamagedExperiment, UnknownExperiment):
            return False
        return found.version >= record.version and is_whole(found.id, found.body, found.state)

    def check(self) -> Checked:
        """Look at everything that is kept, and at what Redis itself says."""
        problems: list[str] = []
        if self._store.restoring:
            problems.append("a backup was not put back to its end; put it back again")
        experiments = chunks = size = 0
        self._store.expire()
        for id in set(self._store.ids()):
            try:
                record, history = self._store.peek(id), self._store.chunks(id)
            except DamagedExperiment:
                problems.append(f"the record of experiment {id} is damaged")
                continue
            except UnknownExperiment:
                continue
            experiments, chunks = experiments + 1, chunks + len(history)
            size += len(record.body) + len(record.state) + sum(len(one.data) for one in history)
            if not is_whole(id, record.body, record.state):
                problems.append(f"the record of experiment {id} is damaged")
            if not any(chunk.first == 0 for chunk in history):
                problems.append(f"experiment {id} has no beginning")
            if not all(_is_history(id, chunk.data) for chunk in history):
                problems.append(f"the history of experiment {id} is damaged")
        told, notes = tuple(_shortened(problems)), _notes(self._store.facts())
        return Checked(SCHEMA, experiments, chunks, size, told, notes)


def _notes(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What Redis says of its memory, and of what outlives it."""
    most = facts.get("maxmemory") or 0
    used = f"{facts.get('used_memory')} bytes of memory are used, of " + (
        f"{most} (maxmemory)" if most else "as much as there is (no maxmemory)"
    )
    if facts.get("aof_enabled"):
        kept = "every change is written to its disk (appendonly)"
    elif facts["save"]:
        kept = f"it is written to its disk now and then (save {facts['save']})"
    elif facts["save"] is None:
        kept = "whether it is written to its disk is not told here"
    else:
        kept = "nothing is written to its disk: what it holds ends with it"
    return (f"Redis {facts.get('redis_version')}: {used}; {kept}.",)


def _fingerprint(path: Path) -> str:
    """What tells a backup from others."""
    with _opened(path) as db:
        records = db.execute("SELECT id, version FROM experiment ORDER BY id").fetchall()
    return hashlib.sha256(json.dumps(records).encode()).hexdigest()


def is_whole(id: str, body: bytes, state: bytes) -> bool:
    """Whether a record can be what was stored: JSON, and of an experiment a state beside it."""
    try:
        found = read_json(body)
    except (ValueError, RecursionError):
        return False
    if "/" in id:  # a study, a mystery, or the line of studies, which is a list
        if len(state) == SEAL_BYTES and state != seal_beside(body):  # of a mystery
            return False
        crc = zlib.crc32(state)
        told = found.get("state_crc32", crc) if isinstance(found, dict) else crc
        return isinstance(found, dict | list) and told == crc
    return isinstance(found, dict) and len(state) > 0 and is_sound(state)


def contents(path: Path) -> Iterator[tuple[Record, list[Chunk]]]:
    """Everything in a store's file. Raises BadSetting where there is no store of ours."""
    with _opened(path) as db:
        rows = db.execute("SELECT id, version, body, state FROM experiment ORDER BY used")
        for id, version, body, state in rows:
            chunks = db.execute(
                "SELECT first, last, data FROM chunk WHERE experiment = ? ORDER BY number", (id,)
            )
            yield Record(id, version, body, state), [Chunk(*row) for row in chunks]


class _opened(closing[sqlite3.Connection]):  # noqa: N801 - a context manager
    """A store's file, opened to be read. Raises BadSetting where it is none of ours."""

    def __init__(self, path: Path) -> None:
        try:
            if not path.is_file():
                is_there = os.path.lexists(path)
                raise BadSetting(f"{path} is no file" if is_there else f"there is no file {path}")
            db = sqlite3.connect(path, timeout=5.0, isolation_level=None)
            (application,) = db.execute("PRAGMA application_id").fetchone()
            (schema,) = db.execute("PRAGMA user_version").fetchone()
        except (OSError, sqlite3.Error) as error:
            raise BadSetting(f"{path} cannot be read: {error}") from error
        if application != APPLICATION:
            raise BadSetting(f"{path} is no store of Basin")
        if schema > SCHEMA:
            raise BadSetting(f"{path} was written by a newer Basin (schema {schema})")
        super().__init__(db)
