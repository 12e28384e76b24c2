"""A column of a learner's table: the numbers in its cells, and the problems of each."""

from dataclasses import dataclass
from functools import cached_property

from app.data.table.cells import has_thousands, is_missing, number
from app.data.table.reading import NAMELESS, Problem
from app.lab.spec import ranges

_ROW_NUMBERS = frozenset(
    {f"{NAMELESS} 1", "id", "index", "idx", "no", "no.", "nr", "#", "row", "rownames"}
    | {"序号", "编号", "行号"}
)


@dataclass(frozen=True)
class Column:
    """One column: its cells in the rows that are as long as the others."""

    place: int
    name: str
    cells: tuple[str, ...]
    decimal: str

    @cached_property
    def numbers(self) -> tuple[float | None, ...]:
        """The number in each cell, or None."""
        return tuple(number(cell, self.decimal) for cell in self.cells)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The cells that are not missing."""
        return tuple(cell for cell in self.cells if not is_missing(cell))

    @cached_property
    def distinct(self) -> int:
        """The number of different values."""
        return len(set(self.known))

    @cached_property
    def is_numeric(self) -> bool:
        """True where most values are numbers; the others are then mistakes."""
        meant = sum(
            value is not None or has_thousands(cell)
            for cell, value in zip(self.cells, self.numbers, strict=True)
        )
        return 2 * meant > len(self.known)

    @cached_property
    def counts_rows(self) -> bool:
        """True for a first column that only numbers the rows, as a spreadsheet's often does."""
        if self.place > 0 or self.name.lower() not in _ROW_NUMBERS or len(self.cells) < 3:
            return False
        return any(
            all(value == first + i for i, value in enumerate(self.numbers)) for first in (0, 1)
        )

    def problem_of(self, row: int, line: int) -> Problem | None:
        """The problem of a row's cell where a number is needed; None where there is one."""
        cell, value = self.cells[row], self.numbers[row]
        if value is not None and ranges.NUMBER.minimum <= value <= ranges.NUMBER.maximum:
            return None
        if is_missing(cell):
            code = "missing"
        elif value is not None:
            code = "too_large"
        else:
            code = "thousands" if has_thousands(cell) else "not_a_number"
        return Problem(line, self.place, code, cell[:80])
