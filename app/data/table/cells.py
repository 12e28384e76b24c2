"""Cells of a learner's table: a number, a missing value, or text."""

import re
from collections.abc import Iterable
from typing import Literal

DecimalMark = Literal[".", ","]
MISSING = frozenset({"", "na", "n/a", "nan", "null", "?"})
"""Texts that stand for a missing value, in upper or lower case."""
_LONGEST = 40  # of a number; a cell may have any length

_NUMBERS = {
    mark: re.compile(rf"[+-]?(?:\d+(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?", re.ASCII)
    for mark in (r"\.", ",")
}
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)


def is_missing(cell: str) -> bool:
    """Whether the cell stands for a missing value."""
    return len(cell) <= 4 and cell.lower() in MISSING


def number(cell: str, decimal: str = ".") -> float | None:
    """Parse a cell as a number with this decimal mark; None if it is not a number."""
    if len(cell) > _LONGEST:
        return None
    plain = cell.replace("−", "-")
    mark = "," if decimal == "," else r"\."
    if not _NUMBERS[mark].fullmatch(plain):
        return None
    return float(plain.replace(",", "."))


def has_thousands(cell: str) -> bool:
    """Whether it may be a number with a thousands separator: 1,234 is ambiguous."""
    return len(cell) <= _LONGEST and _THOUSANDS.fullmatch(cell) is not None


def decimal_mark(cells: Iterable[str]) -> DecimalMark:
    """Infer the decimal mark of a table.

    It is the comma where more numbers have a comma than a point, unless all of them could be
    groups of thousands.
    """
    points = commas = grouped = 0
    for cell in cells:
        if "," in cell and number(cell, ",") is not None:
            commas += 1
            grouped += has_thousands(cell)
        elif "." in cell and number(cell) is not None:
            points += 1
    return "," if commas > max(points, grouped) else "."
