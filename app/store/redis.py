"""Experiments in one Redis, for servers on many machines.

An experiment is three keys: a hash with its record, a sorted set that says which steps each chunk
covers, and a hash with the chunks. Every change is one Lua script, which Redis runs alone and
whole, so that two servers cannot both save the same version, and nobody sees half of a change. All
keys of an experiment expire together, by Redis and its clock: the servers' own clocks do not count.

It must be one Redis (no cluster), and one that evicts nothing: parts of experiments would be lost.
Whether it outlives its own death is its configuration's matter; `python -m app check` says it.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from logging import getLogger
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.errors import (
    BadSetting,
    Conflict,
    DamagedExperiment,
    StaleVersion,
    StoreFull,
    StoreUnavailable,
    TooLarge,
    UnknownExperiment,
)
from app.store.base import WAITING, Chunk, Record, Store, Usage

if TYPE_CHECKING:
    import redis

_log = getLogger(__name__)
SCHEMES = ("redis", "rediss", "unix")
SCHEMA = 1
SCHEMA_KEY = "basin:schema"
RESTORING_KEY = "basin:restoring"
"""There while a backup is put back, and after that was cut off: what is kept is a part of it."""
IDS = "basin:ids"
"""The set of all ids; those that have expired are taken out now and then."""
EXPERIMENT_BYTES = 1 << 26
"""Bytes that the history of one experiment takes at most: 64 MiB."""
STUDY_FACTOR = 16
"""What is no experiment, a study, may take so many times the bytes of one."""
SMALL_RECORD = 1 << 14
"""Bytes of a record that a full Redis still takes in the place of another one: else nobody could
cancel a study there, or go back, which gives room."""
MARKS = 1 << 12
"""Bytes by which a larger one may grow then: it says how often it was saved, and what happened."""
PATIENCE = 5.0
"""Seconds that an answer of Redis is waited for."""
SHARE = 0.2
"""The share of it for which others are refused at once after one has waited in vain, and for which
an answer is waited for then. Or each would wait in turn, with the turn to compute in its hand."""
SLOW = 0.5
"""… and after one has waited for this share of it, whatever came then."""
BATCH = 500
"""Ids that are read at a time."""
SAMPLE = 20
"""Ids that are looked at when one is added, as many rounds as many of them have expired."""
ROUNDS = 50

_COMMON = r"""
local function parts(member)
  local number, first, last = string.match(member, '^(%-?%d+):(%-?%d+):(%-?%d+)$')
  return tonumber(number), first, last
end
-- Whether a key is not there, or holds what it should: others who use this Redis may err.
local function holds(key, kind)
  local found = redis.call('TYPE', key).ok
  return found == kind or found == 'none'
end
-- A number of our own, or nil where others have put something else in its place.
local function count(text)
  local found = tonumber(text)
  if found and found >= 0 and found < 2 ^ 53 and found == math.floor(found) then return found end
end
-- The last number of a chunk, the most steps between the first and the last of one, and all bytes:
-- as the record tells them, or else as the chunks themselves do.
local function figures(record, index, data)
  local known = redis.call('HMGET', record, 'number', 'longest', 'bytes')
  local number, longest, bytes = count(known[1]), count(known[2]), count(known[3])
  if number and longest and bytes then return number, longest, bytes end
  number, longest, bytes = 0, 0, 0
  if not (holds(index, 'zset') and holds(data, 'hash')) then return 0, 0, 0 end
  for _, member in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    local own, first, last = parts(member)
    if own then
      number, longest = math.max(number, own), math.max(longest, last - first)
      bytes = bytes + redis.call('HSTRLEN', data, own)
    end
  end
  return number, longest, bytes
