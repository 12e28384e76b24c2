"""What is particular to the store in a Redis."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

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
from app.store import Chunk, Record, open_store
from app.store.base import WAITING, Waiting
from app.store.redis import IDS, PATIENCE, SCHEMA_KEY, SHARE, SMALL_RECORD, RedisStore
from app.store.seal import sealed_json
from app.store.sqlite import SqliteStore
from app.store.upkeep import Copied, RedisUpkeep, check, contents
from tests.redis_server import RedisServer

LIFETIME = timedelta(days=7)
CHUNK = Chunk(0, 0, b"x")


def new(id: str, body: bytes = b"{}", version: int = 1) -> Record:
    return Record(id, version, body, b"state")


def opened(server: RedisServer, most_bytes: int = 1 << 22) -> RedisStore:
    return RedisStore(server.url, lifetime=LIFETIME, most_bytes=most_bytes, patience=2.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def store(server: RedisServer) -> Iterator[RedisStore]:
    with server.client() as client:
        client.flushall()
    with closing(opened(server)) as store:
        yield store


def test_every_key_of_an_experiment_expires_and_a_delete_leaves_none(
    server: RedisServer, store: RedisStore
) -> None:
    store.create(new("a"), CHUNK)
    store.save(new("a", version=2), Chunk(1, 9, b"y"))
    store.copy("a", new("b"), 5)
    with server.client() as client:
        kept = [key for key in client.scan_iter() if key.decode() not in (SCHEMA_KEY, IDS)]
        left = {client.pttl(key) for key in kept}
        assert len(kept) == 6
        assert LIFETIME.total_seconds() * 1000 < min(left) <= max(left) < 8 * 86_400_000
        store.delete("a")
        store.delete("b")
        assert {key.decode() for key in client.scan_iter()} == {SCHEMA_KEY}


def test_the_history_of_an_experiment_has_a_bound_that_a_cut_gives_back(
    server: RedisServer,
) -> None:
    with closing(opened(server, most_bytes=1000)) as store:
        store.create(new("bounded"), CHUNK)
        store.save(new("bounded", version=2), Chunk(1, 1, bytes(900)))
        with pytest.raises(TooLarge, match="at most 1000 bytes"):
            store.save(new("bounded", version=3), Chunk(2, 2, bytes(100)))
        assert store.load("bounded").version == 2
        store.save(new("bounded", version=3), Chunk(1, 1, bytes(950)), keep_until=0)
        store.copy("bounded", new("copied"), 9)
        with pytest.raises(TooLarge):
            store.save(new("copied", version=2), Chunk(2, 2, bytes(100)))
        store.create(new("study/long"), CHUNK)
        store.save(new("study/long", version=2), Chunk(1, 1, bytes(15_000)))
        with pytest.raises(TooLarge, match="at most 16000 bytes"):
            store.save(new("study/long", version=3), Chunk(2, 2, bytes(1000)))


def test_a_full_redis_is_said_changes_nothing_and_deletes(
    server: RedisServer, store: RedisStore
) -> None:
    store.create(new("a"), Chunk(0, 0, bytes(1 << 20)))
    store.create(new("b"), Chunk(0, 0, bytes(1 << 20)))
    with server.client() as client:
        client.config_set("maxmemory", client.info("memory")["used_memory"] - (1 << 18))
        try:
            with pytest.raises(StoreFull, match="full"):
                store.check_writable()
            with pytest.raises(StoreFull):
                store.save(new("a", b'{"x": 1}', 2), Chunk(1, 1, bytes(9)), keep_until=0)
            with pytest.raises(StoreFull):
                store.create(new("c"), CHUNK)
            with pytest.raises(StoreFull):
                store.copy("a", new("c"), 0)
            assert store.load("a") == new("a")
            assert store.chunks("a") == [Chunk(0, 0, bytes(1 << 20))]
            closing_soon = opened(server)  # a server that starts meanwhile serves what there is
            assert closing_soon.load("b") == new("b")
            closing_soon.close()
            store.delete("b")
            store.check_writable()
            store.save(new("a", b"{}", 2), Chunk(1, 1, bytes(9)))
        finally:
            client.config_set("maxmemory", 0)
    with pytest.raises(UnknownExperiment):
        store.load("c")


def test_a_full_redis_takes_what_gives_room_and_what_is_small(
    server: RedisServer, store: RedisStore
) -> None:
    """A study is cancelled, the line of studies moves up, and an experiment goes back."""
    store.create(new("study/a"), CHUNK)
    for id in ("a", "cut"):
        store.create(new(id), CHUNK)
        store.save(new(id, version=2), Chunk(1, 9, bytes(1 << 20)))
    store.create(Record("large", 1, b"{}", bytes(100_000)), CHUNK)
    with server.client() as client:
        client.config_set("maxmemory", client.info("memory")["used_memory"] - (1 << 20))
        try:
            with pytest.raises(StoreFull, match="full"):
                store.save(new("study/a", version=2), Chunk(1, 1, b"y"))
            with pytest.raises(StoreFull, match="full"):
                store.save(new("study/a", bytes(SMALL_RECORD), 2))
            store.save(new("study/a", bytes(SMALL_RECORD - 5), 2))
            with pytest.raises(StaleVersion):
                store.save(new("study/a", version=2))
            with pytest.raises(UnknownExperiment):
                store.save(new("study/b", version=2))
            # Larger than before by the mark of a save, and by no more than what it gives back.
            large = Record("large", 2, b"{}" + bytes(100), bytes(100_000))
            store.save(large, keep_until=0)
            with pytest.raises(StoreFull):
                store.save(Record("large", 3, b"{}", bytes(120_000)), keep_until=0)
            store.save(Record("cut", 3, b"{}", bytes(150_000)), keep_until=0)
            store.save(new("a", version=3), keep_until=0)
            assert store.load("a") == new("a", version=3)
            assert store.chunks("a") == [CHUNK]
            store.check_writable()
        finally:
            client.config_set("maxmemory", 0)


def test_a_redis_that_would_throw_parts_away_is_refused(server: RedisServer) -> None:
    with server.client() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            with pytest.raises(BadSetting, match=r"allkeys-lru.*set it to noeviction"):
                opened(server)
        finally:
            client.config_set("maxmemory-policy", "noeviction")


def test_what_a_newer_basin_wrote_is_refused_and_left_alone(
    server: RedisServer, store: RedisStore
) -> None:
    with server.client() as client:
        client.set(SCHEMA_KEY, 2)
        with pytest.raises(BadSetting, match="schema 2, this one knows 1"):
            opened(server)
        assert client.get(SCHEMA_KEY) == b"2"


def test_a_redis_that_dies_is_unavailable_and_one_that_comes_back_has_lost_nothing(
    tmp_path: Path,
) -> None:
    with (
        RedisServer(tmp_path, persistent=True) as server,
        closing(opened(server)) as store,
    ):
        store.create(new("a"), CHUNK)
        saved: list[int] = []
        died = Event()

        def save() -> None:
            while True:
                version = (saved or [1])[-1] + 1
                try:
                    store.save(new("a", version=version), Chunk(version, version, b"y"))
                except StoreUnavailable:
                    died.set()
                    return
                saved.append(version)

        writer = Thread(target=save)
        writer.start()
        while len(saved) < 20:
            assert not died.wait(0.001)
        server.kill()
        writer.join()
        with pytest.raises(StoreUnavailable, match=f"127.0.0.1:{server.port}/0"):
            store.load("a")
        with pytest.raises(StoreUnavailable):
            store.check()
        server.start()
        kept = store.load("a").version
        assert kept in (saved[-1], saved[-1] + 1)  # one may have been saved, but not yet told
        assert [chunk.first for chunk in store.chunks("a", 1)] == list(range(2, kept + 1))
        store.save(new("a", version=kept + 1))


def test_a_redis_that_is_silent_is_unavailable_in_time(
    server: RedisServer, store: RedisStore
) -> None:
    with closing(RedisStore(server.url, lifetime=LIFETIME, patience=1.0)) as store:
        store.create(new("silent"), CHUNK)
        with server.client() as client:
            client.execute_command("CLIENT", "PAUSE", 2000, "ALL")
        with pytest.raises(StoreUnavailable):
            store.save(new("silent", version=2))
        with server.client() as client:
            client.ping()  # waits for the end of the pause
        kept = store.load("silent").version
        assert kept in (1, 2)  # it may have been saved, and is so only once
        store.save(new("silent", version=kept + 1))


def test_of_those_who_ask_a_silent_redis_few_wait(tmp_path: Path) -> None:
    """Each would wait in turn, with the processor's turn in hand: a class for minutes."""
    patience = 2.0
    with (
        RedisServer(tmp_path) as server,
        closing(RedisStore(server.url, lifetime=LIFETIME, patience=patience)) as store,
    ):
        store.create(new("a"), CHUNK)
        with server.frozen():
            begun = time.monotonic()
            for _ in range(50):
                with pytest.raises(StoreUnavailable, match=f"127.0.0.1:{server.port}/0"):
                    store.load("a")
            assert time.monotonic() - begun < 2 * patience
            time.sleep(patience * SHARE)
            with pytest.raises(StoreUnavailable):
                store.load("a")
        end = time.monotonic() + 30.0
        while True:
            try:
                assert store.load("a") == new("a")
                break
            except StoreUnavailable:
                assert time.monotonic() < end
                time.sleep(0.1)
        store.save(new("a", version=2))


