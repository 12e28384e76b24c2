"""What a file that was handed in holds, or in words why it is none."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.grade.plain import plain, with_escapes
from app.grade.reason import Refusal
from app.web.languages import LANGUAGES

MARK = "basin_hand_in"
VERSION = 1
MOST_BYTES = 8 << 20
MOST_ENTRIES = 2000
"""So many predictions, or guesses, are looked at in one file."""
_NAME = 200
_LINK = 32_000
"""A cell of a spreadsheet takes hardly more letters."""


class NoHandIn(Refusal):
    """A file cannot be used."""


@dataclass(frozen=True)
class HandIn:
    """What was handed in, as it was written; nothing of it is trusted yet.

    `language` is that of the page on which it was made, "" where it says none that there is.
    """

    name: str
    link: str
    language: str
    experiment: Any
    predictions: list[Any]
    mysteries: list[Any]


def read_hand_in(path: Path) -> HandIn:
    """The hand-in in a file. Raises NoHandIn."""
    document = _parse(text_of(path))
    if not isinstance(document, dict) or MARK not in document:
        raise NoHandIn("foreign", mark=MARK)
    version = document[MARK]
    if type(version) is not int or version < 1:
        raise NoHandIn("no_version", mark=MARK)
    if version > VERSION:
        raise NoHandIn("newer", version=version, reads=VERSION)
    lists = {key: document.get(key, []) for key in ("predictions", "mysteries")}
    for key, found in lists.items():
        if not isinstance(found, list):
            raise NoHandIn("no_list", field=key)
        if len(found) > MOST_ENTRIES:
            raise NoHandIn("many", field=key, count=len(found), most=MOST_ENTRIES)
    name, link = (
        _words(document.get(key, ""), most) for key, most in (("name", _NAME), ("link", _LINK))
    )
    language = document.get("language")
    known = language if isinstance(language, str) and language in LANGUAGES else ""
    return HandIn(name, link, known, document.get("experiment"), **lists)


def text_of(path: Path, *, follow: bool = False) -> str:
    """The text of an ordinary file of a size that is read; of the one behind a link to `follow`.

    Else a pipe would be waited for, and a device read without an end. Raises NoHandIn.
    """
    try:
        found = path.stat() if follow else path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise NoHandIn("link")
        if stat.S_ISDIR(found.st_mode):
            raise NoHandIn("folder")
        if not stat.S_ISREG(found.st_mode):
            raise NoHandIn("no_file")
        with path.open("rb") as file:
            read = file.read(MOST_BYTES + 1)  # it may have grown, and /proc says no sizes
        if len(read) > MOST_BYTES:
            raise NoHandIn("large", size=max(found.st_size, len(read)), most=MOST_BYTES)
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoHandIn("no_utf8", byte=error.start) from None
    except OSError as error:
        raise NoHandIn("unreadable", error=error.strerror or error) from None


def _parse(text: str) -> Any:
    """The value of a JSON text. Raises NoHandIn."""
    if not text.strip():
        raise NoHandIn("empty")
    try:
        found = json.loads(text, parse_constant=_refuse)
        return found if _HALF not in text.lower() else json.loads(_whole(found))
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            raise NoHandIn("cut", line=error.lineno) from None
        raise NoHandIn("no_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise NoHandIn("deep") from None
    except ValueError as error:
        raise NoHandIn("no_json_value", error=error) from None


_HALF = "\\ud"
"""How JSON begins half of a pair of surrogates, which alone is no letter that could be written."""


def _whole(value: Any) -> str:
    """A value as JSON, with a question mark for every half of a pair: a name may be cut there."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def printable(name: str) -> str:
    """The name of a file, which need be no UTF-8, as it can be written everywhere."""
    return with_escapes(name.encode("utf-8", "backslashreplace").decode())


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _words(value: Any, most: int) -> str:
    """A text in one line, as far as it is one, of so many letters at most."""
    return " ".join(plain(" ".join(value.split())).split())[:most] if isinstance(value, str) else ""