end
"""
# KEYS: record, index, data, ids. ARGV: lifetime in ms, id, body, state, first, last, data
_CREATE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 'conflict' end
redis.call('HSET', KEYS[1], 'version', 1, 'body', ARGV[3], 'state', ARGV[4], 'number', 1,
  'longest', ARGV[6] - ARGV[5], 'bytes', #ARGV[7])
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('ZADD', KEYS[2], ARGV[5], '1:' .. ARGV[5] .. ':' .. ARGV[6])
redis.call('HSET', KEYS[3], 1, ARGV[7])
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
redis.call('SADD', KEYS[4], ARGV[2])
return 'done'
"""
# KEYS: record, index, data, ids, the source's first three. ARGV: lifetime, id, body, state, last
_COPY = (
    _COMMON
    + """
if redis.call('TYPE', KEYS[5]).ok ~= 'hash' then return 'unknown' end
if redis.call('EXISTS', KEYS[1]) == 1 then return 'conflict' end
local number, longest = figures(KEYS[5], KEYS[6], KEYS[7])
local whole = holds(KEYS[6], 'zset') and holds(KEYS[7], 'hash')
redis.call('HSET', KEYS[1], 'version', 1, 'body', ARGV[3], 'state', ARGV[4], 'number', number,
  'longest', longest)
redis.call('UNLINK', KEYS[2], KEYS[3])
local bytes = 0
for _, member in ipairs(whole and redis.call('ZRANGEBYSCORE', KEYS[6], '-inf', ARGV[5]) or {}) do
  local number, first = parts(member)
  local data = number and redis.call('HGET', KEYS[7], number)
  if data then
    redis.call('HSET', KEYS[3], number, data)
    redis.call('ZADD', KEYS[2], first, member)
    bytes = bytes + #data
  end
end
redis.call('HSET', KEYS[1], 'bytes', bytes)
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
redis.call('SADD', KEYS[4], ARGV[2])
return bytes
"""
)
# KEYS: record, index, data. ARGV: lifetime, and below how many ms it is prolonged
_LOAD = (
    _COMMON
    + """
if not holds(KEYS[1], 'hash') then return {'', '', ''} end
local found = redis.call('HMGET', KEYS[1], 'version', 'body', 'state')
if found[1] and redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  -- A read must not fail because of its write: the next one will try again.
  for i = 1, 3 do redis.pcall('PEXPIRE', KEYS[i], ARGV[1]) end
end
return found
"""
)
# KEYS: record, index, data. ARGV: lifetime, the most bytes, version, body, state, the last step to
# keep or '', and first, last, data of every chunk
_CHECKED = (
    _COMMON
    + """
if not holds(KEYS[1], 'hash') then return 'unknown' end
local version = redis.call('HGET', KEYS[1], 'version')
if not count(version) then return 'unknown' end
if tonumber(ARGV[3]) ~= version + 1 then return version end
"""
)
_SAVED = """
for i, kind in pairs({[2] = 'zset', [3] = 'hash'}) do
  if not holds(KEYS[i], kind) then redis.call('UNLINK', KEYS[i]) end
end
local number, longest, bytes = figures(KEYS[1], KEYS[2], KEYS[3])
local cut = {}
if ARGV[6] ~= '' then cut = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[6], '+inf') end
for _, member in ipairs(cut) do
  bytes = bytes - redis.call('HSTRLEN', KEYS[3], parts(member) or '')
end
local before = bytes
for i = 7, #ARGV, 3 do
  bytes = bytes + #ARGV[i + 2]
  longest = math.max(longest, ARGV[i + 1] - ARGV[i])
end
if bytes > before and bytes > tonumber(ARGV[2]) then return 'large' end
-- The first write is the one that a full Redis refuses, before anything is changed.
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'body', ARGV[4], 'state', ARGV[5], 'bytes', bytes,
  'longest', longest, 'number', number + (#ARGV - 6) / 3)
for _, member in ipairs(cut) do
  redis.call('ZREM', KEYS[2], member)
  redis.call('HDEL', KEYS[3], parts(member) or '')
end
for i = 7, #ARGV, 3 do
  number = number + 1
  redis.call('ZADD', KEYS[2], ARGV[i], number .. ':' .. ARGV[i] .. ':' .. ARGV[i + 1])
  redis.call('HSET', KEYS[3], number, ARGV[i + 2])
end
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
return 'done'
"""
_SAVE = _CHECKED + _SAVED
# The same, without chunks, in a Redis that is full: it takes no room, or a little. What is cut off
# makes some.
_SAVE_WHERE_FULL = f"""#!lua flags=allow-oom
{_CHECKED}
local before = redis.call('HSTRLEN', KEYS[1], 'body') + redis.call('HSTRLEN', KEYS[1], 'state')
if ARGV[6] ~= '' and holds(KEYS[2], 'zset') and holds(KEYS[3], 'hash') then
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[6], '+inf')) do
    before = before + redis.call('HSTRLEN', KEYS[3], parts(member) or '')
  end
end
if #ARGV[4] + #ARGV[5] > math.max(before + {MARKS}, {SMALL_RECORD}) then return 'full' end
{_SAVED}"""
# KEYS: record, index, data. ARGV: first, last or '+inf'
_CHUNKS = (
    _COMMON
    + """
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 'unknown' end
if not (holds(KEYS[2], 'zset') and holds(KEYS[3], 'hash')) then return {} end
local longest = count(redis.call('HGET', KEYS[1], 'longest')) or math.huge
local found = {}
local members = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[1] - longest, ARGV[2])
for _, member in ipairs(members) do
  local number, first, last = parts(member)
  if number and tonumber(last) >= tonumber(ARGV[1]) then
    found[#found + 1] = {number, first, last}
  end
end
table.sort(found, function(one, other) return one[1] < other[1] end)
local answer = {}
for _, each in ipairs(found) do
  answer[#answer + 1] = each[2]
  answer[#answer + 1] = each[3]
  answer[#answer + 1] = redis.call('HGET', KEYS[3], each[1])
end
return answer
"""
)
# KEYS: record, index, data, ids. ARGV: id
_DELETE = """
local found = redis.call('UNLINK', KEYS[1])
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('SREM', KEYS[4], ARGV[1])
return found
"""
# KEYS: ids. ARGV: ids that may have expired
_FORGET = """
local gone = 0
for _, id in ipairs(ARGV) do
  if redis.call('EXISTS', 'basin:record:' .. id) == 0 then
    gone = gone + redis.call('SREM', KEYS[1], id)
  end
end
return gone
"""
# KEYS: ids. ARGV: how many to look at, and how often while many of them have expired
_LOOK = """
local gone = 0
for round = 1, ARGV[2] do
  local found = 0
  for _, id in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
    if redis.call('EXISTS', 'basin:record:' .. id) == 0 then
      found = found + redis.call('SREM', KEYS[1], id)
    end
  end
  gone = gone + found
  if found < math.floor(ARGV[1] / 4) then break end
end
return gone
"""


