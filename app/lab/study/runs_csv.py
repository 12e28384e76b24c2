"""The runs of a study as CSV: one line for each cell, seed and recipe."""

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np

from app.data.table.written import as_text
from app.lab.study.cell_result import Outcomes, outcomes
from app.lab.study.plan import StudyPlan
from app.lab.study.repository import StoredPlan, StudyRecord, StudyRepository, done_blocks
from app.nn.types import Array

COLUMNS = (
    "seed",
    "run",
    "label",
    "steps_to_target",
    "final_train",
    "final_test",
    "accuracy",
)
ANSWERS = ("diverged_at",)
"""What says how a run fared: left out where answers are not told."""


def runs_csv(
    repository: StudyRepository,
    record: StudyRecord,
    stored: StoredPlan,
    target: float | None,
    told: bool = True,
) -> Iterator[str]:
    """The lines of the runs that are trained, a block at a time, after a line of names.

    Where answers are not `told`, no column says which runs diverged.

    Numbers are written so that reading them gives the same bits. A cell is empty where there is
    none: no test set, a target that was not reached, the losses of a run that diverged. A label
    that a spreadsheet would take for a formula has an apostrophe before it. Raises DamagedStudy.
    """
    plan = stored.plan
    yield _lines([["cell", *plan.axes, *COLUMNS, *(ANSWERS if told else ())]])
    blocks = sorted(done_blocks(record, stored), key=lambda block: (block.cell, block.start))
    for block in blocks:
        found = [
            outcomes(
                plan,
                repository.outcomes(record, block.cell, recipe, block.start, block.stop),
                target,
            )
            for recipe in range(plan.recipes)
        ]
        rows = _rows(plan, block.cell, found)
        yield _lines(rows if told else (row[: -len(ANSWERS)] for row in rows))


def _rows(plan: StudyPlan, cell: int, found: Sequence[Outcomes]) -> Iterator[list[object]]:
    settings = [str(cell), *(repr(value) for value in plan.cells[cell].values())]
    for place, offset in enumerate(found[0].offsets.tolist()):
        for run, each in enumerate(found):
            reached = -1 if each.reached is None else int(each.reached[place])
            diverged = int(each.diverged[place])
            yield [
                *settings,
                plan.first + offset,
                run,
                as_text(plan.labels[run] or ""),
                "" if reached < 0 else reached,
                _number(each.train, place),
                _number(each.test, place),
                _number(each.accuracy, place),
                "" if diverged < 0 else diverged,
            ]


def _number(numbers: Array | None, place: int) -> str:
    if numbers is None or not np.isfinite(numbers[place]):
        return ""
    return repr(float(numbers[place]))


def _lines(rows: Sequence[Sequence[object]] | Iterator[list[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
