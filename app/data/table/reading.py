"""Parser of tables from a spreadsheet or a CSV file; infers delimiter, header and decimal mark.

Python's `csv.Sniffer` guesses from letter counts; here each delimiter is tried, and the best is the
one whose rows agree most on their length and hold the most numbers.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.data.table.cells import DecimalMark, decimal_mark, is_missing, number
from app.data.types import MOST_SAMPLES

DELIMITERS = ("\t", ";", "|", ",", " ")
"""In the order in which they are preferred; a blank stands for any number of them."""
MOST_COLUMNS = 200
NAMELESS = "column"
"""Name of a column that has none in the header, with its number."""
_TRIED_ROWS = 100
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Row:
    """One row, and the line of the text (from 1) where it begins."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """A reason why a table is unusable: place (None: everywhere), rule, and the text there."""

    line: int | None
    column: int | None
    code: str
    text: str = ""


@dataclass(frozen=True)
class Table:
    """A parsed table: `names` of its columns, and its rows without the header.

    `count` is the number of rows; `rows` holds no more than one above `MOST_SAMPLES` of them.
    `broken` means that the text could be parsed only up to its one problem.
    """

    delimiter: str
    decimal: DecimalMark
    header: bool
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    count: int
    broken: bool
    problems: tuple[Problem, ...]


def read(
    text: str,
    delimiter: str | None = None,
    header: bool | None = None,
    decimal: DecimalMark | None = None,
) -> Table:
    """Parse a table; what is not given is inferred.

    Rows are as long as most rows are; others are among the problems, as is a text that breaks off
    within quotes. There is no row where the text is empty.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    delimiter = delimiter or find_delimiter(text)
    rows, count, broken = _rows(text, delimiter)
    if decimal is None:
        comma_is_taken = delimiter == ","
        cells = (cell for row in rows for cell in row.cells)
        decimal = "." if comma_is_taken else decimal_mark(cells)
    width = _usual_width(rows)
    if header is None:
        header = has_header(rows, width, decimal)
    names = _names(rows[0].cells if header and rows else (), width)
    uneven = [
        Problem(row.line, None, "uneven", str(len(row.cells)))
        for row in rows
        if len(row.cells) != width
    ]
    if header and rows:
        rows, count = rows[1:], count - 1
    problems = (broken,) if broken is not None else tuple(uneven)
    return Table(
        delimiter, decimal, header, names, tuple(rows), count, broken is not None, problems
    )


def find_delimiter(text: str) -> str:
    """Infer the delimiter of a text; a comma if there is none."""
    scores = {delimiter: _score(text, delimiter) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])  # of equals the first
    return best if scores[best] > 0.0 else ","


def has_header(rows: Sequence[Row], width: int, decimal: str) -> bool:
    """Whether the first row names the columns.

    It does if it holds no number, but stands above some; or, where all is text, if none of it is
    found again below.
    """
    if len(rows) < 2:
        return False
    first, below = rows[0].cells, rows[1:]
    if any(number(cell, decimal) is not None for cell in first):
        return False
    columns = [
        [row.cells[place] for row in below if len(row.cells) == width]
        for place in range(min(width, len(first)))
    ]
    if any(_mostly_numbers(column, decimal) for column in columns):
        return True
    return all(
        cell and cell not in column for cell, column in zip(first, columns, strict=False)
    ) and any(len(set(column)) < len(column) for column in columns)


def _rows(text: str, delimiter: str) -> tuple[list[Row], int, Problem | None]:
    """The rows that are not empty, their number, and where the text breaks off, if it does."""
    rows: list[Row] = []
    count = 0
    reader = _reader(text, delimiter)
    begins = 1
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                count += 1
                if count <= MOST_SAMPLES + 2:  # one may be the header
                    rows.append(Row(begins, stripped))
                if len(cells) > MOST_COLUMNS:
                    return rows, count, Problem(begins, None, "too_many_columns", str(len(cells)))
            begins = reader.line_num + 1
    except csv.Error as error:
        code = "cell_too_long" if "limit" in str(error) else "malformed"
        return rows, count, Problem(begins, None, code, str(error))
    return rows, count, None


def _reader(text: str, delimiter: str) -> Any:
    lines: Iterator[str] = iter(io.StringIO(text, newline=""))
    if delimiter == " ":
        lines = (line.strip().replace("\t", " ") for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)


def _score(text: str, delimiter: str) -> float:
    """Score of a delimiter for a text: 0 if it separates nothing."""
    try:
        rows = [row for row in islice(_reader(text, delimiter), _TRIED_ROWS) if any(row)]
    except csv.Error:
        return 0.0
    widths = Counter(map(len, rows))
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        return 0.0
    cells = [cell.strip() for row in rows for cell in row]
    marks = "." if delimiter == "," else ".,"
    numbers = sum(any(number(cell, mark) is not None for mark in marks) for cell in cells)
    return count / len(rows) + numbers / len(cells)


def _usual_width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row.cells) for row in rows)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def _mostly_numbers(cells: Sequence[str], decimal: str) -> bool:
    known = [cell for cell in cells if not is_missing(cell)]
    return 2 * sum(number(cell, decimal) is not None for cell in known) > len(known)


def _names(first: Sequence[str], width: int) -> tuple[str, ...]:
    """A name for every column, each different."""
    if not first:
        return tuple(f"x{place}" for place in range(1, width + 1))
    given = [first[place] if place < len(first) else "" for place in range(width)]
    return unique([name or f"{NAMELESS} {place}" for place, name in enumerate(given, start=1)])


def unique(names: Sequence[str], longest: int = 80) -> tuple[str, ...]:
    """Shortened and distinct names: a second `age` becomes `age (2)`."""
    taken: set[str] = set()
    result = []
    for name in names:
        short = name if len(name) <= longest else name[: longest - 1] + "…"
        count = 1
        while short in taken:
            count += 1
            mark = f" ({count})"
            short = name[: longest - len(mark)] + mark
        taken.add(short)
        result.append(short)
    return tuple(result)
