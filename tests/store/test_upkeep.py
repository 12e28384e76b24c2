"""Backup, restore and check of a store's file."""

import errno
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from app.environment import ROOT, THIS_PYTHON
from app.errors import BadSetting, StoreUnavailable, UnknownExperiment
from app.lab.history.binary import pack_arrays, unpack_arrays
from app.lab.history.repair import DAMAGE
from app.store import Chunk, Record, upkeep
from app.store.seal import is_sound, read_json, sealed_json
from app.store.sqlite import SqliteStore
from app.store.upkeep import Copied, backup, check, restore

CHUNK = Chunk(0, 0, b"x")
BOUNDED = """
import resource, runpy, sys
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
runpy.run_module("app", run_name="__main__", alter_sys=True)
"""


def opened(path: Path) -> SqliteStore:
    return SqliteStore(path, lifetime=timedelta(days=7), patience=0.05)


def new(id: str) -> Record:
    return Record(id, 1, b"{}", b"state")


def basin(path: Path, *words: str, most: int | None = None) -> subprocess.CompletedProcess[str]:
    """The program, with a store; `most` are the bytes that any file may have, as on a full disk."""
    variables = {**os.environ, "PLAYGROUND_STORE": f"sqlite:///{path}", THIS_PYTHON: "1"}
    start = ["-c", BOUNDED, str(most)] if most else ["-m", "app"]
    command = [sys.executable, *start, *words]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)


def test_a_backup_has_what_lies_beside_the_file_and_is_put_back(tmp_path: Path) -> None:
    path, copy = tmp_path / "basin.db", tmp_path / "copy.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)  # its last commit is in the second file alone
        shutil.copy(path, tmp_path / "file alone.db")
        assert backup(path, copy).experiments == 1
        store.create(new("b"), CHUNK)
        with pytest.raises(StoreUnavailable, match="stop the server"):
            restore(copy, path)
        assert store.load("b").state == b"state"
    assert [file.name for file in tmp_path.glob("copy*")] == ["copy.db"]
    assert restore(copy, path).experiments == 1
    with closing(opened(path)) as store:
        assert store.load("a") == new("a")
        assert store.chunks("a") == [CHUNK]
        with pytest.raises(UnknownExperiment):
            store.load("b")


def test_a_backup_writes_over_nothing_and_is_of_a_store(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    with pytest.raises(BadSetting, match="there already"):
        backup(tmp_path / "basin.db", other)
    with pytest.raises(BadSetting, match="cannot be read"):
        restore(other, tmp_path / "basin.db")
    with pytest.raises(BadSetting, match="there is no file"):
        backup(tmp_path / "none.db", tmp_path / "copy.db")
    with pytest.raises(BadSetting, match=f"{tmp_path} is no file"):
        check(tmp_path)
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as db:
        db.execute("CREATE TABLE mine (x)")
    with pytest.raises(BadSetting, match="no store of Basin"):
        check(tmp_path / "theirs.db")


def test_what_is_damaged_is_named(tmp_path: Path) -> None:
    path = tmp_path / "basin.db"
    with closing(opened(path)) as store:
        for id in ("whole", "cut", "empty", "headless"):
            store.create(new(id), CHUNK)
    assert check(path).problems == ()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE experiment SET body = ? WHERE id = 'cut'", (b'{"st',))
        db.execute("UPDATE experiment SET state = ? WHERE id = 'empty'", (b"",))
        db.execute("DELETE FROM chunk WHERE experiment = 'headless'")
    problems = check(path).problems
    assert [any(id in line for line in problems) for id in ("cut", "empty", "headless")] == [
        True
    ] * 3
    assert not any("whole" in line for line in problems)
    assert restore(path, tmp_path / "other.db") == Copied(4, problems)


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("trigger", "CREATE TRIGGER evil AFTER INSERT ON experiment BEGIN DELETE FROM chunk; END"),
        ("view", "CREATE VIEW evil AS SELECT * FROM experiment"),
        ("table", "CREATE TABLE evil (x)"),
    ],
)
def test_what_basin_has_not_made_is_named_and_not_put_back(
    tmp_path: Path, kind: str, made: str
) -> None:
    path, target = tmp_path / "basin.db", tmp_path / "target.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    assert check(path).problems == ()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(made)
    assert check(path).problems == (f"the {kind} 'evil' is none of Basin's",)
    with pytest.raises(BadSetting, match="evil"):
        restore(path, target)
    assert not target.exists()


