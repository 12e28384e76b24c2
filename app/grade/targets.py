"""Where the table and the page are written, looked at before the training and not after it.

What stands there already is written over only where it is an earlier table or page: no hand-in, no
lesson, no store, nor anything else.
"""

import os
import stat
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, TextIO

from app.errors import BasinError
from app.grade.report import is_page, is_table

File = tuple[int, int]
"""An ordinary file by what it is, however it is spelt: its device, and its number there."""
_LOOKED_AT = 4096


class BadTarget(BasinError):
    """A place where the table or the page cannot be written, or where something would be lost."""


def check_targets(table: Path | None, page: Path, out: TextIO | None) -> set[File]:
    """The files that are there for the table and the page, which so are no hand-ins.

    Without a file for the table that is what it is printed to. Raises BadTarget where both are one
    file, where something else is there, and where one cannot be written.
    """
    printed = _printed_to(out)
    taken = {printed} if table is None and printed else set[File]()
    found = {printed} if printed else set[File]()
    with ExitStack() as stack:  # of two new files, too, it is seen whether they are one
        for option, path, is_earlier in (("--csv", table, is_table), ("--page", page, is_page)):
            if path is None:
                continue
            try:
                is_new = _made(path, stack)
                file = file_at(path)
                if file in taken:
                    raise BadTarget(f"{option} {path} is where the table goes: name another file")
                if not is_new:
                    _check_there(option, path, is_earlier)
            except OSError as error:
                why = error.strerror or error
                raise BadTarget(f"{option} {path} cannot be written: {why}") from None
            if file:
                taken.add(file)
            if file and not is_new:
                found.add(file)
    return found


def file_at(path: Path) -> File | None:
    """The ordinary file at a path, also behind links; None where there is none."""
    try:
        return _file(path.stat())
    except OSError:
        return None


def is_output(path: Path) -> bool:
    """Whether an ordinary file is a table or a page of an earlier grading, by how it begins."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            text = _beginning(file)
    except OSError:
        return False
    return is_table(text) or is_page(text)


def _beginning(file: BinaryIO) -> str:
    """What a file begins with, in which a table or a page can be known."""
    return file.read(_LOOKED_AT).decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _file(found: os.stat_result) -> File | None:
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def _printed_to(out: TextIO | None) -> File | None:
    """The file that a stream writes, None where it writes to something else."""
    try:
        return None if out is None else _file(os.fstat(out.fileno()))
    except OSError:  # it has no number, as in a test
        return None


def _made(path: Path, stack: ExitStack) -> bool:
    """Make the file where there is none, until the stack is left. Raises OSError."""
    try:
        path.stat()
    except FileNotFoundError:
        real = Path(os.path.realpath(path))
        real.open("xb").close()
        stack.callback(real.unlink)
        return True
    return False


def _check_there(option: str, path: Path, is_earlier: Callable[[str], bool]) -> None:
    """Raises BadTarget and OSError where what is at a path cannot be written, or is to stay."""
    if path.is_dir():
        raise BadTarget(f"{option} {path} is a folder: name a file in it")
    if not path.is_file():  # a device or a pipe, which looking at could disturb
        if not os.access(path, os.W_OK):
            raise BadTarget(f"{option} {path} cannot be written")
        return
    with path.open("r+b") as file:
        text = _beginning(file)
    if text and not is_earlier(text):
        kind = "table" if option == "--csv" else "page"
        raise BadTarget(
            f"{option} {path} is there already, and is no {kind} of an earlier grading, so it is"
            " not written over: name another file"
        )
