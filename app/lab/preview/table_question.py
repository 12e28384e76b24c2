"""The questions about a table that can be read in two ways: both readings of its first rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Literal

from typing_extensions import TypedDict

from app.data.table.cells import DecimalMark, Grouping
from app.data.table.dates import DateOrder, LastYear, date
from app.data.table.margins import notes_below
from app.data.table.notation import Notation, Picked, find_notations, shape
from app.data.table.reading import Doubt, Problem, Row, Table, Wanted, read_as
from app.lab.preview.table_column import written

_ROWS = 3
_COLUMNS = 8
_CHARACTERS = 20_000
"""So much of a text is read again to show its first rows."""


class TablePick(TypedDict, total=False):
    """What to add to the request for one of the readings."""

    delimiter: str
    header: bool
    decimal: DecimalMark
    grouping: Grouping
    dates: DateOrder
    years: LastYear
    totals: bool
    joined: list[int]
    codes: bool
    below: bool


class TableReading(TypedDict):
    """One reading of a table: some of its rows, which begin on `lines`, with numbers as read."""

    pick: TablePick
    names: list[str]
    lines: list[int]
    rows: list[list[str]]


class TableQuestion(TypedDict):
    """What cannot be known of a table, and its readings, the likelier first.

    `thousands`: whether 1.020 is a fraction or a group; `header`: whether the first row is one;
    `delimiter`: which of two; `dates`: whether day, month or year comes first;
    `below`: whether rows behind blank lines belong to it;
    `codes`: whether zeros before whole numbers make them names;
    `years`: the last of the hundred years that two digits stand for;
    `totals`: whether the last row is a sum; `joined`: whether rows with a cell more than the header
    begin with their names, or the delimiter cuts a number in two. `columns` are those concerned;
    none for all of them.
    """

    code: Literal[
        "thousands", "header", "delimiter", "dates", "years", "totals", "joined", "codes", "below"
    ]
    columns: list[str]
    readings: list[TableReading]


def questions(text: str, table: Table, wanted: Wanted) -> list[TableQuestion]:
    """The questions for the doubts of a table that was read as it is wanted."""
    return [
        {
            "code": doubt.code,
            "columns": [table.names[place] for place in doubt.columns],
            "readings": [
                _reading(text, table, wanted, doubt, reading) for reading in doubt.readings
            ],
        }
        for doubt in table.doubts
    ]


def problems_of(table: Table) -> list[Problem]:
    """The doubts of a table as problems: it is not used before they are settled."""
    return [
        Problem(None, place, doubt.code, _example(table, doubt, place))
        for doubt in table.doubts
        for place in (doubt.columns or (None,))
    ]


def _example(table: Table, doubt: Doubt, place: int | None) -> str:
    if doubt.lines:
        row = next((row for row in table.rows if row.line in doubt.lines), None)
        return "" if row is None else ", ".join(row.cells)[:80]
    unclear = _unclear(doubt)
    rows = () if place is None else _telling(table.rows, (place,), unclear)
    return rows[0].cells[place][:80] if place is not None and rows else ""


def _reading(
    text: str, table: Table, wanted: Wanted, doubt: Doubt, reading: Mapping[str, Any]
) -> TableReading:
    """The rows that tell the reading from the other."""
    pick: TablePick = {**reading}  # type: ignore[typeddict-item]
    if doubt.code == "thousands":
        columns = doubt.columns[:_COLUMNS]
        rows = _telling(table.rows, columns, _is_unclear_number)
        notations = _notations(table, columns, reading)
        shown = [
            [_as_read(one, row.cells[place]) for one, place in zip(notations, columns, strict=True)]
            for row in rows
        ]
        names = [table.names[place] for place in columns]
    elif doubt.code in ("dates", "years", "codes"):
        columns = doubt.columns[:_COLUMNS]
        rows = _telling(table.rows, columns, _unclear(doubt))
        read = _as_code if doubt.code == "codes" else _as_day
        shown = [[read(row.cells[place], reading) for place in columns] for row in rows]
        names = [table.names[place] for place in columns]
    elif doubt.lines:
        near = _around(table.rows, doubt.lines)
        rows = [row for row in _left(table, doubt, reading) if row.line in near]
        shown = [list(row.cells[:_COLUMNS]) for row in rows]
        names = list(table.names[:_COLUMNS])
    else:
        again = read_as(
            text[:_CHARACTERS], wanted._replace(**reading, omit=(), take=None)
        ).without_empty_columns()
        rows = again.rows[:_ROWS]
        shown = [list(row.cells[:_COLUMNS]) for row in rows]
        names = list(again.names[:_COLUMNS])
    return {"pick": pick, "names": names, "lines": [row.line for row in rows], "rows": shown}


def _around(rows: Sequence[Row], lines: Sequence[int]) -> set[int]:
    """The lines of a row among these lines, and of its neighbours."""
    whole = [row for row in rows if row.even]
    place = next((i for i, row in enumerate(whole) if row.line in lines), len(whole) - 1)
    first = min(max(place - 1, 0), max(len(whole) - _ROWS, 0))
    return {row.line for row in whole[first : first + _ROWS]}


def _telling(
    rows: Sequence[Row], places: Sequence[int], unclear: Callable[[str], bool]
) -> Sequence[Row]:
    """The first rows with a cell that can be read in two ways."""
    found = []
    for row in rows:
        if row.even and any(unclear(row.cells[place]) for place in places):
            found.append(row)
            if len(found) == _ROWS:
                break
    return found


def _is_unclear_number(cell: str) -> bool:
    return (shape(cell) or "").startswith("either")


def _unclear(doubt: Doubt) -> Callable[[str], bool]:
    """Whether a cell is another number, day or name in another of the readings of a doubt."""
    if doubt.code == "codes":
        return lambda cell: cell[:1] == "0" and len(cell) > 1
    if doubt.code == "thousands":
        return _is_unclear_number
    return lambda cell: len({_day(cell, reading) for reading in doubt.readings}) > 1


def _day(cell: str, reading: Mapping[str, Any]) -> float | None:
    """A date by one reading; where that is of centuries, by the first order that fits."""
    if "dates" in reading:
        return date(cell, reading["dates"])
    last: LastYear = reading["years"]
    orders: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
    found = (date(cell, order, last) for order in orders)
    return next((days for days in found if days is not None), None)


def _as_code(cell: str, reading: Mapping[str, Any]) -> str:
    """A code as it is, or as the number that its digits are."""
    return cell if reading["codes"] or not cell.isdecimal() else written(float(cell))


def _as_day(cell: str, reading: Mapping[str, Any]) -> str:
    """A date as ISO 8601 writes it, so that the readings can be told apart."""
    days = _day(cell, reading)
    return cell if days is None else written_date(days)


def written_date(days: float) -> str:
    """Days from 1970-01-01 as a date, with the time if there is one, as ISO 8601 writes it."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(days * 86_400.0))
    return moment.strftime("%Y-%m-%d" if days == int(days) else "%Y-%m-%dT%H:%M")


def _notations(
    table: Table, places: Sequence[int], reading: Mapping[str, Any]
) -> Sequence[Notation]:
    """How columns of two readings are written by one of them: the other columns say nothing."""
    rows = [row for row in table.rows if row.even]
    cells = [[row.cells[place] for row in rows] for place in places]
    return find_notations(cells, Picked(reading.get("decimal"), reading.get("grouping"))).columns


def _left(table: Table, doubt: Doubt, reading: Mapping[str, Any]) -> Sequence[Row]:
    """The rows that are samples by a reading of where the table ends, or of its totals."""
    rows = [row for row in table.rows if row.even]
    if reading.get("totals"):
        return [row for row in rows if row.line not in doubt.lines]
    if reading.get("below") is False:
        rows = [row for row in rows if row.line < doubt.lines[0]]
        notes = {row.line for row in notes_below(rows, len(table.names))}
        return [row for row in rows if row.line not in notes]
    return rows


def _as_read(notation: Notation, cell: str) -> str:
    value = notation.value(cell)
    return written(value) if value is not None and isfinite(value) else cell
