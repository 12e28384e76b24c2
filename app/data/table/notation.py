"""How the numbers of a table are written: which mark is the decimal one, and which makes groups.

`1.5` and `1,234.5` can be read in one way only. `1.020` can be read in two: as little more than one
or as more than a thousand. A column is read by its own cells of one reading, else by those of the
table; where there are none, both readings are offered and nothing is decided here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.data.table.cells import (
    CURRENCIES,
    CURRENCY_CODES,
    DecimalMark,
    Grouping,
    currency,
    is_missing_number,
    number,
    unit,
)
from app.data.table.pauses import paused

MARKS: tuple[Grouping, ...] = (",", ".", "'", " ")
"""Every mark between groups; a blank or an apostrophe stands for all of its kind."""
_SIGNED = re.compile(r"[^\d\s.,+\-'()eE]")
"""What a plain number does not hold."""
_DIGIT = re.compile(r"\d")
_FEW = 3
"""So many different numbers at least have letters behind them that are a unit."""
_ENOUGH = 100
"""So many cells of one reading, and none of the other, settle a column."""


class Notation(NamedTuple):
    """How a column's numbers are written: the decimal mark, and the marks that make groups.

    `unit` is the one that all of them have; None stands for any. A currency may be left out in some
    cells. With `brackets`, (12) is -12.
    """

    decimal: DecimalMark = "."
    groups: str = ""
    unit: str | None = None
    brackets: bool = True

    def value(self, cell: str) -> float | None:
        """The number in a cell; None if it is not one, or one of another unit."""
        if _DIGIT.search(cell) is None:
            return None
        found = number(cell, self.decimal, self.groups, self.brackets)
        if found is not None and self.unit is None:
            return found
        plain, given = unit(cell) if found is None else (cell, currency(cell))
        if self.unit is not None and given != self.unit and (given or not self._may_lack_unit):
            return None
        return number(plain, self.decimal, self.groups, self.brackets) if found is None else found

    @property
    def _may_lack_unit(self) -> bool:
        return not self.unit or self.unit in CURRENCIES or self.unit in CURRENCY_CODES


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
    by_point, by_comma = POINT.value(cell), COMMA.value(cell)
    point, comma = by_point is not None, by_comma is not None
    if point and comma:
        if by_point == by_comma:  # the mark is no part of the number, as in 5 Mio. and 12.–
            return None
        marked = [mark for mark in ".,．，" if mark in cell]
        return None if not marked else "either_point" if marked[0] in ".．" else "either_comma"
    return "point" if point else "comma" if comma else None


def is_number(cell: str) -> bool:
    """Whether a cell is a number in any notation, without a unit but that of money."""
    return any(number(cell, one.decimal, one.groups) is not None for one in (POINT, COMMA))


def is_amount(cell: str) -> bool:
    """Whether a cell is a number in any notation, with any unit or none."""
    return POINT.value(cell) is not None or COMMA.value(cell) is not None


def mostly_numbers(cells: Iterable[str]) -> bool:
    """Whether most of the cells that are not missing are numbers in some notation and unit."""
    numbers = others = 0
    for cell, count in Counter(cells).items():
        if is_amount(cell):
            numbers += count
        elif not is_missing_number(cell):
            others += count
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


def find_notations(
    columns: Sequence[Sequence[str]], picked: Picked, unusual: DecimalMark | None = None
) -> Notations:
    """Infer the notation of every column, except for what the learner has picked.

    A decimal mark that is `unusual` beside the table's delimiter is no evidence for other columns.
    """
    found = [
        marks_of(dict.fromkeys(cells)) if mostly_numbers(cells) else None
        for cells in paused(columns)
    ]
    table = _table_decimal([marks for marks in found if marks is not None])
    unclear: list[int] = []
    notations = []
    for place, marks in enumerate(found):
        mark = None if marks is not None and _is_foreign(marks, table, unusual) else table
        notation = _certain(marks, mark, picked) if marks is not None else _OF_MARK[table or "."]
        if notation is None:
            unclear.append(place)
            notation = POINT
        notations.append(_limited(notation, picked))
    signs = [
        _signs(cells) if marks is not None else ("", True)
        for cells, marks in paused(zip(columns, found, strict=True))
    ]
    either = {marks.either for place in unclear if (marks := found[place]) is not None}
    readings = _readings(either, unclear, found)
    if readings:
        for place in unclear:
            marks = found[place]
            again = None if marks is None else _certain(marks, table, readings[0])
            notations[place] = again or POINT
    decimal = picked.decimal or table or _decimal_of_groups(picked, found)
    whole = [
        notation._replace(unit=sign[0], brackets=sign[1])
        for notation, sign in zip(notations, signs, strict=True)
    ]
    return Notations(decimal, tuple(whole), tuple(unclear), readings)


def _signs(cells: Sequence[str]) -> tuple[str, bool]:
    """The unit of a column, and whether brackets are a minus in it.

    They are not where other cells have a minus: then they may as well be errors or notes.
    """
    known = [cell for cell in dict.fromkeys(cells) if not is_missing_number(cell)]
    bracketed = any(cell[0] == "(" for cell in known)
    minus = bracketed and any(cell[0] in "-−－" and is_amount(cell) for cell in known)
    return unit_of(known), not minus


def unit_of(cells: Sequence[str]) -> str:
    """The unit that most of the different cells of a column have; empty if there is none.

    Letters behind a few numbers, as in 2WD and 4WD, or a letter as in 5a and 5b, are no unit.
    """
    signed = [cell for cell in cells if _SIGNED.search(cell) and is_amount(cell)]
    given = (currency(cell) if is_number(cell) else unit(cell)[1] for cell in signed)
    counts = Counter(filter(None, given))
    if not counts:
        return ""
    best, count = counts.most_common(1)[0]
    if best in CURRENCIES or best in CURRENCY_CODES:
        return best
    if 2 * count <= len(cells) or (len(best) == 1 and best.isalpha() and count < len(cells)):
        return ""
    return best if not best[0].isalpha() or count >= _FEW else ""


def _table_decimal(found: Sequence[Marks]) -> DecimalMark | None:
    """The decimal mark that all columns with cells of one reading agree on."""
    marks = {one.decimal for one in found if one.decimal is not None}
    return marks.pop() if len(marks) == 1 else None


def _is_foreign(marks: Marks, table: DecimalMark | None, unusual: DecimalMark | None) -> bool:
    """Whether another column's decimal mark says nothing of this one's.

    Between semicolons, 1.5 in one column does not make a group of 1,500 in the next.
    """
    return table == unusual and marks.either != table and not marks.looks_grouped


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
    for notation, cells in paused(columns):
        for cell, count in Counter(cells).items():
            if len(cell) < 5 or cell.isdigit() or notation.value(cell) is None:
                continue
            if number(cell, notation.decimal) is not None:
                continue
            for mark in MARKS:
                if notation.decimal != mark and number(cell, notation.decimal, mark) is not None:
                    seen[mark] += count
    return max(seen, key=lambda mark: seen[mark]) if any(seen.values()) else ""