def test_a_file_with_a_broken_page_is_named(tmp_path: Path) -> None:
    path = tmp_path / "basin.db"
    with closing(opened(path)) as store:
        for number in range(50):
            store.create(new(str(number)), Chunk(0, 0, b"x" * 4000))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(size // 4))
    assert check(path).problems
    with pytest.raises(BadSetting, match="is damaged"):
        restore(path, tmp_path / "other.db")
    assert not (tmp_path / "other.db").exists()


def test_the_words_of_the_program(tmp_path: Path) -> None:
    path, copy = tmp_path / "basin.db", tmp_path / "copy.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    assert basin(path, "backup", str(copy)).stdout == f"1 experiments are copied to {copy}.\n"
    assert basin(path, "check").stdout.endswith("Nothing is wrong.\n")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE experiment SET body = ?", (b"",))
    broken = basin(path, "check")
    assert broken.returncode == 1
    assert "the record of experiment a is damaged" in broken.stdout
    assert basin(path, "restore", str(copy)).returncode == 0
    assert basin(path, "check").returncode == 0
    for words in (["backup"], ["check", "x"]):
        assert "name one file" in basin(path, *words).stderr


def test_what_is_damaged_is_copied_put_back_and_named(tmp_path: Path) -> None:
    """A server mends what it can; and who copies every night hears of it in time."""
    path, copy, other = (tmp_path / name for name in ("basin.db", "copy.db", "other.db"))
    with closing(opened(path)) as store:
        for id in ("a", "b"):
            store.create(new(id), CHUNK)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE experiment SET body = ? WHERE id = 'a'", (b"{",))
    said = "the record of experiment a is damaged\n"
    told = basin(path, "backup", str(copy))
    assert (told.returncode, told.stdout) == (1, f"2 experiments are copied to {copy}.\n{said}")
    told = basin(other, "restore", str(copy))
    assert (told.returncode, told.stdout) == (0, f"2 experiments are put back to {other}.\n{said}")
    with closing(opened(other)) as store:
        assert (store.load("a").body, store.load("b")) == (b"{", new("b"))


def test_one_bit_of_a_history_is_named(tmp_path: Path) -> None:
    path = tmp_path / "basin.db"
    packed = pack_arrays({"theta": np.zeros(10)})
    with closing(opened(path)) as store:
        for id in ("a", "b"):
            store.create(new(id), Chunk(0, 0, packed))
    assert check(path).problems == ()
    with closing(sqlite3.connect(path)) as db, db:
        bent = flipped(packed, 8 * (len(packed) - 40))
        db.execute("UPDATE chunk SET data = ? WHERE experiment = 'b'", (bent,))
    named = ("the history of experiment b is damaged",)
    assert check(path).problems == named
    assert restore(path, tmp_path / "other.db") == Copied(2, named)


def flipped(data: bytes, bit: int) -> bytes:
    found = bytearray(data)
    found[bit // 8] ^= 1 << bit % 8
    return bytes(found)


ARRAYS = pack_arrays({"theta": np.arange(5.0), "kept": np.arange(3)})
DOCUMENT = {"step": 7, "events": [{"rate": 0.5}], "name": "é"}


def test_arrays_are_read_as_they_were_stored_or_not_at_all() -> None:
    assert is_sound(ARRAYS)
    for bit in range(8 * len(ARRAYS)):
        with pytest.raises(DAMAGE):
            unpack_arrays(flipped(ARRAYS, bit))
    for end in range(len(ARRAYS)):
        with pytest.raises(DAMAGE):
            unpack_arrays(ARRAYS[:end] + bytes(len(ARRAYS) - end))
        with pytest.raises(DAMAGE):
            unpack_arrays(ARRAYS[:end])


def test_a_document_is_read_as_it_was_stored_or_not_at_all() -> None:
    text = sealed_json(DOCUMENT)
    assert read_json(text) == DOCUMENT
    assert json.loads(text).items() > DOCUMENT.items(), "an earlier version reads it too"
    for bit in range(8 * len(text)):
        try:
            found = read_json(flipped(text, bit))
        except ValueError:
            continue
        # Only the seal itself can have changed, so that it is none any more.
        assert {name: found[name] for name in DOCUMENT} == DOCUMENT
    for end in range(len(text) - 1):
        for cut in (text[:end], text[:end] + bytes(len(text) - end)):
            with pytest.raises(ValueError, match=r"."):
                read_json(cut)


def test_what_an_earlier_version_stored_has_no_seal_and_is_whole() -> None:
    header = json.dumps({"theta": {"dtype": "<f8", "shape": [2]}}).encode()
    old = struct.pack("<I", len(header)) + header + np.arange(2.0).tobytes()
    assert unpack_arrays(old)["theta"].tolist() == [0.0, 1.0]
    assert read_json(json.dumps(DOCUMENT).encode()) == DOCUMENT
    for never in (old, b"", b"x", b"[]", json.dumps(DOCUMENT).encode()):
        assert is_sound(never)
    assert not is_sound(bytes(100))  # of a page that is lost


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "UPDATE chunk SET data = zeroblob(100) WHERE length(data) > 0",
            "the history of experiment a is damaged",
        ),
        (
            "UPDATE chunk SET data = x'' WHERE experiment = 'a'",
            "the history of experiment a is damaged",
        ),
        (
            "UPDATE experiment SET state = zeroblob(100) WHERE id = 'a'",
            "the record of experiment a is damaged",
        ),
        (
            "UPDATE experiment SET version = -5 WHERE id = 'a'",
            "the record of experiment a is damaged",
        ),
        (
            "UPDATE experiment SET version = 9223372036854775807 WHERE id = 'a'",
            "the record of experiment a is damaged",
        ),
        (
            "UPDATE experiment SET used = 7184405740.0 WHERE id = 'a'",
            "the last use of experiment a is damaged",
        ),
        (
            "UPDATE experiment SET used = 9e999 WHERE id = 'a'",
            "the last use of experiment a is damaged",
        ),
    ],
)
def test_what_no_seal_tells_is_named_too(tmp_path: Path, change: str, said: str) -> None:
    path = tmp_path / "basin.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
        store.create(new("mystery/a"), Chunk(0, 0, b""))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(change)
    found = check(path)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(said)


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal", "-reserve", "-studies.lock", ""])
def test_a_backup_takes_no_name_that_the_store_needs(tmp_path: Path, end: str) -> None:
    path = tmp_path / "basin.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    with pytest.raises(BadSetting, match="belongs to the store"):
        backup(path, tmp_path / f"basin.db{end}")


