"""What is wrong with a table for what it is used for: the whole of it, a column, a cell."""

from app.data.table.pauses import paused
from app.data.table.reading import Problem, Table
from app.lab.preview.table_column import MOST_CATEGORIES, Column
from app.lab.preview.table_use import TableUse
from app.lab.spec import ranges
from app.lab.spec.limits import Limits


def problems_of_table(table: Table, use: TableUse, count: int, limits: Limits) -> list[Problem]:
    """The problems of the whole: too few or too many rows, columns or inputs, or no input."""
    found = []
    inputs = len(use.inputs.names)
    if count < ranges.SAMPLES.minimum:
        found.append(Problem(None, None, "too_few_rows", str(count)))
    if count > limits["samples"].maximum:
        found.append(Problem(None, None, "too_many_rows", str(count)))
    if len(table.names) < 2:
        found.append(Problem(None, None, "one_column"))
    elif not use.chosen:
        found.append(Problem(None, None, "no_inputs"))
    elif inputs > limits["inputs"].maximum:
        found.append(Problem(None, None, "too_many_inputs", str(inputs)))
    for column in use.chosen:
        if use.encodings[column.place] == "one_hot" and len(column.categories) > MOST_CATEGORIES:
            count = len(column.categories)
            found.append(Problem(None, column.place, "too_many_categories", str(count)))
    return found


def problems_of_target(use: TableUse) -> list[Problem]:
    """The problems of the target: it is constant, or its classes are too many or not clear."""
    target = use.target
    if target.distinct < 2:
        return [Problem(None, target.place, "constant_target", "".join(set(target.known))[:80])]
    if use.task == "classification" and len(use.classes) > ranges.CLASSES.maximum:
        return [Problem(None, target.place, "too_many_classes", str(len(use.classes)))]
    return []


def problems_of_cells(use: TableUse) -> list[Problem]:
    """The cells of inputs and target that have no value, and are not filled."""
    found = []
    for column in paused(use.chosen):
        filled = use.missing in ("mean", "median") and bool(column.known)
        for i, row in enumerate(use.rows):
            problem = column.problem_of(i, row.line, use.encodings[column.place])
            if problem is not None and not (filled and problem.code == "missing"):
                found.append(problem)
    return found + _problems_of_targets(use)


def _problems_of_targets(use: TableUse) -> list[Problem]:
    target = use.target
    if use.task == "regression":
        problems = [target.problem_of(i, row.line) for i, row in enumerate(use.rows)]
    elif target.distinct < 2 or len(use.classes) > ranges.CLASSES.maximum:
        return []  # that is said of the whole column
    else:
        names = set(use.classes)
        problems = [_problem_of_class(target, i, row.line, names) for i, row in enumerate(use.rows)]
    return [problem for problem in problems if problem is not None]


def _problem_of_class(target: Column, row: int, line: int, names: set[str]) -> Problem | None:
    if target.lacks(row):
        return target.problem_of(row, line)
    if target.category(row) in names:
        return None
    return target.problem_of(row, line)
