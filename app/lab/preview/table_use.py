"""What the columns of a table are used for: the target, the inputs, and why others are neither."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.data.table.dates import DateOrder, LastYear
from app.data.table.pauses import paused
from app.data.table.reading import Doubt, Row, Table
from app.errors import FieldError, InvalidInput
from app.lab.preview.table_column import Column, Encoding, written
from app.lab.preview.table_inputs import Inputs, Missing, make_inputs
from app.lab.spec.field_errors import pointer

TABLE_FRACTION = 0.8
"""The share of a table's rows that is trained on, unless the learner chooses another."""
SEED = 1
"""The seed by which rows are split, and taken at random, unless the learner chooses another."""
_FEW_NUMBERS = 10


TableTask = Literal["classification", "regression"]
Unused = Literal["empty", "text", "constant", "row_numbers", "not_chosen", "unread"]


@dataclass(frozen=True)
class TableUse:
    """What the columns of some rows are used for; `inputs` are those of a network."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    target: Column
    chosen: tuple[Column, ...]
    unused: Mapping[int, Unused]
    encodings: Mapping[int, Encoding]
    task: TableTask
    classes: tuple[str, ...]
    inputs: Inputs
    missing: Missing | None

    def holds_dates(self, column: Column) -> bool:
        """Whether a column is read as dates, or would be if it were an input."""
        encoding = self.encodings.get(column.place)
        return "date" in (encoding, column.encodings[0] if column.encodings else None)


def fraction_of(asked: Mapping[str, Any]) -> float:
    """The share of the rows that is trained on."""
    return float(asked.get("train_fraction") or TABLE_FRACTION)


def use_of(
    table: Table,
    omitted: Collection[int | None],
    asked: Mapping[str, Any],
    encodings: Mapping[int, Encoding] | None = None,
) -> TableUse:
    """What the columns are used for, without the rows that are left out."""
    rows = tuple(row for row in table.rows if row.even and row.line not in omitted)
    picked = asked.get("dates"), asked.get("years"), asked.get("codes")
    columns = _columns(table, rows, *picked)
    # What a column is does not depend on the lines that are left out of it.
    everything = [row for row in table.rows if row.even]
    whole = _columns(table, everything, *picked) if omitted else columns
    target = _target(columns, asked["target"])
    if encodings is None:
        encodings = _encodings(columns, asked.get("encodings") or {})
    chosen, unused = _inputs(columns, target, asked["inputs"], encodings, whole)
    given = {column.place: encodings.get(column.place, "number") for column in chosen}
    task, classes = _task(target, asked["task"])
    missing = asked.get("missing")
    return TableUse(
        rows=rows,
        columns=columns,
        target=target,
        chosen=tuple(chosen),
        unused=unused,
        encodings=given,
        task=task,
        classes=tuple(classes),
        inputs=make_inputs(chosen, given, missing, fraction_of(asked), SEED, asked.get("reduce")),
        missing=missing,
    )


def unclear_dates(use: TableUse) -> list[Doubt]:
    """The doubts about dates that are learned from: their order, and the century of their years."""
    dates = [column for column in use.chosen if use.encodings[column.place] == "date"]
    found = []
    unclear = [column for column in paused(dates) if len(column.date_orders) > 1]
    if unclear:
        readings = tuple({"dates": order} for order in unclear[0].date_orders)
        found.append(Doubt("dates", tuple(column.place for column in unclear), readings))
    unclear = [column for column in dates if len(column.centuries) > 1 and column not in unclear]
    if unclear:
        centuries = max((column.centuries for column in unclear), key=len)
        years = tuple({"years": last} for last in centuries)
        found.append(Doubt("years", tuple(column.place for column in unclear), years))
    return found


def unclear_codes(use: TableUse) -> list[Doubt]:
    """The doubt whether zeros before whole numbers make them names, where these are learned."""
    unclear = [
        column
        for column in paused((*use.chosen, use.target))
        if column.codes is None
        and column.may_be_codes
        and use.encodings.get(column.place, "number") == "number"
    ]
    if not unclear:
        return []
    places = tuple(sorted(column.place for column in unclear))
    return [Doubt("codes", places, ({"codes": True}, {"codes": False}))]


def _columns(
    table: Table,
    rows: Sequence[Row],
    dates: DateOrder | None,
    years: LastYear | None,
    codes: bool | None,
) -> tuple[Column, ...]:
    numbers = tuple(row.number for row in rows)
    return tuple(
        Column(
            place=place,
            name=name,
            cells=tuple(row.cells[place] for row in rows),
            notation=notation,
            rows=numbers,
            dates=dates,
            years=years,
            codes=codes,
        )
        for place, (name, notation) in enumerate(zip(table.names, table.notations, strict=True))
    )


def _column(columns: Sequence[Column], asked: Any, at: str) -> Column:
    """The column of this name, or at this place (from 0). Raises InvalidInput without one."""
    for column in columns:
        if asked in (column.name, column.place):
            return column
    names = [column.name for column in columns]
    detail = f"must be the name of a column, or its place from 0 to {len(columns) - 1}"
    shown = asked[:80] if isinstance(asked, str) else asked
    raise InvalidInput([FieldError(at, "unknown_name", detail, {"names": names}, shown)])


def _target(columns: Sequence[Column], asked: str | int | None) -> Column:
    """The column asked for, else the last one that holds anything beside another."""
    if asked is not None:
        return _column(columns, asked, "/target")
    held = [column for column in paused(columns) if column.known]
    return held[-1] if len(held) > 1 else columns[-1]


def _encodings(columns: Sequence[Column], asked: Mapping[str, Encoding]) -> dict[int, Encoding]:
    """How columns become inputs, by their places, where that is said."""
    names = [column.name for column in columns]
    for name in asked:
        if name not in names:
            detail = "must be the name of a column"
            at = pointer("encodings", name)
            raise InvalidInput(
                [FieldError(at, "unknown_name", detail, {"names": names}, name[:80])]
            )
    return {column.place: asked[column.name] for column in columns if column.name in asked}


def _inputs(
    columns: Sequence[Column],
    target: Column,
    asked: Sequence[str | int] | None,
    encodings: Mapping[int, Encoding],
    whole: Sequence[Column],
) -> tuple[list[Column], dict[int, Unused]]:
    """The columns that are learned from, and why the others are not, by place.

    `whole` are the columns with all of their rows.
    """
    if asked is not None:
        chosen = [_column(columns, one, f"/inputs/{i}") for i, one in enumerate(asked)]
        for i, column in enumerate(chosen):
            if column is target or column in chosen[:i]:
                detail = f"{column.name} is already {'the target' if column is target else 'there'}"
                error = FieldError(f"/inputs/{i}", "conflict_fields", detail, {}, column.name)
                raise InvalidInput([error])
        left = [column for column in columns if column not in chosen and column is not target]
        return chosen, {column.place: "not_chosen" for column in left}
    reasons = {
        column.place: _why_not(column, whole[column.place])
        for column in paused(columns)
        if column is not target
    }
    reasons |= {place: None for place in encodings if place != target.place}
    if "row_numbers" in reasons.values() and None not in reasons.values():
        reasons[0] = None  # there is nothing else to learn from
    inputs = [column for column in columns if reasons.get(column.place, "target") is None]
    return inputs, {place: reason for place, reason in reasons.items() if reason is not None}


def _why_not(column: Column, whole: Column) -> Unused | None:
    """The reason why a column is no input unless the learner chooses it; None for an input."""
    if not column.known:
        return "empty"
    if not column.is_numeric:
        return "text" if column.unread is None else "unread"
    if column.distinct == 1 and len(column.cells) > 1:
        return "constant"
    return "row_numbers" if whole.counts_rows else None


def _task(target: Column, asked: TableTask | None) -> tuple[TableTask, list[str]]:
    """Classification or regression, and the names of the classes."""
    numbers = {value for value in target.numbers if value is not None}
    if not target.is_numeric:
        return asked or "classification", sorted(set(target.known))
    few = 2 <= len(numbers) <= _FEW_NUMBERS and 2 * len(numbers) <= len(target.cells)
    whole = all(value == int(value) for value in numbers)
    offered: TableTask = "classification" if few and whole else "regression"
    classes = [target.category(row) for row in range(len(target.cells))]
    # Text among numbers is a mistake, unless the learner has asked for classes.
    words = {
        name
        for row, (name, value) in enumerate(zip(classes, target.numbers, strict=True))
        if value is None and not target.lacks(row) and target.notation.value(name) is None
    }
    ordered = sorted(numbers)
    return asked or offered, [
        *(written(value) for value in ordered),
        *(sorted(words) if asked == "classification" else ()),
    ]
