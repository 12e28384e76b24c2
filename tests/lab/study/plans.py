"""Plans of studies for tests."""

import json
from collections.abc import Mapping
from typing import Any

from app.lab.study.block import Block
from app.lab.study.plan import StudyPlan
from app.lab.study.request import StudyRequest, read_request


def plan_of(spec: Mapping[str, Any] | None = None, **asked: Any) -> StudyPlan:
    """The plan of a request."""
    return read_request(StudyRequest.model_validate({"spec": spec or {}, **asked}))


def block_of(plan: StudyPlan, start: int = 0, stop: int | None = None, cell: int = 0) -> Block:
    """A block of a plan, as the runner sends it."""
    return Block(
        document=json.dumps(plan.cell_document(cell)),
        vary=plan.vary,
        first=plan.first,
        start=start,
        stop=plan.count if stop is None else stop,
        steps=plan.steps,
        target=plan.target,
        every_step=plan.every_step,
    )
