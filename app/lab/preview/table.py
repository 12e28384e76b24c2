"""The preview of a learner's table: its columns and problems, and the data of a spec made of it.

No row is left out unless the caller asks for it: a cell that cannot be used is a problem with its
line and column, and the answer has the use of every column.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev
from typing import Any, Literal

from typing_extensions import TypedDict

from app.data.table.cells import is_missing
from app.data.table.reading import Problem, Row, Table, read, unique
from app.errors import FieldError, InvalidInput
from app.lab.preview.table_column import Column
from app.lab.spec import ranges
from app.lab.spec.documents import CustomDataDocument
from app.lab.spec.field_errors import pointer

PREVIEWED_ROWS = 8
SHOWN_PROBLEMS = 200
TABLE_FRACTION = 0.8
"""The share of a table's rows that is trained on, unless the learner chooses another."""
_FEW_NUMBERS = 10


TableTask = Literal["classification", "regression"]
Unused = Literal["empty", "text", "constant", "row_numbers", "not_chosen"]


class TableColumn(TypedDict):
    """A column of a table, what it is used for, and the reason where it is not used."""

    name: str
    kind: Literal["numeric", "text"]
    distinct: int
    missing: int
    use: Literal["input", "target", "unused"]
    reason: Unused | None


class TableProblem(TypedDict):
    """Why the table cannot be used as it is; without a line it concerns the whole table."""

    line: int | None
    column: str | None
    code: str
    text: str


class TablePreview(TypedDict):
    """What was found in a table, for confirmation.

    `preview` are the cells of its first rows, which begin on `preview_lines`; `problems` are the
    first of `problem_count`, on `problem_lines`. `data` goes into a spec, once there is no problem.
    """

    delimiter: str
    decimal: Literal[".", ","]
    header: bool
    columns: list[TableColumn]
    target: str
    inputs: list[str]
    task: TableTask
    classes: list[str] | None
    rows: int
    preview: list[list[str]]
    preview_lines: list[int]
    problems: list[TableProblem]
    problem_count: int
    problem_lines: list[int]
    data: CustomDataDocument | None


def preview_table(asked: Mapping[str, Any]) -> TablePreview:
    """The columns and problems of a table, and the data of a spec where it has no problem.

    Raises InvalidInput for a text without a row, and for a column or a line that it does not have.
    """
    table = read(asked["text"], asked["delimiter"], asked["header"], asked["decimal"])
    if not table.rows:
        raise InvalidInput([_nothing(table)])
    omitted = _omitted(table, asked["omit"])
    rows = [row for row in table.rows if row.line not in omitted]
    sound = [row for row in rows if len(row.cells) == len(table.names)]
    columns = [
        Column(place, name, tuple(row.cells[place] for row in sound), table.decimal)
        for place, name in enumerate(table.names)
    ]
    target = _target(columns, asked["target"])
    inputs, unused = _inputs(columns, target, asked["inputs"])
    task, classes = _task(target, asked["task"])
    problems = [problem for problem in table.problems if problem.line not in omitted]
    count = table.count - len(omitted)
    if not table.broken:
        problems += _problems_of_table(columns, rows, count, inputs)
        problems += _problems_of_target(target, task, classes, sound)
        problems += [
            found
            for i, row in enumerate(sound)
            for column in ([*inputs, target] if task == "regression" else inputs)
            if (found := column.problem_of(i, row.line)) is not None
        ]
    problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    shown_classes = unique(classes[: int(ranges.CLASSES.maximum)])
    return {
        "delimiter": table.delimiter,
        "decimal": table.decimal,
        "header": table.header,
        "columns": [_described(column, inputs, target, unused) for column in columns],
        "target": target.name,
        "inputs": [column.name for column in inputs],
        "task": task,
        "classes": None if task == "regression" else list(shown_classes),
        "rows": count,
        "preview": [list(row.cells) for row in rows[:PREVIEWED_ROWS]],
        "preview_lines": [row.line for row in rows[:PREVIEWED_ROWS]],
        "problems": [_shown(problem, table) for problem in problems[:SHOWN_PROBLEMS]],
        "problem_count": len(problems),
        "problem_lines": sorted({one.line for one in problems if one.line is not None}),
        "data": None if problems else _data(inputs, target, task, classes),
    }


def _nothing(table: Table) -> FieldError:
    """The error of a text without a row."""
    for problem in table.problems:
        detail = f"line {problem.line} cannot be read: {problem.text}"
        return FieldError("/text", problem.code, detail, {"line": problem.line})
    return FieldError("/text", "missing", "there is no row of data in this text")


# -- what is used for what


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
    return columns[-1] if asked is None else _column(columns, asked, "/target")


def _inputs(
    columns: Sequence[Column], target: Column, asked: Sequence[str | int] | None
) -> tuple[list[Column], dict[int, Unused]]:
    """The columns that are learned from, and why the others are not, by place."""
    if asked is not None:
        chosen = [_column(columns, one, f"/inputs/{i}") for i, one in enumerate(asked)]
        for i, column in enumerate(chosen):
            if column is target or column in chosen[:i]:
                detail = f"{column.name} is already {'the target' if column is target else 'there'}"
                error = FieldError(f"/inputs/{i}", "conflict_fields", detail, {}, column.name)
                raise InvalidInput([error])
        left = [column for column in columns if column not in chosen and column is not target]
        return chosen, {column.place: "not_chosen" for column in left}
    reasons = {column.place: _why_not(column) for column in columns if column is not target}
    if "row_numbers" in reasons.values() and None not in reasons.values():
        reasons[0] = None  # there is nothing else to learn from
    inputs = [column for column in columns if reasons.get(column.place, "target") is None]
    return inputs, {place: reason for place, reason in reasons.items() if reason is not None}


