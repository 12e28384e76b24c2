"""A JSON text, read with the line of every value, so that an error can say where it is.

Strict where `json` is not: a name that stands twice in one object is an error, NaN and Infinity
are no numbers, and lists do not nest without end.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from json import decoder
from typing import Any

from app.lab.experiment.state import Pause, nothing

MOST_DEPTH = 64
MOST_PLACED = 250_000
"""The most that is read one by one, with its line, which takes about 4 µs: a value, a name or a
list of numbers counts once, another list or an object twice; and more where they are deep."""
_DEEP = 16
"""So many brackets around a value make it count once more."""
_AT_ONCE = 16
"""So many numbers of a list, which are read at once, count once."""
_LONGEST_LIST = 500_000
"""A list of numbers with more letters is read one by one, with pauses."""
_PAUSE = 10_000
"""After so many of them others may go first."""
_scan: Callable[[str, int, bool], tuple[str, int]] = decoder.__dict__["scanstring"]

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_NUMBERS = re.compile(r"\[[-+0-9.eE, \t\r\n]*+\]", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_LONG = re.compile(r"[0-9]{300}", re.ASCII)
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}


class NotJson(ValueError):
    """A text that is no JSON: at which offset, and which rule it breaks.

    The `code` is one of `cut` (the text ends too early), `twice` (a name stands twice) or `sign`
    (something else was expected there).
    """

    def __init__(self, code: str, offset: int, expected: str) -> None:
        super().__init__(expected)
        self.code, self.offset, self.expected = code, offset, expected


class TooManyValues(ValueError):
    """A text of more than MOST_PLACED values that are read one by one."""

    def __init__(self) -> None:
        super().__init__(f"has more than {MOST_PLACED} values outside lists of numbers")


@dataclass
class PlacedJson:
    """A value, and the line (from 1) of everything in it, by path; names have that of their key.

    Lists of numbers have one line; `spread` is the text of those that take several.
    """

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)
    spread: dict[Path, str] = field(default_factory=dict)
    _within: dict[Path, list[int]] = field(default_factory=dict, compare=False)

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest one around it that is there."""
        while path not in self.lines:
            *around, place = path
            path = tuple(around)
            if path in self.spread and isinstance(place, int):
                lines = self._lines_within(path)
                if place < len(lines):
                    return lines[place]
        return self.lines[path]

    def _lines_within(self, path: Path) -> list[int]:
        """The line of every number of a list that is spread over several; found once."""
        if path not in self._within:
            parts = self.spread[path][1:-1].split(",")
            starts = [len(part) - len(part.lstrip()) for part in parts]
            before = accumulate((part.count("\n") for part in parts), initial=self.lines[path])
            self._within[path] = [
                line + part.count("\n", 0, start)
                for line, part, start in zip(before, parts, starts, strict=False)
            ]
        return self._within[path]


def line_at(text: str, offset: int) -> int:
    """The line, from 1, of a place in a text."""
    return text.count("\n", 0, offset) + 1


def read_placed(text: str, pause: Pause = nothing) -> PlacedJson:
    """The value of a JSON text, with lines. Raises NotJson and TooManyValues.

    Others may compute in each `pause`.
    """
    reader = _Reader(text.removeprefix("\ufeff"), pause)
    return reader.whole()


class _Reader:
    def __init__(self, text: str, pause: Pause) -> None:
        self.text = text
        self.at = 0
        self._counted = (0, 1)
        self._pause = pause
        self._read = 0
        self._next_pause = _PAUSE
        self.lines: dict[Path, int] = {}
        self.spread: dict[Path, str] = {}

    def count(self, values: int) -> None:
        """Counts what is read, and gives way now and then. Raises TooManyValues."""
        self._read += values
        if self._read > MOST_PLACED:
            raise TooManyValues
        if self._read >= self._next_pause:
            self._next_pause = self._read + _PAUSE
            self._pause()

    def whole(self) -> PlacedJson:
        value = self.value(())
        self.space()
        if self.at < len(self.text):
            raise NotJson("sign", self.at, "the end")
        return PlacedJson(value, self.lines, self.spread)

    def space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def next(self) -> str:
        """The next sign that is no space. Raises NotJson at the end of the text."""
        self.space()
        if self.at >= len(self.text):
            raise NotJson("cut", self.at, "more")
        return self.text[self.at]

    def here(self) -> int:
        """The line of the place that is read; lines are counted once, from the last one asked."""
        offset, line = self._counted
        line += self.text.count("\n", offset, self.at)
        self._counted = (self.at, line)
        return line

    def value(self, path: Path) -> Any:
        sign = self.next()
        if path not in self.lines:
            self.lines[path] = self.here()
        self.count(1 + len(path) // _DEEP)
        if len(path) > MOST_DEPTH:
            raise NotJson("sign", self.at, "fewer brackets in each other")
        if sign == "{":
            return self.object(path)
        if sign == "[":
            return self.array(path)
        if sign == '"':
            return self.string()
        return self.plain()

    def object(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.count(1)
        self.at += 1
        if self.next() == "}":
            self.at += 1
            return found
        while True:
            if self.next() != '"':
                raise NotJson("sign", self.at, '"')
            start = self.at
            self.count(1)
            name = self.string()
            if name in found:
                raise NotJson("twice", start, name[:40])
            self.lines[(*path, name)] = self.here()
            if self.next() != ":":
                raise NotJson("sign", self.at, ":")
            self.at += 1
            found[name] = self.value((*path, name))
            if self._ends("}"):
                return found

    def array(self, path: Path) -> list[Any]:
        if (numbers := self.numbers(path)) is not None:
            return numbers
        found: list[Any] = []
        self.count(1)
        self.at += 1
        if self.next() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value((*path, len(found))))
            if self._ends("]"):
                return found

    def numbers(self, path: Path) -> list[Any] | None:
        """A list of numbers, none of which needs a line before it is asked for; None for others."""
        found = _NUMBERS.match(self.text, self.at)
        if found is None or found.end() - self.at > _LONGEST_LIST:
            return None
        if _LONG.search(self.text, self.at, found.end()):
            return None
        try:
            numbers: list[Any] = json.loads(found[0])
        except ValueError:
            return None
        self.at = found.end()
        self.count(len(numbers) // _AT_ONCE)
        if numbers and "\n" in found[0]:
            self.spread[path] = found[0]
        return numbers

    def _ends(self, bracket: str) -> bool:
        sign = self.next()
        if sign not in (",", bracket):
            raise NotJson("sign", self.at, f", {bracket}")
        self.at += 1
        return sign == bracket

    def string(self) -> str:
        start = self.at
        try:
            found = _scan(self.text, start + 1, True)
        except json.JSONDecodeError as error:
            cut = "Unterminated string" in error.msg
            raise NotJson("cut" if cut else "sign", error.pos, '"') from None
        text, self.at = str(found[0]), int(found[1])
        if _HALF.search(text):
            raise NotJson("sign", start, "letters")
        return text

    def plain(self) -> Any:
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            raise NotJson("sign", self.at, "a value")
        self.at = number.end()
        if len(number[0]) > 300:
            raise NotJson("sign", number.start(), "a shorter number")
        return float(number[0]) if number[1] or number[2] else int(number[0])
