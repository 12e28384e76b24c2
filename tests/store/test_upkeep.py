"""Backup, restore and check of a store's file."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from app.environment import ROOT, THIS_PYTHON
from app.errors import BadSetting, StoreUnavailable, UnknownExperiment
from app.store import Chunk, Record
from app.store.sqlite import SqliteStore
from app.store.upkeep import backup, check, restore

CHUNK = Chunk(0, 0, b"x")


def opened(path: Path) -> SqliteStore:
    return SqliteStore(path, lifetime=timedelta(days=7), patience=0.05)


def new(id: str) -> Record:
    return Record(id, 1, b"{}", b"state")


def basin(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PLAYGROUND_STORE": f"sqlite:///{path}", THIS_PYTHON: "1"}
    command = [sys.executable, "-m", "app", *words]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)


def test_a_backup_has_what_lies_beside_the_file_and_is_put_back(tmp_path: Path) -> None:
    path, copy = tmp_path / "basin.db", tmp_path / "copy.db"
    with closing(opened(path)) as store:
        store.create(new("a"), CHUNK)  # its last commit is in the second file alone
        shutil.copy(path, tmp_path / "file alone.db")
        assert backup(path, copy) == 1
        store.create(new("b"), CHUNK)
        with pytest.raises(StoreUnavailable, match="stop the server"):
            restore(copy, path)
        assert store.load("b").state == b"state"
    assert [file.name for file in tmp_path.glob("copy*")] == ["copy.db"]
    assert restore(copy, path) == 1
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
    with pytest.raises(BadSetting, match="no file"):
        backup(tmp_path / "none.db", tmp_path / "copy.db")
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
    with pytest.raises(BadSetting, match="damaged"):
        restore(path, tmp_path / "other.db")
    assert not (tmp_path / "other.db").exists()


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