def test_a_user_who_may_run_no_scripts_has_no_store(server: RedisServer) -> None:
    with server.client() as client:
        client.execute_command(
            "ACL", "SETUSER", "weak", "on", ">word", "~*", "+@all", "-@scripting"
        )
    url = server.url.replace("://", "://weak:word@")
    with (
        closing(RedisStore(url, lifetime=LIFETIME)) as store,
        pytest.raises(StoreUnavailable, match="permissions"),
    ):
        store.check()


def test_behind_an_answer_that_is_slow_nobody_waits(server: RedisServer, store: RedisStore) -> None:
    """It comes, but the next would wait as long for theirs, in turn."""
    store.create(new("a"), CHUNK)
    with server.client() as client:
        client.execute_command("CLIENT", "PAUSE", 1200, "ALL")  # of the 2 s that are waited
    assert store.load("a") == new("a")
    with pytest.raises(StoreUnavailable, match="does not answer"):
        store.load("a")
    time.sleep(2.0 * SHARE)
    assert store.load("a") == new("a")


def test_all_that_one_request_asks_waits_no_longer_than_one_answer(
    server: RedisServer, store: RedisStore
) -> None:
    store.create(new("a"), CHUNK)
    waiting = Waiting()
    token = WAITING.set(waiting)
    try:
        with server.client() as client:
            client.execute_command("CLIENT", "PAUSE", 700, "ALL")
        store.load("a")
        assert waiting.seconds > 0.1
        store.save(new("a", version=2))
        waiting.seconds = PATIENCE
        with pytest.raises(StoreUnavailable, match="answers too slowly"):
            store.load("a")
    finally:
        WAITING.reset(token)
    assert store.load("a").version == 2


