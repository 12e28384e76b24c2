"""A store's file copied whole, put back, and checked, for operators.

In WAL mode the newest commits lie in a second file, so that a copy of the first alone loses them:
a backup is made by SQLite itself, of one moment, while the server goes on.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.errors import BadSetting, StoreUnavailable
from app.store.sqlite import APPLICATION, SCHEMA

_NAMED = 20
"""So many damaged experiments are named, and the others counted."""


@dataclass(frozen=True)
class Checked:
    """What a store's file holds, and what is wrong with it."""

    schema: int
    experiments: int
    chunks: int
    bytes: int
    problems: tuple[str, ...]


def path_of(url: str) -> Path:
    """The file of a store's URL. Raises BadSetting for a store that is no file."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path:
        raise BadSetting(f"only a store in a file can be copied or checked here, not {url!r}")
    return Path(path).absolute()


def backup(source: Path, target: Path) -> int:
    """Copy a store, also while it is used, into a new file; how many experiments it holds.

    Raises BadSetting where there is no store of ours, or where there is a file already.
    """
    if target.exists():
        raise BadSetting(f"{target} is there already; name a new file")
    part = target.with_name(target.name + ".part")
    try:
        with _opened(source) as db, closing(sqlite3.connect(part)) as copy:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            (count,) = copy.execute("SELECT count(*) FROM experiment").fetchone()
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise StoreUnavailable(f"{source} cannot be copied to {target}: {error}") from error
    found: int = count
    return found


def restore(source: Path, target: Path) -> int:
    """Put a backup in the place of a store that no server uses; how many experiments it holds.

    Raises BadSetting for a backup that is damaged or none of ours, and StoreUnavailable where the
    store is in use: nothing is changed then.
    """
    found = check(source)
    if found.problems:
        raise BadSetting(f"{source} is damaged: {found.problems[0]}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(target, timeout=0.5, isolation_level=None)) as db:
            # It leaves the WAL mode only where nobody else has the file open.
            db.execute("PRAGMA journal_mode = DELETE")
            with _opened(source) as backed:
                backed.backup(db)
    except sqlite3.Error as error:
        detail = "stop the server that uses it" if "locked" in str(error) else str(error)
        raise StoreUnavailable(f"{target} cannot be replaced: {detail}") from error
    return found.experiments


def check(path: Path) -> Checked:
    """Look at everything in a store's file. Raises BadSetting where there is no store of ours."""
    with _opened(path) as db:
        problems: list[str] = []
        counts = [0, 0]
        (schema,) = db.execute("PRAGMA user_version").fetchone()
        try:
            problems += [
                str(row[0]) for row in db.execute("PRAGMA integrity_check(20)") if row[0] != "ok"
            ]
            for place, table in enumerate(("experiment", "chunk")):
                (counts[place],) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            damaged = list(_damaged(db))
            problems += damaged[:_NAMED]
            if len(damaged) > _NAMED:
                problems.append(f"and {len(damaged) - _NAMED} more experiments")
        except sqlite3.DatabaseError as error:
            problems.append(str(error))
    files = (path, path.with_name(path.name + "-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    return Checked(schema, counts[0], counts[1], size, tuple(problems))


def _damaged(db: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each experiment whose record or history cannot be what was stored."""
    without = db.execute(
        "SELECT id FROM experiment WHERE NOT EXISTS"
        " (SELECT 1 FROM chunk WHERE experiment = experiment.id AND first = 0)"
    )
    for (id,) in without:
        yield f"experiment {id} has no beginning"
    for id, body, state in db.execute("SELECT id, body, state FROM experiment"):
        try:
            fits = isinstance(json.loads(body), dict) and len(state) > 0
        except ValueError:
            fits = False
        if not fits:
            yield f"the record of experiment {id} is damaged"


class _opened(closing[sqlite3.Connection]):  # noqa: N801 - a context manager
    """A store's file, opened to be read. Raises BadSetting where it is none of ours."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise BadSetting(f"there is no file {path}")
        try:
            db = sqlite3.connect(path, timeout=5.0, isolation_level=None)
            (application,) = db.execute("PRAGMA application_id").fetchone()
            (schema,) = db.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as error:
            raise BadSetting(f"{path} cannot be read: {error}") from error
        if application != APPLICATION:
            raise BadSetting(f"{path} is no store of Basin")
        if schema > SCHEMA:
            raise BadSetting(f"{path} was written by a newer Basin (schema {schema})")
        super().__init__(db)
