"""Studies in the store: a small record of how far each is, and the numbers of its finished blocks.

They lie beside the experiments, under ids that no call for an experiment can name. The store keeps
chunks by ranges of whole numbers; for a study these are not steps but places: 0 is the plan, and
from 1 on every run has one place for its outcome and another for its losses. Those of one recipe in
one cell follow each other, so that they are read without the others.

A study is a function of its plan: where what is stored of it is damaged, it begins anew.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from logging import getLogger
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from app.errors import Conflict, DamagedStudy, UnknownExperiment, UnknownStudy
from app.lab.history.binary import unpack_arrays
from app.lab.history.repair import DAMAGE
from app.lab.recent import Recent
from app.lab.study.block import RecipeChunk
from app.lab.study.blocks import BlockPlace, divide
from app.lab.study.plan import StudyPlan
from app.store.base import Chunk, Record, Store
from app.store.seal import read_json, sealed_json

PREFIX = "study/"
"""Of a study's id in the store; the path of a request for an experiment cannot hold the slash."""
_PLANS_CACHED = 4
_log = getLogger(__name__)

Status = Literal["queued", "running", "done", "cancelled", "failed"]
ENDED = ("done", "cancelled", "failed")


class BlockState(IntEnum):
    """What became of a block."""

    WAITING = 0
    DONE = 1
    FAILED = 2


@dataclass(frozen=True)
class StoredPlan:
    """A plan, and how it was divided when the study began."""

    plan: StudyPlan
    blocks: tuple[BlockPlace, ...]

    @cached_property
    def numbers(self) -> Mapping[int, Sequence[int]]:
        """The numbers of the blocks of every cell, in the order of their seeds."""
        found: dict[int, list[int]] = {}
        for number in sorted(range(len(self.blocks)), key=lambda number: self.blocks[number].start):
            found.setdefault(self.blocks[number].cell, []).append(number)
        return found


