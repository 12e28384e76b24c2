"""Numbers that a delimiter cuts in two: 1,50 between commas, 134 794 between blanks.

Such a row has a cell more than the header has names. So has a row whose first cell is its name, as
R writes it; where both are possible, nothing is decided here.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from math import comb

from app.data.table.notation import is_amount
from app.data.table.splitting import Row, Text

_CUTTING = (",", " ")
"""Delimiters that stand within numbers too."""
_LOOKED_AT = 100
_CHARACTERS = 20_000
_MOST_COLUMNS = 30
_MOST_READINGS = 3
_MOST_TRIED = 1000
_WHOLE = re.compile(r"\D*(?:0|[1-9]\d{0,11})")
_THREE = re.compile(r"[1-9]\d{0,2}")
_BREAK = re.compile(r"\r\n|\r|\n")

Joints = tuple[int, ...]
"""Places of cells, from 0, each of which is one number with the cell behind it."""


def joined(row: Row, joints: Collection[int], width: int, delimiter: str) -> Row:
    """A row of the usual width, with its cut numbers put together; any other row as it is."""
    if len(row.cells) != width or not joints:
        return row
    cells: list[str] = []
    for place, cell in enumerate(row.cells):
        if place - 1 in joints:
            cells[-1] += delimiter + cell
        else:
            cells.append(cell)
    return replace(row, cells=tuple(cells))


def possible_joints(
    text: Text, header: Row, rows: Sequence[Row], width: int, delimiter: str
) -> tuple[Joints, ...]:
    """The ways in which numbers may be cut so that there is a name for each, the likeliest first.

    None where the header has a name for every cell, or names in quotation marks between blanks, as
    R writes them beside names of rows.
    """
    wanting = width - len(header.cells)
    if delimiter not in _CUTTING or wanting < 1 or len(header.cells) < 2 or width > _MOST_COLUMNS:
        return ()
    lines = _BREAK.split(text.text[:_CHARACTERS])
    first = text.first_line
    if delimiter == " " and text.quote in lines[min(header.line - first, len(lines) - 1)]:
        return ()
    sample = [
        (row.cells, lines[row.line - first])
        for row in rows[:_LOOKED_AT]
        if len(row.cells) == width and row.line - first < len(lines) - 1 + (len(rows) < _LOOKED_AT)
    ]
    if len(sample) < 2:
        return ()
    places = [
        place
        for place in range(width - 1)
        if all(_is_cut(cells[place], cells[place + 1], line, delimiter) for cells, line in sample)
    ]
    if comb(len(places), wanting) > _MOST_TRIED:
        return ()
    rank = {place: _rank([cells[place + 1] for cells, _ in sample]) for place in places}
    found = [
        joints
        for joints in combinations(places, wanting)
        if all(b - a > 1 for a, b in pairwise(joints))
    ]
    found.sort(key=lambda joints: sum(rank[place] for place in joints))
    return tuple(found[:_MOST_READINGS])


def names_rows(cells: Iterable[str]) -> bool:
    """Whether cells may be the names of rows: they are all different."""
    known = list(cells)
    return len(set(known)) == len(known)


def _is_cut(cell: str, behind: str, line: str, delimiter: str) -> bool:
    """Whether two cells, written without quotation marks, may be one number."""
    if not behind[:1].isdigit() or f"{cell}{delimiter}{behind}" not in line:
        return False
    whole = (_WHOLE if delimiter == "," else _THREE).fullmatch(cell)
    return whole is not None and is_amount(f"{cell}{delimiter}{behind}")


def _rank(behind: Sequence[str]) -> int:
    """Decimals and groups mostly have the same number of digits in all rows."""
    digits = {len(cell) for cell in behind}
    return 0 if len(digits) == 1 and min(digits) > 1 else 1
