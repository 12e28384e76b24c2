"""How the numbers of a table are written: which mark is the decimal one, and which makes groups.

`1.5` and `1,234.5` can be read in one way only. `1.020` can be read in two: as little more than one
or as more than a thousand. A column is read by its own cells of one reading, else by those of the
table; where there are none, both readings are offered and nothing is decided here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.data.table.cells import (
    DecimalMark,
    Grouping,
    is_missing_number,
    number,
)

MARKS: tuple[Grouping, ...] = (",", ".", "'", " ")
"""Every mark between groups; a blank or an apostrophe stands for all of its kind."""
_ENOUGH = 100
"""So many cells of one reading, and none of the other, settle a column."""


class Notation(NamedTuple):
    """How a column's numbers are written: the decimal mark, and the marks that make groups."""

    decimal: DecimalMark = "."
    groups: str = ""

    def value(self, cell: str) -> float | None:
        """The number in a cell; None if it is not one."""
        return number(cell, self.decimal, self.groups)


POINT = Notation(".", ",' ")
COMMA = Notation(",", ".' ")
_OF_MARK = {".": POINT, ",": COMMA}

Shape = Literal["point", "comma", "either_point", "either_comma"]


def shape(cell: str) -> Shape | None:
    """By which decimal mark a cell can be read, or by either; None without a mark or a number.

    `either_point` is 1.234, which is either a fraction or a group; `either_comma` is 1,234.
    """
    if "." not in cell and "," not in cell and cell.isascii():
        return None
    point, comma = POINT.value(cell) is not None, COMMA.value(cell) is not None
    if point and comma:
        marked = [mark for mark in ".,．，" if mark in cell]
        return None if not marked else "either_point" if marked[0] in ".．" else "either_comma"
    return "point" if point else "comma" if comma else None


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any notation."""
    return POINT.value(cell) is not None or COMMA.value(cell) is not None


def mostly_numbers(cells: Iterable[str]) -> bool:
    """Whether most of the cells that are not missing are numbers in some notation."""
    numbers = others = 0
    for cell in cells:
        if is_number(cell):
            numbers += 1
        elif not is_missing_number(cell):
            others += 1
    return numbers > others


@dataclass(frozen=True)
class Marks:
    """What the cells of a column of numbers show of its notation.

    `small` counts the numbers without a mark that are below 1000, `round` the cells of two readings
    that end in 0, which no program writes behind a decimal mark unless every number has one.
    """

    shapes: Counter[Shape]
    small: int
    plain: int
    round: int

    @property
    def decimal(self) -> DecimalMark | None:
        """The decimal mark of most cells that have one reading; None without such cells."""
        points, commas = self.shapes["point"], self.shapes["comma"]
        return None if points == commas == 0 else "," if commas > points else "."

    @property
    def either(self) -> Literal[".", ",", None]:
        """The mark of a column whose every mark can be read in two ways; None for others."""
        if self.decimal is not None:
            return None
        points, commas = self.shapes["either_point"], self.shapes["either_comma"]
        return None if points == commas == 0 else "." if points >= commas else ","

    @property
    def looks_grouped(self) -> bool:
        """Whether a column of two readings looks like groups: 980, then 1.020.

        Its numbers below 1000 have no mark, and some with a mark end in 0.
        """
        return self.small == self.plain > 0 and self.round > 0


def marks_of(cells: Iterable[str]) -> Marks:
    """What the cells of a column show; those that are no numbers are passed over."""
    shapes: Counter[Shape] = Counter()
    small = plain = round = 0
    for cell in cells:
        found = shape(cell)
        if found is not None:
            shapes[found] += 1
            round += found.startswith("either") and cell.endswith("0")
            certain = shapes["point"], shapes["comma"]
            if max(certain) >= _ENOUGH and not min(certain):
                break
        elif (value := POINT.value(cell)) is not None:
            plain += 1
            small += -1000.0 < value < 1000.0
    return Marks(shapes, small, plain, round)


class Picked(NamedTuple):
    """What the learner has said of the notation; None where nothing was said."""

    decimal: DecimalMark | None = None
    grouping: Grouping | None = None


@dataclass(frozen=True)
class Notations:
    """The notation of every column, and the columns of which nothing shows which one it is.

    `decimal` is that of the table. `unclear` has places of columns; `readings` are what the
    learner may say of them, the likelier first.
    """

    decimal: DecimalMark
    columns: tuple[Notation, ...]
    unclear: tuple[int, ...] = ()
    readings: tuple[Picked, ...] = ()


def find_notations(columns: Sequence[Sequence[str]], picked: Picked) -> Notations:
    """Infer the notation of every column, except for what the learner has picked."""
    found = [marks_of(dict.fromkeys(cells)) if mostly_numbers(cells) else None for cells in columns]
    table = _table_decimal([marks for marks in found if marks is not None])
    unclear: list[int] = []
    notations = []
    for place, marks in enumerate(found):
        notation = _certain(marks, table, picked) if marks is not None else _OF_MARK[table or "."]
        if notation is None:
            unclear.append(place)
            notation = POINT
        notations.append(_limited(notation, picked))
    either = {marks.either for place in unclear if (marks := found[place]) is not None}
    readings = _readings(either, unclear, found)
    if readings:
        for place in unclear:
            marks = found[place]
            again = None if marks is None else _certain(marks, table, readings[0])
            notations[place] = again or POINT
    decimal = picked.decimal or table or _decimal_of_groups(picked, found)
    return Notations(decimal, tuple(notations), tuple(unclear), readings)


def _table_decimal(found: Sequence[Marks]) -> DecimalMark | None:
    """The decimal mark that all columns with cells of one reading agree on."""
    marks = {one.decimal for one in found if one.decimal is not None}
    return marks.pop() if len(marks) == 1 else None


def _certain(marks: Marks, table: DecimalMark | None, picked: Picked) -> Notation | None:
    """A column's notation, if what is picked, its own cells or the table's settle it."""
    if marks.either is not None and picked.grouping == marks.either:
        return COMMA if marks.either == "." else POINT
    if picked.decimal is not None:
        return _OF_MARK[picked.decimal]
    if marks.decimal is not None:
        return _OF_MARK[marks.decimal]
    if marks.either is None:
        return _OF_MARK[table or "."]
    if picked.grouping is not None:
        return _OF_MARK[marks.either]
    if table is None or (table == marks.either and marks.looks_grouped):
        return None
    return _OF_MARK[table]


def _limited(notation: Notation, picked: Picked) -> Notation:
    """The notation with no other groups than those picked, if any are."""
    if picked.grouping is None or picked.grouping == notation.decimal:
        return notation
    return notation._replace(groups=picked.grouping)


def _readings(
    either: set[Literal[".", ",", None]], unclear: Sequence[int], found: Sequence[Marks | None]
) -> tuple[Picked, ...]:
    """The two readings of the unclear columns."""
    if not unclear:
        return ()
    if either == {".", ","}:
        return Picked(".", ","), Picked(",", ".")
    mark: Grouping = "." if "." in either else ","
    grouped, whole = Picked(None, mark), Picked(None, "")
    likely = any(
        marks is not None and marks.looks_grouped for marks in map(found.__getitem__, unclear)
    )
    return (grouped, whole) if likely or mark == "," else (whole, grouped)


def _decimal_of_groups(picked: Picked, found: Sequence[Marks | None]) -> DecimalMark:
    """The decimal mark of a table that shows none: not the mark of its groups."""
    if picked.grouping == "." and any(one is not None and one.either == "." for one in found):
        return ","
    if picked.grouping == "" and any(one is not None and one.either == "," for one in found):
        return ","
    return "."


def grouping_of(columns: Iterable[tuple[Notation, Sequence[str]]]) -> Grouping:
    """The mark that most groups of the numbers have; nothing without groups."""
    seen: Counter[Grouping] = Counter()
    for notation, cells in columns:
        for cell in cells:
            if len(cell) < 5 or cell.isdigit() or notation.value(cell) is None:
                continue
            for mark in MARKS:
                if number(cell, notation.decimal) is None and notation.decimal != mark:
                    seen[mark] += number(cell, notation.decimal, mark) is not None
    return max(seen, key=lambda mark: seen[mark]) if any(seen.values()) else ""