PLANTED: dict[str, Callable[[Any], Any]] = {
    "a record that is text": lambda redis: (
        redis.delete("basin:record:a"),
        redis.set("basin:record:a", "x"),
    ),
    "a version that is no number": lambda redis: redis.hset("basin:record:a", "version", "abc"),
}
REPAIRED: dict[str, Callable[[Any], Any]] = {
    "an index that is a list": lambda redis: (
        redis.delete("basin:index:a"),
        redis.lpush("basin:index:a", "x"),
    ),
    "chunks that are text": lambda redis: (
        redis.delete("basin:data:a"),
        redis.set("basin:data:a", "x"),
    ),
    "a member of the index that is none": lambda redis: redis.zadd("basin:index:a", {"x:y:z": 0}),
    "a length that is no number": lambda redis: redis.hset("basin:record:a", "longest", "abc"),
    "bytes that are no number": lambda redis: redis.hset("basin:record:a", "bytes", "abc"),
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED.keys())
def test_what_others_wrote_over_a_record_is_named_and_harms_no_other(
    server: RedisServer,
    store: RedisStore,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    plant: Callable[[Any], Any],
) -> None:
    for id in ("a", "b"):
        store.create(new(id), CHUNK)
    with server.client() as client:
        plant(client)
        client.sadd(IDS, b"\xff\xfe")
    with pytest.raises(DamagedExperiment):
        store.load("a")
    assert "experiment a is lost" in caplog.text
    with pytest.raises(UnknownExperiment):
        store.save(new("a", version=2))
    found = RedisUpkeep(store).check()
    assert found.problems == ("the record of experiment a is damaged",)
    left_out = "the record of experiment a is damaged, and left out"
    assert RedisUpkeep(store).backup(tmp_path / "copy.db") == Copied(1, (left_out,))
    assert store.load("b") == new("b")
    with suppress(UnknownExperiment):
        store.copy("a", new("c"), 0)  # its history may be whole
    store.delete("a")
    assert RedisUpkeep(store).check().problems == ()


@pytest.mark.parametrize("plant", REPAIRED.values(), ids=REPAIRED.keys())
def test_a_history_that_others_wrote_over_can_be_written_anew(
    server: RedisServer, store: RedisStore, plant: Callable[[Any], Any]
) -> None:
    store.create(new("a"), CHUNK)
    store.save(new("a", version=2), Chunk(1, 5, b"y"))
    with server.client() as client:
        plant(client)
    assert {chunk.data for chunk in store.chunks("a")} <= {b"", b"x", b"y"}
    store.copy("a", new("b"), 5)
    store.save(new("a", version=3), Chunk(0, 7, b"z"), keep_until=-1)
    assert store.chunks("a") == [Chunk(0, 7, b"z")]
    store.save(new("a", version=4), Chunk(8, 9, b"w"), keep_until=7)
    assert store.chunks("a") == [Chunk(0, 7, b"z"), Chunk(8, 9, b"w")]