def theirs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE grades (name)")
        db.execute("INSERT INTO grades VALUES ('Ada')")


def numbered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA application_id = 42")


@pytest.mark.parametrize("make", [theirs, numbered])
def test_a_backup_is_not_put_over_what_is_of_another_program(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path, target = tmp_path / "basin.db", tmp_path / "school.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    make(target)
    before = target.read_bytes()
    with pytest.raises(BadSetting, match="of another program"):
        restore(path, target)
    assert target.read_bytes() == before


def test_a_backup_is_put_where_an_empty_file_is_and_over_no_text(tmp_path: Path) -> None:
    path, target, text = tmp_path / "basin.db", tmp_path / "empty.db", tmp_path / "notes.txt"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    target.touch()
    assert restore(path, target).experiments == 1
    assert check(target).experiments == 1
    text.write_text("mine " * 1000)
    with pytest.raises(StoreUnavailable, match="move it away"):
        restore(path, text)
    assert text.read_text() == "mine " * 1000


def test_a_store_is_not_put_back_from_itself(tmp_path: Path) -> None:
    path, link = tmp_path / "basin.db", tmp_path / "link.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    link.symlink_to(path)
    for source in (path, link):
        with pytest.raises(BadSetting, match="is the store itself"):
            restore(source, path)
    assert check(path).experiments == 1


def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    path, file = tmp_path / "basin.db", tmp_path / "file"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    file.write_text("mine")
    for target in (file / "x", tmp_path / ("x" * 300), tmp_path / "none" / "x"):
        told = basin(path, "backup", str(target))
        assert (told.returncode, told.stdout) == (2, "")
        assert told.stderr.startswith(f"Basin cannot do this: {path} cannot be copied to {target}")
        assert told.stderr.count("\n") == 1
    long = tmp_path / ("x" * 300)
    for target, said in (
        (file / "x.db", f"{file / 'x.db'} cannot be replaced"),
        (file / "folder" / "x.db", f"{file / 'folder' / 'x.db'} cannot be replaced"),
        (long, f"{path} cannot be copied to {long}"),
    ):
        told = basin(target, "restore", str(path))
        assert (told.returncode, told.stdout) == (2, "")
        assert told.stderr.startswith(f"Basin cannot do this: {said}")
        assert told.stderr.count("\n") == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "basin.db",
        "basin.db-reserve",
        "file",
    ]


