"""What is particular to the store in one SQLite file."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from app.errors import BadSetting, DamagedExperiment, StoreFull, StoreUnavailable, UnknownExperiment
from app.store import Chunk, Record, open_store
from app.store.sqlite import APPLICATION, SqliteStore
from tests.chromium import as_root

ROOT = Path(__file__).parents[2]
LIFETIME = timedelta(days=7)
FIRST = Record("a", 1, b"{}", b"")
CHUNK = Chunk(0, 0, b"x")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "basin.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path, lifetime=LIFETIME, patience=0.05)) as store:
        yield store


@pytest.fixture
def raw(path: Path, store: SqliteStore) -> Iterator[sqlite3.Connection]:
    """The store's file, seen from outside."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def writer(path: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.writer", f"sqlite:///{path}", "a", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("saves", [1, 40, 300])
def test_a_killed_writer_loses_nothing_it_had_reported(
    store: SqliteStore, raw: sqlite3.Connection, path: Path, saves: int
) -> None:
    store.create(FIRST, CHUNK)
    with writer(path) as process:
        assert process.stdout is not None
        for _ in range(saves):
            assert process.stdout.readline()
        process.kill()
        reported = [line for line in process.stdout if line.endswith("\n")]
    last = int(reported[-1]) if reported else saves + 1
    kept = store.load("a").version
    assert kept in (last, last + 1)  # a save may have been finished, but not yet reported
    assert [chunk.first for chunk in store.chunks("a", 1)] == list(range(2, kept + 1))
    assert store.chunks("a")[-1].data == store.load("a").body * 1000
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store.save(Record("a", kept + 1, b"{}", b""))


def test_processes_that_make_the_file_and_write_at_once_lose_no_save(path: Path) -> None:
    processes = [writer(path, "50") for _ in range(4)]
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    with closing(SqliteStore(path, lifetime=LIFETIME)) as store:
        assert store.load("a").version == 201
        assert [chunk.first for chunk in store.chunks("a", 1)] == list(range(2, 202))


def test_the_log_is_written_ahead(store: SqliteStore, raw: sqlite3.Connection, path: Path) -> None:
    store.create(FIRST, CHUNK)
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert path.with_name("basin.db-wal").stat().st_size > 0


def test_a_delete_leaves_no_chunk_behind(store: SqliteStore, raw: sqlite3.Connection) -> None:
    store.create(FIRST, CHUNK)
    store.delete("a")
    assert raw.execute("SELECT count(*) FROM chunk").fetchone() == (0,)


def test_most_reads_do_not_write(path: Path) -> None:
    now = [1e9]
    with (
        closing(SqliteStore(path, lifetime=LIFETIME, clock=lambda: now[0])) as store,
        closing(sqlite3.connect(path)) as raw,
    ):
        store.create(FIRST, CHUNK)
        (before,) = raw.execute("PRAGMA data_version").fetchone()
        for _ in range(3):
            now[0] += 1000
            store.load("a")
            store.chunks("a")
        assert raw.execute("PRAGMA data_version").fetchone() == (before,)
        now[0] += 1000
        store.load("a")
        assert raw.execute("PRAGMA data_version").fetchone() != (before,)


def test_a_writer_without_its_turn_is_told_so(store: SqliteStore, raw: sqlite3.Connection) -> None:
    store.create(FIRST, CHUNK)
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        store.save(Record("a", 2, b"{}", b""))
    with pytest.raises(StoreUnavailable, match="locked"):
        store.create(Record("b", 1, b"{}", b""), CHUNK)
    assert store.load("a") == FIRST
    raw.execute("ROLLBACK")
    store.save(Record("a", 2, b"{}", b""))


def test_a_reader_goes_on_though_it_cannot_note_the_use(path: Path) -> None:
    now = [1e9]
    with (
        closing(SqliteStore(path, lifetime=LIFETIME, clock=lambda: now[0], patience=0.05)) as store,
        closing(sqlite3.connect(path, isolation_level=None)) as raw,
    ):
        store.create(FIRST, CHUNK)
        now[0] += 100_000
        raw.execute("BEGIN IMMEDIATE")
        assert store.load("a") == FIRST


def test_a_lost_table_is_unavailable(store: SqliteStore, raw: sqlite3.Connection) -> None:
    raw.execute("DROP TABLE chunk")
    raw.execute("DROP TABLE experiment")
    with pytest.raises(StoreUnavailable, match="no such table"):
        store.check()


