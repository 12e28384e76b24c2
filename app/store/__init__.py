"""Where experiments are kept, so that a reload, a restart or a second server finds them again."""

import time
from collections.abc import Callable
from datetime import timedelta

from app.errors import BadSetting
from app.store.base import Chunk, Record, Store
from app.store.redis import EXPERIMENT_BYTES, SCHEMES, RedisStore
from app.store.sqlite import SqliteStore

__all__ = ["Chunk", "Record", "Store", "open_store"]


def open_store(
    url: str,
    *,
    lifetime: timedelta,
    clock: Callable[[], float] = time.time,
    most_bytes: int = EXPERIMENT_BYTES,
) -> Store:
    """Open the store that a URL names, and make it where there is none yet.

    `sqlite:///basin.db` is a file relative to the working folder, `sqlite:////var/lib/basin.db`
    (or `sqlite:///C:/basin.db`) an absolute one; `redis://host:6379/0`, `rediss://…` (with TLS) or
    `unix:///run/redis.sock` a Redis. `clock` tells a file the time in seconds; a Redis has its own.
    `most_bytes` is how much a Redis keeps of the history of one experiment.

    Raises `BadSetting` when the URL cannot be used, or what it leads to is not a store of ours, and
    `StoreUnavailable` when it does not answer, or while a backup is put back into it.
    """
    scheme, _, rest = url.partition("://")
    if scheme in SCHEMES:
        store = RedisStore(url, lifetime=lifetime, most_bytes=most_bytes)
        try:
            store.check()
        except BaseException:
            store.close()
            raise
        return store
    if scheme != "sqlite":
        raise BadSetting(
            f"PLAYGROUND_STORE must begin with sqlite:/// or redis://, not with {scheme[:80]!r}"
        )
    path = rest.removeprefix("/")
    if path == rest or not path or path == ":memory:":
        raise BadSetting(
            f"PLAYGROUND_STORE must name a file, as sqlite:///basin.db does, not {url[:200]!r}"
        )
    return SqliteStore(path, lifetime=lifetime, clock=clock)
