"""What every store must do. A new implementation joins by a name in `OPENERS`, and its opener."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from time import sleep

import pytest

from app.errors import Conflict, StaleVersion, StoreUnavailable, UnknownExperiment
from app.store import Chunk, Record, Store, open_store
from tests.machine import Machine
from tests.redis_server import RedisServer

LIFETIME = timedelta(days=7)
DAY = timedelta(days=1).total_seconds()


class Clock:
    """A clock that a test turns by hand; `turned` hears by how many seconds."""

    def __init__(self, turned: Callable[[float], None] = lambda seconds: None) -> None:
        self._now = 1_800_000_000.0
        self._turned = turned

    def __call__(self) -> float:
        return self._now

    @property
    def now(self) -> float:
        return self._now

    @now.setter
    def now(self, now: float) -> None:
        self._turned(now - self._now)
        self._now = now


Opener = Callable[[Path, Clock], Store]


def sqlite(folder: Path, clock: Clock) -> Store:
    return open_store(f"sqlite:///{folder / 'basin.db'}", lifetime=LIFETIME, clock=clock)


OPENERS = ["sqlite", "redis"]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(params=OPENERS)
def kind(request: pytest.FixtureRequest, redis: RedisServer) -> str:
    with redis.client() as client:
        client.flushall()
    kind: str = request.param
    return kind


@pytest.fixture
def clock(kind: str, redis: RedisServer) -> Clock:
    return Clock(redis.pass_time) if kind == "redis" else Clock()


@pytest.fixture
def url(kind: str, redis: RedisServer, tmp_path: Path) -> str:
    return redis.url if kind == "redis" else f"sqlite:///{tmp_path / 'basin.db'}"


@pytest.fixture
def opener(kind: str, redis: RedisServer) -> Opener:
    if kind == "redis":
        return lambda folder, clock: open_store(redis.url, lifetime=LIFETIME)
    return sqlite


@pytest.fixture
def store(opener: Opener, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with closing(opener(tmp_path, clock)) as store:
        yield store


def record(id: str = "a", version: int = 1, body: bytes = b"{}", state: bytes = b"") -> Record:
    return Record(id, version, body, state)


def chunk(first: int = 0, last: int | None = None, data: bytes = b"x") -> Chunk:
    return Chunk(first, first if last is None else last, data)


def test_what_was_created_is_loaded(store: Store) -> None:
    created = record(body=b'{"step": 0}', state=b"\x00\x01\xff")
    store.create(created, chunk(0, 0, b"first"))
    assert store.load("a") == created
    assert store.chunks("a") == [chunk(0, 0, b"first")]


def test_what_was_saved_replaces_it(store: Store) -> None:
    store.create(record(), chunk())
    saved = record(version=2, body=b'{"step": 5}', state=b"five")
    store.save(saved, chunk(1, 5))
    assert store.load("a") == saved


def test_a_save_may_leave_the_history_alone(store: Store) -> None:
    store.create(record(), chunk())
    store.save(record(version=2))
    assert store.chunks("a") == [chunk()]


def test_a_save_may_append_several_chunks_in_order(store: Store) -> None:
    store.create(record(), chunk())
    added = [chunk(1, 9), chunk(9, 9, b"again"), chunk(10, 12)]
    store.save(record(version=2), *added)
    assert store.chunks("a", 1) == added
    store.save(record(version=3), chunk(5), keep_until=4)
    assert store.chunks("a", 1) == [added[0], chunk(5)]


def test_another_store_of_the_same_place_sees_it(
    store: Store, opener: Opener, tmp_path: Path, clock: Clock
) -> None:
    store.create(record(), chunk())
    with closing(opener(tmp_path, clock)) as other:
        other.save(record(version=2, body=b"theirs"), chunk(1))
    assert store.load("a").body == b"theirs"


def test_an_id_is_given_once(store: Store) -> None:
    store.create(record(body=b"first"), chunk(0, 0, b"first"))
    with pytest.raises(Conflict):
        store.create(record(body=b"second"), chunk(0, 0, b"second"))
    assert store.load("a").body == b"first"
    assert store.chunks("a") == [chunk(0, 0, b"first")]


def test_a_new_experiment_has_version_one(store: Store) -> None:
    with pytest.raises(ValueError, match="version 1, not 2"):
        store.create(record(version=2), chunk())


@pytest.mark.parametrize("version", [-1, 0, 1, 2, 4])
def test_a_stale_save_is_a_conflict_and_changes_nothing(store: Store, version: int) -> None:
    store.create(record(), chunk())
    store.save(record(version=2, body=b"mine"), chunk(1))
    with pytest.raises(StaleVersion) as caught:
        store.save(record(version=version, body=b"late"), chunk(7), keep_until=-1)
    assert (caught.value.expected, caught.value.current) == (version - 1, 2)
    assert store.load("a") == record(version=2, body=b"mine")
    assert store.chunks("a") == [chunk(0), chunk(1)]


def test_of_many_threads_saving_one_version_exactly_one_wins(store: Store) -> None:
    store.create(record(), chunk())
    together = Barrier(8)

    def save(name: int) -> bytes | None:
        together.wait()
        body = str(name).encode()
        try:
            store.save(record(version=2, body=body), chunk(1, 1, body))
        except StaleVersion:
            return None
        return body

    with ThreadPoolExecutor(8) as threads:
        winners = [body for body in threads.map(save, range(8)) if body is not None]
    assert winners == [store.load("a").body] == [store.chunks("a", 1)[0].data]


def test_of_many_threads_creating_one_id_exactly_one_wins(store: Store) -> None:
    together = Barrier(8)

    def create(name: int) -> bool:
        together.wait()
        try:
            store.create(record(body=str(name).encode()), chunk())
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(create, range(8))) == [False] * 7 + [True]
    assert len(store.chunks("a")) == 1


def test_threads_that_take_turns_lose_no_save(store: Store) -> None:
    store.create(record(), chunk())

    def save_ten() -> None:
        saved = 0
        while saved < 10:
            version = store.load("a").version + 1
            try:
                store.save(record(version=version), chunk(version))
            except StaleVersion:
                continue
            saved += 1

    with ThreadPoolExecutor(4) as threads:
        for future in [threads.submit(save_ten) for _ in range(4)]:
            future.result()
    assert store.load("a").version == 41
    assert [found.first for found in store.chunks("a", 1)] == list(range(2, 42))


def test_chunks_come_in_the_order_of_appending(store: Store) -> None:
    appended = [chunk(0), chunk(1, 50), chunk(20, 30), chunk(10, 60), chunk(0, 5)]
    store.create(record(), appended[0])
    for version, added in enumerate(appended[1:], start=2):
        store.save(record(version=version), added)
    assert store.chunks("a") == appended


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (0, None, [0, 1, 11]),
        (0, 0, [0]),
        (1, 1, [1]),
        (10, 10, [1]),
        (10, 11, [1, 11]),
        (5, 6, [1]),
        (11, None, [11]),
        (20, 99, [11]),
        (21, None, []),
    ],
)
def test_chunks_are_those_with_a_step_in_the_range(
    store: Store, first: int, last: int | None, found: list[int]
) -> None:
    store.create(record(), chunk(0))
    store.save(record(version=2), chunk(1, 10))
    store.save(record(version=3), chunk(11, 20))
    assert [chunk.first for chunk in store.chunks("a", first, last)] == found


@pytest.mark.parametrize(
    ("keep_until", "kept"),
    [(20, [0, 1, 11]), (11, [0, 1, 11]), (10, [0, 1]), (5, [0, 1]), (0, [0])],
)
def test_keep_until_drops_the_chunks_that_begin_after_it(
    store: Store, keep_until: int, kept: list[int]
) -> None:
    store.create(record(), chunk(0))
    store.save(record(version=2), chunk(1, 10))
    store.save(record(version=3), chunk(11, 20))
    store.save(record(version=4), keep_until=keep_until)
    assert [chunk.first for chunk in store.chunks("a")] == kept


def test_what_is_appended_after_a_cut_survives_it(store: Store) -> None:
    store.create(record(), chunk(0))
    store.save(record(version=2), chunk(1, 10, b"old"))
    store.save(record(version=3), chunk(5, 12, b"new"), keep_until=4)
    assert store.chunks("a", 5) == [chunk(1, 10, b"old"), chunk(5, 12, b"new")]


def test_a_cut_leaves_other_experiments_alone(store: Store) -> None:
    for id in ("a", "b"):
        store.create(record(id), chunk(0))
        store.save(record(id, version=2), chunk(1))
    store.save(record("a", version=3), keep_until=0)
    assert store.chunks("a") == [chunk(0)]
    assert store.chunks("b") == [chunk(0), chunk(1)]


def test_a_chunk_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end at 1"):
        chunk(2, 1)


def test_delete_takes_the_history_along(store: Store) -> None:
    store.create(record("a"), chunk(0, 0, b"old"))
    store.create(record("b"), chunk())
    store.delete("a")
    with pytest.raises(UnknownExperiment):
        store.load("a")
    store.create(record("a"), chunk(0, 0, b"new"))
    assert store.chunks("a") == [chunk(0, 0, b"new")]
    assert store.chunks("b") == [chunk()]


def test_a_copy_has_the_history_up_to_a_step_and_then_its_own(store: Store) -> None:
    store.create(record("a"), chunk(0))
    store.save(record("a", version=2), chunk(1, 10, b"both"))
    store.save(record("a", version=3), chunk(11, 20, b"old"))
    assert store.copy("a", record("b", body=b"new"), last=5) == len(b"x" + b"both")
    store.save(record("b", version=2), chunk(6, 30, b"own"))
    assert store.load("b") == record("b", version=2)
    assert store.chunks("b") == [chunk(0), chunk(1, 10, b"both"), chunk(6, 30, b"own")]
    assert store.load("a").version == 3
    assert store.chunks("a", 1) == [chunk(1, 10, b"both"), chunk(11, 20, b"old")]


def test_a_copy_outlives_its_source_and_its_source_a_copy(store: Store) -> None:
    store.create(record("a"), chunk(0, 0, b"first"))
    store.copy("a", record("b"), last=0)
    store.copy("a", record("c"), last=0)
    store.delete("b")
    assert store.chunks("a") == [chunk(0, 0, b"first")]
    store.delete("a")
    assert store.chunks("c") == [chunk(0, 0, b"first")]


def test_a_copy_takes_no_id_that_is_taken(store: Store) -> None:
    store.create(record("a"), chunk(0, 0, b"a"))
    store.create(record("b"), chunk(0, 0, b"b"))
    with pytest.raises(Conflict):
        store.copy("a", record("b"), last=0)
    with pytest.raises(ValueError, match="version 1, not 2"):
        store.copy("a", record("c", version=2), last=0)
    assert store.chunks("b") == [chunk(0, 0, b"b")]


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.load("nobody"),
        lambda store: store.copy("nobody", record("b"), 0),
        lambda store: store.save(record("nobody", version=2), chunk()),
        lambda store: store.chunks("nobody"),
        lambda store: store.delete("nobody"),
    ],
    ids=["load", "copy", "save", "chunks", "delete"],
)
def test_an_unknown_id_is_unknown(store: Store, call: Callable[[Store], object]) -> None:
    store.create(record(), chunk())
    with pytest.raises(UnknownExperiment) as caught:
        call(store)
    assert caught.value.id == "nobody"


def test_what_is_unused_for_longer_than_the_lifetime_expires(store: Store, clock: Clock) -> None:
    store.create(record("old"), chunk())
    clock.now += 4 * DAY
    store.create(record("new"), chunk())
    clock.now += 4 * DAY
    assert store.expire() == 1
    assert store.load("new").version == 1
    with pytest.raises(UnknownExperiment):
        store.load("old")
    assert store.expire() == 0


def test_nothing_expires_before_its_lifetime(store: Store, clock: Clock) -> None:
    store.create(record(), chunk())
    clock.now += 0.01 * DAY
    store.load("a")  # too soon after the last use to be worth a write
    clock.now += 7 * DAY
    assert store.expire() == 0
    assert store.chunks("a") == [chunk()]


@pytest.mark.parametrize("use", ["load", "save"])
def test_a_use_prolongs_a_life(store: Store, clock: Clock, use: str) -> None:
    store.create(record(), chunk())
    for version in range(2, 5):
        clock.now += 5 * DAY
        if use == "load":
            store.load("a")
        else:
            store.save(record(version=version))
    assert store.expire() == 0
    assert store.load("a").version == (1 if use == "load" else 4)


def test_the_expired_is_unknown_though_nobody_removed_it(store: Store, clock: Clock) -> None:
    store.create(record(), chunk(0, 0, b"old"))
    clock.now += 8 * DAY
    with pytest.raises(UnknownExperiment):
        store.save(record(version=2))
    with pytest.raises(UnknownExperiment):
        store.chunks("a")
    with pytest.raises(UnknownExperiment):
        store.delete("a")
    store.create(record(body=b"new"), chunk(0, 0, b"new"))
    assert store.load("a").body == b"new"
    assert store.chunks("a") == [chunk(0, 0, b"new")]


def test_many_expire_at_once(store: Store, clock: Clock) -> None:
    for number in range(120):
        store.create(record(f"old {number}"), chunk())
    clock.now += 8 * DAY
    assert store.expire() == 120


def test_the_expired_is_removed_by_using_the_store(store: Store, clock: Clock) -> None:
    for number in range(120):
        store.create(record(f"old {number}"), chunk())
    clock.now += 8 * DAY
    store.create(record(), chunk())
    for version in range(2, 6):
        store.save(record(version=version))
    assert store.expire() == 0


def test_big_blobs_come_back_whole(store: Store) -> None:
    big = bytes(range(256)) * 32_768  # 8 MB
    store.create(record(body=big, state=big[::-1]), chunk(0, 0, big))
    assert store.load("a") == record(body=big, state=big[::-1])
    assert store.chunks("a")[0].data == big


def test_empty_blobs_come_back_empty(store: Store) -> None:
    store.create(record(body=b"", state=b""), chunk(0, 0, b""))
    assert store.load("a") == record(body=b"", state=b"")
    assert store.chunks("a") == [chunk(0, 0, b"")]


@pytest.mark.parametrize(
    "id", ["初始化", "é", "e\u0301", "🌊", "a'b\"c;--", "A", " ", "", "%", "a/b"]
)
def test_any_text_is_an_id(store: Store, id: str) -> None:
    store.create(record("a"), chunk())
    store.create(record(id, body="偏置".encode()), chunk())
    assert store.load(id).body == "偏置".encode()
    assert store.load("a").body == b"{}"


def test_the_time_of_a_store_goes_on(url: str) -> None:
    with closing(open_store(url, lifetime=LIFETIME)) as store:
        begun = store.now()
        sleep(0.1)
        assert 0.05 < store.now() - begun < 60


@pytest.mark.parametrize("ahead", [25, -25, 400 * DAY, -400 * DAY])
def test_the_time_of_a_store_is_the_same_whatever_the_clock_of_a_server_says(
    url: str, ahead: float
) -> None:
    with closing(open_store(url, lifetime=LIFETIME)) as store:
        store.create(record(), chunk())
        with Machine(url, "other", ahead) as other:
            before = store.now()
            theirs = other.now()
            assert before <= theirs <= store.now()


def test_a_store_in_use_answers_its_check(store: Store) -> None:
    store.check()


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.create(record("b"), chunk()),
        lambda store: store.copy("a", record("b"), 0),
        lambda store: store.load("a"),
        lambda store: store.save(record(version=2)),
        lambda store: store.chunks("a"),
        lambda store: store.delete("a"),
        lambda store: store.expire(),
        lambda store: store.check(),
        lambda store: store.now(),
    ],
    ids=["create", "copy", "load", "save", "chunks", "delete", "expire", "check", "now"],
)
def test_a_closed_store_is_unavailable(store: Store, call: Callable[[Store], object]) -> None:
    store.create(record(), chunk())
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable):
        call(store)
