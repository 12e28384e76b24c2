"""The service of studies: one function for each call of the API.

A study is stored before the answer is returned, and trained by other processes: a thread of the
server only hands blocks to them. Statistics are computed under the compute lock, and yield it
between their parts.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from app.config import Settings
from app.errors import (
    Busy,
    DamagedStudy,
    FieldError,
    InvalidInput,
    StaleVersion,
    StoreUnavailable,
    UnknownStudy,
)
from app.lab.compute_queue import ADDRESS, ComputeQueue
from app.lab.spec import limits as limiting
from app.lab.study import targets
from app.lab.study.answers import StudyResult
from app.lab.study.blocks import seeds_per_block
from app.lab.study.executor import BlockExecutor
from app.lab.study.executors import executor_of
from app.lab.study.grid import Document
from app.lab.study.line import Line
from app.lab.study.plan import StudyPlan
from app.lab.study.repository import Status, StudyRecord, StudyRepository
from app.lab.study.request import StudyRequest, read_request
from app.lab.study.results import Look, StudyResults
from app.lab.study.runner import Runner
from app.lab.study.runs_csv import runs_csv
from app.store.base import Store

_TRIES = 5
"""How often a damaged study is begun anew while a block of it is just being stored."""
_Read = TypeVar("_Read")


class StudyService:
    """Creates, reads, cancels and deletes studies.

    What every method may raise: UnknownStudy for an `id` that does not exist or has expired,
    StoreUnavailable, InvalidInput, which names every wrong field, and Busy where a computation
    waits for too long.
    """

    def __init__(
        self,
        store: Store,
        computing: ComputeQueue,
        executor: BlockExecutor,
        lock: Path,
        limits: limiting.Limits | None = None,
    ) -> None:
        self._limits = limiting.limits({}) if limits is None else limits
        self._computing = computing
        self._executor = executor
        self._line = Line(store)
        self._repository = StudyRepository(store)
        self._results = StudyResults(self._repository)
        self._runner = Runner(self._repository, self._line, executor, lock)

    def resume(self) -> None:
        """Go on with the studies that a server before this one left unfinished."""
        if self._line.entries():
            self._runner.wake()

    def close(self) -> None:
        """End what is trained; the next server goes on with it."""
        self._runner.close()

    def create(self, request: StudyRequest) -> StudyResult:
        """Put a new study in the line.

        Raises LineFull where too many studies wait, LineUsed where too many of this client do, and
        ExecutorUnavailable where nobody would train it.
        """
        with self._computing.lock():
            plan = read_request(request, self._limits, self._computing.yield_to_others)
        self._executor.check()
        id = secrets.token_urlsafe(9)
        record = self._repository.create(id, plan, seeds_per_block(plan))
        try:
            self._line.join(id, ADDRESS.get())
        except BaseException:  # a study that is in no line would be queued for ever
            with suppress(StoreUnavailable, UnknownStudy):
                self._repository.delete(id)
            raise
        self._runner.wake()
        return self._result(record, Look())

    def result(self, id: str, look: Look) -> StudyResult:
        """What is known of a study so far, at its target or another one."""
        record = self._repository.load(id)
        plan = self._repository.plan(id).plan
        _check_target(plan, look.target)
        if look.cell is not None:
            _check_cell(plan, look.cell)
        self._keep_in_line(record)
        return self._whole(record, lambda record: self._result(record, look))

    def runs_csv(self, id: str, target: float | None, told: bool = True) -> str:
        """The runs that are trained as CSV; `told`: with those that diverged.

        Raises Busy, as all that computes.
        """
        record, stored = self._repository.load(id), self._repository.plan(id)
        _check_target(stored.plan, target)

        def written(record: StudyRecord) -> str:
            own = self._results.target(record)
            at = own if target is None else target
            found = []
            with self._computing.lock():
                for lines in runs_csv(self._repository, record, stored, at, told):
                    found.append(lines)
                    self._computing.yield_to_waiting()
            return "".join(found)

        return self._whole(record, written)

    def experiment(self, id: str, cell: int, seed: int | None) -> Document:
        """The spec of the experiment whose runs are those of one seed of a cell."""
        self._repository.load(id)
        plan = self._repository.plan(id).plan
        _check_cell(plan, cell)
        seed = plan.first if seed is None else seed
        last = plan.first + plan.count - 1
        if not plan.first <= seed <= last:
            allowed = {"minimum": plan.first, "maximum": last}
            detail = f"must be from {plan.first} to {last}"
            raise InvalidInput(
                [FieldError("/seed", "out_of_range", detail, allowed, seed, "query")]
            )
        return plan.experiment(cell, seed - plan.first)

    def cancel(self, id: str) -> StudyResult:
        """Stop a study; what is trained of it stays."""
        while True:
            record = self._repository.load(id)
            if record.ended:
                break
            record = record.next(status="cancelled", problem=None)
            try:
                self._repository.save(record)
                break
            except StaleVersion:  # a block was done meanwhile
                continue
        self._line.leave(id)
        self._runner.look()
        return self._whole(record, lambda record: self._result(record, Look()))

    def delete(self, id: str) -> None:
        """Stop a study, and delete it."""
        self._repository.delete(id)
        self._line.leave(id)
        self._runner.look()

    def _result(self, record: StudyRecord, look: Look) -> StudyResult:
        place = None
        if record.status == "queued":
            ids = [entry.id for entry in self._line.entries()]
            place = ids.index(record.id) + 1 if record.id in ids else None
        with self._computing.lock():
            return self._results.result(record, place, look, self._computing.yield_to_waiting)

    def _whole(self, record: StudyRecord, read: Callable[[StudyRecord], _Read]) -> _Read:
        """What is read of a study; one whose numbers are damaged is trained anew, from its plan."""
        for _ in range(_TRIES):
            try:
                return read(record)
            except DamagedStudy as error:
                # What was cancelled is not trained again unasked.
                status: Status = "cancelled" if record.status == "cancelled" else "queued"
                record = self._repository.begin_anew(record.id, record.version, str(error), status)
                self._keep_in_line(record)
        raise Busy(retry_after=1)

    def _keep_in_line(self, record: StudyRecord) -> None:
        """Put a study back that nobody would go on with, because its server died at a bad time."""
        if record.ended:
            return
        self._runner.wake()
        if not any(entry.id == record.id for entry in self._line.entries()):
            with suppress(UnknownStudy, Busy):  # else the next request does
                if not self._repository.load(record.id).ended:
                    self._line.join(record.id)


def open_studies(
    store: Store,
    computing: ComputeQueue,
    settings: Settings,
    limits: limiting.Limits | None = None,
) -> StudyService:
    """The service of studies that an operator's settings ask for.

    Raises BadSetting where they cannot be used, and where a Dask scheduler does not answer.
    """
    executor = executor_of(settings.studies, settings.study_processes)
    return StudyService(store, computing, executor, settings.runner_lock, limits)


def _check_target(plan: StudyPlan, target: float | None) -> None:
    """A target that is asked for is the plan's or one that can be read. Raises InvalidInput."""
    if target is None or target == plan.target or targets.is_level(target):
        return
    detail = f"must have at most {targets.DIGITS} significant digits"
    allowed = {"digits": targets.DIGITS}
    raise InvalidInput([FieldError("/target", "too_precise", detail, allowed, target, "query")])


def _check_cell(plan: StudyPlan, cell: int) -> None:
    """Check that there is this cell. Raises InvalidInput."""
    last = len(plan.cells) - 1
    if cell > last:
        allowed = {"minimum": 0, "maximum": last}
        detail = f"must be from 0 to {last}"
        raise InvalidInput([FieldError("/cell", "out_of_range", detail, allowed, cell, "query")])
