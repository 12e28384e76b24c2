"""Where a table begins: lines above it, its header, and its first row of data."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.data.table.cells import is_missing_number
from app.data.table.notation import COMMA, POINT, is_amount, is_number, mostly_numbers
from app.data.table.splitting import Row

_LOOKED_AT = 300
_VALUES = 15_000
"""So many rows tell what the columns hold, or rows of so many values; a few in any case."""
_DEEPEST = 50
"""So many rows may stand above the first row of data."""
_YEARS = (1800.0, 2200.0)


@dataclass(frozen=True)
class Heading:
    """The beginning of a table: rows above its header, the header if it has one, the rows of data.

    With `doubt` the first row can be read as a header or as data, and is taken for data.
    """

    above: tuple[Row, ...]
    header: Row | None
    rows: tuple[Row, ...]
    doubt: bool = False


def find_heading(rows: Sequence[Row], width: int, wanted: bool | None) -> Heading:
    """Infer where the data begin, with the header that is `wanted`, if that is said."""
    if wanted is False or not rows or not width:
        return Heading((), None, tuple(rows))
    looked_at = rows[: min(_LOOKED_AT, max(_DEEPEST, _VALUES // width))]
    sample = [row for row in looked_at if len(row.cells) == width]
    columns = [[row.cells[place] for row in sample[1:]] for place in range(width)]
    numeric = {place for place, cells in enumerate(columns) if _holds_numbers(cells)}
    if numeric:
        start = next((i for i, row in enumerate(rows[:_DEEPEST]) if _fits(row, width, numeric)), 1)
    else:
        start = 1 + next((i for i, row in enumerate(rows[:_DEEPEST]) if _is_full(row, width)), 0)
    place = _header_among(rows[:start], width)
    if place is not None and (wanted or numeric or _names_texts(rows[place], columns)):
        return Heading(tuple(rows[:place]), rows[place], tuple(rows[place + 1 :]))
    first = next((i for i, row in enumerate(rows[:_DEEPEST]) if len(row.cells) == width), 0)
    if not _are_titles(rows[:first], width) or 2 * len(sample) < len(looked_at):
        first = 0
    if wanted:
        return Heading(tuple(rows[:first]), rows[first], tuple(rows[first + 1 :]))
    likely = _names_of_numbers(rows[first], columns, numeric, sample)
    if likely == "yes" and len(rows) > first + 1:
        return Heading(tuple(rows[:first]), rows[first], tuple(rows[first + 1 :]))
    return Heading(tuple(rows[:first]), None, tuple(rows[first:]), likely == "maybe")


def _holds_numbers(cells: Sequence[str]) -> bool:
    return any(map(is_amount, cells)) and mostly_numbers(cells)


def _fits(row: Row, width: int, numeric: set[int]) -> bool:
    """Whether a row may be one of data: no text in a column of numbers."""
    return (
        len(row.cells) == width
        and all(
            is_missing_number(row.cells[place]) or is_amount(row.cells[place]) for place in numeric
        )
        and any(is_amount(row.cells[place]) for place in numeric)
    )


def _is_full(row: Row, width: int) -> bool:
    return len(row.cells) == width and sum(map(bool, row.cells)) > max(1, width // 2)


def _header_among(rows: Sequence[Row], width: int) -> int | None:
    """The row that names the columns: of those without a number the fullest, the first of equals.

    It may have a cell less than the others, as the names of rows have no name of their own in R.
    """
    fitting = [
        (sum(map(bool, row.cells)), -place)
        for place, row in enumerate(rows)
        if (len(row.cells) == width or len(row.cells) == width - 1 > 1)
        and not any(map(is_number, row.cells))
    ]
    if not fitting:
        return None
    filled, place = max(fitting)
    return -place if filled >= max(1, width // 2) else None


def _are_titles(rows: Sequence[Row], width: int) -> bool:
    """Whether these rows, shorter than the table's, stand above it and are not its first ones."""
    return all(len(row.cells) < width for row in rows)


def _names_texts(row: Row, columns: Sequence[Sequence[str]]) -> bool:
    """Whether a row above nothing but text names the columns: its cells are not found below."""
    if not any(columns):
        return False
    if not row.cells[0] and len(columns) > 1 and all(columns[0]):  # names of rows, as R writes them
        return all(
            cell and cell not in column
            for cell, column in zip(row.cells[1:], columns[1:], strict=False)
        )
    return all(
        cell and cell not in column for cell, column in zip(row.cells, columns, strict=False)
    ) and any(len(set(column)) < len(column) for column in columns)


# -- headers of numbers, such as 0, 1, 2 or 1990, 1991, 1992


