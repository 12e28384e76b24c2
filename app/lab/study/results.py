"""What is known of a study so far, computed from the blocks that are done.

Only the numbers of one recipe in one cell are in memory at a time. What was computed of a cell is
cached, so that only cells with new blocks, or for another target, are computed again; while a study
runs, at most a fifth of the time goes into it.
"""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from app.lab.study import target as choosing
from app.lab.study.answers import CellResult, Failure, StudyResult, TargetChoice
from app.lab.study.blocks import target_seeds
from app.lab.study.cell_result import (
    LossCurves,
    Outcomes,
    Yield,
    cell_result,
    loss_curves,
    outcomes,
)
from app.lab.study.plan import StudyPlan
from app.lab.study.repository import (
    BlockState,
    StoredPlan,
    StudyRecord,
    StudyRepository,
    done_blocks,
)
from app.nn.types import Array

MOST_CURVE_NUMBERS = 500_000
"""Numbers of the curves in one answer; of a larger grid only the curves of one cell are given."""
_CURVES = 13  # five quantiles each of training and test loss, share reached and its interval
_CACHED = 500_000  # numbers in each cache
_SHARE = 4  # a cell rests for so many times as long as its computation took

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Look:
    """What is asked of a study: at which target instead of its own, and of which cell alone."""

    target: float | None = None
    cell: int | None = None


class StudyResults:
    """Computes the answers about studies. Every method may raise UnknownStudy and DamagedStudy."""

    def __init__(self, repository: StudyRepository) -> None:
        self._repository = repository
        self._targets: _Cache[choosing.Target] = _Cache(64)
        self._curves: _Cache[list[LossCurves | None]] = _Cache(_CACHED)
        self._cells: _Cache[CellResult] = _Cache(_CACHED)

    def result(
        self, record: StudyRecord, place: int | None, look: Look, yield_: Yield
    ) -> StudyResult:
        """The answer about a study; `place` is its place in the line."""
        stored = self._repository.plan(record.id)
        plan = stored.plan
        chosen = None if plan.target is not None else self._chosen(record, stored)
        target = look.target or self.target(record)
        cells = range(len(plan.cells)) if look.cell is None else [look.cell]
        curves = look.cell is not None or _curve_numbers(plan, cells) <= MOST_CURVE_NUMBERS
        done = Counter(block.cell for block in done_blocks(record, stored))
        return {
            "id": record.id,
            "status": record.status,
            "place": place,
            "problem": record.problem,
            "done": _runs_done(record, stored),
            "total": plan.runs,
            "seconds": round(record.seconds, 3),
            "seeds": {"first": plan.first, "count": plan.count},
            "vary": plan.vary,
            "steps": plan.steps,
            "grid": {name: list(values) for name, values in plan.axes.items()},
            "target": target,
            "target_choice": None if chosen is None else _choice(chosen),
            "target_seen": "every_step" if plan.every_step else "recorded_steps",
            "steps_recorded": plan.recorded.tolist(),
            "failures": _failures(record, stored),
            "cells": [
                self._cell(record, plan, cell, done[cell], target, curves, yield_) for cell in cells
            ],
        }

    def target(self, record: StudyRecord) -> float | None:
        """The study's own target: the one that was named, or the default once it is chosen."""
        stored = self._repository.plan(record.id)
        if stored.plan.target is not None:
            return stored.plan.target
        chosen = self._chosen(record, stored)
        return None if chosen is None else chosen.loss

    def _chosen(self, record: StudyRecord, stored: StoredPlan) -> choosing.Target | None:
        """The default target, once the seeds it is chosen from are trained or have failed."""
        found = self._targets.get(record.id)
        if found is None:
            state_of = _states(record, stored)
            wanted = target_seeds(stored.plan)
            states = [state_of(*each) for each in wanted]
            done = [
                each for each, state in zip(wanted, states, strict=True) if state == BlockState.DONE
            ]
            if BlockState.WAITING in states or not done:
                return None
            loss = self._losses_of(record, stored.plan, done)
            found = choosing.default_target(loss, stored.plan.recorded)
            self._targets.put(record.id, found, 1)
        return found

    def _losses_of(
        self, record: StudyRecord, plan: StudyPlan, seeds: Sequence[tuple[int, int]]
    ) -> Array:
        """Training losses (R, S, T) of some seeds, each of its cell."""
        loss = np.empty((plan.recipes, len(seeds), len(plan.recorded)))
        for recipe in range(plan.recipes):
            for place, (cell, offset) in enumerate(seeds):
                blocks = self._repository.losses(record, cell, recipe, offset, offset + 1)
                ((first, arrays),) = blocks
                loss[recipe, place] = arrays["train"][offset - first]
        return loss

    def _cell(
        self,
        record: StudyRecord,
        plan: StudyPlan,
        cell: int,
        done: int,
        target: float | None,
        with_curves: bool,
        yield_: Yield,
    ) -> CellResult:
        """The result of a cell, of which so many blocks are `done`."""
        id, ended = record.id, record.ended
        recipes = range(plan.recipes)
        curve_numbers = _curve_numbers(plan, [cell])

        def curves() -> list[LossCurves | None]:
            return [
                loss_curves(plan, self._repository.losses(record, cell, each), yield_)
                for each in recipes
            ]

        def compute() -> CellResult:
            found: list[Outcomes] = []
            for each in recipes:
                blocks = self._repository.outcomes(record, cell, each)
                found.append(outcomes(plan, blocks, target))
                yield_()
            shown = None
            if with_curves:
                shown = self._curves.known((id, cell), done, ended, curves, curve_numbers)
            return cell_result(plan, cell, found, shown, yield_)

        numbers = plan.recipes * 4 * plan.count + (curve_numbers if with_curves else 0)
        key = (id, cell, target, with_curves)
        return self._cells.known(key, done, ended, compute, numbers)