@pytest.mark.parametrize("text", ["abc", "", "nan", "inf", "-5", "1e400", b"\xff"])
@pytest.mark.parametrize("field", ["number", "longest", "bytes"])
def test_figures_that_others_wrote_over_are_counted_again(
    server: RedisServer, store: RedisStore, field: str, text: str | bytes
) -> None:
    store.create(new("a"), CHUNK)
    store.save(new("a", version=2), Chunk(1, 5, b"y"))
    with server.client() as client:
        client.hset("basin:record:a", field, text)
        store.copy("a", new("b"), 5)
        store.save(new("a", version=3), Chunk(6, 6, b"z"))
        figures = client.hmget("basin:record:a", "number", "longest", "bytes")
    assert figures == [b"3", b"4", str(len(CHUNK.data) + 2).encode()]
    for id, chunks in (("a", [Chunk(1, 5, b"y"), Chunk(6, 6, b"z")]), ("b", [Chunk(1, 5, b"y")])):
        assert store.chunks(id, first=4) == chunks


def test_errors_name_the_place_and_never_the_password(server: RedisServer) -> None:
    for port in (1, server.port):  # nobody is there; no such password
        url = f"redis://somebody:secret@127.0.0.1:{port}/0"
        with pytest.raises(StoreUnavailable, match=f"127.0.0.1:{port}/0") as caught:
            open_store(url, lifetime=LIFETIME)
        assert "secret" not in str(caught.value)
    start = "redis://:secret@localhost"
    words = ("foo=bar", "protocol=9", "protocol=x", "decode_responses=True", "retry_on_error=x")
    wrong = (f"{start}:99999999/0", "redis://:secret@[", *(f"{start}/0?{word}" for word in words))
    for url in wrong:
        with pytest.raises(BadSetting) as refused:
            open_store(url, lifetime=LIFETIME)
        assert "secret" not in str(refused.value)


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(BadSetting, match=r"pip install -r requirements-redis\.txt"):
        open_store("redis://localhost", lifetime=LIFETIME)


def test_a_backup_of_a_redis_is_put_back_and_opens_as_a_file(
    server: RedisServer, store: RedisStore, tmp_path: Path
) -> None:
    upkeep, copy = RedisUpkeep(store), tmp_path / "copy.db"
    store.create(new("a", b'{"step": 2}'), CHUNK)
    store.save(new("a", b'{"step": 5}', 2), Chunk(1, 5, b"y"), Chunk(3, 4, b"z"))
    store.create(Record("line/studies", 1, b"[]", b""), Chunk(0, 0, b""))
    server.pass_time(86_400 * 2)
    with server.client() as client:
        before = client.pttl("basin:record:a")
        assert upkeep.backup(copy).experiments == 2
        assert client.pttl("basin:record:a") <= before  # a backup is no use
        with pytest.raises(BadSetting, match="there already"):
            upkeep.backup(copy)
        with pytest.raises(BadSetting, match="holds experiments"):
            upkeep.restore(copy)
        client.flushall()
    assert [file.name for file in tmp_path.iterdir()] == ["copy.db"]
    assert check(copy).problems == ()
    assert upkeep.restore(copy).experiments == 2
    assert store.load("a") == new("a", b'{"step": 5}', 2)
    assert store.chunks("a") == [CHUNK, Chunk(1, 5, b"y"), Chunk(3, 4, b"z")]
    assert dict(contents(copy)).keys() == {store.load("a"), store.load("line/studies")}
    with closing(SqliteStore(copy, lifetime=LIFETIME)) as file:
        assert file.chunks("a") == store.chunks("a")