class RedisStore(Store):
    """A store in a Redis, for all servers that know its URL.

    Who waits for `patience` seconds with all that one request asks is answered no more, and nobody
    else waits behind one answer that takes half of that.
    """

    def __init__(
        self,
        url: str,
        *,
        lifetime: timedelta,
        most_bytes: int = EXPERIMENT_BYTES,
        patience: float = PATIENCE,
    ) -> None:
        """Connect. Raises `BadSetting` for a URL or a Redis that cannot be used.

        The chunks of one experiment take at most `most_bytes`; what would be more raises
        `TooLarge`. An answer is waited for as long as `patience` seconds, and then
        `StoreUnavailable` is raised.
        """
        self.place = place_of(url)
        self.most_bytes = most_bytes
        lifetime_ms = int(lifetime.total_seconds() * 1000)
        grain = min(3_600_000, lifetime_ms // 24)
        self._kept_ms = max(1, lifetime_ms + grain)
        self._prolonged_ms = lifetime_ms
        self._client: Any = _client(url, patience)  # its types allow str for every bytes
        self._glance = _client(url, SHARE * patience)
        self._rest = SHARE * patience
        self._silent_until: float | None = None
        """While Redis does not answer: when somebody may ask again."""
        self._patience = patience
        register = self._client.register_script
        self._create, self._copy, self._load = map(register, (_CREATE, _COPY, _LOAD))
        self._save, self._chunks, self._delete = map(register, (_SAVE, _CHUNKS, _DELETE))
        self._save_where_full = register(_SAVE_WHERE_FULL)
        self._forget, self._look = map(register, (_FORGET, _LOOK))
        self._closed = False
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def create(self, record: Record, chunk: Chunk) -> None:
        _check_new(record)
        with self._answering():
            said = self._create(
                [*_keys(record.id), IDS],
                [self._kept_ms, record.id, record.body, record.state, *_flat(chunk)],
            )
        if said == b"conflict":
            raise Conflict(f"there is an experiment {record.id!r} already")
        self._sweep()

    def copy(self, source: str, record: Record, last: int) -> int:
        _check_new(record)
        with self._answering():
            said = self._copy(
                [*_keys(record.id), IDS, *_keys(source)],
                [self._kept_ms, record.id, record.body, record.state, last],
            )
        if said == b"unknown":
            raise UnknownExperiment(source)
        if said == b"conflict":
            raise Conflict(f"there is an experiment {record.id!r} already")
        self._sweep()
        return int(said)

    def load(self, id: str) -> Record:
        return self._read(id, self._prolonged_ms)

    def peek(self, id: str) -> Record:
        """The same as `load`, but no use of the experiment. Raises `UnknownExperiment`."""
        return self._read(id, 0)

    def _read(self, id: str, prolonged_ms: int) -> Record:
        with self._answering():
            version, body, state = self._load(_keys(id), [self._kept_ms, prolonged_ms])
        if version is None:
            raise UnknownExperiment(id)
        if not version.isdigit():
            _log.error("experiment %s is lost: its record in Redis is damaged", id)
            raise DamagedExperiment(id)
        return Record(id, int(version), body or b"", state or b"")

    def save(self, record: Record, *chunks: Chunk, keep_until: int | None = None) -> None:
        flat = [word for chunk in chunks for word in _flat(chunk)]
        most = self.most_bytes * (STUDY_FACTOR if "/" in record.id else 1)
        keep = "" if keep_until is None else keep_until
        with self._answering():
            said = self._saved(
                _keys(record.id),
                [self._kept_ms, most, record.version, record.body, record.state, keep, *flat],
                needs_room=bool(chunks),
            )
        if said == b"unknown":
            raise UnknownExperiment(record.id)
        if said == b"full":
            raise StoreFull(f"the memory of Redis at {self.place} is full")
        if said == b"large":
            raise TooLarge(most)
        if said != b"done":
            raise StaleVersion(record.version - 1, int(said))

    def _saved(self, keys: list[str], arguments: list[Any], *, needs_room: bool) -> Any:
        """What came of saving; what needs no room is saved in a full Redis, too."""
        import redis

        try:
            return self._save(keys, arguments)
        except redis.exceptions.OutOfMemoryError:
            if needs_room:
                raise
        return self._save_where_full(keys, arguments)

    def chunks(self, id: str, first: int = 0, last: int | None = None) -> list[Chunk]:
        with self._answering():
            found = self._chunks(_keys(id), [first, "+inf" if last is None else last])
        if found == b"unknown":
            raise UnknownExperiment(id)
        triples = zip(found[::3], found[1::3], found[2::3], strict=True)
        return [Chunk(int(begin), int(end), data or b"") for begin, end, data in triples]

    def delete(self, id: str) -> None:
        with self._answering():
            found = self._delete([*_keys(id), IDS], [id])
        if not found:
            raise UnknownExperiment(id)

    def expire(self) -> int:
        """Forget the ids of what Redis has removed; how many experiments that were."""
        return sum(self._forgotten(ids) for ids in self._ids())

    def check(self) -> None:
        if self.restoring:
            raise StoreUnavailable(
                f"a backup is being put back into Redis at {self.place}; if that was cut off,"
                " put it back again"
            )
        with self._answering():  # scripts do all else, and not every user may run them
            self._load(_keys(""), [self._kept_ms, 0])

    @property
    def restoring(self) -> str | None:
        """Which backup is being put back, or was when that was cut off."""
        with self._answering():
            found = self._client.get(RESTORING_KEY)
        return None if found is None else _text(found)

    @restoring.setter
    def restoring(self, which: str | None) -> None:
        with self._answering():
            if which is None:
                self._client.delete(RESTORING_KEY)
            else:
                self._client.set(RESTORING_KEY, which)

    def check_writable(self) -> None:
        with self._answering():
            self._client.set(SCHEMA_KEY, SCHEMA)

    def now(self) -> float:
        """The time by Redis' own clock. It asks Redis, so it is not for every request."""
        with self._answering():
            seconds, microseconds = self._client.time()
        return float(seconds + microseconds / 1e6)

    def usage(self) -> Usage:
        """The ids, some of which may have expired, and the memory of all that this Redis holds."""
        with self._answering():
            count: int = self._client.scard(IDS)
            info: dict[str, Any] = self._client.info("memory")
        return Usage(count, int(info["used_memory"]))

    def close(self) -> None:
        self._closed = True
        self._client.close()
        self._glance.close()

    def ids(self) -> Iterator[str]:
        """The ids of all that is kept, and of some that have expired."""
        for ids in self._ids():
            yield from ids

    def put(self, record: Record, chunks: Sequence[Chunk]) -> None:
        """Keep what another store kept, at its version. Raises `Conflict` when the id is taken."""
        lost = Chunk(0, 0, b"")  # where there is no history: a server makes it anew
        self.create(Record(record.id, 1, b"", b""), chunks[0] if chunks else lost)
        with self._answering():
            self._client.hset(_keys(record.id)[0], "version", record.version - 1)
        self.save(record, *chunks[1:])

    def facts(self) -> dict[str, Any]:
        """What this Redis says of its memory and of what it writes to a disk."""
        with self._answering():
            info: dict[str, Any] = self._client.info()
        return {**info, "policy": self._setting("maxmemory-policy"), "save": self._setting("save")}

    def _prepare(self) -> None:
        """Refuse a Redis that holds what a newer Basin wrote, or that would lose parts."""
        with self._answering():
            found = self._client.get(SCHEMA_KEY)
        if found is None:
            try:
                self.check_writable()
            except StoreFull:
                return
        elif not found.isdigit() or int(found) > SCHEMA:
            raise BadSetting(
                f"Redis at {self.place} was written by a newer Basin"
                f" (schema {found.decode(errors='replace')}, this one knows {SCHEMA})"
            )
        policy = self._setting("maxmemory-policy")
        if policy not in (None, "noeviction"):
            raise BadSetting(
                f"Redis at {self.place} throws away parts of experiments when its memory is full"
                f" (maxmemory-policy {policy}); set it to noeviction"
            )

    def _setting(self, name: str) -> str | None:
        """A setting of this Redis, or None where it tells nobody."""
        import redis

        try:
            found: dict[str, str] = self._client.config_get(name)
        except redis.exceptions.ResponseError:
            return None
        except redis.exceptions.RedisError as error:
            raise StoreUnavailable(f"Redis at {self.place} does not answer: {error}") from error
        return found.get(name)

    def _ids(self) -> Iterator[list[str]]:
        cursor: Any = 0
        while True:
            with self._answering():
                cursor, ids = self._client.sscan(IDS, cursor, count=BATCH)
            yield [_text(id) for id in ids]
            if not cursor:
                return

    def _sweep(self) -> None:
        """Look at a few ids; where many of them have expired, at more. It may fail: it is no news.

        More are looked at than were added, so that few of the expired stay in the set.
        """
        with suppress(StoreUnavailable), self._answering():
            self._look([IDS], [SAMPLE, ROUNDS])

    def _forgotten(self, ids: Sequence[str]) -> int:
        if not ids:
            return 0
        with self._answering():
            return int(self._forget([IDS], ids))

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Turn the errors of redis-py into those of stores."""
        import redis

        if self._closed:
            raise StoreUnavailable(f"the store in Redis at {self.place} is closed")
        waiting = WAITING.get()
        if waiting is not None and waiting.seconds >= self._patience:
            raise StoreUnavailable(f"Redis at {self.place} answers too slowly")
        began = time.monotonic()
        try:
            if self._silent_until is not None:
                self._look_again()
            yield
        except redis.exceptions.OutOfMemoryError as error:
            raise StoreFull(f"the memory of Redis at {self.place} is full") from error
        except redis.exceptions.RedisError as error:
            if isinstance(error, redis.exceptions.TimeoutError):
                self._silent_until = time.monotonic() + self._rest
            raise StoreUnavailable(f"Redis at {self.place} does not answer: {error}") from error
        finally:
            now = time.monotonic()
            if waiting is not None:
                waiting.seconds += now - began
            if now - began >= SLOW * self._patience:
                self._silent_until = now + self._rest

    def _look_again(self) -> None:
        """Whether Redis, which did not answer, does so now; raises what `_answering` turns."""
        now = time.monotonic()
        if self._silent_until is not None and now < self._silent_until:
            raise StoreUnavailable(f"Redis at {self.place} does not answer")
        self._silent_until = now + 2 * self._rest  # the others need not wait for the answer
        self._glance.ping()
        self._silent_until = None


def place_of(url: str) -> str:
    """Where a URL leads, without the password that it may hold."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadSetting(f"no address of a Redis: {error}") from error
    if parts.scheme == "unix":
        return parts.path
    try:
        port = parts.port or 6379
    except ValueError as error:
        raise BadSetting(f"the port of a Redis is a number: {error}") from error
    return f"{parts.hostname or 'localhost'}:{port}{parts.path.rstrip('/')}"


def _client(url: str, patience: float) -> "redis.Redis":
    """A client that asks once: what may have been saved must not be saved again unseen."""
    try:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ModuleNotFoundError as error:
        raise BadSetting(
            "a store in Redis needs the package redis: pip install -r requirements-redis.txt"
        ) from error
    try:
        client = redis.Redis.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=min(patience, 2.0),
            retry=Retry(NoBackoff(), 0),
        )
        pool = client.connection_pool
        pool.make_connection()  # connects nowhere, but understands all that the URL asks for
        if pool.get_encoder().decode_responses or "retry_on_error" in pool.connection_kwargs:
            raise ValueError("answers are bytes, and nothing is asked twice")
    except (TypeError, ValueError, redis.RedisError) as error:
        raise BadSetting(f"PLAYGROUND_STORE: Redis at {place_of(url)}: {error}") from error
    return client


def _text(id: bytes) -> str:
    """An id, or what stands among them and is none of ours."""
    return id.decode(errors="replace")


def _keys(id: str) -> list[str]:
    return [f"basin:record:{id}", f"basin:index:{id}", f"basin:data:{id}"]


def _flat(chunk: Chunk) -> tuple[int, int, bytes]:
    return chunk.first, chunk.last, chunk.data


def _check_new(record: Record) -> None:
    if record.version != 1:
        raise ValueError(f"a new experiment has version 1, not {record.version}")