class _Cache(Generic[_Value]):
    """A cache of limited weight; what was not used for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._found: OrderedDict[Hashable, tuple[int, _Value]] = OrderedDict()
        self._state: dict[Hashable, tuple[int, float]] = {}

    def get(self, key: Hashable) -> _Value | None:
        if key not in self._found:
            return None
        self._found.move_to_end(key)
        return self._found[key][1]

    def put(self, key: Hashable, value: _Value, weight: int) -> None:
        known = self._found.pop(key, None)
        self._weight += weight - (0 if known is None else known[0])
        self._found[key] = (weight, value)
        while self._weight > self._most and len(self._found) > 1:
            old, (light, _) = self._found.popitem(last=False)
            self._state.pop(old, None)
            self._weight -= light

    def known(
        self, key: Hashable, blocks: int, ended: bool, compute: Callable[[], _Value], weight: int
    ) -> _Value:
        """What was computed from so many blocks; while a study runs, not long ago is enough."""
        found = self.get(key)
        if found is not None:
            seen, rests_until = self._state[key]
            if seen == blocks or (not ended and time.monotonic() < rests_until):
                return found
        begun = time.monotonic()
        found = compute()
        now = time.monotonic()
        self.put(key, found, weight)
        self._state[key] = (blocks, now + _SHARE * (now - begun))
        return found


def _curve_numbers(plan: StudyPlan, cells: Sequence[int]) -> int:
    return _CURVES * len(plan.recorded) * plan.recipes * len(cells)


def _runs_done(record: StudyRecord, stored: StoredPlan) -> int:
    seeds = sum(place.stop - place.start for place in done_blocks(record, stored))
    return stored.plan.recipes * seeds


def _states(record: StudyRecord, stored: StoredPlan) -> Callable[[int, int], int]:
    """The state of the block that has the seed at an offset of a cell."""

    def state_of(cell: int, offset: int) -> int:
        return next(
            int(state)
            for place, state in zip(stored.blocks, record.blocks, strict=True)
            if place.cell == cell and place.start <= offset < place.stop
        )

    return state_of


def _failures(record: StudyRecord, stored: StoredPlan) -> list[Failure]:
    found: list[Failure] = []
    for number, reason in sorted(record.failures.items()):
        place = stored.blocks[number]
        seeds = (stored.plan.first + place.start, place.stop - place.start)
        found.append(
            {
                "cell": place.cell,
                "seeds": {"first": seeds[0], "count": seeds[1]},
                "reason": reason,
            }
        )
    return found


def _choice(found: choosing.Target) -> TargetChoice:
    return {
        "reason": found.reason,
        "score": found.score,
        "candidates": list(found.candidates),
        "seeds": found.seeds,
    }
