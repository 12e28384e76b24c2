"""A column of a learner's table: the values in its cells, and the problems of each."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from app.data.table.cells import (
    currency,
    is_almost_number,
    is_infinite,
    is_missing,
    is_missing_number,
    truth,
    unit,
)
from app.data.table.dates import DateOrder, LastYear, centuries_of, date, is_date, orders_of
from app.data.table.notation import Notation, is_amount, is_number
from app.data.table.reading import NAMELESS, Problem
from app.lab.spec import ranges

Encoding = Literal["number", "one_hot", "truth", "date"]
MOST_CATEGORIES = 10
"""The most categories of a column that become inputs of their own."""
_ROW_NUMBERS = frozenset(
    {f"{NAMELESS} 1", "id", "index", "idx", "no", "no.", "nr", "nr.", "#", "row", "rownames"}
    | {"rowname", "row.names", "序号", "编号", "行号"}
)
_UNNAMED = re.compile(r"unnamed: ?\d+(_level_\d+)?")


@dataclass(frozen=True)
class Column:
    """One column: its cells in the rows that are used, and the numbers of these rows, from 0.

    `dates` is the order of day, month and year that the learner has picked, if that was asked, and
    `years` the last of the hundred years that two digits stand for. `codes` says whether whole
    numbers with zeros before them, as 01234, are names.
    """

    place: int
    name: str
    cells: tuple[str, ...]
    notation: Notation
    rows: tuple[int, ...]
    dates: DateOrder | None = None
    years: LastYear | None = None
    codes: bool | None = None

    @cached_property
    def _read(self) -> tuple[float | None, ...]:
        values = {cell: self.notation.value(cell) for cell in set(self.cells)}
        return tuple(values[cell] for cell in self.cells)

    @cached_property
    def numbers(self) -> tuple[float | None, ...]:
        """The number in each cell, or None where there is none, or one that is too large."""
        low, high = ranges.NUMBER.minimum, ranges.NUMBER.maximum
        return tuple(
            value if value is not None and low <= value <= high else None for value in self._read
        )

    @cached_property
    def is_numeric(self) -> bool:
        """True where most values are numbers, or almost are; the others are then mistakes."""
        if self.codes and self.may_be_codes:
            return False
        numbers = sum(value is not None for value in self._read)
        unread = [
            cell
            for value, cell in zip(self._read, self.cells, strict=True)
            if value is None and not is_missing_number(cell)
        ]
        if numbers > len(unread):
            return True
        few = 4 * numbers < numbers + len(unread)  # then those may be slips among names
        almost = 0 if few else sum(map(is_almost, unread))
        return numbers + almost > len(unread) - almost

    @cached_property
    def may_be_codes(self) -> bool:
        """Whether all are whole numbers without a sign, and some have zeros before them."""
        cells = {cell for cell in self.cells if not is_missing_number(cell)}
        return all(map(str.isdecimal, cells)) and any(
            cell[0] == "0" and len(cell) > 1 for cell in cells
        )

    @cached_property
    def unread(self) -> int | None:
        """The first row of a text that almost is a number, if most of a column of texts are."""
        if self.is_numeric or self.may_be_codes:
            return None
        almost = {cell for cell in set(self.cells) if is_almost(cell)}
        rows = [row for row, cell in enumerate(self.cells) if cell in almost]
        return rows[0] if 2 * len(rows) > len(self.known) else None

    def lacks(self, row: int) -> bool:
        """Whether the value of a row is missing."""
        return row in self.gaps

    @cached_property
    def gaps(self) -> frozenset[int]:
        """The rows without a value."""
        missing = is_missing_number if self.is_numeric else is_missing
        pairs = enumerate(zip(self._read, self.cells, strict=True))
        return frozenset(row for row, (value, cell) in pairs if value is None and missing(cell))

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The cells that are not missing."""
        if not self.gaps:
            return self.cells
        return tuple(cell for row, cell in enumerate(self.cells) if row not in self.gaps)

    @cached_property
    def distinct(self) -> int:
        """The number of different values."""
        return len(set(self.known))

    @cached_property
    def counts_rows(self) -> bool:
        """True for a first column that only numbers the rows, as a spreadsheet's often does.

        By its name it may also have gaps, or another order: what is left of the rows' numbers
        after some were taken out.
        """
        if self.place > 0 or len(self.cells) < 3:
            return False
        places = zip(self.numbers, self.rows, strict=True)
        steps = {None if value is None else value - row for value, row in places}
        if steps in ({0.0}, {1.0}):
            return True
        name = self.name.lower()
        if name not in _ROW_NUMBERS and not _UNNAMED.fullmatch(name):
            return False
        whole = all(value is not None and value == int(value) for value in self.numbers)
        return whole and len(set(self.numbers)) == len(self.numbers)

    @cached_property
    def date_orders(self) -> tuple[DateOrder, ...]:
        """The orders of day and month in which its dates can be read: one, or two to ask about."""
        found = orders_of(dict.fromkeys(self.known))
        return (self.dates,) if self.dates in found else found

    @cached_property
    def centuries(self) -> tuple[LastYear, ...]:
        """The last of the hundred years that two digits may stand for; more are a question."""
        found = centuries_of(dict.fromkeys(self.known), self.date_orders[0])
        return (self.years,) if self.years is not None and len(found) > 1 else found

    def day_of(self, cell: str) -> float | None:
        """The date in a cell, as days from 1970-01-01; None if it is not one."""
        return date(cell, self.date_orders[0], self.centuries[0])

    def date(self, row: int) -> float | None:
        """The date in a row, as days from 1970-01-01; None where there is none."""
        return self.day_of(self.cells[row])

    @cached_property
    def _holds_days(self) -> bool:
        """Whether every number is a day such as 20260331."""
        cells = set(self.known)
        return bool(cells) and all(len(cell) == 8 and date(cell) is not None for cell in cells)

    @cached_property
    def encodings(self) -> tuple[Encoding, ...]:
        """The ways in which it may become an input, the most usual first."""
        few = 2 <= len(self.categories) <= MOST_CATEGORIES
        if self.is_numeric:
            whole = all(value is None or value == int(value) for value in self.numbers)
            if self._holds_days:
                return "number", "date"
            return ("number", "one_hot") if few and whole else ("number",)
        found: list[Encoding] = []
        if self.known and all(truth(cell) is not None for cell in self.known):
            found.append("truth")
        counts = Counter(self.known)
        if 2 * sum(n for cell, n in counts.items() if is_date(cell)) > len(self.known):
            found.append("date")
        if few:
            found.append("one_hot")
        return tuple(found)

    def category(self, row: int) -> str:
        """The name of a row's category: 1.0 and 1 are the same where the column holds numbers."""
        value = self.numbers[row]
        return self.cells[row] if value is None or not self.is_numeric else written(value)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The names of its categories, numbers by their size."""
        if not self.is_numeric:
            return tuple(sorted(set(self.known)))
        numbers = sorted({value for value in self.numbers if value is not None})
        return tuple(written(value) for value in numbers)

    @cached_property
    def variation(self) -> float | None:
        """Its standard deviation as a share of its range, 0 to 1/2, whatever its unit.

        None for a column that is not numeric.
        """
        values = [value for value in self.numbers if value is not None]
        if not self.is_numeric or not values:
            return None
        low, high = min(values), max(values)
        return 0.0 if low == high else float(np.std(values) / (high - low))

    def values(self, encoding: Encoding) -> dict[str, list[float | None]]:
        """The inputs that it becomes, by their names; None where a row has no value for them.

        None at all of more categories than may be inputs.
        """
        if encoding == "one_hot":
            if len(self.categories) > MOST_CATEGORIES:
                return {}
            return {
                f"{self.name}={name}": [
                    None if self.lacks(row) else float(self.category(row) == name)
                    for row in range(len(self.cells))
                ]
                for name in self.categories
            }
        return {self.name: [_VALUES[encoding](self, row) for row in range(len(self.cells))]}

    def _is_of_other_unit(self, cell: str) -> bool:
        given = currency(cell) if is_number(cell) else unit(cell)[1]
        return given != self.notation.unit and is_amount(cell)

    def problem_of(self, row: int, line: int, encoding: Encoding = "number") -> Problem | None:
        """The problem of a row's cell where a value is needed; None where there is one."""
        if encoding == "number" and self.numbers[row] is not None:
            return None
        cell = self.cells[row]
        if self.lacks(row) or (encoding == "number" and is_missing_number(cell)):
            code = "infinite" if is_infinite(cell) else "missing"
            return Problem(line, self.place, code, cell[:80])
        if encoding == "one_hot" or _VALUES[encoding](self, row) is not None:
            return None
        code = _PROBLEMS[encoding]
        if encoding == "number" and self._read[row] is not None:
            code = "too_large"
        elif encoding == "number" and self._is_of_other_unit(cell):
            code = "other_unit"
        return Problem(line, self.place, code, cell[:80])


_VALUES: dict[Encoding, Callable[[Column, int], float | None]] = {
    "number": lambda column, row: column.numbers[row],
    "truth": lambda column, row: truth(column.cells[row]),
    "date": lambda column, row: column.date(row),
}
_PROBLEMS: dict[Encoding, str] = {
    "number": "not_a_number",
    "truth": "not_a_truth_value",
    "date": "not_a_date",
}


def is_almost(cell: str) -> bool:
    """Whether a cell almost is a number, or is one in another notation, and no date."""
    return (is_almost_number(cell) or (is_amount(cell) and is_number(cell))) and not is_date(cell)


def written(value: float) -> str:
    """A number as the name of a class or of a category."""
    return str(int(value)) if value == int(value) else repr(value)
