"""Parser of tables from a spreadsheet or a CSV file: what is not said of one is inferred.

Where a text can be read in two ways, the table has a doubt, with what may be said to settle it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np

from app.data.table.bounds import MOST_COLUMNS, MOST_TYPED, check_values, typing_work
from app.data.table.cells import DecimalMark, Grouping
from app.data.table.heading import Heading, find_heading
from app.data.table.joints import joined, names_rows, possible_joints
from app.data.table.margins import notes_below, rows_below_gap, totals_rows, units_row
from app.data.table.notation import Notation, Notations, Picked, find_notations, grouping_of
from app.data.table.splitting import (
    DELIMITERS,
    Delimiters,
    Problem,
    Row,
    Split,
    Text,
    find_delimiter,
    opened,
    split,
    usual_width,
)
from app.data.types import MOST_SAMPLES

__all__ = ["DELIMITERS", "MOST_COLUMNS", "NAMELESS", "Problem", "Row", "Table", "read", "unique"]

NAMELESS = "column"
"""Name of a column that has none in the header, with its number."""
_ABOVE = 60
"""So many rows above the data are kept, with the most rows of data."""

Take = Literal["first", "random"]


class Wanted(NamedTuple):
    """How a table is to be read; what is None is inferred.

    `omit` are lines that are left out. `take` says which rows are read of more than `MOST_SAMPLES`:
    the first ones, or some at random, by `seed`. `totals` says whether a last row of sums is left
    out.
    """

    delimiter: str | None = None
    header: bool | None = None
    decimal: DecimalMark | None = None
    grouping: Grouping | None = None
    omit: Collection[int] = ()
    take: Take | None = None
    seed: int = 1
    totals: bool | None = None
    joined: Collection[int] | None = None
    below: bool | None = None
    most: int = MOST_SAMPLES


@dataclass(frozen=True)
class Doubt:
    """Two readings of a text: its rule, the columns it concerns, and what to say for each reading.

    `readings` are fields of `Wanted`, or what is said of dates and codes, the likelier first.
    `lines` are those of the rows concerned, where it is not of all.
    """

    code: Literal[
        "thousands", "header", "delimiter", "dates", "years", "totals", "joined", "codes", "below"
    ]
    columns: tuple[int, ...]
    readings: tuple[dict[str, Any], ...]
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """A parsed table: `names` of its columns, and its rows without the header.

    `count` is the number of rows; `rows` holds no more than one above the most that are wanted.
    `notations` has one for each column, `used` whether it has a name
    or a value, `above` are the rows above the header. `broken` means that the
    text could be parsed only up to its one problem, `json` that it was JSON.
    """

    delimiter: str
    decimal: DecimalMark
    grouping: Grouping
    header: bool
    names: tuple[str, ...]
    notations: tuple[Notation, ...]
    rows: tuple[Row, ...]
    above: tuple[Row, ...]
    count: int
    broken: bool
    problems: tuple[Problem, ...]
    doubts: tuple[Doubt, ...]
    used: tuple[bool, ...]
    json: bool = False

    def without_empty_columns(self) -> "Table":
        """The table without the columns that have neither a name nor a value."""
        if all(self.used):
            return self
        places = [place for place, used in enumerate(self.used) if used]
        moved = {place: i for i, place in enumerate(places)}
        doubts = [
            replace(doubt, columns=tuple(moved[at] for at in doubt.columns if at in moved))
            for doubt in self.doubts
            if not doubt.columns or any(at in moved for at in doubt.columns)
        ]
        rows = [
            replace(row, cells=tuple(row.cells[place] for place in places)) if row.even else row
            for row in self.rows
        ]
        return replace(
            self,
            names=tuple(self.names[place] for place in places),
            notations=tuple(self.notations[place] for place in places),
            rows=tuple(rows),
            doubts=tuple(doubts),
            used=(True,) * len(places),
        )


def read(
    text: str,
    delimiter: str | None = None,
    header: bool | None = None,
    decimal: DecimalMark | None = None,
    **more: Any,
) -> Table:
    """Parse a table; what is not given is inferred. `more` are the other fields of `Wanted`.

    Rows are as long as most rows are; others are among the problems, as is a text that breaks off
    within quotes. There is no row where the text is empty. Raises TooMuchWork.
    """
    return read_as(text, Wanted(delimiter, header, decimal, **more))


def read_as(text: str, wanted: Wanted) -> Table:
    """Parse a table as it is wanted. Raises TooMuchWork."""
    source = opened(text)
    wanted = _of_json(wanted, source.named) if source.json else wanted
    said = wanted.delimiter
    found = find_delimiter(source) if said is None else Delimiters(said)
    delimiter = found.best
    parts = split(source, delimiter, wanted.most + _ABOVE)
    width, _ = usual_width(len(row.cells) for row in parts.rows)
    cut = _Cut(delimiter, width, wanted.joined or ())
    parts = replace(parts, rows=[cut.mended(row) for row in parts.rows])
    if len(parts.torn) == parts.count and parts.torn:
        parts = Split([], 0, parts.torn[0])
    width = cut.columns
    heading = _heading([_trimmed(row, width) for row in parts.rows], width, wanted)
    begin = heading.rows[0].number if heading.rows else parts.count
    count = parts.count - begin
    check_values(min(count, wanted.most) * width, MOST_TYPED)
    taken = _taken(source, cut, heading, count, wanted)
    check_values(typing_work([row.cells for row in taken], width), MOST_TYPED)
    columns = _Columns.of(heading.header, taken, width)
    rows = [columns.row(row, row.number - begin) for row in taken]
    below = rows_below_gap(rows) if count == len(rows) else ()
    if wanted.below is False and below:
        rows = rows[: -len(below)]
        count -= len(below)
    notes = notes_below([row for row in rows if row.line not in wanted.omit], len(columns.names))
    noted = {row.line for row in notes}
    sound = [row for row in rows if row.even and row.line not in noted]
    cells = [[row.cells[place] for row in sound] for place in range(len(columns.names))]
    notations = find_notations(cells, Picked(wanted.decimal, wanted.grouping), _unusual(delimiter))
    grouping = wanted.grouping
    if grouping is None:
        grouping = grouping_of(zip(notations.columns, cells, strict=True))
    margins = _margins(heading, sound, notes, notations.columns, wanted, count == len(rows))
    beside = {problem.line for problem in margins.problems}
    rows = [replace(row, even=False) if row.line in beside else row for row in rows]
    if wanted.totals:
        totals = {row.line for row in margins.totals}
        rows = [row for row in rows if row.line not in totals]
        count -= len(margins.totals)
    return Table(
        delimiter=delimiter,
        decimal=notations.decimal,
        grouping=grouping,
        header=heading.header is not None,
        names=columns.names,
        notations=notations.columns,
        used=columns.used,
        json=source.json,
        rows=tuple(rows),
        above=heading.above,
        count=count,
        broken=parts.broken is not None,
        problems=_problems(parts, heading, rows, margins),
        doubts=tuple(
            _doubts(
                wanted,
                found.rival and (found.best, found.rival),
                _possible_cuts(source, delimiter, columns, heading, wanted),
                heading,
                notations,
                margins,
                below,
            )
        ),
    )


def _of_json(wanted: Wanted, named: bool) -> Wanted:
    """What JSON itself says of how it is written."""
    said = wanted._replace(delimiter=",", decimal=".", grouping="", joined=())
    return said._replace(header=True) if named else said


def _unusual(delimiter: str) -> DecimalMark | None:
    """The decimal mark that programs which write this delimiter do not write."""
    if delimiter == ",":
        return ","
    return "." if delimiter == ";" else None


def _trimmed(row: Row, width: int) -> Row:
    """The row without the empty cells that other rows do not have."""
    if len(row.cells) <= width or any(row.cells[width:]):
        return row
    return replace(row, cells=row.cells[:width])


def _heading(rows: Sequence[Row], width: int, wanted: Wanted) -> Heading:
    """Where the table begins, after lines that are left out above it."""
    found = find_heading(rows, width, wanted.header)
    omitted = set(wanted.omit)
    if found.header is None or not omitted:
        return found
    if found.header.line in omitted:  # then the next line is the header, if it can be one
        again = find_heading([row for row in rows if row.line not in omitted], width, wanted.header)
        if again.header is not None:
            return replace(again, above=tuple(row for row in rows if row.line < again.header.line))
    return found


def _taken(
    source: Text, cut: "_Cut", heading: Heading, count: int, wanted: Wanted
) -> Sequence[Row]:
    """The rows of data that are read: those that are wanted, or one more where there are more."""
    if wanted.take is None or count <= wanted.most:
        return heading.rows[: wanted.most + 1]
    if wanted.take == "first":
        return heading.rows[: wanted.most]
    begin = heading.rows[0].number
    picks = np.random.default_rng(wanted.seed).choice(count, wanted.most, replace=False)
    chosen = frozenset((picks + begin).tolist())
    return [cut.mended(row) for row in split(source, cut.delimiter, wanted.most, chosen).rows]


class _Cut(NamedTuple):
    """Where the delimiter cuts numbers in two, in rows of the usual width."""

    delimiter: str
    width: int
    joints: Collection[int]

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self.width - sum(place < self.width - 1 for place in self.joints)

    def mended(self, row: Row) -> Row:
        """A row with its numbers whole."""
        return joined(row, self.joints, self.width, self.delimiter)


def _possible_cuts(
    source: Text, delimiter: str, columns: "_Columns", heading: Heading, wanted: Wanted
) -> tuple[dict[str, Any], ...]:
    """The readings of rows that are longer than the header, the likelier first; none is no doubt.

    Either numbers are cut, or every row begins with its name.
    """
    header = heading.header or (heading.above[-1] if heading.above else None)
    if header is None or wanted.joined is not None or not columns.used[-1]:
        return ()
    width = len(columns.names)
    found = possible_joints(source, header, heading.rows, width, delimiter)
    if not found:
        return ()
    cuts = [{"joined": list(joints)} for joints in found]
    named = names_rows(row.cells[0] for row in heading.rows if len(row.cells) == width)
    return (
        ({"joined": []}, *cuts) if named and heading.header is not None else (*cuts, {"joined": []})
    )


class _Columns(NamedTuple):
    """The columns of a table: their names, and which of them have a name or a value in the text."""

    names: tuple[str, ...]
    used: tuple[bool, ...]

    @classmethod
    def of(cls, header: Row | None, rows: Sequence[Row], width: int) -> "_Columns":
        given = list(_unquoted(header.cells[:width])) if header is not None else []
        full = [row.cells for row in rows if len(row.cells) >= width]
        used = [any(cells[place] for cells in full) for place in range(width)]
        if header is not None and len(given) == width - 1 and used[-1]:
            given = ["", *given]  # as R writes it: the names of the rows have none
        if given and given[0].startswith("#") and len(given[0]) > 1:
            given[0] = given[0].lstrip("# \t")
        given += [""] * (width - len(given))
        names = [
            name or (f"x{place}" if header is None else f"{NAMELESS} {place}")
            for place, name in enumerate(given, start=1)
        ]
        some = [use or bool(name) for use, name in zip(used, given, strict=True)]
        return cls(unique(names), tuple(some))

    def row(self, row: Row, number: int) -> Row:
        """A row with a cell for each column; uneven, with its own cells, if it cannot have them.

        Cells that other rows do not have are left out where they are empty, and cells of a column
        that holds nothing may be wanting.
        """
        width, count = len(self.names), len(row.cells)
        if not row.even or any(self.used[count:]) or any(row.cells[width:]):
            return Row(row.line, row.cells, number, even=False)
        cells = row.cells[:width] + ("",) * (width - count)
        return Row(row.line, cells, number)


def _unquoted(names: Sequence[str]) -> Sequence[str]:
    """Names without the quotation marks that a program put around every one of them."""
    given = [name for name in names if name]
    if not all(len(name) > 2 and name[0] == name[-1] in "'\"`" for name in given):
        return names
    return [name[1:-1].strip() for name in names]


class _Margins(NamedTuple):
    """The rows under the header and at the end that are no samples, and those of totals."""

    problems: tuple[Problem, ...]
    totals: Sequence[Row]


def _margins(
    heading: Heading,
    sound: Sequence[Row],
    notes: Sequence[Row],
    notations: Sequence[Notation],
    wanted: Wanted,
    whole: bool,
) -> _Margins:
    left = [row for row in sound if row.line not in wanted.omit]
    units = units_row(left, notations) if heading.header is not None else None
    problems = [Problem(row.line, None, "below_table", row.cells[0][:80]) for row in notes]
    if units is not None:
        text = ", ".join(filter(None, units.cells))
        problems.insert(0, Problem(units.line, None, "units_row", text[:80]))
        left = left[1:]
    return _Margins(tuple(problems), totals_rows(left, notations) if whole else ())


def _problems(
    parts: Split, heading: Heading, rows: Sequence[Row], margins: _Margins
) -> tuple[Problem, ...]:
    if parts.broken is not None:
        return (parts.broken,)
    above = [Problem(row.line, None, "above_header", row.cells[0][:80]) for row in heading.above]
    begins = heading.rows[0].line if heading.rows else 0
    torn = [problem for problem in parts.torn if (problem.line or 0) >= begins]
    beside = {problem.line for problem in (*margins.problems, *torn)}
    uneven = [
        Problem(row.line, None, "uneven", str(len(row.cells)))
        for row in rows
        if not row.even and row.line not in beside
    ]
    return (*above, *margins.problems, *uneven, *torn)


def _doubts(
    wanted: Wanted,
    rivals: Any,
    cuts: tuple[dict[str, Any], ...],
    heading: Heading,
    notations: Notations,
    margins: _Margins,
    below: Sequence[Row],
) -> Sequence[Doubt]:
    found = []
    if below and wanted.below is None:
        found.append(Doubt("below", (), ({"below": False}, {"below": True}), (below[0].line,)))
    if cuts:
        found.append(Doubt("joined", (), cuts))
    if margins.totals and wanted.totals is None:
        lines = tuple(row.line for row in margins.totals)
        found.append(Doubt("totals", (), ({"totals": True}, {"totals": False}), lines))
    if rivals and wanted.delimiter is None:
        found.append(Doubt("delimiter", (), tuple({"delimiter": mark} for mark in rivals)))
    if heading.doubt and wanted.header is None:
        found.append(Doubt("header", (), ({"header": True}, {"header": False})))
    if notations.readings:
        said = tuple(
            {name: value for name, value in reading._asdict().items() if value is not None}
            for reading in notations.readings
        )
        found.append(Doubt("thousands", notations.unclear, said))
    return found


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