def test_a_backup_that_was_not_put_back_to_its_end_is_not_taken_for_whole(
    server: RedisServer, store: RedisStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep, copy = RedisUpkeep(store), tmp_path / "copy.db"
    for id in "abc":
        store.create(new(id), CHUNK)
        store.save(new(id, version=2), Chunk(1, 9, b"y"))
    upkeep.backup(copy)
    with server.client() as client:
        client.flushall()
    saved: list[str] = []
    save = RedisStore.save

    def ends(self: RedisStore, record: Record, *chunks: Chunk, **more: Any) -> None:
        if len(saved) == 2:
            raise KeyboardInterrupt
        saved.append(record.id)
        save(self, record, *chunks, **more)

    monkeypatch.setattr(RedisStore, "save", ends)
    with pytest.raises(KeyboardInterrupt):
        upkeep.restore(copy)
    monkeypatch.undo()
    assert len(set(store.ids())) == 3  # of one the first part alone
    assert upkeep.check().problems[0] == "a backup was not put back to its end; put it back again"
    for refused in (
        lambda: upkeep.backup(tmp_path / "part.db"),
        store.check,
        lambda: open_store(server.url, lifetime=LIFETIME),
    ):
        with pytest.raises(StoreUnavailable, match="put it back again"):
            refused()
    store.create(new("d"), CHUNK)  # of a server that had begun before
    whole = saved[0]
    store.save(new(whole, b'{"step": 10}', 3), Chunk(10, 10, b"z"))  # somebody went on with it
    with closing(SqliteStore(tmp_path / "other.db", lifetime=LIFETIME)) as other:
        other.create(new("e"), CHUNK)
    with pytest.raises(BadSetting, match="part of another backup"):
        upkeep.restore(tmp_path / "other.db")
    assert upkeep.restore(copy).experiments == 3
    assert upkeep.check().problems == ()
    assert set(store.ids()) == {*"abcd"}
    assert store.load(whole) == new(whole, b'{"step": 10}', 3)
    for id in {*"abc"} - {whole}:
        assert store.load(id) == new(id, version=2)
        assert store.chunks(id) == [CHUNK, Chunk(1, 9, b"y")]
    with pytest.raises(BadSetting, match="holds experiments"):
        upkeep.restore(copy)
    with closing(open_store(server.url, lifetime=LIFETIME)):
        pass


def test_what_is_damaged_in_a_backup_is_put_back_and_named(
    server: RedisServer, store: RedisStore, tmp_path: Path
) -> None:
    upkeep, copy = RedisUpkeep(store), tmp_path / "copy.db"
    for id in ("a", "b", "c"):
        store.create(new(id), CHUNK)
    with server.client() as client:
        client.hset("basin:record:a", "body", b"{")
        client.delete("basin:index:b", "basin:data:b")
        named = {"the record of experiment a is damaged", "experiment b has no beginning"}
        found = upkeep.backup(copy)
        assert (found.experiments, set(found.problems)) == (3, named)
        client.flushall()
    assert set(upkeep.restore(copy).problems) == named
    assert (store.load("a").body, store.load("b"), store.load("c")) == (b"{", new("b"), new("c"))


def test_the_first_part_of_an_experiment_is_not_taken_for_all_of_it(
    server: RedisServer, store: RedisStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was never trained has the version with which its first part is written."""
    upkeep, copy, create = RedisUpkeep(store), tmp_path / "copy.db", RedisStore.create
    store.create(new("a"), CHUNK)
    upkeep.backup(copy)
    with server.client() as client:
        client.flushall()

    def ends(self: RedisStore, record: Record, chunk: Chunk) -> None:
        create(self, record, chunk)
        raise KeyboardInterrupt

    monkeypatch.setattr(RedisStore, "create", ends)
    with pytest.raises(KeyboardInterrupt):
        upkeep.restore(copy)
    monkeypatch.undo()
    assert store.peek("a").version == 1
    assert upkeep.restore(copy).experiments == 1
    assert store.load("a") == new("a")


def test_a_check_names_what_is_damaged_and_says_what_is_not_kept(
    server: RedisServer, store: RedisStore
) -> None:
    upkeep = RedisUpkeep(store)
    for id in ("whole", "cut", "empty", "headless", "expired"):
        store.create(new(id), CHUNK)
    assert upkeep.check().problems == ()
    store.put(new("bent"), [Chunk(0, 0, sealed_json({"a": 1}).replace(b"1", b"2", 1))])
    assert upkeep.check().problems == ("the history of experiment bent is damaged",)
    store.delete("bent")
    with server.client() as client:
        client.hset("basin:record:cut", "body", b'{"st')
        client.hset("basin:record:empty", "state", b"")
        client.delete("basin:index:headless")
        client.delete("basin:record:expired")
    found = upkeep.check()
    said = "\n".join(found.problems)
    assert found.experiments == 4
    assert all(id in said for id in ("cut", "empty", "headless"))
    assert "whole" not in said
    assert len(found.problems) == 3
    assert "nothing is written to its disk" in found.notes[0]
    with pytest.raises(Conflict):
        store.put(new("whole"), [CHUNK])