@dataclass(frozen=True)
class StudyRecord:
    """How far a study is.

    `blocks` (B,) is the state of every block, `failures` the reason of each that failed, `seconds`
    how long it has been running, and `problem` what keeps it from running, if anything does.
    """

    id: str
    version: int
    status: Status
    blocks: NDArray[np.uint8]
    seconds: float = 0.0
    failures: Mapping[int, str] = field(default_factory=dict)
    problem: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will be trained."""
        return self.status in ENDED

    def next(self, **changes: Any) -> "StudyRecord":
        """The record that follows it."""
        return replace(self, version=self.version + 1, **changes)


class StudyRepository:
    """Creates, loads and saves studies. Every method may raise StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._plans: Recent[StoredPlan] = Recent(_PLANS_CACHED)

    def create(self, id: str, plan: StudyPlan, sizes: Sequence[int]) -> StudyRecord:
        """Store a new study. Raises Conflict when its id is taken."""
        blocks = divide(plan, sizes)
        text = sealed_json({"plan": plan.dumps(), "sizes": list(sizes)})
        record = StudyRecord(id, 1, "queued", np.zeros(len(blocks), dtype=np.uint8))
        self.store.create(_packed(record), Chunk(0, 0, text))
        self._plans.put(id, StoredPlan(plan, blocks))
        return record

    def load(self, id: str) -> StudyRecord:
        """The record of a study; one that is damaged begins anew. Raises UnknownStudy."""
        with _unknown(id):
            stored = self.store.load(PREFIX + id)
        try:
            return _unpacked(id, stored, len(self.plan(id).blocks))
        except DAMAGE as error:
            return self.begin_anew(id, stored.version, f"its record cannot be read ({error})")

    def plan(self, id: str) -> StoredPlan:
        """The plan of a study, which may have been deleted since.

        Raises UnknownStudy, also where the plan itself is damaged: then there is nothing to train
        the study by, and it is as good as gone.
        """
        known = self._plans.get(id)
        if known is None:
            with _unknown(id):
                chunks = self.store.chunks(PREFIX + id, 0, 0)
            try:
                stored = read_json(chunks[0].data)
                plan = StudyPlan.loads(stored["plan"])
                known = StoredPlan(plan, divide(plan, stored["sizes"]))
            except DAMAGE as error:
                _log.error("study %s is lost: its plan is damaged (%s)", id, error)
                raise UnknownStudy(id) from error
            self._plans.put(id, known)
        return known

    def begin_anew(
        self, id: str, version: int, reason: str, status: Status = "queued"
    ) -> StudyRecord:
        """Forget all that was trained of a damaged study at a version.

        Whoever looks at it next puts it in the line. Raises UnknownStudy.
        """
        _log.error("study %s is damaged, and begins anew: %s", id, reason)
        blocks = np.zeros(len(self.plan(id).blocks), dtype=np.uint8)
        record = StudyRecord(id, version + 1, status, blocks)
        try:
            with _unknown(id):
                self.store.save(_packed(record), keep_until=0)
        except Conflict:  # another process has seen it too, or a block was done meanwhile
            with _unknown(id):
                return _unpacked(id, self.store.load(PREFIX + id), len(blocks))
        return record

    def save(
        self,
        record: StudyRecord,
        block: BlockPlace | None = None,
        chunks: Sequence[RecipeChunk] = (),
    ) -> None:
        """Save a record, and with it the numbers of a block that is done.

        Raises StaleVersion where another process saved it meanwhile, and UnknownStudy.
        """
        found: list[Chunk] = []
        if block is not None:
            plan = self.plan(record.id).plan
            for recipe, chunk in enumerate(chunks):
                for kind, data in enumerate((chunk.outcome, chunk.losses)):
                    first = _place(plan, kind, block.cell, recipe, block.start)
                    found.append(Chunk(first, first + block.stop - block.start - 1, data))
        with _unknown(record.id):
            self.store.save(_packed(record), *found)

    def delete(self, id: str) -> None:
        """Delete a study. Raises UnknownStudy."""
        with _unknown(id):
            self.store.delete(PREFIX + id)

    def outcomes(
        self, record: StudyRecord, cell: int, recipe: int, start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """The offset of the first seed, and the outcome arrays, of every block that is done.

        Those that a record tells: more may be stored by now. Raises DamagedStudy.
        """
        return self._read(record, 0, cell, recipe, start, stop)

    def losses(
        self, record: StudyRecord, cell: int, recipe: int, start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """The offset of the first seed, and the losses, of every block that is done.

        Those that a record tells: more may be stored by now. Raises DamagedStudy.
        """
        return self._read(record, 1, cell, recipe, start, stop)

    def _read(
        self, record: StudyRecord, kind: int, cell: int, recipe: int, start: int, stop: int | None
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        stored = self.plan(record.id)
        stop = stored.plan.count if stop is None else stop
        origin = _place(stored.plan, kind, cell, recipe, 0)
        with _unknown(record.id):
            chunks = self.store.chunks(PREFIX + record.id, origin + start, origin + stop - 1)
        found = {chunk.first - origin: chunk for chunk in chunks}
        del chunks
        for number in stored.numbers.get(cell, ()):
            block = stored.blocks[number]
            is_asked = block.start < stop and start < block.stop
            if not is_asked or record.blocks[number] != BlockState.DONE:
                continue
            try:
                arrays = unpack_arrays(found.pop(block.start).data)  # let go of once it is read
            except DAMAGE as error:
                detail = f"seeds from {block.start} on of cell {cell} cannot be read ({error!r})"
                raise DamagedStudy(record.id, detail) from error
            yield block.start, arrays


def done_blocks(record: StudyRecord, stored: StoredPlan) -> Iterator[BlockPlace]:
    """The blocks that are done, in the order in which they are trained."""
    for number in np.flatnonzero(record.blocks == BlockState.DONE):
        yield stored.blocks[number]


def _place(plan: StudyPlan, kind: int, cell: int, recipe: int, offset: int) -> int:
    """The place of a run's numbers of a kind: 0 for its outcome, 1 for its losses."""
    return 1 + kind * plan.runs + (cell * plan.recipes + recipe) * plan.count + offset


@contextmanager
def _unknown(id: str) -> Iterator[None]:
    """Turn the store's error into that of studies."""
    try:
        yield
    except UnknownExperiment:
        raise UnknownStudy(id) from None


def _packed(record: StudyRecord) -> Record:
    states = record.blocks.tobytes()
    body = {
        "status": record.status,
        "seconds": record.seconds,
        "failures": {str(block): reason for block, reason in record.failures.items()},
        "problem": record.problem,
        "state_crc32": zlib.crc32(states),
    }
    return Record(PREFIX + record.id, record.version, sealed_json(body), states)


def _unpacked(id: str, stored: Record, blocks: int) -> StudyRecord:
    """The record of a study of so many blocks. Raises one of DAMAGE."""
    body = read_json(stored.body)
    states = np.frombuffer(stored.state, dtype=np.uint8)
    if len(states) != blocks or not np.isin(states, list(BlockState)).all():
        raise ValueError(f"the states of {blocks} blocks are not {len(states)} bytes like these")
    if body.get("state_crc32", crc := zlib.crc32(stored.state)) != crc:
        raise ValueError("the states of blocks are not those that were stored")
    if body["status"] not in get_args(Status):
        raise ValueError(f"the status is {body['status']!r}")
    return StudyRecord(
        id=id,
        version=stored.version,
        status=body["status"],
        blocks=states,
        seconds=body["seconds"],
        failures={int(block): reason for block, reason in body["failures"].items()},
        problem=body["problem"],
    )
