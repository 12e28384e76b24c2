"""The runs of a study as CSV: one line for each cell, seed and recipe."""

import csv
import io
from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np
from numpy.typing import NDArray

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
        yield _block(plan, block.cell, found, told)


def _block(plan: StudyPlan, cell: int, found: Sequence[Outcomes], told: bool) -> str:
    """The lines of a block. Only labels need quotes: a study may have 200,000 lines."""
    settings = ",".join([str(cell), *(repr(value) for value in plan.cells[cell].values())])
    columns = [
        _columns(f"{run},{_cell(plan.labels[run])}", each, told) for run, each in enumerate(found)
    ]
    seeds = (found[0].offsets + plan.first).tolist()
    return "".join(
        f"{settings},{seed},{line}\r\n"
        for seed, *lines in zip(seeds, *columns, strict=True)
        for line in lines
    )


def _columns(run: str, found: Outcomes, told: bool) -> Iterator[str]:
    """What is told of one run, for each of its seeds."""
    count = len(found.offsets)
    columns = [
        _steps(found.reached, count),
        _numbers(found.train, count),
        _numbers(found.test, count),
        _numbers(found.accuracy, count),
        *([_steps(found.diverged, count)] if told else []),
    ]
    return (f"{run},{','.join(each)}" for each in zip(*columns, strict=True))


def _steps(steps: NDArray[np.int64] | None, count: int) -> list[str]:
    """Steps as text, "" for none."""
    if steps is None:
        return [""] * count
    return ["" if step < 0 else str(step) for step in steps.tolist()]


def _numbers(numbers: Array | None, count: int) -> list[str]:
    """Numbers as text that reads as the same bits, "" for what is not finite."""
    if numbers is None:
        return [""] * count
    return [repr(number) if isfinite(number) else "" for number in numbers.tolist()]


def _cell(label: str | None) -> str:
    """A label as a cell of a CSV."""
    return _lines([[as_text(label or "")]]).removesuffix("\r\n") if label else ""


def _lines(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
