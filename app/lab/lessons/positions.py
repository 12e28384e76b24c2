"""A JSON text, read with the line of every value, so that an error can say where it is.

Strict where `json` is not: a name that stands twice in one object is an error, NaN and Infinity
are no numbers, and lists do not nest without end.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from json import decoder
from typing import Any

MOST_DEPTH = 64
_scan: Callable[[str, int, bool], tuple[str, int]] = decoder.__dict__["scanstring"]

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_NUMBERS = re.compile(r"\[[-+0-9.eE, \t]*+\]", re.ASCII)
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


@dataclass
class PlacedJson:
    """A value, and the line (from 1) of everything in it, by path; names have that of their key."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest one around it that is there."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def line_at(text: str, offset: int) -> int:
    """The line, from 1, of a place in a text."""
    return text.count("\n", 0, offset) + 1


def read_placed(text: str) -> PlacedJson:
    """The value of a JSON text, with lines. Raises NotJson."""
    reader = _Reader(text.removeprefix("\ufeff"))
    return reader.whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._counted = (0, 1)
        self.lines: dict[Path, int] = {}

    def whole(self) -> PlacedJson:
        value = self.value(())
        self.space()
        if self.at < len(self.text):
            raise NotJson("sign", self.at, "the end")
        return PlacedJson(value, self.lines)

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
        self.at += 1
        if self.next() == "}":
            self.at += 1
            return found
        while True:
            if self.next() != '"':
                raise NotJson("sign", self.at, '"')
            start = self.at
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
        if (numbers := self.numbers()) is not None:
            return numbers
        found: list[Any] = []
        self.at += 1
        if self.next() == "]":
            self.at += 1
            return found
        while True:
            found.append(self.value((*path, len(found))))
            if self._ends("]"):
                return found

    def numbers(self) -> list[Any] | None:
        """A list of numbers in one line, none of which needs a line of its own; None for others."""
        found = _NUMBERS.match(self.text, self.at)
        if found is None or _LONG.search(self.text, self.at, found.end()):
            return None
        try:
            numbers: list[Any] = json.loads(found[0])
        except ValueError:
            return None
        self.at = found.end()
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
        if any("\ud800" <= sign <= "\udfff" for sign in text):
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
