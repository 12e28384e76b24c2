"""The questions about a table that can be read in two ways: both readings of its first rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any, Literal

from typing_extensions import TypedDict

from app.data.table.cells import DecimalMark, Grouping
from app.data.table.dates import DateOrder, date
from app.data.table.notation import shape
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
    totals: bool
    joined: list[int]


class TableReading(TypedDict):
    """One reading of a table: some of its rows, which begin on `lines`, with numbers as read."""

    pick: TablePick
    names: list[str]
    lines: list[int]
    rows: list[list[str]]


class TableQuestion(TypedDict):
    """What cannot be known of a table, and its readings, the likelier first.

    `thousands`: whether 1.020 is a fraction or a group; `header`: whether the first row is one;
    `delimiter`: which of two; `dates`: whether the day or the month comes first;
    `totals`: whether the last row is a sum; `joined`: whether rows with a cell more than the header
    begin with their names, or the delimiter cuts a number in two. `columns` are those concerned;
    none for all of them.
    """

    code: Literal["thousands", "header", "delimiter", "dates", "totals", "joined"]
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
    unclear = _is_unclear_date if doubt.code == "dates" else _is_unclear_number
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
        lines = {row.line for row in rows}
        again = read_as(
            text, wanted._replace(**reading, omit=(), take=None)
        ).without_empty_columns()
        rows = [row for row in again.rows if row.line in lines and row.even] or rows
        shown = [[_as_read(again, row, place) for place in columns] for row in rows]
        names = [table.names[place] for place in columns]
    elif doubt.code == "dates":
        columns = doubt.columns[:_COLUMNS]
        rows = _telling(table.rows, columns, _is_unclear_date)
        shown = [[_as_day(row.cells[place], reading["dates"]) for place in columns] for row in rows]
        names = [table.names[place] for place in columns]
    elif doubt.code == "totals":
        again = read_as(text, wanted._replace(**reading, omit=(), take=None))
        again = again.without_empty_columns()
        rows = [row for row in again.rows if row.even][-_ROWS:]
        shown = [list(row.cells[:_COLUMNS]) for row in rows]
        names = list(again.names[:_COLUMNS])
    else:
        again = read_as(
            text[:_CHARACTERS], wanted._replace(**reading, omit=(), take=None)
        ).without_empty_columns()
        rows = again.rows[:_ROWS]
        shown = [list(row.cells[:_COLUMNS]) for row in rows]
        names = list(again.names[:_COLUMNS])
    return {"pick": pick, "names": names, "lines": [row.line for row in rows], "rows": shown}


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


def _is_unclear_date(cell: str) -> bool:
    return date(cell, "dmy") != date(cell, "mdy")


def _as_day(cell: str, order: DateOrder) -> str:
    """A date as ISO 8601 writes it, so that both readings can be told apart."""
    days = date(cell, order)
    if days is None:
        return cell
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)).date().isoformat()


def _as_read(table: Table, row: Row, place: int) -> str:
    value = table.notations[place].value(row.cells[place])
    return written(value) if value is not None and isfinite(value) else row.cells[place]