def _why_not(column: Column) -> Unused | None:
    """The reason why a column is no input unless the learner chooses it; None for an input."""
    if not column.known:
        return "empty"
    if not column.is_numeric:
        return "text"
    if column.distinct == 1 and len(column.cells) > 1:
        return "constant"
    return "row_numbers" if column.counts_rows else None


def _task(target: Column, asked: TableTask | None) -> tuple[TableTask, list[str]]:
    """Classification or regression, and the names of the classes."""
    numbers = {value for value in target.numbers if value is not None}
    if not target.is_numeric:
        return asked or "classification", sorted(set(target.known))
    few = 2 <= len(numbers) <= _FEW_NUMBERS and 2 * len(numbers) <= len(target.cells)
    whole = all(value == int(value) for value in numbers)
    offered: TableTask = "classification" if few and whole else "regression"
    classes = [_class_of(target, row) for row in range(len(target.cells))]
    # Text among numbers is a mistake, unless the learner has asked for classes.
    words = {name for name, value in zip(classes, target.numbers, strict=True) if value is None}
    words -= {cell for cell in words if is_missing(cell)}
    ordered = sorted(numbers)
    return asked or offered, [
        *(_written(value) for value in ordered),
        *(sorted(words) if asked == "classification" else ()),
    ]


def _class_of(target: Column, row: int) -> str:
    """The name of a row's class: 1.0 and 1 are the same where the target holds numbers."""
    value = target.numbers[row]
    return target.cells[row] if value is None or not target.is_numeric else _written(value)


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


# -- what is wrong


def _omitted(table: Table, lines: Sequence[int]) -> set[int]:
    known = {row.line for row in table.rows}
    for i, line in enumerate(lines):
        if line not in known:
            detail = "must be the line on which a row of data begins"
            allowed = {"minimum": min(known), "maximum": max(known)}
            error = FieldError(pointer("omit", i), "out_of_range", detail, allowed, line)
            raise InvalidInput([error])
    return set(lines)


def _problems_of_table(
    columns: Sequence[Column], rows: Sequence[Row], count: int, inputs: Sequence[Column]
) -> list[Problem]:
    found = []
    if count < ranges.SAMPLES.minimum:
        found.append(Problem(None, None, "too_few_rows", str(count)))
    if count > ranges.SAMPLES.maximum:
        first_too_many = rows[min(int(ranges.SAMPLES.maximum), len(rows) - 1)]
        found.append(Problem(first_too_many.line, None, "too_many_rows", str(count)))
    if len(columns) < 2:
        found.append(Problem(None, None, "one_column"))
    elif not inputs:
        found.append(Problem(None, None, "no_inputs"))
    elif len(inputs) > ranges.INPUTS.maximum:
        found.append(Problem(None, None, "too_many_inputs", str(len(inputs))))
    return found


def _problems_of_target(
    target: Column, task: str, classes: Sequence[str], rows: Sequence[Row]
) -> list[Problem]:
    """The problems of the target: it is constant, or its classes are too many or not clear."""
    if target.distinct < 2:
        return [Problem(None, target.place, "constant_target", "".join(set(target.known))[:80])]
    if task == "regression":
        return []
    if len(classes) > ranges.CLASSES.maximum:
        return [Problem(None, target.place, "too_many_classes", str(len(classes)))]
    names = set(classes)
    return [
        Problem(row.line, target.place, code, target.cells[i][:80])
        for i, row in enumerate(rows)
        if (code := _problem_of_class(target, i, names))
    ]


def _problem_of_class(target: Column, row: int, names: set[str]) -> str:
    if is_missing(target.cells[row]):
        return "missing"
    return "" if _class_of(target, row) in names else "not_a_number"


# -- the answer


def _described(
    column: Column, inputs: Sequence[Column], target: Column, unused: Mapping[int, Unused]
) -> TableColumn:
    use: Literal["input", "target", "unused"]
    use = "target" if column is target else "input" if column in inputs else "unused"
    return {
        "name": column.name,
        "kind": "numeric" if column.is_numeric else "text",
        "distinct": column.distinct,
        "missing": len(column.cells) - len(column.known),
        "use": use,
        "reason": unused.get(column.place),
    }


def _shown(problem: Problem, table: Table) -> TableProblem:
    return {
        "line": problem.line,
        "column": None if problem.column is None else table.names[problem.column],
        "code": problem.code,
        "text": problem.text,
    }


def _data(
    inputs: Sequence[Column], target: Column, task: str, classes: Sequence[str]
) -> CustomDataDocument:
    """The data of a spec: numbers, and the number of its class where the target is one."""
    data: dict[str, Any] = {
        "name": "custom",
        "inputs": [list(row) for row in zip(*(column.numbers for column in inputs), strict=True)],
        "targets": list(target.numbers),
        "input_names": [column.name for column in inputs],
        "target_name": target.name,
        "train_fraction": TABLE_FRACTION,
        "seed": 1,
        "standardize": True,
    }
    if task == "classification":
        number_of = {name: i for i, name in enumerate(classes)}
        data["targets"] = [number_of[_class_of(target, row)] for row in range(len(target.cells))]
        data["classes"] = list(unique(classes))
    else:
        data["standardize_target"] = _is_far_from_unit(data["targets"])
    return data


def _is_far_from_unit(targets: Sequence[float]) -> bool:
    """True for numbers so large or small that usual learning rates do not suit them."""
    mean, spread = fmean(targets), pstdev(targets)
    return not (0.1 <= spread <= 3.0 and abs(mean) <= 3.0)