def test_the_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "数据" / "my folder" / "basin.db"
    open_store(f"sqlite:///{path}", lifetime=LIFETIME).close()
    assert path.is_file()


def test_a_relative_path_starts_at_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///data/basin.db", lifetime=LIFETIME).close()
    assert (tmp_path / "data" / "basin.db").is_file()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "basin.db",
        "postgres://localhost",
        "sqlite://",
        "sqlite:///",
        "sqlite://basin.db",
        "sqlite:///:memory:",
    ],
)
def test_a_url_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="sqlite:///"):
        open_store(url, lifetime=LIFETIME)


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("a learner's notes, not a database\n" * 100)
    before = path.read_bytes()
    with pytest.raises(BadSetting, match="not a database"):
        SqliteStore(path, lifetime=LIFETIME)
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE experiment (id TEXT)")
    before = path.read_bytes()
    with pytest.raises(BadSetting, match="another program"):
        SqliteStore(path, lifetime=LIFETIME)
    assert path.read_bytes() == before


def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA application_id = {APPLICATION}")
        newer.execute("PRAGMA user_version = 999")
    with pytest.raises(BadSetting, match="newer Basin"):
        SqliteStore(path, lifetime=LIFETIME)


@pytest.mark.parametrize("folder", ["/", ".", "/tmp"])
def test_a_folder_is_refused(folder: str) -> None:
    with pytest.raises(BadSetting, match="it is a folder, and PLAYGROUND_STORE must name a file"):
        open_store(f"sqlite:///{folder}", lifetime=LIFETIME)


def test_a_path_through_a_file_is_refused(path: Path) -> None:
    path.write_text("")
    with pytest.raises(BadSetting, match="cannot keep experiments in"):
        SqliteStore(path / "basin.db", lifetime=LIFETIME)


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    SqliteStore(path, lifetime=LIFETIME).close()
    assert path.stat().st_size > 0


def test_threads_that_ended_leave_no_connection(store: SqliteStore) -> None:
    for _ in range(20):
        thread = Thread(target=store.check)
        thread.start()
        thread.join()
    assert len(store._connections._open) <= 2


