"""The spec that a link of the page stands for, as `static/js/share/link.js` writes it.

A link says only what differs from a preset: `#v1&preset=bowl&optimizer.learning_rate=0.5`. A value
is written in a subset of Rison, and a long one is deflated, behind a `~`.
"""

import base64
import binascii
import copy
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

VERSION = "v1"
MOST_TEXT = 4_000_000
"""Links that unpack to more letters together are refused."""
MOST_VALUES = 500_000
"""Links with more values together are refused: to read one takes about 4 µs."""
MOST_FIELDS = 2000
"""Links with more words together are refused."""
_MOST_DEPTH = 40
_PACKED, _TAKEN_AWAY, _LOOK = "~", "!x", "see."
_OWN = ("preset", "step", "events", "study", "class")
_WORD = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.ASCII)
_QUOTED = re.compile(r"'((?:[^'!]++|!.)*+)'", re.DOTALL)
_MARKED = re.compile(r"!(.)", re.DOTALL)


class BadLink(ValueError):
    """A text that is no link of the page, or one of another version."""


class Budget:
    """What is left to be unpacked and read of all links of one lesson, or of a single one."""

    def __init__(
        self, letters: int = MOST_TEXT, values: int = MOST_VALUES, fields: int = MOST_FIELDS
    ) -> None:
        self.letters, self.values, self.fields = letters, values, fields

    def take(self, letters: int = 0, values: int = 0, fields: int = 0) -> None:
        """Raise BadLink where less is left than that."""
        self.letters -= letters
        self.values -= values
        self.fields -= fields
        if min(self.letters, self.values, self.fields) < 0:
            raise BadLink(
                f"is too long: at most {MOST_TEXT} letters, {MOST_VALUES} values and"
                f" {MOST_FIELDS} words are read of all links together"
            )


Presets = Mapping[str, Mapping[str, Any]]
"""Complete specs by name; the first is what a link begins with that names none."""


def spec_of_link(link: str, presets: Presets, budget: Budget | None = None) -> dict[str, Any]:
    """The spec that the link of a card stands for, without changes on the way. Raises BadLink."""
    spec, events = experiment_of_link(link, presets, budget)
    if events:
        raise BadLink("has changes on the way, which a card cannot have")
    return spec


def experiment_of_link(
    link: str, presets: Presets, budget: Budget | None = None
) -> tuple[dict[str, Any], Any]:
    """The spec that a link stands for, and what it says of changes on the way.

    What it says of a step, of the view and of a class is left aside. Raises BadLink, also for more
    than is left of the `budget`.
    """
    budget = Budget() if budget is None else budget
    budget.take(letters=len(link), fields=link.count("&"))
    version, *words = link.rpartition("#")[2].split("&")
    if version != VERSION:
        raise BadLink(f"does not begin with #{VERSION}")
    fields = dict(_field(word, budget) for word in words)
    base = presets.get(str(fields.get("preset", next(iter(presets)))))
    if base is None:
        raise BadLink("names a preset that there is not")
    whole: dict[str, Any] = {"": copy.deepcopy(dict(base))}
    for name, value in fields.items():
        if name not in _OWN and not name.startswith(_LOOK):
            _put(whole, ["", *name.split(".")], value)
    return dict(whole[""]), fields.get("events", [])


def _put(whole: Any, path: list[str], value: Any) -> None:
    """Set the value at a path, or take away what is there."""
    *steps, last = path
    for step in steps:
        whole = _inner(whole, step)
    if isinstance(whole, list):
        if not last.isdecimal() or int(last) >= len(whole) or value is _GONE:
            raise BadLink(f"changes nothing at {'.'.join(path[1:])}")
        whole[int(last)] = value
    elif not isinstance(whole, dict):
        raise BadLink(f"changes nothing at {'.'.join(path[1:])}")
    elif value is _GONE:
        whole.pop(last, None)
    else:
        whole[last] = value


def _inner(whole: Any, step: str) -> Any:
    if isinstance(whole, dict) and step in whole:
        return whole[step]
    if isinstance(whole, list) and step.isdecimal() and int(step) < len(whole):
        return whole[int(step)]
    raise BadLink(f"changes nothing at {step}")


_GONE = object()


def _field(word: str, budget: Budget) -> tuple[str, Any]:
    name, sign, text = word.partition("=")
    if not name or not sign:
        raise BadLink(f"has no value in {word[:40]}")
    plain = unquote(_unpacked(text[1:], budget) if text.startswith(_PACKED) else text)
    return name, _GONE if plain == _TAKEN_AWAY else read_notation(plain, budget)


def _unpacked(text: str, budget: Budget) -> str:
    """The text that was deflated and written as base64url."""
    try:
        data = base64.b64decode(
            text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True
        )
        reader = zlib.decompressobj(-zlib.MAX_WBITS)
        plain = reader.decompress(data, budget.letters + 1)
        budget.take(letters=len(plain))
        if not reader.eof:
            raise BadLink("is cut")
        return plain.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise BadLink(f"cannot be unpacked: {error}") from None


def read_notation(text: str, budget: Budget | None = None) -> Any:
    """The value of a text such as `(units:4,activation:tanh)`. Raises BadLink."""
    reader = _Notation(text, Budget() if budget is None else budget)
    value = reader.value(0)
    if reader.at != len(text):
        raise BadLink(f"has something left over at {reader.at}")
    return value


class _Notation:
    def __init__(self, text: str, budget: Budget) -> None:
        self.text, self.at, self.budget = text, 0, budget

    def sign(self) -> str:
        return self.text[self.at : self.at + 1]

    def expect(self, sign: str) -> None:
        if self.sign() != sign:
            raise BadLink(f"has no {sign} at {self.at}")
        self.at += 1

    def value(self, depth: int) -> Any:
        if depth > _MOST_DEPTH:
            raise BadLink("nests too deeply")
        self.budget.take(values=1)
        if self.sign() == "(":
            return self.object(depth)
        if self.sign() == "!":
            return self.marked(depth)
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            return self.word()
        self.at = number.end()
        whole = re.fullmatch(r"-?\d{1,300}", number[0])
        return int(number[0]) if whole else float(number[0])

    def object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def entry() -> None:
            name = self.word()
            self.expect(":")
            found[name] = self.value(depth + 1)

        self.at += 1
        self.entries(entry)
        return found

    def marked(self, depth: int) -> Any:
        kind, self.at = self.text[self.at + 1 : self.at + 2], self.at + 2
        if kind in ("n", "t", "f"):
            return {"n": None, "t": True, "f": False}[kind]
        if kind != "(":
            raise BadLink(f"means nothing by !{kind}")
        found: list[Any] = []
        self.entries(lambda: found.append(self.value(depth + 1)))
        return found

    def entries(self, entry: Callable[[], None]) -> None:
        """Entries up to the closing bracket."""
        if self.sign() == ")":
            self.at += 1
            return
        while True:
            entry()
            if self.sign() == ")":
                self.at += 1
                return
            self.expect(",")

    def word(self) -> str:
        if self.sign() == "'":
            return self.quoted()
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise BadLink(f"has no value at {self.at}")
        self.at = found.end()
        return found[0]

    def quoted(self) -> str:
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            raise BadLink("has a text without an end")
        self.at = found.end()
        return _MARKED.sub(r"\1", found[1])
