"""How commands of `python -m app` end, wherever their output goes."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest

from app import __main__ as start
from app.environment import ROOT, THIS_PYTHON
from app.store.sqlite import SqliteStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a store, under a name that a terminal may not be able to show."""
    SqliteStore(tmp_path / "存.db", lifetime=timedelta(days=7)).close()
    return tmp_path


@pytest.fixture
def closed_pipe() -> Iterator[int]:
    """The end of a pipe whose reader has seen enough."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


def basin(
    folder: Path, *words: str, stdout: int | IO[Any] = subprocess.PIPE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """The program in a folder, with the store there."""
    given = {THIS_PYTHON: "1", "PLAYGROUND_STORE": "sqlite:///存.db", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=folder,
        env=os.environ | given | variables,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("words", [["check"], ["backup", "b.db"], ["grade", "class"]])
def test_what_cannot_be_printed_is_one_sentence(folder: Path, words: list[str]) -> None:
    (folder / "class").mkdir()
    with open("/dev/full", "w") as full:
        done = basin(folder, *words, stdout=full)
    said = f"What came of it cannot be printed: {os.strerror(errno.ENOSPC)}\n"
    assert done.returncode == 1
    assert done.stderr.removeprefix("The page of the class is grades.html.\n") == said


@pytest.mark.parametrize("words", [["check"], ["backup", "b.db"]])
def test_a_reader_that_has_seen_enough_is_no_failure(
    folder: Path, words: list[str], closed_pipe: int
) -> None:
    done = basin(folder, *words, stdout=closed_pipe)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_is_written_before_the_table_is_printed(folder: Path, closed_pipe: int) -> None:
    (folder / "class").mkdir()
    (folder / "class" / "one.json").write_text("{}")
    done = basin(folder, "grade", "class", stdout=closed_pipe)
    assert (done.returncode, done.stderr) == (1, "The page of the class is grades.html.\n")
    assert "one.json" in (folder / "grades.html").read_text("utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_letters_that_a_terminal_does_not_know_are_escaped(folder: Path, encoding: str) -> None:
    done = basin(folder, "check", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\u5b58.db: schema" in done.stdout


def test_a_name_need_be_no_utf8(folder: Path) -> None:
    done = basin(folder, "backup", os.fsdecode(b"x\xff.db"), PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert r"copied to x\udcff.db." in done.stdout
    assert Path(folder, os.fsdecode(b"x\xff.db")).exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [(["check"], "gone.db"), (["restore", "no.db"], "no.db"), (["grade", "no"], "no is no folder")],
)
def test_what_could_not_be_done_is_told_from_what_is_to_be_looked_at(
    folder: Path, words: list[str], why: str
) -> None:
    done = basin(folder, *words, PLAYGROUND_STORE="sqlite:///gone.db")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Basin cannot do this: ")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.EIO, "the disk is gone")])
def test_what_ends_a_command_early_is_no_finding(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(start, "keep_up", fail)
    assert start.run(start.parser().parse_args(["check"])) == 2
    assert ("the disk is gone" in capsys.readouterr().err) == isinstance(error, OSError)


@pytest.mark.parametrize(
    "words",
    [["grade", ""], ["backup", ""], *(["grade", "x", f"--{each}="] for each in ("csv", "page"))],
)
def test_an_empty_name_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It is that of an unset variable of the shell, and would be the folder one is in."""
    with pytest.raises(SystemExit, match="2"):
        start.parser().parse_args(words)
    assert "an empty name is no file and no folder" in capsys.readouterr().err


def test_the_exit_statuses_are_in_the_help() -> None:
    assert "exit status of a command: 0 where all is well; 1 where" in start.parser().format_help()