def test_a_forked_child_opens_its_own_connection(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create(FIRST, CHUNK)
    parents = store._connections.mine()
    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        assert store._connections.mine() is not parents
        assert store.load("a") == FIRST
        store.close()
    assert parents.execute("SELECT 1").fetchone() == (1,)
    parents.close()


def test_an_interrupted_save_is_undone(store: SqliteStore) -> None:
    store.create(FIRST, CHUNK)
    unstorable = Chunk(1, 2**70, b"")
    with pytest.raises(OverflowError):
        store.save(Record("a", 2, b"{}", b""), unstorable, keep_until=-1)
    assert store.load("a") == FIRST
    assert store.chunks("a") == [CHUNK]
    store.delete("a")
    with pytest.raises(UnknownExperiment):
        store.load("a")


@pytest.mark.parametrize("again", [False, True])
def test_a_file_that_is_deleted_or_replaced_is_noticed(
    store: SqliteStore, path: Path, tmp_path: Path, again: bool
) -> None:
    store.create(FIRST, CHUNK)
    store._connections.mine().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = tmp_path / "kept.db"
    path.rename(kept)
    if again:
        SqliteStore(path, lifetime=LIFETIME).close()
    for call in (store.check, store.check_writable, lambda: store.load("a")):
        with pytest.raises(StoreUnavailable, match="another file" if again else "is gone"):
            call()
    if not again:
        kept.rename(path)
        assert store.load("a").version == 1


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 32 MB; where none can be mounted, it is the folder of the test."""
    folder, root = tmp_path / "disk", as_root()
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m,mode=0777", "tmpfs", str(folder)]
    is_small = root is not None and subprocess.run([*root, *mount], capture_output=True)
    if not is_small or is_small.returncode:
        yield folder
        return
    try:
        yield folder
    finally:
        subprocess.run([*(root or []), "umount", str(folder)], check=True)


def fill(disk: Path, store: SqliteStore) -> int:
    """Create experiments until there is no room; how many there are."""
    if disk.stat().st_dev == disk.parent.stat().st_dev:  # a large disk: its end is SQLite's own
        db = store._connections.mine()
        db.execute("PRAGMA max_page_count = 5000")
    for number in range(1000):
        try:
            store.create(Record(str(number), 1, b"{}", b"x" * 200_000), CHUNK)
        except StoreFull:
            return number
    raise AssertionError("the disk does not end")


def fill_up(disk: Path) -> bool:
    """Have others take all that is left of a disk of our own; whether it is one."""
    if not os.path.ismount(disk):
        return False
    with (disk / "others").open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    return True


def test_a_use_that_lies_far_ahead_has_nothing_expire(path: Path) -> None:
    """One bit of a disk has changed; the clock is right, and so are the others."""
    now = [1e9]
    with closing(SqliteStore(path, lifetime=LIFETIME, clock=lambda: now[0])) as store:
        for id in "abc":
            store.create(Record(id, 1, b"{}", b""), CHUNK)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE experiment SET used = 7184405740.0 WHERE id = 'b'")
    now[0] += DAY
    with closing(SqliteStore(path, lifetime=LIFETIME, clock=lambda: now[0])) as store:
        assert store.expire() == 0
        assert [store.load(id).version for id in "abc"] == [1, 1, 1]
        now[0] += 8 * DAY
        assert store.expire() == 3


@pytest.mark.parametrize("version", [0, -5, 2**53 + 1, 2**63 - 1])
def test_a_version_that_nobody_saved_is_damage(
    store: SqliteStore, raw: sqlite3.Connection, version: int, caplog: pytest.LogCaptureFixture
) -> None:
    store.create(FIRST, CHUNK)
    raw.execute("UPDATE experiment SET version = ?", (version,))
    raw.commit()
    with pytest.raises(DamagedExperiment):
        store.load("a")
    assert "experiment a is lost" in caplog.text
    store.delete("a")
    store.create(FIRST, CHUNK)


def test_the_reserve_grows_again_when_there_is_room(disk: Path) -> None:
    reserve = disk / "basin.db-reserve"
    with closing(SqliteStore(disk / "basin.db", lifetime=LIFETIME)) as store:
        store.create(FIRST, CHUNK)
        usual = reserve.stat().st_size
        reserve.write_bytes(bytes(4096))
        store.create(Record("b", 1, b"{}", b""), CHUNK)
        assert reserve.stat().st_size >= 0.9 * usual
        reserve.write_bytes(bytes(4096))
        store.expire()
        assert reserve.stat().st_size >= 0.9 * usual


def test_a_long_log_does_not_take_the_reserve(disk: Path) -> None:
    """Moved into the file on a full disk, it would take all of it, and nothing could be deleted."""
    with closing(SqliteStore(disk / "basin.db", lifetime=LIFETIME)) as store:
        for id in "abc":
            store.create(Record(id, 1, b"{}", b""), CHUNK)
        with closing(sqlite3.connect(disk / "basin.db")) as reader:
            reader.execute("BEGIN")
            reader.execute(
                "SELECT count(*) FROM experiment"
            ).fetchone()  # holds the log where it is
            with suppress(StoreFull):
                store.save(Record("a", 2, b"{}", os.urandom(12 << 20)))
        fill_up(disk)
        kept = (disk / "basin.db-reserve").stat().st_size
        with suppress(StoreFull):
            store.save(Record("b", 2, b"{}", os.urandom(10 << 20)))  # no reserve for so much
        for id in "abc":
            store.delete(id)
        assert (disk / "basin.db-reserve").stat().st_size > kept / 2


def test_a_disk_that_is_really_full_is_said_and_cleared_by_deleting(disk: Path) -> None:
    with closing(SqliteStore(disk / "basin.db", lifetime=LIFETIME)) as store:
        store.check_writable()
        count = fill(disk, store)
        assert count > 10
        if os.path.ismount(disk):
            with pytest.raises(StoreFull, match="bytes are left"):
                store.check_writable()
        assert store.load("3").state == b"x" * 200_000
        for number in range(count - 2):
            store.delete(str(number))
        store.check_writable()
        store.save(Record(str(count - 1), 2, b"{}", b"y" * 20_000))
        assert (disk / "basin.db-reserve").exists()


def test_a_young_store_can_be_cleared_when_others_fill_its_disk(disk: Path) -> None:
    with closing(SqliteStore(disk / "basin.db", lifetime=LIFETIME)) as store:
        for number in range(3):
            store.create(Record(str(number), 1, b"{}", b"x" * 20_000), CHUNK)
        assert (disk / "basin.db-reserve").exists()
        if fill_up(disk):
            with pytest.raises(StoreFull):
                store.check_writable()
        store.delete("0")
        store.delete("1")
        assert store.load("2").state == b"x" * 20_000
        with pytest.raises(UnknownExperiment):
            store.load("0")


def test_on_a_disk_that_is_really_full_a_record_is_replaced_again_and_again(disk: Path) -> None:
    """A study is cancelled, an experiment goes back, and what is kept for deleting stays."""
    with closing(SqliteStore(disk / "basin.db", lifetime=LIFETIME)) as store:
        store.create(FIRST, CHUNK)
        store.save(Record("a", 2, b"{}", b""), Chunk(1, 9, os.urandom(50_000)))
        count = fill(disk, store)
        fill_up(disk)
        kept = (disk / "basin.db-reserve").stat().st_size
        with pytest.raises(StoreFull):
            store.save(Record("a", 3, b"{}", b""), Chunk(10, 10, os.urandom(3_000_000)))
        for version in range(3, 60):
            store.save(Record("a", version, b"{}", bytes(1000)), keep_until=0)
            assert store.load("a").version == version
        assert store.chunks("a") == [CHUNK]
        assert (disk / "basin.db-reserve").stat().st_size > kept / 2
        for number in range(count):
            store.delete(str(number))
        store.expire()
        store.check_writable()


def test_a_disk_that_is_really_full_is_cleared_by_expiry(disk: Path) -> None:
    now = [1e9]
    with closing(SqliteStore(disk / "basin.db", lifetime=LIFETIME, clock=lambda: now[0])) as store:
        count = fill(disk, store)
        now[0] += 8 * DAY
        assert store.expire() == count
        store.check_writable()
        store.create(FIRST, CHUNK)


DAY = 86_400.0


@pytest.mark.parametrize("jump", [400 * DAY, -400 * DAY])
@pytest.mark.parametrize("restarted", [False, True])
def test_a_clock_that_jumps_and_comes_back_sweeps_nothing(
    path: Path, jump: float, restarted: bool
) -> None:
    wall, since_start = [1e9], [0.0]

    def opened() -> SqliteStore:
        return SqliteStore(
            path, lifetime=LIFETIME, clock=lambda: wall[0], elapsed=lambda: since_start[0]
        )

    def after(seconds: float) -> None:
        wall[0] += seconds
        since_start[0] += seconds

    store = opened()
    for id in ("used", "left"):
        store.create(Record(id, 1, b"{}", b""), CHUNK)
    for turn in (jump, -jump):
        after(2 * DAY)
        wall[0] += turn
        if restarted:
            store.close()
            store = opened()
        assert store.expire() == 0
        store.save(Record("used", store.load("used").version + 1, b"{}", b""))
    after(6.5 * DAY)
    assert store.expire() == 1  # what nobody used for more than 7 days, in which a server ran
    with pytest.raises(UnknownExperiment):
        store.load("left")
    assert store.load("used").version == 3
    store.close()


def test_a_store_that_nobody_opened_for_long_is_found_as_it_was_left(path: Path) -> None:
    wall = [1e9]
    with closing(SqliteStore(path, lifetime=LIFETIME, clock=lambda: wall[0])) as store:
        store.create(FIRST, CHUNK)
    wall[0] += 60 * DAY  # the holidays
    with closing(SqliteStore(path, lifetime=LIFETIME, clock=lambda: wall[0])) as store:
        assert store.expire() == 0
        assert store.load("a") == FIRST


def test_a_full_disk_is_not_ready_but_still_read_and_cleared(path: Path) -> None:
    """The disk is full for SQLite itself: the file may have no more pages than it has."""
    with closing(SqliteStore(path, lifetime=LIFETIME)) as store:
        store.create(FIRST, CHUNK)
        store.check_writable()
        db = store._connections.mine()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreUnavailable, match="full"):
            store.create(Record("b", 1, b"{}", b"x" * 100_000), CHUNK)
        assert store.load("a").version == 1
        store.delete("a")
        with pytest.raises(UnknownExperiment):
            store.load("a")


def test_the_file_shrinks_when_what_it_held_has_expired(path: Path) -> None:
    now = [0.0]
    with closing(SqliteStore(path, lifetime=LIFETIME, clock=lambda: now[0])) as store:
        for number in range(200):
            large = Chunk(0, 0, os.urandom(20_000))
            store.create(Record(f"old{number}", 1, b"{}", b""), large)
        full = path.stat().st_size + Path(f"{path}-wal").stat().st_size
        now[0] += 2 * LIFETIME.total_seconds()
        for number in range(20):  # what is used sweeps a part of it now and then
            store.create(Record(f"new{number}", 1, b"{}", b""), CHUNK)
            now[0] += LIFETIME.total_seconds() / 24
    assert full > 4_000_000
    assert path.stat().st_size < 200_000
