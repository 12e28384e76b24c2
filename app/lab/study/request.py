"""A request for a study, checked whole before anything is trained, and read into a plan."""

import math
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from app.choices import Range
from app.errors import FieldError, InvalidInput
from app.lab.experiment.state import Pause, nothing
from app.lab.spec import limits as limiting
from app.lab.spec import ranges
from app.lab.spec.field_errors import pointer
from app.lab.spec.parse import read
from app.lab.spec.schema import SpecModel
from app.lab.spec.validation import Items, Model, Within
from app.lab.study.grid import AXES, Axis
from app.lab.study.grid_values import value_errors
from app.lab.study.plan import StudyPlan, axes_of

MOST_AXES = 2
MOST_CELLS = int(ranges.STUDY_CELLS.maximum)
MOST_COMPARED = 10_000
"""Runs, and pairs of runs, of all cells together: so many are worked out in 2 s, for 5 MB."""
MOST_RUNS = 200_000
"""Networks in one study: their losses take up to 1 GB of the store."""
MOST_WORK = 5e12
"""Multiplications in one study: about an hour of one core."""

_VALUES = Range("values", None, 1, MOST_CELLS, integer=True)


class Seeds(Model):
    """Seeds in a row; `first` is the spec's seed if left out."""

    first: Annotated[int, Within(ranges.SEED)] | None = None
    count: Annotated[int, Within(ranges.STUDY_SEEDS)] = int(ranges.STUDY_SEEDS.default or 0)


def _values(axis: Axis) -> Any:
    kind: Any = int if axis.range.integer else float
    return Annotated[list[Annotated[kind, Within(axis.range)]], Items(_VALUES)] | None


_axes: dict[str, Any] = {name: (_values(axis), None) for name, axis in AXES.items()}
Grid: type[Model] = create_model("Grid", __base__=Model, **_axes)
Grid.__doc__ = "Values of at most two settings; a study has a cell for each combination."


class StudyRequest(Model):
    """An experiment, and how it is repeated.

    Seed i is `first` + i. With `vary` = `init` it is the experiment whose runs all have that seed;
    with `all` the one whose `seed` it is and whose data have the spec's data seed + i. `target` is
    the training loss J to reach; left out, one is chosen that separates the recipes.
    """

    spec: SpecModel
    seeds: Seeds = Seeds()
    vary: Literal["init", "all"] = "init"
    steps: Annotated[int, Within(ranges.STUDY_STEPS)] = int(ranges.STUDY_STEPS.default or 0)
    target: Annotated[float, Within(ranges.STUDY_TARGET)] | None = None
    grid: Annotated[Grid, Field(description=Grid.__doc__)] | None = None


def read_request(
    request: StudyRequest,
    limits: limiting.Limits = limiting.BUILT_IN,
    pause: Pause = nothing,
) -> StudyPlan:
    """The plan of a study; between the values of its grid it may pause.

    Raises InvalidInput that names every bad field of the first of these that has any: the spec,
    the seeds and the number of axes and cells, the grid's values, the size of the whole.
    """
    document = _document(request.spec, limits)
    given = {} if request.grid is None else request.grid.model_dump()
    first = request.seeds.first
    plan = StudyPlan(
        document=document,
        first=document["seed"] if first is None else first,
        count=request.seeds.count,
        vary=request.vary,
        steps=request.steps,
        target=request.target,
        axes=axes_of(given),
    )
    _stop(_seed_errors(plan) + _grid_errors(plan))
    _stop(value_errors(plan, limits, pause))
    _stop(_size_errors(plan))
    return plan


def _stop(errors: list[FieldError]) -> None:
    if errors:
        raise InvalidInput(errors)


def _document(spec: SpecModel, limits: limiting.Limits) -> dict[str, Any]:
    try:
        return dict(read(spec, limits).spec.document)
    except InvalidInput as error:
        within = [replace(each, pointer=f"/spec{each.pointer}") for each in error.errors]
        raise InvalidInput(within) from None


def _seed_errors(plan: StudyPlan) -> list[FieldError]:
    """Seeds, and data seeds that move with them, have a largest number."""
    most = int(ranges.SEED.maximum)
    errors = []
    if plan.first + plan.count - 1 > most:
        allowed = {"minimum": 0, "maximum": most - plan.count + 1}
        detail = f"with a count of {plan.count} must be at most {allowed['maximum']}"
        errors.append(FieldError("/seeds/first", "out_of_range", detail, allowed, plan.first))
    data_seed = plan.document["data"]["seed"]
    if plan.vary == "all" and data_seed + plan.count - 1 > most:
        allowed = {"minimum": 0, "maximum": most - plan.count + 1}
        detail = f"with a count of {plan.count} must be at most {allowed['maximum']}"
        errors.append(FieldError("/spec/data/seed", "out_of_range", detail, allowed, data_seed))
    return errors


def _grid_errors(plan: StudyPlan) -> list[FieldError]:
    """At most two axes that the spec has, without a value twice, of at most 400 cells.

    Of many runs fewer: in every cell each is compared with each, in one answer.
    """
    errors = []
    if len(plan.axes) > MOST_AXES:
        allowed = {"minimum": 0, "maximum": MOST_AXES, "items": True}
        detail = f"has at most {MOST_AXES} settings, not {len(plan.axes)}"
        errors.append(FieldError("/grid", "out_of_range", detail, allowed, len(plan.axes)))
    cells = math.prod(map(len, plan.axes.values()))
    runs = plan.recipes
    most = max(1, min(MOST_CELLS, MOST_COMPARED // (runs * (runs + 1) // 2)))
    if cells > most:
        allowed = {"minimum": 1, "maximum": most, "items": True}
        detail = f"has at most {most} cells with {runs} runs, not {cells}"
        errors.append(FieldError("/grid", "out_of_range", detail, allowed, cells))
    present = [name for name, axis in AXES.items() if axis.lacks(plan.document) is None]
    for name, values in plan.axes.items():
        lacks = AXES[name].lacks(plan.document)
        if lacks is not None:
            detail = f"cannot be varied: {lacks}"
            names = {"names": present}
            errors.append(FieldError(pointer("grid", name), "no_such_axis", detail, names))
        for place, value in enumerate(values):
            if value in values[:place]:
                at = pointer("grid", name, place)
                errors.append(
                    FieldError(at, "conflict_fields", f"{value:g} is already there", {}, value)
                )
    return errors


def _size_errors(plan: StudyPlan) -> list[FieldError]:
    """The limits on what one study may cost."""
    errors = []
    for size, most, what in (
        (plan.runs, MOST_RUNS, "runs (seeds × runs × cells)"),
        (plan.work, MOST_WORK, "multiplications"),
    ):
        if size > most:
            seeds = int(plan.count * most / size)
            detail = f"is too much: the study has {size:.3g} {what}, the limit is {most:.3g}"
            detail += f"; at most {seeds} of its seeds" if seeds else "; not even one seed of it"
            allowed = {"minimum": 0, "maximum": seeds, "size": size, "limit": most}
            errors.append(FieldError("/seeds/count", "too_much_work", detail, allowed, plan.count))
    return errors