def _names_of_numbers(
    first: Row, columns: Sequence[Sequence[str]], numeric: set[int], sample: Sequence[Row]
) -> str:
    """Whether numbers in the first row are names: `yes`, `maybe` or `no`.

    Names rise evenly from column to column, and are unlike the numbers below them.
    """
    if len(first.cells) != len(columns):
        return "no"
    values = _values(first, numeric)
    if _has_corner(first, sample) and _rises(values):
        return "yes"
    below = [
        _values(row, numeric)
        for row in sample
        if row is not first and len(row.cells) == len(columns)
    ]
    texts = [place for place in numeric if _is_word(first.cells[place])]
    if texts and len(below) > 1:  # a name here, a number there: a name that is a number, or a slip
        counts = len(values) > 1 and len(values) + len(texts) == len(numeric) and _counts(values)
        return "maybe" if 2 * len(texts) >= len(numeric) or (counts and _rises(values)) else "no"
    if len(values) < len(numeric) or len(below) < 2 or _continues(values, below):
        return "no"
    words = [place for place in range(len(columns)) if place not in numeric]
    if any(first.cells[place] in columns[place] for place in words):
        return "no"
    usual = len(values) > 1 and len(below) > 2 and 2 * sum(map(_rises, below)) <= len(below)
    likely = _likelihood(values, _unlike(first, columns, numeric)) if usual else "no"
    if likely != "yes" and _may_be_names(first, values, columns, numeric):
        return "maybe"
    return likely if _rises(values) else "no"


def _may_be_names(
    first: Row, values: Sequence[float], columns: Sequence[Sequence[str]], numeric: set[int]
) -> bool:
    """Whether rising numbers may be names though the rows below them rise as well.

    They are if each is far from the numbers below it; or if they are years or a count, and beside
    them stand words.
    """
    if len(values) > 1 and not _rises(values):
        return False
    far = all(_is_far(first.cells[place], columns[place]) for place in numeric)
    words = len(columns) > len(numeric)
    if len(values) == 1:
        return far and words and _are_years(values)
    return far or (words and _counts(values))


def _is_far(cell: str, column: Sequence[str]) -> bool:
    """Whether a number is farther from those of a column than these are from each other."""
    value = _value(cell)
    others = [found for one in column if (found := _value(one)) is not None]
    if value is None or not others:
        return False
    low, high = min(others), max(others)
    return max(low - value, value - high) > max(high - low, 1.0)


def _has_corner(first: Row, sample: Sequence[Row]) -> bool:
    """Whether the first cell is the only empty one, and the rows below have names, as R writes."""
    others = [row for row in sample if row is not first]
    return not first.cells[0] and all(first.cells[1:]) and all(row.cells[0] for row in others)


def _likelihood(values: Sequence[float], unlike: float) -> str:
    if unlike >= 0.5 and len(values) >= 3 and (_counts(values) or len(values) >= 5):
        return "yes"
    counts = _counts(values) and not _are_years(values)
    return "maybe" if unlike >= 0.5 or (counts and len(values) >= 4) else "no"


def _counts(values: Sequence[float]) -> bool:
    """Whether numbers count from 0 or 1, or are years."""
    return _are_years(values) or (values[0] in (0.0, 1.0) and values[1] - values[0] == 1.0)


def _are_years(values: Sequence[float]) -> bool:
    return all(_YEARS[0] <= value <= _YEARS[1] and value == int(value) for value in values)


def _is_word(cell: str) -> bool:
    return not is_missing_number(cell) and not is_number(cell)


def _value(cell: str) -> float | None:
    found = POINT.value(cell)
    return COMMA.value(cell) if found is None else found


def _values(row: Row, numeric: set[int]) -> list[float]:
    found = (_value(row.cells[place]) for place in sorted(numeric))
    return [value for value in found if value is not None]


def _rises(values: Sequence[float]) -> bool:
    """Whether numbers rise by equal steps, or are whole and rise by any."""
    if len(values) < 2:
        return False
    steps = [b - a for a, b in pairwise(values)]
    if not all(step > 0.0 for step in steps):
        return False
    even = max(steps) - min(steps) <= 1e-6 * max(steps)
    return even or (len(values) >= 4 and all(value == int(value) for value in values))


def _continues(values: Sequence[float], below: Sequence[Sequence[float]]) -> bool:
    """Whether a column goes on evenly from its first row, as a count of rows or a time does."""
    columns = [
        [value, *(row[place] for row in below if len(row) == len(values))]
        for place, value in enumerate(values)
    ]
    for column in columns:
        steps = [b - a for a, b in pairwise(column)]
        if len(steps) < 2 or steps[0] == 0.0:  # rows of another length say nothing
            continue
        if max(steps) - min(steps) <= 1e-6 * abs(steps[0]):
            return True
    return False


def _unlike(first: Row, columns: Sequence[Sequence[str]], numeric: set[int]) -> float:
    """The share of the columns in which the first cell is unlike the others.

    It is whole where most of them have a decimal mark, or outside of their range.
    """
    unlike = 0
    for place in numeric:
        cell, value = first.cells[place], _value(first.cells[place])
        others = [found for one in columns[place] if (found := _value(one)) is not None]
        marked = sum("." in one or "," in one for one in columns[place])
        whole = cell.isdigit() and 2 * marked > len(others)
        outside = value is not None and bool(others) and not min(others) <= value <= max(others)
        unlike += whole or outside
    return unlike / len(numeric)
