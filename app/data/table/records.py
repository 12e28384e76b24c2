"""Records of JSON as a table: a list of objects or of lists, lists by name, or an object a line.

Numbers of JSON are written in one way only, so that their cells need no question.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from app.data.table.bounds import (
    MOST_COLUMNS,
    MOST_LISTS,
    MOST_SPLIT,
    check_values,
    count_lists,
)
from app.data.table.pauses import paused

_BEGINS = ("[", "{")
_LEAST = 2
_ROWS = 500
"""So many rows are written between two pauses."""
_HALVES = re.compile("[\ud800-\udfff]")


class Records(NamedTuple):
    """Records as text with commas; `named` says that its first line has the names."""

    text: str
    named: bool


def looks_like_json(text: str) -> bool:
    """Whether a text begins as JSON does: with a bracket, and then another one or a quotation."""
    start = text[:200].lstrip("\ufeff \t\r\n")
    return start[:1] in _BEGINS and start[1:].lstrip()[:1] in ("[", "{", '"', "]", "}")


def is_json(text: str) -> bool:
    """Whether a text can be nothing but JSON: it begins with an object."""
    start = text[:200].lstrip("\ufeff \t\r\n[")
    return looks_like_json(text) and start[:1] == "{" and start[1:].lstrip()[:1] == '"'


def records(text: str) -> Records | None:
    """The records in a text; None if it holds none. Raises TooMuchWork.

    Of more names than there may be columns only these are written, and no row: each row would have
    a cell for every name in any of them.
    """
    if not looks_like_json(text):
        return None
    check_values(count_lists(text), MOST_LISTS)
    found = _parsed(text.lstrip("\ufeff"))
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        if len(found) >= _LEAST and len(lists) == len(found) and len(set(map(len, lists))) == 1:
            return _named(list(found), len(lists[0]), zip(*lists, strict=True))
        found = lists[0] if len(lists) == 1 else None
    if not isinstance(found, list) or not found:
        return None
    if all(isinstance(one, dict) for one in found):
        return _of_objects(found)
    if all(isinstance(one, list) for one in found):
        return _written(found, False)
    return None


def _of_objects(found: Sequence[Mapping[str, Any]]) -> Records | None:
    names = list(dict.fromkeys(name for one in found for name in one))
    if len(names) < _LEAST:
        return None
    return _named(names, len(found), ([one.get(name) for name in names] for one in found))


def _named(names: Sequence[str], count: int, rows: Iterable[Sequence[Any]]) -> Records:
    """So many rows below their names; no row, and none is made, where the names are too many."""
    if len(names) > MOST_COLUMNS:
        return _written([names], True)
    check_values(count * len(names), MOST_SPLIT)
    return _written(chain([names], rows), True)


def _parsed(text: str) -> Any:
    """What JSON holds; of several lines of it a list. None where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _written(rows: Iterable[Sequence[Any]], named: bool) -> Records:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in paused(rows, _ROWS):
        writer.writerow([_cell(value) for value in row])
    # JSON may write half a letter, which nothing could write again.
    return Records(_HALVES.sub("\ufffd", written.getvalue()), named)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    return json.dumps(value, ensure_ascii=False)