def test_of_two_backups_to_one_place_the_first_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, copy = tmp_path / "basin.db", tmp_path / "copy.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)

    def late(part: Path, target: Path) -> None:
        target.write_bytes(b"the first")
        moved(part, target)

    moved = upkeep._move
    monkeypatch.setattr(upkeep, "_move", late)
    with pytest.raises(BadSetting, match="there already"):
        backup(path, copy)
    assert copy.read_bytes() == b"the first"
    assert not list(tmp_path.glob("*.part*"))


def test_a_disk_without_second_names_takes_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(part: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    path, copy = tmp_path / "basin.db", tmp_path / "copy.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    monkeypatch.setattr(os, "link", refused)
    assert backup(path, copy).experiments == 1
    assert check(copy).experiments == 1
    assert not list(tmp_path.glob("*.part*"))


def test_without_room_nothing_is_left_and_the_old_store_is_whole(tmp_path: Path) -> None:
    large, path, copy = tmp_path / "large.db", tmp_path / "basin.db", tmp_path / "copy.db"
    with closing(opened(large)) as store:
        for number in range(64):
            store.create(new(str(number)), Chunk(0, 0, bytes(1 << 16)))
    with closing(opened(path)) as store:
        store.create(new("old"), CHUNK)
    size, bound = path.stat().st_size, 1 << 20
    for store_at, words in (
        (large, ("backup", str(copy))),
        (path, ("restore", str(large))),
        (copy, ("restore", str(large))),
    ):
        told = basin(store_at, *words, most=bound)
        assert (told.returncode, told.stdout) == (2, "")
        assert told.stderr.startswith("Basin cannot do this: ")
        assert told.stderr.count("\n") == 1
    assert path.stat().st_size == size
    kept = {one.name for one in tmp_path.iterdir() if not one.name.endswith("-reserve")}
    assert kept == {"basin.db", "large.db"}
    assert check(path).experiments == 1
    assert restore(large, path).experiments == 64


def test_what_a_killed_backup_has_left_goes_with_the_next(tmp_path: Path) -> None:
    path, copy = tmp_path / "basin.db", tmp_path / "co[p]y.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)
    old, young, other = (
        tmp_path / name
        for name in ("co[p]y.db.1.part-journal", "co[p]y.db.2.part", "copy.db.3.part")
    )
    for left in (old, young, other):
        left.write_text("left")
    for left in (old, other):
        os.utime(left, (0, 0))
    assert backup(path, copy).experiments == 1
    assert [left.exists() for left in (old, young, other)] == [False, True, True]


def test_of_two_backups_that_are_put_back_to_one_place_the_first_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, target = (tmp_path / f"{name}.db" for name in ("first", "second", "basin"))
    for path, count in ((first, 1), (second, 2)):
        with closing(opened(path)) as store:
            for number in range(count):
                store.create(new(str(number)), CHUNK)

    def late(part: Path, at: Path) -> None:
        assert basin(at, "restore", str(first)).returncode == 0
        moved(part, at)

    moved = upkeep._move
    monkeypatch.setattr(upkeep, "_move", late)
    with pytest.raises(BadSetting, match="there already"):
        restore(second, target)
    assert check(target).experiments == 1
    assert not list(tmp_path.glob("*.part*"))
