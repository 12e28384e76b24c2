"""Where experiments are kept, so that a reload, a restart or a second server finds them again."""

import time
from collections.abc import Callable
from datetime import timedelta

from app.errors import BadSetting
from app.store.base import Chunk, Record, Store
from app.store.sqlite import SqliteStore

__all__ = ["Chunk", "Record", "Store", "open_store"]


def open_store(url: str, *, lifetime: timedelta, clock: Callable[[], float] = time.time) -> Store:
    """Open the store that a URL names, and make it where there is none yet.

    `sqlite:///basin.db` is a file relative to the working folder, `sqlite:////var/lib/basin.db`
    (or `sqlite:///C:/basin.db`) an absolute one. `clock` tells the time in seconds.

    Raises `BadSetting` when the URL cannot be used, or what it leads to is not a store of ours.
    """
    scheme, _, rest = url.partition("://")
    if scheme != "sqlite":
        raise BadSetting(f"a store's URL begins with sqlite:///, this one does not: {url!r}")
    path = rest.removeprefix("/")
    if path == rest or not path or path == ":memory:":
        raise BadSetting(f"a store is a file, as in sqlite:///basin.db, not {url!r}")
    return SqliteStore(path, lifetime=lifetime, clock=clock)
