"""The preview of a learner's table: its columns and problems, and the data of a spec made of it.

No row is left out unless the caller asks for it: a cell that cannot be used is a problem with its
line and column, and the answer has the use of every column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, pstdev
from typing import Any, Literal

from typing_extensions import TypedDict

from app.data.table.bounds import TooMuchWork
from app.data.table.cells import DecimalMark, Grouping
from app.data.table.pauses import paused, pausing
from app.data.table.reading import (
    MOST_COLUMNS,
    Doubt,
    Problem,
    Row,
    Table,
    Take,
    Wanted,
    read_as,
    unique,
)
from app.data.table.records import is_json
from app.errors import FieldError, InvalidInput
from app.lab.json_arrays import number
from app.lab.preview.table_column import MOST_CATEGORIES, Column, Encoding
from app.lab.preview.table_problems import (
    problems_of_cells,
    problems_of_table,
    problems_of_target,
)
from app.lab.preview.table_question import TableQuestion, problems_of, questions, written_date
from app.lab.preview.table_use import (
    SEED,
    TableTask,
    TableUse,
    Unused,
    fraction_of,
    unclear_codes,
    unclear_dates,
    use_of,
)
from app.lab.spec import ranges
from app.lab.spec.documents import CustomDataDocument
from app.lab.spec.field_errors import pointer
from app.lab.spec.limits import BUILT_IN, Limits

PREVIEWED_ROWS = 8
SHOWN_PROBLEMS = 200
_REASONS = {"malformed": "a quotation mark is missing", "cell_too_long": "a cell is too long"}


class TableProblem(TypedDict):
    """Why the table cannot be used as it is; without a line it concerns the whole table."""

    line: int | None
    column: str | None
    code: str
    text: str


class TableColumn(TypedDict):
    """A column of a table, what it is used for, and the reason where it is not used.

    `encodings` are the ways in which it may become an input, `encoding` the one in which it does,
    and `makes` how many inputs it would become. `unit` is the one behind its numbers. `variation`
    is the standard deviation as a share of the range. `unread` is the first cell of a column of
    texts most of which look like numbers that cannot be read.
    """

    name: str
    kind: Literal["numeric", "text"]
    distinct: int
    missing: int
    use: Literal["input", "target", "unused"]
    reason: Unused | None
    encodings: list[Encoding]
    encoding: Encoding | None
    makes: int
    variation: float | None
    unit: str
    unread: TableProblem | None


class TableLimits(TypedDict):
    """The most rows, columns, inputs and classes of a table, and categories of a column."""

    rows: int
    columns: int
    inputs: int
    classes: int
    categories: int


class TablePreview(TypedDict):
    """What was found in a table, for confirmation; `json` says that it was JSON.

    `preview` are the cells of its first rows, which begin on `preview_lines`, and `preview_values`
    the numbers that they are read as, `preview_dates` the dates (ISO 8601); `problems` are the
    first of `problem_count`, on `problem_lines`. `questions` are to be answered by the pick of one
    of their readings. `total_rows` are the rows of the text; of them `rows` are used.
    `missing_rows` have a missing value; `filled` is how many cells were filled. `explained` is
    the share of the variance of the training rows that each principal component holds, where
    inputs are those. `data` goes into a spec once there is no problem.
    """

    json: bool
    delimiter: str
    decimal: DecimalMark
    grouping: Grouping
    header: bool
    columns: list[TableColumn]
    target: str
    inputs: list[str]
    task: TableTask
    classes: list[str] | None
    rows: int
    total_rows: int
    missing_rows: int
    filled: int
    explained: list[float] | None
    preview: list[list[str]]
    preview_lines: list[int]
    preview_values: list[list[float | None]]
    preview_dates: list[list[str | None]]
    problems: list[TableProblem]
    problem_count: int
    problem_lines: list[int]
    questions: list[TableQuestion]
    limits: TableLimits
    data: CustomDataDocument | None


def preview_table(
    asked: Mapping[str, Any], limits: Limits = BUILT_IN, pause: Callable[[], None] = lambda: None
) -> TablePreview:
    """The columns and problems of a table, and the data of a spec where it has no problem.

    `pause` is called between the parts of the work, of a fraction of a second each. Raises
    InvalidInput for a text without a row, or with more values than are read, and for a column or a
    line that it does not have.
    """
    with pausing(pause):
        return _preview(asked, limits)


def _preview(asked: Mapping[str, Any], limits: Limits) -> TablePreview:
    wanted = _wanted(asked, limits)
    table = _read(asked["text"], wanted)
    if not table.rows or (is_json(asked["text"]) and not table.json):
        raise InvalidInput([_nothing(table, asked["text"])])
    omitted = _omitted(table, asked["omit"], wanted.take)
    use = use_of(table, omitted, asked)
    in_cells = problems_of_cells(use)
    missing = {problem.line for problem in in_cells if problem.code in ("missing", "infinite")}
    left_out = 0
    if asked.get("missing") == "omit" and missing:
        names = [column.place for column in use.chosen]
        left_out = len(missing)
        again = {**asked, "target": use.target.place, "inputs": names or None, "task": use.task}
        use = use_of(table, omitted | missing, again, use.encodings)
        in_cells = problems_of_cells(use)
    table = replace(table, doubts=(*table.doubts, *unclear_dates(use), *_codes(table, use)))
    taken = table.count if wanted.take is None else min(table.count, wanted.most)
    count = taken - len([row for row in table.rows if row.line in omitted]) - left_out
    problems = [problem for problem in table.problems if problem.line not in omitted]
    if not table.broken:
        problems += problems_of(table)
        problems += problems_of_table(table, use, count, limits)
        problems += problems_of_target(use)
        problems += in_cells
    problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    rows = [row for row in table.rows if row.line not in omitted][:PREVIEWED_ROWS]
    return {
        "json": table.json,
        "delimiter": table.delimiter,
        "decimal": table.decimal,
        "grouping": table.grouping,
        "header": table.header,
        "columns": [_described(column, use) for column in paused(use.columns)],
        "target": use.target.name,
        "inputs": [column.name for column in use.chosen],
        "task": use.task,
        "classes": None if use.task == "regression" else _shown_classes(use),
        "rows": count,
        "total_rows": table.count,
        "missing_rows": len(missing),
        "filled": use.inputs.filled,
        "explained": None if use.inputs.explained is None else list(use.inputs.explained),
        "preview": [list(row.cells) for row in rows],
        "preview_lines": [row.line for row in rows],
        "preview_values": [_values(table, row) for row in rows],
        "preview_dates": [_dates(use, row) for row in rows],
        "problems": [_shown(problem, table) for problem in problems[:SHOWN_PROBLEMS]],
        "problem_count": len(problems),
        "problem_lines": sorted({one.line for one in problems if one.line is not None}),
        "questions": questions(asked["text"], table, wanted),
        "limits": _limits(limits),
        "data": None if problems else _data(use, fraction_of(asked)),
    }


def _read(text: str, wanted: Wanted) -> Table:
    try:
        return read_as(text, wanted).without_empty_columns()
    except TooMuchWork as error:
        allowed = {"maximum": error.most, "items": True}
        raise InvalidInput(
            [FieldError("/text", "too_much_work", str(error), allowed, error.count)]
        ) from None


def _codes(table: Table, use: TableUse) -> list[Doubt]:
    """The doubt about codes, once it is known where the columns are."""
    apart = any(doubt.code in ("joined", "delimiter") for doubt in table.doubts)
    return [] if apart else unclear_codes(use)


def _wanted(asked: Mapping[str, Any], limits: Limits) -> Wanted:
    given = {
        name: asked[name]
        for name in (
            "delimiter",
            "header",
            "decimal",
            "grouping",
            "take",
            "seed",
            "totals",
            "joined",
            "below",
        )
        if asked.get(name) is not None
    }
    most = int(limits["samples"].maximum)
    return Wanted(**given, omit=frozenset(asked["omit"]), most=most)


def _nothing(table: Table, text: str) -> FieldError:
    """The error of a text without a row."""
    if is_json(text):
        return FieldError("/text", "no_records", "this is JSON, but no list of records")
    for problem in table.problems:
        if problem.code != "above_header":
            detail = (
                f"line {problem.line} cannot be read: {_REASONS.get(problem.code, problem.text)}"
            )
            return FieldError("/text", problem.code, detail, {"line": problem.line})
    return FieldError("/text", "missing", "there is no row of data in this text")


def _omitted(table: Table, lines: Sequence[int], take: Take | None) -> set[int | None]:
    known = {row.line for row in (*table.above, *table.rows)}
    if take is not None:  # a line that is left out need not be among those that are taken
        return set(lines)
    for i, line in enumerate(lines):
        if line not in known:
            detail = "must be the line on which a row begins, and not the header's"
            allowed = {"minimum": min(known), "maximum": max(known)}
            error = FieldError(pointer("omit", i), "out_of_range", detail, allowed, line)
            raise InvalidInput([error])
    return set(lines)


def _shown_classes(use: TableUse) -> list[str]:
    return list(unique(use.classes[: int(ranges.CLASSES.maximum)]))


def _limits(limits: Limits) -> TableLimits:
    return {
        "rows": int(limits["samples"].maximum),
        "columns": MOST_COLUMNS,
        "inputs": int(limits["inputs"].maximum),
        "classes": int(ranges.CLASSES.maximum),
        "categories": MOST_CATEGORIES,
    }


def _values(table: Table, row: Row) -> list[float | None]:
    """The numbers that the cells of a row are read as."""
    if not row.even:
        return [None] * len(row.cells)
    read = zip(table.notations, row.cells, strict=True)
    return [number(notation.value(cell)) for notation, cell in read]


def _dates(use: TableUse, row: Row) -> list[str | None]:
    """The dates that the cells of a row are read as, in the columns that hold dates."""
    if not row.even:
        return [None] * len(row.cells)
    days = [
        column.day_of(cell) if use.holds_dates(column) else None
        for column, cell in zip(use.columns, row.cells, strict=True)
    ]
    return [None if day is None else written_date(day) for day in days]


def _described(column: Column, use: TableUse) -> TableColumn:
    kind: Literal["input", "target", "unused"]
    kind = "target" if column is use.target else "input" if column in use.chosen else "unused"
    encoding = use.encodings.get(column.place) if kind == "input" else None
    offered = encoding or (column.encodings[0] if column.encodings else None)
    return {
        "name": column.name,
        "kind": "numeric" if column.is_numeric else "text",
        "distinct": column.distinct,
        "missing": len(column.cells) - len(column.known),
        "use": kind,
        "reason": use.unused.get(column.place),
        "encodings": list(column.encodings),
        "encoding": encoding,
        "makes": len(column.categories) if offered == "one_hot" else 1,
        "variation": column.variation,
        "unit": (column.notation.unit or "") if column.is_numeric else "",
        "unread": None if column.unread is None else _unread(column, use.rows[column.unread]),
    }


def _unread(column: Column, row: Row) -> TableProblem:
    text = row.cells[column.place][:80]
    return {"line": row.line, "column": column.name, "code": "not_a_number", "text": text}


def _shown(problem: Problem, table: Table) -> TableProblem:
    return {
        "line": problem.line,
        "column": None if problem.column is None else table.names[problem.column],
        "code": problem.code,
        "text": problem.text,
    }


def _data(use: TableUse, train_fraction: float) -> CustomDataDocument:
    """The data of a spec: numbers, and the number of its class where the target is one."""
    target = use.target
    data: dict[str, Any] = {
        "name": "custom",
        "inputs": [list(row) for row in zip(*use.inputs.values, strict=True)],
        "targets": list(target.numbers),
        "input_names": list(use.inputs.names),
        "target_name": target.name,
        "train_fraction": train_fraction,
        "seed": SEED,
        "standardize": True,
    }
    if use.task == "classification":
        number_of = {name: i for i, name in enumerate(use.classes)}
        data["targets"] = [number_of[target.category(row)] for row in range(len(target.cells))]
        data["classes"] = list(unique(use.classes))
    else:
        data["standardize_target"] = _is_far_from_unit(data["targets"])
    return data


def _is_far_from_unit(targets: Sequence[float]) -> bool:
    """True for numbers so large or small that usual learning rates do not suit them."""
    mean, spread = fmean(targets), pstdev(targets)
    return not (0.1 <= spread <= 3.0 and abs(mean) <= 3.0)
